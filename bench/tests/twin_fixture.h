/* twin_fixture.h: a kernel that writes down, in memory that it shares with the
 * test alone, which of several copies did what, when and on which CPU; and
 * trials of it inside of a test.  To be included once, after cmocka.h. */
#ifndef CORESWEEP_TWIN_FIXTURE_H
#define CORESWEEP_TWIN_FIXTURE_H

#include "bench/plan/registry.h"
#include "bench/trial/trial.h"
#include "bench/trial/variants/variant.h"

#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum {
  COPIES = 3,
  ITEMS = 5000, /* of 8 bytes: several pages */
  WARMUPS = 1,
  ITERATIONS = 2,
  REGIONS = 1 + WARMUPS + ITERATIONS,
  PATIENCE_S = 20, /* for the others, on the slowest machine */
  NAP_US = 20000,
};

/* --- the kernel ----------------------------------------------------------- */

/* What a copy did, by its number. */
struct seen {
  pid_t pid;
  int cpu[REGIONS];
  uint32_t calls, fills;
  uint64_t own; /* what it finds in memory that all its workers share */
  bool input_is_parents, hit_of_another, unfilled;
  uint32_t pages_absent; /* as the first region began */
};

/* Shared by the test and all copies. */
static struct witness {
  _Atomic uint32_t created, filled, begun[REGIONS], ended[REGIONS];
  _Atomic bool alone[REGIONS]; /* somebody waited in vain */
  struct seen copies[COPIES];
} * witness;

/* What one of them is to do; set before a trial. */
enum oddity {
  NONE,
  CORRUPTS,      /* its result */
  WAVERS,        /* gives another result in every region */
  HAS_NO_MEMORY, /* for its input */
  NAPS_IN_SETUP, /* both, and longer than the others */
  NAPS_IN_REGION,
  DIES, /* in the second region, while the others wait for it */
};
static enum oddity oddity;
static uint32_t odd_one; /* the number of the copy that does */
static bool searches;
static const int64_t *parents_values;

struct state {
  uint32_t number, region;
  uint64_t size, seed;
  const struct kernel_control *control;
  _Atomic uint64_t *shared;
};

static inline bool is_odd(const struct state *s, enum oddity how) {
  return oddity == how && s->number == odd_one;
}

static inline void *create(const struct kernel_request *request) {
  struct kernel_allocator *allocator = request->allocator;
  struct state *s = allocator->allocate(allocator, sizeof *s);
  if (!s)
    return NULL;
  *s = (struct state){
      .number = atomic_fetch_add(&witness->created, 1),
      .size = request->size,
      .seed = request->seed,
      .control = request->control,
      .shared = request->shared->allocate(request->shared, sizeof *s->shared)};
  struct seen *seen = &witness->copies[s->number % COPIES];
  seen->pid = getpid();
  seen->input_is_parents =
      request->input && request->input->values == parents_values;
  if (request->input && request->input->values[0] != 7)
    seen->input_is_parents = true;
  if (is_odd(s, NAPS_IN_SETUP))
    usleep(NAP_US);
  return is_odd(s, HAS_NO_MEMORY) ? NULL : s;
}

static inline void fill(void *state, const struct kernel_request *request,
                        uint64_t begin, uint64_t end) {
  const struct state *s = state;
  (void)request;
  if (begin == 0 && end == s->size)
    witness->copies[s->number % COPIES].fills++;
  atomic_fetch_add(&witness->filled, 1);
}

static inline void reset(void *state) {
  struct state *s = state;
  s->region++;
  atomic_store(s->shared, 0);
}

static inline uint32_t pages_absent(const void *output, size_t bytes) {
  unsigned char there[64];
  size_t page = (size_t)sysconf(_SC_PAGESIZE), count = bytes / page;
  uint32_t absent = 0;
  if (count > sizeof there ||
      mincore((void *)(uintptr_t)output, count * page, there) != 0)
    return UINT32_MAX;
  for (size_t i = 0; i < count; i++)
    absent += !(there[i] & 1);
  return absent;
}

/* Until so many of them are there. */
static inline bool await(_Atomic uint32_t *count) {
  time_t end = time(NULL) + PATIENCE_S;
  while (atomic_load(count) < COPIES && time(NULL) < end)
    usleep(100);
  return atomic_load(count) >= COPIES;
}

/* In one of the trial's own regions: none ends before all have begun, and none
 * begins before all have ended the one before. */
