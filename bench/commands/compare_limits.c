#include "bench/commands/compare_limits.h"

#include "bench/report/compare.h"
#include "bench/report/numbers.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>

enum { EXIT_FOUND = 3 };

/* Says what is worse than was asked for; how many that are. */
static size_t find_slower(const struct versus *versus, double share) {
  size_t found = 0;
  char verdict[COMPARE_TEXT], name[REPORT_NAME];
  for (size_t i = 0; i < versus->count; i++) {
    const struct versus_row *row = &versus->rows[i];
    if (!versus_is_slower(row, share))
      continue;
    fprintf(stderr,
            "coresweep compare: %s, %s on %" PRId64 ": %s; more than %g%% was "
            "not to be\n",
            report_name(row->in_a, name), row->a->requested, row->a->workers,
            compare_verdict(row, verdict), 100 * share);
    found++;
  }
  for (size_t w = 0; w < versus->workload_count; w++) {
    const struct versus_workload *workload = &versus->workloads[w];
    if (!versus_together_is_slower(workload, share))
      continue;
    fprintf(stderr,
            "coresweep compare: %s, all %zu points together: %s; more than "
            "%g%% was not to be\n",
            report_name(workload->in_a, name), workload->points,
            compare_together(versus, workload, verdict), 100 * share);
    found++;
  }
  return found;
}

static size_t find_inefficient(const struct versus *versus, bool programs,
                               double share, size_t *judged) {
  const struct analysis *b = versus->b;
  size_t found = 0;
  char number[NUMBER_LENGTH];
  struct interval efficiency;
  for (size_t i = 0; i < b->result_count; i++) {
    const struct result *r = &b->results[i];
    bool counts = versus_efficiency(r, programs, &efficiency);
    *judged += counts;
    if (!counts || !(efficiency.high < share))
      continue;
    fprintf(stderr,
            "coresweep compare: %s, %s on %" PRId64 ": efficiency %s; less "
            "than %g%% was not to be\n",
            r->workload, r->requested, r->workers,
            number_percent_interval(efficiency, number), 100 * share);
    found++;
  }
  return found;
}

/* What was asked of none can be met by none: then nothing is known of B. */
static int judge_none(const char *option, struct problem *problem) {
  return problem_failure(problem,
                         "--%s: no point could be judged; measure B with "
                         "`coresweep sweep --like A`, undisturbed",
                         option);
}

/* Points that say nothing are named by their number. */
static void say_unjudged(size_t judged, size_t all) {
  if (judged < all)
    fprintf(stderr,
            "coresweep compare: %zu of %zu points say nothing: not comparable, "
            "not judged or too few trials\n",
            all - judged, all);
}

int compare_limits_judge(const struct compare_limits *limits,
                         const struct versus *versus, bool programs,
                         int *verdict, struct problem *problem) {
  size_t found = 0, told = versus->count, efficient = 0;
  told -= compare_count(versus, VERSUS_NOT_COMPARABLE) +
          compare_count(versus, VERSUS_SPOILT) +
          compare_count(versus, VERSUS_FEW);
  if (!isnan(limits->slower)) {
    if (told == 0)
      return judge_none("fail-if-slower", problem);
    say_unjudged(told, versus->count);
    found += find_slower(versus, limits->slower);
  }
  if (!isnan(limits->efficiency)) {
    found += find_inefficient(versus, programs, limits->efficiency, &efficient);
    if (efficient == 0)
      return judge_none("fail-if-efficiency", problem);
  }
  *verdict = found > 0 ? EXIT_FOUND : 0;
  return PROBLEM_NONE;
}
