/* How many trials each point of a sweep gets, once its first rounds are there.
 *
 * What stays together in every round, as programs in a row do, gets one number:
 * that of its most wanted point.  Of worker counts that share a trial the most
 * workers get their own, since they come first, and the others one together. */
#include "bench/plan/budget.h"
#include "bench/plan/plan.h"
#include "bench/plan/text.h"
#include "bench/sweep/width.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Half-widths that are narrow enough by themselves.  Region speedups came to
 * 0.8 to 5.1% in 2.4 s a point; memory's are wider at any price. */
static const double narrow_compute = 0.02, narrow_memory = 0.05;

enum { CLASS_FIRST, CLASS_MOST, CLASS_REST, CLASS_NONE };

/* Points that get one number. */
struct share {
  uint32_t class, wanted;
  double trial_s;
  size_t serial; /* 1 + the point that has to have as many trials; 0: none */
};

static size_t workload_of(const struct plan *plan, const struct point *point) {
  for (size_t s = 0; s < plan->workload_count; s++)
    if (plan->workloads[s].workload == point->workload)
      return s;
  return plan->workload_count;
}

/* Whether a workload's verdict is about it: omp:static, where it is measured,
 * or else the first one after serial. */
static bool is_leading(const struct plan *plan, const struct point *point) {
  char own[NOTATION_LENGTH], leading[NOTATION_LENGTH] = "";
  notation_format_variant(&point->variant, own);
  for (size_t v = plan->variant_count; v-- > 1;) {
    char name[NOTATION_LENGTH];
    notation_format_variant(&plan->variants[v], name);
    if (strcmp(leading, "omp:static") != 0 &&
        !notation_is_copies(&plan->variants[v]))
      memcpy(leading, name, sizeof leading);
  }
  return strcmp(own, leading) == 0;
}

static uint32_t class_of(const struct plan *plan, const struct point *point) {
  size_t workload = workload_of(plan, point);
  bool asked = plan->target_width > 0;
  if (workload == plan->workload_count || point_is_serial(point) ||
      plan->variant_count < 2 || (point->workload->kernel->waits && !asked))
    return CLASS_NONE;
  if (point->workers < plan_most_workers(plan, workload) ||
      notation_is_copies(&point->variant))
    return CLASS_REST;
  if (point->workers > plan_most_workers(plan, workload))
    return CLASS_NONE;
  return is_leading(plan, point) ? CLASS_FIRST : CLASS_MOST;
}

static uint32_t wanted_of(const struct plan *plan, const struct point *point,
                          double half_width) {
  double target = plan->target_width > 0                   ? plan->target_width
                  : workload_moves_memory(point->workload) ? narrow_memory
                                                           : narrow_compute;
  uint32_t most = plan->target_width > 0                  ? WIDTH_ROUNDS_MOST
                  : plan->budget_s > WIDTH_BUDGET_USUAL_S ? WIDTH_ROUNDS_LONG
                                                          : WIDTH_ROUNDS_USUAL;
  return width_rounds(half_width, target, most);
}

/* Whether a unit of several worker counts begins with it. */
static bool is_first_of_counts(const struct plan *plan, size_t index) {
  const struct point *point = &plan->points[index];
  if (point->counts < 2)
    return false;
  for (size_t i = 0; i < index; i++)
    if (plan->points[i].unit == point->unit)
      return false;
  return true;
}

/* Whether two of a unit of several worker counts get one number. */
static bool is_of_part(const struct point *a, const struct point *b) {
  return a->unit == b->unit &&
         (a->workers == a->team_workers) == (b->workers == b->team_workers);
}

/* The point as in a trial of its part alone. */
static struct point in_part(const struct plan *plan,
                            const struct point *point) {
  struct point alone = *point;
  bool most = point->workers == point->team_workers;
  alone.sharers = alone.team_workers = 0;
  alone.counts = most ? 1 : point->counts - 1;
  for (size_t i = 0; i < plan->point_count; i++) {
    const struct point *other = &plan->points[i];
    if (!is_of_part(other, point))
      continue;
    alone.sharers++;
    if (other->workers > alone.team_workers)
      alone.team_workers = other->workers;
  }
  return alone;
}

