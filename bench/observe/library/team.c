#include "bench/observe/library/team.h"

#include <stddef.h>

#include "bench/observe/library/file.h"

_Thread_local struct thread observe_self;

/* Threads that open regions at the same time, at most. */
enum { TEAMS = 16 };
static struct team teams[TEAMS];

static void raise_to(shared_u64 *x, uint64_t value) {
  uint64_t old = get(x);
  while (old < value &&
         !atomic_compare_exchange_weak_explicit(
             x, &old, value, memory_order_relaxed, memory_order_relaxed))
    continue;
}

/* ---- region -------------------------------------------------------------- */

static struct team *take_team(void) {
  for (size_t i = 0; i < TEAMS; i++)
    if (!atomic_load_explicit(&teams[i].used, memory_order_relaxed) &&
        !atomic_exchange_explicit(&teams[i].used, 1, memory_order_acquire))
      return &teams[i];
  return NULL;
}

struct team *team_open(enum observed_runtime runtime, void (*function)(void *),
                       const void *caller) {
  struct thread *self = &observe_self;
  if (self->slot || self->depth > 0) {
    file_nested();
    return NULL;
  }
  if (!file_is_told(runtime))
    return NULL;
  struct team *team = take_team();
  if (!team) {
    file_untold();
    return NULL;
  }
  team->function = function;
  team->caller = caller;
  team->started = false;
  team->generation = file_generation();
  set(&team->size, 0);
  set(&team->flags, 0);
  add(&team->call, 1);
  team->fork_ns = file_open();
  return team;
}

void team_close(struct team *team) {
  uint64_t join_ns = now_ns();
  observe_self.slot = NULL;
  observe_self.team = NULL;
  if (team->generation != file_generation()) { /* a child comes out of it */
    observe_self.depth = 0;
    return;
  }
  file_add(team, join_ns);
  file_close(join_ns);
  atomic_store_explicit(&team->used, 0, memory_order_release);
}

void team_enter(struct team *team, uint64_t index, uint64_t size) {
  struct thread *self = &observe_self;
  if (index == 0)
    set(&team->size, size);
  if (index >= OBSERVED_THREADS) {
    self->slot = NULL;
    return;
  }
  struct slot *slot = &team->slots[index];
  for (int at = 0; at < ATS; at++)
    set(&slot->ns[at], 0);
  set(&slot->release_ns, 0);
  set(&slot->critical_ns, 0);
  set(&slot->barriers, 0);
  set(&slot->locks, 0);
  set(&slot->contended, 0);
  set(&slot->tasks, 0);
  set(&slot->chunks, 0);
  set(&slot->chunks_timed, 0);
  set(&slot->call, get(&team->call));
  set(&slot->at, AT_WORK);
  self->slot = slot;
  self->team = team;
  self->held = 0;
  self->skipped = 0;
  uint64_t now = now_ns();
  set(&slot->begin_ns, now);
  set(&slot->since_ns, now);
  self->chunk_work_ns = 0;
}

void team_leave(void) {
  if (observe_self.slot)
    team_at(observe_self.slot, AT_END);
}

struct slot *team_hide(void) {
  struct slot *slot = observe_self.slot;
  observe_self.slot = NULL;
  observe_self.depth++;
  return slot;
}

void team_show(struct slot *slot) {
  if (observe_self.depth == 0) /* a child, out of a region */
    return;
  observe_self.depth--;
  observe_self.slot = slot;
}

void team_flag(struct team *team, enum observed_flag flag) {
  atomic_fetch_or_explicit(&team->flags, (uint64_t)flag, memory_order_relaxed);
  file_flag(flag);
}

void team_forked(void) {
  bool inside = observe_self.slot || observe_self.depth > 0;
  observe_self.slot = NULL;
  observe_self.team = NULL;
  observe_self.depth = inside;
  for (size_t i = 0; i < TEAMS; i++)
    atomic_store_explicit(&teams[i].used, 0, memory_order_relaxed);
}

