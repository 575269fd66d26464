#include "bench/analyze/run_facts.h"

#include "bench/analyze/flags.h"
#include "bench/plan/text.h"

#include <stdlib.h>
#include <string.h>

static char *copy_text(const char *text) {
  return text ? strdup(text) : NULL;
}

static char *join_notes(const json_t *plan) {
  const json_t *notes = json_object_get(plan, "left_out");
  char bytes[24 * 162];
  struct text text = TEXT_BEGIN(bytes);
  for (size_t i = 0; i < json_array_size(notes); i++)
    text_add(&text, "%s%s", i ? "; " : "",
             json_string_value(json_array_get(notes, i)));
  return text.length > 0 ? strdup(bytes) : NULL;
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
                    int64_t clock_refused, const json_t *plan,
                    const struct environment *environment,
                    struct run_facts *run) {
  fields_clear(run_fields, run);
  run->schema = ANALYSIS_SCHEMA;
  count_rounds(rounds, run);
  run->clock_refused = clock_refused;
  run->bad_trials = 0;
  run->trials = (int64_t)records->count;
  for (size_t i = 0; i < records->count; i++)
    run->bad_trials += strcmp(records->list[i].status, "ok") != 0;
  run->torn = records->torn;
  run->left_out = join_notes(plan);
  run->scaling = copy_text(json_string_value(json_object_get(plan, "scaling")));
  const char *const keys[] = {"usable_cpus", "seed", "iterations"};
  int64_t *const members[] = {&run->usable_cpus, &run->seed, &run->iterations};
  for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
    if (json_is_integer(json_object_get(plan, keys[i])))
      *members[i] = json_integer_value(json_object_get(plan, keys[i]));
  if (environment)
    fill_environment(records, environment, run);
  run->warnings = warnings_of(run);
}
