/* test_topology.c: which CPUs, how many workers, and who goes where: on
 * machines that we have not got, from hwloc's synthetic topologies. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "bench/plan/counts.h"
#include "bench/plan/cpulist.h"
#include "bench/plan/text.h"
#include "bench/plan/topology.h"
#include "bench/tests/topology_fixture.h"

#include <errno.h>
#include <hwloc.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#define LENGTH(array) (sizeof(array) / sizeof(array)[0])

/* Stands before glibc's: a kernel that wants masks of at least so many bytes,
 * as one for more than 1024 CPUs does. */
static size_t kernel_mask_bytes;

int sched_getaffinity(pid_t pid, size_t size, cpu_set_t *mask) {
  if (size < kernel_mask_bytes) {
    errno = EINVAL;
    return -1;
  }
  memset(mask, 0, size);
  return syscall(SYS_sched_getaffinity, pid, size, mask) < 0 ? -1 : 0;
}

/* A machine and what becomes of it.  After a placement: the worker counts that
 * first use siblings, slower cores and another NUMA node. */
struct machine {
  const char *description, *affinity, *slow; /* NULL: all CPUs, none slow */
  const char *summary, *cores, *spread, *close;
};

static const struct machine machines[] = {
    {"pu:1", NULL, NULL, "cpus 1 cores 1 packages 1 numa 1 kinds 1", "0; 0 0 0",
     "0; 0 0 0", "0; 0 0 0"},
    {"core:2 pu:1", NULL, NULL, "cpus 2 cores 2 packages 1 numa 1 kinds 1",
     "0,1; 0 0 0", "0,1; 0 0 0", "0,1; 0 0 0"},
    {"pack:1 core:8 pu:2", NULL, NULL,
     "cpus 16 cores 8 packages 1 numa 1 kinds 1 smt",
     "0,2,4,6,8,10,12,14,1,3,5,7,9,11,13,15; 9 0 0",
     "0,2,4,6,8,10,12,14,1,3,5,7,9,11,13,15; 9 0 0", "0-15; 2 0 0"},
    {"pack:2 [numa] core:16 pu:2(indexes=2*32:1*2)", NULL, NULL,
     "cpus 64 cores 32 packages 2 numa 2 kinds 1 smt", "0-63; 33 0 17",
     "0,16,1,17,2,18,3,19,4,20,5,21,6,22,7,23,8,24,9,25,10,26,11,27,12,28,"
     "13,29,14,30,15,31,32,48,33,49,34,50,35,51,36,52,37,53,38,54,39,55,40,"
     "56,41,57,42,58,43,59,44,60,45,61,46,62,47,63; 33 0 2",
     "0,32,1,33,2,34,3,35,4,36,5,37,6,38,7,39,8,40,9,41,10,42,11,43,12,44,"
     "13,45,14,46,15,47,16,48,17,49,18,50,19,51,20,52,21,53,22,54,23,55,24,"
     "56,25,57,26,58,27,59,28,60,29,61,30,62,31,63; 2 0 33"},
    {"core:64 pu:1", NULL, NULL, "cpus 64 cores 64 packages 1 numa 1 kinds 1",
     "0-63; 0 0 0", "0-63; 0 0 0", "0-63; 0 0 0"},
    /* Two packages of two nodes of two cores. */
    {"pack:2 numa:2 core:2 pu:2", NULL, NULL,
     "cpus 16 cores 8 packages 2 numa 4 kinds 1 smt",
     "0,2,4,6,8,10,12,14,1,3,5,7,9,11,13,15; 9 0 3",
     "0,8,4,12,2,10,6,14,1,9,5,13,3,11,7,15; 9 0 2", "0-15; 2 0 5"},
    /* Three nodes in a package: they take turns inside of their package's. */
    {"pack:2 numa:3 core:2 pu:1", NULL, NULL,
     "cpus 12 cores 12 packages 2 numa 6 kinds 1", "0-11; 0 0 3",
     "0,6,2,8,4,10,1,7,3,9,5,11; 0 0 2", "0-11; 0 0 3"},
    /* Packages that have not as much to give: the second one goes on alone,
     * and siblings wait for all cores. */
    {"pack:2 [numa] core:4 pu:2", "0-2,8,10,12,14", NULL,
     "cpus 7 cores 6 packages 2 numa 2 kinds 1 smt", "0,2,8,10,12,14,1; 7 0 3",
     "0,8,2,10,12,14,1; 7 0 2", "0-2,8,10,12,14; 2 0 4"},
    /* A package's first core is slow, and the other one's last: after all fast
     * ones, in turns too. */
    {"pack:2 [numa] core:3 pu:2", NULL, "0,1,10,11",
     "cpus 12 cores 6 packages 2 numa 2 kinds 2 smt",
     "2,4,6,8,0,10,3,5,7,9,1,11; 7 5 3", "2,6,4,8,0,10,3,7,5,9,1,11; 7 5 2",
     "2-9,0,1,10,11; 2 9 5"},
    /* Odd CPUs only: the second thread of each core is the only one. */
    {"pack:2 [numa] core:2 pu:2", "1,3,5,7", NULL,
     "cpus 4 cores 4 packages 2 numa 2 kinds 1", "1,3,5,7; 0 0 3",
     "1,5,3,7; 0 0 2", "1,3,5,7; 0 0 3"},
    /* The first core has but its second thread: it comes first all the same. */
    {"core:3 pu:2", "1-4", NULL, "cpus 4 cores 3 packages 1 numa 1 kinds 1 smt",
     "1,2,4,3; 4 0 0", "1,2,4,3; 4 0 0", "1-4; 3 0 0"},
    /* Slow cores come first in the machine's order, and last in ours. */
    {"pack:1 core:6 pu:2", "0,2,4,6-11", "0-5",
     "cpus 9 cores 6 packages 1 numa 1 kinds 2 smt",
     "6,8,10,0,2,4,7,9,11; 7 4 0", "6,8,10,0,2,4,7,9,11; 7 4 0",
     "6-11,0,2,4; 2 7 0"},
    /* Slow cores alone are the fastest that there are. */
    {"core:4 pu:1", "2-3", "2-3", "cpus 2 cores 2 packages 1 numa 1 kinds 1",
     "2,3; 0 0 0", "2,3; 0 0 0", "2,3; 0 0 0"},
};

