/* plan.json, read: to repeat its run elsewhere, to go on with it, or to analyse
 * it.  Whatever is read is checked. */
#include "bench/plan/counts.h"
#include "bench/plan/json_file.h"
#include "bench/plan/old_words.h"
#include "bench/plan/plan.h"
#include "bench/plan/plan_file.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

/* Items of a workload: so many workers may have as many each. */
#define SIZE_MOST (INT64_MAX / COUNTS_MAX)

#define SECONDS_MOST 1e7
#define BYTES_MOST   1e18

enum { ITERATIONS_MOST = 1000, COMMAND_ROOM = 64 };

static void copy_text(struct json_reader *reader, const char *key, char *text,
                      size_t room) {
  snprintf(text, room, "%s", json_read_text(reader, key, room));
}

static uint32_t read_count(struct json_reader *reader, const char *key,
                           int64_t most) {
  return (uint32_t)json_read_integer(reader, key, 0, most);
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

/* But for its name and its workers. */
static void read_workload(struct json_reader *item,
                          struct plan_workload *workload) {
  workload->size = (uint64_t)json_read_integer(item, "size", 0, SIZE_MOST);
  workload->fixed = json_read_truth(item, "fixed");
  copy_text(item, "target", workload->target, sizeof workload->target);
  workload->region_s = json_read_real(item, "region_s", 0, SECONDS_MOST);
  workload->fixed_s =
      json_read_real(item, "fixed_s", -SECONDS_MOST, SECONDS_MOST);
  workload->meter = json_read_truth(item, "meter");
}

static int read_workloads(struct plan *plan, struct json_reader *reader,
                          struct problem *problem) {
  static const char key[] = "workloads";
  size_t count = json_read_list(reader, key, PLAN_WORKLOADS);
  if (count == 0)
    json_reader_refuse(reader, key, "a list of at least one");
  int status = reader->status;
  for (size_t i = 0; !status && i < count; i++) {
    struct plan_workload read = {0};
    struct json_reader item = json_reader_item(reader, key, i);
    const char *name = json_read_text(&item, "workload", WORKLOAD_TEXT);
    read_workload(&item, &read);
    status = item.status;
    if (!status)
      status = plan_add_workload_at(plan, name, read.size, problem);
    if (status)
      break;
    read.workload = plan->workloads[plan->workload_count - 1].workload;
    plan->workloads[plan->workload_count - 1] = read;
  }
  return status;
}

static int read_variants(struct plan *plan, struct json_reader *reader,
                         struct problem *problem) {
  static const char key[] = "variants";
  size_t count = json_read_list(reader, key, PLAN_VARIANTS);
  if (count == 0 ||
      strcmp(json_read_text_at(reader, key, 0, NOTATION_LENGTH), "serial") != 0)
    json_reader_refuse(reader, key, "a list that begins with \"serial\"");
  int status = reader->status;
  for (size_t i = 0; !status && i < count; i++) {
    const char *name = json_read_text_at(reader, key, i, NOTATION_LENGTH);
    status = reader->status;
    if (!status)
      status = plan_add_variant(plan, name, problem);
  }
  return status;
}

static bool is_second(struct json_reader *reader, const char *key,
                      const char *first, const char *second) {
  const char *const words[] = {first, second, NULL};
  return json_read_word(reader, key, words) == 1;
}

/* What --like repeats, too. */
static int read_common(struct plan *plan, struct json_reader *reader,
                       struct problem *problem) {
  plan->weak = is_second(reader, "scaling", "strong", "weak");
  plan->serial_touch = is_second(reader, "touch", "workers", "serial");
  plan->unprobed = json_read_truth(reader, "unprobed");
  plan->seed =
      (uint64_t)json_read_integer(reader, "seed", INT64_MIN, INT64_MAX);
  plan->iterations = read_count(reader, "iterations", ITERATIONS_MOST);
  plan->warmups = read_count(reader, "warmups", ITERATIONS_MOST);
  if (json_object_get(reader->object, "blocks")) /* older runs have none */
    plan->blocks = read_count(reader, "blocks", PLAN_BLOCKS);
  if (json_object_get(reader->object, "programs"))
    plan->programs = json_read_truth(reader, "programs");
  read_counts(reader, "workers", plan->counts, &plan->count_count);
  read_counts(reader, "workers_waiting", plan->waiting, &plan->waiting_count);
  int status = read_workloads(plan, reader, problem);
  return status ? status : read_variants(plan, reader, problem);
}

static json_int_t schema_of(const json_t *json) {
  return json_integer_value(json_object_get(json, "schema"));
}

static int read_bind(struct plan *plan, struct json_reader *reader,
                     struct problem *problem) {
  const char *bind = json_read_text(reader, "bind", NOTATION_LENGTH);
  if (reader->status)
    return reader->status;
  return machine_parse_bind(machine_bind_today(bind, schema_of(reader->object)),
                            &plan->bind, problem);
}

/* A sweep's plan names no command. */
static int check_sweep(struct json_reader *reader, struct problem *problem) {
  if (reader->status || !json_object_get(reader->object, "command"))
    return reader->status;
  const char *command = json_read_text(reader, "command", COMMAND_ROOM);
  return reader->status
             ? reader->status
             : problem_failure(problem, "it is a run of `%s`, not of `sweep`",
                               command);
}

static int fix_sizes(struct plan *plan, struct problem *problem) {
  for (size_t i = 0; i < plan->workload_count; i++) {
    struct plan_workload *s = &plan->workloads[i];
    if (s->size == 0)
      return problem_failure(problem, "the size of %s is not known yet",
                             s->workload->name);
    *s = (struct plan_workload){
        .workload = s->workload, .size = s->size, .fixed = true};
    snprintf(s->target, sizeof s->target,
             "not sought: the size is another run's");
  }
  return PROBLEM_NONE;
}

int plan_read_like(struct plan *plan, const char *path,
                   struct problem *problem) {
  struct problem reason = {""};
  json_t *json;
  if (json_file_read(path, &json, &reason) != 0)
    return problem_usage(problem, "%s", reason.text);
  struct json_reader reader = json_reader_of(json, &reason);
  int64_t schema = json_read_integer(&reader, "schema", 1, PLAN_SCHEMA);
  reader.lenient = schema < PLAN_SCHEMA;
  int status = check_sweep(&reader, &reason);
  if (!status && old_words_read(json, schema) != 0)
    status = problem_failure(&reason, "out of memory");
  if (!status)
    status = read_common(plan, &reader, &reason);
  if (!status)
    status = read_bind(plan, &reader, &reason);
  json_decref(json);
  if (!status)
    status = fix_sizes(plan, &reason);
  return status ? problem_usage(problem, "%s: %s", path, reason.text)
                : PROBLEM_NONE;
}

/* The clock's and the capacity's are the program's own; meters follow. */
static int read_probes(struct plan *plan, struct json_reader *reader,
                       struct problem *problem) {
  static const char key[] = "probes";
  static const char unlike[] = "its probes are not this program's";
  size_t count = json_read_list(reader, key, PLAN_PROBES);
  /* Meters run as the program's own probes do, of which there may be none. */
  int status = reader->status;
  if (!status)
    status =
        notation_parse_variant("omp:static", &plan->probe_variant, problem);
  for (size_t i = 0; !status && i < count; i++) {
    struct json_reader item = json_reader_item(reader, key, i);
    struct plan_workload read = {0}, *probe;
    const char *name = json_read_text(&item, "workload", WORKLOAD_TEXT);
    read.workers = read_count(&item, "workers", COUNTS_MAX);
    read_workload(&item, &read);
    status = item.status;
    if (!status && i == 0 && !read.meter)
      status = plan_add_probes(plan, problem);
    if (!status && i >= plan->probe_count)
      status = plan_add_probe(plan, name, read.workers, &probe, problem);
    if (status)
      break;
    probe = &plan->probes[i];
    if (strcmp(name, probe->workload->name) != 0)
      return problem_failure(problem, unlike);
    read.workload = probe->workload;
    *probe = read;
  }
  if (!status && count < plan->probe_count)
    return problem_failure(problem, unlike);
  return status;
}

static void read_progress(struct plan *plan, struct json_reader *reader) {
  plan->stage =
      (enum plan_stage)json_read_word(reader, "stage", plan_stage_names);
  plan->rounds = read_count(reader, "rounds", PLAN_ROUNDS_MOST);
  plan->rounds_done = read_count(reader, "rounds_done", plan->rounds);
  plan->rounds_given = json_read_truth(reader, "rounds_given");
  plan->width = json_read_real_or_null(reader, "width", 0, 1e300);
  plan->width_decided = json_read_truth(reader, "width_decided");
  copy_text(reader, "rounds_reason", plan->rounds_reason,
            sizeof plan->rounds_reason);
}

static void read_notes(struct plan *plan, struct json_reader *reader) {
  static const char key[] = "left_out";
  size_t count = json_read_list(reader, key, PLAN_NOTES);
  for (size_t i = 0; i < count && !reader->status; i++)
    plan_note(plan, "%s",
              json_read_text_at(reader, key, i, sizeof plan->notes[0]));
}

/* Sizes are calibrated, or were given. */
static int check_sized(const struct plan_workload *list, size_t count,
                       const char *key, struct problem *problem) {
  for (size_t i = 0; i < count; i++)
    if (list[i].size == 0 && !list[i].fixed)
      return problem_failure(problem,
                             "the key \"%s[%zu].size\" is 0: want its items, "
                             "as the stage is not \"requested\"",
                             key, i);
  return PROBLEM_NONE;
}

static int read_decisions(struct plan *plan, struct json_reader *reader,
                          struct problem *problem) {
  read_progress(plan, reader);
  plan->usable_cpus = read_count(reader, "usable_cpus", COUNTS_MAX);
  plan->cores = read_count(reader, "cores", COUNTS_MAX);
  plan->target_s = json_read_real(reader, "target_s", 0, SECONDS_MOST);
  plan->budget_s = json_read_real(reader, "budget_s", 0, SECONDS_MOST);
  plan->memory_bytes = json_read_real(reader, "memory_bytes", 0, BYTES_MOST);
  double width = json_read_real_or_null(reader, "target_width", 0, 1);
  plan->target_width = isnan(width) ? 0 : width;
  identity_read(reader, &plan->identity);
  read_notes(plan, reader);
  int status = read_bind(plan, reader, problem);
  if (!status)
    status = read_probes(plan, reader, problem);
  if (!status && plan->stage >= STAGE_SIZED)
    status = check_sized(plan->workloads, plan->workload_count, "workloads",
                         problem);
  if (!status && plan->stage >= STAGE_SIZED)
    status = check_sized(plan->probes, plan->probe_count, "probes", problem);
  return status ? status : plan_list_points(plan, problem);
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
  struct json_reader reader = json_reader_of(json, &reason);
  status = check_sweep(&reader, &reason);
  if (!status)
    status = read_common(plan, &reader, &reason);
  if (!status)
    status = read_decisions(plan, &reader, &reason);
  json_decref(json);
  return status ? problem_usage(problem, "%s: %s", path, reason.text)
                : PROBLEM_NONE;
}

/* ---- what an analysis wants ---------------------------------------------- */

static void check_facts(struct json_reader *reader, struct plan_facts *facts) {
  static const char *const scalings[] = {"strong", "weak", NULL};
  char note[sizeof((struct plan *)0)->notes[0]];
  facts->usable_cpus = read_count(reader, "usable_cpus", COUNTS_MAX);
  facts->iterations = read_count(reader, "iterations", ITERATIONS_MOST);
  if (json_object_get(reader->object, "blocks")) /* older runs have none */
    facts->blocks = read_count(reader, "blocks", PLAN_BLOCKS);
  facts->seed = json_read_integer(reader, "seed", INT64_MIN, INT64_MAX);
  facts->scaling = scalings[json_read_word(reader, "scaling", scalings)];
  size_t count = json_read_list(reader, "workloads", PLAN_WORKLOADS);
  for (size_t i = 0; i < count; i++) {
    struct plan_workload ignored;
    struct json_reader item = json_reader_item(reader, "workloads", i);
    (void)json_read_text(&item, "workload", WORKLOAD_TEXT);
    read_workload(&item, &ignored);
    reader->status = item.status;
  }
  count = json_read_list(reader, "left_out", PLAN_NOTES);
  for (size_t i = 0; i < count; i++)
    (void)json_read_text_at(reader, "left_out", i, sizeof note);
}

int plan_facts_read(struct plan_facts *facts, const char *path,
                    struct problem *problem) {
  struct problem reason = {""};
  *facts = (struct plan_facts){.seed = INT64_MIN};
  int status = json_file_read_if_any(path, &facts->json, problem);
  if (status || !facts->json)
    return status;
  struct json_reader reader = json_reader_of(facts->json, &reason);
  (void)json_read_integer(&reader, "schema", PLAN_SCHEMA, PLAN_SCHEMA);
  if (json_object_get(facts->json, "command"))
    (void)json_read_text(&reader, "command", COMMAND_ROOM);
  else
    check_facts(&reader, facts);
  return reader.status ? problem_failure(problem, "%s: %s", path, reason.text)
                       : PROBLEM_NONE;
}

void plan_facts_free(struct plan_facts *facts) {
  json_decref(facts->json);
  *facts = (struct plan_facts){.json = NULL};
}

const char *plan_facts_target(const struct plan_facts *facts,
                              const char *workload) {
  const json_t *list = json_object_get(facts->json, "workloads");
  for (size_t i = 0; i < json_array_size(list); i++) {
    const json_t *item = json_array_get(list, i);
    const char *name = json_string_value(json_object_get(item, "workload"));
    if (name && strcmp(name, workload) == 0)
      return json_string_value(json_object_get(item, "target"));
  }
  return NULL;
}

const char *plan_facts_left_out(const struct plan_facts *facts, size_t i) {
  return json_string_value(
      json_array_get(json_object_get(facts->json, "left_out"), i));
}
