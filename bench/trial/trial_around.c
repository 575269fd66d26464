/* What is read around timed regions, outside of what is timed.
 *
 * Counters and energy are read by the caller alone, at the two ends of a row of
 * a point's timed regions: a region is as it would be without, but that its
 * workers have waited a little longer.  So what lies between two regions of a
 * row is in it, and of threads that spin as they wait, that.  Workers that are
 * born in a region would have to be asked inside of it: they are not. */
#include "bench/trial/clock.h"
#include "bench/trial/energy.h"
#include "bench/trial/trial_run.h"

#include <stdlib.h>
#include <unistd.h>

struct watched {
  pid_t thread;
  struct counter counter;
  struct counter_reading before; /* at the begin of the row */
  bool open;                     /* there is a counter */
  bool told;                     /* it was read then */
};

/* Shared by all workers, which say there who they are. */
struct around {
  const struct counters_access *counters;
  struct energy energy;
  struct energy_reading before;
  struct run *point; /* whose row it is; NULL: none */
  bool counts;       /* there are counters for this team */
  uint32_t open;     /* workers whose counters are: all, or none; of those that
                        came later some may be missing */
  struct watched workers[];
};

/* The caller's own are tried: where there are none, no worker is asked. */
static bool has_counters(const struct counters_access *counters) {
  struct counter own;
  if (counters->open(gettid(), &own) != 0)
    return false;
  counters->close(&own);
  return true;
}

int trial_around_prepare(struct run *run) {
  static const struct trial_system here = {"", &counters_kernel};
  const struct trial_request *request = run->request;
  const struct trial_system *system = request->system ? request->system : &here;
  size_t bytes = request->workers * sizeof(struct watched);
  if (trial_iterations(request) == 0)
    return 0;
  struct around *around =
      memory_map(&run->memory, sizeof *around + bytes, MEMORY_SHARED);
  if (!around)
    return -1;
  around->counters = system->counters;
  around->energy = energy_find(system->root);
  around->counts = !run->variant->forks && has_counters(system->counters);
  run->around = around;
  return 0;
}

static void tell_thread(void *context, uint32_t worker) {
  ((struct around *)context)->workers[worker].thread = gettid();
}

/* Nothing yet, of what there will be something; the rest stays not told. */
static void begin_sums(const struct around *around, struct run *point) {
  struct trial_around *sums = &point->result->around;
  if (around->energy.count > 0)
    sums->energy_j = 0;
  if (point->variant->processes)
    sums->parent_cpu_s = 0;
  if (point->request->variant.transport != TRANSPORT_SHM)
    sums->sent_bytes = 0;
}

int trial_around_open(struct run *run, struct problem *problem) {
  struct around *around = run->around;
  uint32_t workers = run->request->workers;
  if (!around)
    return PROBLEM_NONE;
  begin_sums(around, run);
  for (uint32_t i = 0; i < run->also_count; i++)
    begin_sums(around, &run->also[i]);
  if (!around->counts)
    return PROBLEM_NONE;
  int status = run->variant->each(&run->job, tell_thread, around, problem);
  while (!status && around->open < workers) {
    struct watched *next = &around->workers[around->open];
    if (around->counters->open(next->thread, &next->counter) != 0) {
      trial_around_close(run); /* as when a limit of descriptors is reached */
      return PROBLEM_NONE;
    }
    next->open = true;
    around->open++;
  }
  return status;
}

int trial_around_meet(struct run *run, struct run *point, uint32_t first,
                      struct problem *problem) {
  struct around *around = run->around;
  if (!around || around->open == 0)
    return PROBLEM_NONE;
  int status = run->variant->each(&point->job, tell_thread, around, problem);
  for (uint32_t w = first; !status && w < point->job.workers; w++) {
    struct watched *born = &around->workers[w];
    if (born->open)
      around->counters->close(&born->counter);
    born->open = around->counters->open(born->thread, &born->counter) == 0;
  }
  return status;
}

void trial_around_close(struct run *run) {
  struct around *around = run->around;
  if (!around)
    return;
  trial_around_next(run, NULL);
  while (around->open > 0) {
    struct watched *last = &around->workers[--around->open];
    if (last->open)
      around->counters->close(&last->counter);
    last->open = false;
  }
}

/* ---- rows ------------------------------------------------------------------
 */

/* Of its workers alone: others have ended, or wait. */
static uint32_t count_watched(const struct around *around) {
  uint32_t workers = around->point->request->workers;
  return workers < around->open ? workers : around->open;
}

static void begin_row(struct around *around, struct run *point) {
  around->point = point;
  around->before = energy_read(&around->energy);
  for (uint32_t w = 0; w < count_watched(around); w++) {
    struct watched *worker = &around->workers[w];
    worker->told = worker->open && around->counters->read(&worker->counter,
                                                          &worker->before) == 0;
  }
}

/* A reading that fails leaves what it was to be added to not told. */
static void add_counts(struct around *around, struct trial_around *sums) {
  uint32_t count = count_watched(around);
  if (!sums->counts)
    sums->counts = calloc(count, sizeof *sums->counts);
  for (uint32_t w = 0; sums->counts && w < count; w++) {
    struct watched *worker = &around->workers[w];
    struct counter_reading after;
    if (worker->told && around->counters->read(&worker->counter, &after) == 0)
      counts_add(&sums->counts[w], &worker->before, &after);
    else
      sums->counts[w] = (struct worker_counts){(double)NAN, (double)NAN};
  }
}

static void end_row(struct around *around) {
  struct trial_around *sums = &around->point->result->around;
  const struct energy_reading now = energy_read(&around->energy);
  if (around->open > 0)
    add_counts(around, sums);
  sums->energy_j += energy_between_j(&around->energy, &around->before, &now);
  around->point = NULL;
}

void trial_around_next(struct run *run, struct run *point) {
  struct around *around = run->around;
  if (!around || around->point == point)
    return;
  if (around->point)
    end_row(around);
  if (point)
    begin_row(around, point);
}

/* ---- regions ---------------------------------------------------------------
 */

void trial_around_keep(struct run *point) {
  struct trial_around *sums = &point->result->around;
  for (uint32_t w = 0; w < point->request->workers; w++)
    sums->sent_bytes += (double)point->job.slots[w].sent_bytes;
  sums->parent_cpu_s += trial_seconds(point->caller_cpu_ns);
}
