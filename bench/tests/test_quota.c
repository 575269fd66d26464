/* test_quota.c: how many CPUs cgroups allow, and for how long they have stopped
 * us, from fake cgroup trees. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "bench/plan/quota.h"
#include "bench/tests/tree_fixture.h"
#include "bench/trial/memory.h"

#include <math.h>
#include <stdbool.h>
#include <unistd.h>

#define LENGTH(array) (sizeof(array) / sizeof(array)[0])

#define V1_MOUNT "33 31 0:30 / /sys/fs/cgroup/cpu rw - cgroup cgroup rw,cpu\n"
#define V2_MOUNT "38 31 0:38 / /sys/fs/cgroup rw shared:9 - cgroup2 c rw\n"
#define V1(directory, quota)                                                   \
  {directory "/cpu.cfs_quota_us", quota}, {                                    \
    directory "/cpu.cfs_period_us", "100000\n"                                 \
  }
#define GROUP  "/proc/self/cgroup"
#define MOUNTS "/proc/self/mountinfo"
#define FS     "/sys/fs/cgroup"

/* A tree of files, and the quota that it means. */
static const struct tree {
  const char *name;
  double expected_cpus;
  const char *files[8][2];
} trees[] = {
    {"nothing", (double)NAN, {{"/other", ""}}},
    {"v2", 1.5, {{GROUP, "0::/a\n"}, {FS "/a/cpu.max", "150000 100000\n"}}},
    {"v2 without a limit",
     (double)INFINITY,
     {{GROUP, "0::/a\n"},
      {FS "/a/cpu.max", "max 100000\n"},
      {FS "/cgroup.procs", ""}}},
    {"v2 without the controller",
     (double)INFINITY,
     {{GROUP, "0::/a\n"},
      {FS "/a/cgroup.procs", ""},
      {FS "/cgroup.procs", ""}}},
    {"v1 without a limit, v2 not seen",
     (double)INFINITY,
     {{GROUP, "1:cpu:/\n0::/a\n"}, V1(FS "/cpu", "-1\n")}},
    {"/sys is hidden",
     (double)NAN,
     {{GROUP, "0::/a\n"}, {MOUNTS, V2_MOUNT}, {"/sys/x", ""}}},
    {"nothing is mounted on /sys/fs/cgroup",
     (double)NAN,
     {{GROUP, "0::/a\n"}, {FS "/x", ""}}},
    {"v1 is hidden, v2 has no limit",
     (double)NAN,
     {{GROUP, "1:cpu:/\n0::/\n"},
      {MOUNTS, V1_MOUNT "9 1 0:1 / /sys/fs/cgroup/unified rw - cgroup2 c rw\n"},
      {FS "/unified/cgroup.procs", ""}}},
    {"one file is empty, no other limit",
     (double)NAN,
     {{GROUP, "0::/a\n"}, {FS "/a/cpu.max", ""}, {FS "/cgroup.procs", ""}}},
    {"one file is empty, the ancestor has a limit",
     0.6,
     {{GROUP, "0::/a\n"},
      {FS "/a/cpu.max", ""},
      {FS "/cpu.max", "60000 100000\n"}}},
    {"the process's groups are empty",
     (double)NAN,
     {{GROUP, ""}, {FS "/cpu.max", "max 100000\n"}}},
    {"v2, the ancestor is tighter",
     2,
     {{GROUP, "0::/a/b/c\n"},
      {MOUNTS, "22 1 8:1 / / rw - ext4 /dev/a rw\n" V2_MOUNT},
      {FS "/a/b/c/cpu.max", "max 100000\n"},
      {FS "/a/b/cpu.max", "300000 100000\n"},
      {FS "/a/cpu.max", "100000 50000\n"}}},
    {"v2, the root is tighter",
     0.5,
     {{GROUP, "0::/a\n"},
      {FS "/a/cpu.max", "300000 100000\n"},
      {FS "/cpu.max", "50000 100000\n"}}},
    {"v2 in a container, path not there, /docker another's",
     3,
     {{GROUP, "0::/docker/1\n"},
      {FS "/docker/cpu.max", "100000 100000\n"},
      {FS "/cpu.max", "300000 100000\n"}}},
    {"v2, out of the namespace",
     3,
     {{GROUP, "0::/../b\n"},
      {"/sys/fs/b/cpu.max", "100000 100000\n"},
      {FS "/cpu.max", "300000 100000\n"}}},
    {"v2, for more CPUs than there are anywhere",
     (double)INFINITY,
     {{GROUP, "0::/a\n"},
      {FS "/a/cpu.max", "1000000000000000 100000\n"},
      {FS "/cgroup.procs", ""}}},
    {"v2, for as many as a large machine has",
     4096,
     {{GROUP, "0::/a\n"},
      {FS "/a/cpu.max", "409600000 100000\n"},
      {FS "/cgroup.procs", ""}}},
    {"v1, for more than there are anywhere, the ancestor's counts",
     2,
     {{GROUP, "2:cpu:/a/b\n"},
      V1(FS "/cpu/a/b", "9223372036854775807\n"),
      V1(FS "/cpu/a", "200000\n")}},
    {"v1",
     2.5,
     {{GROUP, "3:memory:/m\n2:cpu:/a\n"}, V1(FS "/cpu/a", "250000\n")}},
    {"v1, none but in the ancestor",
     4,
     {{GROUP, "4:cpu,cpuacct:/a/b\n0::/\n"},
      V1(FS "/cpu,cpuacct/a/b", "-1\n"),
      V1(FS "/cpu,cpuacct/a", "400000\n")}},
    {"v1 in a container, another's mount first",
     2,
     {{GROUP, "4:cpu:/docker/12/x\n"},
      {MOUNTS, "1 1 0:3 / /set rw - cgroup cgroup rw,cpuset\n"
               "2 1 0:3 /docker/1 /other rw - cgroup cgroup rw,cpu\n"
               "3 1 0:3 /docker/12 /mine ro - cgroup cgroup rw,cpuacct,cpu\n"},
      V1("/other", "100000\n"),
      V1("/mine/x", "200000\n")}},
    {"hybrid, v1 tighter",
     1,
     {{GROUP, "1:cpu:/a\n0::/b\n"},
      {MOUNTS, V1_MOUNT "9 1 0:1 / /sys/fs/cgroup/unified rw - cgroup2 c rw\n"},
      {FS "/unified/b/cpu.max", "200000 100000\n"},
      V1(FS "/cpu/a", "100000\n")}},
    {"hybrid, v2 tighter",
     2,
     {{GROUP, "1:cpu:/a\n0::/b\n"},
      {FS "/unified/b/cpu.max", "200000 100000\n"},
      V1(FS "/cpu/a", "300000\n")}},
    {"malformed",
     (double)NAN,
     {{GROUP, "nonsense\n1:cpu\n0::/a/b/c/d\n1:cpu:/a\n"},
      {FS "/a/b/c/d/cpu.max", "many 100000\n"},
      {FS "/a/b/c/cpu.max", "100000\n"},
      {FS "/a/b/cpu.max", "100000 0\n"},
      {FS "/a/cpu.max", "-100000 100000\n"},
      {FS "/cpu.max", "100000 100000 1\n"},
      V1(FS "/cpu/a", "100000x\n")}},
};

