/* coresweep overheads: what teams, regions, chunks and transports cost. */
#include "bench/commands/overheads.h"
#include "bench/commands/command.h"
#include "bench/commands/options.h"
#include "bench/plan/order.h"
#include "bench/report/overheads.h"
#include "bench/sweep/executor.h"
#include "bench/sweep/interrupt.h"
#include "bench/trial/clock.h"
#include "bench/trial/openmp_env.h"
#include "bench/trial/trial.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { SEED = 1, TIMEOUT_S = 60 };

struct overheads_options {
  const char *workers;
  uint32_t rounds; /* 0: not given */
  bool quick;
  char out[RUN_PATH];
};

/* A run. */
struct session {
  const struct overheads_options *options;
  struct machine machine;
  uint32_t counts[COUNTS_MAX];
  size_t count_count;
  uint32_t rounds;
  struct overheads_configs configs;
  struct executor_real executor;
  int fd; /* trials.jsonl */
  char path[RUN_PATH];
  int cpus[TRIAL_WORKERS];
  uint32_t ordered, bad;
  char first_error[400];
};

static const struct option_spec option_list[] = {
    {OPTION_WORKERS_LIST(struct overheads_options),
     .help = OPTION_WORKERS_LIST_HELP "; 1 is always among them"},
    {OPTION_ROUNDS(struct overheads_options, 1, 10000),
     .help = "Rounds (10; 6 with --quick)"},
    {OPTION_OUT(struct overheads_options)},
    {OPTION_QUICK(struct overheads_options),
     .help = "Six rounds, fewer item sizes"},
    {0}};

static int choose_counts(struct session *s, struct problem *problem) {
  const struct overheads_options *o = s->options;
  int status = machine_counts(&s->machine, o->workers, s->counts + 1,
                              COUNTS_MAX - 1, &s->count_count, problem);
  if (status)
    return status;
  s->counts[0] = 1; /* what the others are compared with */
  if (s->counts[1] == 1)
    memmove(s->counts, s->counts + 1, s->count_count * sizeof *s->counts);
  else
    s->count_count++;
  if (o->quick && !o->workers)
    s->count_count =
        counts_thin(s->machine.topology.cores, s->counts, s->count_count);
  return PROBLEM_NONE;
}

/* ---- trials -------------------------------------------------------------- */

static void show_progress(const struct session *s, uint32_t round) {
  if (isatty(STDERR_FILENO))
    fprintf(stderr, "\r\033[Kround %" PRIu32 "/%" PRIu32 ", trial %zu of %zu",
            round, s->rounds, s->ordered % s->configs.count + 1,
            s->configs.count);
}

static void clear_progress(void) {
  if (isatty(STDERR_FILENO))
    fputs("\r\033[K", stderr);
}

static void remember(struct session *s, struct overheads_config *config,
                     const struct record *record) {
  if (strcmp(record->status, "ok") == 0) {
    if (record->digest)
      snprintf(config->digest, sizeof config->digest, "%s", record->digest);
  } else if (s->bad++ == 0) {
    snprintf(s->first_error, sizeof s->first_error,
             "%s, %s, %" PRId64 " workers: %s", record->workload,
             record->variant, record->workers,
             record->error ? record->error : record->status);
  }
}

static int run_trial(struct session *s, struct overheads_config *config,
                     uint32_t round, struct problem *problem) {
  struct record record;
  const struct trial_request order = {
      .workload = config->workload,
      .variant = config->variant,
      .workers = config->workers,
      .usable_cpus = s->machine.usable_cpus,
      .size = config->size,
      .seed = SEED,
      .warmups = config->warmups,
      .iterations = config->iterations,
      .cpus = s->cpus,
      .stampless = config->stampless,
      .weigh = config->weigh,
      .expect = config->digest,
  };
  setenv("OMP_WAIT_POLICY", config->active ? "active" : "passive", 1);
  int status =
      s->executor.base.run(&s->executor.base, &order, &record, problem);
  if (status)
    return status;
  free(record.phase);
  record.phase = strdup(config->active ? OVERHEADS_ACTIVE : OVERHEADS_PASSIVE);
  record.order = ++s->ordered;
  record.round = round;
  remember(s, config, &record);
  status = record_append(s->fd, s->path, &record, problem);
  record_free(&record);
  return status;
}

static int run_rounds(struct session *s, struct problem *problem) {
  uint32_t *order = calloc(s->configs.count, sizeof *order);
  int status = PROBLEM_NONE;
  if (!order)
    return problem_failure(problem, "out of memory");
  for (uint32_t round = 1; !status && round <= s->rounds; round++) {
    order_shuffle(order, s->configs.count, SEED, round);
    for (size_t i = 0; !status && i < s->configs.count; i++) {
      show_progress(s, round);
      status = run_trial(s, &s->configs.list[order[i]], round, problem);
    }
  }
  clear_progress();
  free(order);
  return status;
}

/* ---- what is left of it -------------------------------------------------- */

