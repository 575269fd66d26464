#include "bench/sweep/simulated/course.h"

#include "bench/plan/point.h"
#include "bench/sweep/simulated/draws.h"
#include "bench/trial/job.h"

#include <math.h>

/* The number of the second region of a program that repeats it: no other
 * region has as high a one, and so draws as if there were none. */
enum { FIRST_REPEAT = 1 << 20 };

/* And of the first pass of a profile. */
enum { FIRST_PASS = 1 << 21 };

/* How many times as long region i takes as it would. */
static double noise_of(const struct simulated_course *course, uint32_t i) {
  double jitter = course->self->machine->region_jitter;
  return course->noise *
         exp(jitter *
             simulated_normal(course->stream, SIMULATED_REGIONS + 2 * i));
}

/* Region i of the trial, 0 the cold one, from now on. */
static struct simulated_region one_region(struct simulated_course *course,
                                          uint32_t i,
                                          struct simulated_worker *workers) {
  return simulated_region(&course->team, noise_of(course, i), workers);
}

/* Counts it in the trial, and gives its seconds. */
static double spend(struct simulated_course *course,
                    const struct simulated_region *region) {
  course->team.now_ns += region->region_ns;
  course->stolen_ns += region->stolen_ns;
  course->throttled_ns += region->throttled_ns;
  return simulated_s(region->region_ns);
}

void simulated_choose(struct simulated_course *course, uint32_t place) {
  const struct simulated_point *point = &course->self->scratch->points[place];
  struct trial_request placed = *course->order;
  course->team.order = &point->order;
  course->team.chunk = point->chunk;
  placed.workers = point->order.workers;
  if (placed.workers != course->workers)
    simulated_cores_place(&course->self->scratch->cores, &placed);
  course->workers = placed.workers;
}

/* How many workers are new: they are started, outside of any region. */
static uint32_t grow(struct simulated_course *course, uint32_t place) {
  uint32_t before = course->workers;
  simulated_choose(course, place);
  uint32_t born = course->workers > before ? course->workers - before : 0;
  course->team.now_ns +=
      simulated_ns(born * course->self->machine->start_per_worker_s);
  return born;
}

/* And their first region is a cold one, as long again as it took to start one
 * of them. */
static void warm_up(const struct simulated_course *course, uint32_t born,
                    struct simulated_region *region) {
  const struct simulated_machine *machine = course->self->machine;
  if (born > 0)
    region->region_ns +=
        simulated_stamp_ns(machine, simulated_ns(machine->start_per_worker_s));
}

/* Counts a region as one of the point's own. */
static void keep_region(struct simulated_course *course, uint32_t i,
                        const struct simulated_region *region,
                        struct simulated_point *point) {
  struct trial_result *result = &point->result;
  simulated_sum(&course->team, course->self->scratch->workers, region,
                &result->sums);
  point->timed[result->iterations] =
      (struct simulated_timed){i, course->team.now_ns - region->region_ns};
  result->regions_s[result->iterations++] = simulated_s(region->region_ns);
}

/* Region i as a plain loop, alone on the CPU of that worker. */
static struct simulated_region
serial_region(const struct simulated_course *course, uint32_t i,
              uint32_t worker) {
  const struct simulated_cores *cores = &course->self->scratch->cores;
  double item_s = simulated_cores_alone_s(cores, course->order, worker);
  const struct simulated_place place = {cores->places[worker].cpu, 1};
  struct simulated_worker alone;
  struct trial_request order = *course->order;
  struct simulated_course serial = *course;
  order.workers = 1;
  order.variant.schedule = SCHEDULE_STATIC;
  order.variant.transport = TRANSPORT_SHM; /* its results need not travel */
  serial.team.order = &order;
  serial.team.item_s = &item_s;
  serial.team.places = &place;
  serial.team.is_team = serial.team.forks = false;
  return one_region(&serial, i, &alone);
}

/* Turns as they are taken, from region 1 on. */
struct walk {
  struct simulated_course *course;
  uint32_t taken, rows; /* rows of serial regions, each on one CPU */
  bool in_row;
};

/* Of all points whose it is. */
static void note_turn(struct simulated_course *course,
                      const struct trial_turn *turn, double time_s, int cpu) {
  for (uint32_t i = turn->first; i < turn->first + turn->points; i++) {
    struct trial_turns *turns = &course->self->scratch->points[i].result.turns;
    turns->cpus[turns->count] = cpu;
    turns->times_s[turns->count++] = time_s;
  }
}

static void take_other(struct walk *walk, const struct trial_turn *turn) {
  struct simulated_course *course = walk->course;
  const struct trial_request *order = course->order;
  uint32_t worker = (order->first_cpu + walk->rows) % order->workers;
  /* Whichever count the team has: the CPU is one of the trial's own point. */
  struct simulated_region region = serial_region(course, walk->taken, worker);
  note_turn(course, turn, spend(course, &region),
            order->cpus ? order->cpus[worker] : -1);
}

/* All workers' chains at once, on whatever the workers' own CPUs are at
 * besides. */
static void read_clocks(struct walk *walk, const struct trial_turn *turn) {
  struct simulated_course *course = walk->course;
  const struct simulated_cores *cores = &course->self->scratch->cores;
  struct trial_turns *turns =
      &course->self->scratch->points[turn->first].result.turns;
  const struct simulated_place place = {-1, cores->places[0].busy_cpus};
  double noise = noise_of(course, walk->taken);
  int64_t longest_ns = 0;
  for (uint32_t w = 0; w < course->workers; w++) {
    double hz = simulated_cores_clock_hz(cores, course->order, w);
    int64_t ns =
        simulated_states_ns(&course->states, &place, course->team.now_ns,
                            simulated_ns(TRIAL_CHAIN / hz * noise));
    turns->clocks_hz[turns->clock_count++] = TRIAL_CHAIN / simulated_s(ns);
    longest_ns = ns > longest_ns ? ns : longest_ns;
  }
  course->team.now_ns += longest_ns;
  note_turn(course, turn, simulated_s(longest_ns), -1);
}

