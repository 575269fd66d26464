/* team.h: what the observer keeps of a team while its region is open.  Each
 * thread has a slot that it alone writes; the thread that opened the region
 * reads all of them after the join.  Nothing here knows which OpenMP library
 * runs. */
#ifndef CORESWEEP_OBSERVE_TEAM_H
#define CORESWEEP_OBSERVE_TEAM_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "bench/observe/observed.h"

/* What a thread is at: from one stamp to the next it is at one thing, so that
 * times add up. */
enum at { AT_WORK, AT_DISPATCH, AT_LOCK, AT_TASK, AT_BARRIER, AT_END, ATS };

/* Read by another thread, written by one: relaxed, and ordered by the join. */
typedef _Atomic uint64_t shared_u64;

/* A thread of a team, in cache lines of its own. */
struct slot {
  _Alignas(128) shared_u64 begin_ns; /* its function was called */
  shared_u64 since_ns;               /* at `at`, with ns[at] before */
  shared_u64 at;
  shared_u64 ns[ATS];
  shared_u64 release_ns; /* of ns[AT_BARRIER] */
  shared_u64 critical_ns;
  shared_u64 barriers, locks, contended, tasks, chunks, chunks_timed;
  shared_u64 call; /* the team's, that it is of */
};

struct team {
  _Alignas(128) atomic_uint used;
  shared_u64 call;  /* counts the team's regions: tells a slot left over */
  shared_u64 size;  /* threads */
  shared_u64 flags; /* enum observed_flag, of this call */
  uint64_t fork_ns; /* its opener's */
  const void *caller;
  uint64_t generation; /* of the process: a child's is another */
  void (*function)(void *);
  void *data;
  const void *binding; /* to which library's functions, see real.h */
  bool started; /* by GOMP_parallel_start: its opener runs the function */
  /* The last to come to a barrier, or the last end of a task in it.  Clocks
   * only go on, so a maximum needs no reset; and nobody comes to the next
   * barrier but one before all have left this one, so two are enough. */
  _Alignas(128) shared_u64 last_ns[2];
  struct slot slots[OBSERVED_THREADS];
};

/* A lock that a thread holds, or waits for. */
enum { HELD = 16 };
struct held {
  const void *lock;
  uint64_t asked_ns;
};

/* Of a thread of the program. */
struct thread {
  struct slot *slot; /* NULL: in no region that is told */
  struct team *team;
  uint64_t depth; /* regions that are not told, around this */
  const void *binding;
  const struct range *range; /* where it last called from, see real.h */
  uint64_t barrier_ns;       /* ns[AT_BARRIER] before this barrier */
  uint64_t held, held_since_ns, held_waited_ns;
  struct held holds[HELD];
  uint64_t asked_ns;      /* for the lock that is waited for, by OMPT */
  uint64_t started;       /* nested regions by GOMP_parallel_start */
  uint64_t skip, skipped; /* chunks until the next is timed; since */
  uint64_t chunk_work_ns; /* work before the last one that was timed */
  uint64_t dispatch_ns;   /* what the last timed one took */
  uint64_t random;
};
extern _Thread_local struct thread observe_self
    __attribute__((tls_model("initial-exec")));

/* CLOCK_MONOTONIC in ns.  A file of its own, so that a test can have its own.
 */
uint64_t now_ns(void);

/* An address, of code or of anything else, as a pointer. */
static inline const void *team_code(uintptr_t address) {
  return (const void *)address; /* NOLINT(performance-no-int-to-ptr) */
}

static inline uint64_t get(const shared_u64 *x) {
  return atomic_load_explicit(x, memory_order_relaxed);
}

static inline void set(shared_u64 *x, uint64_t value) {
  atomic_store_explicit(x, value, memory_order_relaxed);
}

/* By its only writer; modulo 2^64. */
static inline void add(shared_u64 *x, uint64_t value) {
  set(x, get(x) + value);
}

/* From now on the thread is at that; returns the stamp. */
static inline uint64_t team_at(struct slot *slot, enum at at) {
  uint64_t now = now_ns();
  add(&slot->ns[get(&slot->at)], now - get(&slot->since_ns));
  set(&slot->since_ns, now);
  set(&slot->at, at);
  return now;
}

/* The calling thread, if it is in a region that is told. */
static inline struct slot *team_slot(void) {
  return observe_self.slot;
}

/* A team for a region that the calling thread is about to open, of the function
 * (NULL: not known) and code of its caller.  NULL: the region is not told; it
 * is nested, or there is no room.  The stamp of the fork is taken last. */
struct team *team_open(enum observed_runtime runtime, void (*function)(void *),
                       const void *caller);

/* The region came back; its sums go into the file.  The stamp is taken first.
 */
void team_close(struct team *team);

/* The calling thread begins and ends the region's function, as one of so many.
 * The stamps are taken last, and first. */
void team_enter(struct team *team, uint64_t index, uint64_t size);
void team_leave(void);

/* Around a region that is not told: what its threads do is in no sum, and work
 * of the thread that opened it.  Returns what it was in, for the end. */
struct slot *team_hide(void);
void team_show(struct slot *slot);

/* Something of its call that a reader has to know. */
void team_flag(struct team *team, enum observed_flag flag);

/* Around a barrier, for a thread with a slot. */
void team_barrier_begin(struct slot *slot);
void team_barrier_end(struct slot *slot);

/* Around what is a barrier only for those who are not to do a single block. */
void team_single_begin(struct slot *slot);
void team_single_end(struct slot *slot, bool waited);

/* Around a task's body; team_task_begin returns what the thread was at. */
enum at team_task_begin(struct slot *slot);
void team_task_end(struct slot *slot, enum at at);

/* Before a lock is asked for, and after it was had; after it was let go.  No
 * clock is read with a lock held: what was waited for is known from when the
 * one before let go. */
uint64_t team_lock_asked(void);
void team_lock_had(const void *lock, uint64_t asked_ns);
void team_lock_let_go(struct slot *slot, const void *lock);

/* Around asking for a chunk; begin: false, not this one. */
bool team_chunk_begin(struct slot *slot);
void team_chunk_end(struct slot *slot, bool had);
void team_chunk_skipped(struct slot *slot, bool had);
/* One that is always timed, since it prepares the loop. */
void team_chunks_begin(struct slot *slot);

/* A child after a fork: nothing of its parent's.  Cannot fail. */
void team_forked(void);

#endif
