/* test_sums.c: where a region's core-time goes, and what of its stamps is not
 * believed: a dropped chunk, stamps that are shifted, another region's, a
 * region that is counted twice. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "bench/tests/text_fixture.h"
#include "bench/trial/audit.h"

enum { WORKERS = 4, FORK_NS = 1000000, JOIN_NS = 1400000 };

/* A region of 400 us: three workers with chunks; the third is the last, as it
 * began late, waited for chunks, sent for long, and was off its CPU. */
static const struct worker_slot good[WORKERS] = {
    {.chunks = 2,
     .items = 20,
     .enter_ns = 1001000,
     .begin_ns = 1002000,
     .end_ns = 1302000,
     .leave_ns = 1310000,
     .busy_ns = 280000,
     .send_ns = 10000,
     .cpu_ns = 295000},
    {.chunks = 2,
     .items = 20,
     .enter_ns = 1002000,
     .begin_ns = 1003000,
     .end_ns = 1303000,
     .leave_ns = 1313000,
     .busy_ns = 290000,
     .send_ns = 12000,
     .cpu_ns = 280000},
    {.chunks = 1,
     .items = 10,
     .enter_ns = 1030000,
     .begin_ns = 1040000,
     .end_ns = 1360000,
     .leave_ns = 1390000,
     .busy_ns = 310000,
     .send_ns = 25000,
     .cpu_ns = 270000},
    {.chunks = 0, .cpu_ns = 0},
};

static void fill(struct worker_slot slots[WORKERS]) {
  memcpy(slots, good, sizeof good);
  for (int w = 0; w < WORKERS; w++)
    slots[w].partial.lowest_hit = KERNEL_NO_HIT;
}

static struct sums summed(const struct worker_slot *slots, uint64_t blocks) {
  struct sums sums = {.regions = 0};
  sums_add(&sums, slots, WORKERS, blocks, FORK_NS, JOIN_NS);
  return sums;
}

static int64_t all_ns(const struct sums *s) {
  return s->start_ns + s->dispatch_ns + s->send_ns + s->busy_ns + s->few_ns +
         s->join_ns + sums_late_ns(s);
}

static void terms_are_what_they_say(void **state) {
  struct worker_slot slots[WORKERS];
  (void)state;
  fill(slots);
  struct sums s = summed(slots, 3);
  assert_int_equal(s.regions, 1);
  assert_int_equal(s.refused, 0);
  assert_int_equal(s.region_ns, 400000);
  assert_int_equal(s.start_ns, 2000 + 3000 + 40000);
  assert_int_equal(s.dispatch_ns, 18000 + 8000 + 15000);
  assert_int_equal(s.send_ns, 10000 + 12000 + 25000);
  assert_int_equal(s.busy_ns, 280000 + 290000 + 310000);
  assert_int_equal(s.few_ns, 390000);
  assert_int_equal(s.join_ns, WORKERS * 10000);
  assert_int_equal(s.off_cpu_ns, 0 + 10000 + 40000);
  assert_int_equal(s.late_start_ns, 3 * 40000 - 45000);
  assert_int_equal(s.late_dispatch_ns, 3 * 15000 - 41000);
  assert_int_equal(s.late_send_ns, 3 * 25000 - 47000);
  assert_int_equal(s.late_busy_ns, 3 * 310000 - 880000);
  assert_int_equal(s.late_off_cpu_ns, 3 * 40000 - 50000);
  assert_int_equal(sums_late_ns(&s), 80000 + 77000);
  assert_int_equal(s.cpu_regions, 1);
  assert_int_equal(all_ns(&s), WORKERS * 400000);
}

/* Of the same region, whatever there was for the one without a chunk. */
static void idle_ones_came_late_or_had_nothing(void **state) {
  struct worker_slot slots[WORKERS];
  (void)state;
  fill(slots);
  struct sums late = summed(slots, 5);
  assert_int_equal(late.few_ns, 0);
  assert_int_equal(late.start_ns, 45000 + 390000);
  assert_int_equal(all_ns(&late), WORKERS * 400000);
  slots[3].skipped = 12;
  struct sums skipped = summed(slots, 5);
  assert_int_equal(skipped.few_ns, 390000);
  assert_int_equal(skipped.skipped_items, 12);
  assert_int_equal(all_ns(&skipped), WORKERS * 400000);
  struct sums both = summed(slots, 3); /* it is idle but once */
  assert_int_equal(both.few_ns, 390000);
  assert_int_equal(all_ns(&both), WORKERS * 400000);
}

/* No chunk at all: of an empty job, or none that a search needed. */
static void nobody_had_a_chunk(void **state) {
  const struct worker_slot none[WORKERS] = {{.chunks = 0}};
  (void)state;
  struct sums s = summed(none, 0);
  assert_int_equal(s.regions, 1);
  assert_int_equal(s.join_ns, WORKERS * 400000);
  assert_int_equal(all_ns(&s), WORKERS * 400000);
}

