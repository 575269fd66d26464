#include "bench/sweep/simulated/simulated.h"

#include "bench/record/from_trial.h"
#include "bench/sweep/simulated/course.h"
#include "bench/sweep/simulated/draws.h"
#include "bench/sweep/simulated/search.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Keeps the noise apart from other draws that have the same seed. */
static const uint64_t noise_stream = UINT64_C(0x6e6f6973655f6f66);

/* Draws of a trial by number; its regions' begin with SIMULATED_REGIONS. */
enum { JITTER = 0, DRIFT = 2, FIRST_DRIFT = 4, STEAL = 6 };
static const uint64_t setup_draw = UINT64_C(1) << 40;

/* ---- noise ------------------------------------------------------------ */

static void draw_noise(struct simulated_course *course) {
  struct executor_simulated *self = course->self;
  const struct simulated_machine *machine = self->machine;
  uint64_t number = self->trials++;
  double correlation = machine->drift_correlation;
  course->stream = kernel_random(self->seed ^ noise_stream, number);
  if (number == 0)
    self->drift =
        machine->drift * simulated_normal(course->stream, FIRST_DRIFT);
  self->drift = correlation * self->drift +
                sqrt(1 - correlation * correlation) * machine->drift *
                    simulated_normal(course->stream, DRIFT);
  course->noise =
      exp(machine->jitter * simulated_normal(course->stream, JITTER) +
          self->drift) *
      pow(1 + machine->trend, (double)number);
  if (simulated_uniform(course->stream, STEAL) < machine->steal_probability)
    course->team.stolen = machine->steal_share;
}

/* ---- phases ----------------------------------------------------------- */

/* The share F of a workload like spin/serial=F; 0: it has none. */
static double serial_of(const struct workload *workload) {
  const struct param_spec *specs = workload->kernel->params;
  for (size_t k = 0; specs && specs[k].name; k++)
    if (strcmp(specs[k].name, "serial") == 0 && specs[k].type == PARAM_REAL)
      return workload->values[k].real;
  return 0;
}

/* Serial work that is a share of all: the first core does it alone, unless
 * there are copies of it. */
static int64_t serial_ns(const struct simulated_course *course, double share,
                         double noise) {
  const struct simulated_cores *cores = &course->self->scratch->cores;
  double parallel_s = (double)course->order->size * cores->alone_item_s;
  double lost = 1 / (1 - course->team.stolen);
  int64_t work_ns =
      simulated_ns(share / (1 - share) * parallel_s * noise * lost);
  const struct simulated_place place = {
      cores->places[0].cpu,
      course->team.copies ? cores->places[0].busy_cpus : 1};
  return course->team.states ? simulated_states_ns(course->team.states, &place,
                                                   course->team.now_ns, work_ns)
                             : work_ns;
}

/* By its noise, and one of its own. */
static int64_t setup_ns(const struct simulated_course *course) {
  const struct simulated_machine *machine = course->self->machine;
  double own =
      machine->setup_jitter * simulated_normal(course->stream, setup_draw);
  return serial_ns(course, machine->serial_share, course->noise * exp(own));
}

static int64_t start_ns(const struct simulated_course *course) {
  const struct simulated_machine *machine = course->self->machine;
  bool forks = course->variant->processes && !course->team.forks;
  if (!course->variant->team)
    return 0;
  return simulated_ns(machine->start_s +
                      course->order->workers * (machine->start_per_worker_s +
                                                (forks ? machine->fork_s : 0)));
}

static int64_t close_ns(const struct simulated_course *course) {
  return course->variant->team && !course->team.forks
             ? simulated_ns(course->self->machine->close_s)
             : 0;
}

/* What a worker would have left behind, of a region that began at 0.  Switches
 * are not simulated, and stay "not told", as page faults do on a machine that
 * has no pages. */
static struct worker_slot slot_of(const struct simulated_course *course,
                                  uint32_t w, bool timed, bool noted) {
  const struct simulated_worker *worker = &course->self->scratch->workers[w];
  struct worker_slot slot = simulated_slot(worker, timed);
  if (!noted)
    return slot;
  slot.noise.run_delay_ns = worker->delay_ns;
  if (course->self->machine->page_bytes >= 1)
    slot.noise.minor_faults = (int32_t)worker->faults;
  slot.noise.cpu_begin = slot.noise.cpu_end =
      simulated_cores_cpu(&course->self->scratch->cores, course->order, w)
          ->os_index;
  return slot;
}

