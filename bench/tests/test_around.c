/* test_around.c: what is read around timed regions, on systems that are made
 * up: counters, energy, the parent's CPU time, bytes, and what a search does
 * past its hit.
 *
 * Only teams of processes run here: OpenMP could not be used before a fork. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "bench/record/from_trial.h"
#include "bench/tests/accept_fixture.h"
#include "bench/tests/tree_fixture.h"
#include "bench/trial/energy.h"
#include "bench/trial/transports/transport.h"

#include <inttypes.h>
#include <math.h>
#include <sched.h>
#include <sys/mman.h>
#include <unistd.h>

enum { WORKERS = 2, ITERATIONS = 3, GRAIN = 4, ITEMS = 100, HIT = 10 };

/* ---- a system that counts --------------------------------------------------
 */

/* Each reading of counter k finds 1000 (k + 1) cycles and 100 instructions
 * more, and that 1 J was taken meanwhile. */
static struct fake {
  char root[TREE_ROOT];
  int refused_from; /* which open is the first that is refused */
  int broken;       /* the counter that cannot be read; -1: none */
  int shared;       /* the counter that counts only half of the time */
  int opens, open;  /* in all; now */
  int reads[8];     /* of each counter */
  pid_t threads[8];
  bool still; /* no energy is taken */
  uint64_t taken_uj;
} fake;

#define PACKAGE "/sys/class/powercap/intel-rapl:0/"

static void tell_energy(void) {
  char text[40];
  snprintf(text, sizeof text, "%llu\n",
           (unsigned long long)(fake.taken_uj % 5000000));
  tree_write(fake.root, PACKAGE "energy_uj", text);
}

static int open_fake(pid_t thread, struct counter *counter) {
  int number = fake.opens++;
  if (number >= fake.refused_from)
    return -ENOENT;
  fake.open++;
  assert_true(number < 8);
  fake.threads[number] = thread;
  *counter = (struct counter){number, number};
  return 0;
}

static int read_fake(const struct counter *counter,
                     struct counter_reading *counts) {
  int k = counter->cycles;
  uint64_t reads = (uint64_t)++fake.reads[k];
  fake.taken_uj += 1000000;
  if (!fake.still)
    tell_energy();
  *counts = (struct counter_reading){.cycles = reads * 1000 * (uint64_t)(k + 1),
                                     .instructions = reads * 100,
                                     .ran_ns = reads * 10,
                                     .counted_ns =
                                         reads * (k == fake.shared ? 5 : 10)};
  return k == fake.broken ? -EIO : 0;
}

static void close_fake(const struct counter *counter) {
  (void)counter;
  fake.open--;
}

static const struct counters_access counters_fake = {open_fake, read_fake,
                                                     close_fake};

static int begin_fake(void **state) {
  (void)state;
  fake = (struct fake){.refused_from = 8, .broken = -1, .shared = -1};
  tree_create(fake.root);
  tree_write(fake.root, PACKAGE "name", "package-0\n");
  tree_write(fake.root, PACKAGE "max_energy_range_uj", "5000000\n");
  tell_energy();
  return 0;
}

static int end_fake(void **state) {
  (void)state;
  tree_remove(fake.root);
  return 0;
}

/* ---- a search whose workers wait for each other ----------------------------
 */

/* The second worker does three grains past the hit, and no more before the
 * first has found it. */
enum { PAST = 3 };
static struct meeting {
  _Atomic uint64_t grains; /* past the hit, in this region */
  _Atomic bool found;
} * meeting;

static struct kernel_control *control;

static void *create(const struct kernel_request *request) {
  control = request->control;
  return request->allocator->allocate(request->allocator, 8);
}

static void reset(void *state) {
  (void)state;
  atomic_store(&meeting->grains, 0);
  atomic_store(&meeting->found, false);
}

static void run(const void *state, void *output, uint64_t begin, uint64_t end,
                struct partial *partial) {
  (void)state;
  (void)output;
  if (begin > HIT) {
    if (atomic_fetch_add(&meeting->grains, 1) + 1 == PAST)
      while (!atomic_load(&meeting->found))
        sched_yield();
  } else if (end > HIT) {
    while (atomic_load(&meeting->grains) < PAST)
      sched_yield();
    partial->lowest_hit = HIT;
    atomic_store(&control->lowest_hit, HIT);
    atomic_store(&meeting->found, true);
  }
}

static const struct kernel searching = {
    .name = "searching",
    .shape = {.operations = 1, .grain = GRAIN, .stops_early = true},
    .create = create,
    .run = run,
    .reset = reset,
    .verify = accept_all,
};

/* ---- trials ----------------------------------------------------------------
 */

struct try {
  const char *workload; /* NULL: the search */
  const char *variant;
  uint32_t workers, blocks;
};

/* The record of a trial on the system that counts; to be released with
 * record_free. */
