#include "bench/analyze/run_facts.h"

#include "bench/analyze/busy.h"
#include "bench/analyze/flags.h"
#include "bench/plan/text.h"

#include <stdlib.h>
#include <string.h>

static char *copy_text(const char *text) {
  return text ? strdup(text) : NULL;
}

/* All of them, or NULL. */
static char *join_notes(const struct plan_facts *plan) {
  char *text = NULL;
  size_t length;
  FILE *out =
      plan_facts_left_out(plan, 0) ? open_memstream(&text, &length) : NULL;
  const char *note;
  for (size_t i = 0; out && (note = plan_facts_left_out(plan, i)); i++)
    fprintf(out, "%s%s", i ? "; " : "", note);
  if (out)
    (void)fclose(out);
  return text;
}

/* Stolen time over all that the CPUs had while trials ran; NAN: not told. */
static double steal_share(const struct records *records, double cpus) {
  double stolen_s = 0, had_s = 0;
  for (size_t i = 0; i < records->count; i++) {
    const struct record *r = &records->list[i];
    if (!isfinite(r->steal_s) || !isfinite(r->wall_s))
      continue;
    stolen_s += r->steal_s;
    had_s += r->wall_s * cpus;
  }
  return had_s > 0 ? stolen_s / had_s : (double)NAN;
}

/* As the median of one trial's cannot be, a sum of ticks is exact enough: what
 * is too much in one is too little in the next; NAN: not told. */
static double others_cpus(const struct records *records) {
  double used_s = 0, ran_s = 0;
  for (size_t i = 0; i < records->count; i++) {
    const struct record *r = &records->list[i];
    if (!isfinite(r->others_cpu_s) || !isfinite(r->wall_s))
      continue;
    used_s += r->others_cpu_s;
    ran_s += r->wall_s;
  }
  return ran_s > 0 ? fmax(0, used_s / ran_s) : (double)NAN;
}

/* Wall time of all trials; NAN: not told. */
static double trials_s(const struct records *records) {
  double sum_s = 0;
  for (size_t i = 0; i < records->count; i++)
    if (isfinite(records->list[i].wall_s))
      sum_s += records->list[i].wall_s;
  return sum_s > 0 ? sum_s : (double)NAN;
}

/* What the environment says, and what its noise amounts to. */
static void fill_environment(const struct records *records,
                             const struct environment *environment,
                             struct run_facts *run) {
  run->machine = copy_text(environment->machine);
  run->build = copy_text(environment->build);
  run->bind = copy_text(environment->bind);
  run->date = copy_text(environment->date);
  run->siblings_from = environment->siblings_from;
  run->slower_from = environment->slower_from;
  run->numa_from = environment->numa_from;
  if (environment->online_cpus != FIELD_NULL)
    run->steal_share = steal_share(records, (double)environment->online_cpus);
  run->busy = busy_sentence(environment, run->others_cpus);
}

static void fill_plan(const struct plan_facts *plan, struct run_facts *run) {
  run->left_out = join_notes(plan);
  run->scaling = copy_text(plan->scaling);
  run->seed = plan->seed;
  if (!plan->scaling)
    return; /* no sweep's */
  run->usable_cpus = plan->usable_cpus;
  run->iterations = plan->iterations;
  run->warmups = plan->warmups;
  run->blocks = plan->blocks;
  run->programs = plan->programs;
}

static void count_rounds(const struct rounds *rounds, struct run_facts *run) {
  run->rounds = run->rounds_left_out = 0;
  run->throttled_rounds = run->swapped_rounds = run->hot_rounds = 0;
  for (int64_t round = 1; round <= rounds->count; round++) {
    run->rounds += !rounds->bad[round];
    run->rounds_left_out += rounds->bad[round];
    run->throttled_rounds += rounds->throttled[round];
    run->swapped_rounds += rounds->swapped[round];
    run->hot_rounds += rounds->hot[round];
  }
}

static char *warnings_of(const struct run_facts *run) {
  const struct run_noise noise = {
      .steal_share = run->steal_share,
      .rounds = run->rounds,
      .throttled_rounds = run->throttled_rounds,
      .swapped_rounds = run->swapped_rounds,
      .hot_rounds = run->hot_rounds,
      .clock_refused = run->clock_refused,
  };
  return run_warnings(&noise);
}

void run_facts_make(const struct records *records, const struct rounds *rounds,
                    int64_t clock_refused, const struct plan_facts *plan,
                    const struct environment *environment,
                    struct run_facts *run) {
  fields_clear(run_fields, run);
  run->schema = ANALYSIS_SCHEMA;
  count_rounds(rounds, run);
  run->clock_refused = clock_refused;
  run->bad_trials = 0;
  run->trials = (int64_t)records->count;
  for (size_t i = 0; i < records->count; i++)
    run->bad_trials += !record_is_ok(&records->list[i]);
  run->trials_s = trials_s(records);
  run->torn = records->torn;
  run->others_cpus = others_cpus(records);
  if (plan)
    fill_plan(plan, run);
  if (environment)
    fill_environment(records, environment, run);
  run->warnings = warnings_of(run);
}