#define STAT(directory, key, value)                                            \
  { directory "/cpu.stat", "nr_periods 9\n" key " " value "\nburst_usec 7\n" }

/* And the throttled time. */
static const struct stat_tree {
  const char *name;
  double expected_s; /* NAN: not told */
  const char *files[8][2];
} stat_trees[] = {
    {"nothing", (double)NAN, {{"/other", ""}}},
    {"v2 without the counter",
     (double)NAN,
     {{GROUP, "0::/a\n"}, STAT(FS "/a", "usage_usec", "5")}},
    {"v2, never throttled",
     0,
     {{GROUP, "0::/a\n"}, STAT(FS "/a", "throttled_usec", "0")}},
    {"v2, own and ancestor's",
     3.5,
     {{GROUP, "0::/a/b/c\n"},
      {MOUNTS, V2_MOUNT},
      STAT(FS "/a/b/c", "throttled_usec", "500000"),
      STAT(FS "/a", "throttled_usec", "3000000"),
      STAT(FS "/other", "throttled_usec", "9000000")}},
    {"v1, own and ancestor's",
     2.25,
     {{GROUP, "4:cpu,cpuacct:/a/b\n0::/\n"},
      {MOUNTS, V1_MOUNT},
      STAT(FS "/cpu/a/b", "throttled_time", "250000000"),
      STAT(FS "/cpu/a", "throttled_time", "2000000000")}},
    {"v1, one directory under three names",
     2,
     {{GROUP, "4:cpu:/a\n"},
      STAT(FS "/cpu/a", "throttled_time", "2000000000"),
      STAT(FS "/cpu,cpuacct/a", "throttled_time", "2000000000")}},
    {"malformed",
     1,
     {{GROUP, "0::/a/b/c\n"},
      STAT(FS "/a/b/c", "throttled_usec", "-5"),
      STAT(FS "/a/b", "throttled_usec", "many"),
      STAT(FS "/a", "throttled_usecs", "7000000"),
      STAT(FS, "throttled_usec", "1000000")}},
};

