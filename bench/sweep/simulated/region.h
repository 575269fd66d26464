/* region.h: one region of a team on a simulated machine, in whole
 * nanoseconds of virtual time. */
#ifndef CORESWEEP_SIMULATED_REGION_H
#define CORESWEEP_SIMULATED_REGION_H

#include "bench/sweep/simulated/simulated.h"
#include "bench/sweep/simulated/states.h"

/* What a worker did, in ns since the region's begin.  busy = cpu + delay. */
struct simulated_worker {
  int64_t begin_ns, end_ns, busy_ns, cpu_ns;
  int64_t send_ns, leave_ns; /* results are sent after each chunk */
  int64_t delay_ns;          /* waiting for a CPU, and stolen */
  int64_t stolen_ns, throttled_ns;
  uint64_t chunks, items, faults;
  uint64_t skipped, hit_end; /* of a search: see struct worker_slot */
  double pace; /* how many times as long its work takes, as chunks are dealt */
};

struct simulated_region {
  int64_t region_ns;               /* from fork to join */
  int64_t stolen_ns, throttled_ns; /* of all workers together */
  uint32_t seen;                   /* workers that had a chunk */
};

/* What the regions of a trial have in common.  item_s: [workers], seconds of
 * an item for each worker. */
struct simulated_team {
  const struct simulated_machine *machine;
  const struct trial_request *order;
  uint64_t chunk; /* items; resolved */
  bool unstamped; /* a real one has no stamps of its workers */
  bool is_team;   /* its workers share a region: not `serial`, nor `copies` */
  bool copies;    /* each worker does all of the items */
  bool forks;     /* in the region */
  double stolen;  /* share of the CPUs that is lost, below 1 */
  const double *item_s;
  struct worker_slot *slots;             /* [workers]: room */
  const struct simulated_states *states; /* NULL: work does not feel them */
  const struct simulated_place *places;  /* [workers] */
  int64_t now_ns;                        /* on the virtual clock: it begins */
};

/* What a worker of a region that began at 0 would have left behind; timed: with
 * its CPU time.  Cannot fail. */
struct worker_slot simulated_slot(const struct simulated_worker *worker,
                                  bool timed);

/* Adds the region to the sums, where a real trial would.  Cannot fail. */
void simulated_sum(const struct simulated_team *team,
                   const struct simulated_worker *workers,
                   const struct simulated_region *region, struct sums *sums);

/* Runs a region whose work takes `noise` times as long as the items say.
 * workers: [order->workers], filled.  Cannot fail. */
struct simulated_region simulated_region(const struct simulated_team *team,
                                         double noise,
                                         struct simulated_worker *workers);

/* How long after the region each worker begins.  Cannot fail. */
double simulated_start_s(const struct simulated_team *team, uint32_t worker);

/* Seconds to whole ns, rounded; what follows is exact. */
int64_t simulated_ns(double seconds);

/* A stamp cut off to the machine's clock resolution. */
int64_t simulated_stamp_ns(const struct simulated_machine *machine, int64_t ns);

#endif
