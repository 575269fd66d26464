#include "bench/analyze/breakdown_make.h"

#include "bench/analyze/breakdown_fill.h"
#include "bench/analyze/breakdown_trial.h"
#include "bench/analyze/inside.h"
#include "bench/plan/workload.h"

#include <math.h>
#include <stdlib.h>

/* talp: NULL: not asked.  0, or -1: no memory. */
static int make(const struct scope *scope, breakdown_trial *maker,
                struct breakdown *breakdown, struct talp *talp) {
  size_t rounds = (size_t)scope->series->rounds, count = 0;
  struct parts *trials = calloc(rounds + 1, sizeof *trials);
  if (!trials)
    return -1;
  for (size_t round = 1; round <= rounds; round++)
    count += maker(scope, (int64_t)round, &trials[count]);
  breakdown_fill(trials, count, breakdown);
  if (talp && count > 0)
    breakdown_fill_talp(trials, count, talp);
  free(trials);
  return 0;
}

static bool is_told(const struct record_sums *sums) {
  return isfinite(sums->off_cpu_s);
}

/* Whether all trials that have sums tell what was on no CPU. */
static bool tells_cpu(const struct series *series, bool program) {
  bool told = true;
  for (int64_t round = 1; round <= series->rounds; round++) {
    const struct record *r =
        program ? series->cold[2 * round] : series->trials[round];
    if (r)
      told = told && is_told(program ? &r->program_sums : &r->sums);
  }
  return told;
}

/* From inside where that is told, else from outside. */
static int make_of_program(struct scope *scope, struct result *result) {
  int status = 0;
  scope->apart = inside_is_apart(scope);
  if (!result_is_copies(result))
    status = make(scope, breakdown_inside, &result->breakdown, &result->talp);
  if (!status && !result->breakdown.told)
    status = make(scope, breakdown_outside, &result->breakdown, NULL);
  return status;
}

int breakdown_make(const struct series *serial, const struct series *one,
                   const struct series *series, struct result *result) {
  breakdown_clear(&result->breakdown);
  breakdown_clear(&result->region_breakdown);
  if (!serial || serial == series)
    return 0;
  struct scope scope = {.serial = serial,
                        .series = series,
                        .one = one ? one : serial,
                        .growth = series_growth(serial, series)};
  if (record_is_program(series->first))
    return make_of_program(&scope, result);
  struct workload workload;
  struct problem ignored;
  bool known =
      workload_parse(series->first->workload, &workload, &ignored) == 0;
  bool waits = known && workload.kernel->waits; /* then that is its work */
  scope.stops_early = known && workload_shape(&workload).stops_early;
  scope.cpu = !waits && tells_cpu(series, false);
  int status = make(&scope, breakdown_region, &result->region_breakdown,
                    &result->region_talp);
  scope.cpu = !waits && tells_cpu(series, true);
  if (!status && !result_is_copies(result)) /* no team: no serial phases */
    status = make(&scope, breakdown_program, &result->breakdown, &result->talp);
  return status;
}
