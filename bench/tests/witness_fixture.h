/* witness_fixture.h: a kernel that writes down who called it, on which CPU and
 * for which items, and trials of it inside of a test.  To be included once,
 * after cmocka.h. */
#ifndef CORESWEEP_WITNESS_FIXTURE_H
#define CORESWEEP_WITNESS_FIXTURE_H

#include "bench/plan/registry.h"
#include "bench/trial/clock.h"
#include "bench/trial/trial.h"
#include "bench/trial/variants/variant.h"

#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum {
  CHUNK = 3,
  WARMUPS = 2,
  ITERATIONS = 4,
  REGIONS = 1 + WARMUPS + ITERATIONS,
  CALLS = 40000, /* as many as are written down */
  WORKERS_MOST = 3,
  BURN_NS = 10000000,
  PATIENCE_S = 20, /* for another worker to begin, on the slowest machine */
};

/* --- the kernel ----------------------------------------------------------- */

/* What one call of run was asked for. */
struct call {
  uint64_t begin, end;
  uint32_t worker, region;
  int cpu;
};

struct witness {
  uint64_t size, seed;
  _Atomic uint32_t region; /* of the calls that come, from 1 */
  _Atomic uint32_t count;
  _Atomic uint32_t first; /* 1 + the worker that began item 0; 0: not yet */
  _Atomic bool met;       /* another one began while that one was at it */
  _Atomic uint32_t burnt; /* region in which worker 0 used its CPU */
  /* Pages of the result that were not there at first. */
  _Atomic uint32_t absent;
  struct call calls[CALLS];
};

/* What the witness is to do; set before a trial, inherited by its workers. */
static bool waits_for_another, storms, wavers, lies, one_burns;

static inline void *witness_create(const struct kernel_request *request) {
  struct witness *w = request->shared->allocate(request->shared, sizeof *w);
  if (w) {
    w->size = request->size;
    w->seed = request->seed;
  }
  return w;
}

static inline void witness_reset(void *state) {
  struct witness *w = state;
  atomic_fetch_add(&w->region, 1);
  atomic_store(&w->first, 0);
}

/* Interrupts system calls of the process, again and again. */
static inline void storm(suseconds_t every_us) {
  struct itimerval timer = {{0, every_us}, {0, every_us}};
  setitimer(ITIMER_REAL, &timer, NULL);
}

/* Whoever begins item 0 does not end before another has begun something. */
static inline void wait_for_another(struct witness *w, uint64_t begin,
                                    uint32_t worker) {
  uint32_t nobody = 0;
  if (begin != 0 && atomic_load(&w->first) != worker + 1)
    atomic_store(&w->met, true);
  if (begin != 0 ||
      !atomic_compare_exchange_strong(&w->first, &nobody, worker + 1))
    return;
  time_t end = time(NULL) + PATIENCE_S;
  while (!atomic_load(&w->met) && time(NULL) < end)
    usleep(100);
}

/* Worker 0 uses CPU time; the others wait for it, asleep. */
static inline void burn(struct witness *w, uint32_t worker) {
  time_t end = time(NULL) + PATIENCE_S;
  uint32_t region = atomic_load(&w->region);
  int64_t begin_ns = clock_thread_cpu_ns();
  while (worker == 0 && clock_thread_cpu_ns() - begin_ns < BURN_NS)
    ;
  if (worker == 0)
    atomic_store(&w->burnt, region);
  while (atomic_load(&w->burnt) != region && time(NULL) < end)
    usleep(2000);
}

/* Pages of the words [begin, end) that this process would have to make. */
static inline uint32_t pages_absent(const uint64_t *words, uint64_t begin,
                                    uint64_t end) {
  enum { PAGES = 1024 };
  unsigned char there[PAGES];
  uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
  uintptr_t from = (uintptr_t)(words + begin) / page * page;
  size_t count = ((uintptr_t)(words + end) - from + page - 1) / page;
  uint32_t absent = 0;
  if (begin == end || count > PAGES)
    return count > PAGES;
  if (mincore((void *)from, count * page, there) != 0)
    return 1;
  for (size_t i = 0; i < count; i++)
    absent += !(there[i] & 1);
  return absent;
}

static inline void witness_run(const void *state, void *output, uint64_t begin,
                               uint64_t end, struct partial *partial,
                               uint32_t worker) {
  /* It lies in memory that all share, and is written to on purpose. */
  struct witness *w = (struct witness *)(uintptr_t)state;
  uint64_t *words = output;
  uint32_t i = atomic_fetch_add(&w->count, 1);
  if (i < CALLS)
    w->calls[i] = (struct call){begin, end, worker, atomic_load(&w->region),
                                sched_getcpu()};
  if (atomic_load(&w->region) == 1)
    atomic_fetch_add(&w->absent, pages_absent(words, begin, end));
  if (storms)
    storm(2000);
  if (waits_for_another)
    wait_for_another(w, begin, worker);
  if (one_burns)
    burn(w, worker);
  for (uint64_t item = begin; item < end; item++)
    words[item] = kernel_random(w->seed, item);
  partial->count += end - begin;
  partial->sum += wavers ? atomic_load(&w->region) : 0;
}

