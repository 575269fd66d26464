#include "bench/analyze/crossing_plan.h"

#include "bench/analyze/crossing_sizes.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { ITERATIONS_MIN = 3, ITERATIONS_MAX = 15 };

/* Of trial_s: work that says how much a larger size will take. */
static const double telling = 0.02;

static struct crossing_case *current(const struct crossing_plan *plan) {
  return &plan->cases[plan->at];
}

/* Items of a region; a size is those of one task where tasks are counted. */
static uint64_t items_of(const struct crossing_case *c, double size) {
  return (uint64_t)size * (c->tasks ? c->tasks : 1);
}

/* ---- sizes --------------------------------------------------------------- */

/* To two digits. */
static double round_down(double size) {
  double unit = pow(10, fmax(0, floor(log10(size)) - 1));
  return floor(size / unit) * unit;
}

/* The cheapest of some pairs: their work, and the wall time of the longer
 * trial. */
struct cost {
  double work_s, wall_s;
};

/* Lowers the largest size to what trials have the time for. */
static void limit_time(struct crossing_plan *plan, struct crossing_case *c,
                       double size, const struct cost *cost) {
  double most = c->search.high;
  if (cost->work_s > telling * plan->trial_s)
    most = round_down(size * plan->trial_s / cost->work_s);
  /* What the parallel one takes besides: a slow transport. */
  if (c->search.count == 1)
    plan->spawn_s = cost->wall_s;
  if (cost->wall_s - plan->spawn_s > plan->trial_s || most < size)
    most = size;
  if (most < c->search.high) {
    c->search.high = most;
    c->limit = "time";
  }
}

/* ---- rungs --------------------------------------------------------------- */

static const struct crossing_rung *find_rung(const struct crossing_plan *plan,
                                             uint64_t items) {
  for (size_t i = 0; i < plan->rung_count; i++)
    if (plan->rungs[i].workload == current(plan)->workload &&
        plan->rungs[i].items == items)
      return &plan->rungs[i];
  return NULL;
}

/* So that short regions are timed more often: their median is steadier. */
static uint32_t iterations_for(const struct crossing_plan *plan,
                               double region_s) {
  if (plan->program)
    return 0;
  double count = plan->regions_s / region_s;
  return !(count > ITERATIONS_MIN) ? ITERATIONS_MIN
         : count > ITERATIONS_MAX  ? ITERATIONS_MAX
                                   : (uint32_t)count;
}

static int add_rungs(struct crossing_plan *plan, const struct so_far *so_far,
                     struct problem *problem) {
  struct crossing_rung *rungs = reallocarray(
      plan->rungs, plan->rung_count + so_far->last_count, sizeof *rungs);
  if (!rungs)
    return problem_failure(problem, "out of memory");
  plan->rungs = rungs;
  for (size_t i = 0; i < so_far->last_count; i++) {
    const struct record *r = &so_far->records->list[so_far->last[i]];
    rungs[plan->rung_count++] = (struct crossing_rung){
        .workload = current(plan)->workload,
        .items = (uint64_t)r->size,
        .iterations = iterations_for(plan, r->region_s),
    };
  }
  return PROBLEM_NONE;
}

/* ---- batches ------------------------------------------------------------- */

static struct point point_at(const struct crossing_plan *plan, double size,
                             bool serial, uint32_t iterations) {
  const struct crossing_case *c = current(plan);
  struct point point = {
      .workload = c->workload,
      .variant = plan->specs[plan->at],
      .workers = serial ? 1 : c->workers,
      .size = items_of(c, size),
      .warmups = !plan->program,
      .iterations = iterations,
      .phase = plan->experiment->name,
  };
  if (serial)
    point.variant = (struct variant_spec){.team = "serial"};
  else if (c->tasks && notation_takes_chunk(point.variant.schedule))
    point.variant.chunk = (uint64_t)size;
  return point;
}

/* A serial trial, verified in full, of every wanted size that is new; false:
 * none is. */
static bool give_verification(struct crossing_plan *plan, struct batch *batch) {
  size_t count = 0;
  for (size_t i = 0; i < plan->size_count; i++)
    if (!find_rung(plan, items_of(current(plan), plan->sizes[i])))
      plan->points[count++] =
          point_at(plan, plan->sizes[i], true, !plan->program);
  batch->points = plan->points;
  batch->count = count;
  batch->rounds = 1;
  batch->unnumbered = batch->needed = true;
  batch->then_s = (double)NAN;
  return count > 0;
}

