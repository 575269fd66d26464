/* Regions in turns with those of another form, in blocks: see trial_turns.c.
 *
 * A CPU is in one of several states for a fraction of a second, by itself: what
 * is compared has to lie close together, and each form has to meet them all.
 * So a block holds both forms within milliseconds, and `serial` goes round over
 * the CPUs that the team uses.  What was in a cache is what the region before
 * left there: on kernels that move memory the first of a kind does not count.
 * Right after the team's own regions its workers read their clocks, as fast as
 * those regions had them; that leaves caches as they are, and workers asleep.
 */
#include "bench/plan/workload.h"
#include "bench/trial/handoff.h"
#include "bench/trial/trial_run.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

_Static_assert(MEMORY_MAPPINGS >= 32 + 3 * TRIAL_SHARERS, "memory.h");

/* ---- the form beside ------------------------------------------------------
 */

static int refuse_pair(const struct trial_request *request,
                       struct problem *problem) {
  char one[NOTATION_LENGTH], other[NOTATION_LENGTH];
  notation_format_variant(request->beside, one);
  notation_format_variant(&request->variant, other);
  return problem_usage(
      problem,
      "--beside %s with --variant %s: give --beside serial, or "
      "two forms that are static and have OpenMP threads, as "
      "omp:static and textbook",
      one, other);
}

static int refuse_sharer(const struct variant_spec *also,
                         const struct variant_spec *own,
                         struct problem *problem) {
  char one[NOTATION_LENGTH], other[NOTATION_LENGTH];
  notation_format_variant(also, one);
  notation_format_variant(own, other);
  return problem_usage(problem,
                       "--also %s with --variant %s: what shares a trial are "
                       "schedules of one team of OpenMP threads, as omp:static "
                       "and omp:dynamic",
                       one, other);
}

/* The team gets fewer workers in a block, and grows between blocks alone. */
static int check_count(const struct run *run, uint32_t place,
                       struct problem *problem) {
  const struct trial_request *request = run->request;
  char name[NOTATION_LENGTH];
  uint32_t workers = trial_workers(request, place),
           before = trial_workers(request, place - 1);
  notation_format_variant(&request->also[place - 1], name);
  if (workers == 0 || workers > before)
    return problem_usage(problem,
                         "--also %s/%u after %u workers: want 1 to %u, the "
                         "most workers first",
                         name, workers, before, before);
  if (workers < before && !run->variant->resize)
    return problem_usage(problem,
                         "--also %s/%u with %u workers: the team of %s keeps "
                         "its size; want omp, or as many workers",
                         name, workers, before, run->variant->name);
  return PROBLEM_NONE;
}

/* Those that share the trial have its threads. */
static int resolve_sharers(struct run *run, struct problem *problem) {
  const struct trial_request *request = run->request;
  const struct variant *variant;
  int status = PROBLEM_NONE;
  for (uint32_t i = 0; !status && i < request->also_count; i++) {
    status = variant_resolve(&request->also[i], &variant, problem);
    if (!status && (variant != run->variant || !variant->openmp))
      status = refuse_sharer(&request->also[i], &request->variant, problem);
    if (!status)
      status = check_count(run, i + 1, problem);
  }
  if (!status && request->also_count > 0 && (!run->beside || run->beside->team))
    return problem_usage(problem, "--also needs --beside serial: each of them "
                                  "has its turns with that");
  return status;
}

/* As many as a record has room for, of regions and of workers' clocks. */
static uint32_t most_blocks(const struct trial_request *request) {
  uint32_t own = trial_iterations(request) / request->blocks,
           clocks = TRIAL_CLOCKS / request->workers;
  return TRIAL_ITERATIONS / own < clocks ? TRIAL_ITERATIONS / own : clocks;
}

static int resolve_beside(struct run *run, struct problem *problem) {
  const struct trial_request *request = run->request;
  const char *policy = getenv("OMP_WAIT_POLICY");
  if (!request->beside)
    return request->blocks > 0
               ? problem_usage(problem,
                               "--blocks needs --beside, the form that "
                               "they are in turns with: --beside "
                               "serial")
               : PROBLEM_NONE;
  int status = variant_resolve(request->beside, &run->beside, problem);
  if (!status)
    status = variant_takes(run->beside, request->workload->kernel, problem);
  if (status)
    return status;
  if (run->variant->copies)
    return problem_usage(problem, "--beside with --variant copies: each copy "
                                  "is a program of its own, beside the others");
  if (run->beside->team && (!run->variant->openmp || !run->beside->openmp ||
                            request->variant.schedule != SCHEDULE_STATIC ||
                            request->beside->schedule != SCHEDULE_STATIC))
    return refuse_pair(request, problem);
  if (request->blocks == 0)
    return problem_usage(problem, "--beside needs --blocks, 1 or more");
  uint32_t most = most_blocks(request);
  if (request->blocks > most)
    return problem_usage(problem, "--blocks: want at most %u", most);
  if (!run->beside->team && run->variant->openmp && policy &&
      strcasecmp(policy, "active") == 0)
    return problem_usage(problem,
                         "--beside serial with OMP_WAIT_POLICY=active: beside "
                         "threads that spin as they wait, serial is slower; "
                         "unset it");
  return PROBLEM_NONE;
}

