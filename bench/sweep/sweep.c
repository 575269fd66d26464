#include "bench/sweep/sweep.h"

#include "bench/plan/order.h"
#include "bench/trial/memory.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* What a trial is recorded as, besides what it measured. */
struct place {
  const char *phase;
  uint32_t round;
};

double sweep_elapsed_s(const struct sweep *sweep) {
  return sweep->executor->now_s(sweep->executor) - sweep->begin_s;
}

struct trial_order sweep_order(const struct sweep *sweep,
                               const struct plan_entry *entry) {
  const struct plan *plan = sweep->plan;
  const struct plan_setting *setting = &plan->settings[entry->setting];
  return (struct trial_order){
      .setting = setting->setting,
      .variant = plan->variants[entry->variant],
      .workers = entry->workers,
      .usable_cpus = plan->usable_cpus,
      .size = plan_entry_size(plan, entry),
      .seed = plan->seed,
      .warmups = plan->warmups,
      .iterations = plan->iterations,
      .cpus = sweep->cpus,
      .serial_touch = plan->serial_touch,
      .digest = plan_entry_digest(sweep->plan, entry),
  };
}

/* Runs one trial and appends its record; the caller releases the record. */
static int run_trial(struct sweep *sweep, const struct trial_order *order,
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
  if (strcmp(record->status, "ok") != 0 && sweep->bad++ == 0)
    snprintf(sweep->first_error, sizeof sweep->first_error,
             "%s, %s, %" PRId64 " workers: %s", record->setting,
             record->variant, record->workers,
             record->error ? record->error : record->status);
  status = record_append(sweep->fd, sweep->path, record, problem);
  if (status)
    record_free(record);
  return status;
}

static void report(const struct sweep *sweep, const struct plan_entry *entry,
                   const struct place *place, double share, double left_s) {
  char variant[NOTATION_LENGTH];
  if (!sweep->report)
    return;
  notation_format_variant(&sweep->plan->variants[entry->variant], variant);
  struct sweep_progress progress = {
      .phase = place->phase,
      .round = place->round,
      .rounds = sweep->plan->rounds,
      .share = share,
      .left_s = left_s,
      .setting = sweep->plan->settings[entry->setting].setting->name,
      .variant = variant,
      .workers = entry->workers,
  };
  sweep->report(&progress);
}

/* A trial that must succeed for the sweep to go on. */
static int run_needed(struct sweep *sweep, const struct trial_order *order,
                      const struct place *place, struct record *record,
                      struct problem *problem) {
  int status = run_trial(sweep, order, place, record, problem);
  if (status || strcmp(record->status, "ok") == 0)
    return status;
  record_free(record);
  return problem_failure(problem, "%s", sweep->first_error);
}

/* Items that the footprint's limit allows: min(32 MiB x CPUs, memory / 8). */
static uint64_t most_items(const struct sweep *sweep,
                           const struct setting *setting) {
  struct kernel_shape shape = setting_shape(setting);
  double per_item = shape.input_bytes + (double)shape.output_bytes;
  double limit = 32.0 * 1048576 * sweep->plan->usable_cpus;
  double eighth = memory_available_bytes() / 8;
  if (eighth > 0 && eighth < limit)
    limit = eighth;
  return per_item > 0 ? (uint64_t)(limit / per_item) : UINT64_C(1) << 40;
}

/* The largest size up to `size` that the kernel takes (results that would
 * not fit are a limit of their own). */
static uint64_t accepted_size(const struct setting *setting, uint64_t size) {
  struct problem ignored;
  while (size > 1 && setting_check(setting, size, NULL, 0, &ignored) != 0)
    size /= 2;
  return size;
}

enum { DIGEST = sizeof((struct plan_setting *)NULL)->digest };

static struct plan_setting *setting_of(struct sweep *sweep, uint32_t index) {
  return &sweep->plan->settings[index];
}

/* One serial region at a size: the lower median of `count` trials. */
static int serial_region(struct sweep *sweep, uint32_t setting, int count,
                         struct budget_cost *cost, struct problem *problem) {
  const struct place place = {"calibration", 0};
  const struct plan_entry entry = {.setting = setting, .workers = 1};
  struct trial_order order = sweep_order(sweep, &entry);
  double shortest_s = (double)INFINITY;
  order.iterations = 1;
  order.warmups = 0;
  for (int i = 0; i < count; i++) {
    struct record record;
    report(sweep, &entry, &place, 0, (double)NAN);
    int status = run_needed(sweep, &order, &place, &record, problem);
    if (status)
      return status;
    /* The later ones verify nothing, and so say what trials will cost. */
    snprintf(setting_of(sweep, setting)->digest, DIGEST, "%s", record.digest);
    if (record.region_s < shortest_s) {
      shortest_s = record.region_s;
      cost->region_s = record.region_s;
      cost->fixed_s = record.wall_s - record.region_s - record.region_first_s;
    }
    record_free(&record);
  }
  return PROBLEM_NONE;
}

/* Several doublings at once while a region is far from its target. */
static uint64_t doubled(uint64_t size, uint64_t most, double region_s,
                        double target_s) {
  while (region_s < target_s && size <= most) {
    size *= 2;
    region_s *= 2;
  }
  return size;
}

/* Doubling goes up to twice as far as needed, and rounds are dear: takes back
 * what is more than a tenth past the target.  A multiple of the most workers,
 * so that a few large items still fall evenly. */
