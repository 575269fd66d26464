/* What a trial checks of its stamps, region by region: see audit.h.  Clocks are
 * read before and after what is timed. */
#include "bench/trial/clock.h"
#include "bench/trial/trial_run.h"

#include <math.h>
#include <pthread.h>

/* Of a worker: told by itself, read by the caller. */
struct meter {
  clockid_t clock;
  bool told;
  struct audit_reading before;
};

int trial_audit_prepare(struct run *run) {
  run->meters = memory_map(
      &run->memory, run->request->workers * sizeof *run->meters, MEMORY_SHARED);
  return run->meters ? 0 : -1;
}

static void tell_clock(void *context, uint32_t worker) {
  struct run *run = context;
  struct meter *meter = &run->meters[worker];
  meter->told = pthread_getcpuclockid(pthread_self(), &meter->clock) == 0;
}

int trial_audit_meet(struct run *run, struct problem *problem) {
  if (!run->variant->openmp || run->copy || !job_stamps(&run->job))
    return PROBLEM_NONE;
  return run->variant->each(&run->job, tell_clock, run, problem);
}

/* false: it cannot be read, or was not told. */
static bool read_meter(const struct meter *meter, int64_t *cpu_ns) {
  struct timespec t;
  if (!meter->told || clock_gettime(meter->clock, &t) != 0)
    return false;
  *cpu_ns = (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
  return true;
}

/* Where the workers' CPU time is asked: regions are long enough.  Of threads
 * alone: a worker process is at other things before and after its share. */
static bool is_metered(const struct run *run, const struct form *form) {
  return form == &run->own && run->variant->openmp && run->meters &&
         !run->copy && !run->variant->unstamped && job_stamps(&run->job) &&
         run->job.slots[0].cpu_ns != JOB_CPU_UNTIMED;
}

void trial_audit_begin(struct run *run, const struct form *form) {
  run->metered = is_metered(run, form);
  if (!run->metered)
    return;
  int64_t wall_ns = clock_now_ns();
  for (uint32_t w = 0; w < run->job.workers; w++) {
    struct meter *meter = &run->meters[w];
    meter->before.wall_ns = wall_ns;
    meter->before.cpu_ns = 0;
    if (!read_meter(meter, &meter->before.cpu_ns))
      run->metered = false;
  }
}

static const char *check_workers(const struct run *run) {
  const char *why = NULL;
  for (uint32_t w = 0; !why && w < run->job.workers; w++) {
    const struct meter *meter = &run->meters[w];
    struct audit_reading after;
    if (!read_meter(meter, &after.cpu_ns))
      return "a worker's CPU clock cannot be read any more";
    after.wall_ns = clock_now_ns();
    why = audit_cpu(&run->job.slots[w], 1, &meter->before, &after);
  }
  return why;
}

void trial_audit_end(struct run *run, const struct form *form,
                     const struct region_times *times) {
  const struct job *job = &run->job;
  if (form != &run->own)
    return;
  if (run->metered)
    audit_note(&run->audit, AUDIT_CPU, check_workers(run));
  audit_note(&run->audit, AUDIT_OUTER,
             audit_outer(llround(times->region_s * 1e9),
                         times->join_ns - times->fork_ns));
  if (run->variant->unstamped || run->copy || !job_stamps(job))
    return;
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