int trial_blocks_resolve(struct run *run, struct problem *problem) {
  int status = resolve_beside(run, problem);
  return status ? status : resolve_sharers(run, problem);
}

/* A plain loop has a job of its own: one worker, who does it all. */
static int make_serial(struct run *run, struct problem *problem) {
  struct job *job = &run->beside_job;
  *job = run->job;
  job->workers = 1;
  job->schedule = SCHEDULE_STATIC;
  job->transport = TRANSPORT_SHM;
  job->channel = NULL;
  job->team = NULL;
  job->noiseless = true;
  job->slots = memory_map(&run->memory, sizeof *job->slots, MEMORY_PRIVATE);
  run->other =
      (struct form){run->beside, job, &run->beside_partial, .began = false};
  return job->slots ? PROBLEM_NONE : problem_failure(problem, "out of memory");
}

/* A point of its own, in the trial of another one.  0, or -1: no memory. */
static int make_sharer(struct run *run, uint32_t place) {
  struct run *point = &run->also[place - 1];
  size_t workers = trial_workers(run->request, place);
  size_t slot_bytes = workers * sizeof *point->kept;
  *point = *run;
  point->also_count = 0;
  point->stride = workers;
  point->request_also = trial_request_of(run->request, place);
  point->request = &point->request_also;
  point->result = run->result + place;
  trial_fill_job(point);
  point->job.slots = memory_map(&run->memory, slot_bytes, MEMORY_PRIVATE);
  point->kept =
      memory_map(&run->memory, slot_bytes * trial_iterations(point->request),
                 MEMORY_PRIVATE);
  point->partials = memory_map(&run->memory, workers * sizeof *point->partials,
                               MEMORY_PRIVATE);
  point->own = (struct form){point->variant, &point->job, point->partials,
                             .began = false};
  point->result->workers = calloc(workers, sizeof *point->result->workers);
  return point->job.slots && point->kept && point->partials &&
                 point->result->workers
             ? trial_turns_make(point->request, &point->result->turns)
             : -1;
}

static int make_sharers(struct run *run) {
  uint32_t count = run->request->also_count;
  int status = 0;
  if (count == 0)
    return 0;
  run->also =
      memory_map(&run->memory, count * sizeof *run->also, MEMORY_PRIVATE);
  for (uint32_t i = 1; run->also && !status && i <= count; i++)
    status = make_sharer(run, i);
  run->also_count = count;
  return run->also ? status : -1;
}

int trial_blocks_prepare(struct run *run, struct problem *problem) {
  if (!run->beside)
    return PROBLEM_NONE;
  if (trial_turns_make(run->request, &run->result->turns) != 0 ||
      make_sharers(run) != 0)
    return problem_failure(problem, "out of memory");
  if (!run->beside->team)
    return make_serial(run, problem);
  run->other =
      (struct form){run->beside, &run->job, run->partials, .began = false};
  return PROBLEM_NONE;
}

/* ---- turns ----------------------------------------------------------------
 */

/* Serial regions are the caller's, on a CPU that the team uses; its workers
 * sleep by then.  Returns the CPU, -1: not bound. */
static int go_round(const struct run *run, uint32_t rows) {
  const struct trial_request *request = run->request;
  int cpu = request->cpus[(request->first_cpu + rows) % request->workers];
  const struct timespec nap = {.tv_nsec = 2L * HANDOFF_SPIN_NS};
  if (run->variant->processes)
    nanosleep(&nap, NULL);
  return cpu >= 0 && worker_bind(cpu) == 0 ? cpu : -1;
}

static void rest(void *context, uint32_t worker) {
  (void)context;
  (void)worker;
  noise_rest();
}

/* Who was woken for this waited for that: it is no region's. */
int trial_team(struct run *run, struct run *point, struct problem *problem) {
  uint32_t before = run->team;
  if (point->job.workers == before)
    return PROBLEM_NONE;
  trial_enter(point, "as its team was made another size", false);
  int status = run->variant->resize(&point->job, problem);
  run->team = point->job.workers;
  if (!status && run->team > before) {
    status = trial_audit_meet(point, problem);
    if (!status)
      status = trial_around_meet(run, point, before, problem);
  }
  return status ? status : run->variant->each(&point->job, rest, NULL, problem);
}

/* Turns as they are taken. */
struct course {
  struct run *run;
  struct problem *problem;
  struct worker_place place;
  bool away;     /* the caller is on another CPU than its own */
  uint32_t rows; /* of serial regions, that went round */
};

static struct run *point_at(struct run *run, uint32_t place) {
  return place ? &run->also[place - 1] : run;
}

