/* test_trial_record.c: what a trial's record says, under every variant,
 * schedule and transport there is: identities that hold on any machine,
 * however slow.
 *
 * From outside: the record is the line that `coresweep trial --json` prints
 * ($CORESWEEP; default build/coresweep).  Items are calls that sleep, so it is
 * known how long they take at least. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "bench/tests/printed_fixture.h"

#include "bench/plan/registry.h"
#include "bench/trial/trial.h"
#include "bench/trial/variants/variant.h"

#include <math.h>

enum {
  ITEMS = 7,
  SLEEP_US = 1500,
  ITERATIONS = 3,
  WORKERS_MOST = 3,
};

static const double sleep_s = SLEEP_US * 1e-6;

/* What the program is the sum of. */
static const char *const phases[] = {"setup_s",        "start_s",  "touch_s",
                                     "region_first_s", "finish_s", "close_s"};

static struct printed print(const struct variant *variant,
                            const struct variant_spec *spec, uint32_t workers) {
  static const char *const more[] = {"--warmups", "0", "--iterations", "3",
                                     NULL};
  char name[NOTATION_LENGTH];
  bool sleeps = !variant->takes;
  notation_format_variant(spec, name);
  struct printed p = print_of(sleeps ? "latency/sleep_us=1500" : "cube", "7",
                              name, workers, more);
  p.sleeps = sleeps;
  return p;
}

/* --- identities ----------------------------------------------------------- */

/* The program is its phases, and all that was timed fits into the time that
 * the process took. */
static void assert_phases(const struct printed *p) {
  double sum_s = 0, all_s = number(p, "program_s");
  for (size_t i = 0; i < sizeof phases / sizeof *phases; i++) {
    double phase_s = number(p, phases[i]);
    assert_holds(p, phase_s >= 0, phases[i], phase_s, 0);
    sum_s += phase_s;
  }
  assert_holds(p, fabs(sum_s - all_s) <= digits * all_s,
               "program_s is the sum of its phases", all_s, sum_s);
  for (size_t i = 0; i < ITERATIONS; i++)
    all_s += nth(p, "regions_s", i);
  assert_at_most(p, all_s, p->wall_s, "program and regions within the process");
}

/* A team of processes that is kept is not there, and gone again, in no time. */
static void assert_phases_take_time(const struct printed *p) {
  static const char *const of_team[] = {"start_s", "touch_s", "close_s"};
  for (size_t i = 0; i < sizeof of_team / sizeof *of_team; i++)
    assert_holds(p, number(p, of_team[i]) > 0, of_team[i],
                 number(p, of_team[i]), 0);
}

/* region_s is the lower median of the timed ones. */
static void assert_regions(const struct printed *p) {
  double region_s = number(p, "region_s");
  int below = 0, equal = 0;
  assert_int_equal(json_array_size(member(p, "regions_s")), ITERATIONS);
  for (size_t i = 0; i < ITERATIONS; i++) {
    below += nth(p, "regions_s", i) < region_s;
    equal += nth(p, "regions_s", i) == region_s;
  }
  assert_holds(p, equal > 0 && below <= 1 && below + equal > 1,
               "region_s is the median of regions_s", below, equal);
}

/* A worker's stamps lie in the region, in their order; what it is busy fits
 * between them, and each of its calls takes as long as it sleeps. */
static void assert_stamps(const struct printed *p, size_t w) {
  double begin_s = nth(p, "worker_begin_s", w),
         end_s = nth(p, "worker_end_s", w), busy_s = nth(p, "worker_busy_s", w),
         chunks = nth(p, "worker_chunks", w), items = nth(p, "worker_items", w);
  double least_s = p->sleeps ? items * sleep_s : 0;
  if (chunks == 0) {
    assert_true(items == 0 && begin_s == 0 && end_s == 0 && busy_s == 0);
    return;
  }
  assert_holds(p, begin_s >= 0, "begin in the region", begin_s, 0);
  assert_holds(p, begin_s < end_s, "begin before end", begin_s, end_s);
  assert_at_most(p, end_s, number(p, "region_s"), "end in the region");
  /* of two numbers that are rounded */
  assert_holds(p, busy_s <= end_s - begin_s + digits * end_s,
               "busy between begin and end", busy_s, end_s - begin_s);
  assert_at_most(p, least_s, busy_s, "busy as long as its items sleep");
  if (chunks == 1)
    assert_holds(p, fabs(busy_s - (end_s - begin_s)) <= digits * end_s,
                 "busy all through a single chunk", busy_s, end_s - begin_s);
}

