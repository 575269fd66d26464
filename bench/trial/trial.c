#include "bench/trial/trial_run.h"

#include "bench/trial/builders.h"
#include "bench/trial/clock.h"
#include "bench/trial/copies.h"
#include "bench/trial/limits.h"
#include "bench/trial/memory.h"
#include "bench/trial/variants/variant.h"
#include "bench/trial/watch.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int trial_out_of_memory(const struct trial_request *request,
                        struct problem *problem) {
  char what[WORKLOAD_TEXT + 32];
  snprintf(what, sizeof what, "%s --size %" PRIu64, request->workload->name,
           request->size);
  return limits_memory_problem(what, problem);
}

static int take_memory(struct run *run, struct problem *problem) {
  const struct trial_request *request = run->request;
  uint32_t workers = request->workers;
  /* Other transports bring the results to an array of the parent's own. */
  bool in_place = run->variant->processes && !run->copy &&
                  request->variant.transport == TRANSPORT_SHM;
  size_t slot_bytes = workers * sizeof(struct worker_slot);
  struct job *job = &run->job;
  job->slots = run->copy ? copies_slot(run->copy)
                         : memory_map(&run->memory, slot_bytes, MEMORY_SHARED);
  job->shared = memory_map(&run->memory, sizeof *job->shared, MEMORY_SHARED);
  run->kept = run->copy ? copies_kept(run->copy)
                        : memory_map(&run->memory,
                                     slot_bytes * trial_iterations(request),
                                     MEMORY_PRIVATE);
  run->partials =
      memory_map(&run->memory, workers * sizeof *run->partials, MEMORY_PRIVATE);
  job->output =
      memory_map_guarded(&run->memory, request->size * run->shape.output_bytes,
                         in_place ? MEMORY_SHARED : MEMORY_PRIVATE);
  run->result->workers = calloc(workers, sizeof *run->result->workers);
  if ((run->beside && trial_clock_prepare(run) != 0) ||
      trial_around_prepare(run) != 0 || trial_audit_prepare(run) != 0)
    return trial_out_of_memory(request, problem);
  if (!job->slots || !job->shared || !run->kept || !run->partials ||
      !job->output || !run->result->workers)
    return trial_out_of_memory(request, problem);
  /* One that travels arrives in pages of the parent's own. */
  if (in_place || !run->variant->processes)
    pages_place(&run->pages, job->output,
                request->size * run->shape.output_bytes);
  return PROBLEM_NONE;
}

void trial_fill_job(struct run *run) {
  const struct trial_request *request = run->request;
  struct job *job = &run->job;
  job->kernel = request->workload->kernel;
  job->output_item_bytes = run->shape.output_bytes;
  job->search_grain = run->shape.stops_early ? run->shape.grain : 0;
  job->size = request->size;
  job->schedule = request->variant.schedule;
  job->transport = request->variant.transport;
  job->workers = request->workers;
  job->caller = gettid();
  job->cpus = request->cpus;
  job->usable_cpus = request->usable_cpus;
  job->timeout_s = request->timeout_s;
  job->deadline_ns = clock_now_ns() + (int64_t)(request->timeout_s * 1e9);
  job->stampless = request->stampless;
  /* What shares the team would count in both. */
  job->noiseless = run->beside && run->beside->team;
  job->chunk =
      request->variant.chunk ? request->variant.chunk : run->shape.grain;
  run->result->variant = request->variant;
  run->result->variant.chunk =
      notation_takes_chunk(job->schedule) ? job->chunk : 0;
}

void trial_enter(const struct run *run, const char *place, bool tended) {
  const struct watch_scene scene = {.job = &run->job,
                                    .team = run->variant->name,
                                    .place = place,
                                    .tended = tended};
  watch_scene(&scene);
}

int64_t trial_begin(const struct run *run) {
  if (run->copy)
    copies_meet(run->copy);
  return clock_now_ns();
}

double trial_end(const struct run *run, enum moment moment, int64_t begin_ns) {
  int64_t end_ns = clock_now_ns();
  if (run->copy)
    copies_keep(run->copy, moment, begin_ns, end_ns);
  return trial_seconds(end_ns - begin_ns);
}

