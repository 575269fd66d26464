/* What a trial checks of its stamps, region by region: see audit.h.  Clocks are
 * read before and after what is timed. */
#include "bench/trial/clock.h"
#include "bench/trial/handoff.h"
#include "bench/trial/trial_run.h"

#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

enum { NAPS = 50 }; /* for all to be asleep */

/* Of a worker: told by itself, read by the caller. */
struct meter {
  clockid_t clock;
  pid_t pid;
  bool told;
  struct audit_reading before;
  struct audit_work work; /* since then */
};

int trial_audit_prepare(struct run *run) {
  run->meters = memory_map(
      &run->memory, run->request->workers * sizeof *run->meters, MEMORY_SHARED);
  return run->meters ? 0 : -1;
}

/* ---- CPU clocks -----------------------------------------------------------
 */

static void tell_clock(void *context, uint32_t worker) {
  struct run *run = context;
  struct meter *meter = &run->meters[worker];
  meter->pid = getpid();
  int status = run->variant->processes
                   ? clock_getcpuclockid(meter->pid, &meter->clock)
                   : pthread_getcpuclockid(pthread_self(), &meter->clock);
  meter->told = status == 0;
}

/* false: it cannot be read, or was not told. */
static bool read_meter(const struct meter *meter, int64_t *cpu_ns) {
  struct timespec t;
  if (!meter->told || clock_gettime(meter->clock, &t) != 0)
    return false;
  *cpu_ns = (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
  return true;
}

static int64_t in_ns(struct timeval t) {
  return (int64_t)t.tv_sec * 1000000000 + (int64_t)t.tv_usec * 1000;
}

/* Of those that have ended, which are all that were in the region. */
static int64_t children_ns(void) {
  struct rusage usage;
  getrusage(RUSAGE_CHILDREN, &usage);
  return in_ns(usage.ru_utime) + in_ns(usage.ru_stime);
}

static bool is_asleep(pid_t pid) {
  char path[40], line[200] = "";
  snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
  FILE *file = fopen(path, "r");
  if (!file)
    return false;
  const char *name_end =
      fgets(line, sizeof line, file) ? strrchr(line, ')') : NULL;
  fclose(file);
  return name_end && name_end[1] == ' ' && name_end[2] == 'S';
}

/* The system brings the clock of another process up to date as that goes to
 * sleep, and else by the tick: true once all workers sleep. */
static bool await_sleep(const struct run *run) {
  const struct timespec nap = {.tv_nsec = 2L * HANDOFF_SPIN_NS};
  for (int naps = 0; naps < NAPS; naps++) {
    uint32_t asleep = 0;
    nanosleep(&nap, NULL);
    for (uint32_t w = 0; w < run->job.workers; w++)
      asleep += is_asleep(run->meters[w].pid);
    if (asleep == run->job.workers)
      return true;
  }
  return false;
}

static bool is_stamped(const struct run *run) {
  return !run->variant->unstamped && !run->copy && job_stamps(&run->job);
}

/* Workers that are processes and stay: their clocks go on from the first
 * region to the last one. */
static bool is_pool(const struct run *run) {
  return run->variant->processes && !run->variant->forks;
}

/* Children are counted once they have ended, all of them together. */
static uint32_t count_meters(const struct run *run) {
  return run->variant->forks ? 1 : run->job.workers;
}

static bool begin_meters(const struct run *run) {
  int64_t wall_ns = clock_now_ns();
  bool read = true;
  for (uint32_t w = 0; w < count_meters(run); w++) {
    struct meter *meter = &run->meters[w];
    meter->before.wall_ns = wall_ns;
    if (run->variant->forks)
      meter->before.cpu_ns = children_ns();
    else
      read = read_meter(meter, &meter->before.cpu_ns) && read;
  }
  return read;
}

static void end_meters(const struct run *run) {
  for (uint32_t w = 0; w < count_meters(run); w++) {
    struct meter *meter = &run->meters[w];
    struct audit_reading after = {.cpu_ns = meter->before.cpu_ns};
    if (run->variant->forks)
      after.cpu_ns = children_ns();
    else
      read_meter(meter, &after.cpu_ns);
    after.wall_ns = clock_now_ns();
    audit_add_clock(&meter->work, &meter->before, &after);
  }
}

static void add_shares(const struct run *run) {
  for (uint32_t w = 0; w < run->job.workers; w++)
    audit_add_share(&run->meters[run->variant->forks ? 0 : w].work,
                    &run->job.slots[w]);
}

int trial_audit_meet(struct run *run, struct problem *problem) {
  if (!is_stamped(run) || run->variant->forks)
    return PROBLEM_NONE;
  int status = run->variant->each(&run->job, tell_clock, run, problem);
  if (!status && is_pool(run))
    run->metered = await_sleep(run) && begin_meters(run);
  return status;
}

void trial_audit_part(struct run *run) {
  if (!is_stamped(run))
    return;
  if (is_pool(run)) {
    run->metered = run->metered && await_sleep(run);
    if (run->metered)
      end_meters(run);
    else
      return;
  }
  run->metered = false;
  for (uint32_t w = 0; w < count_meters(run); w++) {
    struct audit_work work = run->meters[w].work;
    /* The system's account of one that has ended is no stamp's: it may have
     * more, and not less. */
    if (run->variant->forks)
      work.wall_ns = INT64_MAX / 2;
    if (work.shares > 0)
      audit_note(&run->audit, AUDIT_CPU, audit_cpu(&work));
  }
}

/* Clocks are read where the workers' CPU time is asked: regions are long
 * enough. */
void trial_audit_begin(struct run *run, const struct form *form) {
  if (!is_pool(run))
    run->metered = form == &run->own && is_stamped(run) &&
                   run->job.slots[0].cpu_ns != JOB_CPU_UNTIMED &&
                   begin_meters(run);
}

/* ---- all of them ----------------------------------------------------------
 */

void trial_audit_end(struct run *run, const struct form *form,
                     const struct region_times *times) {
  const struct job *job = &run->job;
  if (form != &run->own)
    return;
  if (run->metered)
    add_shares(run);
  if (run->metered && !is_pool(run))
    end_meters(run);
  audit_note(&run->audit, AUDIT_OUTER,
             audit_outer(llround(times->region_s * 1e9),
                         times->join_ns - times->fork_ns));
  if (is_stamped(run))
    audit_note(&run->audit, AUDIT_STAMPS,
               sums_contradiction(job->slots, job->workers, times->fork_ns,
                                  times->join_ns));
}

/* Nothing is told of sums that no region is in. */
static int check_sums(const struct sums *sums, uint64_t regions,
                      double regions_s, struct problem *problem) {
  const char *why = sums->regions + sums->refused > 0
                        ? audit_sums(sums, regions, regions_s)
                        : NULL;
  return why ? problem_failure(problem, "its stamps are not to be believed: %s",
                               why)
             : PROBLEM_NONE;
}

int trial_audit_conclude(const struct run *run, struct problem *problem) {
  const struct trial_result *result = run->result;
  double regions_s = 0;
  for (uint32_t i = 0; i < result->iterations; i++)
    regions_s += result->regions_s[i];
  int status = audit_conclude(&run->audit, problem);
  if (!status)
    status = check_sums(&result->sums, result->iterations, regions_s, problem);
  if (!status)
    status = check_sums(&result->program_sums, trial_repeat(run->request),
                        result->region_first_s + result->repeats_s, problem);
  return status;
}
