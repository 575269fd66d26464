#include "bench/trial/sums.h"

#include <stddef.h>

/* Of a worker that had a chunk, what its time from fork to leaving consists
 * of. */
struct share {
  int64_t start_ns, dispatch_ns, send_ns, busy_ns, off_cpu_ns;
};

static struct share share_of(const struct worker_slot *slot, int64_t fork_ns) {
  int64_t inside_ns = slot->leave_ns - slot->begin_ns;
  return (struct share){
      .start_ns = slot->begin_ns - fork_ns,
      .dispatch_ns = inside_ns - slot->busy_ns - slot->send_ns,
      .send_ns = slot->send_ns,
      .busy_ns = slot->busy_ns,
      .off_cpu_ns =
          slot->cpu_ns < slot->busy_ns ? slot->busy_ns - slot->cpu_ns : 0,
  };
}

const char *sums_contradiction(const struct worker_slot *slots,
                               uint32_t workers, int64_t fork_ns,
                               int64_t join_ns) {
  if (join_ns < fork_ns)
    return "it ended before it began";
  for (uint32_t w = 0; w < workers; w++) {
    const struct worker_slot *slot = &slots[w];
    if (slot->chunks == 0)
      continue;
    if (slot->enter_ns < fork_ns || slot->leave_ns > join_ns)
      return "a worker was there before the fork or after the join";
    if (slot->begin_ns < slot->enter_ns || slot->end_ns < slot->begin_ns ||
        slot->leave_ns < slot->end_ns)
      return "a worker's stamps are not in their order";
    if (slot->busy_ns < 0 || slot->send_ns < 0 ||
        slot->busy_ns + slot->send_ns > slot->leave_ns - slot->begin_ns)
      return "a worker was busy for longer than it was there";
  }
  return NULL;
}

/* The last one to leave is charged with what it had more of than the others. */
static void add_late(struct sums *sums, const struct share *last, int64_t had,
                     const struct share *all) {
  sums->late_start_ns += had * last->start_ns - all->start_ns;
  sums->late_dispatch_ns += had * last->dispatch_ns - all->dispatch_ns;
  sums->late_send_ns += had * last->send_ns - all->send_ns;
  sums->late_busy_ns += had * last->busy_ns - all->busy_ns;
  sums->late_off_cpu_ns += had * last->off_cpu_ns - all->off_cpu_ns;
}

/* Workers without a chunk, until the last one left: those whose chunks a search
 * had no need of, and as many as there were too few chunks for, had nothing to
 * do; the others came too late. */
static void add_idle(struct sums *sums, const struct worker_slot *slots,
                     uint32_t workers, uint64_t blocks, int64_t until_ns) {
  uint64_t few = blocks < workers ? workers - blocks : 0, idle = 0;
  for (uint32_t w = 0; w < workers; w++) {
    idle += slots[w].chunks == 0;
    few += slots[w].chunks == 0 && slots[w].skipped > 0;
  }
  few = few < idle ? few : idle;
  sums->few_ns += (int64_t)few * until_ns;
  sums->start_ns += (int64_t)(idle - few) * until_ns;
}

/* Chunks up to the one with the lowest hit are done in any case, and whole. */
static uint64_t items_past(const struct worker_slot *slots, uint32_t workers) {
  uint64_t lowest = KERNEL_NO_HIT, end = UINT64_MAX, items = 0;
  for (uint32_t w = 0; w < workers; w++) {
    items += slots[w].items;
    if (slots[w].hit_end == 0 || slots[w].partial.lowest_hit >= lowest)
      continue;
    lowest = slots[w].partial.lowest_hit;
    end = slots[w].hit_end;
  }
  return items > end ? items - end : 0;
}

void sums_add(struct sums *sums, const struct worker_slot *slots,
              uint32_t workers, uint64_t blocks, int64_t fork_ns,
              int64_t join_ns) {
  struct share last = {0}, all = {0};
  int64_t had = 0, last_ns = fork_ns;
  bool timed = true;
  if (sums_contradiction(slots, workers, fork_ns, join_ns)) {
    sums->refused++;
    return;
  }
  for (uint32_t w = 0; w < workers; w++) {
    const struct worker_slot *slot = &slots[w];
    sums->skipped_items += slot->skipped;
    if (slot->chunks == 0)
      continue;
    struct share own = share_of(slot, fork_ns);
    timed = timed && slot->cpu_ns != JOB_CPU_UNTIMED;
    had++;
    all.start_ns += own.start_ns;
    all.dispatch_ns += own.dispatch_ns;
    all.send_ns += own.send_ns;
    all.busy_ns += own.busy_ns;
    all.off_cpu_ns += own.off_cpu_ns;
    if (slot->leave_ns < last_ns)
      continue;
    last_ns = slot->leave_ns;
    last = own;
  }
  sums->regions++;
  sums->past_items += items_past(slots, workers);
  sums->cpu_regions += timed;
  sums->region_ns += join_ns - fork_ns;
  sums->start_ns += all.start_ns;
  sums->dispatch_ns += all.dispatch_ns;
  sums->send_ns += all.send_ns;
  sums->busy_ns += all.busy_ns;
  sums->off_cpu_ns += all.off_cpu_ns;
  sums->join_ns += (int64_t)workers * (join_ns - last_ns);
  add_idle(sums, slots, workers, blocks, last_ns - fork_ns);
  add_late(sums, &last, had, &all);
}