/* Pairs at every wanted size, serial first in every other round. */
static void give_pairs(struct crossing_plan *plan, struct batch *batch) {
  bool searches = plan->stage == CROSSING_SEARCHES;
  for (size_t i = 0; i < plan->size_count; i++) {
    double size = plan->sizes[i];
    uint32_t iterations =
        find_rung(plan, items_of(current(plan), size))->iterations;
    plan->points[2 * i] = point_at(plan, size, true, iterations);
    plan->points[2 * i + 1] = point_at(plan, size, false, iterations);
    plan->points[2 * i].unit = plan->points[2 * i + 1].unit = (uint32_t)i + 1;
  }
  batch->points = plan->points;
  batch->count = 2 * plan->size_count;
  batch->rounds = searches ? SEARCH_PAIRS : plan->rounds;
  batch->unnumbered = batch->needed = searches;
  batch->shuffled = !searches;
  batch->least = plan->keeps_rounds ? 0 : CROSSING_ROUNDS_LEAST;
  batch->then_s = (double)NAN; /* how many sizes, the search will tell */
}

/* ---- what came of a batch ------------------------------------------------ */

/* NAN where the trial failed. */
static double time_of(const struct crossing_plan *plan,
                      const struct record *record) {
  if (!record_is_ok(record))
    return (double)NAN;
  return plan->program ? record->program_s : record->region_s;
}

static void take_search(struct crossing_plan *plan,
                        const struct so_far *so_far) {
  struct crossing_case *c = current(plan);
  double serial_s[SEARCH_PAIRS] = {0}, parallel_s[SEARCH_PAIRS] = {0};
  struct cost cheapest = {(double)INFINITY, (double)INFINITY};
  for (size_t i = 0; i < so_far->last_count; i += 2) {
    double wall_s = 0;
    for (size_t k = i; k < i + 2; k++) {
      const struct record *r = &so_far->records->list[so_far->last[k]];
      double regions = (double)r->regions_s.count;
      bool serial = so_far->last_points[k] == 0;
      (serial ? serial_s : parallel_s)[i / 2] = time_of(plan, r);
      wall_s = fmax(wall_s, r->wall_s);
      /* Without exec and exit. */
      double work_s =
          r->program_s + (regions > 0 ? (regions + 1) * r->region_s : 0);
      if (serial)
        cheapest.work_s = fmin(cheapest.work_s, work_s);
    }
    cheapest.wall_s = fmin(cheapest.wall_s, wall_s);
  }
  search_add(&c->search, plan->sizes[0], serial_s, parallel_s);
  limit_time(plan, c, plan->sizes[0], &cheapest);
}

static void take_rounds(struct crossing_plan *plan,
                        const struct so_far *so_far) {
  size_t in_round = 2 * plan->size_count;
  for (size_t i = 0; i < so_far->last_count; i++) {
    size_t round = i / in_round, size = so_far->last_points[i] / 2;
    bool own = plan->with_own && size == plan->size_count - 1;
    bool serial = so_far->last_points[i] % 2 == 0;
    struct crossing_grid *to = own ? &current(plan)->own : plan->grid;
    (serial ? to->serial_s
            : to->parallel_s)[(own ? 0 : size) * to->rounds + round] =
        time_of(plan, &so_far->records->list[so_far->last[i]]);
  }
  if (plan->with_own)
    plan->own = NULL;
  plan->with_own = false;
}

/* ---- what is wanted next ------------------------------------------------- */

static bool want_search(struct crossing_plan *plan) {
  plan->size_count = 1;
  return search_next(&current(plan)->search, &plan->sizes[0]);
}

/* A preset's own size, unless it is out of reach; and the brackets. */
static int begin_rounds(struct crossing_plan *plan, struct problem *problem) {
  struct crossing_case *c = current(plan);
  const struct kernel_preset *preset = c->workload->preset;
  plan->stage = CROSSING_MEASURES;
  plan->bracket_count = search_brackets(&c->search, plan->brackets);
  plan->bracket = 0;
  plan->grid = plan->own = NULL;
  if (c->question != CROSSING_BREAKEVEN || !preset ||
      (double)preset->size > c->search.high)
    return PROBLEM_NONE;
  if (!crossing_grid_make(&c->own, plan->rounds))
    return problem_failure(problem, "out of memory");
  c->own.count = 1;
  c->own.sizes[0] = (double)preset->size;
  plan->own = &c->own;
  return PROBLEM_NONE;
}

/* The grid's sizes around the centre, and the preset's own beside them. */
static void want_grid(struct crossing_plan *plan) {
  const struct crossing_experiment *experiment = plan->experiment;
  const struct search *search = &current(plan)->search;
  struct crossing_grid *grid = plan->grid;
  plan->size_count =
      crossing_ladder(plan->centre, experiment->ratio, experiment->sizes,
                      search->low, search->high, plan->sizes);
  grid->count = plan->size_count;
  memcpy(grid->sizes, plan->sizes, grid->count * sizeof *grid->sizes);
  plan->with_own = plan->own != NULL;
  if (plan->own)
    plan->sizes[plan->size_count++] = plan->own->sizes[0];
  plan->attempts++;
}

/* A grid that lies on one side of the line after all (five pairs can deceive)
 * is moved once, and measured anew. */
