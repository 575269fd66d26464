#include "bench/sweep/simulated_course.h"

#include "bench/sweep/simulated_draws.h"

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
  return simulated_s(region->region_ns);
}

/* Counts a region as one of the trial's own. */
static void keep_region(struct simulated_course *course, uint32_t i,
                        const struct simulated_region *region,
                        struct trial_result *result) {
  course->self->scratch->timed[result->iterations] =
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
  serial.team.order = &order;
  serial.team.item_s = &item_s;
  serial.team.places = &place;
  serial.team.is_team = serial.team.forks = false;
  return one_region(&serial, i, &alone);
}

/* Turn i: all workers' chains at once, on whatever the workers' own CPUs are at
 * besides; returns how long it takes. */
static double read_clocks(struct simulated_course *course, uint32_t i,
                          struct trial_turns *turns) {
  const struct simulated_cores *cores = &course->self->scratch->cores;
  const struct simulated_place place = {-1, cores->places[0].busy_cpus};
  double noise = noise_of(course, i);
  int64_t longest_ns = 0;
  for (uint32_t w = 0; w < course->order->workers; w++) {
    double hz = simulated_cores_clock_hz(cores, course->order, w);
    int64_t ns =
        simulated_states_ns(&course->states, &place, course->team.now_ns,
                            simulated_ns(TRIAL_CHAIN / hz * noise));
    turns->clocks_hz[turns->clock_count++] = TRIAL_CHAIN / simulated_s(ns);
    longest_ns = ns > longest_ns ? ns : longest_ns;
  }
  course->team.now_ns += longest_ns;
  return simulated_s(longest_ns);
}

/* The blocks of a trial beside `serial`. */
static void all_turns(struct simulated_course *course,
                      struct trial_result *result) {
  const struct trial_request *order = course->order;
  struct trial_turns *turns = &result->turns;
  uint32_t rows = 0;
  for (const char *form = turns->forms; *form; form++) {
    uint32_t i = turns->count + 1;
    if (*form == '|')
      continue;
    if (*form == 'c') {
      double time_s = read_clocks(course, i, turns);
      turns->cpus[turns->count] = -1;
      turns->times_s[turns->count++] = time_s;
      continue;
    }
    bool beside = trial_turn_is_beside(*form);
    uint32_t worker = (order->first_cpu + rows) % order->workers;
    struct simulated_region region =
        beside ? serial_region(course, i, worker)
               : one_region(course, i, course->self->scratch->workers);
    rows += beside && !trial_turn_is_beside(form[1]);
    turns->cpus[turns->count] =
        beside && order->cpus ? order->cpus[worker] : -1;
    turns->times_s[turns->count++] = spend(course, &region);
    if (*form == 'P')
      keep_region(course, i, &region, result);
  }
}

static void all_iterations(struct simulated_course *course,
                           struct trial_result *result) {
  uint32_t cold = 1 + course->order->warmups;
  for (uint32_t i = 1; i < cold + course->order->iterations; i++) {
    struct simulated_region region =
        one_region(course, i, course->self->scratch->workers);
    spend(course, &region);
    if (i >= cold)
      keep_region(course, i, &region, result);
  }
}

/* The stamps of the region whose time is the trial's, once more. */
static void run_again(struct simulated_course *course,
                      struct trial_result *result) {
  const struct simulated_timed *chosen =
      &course->self->scratch
           ->timed[trial_median_region(result->regions_s, result->iterations)];
  int64_t now_ns = course->team.now_ns;
  course->team.now_ns = chosen->begin_ns;
  struct simulated_region region =
      one_region(course, chosen->number, course->self->scratch->workers);
  course->team.now_ns = now_ns;
  result->region_s = simulated_s(region.region_ns);
}

void simulated_regions(struct simulated_course *course,
                       struct trial_result *result) {
  struct simulated_worker *workers = course->self->scratch->workers;
  struct simulated_region first = one_region(course, 0, workers);
  result->region_first_s = spend(course, &first);
  result->workers_seen = first.seen;
  if (result->turns.forms)
    all_turns(course, result);
  else
    all_iterations(course, result);
  if (result->iterations > 0)
    run_again(course, result);
}
