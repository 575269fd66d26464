#include "bench/commands/aa_run.h"

#include "bench/analyze/proportion.h"
#include "bench/analyze/stats.h"
#include "bench/plan/order.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { NAMES = 2, ITERATIONS = 3, CALIBRATIONS = 3, CONFIRMATIONS = 3 };
static const double nominal = 0.05;

/* What goes on from sweep to sweep. */
struct course {
  const struct aa *aa;
  struct trial_request order;
  char digest[20];
  double *time_s[NAMES]; /* [rounds] */
  double *all_s;         /* [sweeps * rounds * NAMES] */
  size_t all_count;
  double *widths; /* [sweeps] */
};

bool aa_too_many(uint32_t found, uint32_t sweeps) {
  return sweeps >= AA_SWEEPS_JUDGED &&
         proportion_interval(found, sweeps).low > nominal;
}

/* One trial; the first of its size is verified in full. */
static int trial(struct course *course, double *region_s,
                 struct problem *problem) {
  struct executor *executor = course->aa->executor;
  struct record record;
  int status = executor->run(executor, &course->order, &record, problem);
  if (status)
    return status;
  if (strcmp(record.status, "ok") != 0)
    status = problem_failure(problem, "a trial of %.100s: %.300s",
                             course->order.workload->name,
                             record.error ? record.error : record.status);
  else if (!*course->digest)
    snprintf(course->digest, sizeof course->digest, "%s", record.digest);
  *region_s = record.region_s;
  record_free(&record);
  return status;
}

/* The fastest of some trials: a single one may be interrupted, and would give
 * all others a region that is too short. */
static int fastest_trial(struct course *course, double *region_s,
                         struct problem *problem) {
  int status = PROBLEM_NONE;
  *region_s = (double)INFINITY;
  for (int i = 0; !status && i < CONFIRMATIONS; i++) {
    double one_s = 0;
    status = trial(course, &one_s, problem);
    *region_s = fmin(*region_s, one_s);
  }
  return status;
}

/* Sizes towards the target: the first regions are too short to go by. */
static int calibrate(struct course *course, struct problem *problem) {
  int status = PROBLEM_NONE;
  course->order.size = 200;
  for (int i = 0; !status && i < CALIBRATIONS; i++) {
    double region_s = 0;
    *course->digest = '\0';
    status = fastest_trial(course, &region_s, problem);
    double more = region_s > 0 ? course->aa->target_s / region_s : 2;
    if (!status)
      course->order.size =
          (uint64_t)((double)course->order.size * (more < 100 ? more : 100)) +
          1;
  }
  *course->digest = '\0';
  double ignored_s;
  return status ? status : trial(course, &ignored_s, problem);
}

static int one_sweep(struct course *course, uint32_t sweep,
                     struct interval *interval, struct problem *problem) {
  const struct aa *aa = course->aa;
  for (uint32_t round = 0; round < aa->rounds; round++) {
    uint32_t order[NAMES];
    order_shuffle(order, NAMES, aa->seed,
                  (uint64_t)sweep * aa->rounds + round + 1);
    for (int i = 0; i < NAMES; i++) {
      double region_s;
      int status = trial(course, &region_s, problem);
      if (status)
        return status;
      course->time_s[order[i]][round] = region_s;
      course->all_s[course->all_count++] = region_s;
    }
  }
  *interval =
      stats_ratio_interval(course->time_s[0], course->time_s[1], aa->rounds);
  return PROBLEM_NONE;
}

static void conclude(struct course *course, struct aa_outcome *outcome) {
  const struct aa *aa = course->aa;
  size_t k = 1;
  stats_sort(course->all_s, course->all_count);
  stats_sort(course->widths, aa->sweeps);
  stats_order_rank(aa->rounds, STATS_LEVEL, &k);
  outcome->size = course->order.size;
  outcome->region_s = stats_median(course->all_s, course->all_count);
  outcome->rate = proportion_interval(outcome->found, aa->sweeps);
  outcome->expected = 1 - stats_order_level(aa->rounds, k);
  outcome->width = stats_median(course->widths, aa->sweeps);
  outcome->width_low = course->widths[aa->sweeps / 10];
  outcome->width_high = course->widths[aa->sweeps - 1 - aa->sweeps / 10];
  outcome->too_many = aa_too_many(outcome->found, aa->sweeps);
}

static int measure(struct course *course, struct aa_outcome *outcome,
                   struct problem *problem) {
  const struct aa *aa = course->aa;
  int status = calibrate(course, problem);
  for (uint32_t s = 0; !status && s < aa->sweeps; s++) {
    struct interval interval;
    status = one_sweep(course, s, &interval, problem);
    if (status)
      break;
    outcome->found += interval.low > 1 || interval.high < 1;
    course->widths[s] = (interval.high - interval.low) / 2;
    if (aa->report)
      aa->report(s + 1, aa->sweeps);
  }
  if (!status)
    conclude(course, outcome);
  return status;
}

int aa_run(const struct aa *aa, struct aa_outcome *outcome,
           struct problem *problem) {
  size_t trials = (size_t)aa->sweeps * aa->rounds * NAMES;
  struct course course = {
      .aa = aa,
      .order = {.workload = aa->workload,
                .variant = {.team = "serial"},
                .workers = 1,
                .usable_cpus = aa->usable_cpus,
                .seed = aa->seed,
                .iterations = ITERATIONS,
                .cpus = aa->cpus,
                .expect = course.digest},
      .all_s = malloc((trials + 1) * sizeof(double)),
      .widths = malloc((aa->sweeps + 1) * sizeof(double)),
  };
  int status = PROBLEM_NONE;
  *outcome = (struct aa_outcome){0};
  for (int i = 0; i < NAMES; i++)
    course.time_s[i] = malloc((aa->rounds + 1) * sizeof(double));
  if (!course.all_s || !course.widths || !course.time_s[0] || !course.time_s[1])
    status = problem_failure(problem, "out of memory");
  if (!status)
    status = measure(&course, outcome, problem);
  for (int i = 0; i < NAMES; i++)
    free(course.time_s[i]);
  free(course.all_s);
  free(course.widths);
  return status;
}