static void cpu_time_may_be_unknown(void **state) {
  struct worker_slot slots[WORKERS];
  (void)state;
  fill(slots);
  slots[1].cpu_ns = JOB_CPU_UNTIMED;
  struct sums s = summed(slots, 3);
  assert_int_equal(s.regions, 1);
  assert_int_equal(s.cpu_regions, 0);
}

/* Chunks of 10: the hit was in the third, and two behind it were begun. */
static void items_past_the_hit(void **state) {
  struct worker_slot slots[WORKERS];
  (void)state;
  fill(slots);
  assert_int_equal(summed(slots, 5).past_items, 0);
  slots[0].partial.lowest_hit = 23;
  slots[0].hit_end = 30;
  slots[2].partial.lowest_hit = 44; /* found before, and of no use */
  slots[2].hit_end = 50;
  assert_int_equal(summed(slots, 5).past_items, 20);
}

/* ---- what is not believed ------------------------------------------------ */

static void order_is_looked_at(void **state) {
  static const struct {
    size_t offset;
    int64_t value;
  } wrong[] = {
      {offsetof(struct worker_slot, enter_ns), FORK_NS - 1},
      {offsetof(struct worker_slot, enter_ns), 1002001},
      {offsetof(struct worker_slot, begin_ns), 1302001},
      {offsetof(struct worker_slot, end_ns), 1001999},
      {offsetof(struct worker_slot, end_ns), 1310001},
      {offsetof(struct worker_slot, leave_ns), JOIN_NS + 1},
      {offsetof(struct worker_slot, leave_ns), 1301999},
      {offsetof(struct worker_slot, busy_ns), -1},
      {offsetof(struct worker_slot, busy_ns), 298001},
      {offsetof(struct worker_slot, send_ns), -1},
      {offsetof(struct worker_slot, send_ns), 28001},
      {offsetof(struct worker_slot, enter_ns), 0}, /* no stamp */
      {offsetof(struct worker_slot, leave_ns), 0},
      {offsetof(struct worker_slot, begin_ns), 0},
  };
  (void)state;
  for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
    struct worker_slot slots[WORKERS];
    fill(slots);
    memcpy((char *)&slots[0] + wrong[i].offset, &wrong[i].value,
           sizeof wrong[i].value);
    if (!sums_contradiction(slots, WORKERS, FORK_NS, JOIN_NS))
      fail_msg("case %zu is believed", i);
    struct sums s = summed(slots, 3);
    assert_int_equal(s.refused, 1);
    assert_int_equal(s.regions, 0);
    assert_int_equal(s.busy_ns, 0);
  }
}

/* By 50 us, all workers' or the last one's, forth or back. */
static void shifted_stamps(void **state) {
  static const struct {
    uint32_t from;
    int64_t shift_ns;
  } cases[] = {{0, 50000}, {0, -50000}, {2, 50000}, {2, -50000}};
  (void)state;
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    struct worker_slot slots[WORKERS];
    fill(slots);
    for (uint32_t w = cases[i].from; w < 3; w++) {
      slots[w].enter_ns += cases[i].shift_ns;
      slots[w].begin_ns += cases[i].shift_ns;
      slots[w].end_ns += cases[i].shift_ns;
      slots[w].leave_ns += cases[i].shift_ns;
    }
    if (!sums_contradiction(slots, WORKERS, FORK_NS, JOIN_NS))
      fail_msg("case %zu is believed", i);
  }
}

static void another_regions_stamps(void **state) {
  struct worker_slot slots[WORKERS];
  (void)state;
  fill(slots);
  assert_null(sums_contradiction(slots, WORKERS, FORK_NS, JOIN_NS));
  assert_non_null(
      sums_contradiction(slots, WORKERS, FORK_NS + 400000, JOIN_NS + 400000));
  assert_non_null(
      sums_contradiction(slots, WORKERS, FORK_NS - 400000, JOIN_NS - 400000));
  assert_non_null(sums_contradiction(slots, WORKERS, JOIN_NS, FORK_NS));
}

static void a_region_counted_twice(void **state) {
  struct worker_slot slots[WORKERS];
  (void)state;
  fill(slots);
  struct sums s = summed(slots, 3);
  assert_null(audit_sums(&s, 1, 401e-6));
  sums_add(&s, slots, WORKERS, 3, FORK_NS, JOIN_NS);
  assert_non_null(audit_sums(&s, 1, 401e-6));
  assert_non_null(audit_sums(&s, 2, 401e-6)); /* instead of a shorter one */
  assert_null(audit_sums(&s, 2, 802e-6));
}

