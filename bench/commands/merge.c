/* coresweep merge: runs of shards of one sweep become one run. */
#include "bench/commands/command.h"
#include "bench/commands/conclude.h"
#include "bench/commands/export.h"
#include "bench/commands/options.h"
#include "bench/plan/json_file.h"
#include "bench/plan/output.h"
#include "bench/plan/plan_shard.h"
#include "bench/plan/text.h"
#include "bench/record/record.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct merge_options {
  const char *folders[PLAN_WORKLOADS];
  size_t count;
  char out[RUN_PATH];
  bool out_given;
  struct export_as as;
};

static const struct option_spec option_list[] = {
    {OPTION_OUT(struct merge_options, out),
     OPTION_GIVEN(struct merge_options, out_given)},
    OPTIONS_EXPORT(struct merge_options, as),
    {0}};

static void read_folder(void *input, const char *text,
                        struct argp_state *state) {
  struct merge_options *o = input;
  if (o->count == PLAN_WORKLOADS)
    options_refuse(state, "'%s': at most %d shards can be merged", text,
                   PLAN_WORKLOADS);
  o->folders[o->count++] = text;
}

static void check_folders(void *input, struct argp_state *state) {
  const struct merge_options *o = input;
  if (o->count < 1)
    options_refuse(state, "the shards' folders are missing");
}

/* Plans with their folders, by shards. */
struct parts {
  struct plan **plans;
  const char **folders;
  size_t count;
};

static int read_parts(const struct merge_options *o, struct parts *parts,
                      struct problem *problem) {
  char path[RUN_PATH];
  parts->plans = calloc(o->count, sizeof(struct plan *));
  parts->folders = calloc(o->count, sizeof *parts->folders);
  if (!parts->plans || !parts->folders)
    return problem_failure(problem, "out of memory");
  for (size_t i = 0; i < o->count; i++) {
    struct plan *plan = calloc(1, sizeof *plan); /* large */
    if (!plan)
      return problem_failure(problem, "out of memory");
    int status =
        plan_read(plan, run_path(o->folders[i], "plan.json", path), problem);
    size_t at = parts->count++;
    for (; at > 0 && parts->plans[at - 1]->shard > plan->shard; at--) {
      parts->plans[at] = parts->plans[at - 1];
      parts->folders[at] = parts->folders[at - 1];
    }
    parts->plans[at] = plan;
    parts->folders[at] = o->folders[i];
    if (status)
      return status;
  }
  return PROBLEM_NONE;
}

static void free_parts(struct parts *parts) {
  for (size_t i = 0; i < parts->count; i++) {
    plan_free(parts->plans[i]);
    free(parts->plans[i]);
  }
  free(parts->plans);
  free(parts->folders);
}

/* ---- records ------------------------------------------------------------- */

static bool same_point(const struct record *a, const struct record *b) {
  return a->workers == b->workers && a->size == b->size &&
         strcmp(a->workload, b->workload) == 0 &&
         strcmp(a->phase, b->phase) == 0 &&
         strcmp(record_requested(a), record_requested(b)) == 0;
}

/* The records of all so far, and one of each of their points: probes of the
 * machine are in every shard, and those of the first count. */
struct merging {
  FILE *out;
  int64_t order;
  struct records kept; /* one of each point */
  struct records now;  /* of this shard */
};

static bool was_before(const struct merging *m, const struct record *r) {
  for (size_t i = 0; i < m->kept.count; i++)
    if (same_point(&m->kept.list[i], r))
      return true;
  return false;
}

static int write_records(struct merging *m, struct problem *problem) {
  for (size_t i = 0; i < m->now.count; i++) {
    struct record *r = &m->now.list[i];
    if (was_before(m, r))
      continue;
    r->order = ++m->order;
    char *line = record_format(r);
    if (!line)
      return problem_failure(problem, "out of memory");
    fputs(line, m->out);
    free(line);
  }
  return PROBLEM_NONE;
}

/* Takes over one record of each new point. */
static int keep_points(struct merging *m, struct problem *problem) {
  int status = PROBLEM_NONE;
  for (size_t i = 0; !status && i < m->now.count; i++)
    if (!was_before(m, &m->now.list[i])) {
      status = records_add(&m->kept, &m->now.list[i], problem);
      fields_clear(record_fields, &m->now.list[i]);
      m->now.list[i--] = m->now.list[--m->now.count];
    }
  return status;
}

static int merge_trials(const struct parts *parts, const char *folder,
                        struct problem *problem) {
  char path[RUN_PATH];
  struct output output;
  struct merging m = {.out = output_open(&output,
                                         run_path(folder, "trials.jsonl", path),
                                         problem)};
  int status = m.out ? PROBLEM_NONE : PROBLEM_FAILURE;
  for (size_t i = 0; !status && i < parts->count; i++) {
    m.now = (struct records){0};
    status = records_read(run_path(parts->folders[i], "trials.jsonl", path),
                          &m.now, problem);
    if (!status)
      status = write_records(&m, problem);
    if (!status)
      status = keep_points(&m, problem);
    records_free(&m.now);
  }
  records_free(&m.kept);
  return m.out ? output_close(&output, m.out, status, problem) : status;
}

/* ---- what lies beside them ------------------------------------------------
 */

/* Whether an earlier workload of the plan is of that name: of another size. */
static bool is_named_before(const struct plan *plan, size_t s) {
  bool before = false;
  for (size_t k = 0; k < s; k++)
    before = before || strcmp(plan->workloads[k].workload->name,
                              plan->workloads[s].workload->name) == 0;
  return before;
}

