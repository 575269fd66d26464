#include "bench/sweep/simulated_region.h"

#include <math.h>

int64_t simulated_ns(double seconds) {
  return llround(seconds * 1e9);
}

int64_t simulated_stamp_ns(const struct simulated_machine *machine,
                           int64_t ns) {
  int64_t step = simulated_ns(machine->clock_resolution_s);
  return ns / step * step;
}

/* size * part / parts without overflow: the slices of job.c. */
static uint64_t cut(uint64_t size, uint64_t part, uint64_t parts) {
  return size / parts * part + size % parts * part / parts;
}

/* A slice each, as far as items go. */
static void deal_slices(const struct simulated_team *team,
                        struct simulated_worker *workers) {
  const struct trial_order *order = team->order;
  uint64_t slices = order->size < order->workers ? order->size : order->workers;
  for (uint64_t w = 0; w < slices; w++) {
    workers[w].items =
        cut(order->size, w + 1, slices) - cut(order->size, w, slices);
    workers[w].chunks = 1;
  }
}

/* When a worker would be done with one more chunk. */
static double done_s(const struct simulated_team *team,
                     const struct simulated_worker *workers, uint32_t w) {
  double chunk_s =
      (double)team->chunk * team->item_s[w] + team->machine->dispatch_s;
  return w * team->machine->worker_start_s +
         ((double)workers[w].chunks + 1) * chunk_s;
}

/* Chunks to whoever is free: in the proportion of the workers' speeds, and the
 * last ones one by one to whoever is done first.  The last chunk may be short.
 */
static void deal_chunks(const struct simulated_team *team,
                        struct simulated_worker *workers) {
  const struct trial_order *order = team->order;
  uint64_t chunks = order->size / team->chunk + (order->size % team->chunk > 0);
  uint64_t dealt = 0;
  double speed = 0;
  for (uint32_t w = 0; w < order->workers; w++)
    speed += 1 / (team->item_s[w] + 1e-15);
  for (uint32_t w = 0; w < order->workers; w++) {
    double share = 1 / (team->item_s[w] + 1e-15) / speed;
    workers[w].chunks = (uint64_t)(share * 0.999999 * (double)chunks);
    workers[w].items = workers[w].chunks * team->chunk;
    dealt += workers[w].chunks;
  }
  uint32_t last = 0;
  for (; dealt < chunks; dealt++) {
    last = 0;
    for (uint32_t w = 1; w < order->workers; w++)
      if (done_s(team, workers, w) < done_s(team, workers, last))
        last = w;
    workers[last].chunks++;
    workers[last].items += team->chunk;
  }
  if (chunks > 0)
    workers[last].items -= chunks * team->chunk - order->size;
}

/* From -1 for the first worker to 1 for the last. */
static double lean(uint32_t worker, uint32_t workers) {
  return workers < 2 ? 0 : 2.0 * worker / (workers - 1) - 1;
}

static void run_worker(const struct simulated_team *team, double noise,
                       uint32_t w, struct simulated_worker *worker) {
  const struct simulated_machine *machine = team->machine;
  const struct trial_order *order = team->order;
  bool dealt = order->variant.schedule != SCHEDULE_STATIC;
  double skew = dealt ? 0 : machine->skew * lean(w, order->workers);
  double start_s =
      machine->worker_start_s + (team->forks ? machine->fork_s : 0);
  worker->cpu_ns = simulated_ns((double)worker->items * team->item_s[w] *
                                (1 + skew) * noise);
  worker->stolen_ns =
      llround((double)worker->cpu_ns * team->stolen / (1 - team->stolen));
  worker->delay_ns = worker->stolen_ns + simulated_ns(machine->off_cpu_s);
  worker->busy_ns = worker->cpu_ns + worker->delay_ns;
  worker->begin_ns = team->is_team ? simulated_ns(w * start_s) : 0;
  int64_t gaps_ns =
      (int64_t)(worker->chunks - 1) * simulated_ns(machine->dispatch_s);
  worker->end_ns = worker->begin_ns + worker->busy_ns + (dealt ? gaps_ns : 0);
}

struct simulated_region simulated_region(const struct simulated_team *team,
                                         double noise,
                                         struct simulated_worker *workers) {
  const struct simulated_machine *machine = team->machine;
  struct simulated_region region = {0};
  for (uint32_t w = 0; w < team->order->workers; w++)
    workers[w] = (struct simulated_worker){0};
  if (team->order->variant.schedule == SCHEDULE_STATIC)
    deal_slices(team, workers);
  else
    deal_chunks(team, workers);
  for (uint32_t w = 0; w < team->order->workers; w++) {
    struct simulated_worker *worker = &workers[w];
    if (worker->chunks == 0)
      continue; /* all of it is imbalance: begin and end stay 0 */
    run_worker(team, noise, w, worker);
    region.seen++;
    region.stolen_ns += worker->stolen_ns;
    if (worker->end_ns > region.region_ns)
      region.region_ns = worker->end_ns;
    worker->begin_ns = simulated_stamp_ns(machine, worker->begin_ns);
    worker->end_ns = simulated_stamp_ns(machine, worker->end_ns);
    worker->busy_ns = simulated_stamp_ns(machine, worker->busy_ns);
  }
  if (team->is_team)
    region.region_ns += simulated_ns(machine->region_fixed_s);
  region.region_ns = simulated_stamp_ns(machine, region.region_ns);
  return region;
}
