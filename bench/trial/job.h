/* job.h: a job that a team of workers does, and the one source of its chunks.
 *
 * Every execution model calls the same compiled `run` of the kernel through
 * worker_run, so that a difference between two of them is the execution model
 * and nothing else.  Stamps are taken there. */
#ifndef CORESWEEP_JOB_H
#define CORESWEEP_JOB_H

#include "bench/plan/notation.h"
#include "bench/trial/noise.h"
#include "kernels/kernel.h"

#include <stdatomic.h>
#include <sys/types.h>

/* CPU time is had from the system alone, for about a microsecond a region:
 * as much as waking a team that spins.  So it is taken only where the region
 * before, from the first chunk's begin to the last one's end, took this long;
 * elsewhere cpu_ns is JOB_CPU_UNTIMED.  Noise takes more, and is only taken
 * where the region before was longer still; of the thread that begins the
 * regions before and after them, where nothing is timed. */
enum {
  JOB_CPU_TIMED_FROM_NS = 100000,
  JOB_NOISE_FROM_NS = 1000000,
  JOB_CPU_UNTIMED = -1,
};

/* What one worker leaves behind, in cache lines of its own.  An even number of
 * them, because processors fetch them in pairs. */
struct worker_slot {
  /* The first line: all that a region without stamps writes. */
  _Alignas(128) struct partial partial;
  uint64_t chunks;
  uint64_t items;
  int64_t cpu_ns; /* CPU time of its share, or JOB_CPU_UNTIMED */
  /* What it is at, published before it does it: a dead worker can be asked
   * where it was.  Equal: no chunk; both 0: none yet in this region. */
  _Atomic uint64_t at_begin, at_end;
  /* The other lines: stamps, and what disturbed it. */
  int64_t begin_ns; /* CLOCK_MONOTONIC; 0: had no chunk */
  int64_t end_ns;
  int64_t busy_ns;            /* inside `run`, all chunks together */
  int64_t enter_ns, leave_ns; /* around its share of the region */
  int64_t send_ns;            /* sending results, all chunks together */
  uint64_t skipped;           /* items of chunks past a search's hit */
  uint64_t hit_end;           /* where it stopped in the chunk with its lowest
                                 hit; 0: none */
  uint64_t sent_bytes;        /* parcels of results, all together */
  struct worker_noise noise;
  bool noise_asked; /* to be taken in this region, see job_reset */
};

/* Shared by all workers of whatever kind, one region at a time. */
struct job_shared {
  _Alignas(128) _Atomic uint64_t cursor; /* next item without a worker */
  _Alignas(128) struct kernel_control control;
};

struct channel;

struct job {
  const struct kernel *kernel;
  const void *state;
  void *output;
  size_t output_item_bytes;
  uint64_t size;         /* items */
  uint64_t chunk;        /* items; resolved, >= 1 */
  uint64_t search_grain; /* items that a search does between two looks for a
                            hit; 0: no search */
  enum schedule schedule;
  uint32_t transport; /* its number */
  uint32_t workers;
  pid_t caller;    /* the thread that begins the regions */
  const int *cpus; /* worker w belongs on cpus[w]; -1: anywhere */
  uint32_t usable_cpus;
  bool stampless;   /* no stamps: for regions that they would dominate */
  bool noiseless;   /* nothing of what disturbs workers is asked */
  double timeout_s; /* of the trial; 0: none */
  int64_t
      deadline_ns; /* when that is; past it a team of processes has failed */
  struct channel *channel;   /* how results travel; NULL: in place */
  struct worker_slot *slots; /* [workers], shared */
  struct job_shared *shared;
  void *team; /* what the variant keeps between open and close */
};

/* Makes cursor, control and slots ready for a region, and takes what the
 * calling thread, job->caller, was disturbed by after it.  Untimed. */
void job_reset(struct job *job);
void job_settle(void);

/* How many blocks the region has: one slice per worker under static (fewer
 * when there are fewer items), else ceil(size / chunk). */
uint64_t job_blocks(const struct job *job);

/* Whether workers stamp their regions.  Cannot fail. */
bool job_stamps(const struct job *job);

/* Where part `part` of so many equal ones begins; size * part / parts without
 * overflow. */
static inline uint64_t job_share(uint64_t size, uint64_t part, uint64_t parts) {
  return size / parts * part + size % parts * part / parts;
}

/* The items [begin, end) of a block. */
void job_block(const struct job *job, uint64_t block, uint64_t *begin,
               uint64_t *end);

/* Runs a block on behalf of a worker, and stamps it.  Skips a block that
 * begins above the lowest hit of a search. */
void worker_run(const struct job *job, uint32_t worker, uint64_t begin,
                uint64_t end);

/* The slot of the worker whose chunk the calling thread is in; NULL: in none.
 * Async-signal-safe. */
const struct worker_slot *worker_running(void);

/* Takes and runs chunks as the schedule says, until none is left. */
void worker_loop(const struct job *job, uint32_t worker);

/* To be called by each worker around its share of a region, once its results
 * are sent: when it was there; CPU time and noise, where job_reset found that
 * there is time for it. */
void worker_enter(const struct job *job, uint32_t worker);
void worker_leave(const struct job *job, uint32_t worker);

/* Binds the calling thread to cpu (-1: leaves it).  Returns 0 or -errno. */
int worker_bind(int cpu);

/* The same for any of cpus[0..count); -1s are passed over. */
int worker_bind_any(const int *cpus, uint32_t count);

/* What a worker may be sent to do besides its share of a region. */
typedef void worker_errand(void *context, uint32_t worker);

/* Where the calling thread may run, as the system has it: kept, to be given
 * back to it.  Cannot fail. */
struct worker_place {
  unsigned long mask[KERNEL_WORKERS / 4];
  long bytes;
};
void worker_place_keep(struct worker_place *place);
void worker_place_return(const struct worker_place *place);

/* Makes the pages of the worker's part of the output present: in a touch phase,
 * by the worker that will write there. */
void worker_touch(const struct job *job, uint32_t worker);

#endif
