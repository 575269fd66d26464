/* A class as JSON. */
#include "bench/analyze/class.h"

static const struct {
  const char *value, *score; /* of a run */
} keys[CLASS_QUANTITIES] = {
    [CLASS_ONE] = {"one_cpu_items_per_s", "one_cpu_by_median"},
    [CLASS_ALL] = {"all_cpus_items_per_s", "all_cpus_by_median"},
    [CLASS_SPEEDUP] = {"speedup", "speedup"},
};

static json_t *real(double value) {
  return isfinite(value) ? json_real(value) : json_null();
}

static json_t *three(struct interval x, const char *low, const char *high) {
  return isfinite(x.median)
             ? json_pack("{s:o, s:o, s:o}", "median", real(x.median), low,
                         real(x.low), high, real(x.high))
             : json_null();
}

static json_t *text(const char *words) {
  return words ? json_string(words) : json_null();
}

static json_t *count(int64_t value) {
  return value == FIELD_NULL ? json_null() : json_integer(value);
}

static json_t *run_json(const struct class *class, size_t k,
                        const char *const *names) {
  const struct run_facts *run = &class->runs[k]->run;
  json_t *json = json_pack(
      "{s:s, s:b, s:o, s:o, s:o, s:o, s:I}", "run", names[k], "own",
      k == class->own, "machine", text(run->machine), "build", text(run->build),
      "date", text(run->date), "cpus", count(run->usable_cpus),
      "spoilt_workloads", (json_int_t)class_spoilt(class, k));
  for (int q = 0; q < CLASS_QUANTITIES; q++)
    json_object_set_new(json, keys[q].score, real(class->scores[q][k]));
  return json;
}

static json_t *workload_json(const struct class_row *row) {
  json_t *json =
      json_pack("{s:s, s:I, s:I}", "workload", row->workload->workload, "size",
                (json_int_t)row->workload->size, "not_comparable",
                (json_int_t)row->other_problems);
  for (int q = 0; q < CLASS_QUANTITIES; q++) {
    json_t *of = three(row->of[q].spread, "quartile_1", "quartile_3");
    if (json_is_object(of)) {
      json_object_set_new(of, "runs",
                          json_integer((json_int_t)row->of[q].count));
      json_object_set_new(of, "own_place",
                          row->of[q].place
                              ? json_integer((json_int_t)row->of[q].place)
                              : json_null());
    }
    json_object_set_new(json, keys[q].value, of);
  }
  return json;
}

static json_t *point_json(const struct class *class,
                          const struct class_row *row, size_t k,
                          const char *const *names) {
  json_t *json = json_pack(
      "{s:s, s:b, s:o, s:s, s:I}", "run", names[k], "own", k == class->own,
      "cpus", count(class->runs[k]->run.usable_cpus), "workload",
      row->workload->workload, "size", (json_int_t)row->workload->size);
  for (int q = 0; q < CLASS_QUANTITIES; q++)
    json_object_set_new(json, keys[q].value,
                        three(row->of[q].runs[k], "low", "high"));
  bool spoilt = false;
  for (int q = 0; q < CLASS_QUANTITIES; q++)
    spoilt = spoilt || row->of[q].spoilt[k];
  json_object_set_new(json, "spoilt", json_boolean(spoilt));
  return json;
}

json_t *class_json(const struct class *class, const char *const *names) {
  json_t *runs = json_array(), *workloads = json_array(),
         *points = json_array();
  for (size_t k = 0; k < class->run_count; k++)
    json_array_append_new(runs, run_json(class, k, names));
  for (size_t i = 0; i < class->row_count; i++) {
    json_array_append_new(workloads, workload_json(&class->rows[i]));
    for (size_t k = 0; k < class->run_count; k++)
      json_array_append_new(points,
                            point_json(class, &class->rows[i], k, names));
  }
  return json_pack("{s:o, s:o, s:o}", "runs", runs, "workloads", workloads,
                   "points", points);
}
