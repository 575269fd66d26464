#include "bench/analyze/breakdown_json.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *const breakdown_phases[PHASES] = {
    [PHASE_SETUP] = "setup",   [PHASE_START] = "start", [PHASE_TOUCH] = "touch",
    [PHASE_FINISH] = "finish", [PHASE_CLOSE] = "close",
};

/* A number that no file has a reason to exceed. */
static const double most = 1e60;

/* ---- writing ------------------------------------------------------------- */

static json_t *real_json(double value) {
  return isfinite(value) ? json_real(value) : json_null();
}

static json_t *mean_json(const struct interval *i) {
  return json_pack("{s:o, s:o, s:o}", "mean", real_json(i->median), "low",
                   real_json(i->low), "high", real_json(i->high));
}

json_t *breakdown_terms_json(const struct breakdown *b) {
  json_t *json = b->told ? json_object() : json_null();
  for (int t = 0; b->told && t < TERMS; t++)
    json_object_set_new(json, breakdown_terms[t].key,
                        isfinite(b->core_s[t].median)
                            ? json_pack("{s:o, s:o}", "core_s",
                                        mean_json(&b->core_s[t]), "share",
                                        mean_json(&b->share[t]))
                            : json_null());
  return json;
}

static json_t *phases_json(const struct breakdown *b) {
  bool told = b->told && isfinite(b->serial_s[0].median);
  json_t *json = told ? json_object() : json_null();
  for (int p = 0; told && p < PHASES; p++)
    json_object_set_new(json, breakdown_phases[p], mean_json(&b->serial_s[p]));
  return json;
}

static json_t *evidence_json(const struct cause *cause) {
  json_t *list = json_array();
  for (size_t i = 0; i < cause->evidence_count; i++)
    json_array_append_new(list, json_pack("{s:s, s:s, s:o}", "name",
                                          cause->evidence[i].name, "unit",
                                          cause->evidence[i].unit, "value",
                                          real_json(cause->evidence[i].value)));
  return list;
}

int breakdown_write(const struct result *result, json_t *json) {
  int status = json_object_set_new(json, "breakdown",
                                   breakdown_terms_json(&result->breakdown));
  status |=
      json_object_set_new(json, "region_breakdown",
                          breakdown_terms_json(&result->region_breakdown));
  status |= json_object_set_new(json, "serial_phases",
                                phases_json(&result->breakdown));
  status |=
      json_object_set_new(json, "evidence", evidence_json(&result->cause));
  return status | json_object_set_new(json, "region_evidence",
                                      evidence_json(&result->region_cause));
}

/* ---- reading ------------------------------------------------------------- */

static bool is_nothing(const json_t *json) {
  return !json || json_is_null(json);
}

static int read_mean(const json_t *json, const char *where, const char *key,
                     struct interval *i, struct problem *problem) {
  const json_t *mean = json_object_get(json, key);
  char place[100];
  snprintf(place, sizeof place, "%s%s", where, key);
  if (!json_is_object(mean))
    return json_refuse(place, mean, "an object of mean, low, high", problem);
  struct json_reader reader = json_reader_of(mean, problem);
  snprintf(reader.where, sizeof reader.where, "%.60s.", place);
  i->median = json_read_real(&reader, "mean", -most, most);
  i->low = json_read_real_or_null(&reader, "low", -most, most);
  i->high = json_read_real_or_null(&reader, "high", -most, most);
  if (i->low > i->median)
    json_reader_refuse(&reader, "low", "at most the mean");
  if (i->high < i->median)
    json_reader_refuse(&reader, "high", "at least the mean");
  return reader.status;
}

int breakdown_terms_read(const json_t *json, const char *key,
                         struct breakdown *b, struct problem *problem) {
  const json_t *terms = json_object_get(json, key);
  int status = PROBLEM_NONE;
  if (is_nothing(terms))
    return PROBLEM_NONE;
  if (!json_is_object(terms))
    return json_refuse(key, terms, "an object of terms, or null", problem);
  for (int t = 0; !status && t < TERMS; t++) {
    const json_t *term = json_object_get(terms, breakdown_terms[t].key);
    char where[60];
    snprintf(where, sizeof where, "%s.%s.", key, breakdown_terms[t].key);
    if (is_nothing(term))
      continue;
    status = read_mean(term, where, "core_s", &b->core_s[t], problem);
    if (!status)
      status = read_mean(term, where, "share", &b->share[t], problem);
  }
  b->told = !status;
  return status;
}

static int read_phases(const json_t *json, struct breakdown *b,
                       struct problem *problem) {
  static const char key[] = "serial_phases";
  const json_t *phases = json_object_get(json, key);
  int status = PROBLEM_NONE;
  if (is_nothing(phases))
    return PROBLEM_NONE;
  if (!json_is_object(phases))
    return json_refuse(key, phases, "an object of phases, or null", problem);
  for (int p = 0; !status && p < PHASES; p++)
    status = read_mean(phases, "serial_phases.", breakdown_phases[p],
                       &b->serial_s[p], problem);
  return status;
}

static int read_evidence(const json_t *json, const char *key,
                         struct cause *cause, struct problem *problem) {
  struct json_reader reader = json_reader_of(json, problem);
  if (is_nothing(json_object_get(json, key)))
    return PROBLEM_NONE;
  size_t count = json_read_list(&reader, key, EVIDENCE);
  for (size_t i = 0; i < count; i++) {
    struct json_reader item = json_reader_item(&reader, key, i);
    struct evidence *e = &cause->evidence[i];
    const char *name = json_read_text(&item, "name", 100);
    const char *unit = json_read_text(&item, "unit", 20);
    e->value = json_read_real_or_null(&item, "value", -most, most);
    if (item.status)
      return item.status;
    cause->evidence_count++;
    e->name = strdup(name);
    e->unit = strdup(unit);
    if (!e->name || !e->unit)
      return problem_failure(problem, "out of memory");
  }
  return reader.status;
}

int breakdown_read(const json_t *json, struct result *result,
                   struct problem *problem) {
  int64_t trials = result->breakdown.trials;
  int64_t region_trials = result->region_breakdown.trials;
  breakdown_clear(&result->breakdown);
  breakdown_clear(&result->region_breakdown);
  result->breakdown.trials = trials;
  result->region_breakdown.trials = region_trials;
  result->cause.evidence_count = result->region_cause.evidence_count = 0;
  int status =
      breakdown_terms_read(json, "breakdown", &result->breakdown, problem);
  if (!status)
    status = breakdown_terms_read(json, "region_breakdown",
                                  &result->region_breakdown, problem);
  if (!status)
    status = read_phases(json, &result->breakdown, problem);
  if (!status)
    status = read_evidence(json, "evidence", &result->cause, problem);
  if (!status)
    status =
        read_evidence(json, "region_evidence", &result->region_cause, problem);
  if (status)
    breakdown_free(result);
  return status;
}

static void free_evidence(struct cause *cause) {
  for (size_t i = 0; i < cause->evidence_count; i++) {
    free(cause->evidence[i].name);
    free(cause->evidence[i].unit);
  }
  cause->evidence_count = 0;
}

void breakdown_free(struct result *result) {
  free_evidence(&result->cause);
  free_evidence(&result->region_cause);
}
