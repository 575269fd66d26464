/* The profile of a region: how its time is spread over its items, found by one
 * worker in equal blocks.  What a schedule can make of it is for the analysis
 * to say.
 *
 * It is taken once the program has ended, so that no phase of that changes; and
 * several times, since what disturbs a block does so once. */
#include "bench/plan/point.h"
#include "bench/trial/clock.h"
#include "bench/trial/trial_run.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

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

int64_t trial_profile_ns(int64_t *pass_ns, uint32_t passes) {
  for (uint32_t i = 1; i < passes; i++)
    for (uint32_t k = i; k > 0 && pass_ns[k] < pass_ns[k - 1]; k--) {
      int64_t larger_ns = pass_ns[k - 1];
      pass_ns[k - 1] = pass_ns[k];
      pass_ns[k] = larger_ns;
    }
  return pass_ns[(passes - 1) / 2];
}

/* What each block took in each pass. */
typedef int64_t passes_ns[POINT_PASSES];

/* Does all items, and keeps what each block took: from the end of the one
 * before, so that they add up to the whole. */
static int take_pass(struct run *run, uint32_t count, uint32_t pass,
                     passes_ns *blocks, struct problem *problem) {
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
    blocks[k][pass] = end_ns - begin_ns;
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

/* blocks: [count], room. */
static int take(struct run *run, uint32_t count, passes_ns *blocks,
                struct problem *problem) {
  struct trial_result *result = run->result;
  int64_t until_ns = clock_now_ns() + POINT_PASSES_NS;
  uint32_t passes = 0;
  do {
    int status = take_pass(run, count, passes++, blocks, problem);
    if (status)
      return status;
  } while (passes < POINT_PASSES && clock_now_ns() < until_ns);
  for (uint32_t k = 0; k < count; k++)
    result->profile_s[k] = trial_seconds(trial_profile_ns(blocks[k], passes));
  result->profile_count = count;
  return PROBLEM_NONE;
}

int trial_profile_take(struct run *run, struct problem *problem) {
  const struct trial_request *request = run->request;
  struct trial_result *result = run->result;
  uint32_t count = trial_profile_blocks(request);
  if (count == 0)
    return PROBLEM_NONE;
  passes_ns *blocks = calloc(count, sizeof *blocks);
  result->profile_s = calloc(count, sizeof *result->profile_s);
  if (!blocks || !result->profile_s) {
    free(blocks);
    return trial_out_of_memory(request, problem);
  }
  trial_enter(run, "as its profile was taken", false);
  int status = take(run, count, blocks, problem);
  free(blocks);
  return status;
}