/* What the system says of a worker.  CPU time is of another clock: a
 * hundredth. */
static void assert_noise(const struct printed *p, size_t w) {
  double cpu_s = nth(p, "worker_cpu_s", w), region_s = number(p, "region_s");
  assert_holds(p, cpu_s > 0 && cpu_s <= 1.01 * region_s,
               "CPU time within the region", cpu_s, region_s);
  assert_holds(p,
               cpu_s < 1.01 * region_s - 0.5 * sleep_s ||
                   nth(p, "worker_items", w) == 0,
               "no CPU time for sleeping", cpu_s, region_s);
  double given = cpus[w % cpu_count];
  assert_holds(p, nth(p, "cpus", w) == given, "the CPU that was given",
               nth(p, "cpus", w), given);
  assert_holds(p, nth(p, "worker_cpu_begin", w) == given,
               "begun on the CPU that was given", nth(p, "worker_cpu_begin", w),
               given);
  assert_holds(p, nth(p, "worker_cpu_end", w) == given,
               "ended on the CPU that was given", nth(p, "worker_cpu_end", w),
               given);
  assert_true(nth(p, "worker_switches", w) >= 0);
  assert_true(nth(p, "worker_minor_faults", w) >= 0);
  if (json_is_array(member(p, "worker_run_delay_s"))) /* or not counted */
    assert_true(nth(p, "worker_run_delay_s", w) >= 0);
}

/* What was asked for, and what was used: with the kernel's own chunk. */
static void assert_names(const struct printed *p, struct variant_spec spec) {
  char used[NOTATION_LENGTH];
  const char *kernel = p->sleeps ? "latency" : "cube";
  if (notation_takes_chunk(spec.schedule))
    spec.chunk = registry_find_kernel(kernel, strlen(kernel))->shape.grain;
  notation_format_variant(&spec, used);
  assert_string_equal(json_string_value(member(p, key_asked)), p->variant);
  assert_string_equal(json_string_value(member(p, key_used)), used);
  assert_string_equal(json_string_value(member(p, "kernel")), kernel);
}

/* All items in every copy, each in one chunk. */
static void assert_copies(const struct printed *p) {
  for (size_t w = 0; w < p->workers; w++)
    assert_true(nth(p, "worker_items", w) == ITEMS &&
                nth(p, "worker_chunks", w) == 1);
  assert_int_equal(number(p, "workers_seen"), p->workers);
  assert_int_equal(number(p, "workers"), p->workers);
  assert_int_equal(number(p, "size"), ITEMS);
}

/* All items once, in as many chunks as the schedule makes of them. */
static void assert_items(const struct printed *p, enum schedule schedule) {
  uint32_t least = p->workers < ITEMS ? p->workers : ITEMS, seen = 0;
  double items = 0, chunks = 0;
  for (size_t w = 0; w < p->workers; w++) {
    items += nth(p, "worker_items", w);
    chunks += nth(p, "worker_chunks", w);
    seen += nth(p, "worker_chunks", w) > 0;
  }
  assert_holds(p, items == ITEMS, "every item once", items, ITEMS);
  if (schedule == SCHEDULE_STATIC)
    assert_holds(p, chunks == least && seen == least, "one chunk each", chunks,
                 least);
  else if (schedule != SCHEDULE_GUIDED) /* of one item, the kernel's grain */
    assert_holds(p, chunks == ITEMS, "a chunk for each item", chunks, ITEMS);
  assert_at_most(p, number(p, "workers_seen"), seen,
                 "workers_seen is the fewest");
  assert_int_equal(number(p, "workers"), p->workers);
  assert_int_equal(number(p, "size"), ITEMS);
}

static void assert_record(const struct variant *variant,
                          const struct variant_spec *spec, uint32_t workers) {
  struct printed p = print(variant, spec, workers);
  double longest_s = 0;
  assert_names(&p, *spec);
  assert_phases(&p);
  assert_true(json_is_true(member(&p, "touched_by_workers")) ==
              (variant->team && !variant->forks && !variant->copies));
  if (strcmp(variant->name, "pool") == 0 || variant->copies)
    assert_phases_take_time(&p);
  assert_regions(&p);
  if (variant->copies)
    assert_copies(&p);
  else
    assert_items(&p, spec->schedule);
  for (size_t w = 0; w < workers; w++) {
    assert_stamps(&p, w);
    if (p.sleeps) /* elsewhere regions are too short to be asked about */
      assert_noise(&p, w);
    longest_s = fmax(longest_s, nth(&p, "worker_items", w) * sleep_s);
  }
  if (p.sleeps) {
    double share = variant->copies ? 1 : (double)workers;
    double least_s = ceil((double)ITEMS / share) * sleep_s;
    assert_at_most(&p, longest_s, number(&p, "region_s"), "a region of sleeps");
    assert_at_most(&p, least_s, number(&p, "region_first_s"),
                   "a first region of sleeps");
    for (size_t i = 0; i < ITERATIONS; i++)
      assert_at_most(&p, least_s, nth(&p, "regions_s", i), "regions of sleeps");
  }
  json_decref(p.json);
}

