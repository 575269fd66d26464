/* simulated_fixture.h: trials on a simulated machine, for tests. */
#ifndef CORESWEEP_SIMULATED_FIXTURE_H
#define CORESWEEP_SIMULATED_FIXTURE_H

#include "bench/sweep/simulated/simulated.h"

#include <math.h>

/* A machine with its CPUs, placed workers, and an executor. */
struct bed {
  struct simulated_machine description;
  struct machine machine;
  struct executor_simulated executor;
  struct workload workload;
  int cpus[4096];
};

/* Call after bed->description is as wanted. */
static inline void bed_begin(struct bed *bed, const char *workload,
                             uint64_t seed) {
  struct problem problem;
  assert_int_equal(
      simulated_machine_topology(&bed->description, &bed->machine, &problem),
      0);
  assert_int_equal(workload_parse(workload, &bed->workload, &problem), 0);
  assert_int_equal(executor_simulated_init(&bed->executor, &bed->description,
                                           &bed->machine.topology, seed,
                                           &problem),
                   0);
  topology_place(&bed->machine.topology, BIND_CORES, 4096, bed->cpus);
}

static inline void bed_end(struct bed *bed) {
  executor_simulated_free(&bed->executor);
  machine_free(&bed->machine);
}

/* An order on it: three timed regions after a cold one. */
static inline struct trial_request bed_order(struct bed *bed,
                                             const char *variant,
                                             uint32_t workers, uint64_t size) {
  struct problem problem;
  struct trial_request order = {.workload = &bed->workload,
                                .workers = workers,
                                .usable_cpus = bed->machine.usable_cpus,
                                .size = size,
                                .seed = 1,
                                .iterations = 3,
                                .cpus = bed->cpus,
                                .expect = ""};
  assert_int_equal(notation_parse_variant(variant, &order.variant, &problem),
                   0);
  return order;
}

/* The same in two blocks of turns with `beside`, together with so many other
 * points of the team; all are borrowed. */
static inline void bed_share(struct trial_request *order,
                             const struct variant_spec *beside,
                             const struct variant_spec *also, uint32_t count) {
  order->beside = beside;
  order->blocks = 2;
  order->warmups = 1;
  order->iterations = 0;
  order->also = also;
  order->also_count = count;
}

/* The order of one of the points that share a trial, by itself. */
static inline struct trial_request bed_alone(const struct trial_request *order,
                                             uint32_t place) {
  struct trial_request one = trial_request_of(order, place);
  one.also_count = one.place = 0;
  one.counts = NULL;
  return one;
}

/* Their records, all of them ok; to be released with record_free. */
static inline void bed_run(struct executor *executor,
                           const struct trial_request *order,
                           struct record *records) {
  struct problem problem = {""};
  if (executor->run(executor, order, records, &problem) != 0)
    fail_msg("%s", problem.text);
  for (uint32_t i = 0; i <= order->also_count; i++)
    assert_string_equal(records[i].status, "ok");
}

/* The record of a trial, to be released with record_free. */
static inline struct record bed_trial(struct bed *bed, const char *variant,
                                      uint32_t workers, uint64_t size) {
  struct trial_request order = bed_order(bed, variant, workers, size);
  struct record record;
  struct problem problem;
  assert_int_equal(
      bed->executor.base.run(&bed->executor.base, &order, &record, &problem),
      0);
  return record;
}

/* That of the test that runs. */
static struct bed bed;

/* A test's set-up: a machine without costs or noise, for it to change and to
 * bed_begin; and its end. */
static inline int bed_describe(void **state) {
  (void)state;
  simulated_machine_init(&bed.description);
  return 0;
}

static inline int bed_close(void **state) {
  (void)state;
  bed_end(&bed);
  return 0;
}

#define ON_MACHINE(test)                                                       \
  cmocka_unit_test_setup_teardown(test, bed_describe, bed_close)

static inline int64_t ns(double seconds) {
  return llround(seconds * 1e9);
}

static inline int64_t sum_ns(const struct numbers *numbers) {
  int64_t sum = 0;
  for (size_t i = 0; i < numbers->count; i++)
    sum += ns(numbers->values[i]);
  return sum;
}

#endif
