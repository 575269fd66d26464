/* plan.json: written as the run begins and whenever a decision is made. */
#include "bench/plan/order.h"
#include "bench/plan/plan.h"
#include "bench/plan/plan_file.h"

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static json_t *counts_json(const uint32_t *counts, size_t count) {
  json_t *array = json_array();
  for (size_t i = 0; i < count; i++)
    json_array_append_new(array, json_integer(counts[i]));
  return array;
}

static json_t *workloads_json(const struct plan_workload *list, size_t count) {
  json_t *array = json_array();
  for (size_t i = 0; i < count; i++) {
    const struct plan_workload *s = &list[i];
    json_array_append_new(
        array,
        json_pack("{s:s, s:s, s:I, s:b, s:s, s:s, s:f, s:f, s:i, s:b}",
                  "workload", s->workload->name, "params", s->workload->params,
                  "size", (json_int_t)s->size, "fixed", (int)s->fixed, "target",
                  s->target, "digest", s->digest, "region_s", s->cost.region_s,
                  "fixed_s", s->cost.fixed_s, "workers", (int)s->workers,
                  "meter", (int)s->meter));
  }
  return array;
}

static json_t *variants_json(const struct plan *plan) {
  json_t *array = json_array();
  char name[NOTATION_LENGTH];
  for (size_t i = 0; i < plan->variant_count; i++) {
    notation_format_variant(&plan->variants[i], name);
    json_array_append_new(array, json_string(name));
  }
  return array;
}

static json_t *entries_json(const struct plan *plan,
                            const struct plan_entry *entries, size_t count) {
  json_t *array = json_array();
  char name[NOTATION_LENGTH];
  for (size_t i = 0; i < count; i++) {
    const struct plan_entry *e = &entries[i];
    notation_format_variant(plan_entry_variant(plan, e), name);
    json_array_append_new(
        array, json_pack("{s:s, s:s, s:i}", "workload",
                         plan_entry_workload(plan, e)->workload->name,
                         "variant", name, "workers", (int)e->workers));
  }
  return array;
}

static json_t *order_json(const struct plan *plan) {
  json_t *rounds = json_array();
  size_t trials = plan_trial_count(plan);
  bool fixed = plan->stage >= STAGE_ROUNDS;
  uint32_t *order = calloc(trials + 1, sizeof *order);
  for (uint32_t r = 1; order && fixed && r <= plan->rounds; r++) {
    order_shuffle(order, trials, plan->seed, r);
    json_array_append_new(rounds, counts_json(order, trials));
  }
  free(order);
  return rounds;
}

static json_t *notes_json(const struct plan *plan) {
  json_t *array = json_array();
  for (size_t i = 0; i < plan->note_count; i++)
    json_array_append_new(array, json_string(plan->notes[i]));
  return array;
}

static json_t *real_json(double value) {
  return isfinite(value) ? json_real(value) : json_null();
}

/* What was asked for. */
static json_t *request_json(const struct plan *plan) {
  return json_pack(
      "{s:i, s:s, s:I, s:s, s:s, s:s, s:i, s:i, s:f, s:f, s:i, s:b, s:o, s:i, "
      "s:i, s:b}",
      "schema", PLAN_SCHEMA, "stage", plan_stage_names[plan->stage], "seed",
      (json_int_t)plan->seed, "touch",
      plan->serial_touch ? "serial" : "workers", "scaling",
      plan->weak ? "weak" : "strong", "bind", machine_bind_name(plan->bind),
      "usable_cpus", (int)plan->usable_cpus, "cores", (int)plan->cores,
      "target_s", plan->target_s, "budget_s", plan->budget_s, "rounds",
      (int)plan->rounds, "rounds_given", (int)plan->rounds_given,
      "target_width",
      plan->target_width > 0 ? json_real(plan->target_width) : json_null(),
      "iterations", (int)plan->iterations, "warmups", (int)plan->warmups,
      "unprobed", (int)plan->unprobed);
}

/* What was decided on the way, and what follows from all of it. */
static json_t *decisions_json(const struct plan *plan) {
  return json_pack(
      "{s:b, s:s, s:o, s:i, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}",
      "width_decided", (int)plan->width_decided, "rounds_reason",
      plan->rounds_reason, "width", real_json(plan->width), "rounds_done",
      (int)plan->rounds_done, "identity", identity_json(&plan->identity),
      "workloads", workloads_json(plan->workloads, plan->workload_count),
      "probes", workloads_json(plan->probes, plan->probe_count), "variants",
      variants_json(plan), "workers",
      counts_json(plan->counts, plan->count_count), "workers_waiting",
      counts_json(plan->waiting, plan->waiting_count), "configurations",
      entries_json(plan, plan->entries, plan->entry_count),
      "probe_configurations",
      entries_json(plan, plan->probe_entries, plan->probe_entry_count), "order",
      order_json(plan), "left_out", notes_json(plan));
}

/* Writes all of the text to a new file, down to the disk. */
static bool write_new(const char *path, const char *text) {
  int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  size_t length = strlen(text), done = 0;
  while (fd >= 0 && done < length) {
    ssize_t wrote = write(fd, text + done, length - done);
    if (wrote < 0 && errno == EINTR)
      continue;
    if (wrote <= 0)
      break;
    done += (size_t)wrote;
  }
  bool written = fd >= 0 && done == length && fsync(fd) == 0;
  int error = errno;
  bool closed = fd >= 0 && close(fd) == 0;
  if (!written)
    errno = error;
  return written && closed;
}

/* Without it, a crash of the machine may bring back the file's old name.  Not
 * every file system can do it. */
static void sync_folder(const char *path) {
  char *folder = strdup(path);
  char *slash = folder ? strrchr(folder, '/') : NULL;
  if (slash)
    slash[slash == folder] = '\0';
  int fd = open(slash ? folder : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  free(folder);
  if (fd < 0)
    return;
  fsync(fd);
  close(fd);
}

int plan_write(const struct plan *plan, const char *path,
               struct problem *problem) {
  json_t *json = request_json(plan);
  json_t *decisions = decisions_json(plan);
  char *text = NULL, *beside = NULL;
  if (json && decisions && json_object_update(json, decisions) == 0 &&
      asprintf(&beside, "%s.new", path) > 0)
    text = json_dumps(json, JSON_INDENT(1));
  json_decref(json);
  json_decref(decisions);
  int status = PROBLEM_NONE;
  if (!text)
    status = problem_failure(problem, "%s: out of memory", path);
  else if (!write_new(beside, text) || rename(beside, path) != 0) {
    status = problem_failure(problem, "%s could not be written: %s", path,
                             strerror(errno));
    unlink(beside);
  } else {
    sync_folder(path);
  }
  free(text);
  free(beside);
  return status;
}