static void test_identities(void **state) {
  (void)state;
  for (size_t v = 0; registry_variants[v]; v++) {
    const struct variant *variant = registry_variants[v];
    uint32_t most = variant->team ? WORKERS_MOST : 1;
    for (int s = 0; s < SCHEDULE_COUNT; s++)
      for (uint32_t t = 0; registry_transport_names[t]; t++) {
        struct variant_spec spec = {.schedule = (enum schedule)s,
                                    .transport = t};
        snprintf(spec.team, sizeof spec.team, "%s", variant->name);
        if (!(variant->schedules >> s & 1) ||
            (t != TRANSPORT_SHM && !variant->transports))
          continue;
        for (uint32_t workers = 1; workers <= most; workers++)
          assert_record(variant, &spec, workers);
      }
  }
}

/* What no worker was asked is null, and nobody's time since the machine
 * started. */
static void test_no_stamps_are_null(void **state) {
  static const char *const more[] = {"--no-stamps", NULL};
  static const char *const keys[] = {"worker_begin_s", "worker_end_s",
                                     "worker_busy_s", "worker_cpu_s"};
  (void)state;
  struct printed p = print_of("cube", "7", "omp:static", 1, more);
  for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
    assert_true(json_is_null(member(&p, keys[i])));
  assert_true(nth(&p, "worker_items", 0) == 7);
  json_decref(p.json);
}

/* --- regions in turns ------------------------------------------------------
 */

/* What the blocks say, from the record alone: the mean of both is the median.
 */
static double ratio_of(const struct printed *p) {
  double log_s[2] = {0, 0}, ratios[8] = {0};
  size_t blocks = 0, turn = 0;
  int counts[2] = {0, 0};
  for (const char *form = json_string_value(member(p, "turns")); *form;
       form++) {
    if (*form == '|') {
      if (counts[0])
        ratios[blocks++] = log_s[0] / counts[0] - log_s[1] / counts[1];
      log_s[0] = log_s[1] = counts[0] = counts[1] = 0;
      continue;
    }
    double time_s = nth(p, "turns_s", turn++);
    if (*form == 'S' || *form == 'P') {
      log_s[*form == 'P'] += log(time_s);
      counts[*form == 'P']++;
    }
  }
  assert_int_equal(blocks, 2);
  return exp((ratios[0] + ratios[1]) / 2);
}

/* Serial regions go round over the CPUs of the team, from the one that was
 * asked for, those in a row on one; those of the point are where the team is.
 */
static void assert_cpus(const struct printed *p, uint32_t first) {
  const char *forms = json_string_value(member(p, "turns"));
  size_t turn = 0, own = 0;
  uint32_t rows = first;
  for (; *forms; forms++) {
    bool serial = *forms == 's' || *forms == 'S';
    if (*forms == '|')
      continue;
    json_t *cpu = json_array_get(member(p, "turns_cpu"), turn);
    if (serial)
      assert_int_equal(json_integer_value(cpu),
                       cpus[rows % p->workers % cpu_count]);
    else
      assert_true(json_is_null(cpu));
    if (*forms == 'P')
      assert_true(nth(p, "turns_s", turn) == nth(p, "regions_s", own++));
    rows += serial && forms[1] != 's' && forms[1] != 'S';
    turn++;
  }
  assert_int_equal(turn, json_array_size(member(p, "turns_s")));
  assert_int_equal(own, json_array_size(member(p, "regions_s")));
}

/* One of each worker for each block, and within what clocks are: a worker that
 * is disturbed reads a slower one, by far. */
static void assert_clocks(const struct printed *p) {
  size_t count = json_array_size(member(p, "turns_clock_hz"));
  assert_int_equal(count, 2 * p->workers);
  for (size_t i = 0; i < count; i++)
    assert_holds(p, nth(p, "turns_clock_hz", i) > 1e5, "a clock",
                 nth(p, "turns_clock_hz", i), 1e5);
}