/* Four times 295 us in 308 us, and what it did before and after. */
static void cpu_clocks_agree(void **state) {
  enum { SHARES = 4, SLACK_NS = SHARES * 25900 }; /* 2% and 20 us */
  const int64_t cpu_ns = SHARES * 295000, spun_ns = SHARES * 100000;
  const struct {
    int shares;
    int64_t cpu_ns;
    bool agrees;
  } cases[] = {
      {SHARES, cpu_ns, true},
      {SHARES, cpu_ns - SLACK_NS, true},
      {SHARES, cpu_ns - SLACK_NS - 1, false},
      {SHARES, cpu_ns + spun_ns, true}, /* as long as it waited */
      {SHARES, cpu_ns + spun_ns + SLACK_NS, true},
      {SHARES, cpu_ns + spun_ns + SLACK_NS + 1, false},
      {SHARES, 0, false},
      {SHARES - 1, 0, true}, /* too few */
  };
  (void)state;
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    struct audit_work work = {.shares = 0};
    for (int region = 0; region < cases[i].shares; region++) {
      /* One reading is off by as much as there was in all. */
      const struct audit_reading before = {FORK_NS - 3000, 5000},
                                 after = {JOIN_NS + 5000,
                                          5000 +
                                              (region == 2) * cases[i].cpu_ns};
      audit_add_share(&work, &good[0]);
      audit_add_clock(&work, &before, &after);
    }
    if (!audit_cpu(&work) != cases[i].agrees)
      fail_msg("case %zu", i);
  }
}

/* A region without a chunk may have been spun through; one without CPU time is
 * in no sum. */
static void cpu_time_of_several_regions(void **state) {
  const int64_t stamped = 2 * (295000 + 280000),
                outside = 5 * 400000 - 2 * (308000 + 310000),
                slack = 5 * 20000 + stamped / 50;
  const struct worker_slot untimed = {.chunks = 1, .cpu_ns = JOB_CPU_UNTIMED};
  static const int shares[] = {0, 0, 1, 1, 3};
  static const int64_t more[] = {0, 1, 0, -1};
  (void)state;
  for (int i = 0; i < 4; i++) {
    const struct audit_reading before = {FORK_NS, 7},
                               after = {FORK_NS + 5 * 400000,
                                        7 + more[i] +
                                            (i < 2 ? stamped + outside + slack
                                                   : stamped - slack)};
    struct audit_work work = {.shares = 0};
    for (int k = 0; k < 5; k++)
      audit_add_share(&work, &good[shares[k]]);
    audit_add_share(&work, &untimed);
    audit_add_clock(&work, &before, &after);
    if (!audit_cpu(&work) != (more[i] == 0))
      fail_msg("case %d", i);
  }
}

static void the_outer_clock(void **state) {
  (void)state;
  assert_null(audit_outer(400000, 400000));
  assert_null(audit_outer(401400, 400000));
  assert_non_null(audit_outer(401401, 400000));
  assert_non_null(audit_outer(399999, 400000));
  assert_non_null(audit_outer(450000, 400000));
}

/* Stamps in more than 1% of the regions, a CPU clock over all of them; the
 * outer clock in nearly all. */
static void what_makes_a_trial_refused(void **state) {
  static const struct {
    enum audit_check check;
    int regions, failed, refused;
  } cases[] = {
      {AUDIT_STAMPS, 20, 0, 0},  {AUDIT_STAMPS, 20, 1, 1},
      {AUDIT_STAMPS, 99, 1, 1},  {AUDIT_STAMPS, 100, 1, 0},
      {AUDIT_STAMPS, 100, 2, 1}, {AUDIT_STAMPS, 1000, 10, 0},
      {AUDIT_CPU, 20, 0, 0},     {AUDIT_CPU, 20, 1, 1},
      {AUDIT_CPU, 1, 1, 1},      {AUDIT_OUTER, 3, 3, 0},
      {AUDIT_OUTER, 4, 4, 1},    {AUDIT_OUTER, 1, 1, 0},
      {AUDIT_OUTER, 20, 15, 0},  {AUDIT_OUTER, 20, 20, 1},
  };
  (void)state;
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    struct audit audit = {.regions = {0}};
    struct problem problem = {""};
    for (int k = 0; k < cases[i].regions; k++)
      audit_note(&audit, cases[i].check,
                 k < cases[i].failed ? "it is of another day" : NULL);
    int status = audit_conclude(&audit, &problem);
    if ((status != 0) != cases[i].refused)
      fail_msg("case %zu: '%s'", i, problem.text);
    if (status)
      has(problem.text, "it is of another day");
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(terms_are_what_they_say),
      cmocka_unit_test(idle_ones_came_late_or_had_nothing),
      cmocka_unit_test(nobody_had_a_chunk),
      cmocka_unit_test(cpu_time_may_be_unknown),
      cmocka_unit_test(items_past_the_hit),
      cmocka_unit_test(order_is_looked_at),
      cmocka_unit_test(shifted_stamps),
      cmocka_unit_test(another_regions_stamps),
      cmocka_unit_test(a_region_counted_twice),
      cmocka_unit_test(cpu_clocks_agree),
      cmocka_unit_test(cpu_time_of_several_regions),
      cmocka_unit_test(the_outer_clock),
      cmocka_unit_test(what_makes_a_trial_refused),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
