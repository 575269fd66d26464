/* test_noise_system.c: what disturbs a measurement as the whole machine counts
 * it, from fake trees of /proc and /sys. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "bench/tests/tree_fixture.h"
#include "bench/trial/noise.h"

#include <math.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define LENGTH(array) (sizeof(array) / sizeof(array)[0])

#define STAT_LINE "cpu  1000 200 300 9999 70 40 60 500 11 12\ncpu0 1 2 3\n"

static void the_machine_is_read_below_a_root(void **state) {
  char root[TREE_ROOT];
  double tick_s = 1.0 / (double)sysconf(_SC_CLK_TCK);
  (void)state;
  tree_create(root);
  struct noise_system nothing = noise_watch_begin(root, 0).last;
  tree_write(root, "/proc/stat", STAT_LINE);
  tree_write(root, "/proc/vmstat", "pgpgin 4\npswpin 30\npswpout 12\nx 1\n");
  tree_write(root, "/proc/self/cgroup", "0::/a\n");
  tree_write(root, "/sys/fs/cgroup/a/cpu.stat", "throttled_usec 1500000\n");
  tree_write(root,
             "/sys/devices/system/cpu/cpu1/thermal_throttle/"
             "core_throttle_count",
             "5\n");
  tree_write(root,
             "/sys/devices/system/cpu/cpu64/thermal_throttle/"
             "core_throttle_count",
             "2\n");
  struct noise_system all = noise_watch_begin(root, 0).last;
  tree_write(root, "/proc/stat", "cpu  1 2 3 4 5 6 7\n");
  tree_write(root, "/proc/vmstat", "pswpin 30\n");
  struct noise_system some = noise_watch_begin(root, 0).last;
  tree_remove(root);
  assert_true(isnan(nothing.steal_s) && isnan(nothing.busy_s) &&
              isnan(nothing.swapped_pages) && isnan(nothing.throttled_s));
  assert_true(fabs(all.steal_s - 500 * tick_s) < 1e-9);
  assert_true(fabs(all.busy_s - 1600 * tick_s) < 1e-9);
  assert_true(all.swapped_pages == 42);
  assert_true(isnan(nothing.hot));
  assert_true(all.hot == 7);
  assert_true(fabs(all.throttled_s - 1.5) < 1e-9);
  assert_true(isnan(some.steal_s) && isnan(some.swapped_pages));
}

/* Lines of single CPUs, in any order, with gaps where one is offline. */
static void single_cpus_are_told_apart(void **state) {
  static const int cpus[] = {12, 0, 1, 2};
  char root[TREE_ROOT];
  struct noise_cpu noise[LENGTH(cpus)], nothing[1];
  double tick_s = 1.0 / (double)sysconf(_SC_CLK_TCK);
  (void)state;
  tree_create(root);
  noise_read_cpus(root, cpus, 1, nothing);
  tree_write(root, "/proc/stat",
             "cpu  1 2 3 4 5 6 7 8\ncpu0 1000 200 300 9 7 40 60 50 11 12\n"
             "cpu1 1 2 3 4 5 6 7\ncpu12 4 3 2 1 0 0 0 9\nintr 1 2\n"
             "cpu2 1 1 1 1 1 1 1 1\n");
  noise_read_cpus(root, cpus, LENGTH(cpus), noise);
  tree_remove(root);
  assert_true(isnan(nothing[0].busy_s) && isnan(nothing[0].steal_s));
  assert_true(fabs(noise[0].busy_s - 9 * tick_s) < 1e-9);
  assert_true(fabs(noise[0].steal_s - 9 * tick_s) < 1e-9);
  assert_true(fabs(noise[1].busy_s - 1600 * tick_s) < 1e-9);
  assert_true(fabs(noise[1].steal_s - 50 * tick_s) < 1e-9);
  assert_true(isnan(noise[2].busy_s) && isnan(noise[2].steal_s));
  assert_true(isnan(noise[3].busy_s) && isnan(noise[3].steal_s));
}

/* What this process and its children used is theirs. */
static void own_time_is_known(void **state) {
  volatile uint64_t sum = 0;
  (void)state;
  struct noise_watch watch = noise_watch_begin("/nowhere", 0);
  struct noise_system begin = watch.last, end;
  do {
    for (uint64_t i = 0; i < 1000000; i++)
      sum += i;
    end = noise_watch_read(&watch, 0);
  } while (end.own_s - begin.own_s < 0.02);
  pid_t child = fork();
  if (child == 0) {
    const clock_t until = clock() + CLOCKS_PER_SEC / 20;
    while (clock() < until)
      sum++;
    _exit(0);
  }
  struct noise_system before = noise_watch_read(&watch, 0);
  assert_int_equal(waitpid(child, NULL, 0), child);
  struct noise_system after = noise_watch_read(&watch, 0);
  assert_true(noise_system_between(&before, &after).own_s >= 0.045);
}

