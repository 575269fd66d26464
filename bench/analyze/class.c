#include "bench/analyze/class.h"

#include "bench/analyze/stats.h"
#include "bench/analyze/versus.h"

#include <stdlib.h>

static const struct result *point_of(const struct analysis *run,
                                     const struct workload_result *workload,
                                     enum class_quantity quantity) {
  return quantity == CLASS_ONE
             ? analysis_find_of(run, workload, "serial", 1)
             : analysis_leader(run, workload,
                               analysis_most_workers(run, workload));
}

static void fill_value(const struct analysis *run,
                       const struct workload_result *workload,
                       enum class_quantity quantity, size_t k,
                       struct class_values *values) {
  const struct result *r = workload ? point_of(run, workload, quantity) : NULL;
  values->runs[k] = INTERVAL_NULL;
  if (!r)
    return;
  values->runs[k] = quantity == CLASS_SPEEDUP ? r->speedup_abs : r->items_per_s;
  values->spoilt[k] = versus_is_spoilt(run, r);
}

size_t class_spoilt(const struct class *class, size_t run) {
  size_t spoilt = 0;
  for (size_t i = 0; i < class->row_count; i++) {
    bool any = false;
    for (int q = 0; q < CLASS_QUANTITIES; q++)
      any = any || class->rows[i].of[q].spoilt[run];
    spoilt += any;
  }
  return spoilt;
}

/* Median and quartiles of those that are known. */
static int spread(struct class_values *values, size_t runs) {
  double *known = malloc((runs + 1) * sizeof *known);
  if (!known)
    return -1;
  values->count = 0;
  for (size_t k = 0; k < runs; k++)
    if (isfinite(values->runs[k].median))
      known[values->count++] = values->runs[k].median;
  stats_sort(known, values->count);
  values->spread = INTERVAL_NULL;
  if (values->count > 0)
    values->spread = (struct interval){stats_median(known, values->count),
                                       stats_quartile(known, values->count, 1),
                                       stats_quartile(known, values->count, 3)};
  free(known);
  return 0;
}

static size_t place_of(const struct class_values *values, size_t runs,
                       size_t own) {
  size_t place = 1;
  if (!isfinite(values->runs[own].median))
    return 0;
  for (size_t k = 0; k < runs; k++)
    place += values->runs[k].median > values->runs[own].median;
  return place;
}

static int fill_row(const struct class *class,
                    const struct workload_result *workload,
                    struct class_row *row) {
  const struct analysis *own = class->runs[class->own];
  int status = 0;
  row->workload = workload;
  for (int q = 0; q < CLASS_QUANTITIES; q++) {
    row->of[q].runs = calloc(class->run_count, sizeof *row->of[q].runs);
    row->of[q].spoilt = calloc(class->run_count, sizeof *row->of[q].spoilt);
    status = row->of[q].runs && row->of[q].spoilt ? status : -1;
  }
  for (size_t k = 0; !status && k < class->run_count; k++) {
    const struct analysis *run = class->runs[k];
    const struct workload_result *beside = versus_workload(run, workload);
    bool other = versus_differences(own, run, workload, false) != 0;
    row->other_problems += other;
    for (enum class_quantity q = 0; q < CLASS_QUANTITIES; q++)
      fill_value(run, other ? NULL : beside, q, k, &row->of[q]);
  }
  for (int q = 0; !status && q < CLASS_QUANTITIES; q++) {
    status = spread(&row->of[q], class->run_count);
    row->of[q].place = place_of(&row->of[q], class->run_count, class->own);
  }
  return status;
}

/* ratios: room for all rows. */
static double score(const struct class *class, enum class_quantity quantity,
                    size_t run, double *ratios) {
  size_t count = 0;
  for (size_t i = 0; i < class->row_count; i++) {
    const struct class_values *values = &class->rows[i].of[quantity];
    double by = quantity == CLASS_SPEEDUP ? 1 : values->spread.median;
    double ratio = values->runs ? values->runs[run].median / by : (double)NAN;
    if (isfinite(ratio))
      ratios[count++] = ratio;
  }
  stats_sort(ratios, count);
  return stats_median(ratios, count);
}

static int fill_scores(struct class *class) {
  double *ratios = malloc((class->row_count + 1) * sizeof *ratios);
  int status = ratios ? 0 : -1;
  for (enum class_quantity q = 0; !status && q < CLASS_QUANTITIES; q++) {
    class->scores[q] = stats_unknown(class->run_count);
    status = class->scores[q] ? 0 : -1;
    for (size_t k = 0; !status && k < class->run_count; k++)
      class->scores[q][k] = score(class, q, k, ratios);
  }
  free(ratios);
  return status;
}

int class_make(const struct analysis *const *runs, size_t count, size_t own,
               struct class *class) {
  const struct analysis *of = runs[own];
  *class = (struct class){.runs = runs, .run_count = count, .own = own};
  class->rows = calloc(of->workload_count + 1, sizeof *class->rows);
  int status = class->rows ? 0 : -1;
  for (size_t s = 0; !status && s < of->workload_count; s++)
    status =
        fill_row(class, &of->workloads[s], &class->rows[class->row_count++]);
  return status ? status : fill_scores(class);
}

void class_free(struct class *class) {
  for (size_t i = 0; i < class->row_count; i++)
    for (int q = 0; q < CLASS_QUANTITIES; q++) {
      free(class->rows[i].of[q].runs);
      free(class->rows[i].of[q].spoilt);
    }
  for (int q = 0; q < CLASS_QUANTITIES; q++)
    free(class->scores[q]);
  free(class->rows);
  *class = (struct class){0};
}