static int trim_size(struct sweep *sweep, uint32_t index, double target_s,
                     struct problem *problem) {
  struct plan_setting *setting = setting_of(sweep, index);
  struct budget_cost *cost = &sweep->costs[index];
  uint64_t most = plan_most_workers(sweep->plan, index);
  if (!(cost->region_s > 1.25 * target_s))
    return PROBLEM_NONE;
  double share = 1.1 * target_s / cost->region_s;
  setting->size =
      (uint64_t)((double)setting->size * share / (double)most + 1) * most;
  *setting->digest = '\0';
  return serial_region(sweep, index, 2, cost, problem);
}

/* Doubles the size until a serial region takes the target at the most
 * workers, and confirms it twice. */
static int calibrate_one(struct sweep *sweep, uint32_t index,
                         struct problem *problem) {
  struct plan_setting *setting = &sweep->plan->settings[index];
  struct budget_cost *cost = &sweep->costs[index];
  if (setting->fixed)
    return serial_region(sweep, index, 2, cost, problem);
  uint32_t workers = plan_most_workers(sweep->plan, index);
  /* Under weak scaling one worker alone takes the target, and so do all. */
  double target_s = sweep->plan->target_s * (sweep->plan->weak ? 1 : workers);
  uint64_t most =
      accepted_size(setting->setting, most_items(sweep, setting->setting));
  if (sweep->plan->weak)
    most = most > workers ? most / workers : 1;
  uint64_t size = setting->setting->kernel->size / 64 + 1;
  const char *why = NULL;
  for (int confirmed = 0; confirmed < 2;) {
    if (!confirmed)
      *setting->digest = '\0';
    setting->size = size < most ? size : most;
    int status = serial_region(sweep, index, confirmed ? 2 : 1, cost, problem);
    if (status)
      return status;
    if (cost->region_s >= target_s || setting->size == most) {
      confirmed++;
      why = cost->region_s >= target_s ? "met" : "not met: memory";
      continue;
    }
    confirmed = 0;
    size = doubled(size, most, cost->region_s, target_s);
  }
  snprintf(setting->target, sizeof setting->target, "%s", why);
  return trim_size(sweep, index, target_s, problem);
}

int sweep_calibrate(struct sweep *sweep, struct problem *problem) {
  for (uint32_t s = 0; s < sweep->plan->setting_count; s++) {
    int status = calibrate_one(sweep, s, problem);
    if (status)
      return status;
  }
  return PROBLEM_NONE;
}

/* A pilot trial; the first of its size verifies in full and gives the digest.
 */
static int pilot_trial(struct sweep *sweep, const struct plan_entry *entry,
                       struct problem *problem) {
  const struct place place = {"pilot", 0};
  char *digest = plan_entry_digest(sweep->plan, entry);
  struct trial_order order = sweep_order(sweep, entry);
  struct record record;
  int status = run_needed(sweep, &order, &place, &record, problem);
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
  const struct place place = {"pilot", 0};
  double pilot_s = budget_pilot_s(plan, sweep->costs);
  double all_s = pilot_s + plan->rounds * budget_round_s(plan, sweep->costs);
  double begin_s = sweep_elapsed_s(sweep);
  for (size_t s = 0; s < plan->setting_count; s++)
    *plan->settings[s].digest = '\0'; /* the pilot verifies in full */
  for (int cycle = 0; cycle < PLAN_PILOTS; cycle++)
    for (size_t i = 0; i < plan->entry_count; i++) {
      const struct plan_entry *entry = &plan->entries[i];
      if (!in_pilot(plan, entry, cycle))
        continue;
      double done_s = sweep_elapsed_s(sweep) - begin_s;
      report(sweep, entry, &place, fmin(1, done_s / all_s),
             fmax(0, all_s - done_s));
      int status = pilot_trial(sweep, entry, problem);
      if (status)
        return status;
    }
  return PROBLEM_NONE;
}

static int one_round(struct sweep *sweep, uint32_t round, const uint32_t *order,
                     double round_s, struct problem *problem) {
  struct plan *plan = sweep->plan;
  const struct place place = {"round", round};
  double trials = (double)plan->rounds * (double)plan->entry_count;
  for (size_t i = 0; i < plan->entry_count; i++) {
    const struct plan_entry *entry = &plan->entries[order[i]];
    double done = (round - 1) * (double)plan->entry_count + (double)i;
    struct record record;
    report(sweep, entry, &place, done / trials,
           (trials - done) / (double)plan->entry_count * round_s);
    struct trial_order wanted = sweep_order(sweep, entry);
    int status = run_trial(sweep, &wanted, &place, &record, problem);
    if (status)
      return status;
    record_free(&record);
  }
  return PROBLEM_NONE;
}

int sweep_rounds(struct sweep *sweep, struct problem *problem) {
  struct plan *plan = sweep->plan;
  uint32_t *order = calloc(plan->entry_count + 1, sizeof *order);
  double round_s = budget_round_s(plan, sweep->costs);
  double begin_s = sweep_elapsed_s(sweep);
  int status = PROBLEM_NONE;
  if (!order)
    return problem_failure(problem, "out of memory");
  for (uint32_t round = 1; !status && round <= plan->rounds; round++) {
    /* Only the clock ends a run early, never what was measured. */
    bool late =
        plan->budget_s > 0 && sweep_elapsed_s(sweep) + round_s > plan->budget_s;
    if (late && !plan->rounds_given && round > PLAN_ROUNDS_QUICK) {
      plan_note(plan,
                "the budget ran out after %" PRIu32 " of %" PRIu32 " rounds",
                round - 1, plan->rounds);
      break;
    }
    order_shuffle(order, plan->entry_count, plan->seed, round);
    status = one_round(sweep, round, order, round_s, problem);
    round_s = (sweep_elapsed_s(sweep) - begin_s) / round;
  }
  free(order);
  return status;
}
