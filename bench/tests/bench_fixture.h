/* bench_fixture.h: the plan of `make bench` on a machine.  To be included after
 * cmocka.h. */
#ifndef CORESWEEP_BENCH_FIXTURE_H
#define CORESWEEP_BENCH_FIXTURE_H

#include "bench/plan/budget.h"
#include "bench/plan/counts.h"
#include "bench/plan/plan.h"

#include <stdlib.h>
#include <string.h>

#define LENGTH(array) (sizeof(array) / sizeof(array)[0])

/* What `make bench` measures. */
static const char *const bench_workloads[] = {
    "rowcount", "rangesum", "rangesum/order=sorted", "cube",
    "adler32",  "latency",  "spin/serial=0.05",      "spin/serial=0.25"};
static const char *const bench_variants[] = {"serial",      "omp:static",
                                             "omp:dynamic", "fork:static",
                                             "pool:static", "pool:dynamic"};
enum { LATENCY = 5, BUDGET_S = 120, ITEMS = 1 << 20 };

struct bench {
  struct plan plan;
};

typedef int add_function(struct plan *, const char *, struct problem *);

static inline void add(add_function *adder, struct plan *plan,
                       const char *text) {
  struct problem problem = {""};
  if (adder(plan, text, &problem) != 0)
    fail_msg("%s: %s", text, problem.text);
}

/* One worker's probe takes the target, and so do several at once. */
static inline void add_probes(struct plan *plan) {
  struct problem problem = {""};
  assert_int_equal(plan_add_probes(plan, &problem), 0);
  for (size_t k = 0; k < plan->probe_count; k++) {
    plan->probes[k].region_s = plan->target_s;
    plan->probes[k].fixed_s = 0.02;
  }
}

/* The plan of `make bench` on a machine, as calibrated: 5 ms at the most
 * workers, and 20 ms for all besides the regions. */
static inline void bench_open(struct bench *b, const char *machine,
                              uint32_t cpus) {
  struct topology topology;
  struct plan *plan = &b->plan;
  plan_free(&b->plan);
  memset(b, 0, sizeof *b);
  assert_int_equal(topology_from_synthetic(machine, NULL, &topology, NULL, 0),
                   0);
  assert_int_equal(topology.cpu_count, cpus);
  plan->usable_cpus = cpus;
  plan->cores = topology.cores;
  plan->count_count =
      counts_default(&topology, cpus, plan->counts, PLAN_COUNTS);
  memcpy(plan->waiting, plan->counts, sizeof plan->waiting);
  plan->waiting_count =
      counts_waiting(cpus, plan->waiting, plan->count_count, PLAN_COUNTS);
  topology_free(&topology);
  plan->seed = 7;
  plan->target_s = 0.005;
  plan->budget_s = BUDGET_S;
  plan->rounds = PLAN_ROUNDS;
  plan->iterations = PLAN_ITERATIONS;
  plan->warmups = PLAN_WARMUPS;
  for (size_t s = 0; s < LENGTH(bench_workloads); s++)
    add(plan_add_workload, plan, bench_workloads[s]);
  for (size_t v = 0; v < LENGTH(bench_variants); v++)
    add(plan_add_variant, plan, bench_variants[v]);
  for (size_t s = 0; s < plan->workload_count; s++) {
    assert_false(plan->workloads[s].fixed);
    plan->workloads[s].size = ITEMS;
    plan->workloads[s].region_s = plan->target_s * plan_most_workers(plan, s);
    plan->workloads[s].fixed_s = 0.02;
  }
  add_probes(plan);
}

/* Whether a point is listed; exactly once, if at all. */
static inline bool has_point(const struct plan *plan, uint32_t workload,
                             uint32_t variant, uint32_t workers) {
  unsigned found = 0;
  for (size_t i = 0; i < plan->result_count; i++)
    found += plan->points[i].workload == plan->workloads[workload].workload &&
             memcmp(&plan->points[i].variant, &plan->variants[variant],
                    sizeof plan->points[i].variant) == 0 &&
             plan->points[i].workers == workers;
  assert_in_range(found, 0, 1);
  return found == 1;
}

static inline int bench_begin(void **state) {
  *state = calloc(1, sizeof(struct bench));
  return *state ? 0 : -1;
}

static inline int bench_end(void **state) {
  plan_free(&((struct bench *)*state)->plan);
  free(*state);
  return 0;
}

#define IN_BENCH(name)                                                         \
  cmocka_unit_test_setup_teardown(name, bench_begin, bench_end)

#endif