static struct record record_of(const struct try *try) {
  static const int anywhere[4] = {-1, -1, -1, -1};
  const struct trial_system system = {fake.root, &counters_fake};
  struct workload workload;
  struct variant_spec serial;
  struct problem problem = {""};
  struct record record;
  char found[TRIAL_DIGEST];
  const struct partial total = {.lowest_hit = HIT};
  struct trial_result *result = calloc(1, sizeof *result);
  assert_non_null(result);
  /* Not to be verified: that is done by one, who would wait for ever. */
  snprintf(found, sizeof found, "%016" PRIx64, trial_digest_total(&total));
  assert_int_equal(try->workload
                       ? workload_parse(try->workload, &workload, &problem)
                       : workload_begin(&workload, &searching, NULL, &problem),
                   0);
  assert_int_equal(notation_parse_variant("serial", &serial, &problem), 0);
  struct trial_request request = {
      .workload = &workload,
      .workers = try->workers,
      .size = ITEMS,
      .cpus = anywhere,
      .usable_cpus = 1,
      .warmups = 1,
      .iterations = try->blocks ? 0 : ITERATIONS,
      .beside = try->blocks ? &serial : NULL,
      .blocks = try->blocks,
      .timeout_s = 60,
      .expect = try->workload ? NULL : found,
      .system = &system,
  };
  assert_int_equal(
      notation_parse_variant(try->variant, &request.variant, &problem), 0);
  int status = trial_run(&request, result, &problem);
  assert_string_equal(problem.text, "");
  record_of_request(&request, NULL, &record);
  record_of_result(&request, result, status, &problem, &record);
  trial_free(result);
  free(result);
  assert_int_equal(fake.open, 0);
  return record;
}

/* The first that is opened is a try of the caller's own. */
static void assert_counts(const struct record *r, double rows) {
  assert_int_equal(r->worker_cycles.count, WORKERS);
  for (int w = 0; w < WORKERS; w++) {
    assert_true(r->worker_cycles.values[w] == 1000 * (w + 2) * rows);
    assert_true(r->worker_instructions.values[w] == 100 * rows);
    assert_int_equal(fake.reads[w + 1], 2 * rows);
    assert_true(fake.threads[w + 1] != getpid());
  }
  assert_true(fake.threads[1] != fake.threads[2]);
  assert_int_equal(fake.reads[0], 0);
}

/* Between the reading of the energy before a row and that after it, each
 * worker's counters are read once. */
static void rows_are_added_up(void **state) {
  (void)state;
  struct record r = record_of(&(struct try){"spin", "pool:static", WORKERS, 0});
  assert_counts(&r, 1);
  assert_true(fabs(r.energy_j - WORKERS) < 1e-9);
  record_free(&r);
}

/* A block's own regions are a row; the counter of energy begins again. */
static void blocks_have_a_row_each(void **state) {
  (void)state;
  struct record r = record_of(&(struct try){"spin", "pool:static", WORKERS, 3});
  assert_string_equal(r.turns, "sspp|SPPcS|SPPcS|SPPcS|");
  assert_counts(&r, 3);
  assert_true(fabs(r.energy_j - 3 * WORKERS) < 1e-9);
  record_free(&r);
}

static void copies_count_for_themselves(void **state) {
  (void)state;
  fake.still = true; /* two would write the file at once */
  struct record r = record_of(&(struct try){"spin", "copies", WORKERS, 0});
  assert_int_equal(r.worker_cycles.count, WORKERS);
  for (int w = 0; w < WORKERS; w++)
    assert_true(r.worker_cycles.values[w] == 2000);
  assert_true(r.energy_j == 0);
  assert_true(isnan(r.parent_cpu_s));
  record_free(&r);
}

/* Nobody is asked after a first refusal; where a later one is refused, nobody
 * is told. */
static void without_counters_nothing_is_read(void **state) {
  (void)state;
  for (int from = 0; from <= WORKERS; from++) {
    fake.refused_from = from;
    fake.opens = 0;
    struct record r =
        record_of(&(struct try){"spin", "pool:static", WORKERS, 0});
    assert_int_equal(fake.opens, from + 1);
    assert_null(r.worker_cycles.values);
    assert_null(r.worker_instructions.values);
    record_free(&r);
  }
  fake.refused_from = 8;
  fake.opens = 0;
  struct record r = record_of(&(struct try){"spin", "fork:static", WORKERS, 0});
  assert_int_equal(fake.opens, 0); /* born in their region */
  assert_null(r.worker_cycles.values);
  record_free(&r);
  for (int k = 0; k < 8; k++)
    assert_int_equal(fake.reads[k], 0);
}

/* One that shares its counter with others, or cannot be read, is not told. */
static void what_is_counted_in_part_is_not_told(void **state) {
  (void)state;
  fake.shared = 1;
  for (int again = 0; again < 2; again++) {
    fake.opens = 0;
    struct record r =
        record_of(&(struct try){"spin", "pool:static", WORKERS, 2});
    assert_true(isnan(r.worker_cycles.values[0]));
    assert_true(isnan(r.worker_instructions.values[0]));
    assert_true(r.worker_cycles.values[1] == 6000);
    record_free(&r);
    fake.shared = -1;
    fake.broken = 1;
  }
}