/* What a real trial asks of its workers depends on the region's length. */
static void keep_stamps(const struct simulated_course *course,
                        struct trial_result *result) {
  bool timed = result->region_s >= simulated_s(JOB_CPU_TIMED_FROM_NS);
  bool noted = result->region_s >= simulated_s(JOB_NOISE_FROM_NS);
  result->workers = course->self->scratch->stamps;
  for (uint32_t w = 0; w < course->workers; w++) {
    struct worker_slot slot = slot_of(course, w, timed, noted);
    result->workers[w] = trial_worker_of(&slot, 0);
  }
}

/* ---- the record -------------------------------------------------------- */

/* A result has no items: its digest stands for workload, size and seed. */
static int check(const struct simulated_course *course,
                 struct trial_result *result, struct problem *problem) {
  const struct trial_request *order = course->order;
  struct partial total = {
      .sum = order->seed, .count = order->size, .lowest_hit = KERNEL_NO_HIT};
  result->digest = trial_digest_part(order->workload->name,
                                     strlen(order->workload->name), 0, 1) +
                   trial_digest_total(&total);
  result->total = (struct partial){
      .sum = result->digest,
      .lowest_hit =
          simulated_hit(course->self->machine, order->workload, order->size)};
  result->checked = true;
  uint64_t expected = result->digest;
  if (order->expect && *order->expect)
    expected = strtoull(order->expect, NULL, 16);
  result->correct = expected == result->digest;
  if (result->correct)
    return PROBLEM_NONE;
  return problem_failure(problem,
                         "digest %016" PRIx64 " instead of the expected "
                         "%016" PRIx64 ": a run of another machine, size or "
                         "seed?",
                         result->digest, expected);
}

/* 0, or -1: no memory; its turns are to be released in either case. */
static int begin_point(const struct trial_request *order, uint32_t place,
                       struct simulated_point *point) {
  static const int anywhere = -1;
  point->order = trial_request_of(order, place);
  if (!order->cpus)
    point->order.cpus = &anywhere;
  const struct variant_spec *variant = &point->order.variant;
  point->chunk = variant->chunk;
  if (!point->chunk)
    point->chunk = workload_shape(order->workload).grain;
  if (!point->chunk || variant->schedule == SCHEDULE_APPLY)
    point->chunk = 1;
  point->result = (struct trial_result){.variant = *variant,
                                        .region_s = (double)NAN,
                                        .team_pss_bytes = (double)NAN,
                                        .around = trial_around_none()};
  if (notation_takes_chunk(variant->schedule))
    point->result.variant.chunk = point->chunk;
  return order->beside ? trial_turns_make(&point->order, &point->result.turns)
                       : 0;
}

static void begin(struct simulated_course *course) {
  const struct trial_request *order = course->order;
  course->team.machine = course->self->machine;
  course->workers = 0;
  simulated_choose(course, 0);
  course->team.is_team = course->variant->team && !course->variant->copies;
  course->team.copies = course->variant->copies;
  course->team.unstamped = course->variant->unstamped;
  course->team.slots = course->self->scratch->slots;
  course->team.forks = course->variant->forks;
  course->team.item_s = course->self->scratch->cores.item_s;
  course->team.places = course->self->scratch->cores.places;
  course->states =
      (struct simulated_states){course->self->machine, course->self->seed};
  if (!order->workload->kernel->waits)
    course->team.states = &course->states;
  course->team.now_ns = course->self->now_ns;
}

/* One that goes by outside of regions: its time as stamped. */
static double phase(struct simulated_course *course, int64_t ns) {
  course->team.now_ns += ns;
  return simulated_s(simulated_stamp_ns(course->self->machine, ns));
}