/* Each file missing, empty, cut short, or of something else: not told, and
 * never a number. */
static void garbage_is_not_told(void **state) {
  static const char *const garbage[] = {
      "", "\n", "x\n", "-5\n", "0x10\n", "1e3\n", "nan\n", "inf\n", "\x01\n"};
  (void)state;
  for (size_t i = 0; i < LENGTH(garbage); i++) {
    char root[TREE_ROOT], text[100];
    tree_create(root);
    snprintf(text, sizeof text, "cpu  1 2 3 4 5 6 7 %s", garbage[i]);
    tree_write(root, "/proc/stat", text);
    snprintf(text, sizeof text, "pswpin 3\npswpout %s", garbage[i]);
    tree_write(root, "/proc/vmstat", text);
    tree_write(root,
               "/sys/devices/system/cpu/cpu0/thermal_throttle/"
               "core_throttle_count",
               garbage[i]);
    tree_write(root, "/proc/self/cgroup", "0::/a\n");
    snprintf(text, sizeof text, "throttled_usec %s", garbage[i]);
    tree_write(root, "/sys/fs/cgroup/a/cpu.stat", text);
    struct noise_system read = noise_watch_begin(root, 0).last;
    tree_remove(root);
    if (!isnan(read.steal_s) || !isnan(read.busy_s) ||
        !isnan(read.swapped_pages) || !isnan(read.hot) ||
        !isnan(read.throttled_s))
      fail_msg("garbage %zu: %g %g %g %g %g", i, read.steal_s, read.busy_s,
               read.swapped_pages, read.hot, read.throttled_s);
  }
}

/* A trial's end is the next one's beginning, unless time has passed; and what
 * cannot change is not read. */
static void a_recent_reading_is_not_repeated(void **state) {
  char root[TREE_ROOT];
  (void)state;
  tree_create(root);
  tree_write(root, "/proc/vmstat", "pswpin 1\npswpout 0\n");
  tree_write(root, "/proc/self/cgroup", "0::/a\n");
  tree_write(root, "/sys/fs/cgroup/cgroup.procs", "");
  tree_write(root, "/sys/fs/cgroup/a/cpu.max", "max 100000\n");
  tree_write(root, "/sys/fs/cgroup/a/cpu.stat", "throttled_usec 1000000\n");
  struct noise_watch watch = noise_watch_begin(root, 0);
  tree_write(root, "/proc/vmstat", "pswpin 2\npswpout 0\n");
  tree_write(root, "/sys/fs/cgroup/a/cpu.stat", "throttled_usec 2000000\n");
  struct noise_system recent = noise_watch_recent(&watch, NOISE_RECENT_NS - 1);
  struct noise_system later = noise_watch_recent(&watch, NOISE_RECENT_NS);
  tree_write(root, "/proc/vmstat", "pswpin 3\npswpout 0\n");
  struct noise_system end = noise_watch_read(&watch, NOISE_RECENT_NS);
  tree_write(root, "/sys/fs/cgroup/a/cpu.max", "50000 100000\n");
  struct noise_watch limited = noise_watch_begin(root, 0);
  tree_write(root, "/sys/fs/cgroup/a/cpu.stat", "throttled_usec 3000000\n");
  struct noise_system stopped = noise_watch_read(&limited, 0);
  tree_remove(root);
  assert_true(recent.swapped_pages == 1);
  assert_true(later.swapped_pages == 2 && later.throttled_s == 1);
  assert_true(end.swapped_pages == 3);
  assert_true(limited.limited && stopped.throttled_s == 3);
}

static void differences_know_what_is_not_known(void **state) {
  (void)state;
  struct noise_system before = {.throttled_s = 1,
                                .steal_s = 5,
                                .busy_s = (double)NAN,
                                .swapped_pages = 7,
                                .hot = 2};
  struct noise_system after = {.throttled_s = 1.5,
                               .steal_s = 4,
                               .busy_s = 3,
                               .swapped_pages = 7,
                               .hot = 3};
  struct noise_system between = noise_system_between(&before, &after);
  assert_true(between.throttled_s == 0.5);
  assert_true(isnan(between.steal_s)); /* ran backwards */
  assert_true(isnan(between.busy_s));
  assert_true(between.swapped_pages == 0);
  assert_true(between.hot == 1);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_machine_is_read_below_a_root),
      cmocka_unit_test(single_cpus_are_told_apart),
      cmocka_unit_test(own_time_is_known),
      cmocka_unit_test(garbage_is_not_told),
      cmocka_unit_test(a_recent_reading_is_not_repeated),
      cmocka_unit_test(differences_know_what_is_not_known),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