static void energy_that_is_not_told(void **state) {
  (void)state;
  tree_write(fake.root, PACKAGE "energy_uj", "\n");
  struct energy none = energy_find(fake.root);
  struct energy_reading now = energy_read(&none);
  assert_int_equal(none.count, 0);
  assert_true(isnan(energy_between_j(&none, &now, &now)));
  tell_energy();
  assert_int_equal(energy_find(fake.root).count, 1);
  tree_write(fake.root, PACKAGE "max_energy_range_uj", "x\n");
  assert_int_equal(energy_find(fake.root).count, 0);
  assert_int_equal(energy_find("/nowhere").count, 0);
}

/* All packages, and nothing that holds them or lies in them. */
static void energy_of_all_packages(void **state) {
  static const char *const zones[][2] = {
      {"1", "psys"}, {"2", "package-1"}, {"0:0", "core"}};
  char name[80];
  (void)state;
  for (int i = 0; i < 3; i++) {
    snprintf(name, sizeof name, "/sys/class/powercap/intel-rapl:%s/name",
             zones[i][0]);
    tree_write(fake.root, name, zones[i][1]);
    snprintf(name, sizeof name, "/sys/class/powercap/intel-rapl:%s/energy_uj",
             zones[i][0]);
    tree_write(fake.root, name, "4000000");
    snprintf(name, sizeof name,
             "/sys/class/powercap/intel-rapl:%s/max_energy_range_uj",
             zones[i][0]);
    tree_write(fake.root, name, "7000000");
  }
  struct energy energy = energy_find(fake.root);
  assert_int_equal(energy.count, 2);
  struct energy_reading before = energy_read(&energy);
  fake.taken_uj = 1500000;
  tell_energy();
  /* past its end at 7 J, which is 0: 3 J and 1 J */
  tree_write(fake.root, "/sys/class/powercap/intel-rapl:2/energy_uj",
             "1000000");
  struct energy_reading after = energy_read(&energy);
  assert_true(fabs(energy_between_j(&energy, &before, &after) - 5.5) < 1e-9);
  after.uj[0] = (double)NAN;
  assert_true(isnan(energy_between_j(&energy, &before, &after)));
}

/* A parcel of each worker in each region, and all items; what is written in
 * place is not sent. */
static void bytes_that_are_sent(void **state) {
  (void)state;
  struct record r =
      record_of(&(struct try){"cube", "pool:static@pipe", WORKERS, 0});
  struct workload cube;
  struct problem problem;
  assert_int_equal(workload_parse("cube", &cube, &problem), 0);
  assert_int_equal(r.sent_bytes,
                   ITERATIONS * (WORKERS * sizeof(struct parcel) +
                                 ITEMS * workload_shape(&cube).output_bytes));
  record_free(&r);
  r = record_of(&(struct try){"cube", "pool:static", WORKERS, 0});
  assert_true(r.sent_bytes == FIELD_NULL);
  record_free(&r);
}

/* Of a parent, and of nobody else. */
static void the_parents_own_time(void **state) {
  static const char *const with[] = {"pool:static", "fork:static@queue",
                                     "pool:apply@pipe"};
  (void)state;
  for (int i = 0; i < 3; i++) {
    struct record r = record_of(&(struct try){"spin", with[i], WORKERS, 0});
    double regions_s = 0;
    for (size_t k = 0; k < r.regions_s.count; k++)
      regions_s += r.regions_s.values[k];
    assert_true(r.parent_cpu_s > 0);
    assert_true(r.parent_cpu_s < 1.1 * regions_s + 1e-3 * ITERATIONS);
    record_free(&r);
    fake.opens = 0;
  }
  struct record r = record_of(&(struct try){"spin", "serial", 1, 0});
  assert_true(isnan(r.parent_cpu_s));
  record_free(&r);
}

/* In each region the second worker does three grains of its half, and stops:
 * the first does up to the grain of the hit. */
static void past_a_hit(void **state) {
  (void)state;
  struct record r = record_of(&(struct try){NULL, "pool:static", WORKERS, 0});
  assert_int_equal(r.lowest_hit, HIT);
  assert_int_equal(r.sums.past_items, ITERATIONS * PAST * GRAIN);
  assert_true(r.worker_items.values[0] == 12);
  assert_true(r.worker_items.values[1] == PAST * GRAIN);
  record_free(&r);
}

static int open_meeting(void **state) {
  (void)state;
  meeting = mmap(NULL, sizeof *meeting, PROT_READ | PROT_WRITE,
                 MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  return meeting == MAP_FAILED ? -1 : 0;
}

static int close_meeting(void **state) {
  (void)state;
  return munmap(meeting, sizeof *meeting);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin_fake, end_fake)

int main(void) {
  const struct CMUnitTest tests[] = {
      TEST(rows_are_added_up),
      TEST(blocks_have_a_row_each),
      TEST(copies_count_for_themselves),
      TEST(without_counters_nothing_is_read),
      TEST(what_is_counted_in_part_is_not_told),
      TEST(energy_that_is_not_told),
      TEST(energy_of_all_packages),
      TEST(bytes_that_are_sent),
      TEST(the_parents_own_time),
      TEST(past_a_hit),
  };
  return cmocka_run_group_tests_name("around", tests, open_meeting,
                                     close_meeting);
}
