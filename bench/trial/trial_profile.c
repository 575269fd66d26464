/* The profile of a region: how its time is spread over its items, found by one
 * worker in equal blocks.  What a schedule can make of it is for the analysis
 * to say.
 *
 * It is taken once the program has ended, so that no phase of that changes; and
 * several times, since what disturbs a block does so once. */
#include "bench/trial/clock.h"
#include "bench/trial/trial_run.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { PASSES = TRIAL_PROFILE_PASSES };
_Static_assert(PASSES == 3, "middle() is of three");

int trial_profile_resolve(const struct run *run, struct problem *problem) {
  const struct trial_request *request = run->request;
  if (request->profile == 0)
    return PROBLEM_NONE;
  if (!notation_is_serial(&request->variant) || run->beside)
    return problem_usage(problem, "--profile: of serial alone, one worker that "
                                  "has no form beside it");
  if (run->shape.stops_early)
    return problem_usage(problem,
                         "--profile: %s stops at its first hit, and has no "
                         "profile: how much work there is depends on luck",
                         request->workload->name);
  return PROBLEM_NONE;
}

static int64_t middle(int64_t a, int64_t b, int64_t c) {
  int64_t low = a < b ? a : b, high = a < b ? b : a;
  return c < low ? low : c < high ? c : high;
}

/* Does all items, and keeps what each block took: from the end of the one
 * before, so that they add up to the whole. */
static int take_pass(struct run *run, uint32_t count, int64_t *block_ns,
                     struct problem *problem) {
  struct job job = run->job;
  const struct worker_slot *slot = &job.slots[0];
  job.stampless = true;
  job_reset(&job);
  if (job.kernel->reset)
    job.kernel->reset(run->state);
  int64_t begin_ns = clock_now_ns();
  for (uint32_t k = 0; k < count; k++) {
    worker_run(&job, 0, job_share(job.size, k, count),
               job_share(job.size, k + 1, count));
    int64_t end_ns = clock_now_ns();
    block_ns[k] = end_ns - begin_ns;
    begin_ns = end_ns;
  }
  if (slot->items == job.size &&
      memcmp(&slot->partial, &run->own.first, sizeof slot->partial) == 0)
    return PROBLEM_NONE;
  return problem_failure(problem,
                         "%s: in %" PRIu32 " blocks, one after the other, it "
                         "gave another result than as one region",
                         job.kernel->name, count);
}

/* passes_ns: [PASSES][count], room. */
static int take(struct run *run, uint32_t count, int64_t *passes_ns,
                struct problem *problem) {
  struct trial_result *result = run->result;
  int status = PROBLEM_NONE;
  for (int i = 0; !status && i < PASSES; i++)
    status = take_pass(run, count, passes_ns + (size_t)i * count, problem);
  if (status)
    return status;
  for (uint32_t k = 0; k < count; k++)
    result->profile_s[k] = trial_seconds(
        middle(passes_ns[k], passes_ns[k + count], passes_ns[k + 2 * count]));
  result->profile_count = count;
  return PROBLEM_NONE;
}

int trial_profile_take(struct run *run, struct problem *problem) {
  const struct trial_request *request = run->request;
  struct trial_result *result = run->result;
  uint32_t count = trial_profile_blocks(request);
  if (count == 0)
    return PROBLEM_NONE;
  int64_t *passes_ns = calloc((size_t)count * PASSES, sizeof *passes_ns);
  result->profile_s = calloc(count, sizeof *result->profile_s);
  if (!passes_ns || !result->profile_s) {
    free(passes_ns);
    return trial_out_of_memory(request, problem);
  }
  trial_enter(run, "as its profile was taken", false);
  int status = take(run, count, passes_ns, problem);
  free(passes_ns);
  return status;
}
