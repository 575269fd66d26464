/* A search on a simulated machine: it ends at its first hit. */
#include "bench/sweep/simulated/search.h"

#include <math.h>

/* Where worker w's slice begins. */
static uint64_t slice_of(const struct simulated_team *team, uint64_t w) {
  return job_share(team->order->size, w, team->order->workers);
}

uint64_t simulated_hit(const struct simulated_machine *machine,
                       const struct workload *workload, uint64_t size) {
  uint64_t hit = (uint64_t)(machine->hit_share * (double)size);
  return workload_shape(workload).stops_early && hit < size ? hit
                                                            : KERNEL_NO_HIT;
}

/* Whoever has items below the hit does them all; who has the hit stops there,
 * and who has items above it stops after the grain in which it is found. */
void simulated_search_slices(const struct simulated_team *team, uint64_t hit,
                             double noise, struct simulated_worker *workers) {
  uint32_t p = team->order->workers, owner = 0;
  uint64_t grain = workload_shape(team->order->workload).grain;
  while (owner + 1 < p && slice_of(team, owner + 1) <= hit)
    owner++;
  uint64_t size = workers[owner].items;
  workers[owner].items = hit + 1 - slice_of(team, owner);
  workers[owner].skipped = size - workers[owner].items;
  workers[owner].hit_end = hit + 1;
  double found_s = simulated_start_s(team, owner) +
                   (double)workers[owner].items * team->item_s[owner] * noise;
  for (uint32_t w = owner + 1; w < p; w++) {
    double left_s = found_s - simulated_start_s(team, w);
    double grains = ceil(left_s / ((double)grain * team->item_s[w] * noise));
    double done = fmax(0, grains) * (double)grain;
    if (done >= (double)workers[w].items)
      continue;
    workers[w].skipped = workers[w].items - (uint64_t)done;
    workers[w].items = (uint64_t)done;
    workers[w].chunks = workers[w].items > 0;
  }
}

/* Up to the chunk with the hit, and one that each other worker is in then. */
uint64_t simulated_search_chunks(const struct simulated_team *team,
                                 uint64_t hit) {
  uint64_t chunks = hit / team->chunk + team->order->workers;
  uint64_t size = team->order->size;
  return chunks < size / team->chunk ? chunks * team->chunk : size;
}
