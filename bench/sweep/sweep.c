#include "bench/plan/order.h"
#include "bench/sweep/internal.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

double sweep_elapsed_s(const struct sweep *sweep) {
  double used_s = sweep->finished ? sweep->finished->used_s : 0;
  return used_s + sweep->executor->now_s(sweep->executor) - sweep->begin_s;
}

struct trial_request sweep_order(const struct sweep *sweep,
                                 const struct plan_entry *entry) {
  const struct plan *plan = sweep->plan;
  return (struct trial_request){
      .workload = plan_entry_workload(plan, entry)->workload,
      .variant = *plan_entry_variant(plan, entry),
      .workers = entry->workers,
      .usable_cpus = plan->usable_cpus,
      .size = plan_entry_size(plan, entry),
      .seed = plan->seed,
      .warmups = plan->warmups,
      .iterations = plan->iterations,
      .cpus = sweep->cpus,
      .serial_touch = plan->serial_touch,
      .expect = plan_entry_digest(sweep->plan, entry),
  };
}

/* Runs a trial and appends its record. */
static int run_trial(struct sweep *sweep, const struct trial_request *order,
                     const struct place *place, struct record *record,
                     struct problem *problem) {
  int status = sweep->executor->run(sweep->executor, order, record, problem);
  if (status)
    return status;
  free(record->phase);
  record->phase = strdup(place->phase);
  record->order = ++sweep->ordered;
  if (place->round)
    record->round = place->round;
  status = record_append(sweep->fd, sweep->path, record, problem);
  if (status)
    record_free(record);
  return status;
}

int sweep_trial(struct sweep *sweep, const struct trial_request *order,
                const struct place *place, struct record *record,
                struct problem *problem) {
  int status = PROBLEM_NONE;
  if (!sweep->finished ||
      !finished_take(sweep->finished, place, order, record)) {
    status = run_trial(sweep, order, place, record, problem);
    sweep->fresh += !status;
  }
  if (!status && strcmp(record->status, "ok") != 0 && sweep->bad++ == 0)
    snprintf(sweep->first_error, sizeof sweep->first_error,
             "%s, %s, %" PRId64 " workers: %s", record->workload,
             record->variant, record->workers,
             record->error ? record->error : record->status);
  return status;
}

void sweep_tell(const struct sweep *sweep, const struct plan_entry *entry,
                const struct place *place, double share, double left_s) {
  char variant[NOTATION_LENGTH];
  if (!sweep->report)
    return;
  notation_format_variant(plan_entry_variant(sweep->plan, entry), variant);
  struct sweep_progress progress = {
      .phase = place->phase,
      .round = place->round,
      .rounds = sweep->plan->rounds,
      .share = share,
      .left_s = left_s,
      .workload = plan_entry_workload(sweep->plan, entry)->workload->name,
      .variant = variant,
      .workers = entry->workers,
  };
  sweep->report(&progress);
}

int sweep_needed_trial(struct sweep *sweep, const struct trial_request *order,
                       const struct place *place, struct record *record,
                       struct problem *problem) {
  int status = sweep_trial(sweep, order, place, record, problem);
  if (status || strcmp(record->status, "ok") == 0)
    return status;
  record_free(record);
  return problem_failure(problem, "%s", sweep->first_error);
}

/* A pilot trial; the first of its size verifies in full and gives the digest.
 */
static int pilot_trial(struct sweep *sweep, const struct plan_entry *entry,
                       struct problem *problem) {
  const struct place place = {"pilot", 0};
  char *digest = plan_entry_digest(sweep->plan, entry);
  struct trial_request order = sweep_order(sweep, entry);
  struct record record;
  int status = sweep_needed_trial(sweep, &order, &place, &record, problem);
  if (status)
    return status;
  if (!*digest)
    snprintf(digest, DIGEST, "%s", record.digest);
  record_free(&record);
  return PROBLEM_NONE;
}

/* Six trials of every one-worker configuration, and one of each size that
 * weak scaling adds. */
static bool in_pilot(struct plan *plan, const struct plan_entry *entry,
                     int cycle) {
  return entry->workers == 1 ||
         (cycle == 0 && plan->weak && !*plan_entry_digest(plan, entry));
}

