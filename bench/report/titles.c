#include "bench/report/titles.h"

#include "bench/analyze/flags.h"
#include "bench/analyze/outside.h"
#include "bench/analyze/verdict.h"
#include "bench/plan/sizes.h"
#include "bench/report/numbers.h"
#include "bench/report/programs.h"
#include "bench/report/scopes.h"

#include <inttypes.h>
#include <string.h>

/* "threads (OpenMP)" → "threads"; titles are short. */
static void short_label(const struct result *r, char *text, size_t capacity) {
  text_print(text, capacity, "%.*s", (int)strcspn(r->label, "(,"), r->label);
  for (size_t n = strlen(text); n > 0 && text[n - 1] == ' '; n--)
    text[n - 1] = '\0';
}

/* "rangesum/order=sorted" → "Range summation, order=sorted"; a program's title
 * is all of its name. */
static void name_workload(const struct workload_result *workload, char *text,
                          size_t capacity) {
  const char *params =
      report_is_program(workload) ? NULL : strchr(workload->workload, '/');
  char brief[TEXT_BRIEF];
  text_print(text, capacity, "%s%s%s", workload->title, params ? ", " : "",
             params ? text_brief(params + 1, 60, brief) : "");
}

static const char *plural(int64_t workers) {
  return workers == 1 ? "" : "s";
}

int64_t title_overview_workers(const struct analysis *analysis) {
  int64_t most = 1;
  for (size_t i = 0; i < analysis->result_count; i++)
    if (analysis->results[i].oversubscribed != 1 &&
        analysis->results[i].workers > most)
      most = analysis->results[i].workers;
  return most;
}

void title_overview(const struct analysis *analysis, int64_t workers,
                    char text[static REPORT_LINE]) {
  size_t faster = 0, slower = 0, all = 0, judged = 0;
  size_t elsewhere = 0; /* judged at workers that are not drawn */
  char label[80] = "";
  for (size_t s = 0; s < analysis->workload_count; s++) {
    const struct workload_result *workload = &analysis->workloads[s];
    const struct result *r = analysis_leader(analysis, workload, workers);
    if (!r || !analysis_is_largest(analysis, workload))
      continue;
    enum verdict gain = verdict_of(analysis, r, VERDICT_NO_GAIN);
    short_label(r, label, sizeof label);
    all++;
    elsewhere += r != verdict_point(analysis, workload);
    judged += gain >= VERDICT_BELOW;
    faster += gain == VERDICT_ABOVE;
    slower += gain == VERDICT_BELOW;
  }
  struct text title = text_begin(text, REPORT_LINE);
  bool programs = report_is_of_programs(analysis);
  const char *baseline = programs ? report_baseline(analysis, NULL) : "serial";
  if (all == 0) {
    text_add(&title, "Throughput of %" PRId64 " job%s side by side", workers,
             plural(workers));
    return;
  }
  text_add(&title, "%" PRId64 " worker%s", workers, plural(workers));
  if (!programs)
    text_add(&title, " (%s)", label);
  if (judged == 0)
    text_add(&title, ": %zu program%s beside %s, %s judged", all,
             all == 1 ? "" : "s", baseline, all == 1 ? "not" : "none");
  else
    text_add(&title, ": %zu of %zu programs run faster than %s%s", faster,
             judged, programs ? "with " : "", baseline);
  if (slower > 0)
    text_add(&title, ", %zu slower", slower);
  if (judged > 0 && judged + elsewhere < all)
    text_add(&title, ", %zu not judged", all - judged - elsewhere);
}

/* Of the loop, after the kernel's name: label, ratio, workers.  A reading, and
 * no verdict: the program has that. */
void title_region(const struct analysis *analysis,
                  const struct workload_result *workload,
                  const struct result *leader, char text[static REPORT_LINE]) {
  char name[80 + TEXT_BRIEF], label[80], ratio[NUMBER_LENGTH];
  const struct flag_about *spoilt = flags_spoilt(leader);
  struct text title = text_begin(text, REPORT_LINE);
  (void)analysis;
  name_workload(workload, name, sizeof name);
  short_label(leader, label, sizeof label);
  text_add(&title, "%s: %s", name,
           report_is_program(workload) ? "workers" : label);
  if (spoilt)
    text_add(&title, " (%s)", spoilt->word);
  text_add(&title, " run the loop %s as fast on %" PRId64 " worker%s",
           number_ratio_within(leader->speedup_abs, ratio), leader->workers,
           plural(leader->workers));
}

/* "48.5% " for how far it is from the prediction, whatever the side; "" where
 * the interval reaches to the other side. */
