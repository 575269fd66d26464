#include "bench/trial/job.h"

#include "bench/trial/clock.h"
#include "bench/trial/memory.h"
#include "bench/trial/transports/transport.h"

#include <errno.h>
#include <sched.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

/* `make gates` measures what stamps cost by a build without them. */
#ifndef CORESWEEP_NO_STAMPS
enum { STAMPING = 1 };
#else
enum { STAMPING = 0 };
#endif

bool job_stamps(const struct job *job) {
  return STAMPING && !job->stampless;
}

static int64_t stamp_ns(const struct job *job) {
  return job_stamps(job) ? clock_now_ns() : 0;
}

_Static_assert(offsetof(struct worker_slot, begin_ns) == 64 &&
                   sizeof(struct worker_slot) % 128 == 0,
               "a slot is pairs of cache lines, the first line without stamps");

/* From the first chunk's begin to the last one's end in the region before, in
 * ns; 0: it had no stamps; -1: there was none. */
static int64_t last_region_ns(const struct job *job) {
  int64_t begin_ns = INT64_MAX, end_ns = 0;
  for (uint32_t w = 0; w < job->workers; w++) {
    const struct worker_slot *slot = &job->slots[w];
    if (slot->chunks == 0)
      continue;
    begin_ns = slot->begin_ns < begin_ns ? slot->begin_ns : begin_ns;
    end_ns = slot->end_ns > end_ns ? slot->end_ns : end_ns;
  }
  return begin_ns <= end_ns ? end_ns - begin_ns : -1;
}

/* The caller's noise, from worker_leave to job_settle. */
static struct worker_noise *unsettled;

void job_settle(void) {
  if (unsettled)
    noise_end(unsettled);
  unsettled = NULL;
}

void job_reset(struct job *job) {
  int64_t last_ns = last_region_ns(job);
  bool timed = STAMPING && (last_ns < 0 || last_ns >= JOB_CPU_TIMED_FROM_NS);
  bool noisy = STAMPING && last_ns >= JOB_NOISE_FROM_NS && !job->noiseless;
  _Atomic uint64_t *hit = &job->shared->control.lowest_hit;
  atomic_store(&job->shared->cursor, 0);
  /* Written only when it differs: workers keep the line that they look at. */
  if (atomic_load(hit) != KERNEL_NO_HIT)
    atomic_store(hit, KERNEL_NO_HIT);
  for (uint32_t w = 0; w < job->workers; w++)
    job->slots[w] =
        (struct worker_slot){.cpu_ns = timed ? 0 : JOB_CPU_UNTIMED,
                             .partial = {.lowest_hit = KERNEL_NO_HIT},
                             .noise = noise_none(),
                             .noise_asked = noisy};
  if (noisy)
    noise_rest();
}

uint64_t job_blocks(const struct job *job) {
  if (job->schedule == SCHEDULE_STATIC)
    return job->size < job->workers ? job->size : job->workers;
  return job->size / job->chunk + (job->size % job->chunk != 0);
}

void job_block(const struct job *job, uint64_t block, uint64_t *begin,
               uint64_t *end) {
  if (job->schedule == SCHEDULE_STATIC) {
    uint64_t blocks = job_blocks(job);
    *begin = job_share(job->size, block, blocks);
    *end = job_share(job->size, block + 1, blocks);
    return;
  }
  *begin = block * job->chunk;
  uint64_t left = job->size - *begin;
  *end = *begin + (left < job->chunk ? left : job->chunk);
}

/* Where CPU time is not taken, noise isn't either. */
void worker_enter(const struct job *job, uint32_t worker) {
  struct worker_slot *slot = &job->slots[worker];
  slot->enter_ns = stamp_ns(job);
  if (slot->cpu_ns == JOB_CPU_UNTIMED)
    return;
  if (slot->noise_asked)
    noise_begin(&slot->noise, true);
  slot->cpu_ns = -clock_thread_cpu_ns();
}

/* Among tasks whoever has done its last one waits for the others'. */
static int64_t leave_ns(const struct job *job, const struct worker_slot *slot) {
  return job->schedule == SCHEDULE_TASKS && slot->chunks > 0 ? slot->end_ns
                                                             : stamp_ns(job);
}

void worker_leave(const struct job *job, uint32_t worker) {
  struct worker_slot *slot = &job->slots[worker];
  slot->leave_ns = leave_ns(job, slot);
  if (slot->cpu_ns == JOB_CPU_UNTIMED)
    return;
  slot->cpu_ns += clock_thread_cpu_ns();
  if (slot->noise_asked && gettid() == job->caller)
    unsettled = &slot->noise;
  else if (slot->noise_asked)
    noise_end(&slot->noise);
  else if (slot->busy_ns >= JOB_NOISE_FROM_NS) /* it will be, in the next one */
    noise_rest();
}

/* Sends what a worker found in a chunk, and its slice of the output.  Without
 * the parent there is nothing to go on for. */
static void send_result(const struct job *job, uint32_t worker, uint64_t begin,
                        uint64_t end, const struct partial *partial) {
  const struct parcel parcel = {
      .kind = PARCEL_RESULT,
      .worker = worker,
      .begin = begin,
      .end = end,
      .bytes = (end - begin) * job->output_item_bytes,
      .partial = *partial,
  };
  job->slots[worker].sent_bytes += sizeof parcel + parcel.bytes;
  if (job->channel->transport->send(job->channel, &parcel,
                                    parcel_target(job, &parcel)) != 0)
    _exit(1);
}

static _Thread_local const struct worker_slot *running;

