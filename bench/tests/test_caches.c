/* test_caches.c: how much of each level of memory is a worker's, on machines
 * from hwloc's synthetic topologies. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "bench/plan/caches.h"
#include "bench/tests/topology_fixture.h"

#define LENGTH(array) (sizeof(array) / sizeof(array)[0])

/* So many workers' sets in L1, L2, L3 and memory, in KiB. */
struct sets {
  uint32_t workers;
  double kib[MEMORY_LEVELS];
};

struct machine {
  const char *description, *affinity, *slow; /* NULL: all CPUs, none slow */
  struct sets sets[7];                       /* 0 workers: the end */
};

static const struct machine machines[] = {
    /* Four cores in each package share its L3, and two threads all of it. */
    {"pack:2 l3:1(size=33554432) l2:4(size=1048576) l1d:1(size=32768) core:1 "
     "pu:2",
     NULL,
     NULL,
     {{1, {16, 512, 16384, 131072}},
      {2, {16, 512, 8192, 65536}},
      {4, {16, 512, 4096, 32768}},
      {8, {16, 512, 4096, 32768}},
      {12, {8, 256, 2048, 16384}},
      {16, {8, 256, 2048, 16384}}}},
    /* An L2 that is no four times the L1, and no L3. */
    {"l2:2(size=262144) l1d:1(size=98304) core:1 pu:1",
     NULL,
     NULL,
     {{1, {48, 0, 0, 1024}}, {2, {48, 0, 0, 1024}}}},
    /* A worker's part of the L3 is small beside its L2: not to be told apart,
     * and what is past both is past the L2. */
    {"l3:1(size=8388608) l2:8(size=2097152) core:1 pu:1",
     NULL,
     NULL,
     {{1, {0, 1024, 4096, 32768}},
      {2, {0, 1024, 0, 16384}},
      {8, {0, 1024, 0, 8192}}}},
    /* Two cores share an L2, but the first one's neighbour may not be used. */
    {"l2:2(size=2097152) core:2 pu:1",
     "1-3",
     NULL,
     {{1, {0, 1024, 0, 8192}}, {3, {0, 1024, 0, 8192}}}},
    /* The same, but the first worker is on CPU 2, the second on its neighbour:
     * CPU 1 is slow. */
    {"l2:2(size=2097152) core:2 pu:1",
     "1-3",
     "1",
     {{1, {0, 1024, 0, 8192}}, {2, {0, 512, 0, 4096}}}},
    /* Nothing is known: memory is past 32 MiB. */
    {"core:2 pu:1",
     NULL,
     NULL,
     {{1, {0, 0, 0, 131072}}, {2, {0, 0, 0, 65536}}}},
};

static void workers_have_their_part_of_each_level(void **state) {
  (void)state;
  for (size_t m = 0; m < LENGTH(machines); m++) {
    struct topology topology;
    topology_load(machines[m].description, machines[m].affinity,
                  machines[m].slow, &topology);
    for (const struct sets *sets = machines[m].sets; sets->workers; sets++)
      for (int level = 0; level < MEMORY_LEVELS; level++) {
        double bytes = memory_set_bytes(&topology, level, sets->workers);
        if (!(bytes == 1024 * sets->kib[level]))
          fail_msg("%s, %u workers, %s: %g KiB instead of %g",
                   machines[m].description, sets->workers,
                   memory_level_names[level], bytes / 1024, sets->kib[level]);
      }
    topology_free(&topology);
  }
}

/* Past the last CPU workers begin again with the first. */
static void workers_beyond_the_cpus_share_again(void **state) {
  (void)state;
  struct topology topology;
  topology_load("core:2 l1d:1(size=65536) pu:1", NULL, NULL, &topology);
  assert_true(memory_set_bytes(&topology, 0, 2) == 32768);
  assert_true(memory_set_bytes(&topology, 0, 3) == 16384);
  assert_true(memory_set_bytes(&topology, 0, 5) == 65536 / 3.0 / 2);
  topology_free(&topology);
  assert_true(memory_set_bytes(&topology, 0, 1) == 0);
}

/* Those of the usable CPUs alone, and each once. */
static void last_caches_are_counted_once(void **state) {
  (void)state;
  static const struct {
    const char *description, *affinity;
    double kib;
  } cases[] = {{"pack:2 l3:1(size=33554432) l2:4(size=1048576) core:1 pu:2",
                NULL, 65536},
               {"pack:2 l3:1(size=33554432) l2:4(size=1048576) core:1 pu:2",
                "0-7", 32768},
               {"pack:2 l3:1(size=33554432) l2:4(size=1048576) core:1 pu:2",
                "7-8", 65536},
               {"l2:2(size=2097152) core:2 pu:1", NULL, 4096},
               {"core:2 l1d:1(size=65536) pu:2", NULL, 128},
               {"core:2 pu:1", NULL, 0}};
  for (size_t m = 0; m < LENGTH(cases); m++) {
    struct topology topology;
    topology_load(cases[m].description, cases[m].affinity, NULL, &topology);
    double bytes = last_caches_bytes(&topology);
    if (!(bytes == 1024 * cases[m].kib))
      fail_msg("%s: %g KiB instead of %g", cases[m].description, bytes / 1024,
               cases[m].kib);
    topology_free(&topology);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(workers_have_their_part_of_each_level),
      cmocka_unit_test(workers_beyond_the_cpus_share_again),
      cmocka_unit_test(last_caches_are_counted_once),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
