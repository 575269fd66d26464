#include "bench/sweep/simulated/states.h"

#include "bench/sweep/simulated/draws.h"

#include <math.h>

/* Far away, and no sum with it overflows. */
static const int64_t never_ns = INT64_MAX / 2;

/* Keep these draws apart from others that have the same seed. */
static const uint64_t slow_stream = UINT64_C(0x7374617465735f6f),
                      crowded_stream = UINT64_C(0x63726f776465645f);

/* How often, how long, and what it does. */
struct kind {
  uint64_t stream;
  double share, least_s, most_s;
  double cost; /* work takes so many times as long */
};

/* From some time on. */
struct phase {
  double cost;
  int64_t end_ns;
};

/* Period k begins at (k + spread * u(k)) * mean, so that it lasts from (1 -
 * spread) to (1 + spread) times the mean. */
static int64_t beginning_ns(const struct kind *kind, int64_t mean_ns,
                            int64_t k) {
  double spread =
      (kind->most_s - kind->least_s) / (kind->most_s + kind->least_s);
  double moved = spread * simulated_uniform(kind->stream, 2 * (uint64_t)k);
  return k * mean_ns + (int64_t)(moved * (double)mean_ns);
}

static struct phase phase_at(const struct kind *kind, int64_t ns) {
  int64_t mean_ns = llround((kind->least_s + kind->most_s) / 2 * 1e9);
  int64_t k = ns / mean_ns;
  if (kind->share <= 0 || kind->cost == 1)
    return (struct phase){1, never_ns};
  if (beginning_ns(kind, mean_ns, k) > ns)
    k--;
  bool is = simulated_uniform(kind->stream, 2 * (uint64_t)k + 1) < kind->share;
  return (struct phase){is ? kind->cost : 1,
                        beginning_ns(kind, mean_ns, k + 1)};
}

static struct kind slow_of(const struct simulated_states *states, int cpu) {
  const struct simulated_machine *machine = states->machine;
  return (struct kind){kernel_random(states->seed ^ slow_stream, (uint64_t)cpu),
                       cpu < 0 ? 0 : machine->state_share,
                       machine->state_least_s, machine->state_most_s,
                       1 + machine->state_cost};
}

static struct kind crowded_of(const struct simulated_states *states,
                              uint32_t busy_cpus) {
  const struct simulated_machine *machine = states->machine;
  return (struct kind){states->seed ^ crowded_stream, machine->crowded_share,
                       machine->crowded_least_s, machine->crowded_most_s,
                       fmax(1, busy_cpus / machine->crowded_cpus)};
}

int64_t simulated_states_ns(const struct simulated_states *states,
                            const struct simulated_place *place,
                            int64_t begin_ns, int64_t work_ns) {
  const struct kind slow = slow_of(states, place->cpu),
                    crowded = crowded_of(states, place->busy_cpus);
  double left_ns = (double)work_ns;
  int64_t now_ns = begin_ns;
  if (slow.share <= 0 && crowded.share <= 0)
    return work_ns;
  for (;;) {
    struct phase own = phase_at(&slow, now_ns),
                 all = phase_at(&crowded, now_ns);
    int64_t end_ns = own.end_ns < all.end_ns ? own.end_ns : all.end_ns;
    double cost = own.cost * all.cost, room_ns = (double)(end_ns - now_ns);
    if (left_ns * cost <= room_ns)
      return now_ns - begin_ns + llround(left_ns * cost);
    left_ns -= room_ns / cost;
    now_ns = end_ns;
  }
}
