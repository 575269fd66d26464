#include "bench/plan/budget.h"

#include "bench/plan/budget_counts.h"
#include "bench/plan/meters.h"
#include "bench/plan/repeat.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

static const double spawn_s = 0.002;           /* exec, exit and the record */
static const double team_s = 0.0002;           /* starting a worker */
static const double clock_s = 0.0005;          /* a block's clocks */
static const double shortest_region_s = 0.001; /* below: flagged as short */
/* Of the target, up to it by doubling and twice at it, two in each trial; and
 * what all of that may take of the budget. */
static const double calibrated_regions = 8, calibration_share = 0.1;

const char budget_shorter[] = "shorter regions (see \"target\" in plan.json)",
           budget_unmet[] = "not met: budget";

static double count_sharers(const struct point *point) {
  return point->sharers > 1 ? point->sharers : 1;
}

/* Regions of a point's trial in turns, `own` its own and `serial` the others;
 * of a trial that is shared, its part of what there is once: warm-ups and
 * checks of `serial`, and its regions between two points each, or where they
 * have several worker counts, one pair a block. */
static void count_turns(const struct point *point, double *own,
                        double *serial) {
  bool memory = workload_moves_memory(point->workload);
  double points = count_sharers(point);
  /* of serial regions in a block */
  double groups = point->counts > 1 ? 2 : ceil(points / 2) + 1;
  *own = 2 * point->warmups + point->blocks * (memory ? 3 : 2) + 1;
  *serial =
      (2 * point->warmups + point->blocks * (memory ? 2 : 1) * groups + 1) /
      points;
}

/* Regions of the whole team, once in a trial: the cold one, and those right
 * after it has grown, one a block. */
static double count_team_regions(const struct point *point) {
  return 1 + (point->counts > 1 ? point->blocks : 0);
}

/* Regions of a profile. */
static double count_passes(const struct point *point, double region_s) {
  double passes = point->profile > 0;
  while (passes > 0 && passes < POINT_PASSES &&
         passes * region_s < POINT_PASSES_NS * 1e-9)
    passes++;
  return passes;
}

/* A region of so many workers of the point's workload.  A tenth more than
 * ideal: rounds are counted again after the pilot. */
static double region_s(const struct plan *plan, const struct point *point,
                       uint32_t workers) {
  bool grows = plan->weak || plan_is_probe(plan, point) ||
               notation_is_copies(&point->variant);
  uint32_t at_once = workers;
  if (!point->workload->kernel->waits && at_once > plan->usable_cpus)
    at_once = plan->usable_cpus;
  if (grows)
    at_once = 1; /* the work grows with the workers */
  return plan_find_workload(plan, point)->region_s / at_once *
             (at_once > 1 ? 1.1 : 1) +
         team_s;
}

/* Regions of a point's trial in turns with serial ones, and what goes with
 * them. */
static double turns_s(const struct plan *plan, const struct point *point,
                      double repeats) {
  double regions, serial, points = count_sharers(point);
  uint32_t team = points > 1 ? point->team_workers : point->workers;
  count_turns(point, &regions, &serial);
  serial *= plan_find_workload(plan, point)->region_s *
            (plan->weak ? point->workers : 1);
  double team_regions_s =
      count_team_regions(point) * region_s(plan, point, team);
  /* To grow takes as long as to start. */
  if (point->counts > 1)
    team_regions_s += (point->blocks + 1) * team_s * team;
  return serial + point->blocks * clock_s + team_regions_s / points +
         (regions + repeats) * region_s(plan, point, point->workers);
}

double budget_trial_s(const struct plan *plan, const struct point *point) {
  const struct plan_workload *of = plan_find_workload(plan, point);
  bool memory = workload_moves_memory(point->workload);
  double repeats = repeat_regions(point->repeat, memory);
  double regions = 1 + repeats + point->warmups + point->iterations +
                   count_passes(point, of->region_s);
  uint32_t team = point->sharers > 1 ? point->team_workers : point->workers;
  double process_s =
      (spawn_s + of->fixed_s + team_s * team) / count_sharers(point);
  return process_s + (point->beside
                          ? turns_s(plan, point, repeats)
                          : regions * region_s(plan, point, point->workers));
}

double budget_target_s(const struct plan *plan) {
  double target_s = plan->target_s, workers = 0;
  for (size_t s = 0; s < plan->workload_count; s++)
    if (!plan->workloads[s].fixed)
      workers += plan_most_workers(plan, s);
  while (plan->budget_s > 0 && !plan->weak &&
         target_s / 2 >= shortest_region_s &&
         calibrated_regions * workers * target_s >
             calibration_share * plan->budget_s)
    target_s /= 2;
  return target_s;
}

