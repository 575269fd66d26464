/* test_pages.c: which pages are laid on which NUMA node, and what the system is
 * told of it: on machines that we have not got. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "bench/plan/text.h"
#include "bench/tests/topology_fixture.h"
#include "bench/trial/memory.h"

#include <errno.h>
#include <linux/mempolicy.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#define PAGE ((size_t)4096)

enum { WORKERS = 64 };

/* Stands before glibc's: the one system call that is made through it here, with
 * ranges from the first one's begin. */
static char told[400];
static char *origin;
static int calls, refused_from; /* 0: none is */

long syscall(long call, ...) {
  va_list list;
  va_start(list, call);
  char *address = va_arg(list, char *);
  unsigned long bytes = va_arg(list, unsigned long);
  int mode = va_arg(list, int);
  const unsigned long *mask = va_arg(list, const unsigned long *);
  unsigned long bits = va_arg(list, unsigned long);
  unsigned long flags = va_arg(list, unsigned long);
  va_end(list);
  assert_int_equal(call, SYS_mbind);
  assert_int_equal(mode, MPOL_PREFERRED);
  assert_int_equal(flags, 0);
  origin = calls == 0 ? address : origin;
  struct text text = text_resume(told, sizeof told);
  text_add(&text, "%s%td+%lu on", calls ? ", " : "", address - origin, bytes);
  /* The kernel takes one bit less than it is told of. */
  for (unsigned long bit = 0; bit + 1 < bits; bit++)
    if (mask[bit / 64] >> bit % 64 & 1)
      text_add(&text, " %lu", bit);
  errno = EPERM;
  return ++calls >= refused_from && refused_from > 0 ? -1 : 0;
}

/* A machine, whose workers are placed, and the pages of an allocation. */
struct split {
  const char *machine, *affinity;
  enum bind bind;
  uint32_t workers;
  uint64_t items;
  size_t bytes;
  const char *expected; /* in pages; NULL: there is one node */
};

static const struct split splits[] = {
    {"core:4 pu:2", NULL, BIND_CORES, 4, 1000, 64 * PAGE, NULL},
    /* Two sockets: one of them alone, then both, and its siblings last. */
    {"pack:2 [numa] core:2 pu:2", NULL, BIND_CORES, 1, 1000, 64 * PAGE,
     "0-64:0"},
    {"pack:2 [numa] core:2 pu:2", NULL, BIND_CORES, 2, 1000, 64 * PAGE,
     "0-64:0"},
    {"pack:2 [numa] core:2 pu:2", NULL, BIND_CORES, 3, 999, 60 * PAGE,
     "0-40:0 40-60:1"},
    {"pack:2 [numa] core:2 pu:2", NULL, BIND_CORES, 4, 1000, 64 * PAGE,
     "0-32:0 32-64:1"},
    {"pack:2 [numa] core:2 pu:2", NULL, BIND_CORES, 8, 1000, 64 * PAGE,
     "0-16:0 16-32:1 32-48:0 48-64:1"},
    {"pack:2 [numa] core:2 pu:2", NULL, BIND_CLOSE, 8, 1000, 64 * PAGE,
     "0-32:0 32-64:1"},
    {"pack:2 [numa] core:2 pu:2", NULL, BIND_SPREAD, 4, 1000, 64 * PAGE,
     "0-16:0 16-32:1 32-48:0 48-64:1"},
    /* The mask leaves one socket. */
    {"pack:2 [numa] core:2 pu:2", "4-7", BIND_CORES, 4, 1000, 64 * PAGE, NULL},
    /* Four nodes. */
    {"pack:2 numa:2 core:2 pu:1", NULL, BIND_CORES, 8, 1000, 64 * PAGE,
     "0-16:0 16-32:1 32-48:2 48-64:3"},
    {"pack:2 numa:2 core:2 pu:1", "2-5", BIND_CORES, 4, 1000, 64 * PAGE,
     "0-32:1 32-64:2"},
    /* More workers than CPUs: they begin again. */
    {"pack:2 [numa] core:1 pu:1", NULL, BIND_CORES, 4, 1000, 64 * PAGE,
     "0-16:0 16-32:1 32-48:0 48-64:1"},
    /* What is no whole page belongs to the first who has a byte of it; who has
     * no page of his own gets none. */
    {"pack:2 [numa] core:1 pu:1", NULL, BIND_CORES, 2, 2, 2 * PAGE + 2,
     "0-2:0 2-3:1"},
    {"pack:2 [numa] core:2 pu:1", NULL, BIND_SPREAD, 4, 4, 2 * PAGE, "0-2:0"},
    /* Fewer items than workers: the last have none. */
    {"pack:2 [numa] core:2 pu:1", NULL, BIND_CORES, 4, 3, 30 * PAGE,
     "0-20:0 20-30:1"},
    {"pack:2 [numa] core:2 pu:1", NULL, BIND_CORES, 4, 1, 30 * PAGE, "0-30:0"},
    {"pack:2 [numa] core:2 pu:1", NULL, BIND_CORES, 4, 0, 30 * PAGE, ""},
    /* Sizes at which products pass 64 bits. */
    {"pack:2 [numa] core:1 pu:1", NULL, BIND_CORES, 2, UINT64_C(1) << 40,
     PAGE << 30, "0-536870912:0 536870912-1073741824:1"},
    /* Nodes with other numbers than their order. */
    {"pack:2 [numa(indexes=5,3)] core:1 pu:1", NULL, BIND_CORES, 2, 1000,
     64 * PAGE, "0-32:5 32-64:3"},
    /* Memory without CPUs, of the whole machine and the first by number. */
    {"[numa(indexes=1,2,0)] pack:2 [numa] core:1 pu:1", NULL, BIND_CORES, 2,
     1000, 64 * PAGE, "0-32:1 32-64:2"},
};

