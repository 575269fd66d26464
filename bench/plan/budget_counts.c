#include "bench/plan/budget_counts.h"

#include "bench/plan/budget.h"
#include "bench/plan/counts.h"

#include <string.h>

/* Those of kernels that wait: the others', and 2 and 4 times the CPUs. */
static void waiting_from_counts(struct plan *plan) {
  memcpy(plan->waiting, plan->counts, sizeof plan->waiting);
  plan->waiting_count = counts_waiting(plan->usable_cpus, plan->waiting,
                                       plan->count_count, PLAN_COUNTS);
}

bool budget_thin_counts(struct plan *plan) {
  size_t before = plan->count_count;
  bool same = plan->waiting_count == plan->count_count; /* --workers */
  plan->count_count = counts_thin(plan->cores, plan->counts, plan->count_count);
  if (same)
    plan->waiting_count =
        counts_thin(plan->cores, plan->waiting, plan->waiting_count);
  else
    waiting_from_counts(plan);
  if (plan->count_count < before)
    plan_note(
        plan,
        "%zu of %zu worker counts (powers of two, the cores, the largest)",
        plan->count_count, before);
  return plan->count_count < before;
}

static bool same_variant(const struct variant_spec *a,
                         const struct variant_spec *b) {
  char one[NOTATION_LENGTH], other[NOTATION_LENGTH];
  notation_format_variant(a, one);
  notation_format_variant(b, other);
  return strcmp(one, other) == 0;
}

/* Marks workloads and variants of which points share trials with other counts;
 * false: none does. */
static bool mark_all_counts(struct plan *plan) {
  bool any = false;
  for (size_t i = 0; i < plan->result_count; i++) {
    const struct point *point = &plan->points[i];
    if (point->counts < 2)
      continue;
    any = true;
    for (size_t s = 0; s < plan->workload_count; s++)
      if (plan->workloads[s].workload == point->workload)
        plan->workloads[s].all_counts = true;
    for (size_t v = 0; v < plan->variant_count; v++)
      if (same_variant(&plan->variants[v], &point->variant))
        plan->all_counts[v] = true;
  }
  return any;
}

bool budget_counts_apart(struct plan *plan) {
  if (plan->ends_apart || plan->count_count < 3 || !mark_all_counts(plan))
    return false;
  plan->ends_apart = true;
  plan_note(plan, "one and the most workers alone, but of what shares a trial "
                  "with other worker counts");
  return true;
}

/* Takes away every second count; the first and the last stay. */
static void halve_counts(uint32_t *counts, size_t *count) {
  size_t kept = 1;
  for (size_t i = 2; i + 1 < *count; i += 2)
    counts[kept++] = counts[i];
  if (*count > 1)
    counts[kept++] = counts[*count - 1];
  *count = kept;
}

static const char beginning[] = "only ";

/* In place of what was said before. */
static void say_counts(struct plan *plan) {
  for (size_t i = 0; i < plan->note_count; i++)
    if (strncmp(plan->notes[i], beginning, strlen(beginning)) == 0) {
      plan->note_count--;
      memmove(plan->notes[i], plan->notes[i + 1],
              (plan->note_count - i) * sizeof *plan->notes);
    }
  if (plan->count_count > 2)
    plan_note(plan, "%s%zu worker counts, from one to the most", beginning,
              plan->count_count);
  else
    plan_note(plan, "%sone and the most workers", beginning);
}

bool budget_fewer_counts(struct plan *plan) {
  if (plan->count_count < 3 && plan->waiting_count < 3)
    return false;
  halve_counts(plan->counts, &plan->count_count);
  halve_counts(plan->waiting, &plan->waiting_count);
  say_counts(plan);
  return true;
}

struct budget_counts budget_counts_of(const struct plan *plan) {
  struct budget_counts all = {.count = plan->count_count};
  memcpy(all.counts, plan->counts, sizeof all.counts);
  return all;
}

int budget_return_counts(struct plan *plan, const struct budget_counts *all,
                         double left_s, struct problem *problem) {
  const struct budget_counts few = budget_counts_of(plan);
  struct budget_counts more = *all;
  int status = PROBLEM_NONE;
  if (!plan->ends_apart)
    return status;
  more.count = counts_thin(plan->cores, more.counts, more.count);
  for (; !status; halve_counts(more.counts, &more.count)) {
    bool done = more.count <= few.count;
    const struct budget_counts *now = done ? &few : &more;
    memcpy(plan->counts, now->counts, sizeof plan->counts);
    plan->count_count = now->count;
    status = plan_list_points(plan, problem);
    if (done)
      break;
    if (!status && budget_fits(plan, WIDTH_ROUNDS_FIRST, left_s)) {
      say_counts(plan);
      break;
    }
  }
  return status;
}
