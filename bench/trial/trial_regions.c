/* The regions of a trial: run, timed, checked one by one. */
#include "bench/trial/clock.h"
#include "bench/trial/trial_run.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

/* Every item once, by someone, but for those that a search had no need of; and
 * the same total as the form's first region.
 */
static int check_region(struct run *run, struct form *form,
                        struct problem *problem) {
  const struct job *job = form->job;
  uint64_t items = 0;
  uint32_t seen = 0;
  for (uint32_t w = 0; w < job->workers; w++) {
    items += job->slots[w].items + job->slots[w].skipped;
    seen += job->slots[w].chunks > 0;
    form->partials[w] = job->slots[w].partial;
  }
  bool hit = atomic_load(&job->shared->control.lowest_hit) != KERNEL_NO_HIT;
  /* The parent hands out none past a hit. */
  if (items != job->size && (!hit || job->schedule != SCHEDULE_APPLY))
    return problem_failure(problem,
                           "%s: a region did %" PRIu64 " of %" PRIu64 " items",
                           job->kernel->name, items, job->size);
  if (form == &run->own && (!form->began || seen < run->result->workers_seen))
    run->result->workers_seen = seen;
  struct partial total = partial_combine(form->partials, job->workers);
  if (!form->began)
    form->first = total;
  form->began = true;
  if (total.lowest_hit != form->first.lowest_hit ||
      (!hit && memcmp(&total, &form->first, sizeof total) != 0))
    return problem_failure(problem,
                           "%s: two regions of one trial gave two results",
                           job->kernel->name);
  return PROBLEM_NONE;
}

int trial_region(struct run *run, struct form *form, enum moment moment,
                 struct region_times *times, struct problem *problem) {
  job_reset(form->job);
  if (run->job.kernel->reset)
    run->job.kernel->reset(run->state);
  bool parent = form->variant->processes;
  trial_audit_begin(run, form);
  int64_t cpu_ns = parent ? clock_thread_cpu_ns() : 0;
  /* After a fork the caller's first write to a page takes a microsecond. */
  int64_t begin_ns = trial_begin(run);
  int64_t fork_ns = clock_now_ns();
  int status = form->variant->region(form->job, problem);
  int64_t join_ns = clock_now_ns();
  double region_s = trial_end(run, moment, begin_ns);
  *times = (struct region_times){region_s, begin_ns, fork_ns, join_ns};
  run->caller_cpu_ns = parent ? clock_thread_cpu_ns() - cpu_ns : 0;
  job_settle();
  if (!status)
    trial_audit_end(run, form, times);
  return status ? status : check_region(run, form, problem);
}

static bool any_is_well(const struct run *run) {
  bool well = !run->result->status;
  for (uint32_t i = 0; i < run->also_count; i++)
    well = well || !run->also[i].result->status;
  return well;
}

int trial_point_region(struct run *run, struct run *point, enum moment moment,
                       struct region_times *times, bool *ran,
                       struct problem *problem) {
  struct trial_result *result = point->result;
  *ran = false;
  if (result->status)
    return PROBLEM_NONE;
  result->status =
      trial_region(point, &point->own, moment, times, &result->problem);
  *ran = !result->status;
  if (*ran || any_is_well(run))
    return PROBLEM_NONE;
  *problem = run->result->problem;
  return run->result->status;
}

/* Adds the region that the own form has just done. */
static void add_region(const struct run *run, const struct region_times *times,
                       struct sums *sums) {
  const struct job *job = &run->job;
  uint64_t blocks = 0;
  if (run->variant->unstamped || run->copy || !job_stamps(job))
    return;
  for (uint32_t w = 0; w < job->workers; w++)
    blocks += job->slots[w].chunks;
  if (job->schedule != SCHEDULE_APPLY) /* none past a hit is handed out */
    blocks = job_blocks(job);
  sums_add(sums, job->slots, job->workers, blocks, times->fork_ns,
           times->join_ns);
}

void trial_keep_region(struct run *run, const struct region_times *times) {
  uint32_t i = run->result->iterations++;
  add_region(run, times, &run->result->sums);
  run->result->regions_s[i] = times->region_s;
  run->region_begin_ns[i] = times->begin_ns;
  memcpy(&run->kept[i * run->stride], run->job.slots,
         run->request->workers * sizeof *run->kept);
  trial_around_keep(run);
}

/* What the program does: its first region, cold, and those after it. */
static int program_regions(struct run *run, struct problem *problem) {
  uint32_t timed = trial_iterations(run->request);
  struct trial_result *result = run->result;
  struct region_times times = {.region_s = 0};
  bool ran;
  int status =
      trial_point_region(run, run, MOMENT_FIRST, &times, &ran, problem);
  result->region_first_s = times.region_s;
  if (ran)
    add_region(run, &times, &result->program_sums);
  for (uint32_t i = 1; !status && i < trial_repeat(run->request); i++) {
    enum moment moment = MOMENT_REGIONS + timed + i - 1;
    status = trial_point_region(run, run, moment, &times, &ran, problem);
    if (!ran)
      continue;
    result->repeats_s += times.region_s;
    add_region(run, &times, &result->program_sums);
  }
  return status;
}