int sweep_pilot(struct sweep *sweep, struct problem *problem) {
  struct plan *plan = sweep->plan;
  const struct place place = {"pilot", 0}; /* for the progress */
  double pilot_s = budget_pilot_s(plan, sweep->costs);
  double all_s = pilot_s + plan->rounds * budget_round_s(plan, sweep->costs);
  double begin_s = sweep_elapsed_s(sweep);
  for (size_t s = 0; s < plan->workload_count; s++)
    *plan->workloads[s].digest = '\0'; /* the pilot verifies in full */
  for (int cycle = 0; cycle < PLAN_PILOTS; cycle++)
    for (size_t i = 0; i < plan->entry_count; i++) {
      const struct plan_entry *entry = &plan->entries[i];
      if (!in_pilot(plan, entry, cycle))
        continue;
      double done_s = sweep_elapsed_s(sweep) - begin_s;
      sweep_tell(sweep, entry, &place, fmin(1, done_s / all_s),
                 fmax(0, all_s - done_s));
      int status = pilot_trial(sweep, entry, problem);
      if (status)
        return status;
    }
  return PROBLEM_NONE;
}

/* One of a round's trials.  A probe has no pilot: the first one of its size is
 * verified in full. */
static int round_trial(struct sweep *sweep, const struct plan_entry *entry,
                       uint32_t round, struct problem *problem) {
  const struct place place = {entry->probe ? "probe" : "round", round};
  char *digest = plan_entry_digest(sweep->plan, entry);
  struct trial_request order = sweep_order(sweep, entry);
  struct record record;
  int status = sweep_trial(sweep, &order, &place, &record, problem);
  if (status)
    return status;
  if (!*digest && strcmp(record.status, "ok") == 0)
    snprintf(digest, DIGEST, "%s", record.digest);
  record_free(&record);
  return PROBLEM_NONE;
}

static int one_round(struct sweep *sweep, uint32_t round, const uint32_t *order,
                     double round_s, struct problem *problem) {
  struct plan *plan = sweep->plan;
  double in_round = (double)plan_trial_count(plan);
  double trials = plan->rounds * in_round;
  int status = PROBLEM_NONE;
  for (size_t i = 0; !status && i < plan_trial_count(plan); i++) {
    const struct plan_entry *entry = plan_trial(plan, order[i]);
    const struct place place = {entry->probe ? "probe" : "round", round};
    double done = (round - 1) * in_round + (double)i;
    sweep_tell(sweep, entry, &place, done / trials,
               (trials - done) / in_round * round_s);
    status = round_trial(sweep, entry, round, problem);
  }
  return status;
}

/* Whether the budget ends before another round does.  Only the clock ends a
 * run early, never what was measured; a round that has begun is finished. */
static bool is_late(const struct sweep *sweep, uint32_t round) {
  const struct plan *plan = sweep->plan;
  bool begun = sweep->finished && sweep->finished->rounds >= round;
  return plan->budget_s > 0 && !begun && !plan->rounds_given &&
         round > PLAN_ROUNDS_QUICK &&
         sweep_elapsed_s(sweep) + sweep->round_s > plan->budget_s;
}

int sweep_rounds(struct sweep *sweep, struct problem *problem) {
  struct plan *plan = sweep->plan;
  uint32_t *order = calloc(plan_trial_count(plan) + 1, sizeof *order);
  int status = PROBLEM_NONE;
  if (!order)
    return problem_failure(problem, "out of memory");
  if (sweep->timed_rounds == 0)
    sweep->round_s = budget_round_s(plan, sweep->costs);
  for (uint32_t round = sweep->rounds_done + 1;
       !status && round <= plan->rounds; round++) {
    if (is_late(sweep, round)) {
      plan_note(plan,
                "the budget ran out after %" PRIu32 " of %" PRIu32 " rounds",
                round - 1, plan->rounds);
      break;
    }
    double begin_s = sweep_elapsed_s(sweep);
    uint32_t fresh = sweep->fresh;
    order_shuffle(order, plan_trial_count(plan), plan->seed, round);
    status = one_round(sweep, round, order, sweep->round_s, problem);
    if (status)
      break;
    sweep->rounds_done = round;
    /* The mean of those that were run as a whole. */
    if (sweep->fresh - fresh < plan_trial_count(plan))
      continue;
    double took_s = sweep_elapsed_s(sweep) - begin_s;
    sweep->timed_rounds++;
    sweep->timed_s += took_s;
    sweep->round_s = sweep->timed_s / sweep->timed_rounds;
  }
  free(order);
  return status;
}