/* Where there are several nodes, pages that were not placed lie where they are
 * touched: by the caller, then. */
static uint32_t count_builders(const struct run *run) {
  const struct trial_request *request = run->request;
  bool anywhere = !request->nodes || pages_node_count(&run->pages) > 0;
  if (run->shape.whole_input || !anywhere)
    return 1;
  return builders_count((double)request->size * run->shape.input_bytes,
                        request->builders);
}

/* Threads are born where the caller may run: that is its own CPU, but for now.
 */
static void build(struct run *run, const struct kernel_request *wanted) {
  uint32_t count = count_builders(run);
  if (count > 1)
    worker_place_return(&run->unbound);
  run->result->builders =
      builders_fill(run->job.kernel, run->state, wanted, count);
  if (count > 1)
    worker_bind(run->request->cpus[0]);
}

static int set_up(struct run *run, struct problem *problem) {
  const struct trial_request *request = run->request;
  const struct kernel_request wanted = {
      .params = request->workload->values,
      .size = request->size,
      .seed = request->seed,
      .input = request->input,
      .control = &run->job.shared->control,
      .allocator = &run->memory.input.base,
      .shared = &run->memory.shared.base,
  };
  int64_t begin_ns = trial_begin(run);
  run->state = run->job.kernel->create(&wanted);
  if (run->state && run->job.kernel->fill)
    build(run, &wanted);
  run->result->setup_s = trial_end(run, MOMENT_SETUP, begin_ns);
  run->job.state = run->state;
  if (!run->state)
    return trial_out_of_memory(request, problem);
  return PROBLEM_NONE;
}

static void touch_part(void *job, uint32_t worker) {
  worker_touch(job, worker);
}

/* Makes the pages of the output present, by the workers where they stay. */
static int touch(struct run *run, struct problem *problem) {
  struct job *job = &run->job;
  trial_enter(run, "as pages were touched", run->variant->processes);
  int64_t begin_ns = trial_begin(run);
  int status = PROBLEM_NONE;
  bool by_workers =
      run->variant->team && !run->variant->forks && !run->request->serial_touch;
  if (by_workers)
    status = run->variant->each(job, touch_part, job, problem);
  /* What travels arrives in pages of the parent's own. */
  if (!status && (!by_workers || job->channel))
    memory_populate(job->output, 0, job->size * job->output_item_bytes);
  run->result->touched_by_workers = by_workers;
  run->result->touch_s = trial_end(run, MOMENT_TOUCH, begin_ns);
  return status;
}

static int run_team(struct run *run, struct problem *problem) {
  struct trial_result *result = run->result;
  trial_enter(run, "as the team was started", run->variant->processes);
  int64_t begin_ns = clock_now_ns();
  int status = run->variant->open(&run->job, problem);
  result->start_s = trial_seconds(clock_now_ns() - begin_ns);
  if (status)
    return status;
  status = touch(run, problem);
  memory_guards_fill(run->job.output,
                     run->job.size * run->job.output_item_bytes);
  trial_enter(run, "in a region", run->variant->processes);
  if (!status)
    status = trial_regions(run, problem);
  if (!status && run->request->weigh)
    result->team_pss_bytes = weigh_team_bytes();
  trial_enter(run, "as the team was ended", run->variant->processes);
  begin_ns = clock_now_ns();
  run->variant->close(&run->job);
  result->close_s = trial_seconds(clock_now_ns() - begin_ns);
  return status;
}

static int bind_first(const struct run *run, struct problem *problem) {
  int bind_status = worker_bind(run->request->cpus[0]);
  if (!bind_status)
    return PROBLEM_NONE;
  return problem_failure(problem, "cannot be bound to CPU %d: %s",
                         run->request->cpus[0], strerror(-bind_status));
}

static int run_phases(struct run *run, struct problem *problem) {
  trial_enter(run, "in the set-up", false);
  int status = set_up(run, problem);
  if (!status)
    status = run_team(run, problem);
  if (status)
    return status;
  run->result->program_s = trial_program_s(run->result);
  run->result->node_count = pages_node_count(&run->pages);
  status = trial_profile_take(run, problem);
  if (status)
    return status;
  trial_enter(run, "as its result was checked", false);
  return trial_conclude(run, problem);
}

