/* plan.json, read: to repeat its run elsewhere, to go on with it, or to analyse
 * it.  There is one reader, and whatever is read is checked. */
#include "bench/plan/counts.h"
#include "bench/plan/json_file.h"
#include "bench/plan/old_words.h"
#include "bench/plan/plan.h"
#include "bench/plan/plan_file.h"
#include "bench/plan/plan_shard.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BYTES_MOST 1e18

enum { ITERATIONS_MOST = 1000, COMMAND_ROOM = 64 };

static void copy_text(struct json_reader *reader, const char *key, char *text,
                      size_t room) {
  snprintf(text, room, "%s", json_read_text(reader, key, room));
}

static uint32_t read_count(struct json_reader *reader, const char *key,
                           int64_t least, int64_t most) {
  return (uint32_t)json_read_integer(reader, key, least, most);
}

/* From 1 on, ascending. */
static void read_counts(struct json_reader *reader, const char *key,
                        uint32_t *counts, size_t *count) {
  size_t listed = json_read_list(reader, key, PLAN_COUNTS);
  int64_t least = 1;
  if (listed == 0)
    json_reader_refuse(reader, key, "worker counts that begin with 1");
  for (*count = 0; *count < listed && !reader->status; least++) {
    int64_t most = *count == 0 ? 1 : COUNTS_MAX;
    least = json_read_integer_at(reader, key, *count, least, most);
    counts[(*count)++] = (uint32_t)least;
  }
}

static bool is_second(struct json_reader *reader, const char *key,
                      const char *first, const char *second) {
  const char *const words[] = {first, second, NULL};
  return json_read_word(reader, key, words) == 1;
}

static json_int_t schema_of(const json_t *json) {
  return json_integer_value(json_object_get(json, "schema"));
}

static void read_bind(struct plan *plan, struct json_reader *reader) {
  struct problem ignored;
  const char *bind = json_read_text(reader, "bind", NOTATION_LENGTH);
  if (!reader->status &&
      machine_parse_bind(machine_bind_today(bind, schema_of(reader->object)),
                         &plan->bind, &ignored) != 0)
    json_reader_refuse(reader, "bind", "cores, spread, close or none");
}

/* Null or missing: all have them. */
static void read_all_counts(struct plan *plan, struct json_reader *reader) {
  static const char key[] = "all_counts";
  char name[NOTATION_LENGTH];
  const json_t *value = json_object_get(reader->object, key);
  if (!value || json_is_null(value) || reader->status)
    return;
  size_t count = json_read_list(reader, key, PLAN_VARIANTS);
  plan->ends_apart = true;
  for (size_t i = 0; i < count && !reader->status; i++) {
    const char *wanted = json_read_text_at(reader, key, i, NOTATION_LENGTH);
    size_t v = 0;
    for (; v < plan->variant_count; v++) {
      notation_format_variant(&plan->variants[v], name);
      if (strcmp(name, wanted) == 0)
        break;
    }
    if (!reader->status && v == plan->variant_count)
      json_reader_refuse_at(reader, key, i, "one of \"variants\"");
    else if (!reader->status)
      plan->all_counts[v] = true;
  }
}

/* What --like repeats, too; of older schemas nothing else is known. */
static void read_common(struct plan *plan, struct json_reader *reader,
                        bool strangers) {
  plan->weak = is_second(reader, "scaling", "strong", "weak");
  plan->serial_touch = is_second(reader, "touch", "workers", "serial");
  plan->unprobed = json_read_truth(reader, "unprobed");
  plan->seed = (uint64_t)json_read_integer(reader, "seed", 0, INT64_MAX);
  plan->iterations = read_count(reader, "iterations", 1, ITERATIONS_MOST);
  plan->warmups = read_count(reader, "warmups", 0, ITERATIONS_MOST);
  if (json_object_get(reader->object, "blocks")) /* older runs have none */
    plan->blocks = read_count(reader, "blocks", 0, PLAN_BLOCKS);
  if (json_object_get(reader->object, "programs"))
    plan->programs = json_read_truth(reader, "programs");
  if (json_object_get(reader->object, "one_profile"))
    plan->one_profile = json_read_truth(reader, "one_profile");
  if (json_object_get(reader->object, "without_ones"))
    plan->without_ones = json_read_truth(reader, "without_ones");
  read_counts(reader, "workers", plan->counts, &plan->count_count);
  read_counts(reader, "workers_waiting", plan->waiting, &plan->waiting_count);
  plan_read_workloads(plan, reader, strangers);
  plan_read_variants(plan, reader);
  read_all_counts(plan, reader);
  read_bind(plan, reader);
}

