#include "bench/sweep/replay.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static bool answers(const struct record *record,
                    const struct trial_request *order, const char *requested) {
  bool well = record_is_ok(record);
  return strcmp(record->workload, order->workload->name) == 0 &&
         strcmp(record->requested ? record->requested : record->variant,
                requested) == 0 &&
         record->workers == (int64_t)order->workers &&
         record->size == (int64_t)order->size &&
         record->seed == (int64_t)order->seed &&
         record_repeat(record) == (int64_t)trial_repeat(order) &&
         (!well || record->regions_s.count == trial_iterations(order));
}

/* The first unused record that answers; records->count: there is none. */
static size_t find(const struct executor_replay *self,
                   const struct trial_request *order, const char *requested) {
  size_t i = self->first;
  while (i < self->records->count &&
         (self->used[i] || !answers(&self->records->list[i], order, requested)))
    i++;
  return i;
}

/* What the sweep gives to a record is taken from it again. */
static int copy(const struct record *from, struct record *to,
                struct problem *problem) {
  json_t *json = fields_to_json(record_fields, from);
  if (!json)
    return problem_failure(problem, "out of memory");
  int status = fields_from_json(record_fields, json, to, problem);
  json_decref(json);
  if (status)
    return status;
  to->round = FIELD_NULL;
  to->order = FIELD_NULL;
  return PROBLEM_NONE;
}

static int run_point(struct executor_replay *self,
                     const struct trial_request *order, struct record *record,
                     struct problem *problem) {
  char requested[NOTATION_LENGTH];
  notation_format_variant(&order->variant, requested);
  size_t i = find(self, order, requested);
  if (i == self->records->count)
    return problem_failure(problem,
                           "%s: no further trial of %.200s, %s, %" PRIu32
                           " worker%s, size %" PRIu64 ", seed %" PRIu64
                           ", %" PRIu32 " timed region%s: another plan than "
                           "was recorded?",
                           self->path, order->workload->name, requested,
                           order->workers, order->workers == 1 ? "" : "s",
                           order->size, order->seed, trial_iterations(order),
                           trial_iterations(order) == 1 ? "" : "s");
  self->used[i] = true;
  while (self->first < self->records->count && self->used[self->first])
    self->first++;
  const struct record *found = &self->records->list[i];
  if (isfinite(found->wall_s))
    self->now_s += found->wall_s;
  return copy(found, record, problem);
}

/* Points that share a trial need not have done so before. */
static int run(struct executor *base, const struct trial_request *order,
               struct record *records, struct problem *problem) {
  struct executor_replay *self = (struct executor_replay *)base;
  int status = PROBLEM_NONE;
  for (uint32_t i = 0; i <= order->also_count; i++)
    record_clear(&records[i]);
  for (uint32_t i = 0; !status && i <= order->also_count; i++) {
    const struct trial_request point = trial_request_of(order, i);
    status = run_point(self, &point, &records[i], problem);
  }
  for (uint32_t i = 0; status && i <= order->also_count; i++)
    record_free(&records[i]);
  return status;
}

static double now_s(struct executor *base) {
  return ((struct executor_replay *)base)->now_s;
}

int executor_replay_init(struct executor_replay *executor,
                         const struct records *records, const char *path,
                         struct problem *problem) {
  *executor = (struct executor_replay){
      .base = {.run = run, .now_s = now_s},
      .records = records,
      .path = path,
      .used = calloc(records->count + 1, sizeof(bool))};
  return executor->used ? PROBLEM_NONE
                        : problem_failure(problem, "out of memory");
}

void executor_replay_free(struct executor_replay *executor) {
  free(executor->used);
  executor->used = NULL;
}
