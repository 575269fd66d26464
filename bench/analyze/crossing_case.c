#include "bench/analyze/crossing_case.h"

#include "bench/analyze/stats.h"
#include "bench/plan/json_file.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

bool crossing_grid_make(struct crossing_grid *grid, size_t rounds) {
  size_t cells = CROSSING_SIZES * rounds;
  grid->rounds = rounds;
  grid->serial_s = malloc((cells + 1) * sizeof *grid->serial_s);
  grid->parallel_s = malloc((cells + 1) * sizeof *grid->parallel_s);
  if (!grid->serial_s || !grid->parallel_s)
    return false;
  for (size_t i = 0; i < cells; i++)
    grid->serial_s[i] = grid->parallel_s[i] = (double)NAN;
  return true;
}

static void grid_free(struct crossing_grid *grid) {
  free(grid->serial_s);
  free(grid->parallel_s);
  *grid = (struct crossing_grid){.count = 0};
}

void crossing_case_free(struct crossing_case *c) {
  for (size_t g = 0; g < c->grid_count; g++)
    grid_free(&c->grids[g]);
  grid_free(&c->own);
  c->grid_count = 0;
}

static bool is_complete(const struct crossing_grid *grid, size_t round) {
  for (size_t s = 0; s < grid->count; s++)
    if (isnan(crossing_speedup(grid->serial_s[s * grid->rounds + round],
                               grid->parallel_s[s * grid->rounds + round])))
      return false;
  return true;
}

uint32_t crossing_grid_complete(struct crossing_grid *grid) {
  size_t rounds = grid->rounds, kept = 0, to = 0;
  bool *keep = malloc((rounds + 1) * sizeof *keep);
  if (!keep)
    return 0; /* NANs are left out of medians in any case */
  for (size_t r = 0; r < rounds; r++) {
    keep[r] = is_complete(grid, r);
    kept += keep[r];
  }
  for (size_t i = 0; i < grid->count * rounds; i++)
    if (keep[i % rounds]) {
      grid->serial_s[to] = grid->serial_s[i];
      grid->parallel_s[to++] = grid->parallel_s[i];
    }
  grid->rounds = kept;
  free(keep);
  return (uint32_t)(rounds - kept);
}

const struct crossing *crossing_first(const struct crossing_case *c,
                                      bool rising) {
  for (size_t i = 0; i < c->crossing_count; i++)
    if (c->crossings[i].rising == rising)
      return &c->crossings[i];
  return NULL;
}

const struct search_probe *crossing_bound(const struct crossing_case *c) {
  const struct search_probe *bound = NULL;
  bool always = c->outcome == CROSSING_ALWAYS;
  if (c->outcome == CROSSING_FOUND)
    return NULL;
  for (size_t i = 0; i < c->search.count; i++) {
    const struct search_probe *probe = &c->search.probes[i];
    if (probe->decided < 0)
      return always ? probe : bound;
    if (probe->decided > 0 && !always)
      bound = probe;
  }
  return bound;
}

double crossing_task_s(const struct crossing_case *c,
                       const struct search_probe *probe) {
  double times[SEARCH_PAIRS];
  if (!probe)
    return (double)NAN;
  memcpy(times, probe->serial_s, sizeof times);
  stats_sort(times, SEARCH_PAIRS);
  return stats_median(times, SEARCH_PAIRS) / (double)(c->tasks ? c->tasks : 1);
}

/* Where there is no crossing: on which side the curve is. */
static enum crossing_outcome side_of(const struct search *search) {
  size_t above = 0, below = 0;
  for (size_t i = 0; i < search->count; i++) {
    above += search->probes[i].decided > 0;
    below += search->probes[i].decided < 0;
  }
  if (above > 0 && below > 0)
    return CROSSING_UNSETTLED;
  return above > 0   ? CROSSING_NEVER
         : below > 0 ? CROSSING_ALWAYS
                     : CROSSING_UNSETTLED;
}

static void conclude_granularity(struct crossing_case *c, uint64_t seed) {
  c->metg = (struct crossing_metg){INTERVAL_NULL, INTERVAL_NULL, (double)NAN};
  if (c->grid_count > 0)
    c->metg = crossing_metg(&c->grids[0], c->workers, (double)c->tasks, seed,
                            CROSSING_RESAMPLES);
  bool open = isinf(c->metg.items.low) && isinf(c->metg.items.high);
  c->outcome = isfinite(c->metg.items.median) && !open ? CROSSING_FOUND
                                                       : side_of(&c->search);
}

/* Takes out what says nothing: crossings that may be at any of the sizes
 * measured, losing again where nothing was won, and a second crossing whose
 * interval meets the first one's (a parabola bends that way by noise). */
static void drop_empty(struct crossing_case *c) {
  size_t kept = 0;
  bool won = c->search.count > 0 && c->search.probes[0].decided < 0;
  for (size_t i = 0; i < c->crossing_count; i++) {
    const struct crossing *crossing = &c->crossings[i];
    bool open = isinf(crossing->size.low) && isinf(crossing->size.high);
    bool apart =
        kept == 0 || crossing->size.low > c->crossings[kept - 1].size.high;
    if (open || !apart || (crossing->rising && !won))
      continue;
    won = !crossing->rising;
    c->crossings[kept++] = *crossing;
  }
  c->crossing_count = kept;
}

static void conclude_breakeven(struct crossing_case *c, uint64_t seed) {
  c->crossing_count = 0;
  for (size_t g = 0; g < c->grid_count; g++)
    c->crossing_count +=
        crossing_breakeven(&c->grids[g], seed, CROSSING_RESAMPLES,
                           &c->crossings[c->crossing_count]);
  drop_empty(c);
  c->outcome = crossing_first(c, false)  ? CROSSING_FOUND
               : crossing_first(c, true) ? CROSSING_ALWAYS
                                         : side_of(&c->search);
  c->own_ratio = INTERVAL_NULL;
  if (c->own.count > 0)
    c->own_ratio = crossing_ratio(&c->own, 0);
}

void crossing_conclude(struct crossing_case *c, uint64_t seed) {
  c->lost = 0;
  for (size_t g = 0; g < c->grid_count; g++)
    c->lost += crossing_grid_complete(&c->grids[g]);
  c->lost += crossing_grid_complete(&c->own);
  if (c->question == CROSSING_GRANULARITY)
    conclude_granularity(c, seed);
  else
    conclude_breakeven(c, seed);
}

/* ---- as JSON ---------------------------------------------------------------
 */

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
