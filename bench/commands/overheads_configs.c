/* Which trials `coresweep overheads` runs. */
#include "bench/commands/overheads.h"

#include "bench/trial/variants/variant.h"

#include <stdlib.h>
#include <string.h>

/* Chosen so that a trial takes some 10 to 100 ms. */
enum {
  REGIONS = 1000,        /* warm regions of threads and pools */
  REGIONS_FORK = 30,     /* of processes forked for each */
  TRIPS = 1000,          /* items of apply */
  CHUNKS = 10000,        /* items of dynamic schedules */
  ITEMS_MOST = 1000,     /* blocks of a transport's trial */
  BLOCK_BYTES = 2 << 20, /* of all blocks together, where that is enough */
};

static const uint64_t item_bytes[] = {64,     1024,    16384,
                                      262144, 4194304, 16777216};
static const uint64_t item_bytes_quick[] = {64, 16384, 4194304};
enum { SIZES_MOST = sizeof item_bytes / sizeof *item_bytes };

static int add(struct overheads_configs *configs, const char *variant,
               const struct overheads_config *config, struct problem *problem) {
  struct overheads_config *grown =
      reallocarray(configs->list, configs->count + 1, sizeof *grown);
  if (!grown)
    return problem_failure(problem, "out of memory");
  configs->list = grown;
  grown[configs->count] = *config;
  int status =
      notation_parse_variant(variant, &grown[configs->count].variant, problem);
  configs->count += !status;
  return status;
}

/* Teams on nothing: start, region, memory. */
static int add_teams(struct overheads_configs *configs, uint32_t workers,
                     struct problem *problem) {
  struct overheads_config config = {.workload = &configs->workloads[0],
                                    .workers = workers,
                                    .size = workers,
                                    .warmups = 10,
                                    .iterations = REGIONS,
                                    .stampless = true,
                                    .weigh = true};
  int status = add(configs, "omp:static", &config, problem);
  if (!status)
    status = add(configs, "pool:static", &config, problem);
  config.active = true;
  if (!status)
    status = add(configs, "omp:static", &config, problem);
  config.active = false;
  config.weigh = false;
  config.warmups = 1;
  config.iterations = REGIONS_FORK;
  if (!status)
    status = add(configs, "fork:static", &config, problem);
  return status;
}

/* Round trips: by each transport with one worker, and through shared memory
 * where no CPU is left over to spin on. */
static int add_trips(struct overheads_configs *configs, uint32_t most,
                     struct problem *problem) {
  static const char *const variants[] = {
      "pool:apply", "pool:apply@pipe", "pool:apply@queue", "pool:apply@socket"};
  struct overheads_config config = {.workload = &configs->workloads[0],
                                    .workers = 1,
                                    .size = TRIPS,
                                    .iterations = 3};
  int status = PROBLEM_NONE;
  for (size_t i = 0; !status && i < sizeof variants / sizeof *variants; i++)
    status = add(configs, variants[i], &config, problem);
  config.workers = most;
  if (!status && most > 1)
    status = add(configs, variants[0], &config, problem);
  return status;
}

static int add_chunks(struct overheads_configs *configs, uint32_t workers,
                      struct problem *problem) {
  static const char *const variants[] = {"omp:dynamic,1", "omp:tasks,1",
                                         "pool:dynamic,1"};
  const struct overheads_config config = {.workload = &configs->workloads[0],
                                          .workers = workers,
                                          .size = CHUNKS,
                                          .warmups = 1,
                                          .iterations = 10};
  int status = PROBLEM_NONE;
  for (size_t i = 0; !status && i < sizeof variants / sizeof *variants; i++)
    status = add(configs, variants[i], &config, problem);
  return status;
}

/* Blocks of one length, an item a message, by every transport. */
static int add_rates(struct overheads_configs *configs, size_t workload,
                     uint64_t bytes, uint32_t workers,
                     struct problem *problem) {
  static const char *const variants[] = {
      "pool:dynamic,1", "pool:dynamic,1@pipe", "pool:dynamic,1@queue",
      "pool:dynamic,1@socket"};
  uint64_t items = BLOCK_BYTES / bytes;
  items = items > ITEMS_MOST ? ITEMS_MOST : items;
  const struct overheads_config config = {
      .workload = &configs->workloads[workload],
      .workers = workers,
      .size = items < workers ? workers : items,
      .iterations = 3};
  int status = PROBLEM_NONE;
  for (size_t i = 0; !status && i < sizeof variants / sizeof *variants; i++)
    status = add(configs, variants[i], &config, problem);
  return status;
}

static int add_all(const struct overheads_scope *scope,
                   struct overheads_configs *configs, struct problem *problem) {
  const uint64_t *bytes = scope->quick ? item_bytes_quick : item_bytes;
  size_t sizes = (scope->quick ? sizeof item_bytes_quick : sizeof item_bytes) /
                 sizeof *bytes;
  uint32_t most = scope->counts[scope->count_count - 1];
  char name[64];
  int status = workload_parse("null", &configs->workloads[0], problem);
  configs->workload_count = 1;
  for (size_t i = 0; !status && i < scope->count_count; i++)
    status = add_teams(configs, scope->counts[i], problem);
  if (!status)
    status = add_trips(configs, most, problem);
  if (!status)
    status = add_chunks(configs, 1, problem);
  if (!status && most > 1)
    status = add_chunks(configs, most, problem);
  for (size_t s = 0; !status && s < sizes; s++) {
    snprintf(name, sizeof name, "block/bytes=%llu",
             (unsigned long long)bytes[s]);
    size_t at = configs->workload_count++;
    status = workload_parse(name, &configs->workloads[at], problem);
    if (!status)
      status = add_rates(configs, at, bytes[s], 1, problem);
    if (!status && most > 1)
      status = add_rates(configs, at, bytes[s], most, problem);
  }
  return status;
}

int overheads_configs_make(const struct overheads_scope *scope,
                           struct overheads_configs *configs,
                           struct problem *problem) {
  *configs = (struct overheads_configs){
      .workloads = calloc(1 + SIZES_MOST, sizeof *configs->workloads)};
  if (!configs->workloads)
    return problem_failure(problem, "out of memory");
  return add_all(scope, configs, problem);
}

void overheads_configs_free(struct overheads_configs *configs) {
  free(configs->workloads);
  free(configs->list);
  *configs = (struct overheads_configs){0};
}