static void read_progress(struct plan *plan, struct json_reader *reader) {
  plan->stage =
      (enum plan_stage)json_read_word(reader, "stage", plan_stage_names);
  plan->rounds = read_count(reader, "rounds", 1, PLAN_ROUNDS_MOST);
  plan->rounds_done = read_count(reader, "rounds_done", 0, plan->rounds);
  plan->rounds_given = json_read_truth(reader, "rounds_given");
  plan->width = json_read_real_or_null(reader, "width", 0, 1e30);
  double width = json_read_real_or_null(reader, "target_width", 1e-300, 1);
  plan->target_width = isnan(width) ? 0 : width;
  plan->width_decided = json_read_truth(reader, "width_decided");
  plan->adaptive = json_object_get(reader->object, "adaptive")
                       ? json_read_truth(reader, "adaptive")
                       : plan->target_width > 0; /* of an older run */
  if (plan->width_decided && !plan->adaptive)
    json_reader_refuse(reader, "width_decided",
                       "false, as the plan is not adaptive");
  copy_text(reader, "rounds_reason", plan->rounds_reason,
            sizeof plan->rounds_reason);
}

/* Once they are decided; older runs have none. */
static void read_trials(struct plan *plan, struct json_reader *reader) {
  static const char key[] = "trials";
  if (!json_object_get(reader->object, key))
    return;
  size_t count = json_read_list(reader, key, POINTS_MOST);
  if (count > 0 && !plan->width_decided)
    json_reader_refuse(reader, key, "none, as width_decided is false");
  if (reader->status || count == 0)
    return;
  plan->trials = calloc(count, sizeof *plan->trials);
  if (!plan->trials) {
    reader->status = problem_failure(reader->problem, "out of memory");
    return;
  }
  for (; plan->trial_count < count && !reader->status; plan->trial_count++)
    plan->trials[plan->trial_count] = (uint32_t)json_read_integer_at(
        reader, key, plan->trial_count, 1, plan->rounds);
}

static void read_notes(struct plan *plan, struct json_reader *reader) {
  static const char key[] = "left_out";
  size_t count = json_read_list(reader, key, PLAN_NOTES);
  for (size_t i = 0; i < count && !reader->status; i++)
    plan_note(plan, "%s",
              json_read_text_at(reader, key, i, sizeof plan->notes[0]));
}

/* Sizes are calibrated, or were given. */
static void check_sized(const struct plan_workload *list, size_t count,
                        const char *key, struct json_reader *reader,
                        const char *why) {
  for (size_t i = 0; i < count && !reader->status; i++) {
    struct json_reader item = json_reader_item(reader, key, i);
    if (list[i].size == 0 && !list[i].fixed)
      json_reader_refuse(&item, "size", why);
    reader->status = item.status;
  }
}

/* How often programs repeat their region is settled with the sizes. */
static void check_repeats(const struct plan *plan, struct json_reader *reader) {
  for (size_t i = 0; i < plan->workload_count && !reader->status; i++) {
    struct json_reader item = json_reader_item(reader, "workloads", i);
    if (plan->workloads[i].repeat == 0)
      json_reader_refuse(&item, "repeat",
                         "1 or more, as the stage is not \"requested\"");
    reader->status = item.status;
  }
}

static void read_decisions(struct plan *plan, struct json_reader *reader,
                           bool strangers) {
  static const char why[] = "its items, as the stage is not \"requested\"";
  read_progress(plan, reader);
  plan->usable_cpus = read_count(reader, "usable_cpus", 1, COUNTS_MAX);
  plan->cores = read_count(reader, "cores", 1, COUNTS_MAX);
  plan->target_s = json_read_real(reader, "target_s", 0, PLAN_SECONDS_MOST);
  plan->budget_s = json_read_real(reader, "budget_s", 0, PLAN_SECONDS_MOST);
  plan->memory_bytes = json_read_real(reader, "memory_bytes", 0, BYTES_MOST);
  identity_read(reader, &plan->identity);
  read_notes(plan, reader);
  read_trials(plan, reader);
  plan_shard_read(plan, reader);
  plan_read_probes(plan, reader, strangers);
  if (plan->stage < STAGE_SIZED)
    return;
  check_sized(plan->workloads, plan->workload_count, "workloads", reader, why);
  check_repeats(plan, reader);
  check_sized(plan->probes, plan->probe_count, "probes", reader, why);
}

/* A sweep's plan names no command. */
static void check_sweep(struct json_reader *reader) {
  if (reader->status || !json_object_get(reader->object, "command"))
    return;
  const char *command = json_read_text(reader, "command", COMMAND_ROOM);
  if (!reader->status)
    reader->status = problem_failure(
        reader->problem, "it is a run of `%s`, not of `sweep`", command);
}

