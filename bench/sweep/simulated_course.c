#include "bench/sweep/simulated_course.h"

#include "bench/sweep/simulated_draws.h"

/* The number of the second region of a program that repeats it: no other
 * region has as high a one, and so draws as if there were none. */
enum { FIRST_REPEAT = 1 << 20 };

/* Region i of the trial, 0 the cold one, from now on. */
static struct simulated_region one_region(struct simulated_course *course,
                                          uint32_t i,
                                          struct simulated_worker *workers) {
  double jitter = course->self->machine->region_jitter;
  double noise =
      course->noise *
      exp(jitter * simulated_normal(course->stream, SIMULATED_REGIONS + 2 * i));
  return simulated_region(&course->team, noise, workers);
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

/* The blocks of a trial beside `serial`. */
static void all_turns(struct simulated_course *course,
                      struct trial_result *result) {
  const struct trial_request *order = course->order;
  struct trial_turns *turns = &result->turns;
  uint32_t serials = 0;
  for (const char *form = turns->forms; *form; form++) {
    uint32_t i = turns->count + 1;
    if (*form == '|')
      continue;
    bool beside = trial_turn_is_beside(*form);
    uint32_t worker = (order->first_cpu + serials) % order->workers;
    struct simulated_region region =
        beside ? serial_region(course, i, worker)
               : one_region(course, i, course->self->scratch->workers);
    serials += beside;
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
  for (uint32_t i = 1; i < trial_repeat(course->order); i++) {
    struct simulated_region again =
        one_region(course, FIRST_REPEAT + i - 1, workers);
    result->repeats_s += spend(course, &again);
  }
  if (result->turns.forms)
    all_turns(course, result);
  else
    all_iterations(course, result);
  if (result->iterations > 0)
    run_again(course, result);
}
