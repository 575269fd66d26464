/* omp: OpenMP threads.  The directives are as a student would write them,
 * over the blocks of items that the schedule asks for. */
#include "bench/trial/variants/variant.h"
#include "bench/trial/watch.h"

#include <omp.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* The job that this process is at.  Not captured by the regions: what they
 * capture lies on the caller's stack, and is one more cache line for every
 * thread to fetch in every region. */
static const struct job *job;
static int64_t blocks;

/* Threads are born where this one may run, so each goes to its CPU by itself.
 * A region of its own: nothing of it is another's time. */
static int settle_team(const struct job *the_job, struct problem *problem) {
  uint32_t started = 0;
  int bind_error = 0;
  omp_set_num_threads((int)the_job->workers);
#pragma omp parallel reduction(+ : started) reduction(min : bind_error)
  {
    uint32_t worker = (uint32_t)omp_get_thread_num();
    started += 1;
    bind_error = worker_bind(the_job->cpus[worker]);
    watch_thread();
  }
  if (started != the_job->workers) {
    int limit = omp_get_thread_limit();
    const char *why = limit < (int)the_job->workers ? ": its limit of threads"
                      : omp_get_max_active_levels() < 1
                          ? ": it may have no active region"
                          : "";
    return problem_failure(problem,
                           "omp: the runtime gave %u threads instead of %u%s",
                           started, the_job->workers, why);
  }
  if (bind_error)
    return problem_failure(problem, "omp: a thread could not be bound: %s",
                           strerror(-bind_error));
  return PROBLEM_NONE;
}

static int open_team(struct job *the_job, struct problem *problem) {
  job = the_job;
  blocks = (int64_t)job_blocks(job);
  omp_set_dynamic(0);
  /* One that sleeps while it waits for them leaves them its CPU at once; one
   * that spins would not. */
  const char *policy = getenv("OMP_WAIT_POLICY");
  if (policy && strcasecmp(policy, "active") == 0)
    worker_bind_any(job->cpus, job->workers);
  return settle_team(job, problem);
}

/* The runtime ends threads that the team has no need of, and makes others when
 * it grows again: these are to be bound anew. */
static int resize(struct job *the_job, struct problem *problem) {
  return settle_team(the_job, problem);
}

static int each(struct job *the_job, worker_errand *errand, void *context,
                struct problem *problem) {
  (void)the_job;
  (void)problem;
#pragma omp parallel
  errand(context, (uint32_t)omp_get_thread_num());
  return PROBLEM_NONE;
}

static void run_block(uint64_t block) {
  uint64_t begin, end;
  job_block(job, block, &begin, &end);
  worker_run(job, (uint32_t)omp_get_thread_num(), begin, end);
}

static void region_static(void) {
#pragma omp parallel
  {
    worker_enter(job, (uint32_t)omp_get_thread_num());
#pragma omp for schedule(static) nowait
    for (int64_t block = 0; block < blocks; block++)
      run_block((uint64_t)block);
    worker_leave(job, (uint32_t)omp_get_thread_num());
  }
}

static void region_dynamic(void) {
#pragma omp parallel
  {
    worker_enter(job, (uint32_t)omp_get_thread_num());
#pragma omp for schedule(dynamic) nowait
    for (int64_t block = 0; block < blocks; block++)
      run_block((uint64_t)block);
    worker_leave(job, (uint32_t)omp_get_thread_num());
  }
}

static void region_guided(void) {
#pragma omp parallel
  {
    worker_enter(job, (uint32_t)omp_get_thread_num());
#pragma omp for schedule(guided) nowait
    for (int64_t block = 0; block < blocks; block++)
      run_block((uint64_t)block);
    worker_leave(job, (uint32_t)omp_get_thread_num());
  }
}

/* One task per block, in a loop: libgomp runs a taskloop serially when its
 * tasks exceed 64 a thread. */
static void region_tasks(void) {
#pragma omp parallel
  {
    worker_enter(job, (uint32_t)omp_get_thread_num());
#pragma omp single
    for (int64_t block = 0; block < blocks; block++) {
#pragma omp task firstprivate(block)
      run_block((uint64_t)block);
    }
    worker_leave(job, (uint32_t)omp_get_thread_num());
  }
}

static int region(struct job *the_job, struct problem *problem) {
  static void (*const regions[SCHEDULE_COUNT])(void) = {
      [SCHEDULE_STATIC] = region_static,
      [SCHEDULE_DYNAMIC] = region_dynamic,
      [SCHEDULE_GUIDED] = region_guided,
      [SCHEDULE_TASKS] = region_tasks,
  };
  (void)problem;
  if (the_job != job) { /* of several that take turns: a line to be fetched */
    job = the_job;
    blocks = (int64_t)job_blocks(job);
  }
  regions[job->schedule]();
  return PROBLEM_NONE;
}

static void close_team(struct job *the_job) {
  (void)the_job;
  /* Else threads stay until the process ends, and its exit waits for them. */
  omp_pause_resource_all(omp_pause_hard);
}

const struct variant variant_omp = {
    .name = "omp",
    .title = "threads (OpenMP)",
    .meaning = "OpenMP threads",
    .known_as = "multiprocessing.dummy, threads",
    .schedules = 1U << SCHEDULE_STATIC | 1U << SCHEDULE_DYNAMIC |
                 1U << SCHEDULE_GUIDED | 1U << SCHEDULE_TASKS,
    .team = true,
    .openmp = true,
    .open = open_team,
    .each = each,
    .resize = resize,
    .region = region,
    .close = close_team,
};