/* Takes over what was predicted of a workload. */
static void take_predictions(json_t *whole, const json_t *part,
                             const char *workload) {
  const json_t *list = json_object_get(part, "predictions");
  for (size_t i = 0; i < json_array_size(list); i++) {
    json_t *one = json_array_get(list, i);
    const char *of = json_string_value(json_object_get(one, "workload"));
    if (of && strcmp(of, workload) == 0)
      json_array_append(whole, one);
  }
}

/* The prediction of each part; NULL where there is none.  of: room for all. */
static int read_predictions(const struct parts *parts, json_t **of,
                            struct problem *problem) {
  char path[RUN_PATH];
  int status = PROBLEM_NONE;
  for (size_t i = 0; !status && i < parts->count; i++)
    status = json_file_read_if_any(
        run_path(parts->folders[i], "prediction.json", path), &of[i], problem);
  return status;
}

/* One of them with those of all; NULL: there is none, or no memory.  Owned. */
static json_t *join_predictions(const struct parts *parts, json_t *const *of) {
  const struct plan *plan = parts->plans[0];
  json_t *whole = NULL, *list = json_array();
  for (size_t i = 0; !whole && i < parts->count; i++)
    whole = of[i] ? json_copy(of[i]) : NULL;
  for (size_t s = 0; s < plan->workload_count; s++)
    for (size_t i = 0; i < parts->count && !is_named_before(plan, s); i++)
      take_predictions(list, of[i], plan->workloads[s].workload->name);
  if (whole)
    json_object_set(whole, "predictions", list);
  json_decref(list);
  return whole;
}

/* What was predicted before the rounds, each workload's by its own shard, in
 * the plan's order: not made anew, since nobody knew of the others then. */
static int merge_predictions(const struct parts *parts, const char *folder,
                             struct problem *problem) {
  char path[RUN_PATH];
  json_t **of = calloc(parts->count + 1, sizeof(json_t *));
  if (!of)
    return problem_failure(problem, "out of memory");
  int status = read_predictions(parts, of, problem);
  json_t *whole = status ? NULL : join_predictions(parts, of);
  if (whole)
    status = json_file_write(whole, run_path(folder, "prediction.json", path),
                             0, problem);
  for (size_t i = 0; i < parts->count; i++)
    json_decref(of[i]);
  free(of);
  return status;
}

/* Copies the lines of a workload. */
static void copy_commands(const char *path, const char *workload, FILE *out) {
  FILE *in = fopen(path, "r");
  char *line = NULL;
  size_t room = 0, length = strlen(workload);
  while (in && getline(&line, &room, in) > 0)
    if (strncmp(line, workload, length) == 0 && line[length] == '\t')
      fputs(line, out);
  free(line);
  if (in)
    fclose(in);
}

/* The commands of all points, in the plan's order. */
static int merge_commands(const struct parts *parts, const char *folder,
                          struct problem *problem) {
  char path[RUN_PATH];
  struct output output;
  const struct plan *plan = parts->plans[0];
  FILE *out =
      output_open(&output, run_path(folder, "commands.tsv", path), problem);
  if (!out)
    return PROBLEM_FAILURE;
  for (size_t s = 0; s < plan->workload_count; s++)
    for (size_t i = 0; i < parts->count && !is_named_before(plan, s); i++)
      copy_commands(run_path(parts->folders[i], "commands.tsv", path),
                    plan->workloads[s].workload->name, out);
  return output_close(&output, out, PROBLEM_NONE, problem);
}

/* ---- the run ------------------------------------------------------------- */

static int merge(const struct merge_options *o, struct analysis *analysis,
                 struct problem *problem) {
  char path[RUN_PATH], source[RUN_PATH];
  struct parts parts = {.folders = NULL};
  int status = read_parts(o, &parts, problem);
  if (!status)
    status = plan_join(parts.plans, parts.folders, parts.count, problem);
  if (!status)
    status = run_make_folder(o->out, problem);
  if (!status)
    status = run_refuse(o->out, problem);
  if (!status)
    status =
        run_copy_file(run_path(parts.folders[0], "environment.json", source),
                      run_path(o->out, "environment.json", path), problem);
  if (!status)
    status = merge_trials(&parts, o->out, problem);
  if (!status)
    status = merge_predictions(&parts, o->out, problem);
  if (!status)
    status = merge_commands(&parts, o->out, problem);
  if (!status)
    status = plan_write(parts.plans[0], run_path(o->out, "plan.json", path),
                        problem);
  if (!status)
    status = run_analyze(o->out, NULL, analysis, problem);
  free_parts(&parts);
  return status;
}

int command_merge(int argc, char **argv) {
  static const struct options options = {
      .list = option_list,
      .arguments = "DIR...",
      .argument = read_folder,
      .end = check_folders,
      .doc = "Puts the runs of all shards of one sweep together (`sweep "
             "--shard I/N`, on machines of one kind), checks and analyses that "
             "as any other run, and prints the answer.  Runs that are no "
             "shards, or not all of them, or of two sweeps, are refused."};
  static struct merge_options o;
  FILE *data = NULL;
  struct problem problem = {""};
  struct analysis analysis = {0};
  options_parse(&options, "merge", argc, argv, &o);
  if (!o.out_given)
    run_name_folder("", o.out);
  int status = export_start(&o.as, &data, &problem);
  if (!status)
    status = merge(&o, &analysis, &problem);
  if (!status) {
    run_answer(o.out, &analysis, NULL);
    run_set_latest(o.out);
  }
  if (!status && data)
    status = export_run(o.out, &o.as, data, &problem);
  if (data)
    fclose(data);
  analysis_free(&analysis);
  return status ? command_fail("merge", status, &problem) : 0;
}