static inline bool witness_verify(const void *state, const void *output,
                                  const struct partial *total,
                                  struct kernel_problem *problem) {
  const struct witness *w = state;
  const uint64_t *words = output;
  if (lies)
    return false;
  for (uint64_t item = 0; item < w->size; item++)
    if (words[item] != kernel_random(w->seed, item)) {
      snprintf(problem->text, sizeof problem->text, "item %ju", item);
      return false;
    }
  return total->count == w->size;
}

static const struct kernel kernel_witness = {
    .name = "witness",
    .item = "item",
    .items = "items",
    .shape = {.output_bytes = 8, .operations = 1, .grain = CHUNK},
    .create = witness_create,
    .run_as = witness_run,
    .reset = witness_reset,
    .verify = witness_verify,
};

/* --- a trial of it -------------------------------------------------------- */

static cpu_set_t allowed; /* as the test was started */
static int cpus[WORKERS_MOST + CPU_SETSIZE];
static uint32_t usable_cpus;

/* The CPUs from the last to the first: no worker is where it would be anyway.
 */
static inline void list_cpus(void) {
  for (int cpu = CPU_SETSIZE - 1; cpu >= 0; cpu--)
    if (CPU_ISSET((size_t)cpu, &allowed))
      cpus[usable_cpus++] = cpu;
  for (uint32_t i = 0; i < WORKERS_MOST; i++)
    cpus[usable_cpus + i] = cpus[i % usable_cpus];
}

/* One trial, and what it left. */
struct seen {
  const struct variant *variant;
  struct trial_request request;
  struct trial_result result;
  struct witness witness;
  bool digest_right; /* that of all words of the output */
  bool digest_tells; /* and another one where any word is another */
  char name[NOTATION_LENGTH];
};

static inline int look(const struct trial_request *request,
                       const struct trial_items *items, void *context,
                       struct problem *problem) {
  struct seen *seen = context;
  size_t bytes = request->size * sizeof(uint64_t);
  uint64_t *words = malloc(bytes + 1);
  (void)problem;
  assert_non_null(words);
  memcpy(&seen->witness, items->state, sizeof seen->witness);
  memcpy(words, items->output, bytes);
  seen->digest_right =
      trial_digest(words, bytes, &seen->result.total) == seen->result.digest;
  seen->digest_tells = true;
  for (uint64_t i = 0; i < request->size && request->size < 1000; i++) {
    words[i] ^= 1;
    seen->digest_tells =
        seen->digest_tells &&
        trial_digest(words, bytes, &seen->result.total) != seen->result.digest;
    words[i] ^= 1;
  }
  free(words);
  return PROBLEM_NONE;
}

static struct seen last; /* trial; large */

/* Runs it; returns a status, and what was seen in `last`. */
static inline int try(const struct variant *variant, struct variant_spec spec,
                      uint32_t workers, uint64_t size,
                      struct problem *problem) {
  static struct setting setting;
  setting = (struct setting){.kernel = &kernel_witness, .name = "witness"};
  snprintf(spec.team, sizeof spec.team, "%s", variant->name);
  last.variant = variant;
  last.request = (struct trial_request){.setting = &setting,
                                        .variant = spec,
                                        .workers = workers,
                                        .size = size,
                                        .seed = 7,
                                        .cpus = cpus,
                                        .usable_cpus = usable_cpus,
                                        .warmups = WARMUPS,
                                        .iterations = ITERATIONS,
                                        .timeout_s = 2 * PATIENCE_S,
                                        .check = TRIAL_VERIFY};
  notation_format_variant(&spec, last.name);
  /* Who does not bind itself is on the wrong CPU, where there are two. */
  assert_int_equal(worker_bind(cpus[usable_cpus - 1]), 0);
  int status =
      trial_run_and_visit(&last.request, &last.result, look, &last, problem);
  assert_int_equal(sched_setaffinity(0, sizeof allowed, &allowed), 0);
  assert_int_equal(waitpid(-1, NULL, WNOHANG), -1); /* no child is left */
  assert_int_equal(errno, ECHILD);
  return status;
}

/* The same for one that must go well; the result is to be released with
 * trial_free. */
static inline struct seen *run(const struct variant *variant,
                               struct variant_spec spec, uint32_t workers,
                               uint64_t size) {
  struct problem problem = {""};
  if (try(variant, spec, workers, size, &problem) != 0)
    fail_msg("%s, %u workers, %ju items: %s", last.name, workers, size,
             problem.text);
  assert_true(last.witness.count <= CALLS);
  return &last;
}

#define SAY "%s, %u workers, %ju items, region %u: "
#define WHAT(s, region)                                                        \
  (s)->name, (s)->request.workers, (s)->request.size, (region)

static inline int by_begin(const void *left, const void *right) {
  const struct call *a = left, *b = right;
  return (a->begin > b->begin) - (a->begin < b->begin);
}

/* The calls of a region in the order of their items; returns how many. */
static inline size_t calls_of(const struct seen *seen, uint32_t region,
                              struct call *calls) {
  size_t count = 0;
  for (uint32_t i = 0; i < seen->witness.count; i++)
    if (seen->witness.calls[i].region == region)
      calls[count++] = seen->witness.calls[i];
  qsort(calls, count, sizeof *calls, by_begin);
  return count;
}

#endif
