/* Which result is which: of one point, of a workload, the largest. */
#include "bench/analyze/results.h"

#include "bench/plan/notation.h"

#include <string.h>

void analysis_mark_sizes(struct analysis *analysis) {
  for (size_t s = 0; s < analysis->workload_count; s++)
    for (size_t k = 0; k < s; k++) {
      struct workload_result *a = &analysis->workloads[k];
      struct workload_result *b = &analysis->workloads[s];
      if (strcmp(a->workload, b->workload) == 0)
        a->sized = b->sized = true;
    }
}

bool result_is_of(const struct result *result,
                  const struct workload_result *workload) {
  /* Under weak scaling a result's size is not its workload's. */
  return strcmp(result->workload, workload->workload) == 0 &&
         (!workload->sized || result->size == workload->size);
}

const struct workload_result *
analysis_workload_of(const struct analysis *analysis,
                     const struct result *result) {
  for (size_t s = 0; s < analysis->workload_count; s++)
    if (result_is_of(result, &analysis->workloads[s]))
      return &analysis->workloads[s];
  return NULL;
}

bool analysis_is_largest(const struct analysis *analysis,
                         const struct workload_result *workload) {
  for (size_t s = 0; s < analysis->workload_count; s++)
    if (analysis->workloads[s].size > workload->size &&
        strcmp(analysis->workloads[s].workload, workload->workload) == 0)
      return false;
  return true;
}

const struct result *analysis_find(const struct analysis *analysis,
                                   const char *workload, const char *requested,
                                   int64_t workers) {
  for (size_t i = 0; i < analysis->result_count; i++) {
    const struct result *r = &analysis->results[i];
    if (r->workers == workers && strcmp(r->workload, workload) == 0 &&
        strcmp(r->requested, requested) == 0)
      return r;
  }
  return NULL;
}

const struct result *analysis_find_of(const struct analysis *analysis,
                                      const struct workload_result *workload,
                                      const char *requested, int64_t workers) {
  for (size_t i = 0; i < analysis->result_count; i++) {
    const struct result *r = &analysis->results[i];
    if (r->workers == workers && result_is_of(r, workload) &&
        strcmp(r->requested, requested) == 0)
      return r;
  }
  return NULL;
}

const struct model_result *
analysis_model(const struct analysis *analysis,
               const struct workload_result *workload, const char *requested,
               const char *scope) {
  for (size_t i = 0; i < analysis->model_count; i++) {
    const struct model_result *m = &analysis->models[i];
    if (strcmp(m->workload, workload->workload) == 0 &&
        (!workload->sized || m->size == workload->size) &&
        strcmp(m->requested, requested) == 0 && strcmp(m->scope, scope) == 0)
      return m;
  }
  return NULL;
}

bool result_is_serial(const struct result *result) {
  return notation_names_serial(result->requested);
}

bool result_is_copies(const struct result *result) {
  return notation_names_copies(result->requested);
}

int64_t analysis_most_workers(const struct analysis *analysis,
                              const struct workload_result *workload) {
  int64_t most = 1;
  for (size_t i = 0; i < analysis->result_count; i++) {
    const struct result *r = &analysis->results[i];
    bool counts = workload->waits == 1 || r->oversubscribed != 1;
    if (counts && r->workers > most && result_is_of(r, workload))
      most = r->workers;
  }
  return most;
}

const struct result *analysis_leader(const struct analysis *analysis,
                                     const struct workload_result *workload,
                                     int64_t workers) {
  const struct result *first = NULL;
  for (size_t i = 0; workload && i < analysis->result_count; i++) {
    const struct result *r = &analysis->results[i];
    if (r->workers != workers || !result_is_of(r, workload) ||
        result_is_serial(r) || result_is_copies(r))
      continue;
    if (strcmp(r->requested, "omp:static") == 0)
      return r;
    first = first ? first : r;
  }
  return first;
}