static void check_placement(const struct topology *topology, enum bind bind,
                            const char *expected) {
  int cpus[64];
  char text[512];
  topology_place(topology, bind, topology->cpu_count, cpus);
  int length = cpulist_format(cpus, topology->cpu_count, text, 400);
  assert_true(length > 0);
  struct placement_steps steps = topology_steps(topology, bind);
  struct text placement = text_resume(text, sizeof text);
  text_add(&placement, "; %u %u %u", steps.siblings_from, steps.slower_from,
           steps.numa_from);
  assert_string_equal(text, expected);
}

static void check_machine(const struct machine *machine,
                          const struct topology *topology) {
  char text[128];
  (void)snprintf(
      text, sizeof text, "cpus %u cores %u packages %u numa %u kinds %u%s",
      topology->cpu_count, topology->cores, topology->packages,
      topology->numa_nodes, topology->kinds, topology->smt ? " smt" : "");
  assert_string_equal(text, machine->summary);
  bool fastest = false;
  for (uint32_t i = 0; i < topology->cpu_count; i++)
    fastest = fastest || topology->cpus[i].kind == 0;
  assert_true(fastest);
  check_placement(topology, BIND_CORES, machine->cores);
  check_placement(topology, BIND_SPREAD, machine->spread);
  check_placement(topology, BIND_CLOSE, machine->close);
}

static void machines_are_described_and_filled(void **state) {
  (void)state;
  for (size_t i = 0; i < LENGTH(machines); i++) {
    struct topology topology;
    topology_load(machines[i].description, machines[i].affinity,
                  machines[i].slow, &topology);
    check_machine(&machines[i], &topology);
    topology_free(&topology);
    assert_null(topology.cpus);
  }
}

static void placement_wraps_around_or_leaves_unbound(void **state) {
  (void)state;
  struct topology topology;
  int cpus[7];
  topology_load("core:2 pu:2", "0-2", NULL, &topology);
  topology_place(&topology, BIND_CORES, 7, cpus);
  assert_memory_equal(cpus, ((int[]){0, 2, 1, 0, 2, 1, 0}), sizeof cpus);
  topology_place(&topology, BIND_NONE, 2, cpus);
  assert_int_equal(cpus[0], -1);
  assert_int_equal(cpus[1], -1);
  assert_int_equal(topology_steps(&topology, BIND_NONE).siblings_from, 0);
  topology_free(&topology);
  topology_place(&topology, BIND_CORES, 1, cpus);
  assert_int_equal(cpus[0], -1);
}