/* ---- barriers and tasks -------------------------------------------------- */

static shared_u64 *last_of(const struct slot *slot) {
  return &observe_self.team->last_ns[get(&slot->barriers) & 1];
}

void team_barrier_begin(struct slot *slot) {
  observe_self.barrier_ns = get(&slot->ns[AT_BARRIER]);
  raise_to(last_of(slot), team_at(slot, AT_BARRIER));
}

void team_barrier_end(struct slot *slot) {
  uint64_t now = team_at(slot, AT_WORK);
  uint64_t last_ns = get(last_of(slot));
  uint64_t waited_ns = get(&slot->ns[AT_BARRIER]) - observe_self.barrier_ns;
  uint64_t release_ns = now > last_ns ? now - last_ns : 0;
  add(&slot->release_ns, release_ns < waited_ns ? release_ns : waited_ns);
  add(&slot->barriers, 1);
}

void team_single_begin(struct slot *slot) {
  observe_self.barrier_ns = get(&slot->ns[AT_BARRIER]);
  team_at(slot, AT_BARRIER);
}

/* Whoever does the block comes last to the barrier. */
void team_single_end(struct slot *slot, bool waited) {
  if (waited) {
    team_barrier_end(slot);
    return;
  }
  team_at(slot, AT_WORK);
  uint64_t took_ns = get(&slot->ns[AT_BARRIER]) - observe_self.barrier_ns;
  add(&slot->ns[AT_BARRIER], -took_ns);
  add(&slot->ns[AT_DISPATCH], took_ns);
}

enum at team_task_begin(struct slot *slot) {
  enum at at = (enum at)get(&slot->at);
  team_at(slot, AT_WORK);
  add(&slot->tasks, 1);
  return at;
}

void team_task_end(struct slot *slot, enum at at) {
  uint64_t now = team_at(slot, at);
  if (at == AT_BARRIER)
    raise_to(last_of(slot), now);
}

/* ---- locks --------------------------------------------------------------- */

/* When a lock was last let go.  Two that share an entry take it from each
 * other: a wait counts as inside then. */
enum { LOCKS = 64 };
static struct lock_entry {
  _Alignas(64) _Atomic(const void *) lock;
  shared_u64 let_go_ns;
} lock_entries[LOCKS];

static struct lock_entry *entry_of(const void *lock) {
  uint64_t bits = (uint64_t)(uintptr_t)lock * 0x9e3779b97f4a7c15u;
  return &lock_entries[bits >> 58];
}

uint64_t team_lock_asked(void) {
  return now_ns();
}

void team_lock_had(const void *lock, uint64_t asked_ns) {
  struct thread *self = &observe_self;
  if (self->held == HELD)
    return;
  if (self->held == 0) {
    self->held_since_ns = asked_ns;
    self->held_waited_ns = 0;
  }
  self->holds[self->held++] = (struct held){lock, asked_ns};
}

/* The place of a lock among those held, counted from 1; 0: it is not held. */
static uint64_t held_at(const void *lock) {
  const struct thread *self = &observe_self;
  uint64_t i = self->held;
  while (i > 0 && self->holds[i - 1].lock != lock)
    i--;
  return i;
}

/* The first lock that the process let go of; another one is told of. */
static _Atomic(const void *) first_lock;

static void tell_several(const void *lock) {
  const void *first = atomic_load_explicit(&first_lock, memory_order_relaxed);
  if (!first)
    atomic_compare_exchange_strong(&first_lock, &first, lock);
  if (first && first != lock)
    file_flag(OBSERVED_LOCKS);
}

/* Until when the lock was another's; from now on it is nobody's. */
static uint64_t others_until(const void *lock, uint64_t now) {
  struct lock_entry *entry = entry_of(lock);
  uint64_t before_ns = 0;
  if (atomic_load_explicit(&entry->lock, memory_order_relaxed) == lock)
    before_ns = get(&entry->let_go_ns);
  else
    atomic_store_explicit(&entry->lock, lock, memory_order_relaxed);
  raise_to(&entry->let_go_ns, now);
  return before_ns < now ? before_ns : 0;
}