double budget_pilot_s(const struct plan *plan) {
  double total_s = 0;
  for (size_t i = 0; i < plan->result_count; i++) {
    struct point first = plan->points[i], other = plan->points[i];
    plan_make_pilot(plan, 0, &first);
    plan_make_pilot(plan, 1, &other);
    if (first.workers == 1)
      total_s += budget_trial_s(plan, &first) +
                 (PLAN_PILOTS - 1) * budget_trial_s(plan, &other);
  }
  return total_s;
}

double budget_round_s(const struct plan *plan) {
  double total_s = 0;
  for (size_t i = 0; i < plan->point_count; i++)
    if (!plan_is_apart(&plan->points[i]) && plan_trials(plan, i) > 0)
      total_s += budget_trial_s(plan, &plan->points[i]);
  return total_s;
}

bool budget_fits(const struct plan *plan, uint32_t rounds, double left_s) {
  if (plan->rounds_given || plan->rounds < rounds)
    rounds = plan->rounds;
  return budget_pilot_s(plan) + rounds * budget_round_s(plan) <= left_s;
}

/* How early a variant is given up: a team's later schedules first, then the
 * teams from the last; `serial` and the first other one never are. */
static size_t least_wanted(const struct plan *plan) {
  size_t chosen = 0;
  int chosen_rank = -1;
  for (size_t v = 2; v < plan->variant_count; v++) {
    int rank = 0;
    for (size_t u = 0; u < v; u++)
      rank += strcmp(plan->variants[u].team, plan->variants[v].team) == 0;
    if (rank >= chosen_rank) {
      chosen = v;
      chosen_rank = rank;
    }
  }
  /* fork says least beyond what pool says */
  for (size_t v = 2; chosen_rank == 0 && v < plan->variant_count; v++)
    if (strcmp(plan->variants[v].team, "fork") == 0)
      chosen = v;
  return chosen;
}

static void drop_variant(struct plan *plan, size_t dropped) {
  char name[NOTATION_LENGTH];
  notation_format_variant(&plan->variants[dropped], name);
  plan_note_more(plan, "without ", name);
  for (size_t v = dropped + 1; v < plan->variant_count; v++) {
    plan->variants[v - 1] = plan->variants[v];
    plan->turns[v - 1] = plan->turns[v];
    plan->all_counts[v - 1] = plan->all_counts[v];
  }
  plan->variant_count--;
}

/* Halves every region that stays at 1 ms or more at the most workers. */
static bool shorten_regions(struct plan *plan) {
  bool changed = false;
  for (size_t s = 0; s < plan->workload_count; s++) {
    uint32_t most = plan_most_workers(plan, s);
    struct plan_workload *of = &plan->workloads[s];
    if (of->fixed || of->size < 2 * (uint64_t)most ||
        of->region_s / 2 / most < shortest_region_s)
      continue;
    of->size /= 2;
    of->region_s /= 2;
    of->fixed_s /= 2;
    snprintf(of->target, sizeof of->target, "%s", budget_unmet);
    changed = true;
  }
  return changed;
}

static bool fewer_blocks(struct plan *plan) {
  if (plan->blocks <= 1)
    return false;
  plan_note(plan, "one block per trial instead of %" PRIu32, plan->blocks);
  plan->blocks = 1;
  return true;
}

/* Of trials that are not in blocks; their regions are cold, then. */
static bool fewer_regions(struct plan *plan) {
  if (plan->iterations <= 1 && plan->warmups == 0)
    return false;
  plan_note(plan,
            "1 timed region per trial instead of %" PRIu32 ", and no warm-up",
            plan->iterations);
  plan->iterations = 1;
  plan->warmups = 0;
  return true;
}

static bool shorter_regions(struct plan *plan) {
  bool shorter = shorten_regions(plan);
  if (shorter)
    plan_note_once(plan, budget_shorter);
  return shorter;
}

static bool no_teams_of_one(struct plan *plan) {
  if (plan->without_ones)
    return false;
  plan->without_ones = true;
  plan_note(plan, "no rounds of teams of one worker");
  return true;
}

static bool fewer_variants(struct plan *plan, size_t least) {
  if (plan->variant_count <= least)
    return false;
  drop_variant(plan, least_wanted(plan));
  return true;
}

