#include "bench/trial/copies.h"

#include "bench/trial/clock.h"
#include "bench/trial/handoff.h"
#include "bench/trial/processes.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

extern const struct variant variant_serial; /* as which each copy runs */

struct span {
  int64_t begin_ns, end_ns; /* CLOCK_MONOTONIC */
};

enum { SPANS_ALIGNED = 128 / sizeof(struct span) };

/* What one copy leaves behind, in cache lines of its own. */
struct copy {
  _Alignas(128) struct copies *all;
  uint32_t number;
  struct span *spans; /* one a moment */
  bool failed;        /* the problem says how */
  bool checked;
  struct problem problem;
  uint32_t workers_seen;
  struct partial total;
  uint64_t digest;
  double pss_bytes;
  struct trial_around around; /* with counts of its own, here: */
  struct worker_counts counts;
};

/* Shared by all of them and their parent. */
struct copies {
  struct handoff meeting;                 /* how many have been */
  _Alignas(128) _Atomic uint32_t arrived; /* at the one that is going on */
  uint32_t count;
  bool spins;              /* each has a CPU for itself */
  const struct run *whole; /* the parent's */
  struct copy list[];
};

/* ---- in a copy ----------------------------------------------------------- */

static void meet(struct copies *all) {
  uint32_t now = handoff_read(&all->meeting);
  if (atomic_fetch_add(&all->arrived, 1) + 1 == all->count) {
    atomic_store(&all->arrived, 0);
    handoff_advance(&all->meeting);
  }
  while (handoff_read(&all->meeting) == now)
    handoff_wait(&all->meeting, now, all->spins, 0);
}

/* Twice: who came early is asleep, and is woken by the first one; from the
 * second one, where they can spin, they go within the time of a cache line. */
void copies_meet(struct copy *copy) {
  meet(copy->all);
  if (copy->all->spins)
    meet(copy->all);
}

void copies_keep(struct copy *copy, enum moment moment, int64_t begin_ns,
                 int64_t end_ns) {
  copy->spans[moment] = (struct span){begin_ns, end_ns};
}

struct worker_slot *copies_slot(const struct copy *copy) {
  return &copy->all->whole->job.slots[copy->number];
}

struct worker_slot *copies_kept(const struct copy *copy) {
  return &copy->all->whole->kept[copy->number];
}

/* Items from a file, which the parent has read: a page that several read is
 * nothing that programs beside each other would have. */
static int own_input(struct run *run, struct kernel_input *input,
                     struct problem *problem) {
  size_t bytes = input->rows * input->columns * sizeof *input->values;
  int64_t *values = memory_map(&run->memory, bytes, MEMORY_PRIVATE);
  if (!values)
    return trial_out_of_memory(run->request, problem);
  memcpy(values, input->values, bytes);
  input->values = values;
  return PROBLEM_NONE;
}

static int run_alone(struct copy *copy, struct run *run,
                     struct trial_result *result) {
  const struct run *whole = copy->all->whole;
  struct trial_request request = *whole->request;
  struct kernel_input input = {.rows = 0};
  int status = PROBLEM_NONE;
  request.workers = request.builders = 1;
  request.cpus = &whole->request->cpus[copy->number];
  *run = (struct run){.request = &request,
                      .result = result,
                      .variant = &variant_serial,
                      .shape = whole->shape,
                      .stride = whole->stride,
                      .copy = copy};
  *result = (struct trial_result){.region_s = (double)NAN,
                                  .team_pss_bytes = (double)NAN,
                                  .around = trial_around_none()};
  memory_init(&run->memory);
  if (request.input) {
    input = *request.input;
    request.input = &input;
    status = own_input(run, &input, &copy->problem);
  }
  if (!status)
    status = trial_alone(run, &copy->problem);
  memory_release(&run->memory);
  copy->around = result->around;
  if (result->around.counts)
    copy->counts = result->around.counts[0];
  trial_free(result);
  return status;
}

/* One that fails ends at once: the others may be waiting for it, and the parent
 * sees it go. */
static void be_copy(void *context, uint32_t number) {
  struct copies *all = context;
  struct copy *copy = &all->list[number];
  struct run *run = calloc(1, sizeof *run);
  struct trial_result *result = calloc(1, sizeof *result);
  copy->failed = true;
  if (!run || !result)
    problem_failure(&copy->problem, "out of memory");
  else
    copy->failed = run_alone(copy, run, result) != PROBLEM_NONE;
  if (result) {
    copy->checked = result->checked;
    copy->workers_seen = result->workers_seen;
    copy->total = result->total;
    copy->digest = result->digest;
    copy->pss_bytes = result->team_pss_bytes;
  }
  free(run);
  free(result);
  if (copy->failed)
    _exit(1);
}

/* ---- in the parent ------------------------------------------------------- */

/* NULL: there is not enough. */
static struct copies *take_memory(struct run *run) {
  const struct trial_request *request = run->request;
  uint32_t count = request->workers;
  size_t slot_bytes = count * sizeof(struct worker_slot);
  size_t spans =
      MOMENT_REGIONS + request->iterations + trial_repeat(request) - 1;
  spans = (spans + SPANS_ALIGNED - 1) / SPANS_ALIGNED * SPANS_ALIGNED;
  struct copies *all = memory_map(
      &run->memory, sizeof *all + count * sizeof *all->list, MEMORY_SHARED);
  struct span *list =
      memory_map(&run->memory, count * spans * sizeof *list, MEMORY_SHARED);
  run->job.slots = memory_map(&run->memory, slot_bytes, MEMORY_SHARED);
  run->kept =
      memory_map(&run->memory, slot_bytes * request->iterations, MEMORY_SHARED);
  run->result->workers = calloc(count, sizeof *run->result->workers);
  if (!all || !list || !run->job.slots || !run->kept || !run->result->workers)
    return NULL;
  all->count = count;
  all->spins = request->usable_cpus >= count;
  all->whole = run;
  for (uint32_t k = 0; k < count; k++) {
    all->list[k].all = all;
    all->list[k].number = k;
    all->list[k].spans = list + k * spans;
  }
  return all;
}