void team_lock_let_go(struct slot *slot, const void *lock) {
  struct thread *self = &observe_self;
  uint64_t now = now_ns(), i = held_at(lock);
  if (i == 0)
    return;
  uint64_t asked_ns = self->holds[i - 1].asked_ns;
  self->held--;
  for (; i <= self->held; i++)
    self->holds[i - 1] = self->holds[i];
  if (held_at(lock) > 0) /* it was taken twice */
    return;
  if (atomic_load_explicit(&first_lock, memory_order_relaxed) != lock)
    tell_several(lock);
  uint64_t before_ns = others_until(lock, now);
  uint64_t waited_ns = before_ns > asked_ns ? before_ns - asked_ns : 0;
  add(&slot->locks, 1);
  add(&slot->contended, waited_ns > 0);
  add(&slot->ns[AT_LOCK], waited_ns);
  add(&slot->ns[AT_WORK], -waited_ns);
  self->held_waited_ns += waited_ns;
  if (self->held == 0)
    add(&slot->critical_ns, now - self->held_since_ns - self->held_waited_ns);
}

/* ---- chunks -------------------------------------------------------------- */

/* Chunks shorter than that are not all timed, but one in SAMPLE, at random. */
static const uint64_t short_chunk_ns = 2000;
enum { SAMPLE = 16 };

static uint64_t next_skip(void) {
  uint64_t x = observe_self.random;
  x = x ? x : (uint64_t)(uintptr_t)&observe_self;
  x ^= x << 13;
  x ^= x >> 7;
  x ^= x << 17;
  observe_self.random = x;
  return (x >> 32) % (2 * SAMPLE - 1);
}

/* Work since the last chunk that was timed, but for what was critical. */
static uint64_t chunk_work_ns(const struct slot *slot) {
  return get(&slot->ns[AT_WORK]) - get(&slot->critical_ns);
}

/* Chunks that were not timed took as long to be had as that one did. */
static void estimate_skipped(struct slot *slot, uint64_t work_ns) {
  struct thread *self = &observe_self;
  uint64_t all_ns = self->dispatch_ns * self->skipped;
  if (all_ns > work_ns)
    all_ns = work_ns;
  add(&slot->ns[AT_DISPATCH], all_ns);
  add(&slot->ns[AT_WORK], -all_ns);
  self->skipped = 0;
}

bool team_chunk_begin(struct slot *slot) {
  struct thread *self = &observe_self;
  if (self->skip > 0) {
    self->skip--;
    self->skipped++;
    return false;
  }
  team_chunks_begin(slot);
  return true;
}

void team_chunks_begin(struct slot *slot) {
  team_at(slot, AT_DISPATCH);
}

void team_chunk_end(struct slot *slot, bool had) {
  struct thread *self = &observe_self;
  uint64_t work_ns = chunk_work_ns(slot) - self->chunk_work_ns;
  uint64_t begin_ns = get(&slot->since_ns);
  self->dispatch_ns = team_at(slot, AT_WORK) - begin_ns;
  bool is_short = work_ns / (self->skipped + 1) < short_chunk_ns;
  estimate_skipped(slot, work_ns);
  self->chunk_work_ns = chunk_work_ns(slot);
  self->skip = had && is_short ? next_skip() : 0;
  add(&slot->chunks, had);
  add(&slot->chunks_timed, had);
}

/* The loop's end: none comes that could be timed. */
static void chunks_end(struct slot *slot) {
  struct thread *self = &observe_self;
  team_at(slot, AT_WORK);
  estimate_skipped(slot, chunk_work_ns(slot) - self->chunk_work_ns);
  self->skip = 0;
}

void team_chunk_skipped(struct slot *slot, bool had) {
  add(&slot->chunks, had);
  if (!had)
    chunks_end(slot);
}
