#include "bench/sweep/simulated/region.h"

#include "bench/sweep/simulated/search.h"

#include <math.h>

int64_t simulated_ns(double seconds) {
  return llround(seconds * 1e9);
}

int64_t simulated_stamp_ns(const struct simulated_machine *machine,
                           int64_t ns) {
  int64_t step = simulated_ns(machine->clock_resolution_s);
  return ns / step * step;
}

/* A slice each, as far as items go. */
static void deal_slices(const struct simulated_team *team,
                        struct simulated_worker *workers) {
  const struct trial_request *order = team->order;
  uint64_t slices = order->size < order->workers ? order->size : order->workers;
  for (uint64_t w = 0; w < slices; w++) {
    workers[w].items = job_share(order->size, w + 1, slices) -
                       job_share(order->size, w, slices);
    workers[w].chunks = 1;
  }
}

/* All of them, as far as there are any. */
static void deal_all(const struct simulated_team *team,
                     struct simulated_worker *workers) {
  const struct trial_request *order = team->order;
  for (uint32_t w = 0; order->size > 0 && w < order->workers; w++)
    workers[w] = (struct simulated_worker){.items = order->size, .chunks = 1};
}

/* Work of a worker that begins so long after the region. */
static int64_t in_its_state_ns(const struct simulated_team *team, uint32_t w,
                               int64_t begin_ns, int64_t work_ns) {
  return team->states ? simulated_states_ns(team->states, &team->places[w],
                                            team->now_ns + begin_ns, work_ns)
                      : work_ns;
}

/* Of an even share of the work: who is slow takes fewer chunks. */
static double pace_of(const struct simulated_team *team, uint32_t w) {
  const struct trial_request *order = team->order;
  int64_t work_ns =
      simulated_ns((double)order->size / order->workers * team->item_s[w]);
  return team->states && work_ns > 0
             ? (double)in_its_state_ns(team, w, 0, work_ns) / (double)work_ns
             : 1;
}

/* Pages that are touched by who is forked in the region, for the first time. */
static uint64_t faults_of(const struct simulated_team *team, uint64_t items) {
  double page_bytes = team->machine->page_bytes;
  double bytes = (double)items *
                 (double)workload_shape(team->order->workload).output_bytes;
  return team->forks && page_bytes >= 1 ? (uint64_t)ceil(bytes / page_bytes)
                                        : 0;
}

/* What a quota takes from a worker that needs so much of a CPU, in a team on
 * more CPUs than that. */
static int64_t throttled_ns(const struct simulated_team *team, int64_t cpu_ns) {
  double times = team->places[0].busy_cpus / team->machine->quota_cpus;
  return times > 1 ? llround((double)cpu_ns * (times - 1)) : 0;
}

/* After a chunk, where results travel. */
static double send_s(const struct simulated_team *team) {
  return team->order->variant.transport == TRANSPORT_SHM
             ? 0
             : team->machine->send_s;
}

/* Seconds from one chunk's begin to the next one's. */
static double chunk_s(const struct simulated_team *team,
                      const struct simulated_worker *workers, uint32_t w) {
  return (double)team->chunk * team->item_s[w] * workers[w].pace +
         send_s(team) + team->machine->dispatch_s + 1e-15;
}

double simulated_start_s(const struct simulated_team *team, uint32_t w) {
  return w * (team->machine->worker_start_s +
              (team->forks ? team->machine->fork_s : 0));
}

/* When so many chunks are done, if a part of one can be, too. */
static double finish_s(const struct simulated_team *team,
                       const struct simulated_worker *workers,
                       uint64_t chunks) {
  double speed = 0, late = 0;
  for (uint32_t w = 0; w < team->order->workers; w++) {
    speed += 1 / chunk_s(team, workers, w);
    late += simulated_start_s(team, w) / chunk_s(team, workers, w);
  }
  return ((double)chunks + late) / speed;
}

/* The worker that would be done first with one more chunk. */
static uint32_t soonest(const struct simulated_team *team,
                        const struct simulated_worker *workers) {
  uint32_t best = 0;
  double best_s = (double)INFINITY;
  for (uint32_t w = 0; w < team->order->workers; w++) {
    double done_s = simulated_start_s(team, w) +
                    ((double)workers[w].chunks + 1) * chunk_s(team, workers, w);
    if (done_s < best_s) {
      best = w;
      best_s = done_s;
    }
  }
  return best;
}

static uint64_t chunks_of(const struct simulated_team *team, uint64_t size) {
  return size / team->chunk + (size % team->chunk > 0);
}

/* Chunks of so many items to whoever is free: nearly all of them such that the
 * workers end at the same time, and the last ones one by one.  The last chunk
 * may be short.
 */
static void deal_chunks(const struct simulated_team *team, uint64_t size,
                        struct simulated_worker *workers) {
  const struct trial_request *order = team->order;
  uint64_t chunks = chunks_of(team, size);
  uint64_t left = chunks;
  for (uint32_t w = 0; w < order->workers; w++)
    workers[w].pace = pace_of(team, w);
  double end_s = finish_s(team, workers, chunks);
  uint32_t last = 0;
  for (uint32_t w = 0; w < order->workers; w++) {
    double share =
        floor((end_s - simulated_start_s(team, w)) / chunk_s(team, workers, w) -
              1e-6);
    uint64_t most = left > 0 ? left - 1 : 0; /* at least one is dealt below */
    workers[w].chunks = share <= 0 ? 0 : (uint64_t)share;
    if (workers[w].chunks > most)
      workers[w].chunks = most;
    left -= workers[w].chunks;
  }
  for (; left > 0; left--)
    workers[last = soonest(team, workers)].chunks++;
  for (uint32_t w = 0; w < order->workers; w++)
    workers[w].items = workers[w].chunks * team->chunk;
  if (chunks > 0)
    workers[last].items -= chunks * team->chunk - size;
}

