#include "bench/plan/order.h"
#include "bench/plan/plan.h"
#include "bench/sweep/simulated/simulated.h"
#include "bench/tests/coverage.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { LAST = COVERAGE_POINTS - 1 }; /* the first point over it is asked for */
/* After each trial, but not between programs that belong together: trials of
 * other points lie there, so that a state of a CPU, of at most 2 s, is over
 * when a point has its turn again. */
static const int64_t pause_ns = 1300000000;
static const double serial_share = 0.2; /* of a program with one worker */

void coverage_machine(const struct coverage_scenario *scenario,
                      struct simulated_machine *machine) {
  const struct coverage_noise *noise = scenario->noise;
  simulated_machine_init(machine);
  snprintf(machine->topology, sizeof machine->topology, "core:%u pu:1",
           scenario->cpus);
  machine->serial_share = serial_share;
  machine->region_fixed_s = scenario->rule == RULE_LAW ? 0 : 5e-6;
  machine->sigma = scenario->rule == RULE_LAW ? 0 : 0.01;
  machine->jitter = noise->jitter;
  machine->region_jitter = noise->region_jitter;
  machine->setup_jitter = noise->setup_jitter;
  machine->drift = noise->drift;
  machine->drift_correlation = noise->drift_correlation;
  machine->trend = noise->trend;
  machine->steal_probability = noise->steal_probability;
  machine->steal_share = noise->steal_share;
  machine->state_share = noise->state_share;
  machine->crowded_share = noise->crowded_share;
  machine->crowded_cpus = scenario->cpus / 2.0;
}

/* A machine with its executor, and the orders of a round. */
struct coverage_bench {
  const struct coverage_scenario *scenario;
  struct simulated_machine description;
  struct machine machine;
  struct executor_simulated executor;
  struct workload workload;
  struct variant_spec serial;
  struct trial_request orders[COVERAGE_POINTS];
  int cpus[COVERAGE_WORKERS];
};

static void must(int status, const struct problem *problem) {
  if (status) {
    fprintf(stderr, "coverage: %s\n", problem->text);
    abort();
  }
}

bool coverage_of_programs(const struct coverage_scenario *scenario) {
  return scenario->rule == RULE_PROGRAM || scenario->rule == RULE_LAW;
}

bool coverage_in_blocks(const struct coverage_scenario *scenario) {
  return scenario->rule == RULE_BLOCKS || scenario->rule == RULE_EACH_BLOCK;
}

const char *coverage_way(const struct coverage_scenario *scenario) {
  static const char *const ways[] = {"rounds", "blocks", "programs"};
  return ways[coverage_in_blocks(scenario)     ? 1
              : coverage_of_programs(scenario) ? 2
                                               : 0];
}

/* As a plan's points are; see take_turns in plan.c. */
static void make_order(struct coverage_bench *bench, int point) {
  const struct coverage_scenario *scenario = bench->scenario;
  bool many = point == LAST && !scenario->same;
  struct trial_request *order = &bench->orders[point];
  struct problem problem;
  *order = (struct trial_request){
      .workload = &bench->workload,
      .workers = many ? scenario->cpus : 1,
      .usable_cpus = scenario->cpus,
      .size = COVERAGE_SIZE,
      .iterations = coverage_of_programs(scenario) ? 0 : COVERAGE_ITERATIONS,
      .cpus = bench->cpus};
  must(notation_parse_variant(point == 0 || scenario->same ? "serial"
                                                           : "omp:static",
                              &order->variant, &problem),
       &problem);
  if (!coverage_in_blocks(scenario) || point == 0)
    return;
  order->beside = &bench->serial;
  order->blocks = plan_blocks(&bench->workload, PLAN_BLOCKS);
  order->warmups = plan_turns(&bench->workload, PLAN_BLOCKS);
  order->iterations = 0;
}

struct coverage_bench *coverage_bench_new(const struct coverage_scenario *of) {
  struct coverage_bench *bench = calloc(1, sizeof *bench);
  struct problem problem = {"out of memory"};
  must(!bench, &problem);
  bench->scenario = of;
  coverage_machine(of, &bench->description);
  int status;
#pragma omp critical(topology)
  status = simulated_machine_topology(&bench->description, &bench->machine,
                                      &problem);
  must(status, &problem);
  must(workload_parse("spin", &bench->workload, &problem), &problem);
  must(notation_parse_variant("serial", &bench->serial, &problem), &problem);
  must(executor_simulated_init(&bench->executor, &bench->description,
                               &bench->machine.topology, 0, &problem),
       &problem);
  topology_place(&bench->machine.topology, BIND_CORES, of->cpus, bench->cpus);
  for (int point = 0; point < COVERAGE_POINTS; point++)
    make_order(bench, point);
  return bench;
}

void coverage_bench_free(struct coverage_bench *bench) {
  executor_simulated_free(&bench->executor);
  machine_free(&bench->machine);
  free(bench);
}

const struct coverage_scenario *
coverage_bench_scenario(const struct coverage_bench *bench) {
  return bench->scenario;
}

void coverage_bench_restart(struct coverage_bench *bench, uint64_t seed) {
  executor_simulated_restart(&bench->executor, seed);
}

static void run_trial(struct coverage_bench *bench, struct trial_request order,
                      uint32_t round, struct record *record) {
  struct problem problem;
  order.first_cpu = (round + 1) % order.workers; /* as the engine does */
  must(
      bench->executor.base.run(&bench->executor.base, &order, record, &problem),
      &problem);
}

static void wait_for_others(struct coverage_bench *bench, int trials) {
  if (!bench->scenario->close)
    bench->executor.now_ns += trials * pause_ns;
}

void coverage_bench_run(struct coverage_bench *bench, uint32_t point,
                        uint32_t round, struct record *record) {
  run_trial(bench, bench->orders[point], round, record);
  wait_for_others(bench, 1);
}

/* See list_programs in plan.c, and the engine's order_round and run_trial. */
void coverage_bench_programs(struct coverage_bench *bench, uint32_t round,
                             double program_s[COVERAGE_POINTS],
                             double serial_s[2]) {
  double times_s[COVERAGE_POINTS + 1];
  for (uint32_t i = 0; i <= COVERAGE_POINTS; i++) {
    uint32_t which = round % 2 ? COVERAGE_POINTS - i : i;
    struct trial_request order = bench->orders[which % COVERAGE_POINTS];
    struct record record;
    if (which % COVERAGE_POINTS ==
        0) { /* serial, before the others and after */
      order.cpus += (2 * (round + 1) + (which > 0)) % bench->scenario->cpus;
      order.usable_cpus = 1;
    }
    run_trial(bench, order, round, &record);
    times_s[which] = record.program_s;
    record_free(&record);
  }
  memcpy(program_s, times_s, COVERAGE_POINTS * sizeof *program_s);
  serial_s[0] = times_s[0];
  serial_s[1] = times_s[COVERAGE_POINTS];
  program_s[0] = sqrt(serial_s[0] * serial_s[1]);
  wait_for_others(bench, COVERAGE_POINTS);
}
