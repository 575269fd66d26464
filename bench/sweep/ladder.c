#include "bench/sweep/ladder.h"

#include "bench/trial/memory.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { ITERATIONS_MIN = 3, ITERATIONS_MAX = 15 };

void ladder_free(struct ladder *ladder) {
  free(ladder->rungs);
  ladder->rungs = NULL;
  ladder->rung_count = 0;
}

static uint64_t items_of(const struct ladder *ladder, uint64_t size) {
  return ladder->tasks ? size * ladder->tasks : size;
}

uint64_t ladder_most(const struct ladder *ladder, const char **why) {
  const struct workload *workload = ladder->workload;
  const struct kernel_preset *preset = workload->preset;
  struct kernel_shape shape = workload_shape(workload);
  struct problem ignored;
  double per_item = shape.input_bytes + (double)shape.output_bytes;
  /* A calibration stops at 32 MiB per CPU; how large is the question here. */
  double limit = memory_available_bytes() / 8;
  if (!(limit > 0))
    limit = 32.0 * 1048576 * ladder->usable_cpus;
  uint64_t most =
      per_item > 0 ? (uint64_t)(limit / per_item) : UINT64_C(1) << 40;
  *why = "memory";
  if (preset && preset->input && preset->size < most) {
    most = preset->size;
    *why = "the preset's items";
  }
  while (most > 1 && workload_check(workload, most, NULL, 0, &ignored) != 0) {
    most /= 2;
    *why = "what the kernel takes";
  }
  uint64_t size = ladder->tasks ? most / ladder->tasks : most;
  return size ? size : 1;
}

/* Runs a trial and appends its record; the caller releases the record. */
static int run_trial(struct ladder *ladder, const struct trial_request *order,
                     uint32_t round, struct record *record,
                     struct problem *problem) {
  int status = ladder->executor->run(ladder->executor, order, record, problem);
  if (status)
    return status;
  free(record->phase);
  record->phase = strdup(ladder->phase);
  record->order = ++ladder->ordered;
  if (round)
    record->round = round;
  if (strcmp(record->status, "ok") != 0 && ladder->bad++ == 0)
    snprintf(ladder->first_error, sizeof ladder->first_error,
             "%s, %s, %" PRId64 " workers, size %" PRId64 ": %s",
             record->workload, record->variant, record->workers, record->size,
             record->error ? record->error : record->status);
  status = record_append(ladder->fd, ladder->path, record, problem);
  if (status)
    record_free(record);
  return status;
}

static struct trial_request order_at(const struct ladder *ladder, uint64_t size,
                                     bool serial) {
  struct trial_request order = {
      .workload = ladder->workload,
      .variant = ladder->variant,
      .workers = serial ? 1 : ladder->workers,
      .usable_cpus = ladder->usable_cpus,
      .size = items_of(ladder, size),
      .seed = ladder->seed,
      .warmups = ladder->scope == LADDER_REGION,
      .cpus = ladder->cpus,
      .expect = "",
  };
  if (serial)
    order.variant = (struct variant_spec){.team = "serial"};
  else if (ladder->tasks && notation_takes_chunk(order.variant.schedule))
    order.variant.chunk = size;
  return order;
}

/* So that short regions are timed more often: their median is steadier. */
static uint32_t iterations_for(const struct ladder *ladder, double region_s) {
  if (ladder->scope == LADDER_PROGRAM)
    return 0;
  double count = ladder->regions_s / region_s;
  return !(count > ITERATIONS_MIN) ? ITERATIONS_MIN
         : count > ITERATIONS_MAX  ? ITERATIONS_MAX
                                   : (uint32_t)count;
}

/* The rung of a size, verified on its first use. */
static int find_rung(struct ladder *ladder, uint64_t size,
                     struct ladder_rung *rung, struct problem *problem) {
  struct record record;
  struct trial_request order = order_at(ladder, size, true);
  for (size_t i = 0; i < ladder->rung_count; i++)
    if (ladder->rungs[i].items == order.size) {
      *rung = ladder->rungs[i];
      return PROBLEM_NONE;
    }
  order.iterations = ladder->scope == LADDER_REGION;
  int status = run_trial(ladder, &order, 0, &record, problem);
  if (status)
    return status;
  bool good = strcmp(record.status, "ok") == 0;
  *rung = (struct ladder_rung){
      .items = order.size,
      .iterations = iterations_for(ladder, record.region_s),
  };
  if (good)
    snprintf(rung->digest, sizeof rung->digest, "%s", record.digest);
  record_free(&record);
  if (!good)
    return problem_failure(problem, "%s", ladder->first_error);
  struct ladder_rung *rungs =
      realloc(ladder->rungs, (ladder->rung_count + 1) * sizeof *rungs);
  if (!rungs)
    return problem_failure(problem, "out of memory");
  rungs[ladder->rung_count++] = *rung;
  ladder->rungs = rungs;
  return PROBLEM_NONE;
}

int ladder_pair(struct ladder *ladder, uint64_t size, uint32_t round,
                bool probing, struct ladder_pair *pair,
                struct problem *problem) {
  struct ladder_rung rung = {0};
  *pair = (struct ladder_pair){(double)NAN, (double)NAN, 0, (double)NAN};
  int status = find_rung(ladder, size, &rung, problem);
  for (uint32_t i = 0; !status && i < 2; i++) {
    bool serial = (round + i) % 2 == 1;
    struct trial_request order = order_at(ladder, size, serial);
    struct record record;
    order.expect = rung.digest;
    order.iterations = rung.iterations;
    status = run_trial(ladder, &order, probing ? 0 : round, &record, problem);
    if (status)
      break;
    double time_s =
        ladder->scope == LADDER_REGION ? record.region_s : record.program_s;
    if (strcmp(record.status, "ok") != 0)
      time_s = (double)NAN;
    *(serial ? &pair->serial_s : &pair->parallel_s) = time_s;
    pair->wall_s = fmax(pair->wall_s, record.wall_s);
    if (serial)
      pair->work_s =
          record.program_s +
          (order.iterations ? (order.iterations + 1) * record.region_s : 0);
    record_free(&record);
  }
  return status;
}
