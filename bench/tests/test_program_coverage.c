/* Sweeps over a made-up program on a made-up machine: how often the intervals
 * of its speedup and of its losses hold what is true. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "bench/analyze/analysis.h"
#include "bench/sweep/program_plan.h"
#include "bench/sweep/simulated/states.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { WORKERS = 4 };

/* How much is looked at, and how many of the sweeps' intervals are to hold the
 * truth, which is that of a long run to such a tolerance. */
struct study {
  int sweeps, least, most;
  uint32_t long_rounds;
  double tolerance;
};
/* Of a level of 96.1%: 93 to 99 of 100; in fewer sweeps, four standard errors
 * less, which intervals that are half as wide do not come near. */
static const struct study whole = {1000, 930, 990, 20001, 0.002},
                          part = {100, 89, 100, 1001, 0.006};

/* Ten seconds of work, two of them serial, and one more that sleeps; each
 * worker beyond the first adds 0.2 s of CPU time. */
static const double serial_s = 2, parallel_s = 8, asleep_s = 1, extra_s = 0.2;

/* What goes wrong: all times together, its serial part alone, and, on a machine
 * with such states, each CPU by itself. */
struct wrong {
  const char *name;
  double jitter, setup_jitter, state_share, crowded_share;
};

struct made_up {
  struct executor base;
  const struct wrong *wrong;
  struct simulated_machine description;
  struct simulated_states states;
  uint64_t state;
  double clock_s;
};

static double uniform(struct made_up *machine) {
  machine->state ^= machine->state << 13;
  machine->state ^= machine->state >> 7;
  machine->state ^= machine->state << 17;
  return ((double)(machine->state >> 11) + 0.5) / 9007199254740992.0;
}

/* Lognormal. */
static double noise(struct made_up *machine, double sigma) {
  double u = uniform(machine), v = uniform(machine);
  return exp(sigma * sqrt(-2 * log(u)) * cos(6.283185307179586 * v));
}

/* Work of one process among so many at once, from then on. */
static double took_s(const struct made_up *machine, int cpu, uint32_t busy_cpus,
                     double begin_s, double work_s) {
  const struct simulated_place place = {cpu, busy_cpus};
  return (double)simulated_states_ns(&machine->states, &place,
                                     llround(begin_s * 1e9),
                                     llround(work_s * 1e9)) *
         1e-9;
}

/* A program on p CPUs, begun now: its serial part, what sleeps, and what all
 * wait for.  Adds up the CPU time. */
static double program_s(struct made_up *machine, double p, double *cpu_s) {
  double by = noise(machine, machine->wrong->jitter);
  double own = noise(machine, machine->wrong->setup_jitter);
  double begin_s = machine->clock_s, parallel = parallel_s + extra_s * (p - 1);
  double serial = took_s(machine, 0, 1, begin_s, by * own * serial_s);
  double slowest = 0;
  *cpu_s = serial;
  begin_s += serial + by * asleep_s;
  for (int cpu = 0; cpu < p; cpu++) {
    double one = took_s(machine, cpu, (uint32_t)p, begin_s, by * parallel / p);
    slowest = fmax(slowest, one);
    *cpu_s += one;
  }
  return serial + by * asleep_s + slowest;
}

static int run(struct executor *self, const struct trial_request *request,
               struct record *record, struct problem *problem) {
  struct made_up *machine = (struct made_up *)(void *)self;
  double cpu_s;
  (void)problem;
  record_clear(record);
  record->schema = RECORD_SCHEMA;
  record->status = strdup("ok");
  record->kernel = strdup("program");
  record->workload = strdup(request->workload->name);
  record->variant = strdup(request->variant.team);
  record->requested = strdup(request->variant.team);
  record->workers = request->workers;
  record->oversubscribed = 0;
  record->size = (int64_t)request->size;
  record->seed = 1;
  record->correct = 1;
  record->digest = strdup("0000000000000001");
  record->program_s = program_s(machine, request->workers, &cpu_s);
  record->wall_s = record->program_s;
  record->cpu_s = noise(machine, 0.01) * cpu_s;
  machine->clock_s += record->wall_s;
  return PROBLEM_NONE;
}

static double now_s(struct executor *self) {
  return ((struct made_up *)(void *)self)->clock_s;
}

