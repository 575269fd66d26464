/* breakeven.json and granularity.json. */
#include "bench/analyze/crossing_case.h"

#include "bench/record/json_file.h"

#include <math.h>
#include <stdlib.h>

static json_t *real(double x) {
  return isfinite(x) ? json_real(x) : json_null();
}

/* A bound that is not finite is null, and "open" names it. */
static json_t *interval(struct interval x) {
  bool low = isinf(x.low), high = isinf(x.high);
  return json_pack("{s:o,s:o,s:o,s:s}", "median", real(x.median), "low",
                   real(x.low), "high", real(x.high), "open",
                   low && high ? "both"
                   : low       ? "low"
                   : high      ? "high"
                               : "");
}

static json_t *crossings(const struct crossing_case *c) {
  json_t *list = json_array();
  for (size_t i = 0; i < c->crossing_count; i++)
    json_array_append_new(
        list,
        json_pack("{s:o,s:s}", "size_items", interval(c->crossings[i].size),
                  "past_it", c->crossings[i].rising ? "slower" : "faster"));
  return list;
}

static json_t *probes(const struct crossing_case *c) {
  json_t *list = json_array();
  for (size_t i = 0; i < c->search.count; i++) {
    const struct search_probe *probe = &c->search.probes[i];
    json_t *serial = json_array(), *parallel = json_array();
    for (int k = 0; k < SEARCH_PAIRS; k++) {
      json_array_append_new(serial, real(probe->serial_s[k]));
      json_array_append_new(parallel, real(probe->parallel_s[k]));
    }
    json_array_append_new(list, json_pack("{s:o,s:o,s:o}", "size_items",
                                          real(probe->size), "serial_s", serial,
                                          "parallel_s", parallel));
  }
  return list;
}

/* Speedups at the sizes of a grid. */
static json_t *points(const struct crossing_grid *grid, json_t *list) {
  for (size_t s = 0; s < grid->count; s++)
    json_array_append_new(list, json_pack("{s:o,s:o}", "size_items",
                                          real(grid->sizes[s]), "speedup",
                                          interval(crossing_ratio(grid, s))));
  return list;
}

static json_t *case_json(const struct crossing_case *c) {
  static const char *const outcomes[] = {"found", "always", "never",
                                         "unsettled"};
  json_t *list = json_array();
  for (size_t g = 0; g < c->grid_count; g++)
    points(&c->grids[g], list);
  json_t *json = json_pack(
      "{s:s,s:s,s:s,s:s,s:I,s:I,s:I,s:s,s:o,s:o,s:s,s:o,s:o}", "workload",
      c->workload->name, "variant", c->variant, "label", c->label, "scope",
      c->scope, "workers", (json_int_t)c->workers, "rounds",
      (json_int_t)c->rounds, "rounds_left_out", (json_int_t)c->lost, "outcome",
      outcomes[c->outcome], "least_items", real(c->search.low), "most_items",
      real(c->search.high), "limited_by", c->limit, "probes", probes(c),
      "points", list);
  if (json && c->question == CROSSING_GRANULARITY) {
    json_object_set_new(json, "tasks", json_integer((json_int_t)c->tasks));
    json_object_set_new(json, "metg_task_s", interval(c->metg.task_s));
    json_object_set_new(json, "metg_items", interval(c->metg.items));
    json_object_set_new(json, "slope", real(c->metg.slope));
  } else if (json) {
    json_object_set_new(json, "crossings", crossings(c));
    if (c->own.count > 0)
      points(&c->own, json_object_get(json, "points"));
    json_object_set_new(json, "own_size_items",
                        c->own.count > 0 ? real(c->own.sizes[0]) : json_null());
    json_object_set_new(json, "own_speedup", interval(c->own_ratio));
  }
  return json;
}

int crossing_write(const struct crossing_case *cases, size_t count,
                   const char *path, struct problem *problem) {
  json_t *list = json_array();
  for (size_t i = 0; i < count; i++)
    json_array_append_new(list, case_json(&cases[i]));
  json_t *json = json_pack("{s:i,s:o}", "schema", 1, "results", list);
  return json_file_write(json, path, 9, problem);
}
