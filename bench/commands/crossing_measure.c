/* The measurement of one workload and variant: search, then rounds. */
#include "bench/commands/crossing_run.h"

#include "bench/plan/order.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* Of trial_s: work that says how much a larger size will take. */
static const double telling = 0.02;

static void progress(const struct crossing_case *c, const char *what,
                     uint32_t round, uint32_t rounds, double size) {
  if (!isatty(STDERR_FILENO))
    return;
  fprintf(stderr, "\r\033[K%s", what);
  if (round)
    fprintf(stderr, " %" PRIu32 "/%" PRIu32, round, rounds);
  fprintf(stderr, ": %.40s %.24s, size %.0f", c->workload->name, c->variant,
          size);
}

/* To two digits. */
static double round_down(double size) {
  double unit = pow(10, fmax(0, floor(log10(size)) - 1));
  return floor(size / unit) * unit;
}

/* Lowers the largest size to what trials have the time for. */
static void limit_time(struct crossing_run *run, struct crossing_case *c,
                       double size, const struct ladder_pair *shortest) {
  double most = c->search.high;
  if (shortest->work_s > telling * run->trial_s)
    most = round_down(size * run->trial_s / shortest->work_s);
  /* What the parallel one takes besides: a slow transport. */
  if (c->search.count == 1)
    run->spawn_s = shortest->wall_s;
  if (shortest->wall_s - run->spawn_s > run->trial_s || most < size)
    most = size;
  if (most < c->search.high) {
    c->search.high = most;
    c->limit = "time";
  }
}

static int find_brackets(struct crossing_run *run, struct crossing_case *c,
                         struct problem *problem) {
  double size;
  while (search_next(&c->search, &size)) {
    double serial_s[SEARCH_PAIRS], parallel_s[SEARCH_PAIRS];
    struct ladder_pair shortest = {.work_s = (double)INFINITY,
                                   .wall_s = (double)INFINITY};
    progress(c, "search", 0, 0, size);
    for (uint32_t i = 0; i < SEARCH_PAIRS; i++) {
      struct ladder_pair pair;
      int status = ladder_pair(&run->ladder, (uint64_t)size, i + 1, true, &pair,
                               problem);
      if (!status && run->ladder.bad > 0)
        status = problem_failure(problem, "%s", run->ladder.first_error);
      if (status)
        return status;
      serial_s[i] = pair.serial_s;
      parallel_s[i] = pair.parallel_s;
      shortest.wall_s = fmin(shortest.wall_s, pair.wall_s);
      shortest.work_s = fmin(shortest.work_s, pair.work_s);
    }
    search_add(&c->search, size, serial_s, parallel_s);
    limit_time(run, c, size, &shortest);
  }
  return PROBLEM_NONE;
}

/* Rounds over the sizes of a grid and the preset's own (own NULL: none), in
 * random order. */
static int run_rounds(struct crossing_run *run, const struct crossing_case *c,
                      struct crossing_grid *grid, struct crossing_grid *own,
                      struct problem *problem) {
  uint32_t order[CROSSING_SIZES + 1];
  size_t count = grid->count + (own ? own->count : 0);
  for (uint32_t round = 1; round <= run->rounds; round++) {
    order_shuffle(order, count, run->seed, round);
    for (size_t i = 0; i < count; i++) {
      bool is_own = order[i] >= grid->count;
      size_t s = is_own ? 0 : order[i];
      struct crossing_grid *to = is_own ? own : grid;
      struct ladder_pair pair;
      progress(c, "round", round, run->rounds, to->sizes[s]);
      int status = ladder_pair(&run->ladder, (uint64_t)to->sizes[s], round,
                               false, &pair, problem);
      if (status)
        return status;
      to->serial_s[s * to->rounds + round - 1] = pair.serial_s;
      to->parallel_s[s * to->rounds + round - 1] = pair.parallel_s;
    }
  }
  return PROBLEM_NONE;
}

/* Measures around a centre.  A grid that lies on one side of the line after
 * all (five pairs can deceive) is moved once, and measured anew. */
static int measure_around(struct crossing_run *run, struct crossing_case *c,
                          double centre, struct crossing_grid *own,
                          struct problem *problem) {
  const struct crossing_experiment *experiment = run->experiment;
  struct crossing_grid *grid = &c->grids[c->grid_count++];
  int status = PROBLEM_NONE;
  if (!crossing_grid_make(grid, run->rounds))
    return problem_failure(problem, "out of memory");
  for (int attempt = 0; !status && attempt < 2; attempt++) {
    double before = grid->count ? grid->sizes[0] : 0;
    double sizes[CROSSING_SIZES];
    size_t count = crossing_ladder(centre, experiment->ratio, experiment->sizes,
                                   c->search.low, c->search.high, sizes);
    if (attempt > 0 && sizes[0] == before)
      break;
    grid->count = count;
    memcpy(grid->sizes, sizes, count * sizeof *sizes);
    status = run_rounds(run, c, grid, attempt == 0 ? own : NULL, problem);
    double lowest = crossing_height_median(c->question, c->workers, grid, 0);
    double highest =
        crossing_height_median(c->question, c->workers, grid, count - 1);
    if (!(lowest * highest > 0))
      break;
    double span = sizes[count - 1] / sizes[0];
    centre *= lowest > 0 ? span / 2 : 2 / span;
  }
  return status;
}

static int measure_grids(struct crossing_run *run, struct crossing_case *c,
                         struct problem *problem) {
  struct search_bracket brackets[SEARCH_BRACKETS];
  struct crossing_grid *own = c->own.count > 0 ? &c->own : NULL;
  size_t count = search_brackets(&c->search, brackets);
  int status = PROBLEM_NONE;
  for (size_t i = 0; !status && i < count; i++) {
    const struct crossing_grid *last =
        c->grid_count > 0 ? &c->grids[c->grid_count - 1] : NULL;
    double centre = sqrt(brackets[i].low * brackets[i].high);
    bool one = c->question == CROSSING_GRANULARITY || c->search.trusting;
    if (one && (brackets[i].rising || last))
      continue; /* the smallest task is asked for; or it only wobbles */
    if (last && centre < last->sizes[last->count - 1])
      continue; /* the quadratic finds it as well */
    status = measure_around(run, c, centre, own, problem);
    own = NULL;
  }
  if (!status && own) {
    struct crossing_grid nothing = {.count = 0};
    status = run_rounds(run, c, &nothing, own, problem);
  }
  return status;
}

/* A preset's own size, unless it is out of reach. */
static int prepare_own(struct crossing_run *run, struct crossing_case *c,
                       struct problem *problem) {
  if (c->question != CROSSING_BREAKEVEN || !c->workload->preset ||
      (double)c->workload->preset->size > c->search.high)
    return PROBLEM_NONE;
  if (!crossing_grid_make(&c->own, run->rounds))
    return problem_failure(problem, "out of memory");
  c->own.count = 1;
  c->own.sizes[0] = (double)c->workload->preset->size;
  return PROBLEM_NONE;
}

int crossing_measure(struct crossing_run *run, struct crossing_case *c,
                     struct problem *problem) {
  run->ladder.tasks = c->tasks;
  c->rounds = run->rounds;
  c->search = (struct search){
      .question = c->question,
      .workers = c->workers,
      .low = 1,
      .high = (double)ladder_most(&run->ladder, &c->limit),
      .first_only = c->question == CROSSING_GRANULARITY,
  };
  int status = find_brackets(run, c, problem);
  if (!status)
    status = prepare_own(run, c, problem);
  if (!status)
    status = measure_grids(run, c, problem);
  return status;
}
