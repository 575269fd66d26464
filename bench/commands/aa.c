/* coresweep aa: how often this machine shows a difference that is not there. */
#include "bench/analyze/stats.h"
#include "bench/commands/aa_run.h"
#include "bench/commands/command.h"
#include "bench/commands/options.h"
#include "bench/sweep/interrupt.h"
#include "bench/sweep/simulated.h"
#include "bench/trial/openmp_env.h"

#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

static const double target_s = 0.003, timeout_s = 60;

struct aa_options {
  uint32_t sweeps, rounds;
  uint64_t seed;
  const char *machine;
};

static const struct option_spec option_list[] = {
    {.name = "sweeps",
     .arg = "N",
     .help = "How often it is compared with itself (40)",
     OPTION_COUNT(struct aa_options, sweeps, 1, AA_SWEEPS_MOST)},
    {OPTION_ROUNDS(struct aa_options, STATS_SAMPLES_MIN, AA_ROUNDS_MOST),
     .help = "Rounds of each sweep, at least 6 (15)"},
    {OPTION_SEED(struct aa_options),
     .help = "Seed of the items and of the order (1)"},
    {.name = "machine",
     .arg = "FILE",
     .help = "Simulate this machine instead, as `coresweep simulate` does",
     OPTION_TEXT(struct aa_options, machine)},
    {0}};

/* The progress line: on a terminal only. */
static void show_progress(uint32_t done, uint32_t sweeps) {
  fprintf(stderr, "\r\033[K%3.0f%%, sweep %" PRIu32 "/%" PRIu32,
          100.0 * done / sweeps, done, sweeps);
  if (done == sweeps)
    fputs("\r\033[K", stderr);
}

static int print_outcome(const struct aa *aa,
                         const struct aa_outcome *outcome) {
  printf("spin, serial, regions of %.3g ms, compared with itself: %" PRIu32
         " sweeps of %" PRIu32 " rounds.\n",
         1e3 * outcome->region_s, aa->sweeps, aa->rounds);
  printf("Differences found that are not there: %" PRIu32 " of %" PRIu32
         ", %.1f%% (95%% interval %.1f%% to %.1f%%); %.1f%% are expected of "
         "independent trials.\n",
         outcome->found, aa->sweeps, 100 * outcome->rate.median,
         100 * outcome->rate.low, 100 * outcome->rate.high,
         100 * outcome->expected);
  printf("Intervals reach ±%.2f%% in the median (eight in ten: %.2f%% to "
         "%.2f%%): smaller differences do not show in %" PRIu32 " rounds.\n",
         100 * outcome->width, 100 * outcome->width_low,
         100 * outcome->width_high, aa->rounds);
  if (aa->sweeps < AA_SWEEPS_JUDGED)
    printf("Fewer than %d sweeps: nothing is concluded.\n", AA_SWEEPS_JUDGED);
  else if (outcome->too_many)
    printf("Too many: intervals promise at most 5%%.  Do not trust them on "
           "this machine as it is now.\n");
  else
    printf("No more than the 5%% that intervals promise, as far as %" PRIu32
           " sweeps can tell.\n",
           aa->sweeps);
  return outcome->too_many ? PROBLEM_FAILURE : 0;
}

static int run(struct aa *aa, struct problem *problem, bool *too_many) {
  struct aa_outcome outcome;
  if (isatty(STDERR_FILENO))
    aa->report = show_progress;
  interrupt_install();
  int status = aa_run(aa, &outcome, problem);
  if (!status)
    *too_many = print_outcome(aa, &outcome) != 0;
  return status;
}

static int run_here(const struct aa *requested, struct problem *problem,
                    bool *too_many) {
  struct executor_real executor;
  struct machine machine;
  struct aa aa = *requested;
  int cpu = -1;
  int status = openmp_env_check(problem);
  if (!status)
    status = machine_discover(&machine, problem);
  if (status)
    return status;
  topology_place(&machine.topology, BIND_CORES, 1, &cpu);
  executor_real_init(&executor, timeout_s);
  aa.executor = &executor.base;
  aa.cpus = &cpu;
  aa.usable_cpus = 1; /* the trial is told of one CPU only */
  status = run(&aa, problem, too_many);
  machine_free(&machine);
  return status;
}

static int run_simulated(const struct aa *requested, const char *path,
                         struct problem *problem, bool *too_many) {
  struct simulated_machine description;
  struct executor_simulated executor;
  struct machine machine;
  struct aa aa = *requested;
  int status = simulated_machine_read(path, &description, problem);
  if (!status)
    status = simulated_machine_topology(&description, &machine, problem);
  if (status)
    return status;
  status = executor_simulated_init(&executor, &description, &machine.topology,
                                   aa.seed, problem);
  aa.executor = &executor.base;
  aa.usable_cpus = machine.usable_cpus;
  if (!status)
    printf("simulated: %s\n", description.name);
  if (!status)
    status = run(&aa, problem, too_many);
  executor_simulated_free(&executor);
  machine_free(&machine);
  return status;
}

int command_aa(int argc, char **argv) {
  static const struct options options = {
      .list = option_list,
      .doc = "Compares one configuration with itself, under two names and in "
             "rounds of random order, as a sweep does, and counts how often an "
             "interval excludes 1: how far the intervals can be trusted here, "
             "and which differences are too small to show.\vThe exit status is "
             "1 when there are more than chance explains: from 20 sweeps on, "
             "when the rate's 95% interval (Wilson's) lies above 5%."};
  static struct workload workload;
  struct aa_options o = {.sweeps = AA_SWEEPS, .rounds = AA_ROUNDS, .seed = 1};
  struct problem problem = {""};
  bool too_many = false;
  options_parse(&options, "aa", argc, argv, &o);
  struct aa aa = {.workload = &workload,
                  .sweeps = o.sweeps,
                  .rounds = o.rounds,
                  .seed = o.seed,
                  .target_s = target_s};
  int status = workload_parse("spin", &workload, &problem);
  if (!status)
    status = o.machine ? run_simulated(&aa, o.machine, &problem, &too_many)
                       : run_here(&aa, &problem, &too_many);
  if (status && interrupt_signal())
    return 128 + interrupt_signal();
  return status ? command_fail("aa", status, &problem) : too_many;
}