static void take_own(struct walk *walk, const struct trial_turn *turn) {
  struct simulated_course *course = walk->course;
  struct simulated_point *point = &course->self->scratch->points[turn->first];
  uint32_t born = grow(course, turn->first);
  struct simulated_region region =
      one_region(course, walk->taken, course->self->scratch->workers);
  warm_up(course, born, &region);
  note_turn(course, turn, spend(course, &region), -1);
  if (turn->first > 0)
    point->result.workers_seen = region.seen;
  if (turn->form == 'P')
    keep_region(course, walk->taken, &region, point);
}

static int take_turn(void *context, const struct trial_turn *turn) {
  struct walk *walk = context;
  bool beside = trial_turn_is_beside(turn->form);
  walk->rows += walk->in_row && !beside;
  walk->in_row = beside;
  if (turn->form == '|')
    return 0;
  walk->taken++;
  if (beside)
    take_other(walk, turn);
  else if (turn->form == 'c')
    read_clocks(walk, turn);
  else
    take_own(walk, turn);
  return 0;
}

static void all_iterations(struct simulated_course *course) {
  uint32_t cold = 1 + course->order->warmups;
  for (uint32_t i = 1; i < cold + course->order->iterations; i++) {
    struct simulated_region region =
        one_region(course, i, course->self->scratch->workers);
    spend(course, &region);
    if (i >= cold)
      keep_region(course, i, &region, course->self->scratch->points);
  }
}

void simulated_run_again(struct simulated_course *course,
                         struct simulated_point *point) {
  struct trial_result *result = &point->result;
  if (result->iterations == 0)
    return;
  const struct simulated_timed *chosen =
      &point->timed[trial_median_region(result->regions_s, result->iterations)];
  int64_t now_ns = course->team.now_ns;
  course->team.now_ns = chosen->begin_ns;
  struct simulated_region region =
      one_region(course, chosen->number, course->self->scratch->workers);
  course->team.now_ns = now_ns;
  result->region_s = simulated_s(region.region_ns);
}

void simulated_regions(struct simulated_course *course) {
  struct trial_result *result = &course->self->scratch->points[0].result;
  struct walk walk = {.course = course};
  struct simulated_worker *workers = course->self->scratch->workers;
  struct simulated_region first = one_region(course, 0, workers);
  result->region_first_s = spend(course, &first);
  simulated_sum(&course->team, workers, &first, &result->program_sums);
  result->workers_seen = first.seen;
  for (uint32_t i = 1; i < trial_repeat(course->order); i++) {
    struct simulated_region again =
        one_region(course, FIRST_REPEAT + i - 1, workers);
    result->repeats_s += spend(course, &again);
    simulated_sum(&course->team, workers, &again, &result->program_sums);
  }
  if (result->turns.forms)
    trial_turns_go(course->order, take_turn, &walk);
  else
    all_iterations(course);
}

/* What comes before an item, in even ones: on a machine on which later slices
 * hold more work than earlier ones, items do, as if each were a worker's. */
static double items_before(const struct simulated_course *course,
                           uint64_t item) {
  double share = (double)item / (double)course->order->size;
  double more = course->self->machine->skew * (share * share - share);
  return (double)item + more * (double)course->order->size;
}

/* What each block took in each pass, as stamped. */
typedef int64_t passes_ns[POINT_PASSES];

static void take_pass(struct simulated_course *course, uint32_t count,
                      uint32_t pass, passes_ns *blocks) {
  const struct simulated_cores *cores = &course->self->scratch->cores;
  const struct simulated_place place = {cores->places[0].cpu, 1};
  uint64_t size = course->order->size;
  double item_s = simulated_cores_alone_s(cores, course->order, 0) *
                  noise_of(course, FIRST_PASS + pass) /
                  (1 - course->team.stolen);
  int64_t done_ns = 0, begin_ns = 0, took_ns = 0;
  for (uint32_t k = 0; k < count; k++) {
    int64_t now_ns = course->team.now_ns + took_ns;
    int64_t until_ns = simulated_ns(
        items_before(course, job_share(size, k + 1, count)) * item_s);
    int64_t work_ns = until_ns - done_ns;
    took_ns +=
        course->team.states
            ? simulated_states_ns(course->team.states, &place, now_ns, work_ns)
            : work_ns;
    done_ns = until_ns;
    int64_t end_ns = simulated_stamp_ns(course->self->machine, took_ns);
    blocks[k][pass] = end_ns - begin_ns;
    begin_ns = end_ns;
  }
  course->team.now_ns += took_ns;
}

void simulated_profile(struct simulated_course *course) {
  struct simulated_scratch *scratch = course->self->scratch;
  struct trial_result *result = &scratch->points[0].result;
  uint32_t count = trial_profile_blocks(course->order), passes = 0;
  int64_t until_ns = course->team.now_ns + POINT_PASSES_NS;
  passes_ns blocks[TRIAL_PROFILE];
  if (count == 0)
    return;
  do
    take_pass(course, count, passes++, blocks);
  while (passes < POINT_PASSES && course->team.now_ns < until_ns);
  result->profile_s = scratch->profile_s;
  result->profile_count = count;
  for (uint32_t k = 0; k < count; k++)
    result->profile_s[k] = simulated_s(trial_profile_ns(blocks[k], passes));
}
