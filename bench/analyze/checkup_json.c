/* A checkup as JSON. */
#include "bench/analyze/checkup.h"

#include "bench/record/look.h"

#include <math.h>

static json_t *real(double value) {
  return isfinite(value) ? json_real(value) : json_null();
}

static json_t *aa_json(const struct checkup_aa *aa) {
  if (aa->rounds == 0)
    return json_null();
  return json_pack("{s:i, s:o, s:o, s:o, s:o, s:i}", "rounds", (int)aa->rounds,
                   "ratio", real(aa->ratio.median), "low", real(aa->ratio.low),
                   "high", real(aa->ratio.high), "smallest_difference",
                   real(aa->difference), "smallest_difference_rounds",
                   CHECKUP_ROUNDS);
}

static json_t *finding_json(const struct checkup_finding *finding) {
  json_t *json =
      json_pack("{s:s, s:s, s:s}", "name", finding->name, "level",
                checkup_level_name(finding->level), "found", finding->found);
  if (json && finding->level >= CHECKUP_WARN) {
    json_object_set_new(json, "means", json_string(finding->means));
    json_object_set_new(json, "mend", json_string(finding->mend));
  }
  return json;
}

json_t *checkup_json(const struct checkup_facts *facts,
                     const struct checkup_finding *findings, size_t count) {
  const struct environment *e = facts->environment;
  json_t *list = json_array();
  for (size_t i = 0; i < count; i++)
    json_array_append_new(list, finding_json(&findings[i]));
  return json_pack("{s:s, s:o, s:o, s:o, s:o, s:o, s:o}", "worst",
                   checkup_level_name(checkup_worst(findings, count)),
                   "findings", list, "watched_s", real(e->look_s),
                   "steal_share", real(e->look_steal_share), "busy_cpus",
                   real(look_busy_cpus(e)), "aa", aa_json(&facts->aa),
                   "environment", fields_to_json(environment_fields, e));
}
