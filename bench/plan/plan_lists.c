/* What plan.json lists: workloads, probes, variants, and the points that follow
 * from them; read, and checked. */
#include "bench/plan/counts.h"
#include "bench/plan/plan_file.h"
#include "bench/plan/text.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Items of a workload: so many workers may have as many each. */
#define SIZE_MOST (INT64_MAX / COUNTS_MAX)

static uint32_t read_count(struct json_reader *reader, const char *key,
                           int64_t most) {
  return (uint32_t)json_read_integer(reader, key, 0, most);
}

static void refuse_why(struct json_reader *reader, const char *key,
                       const char *want, const char *why) {
  char text[250];
  text_print(text, sizeof text, "%s: %.180s", want, why);
  json_reader_refuse(reader, key, text);
}

/* ---- workloads and probes ------------------------------------------------ */

/* Kernels of another program, of which nothing is known but a name. */
static const struct kernel stranger = {.name = "?"};
static const struct kernel waiting_stranger = {.name = "?", .waits = true};

static struct workload *make_stranger(const char *name, const char *params) {
  struct workload *workload = calloc(1, sizeof *workload);
  if (!workload)
    return NULL;
  workload->kernel = &stranger;
  snprintf(workload->name, sizeof workload->name, "%s", name);
  snprintf(workload->params, sizeof workload->params, "%s", params);
  return workload;
}

/* NULL: it is refused, or there is no memory. */
static struct workload *make_workload(struct json_reader *item, bool strangers,
                                      struct problem *problem) {
  struct problem reason = {""};
  const char *name = json_read_text(item, "workload", WORKLOAD_TEXT);
  const char *params = json_read_text(item, "params", WORKLOAD_TEXT);
  struct workload *workload = item->status ? NULL : malloc(sizeof *workload);
  if (!workload) {
    if (!item->status)
      item->status = problem_failure(problem, "out of memory");
    return NULL;
  }
  int status = workload_parse(name, workload, &reason);
  if (status && strangers && *name) {
    free(workload);
    return make_stranger(name, params);
  }
  if (status)
    refuse_why(item, "workload", "one that this program has", reason.text);
  else if (strcmp(workload->name, name) != 0)
    refuse_why(item, "workload", "as it is written", workload->name);
  else if (!item->lenient && !notation_same(workload->params, params))
    refuse_why(item, "params", "those of the workload", workload->params);
  if (!item->status)
    return workload;
  free(workload);
  return NULL;
}

/* Its name, and all else; `probe`: one of those. */
static struct plan_workload read_workload(struct json_reader *item, bool probe,
                                          bool strangers,
                                          struct problem *problem) {
  struct plan_workload read = {0};
  read.size = (uint64_t)json_read_integer(item, "size", 0, SIZE_MOST);
  read.fixed = json_read_truth(item, "fixed");
  snprintf(read.target, sizeof read.target, "%s",
           json_read_text(item, "target", sizeof read.target));
  read.region_s = json_read_real(item, "region_s", 0, PLAN_SECONDS_MOST);
  read.fixed_s =
      json_read_real(item, "fixed_s", -PLAN_SECONDS_MOST, PLAN_SECONDS_MOST);
  /* Programs of older runs did their region once. */
  read.repeat = json_object_get(item->object, "repeat")
                    ? read_count(item, "repeat", WORKLOAD_REPEAT)
                    : !probe;
  read.meter = json_read_truth(item, "meter");
  if (json_object_get(item->object, "all_counts")) /* older runs have none */
    read.all_counts = json_read_truth(item, "all_counts");
  read.workers = read_count(item, "workers", COUNTS_MAX);
  if (!probe && read.workers != 0)
    json_reader_refuse(item, "workers", "0, as it is no probe");
  if (!probe && read.meter)
    json_reader_refuse(item, "meter", "false, as it is no probe");
  if (!item->status)
    read.workload = make_workload(item, strangers, problem);
  if (read.workload && read.workload->repeat > 0 &&
      read.repeat != read.workload->repeat)
    json_reader_refuse(item, "repeat", "that of the workload");
  return read;
}

/* Whether it is one of these already. */
static bool is_there(const struct plan_workload *list, size_t count,
                     const struct plan_workload *other) {
  for (size_t i = 0; i < count; i++)
    if (list[i].size == other->size && list[i].workers == other->workers &&
        strcmp(list[i].workload->name, other->workload->name) == 0)
      return true;
  return false;
}

