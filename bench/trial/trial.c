#include "bench/trial/trial.h"

#include "bench/trial/clock.h"
#include "bench/trial/limits.h"
#include "bench/trial/memory.h"
#include "bench/trial/variants/variant.h"
#include "bench/trial/weigh.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Everything that lives during one trial. */
struct run {
  const struct trial_request *request;
  struct trial_result *result;
  const struct variant *variant, *beside;
  struct memory memory;
  struct kernel_shape shape;
  struct job job;
  void *state;
  struct partial *partials; /* [workers], of the last region */
  struct partial first;     /* combined, of the first region */
  int64_t region_begin_ns[TRIAL_ITERATIONS];
  struct worker_slot *kept; /* [iterations][workers] */
};

static double seconds(int64_t ns) {
  return (double)ns * 1e-9;
}

static int out_of_memory(const struct trial_request *request,
                         struct problem *problem) {
  char what[SETTING_TEXT + 32];
  snprintf(what, sizeof what, "%s --size %" PRIu64, request->setting->name,
           request->size);
  return limits_memory_problem(what, problem);
}

static int take_memory(struct run *run, struct problem *problem) {
  const struct trial_request *request = run->request;
  uint32_t workers = request->workers;
  /* Other transports bring the results to an array of the parent's own. */
  bool in_place =
      run->variant->processes && request->variant.transport == TRANSPORT_SHM;
  size_t slot_bytes = workers * sizeof(struct worker_slot);
  struct job *job = &run->job;
  job->slots = memory_map(&run->memory, slot_bytes, MEMORY_SHARED);
  job->shared = memory_map(&run->memory, sizeof *job->shared, MEMORY_SHARED);
  run->kept = memory_map(&run->memory, slot_bytes * request->iterations,
                         MEMORY_PRIVATE);
  run->partials =
      memory_map(&run->memory, workers * sizeof *run->partials, MEMORY_PRIVATE);
  job->output =
      memory_map(&run->memory, request->size * run->shape.output_bytes,
                 in_place ? MEMORY_SHARED : MEMORY_PRIVATE);
  run->result->workers = calloc(workers, sizeof *run->result->workers);
  if (!job->slots || !job->shared || !run->kept || !run->partials ||
      !job->output || !run->result->workers)
    return out_of_memory(request, problem);
  return PROBLEM_NONE;
}

static void fill_job(struct run *run) {
  const struct trial_request *request = run->request;
  struct job *job = &run->job;
  job->kernel = request->setting->kernel;
  job->output_item_bytes = run->shape.output_bytes;
  job->size = request->size;
  job->schedule = request->variant.schedule;
  job->transport = request->variant.transport;
  job->workers = request->workers;
  job->caller = gettid();
  job->cpus = request->cpus;
  job->usable_cpus = request->usable_cpus;
  job->touch = !request->serial_touch;
  job->timeout_s = request->timeout_s;
  job->stampless = request->stampless;
  job->chunk =
      request->variant.chunk ? request->variant.chunk : run->shape.grain;
  run->result->variant = request->variant;
  run->result->variant.chunk =
      notation_takes_chunk(job->schedule) ? job->chunk : 0;
}

static int set_up(struct run *run, struct problem *problem) {
  const struct trial_request *request = run->request;
  const struct kernel_request wanted = {
      .params = request->setting->values,
      .size = request->size,
      .seed = request->seed,
      .input = request->input,
      .control = &run->job.shared->control,
      .allocator = &run->memory.input.base,
      .shared = &run->memory.shared.base,
  };
  int64_t begin_ns = clock_now_ns();
  run->state = run->job.kernel->create(&wanted);
  run->result->setup_s = seconds(clock_now_ns() - begin_ns);
  run->job.state = run->state;
  if (!run->state)
    return out_of_memory(request, problem);
  return PROBLEM_NONE;
}

/* Every item once, by someone; and the same total as the first region. */
static int check_region(struct run *run, bool first, struct problem *problem) {
  const struct job *job = &run->job;
  uint64_t items = 0;
  uint32_t seen = 0;
  for (uint32_t w = 0; w < job->workers; w++) {
    items += job->slots[w].items;
    seen += job->slots[w].chunks > 0;
    run->partials[w] = job->slots[w].partial;
  }
  bool hit = atomic_load(&job->shared->control.lowest_hit) != KERNEL_NO_HIT;
  if (items != job->size && !hit)
    return problem_failure(problem,
                           "%s: a region did %" PRIu64 " of %" PRIu64 " items",
                           job->kernel->name, items, job->size);
  if (first || seen < run->result->workers_seen)
    run->result->workers_seen = seen;
  struct partial total = partial_combine(run->partials, job->workers);
  if (first)
    run->first = total;
  if (total.lowest_hit != run->first.lowest_hit ||
      (!hit && memcmp(&total, &run->first, sizeof total) != 0))
    return problem_failure(problem,
                           "%s: two regions of one trial gave two results",
                           job->kernel->name);
  return PROBLEM_NONE;
}