static void quotas_are_the_minimum_of_all_cgroups(void **state) {
  (void)state;
  for (size_t i = 0; i < LENGTH(trees); i++) {
    char root[TREE_ROOT];
    tree_create(root);
    for (size_t j = 0; j < 8 && trees[i].files[j][0]; j++)
      tree_write(root, trees[i].files[j][0], trees[i].files[j][1]);
    double cpus = quota_cpus(root);
    tree_remove(root);
    if (!(isnan(trees[i].expected_cpus) ? isnan(cpus)
                                        : cpus == trees[i].expected_cpus))
      fail_msg("%s: %g CPUs", trees[i].name, cpus);
  }
  assert_false(quota_cpus("") <= 0);
}

static void throttled_time_is_that_of_all_cgroups(void **state) {
  (void)state;
  for (size_t i = 0; i < LENGTH(stat_trees); i++) {
    const struct stat_tree *tree = &stat_trees[i];
    char root[TREE_ROOT];
    tree_create(root);
    for (size_t j = 0; j < 8 && tree->files[j][0]; j++)
      tree_write(root, tree->files[j][0], tree->files[j][1]);
    double seconds = quota_throttled_s(root);
    tree_remove(root);
    bool same = isnan(tree->expected_s)
                    ? isnan(seconds)
                    : fabs(seconds - tree->expected_s) < 1e-9;
    if (!same)
      fail_msg("%s: %g s", tree->name, seconds);
  }
  assert_false(quota_throttled_s("") < 0);
}

#define MEMORY FS "/memory"