static int plain_regions(struct run *run, struct problem *problem) {
  const struct trial_request *request = run->request;
  int status = PROBLEM_NONE;
  for (uint32_t i = 0; !status && i < request->warmups + request->iterations;
       i++) {
    bool warm = i < request->warmups;
    enum moment moment =
        warm ? MOMENT_WARMUP : MOMENT_REGIONS + (i - request->warmups);
    struct region_times times;
    if (!warm)
      trial_around_next(run, run);
    status = trial_region(run, &run->own, moment, &times, problem);
    if (!status && !warm)
      trial_keep_region(run, &times);
  }
  return status;
}

struct partial trial_combine(const struct run *run, const struct form *form) {
  const struct job *job = form->job;
  struct partial total = {.lowest_hit = KERNEL_NO_HIT};
  if (!job->kernel->finish)
    return partial_combine(form->partials, job->workers);
  job->kernel->finish(run->state, job->output, form->partials, job->workers,
                      &total);
  return total;
}

static void finish(struct run *run) {
  int64_t begin_ns = trial_begin(run);
  run->result->total = trial_combine(run, &run->own);
  run->result->finish_s = trial_end(run, MOMENT_FINISH, begin_ns);
}

static double count_told(int32_t count) {
  return count >= 0 ? (double)count : (double)NAN;
}

struct trial_worker trial_worker_of(const struct worker_slot *slot,
                                    int64_t origin_ns) {
  const struct worker_noise *noise = &slot->noise;
  return (struct trial_worker){
      .begin_s = slot->chunks ? trial_seconds(slot->begin_ns - origin_ns) : 0,
      .end_s = slot->chunks ? trial_seconds(slot->end_ns - origin_ns) : 0,
      .busy_s = trial_seconds(slot->busy_ns),
      .cpu_s = slot->cpu_ns != JOB_CPU_UNTIMED ? trial_seconds(slot->cpu_ns)
                                               : (double)NAN,
      .chunks = slot->chunks,
      .items = slot->items,
      .run_delay_s = noise->run_delay_ns != NOISE_NO_DELAY
                         ? trial_seconds(noise->run_delay_ns)
                         : (double)NAN,
      .switches = count_told(noise->switches),
      .minor_faults = count_told(noise->minor_faults),
      .cpu_begin = count_told(noise->cpu_begin),
      .cpu_end = count_told(noise->cpu_end),
  };
}

uint32_t trial_median_region(const double *regions_s, uint32_t count) {
  uint32_t chosen = 0;
  for (uint32_t i = 0; i < count; i++) {
    uint32_t below = 0;
    for (uint32_t j = 0; j < count; j++)
      below += regions_s[j] < regions_s[i] ||
               (j < i && regions_s[j] <= regions_s[i]);
    if (below == (count - 1) / 2)
      chosen = i;
  }
  return chosen;
}

double trial_program_s(const struct trial_result *result) {
  return result->setup_s + result->start_s + result->touch_s +
         result->region_first_s + result->repeats_s + result->finish_s +
         result->close_s;
}

int trial_check_region(const struct trial_result *result,
                       struct problem *problem) {
  if (result->iterations == 0 || result->region_s > 0)
    return PROBLEM_NONE;
  return problem_failure(problem, "its regions took no time: this clock is too "
                                  "coarse for so few items; want more of them "
                                  "(--size)");
}

/* The iteration whose time is the trial's; its stamps are kept. */
void trial_choose_region(struct run *run) {
  struct trial_result *result = run->result;
  result->region_s = (double)NAN;
  if (result->iterations == 0)
    return;
  uint32_t chosen = trial_median_region(result->regions_s, result->iterations);
  result->region_s = result->regions_s[chosen];
  uint32_t workers = run->request->workers;
  for (uint32_t w = 0; w < workers; w++)
    result->workers[w] = trial_worker_of(&run->kept[chosen * run->stride + w],
                                         run->region_begin_ns[chosen]);
}

int trial_conclude(struct run *run, struct problem *problem) {
  trial_choose_region(run);
  int status = trial_check_region(run->result, problem);
  if (!status)
    status = trial_audit_conclude(run, problem);
  return status ? status : trial_check(run, problem);
}

int trial_regions(struct run *run, struct problem *problem) {
  run->own =
      (struct form){run->variant, &run->job, run->partials, .began = false};
  int status = trial_blocks_prepare(run, problem);
  if (!status)
    status = program_regions(run, problem);
  if (!status)
    status = trial_audit_meet(run, problem);
  if (!status)
    status = trial_around_open(run, problem);
  if (!status)
    status =
        run->beside ? trial_blocks(run, problem) : plain_regions(run, problem);
  trial_audit_part(run);
  trial_around_close(run);
  if (!status)
    finish(run);
  return status || !run->beside ? status : trial_blocks_check(run, problem);
}