int plan_read_json(struct plan *plan, json_t *json, enum plan_reading reading,
                   struct problem *problem) {
  bool strangers = reading == READ_TO_ANALYSE;
  int64_t schema = schema_of(json);
  struct json_reader reader = json_reader_of(json, problem);
  reader.lenient = schema < PLAN_SCHEMA;
  check_sweep(&reader);
  if (!reader.status && old_words_read(json, schema) != 0)
    reader.status = problem_failure(problem, "out of memory");
  if (!reader.status)
    read_common(plan, &reader, strangers);
  if (!reader.status && !reader.lenient)
    read_decisions(plan, &reader, strangers);
  if (!reader.status && reading == READ_TO_GO_ON)
    plan_check_own_probes(plan, &reader);
  if (!reader.status && strangers)
    plan_settle_strangers(plan, &reader);
  if (!reader.status)
    reader.status = plan_list_points(plan, problem);
  if (!reader.status && !reader.lenient)
    plan_check_points(plan, &reader);
  if (!reader.status && !reader.lenient)
    plan_read_shared(plan, &reader);
  return reader.status;
}

/* ---- to go on with it, or to repeat it ----------------------------------- */

/* The two shall be comparable: so is a trial.  How many there are is the new
 * run's own.  Takes the workloads over. */
static void take_common(struct plan *plan, struct plan *read) {
  plan->bind = read->bind;
  plan->serial_touch = read->serial_touch;
  plan->weak = read->weak;
  plan->seed = read->seed;
  plan->iterations = read->iterations;
  plan->warmups = read->warmups;
  if (read->blocks > 0) /* told */
    plan->blocks = read->blocks;
  plan->unprobed = read->unprobed;
  plan->variant_count = read->variant_count;
  plan->count_count = read->count_count;
  plan->waiting_count = read->waiting_count;
  memcpy(plan->variants, read->variants, sizeof plan->variants);
  memcpy(plan->counts, read->counts, sizeof plan->counts);
  memcpy(plan->waiting, read->waiting, sizeof plan->waiting);
  plan->workload_count = read->workload_count;
  read->workload_count = 0;
  for (size_t i = 0; i < plan->workload_count; i++) {
    struct plan_workload *s = &plan->workloads[i];
    *s = (struct plan_workload){.workload = read->workloads[i].workload,
                                .size = read->workloads[i].size,
                                .repeat = read->workloads[i].repeat,
                                .fixed = true};
    snprintf(s->target, sizeof s->target,
             "not sought: the size is another run's");
  }
}

int plan_read_like(struct plan *plan, const char *path,
                   struct problem *problem) {
  struct problem reason = {""};
  json_t *json;
  if (json_file_read(path, &json, &reason) != 0)
    return problem_usage(problem, "%s", reason.text);
  struct plan *read = calloc(1, sizeof *read); /* large */
  if (!read) {
    json_decref(json);
    return problem_failure(problem, "out of memory");
  }
  struct json_reader reader = json_reader_of(json, &reason);
  (void)json_read_integer(&reader, "schema", 1, PLAN_SCHEMA);
  if (!reader.status)
    reader.status = plan_read_json(read, json, READ_TO_REPEAT, &reason);
  check_sized(read->workloads, read->workload_count, "workloads", &reader,
              "its items, to be repeated: they are not known yet");
  json_decref(json);
  if (!reader.status)
    take_common(plan, read);
  plan_free(read);
  free(read);
  return reader.status ? problem_usage(problem, "%s: %s", path, reason.text)
                       : PROBLEM_NONE;
}

int plan_file_load(const char *path, json_t **json, struct problem *problem) {
  struct problem reason;
  if (json_file_read(path, json, &reason) != 0)
    return problem_usage(problem, "%s", reason.text);
  struct json_reader reader = json_reader_of(*json, &reason);
  int64_t schema = json_read_integer(&reader, "schema", 1, INT32_MAX);
  if (!reader.status && schema == PLAN_SCHEMA)
    return PROBLEM_NONE;
  json_decref(*json);
  *json = NULL;
  if (reader.status)
    return problem_usage(problem, "%s: %s", path, reason.text);
  if (schema < PLAN_SCHEMA)
    return problem_usage(problem,
                         "%s: its schema is %" PRId64
                         ": an older coresweep wrote it, and only that goes on "
                         "with the run; --like repeats it",
                         path, schema);
  return problem_usage(problem,
                       "%s: its schema is %" PRId64
                       "; this program goes on with runs of %d",
                       path, schema, PLAN_SCHEMA);
}

int plan_read(struct plan *plan, const char *path, struct problem *problem) {
  json_t *json;
  struct problem reason = {""};
  int status = plan_file_load(path, &json, problem);
  if (status)
    return status;
  status = plan_read_json(plan, json, READ_TO_GO_ON, &reason);
  json_decref(json);
  return status ? problem_usage(problem, "%s: %s", path, reason.text)
                : PROBLEM_NONE;
}