static void sweep(const struct program *program, const struct wrong *wrong,
                  uint64_t seed, uint32_t rounds, struct analysis *analysis) {
  static const uint32_t counts[] = {1, 2, WORKERS};
  static const int cpus[WORKERS] = {0, 1, 2, 3};
  const struct program_scope scope = {.programs = program,
                                      .program_count = 1,
                                      .counts = counts,
                                      .count_count = 3,
                                      .warmups = 1,
                                      .rounds = rounds};
  struct made_up machine = {.base = {run, now_s},
                            .wrong = wrong,
                            .state = seed * 0x9e3779b97f4a7c15 + 1};
  struct records records = {0};
  struct program_plan plan;
  struct problem problem;
  struct engine engine = {.executor = &machine.base,
                          .fd = -1,
                          .cpus = cpus,
                          .usable_cpus = WORKERS,
                          .seed = seed,
                          .records = &records};
  simulated_machine_init(&machine.description);
  machine.description.state_share = wrong->state_share;
  machine.description.crowded_share = wrong->crowded_share;
  machine.description.crowded_cpus = WORKERS / 2.0;
  machine.states = (struct simulated_states){&machine.description, seed};
  for (int k = 0; k < 20; k++)
    (void)uniform(&machine);
  assert_int_equal(program_plan_make(&scope, &plan, &problem), 0);
  engine_begin(&engine);
  assert_int_equal(engine_run(&engine, &plan.base, &problem), 0);
  /* The first pair, a warm-up of the one between, rounds of three. */
  assert_int_equal(records.count, 2 + 1 + 3 * rounds);
  assert_int_equal(
      analysis_make(&records, NULL, NULL, NULL, analysis, &problem), 0);
  program_plan_free(&plan);
  engine_free(&engine);
  records_free(&records);
}

static bool holds(struct interval interval, double truth) {
  return interval.low <= truth && truth <= interval.high;
}

/* Without states, what a long run says is what the program is made of. */
static void check_truth(const struct result *is, double tolerance) {
  double one_s = serial_s + parallel_s + asleep_s;
  double more_s = extra_s * (WORKERS - 1);
  double core_s = WORKERS * (serial_s + asleep_s) + parallel_s + more_s;
  assert_true(fabs(is->program_speedup.median / (WORKERS * one_s / core_s) -
                   1) < tolerance);
  assert_true(fabs(is->more_cpu_share.median - more_s / core_s) < tolerance);
  assert_true(fabs(is->more_idle_share.median -
                   (core_s - one_s - more_s) / core_s) < tolerance);
}

static struct interval half_of(struct interval i) {
  return (struct interval){i.median, (i.low + i.median) / 2,
                           (i.high + i.median) / 2};
}

/* The truth is the median of a long run: noise shifts that of a difference a
 * little. */
static void check(const struct study *study, const struct program *program,
                  const struct wrong *wrong) {
  int speedup = 0, cpu = 0, idle = 0, narrow = 0;
  struct analysis truth, analysis;
  sweep(program, wrong, 1001, study->long_rounds, &truth);
  const struct result *is = analysis_find(&truth, "p", "program", WORKERS);
  if (wrong->state_share == 0)
    check_truth(is, study->tolerance);
  for (uint64_t seed = 1; seed <= (uint64_t)study->sweeps; seed++) {
    sweep(program, wrong, seed, PROGRAM_ROUNDS, &analysis);
    const struct result *r = analysis_find(&analysis, "p", "program", WORKERS);
    speedup += holds(r->program_speedup, is->program_speedup.median);
    narrow += holds(half_of(r->program_speedup), is->program_speedup.median);
    cpu += holds(r->more_cpu_share, is->more_cpu_share.median);
    idle += holds(r->more_idle_share, is->more_idle_share.median);
    analysis_free(&analysis);
  }
  analysis_free(&truth);
  print_message("%s: speedup %d (half as wide %d), more CPU time %d, more idle "
                "%d of %d\n",
                wrong->name, speedup, narrow, cpu, idle, study->sweeps);
  assert_in_range(speedup, study->least, study->most);
  assert_in_range(cpu, study->least, study->most);
  assert_in_range(idle, study->least, study->most);
  assert_true(narrow < study->least);
}

static void test_intervals_hold_the_truth(void **state) {
  static const struct wrong wrongs[] = {
      {"independent noise", 0.05, 0, 0, 0},
      {"set-up noise", 0.01, 0.05, 0, 0},
      {"CPU states, set-up noise", 0.01, 0.05, 0.35, 0},
      {"CPU states, set-up noise, crowded", 0.01, 0.05, 0.35, 0.1},
  };
  struct program program = {.name = NULL};
  struct problem problem;
  assert_int_equal(words_add(&program.command, "p"), 0);
  assert_int_equal(program_settle(&program, &problem), 0);
  for (size_t i = 0; i < sizeof wrongs / sizeof *wrongs; i++)
    check(*state, &program, &wrongs[i]);
  program_free(&program);
}

/* --whole: as `make coverage-study` asks for it. */
int main(int argc, char **argv) {
  struct study study =
      argc > 1 && strcmp(argv[1], "--whole") == 0 ? whole : part;
  const struct CMUnitTest tests[] = {
      {.name = "test_intervals_hold_the_truth",
       .test_func = test_intervals_hold_the_truth,
       .initial_state = &study},
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
