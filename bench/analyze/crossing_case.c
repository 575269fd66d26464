#include "bench/analyze/crossing_case.h"

#include "bench/analyze/stats.h"

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
