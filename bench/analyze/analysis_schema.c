#include "bench/analyze/analysis_schema.h"

#include "bench/analyze/breakdown_json.h"

/* Numbers of a kind, each null where it is not known. */
static json_t *mean_schema(void) {
  return json_pack("{s:s, s:{s:{s:s}, s:{s:[s, s]}, s:{s:[s, s]}}, s:[s]}",
                   "type", "object", "properties", "mean", "type", "number",
                   "low", "type", "number", "null", "high", "type", "number",
                   "null", "required", "mean");
}

static json_t *term_schema(const char *meaning) {
  return json_pack("{s:[s, s], s:s, s:{s:o, s:o}, s:[s, s]}", "type", "object",
                   "null", "description", meaning, "properties", "core_s",
                   mean_schema(), "share", mean_schema(), "required", "core_s",
                   "share");
}

static json_t *terms_schema(void) {
  json_t *terms = json_object();
  for (int t = 0; t < TERMS; t++)
    json_object_set_new(terms, breakdown_terms[t].key,
                        term_schema(breakdown_terms[t].meaning));
  return json_pack("{s:[s, s], s:o}", "type", "object", "null", "properties",
                   terms);
}

static json_t *phases_schema(void) {
  json_t *phases = json_object();
  for (int p = 0; p < PHASES; p++)
    json_object_set_new(phases, breakdown_phases[p], mean_schema());
  return json_pack("{s:[s, s], s:o}", "type", "object", "null", "properties",
                   phases);
}

static json_t *evidence_schema(void) {
  return json_pack("{s:[s, s], s:i, s:{s:s, s:{s:{s:s}, s:{s:s}, s:{s:[s, s]}},"
                   " s:[s, s, s]}}",
                   "type", "array", "null", "maxItems", EVIDENCE, "items",
                   "type", "object", "properties", "name", "type", "string",
                   "unit", "type", "string", "value", "type", "number", "null",
                   "required", "name", "unit", "value");
}

static json_t *result_schema(void) {
  json_t *schema = fields_schema(result_fields);
  json_t *members = json_object_get(schema, "properties");
  json_object_set_new(members, "breakdown", terms_schema());
  json_object_set_new(members, "region_breakdown", terms_schema());
  json_object_set_new(members, "serial_phases", phases_schema());
  json_object_set_new(members, "evidence", evidence_schema());
  json_object_set_new(members, "region_evidence", evidence_schema());
  return schema;
}

static json_t *region_schema(void) {
  json_t *schema = fields_schema(inside_region_fields);
  json_object_set_new(json_object_get(schema, "properties"), "breakdown",
                      terms_schema());
  return schema;
}

static json_t *list_of(json_t *items) {
  return json_pack("{s:s, s:o}", "type", "array", "items", items);
}

json_t *analysis_schema(void) {
  json_t *members = json_pack("{s:o, s:o, s:o, s:o, s:o, s:o}", "run",
                              fields_schema(run_fields), "workloads",
                              list_of(fields_schema(workload_fields)),
                              "results", list_of(result_schema()), "hyperfine",
                              list_of(fields_schema(check_fields)), "capacity",
                              list_of(fields_schema(capacity_fields)),
                              "regions", list_of(region_schema()));
  return json_pack("{s:s, s:o, s:[s]}", "type", "object", "properties", members,
                   "required", "run");
}
