/* coresweep probe: what the machine can do at most: bytes, additions, cycles a
 * second, per worker count. */
#include "bench/commands/probe.h"
#include "bench/commands/command.h"
#include "bench/commands/options.h"
#include "bench/sweep/interrupt.h"
#include "bench/trial/openmp_env.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { OPS = 4, LINE_BYTES = 64, ADDS_ITEMS = 2000, CLOCK_ITEMS = 4000 };

/* Bytes that a worker moves in a region; more where its set is larger. */
static const double region_bytes = 67108864;

/* Bytes that an item moves, and that it takes up. */
static const struct op {
  const char *name;
  double bytes;
} ops[OPS] = {{"read", 64}, {"write", 64}, {"copy", 128}, {"mix", 384}};

struct probe_options {
  const char *workers;
  uint32_t rounds; /* 0: not given */
  char out[RUN_PATH];
};

struct session {
  const struct probe_options *options;
  struct machine machine;
  struct probe_run run;
};

static const struct option_spec option_list[] = {
    {OPTION_WORKERS_LIST(struct probe_options),
     .help = OPTION_WORKERS_LIST_HELP},
    {OPTION_ROUNDS(struct probe_options, 1, 10000), .help = "Rounds (10)"},
    {OPTION_OUT(struct probe_options)},
    {0}};

static int choose_counts(struct session *s, struct problem *problem) {
  return machine_counts(&s->machine, s->options->workers, s->run.counts,
                        COUNTS_MAX, &s->run.count_count, problem);
}

/* ---- what to run --------------------------------------------------------- */

static int add(struct session *s, const char *workload, uint32_t workers,
               uint64_t size, struct probe_config **added,
               struct problem *problem) {
  struct probe_run *run = &s->run;
  struct probe_config **grown =
      reallocarray(run->configs, run->count + 1, sizeof(struct probe_config *));
  struct probe_config *config = calloc(1, sizeof *config);
  if (grown)
    run->configs = grown;
  if (!grown || !config) {
    free(config);
    return problem_failure(problem, "out of memory");
  }
  *added = run->configs[run->count++] = config;
  return probe_config_make(workload, "omp:static", workers, size, run->rounds,
                           config, problem);
}

static int add_memory(struct session *s, int level, uint32_t workers,
                      const struct op *op, struct problem *problem) {
  char workload[80];
  struct probe_config *config = NULL;
  double set_bytes = memory_set_bytes(&s->machine.topology, level, workers);
  uint64_t lines = (uint64_t)(set_bytes / op->bytes);
  if (lines == 0)
    return PROBLEM_NONE;
  double set = (double)lines * op->bytes;
  uint64_t passes = (uint64_t)fmax(1, region_bytes / set);
  snprintf(workload, sizeof workload, "memory/op=%s,passes=%" PRIu64, op->name,
           passes);
  int status = add(s, workload, workers, lines * workers, &config, problem);
  if (status || !config)
    return status;
  config->level = level;
  config->set_bytes = set;
  config->units = set * (double)passes * workers;
  return PROBLEM_NONE;
}

/* What the kernel itself says that it does. */
static int add_meter(struct session *s, const char *name, uint32_t workers,
                     uint64_t items, struct problem *problem) {
  struct probe_config *config = NULL;
  int status = add(s, name, workers, items * workers, &config, problem);
  if (!status && config)
    config->units =
        workload_shape(&config->workload).operations * (double)config->size;
  return status;
}

static int list_configs(struct session *s, struct problem *problem) {
  int status = PROBLEM_NONE;
  for (size_t c = 0; !status && c < s->run.count_count; c++) {
    uint32_t workers = s->run.counts[c];
    for (int level = 0; level < MEMORY_LEVELS; level++)
      for (int op = 0; !status && op < OPS; op++)
        status = add_memory(s, level, workers, &ops[op], problem);
    if (!status)
      status = add_meter(s, "adds", workers, ADDS_ITEMS, problem);
    if (!status)
      status = add_meter(s, "clock", workers, CLOCK_ITEMS, problem);
  }
  return status;
}

/* ---- the run ------------------------------------------------------------- */

static int report(struct session *s, struct problem *problem) {
  char path[RUN_PATH];
  const char *folder = s->options->out;
  printf("Medians of %" PRIu32 " rounds with their 95%% intervals, in %s.\n",
         s->run.rounds, folder);
  probe_print(&s->run);
  int status =
      probe_write(&s->run, run_path(folder, "probe.json", path), problem);
  for (size_t i = 0; !status && i < s->run.count; i++)
    if (*s->run.configs[i]->error)
      status = problem_failure(problem, "a trial failed or was wrong: %s",
                               s->run.configs[i]->error);
  return status;
}

static int measure(struct session *s, struct problem *problem) {
  static char path[RUN_PATH];
  struct environment environment;
  char name[RUN_PATH];
  const char *folder = s->options->out;
  int status = run_create(folder, problem);
  if (status)
    return status;
  s->run.path = run_path(folder, "trials.jsonl", path);
  s->run.fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
  if (s->run.fd < 0)
    return problem_failure(problem, "%s: %s", path, strerror(errno));
  environment_gather(&s->machine, "cores", getenv("MACHINE"), &environment);
  status = environment_write(
      &environment, run_path(folder, "environment.json", name), problem);
  fields_free(environment_fields, &environment);
  if (!status)
    status = list_configs(s, problem);
  if (!status)
    status = probe_rounds(&s->run, problem);
  if (close(s->run.fd) != 0 && !status)
    status = problem_failure(problem, "%s: %s", path, strerror(errno));
  if (interrupt_signal()) {
    printf("Interrupted; what was measured is kept in %s.\n", folder);
    return 128 + interrupt_signal();
  }
  return status ? status : report(s, problem);
}

static int prepare(struct session *s, struct problem *problem) {
  int status = machine_discover(&s->machine, problem);
  if (status)
    return status;
  s->run.machine = &s->machine;
  return choose_counts(s, problem);
}

static void settle(struct probe_options *o, struct session *s) {
  if (!*o->out)
    run_name_folder("probe-", o->out);
  s->run.rounds = o->rounds ? o->rounds : PROBE_ROUNDS;
}

int command_probe(int argc, char **argv) {
  static const struct options options = {
      .list = option_list,
      .doc = "Measures what the machine can do at most, per worker count: "
             "bytes read, written, copied, and read and written 5:1, in each "
             "cache and in memory; 64-bit additions with the vectors that the "
             "compiler was told of; cycles.  Every trial in a fresh process, "
             "in rounds of random order.\vThe run's folder then holds "
             "environment.json, trials.jsonl and probe.json."};
  static struct probe_options o;
  static struct session s = {.options = &o, .run = {.fd = -1}};
  struct problem problem = {""};
  options_parse(&options, "probe", argc, argv, &o);
  settle(&o, &s);
  int status = openmp_env_check(&problem);
  if (!status)
    status = prepare(&s, &problem);
  if (!status)
    status = measure(&s, &problem);
  for (size_t i = 0; i < s.run.count; i++) {
    probe_config_free(s.run.configs[i]);
    free(s.run.configs[i]);
  }
  free(s.run.configs);
  machine_free(&s.machine);
  if (status && interrupt_signal())
    return 128 + interrupt_signal();
  return status ? command_fail("probe", status, &problem) : 0;
}