static const char *gap_to(const struct interval *speedup, double predicted,
                          char text[static NUMBER_LENGTH]) {
  double side = speedup->median < predicted ? -1 : 1;
  double low = side * (speedup->low / predicted - 1);
  double high = side * (speedup->high / predicted - 1);
  const struct interval gap = {side * (speedup->median / predicted - 1),
                               fmin(low, high), fmax(low, high)};
  char share[NUMBER_LENGTH];
  text_print(text, NUMBER_LENGTH, "%s ", number_percent_within(gap, share));
  if (gap.low <= 0)
    *text = '\0';
  return text;
}

/* What is drawn: against serial, both the points and the law. */
static void add_law(const struct analysis *analysis,
                    const struct result *leader, struct text *title) {
  char law[NUMBER_LENGTH], gap[NUMBER_LENGTH];
  double predicted = leader->program_law.median;
  gap_to(&leader->program_speedup, predicted, gap);
  number_ratio_within(leader->program_law, law);
  switch (verdict_of(analysis, leader, VERDICT_LAW)) {
  case VERDICT_BELOW:
    text_add(title, ", %sbelow Amdahl's %s", gap, law);
    break;
  case VERDICT_ABOVE:
    text_add(title, ", %sabove Amdahl's %s", gap, law);
    break;
  case VERDICT_SAME:
    text_add(title, ", not told apart from Amdahl's %s", law);
    break;
  case VERDICT_TOO_WIDE:
    text_add(title, ", too wide to tell from Amdahl's %s", law);
    break;
  default:
    text_add(title, " on %" PRId64 " worker%s", leader->workers,
             plural(leader->workers));
  }
}

void title_program(const struct analysis *analysis,
                   const struct workload_result *workload,
                   const struct result *leader, char text[static REPORT_LINE]) {
  char name[80 + TEXT_BRIEF], label[80], at[NUMBER_LENGTH];
  const struct flag_about *spoilt = flags_spoilt(leader);
  struct text title = text_begin(text, REPORT_LINE);
  name_workload(workload, name, sizeof name);
  short_label(leader, label, sizeof label);
  number_ratio_within(leader->program_speedup, at);
  if (report_is_program(workload)) {
    text_add(&title, "%s: %s on %" PRId64 " worker%s", workload->title, at,
             leader->workers, plural(leader->workers));
    return;
  }
  text_add(&title, "%s: %s", name, label);
  if (spoilt)
    text_add(&title, " (%s)", spoilt->word);
  text_add(&title, " at %s", at);
  add_law(analysis, leader, &title);
}

bool title_copies(const struct analysis *analysis,
                  const struct workload_result *workload, enum scope scope,
                  char text[static REPORT_LINE]) {
  char name[80 + TEXT_BRIEF], at[NUMBER_LENGTH];
  int64_t workers = analysis_most_workers(analysis, workload);
  const struct result *r = report_copies(analysis, workload, workers);
  if (!r)
    return false;
  name_workload(workload, name, sizeof name);
  text_print(text, REPORT_LINE,
             "%s: as %" PRId64 " job%s side by side, %s the throughput of one",
             name, workers, plural(workers),
             number_ratio_within(scope_speedup(scope, r), at));
  return true;
}

void title_residuals(const struct analysis *analysis,
                     char text[static REPORT_LINE]) {
  size_t all = 0, judged = 0, below = 0, above = 0;
  for (size_t s = 0; s < analysis->workload_count; s++) {
    const struct workload_result *workload = &analysis->workloads[s];
    const struct result *r = verdict_point(analysis, workload);
    if (!r || !analysis_is_largest(analysis, workload) ||
        !isfinite(r->program_law_residual.median))
      continue;
    enum verdict verdict = verdict_of(analysis, r, VERDICT_LAW);
    all++;
    judged += verdict >= VERDICT_BELOW;
    below += verdict == VERDICT_BELOW;
    above += verdict == VERDICT_ABOVE;
  }
  struct text title = text_begin(text, REPORT_LINE);
  const char *programs = (judged ? judged : all) == 1 ? "program" : "programs";
  if (judged == 0)
    text_add(&title, "%zu %s beside what one-worker runs predicted", all,
             programs);
  else if (below + above == 0)
    text_add(&title, "None of %zu %s is surely off what was predicted", judged,
             programs);
  else if (below == 0)
    text_add(&title, "%zu of %zu %s surely faster than predicted", above,
             judged, programs);
  else
    text_add(&title, "%zu of %zu %s surely slower than predicted", below,
             judged, programs);
  if (below > 0 && above > 0)
    text_add(&title, ", %zu faster", above);
  if (judged > 0 && judged < all)
    text_add(&title, ", %zu not judged", all - judged);
}

/* The point whose losses a title may name: the leader's, else of the most
 * workers.  NULL: none is told. */
static const struct result *
losses_point(const struct analysis *analysis,
             const struct workload_result *workload) {
  const struct result *point = verdict_point(analysis, workload);
  if (point && point->breakdown.told)
    return point;
  point = NULL;
  for (size_t i = 0; i < analysis->result_count; i++) {
    const struct result *r = &analysis->results[i];
    if (result_is_of(r, workload) && r->breakdown.told &&
        (!point || r->workers > point->workers))
      point = r;
  }
  return point;
}

