#include "bench/observe/library/sums.h"

/* What one thread's time from the fork to its end consists of. */
struct share {
  uint64_t start_ns, work_ns, dispatch_ns, lock_ns, task_ns, barrier_ns;
};

static struct share share_of(const struct slot *slot, uint64_t fork_ns) {
  return (struct share){
      .start_ns = get(&slot->begin_ns) - fork_ns,
      .work_ns = get(&slot->ns[AT_WORK]),
      .dispatch_ns = get(&slot->ns[AT_DISPATCH]),
      .lock_ns = get(&slot->ns[AT_LOCK]),
      .task_ns = get(&slot->ns[AT_TASK]),
      .barrier_ns = get(&slot->ns[AT_BARRIER]),
  };
}

static bool has_said(const struct team *team, const struct slot *slot,
                     uint64_t join_ns) {
  return get(&slot->call) == get(&team->call) && get(&slot->at) == AT_END &&
         get(&slot->begin_ns) >= team->fork_ns &&
         get(&slot->since_ns) <= join_ns;
}

/* Late, by what the last one had more of than the others. */
static void late_of(struct observed_region *sums, const struct share *last,
                    uint64_t threads) {
  uint64_t barrier_ns = sums->behind_ns + sums->release_ns;
  sums->late_start_ns = (int64_t)(threads * last->start_ns - sums->start_ns);
  sums->late_work_ns = (int64_t)(threads * last->work_ns - sums->work_ns);
  sums->late_dispatch_ns =
      (int64_t)(threads * last->dispatch_ns - sums->dispatch_ns);
  sums->late_lock_ns = (int64_t)(threads * last->lock_ns - sums->lock_ns);
  sums->late_task_ns = (int64_t)(threads * last->task_ns - sums->task_ns);
  sums->late_barrier_ns = (int64_t)(threads * last->barrier_ns - barrier_ns);
}

static void count(struct observed_region *sums, const struct slot *slot) {
  sums->critical_ns += get(&slot->critical_ns);
  sums->barriers += get(&slot->barriers);
  sums->locks += get(&slot->locks);
  sums->contended += get(&slot->contended);
  sums->tasks += get(&slot->tasks);
  sums->chunks += get(&slot->chunks);
  sums->chunks_timed += get(&slot->chunks_timed);
}

static void add_share(struct observed_region *sums, const struct share *own) {
  sums->start_ns += own->start_ns;
  sums->work_ns += own->work_ns;
  sums->dispatch_ns += own->dispatch_ns;
  sums->lock_ns += own->lock_ns;
  sums->task_ns += own->task_ns;
  if (own->work_ns > sums->most_work_ns)
    sums->most_work_ns = own->work_ns;
}

bool call_sums(const struct team *team, uint64_t join_ns,
               struct observed_region *sums) {
  uint64_t threads = get(&team->size), last_ns = team->fork_ns;
  const struct slot *last = NULL;
  *sums = (struct observed_region){.calls = 1};
  if (threads == 0 || threads > OBSERVED_THREADS)
    return false;
  for (uint64_t i = 0; i < threads; i++) {
    const struct slot *slot = &team->slots[i];
    if (!has_said(team, slot, join_ns))
      return false;
    struct share own = share_of(slot, team->fork_ns);
    uint64_t end_ns = get(&slot->since_ns), release_ns = get(&slot->release_ns);
    add_share(sums, &own);
    count(sums, slot);
    sums->release_ns += release_ns;
    sums->behind_ns += own.barrier_ns - release_ns;
    sums->late_ns += get(&slot->ns[AT_END]) - end_ns; /* and L, below */
    if (end_ns >= last_ns) {
      last_ns = end_ns;
      last = slot;
    }
  }
  struct share share = share_of(last, team->fork_ns);
  sums->late_ns += threads * last_ns;
  late_of(sums, &share, threads);
  /* The last one to end may have waited for tasks after its own end. */
  sums->late_task_ns += (int64_t)(threads * get(&last->ns[AT_END]));
  sums->join_ns = threads * (join_ns - last_ns);
  sums->first_ns = team->fork_ns;
  sums->wall_ns = sums->longest_ns = join_ns - team->fork_ns;
  sums->core_ns = threads * sums->wall_ns;
  sums->team_min = sums->team_max = (uint32_t)threads;
  sums->team_sum = threads;
  sums->uneven_ns = (sums->behind_ns + sums->late_ns) / threads;
  sums->flags = (uint32_t)get(&team->flags);
  return true;
}

void call_sums_add(struct observed_region *to,
                   const struct observed_region *call) {
  bool first = to->calls == 0;
  if (first)
    to->first_ns = call->first_ns;
  if (first || call->team_min < to->team_min)
    to->team_min = call->team_min;
  if (call->team_max > to->team_max)
    to->team_max = call->team_max;
  if (call->longest_ns > to->longest_ns)
    to->longest_ns = call->longest_ns;
  to->flags |= call->flags;
  to->calls += call->calls;
  to->wall_ns += call->wall_ns;
  to->team_sum += call->team_sum;
  to->core_ns += call->core_ns;
  to->start_ns += call->start_ns;
  to->work_ns += call->work_ns;
  to->dispatch_ns += call->dispatch_ns;
  to->lock_ns += call->lock_ns;
  to->task_ns += call->task_ns;
  to->behind_ns += call->behind_ns;
  to->release_ns += call->release_ns;
  to->late_ns += call->late_ns;
  to->join_ns += call->join_ns;
  to->late_start_ns += call->late_start_ns;
  to->late_work_ns += call->late_work_ns;
  to->late_dispatch_ns += call->late_dispatch_ns;
  to->late_lock_ns += call->late_lock_ns;
  to->late_task_ns += call->late_task_ns;
  to->late_barrier_ns += call->late_barrier_ns;
  to->most_work_ns += call->most_work_ns;
  to->uneven_ns += call->uneven_ns;
  to->critical_ns += call->critical_ns;
  to->barriers += call->barriers;
  to->locks += call->locks;
  to->contended += call->contended;
  to->tasks += call->tasks;
  to->chunks += call->chunks;
  to->chunks_timed += call->chunks_timed;
}
