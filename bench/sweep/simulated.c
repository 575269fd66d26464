#include "bench/sweep/simulated.h"

#include "bench/record/from_trial.h"
#include "bench/sweep/simulated_cores.h"
#include "bench/sweep/simulated_region.h"
#include "bench/trial/trial.h"
#include "bench/trial/variants/variant.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Keeps the noise apart from other draws that have the same seed. */
static const uint64_t noise_stream = UINT64_C(0x6e6f6973655f6f66);

/* Draws of a trial by number; its regions have two each from REGIONS on. */
enum { JITTER = 0, DRIFT = 2, FIRST_DRIFT = 4, STEAL = 6, REGIONS = 8 };

/* Room for one trial. */
struct simulated_scratch {
  struct simulated_cores cores;
  struct simulated_worker workers[TRIAL_WORKERS];
  struct trial_worker stamps[TRIAL_WORKERS];
  struct trial_result result;
};

/* One trial as it goes. */
struct course {
  struct executor_simulated *self;
  const struct trial_request *order;
  const struct variant *variant;
  struct simulated_team team;
  uint64_t stream; /* of its draws */
  double noise;    /* of all its times */
  int64_t total_ns, stolen_ns;
};

static double uniform(uint64_t stream, uint64_t i) {
  return ((double)(kernel_random(stream, i) >> 11) + 0.5) * 0x1p-53;
}

/* Standard normal, of the draws i and i + 1.
 * Source: Box & Muller, "A note on the generation of random normal deviates",
 * Annals of Mathematical Statistics 29(2), 1958. */
static double normal(uint64_t stream, uint64_t i) {
  return sqrt(-2 * log(uniform(stream, i))) *
         cos(2 * acos(-1) * uniform(stream, i + 1));
}

/* ---- noise ------------------------------------------------------------ */

