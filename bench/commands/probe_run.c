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

static void note(struct probe_config *config, uint32_t round,
                 const struct record *record) {
  bool good = strcmp(record->status, "ok") == 0;
  config->per_s[round] = good ? config->units / record->region_s : (double)NAN;
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
  const struct trial_request order = {
      .workload = &config->workload,
      .variant = config->variant,
      .workers = config->workers,
      .usable_cpus = run->machine->usable_cpus,
      .size = config->size,
      .seed = SEED,
      .warmups = 1,
      .iterations = config->iterations,
      .cpus = cpus,
      .expect = config->digest,
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

int probe_rounds(struct probe_run *run, struct problem *problem) {
  struct executor_real executor;
  uint32_t *order = calloc(run->count, sizeof *order);
  int status = PROBLEM_NONE;
  if (!order)
    return problem_failure(problem, "out of memory");
  executor_real_init(&executor, TIMEOUT_S);
  interrupt_install();
  for (uint32_t round = 0; !status && round < run->rounds; round++) {
    order_shuffle(order, run->count, SEED, round + 1);
    for (size_t i = 0; !status && i < run->count; i++) {
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
