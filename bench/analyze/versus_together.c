/* All points of a comparison: those of a workload together, and Holm's
 * correction over all that is judged. */
#include "bench/analyze/unpaired.h"
#include "bench/analyze/versus.h"

#include <math.h>
#include <stdlib.h>

/* ---- the points of a workload -------------------------------------------- */

static bool is_judged(const struct versus_row *row) {
  return !isnan(row->p);
}

/* Room for the times of all rows, of the one run and of the other. */
struct samples {
  struct numbers *a, *b;
};

static struct numbers times_of(const struct versus_row *row,
                               const struct result *result) {
  return row->program ? result->program_times_s : result->region_times_s;
}

/* Those of the kind (regions, programs) of the first that is judged. */
static size_t take_points(const struct versus *versus,
                          const struct workload_result *workload,
                          const struct samples *samples) {
  size_t count = 0;
  bool program = false;
  for (size_t i = 0; i < versus->count; i++) {
    const struct versus_row *row = &versus->rows[i];
    if (row->in_a != workload || !is_judged(row) ||
        (count > 0 && row->program != program))
      continue;
    program = row->program;
    samples->a[count] = times_of(row, row->a);
    samples->b[count++] = times_of(row, row->b);
  }
  return count;
}

/* Adds the workload, if several of its points are judged. */
static int join_points(struct versus *versus,
                       const struct workload_result *workload,
                       const struct samples *samples) {
  struct unpaired unpaired;
  size_t points = take_points(versus, workload, samples);
  if (points < 2)
    return 0;
  if (unpaired_together(samples->a, samples->b, points, &unpaired) != 0)
    return -1;
  if (isnan(unpaired.p))
    return 0;
  versus->workloads[versus->workload_count++] = (struct versus_workload){
      .in_a = workload,
      .points = points,
      .ratio = unpaired.ratio,
      .p = unpaired.p,
      .corrected_p = unpaired.p,
      .within = fmax(unpaired.ratio.high, 1 / unpaired.ratio.low) - 1};
  return 0;
}

int versus_join(struct versus *versus) {
  size_t room = versus->count + 1;
  struct samples samples = {calloc(room, sizeof *samples.a),
                            calloc(room, sizeof *samples.b)};
  versus->workloads =
      calloc(versus->a->workload_count + 1, sizeof *versus->workloads);
  int status = samples.a && samples.b && versus->workloads ? 0 : -1;
  for (size_t w = 0; !status && w < versus->a->workload_count; w++)
    status = join_points(versus, &versus->a->workloads[w], &samples);
  free(samples.a);
  free(samples.b);
  return status;
}

/* ---- how many are judged ------------------------------------------------- */

/* The tests of rows and then of workloads. */
struct family {
  double *p, *weights;
  size_t *whole; /* of a row, its workload's test */
  size_t count;
};

static int family_make(const struct versus *versus, struct family *family) {
  size_t count = versus->count + versus->workload_count;
  *family = (struct family){calloc(count + 1, sizeof(double)),
                            calloc(count + 1, sizeof(double)),
                            calloc(count + 1, sizeof(size_t)), count};
  if (!family->p || !family->weights || !family->whole)
    return -1;
  for (size_t i = 0; i < versus->count; i++) {
    family->p[i] = versus->rows[i].p;
    family->whole[i] = count;
    for (size_t w = 0; w < versus->workload_count; w++)
      if (versus->workloads[w].in_a == versus->rows[i].in_a)
        family->whole[i] = versus->count + w;
  }
  for (size_t w = 0; w < versus->workload_count; w++) {
    family->p[versus->count + w] = versus->workloads[w].p;
    family->whole[versus->count + w] = count;
  }
  return 0;
}

static void family_free(struct family *family) {
  free(family->p);
  free(family->weights);
  free(family->whole);
}

/* Leaders share two fifths of the level, other points two, and workloads one;
 * where others are fewer than leaders, or nothing leads, points share alike.
 * Whole numbers, whose sums do not depend on their order. */
static void weigh(const struct versus *versus, struct family *family) {
  double leaders = (double)versus->leaders,
         others = (double)(versus->judged - versus->leaders),
         workloads = (double)versus->workload_count;
  bool alike = others <= leaders || versus->leaders == 0;
  double times = versus->workload_count > 0 ? workloads : 1;
  for (size_t i = 0; i < versus->count; i++)
    family->weights[i] = alike                   ? 4 * times
                         : versus->rows[i].leads ? 2 * others * times
                                                 : 2 * leaders * times;
  for (size_t w = 0; w < versus->workload_count; w++)
    family->weights[versus->count + w] =
        alike ? leaders + others : leaders * others;
}

/* Whether samples that share no value would be told apart at some point. */
static bool can_tell(const struct versus *versus, const struct family *family,
                     double level) {
  double all = 0;
  bool can = versus->judged == 0;
  for (size_t i = 0; i < family->count; i++)
    all += isnan(family->p[i]) ? 0 : family->weights[i];
  for (size_t i = 0; i < versus->count; i++) {
    const struct versus_row *row = &versus->rows[i];
    double least_p = unpaired_least_p(row->trials, row->trials);
    can =
        can || (is_judged(row) && least_p * all / family->weights[i] <= level);
  }
  return can;
}

int versus_correct(struct versus *versus, double level) {
  struct family family;
  int status = family_make(versus, &family);
  if (!status) {
    weigh(versus, &family);
    versus->few = !can_tell(versus, &family, level);
    status =
        unpaired_holm(family.p, family.weights, family.whole, family.count);
  }
  for (size_t i = 0; !status && i < versus->count; i++)
    versus->rows[i].corrected_p = family.p[i];
  for (size_t w = 0; !status && w < versus->workload_count; w++)
    versus->workloads[w].corrected_p = family.p[versus->count + w];
  family_free(&family);
  return status;
}