static int draw(const struct overheads *overheads,
                const struct environment *environment, const char *folder,
                struct problem *problem) {
  char charts[RUN_PATH], scripts[RUN_PATH];
  struct chart list[OVERHEADS_CHARTS];
  size_t count = 0;
  run_path(folder, "charts", charts);
  if (mkdir(charts, 0777) != 0 && errno != EEXIST)
    return problem_failure(problem, "%s could not be created: %s", charts,
                           strerror(errno));
  int status = overheads_chart_data(overheads, environment, charts, list,
                                    &count, problem);
  if (!status)
    status = report_draw(list, count, charts, run_scripts(scripts), problem);
  if (status == -1)
    printf("\nNo charts: gnuplot is not installed.  Numbers: "
           "%s/overheads.json\n",
           folder);
  else if (!status)
    printf("\nCharts: %zu in %s (SVG and PNG).  Numbers: "
           "%s/overheads.json\n",
           count, charts, folder);
  return status == -1 ? PROBLEM_NONE : status;
}

static int report(const struct session *s,
                  const struct environment *environment,
                  struct problem *problem) {
  char path[RUN_PATH];
  struct records records;
  struct overheads overheads;
  const char *folder = s->options->out;
  int status = records_read(s->path, &records, problem);
  if (status)
    return status;
  status =
      overheads_make(&records, s->machine.usable_cpus, &overheads, problem);
  records_free(&records);
  if (status)
    return status;
  overheads_table(&overheads, stdout);
  putchar('\n');
  overheads_sentences(&overheads, stdout);
  fflush(stdout);
  status = overheads_write(&overheads, run_path(folder, "overheads.json", path),
                           problem);
  if (!status)
    status = draw(&overheads, environment, folder, problem);
  overheads_free(&overheads);
  return status;
}

static int measure(struct session *s, struct problem *problem) {
  char path[RUN_PATH];
  const char *folder = s->options->out;
  struct environment environment;
  int64_t begin_ns = clock_now_ns();
  environment_gather(&s->machine, "cores", getenv("MACHINE"), &environment);
  environment.seed = SEED;
  int status = environment_write(
      &environment, run_path(folder, "environment.json", path), problem);
  if (!status)
    status = run_rounds(s, problem);
  if (interrupt_signal()) {
    printf("Interrupted; what was measured is kept in %s.\n", folder);
    status = 128 + interrupt_signal();
  } else if (!status) {
    printf("%" PRIu32 " trials in %" PRIu32 " rounds, %.0f s, in %s.\n\n",
           s->ordered, s->rounds, (double)(clock_now_ns() - begin_ns) * 1e-9,
           folder);
    status = report(s, &environment, problem);
  }
  if (!status && s->bad > 0)
    status = problem_failure(problem,
                             "%" PRIu32 " of %" PRIu32
                             " trials failed or were wrong, and are left "
                             "out; the first: %s",
                             s->bad, s->ordered, s->first_error);
  fields_free(environment_fields, &environment);
  return status;
}

static int run(struct session *s, struct problem *problem) {
  const struct overheads_scope scope = {
      .counts = s->counts,
      .count_count = s->count_count,
      .quick = s->options->quick,
  };
  int status = run_create(s->options->out, problem);
  if (!status)
    status = overheads_configs_make(&scope, &s->configs, problem);
  if (!status) {
    run_path(s->options->out, "trials.jsonl", s->path);
    s->fd = open(s->path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
    if (s->fd < 0)
      status = problem_failure(problem, "%s: %s", s->path, strerror(errno));
  }
  executor_real_init(&s->executor, TIMEOUT_S);
  topology_place(&s->machine.topology, BIND_CORES, TRIAL_WORKERS, s->cpus);
  interrupt_install();
  if (!status)
    status = measure(s, problem);
  if (s->fd >= 0 && close(s->fd) != 0 && !status)
    status = problem_failure(problem, "%s: %s", s->path, strerror(errno));
  overheads_configs_free(&s->configs);
  return status;
}

static void settle(struct overheads_options *o, struct session *s) {
  if (!*o->out)
    run_name_folder("overheads-", o->out);
  s->rounds = o->rounds  ? o->rounds
              : o->quick ? OVERHEADS_ROUNDS_QUICK
                         : OVERHEADS_ROUNDS;
}

int command_overheads(int argc, char **argv) {
  static const struct options options = {
      .list = option_list,
      .doc = "Measures what teams, regions, chunks and transports cost here: "
             "start-up, empty regions, round trips, chunks of dynamic "
             "schedules, bytes per second, memory.  Every trial in a fresh "
             "process, in rounds of random order.\vThe run's folder then "
             "holds environment.json, trials.jsonl, overheads.json and "
             "charts/."};
  static struct overheads_options o;
  static struct session s = {.options = &o, .fd = -1};
  struct problem problem = {""};
  options_parse(&options, "overheads", argc, argv, &o);
  int status = openmp_env_check(&problem);
  if (!status)
    status = machine_discover(&s.machine, &problem);
  if (!status)
    status = choose_counts(&s, &problem);
  settle(&o, &s);
  if (!status)
    status = run(&s, &problem);
  machine_free(&s.machine);
  if (status && interrupt_signal())
    return 128 + interrupt_signal();
  return status ? command_fail("overheads", status, &problem) : 0;
}
