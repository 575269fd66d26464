/* The data of a workload's chart of losses: a bar for each variant and number
 * of workers, of where the cores' time went, adding up to all of it. */
#include "bench/report/numbers.h"
#include "bench/report/titles.h"
#include "bench/report/view.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* More bars would have no room for their numbers. */
enum { MOST_BARS = 24 };

/* A term that no bar has more of would be two pixels: it has no word. */
static const double least_named = 0.005;

/* What is drawn, and in which order. */
struct bars {
  struct view view;
  int64_t counts[MOST_BARS]; /* of workers, from the most down */
  size_t count_count, all_counts;
  enum term order[TERMS]; /* useful, then losses by size, over all bars */
};

static bool is_told(const struct view *view, const struct result *r) {
  return view_has(view, r) && r->breakdown.told;
}

static bool is_drawn(const struct bars *bars, const struct result *r) {
  for (size_t i = 0; i < bars->count_count; i++)
    if (bars->counts[i] == r->workers)
      return is_told(&bars->view, r);
  return false;
}

/* ---- which bars ---------------------------------------------------------- */

/* The most workers of a bar up to so many; 0: none. */
static int64_t most_workers(const struct view *view, int64_t up_to) {
  int64_t most = 0;
  for (size_t i = 0; i < view->analysis->result_count; i++) {
    const struct result *r = &view->analysis->results[i];
    if (is_told(view, r) && r->workers <= up_to && r->workers > most)
      most = r->workers;
  }
  return most;
}

static size_t count_variants(const struct view *view) {
  size_t variants = 0;
  const char *before = "";
  for (size_t i = 0; i < view->analysis->result_count; i++) {
    const struct result *r = &view->analysis->results[i];
    if (!is_told(view, r))
      continue;
    variants += strcmp(r->requested, before) != 0;
    before = r->requested;
  }
  return variants;
}

/* All numbers of workers; where those were too many bars, the most, half of
 * them, a quarter, and so on. */
static void choose_counts(struct bars *bars) {
  const struct view *view = &bars->view;
  size_t variants = count_variants(view);
  size_t room = variants && variants < MOST_BARS ? MOST_BARS / variants : 1;
  for (int64_t p = INT64_MAX; (p = most_workers(view, p)) > 0; p--)
    bars->all_counts++;
  bool all = bars->all_counts <= room;
  int64_t up_to = INT64_MAX;
  while (bars->count_count < room) {
    int64_t p = most_workers(view, up_to);
    if (p == 0)
      break;
    bars->counts[bars->count_count++] = p;
    up_to = all ? p - 1 : p / 2;
  }
}

/* ---- terms --------------------------------------------------------------- */

/* Of one result; 0 where it has no such term. */
static double share_of(const struct result *r, enum term t) {
  double share = r->breakdown.share[t].median;
  return isfinite(share) ? share : 0;
}

static double sum_of(const struct bars *bars, enum term t) {
  double sum = 0;
  for (size_t i = 0; i < bars->view.analysis->result_count; i++)
    if (is_drawn(bars, &bars->view.analysis->results[i]))
      sum += share_of(&bars->view.analysis->results[i], t);
  return sum;
}

static void order_terms(struct bars *bars) {
  double sums[TERMS];
  for (int t = 0; t < TERMS; t++) {
    sums[t] = t == TERM_USEFUL ? HUGE_VAL : sum_of(bars, (enum term)t);
    int at = t;
    for (; at > 0 && sums[bars->order[at - 1]] < sums[t]; at--)
      bars->order[at] = bars->order[at - 1];
    bars->order[at] = (enum term)t;
  }
}

static void name_terms(FILE *out, const struct bars *bars) {
  for (int k = 0; k < TERMS; k++) {
    enum term t = bars->order[k];
    double most = 0;
    for (size_t i = 0; i < bars->view.analysis->result_count; i++)
      if (is_drawn(bars, &bars->view.analysis->results[i]))
        most = fmax(most, share_of(&bars->view.analysis->results[i], t));
    if (most >= least_named)
      fprintf(out, "# term: %s %s\n", breakdown_terms[t].key,
              breakdown_terms[t].words);
  }
}

/* ---- the file ------------------------------------------------------------ */