static int region_of(struct run *run, const struct variant *variant, bool first,
                     double *region_s, int64_t *begin_ns,
                     struct problem *problem) {
  job_reset(&run->job);
  if (run->job.kernel->reset)
    run->job.kernel->reset(run->state);
  *begin_ns = clock_now_ns();
  int status = variant->region(&run->job, problem);
  *region_s = seconds(clock_now_ns() - *begin_ns);
  job_settle();
  return status ? status : check_region(run, first, problem);
}

static int one_region(struct run *run, bool first, double *region_s,
                      int64_t *begin_ns, struct problem *problem) {
  return region_of(run, run->variant, first, region_s, begin_ns, problem);
}

/* One of the model beside, if there is one. */
static int region_beside(struct run *run, double *region_s,
                         struct problem *problem) {
  int64_t begin_ns;
  if (!run->beside)
    return PROBLEM_NONE;
  return region_of(run, run->beside, false, region_s, &begin_ns, problem);
}

static int all_regions(struct run *run, struct problem *problem) {
  const struct trial_request *request = run->request;
  struct trial_result *result = run->result;
  uint32_t workers = request->workers;
  double ignored_s;
  int64_t begin_ns;
  int status =
      one_region(run, true, &result->region_first_s, &begin_ns, problem);
  for (uint32_t i = 0; !status && i < request->warmups; i++) {
    status = region_beside(run, &ignored_s, problem);
    if (!status)
      status = one_region(run, false, &ignored_s, &begin_ns, problem);
  }
  for (uint32_t i = 0; !status && i < request->iterations; i++) {
    if (i % 2 == 0) /* in turns: neither always follows the other */
      status = region_beside(run, &result->beside_s[i], problem);
    if (!status)
      status = one_region(run, false, &result->regions_s[i],
                          &run->region_begin_ns[i], problem);
    memcpy(&run->kept[(size_t)i * workers], run->job.slots,
           workers * sizeof *run->kept);
    if (!status && i % 2 == 1)
      status = region_beside(run, &result->beside_s[i], problem);
    result->iterations = i + 1;
  }
  return status;
}

static void finish(struct run *run) {
  struct trial_result *result = run->result;
  const struct job *job = &run->job;
  int64_t begin_ns = clock_now_ns();
  if (job->kernel->finish)
    job->kernel->finish(run->state, job->output, run->partials, job->workers,
                        &result->total);
  else
    result->total = partial_combine(run->partials, job->workers);
  result->finish_s = seconds(clock_now_ns() - begin_ns);
}

static double count_told(int32_t count) {
  return count >= 0 ? (double)count : (double)NAN;
}

static struct trial_worker worker_of(const struct worker_slot *slot,
                                     int64_t origin_ns) {
  const struct worker_noise *noise = &slot->noise;
  return (struct trial_worker){
      .begin_s = slot->chunks ? seconds(slot->begin_ns - origin_ns) : 0,
      .end_s = slot->chunks ? seconds(slot->end_ns - origin_ns) : 0,
      .busy_s = seconds(slot->busy_ns),
      .cpu_s = slot->cpu_ns ? seconds(slot->cpu_ns) : (double)NAN,
      .chunks = slot->chunks,
      .items = slot->items,
      .run_delay_s = noise->run_delay_ns != NOISE_NO_DELAY
                         ? seconds(noise->run_delay_ns)
                         : (double)NAN,
      .switches = count_told(noise->switches),
      .minor_faults = count_told(noise->minor_faults),
      .cpu_begin = count_told(noise->cpu_begin),
      .cpu_end = count_told(noise->cpu_end),
  };
}

/* The iteration whose time is the lower median; its stamps are kept. */
static void choose_region(struct run *run) {
  struct trial_result *result = run->result;
  uint32_t count = result->iterations;
  result->region_s = (double)NAN;
  if (count == 0)
    return;
  uint32_t chosen = 0;
  for (uint32_t i = 0; i < count; i++) {
    uint32_t below = 0;
    for (uint32_t j = 0; j < count; j++)
      below += result->regions_s[j] < result->regions_s[i] ||
               (j < i && result->regions_s[j] <= result->regions_s[i]);
    if (below == (count - 1) / 2)
      chosen = i;
  }
  result->region_s = result->regions_s[chosen];
  uint32_t workers = run->request->workers;
  for (uint32_t w = 0; w < workers; w++)
    result->workers[w] = worker_of(&run->kept[(size_t)chosen * workers + w],
                                   run->region_begin_ns[chosen]);
}

