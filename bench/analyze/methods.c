#include "bench/analyze/methods.h"

#include "bench/plan/notation.h"

#include <stdlib.h>
#include <string.h>

/* Where the value of "method=..." stands among the parameters, and its length;
 * NULL: the kernel has no methods. */
static const char *method_of(const char *params, size_t *length) {
  static const char key[] = "method=";
  for (const char *at = params; at && *at; at += *at == ',') {
    size_t piece = notation_span(at, ",");
    *length = piece - (sizeof key - 1);
    if (strncmp(at, key, sizeof key - 1) == 0)
      return at + sizeof key - 1;
    at += piece;
  }
  return NULL;
}

/* Whether these differ by their methods and by nothing else. */
static bool same_but_method(const struct record *a, const struct record *b) {
  size_t a_length = 0, b_length = 0;
  const char *a_method = method_of(a->params, &a_length);
  const char *b_method = method_of(b->params, &b_length);
  if (!a_method || !b_method || strcmp(a->kernel, b->kernel) != 0)
    return false;
  size_t before = (size_t)(a_method - a->params);
  return before == (size_t)(b_method - b->params) &&
         strncmp(a->params, b->params, before) == 0 &&
         strcmp(a_method + a_length, b_method + b_length) == 0 &&
         (a_length != b_length || strncmp(a_method, b_method, a_length) != 0);
}

int methods_compare(const struct series_set *set, const struct series *own,
                    struct workload_result *workload) {
  workload->method_gain = INTERVAL_NULL;
  for (size_t i = 0; own && i < set->count; i++) {
    const struct series *other = &set->list[i];
    if (other->size != own->size ||
        !notation_names_serial(record_requested(other->first)) ||
        !same_but_method(own->first, other->first))
      continue;
    struct interval gain = series_ratio(other, own, REGION);
    if (!(gain.median > 1))
      continue;
    free(workload->slower_method);
    workload->slower_method = strdup(other->first->workload);
    workload->method_gain = gain;
    if (!workload->slower_method)
      return -1;
  }
  return 0;
}

struct interval methods_blocks(const struct series_set *set,
                               const struct series *blocks) {
  const struct record *r = blocks->first;
  if (strcmp(record_requested(r), "omp:static") != 0)
    return INTERVAL_NULL;
  const struct series *textbook =
      series_beside(set, blocks, "textbook:static", r->workers);
  if (!textbook)
    return INTERVAL_NULL;
  return series_ratio(blocks, textbook, REGION);
}

struct interval methods_empty(const struct series_set *set,
                              const struct series *series) {
  const char *requested = record_requested(series->first);
  struct variant_spec spec;
  struct problem ignored;
  if (notation_names_serial(requested) ||
      notation_parse_variant(requested, &spec, &ignored) != 0 ||
      spec.schedule != SCHEDULE_STATIC)
    return INTERVAL_NULL;
  return series_ratio(
      series_find(set, "null", requested, series->first->workers), series,
      REGION);
}
