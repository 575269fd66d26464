/* What `coresweep probe` measures, and how. */
#include "bench/commands/probe.h"
#include "bench/plan/order.h"
#include "bench/sweep/interrupt.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { SEED = 1, TIMEOUT_S = 60 };

/* ---- configurations ------------------------------------------------------ */

int probe_config_make(const char *workload, const char *variant,
                      uint32_t workers, uint64_t size, uint32_t rounds,
                      struct probe_config *config, struct problem *problem) {
  *config = (struct probe_config){.workers = workers,
                                  .iterations = 11,
                                  .size = size,
                                  .level = -1,
                                  .per_s = calloc(rounds, sizeof(double))};
  if (!config->per_s)
    return problem_failure(problem, "out of memory");
  int status = notation_parse_variant(variant, &config->variant, problem);
  return status ? status : workload_parse(workload, &config->workload, problem);
}

void probe_config_free(struct probe_config *config) {
  free(config->per_s);
  config->per_s = NULL;
}

/* ---- trials -------------------------------------------------------------- */

/* What a trial took: its value, or the region that others disturbed least. */
static double taken_s(const struct probe_config *config,
                      const struct record *record) {
  double shortest_s = record->region_s;
  for (size_t i = 0; config->shortest && i < record->regions_s.count; i++)
    shortest_s = fmin(shortest_s, record->regions_s.values[i]);
  return shortest_s;
}

static void note(struct probe_config *config, uint32_t round,
                 const struct record *record) {
  bool good = strcmp(record->status, "ok") == 0;
  config->per_s[round] =
      good ? config->units / taken_s(config, record) : (double)NAN;
  if (good && record->digest)
    snprintf(config->digest, sizeof config->digest, "%s", record->digest);
  if (!good && !*config->error)
    snprintf(config->error, sizeof config->error, "%s, %s: %s",
             record->workload, record->variant,
             record->error ? record->error : record->status);
}

static int one_trial(struct probe_run *run, struct executor_real *executor,
                     struct probe_config *config, uint32_t round,
                     struct problem *problem) {
  static int cpus[COUNTS_MAX];
  struct record record;
  const struct trial_order order = {
      .workload = &config->workload,
      .variant = config->variant,
      .workers = config->workers,
      .usable_cpus = run->machine->usable_cpus,
      .size = config->size,
      .seed = SEED,
      .warmups = 1,
      .iterations = config->iterations,
      .cpus = cpus,
      .digest = config->digest,
  };
  topology_place(&run->machine->topology, BIND_CORES, COUNTS_MAX, cpus);
  int status = executor->base.run(&executor->base, &order, &record, problem);
  if (status)
    return status;
  free(record.phase);
  record.phase = strdup("probe");
  record.order = ++run->ordered;
  record.round = round + 1;
  note(config, round, &record);
  if (run->fd >= 0)
    status = record_append(run->fd, run->path, &record, problem);
  record_free(&record);
  return status;
}

/* The trials of a round, order[0..count): random order of the groups, and in
 * each of them; `order` has room for three times as many.  Neighbours here are
 * neighbours in time, and a shared machine differs from second to second. */
static void order_groups(const struct probe_run *run, uint32_t round,
                         uint32_t *order) {
  uint32_t *groups = order + run->count, *members = groups + run->count;
  const size_t count = run->count / run->group;
  order_shuffle(groups, count, SEED, round);
  for (size_t g = 0; g < count; g++) {
    order_shuffle(members, run->group, SEED + 1 + g, round);
    for (size_t m = 0; m < run->group; m++)
      order[g * run->group + m] = groups[g] * (uint32_t)run->group + members[m];
  }
}

int probe_rounds(struct probe_run *run, struct problem *problem) {
  struct executor_real executor;
  uint32_t *order = calloc(3 * run->count, sizeof *order);
  int status = PROBLEM_NONE;
  if (!order)
    return problem_failure(problem, "out of memory");
  executor_real_init(&executor, TIMEOUT_S);
  interrupt_install();
  for (uint32_t round = 0; !status && round < run->rounds; round++) {
    order_groups(run, round + 1, order);
    for (size_t i = 0; !status && i < run->count; i++) {
      if (run->each_round && i % run->group == 0 &&
          order[i] / run->group == run->each_round_at)
        status = run->each_round(run->context, round, problem);
      if (!status)
        status =
            one_trial(run, &executor, run->configs[order[i]], round, problem);
      if (isatty(STDERR_FILENO))
        fprintf(stderr, "\r\033[Kround %" PRIu32 "/%" PRIu32 ", trial %zu/%zu",
                round + 1, run->rounds, i + 1, run->count);
    }
  }
  if (isatty(STDERR_FILENO))
    fputs("\r\033[K", stderr);
  free(order);
  return status;
}
