/* test_cause_work.c: the same of others on the CPUs, of work that takes longer,
 * and of programs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "bench/tests/cause_fixture.h"

/* ---- others -------------------------------------------------------------- */

static void waited(struct record *r) {
  r->worker_run_delay_s = numbers_of(2, 1);
}

static void waited_little(struct record *r) {
  r->worker_run_delay_s = numbers_of(2, 0.125);
}

static void crowd(struct record *r) {
  waited(r);
  r->oversubscribed = true;
}

/* By what the machine counts in the whole trial. */
static void stolen(struct record *r) {
  r->wall_s = 10;
  r->others_cpu_s = 8;
}

static void throttled(struct record *r) {
  waited(r);
  r->throttled_s = 1;
}

static void others_are_named(void **state) {
  struct lost l = {.one_s = 6, .off_cpu_s = 2};
  const struct cause *c = cause_of(*state, work, "omp:static", &l, waited);
  is_cause(c, "waiting", "neighbour",
           "ready and waited for 25% of the time; spoilt: workers waited");
  is_evidence(c, "run_delay_share", 0.25);
  c = cause_of(*state, work, "omp:static", &l, waited_little);
  is_cause(c, "waiting", "not-explained", "spoilt: ");
  is_ruled_out(c, "neighbour");
  c = cause_of(*state, work, "omp:static", &l, stolen);
  is_cause(c, "waiting", "neighbour", "others used its CPUs, 40% of their");
  is_evidence(c, "others_share", 0.4);
  c = cause_of(*state, work, "omp:static", &l, crowd);
  is_cause(c, "waiting", "oversubscribed", "2 workers take turns");
  c = cause_of(*state, work, "omp:static", &l, throttled);
  is_cause(c, "waiting", "quota", "a CPU quota took time away");
  c = cause_of(*state, work, "omp:static", &l, NULL);
  is_cause(c, "waiting", "not-explained", "oversubscribed");
}

/* A loss that some trials had is what these were disturbed by: its median tells
 * nothing. */
static void others_in_some_trials_are_named(void **state) {
  struct run *run = *state;
  struct lost l = {.one_s = 6, .off_cpu_s = 2};
  run_empty(run);
  lost_regions(run, work, "omp:static", 2, &l, 1);
  for (size_t i = 0; i < LOST_ROUNDS; i++) {
    own(run, i)->wall_s = 10;
    own(run, i)->others_cpu_s = i % 3 ? 0 : 12;
  }
  const struct cause *c = &analysed(run, work, "omp:static", 2)->region_cause;
  is_cause(c, "waiting", "neighbour",
           "others used its CPUs, 20% of their time");
  is_evidence(c, "others_share", 0.2);
}

/* ---- longer work --------------------------------------------------------- */

static void faulty(struct record *r) {
  r->worker_minor_faults = numbers_of(2, 4099);
}

/* Others made it wait, but that is another term. */
static void faulty_and_waited(struct record *r) {
  faulty(r);
  r->worker_run_delay_s = numbers_of(2, 0.01);
}

static void page_faults_are_named(void **state) {
  struct lost l = {.one_s = 0.03, .work_s = 0.012};
  const struct cause *c = cause_of(*state, work, "fork:static", &l, faulty);
  is_cause(c, "work", "page-faults", "8198 page faults");
  is_evidence(c, "minor_faults", 8198);
  c = cause_of(*state, work, "fork:static", &l, faulty_and_waited);
  is_cause(c, "work", "page-faults", "; spoilt: workers waited for a CPU");
  struct lost more = {.one_s = 0.03, .work_s = 0.02};
  c = cause_of(*state, work, "fork:static", &more, faulty);
  is_cause(c, "work", "not-explained",
           "ruled out: oversubscribed, page faults");
}

/* A forked worker's page, as a probe of a round measured it. */
static void add_fault(struct run *run, int64_t round, const char *workload,
                      double page_s) {
  struct record *r = run_add(run, "probe", round, workload, "omp:static", 1);
  r->requested = strdup("omp:static");
  r->size = 1000;
  r->region_s = page_s * 1000;
}

/* 8198 of them are 8.2 ms at what one costs elsewhere, and 16.4 ms at 2 us. */
static void faults_cost_what_was_measured(void **state) {
  struct run *run = *state;
  struct lost l = {.one_s = 0.03, .work_s = 0.02};
  run_empty(run);
  lost_regions(run, work, "fork:static", 2, &l, 1);
  for (size_t i = 0; i < LOST_ROUNDS; i++)
    faulty(own(run, i));
  for (int64_t round = 1; round <= LOST_ROUNDS; round++) {
    add_fault(run, round, "fault/pages=there", 3e-6);
    add_fault(run, round, "fault/pages=there,touch=again", 1e-6);
  }
  const struct cause *c = &analysed(run, work, "fork:static", 2)->region_cause;
  is_cause(c, "work", "page-faults", "8198 page faults");
  is_evidence(c, "fault_s", 2e-6);
}