/* A tree of files, the memory that it allows, and what of that is left. */
static const struct memory_tree {
  const char *name;
  double expected_bytes, left_bytes, kills;
  const char *files[10][2];
} memory_trees[] = {
    {"nothing", (double)NAN, (double)NAN, (double)NAN, {{"/other", ""}}},
    {"v2 without a limit",
     (double)INFINITY,
     (double)INFINITY,
     0,
     {{GROUP, "0::/a\n"},
      {FS "/a/memory.max", "max\n"},
      {FS "/a/memory.high", "max\n"},
      {FS "/a/memory.events", "oom 0\noom_kill 0\n"},
      {FS "/cgroup.procs", ""}}},
    {"v2, the ancestor is tighter, and fuller",
     300,
     100,
     5,
     {{GROUP, "0::/a/b\n"},
      {FS "/a/b/memory.max", "1000\n"},
      {FS "/a/b/memory.events", "oom 7\noom_kill 2\noom_group_kill 0\n"},
      {FS "/a/memory.max", "300\n"},
      {FS "/a/memory.current", "250\n"},
      {FS "/a/memory.stat", "anon 180\ninactive_file 40\nactive_file 10\n"},
      {FS "/a/memory.events", "oom_kill 3\n"}}},
    {"v2, slowed down before it is killed",
     400,
     400,
     (double)NAN,
     {{GROUP, "0::/a\n"},
      {FS "/a/memory.max", "1000\n"},
      {FS "/a/memory.high", "400\n"}}},
    {"v1, the ancestor is tighter, the group above has none",
     100,
     0,
     4,
     {{GROUP, "4:memory:/a/b\n1:cpu:/c\n"},
      {MEMORY "/a/b/memory.limit_in_bytes", "9223372036854771712\n"},
      {MEMORY "/a/b/memory.oom_control", "under_oom 0\noom_kill 4\n"},
      {MEMORY "/a/memory.limit_in_bytes", "100\n"},
      {MEMORY "/a/memory.usage_in_bytes", "170\n"},
      {MEMORY "/a/memory.stat", "cache 50\ntotal_inactive_file 50\n"},
      {MEMORY "/memory.limit_in_bytes", "9223372036854771712\n"}}},
    {"what is in use is garbage",
     100,
     100,
     (double)NAN,
     {{GROUP, "0::/a\n"},
      {FS "/a/memory.max", "100\n"},
      {FS "/a/memory.current", "-5\n"},
      {FS "/a/memory.events", "oom_kill many\n"}}},
    {"malformed",
     (double)NAN,
     (double)NAN,
     (double)NAN,
     {{GROUP, "0::/a/b/c/d\n"},
      {FS "/a/b/c/d/memory.max", "many\n"},
      {FS "/a/b/c/memory.max", "-1\n"},
      {FS "/a/b/memory.max", "100x\n"},
      {FS "/a/memory.max", ""}}},
};

static bool alike(double a, double b) {
  return isnan(b) ? isnan(a) : a == b;
}

static void memory_is_that_of_the_tightest_cgroup(void **state) {
  (void)state;
  for (size_t i = 0; i < LENGTH(memory_trees); i++) {
    const struct memory_tree *tree = &memory_trees[i];
    char root[TREE_ROOT];
    tree_fill(root, tree->files, 10);
    double bytes = quota_memory_bytes(root);
    double left_bytes = quota_memory_left_bytes(root);
    double kills = quota_memory_kills(root);
    tree_write(root, "/proc/meminfo", "MemAvailable: 1 kB\n");
    double little = memory_available_bytes_from(root);
    tree_write(root, "/proc/meminfo", "MemAvailable: 0x10 kB\n");
    double garbage = memory_available_bytes_from(root);
    tree_remove(root);
    if (!alike(bytes, tree->expected_bytes) ||
        !alike(left_bytes, tree->left_bytes) || !alike(kills, tree->kills))
      fail_msg("%s: %g bytes, %g left, %g kills", tree->name, bytes, left_bytes,
               kills);
    double page = (double)sysconf(_SC_PAGESIZE);
    assert_true(little == fmax(page, fmin(1024, left_bytes)));
    assert_true(garbage == (isfinite(left_bytes) ? fmax(page, left_bytes) : 0));
  }
}

static void usable_cpus_are_whole_and_at_least_one(void **state) {
  (void)state;
  assert_int_equal(quota_usable_cpus(8, (double)INFINITY), 8);
  assert_int_equal(quota_usable_cpus(8, (double)NAN), 8);
  assert_int_equal(quota_usable_cpus(8, 2.9), 2);
  assert_int_equal(quota_usable_cpus(8, 64), 8);
  assert_int_equal(quota_usable_cpus(8, 0.3), 1);
  assert_int_equal(quota_usable_cpus(0, 4), 1);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(quotas_are_the_minimum_of_all_cgroups),
      cmocka_unit_test(throttled_time_is_that_of_all_cgroups),
      cmocka_unit_test(memory_is_that_of_the_tightest_cgroup),
      cmocka_unit_test(usable_cpus_are_whole_and_at_least_one),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