static bool want_moved(struct crossing_plan *plan) {
  const struct crossing_case *c = current(plan);
  const struct crossing_grid *grid = plan->grid;
  if (!grid || plan->attempts > 1)
    return false;
  size_t last = grid->count - 1;
  double lowest = crossing_height_median(c->question, c->workers, grid, 0);
  double highest = crossing_height_median(c->question, c->workers, grid, last);
  if (!(lowest * highest > 0))
    return false;
  double before = grid->sizes[0], span = grid->sizes[last] / before;
  plan->centre *= lowest > 0 ? span / 2 : 2 / span;
  double moved[CROSSING_SIZES];
  crossing_ladder(plan->centre, plan->experiment->ratio,
                  plan->experiment->sizes, c->search.low, c->search.high,
                  moved);
  if (moved[0] == before)
    return false;
  want_grid(plan);
  return true;
}

/* Whether the bracket at plan->bracket is to be measured. */
static bool counts(const struct crossing_plan *plan) {
  const struct crossing_case *c = current(plan);
  const struct search_bracket *bracket = &plan->brackets[plan->bracket];
  const struct crossing_grid *last =
      c->grid_count > 0 ? &c->grids[c->grid_count - 1] : NULL;
  bool one = c->question == CROSSING_GRANULARITY || c->search.trusting;
  if (one && (bracket->rising || last))
    return false; /* the smallest task is asked for; or it only wobbles */
  /* Else the quadratic finds it as well. */
  return !last ||
         sqrt(bracket->low * bracket->high) >= last->sizes[last->count - 1];
}

/* Sizes to go on with; false: the case is done. */
static bool want_rounds(struct crossing_plan *plan, struct problem *problem,
                        int *status) {
  struct crossing_case *c = current(plan);
  if (want_moved(plan))
    return true;
  plan->grid = NULL;
  for (; plan->bracket < plan->bracket_count; plan->bracket++) {
    const struct search_bracket *bracket = &plan->brackets[plan->bracket];
    if (!counts(plan))
      continue;
    plan->grid = &c->grids[c->grid_count++];
    if (!crossing_grid_make(plan->grid, plan->rounds)) {
      *status = problem_failure(problem, "out of memory");
      return false;
    }
    plan->centre = sqrt(bracket->low * bracket->high);
    plan->attempts = 0;
    plan->bracket++;
    want_grid(plan);
    return true;
  }
  plan->size_count = plan->own ? 1 : 0;
  plan->with_own = plan->own != NULL;
  if (plan->own)
    plan->sizes[0] = plan->own->sizes[0];
  return plan->own != NULL;
}

static void begin_case(struct crossing_plan *plan) {
  if (plan->at == plan->case_count)
    return;
  struct crossing_case *c = current(plan);
  plan->stage = CROSSING_SEARCHES;
  c->rounds = plan->rounds;
  c->search = (struct search){
      .question = c->question,
      .workers = c->workers,
      .low = 1,
      .first_only = c->question == CROSSING_GRANULARITY,
  };
  c->search.high =
      crossing_largest_size(c, plan->memory_bytes, plan->usable_cpus);
}

/* ---- the planner --------------------------------------------------------- */

static int next(struct planner *self, const struct so_far *so_far,
                struct batch *batch, struct problem *problem) {
  struct crossing_plan *plan = (struct crossing_plan *)self; /* first member */
  int status = PROBLEM_NONE;
  if (plan->step == CROSSING_VERIFIES) {
    plan->step = CROSSING_TIMES;
    status = add_rungs(plan, so_far, problem);
    if (!status)
      give_pairs(plan, batch);
    return status;
  }
  if (plan->step == CROSSING_TIMES && plan->stage == CROSSING_SEARCHES)
    take_search(plan, so_far);
  else if (plan->step == CROSSING_TIMES)
    take_rounds(plan, so_far);
  plan->step = CROSSING_ASKS;
  while (!status && plan->at < plan->case_count) {
    bool wanted = plan->stage == CROSSING_SEARCHES
                      ? want_search(plan)
                      : want_rounds(plan, problem, &status);
    if (wanted) {
      bool verifies = give_verification(plan, batch);
      plan->step = verifies ? CROSSING_VERIFIES : CROSSING_TIMES;
      if (!verifies) {
        *batch = (struct batch){.first_round = 1};
        give_pairs(plan, batch);
      }
      return status;
    }
    if (plan->stage == CROSSING_SEARCHES) {
      status = begin_rounds(plan, problem);
    } else {
      plan->at++;
      begin_case(plan);
    }
  }
  batch->count = 0;
  return status;
}

void crossing_plan_begin(struct crossing_plan *plan) {
  plan->base.next = next;
  begin_case(plan);
}

void crossing_plan_conclude(struct crossing_plan *plan, uint64_t seed) {
  for (size_t i = 0; i < plan->case_count; i++)
    crossing_conclude(&plan->cases[i], seed);
}

void crossing_plan_free(struct crossing_plan *plan) {
  free(plan->rungs);
  plan->rungs = NULL;
}