static void run_phases(struct simulated_course *course) {
  struct executor_simulated *self = course->self;
  struct trial_result *result = &self->scratch->points[0].result;
  draw_noise(course);
  course->team.now_ns += simulated_ns(self->machine->process_s);
  result->setup_s = phase(course, setup_ns(course));
  result->builders = 1;
  result->node_count = -1;
  result->start_s = phase(course, start_ns(course));
  simulated_regions(course);
  result->finish_s =
      phase(course, serial_ns(course, serial_of(course->order->workload),
                              course->noise));
  result->close_s = phase(course, close_ns(course));
  result->program_s = trial_program_s(result);
  simulated_profile(course);
  course->total_ns = course->team.now_ns - self->now_ns;
  self->now_ns = course->team.now_ns;
}

static int check_order(const struct trial_request *order,
                       const struct variant **variant,
                       struct problem *problem) {
  int status = variant_resolve(&order->variant, variant, problem);
  if (!status && (order->workers > TRIAL_WORKERS ||
                  trial_iterations(order) > TRIAL_ITERATIONS))
    status = problem_usage(problem,
                           "a trial has at most %d workers and %d iterations",
                           TRIAL_WORKERS, TRIAL_ITERATIONS);
  if (!status && order->beside && !notation_is_serial(order->beside))
    status = problem_usage(problem, "a simulated trial has none beside it but "
                                    "serial");
  return status;
}

static void make_record(struct simulated_course *course, uint32_t place,
                        struct record *record) {
  struct simulated_point *point = &course->self->scratch->points[place];
  struct trial_result *result = &point->result;
  struct problem wrong = {""};
  simulated_choose(course, place);
  simulated_run_again(course, point);
  keep_stamps(course, result);
  int status = trial_check_region(result, &wrong);
  if (!status)
    status = check(course, result, &wrong);
  record_of_request(&point->order, NULL, record);
  record_of_result(&point->order, result, status, &wrong, record);
  if (status)
    return;
  record->steal_s = simulated_s(course->stolen_ns);
  if (course->throttled_ns > 0)
    record->throttled_s = simulated_s(course->throttled_ns);
  if (place == 0)
    record->wall_s = simulated_s(course->total_ns);
}

static int run(struct executor *base, const struct trial_request *order,
               struct record *records, struct problem *problem) {
  struct executor_simulated *self = (struct executor_simulated *)base;
  struct simulated_course course = {.self = self, .order = order};
  int made = 0, status = check_order(order, &course.variant, problem);
  for (uint32_t i = 0; i <= order->also_count; i++) {
    record_clear(&records[i]);
    if (!status)
      made |= begin_point(order, i, &self->scratch->points[i]);
  }
  if (!status && made)
    status = problem_failure(problem, "out of memory");
  if (!status) {
    begin(&course);
    run_phases(&course);
  }
  for (uint32_t i = 0; i <= order->also_count; i++) {
    if (!status)
      make_record(&course, i, &records[i]);
    trial_turns_free(&self->scratch->points[i].result.turns);
  }
  return status;
}

static double now_s(struct executor *base) {
  return simulated_s(((struct executor_simulated *)base)->now_ns);
}

int executor_simulated_init(struct executor_simulated *executor,
                            const struct simulated_machine *machine,
                            const struct topology *topology, uint64_t seed,
                            struct problem *problem) {
  struct simulated_scratch *scratch =
      aligned_alloc(_Alignof(struct simulated_scratch), sizeof *scratch);
  *executor = (struct executor_simulated){.base = {.run = run, .now_s = now_s},
                                          .machine = machine,
                                          .scratch = scratch};
  executor_simulated_restart(executor, seed);
  if (!scratch)
    return problem_failure(problem, "out of memory");
  memset(scratch, 0, sizeof *scratch);
  int status =
      simulated_cores_init(&scratch->cores, machine, topology, problem);
  if (status)
    executor_simulated_free(executor);
  return status;
}

void executor_simulated_restart(struct executor_simulated *executor,
                                uint64_t seed) {
  executor->seed = kernel_random((uint64_t)executor->machine->seed, seed);
  executor->trials = 0;
  executor->now_ns = 0;
  executor->drift = 0;
}

void executor_simulated_free(struct executor_simulated *executor) {
  if (executor->scratch)
    simulated_cores_free(&executor->scratch->cores);
  free(executor->scratch);
  executor->scratch = NULL;
}