/* From -1 for the first worker to 1 for the last. */
static double lean(uint32_t worker, uint32_t workers) {
  return workers < 2 ? 0 : 2.0 * worker / (workers - 1) - 1;
}

static void run_worker(const struct simulated_team *team, double noise,
                       uint32_t w, struct simulated_worker *worker) {
  const struct simulated_machine *machine = team->machine;
  const struct trial_request *order = team->order;
  bool dealt = order->variant.schedule != SCHEDULE_STATIC;
  double skew =
      dealt || team->copies ? 0 : machine->skew * lean(w, order->workers);
  worker->begin_ns =
      team->is_team ? simulated_ns(simulated_start_s(team, w)) : 0;
  worker->cpu_ns =
      in_its_state_ns(team, w, worker->begin_ns,
                      simulated_ns((double)worker->items * team->item_s[w] *
                                   (1 + skew) * noise));
  worker->faults = faults_of(team, worker->items);
  worker->cpu_ns += simulated_ns((double)worker->faults * machine->fault_s);
  worker->stolen_ns =
      llround((double)worker->cpu_ns * team->stolen / (1 - team->stolen));
  worker->delay_ns = worker->stolen_ns + simulated_ns(machine->off_cpu_s);
  worker->throttled_ns = throttled_ns(team, worker->cpu_ns);
  worker->busy_ns = worker->cpu_ns + worker->delay_ns + worker->throttled_ns;
  int64_t gaps_ns =
      (int64_t)(worker->chunks - 1) * simulated_ns(machine->dispatch_s);
  int64_t one_ns = simulated_ns(send_s(team));
  worker->send_ns = (int64_t)worker->chunks * one_ns;
  worker->leave_ns = worker->begin_ns + worker->busy_ns + worker->send_ns +
                     (dealt ? gaps_ns : 0);
  worker->end_ns = worker->leave_ns - one_ns;
}

static void deal(const struct simulated_team *team, double noise,
                 struct simulated_worker *workers) {
  const struct trial_request *order = team->order;
  uint64_t hit = simulated_hit(team->machine, order->workload, order->size);
  bool ends = hit != KERNEL_NO_HIT;
  if (team->copies) {
    deal_all(team, workers);
  } else if (order->variant.schedule == SCHEDULE_STATIC) {
    deal_slices(team, workers);
    if (ends)
      simulated_search_slices(team, hit, noise, workers);
  } else {
    uint64_t size = ends ? simulated_search_chunks(team, hit) : order->size;
    deal_chunks(team, size, workers);
    workers[0].skipped = order->size - size;
  }
}

struct simulated_region simulated_region(const struct simulated_team *team,
                                         double noise,
                                         struct simulated_worker *workers) {
  const struct simulated_machine *machine = team->machine;
  struct simulated_region region = {0};
  for (uint32_t w = 0; w < team->order->workers; w++)
    workers[w] = (struct simulated_worker){0};
  deal(team, noise, workers);
  for (uint32_t w = 0; w < team->order->workers; w++) {
    struct simulated_worker *worker = &workers[w];
    if (worker->chunks == 0)
      continue; /* begin and end stay 0 */
    run_worker(team, noise, w, worker);
    region.seen++;
    region.stolen_ns += worker->stolen_ns;
    region.throttled_ns += worker->throttled_ns;
    if (worker->leave_ns > region.region_ns)
      region.region_ns = worker->leave_ns;
    worker->begin_ns = simulated_stamp_ns(machine, worker->begin_ns);
    worker->end_ns = simulated_stamp_ns(machine, worker->end_ns);
    worker->busy_ns = simulated_stamp_ns(machine, worker->busy_ns);
    worker->send_ns = simulated_stamp_ns(machine, worker->send_ns);
    worker->leave_ns = simulated_stamp_ns(machine, worker->leave_ns);
  }
  if (team->is_team)
    region.region_ns += simulated_ns(machine->region_fixed_s);
  region.region_ns = simulated_stamp_ns(machine, region.region_ns);
  return region;
}

struct worker_slot simulated_slot(const struct simulated_worker *worker,
                                  bool timed) {
  return (struct worker_slot){
      .chunks = worker->chunks,
      .items = worker->items,
      .begin_ns = worker->begin_ns,
      .end_ns = worker->end_ns,
      .busy_ns = worker->busy_ns,
      .cpu_ns = timed ? worker->cpu_ns : JOB_CPU_UNTIMED,
      .enter_ns = worker->begin_ns,
      .leave_ns = worker->leave_ns,
      .send_ns = worker->send_ns,
      .skipped = worker->skipped,
      .hit_end = worker->hit_end,
      .partial = {.lowest_hit =
                      worker->hit_end ? worker->hit_end - 1 : KERNEL_NO_HIT},
      .noise = noise_none(),
  };
}

void simulated_sum(const struct simulated_team *team,
                   const struct simulated_worker *workers,
                   const struct simulated_region *region, struct sums *sums) {
  const struct trial_request *order = team->order;
  struct worker_slot *slots = team->slots;
  uint64_t blocks = chunks_of(team, order->size);
  if (team->copies || team->unstamped || order->stampless)
    return;
  if (order->variant.schedule == SCHEDULE_STATIC)
    blocks = order->size < order->workers ? order->size : order->workers;
  bool timed = region->region_ns >= JOB_CPU_TIMED_FROM_NS;
  for (uint32_t w = 0; w < order->workers; w++)
    slots[w] = simulated_slot(&workers[w], timed);
  sums_add(sums, slots, order->workers, blocks, 0, region->region_ns);
}
