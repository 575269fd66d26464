/* test_schedules.c: who did what.  A kernel that writes down who called it, on
 * which CPU and for which items, under every variant, schedule and transport
 * there is: what it wrote is what the schedule promises and the result says.
 *
 * All of it holds on any machine, however slow. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "bench/plan/registry.h"
#include "bench/trial/trial.h"
#include "bench/trial/variants/variant.h"

#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

enum {
  CHUNK = 3,
  WARMUPS = 2,
  ITERATIONS = 4,
  REGIONS = 1 + WARMUPS + ITERATIONS,
  CALLS = 40000, /* as many as are written down */
  WORKERS_MOST = 3,
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
  struct call calls[CALLS];
};

/* What the witness is to do; set before a trial, inherited by its workers. */
static bool waits_for_another, storms;

static void *witness_create(const struct kernel_request *request) {
  struct witness *w = request->shared->allocate(request->shared, sizeof *w);
  if (w) {
    w->size = request->size;
    w->seed = request->seed;
  }
  return w;
}

static void witness_reset(void *state) {
  struct witness *w = state;
  atomic_fetch_add(&w->region, 1);
  atomic_store(&w->first, 0);
}

/* Interrupts system calls of the process, again and again. */
static void storm(suseconds_t every_us) {
  struct itimerval timer = {{0, every_us}, {0, every_us}};
  setitimer(ITIMER_REAL, &timer, NULL);
}

