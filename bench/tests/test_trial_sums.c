/* test_trial_sums.c: what a trial's record says of where its core-time went:
 * what holds on any machine, however slow.  From outside, as in
 * test_trial_record.c; items are calls that sleep. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "bench/tests/printed_fixture.h"

#include <math.h>
#include <string.h>

enum { ITEMS = 7, ITERATIONS = 3, REPEAT = 2 };

static const char sleeping[] = "latency/sleep_us=1500,repeat=2";
static const double sleep_s = 1500e-6;

static struct printed print(const char *kernel, const char *size,
                            const char *variant, uint32_t workers) {
  static const char *const more[] = {"--warmups", "0", "--iterations", "3",
                                     NULL};
  return print_of(kernel, size, variant, workers, more);
}

/* Of core_ or program_core_. */
static double sum(const struct printed *p, const char *prefix,
                  const char *name) {
  char key[60];
  snprintf(key, sizeof key, "%s_%s", prefix, name);
  return number(p, key);
}

static bool is_null(const struct printed *p, const char *prefix,
                    const char *name) {
  char key[60];
  snprintf(key, sizeof key, "%s_%s", prefix, name);
  return json_is_null(member(p, key));
}

/* They are of all regions, and all of their core-time. */
static void assert_sums(const struct printed *p, const char *prefix,
                        double regions, double took_s) {
  static const char *const parts[] = {
      "start_s",     "dispatch_s", "send_s",       "busy_s",
      "few_s",       "join_s",     "late_start_s", "late_dispatch_s",
      "late_send_s", "late_busy_s"};
  double all_s = sum(p, prefix, "region_s") * p->workers, parts_s = 0;
  assert_int_equal(sum(p, prefix, "regions"), regions);
  assert_int_equal(sum(p, prefix, "refused"), 0);
  assert_at_most(p, sum(p, prefix, "region_s"), took_s,
                 "forks and joins within");
  for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
    parts_s += sum(p, prefix, parts[i]);
  assert_holds(p, fabs(parts_s - all_s) <= 10 * digits * all_s,
               "parts that add up", parts_s, all_s);
}

/* Each call sleeps: it is busy, and on no CPU. */
static void assert_sleeps(const struct printed *p, const char *prefix,
                          double regions, bool travels) {
  double least_s = regions * ITEMS * sleep_s;
  assert_at_most(p, least_s, sum(p, prefix, "busy_s"),
                 "busy as long as asleep");
  assert_at_most(p, least_s / 2, sum(p, prefix, "off_cpu_s"), "on no CPU");
  assert_holds(p, (sum(p, prefix, "send_s") > 0) == travels,
               "results that are sent where they travel",
               sum(p, prefix, "send_s"), travels);
  assert_holds(p, sum(p, prefix, "few_s") == 0, "enough items",
               sum(p, prefix, "few_s"), 0);
}

static void regions_are_all_in_the_sums(void **state) {
  static const char *const variants[] = {"serial",
                                         "omp:static",
                                         "omp:dynamic",
                                         "omp:guided",
                                         "omp:tasks",
                                         "pool:static",
                                         "pool:dynamic@pipe",
                                         "pool:guided",
                                         "pool:apply",
                                         "pool:apply@socket",
                                         "fork:static",
                                         "fork:dynamic@queue"};
  (void)state;
  for (size_t v = 0; v < sizeof variants / sizeof *variants; v++) {
    uint32_t workers = strcmp(variants[v], "serial") == 0 ? 1 : 3;
    struct printed p = print(sleeping, "7", variants[v], workers);
    bool travels = strchr(variants[v], '@') != NULL;
    double took_s = 0;
    for (size_t i = 0; i < ITERATIONS; i++)
      took_s += nth(&p, "regions_s", i);
    assert_sums(&p, "core", ITERATIONS, took_s);
    assert_sums(&p, "program_core", REPEAT,
                number(&p, "region_first_s") + number(&p, "repeats_s"));
    assert_sleeps(&p, "core", ITERATIONS, travels);
    assert_sleeps(&p, "program_core", REPEAT, travels);
    json_decref(p.json);
  }
}

/* Two workers of three have nothing to do while an item sleeps. */
static void too_few_items(void **state) {
  static const char *const variants[] = {"omp:static", "omp:tasks",
                                         "pool:dynamic", "fork:guided"};
  (void)state;
  for (size_t v = 0; v < sizeof variants / sizeof *variants; v++) {
    struct printed p = print("latency/sleep_us=1500", "1", variants[v], 3);
    assert_at_most(&p, ITERATIONS * 2 * sleep_s, number(&p, "core_few_s"),
                   "nothing to do while it sleeps");
    assert_holds(&p, number(&p, "core_late_busy_s") == 0, "nobody is last",
                 number(&p, "core_late_busy_s"), 0);
    json_decref(p.json);
  }
}

/* All behind the chunk with the hit is skipped or was in vain. */
static void a_search_is_over(void **state) {
  static const char *const variants[] = {"serial:dynamic,16", "omp:dynamic,16",
                                         "omp:tasks,16",
                                         "pool:dynamic,16@pipe"};
  (void)state;
  for (size_t v = 0; v < sizeof variants / sizeof *variants; v++) {
    uint32_t workers = v == 0 ? 1 : 2;
    struct printed p =
        print("adler32/mode=first", "3000", variants[v], workers);
    double hit = number(&p, "lowest_hit");
    double needed = (floor(hit / 16) + 1) * 16;
    double skipped = number(&p, "core_skipped_items"),
           past = number(&p, "core_past_items");
    assert_holds(&p, skipped + past == ITERATIONS * (3000 - needed),
                 "all behind the hit", skipped, past);
    assert_true(workers > 1 || past == 0);
    json_decref(p.json);
  }
}

static void what_is_not_stamped_has_none(void **state) {
  static const char *const prefixes[] = {"core", "program_core"};
  static const char *const unstamped[] = {"--no-stamps", NULL}, *const none[] =
                                                                    {NULL};
  (void)state;
  struct printed of[] = {print_of("cube", "7000", "textbook", 2, none),
                         print_of("cube", "7000", "copies", 2, none),
                         print_of("cube", "7000", "pool:static", 2, unstamped)};
  for (size_t k = 0; k < sizeof of / sizeof *of; k++) {
    for (size_t i = 0; i < 2; i++)
      assert_true(is_null(&of[k], prefixes[i], "regions") &&
                  is_null(&of[k], prefixes[i], "busy_s") &&
                  is_null(&of[k], prefixes[i], "past_items"));
    json_decref(of[k].json);
  }
}

/* Regions of some ms, all at work: CPU clocks say the same, else it fails. */
static void cpu_clocks_are_compared(void **state) {
  static const char *const variants[] = {"serial", "omp:static", "omp:dynamic",
                                         "pool:static", "fork:static"};
  static const char *const more[] = {"--iterations", "8", NULL};
  (void)state;
  for (size_t v = 0; v < sizeof variants / sizeof *variants; v++) {
    struct printed p =
        print_of("spin", "1500", variants[v], v == 0 ? 1 : 2, more);
    assert_at_most(&p, number(&p, "core_off_cpu_s"), number(&p, "core_busy_s"),
                   "on no CPU while busy");
    json_decref(p.json);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(regions_are_all_in_the_sums),
      cmocka_unit_test(too_few_items),
      cmocka_unit_test(a_search_is_over),
      cmocka_unit_test(what_is_not_stamped_has_none),
      cmocka_unit_test(cpu_clocks_are_compared),
  };
  unset_binding();
  return cmocka_run_group_tests(tests, NULL, NULL);
}
