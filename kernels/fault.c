/* fault.c: a meter of page faults that need no disk: what it costs to touch a
 * page for the first time.
 *
 * An item is a page, into which one word is written.  With touch=first the
 * pages are taken away before each region, so that each write faults; with
 * touch=again they stay, and nothing but the fault is missing.  A page is
 *
 *   new     private memory: the system finds a page and clears it, as where a
 *           program touches memory that it has just been given
 *   there   memory that processes share and somebody has touched: the page is
 *           only mapped, as where a forked worker writes a result that its
 *           parent has touched
 *
 * Pages are taken away by whoever resets the kernel, of its own process alone:
 * it is meant for threads. */
#include <inttypes.h>
#include <sys/mman.h>
#include <unistd.h>

#include "kernel.h"

enum { PAGES, TOUCH };
enum { PAGES_NEW, PAGES_THERE };
enum { TOUCH_FIRST, TOUCH_AGAIN };

static const struct param_spec fault_params[] = {
    {"pages", PARAM_WORD, "new", .words = "new|there",
     .help = "pages that are to be found and cleared, or only mapped"},
    {"touch", PARAM_WORD, "first", .words = "first|again",
     .help = "each region touches them for the first time, or once more"},
    {.name = NULL},
};

struct fault {
  uint64_t size;
  size_t page_bytes;
  bool first;
  char *pages; /* [size] */
};

static size_t page_size(void) {
  return (size_t)sysconf(_SC_PAGESIZE);
}

static void fault_reshape(const struct param_value *params,
                          struct kernel_shape *shape) {
  (void)params;
  shape->input_bytes = (double)page_size();
}

/* Of small pages: a large one would have one fault for hundreds. */
static void *fault_create(const struct kernel_request *request) {
  struct kernel_allocator *allocator = request->allocator,
                          *of_pages =
                              request->params[PAGES].integer == PAGES_THERE
                                  ? request->shared
                                  : allocator;
  size_t page_bytes = page_size();
  if (request->size >= SIZE_MAX / page_bytes - 1)
    return NULL;
  struct fault *fault = allocator->allocate(allocator, sizeof *fault);
  char *memory = of_pages->allocate(of_pages, (request->size + 1) * page_bytes);
  if (!fault || !memory)
    return NULL;
  *fault = (struct fault){
      .size = request->size,
      .page_bytes = page_bytes,
      .first = request->params[TOUCH].integer == TOUCH_FIRST,
      .pages =
          memory + (page_bytes - (uintptr_t)memory % page_bytes) % page_bytes,
  };
  madvise(fault->pages, fault->size * page_bytes, MADV_NOHUGEPAGE);
  return fault;
}

static void touch(const struct fault *fault, uint64_t page, uint64_t value) {
  *(volatile uint64_t *)(fault->pages + page * fault->page_bytes) = value;
}

static void fault_fill(void *state, const struct kernel_request *request,
                       uint64_t begin, uint64_t end) {
  (void)request;
  for (uint64_t page = begin; page < end; page++)
    touch(state, page, 0);
}

static void fault_reset(void *state) {
  struct fault *fault = state;
  if (fault->first)
    madvise(fault->pages, fault->size * fault->page_bytes, MADV_DONTNEED);
}

static void fault_run(const void *state, void *output, uint64_t begin,
                      uint64_t end, struct partial *partial) {
  const struct fault *fault = state;
  (void)output;
  for (uint64_t page = begin; page < end; page++) {
    touch(fault, page, page + 1);
    partial->sum +=
        *(volatile uint64_t *)(fault->pages + page * fault->page_bytes);
    partial->count++;
  }
}

/* 1 + 2 + ... + n. */
static bool fault_verify(const void *state, const void *output,
                         const struct partial *total,
                         struct kernel_problem *problem) {
  const struct fault *fault = state;
  uint64_t n = fault->size;
  uint64_t sum = n % 2 ? (n + 1) / 2 * n : n / 2 * (n + 1);
  (void)output;
  if (total->sum == sum && total->count == n)
    return true;
  snprintf(problem->text, sizeof problem->text,
           "fault: %" PRIu64 " pages with the sum %" PRIu64
           ", expected %" PRIu64 " and %" PRIu64,
           total->count, total->sum, n, sum);
  return false;
}

const struct kernel kernel_fault = {
    .name = "fault",
    .title = "Page faults",
    .item = "page",
    .items = "pages",
    .source = "the first touch of memory; compare lat_pagefault of lmbench, "
              "1996",
    .params = fault_params,
    /* operations: as long as it takes to reach a page */
    .shape = {.input_bytes = 4096, .operations = 128, .grain = 64},
    .size = 1000,
    .meter = true,
    .reshape = fault_reshape,
    .create = fault_create,
    .fill = fault_fill,
    .reset = fault_reset,
    .run = fault_run,
    .verify = fault_verify,
};