static void write_bar(FILE *out, const struct bars *bars,
                      const struct result *r) {
  char share[NUMBER_LENGTH];
  for (int k = 0; k < TERMS; k++) {
    enum term t = bars->order[k];
    if (share_of(r, t) == 0)
      continue;
    fprintf(out, "%s\t", report_hollow(r) ? "pale" : "part");
    chart_words(out, r->label);
    fprintf(out, "\t%" PRId64 "\t%s\t%s\n", r->workers, breakdown_terms[t].key,
            chart_number(share_of(r, t), share));
  }
}

/* What took less than in serial, so that the parts are more than 100%: in
 * words, as a bar cannot show it, where it is as much as a reader would see. */
static void note_credits(FILE *out, const struct bars *bars) {
  const double least_seen = 0.01;
  const char *baseline =
      report_baseline(bars->view.analysis, bars->view.workload);
  for (int t = 0; t < TERMS; t++) {
    const struct result *least = NULL;
    size_t others = 0;
    char share[NUMBER_LENGTH], more[40] = "";
    for (size_t i = 0; i < bars->view.analysis->result_count; i++) {
      const struct result *r = &bars->view.analysis->results[i];
      if (!is_drawn(bars, r) || share_of(r, (enum term)t) > -least_seen)
        continue;
      others += least != NULL;
      if (!least || share_of(r, (enum term)t) < share_of(least, (enum term)t))
        least = r;
    }
    if (!least)
      continue;
    if (others)
      text_print(more, sizeof more, "; less in %zu other bar%s", others,
                 others == 1 ? "" : "s");
    number_percent(-share_of(least, (enum term)t), share);
    chart_note(out,
               "of %s on %" PRId64 " all parts are %s more than 100%%: beside "
               "%s it saves that much of what would be %s%s",
               least->requested, least->workers, share, baseline,
               breakdown_terms[t].words, more);
  }
}

static void write_texts(FILE *out, const struct bars *bars) {
  const struct view *view = &bars->view;
  char text[REPORT_LINE];
  int64_t fewest = INT64_MAX, most = 0;
  for (size_t i = 0; i < view->analysis->result_count; i++) {
    const struct result *r = &view->analysis->results[i];
    if (!is_drawn(bars, r))
      continue;
    fewest = r->breakdown.trials < fewest ? r->breakdown.trials : fewest;
    most = r->breakdown.trials > most ? r->breakdown.trials : most;
  }
  title_losses(view->analysis, view->workload, text);
  chart_text(out, "title", text);
  struct text line = TEXT_BEGIN(text);
  text_add(&line,
           "Where the cores' time went, of the whole program: workers × time "
           "is 100%%; means of %" PRId64,
           fewest);
  if (most > fewest)
    text_add(&line, " to %" PRId64, most);
  text_add(&line, " trial%s", most == 1 ? "" : "s");
  chart_text(out, "subtitle", text);
  if (bars->count_count < bars->all_counts)
    chart_note(out, "%zu of %zu numbers of workers are drawn",
               bars->count_count, bars->all_counts);
  report_foot(view->analysis, view->workload, text);
  chart_text(out, "foot", text);
}

static int note_flags(FILE *out, const struct bars *bars,
                      struct problem *problem) {
  const struct analysis *a = bars->view.analysis;
  bool *drawn = calloc(a->result_count + 1, sizeof *drawn);
  if (!drawn)
    return problem_failure(problem, "out of memory");
  for (size_t i = 0; i < a->result_count; i++)
    drawn[i] = is_drawn(bars, &a->results[i]);
  const struct flagged_points points = {
      .analysis = a, .drawn = drawn, .doubtful = "pale"};
  chart_flag_notes(out, &points);
  free(drawn);
  return PROBLEM_NONE;
}

bool report_has_losses(const struct view *view) {
  return most_workers(view, INT64_MAX) > 0;
}

int report_losses_chart(const struct view *view, struct charts *charts,
                        struct problem *problem) {
  const struct chart about = {.workload = view->workload->workload,
                              .shows = "losses",
                              .script = "losses.gp"};
  struct bars bars = {.view = *view};
  FILE *out = chart_open(charts, &about, problem);
  if (!out)
    return PROBLEM_FAILURE;
  choose_counts(&bars);
  order_terms(&bars);
  write_texts(out, &bars);
  name_terms(out, &bars);
  note_credits(out, &bars);
  int status = note_flags(out, &bars, problem);
  for (size_t i = 0; i < view->analysis->result_count; i++)
    if (is_drawn(&bars, &view->analysis->results[i]))
      write_bar(out, &bars, &view->analysis->results[i]);
  return chart_close(charts, out, status, problem);
}