static int check_result(struct run *run, struct problem *problem) {
  const struct trial_request *request = run->request;
  struct trial_result *result = run->result;
  const struct job *job = &run->job;
  result->digest = trial_digest(job->output, job->size * job->output_item_bytes,
                                &result->total);
  result->checked = true;
  result->correct = true;
  if (request->check == TRIAL_EXPECT && result->digest == request->expect)
    return PROBLEM_NONE;
  struct kernel_problem difference = {""};
  bool right =
      job->kernel->verify(run->state, job->output, &result->total, &difference);
  if (right && request->check == TRIAL_VERIFY)
    return PROBLEM_NONE;
  result->correct = false;
  if (!right)
    return problem_failure(problem, "wrong result: %s", difference.text);
  return problem_failure(problem,
                         "digest %016" PRIx64 " instead of the expected "
                         "%016" PRIx64 ", though the kernel's own check of "
                         "this result passes: another size, seed or setting?",
                         result->digest, request->expect);
}

static int run_team(struct run *run, struct problem *problem) {
  struct trial_result *result = run->result;
  int64_t begin_ns = clock_now_ns();
  int status = run->variant->open(&run->job, problem);
  result->open_s = seconds(clock_now_ns() - begin_ns);
  if (status)
    return status;
  status = all_regions(run, problem);
  if (!status)
    finish(run);
  if (!status && run->request->weigh)
    result->team_pss_bytes = weigh_team_bytes();
  run->variant->close(&run->job);
  return status;
}

static int run_phases(struct run *run, struct problem *problem) {
  struct trial_result *result = run->result;
  int bind_status = worker_bind(run->request->cpus[0]);
  if (bind_status)
    return problem_failure(problem, "cannot be bound to CPU %d: %s",
                           run->request->cpus[0], strerror(-bind_status));
  int status = set_up(run, problem);
  if (!status && run->request->serial_touch)
    memory_populate(run->job.output, 0,
                    run->job.size * run->job.output_item_bytes);
  if (!status)
    status = run_team(run, problem);
  if (status)
    return status;
  result->program_s = result->setup_s + result->open_s +
                      result->region_first_s + result->finish_s;
  choose_region(run);
  return check_result(run, problem);
}

static int resolve(struct run *run, struct problem *problem) {
  const struct trial_request *request = run->request;
  const struct kernel *kernel = request->setting->kernel;
  int status = variant_resolve(&request->variant, &run->variant, problem);
  if (!status)
    status = variant_takes(run->variant, kernel, problem);
  if (status || !request->beside)
    return status;
  status = variant_resolve(request->beside, &run->beside, problem);
  if (!status)
    status = variant_takes(run->beside, kernel, problem);
  if (!status && (!run->variant->openmp || !run->beside->openmp ||
                  request->variant.schedule != request->beside->schedule))
    status = problem_usage(problem,
                           "--beside %s: it needs the team and the schedule "
                           "of --variant %s; omp:static and textbook go "
                           "together",
                           run->beside->name, run->variant->name);
  return status;
}

int trial_run_and_visit(const struct trial_request *request,
                        struct trial_result *result, trial_visit *visit,
                        void *context, struct problem *problem) {
  struct run *run = calloc(1, sizeof *run);
  *result = (struct trial_result){.region_s = (double)NAN,
                                  .team_pss_bytes = (double)NAN};
  if (!run)
    return problem_failure(problem, "out of memory");
  run->request = request;
  run->result = result;
  run->shape = setting_shape(request->setting);
  memory_init(&run->memory);
  int status = resolve(run, problem);
  if (!status && !run->variant->team && request->workers != 1)
    status = problem_usage(problem, "--workers %" PRIu32 ": %s has one worker",
                           request->workers, run->variant->name);
  if (!status)
    status = setting_check(request->setting, request->size, request->input,
                           0.8 * memory_available_bytes(), problem);
  if (!status) {
    fill_job(run);
    status = take_memory(run, problem);
  }
  if (!status)
    status = run_phases(run, problem);
  if (!status && visit) {
    struct trial_items items = {.state = run->state, .output = run->job.output};
    status = visit(request, &items, context, problem);
  }
  memory_release(&run->memory);
  free(run);
  return status;
}

int trial_run(const struct trial_request *request, struct trial_result *result,
              struct problem *problem) {
  return trial_run_and_visit(request, result, NULL, NULL, problem);
}

void trial_free(struct trial_result *result) {
  free(result->workers);
  result->workers = NULL;
}