/* The nodes of the workers, or NULL. */
static const int *nodes_of(const struct split *split, int nodes[WORKERS]) {
  struct topology topology;
  int cpus[WORKERS];
  topology_load(split->machine, split->affinity, NULL, &topology);
  topology_place(&topology, split->bind, split->workers, cpus);
  bool several = topology_nodes(&topology, cpus, split->workers, nodes);
  topology_free(&topology);
  return several ? nodes : NULL;
}

static void slices_lie_where_their_workers_run(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof splits / sizeof *splits; i++) {
    const struct split *split = &splits[i];
    int nodes[WORKERS];
    char text[400];
    struct pages pages = {.nodes = nodes_of(split, nodes),
                          .workers = split->workers,
                          .items = split->items};
    struct page_range range = {.parts = 0};
    struct text list = text_begin(text, sizeof text);
    if (!split->expected) {
      assert_null(pages.nodes);
      continue;
    }
    assert_non_null(pages.nodes);
    while (pages_next(&pages, split->bytes, PAGE, &range))
      text_add(&list, "%s%zu-%zu:%d", list.length ? " " : "",
               range.begin_bytes / PAGE, range.end_bytes / PAGE, range.node);
    assert_string_equal(text, split->expected);
  }
}

/* Where no worker has a CPU of its own, nobody has a node. */
static void who_is_not_bound_has_no_node(void **state) {
  struct topology topology;
  int cpus[3], nodes[3] = {7, 7, 7};
  (void)state;
  topology_load("pack:2 [numa] core:1 pu:1", NULL, NULL, &topology);
  topology_place(&topology, BIND_NONE, 3, cpus);
  assert_true(topology_nodes(&topology, cpus, 3, nodes));
  for (int w = 0; w < 3; w++)
    assert_int_equal(nodes[w], -1);
  topology_free(&topology);
}

/* What the system is told of an input of so many bytes. */
static void assert_told(struct pages *pages, size_t bytes,
                        const char *expected) {
  struct memory memory;
  memory_init(&memory);
  memory.pages = pages;
  calls = 0;
  *told = '\0';
  char *input = memory.input.base.allocate(&memory.input.base, bytes);
  assert_non_null(input);
  assert_string_equal(told, expected);
  assert_true(calls == 0 || origin == input);
  input[bytes - 1] = 1; /* it is there, whatever was said to that */
  memory_release(&memory);
}

static void the_system_is_told(void **state) {
  static const int nodes[] = {0, 0, 70, 1};
  char expected[200];
  size_t page = (size_t)sysconf(_SC_PAGESIZE);
  (void)state;
  struct pages pages = {.nodes = nodes, .workers = 4, .items = 100};
  assert_int_equal(pages_node_count(&pages), -1);
  snprintf(expected, sizeof expected, "0+%zu on 0, %zu+%zu on 70, %zu+%zu on 1",
           4 * page, 4 * page, 2 * page, 6 * page, 2 * page);
  assert_told(&pages, 8 * page, expected);
  assert_int_equal(pages_node_count(&pages), 3);
}

/* No call: less than a page for each worker; one node; and what all workers
 * share, or no worker has. */
static void nothing_is_told_for_nothing(void **state) {
  static const int nodes[] = {0, 0, 1, 1};
  size_t page = (size_t)sysconf(_SC_PAGESIZE);
  (void)state;
  struct pages pages = {.nodes = nodes, .workers = 4, .items = 100};
  assert_told(&pages, 4 * page - 1, "");
  struct pages one = {.nodes = NULL, .workers = 4, .items = 100};
  assert_told(&one, 64 * page, "");
  assert_told(NULL, 64 * page, "");
  assert_int_equal(pages_node_count(&pages), -1);
  assert_int_equal(pages_node_count(&one), -1);
}

/* It is asked once, and the memory is there all the same. */
static void a_system_that_refuses_is_left_alone(void **state) {
  static const int nodes[] = {0, 1, 2};
  size_t page = (size_t)sysconf(_SC_PAGESIZE);
  char expected[100];
  (void)state;
  struct pages pages = {.nodes = nodes, .workers = 3, .items = 3};
  refused_from = 2;
  snprintf(expected, sizeof expected, "0+%zu on 0, %zu+%zu on 1", page, page,
           page);
  assert_told(&pages, 3 * page, expected);
  assert_int_equal(pages_node_count(&pages), 0);
  assert_told(&pages, 3 * page, "");
  refused_from = 0;
  /* A number that no system has is not asked for. */
  static const int none[] = {5000, -1};
  struct pages wrong = {.nodes = none, .workers = 2, .items = 2};
  assert_told(&wrong, 2 * page, "");
  assert_int_equal(pages_node_count(&wrong), 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(slices_lie_where_their_workers_run),
      cmocka_unit_test(who_is_not_bound_has_no_node),
      cmocka_unit_test(the_system_is_told),
      cmocka_unit_test(nothing_is_told_for_nothing),
      cmocka_unit_test(a_system_that_refuses_is_left_alone),
  };
  return cmocka_run_group_tests_name("pages", tests, NULL, NULL);
}
