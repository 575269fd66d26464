#include "bench/report/titles.h"

#include "bench/analyze/outside.h"
#include "bench/analyze/prediction.h"
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

/* "rangesum/order=sorted" → "Range summation, order=sorted". */
static void name_workload(const struct workload_result *workload, char *text,
                          size_t capacity) {
  const char *params = strchr(workload->workload, '/');
  char brief[TEXT_BRIEF];
  text_print(text, capacity, "%s%s%s", workload->title, params ? ", " : "",
             params ? text_brief(params + 1, 60, brief) : "");
}

static const char *plural(int64_t workers) {
  return workers == 1 ? "" : "s";
}

void title_overview(const struct analysis *analysis, int64_t workers,
                    char text[static REPORT_LINE]) {
  size_t faster = 0, slower = 0, all = 0;
  char label[80] = "";
  for (size_t s = 0; s < analysis->workload_count; s++) {
    const struct workload_result *workload = &analysis->workloads[s];
    const struct result *r = report_leader(analysis, workload, workers);
    if (!r || !analysis_is_largest(analysis, workload))
      continue;
    all++;
    faster += r->program_speedup.low > 1;
    slower += r->program_speedup.high < 1;
    short_label(r, label, sizeof label);
  }
  struct text title = text_begin(text, REPORT_LINE);
  if (all == 0)
    text_add(&title, "Throughput of %" PRId64 " job%s side by side", workers,
             plural(workers));
  else if (report_is_of_programs(analysis))
    text_add(
        &title,
        "%" PRId64 " worker%s: %zu of %zu programs run faster than with %s",
        workers, plural(workers), faster, all, report_baseline(analysis, NULL));
  else
    text_add(&title,
             "%" PRId64 " worker%s (%s): %zu of %zu programs run "
             "faster than serial",
             workers, plural(workers), label, faster, all);
  if (slower > 0)
    text_add(&title, ", %zu slower", slower);
}

void title_region(const struct workload_result *workload,
                  const struct result *leader, char text[static REPORT_LINE]) {
  char name[80 + TEXT_BRIEF], label[80], ratio[NUMBER_LENGTH];
  const struct interval *speedup = &leader->speedup_abs;
  name_workload(workload, name, sizeof name);
  short_label(leader, label, sizeof label);
  number_ratio(speedup->median, ratio);
  if (!isfinite(speedup->low))
    text_print(text, REPORT_LINE, "%s: %s at %s on %" PRId64 " worker%s", name,
               label, ratio, leader->workers, plural(leader->workers));
  else if (speedup->low > 1)
    text_print(text, REPORT_LINE,
               "%s: %s run the loop %s as fast on %" PRId64 " worker%s", name,
               label, ratio, leader->workers, plural(leader->workers));
  else if (speedup->high < 1)
    text_print(text, REPORT_LINE,
               "%s: %s slow the loop down, to %s, on %" PRId64 " worker%s",
               name, label, ratio, leader->workers, plural(leader->workers));
  else
    text_print(text, REPORT_LINE,
               "%s: no speedup of the loop is shown on %" PRId64 " worker%s",
               name, leader->workers, plural(leader->workers));
}

void title_program(const struct workload_result *workload,
                   const struct result *leader, char text[static REPORT_LINE]) {
  char name[80 + TEXT_BRIEF], label[80], law[NUMBER_LENGTH], at[NUMBER_LENGTH],
      gap[NUMBER_LENGTH];
  /* What is drawn: against serial, both the points and the law. */
  const struct interval *measured = &leader->program_speedup;
  const struct interval *f = &workload->serial_fraction;
  double p = (double)leader->workers;
  double predicted = prediction_speedup(f->median, p);
  name_workload(workload, name, sizeof name);
  short_label(leader, label, sizeof label);
  number_ratio(predicted, law);
  number_ratio(measured->median, at);
  if (workload->kernel && strcmp(workload->kernel, record_program) == 0)
    text_print(text, REPORT_LINE, "%s: %s on %" PRId64 " worker%s",
               workload->title, at, leader->workers, plural(leader->workers));
  else if (!isfinite(measured->low) || !isfinite(f->low) || !isfinite(f->high))
    text_print(text, REPORT_LINE, "%s: %s at %s on %" PRId64 " worker%s", name,
               label, at, leader->workers, plural(leader->workers));
  else if (measured->high < prediction_speedup(f->high, p))
    text_print(text, REPORT_LINE, "%s: %s at %s, %s below Amdahl's %s", name,
               label, at, number_percent(1 - measured->median / predicted, gap),
               law);
  else if (measured->low > prediction_speedup(f->low, p))
    text_print(text, REPORT_LINE, "%s: %s at %s, %s above Amdahl's %s", name,
               label, at, number_percent(measured->median / predicted - 1, gap),
               law);
  else
    text_print(text, REPORT_LINE,
               "%s: %s at %s, not told apart from Amdahl's %s", name, label, at,
               law);
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
             number_ratio(scope_speedup(scope, r).median, at));
  return true;
}

/* What the first variant does over the sizes of a workload, at the most
 * workers. */
struct size_verdict {
  const struct result *last;   /* at the largest size; NULL: none */
  uint64_t from;               /* it gains from here on; 0: from none */
  size_t sizes, gains, losses; /* surely */
  bool judged;                 /* all have intervals */
};

static struct size_verdict judge_sizes(const struct analysis *analysis,
                                       const struct workload_result *workload,
                                       enum scope scope) {
  struct size_verdict verdict = {.judged = true};
  int64_t workers = analysis_most_workers(analysis, workload);
  for (size_t s = 0; s < analysis->workload_count; s++) {
    const struct workload_result *of = &analysis->workloads[s];
    const struct result *r = report_leader(analysis, of, workers);
    if (!r || strcmp(of->workload, workload->workload) != 0)
      continue;
    struct interval speedup = scope_speedup(scope, r);
    verdict.sizes++;
    verdict.judged = verdict.judged && isfinite(speedup.low);
    verdict.losses += speedup.high < 1;
    verdict.gains += speedup.low > 1;
    if (!(speedup.low > 1))
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
  number_ratio(scope_speedup(scope, r).median, at);
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