/* Whoever begins item 0 does not end before another has begun something. */
static void wait_for_another(struct witness *w, uint64_t begin,
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

static void witness_run(const void *state, void *output, uint64_t begin,
                        uint64_t end, struct partial *partial,
                        uint32_t worker) {
  /* It lies in memory that all share, and is written to on purpose. */
  struct witness *w = (struct witness *)(uintptr_t)state;
  uint64_t *words = output;
  uint32_t i = atomic_fetch_add(&w->count, 1);
  if (i < CALLS)
    w->calls[i] = (struct call){begin, end, worker, atomic_load(&w->region),
                                sched_getcpu()};
  if (storms)
    storm(2000);
  if (waits_for_another)
    wait_for_another(w, begin, worker);
  for (uint64_t item = begin; item < end; item++)
    words[item] = kernel_random(w->seed, item);
  partial->count += end - begin;
}

static bool witness_verify(const void *state, const void *output,
                           const struct partial *total,
                           struct kernel_problem *problem) {
  const struct witness *w = state;
  const uint64_t *words = output;
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
static void list_cpus(void) {
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

static int look(const struct trial_request *request,
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

/* Runs it; the result is to be released with trial_free. */
static struct seen *run(const struct variant *variant, struct variant_spec spec,
                        uint32_t workers, uint64_t size) {
  static struct seen seen; /* large */
  static struct setting setting;
  struct problem problem = {""};
  setting = (struct setting){.kernel = &kernel_witness, .name = "witness"};
  snprintf(spec.team, sizeof spec.team, "%s", variant->name);
  seen.variant = variant;
  seen.request = (struct trial_request){.setting = &setting,
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
  notation_format_variant(&spec, seen.name);
  int status =
      trial_run_and_visit(&seen.request, &seen.result, look, &seen, &problem);
  assert_int_equal(sched_setaffinity(0, sizeof allowed, &allowed), 0);
  if (status)
    fail_msg("%s, %u workers, %ju items: %s", seen.name, workers, size,
             problem.text);
  assert_true(seen.witness.count <= CALLS);
  return &seen;
}

#define SAY "%s, %u workers, %ju items, region %u: "
#define WHAT(s, region)                                                        \
  (s)->name, (s)->request.workers, (s)->request.size, (region)

static int by_begin(const void *left, const void *right) {
  const struct call *a = left, *b = right;
  return (a->begin > b->begin) - (a->begin < b->begin);
}

/* The calls of a region in the order of their items; returns how many. */
static size_t calls_of(const struct seen *seen, uint32_t region,
                       struct call *calls) {
  size_t count = 0;
  for (uint32_t i = 0; i < seen->witness.count; i++)
    if (seen->witness.calls[i].region == region)
      calls[count++] = seen->witness.calls[i];
  qsort(calls, count, sizeof *calls, by_begin);
  return count;
}

/* --- laws ----------------------------------------------------------------- */

/* How many items a call has that begins there. */
static uint64_t items_at(const struct seen *seen, uint64_t begin, size_t call) {
  const struct trial_request *r = &seen->request;
  uint64_t left = r->size - begin, take = CHUNK, p = r->workers;
  if (r->variant.schedule == SCHEDULE_STATIC) {
    uint64_t slices = r->size < p ? r->size : p;
    return r->size * (call + 1) / slices - r->size * call / slices;
  }
  if (r->variant.schedule == SCHEDULE_APPLY)
    return 1;
  /* OpenMP hands out blocks of CHUNK items, several of them at once. */
  if (r->variant.schedule == SCHEDULE_GUIDED && !seen->variant->openmp &&
      left / p > take)
    take = left / p;
  return take < left ? take : left;
}

/* Every item once, in chunks of the length that the schedule says, by workers
 * and on CPUs that were asked for. */
static void assert_region(const struct seen *seen, uint32_t region) {
  static struct call calls[CALLS];
  size_t count = calls_of(seen, region, calls);
  enum schedule schedule = seen->request.variant.schedule;
  uint64_t next = 0;
  for (size_t i = 0; i < count; i++) {
    const struct call *c = &calls[i];
    if (c->begin != next || c->end - c->begin != items_at(seen, next, i))
      fail_msg(SAY "call %zu, items %ju to %ju: %ju items from %ju on expected",
               WHAT(seen, region), i, c->begin, c->end, items_at(seen, next, i),
               next);
    next = c->end;
    uint32_t worker = c->worker;
    if (schedule == SCHEDULE_STATIC || schedule == SCHEDULE_APPLY)
      worker = (uint32_t)(i % seen->request.workers);
    if (c->worker != worker || c->worker >= seen->request.workers)
      fail_msg(SAY "call %zu by worker %u: %u expected", WHAT(seen, region), i,
               c->worker, worker);
    if (c->cpu != cpus[c->worker])
      fail_msg(SAY "worker %u on CPU %d: %d expected", WHAT(seen, region),
               c->worker, c->cpu, cpus[c->worker]);
  }
  if (next != seen->request.size)
    fail_msg(SAY "only %ju items were done", WHAT(seen, region), next);
}

/* Whether what the result says of its workers is what they did in region. */
static bool result_is_of(const struct seen *seen, uint32_t region) {
  static struct call calls[CALLS];
  uint64_t chunks[WORKERS_MOST] = {0}, items[WORKERS_MOST] = {0};
  size_t count = calls_of(seen, region, calls);
  for (size_t i = 0; i < count; i++) {
    chunks[calls[i].worker]++;
    items[calls[i].worker] += calls[i].end - calls[i].begin;
  }
  for (uint32_t w = 0; w < seen->request.workers; w++)
    if (seen->result.workers[w].chunks != chunks[w] ||
        seen->result.workers[w].items != items[w])
      return false;
  return true;
}

/* The result is that of the region whose time it has. */
static void assert_result(const struct seen *seen) {
  bool found = false;
  assert_int_equal(seen->result.iterations, ITERATIONS);
  for (uint32_t i = 0; i < ITERATIONS; i++)
    found = found || (seen->result.regions_s[i] == seen->result.region_s &&
                      result_is_of(seen, 2 + WARMUPS + i));
  if (!found)
    fail_msg("%s, %u workers, %ju items: chunks and items are not those of the "
             "region that was chosen",
             seen->name, seen->request.workers, seen->request.size);
  if (!seen->digest_right || !seen->digest_tells)
    fail_msg("%s: the digest does not hold all words", seen->name);
}

static void assert_trial(const struct variant *variant,
                         struct variant_spec spec, uint32_t workers,
                         uint64_t size) {
  struct seen *seen = run(variant, spec, workers, size);
  if (seen->witness.region != REGIONS)
    fail_msg("%s: %u regions expected, got %u", seen->name, REGIONS,
             seen->witness.region);
  for (uint32_t region = 1; region <= REGIONS; region++)
    assert_region(seen, region);
  assert_result(seen);
  trial_free(&seen->result);
}

/* Calls `each` with every variant that can run the witness, every schedule and
 * every transport of its: teams of processes before OpenMP's threads. */
static void for_all(void each(const struct variant *variant,
                              struct variant_spec spec)) {
  for (int openmp = 0; openmp < 2; openmp++)
    for (size_t v = 0; registry_variants[v]; v++) {
      const struct variant *variant = registry_variants[v];
      if (variant->openmp != openmp ||
          (variant->takes && !variant->takes(&kernel_witness)))
        continue;
      for (int s = 0; s < SCHEDULE_COUNT; s++)
        for (int t = 0; t < TRANSPORT_COUNT; t++)
          if (variant->schedules >> s & 1 &&
              (t == TRANSPORT_SHM || variant->transports >> t & 1))
            each(variant,
                 (struct variant_spec){.schedule = (enum schedule)s,
                                       .transport = (enum transport_kind)t});
    }
}

static void assert_sizes(const struct variant *variant,
                         struct variant_spec spec) {
  static const uint64_t sizes[] = {0, 1, 2, 3, 4, 101};
  for (uint32_t workers = 1; workers <= (variant->team ? 3u : 1u); workers++)
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
      assert_trial(variant, spec, workers, sizes[i]);
}

static void test_who_did_what(void **state) {
  (void)state;
  waits_for_another = false;
  for_all(assert_sizes);
}

/* Two workers are at it at the same time.  While one is held up with item 0,
 * the other takes the next chunk under dynamic; under guided it cannot, because
 * the first has taken several. */
static void assert_meeting(const struct variant *variant,
                           struct variant_spec spec) {
  static struct call calls[CALLS];
  if (!variant->team || spec.schedule == SCHEDULE_APPLY)
    return; /* none beside the caller; or never two at once */
  struct seen *seen = run(variant, spec, 2, 100 * CHUNK);
  if (!seen->witness.met)
    fail_msg("%s: two workers at the same time expected", seen->name);
  size_t count = calls_of(seen, 1, calls);
  if (count > 1 && spec.schedule == SCHEDULE_DYNAMIC &&
      calls[0].worker == calls[1].worker)
    fail_msg("%s: one worker has taken two chunks at once", seen->name);
  if (seen->variant->openmp && spec.schedule == SCHEDULE_GUIDED &&
      calls[0].worker != calls[1].worker)
    fail_msg("%s: the first worker has taken no more than a chunk", seen->name);
  trial_free(&seen->result);
}

static void test_workers_meet(void **state) {
  (void)state;
  waits_for_another = true;
  for_all(assert_meeting);
  waits_for_another = false;
}

static void ignore(int signal_number) {
  (void)signal_number;
}

/* System calls that a signal has interrupted are tried again, on both sides.
 * Parcels of 160 kB: more than a pipe holds. */
static void assert_storm(const struct variant *variant,
                         struct variant_spec spec) {
  if (!variant->processes || spec.schedule == SCHEDULE_APPLY)
    return;
  if (spec.schedule != SCHEDULE_STATIC)
    spec.chunk = 20000;
  storm(2000);
  struct seen *seen = run(variant, spec, 2, 100000);
  storm(0);
  trial_free(&seen->result);
}

static void test_interrupted_again_and_again(void **state) {
  struct sigaction action = {.sa_handler = ignore}; /* no SA_RESTART */
  (void)state;
  sigaction(SIGALRM, &action, NULL);
  storms = true;
  for_all(assert_storm);
  storms = false;
  storm(0);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_interrupted_again_and_again),
      cmocka_unit_test(test_who_did_what),
      cmocka_unit_test(test_workers_meet),
  };
  assert_int_equal(sched_getaffinity(0, sizeof allowed, &allowed), 0);
  list_cpus();
  return cmocka_run_group_tests_name("schedules", tests, NULL, NULL);
}