static void xml_files_are_read(void **state) {
  (void)state;
  char path[] = "/tmp/coresweep-topology-XXXXXX";
  int descriptor = mkstemp(path);
  assert_true(descriptor >= 0);
  close(descriptor);
  hwloc_topology_t machine;
  assert_int_equal(hwloc_topology_init(&machine), 0);
  hwloc_topology_set_synthetic(machine, machines[2].description);
  assert_int_equal(hwloc_topology_load(machine), 0);
  assert_int_equal(hwloc_topology_export_xml(machine, path, 0), 0);
  hwloc_topology_destroy(machine);
  struct topology topology;
  int error = topology_from_xml(path, NULL, &topology, NULL, 0);
  unlink(path);
  assert_int_equal(error, 0);
  check_machine(&machines[2], &topology);
  topology_free(&topology);
}

static void wrong_machines_are_refused(void **state) {
  (void)state;
  struct topology topology;
  char message[256] = "";
  assert_true(topology_from_synthetic("core:x", NULL, &topology, message,
                                      sizeof message) < 0);
  assert_non_null(strstr(message, "core:x"));
  assert_null(topology.cpus);
  assert_true(topology_from_xml("/nowhere.xml", NULL, &topology, message,
                                sizeof message) < 0);
  assert_non_null(strstr(message, "/nowhere.xml"));
  struct topology_fake none = {.affinity = &(int){9}, .affinity_count = 1};
  assert_int_equal(topology_from_synthetic("pu:2", &none, &topology, NULL, 0),
                   -ENODEV);
  none.affinity = &(int){-1};
  assert_int_equal(topology_from_synthetic("pu:2", &none, &topology, NULL, 0),
                   -EINVAL);
}

/* The real machine, whatever it is: pinned to one CPU, it has one. */
static void discovery_respects_the_affinity_mask(void **state) {
  (void)state;
  size_t size = CPU_ALLOC_SIZE(65536);
  cpu_set_t *before = CPU_ALLOC(65536);
  cpu_set_t *one = CPU_ALLOC(65536);
  assert_int_equal(sched_getaffinity(0, size, before), 0);
  int last = 65535;
  while (!CPU_ISSET_S(last, size, before))
    last--;
  CPU_ZERO_S(size, one);
  CPU_SET_S(last, size, one);
  struct topology all;
  struct topology pinned;
  kernel_mask_bytes = 1000; /* 8000 CPUs */
  assert_int_equal(topology_discover(&all, NULL, 0), 0);
  kernel_mask_bytes = 0;
  assert_int_equal(sched_setaffinity(0, size, one), 0);
  int error = topology_discover(&pinned, NULL, 0);
  assert_int_equal(sched_setaffinity(0, size, before), 0);
  assert_int_equal(error, 0);
  assert_int_equal(all.cpu_count, CPU_COUNT_S(size, before));
  assert_int_equal(pinned.cpu_count, 1);
  assert_int_equal(pinned.cpus[0].os_index, last);
  topology_free(&all);
  topology_free(&pinned);
  CPU_FREE(before);
  CPU_FREE(one);
}

static void sweeps_have_the_right_worker_counts(void **state) {
  (void)state;
  static const struct {
    uint32_t cores, threads, usable;
    const char *counts, *thin, *waiting;
  } cases[] = {
      {1, 1, 1, "1", "1", "1,2,4"},
      {2, 2, 2, "1,2", "1,2", "1,2,4,8"},
      {6, 12, 12, "1-8,12", "1,2,4,6,8,12", "1-8,12,24,48"},
      {12, 24, 24, "1-8,12,16,24", "1,2,4,8,12,16,24", "1-8,12,16,24,48,96"},
      {12, 24, 10, "1-8,10", "1,2,4,8,10", "1-8,10,20,40"},
      {64, 64, 64, "1-8,16,32,64", "1,2,4,8,16,32,64", "1-8,16,32,64,128,256"},
      {1, 1, 0, "1", "1", "1"},
  };
  for (size_t i = 0; i < LENGTH(cases); i++) {
    struct topology machine = {.cpu_count = cases[i].threads,
                               .cores = cases[i].cores};
    uint32_t counts[32];
    char text[128];
    const char *expected[] = {cases[i].counts, cases[i].waiting, cases[i].thin};
    size_t count = 0;
    for (int step = 0; step < 3; step++) {
      if (step == 1)
        count = counts_waiting(cases[i].usable, counts, count, 32);
      else
        count = counts_default(&machine, cases[i].usable, counts, 32);
      if (step == 2)
        count = counts_thin(cases[i].cores, counts, count);
      assert_true(cpulist_format((int *)counts, count, text, sizeof text) > 0);
      assert_string_equal(text, expected[step]);
    }
  }
  assert_int_equal(counts_waiting(2000, NULL, 0, 0), 1); /* 8000 > 4096 */
}

