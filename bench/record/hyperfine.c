#include "bench/record/hyperfine.h"

#include <string.h>

/* A member's member's member of objects; NULL: there is none. */
static json_t *within(const json_t *json, const char *first,
                      const char *second) {
  return json_object_get(json_object_get(json, first), second);
}

/* The value of each measurement; null where one has none. */
static json_t *values(const json_t *measurements, const char *metric,
                      const char *member) {
  json_t *list = json_array();
  for (size_t i = 0; i < json_array_size(measurements); i++) {
    const json_t *one = json_array_get(measurements, i);
    json_t *value =
        member ? within(one, metric, member) : json_object_get(one, metric);
    json_array_append(list, value ? value : json_null());
  }
  return list;
}

/* {"threads": {"value": "1"}} as {"threads": "1"}. */
static void settle_parameters(json_t *result) {
  json_t *plain = json_object(), *value;
  const char *name;
  json_object_foreach(json_object_get(result, "parameters"), name, value) {
    json_t *text = json_object_get(value, "value");
    json_object_set(plain, name, text ? text : value);
  }
  json_object_set_new(result, "parameters", plain);
}

static void settle_result(json_t *result) {
  static const char wall[] = "time_wall_clock";
  static const char *const statistics[] = {"median", "min", "max"};
  const json_t *measurements = json_object_get(result, "measurements");
  const json_t *summary = within(result, "summary", wall);
  json_t *name = json_object_get(result, "name");
  if (name)
    json_object_set(result, "command", name);
  if (json_is_array(measurements)) {
    json_object_set_new(result, "times", values(measurements, wall, "value"));
    json_object_set_new(result, "exit_codes",
                        values(measurements, "exit_code", NULL));
  }
  for (size_t i = 0; i < sizeof statistics / sizeof *statistics; i++) {
    json_t *number = json_object_get(summary, statistics[i]);
    if (number)
      json_object_set(result, statistics[i], number);
  }
  if (json_object_get(result, "parameters"))
    settle_parameters(result);
}

void hyperfine_settle(json_t *json) {
  const json_t *results = json_object_get(json, "results");
  if (json_integer_value(json_object_get(json, "schema_version")) != 2)
    return;
  for (size_t i = 0; i < json_array_size(results); i++)
    settle_result(json_array_get(results, i));
}