/* Of the twin without them, another workload of the same run. */
static void shared_lines_are_named(void **state) {
  struct run *run = *state;
  struct lost packed = {.one_s = 4, .work_s = 4}, padded = {.one_s = 4};
  run_empty(run);
  lost_regions(run, "counter/update=packed", "omp:static", 2, &packed, 1);
  lost_regions(run, "counter/update=padded", "omp:static", 2, &padded, 1);
  const struct cause *c =
      &analysed(run, "counter/update=packed", "omp:static", 2)->cause;
  is_cause(c, "work", "false-sharing", "lines of its own it is 2.00× as fast");
  is_evidence(c, "padded_gain", 2);
  run_empty(run);
  lost_regions(run, "counter/update=packed", "omp:static", 2, &packed, 1);
  lost_regions(run, "counter/update=padded", "omp:static", 2, &packed, 1);
  c = &analysed(run, "counter/update=packed", "omp:static", 2)->cause;
  is_cause(c, "work", "not-explained", "oversubscribed, false sharing");
}

static void copies_tell_of_the_machine(void **state) {
  struct run *run = *state;
  struct lost l = {.one_s = 4, .work_s = 4};
  run_empty(run);
  lost_regions(run, work, "omp:static", 2, &l, 1);
  for (int64_t round = 1; round <= LOST_ROUNDS; round++) {
    struct record *r = lost_add(run, "round", round, work, "copies", 2);
    r->region_s = 8; /* each of two takes twice as long */
  }
  is_cause(&analysed(run, work, "omp:static", 2)->cause, "work",
           "shared-machine", "slow each other down to 50%");
  for (size_t i = 0; i < run->records.count; i++)
    if (strcmp(run->list[i].variant, "copies") == 0)
      run->list[i].region_s = 4;
  const struct cause *c = &analysed(run, work, "omp:static", 2)->cause;
  is_cause(c, "work", "not-explained", "ruled out: ");
  is_ruled_out(c, "shared-machine");
}

/* Nothing was looked at that could tell. */
static void work_without_counters_is_not_told(void **state) {
  struct lost l = {.one_s = 4, .work_s = 4};
  const struct cause *c = cause_of(*state, work, "omp:static", &l, NULL);
  is_cause(c, "work", "not-explained", "oversubscribed");
  assert_null(strstr(c->ruled_out, "page-faults"));
  assert_null(strstr(c->ruled_out, "memory"));
}

/* ---- programs ------------------------------------------------------------ */

static void add_programs(struct run *run, const char *workload, double setup_s,
                         double start_s) {
  struct lost one = {.one_s = 4}, all = {.one_s = 4, .join_s = 0.01};
  for (int64_t round = 1; round <= LOST_ROUNDS; round++)
    for (int64_t p = 1; p <= 2; p++) {
      struct record *r = lost_add(run, "program", round, workload,
                                  p == 1 ? "serial" : "omp:static", p);
      r->setup_s = setup_s;
      r->start_s = p == 1 ? 0 : start_s;
      r->touch_s = r->finish_s = r->close_s = 0.125;
      r->program_sums = lost_sums(p == 1 ? &one : &all, 1, (double)p);
      r->program_s = r->setup_s + r->start_s + 0.375 + r->program_sums.region_s;
    }
}

static void serial_phases_are_named(void **state) {
  struct run *run = *state;
  run_empty(run);
  add_programs(run, "spin/serial=0.5", 3, 0.5);
  const struct cause *c =
      &analysed(run, "spin/serial=0.5", "omp:static", 2)->cause;
  is_cause(c, "serial", "serial-phases",
           "set-up, 3 of 3.88 s; 50% of the work is");
  is_evidence(c, "known_serial_fraction", 0.5);
  is_evidence(c, "serial_phases_s", 3.875);
}

static void starting_a_team_is_named(void **state) {
  struct run *run = *state;
  run_empty(run);
  add_programs(run, work, 0, 3);
  is_cause(&analysed(run, work, "omp:static", 2)->cause, "serial",
           "serial-phases", "starting the team, 3 of 3.38 s");
}

/* One CPU, whatever it is told. */
static void one_cpu_is_named(void **state) {
  struct run *run = *state;
  lost_outside(run);
  is_cause(&analysed(run, "xz", "program", 2)->cause, "more_idle", "one-cpu",
           "it uses 1.00 CPUs, told of 2 workers");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      IN_RUN(others_are_named),
      IN_RUN(others_in_some_trials_are_named),
      IN_RUN(page_faults_are_named),
      IN_RUN(faults_cost_what_was_measured),
      IN_RUN(shared_lines_are_named),
      IN_RUN(copies_tell_of_the_machine),
      IN_RUN(work_without_counters_is_not_told),
      IN_RUN(serial_phases_are_named),
      IN_RUN(starting_a_team_is_named),
      IN_RUN(one_cpu_is_named),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