const struct worker_slot *worker_running(void) {
  return running;
}

/* A grain at a time: so it is known where it stopped.  Returns the end of what
 * was done. */
static uint64_t search(const struct job *job, struct worker_slot *slot,
                       uint64_t begin, uint64_t end, struct partial *partial) {
  while (begin < end &&
         begin < atomic_load_explicit(&job->shared->control.lowest_hit,
                                      memory_order_relaxed)) {
    uint64_t left = end - begin;
    uint64_t stop = left < job->search_grain ? end : begin + job->search_grain;
    job->kernel->run(job->state, job->output, begin, stop, partial);
    begin = stop;
  }
  slot->skipped += end - begin;
  return begin;
}

/* Returns the end of what was done. */
static uint64_t run_items(const struct job *job, uint32_t worker,
                          uint64_t begin, uint64_t end,
                          struct partial *partial) {
  const struct kernel *kernel = job->kernel;
  if (job->search_grain)
    return search(job, &job->slots[worker], begin, end, partial);
  if (kernel->run_as)
    kernel->run_as(job->state, job->output, begin, end, partial, worker);
  else
    kernel->run(job->state, job->output, begin, end, partial);
  return end;
}

void worker_run(const struct job *job, uint32_t worker, uint64_t begin,
                uint64_t end) {
  struct worker_slot *slot = &job->slots[worker];
  struct partial own = {.lowest_hit = KERNEL_NO_HIT};
  bool skip = begin > atomic_load_explicit(&job->shared->control.lowest_hit,
                                           memory_order_relaxed);
  if (!skip) {
    atomic_store_explicit(&slot->at_begin, begin, memory_order_relaxed);
    atomic_store_explicit(&slot->at_end, end, memory_order_relaxed);
    running = slot;
    int64_t start_ns = stamp_ns(job);
    if (slot->chunks == 0 && start_ns)
      slot->begin_ns = start_ns;
    struct partial *partial = job->channel ? &own : &slot->partial;
    uint64_t done = run_items(job, worker, begin, end, partial);
    if (start_ns) {
      slot->end_ns = stamp_ns(job);
      slot->busy_ns += slot->end_ns - start_ns;
    }
    running = NULL;
    atomic_store_explicit(&slot->at_begin, end, memory_order_relaxed);
    slot->items += done - begin;
    slot->chunks++;
    if (partial->lowest_hit >= begin && partial->lowest_hit < done)
      slot->hit_end = done;
  } else {
    slot->skipped += end - begin;
  }
  if (!job->channel)
    return;
  int64_t sent_ns = stamp_ns(job);
  send_result(job, worker, begin, skip ? begin : end, &own);
  if (slot->chunks > 0)
    slot->send_ns += stamp_ns(job) - sent_ns;
}

/* Takes the next items off the cursor; false when none are left. */
static bool next_chunk(const struct job *job, uint64_t *begin, uint64_t *end) {
  _Atomic uint64_t *cursor = &job->shared->cursor;
  uint64_t at = atomic_load_explicit(cursor, memory_order_relaxed);
  uint64_t take;
  do {
    if (at >= job->size)
      return false;
    uint64_t left = job->size - at;
    take = job->chunk;
    /* In whole chunks, as OpenMP's teams take them: no kernel's batch is cut.
     */
    if (job->schedule == SCHEDULE_GUIDED && left / job->workers > take)
      take = left / job->workers / take * take;
    if (take > left)
      take = left;
  } while (!atomic_compare_exchange_weak_explicit(
      cursor, &at, at + take, memory_order_relaxed, memory_order_relaxed));
  *begin = at;
  *end = at + take;
  return true;
}

void worker_loop(const struct job *job, uint32_t worker) {
  uint64_t begin, end;
  if (job->schedule != SCHEDULE_STATIC) {
    while (next_chunk(job, &begin, &end))
      worker_run(job, worker, begin, end);
  } else if (worker < job_blocks(job)) {
    job_block(job, worker, &begin, &end);
    worker_run(job, worker, begin, end);
  }
}

int worker_bind_any(const int *cpus, uint32_t count) {
  int most = -1;
  for (uint32_t i = 0; i < count; i++)
    most = cpus[i] > most ? cpus[i] : most;
  if (most < 0)
    return 0;
  size_t bytes = CPU_ALLOC_SIZE(most + 1);
  cpu_set_t *set = CPU_ALLOC(most + 1);
  if (!set)
    return -ENOMEM;
  CPU_ZERO_S(bytes, set);
  for (uint32_t i = 0; i < count; i++)
    if (cpus[i] >= 0)
      CPU_SET_S((size_t)cpus[i], bytes, set);
  int status = sched_setaffinity(0, bytes, set) == 0 ? 0 : -errno;
  CPU_FREE(set);
  return status;
}

int worker_bind(int cpu) {
  return worker_bind_any(&cpu, 1);
}

void worker_place_keep(struct worker_place *place) {
  place->bytes =
      syscall(SYS_sched_getaffinity, 0, sizeof place->mask, place->mask);
}

void worker_place_return(const struct worker_place *place) {
  if (place->bytes > 0)
    syscall(SYS_sched_setaffinity, 0, place->bytes, place->mask);
}

void worker_touch(const struct job *job, uint32_t worker) {
  if (job->output_item_bytes == 0)
    return;
  uint64_t begin = job_share(job->size, worker, job->workers);
  uint64_t end = job_share(job->size, worker + 1, job->workers);
  memory_populate(job->output, begin * job->output_item_bytes,
                  end * job->output_item_bytes);
}