void plan_read_workloads(struct plan *plan, struct json_reader *reader,
                         bool strangers) {
  static const char key[] = "workloads";
  size_t count = json_read_list(reader, key, PLAN_WORKLOADS);
  if (count == 0)
    json_reader_refuse(reader, key, "a list of at least one");
  for (size_t i = 0; i < count && !reader->status; i++) {
    struct json_reader item = json_reader_item(reader, key, i);
    struct plan_workload read =
        read_workload(&item, false, strangers, reader->problem);
    if (read.workload) {
      if (is_there(plan->workloads, i, &read))
        json_reader_refuse(&item, "workload",
                           "each workload at each of its sizes once");
      plan->workloads[plan->workload_count++] = read;
    }
    reader->status = item.status;
  }
  if (plan->weak && plan_has_sizes(plan))
    json_reader_refuse(reader, "scaling",
                       "\"strong\", as a workload has several sizes");
}

/* Counts of all workers, or one that the plan has. */
static bool has_count(const struct plan *plan, uint32_t workers) {
  for (size_t c = 0; c < plan->count_count; c++)
    if (plan->counts[c] == workers)
      return true;
  return workers == 0;
}

static void check_probe(const struct plan *plan, struct json_reader *item,
                        const struct plan_workload *read) {
  size_t i = plan->probe_count;
  if (is_there(plan->probes, i, read))
    json_reader_refuse(item, "workload", "each probe once");
  if (!has_count(plan, read->workers) || (!read->meter && read->workers != 0))
    json_reader_refuse(item, "workers",
                       "0, or of a meter a number of the plan's workers");
  if (i > 0 && plan->probes[i - 1].meter && !read->meter)
    json_reader_refuse(item, "meter", "true, as of the one before");
}

/* Beside a round's trials: the program's own of the clock and the capacity, and
 * then meters. */
void plan_read_probes(struct plan *plan, struct json_reader *reader,
                      bool strangers) {
  static const char key[] = "probes";
  size_t count = json_read_list(reader, key, PLAN_PROBES);
  plan->probes = calloc(count + 1, sizeof *plan->probes);
  if (!reader->status && !plan->probes)
    reader->status = problem_failure(reader->problem, "out of memory");
  /* Meters run as the program's own probes do, of which there may be none. */
  if (!reader->status)
    reader->status = notation_parse_variant("omp:static", &plan->probe_variant,
                                            reader->problem);
  for (size_t i = 0; i < count && !reader->status; i++) {
    struct json_reader item = json_reader_item(reader, key, i);
    struct plan_workload read =
        read_workload(&item, true, strangers, reader->problem);
    if (read.workload) {
      check_probe(plan, &item, &read);
      plan->probes[plan->probe_count++] = read;
    }
    reader->status = item.status;
  }
}

/* To go on with them, they have to be what this program would add. */
void plan_check_own_probes(const struct plan *plan,
                           struct json_reader *reader) {
  struct plan *own = calloc(1, sizeof *own); /* large */
  bool any = plan->probe_count > 0 && !plan->probes[0].meter;
  if (!own) {
    reader->status = problem_failure(reader->problem, "out of memory");
    return;
  }
  own->count_count = plan->count_count;
  int status = plan_add_probes(own, reader->problem);
  for (size_t i = 0; !status && any && i < own->probe_count; i++)
    if (i >= plan->probe_count || plan->probes[i].meter ||
        strcmp(plan->probes[i].workload->name, own->probes[i].workload->name) !=
            0)
      json_reader_refuse(reader, "probes", "this program's own, or none");
  plan_free(own);
  free(own);
  reader->status = reader->status ? reader->status : status;
}

/* ---- variants ------------------------------------------------------------ */