/* Of all points whose it is. */
static void note_turn(struct run *run, const struct trial_turn *turn,
                      double time_s, int cpu) {
  for (uint32_t i = turn->first; i < turn->first + turn->points; i++) {
    struct trial_turns *turns = &point_at(run, i)->result->turns;
    turns->times_s[turns->count] = time_s;
    turns->cpus[turns->count++] = cpu;
  }
}

static int take_other(struct course *course, const struct trial_turn *turn) {
  struct run *run = course->run;
  struct region_times times;
  int cpu = -1;
  if (!run->beside->team) {
    cpu = go_round(run, course->rows);
    course->away = true;
  }
  int status =
      trial_region(run, &run->other, MOMENT_WARMUP, &times, course->problem);
  if (!status)
    note_turn(run, turn, times.region_s, cpu);
  return status;
}

/* Serial regions in a row are on one CPU: the first warms its caches. */
static void come_back(struct course *course) {
  if (course->away) {
    worker_place_return(&course->place);
    course->rows++;
  }
  course->away = false;
}

static int read_clocks(struct course *course, const struct trial_turn *turn) {
  struct run *point = point_at(course->run, turn->first);
  if (point->result->status)
    return PROBLEM_NONE; /* it takes no further turns */
  int64_t begin_ns = trial_begin(point);
  int status = trial_clock_read(point, course->problem);
  note_turn(course->run, turn, trial_end(point, MOMENT_WARMUP, begin_ns), -1);
  return status;
}

static int take_own(struct course *course, const struct trial_turn *turn) {
  struct run *point = point_at(course->run, turn->first);
  struct region_times times;
  bool ran;
  trial_enter(point, "in a region", point->variant->processes);
  int status = trial_point_region(course->run, point, MOMENT_WARMUP, &times,
                                  &ran, course->problem);
  if (ran)
    note_turn(course->run, turn, times.region_s, -1);
  if (ran && turn->form == 'P')
    trial_keep_region(point, &times);
  return status;
}

/* The point's turn is next; the caller is back on its own CPU. */
static int ready(struct course *course, const struct trial_turn *turn,
                 struct run *point) {
  if (trial_turn_is_beside(turn->form) || turn->form == '|' ||
      point->result->status)
    return PROBLEM_NONE;
  come_back(course);
  return trial_team(course->run, point, course->problem);
}

static int take_turn(void *context, const struct trial_turn *turn) {
  struct course *course = context;
  struct run *point = point_at(course->run, turn->first);
  if (turn->form != 'P')
    trial_around_next(course->run, NULL);
  int status = ready(course, turn, point);
  if (status)
    return status;
  if (turn->form == 'P')
    trial_around_next(course->run, point);
  if (turn->form == 'c')
    return read_clocks(course, turn);
  if (turn->form == '|') {
    come_back(course);
    return PROBLEM_NONE;
  }
  return trial_turn_is_beside(turn->form) ? take_other(course, turn)
                                          : take_own(course, turn);
}

int trial_blocks(struct run *run, struct problem *problem) {
  struct course course = {.run = run, .problem = problem};
  worker_place_keep(&course.place);
  int status = trial_turns_go(run->request, take_turn, &course);
  come_back(&course);
  return status;
}

/* ---- are they right? -------------------------------------------------------
 */

/* A region into memory that holds nothing right, and what it comes to. */
static int fresh_region(struct run *run, struct form *form,
                        struct partial *total, struct problem *problem) {
  const struct job *job = form->job;
  struct region_times ignored;
  memset(job->output, 0xff, job->size * job->output_item_bytes);
  int status = trial_region(run, form, MOMENT_WARMUP, &ignored, problem);
  if (!status)
    *total = trial_combine(run, form);
  return status;
}

/* Whatever comes of it is its own, but for the team: 0, or the problem. */
static int conclude_sharer(struct run *run, struct run *point,
                           struct problem *problem) {
  struct trial_result *result = point->result;
  int status = result->status ? PROBLEM_NONE : trial_team(run, point, problem);
  if (status || result->status)
    return status;
  result->status =
      fresh_region(point, &point->own, &result->total, &result->problem);
  if (!result->status)
    result->status = trial_conclude(point, &result->problem);
  return PROBLEM_NONE;
}

int trial_blocks_check(struct run *run, struct problem *problem) {
  struct partial total;
  struct problem reason;
  int status = fresh_region(run, &run->other, &total, problem);
  if (!status && trial_check_output(run, &total, &reason))
    return problem_failure(problem, "%s: %s", run->beside->name, reason.text);
  for (uint32_t i = 0; !status && i < run->also_count; i++)
    status = conclude_sharer(run, &run->also[i], problem);
  if (!status && run->result->status) {
    *problem = run->result->problem;
    status = run->result->status;
  }
  if (!status)
    status = trial_team(run, run, problem);
  return status ? status
                : fresh_region(run, &run->own, &run->result->total, problem);
}