int trial_alone(struct run *run, struct problem *problem) {
  trial_fill_job(run);
  int status = take_memory(run, problem);
  if (!status)
    status = run_phases(run, problem);
  return status;
}

static int resolve(struct run *run, struct problem *problem) {
  const struct trial_request *request = run->request;
  const struct kernel *kernel = request->workload->kernel;
  int status = variant_resolve(&request->variant, &run->variant, problem);
  if (!status)
    status = variant_takes(run->variant, kernel, problem);
  if (!status)
    status = trial_blocks_resolve(run, problem);
  return status ? status : trial_profile_resolve(run, problem);
}

/* Points that came to no end of their own share the trial's.  Returns the first
 * status that is a problem, and the problem. */
static int settle(const struct trial_request *request, int status,
                  struct trial_result *results, struct problem *problem) {
  for (uint32_t i = 0; i <= request->also_count; i++) {
    struct trial_result *result = &results[i];
    if (status && (i == 0 || (!result->status && !result->checked))) {
      result->status = status;
      result->problem = *problem;
    }
  }
  for (uint32_t i = 1; !status && i <= request->also_count; i++) {
    status = results[i].status;
    *problem = results[i].problem;
  }
  return status;
}

/* Before anything is allocated.  Copies share nothing: what each touches is its
 * own, and near it. */
static void place_pages(struct run *run) {
  const struct trial_request *request = run->request;
  bool told = request->nodes && request->nodes[0] >= 0;
  run->pages = (struct pages){
      .nodes = told && !request->serial_touch ? request->nodes : NULL,
      .workers = request->workers,
      .items = request->size,
  };
  run->memory.pages = &run->pages;
}

/* What its variant, and memory, do not allow. */
static int check_request(const struct run *run, trial_visit *visit,
                         struct problem *problem) {
  const struct trial_request *request = run->request;
  const struct variant *variant = run->variant;
  uint32_t copies = variant->copies ? request->workers : 1;
  if (!variant->team && request->workers != 1)
    return problem_usage(problem, "--workers %" PRIu32 ": %s has one worker",
                         request->workers, variant->name);
  if (variant->copies && visit)
    return problem_usage(problem, "%s: its items are in other processes",
                         variant->name);
  return workload_check(request->workload, request->size, request->input,
                        0.8 * memory_available_bytes() / copies, problem);
}

int trial_run_and_visit(const struct trial_request *request,
                        struct trial_result *results, trial_visit *visit,
                        void *context, struct problem *problem) {
  struct run *run = calloc(1, sizeof *run);
  for (uint32_t i = 0; i <= request->also_count; i++)
    results[i] = (struct trial_result){.region_s = (double)NAN,
                                       .team_pss_bytes = (double)NAN,
                                       .around = trial_around_none(),
                                       .builders = 1,
                                       .node_count = -1};
  if (!run)
    return problem_failure(problem, "out of memory");
  run->request = request;
  run->result = results;
  run->shape = workload_shape(request->workload);
  run->stride = run->team = request->workers;
  memory_init(&run->memory);
  place_pages(run);
  int status = resolve(run, problem);
  if (!status)
    status = check_request(run, visit, problem);
  worker_place_keep(&run->unbound);
  if (!status)
    status = bind_first(run, problem);
  if (!status)
    status = run->variant->copies ? copies_run(run, problem)
                                  : trial_alone(run, problem);
  if (!status && visit) {
    struct trial_items items = {.state = run->state, .output = run->job.output};
    status = visit(request, &items, context, problem);
  }
  watch_scene(&(struct watch_scene){.job = NULL});
  memory_release(&run->memory);
  free(run);
  return settle(request, status, results, problem);
}

int trial_run(const struct trial_request *request, struct trial_result *results,
              struct problem *problem) {
  return trial_run_and_visit(request, results, NULL, NULL, problem);
}

void trial_free(struct trial_result *result) {
  free(result->workers);
  result->workers = NULL;
  free(result->around.counts);
  result->around.counts = NULL;
  free(result->profile_s);
  result->profile_s = NULL;
  trial_turns_free(&result->turns);
}
