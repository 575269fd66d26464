/* counter.c: the price of sharing.
 *
 * An item is one increment of a count; what differs is whose count it is:
 *
 *   private  the worker's own, in a register, added to its partial once a
 *            chunk.  An assembly barrier hides the number from the compiler,
 *            which would otherwise add the whole chunk at once: the loop does
 *            one increment per item, but touches no memory.
 *   padded   an atomic per worker, 128 bytes apart: lines of their own (two,
 *            as processors fetch lines in pairs), so nothing is shared.
 *            Against private: the price of an atomic increment.
 *   packed   an atomic per worker, 8 bytes apart: the first eight workers
 *            share a cache line, the next eight the line behind it, and so
 *            on.  Against padded: the price of false sharing, and nothing
 *            else.
 *   atomic   one atomic for all.  Against packed: true sharing.
 *   lock     one count for all under one mutex, taken for every item.
 *
 * Slots are incremented by relaxed atomics.  Plain increments would not show
 * false sharing: the compiler keeps a plain slot in a register for the whole
 * chunk, and even if it is made to store each time (volatile), the store
 * buffer takes the stores in and the core goes on while the line is fetched
 * once for many of them.  An atomic increment has to own the line each time.
 */
#include <inttypes.h>
#include <pthread.h>

#include "kernel.h"

enum { UPDATE };

static const struct param_spec counter_params[] = {
    {"update", PARAM_WORD, "private",
     .words = "private|packed|padded|atomic|lock",
     .help = "which count an increment goes to"},
    {.name = NULL},
};

/* What all workers share.  The mutex and its count are in one line, as they
 * are in most programs. */
struct counter_shared {
  _Alignas(64) pthread_mutex_t lock;
  uint64_t locked_count;
  _Alignas(64) _Atomic uint64_t slots[];
};

struct counter {
  uint64_t size;
  const struct update *update;
  struct counter_shared *shared;
};

/* A way to count.  Worker w's slot is slots[w * stride]. */
struct update {
  uint64_t grain; /* 10 to 50 µs on one core */
  size_t stride;  /* in slots; 0: one slot for all */
  void (*count)(const struct counter *counter, uint64_t items,
                struct partial *partial, uint32_t worker);
};

/* x, as a number that the compiler knows nothing about. */
static inline uint64_t opaque(uint64_t x) {
  __asm__("" : "+r"(x));
  return x;
}

static void count_private(const struct counter *counter, uint64_t items,
                          struct partial *partial, uint32_t worker) {
  uint64_t count = 0;
  (void)counter;
  (void)worker;
  for (uint64_t i = 0; i < items; i++)
    count = opaque(count + 1);
  partial->count += count;
}

static void count_in_slot(const struct counter *counter, uint64_t items,
                          struct partial *partial, uint32_t worker) {
  _Atomic uint64_t *slot =
      &counter->shared->slots[worker * counter->update->stride];
  (void)partial;
  for (uint64_t i = 0; i < items; i++)
    atomic_fetch_add_explicit(slot, 1, memory_order_relaxed);
}

static void count_locked(const struct counter *counter, uint64_t items,
                         struct partial *partial, uint32_t worker) {
  struct counter_shared *shared = counter->shared;
  (void)partial;
  (void)worker;
  for (uint64_t i = 0; i < items; i++) {
    pthread_mutex_lock(&shared->lock);
    shared->locked_count++;
    pthread_mutex_unlock(&shared->lock);
  }
}

/* In the order of the words. */
static const struct update updates[] = {
    {.grain = 32768, .count = count_private},
    {.grain = 4096, .stride = 1, .count = count_in_slot},
    {.grain = 4096, .stride = 16, .count = count_in_slot},
    {.grain = 4096, .stride = 0, .count = count_in_slot},
    {.grain = 1024, .count = count_locked},
};

static void counter_reshape(const struct param_value *params,
                            struct kernel_shape *shape) {
  shape->grain = updates[params[UPDATE].integer].grain;
}

/* How many slots are in use by so many workers. */
static uint32_t slot_count(const struct update *update, uint32_t workers) {
  return update->stride ? workers : 1;
}

/* A mutex that works across processes; not a robust one, which would cost
 * more: whoever notices a dead worker ends the others.  Never destroyed: on
 * Linux it is nothing but the memory that it is in. */
static bool init_lock(pthread_mutex_t *lock) {
  pthread_mutexattr_t attributes;
  if (pthread_mutexattr_init(&attributes) != 0)
    return false;
  bool done =
      pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED) == 0 &&
      pthread_mutex_init(lock, &attributes) == 0;
  pthread_mutexattr_destroy(&attributes);
  return done;
}

static void *counter_create(const struct kernel_request *request) {
  struct kernel_allocator *allocator = request->allocator;
  const struct update *update = &updates[request->params[UPDATE].integer];
  uint32_t last = slot_count(update, KERNEL_WORKERS) - 1;
  struct counter *counter = allocator->allocate(allocator, sizeof *counter);
  if (!counter)
    return NULL;
  counter->size = request->size;
  counter->update = update;
  counter->shared = request->shared->allocate(
      request->shared,
      sizeof *counter->shared +
          (last * update->stride + 1) * sizeof counter->shared->slots[0]);
  if (!counter->shared || !init_lock(&counter->shared->lock))
    return NULL;
  return counter;
}

static void counter_run_as(const void *state, void *output, uint64_t begin,
                           uint64_t end, struct partial *partial,
                           uint32_t worker) {
  const struct counter *counter = state;
  (void)output;
  counter->update->count(counter, end - begin, partial, worker);
}

static void counter_reset(void *state) {
  const struct counter *counter = state;
  size_t stride = counter->update->stride;
  counter->shared->locked_count = 0;
  for (uint32_t w = 0; w < slot_count(counter->update, KERNEL_WORKERS); w++)
    atomic_store_explicit(&counter->shared->slots[w * stride], 0,
                          memory_order_relaxed);
}

static void counter_finish(const void *state, void *output,
                           const struct partial *partials, uint32_t workers,
                           struct partial *total) {
  const struct counter *counter = state;
  size_t stride = counter->update->stride;
  (void)output;
  *total = partial_combine(partials, workers);
  total->count += counter->shared->locked_count;
  for (uint32_t w = 0; w < slot_count(counter->update, workers); w++)
    total->count += atomic_load_explicit(&counter->shared->slots[w * stride],
                                         memory_order_relaxed);
}

static bool counter_verify(const void *state, const void *output,
                           const struct partial *total,
                           struct kernel_problem *problem) {
  const struct counter *counter = state;
  (void)output;
  if (total->count == counter->size)
    return true;
  snprintf(problem->text, sizeof problem->text,
           "counter: the counts add up to %" PRIu64 ", expected %" PRIu64
           " (off by %" PRId64 ")",
           total->count, counter->size,
           (int64_t)(total->count - counter->size));
  return false;
}

const struct kernel kernel_counter = {
    .name = "counter",
    .title = "Shared counting",
    .item = "increment",
    .items = "increments",
    .source = "the usual lesson on false sharing: counters in an array",
    .params = counter_params,
    .shape = {.operations = 1, .grain = 32768},
    .size = 4000000,
    .reshape = counter_reshape,
    .create = counter_create,
    .run_as = counter_run_as,
    .reset = counter_reset,
    .finish = counter_finish,
    .verify = counter_verify,
};