/* A trial that worker counts share costs each part what it would by itself, by
 * estimates: that is what one more for it alone takes. */
static void share_cost(const struct plan *plan, uint32_t unit, double *cost_s) {
  double all_s = 0, estimate_s = 0;
  for (size_t i = 0; i < plan->point_count; i++)
    if (plan->points[i].unit == unit) {
      all_s += cost_s[i];
      estimate_s += budget_trial_s(plan, &plan->points[i]);
    }
  for (size_t i = 0; estimate_s > 0 && i < plan->point_count; i++) {
    if (plan->points[i].unit != unit)
      continue;
    const struct point alone = in_part(plan, &plan->points[i]);
    cost_s[i] = all_s * budget_trial_s(plan, &alone) / estimate_s;
  }
}

double *width_costs(const struct plan *plan, const struct so_far *so_far,
                    const size_t *points) {
  double *cost_s = calloc(plan->point_count + 1, sizeof *cost_s);
  double all_s = 0;
  for (size_t i = 0; cost_s && i < so_far->last_count; i++) {
    const struct record *r = &so_far->records->list[so_far->last[i]];
    if (isfinite(r->wall_s)) {
      cost_s[points[so_far->last_points[i]]] += r->wall_s;
      all_s += r->wall_s;
    }
  }
  for (size_t i = 0; cost_s && all_s > 0 && i < plan->point_count; i++)
    cost_s[i] *= so_far->round_s / all_s;
  for (size_t i = 0; cost_s && i < plan->point_count; i++)
    if (is_first_of_counts(plan, i))
      share_cost(plan, plan->points[i].unit, cost_s);
  return cost_s;
}

/* The first from there on that is of the point's part of its unit. */
static size_t first_of_part(const struct plan *plan, size_t from,
                            size_t index) {
  while (!is_of_part(&plan->points[from], &plan->points[index]))
    from++;
  return from;
}

/* Of each point, the first one that stays together with it; owned; NULL: no
 * memory. */
static size_t *find_firsts(const struct plan *plan) {
  uint32_t most = 0;
  for (size_t i = 0; i < plan->point_count; i++)
    most = plan->points[i].unit > most ? plan->points[i].unit : most;
  size_t *firsts = calloc(plan->point_count + 1, sizeof *firsts);
  size_t *of_unit = calloc((size_t)most + 1, sizeof *of_unit);
  for (size_t i = 0; firsts && of_unit && i < plan->point_count; i++) {
    uint32_t unit = plan->points[i].unit;
    if (unit && !of_unit[unit])
      of_unit[unit] = i + 1;
    firsts[i] = unit ? of_unit[unit] - 1 : i;
    if (plan->points[i].counts > 1)
      firsts[i] = first_of_part(plan, firsts[i], i);
  }
  bool complete = of_unit;
  free(of_unit);
  if (complete)
    return firsts;
  free(firsts);
  return NULL;
}

/* `serial` is measured beside those that have no serial regions in turns with
 * their own: its point, 1 + the index; 0: none. */
static size_t serial_of(const struct plan *plan, size_t index) {
  const struct point *point = &plan->points[index];
  if (index >= plan->result_count || point->beside || point_is_serial(point))
    return 0;
  for (size_t i = index; i-- > 0;)
    if (plan->points[i].workload == point->workload &&
        point_is_serial(&plan->points[i]))
      return i + 1;
  return 0;
}

static void add_point(const struct plan *plan, size_t index, double half_width,
                      double trial_s, struct share *share) {
  const struct point *point = &plan->points[index];
  if (plan_trials(plan, index) == 0)
    return;
  uint32_t class = class_of(plan, point);
  uint32_t wanted = wanted_of(plan, point, half_width);
  share->trial_s += trial_s;
  if (serial_of(plan, index))
    share->serial = serial_of(plan, index);
  if (class > share->class || (class == share->class && wanted < share->wanted))
    return;
  share->class = class;
  share->wanted = wanted;
}