void plan_read_variants(struct plan *plan, struct json_reader *reader) {
  static const char key[] = "variants";
  size_t count = json_read_list(reader, key, PLAN_VARIANTS);
  if (count == 0 ||
      strcmp(json_read_text_at(reader, key, 0, NOTATION_LENGTH), "serial") != 0)
    json_reader_refuse(reader, key, "a list that begins with \"serial\"");
  for (size_t i = 0; i < count && !reader->status; i++) {
    struct problem reason = {""};
    char name[NOTATION_LENGTH], want[250];
    const char *text = json_read_text_at(reader, key, i, NOTATION_LENGTH);
    if (reader->status)
      return;
    if (plan_add_variant(plan, text, &reason) != 0) {
      text_print(want, sizeof want,
                 "each variant once, as in omp:static: %.180s", reason.text);
      json_reader_refuse_at(reader, key, i, want);
      return;
    }
    notation_format_variant(&plan->variants[i], name);
    text_print(want, sizeof want, "as it is written: %s", name);
    if (strcmp(name, text) != 0 && !reader->lenient)
      json_reader_refuse_at(reader, key, i, want);
  }
}

/* ---- points -------------------------------------------------------------- */

/* Whether the points of a workload and variant have these workers. */
static bool have_workers(const json_t *points, const struct plan_workload *of,
                         const char *variant, const uint32_t *counts,
                         size_t count) {
  size_t at = 0;
  for (size_t i = 0; i < json_array_size(points); i++) {
    const json_t *item = json_array_get(points, i), *value;
    const char *name = json_string_value(json_object_get(item, "workload"));
    const char *by = json_string_value(json_object_get(item, "variant"));
    if (!name || !by || strcmp(name, of->workload->name) != 0 ||
        strcmp(by, variant) != 0)
      continue;
    value = json_object_get(item, "size");
    if (value && json_integer_value(value) != (json_int_t)of->size)
      continue;
    value = json_object_get(item, "workers");
    if (at == count || json_integer_value(value) != counts[at++])
      return false;
  }
  return at == count;
}

void plan_settle_strangers(struct plan *plan,
                           const struct json_reader *reader) {
  const json_t *points = json_object_get(reader->object, "points");
  char last[NOTATION_LENGTH];
  if (plan->variant_count < 2)
    return; /* one worker each */
  notation_format_variant(&plan->variants[plan->variant_count - 1], last);
  for (size_t i = 0; i < plan->workload_count; i++) {
    const struct plan_workload *of = &plan->workloads[i];
    if (of->workload->kernel == &stranger &&
        !have_workers(points, of, last, plan->counts, plan->count_count))
      of->workload->kernel = &waiting_stranger;
  }
}

static void check_text(struct json_reader *item, const char *key,
                       const char *expected) {
  char want[250];
  if (strcmp(json_read_text(item, key, WORKLOAD_TEXT), expected) == 0)
    return;
  text_print(want, sizeof want, "%.200s, as follows from what is listed",
             expected);
  json_reader_refuse(item, key, want);
}

static void check_number(struct json_reader *item, const char *key,
                         uint64_t expected) {
  char want[100];
  if ((uint64_t)json_read_integer(item, key, 0, INT64_MAX) == expected)
    return;
  text_print(want, sizeof want, "%" PRIu64 ", as follows from what is listed",
             expected);
  json_reader_refuse(item, key, want);
}

static void check_list(struct json_reader *reader, const char *key,
                       const struct point *points, size_t count, bool sized) {
  char want[100], variant[NOTATION_LENGTH];
  text_print(want, sizeof want, "%zu points, as follow from what is listed",
             count);
  if (json_read_list(reader, key, POINTS_MOST) != count)
    json_reader_refuse(reader, key, want);
  for (size_t i = 0; i < count && !reader->status; i++) {
    struct json_reader item = json_reader_item(reader, key, i);
    notation_format_variant(&points[i].variant, variant);
    check_text(&item, "workload", points[i].workload->name);
    check_text(&item, "variant", variant);
    check_number(&item, "workers", points[i].workers);
    if (sized)
      check_number(&item, "size", points[i].size);
    reader->status = item.status;
  }
}

void plan_check_points(const struct plan *plan, struct json_reader *reader) {
  check_list(reader, "points", plan->points, plan->result_count,
             plan_has_sizes(plan));
  size_t results = plan->result_count + plan->program_count;
  check_list(reader, "probe_points", plan->points + results,
             plan->point_count - results, false);
  if (reader->status || plan->trial_count == 0 ||
      plan->trial_count == plan->point_count)
    return;
  char want[100];
  snprintf(want, sizeof want,
           "%zu numbers, of points, programs and probe_points, or none",
           plan->point_count);
  json_reader_refuse(reader, "trials", want);
}