static inline void take_part(const struct state *s, struct seen *seen) {
  uint32_t r = s->region - 1;
  seen->cpu[r] = sched_getcpu();
  seen->hit_of_another = seen->hit_of_another ||
                         atomic_load(&s->control->lowest_hit) != KERNEL_NO_HIT;
  if (r > 0 && atomic_load(&witness->ended[r - 1]) < COPIES)
    atomic_store(&witness->alone[r], true);
  if (r == 0 && atomic_load(&witness->filled) < COPIES)
    seen->unfilled = true;
  if (searches) /* seen by the others, if it were theirs too */
    atomic_store(&((struct kernel_control *)(uintptr_t)s->control)->lowest_hit,
                 0);
  atomic_fetch_add(&witness->begun[r], 1);
  if (is_odd(s, DIES) && r == 1)
    raise(SIGKILL);
  if (oddity != DIES && !await(&witness->begun[r]))
    atomic_store(&witness->alone[r], true);
  if (is_odd(s, NAPS_IN_REGION))
    usleep(NAP_US);
  seen->own = atomic_fetch_add(s->shared, 1) + 1;
  atomic_fetch_add(&witness->ended[r], 1);
}

static inline void run_items(const void *state, void *output, uint64_t begin,
                             uint64_t end, struct partial *partial) {
  const struct state *s = state;
  struct seen *seen = &witness->copies[s->number % COPIES];
  uint64_t *words = output;
  seen->calls += begin == 0 && end == s->size;
  if (s->region == 1)
    seen->pages_absent = pages_absent(output, s->size * sizeof *words);
  if (s->region >= 1 && s->region <= REGIONS)
    take_part(s, seen);
  for (uint64_t i = begin; i < end; i++)
    words[i] = kernel_random(s->seed, i);
  if (is_odd(s, CORRUPTS))
    words[3] ^= 1;
  partial->count += end - begin;
  partial->sum += is_odd(s, WAVERS) ? s->region : 0;
  if (searches)
    partial->lowest_hit = 0;
}

static inline bool verify(const void *state, const void *output,
                          const struct partial *total,
                          struct kernel_problem *problem) {
  const struct state *s = state;
  const uint64_t *words = output;
  for (uint64_t i = 0; i < s->size; i++)
    if (words[i] != kernel_random(s->seed, i)) {
      snprintf(problem->text, sizeof problem->text, "item %ju", (uintmax_t)i);
      return false;
    }
  return total->count == s->size;
}

/* It waits: its chunks are not looked at again, one by one. */
static const struct kernel kernel_twin = {
    .name = "twin",
    .item = "item",
    .items = "items",
    .shape = {.output_bytes = 8, .operations = 1, .grain = 10},
    .create = create,
    .fill = fill,
    .run = run_items,
    .reset = reset,
    .verify = verify,
    .waits = true,
};

/* --- a trial of it -------------------------------------------------------- */

static int cpus[COPIES + CPU_SETSIZE];
static uint32_t usable_cpus;
static struct trial_result result;
static struct problem problem;

/* To be called first.  CPUs from the last to the first: none is where it would
 * be anyway. */
static inline void begin_trials(void) {
  cpu_set_t allowed;
  assert_int_equal(sched_getaffinity(0, sizeof allowed, &allowed), 0);
  for (int cpu = CPU_SETSIZE - 1; cpu >= 0; cpu--)
    if (CPU_ISSET((size_t)cpu, &allowed))
      cpus[usable_cpus++] = cpu;
  for (uint32_t i = 0; i < COPIES; i++)
    cpus[usable_cpus + i] = cpus[i % usable_cpus];
  witness = mmap(NULL, sizeof *witness, PROT_READ | PROT_WRITE,
                 MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  assert_true(witness != MAP_FAILED);
}

/* Returns a status; what it came to is in `result`, to be released with
 * trial_free, and `problem`. */
static inline int try(const char *expect, const struct kernel_input *input) {
  static struct workload workload;
  workload = (struct workload){.kernel = &kernel_twin, .name = "twin"};
  const struct trial_request request = {
      .workload = &workload,
      .variant = {.team = "copies", .schedule = SCHEDULE_STATIC},
      .workers = COPIES,
      .size = ITEMS,
      .seed = 7,
      .input = input,
      .cpus = cpus,
      .usable_cpus = usable_cpus,
      .warmups = WARMUPS,
      .iterations = ITERATIONS,
      .timeout_s = 2 * PATIENCE_S,
      .expect = expect};
  parents_values = input ? input->values : NULL;
  memset(witness, 0, sizeof *witness);
  problem.text[0] = '\0';
  int status = trial_run(&request, &result, &problem);
  assert_int_equal(waitpid(-1, NULL, WNOHANG), -1); /* no child is left */
  assert_int_equal(errno, ECHILD);
  return status;
}

static inline void run_well(const char *expect,
                            const struct kernel_input *input) {
  if (try(expect, input) != 0)
    fail_msg("%s", problem.text);
  assert_true(result.checked && result.correct);
}

#endif