void title_losses(const struct analysis *analysis,
                  const struct workload_result *workload,
                  char text[static REPORT_LINE]) {
  char name[80 + TEXT_BRIEF], label[80], share[NUMBER_LENGTH];
  struct text title = text_begin(text, REPORT_LINE);
  const struct result *r = losses_point(analysis, workload);
  name_workload(workload, name, sizeof name);
  text_add(&title, "%s", name);
  if (!r)
    return;
  const struct interval *shares = r->breakdown.share;
  int largest = TERM_USEFUL;
  for (int t = TERM_USEFUL + 1; t < TERMS; t++)
    if (isfinite(shares[t].median) &&
        (largest == TERM_USEFUL || shares[t].median > shares[largest].median))
      largest = t;
  short_label(r, label, sizeof label);
  if (!report_is_program(workload)) /* which would be its name again */
    text_add(&title, ": %s", label);
  text_add(&title, " on %" PRId64 " worker%s", r->workers, plural(r->workers));
  const struct flag_about *spoilt = flags_spoilt(r);
  if (spoilt)
    text_add(&title, " (%s)", spoilt->word);
  if (largest == TERM_USEFUL || shares[largest].median < flags_matters())
    text_add(&title, ": %s of the cores' time is useful",
             number_percent(shares[TERM_USEFUL].median, share));
  else if (!(shares[largest].low > 0))
    text_add(&title, " show no loss that is surely one");
  else
    text_add(&title, ": %s of the cores' time is %s",
             number_percent(shares[largest].median, share),
             breakdown_terms[largest].words);
}

/* What the point that is judged does over the sizes of a workload. */
struct size_verdict {
  const struct result *last;   /* at the largest size; NULL: none */
  uint64_t from;               /* it gains from here on; 0: from none */
  size_t sizes, gains, losses; /* surely */
  bool judged;                 /* all of them were, of the program */
};

static struct size_verdict judge_sizes(const struct analysis *analysis,
                                       const struct workload_result *workload,
                                       enum scope scope) {
  struct size_verdict verdict = {.judged = true};
  int64_t workers = analysis_most_workers(analysis, workload);
  for (size_t s = 0; s < analysis->workload_count; s++) {
    const struct workload_result *of = &analysis->workloads[s];
    const struct result *r = analysis_leader(analysis, of, workers);
    if (!r || strcmp(of->workload, workload->workload) != 0)
      continue;
    enum verdict gain = scope == SCOPE_PROGRAM
                            ? verdict_of(analysis, r, VERDICT_NO_GAIN)
                            : VERDICT_NONE;
    verdict.sizes++;
    verdict.judged =
        verdict.judged && gain != VERDICT_NONE && gain != VERDICT_FEW;
    verdict.losses += gain == VERDICT_BELOW;
    verdict.gains += gain == VERDICT_ABOVE;
    if (gain != VERDICT_ABOVE)
      verdict.from = 0;
    else if (verdict.from == 0)
      verdict.from = (uint64_t)of->size;
    if (!verdict.last || r->size > verdict.last->size)
      verdict.last = r;
  }
  return verdict;
}

void title_sizes(const struct analysis *analysis,
                 const struct workload_result *workload, enum scope scope,
                 char text[static REPORT_LINE]) {
  char name[80 + TEXT_BRIEF], label[80], at[NUMBER_LENGTH], from[SIZES_TEXT],
      last[SIZES_TEXT];
  const struct size_verdict verdict = judge_sizes(analysis, workload, scope);
  const struct result *r = verdict.last;
  name_workload(workload, name, sizeof name);
  if (!r) {
    text_print(text, REPORT_LINE, "%s", name);
    return;
  }
  short_label(r, label, sizeof label);
  number_ratio_within(scope_speedup(scope, r), at);
  sizes_format(verdict.from, from);
  sizes_format((uint64_t)r->size, last);
  struct text title = text_begin(text, REPORT_LINE);
  text_add(&title, "%s, %" PRId64 " worker%s: ", name, r->workers,
           plural(r->workers));
  if (!verdict.judged)
    text_add(&title, "%s reach", label);
  else if (verdict.gains == verdict.sizes)
    text_add(&title, "%s gain at all %zu sizes,", label, verdict.sizes);
  else if (verdict.from)
    text_add(&title, "%s gain from %s on,", label, from);
  else if (verdict.losses == verdict.sizes)
    text_add(&title, "%s lose at all %zu sizes,", label, verdict.sizes);
  else if (verdict.gains == 0)
    text_add(&title, "no gain of %s is shown at any of %zu sizes,", label,
             verdict.sizes);
  else
    text_add(&title, "%s gain at %zu of %zu sizes,", label, verdict.gains,
             verdict.sizes);
  text_add(&title, " %s at %s", at, last);
}