static void draw_noise(struct course *course) {
  struct executor_simulated *self = course->self;
  const struct simulated_machine *machine = self->machine;
  uint64_t number = self->trials++;
  double correlation = machine->drift_correlation;
  course->stream = kernel_random(self->seed ^ noise_stream, number);
  if (number == 0)
    self->drift = machine->drift * normal(course->stream, FIRST_DRIFT);
  self->drift = correlation * self->drift +
                sqrt(1 - correlation * correlation) * machine->drift *
                    normal(course->stream, DRIFT);
  course->noise =
      exp(machine->jitter * normal(course->stream, JITTER) + self->drift) *
      pow(1 + machine->trend, (double)number);
  if (uniform(course->stream, STEAL) < machine->steal_probability)
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

/* Serial work that is a share of all: the first core does it alone. */
static int64_t serial_ns(const struct course *course, double share) {
  double parallel_s =
      (double)course->order->size * course->self->scratch->cores.alone_item_s;
  double lost = 1 / (1 - course->team.stolen);
  return simulated_ns(share / (1 - share) * parallel_s * course->noise * lost);
}

static int64_t start_ns(const struct course *course) {
  const struct simulated_machine *machine = course->self->machine;
  bool forks = course->variant->processes && !course->team.forks;
  if (!course->variant->team)
    return 0;
  return simulated_ns(machine->start_s +
                      course->order->workers * (machine->start_per_worker_s +
                                                (forks ? machine->fork_s : 0)));
}

static int64_t close_ns(const struct course *course) {
  return course->variant->team && !course->team.forks
             ? simulated_ns(course->self->machine->close_s)
             : 0;
}

/* Region i of the trial, 0 the cold one; adds to the totals. */
static struct simulated_region one_region(struct course *course, uint32_t i,
                                          struct simulated_worker *workers) {
  double jitter = course->self->machine->region_jitter;
  double noise =
      course->noise * exp(jitter * normal(course->stream, REGIONS + 2 * i));
  return simulated_region(&course->team, noise, workers);
}

static double seconds(int64_t ns) {
  return (double)ns * 1e-9;
}

static void all_regions(struct course *course, struct trial_result *result) {
  struct simulated_worker *workers = course->self->scratch->workers;
  uint32_t cold = 1 + course->order->warmups;
  for (uint32_t i = 0; i < cold + course->order->iterations; i++) {
    struct simulated_region region = one_region(course, i, workers);
    course->total_ns += region.region_ns;
    course->stolen_ns += region.stolen_ns;
    if (i == 0) {
      result->region_first_s = seconds(region.region_ns);
      result->workers_seen = region.seen;
    } else if (i >= cold) {
      result->regions_s[result->iterations++] = seconds(region.region_ns);
    }
  }
  if (result->iterations == 0)
    return;
  uint32_t chosen = trial_median_region(result->regions_s, result->iterations);
  result->region_s = result->regions_s[chosen];
  one_region(course, cold + chosen, workers); /* its stamps, again */
}

/* What a worker would have left behind, of a region that began at 0.  Page
 * faults and switches are not simulated, and stay "not told". */
static struct worker_slot slot_of(const struct course *course, uint32_t w,
                                  bool timed, bool noted) {
  const struct simulated_worker *worker = &course->self->scratch->workers[w];
  struct worker_slot slot = {
      .chunks = worker->chunks,
      .items = worker->items,
      .begin_ns = worker->begin_ns,
      .end_ns = worker->end_ns,
      .busy_ns = worker->busy_ns,
      .cpu_ns = timed ? worker->cpu_ns : JOB_CPU_UNTIMED,
      .noise = noise_none(),
  };
  if (!noted)
    return slot;
  slot.noise.run_delay_ns = worker->delay_ns;
  slot.noise.cpu_begin = slot.noise.cpu_end =
      simulated_cores_cpu(&course->self->scratch->cores, course->order, w)
          ->os_index;
  return slot;
}

/* What a real trial asks of its workers depends on the region's length. */
static void keep_stamps(const struct course *course,
                        struct trial_result *result) {
  bool timed = result->region_s >= seconds(JOB_CPU_TIMED_FROM_NS);
  bool noted = result->region_s >= seconds(JOB_NOISE_FROM_NS);
  result->workers = course->self->scratch->stamps;
  for (uint32_t w = 0; w < course->order->workers; w++) {
    struct worker_slot slot = slot_of(course, w, timed, noted);
    result->workers[w] = trial_worker_of(&slot, 0);
  }
}

/* ---- the record -------------------------------------------------------- */

/* A result has no items: its digest stands for workload, size and seed. */
static int check(const struct course *course, struct trial_result *result,
                 struct problem *problem) {
  const struct trial_request *order = course->order;
  struct partial total = {
      .sum = order->seed, .count = order->size, .lowest_hit = KERNEL_NO_HIT};
  result->digest = trial_digest_part(order->workload->name,
                                     strlen(order->workload->name), 0, 1) +
                   trial_digest_total(&total);
  result->total =
      (struct partial){.sum = result->digest, .lowest_hit = KERNEL_NO_HIT};
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

static void begin(struct course *course, struct trial_result *result) {
  const struct trial_request *order = course->order;
  uint64_t chunk = order->variant.chunk;
  if (!chunk)
    chunk = workload_shape(order->workload).grain;
  if (!chunk || order->variant.schedule == SCHEDULE_APPLY)
    chunk = 1;
  course->team.machine = course->self->machine;
  course->team.order = order;
  course->team.chunk = chunk;
  course->team.is_team = course->variant->team && !course->variant->copies;
  course->team.copies = course->variant->copies;
  course->team.forks = strcmp(order->variant.team, "fork") == 0;
  course->team.item_s = course->self->scratch->cores.item_s;
  *result = (struct trial_result){.variant = order->variant,
                                  .region_s = (double)NAN,
                                  .team_pss_bytes = (double)NAN};
  if (notation_takes_chunk(order->variant.schedule))
    result->variant.chunk = chunk;
}

static void run_phases(struct course *course, struct trial_result *result) {
  struct executor_simulated *self = course->self;
  draw_noise(course);
  simulated_cores_place(&self->scratch->cores, course->order);
  int64_t setup_ns = serial_ns(course, self->machine->serial_share);
  int64_t finish_ns = serial_ns(course, serial_of(course->order->workload));
  course->total_ns = simulated_ns(self->machine->process_s) + setup_ns +
                     start_ns(course) + finish_ns + close_ns(course);
  result->setup_s = seconds(simulated_stamp_ns(self->machine, setup_ns));
  result->start_s =
      seconds(simulated_stamp_ns(self->machine, start_ns(course)));
  result->finish_s = seconds(simulated_stamp_ns(self->machine, finish_ns));
  result->close_s =
      seconds(simulated_stamp_ns(self->machine, close_ns(course)));
  all_regions(course, result);
  result->program_s = trial_program_s(result);
  keep_stamps(course, result);
  self->now_ns += course->total_ns;
}

static int run(struct executor *base, const struct trial_request *order,
               struct record *record, struct problem *problem) {
  struct executor_simulated *self = (struct executor_simulated *)base;
  struct trial_result *result = &self->scratch->result;
  struct course course = {.self = self, .order = order};
  struct problem wrong = {""};
  int status = variant_resolve(&order->variant, &course.variant, problem);
  record_clear(record);
  if (!status &&
      (order->workers > TRIAL_WORKERS || order->iterations > TRIAL_ITERATIONS))
    status = problem_usage(problem,
                           "a trial has at most %d workers and %d iterations",
                           TRIAL_WORKERS, TRIAL_ITERATIONS);
  if (status)
    return status;
  begin(&course, result);
  run_phases(&course, result);
  static const int anywhere = -1;
  struct trial_request request = *order;
  if (!request.cpus)
    request.cpus = &anywhere;
  status = trial_check_region(result, &wrong);
  if (!status)
    status = check(&course, result, &wrong);
  record_of_request(&request, NULL, record);
  record_of_result(&request, result, status, &wrong, record);
  if (!status) {
    record->wall_s = seconds(course.total_ns);
    record->steal_s = seconds(course.stolen_ns);
  }
  return PROBLEM_NONE;
}

static double now_s(struct executor *base) {
  return seconds(((struct executor_simulated *)base)->now_ns);
}

int executor_simulated_init(struct executor_simulated *executor,
                            const struct simulated_machine *machine,
                            const struct topology *topology, uint64_t seed,
                            struct problem *problem) {
  struct simulated_scratch *scratch = calloc(1, sizeof *scratch);
  *executor = (struct executor_simulated){.base = {.run = run, .now_s = now_s},
                                          .machine = machine,
                                          .scratch = scratch};
  executor_simulated_restart(executor, seed);
  if (!scratch)
    return problem_failure(problem, "out of memory");
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