/* What of serial's trials is missing beside so many. */
static uint32_t serial_missing(const struct plan *plan,
                               const struct share *share, uint32_t trials) {
  uint32_t there = share->serial ? plan->trials[share->serial - 1] : trials;
  return trials > there ? trials - there : 0;
}

/* One step more for each of a class that wants it; false: none does.  *short_of
 * counts those for which there is no time. */
static bool step_up(struct plan *plan, const struct share *shares,
                    const double *cost_s, const size_t *firsts, uint32_t class,
                    double *left_s, uint32_t *short_of) {
  bool any = false;
  *short_of = 0;
  for (size_t first = 0; first < plan->point_count; first++) {
    const struct share *share = &shares[first];
    uint32_t now = plan->trials[first], next = width_step(now + 1.0);
    if (firsts[first] != first || share->class != class || now >= share->wanted)
      continue;
    if (next > share->wanted)
      next = share->wanted;
    uint32_t missing = serial_missing(plan, share, next);
    double step_s = (next - now) * share->trial_s;
    if (missing > 0)
      step_s += missing * cost_s[share->serial - 1];
    *short_of += step_s > *left_s;
    if (step_s > *left_s)
      continue;
    *left_s -= step_s;
    plan->trials[first] = next;
    if (missing > 0)
      plan->trials[share->serial - 1] = next;
    any = true;
  }
  return any;
}

static void say(struct plan *plan, uint32_t first, uint32_t short_of) {
  uint32_t most = first;
  for (size_t i = 0; i < plan->trial_count; i++)
    if (plan->trials[i] > most)
      most = plan->trials[i];
  plan->rounds = most;
  struct text reason = TEXT_BEGIN(plan->rounds_reason);
  text_add(&reason,
           "%" PRIu32 " trials a point, then as many as its width asks for: "
           "up to %" PRIu32,
           first, most);
  if (short_of > 0)
    text_add(&reason, "; %" PRIu32 " ask for more than the budget has time for",
             short_of);
}

/* Fills plan->trials of all first points. */
static uint32_t give_out(struct plan *plan, const double *half_widths,
                         const double *cost_s, const size_t *firsts,
                         double left_s, struct share *shares) {
  uint32_t short_of = 0, all_short = 0;
  for (size_t i = 0; i < plan->point_count; i++)
    shares[i].class = CLASS_NONE;
  for (size_t i = 0; i < plan->point_count; i++)
    add_point(plan, i, half_widths[i], cost_s[i], &shares[firsts[i]]);
  for (uint32_t class = CLASS_FIRST; class < CLASS_NONE; class ++) {
    while (step_up(plan, shares, cost_s, firsts, class, &left_s, &short_of))
      ;
    all_short += short_of;
  }
  return all_short;
}

int width_share(struct plan *plan, const double *half_widths,
                const double *cost_s, const struct so_far *so_far,
                struct problem *problem) {
  double left_s = plan->budget_s > 0 ? plan->budget_s - so_far->elapsed_s
                                     : (double)INFINITY;
  size_t *firsts = find_firsts(plan);
  struct share *shares = calloc(plan->point_count + 1, sizeof *shares);
  free(plan->trials);
  plan->trials = calloc(plan->point_count + 1, sizeof *plan->trials);
  bool complete = firsts && shares && plan->trials;
  if (complete) {
    plan->trial_count = plan->point_count;
    for (size_t i = 0; i < plan->point_count; i++)
      plan->trials[i] = so_far->last_round;
    uint32_t short_of =
        give_out(plan, half_widths, cost_s, firsts, left_s, shares);
    for (size_t i = 0; i < plan->point_count; i++)
      plan->trials[i] = plan->trials[firsts[i]];
    say(plan, so_far->last_round, short_of);
  }
  free(firsts);
  free(shares);
  return complete ? PROBLEM_NONE : problem_failure(problem, "out of memory");
}
