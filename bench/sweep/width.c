#include "bench/sweep/width.h"

#include "bench/plan/budget.h"
#include "bench/plan/plan.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

int width_find(width_look *look, void *context, const struct so_far *so_far,
               const struct point *points, size_t count, double **half_widths,
               struct problem *problem) {
  const struct records *all = so_far->records;
  struct records some = {.list = calloc(all->count + 1, sizeof *some.list)};
  *half_widths = calloc(count + 1, sizeof **half_widths);
  if (!some.list || !*half_widths) {
    free(some.list);
    return problem_failure(problem, "out of memory");
  }
  for (size_t i = 0; i < all->count; i++)
    if (all->list[i].round == FIELD_NULL ||
        all->list[i].round <= so_far->last_round)
      some.list[some.count++] = all->list[i]; /* what they own stays there */
  int status = look(context, &some, points, count, *half_widths, problem);
  free(some.list);
  return status;
}

struct width width_widest(const struct point *points, size_t count,
                          const double *half_widths) {
  struct width widest = {.width = 0};
  for (size_t i = 0; i < count; i++)
    if (half_widths[i] > widest.width) {
      widest.width = half_widths[i];
      point_text(&points[i], widest.whose);
    }
  return widest;
}

uint32_t width_decide(const struct width *now, double target, double budget_s,
                      const struct so_far *so_far,
                      char reason[static PLAN_REASON]) {
  double most = WIDTH_ROUNDS_MOST;
  if (budget_s > 0) {
    double left_s = fmax(0, budget_s - so_far->elapsed_s);
    most = fmin(PLAN_ROUNDS_MOST, (double)so_far_rounds(so_far) +
                                      floor(left_s / so_far->round_s));
  }
  uint32_t rounds = width_rounds(now->width, target, (uint32_t)most);
  snprintf(reason, PLAN_REASON,
           "after %" PRIu32 " rounds the widest interval was ±%.3g%% of its "
           "speedup (%.80s), and ±%.3g%% was asked for%s",
           so_far->last_round, 100 * now->width, now->whose, 100 * target,
           rounds < (uint32_t)most ? ""
           : budget_s > 0          ? "; the budget allows no more"
                                   : "; no more are done");
  return rounds;
}

bool width_missed(const struct width *now, double target,
                  char text[static PLAN_REASON]) {
  if (now->width <= target)
    return false;
  snprintf(text, PLAN_REASON,
           "no intervals as narrow as ±%.3g%%: the widest is ±%.3g%% (%.60s)",
           100 * target, 100 * now->width, now->whose);
  return true;
}