static const char *const good_counts[][2] = {
    {"1,2,4", "1,2,4"},         {"1..8", "1-8"},  {"8,2,2,1", "1,2,8"},
    {"16,1..4,3..5", "1-5,16"}, {"4096", "4096"}, {"1..64", "1-64"},
};

/* Each with what the message must say; the long one is 2^64 + 1. */
static const char *const bad_counts[][2] = {
    {"0", "\"0\" is out of range"},
    {"1,4097", "between 1 and 4096"},
    {"18446744073709551617", "between 1 and 4096"},
    {"-1", "\"-1\" is not a worker count"},
    {"", "1,2,4 or 1..8"},
    {"1,", "an item of it is empty"},
    {"1,,2", "an item of it is empty"},
    {"2x", "\"2x\" is not"},
    {"1-8", "as in 1,2,4 or 1..8"},
    {"1..", "\"1..\" is not"},
    {"1, 2", "\" 2\" is not"},
    {"3,8..1", "\"8..1\" runs backwards: write 1..8"},
};

static void worker_counts_are_parsed(void **state) {
  (void)state;
  uint32_t counts[64];
  char text[256];
  for (size_t i = 0; i < LENGTH(good_counts); i++) {
    int count = counts_parse(good_counts[i][0], counts, 64, NULL, 0);
    assert_true(count > 0);
    assert_true(cpulist_format((int *)counts, count, text, sizeof text) > 0);
    assert_string_equal(text, good_counts[i][1]);
  }
  for (size_t i = 0; i < LENGTH(bad_counts); i++) {
    int error = counts_parse(bad_counts[i][0], counts, 64, text, sizeof text);
    assert_int_equal(error, -EINVAL);
    assert_non_null(strstr(text, bad_counts[i][1]));
  }
  assert_int_equal(counts_parse("1..65", counts, 64, text, sizeof text),
                   -ENOSPC);
  assert_non_null(strstr(text, "65 worker counts"));
}

static void cpu_lists_are_parsed_and_printed(void **state) {
  (void)state;
  int cpus[8];
  char text[128];
  /* Order and duplicates stay: the list says which worker goes where. */
  assert_int_equal(cpulist_parse("4-6,0,1,0", cpus, 8, NULL, 0), 6);
  assert_memory_equal(cpus, ((int[]){4, 5, 6, 0, 1, 0}), 6 * sizeof *cpus);
  assert_int_equal(cpulist_format(cpus, 6, text, sizeof text), 9);
  assert_string_equal(text, "4-6,0,1,0");
  assert_int_equal(cpulist_format(cpus, 6, text, 9), -ENOSPC);
  assert_int_equal(cpulist_format(cpus, 0, text, 1), 0);
  assert_int_equal(cpulist_format(&(int){-1}, 1, text, 9), -EINVAL);
  assert_int_equal(cpulist_parse("0-7", cpus, 8, NULL, 0), 8);
  assert_int_equal(cpulist_parse("9,0-7", cpus, 8, text, 128), -ENOSPC);
  assert_non_null(strstr(text, "room for 8"));
  static const char *const bad[] = {"", "a", "-1", "1-", "3-1", "65536", "0 1"};
  for (size_t i = 0; i < LENGTH(bad); i++)
    assert_int_equal(cpulist_parse(bad[i], cpus, 8, text, 128), -EINVAL);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(machines_are_described_and_filled),
      cmocka_unit_test(placement_wraps_around_or_leaves_unbound),
      cmocka_unit_test(xml_files_are_read),
      cmocka_unit_test(wrong_machines_are_refused),
      cmocka_unit_test(discovery_respects_the_affinity_mask),
      cmocka_unit_test(sweeps_have_the_right_worker_counts),
      cmocka_unit_test(worker_counts_are_parsed),
      cmocka_unit_test(cpu_lists_are_parsed_and_printed),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