/* From the begin that they had in common until the last one was done. */
static double lasted_s(const struct copies *all, uint32_t moment,
                       int64_t *begin_ns) {
  int64_t end_ns = INT64_MIN;
  *begin_ns = INT64_MAX;
  for (uint32_t k = 0; k < all->count; k++) {
    const struct span *span = &all->list[k].spans[moment];
    *begin_ns = span->begin_ns < *begin_ns ? span->begin_ns : *begin_ns;
    end_ns = span->end_ns > end_ns ? span->end_ns : end_ns;
  }
  return trial_seconds(end_ns - *begin_ns);
}

static void gather_times(struct run *run, const struct copies *all) {
  struct trial_result *result = run->result;
  int64_t ignored_ns;
  result->setup_s = lasted_s(all, MOMENT_SETUP, &ignored_ns);
  result->touch_s = lasted_s(all, MOMENT_TOUCH, &ignored_ns);
  result->region_first_s = lasted_s(all, MOMENT_FIRST, &ignored_ns);
  result->finish_s = lasted_s(all, MOMENT_FINISH, &ignored_ns);
  result->iterations = run->request->iterations;
  for (uint32_t i = 0; i < result->iterations; i++)
    result->regions_s[i] =
        lasted_s(all, MOMENT_REGIONS + i, &run->region_begin_ns[i]);
  for (uint32_t i = 1; i < trial_repeat(run->request); i++)
    result->repeats_s +=
        lasted_s(all, MOMENT_REGIONS + result->iterations + i - 1, &ignored_ns);
  result->program_s = trial_program_s(result);
  trial_choose_region(run);
}

/* Takes over what a copy has found. */
static void take_result(const struct copy *copy, struct trial_result *result) {
  result->checked = copy->checked;
  result->digest = copy->digest;
  result->total = copy->total;
}

/* The first one's energy is that of all: they are timed together.  Counts are
 * told where every copy has them. */
static void gather_around(const struct copies *all,
                          struct trial_result *result) {
  struct trial_around *sums = &result->around;
  const struct copy *first = &all->list[0];
  sums->energy_j = first->around.energy_j;
  if (first->around.counts)
    sums->counts = calloc(all->count, sizeof *sums->counts);
  for (uint32_t k = 0; k < all->count; k++) {
    const struct copy *copy = &all->list[k];
    if (sums->counts)
      sums->counts[k] = copy->around.counts
                            ? copy->counts
                            : (struct worker_counts){(double)NAN, (double)NAN};
  }
}

/* All of them are right, each by its own check: the same result, then. */
static int gather_results(struct run *run, const struct copies *all,
                          struct problem *problem) {
  struct trial_result *result = run->result;
  take_result(&all->list[0], result);
  result->team_pss_bytes = 0;
  for (uint32_t k = 0; k < all->count; k++) {
    const struct copy *copy = &all->list[k];
    result->workers_seen += copy->workers_seen;
    result->team_pss_bytes += copy->pss_bytes;
    if (copy->digest != result->digest)
      return problem_failure(problem,
                             "copies: wrong result: digest %016" PRIx64
                             " of worker %" PRIu32 ", %016" PRIx64
                             " of worker 0, and the kernel's own check passes "
                             "both: is its `verify` too weak?",
                             copy->digest, k, result->digest);
  }
  result->correct = true;
  return trial_check_region(result, problem);
}

/* Where a copy has told what its problem was, that is the trial's. */
static void name_problem(struct run *run, const struct copies *all,
                         struct problem *problem) {
  for (uint32_t k = 0; k < all->count; k++) {
    const struct copy *copy = &all->list[k];
    if (!copy->failed || !*copy->problem.text)
      continue;
    take_result(copy, run->result);
    problem_failure(problem, "copies: worker %" PRIu32 ": %s", k,
                    copy->problem.text);
    return;
  }
}

int copies_run(struct run *run, struct problem *problem) {
  struct trial_result *result = run->result;
  struct processes *team = NULL;
  trial_fill_job(run);
  run->stride = run->request->workers;
  struct copies *all = take_memory(run);
  if (!all)
    return trial_out_of_memory(run->request, problem);
  trial_enter(run, "as the copies were started", true);
  int64_t begin_ns = clock_now_ns();
  int status = processes_open(&run->job, PROCESSES_COPIES, &team, problem);
  result->start_s = trial_seconds(clock_now_ns() - begin_ns);
  if (status)
    return status;
  trial_enter(run, "in its copies", true);
  status = processes_send(team, be_copy, all, problem);
  if (status)
    name_problem(run, all, problem);
  trial_enter(run, "as the copies were ended", true);
  begin_ns = clock_now_ns();
  processes_close(team);
  result->close_s = trial_seconds(clock_now_ns() - begin_ns);
  if (status)
    return status;
  gather_times(run, all);
  gather_around(all, result);
  return gather_results(run, all, problem);
}