static void assert_turns(const char *kernel, const char *variant,
                         uint32_t workers, const char *first,
                         const char *wanted) {
  const char *const more[] = {"--beside",  "serial",      "--blocks",
                              "2",         "--first-cpu", first,
                              "--warmups", "1",           NULL};
  struct printed p = print_of(kernel, "50021", variant, workers, more);
  assert_string_equal(json_string_value(member(&p, "beside")), "serial");
  assert_string_equal(json_string_value(member(&p, "turns")), wanted);
  assert_cpus(&p, (uint32_t)strtoul(first, NULL, 10));
  assert_clocks(&p);
  double ratio = ratio_of(&p);
  assert_holds(&p, fabs(number(&p, "turns_ratio") - ratio) <= digits * ratio,
               "turns_ratio follows from the turns", number(&p, "turns_ratio"),
               ratio);
  /* The workers are where they were before the caller went round. */
  for (size_t w = 0; w < workers; w++)
    if (json_is_array(member(&p, "worker_cpu_begin")))
      assert_true(nth(&p, "worker_cpu_begin", w) == cpus[w % cpu_count]);
  json_decref(p.json);
}

static void test_turns(void **state) {
  static const char compute[] = "sspp|SPPcS|SPPcS|",
                    memory[] = "sspp|sSpPPcsS|sSpPPcsS|";
  (void)state;
  for (uint32_t workers = 1; workers <= WORKERS_MOST; workers++) {
    const char *first = workers % 2 ? "0" : "1";
    assert_turns("spin", "omp:static", workers, first, compute);
    assert_turns("cube", "omp:dynamic,64", workers, first, memory);
    assert_turns("spin", "pool:static", workers, first, compute);
    assert_turns("rowcount", "pool:dynamic,64@pipe", workers, first, memory);
    assert_turns("adler32", "fork:static@queue", workers, first, compute);
  }
  assert_turns("adler32", "serial", 1, "0", compute);
}

static void test_ratio_of_turns(void **state) {
  const double times_s[] = {9, 9, 2, 1, 1, 4, 3, 8, 2, 1, 5, 7};
  (void)state;
  assert_true(fabs(trial_turns_ratio("sp|SPPS|", times_s) - sqrt(8)) < 1e-12);
  /* of three blocks the one in the middle, of two their mean */
  assert_true(fabs(trial_turns_ratio("sp|SP|SP|SP|", times_s) - 0.375) < 1e-12);
  assert_true(fabs(trial_turns_ratio("ss|SP|PS|", times_s) - sqrt(8)) < 1e-12);
  /* the clocks' time is no region's */
  assert_true(fabs(trial_turns_ratio("sp|SPcP|", times_s) - 1) < 1e-12);
  assert_true(isnan(trial_turns_ratio("sp|S|P|", times_s)));
  assert_true(isnan(trial_turns_ratio("", times_s)));
}

/* --- the digest ----------------------------------------------------------- */

static uint64_t digest(const unsigned char *bytes, size_t length, uint64_t sum,
                       uint64_t count, uint64_t hit) {
  const struct partial total = {sum, count, hit};
  return trial_digest_part(bytes, 1, 0, length) + trial_digest_total(&total);
}

/* Any bit of the output, and any member of the total, is in it. */
static void test_every_bit_is_in_the_digest(void **state) {
  unsigned char bytes[41];
  (void)state;
  for (size_t i = 0; i < sizeof bytes; i++)
    bytes[i] = (unsigned char)(i * 37);
  for (size_t length = 0; length <= sizeof bytes; length++) {
    uint64_t right = digest(bytes, length, 1, 2, 3);
    for (size_t bit = 0; bit < 8 * length; bit++) {
      bytes[bit / 8] ^= (unsigned char)(1U << bit % 8);
      assert_true(digest(bytes, length, 1, 2, 3) != right);
      bytes[bit / 8] ^= (unsigned char)(1U << bit % 8);
    }
    assert_true(digest(bytes, length, 9, 2, 3) != right);
    assert_true(digest(bytes, length, 1, 9, 3) != right);
    assert_true(digest(bytes, length, 1, 2, 9) != right);
    assert_true(digest(bytes, length, 1, 2, 3) == right);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_teardown(test_identities, program_kill_all),
      cmocka_unit_test(test_no_stamps_are_null),
      cmocka_unit_test_teardown(test_turns, program_kill_all),
      cmocka_unit_test(test_ratio_of_turns),
      cmocka_unit_test(test_every_bit_is_in_the_digest),
  };
  unset_binding();
  return cmocka_run_group_tests_name("trial_record", tests, NULL, NULL);
}