static bool to_three_variants(struct plan *plan) {
  return fewer_variants(plan, 3);
}

static bool to_two_variants(struct plan *plan) {
  return fewer_variants(plan, 2);
}

static bool no_probes(struct plan *plan) {
  if (plan->probe_count == 0)
    return false;
  plan_note(plan, "without probes of the capacity");
  plan_keep_probes(plan, 0);
  return true;
}

static bool fewer_profiles(struct plan *plan) {
  if (plan->one_profile)
    return false;
  plan->one_profile = true;
  plan_note(plan,
            "intervals of the regions' bounds (one profile instead of %d)",
            PLAN_PILOTS);
  return true;
}

/* In this order: each takes one thing away, as long as there is one. */
static bool (*const thinnings[])(struct plan *) = {
    fewer_profiles,      plan_drop_meters, /* they come back if there is room at
                                              the end */
    budget_thin_counts,  to_three_variants,   fewer_blocks,
    fewer_regions,       shorter_regions,     repeat_fewer,
    budget_counts_apart, budget_fewer_counts, no_teams_of_one,
    to_two_variants,     no_probes,
};

/* Takes away one thing; false when nothing is left to take. */
static bool thin_once(struct plan *plan, size_t *step) {
  while (*step < sizeof thinnings / sizeof *thinnings)
    if (thinnings[*step](plan))
      return true;
    else
      ++*step;
  return false;
}

/* Meters are the first to go; what was thinned since may leave room for them
 * again, at the sizes that are now. */
static int return_meters(struct plan *plan, double left_s,
                         struct problem *problem) {
  int status = plan_add_meters(plan, problem);
  if (!status)
    status = plan_list_points(plan, problem);
  if (status || budget_fits(plan, WIDTH_ROUNDS_FIRST, left_s) ||
      !plan_drop_meters(plan))
    return status;
  plan_note(plan, "no meters of memory and additions, and so no rooflines");
  return plan_list_points(plan, problem);
}

static bool has_meters(const struct plan *plan) {
  return plan->probe_count > 0 && plan->probes[plan->probe_count - 1].meter;
}

int budget_thin(struct plan *plan, double left_s, struct problem *problem) {
  size_t step = 0;
  bool metered = has_meters(plan);
  const struct budget_counts all = budget_counts_of(plan);
  int status = plan_list_points(plan, problem);
  while (!status && plan->budget_s > 0 &&
         !budget_fits(plan, WIDTH_ROUNDS_FIRST, left_s)) {
    if (!thin_once(plan, &step)) {
      if (!budget_fits(plan, PLAN_ROUNDS_QUICK, left_s))
        plan_note(plan, "nothing more could be left out: it will take longer");
      break;
    }
    status = plan_list_points(plan, problem);
  }
  if (!status)
    status = budget_return_counts(plan, &all, left_s, problem);
  if (!status && metered && !has_meters(plan))
    status = return_meters(plan, left_s, problem);
  return status;
}

void budget_rounds(struct plan *plan, double left_s) {
  if (plan->budget_s <= 0 || plan->rounds_given ||
      plan->rounds <= PLAN_ROUNDS_QUICK)
    return;
  /* Estimates are above what it takes; the last one is not begun in vain. */
  double rounds = ceil(left_s / budget_round_s(plan));
  if (rounds >= plan->rounds)
    return;
  uint32_t requested = plan->rounds;
  plan->rounds =
      rounds > PLAN_ROUNDS_QUICK ? (uint32_t)rounds : PLAN_ROUNDS_QUICK;
  plan_note(plan, "%" PRIu32 " rounds instead of %" PRIu32, plan->rounds,
            requested);
}

uint32_t width_step(double wanted) {
  static const uint32_t steps[] = {9, 12, 15, 17, 20, 23, 25, 28, 30, 40};
  for (size_t i = 0; i < sizeof steps / sizeof *steps; i++)
    if (wanted <= steps[i])
      return steps[i];
  return wanted < PLAN_ROUNDS_MOST ? (uint32_t)ceil(wanted) : PLAN_ROUNDS_MOST;
}

uint32_t width_rounds(double half_width, double target, uint32_t most) {
  double ratio = half_width / target;
  double wanted = WIDTH_ROUNDS_FIRST * ratio * ratio;
  if (most < WIDTH_ROUNDS_FIRST)
    most = WIDTH_ROUNDS_FIRST;
  /* A width that is not known is none that is small enough. */
  uint32_t rounds = isnan(wanted) ? most : width_step(wanted);
  return rounds < most ? rounds : most;
}
