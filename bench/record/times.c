#include "bench/record/times.h"

#include "bench/plan/text.h"
#include "bench/plan/whole_file.h"
#include "bench/record/hyperfine.h"
#include "bench/record/times_records.h"
#include "bench/trial/csv.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* ---- CSV ----------------------------------------------------------------- */

enum column { WORKERS, SECONDS, RUN, NAME, COLUMNS };

static const char *const columns[COLUMNS] = {"workers", "seconds", "run",
                                             "name"};

/* Which column each field is; *known: whether it is there. */
static int read_header(struct csv *csv, const char *workers,
                       enum column order[COLUMNS], bool known[COLUMNS],
                       struct problem *problem) {
  const char *field = csv->text;
  workers = workers ? workers : columns[WORKERS];
  for (uint32_t k = 0; k < csv->fields; k++) {
    int column = 0;
    while (column < COLUMNS &&
           strcmp(field, column == WORKERS ? workers : columns[column]) != 0)
      column++;
    if (k >= COLUMNS || column == COLUMNS || known[column]) {
      char shown[TEXT_SHOWN];
      return problem_usage(problem,
                           "%s, line 1: '%.60s' is none of the columns "
                           "%.60s, seconds, run, name, or there twice",
                           csv->name, text_shown(field, shown), workers);
    }
    order[k] = (enum column)column;
    known[column] = true;
    field += strlen(field) + 1;
  }
  if (known[WORKERS] && known[SECONDS])
    return PROBLEM_NONE;
  return problem_usage(problem,
                       "%s: want a first line %.60s,seconds, with "
                       "run and name where there are several",
                       csv->name, workers);
}

static int read_csv(FILE *file, const char *name, const char *workers,
                    struct records *records, bool *at_random,
                    struct problem *problem) {
  enum column order[COLUMNS] = {WORKERS};
  bool known[COLUMNS] = {false};
  struct csv csv;
  int status = csv_open(&csv, file, name, problem);
  if (!status)
    status = csv_next(&csv, problem);
  uint32_t width = csv.fields;
  if (!status)
    status = read_header(&csv, workers, order, known, problem);
  while (!status) {
    status = csv_next(&csv, problem);
    if (status || csv.fields == 0)
      break;
    char where[TEXT_SHOWN];
    text_print(where, sizeof where, "%s, line %" PRIu64, name, csv.line);
    const char *fields[COLUMNS] = {NULL}, *field = csv.text;
    if (csv.fields != width) {
      status = problem_usage(problem,
                             "%s: %" PRIu32 " fields instead of "
                             "%" PRIu32,
                             where, csv.fields, width);
      break;
    }
    for (uint32_t k = 0; k < width; k++, field += strlen(field) + 1)
      fields[order[k]] = field;
    const struct times_line line = {fields[NAME], fields[WORKERS],
                                    fields[SECONDS], fields[RUN], where};
    status = times_add(records, &line, problem);
  }
  csv_close(&csv);
  *at_random = !known[RUN];
  return status || known[RUN] ? status : times_pair_at_random(records, problem);
}

/* ---- hyperfine ----------------------------------------------------------- */

/* What parameters are called that say how many workers. */
static const char *const usual[] = {
    "workers", "num_workers", "threads", "num_threads", "nthreads", "jobs",
    "cores",   "cpus",        "procs",   "processes",   "ranks"};

/* All parameters, "'a', 'b'", for messages. */
static const char *list_names(json_t *parameters, char *bytes, size_t room) {
  struct text text = text_begin(bytes, room);
  const char *name;
  json_t *value;
  json_object_foreach(parameters, name, value) {
    text_add(&text, "%s'%.40s'", *bytes ? ", " : "", name);
  }
  return bytes;
}

/* The parameter that says how many workers: the one that was named, or the only
 * one with a usual name.  0, and its name and value; or the problem. */
static int find_workers(json_t *parameters, const char *wanted,
                        const char *where, const char **key,
                        const char **workers, struct problem *problem) {
  char names[TEXT_SHOWN], shown[TEXT_SHOWN];
  *key = wanted;
  for (size_t i = 0; !wanted && i < sizeof usual / sizeof *usual; i++) {
    if (!json_object_get(parameters, usual[i]))
      continue;
    if (*key)
      return problem_usage(problem,
                           "%s: '%s' and '%s' may both be the workers; say "
                           "which is, as in --times-workers %s",
                           where, *key, usual[i], *key);
    *key = usual[i];
  }
  *workers = *key ? json_string_value(json_object_get(parameters, *key)) : NULL;
  if (*workers)
    return PROBLEM_NONE;
  list_names(parameters, names, sizeof names);
  if (wanted && *names)
    return problem_usage(
        problem,
        "%s: there is no parameter '%.60s' of --times-workers; "
        "there is %s",
        where, wanted, text_shown(names, shown));
  if (*names)
    return problem_usage(problem,
                         "%s: no parameter says by its name how many workers; "
                         "there is %s: if that is the number of workers, add "
                         "--times-workers NAME",
                         where, text_shown(names, shown));
  return problem_usage(problem,
                       "%s: no parameter says how many workers; want one, as "
                       "of hyperfine -P threads 1 4 'prog -j{threads}'",
                       where);
}

/* The command's file, and the other parameters: "zstd/level=9". */
static void name_result(const json_t *result, const char *key, char *name,
                        size_t room) {
  const char *command = json_string_value(json_object_get(result, "command"));
  json_t *parameters = json_object_get(result, "parameters");
  const char *other;
  json_t *value;
  struct text text = text_begin(name, room);
  command = command ? command : "program";
  size_t length = strcspn(command, " ");
  const char *begin = command + length;
  while (begin > command && begin[-1] != '/')
    begin--;
  text_add(&text, "%.*s", (int)(command + length - begin), begin);
  json_object_foreach(parameters, other, value) if (strcmp(other, key) != 0 &&
                                                    json_is_string(value))
      text_add(&text, "%s%s=%s", strchr(name, '/') ? "," : "/", other,
               json_string_value(value));
}

static int read_result(const char *path, size_t index, const json_t *result,
                       const char *wanted, struct records *records,
                       struct problem *problem) {
  char where[TEXT_SHOWN], name[200], seconds[40];
  const json_t *times = json_object_get(result, "times");
  const char *key, *workers;
  text_print(where, sizeof where, "%s, result %zu", path, index + 1);
  int status = find_workers(json_object_get(result, "parameters"), wanted,
                            where, &key, &workers, problem);
  if (status)
    return status;
  if (!json_is_array(times))
    return problem_usage(problem, "%s: times are missing", where);
  const json_t *codes = json_object_get(result, "exit_codes");
  for (size_t i = 0; i < json_array_size(codes); i++) {
    const json_t *code = json_array_get(codes, i);
    if (!json_is_integer(code))
      return problem_usage(problem,
                           "%s: run %zu failed, by a signal: its time is none",
                           where, i + 1);
    if (json_integer_value(code) != 0)
      return problem_usage(problem,
                           "%s: run %zu failed, with exit code %lld: its "
                           "time is none",
                           where, i + 1, (long long)json_integer_value(code));
  }
  name_result(result, key, name, sizeof name);
  for (size_t i = 0; !status && i < json_array_size(times); i++) {
    const json_t *time = json_array_get(times, i);
    snprintf(seconds, sizeof seconds, "%.17g",
             json_is_number(time) ? json_number_value(time) : 0);
    const struct times_line line = {name, workers, seconds, NULL, where};
    status = times_add(records, &line, problem);
  }
  return status;
}

static int read_hyperfine(FILE *file, const char *name, const char *workers,
                          struct records *records, struct problem *problem) {
  json_error_t error;
  json_t *json = json_loadf(file, 0, &error);
  hyperfine_settle(json);
  const json_t *results = json_object_get(json, "results");
  int status = PROBLEM_NONE;
  if (!json)
    return problem_usage(problem, "%s, line %d: %s", name, error.line,
                         error.text);
  if (json_array_size(results) == 0)
    status = problem_usage(problem,
                           "%s: no results; want what hyperfine "
                           "--export-json writes",
                           name);
  for (size_t i = 0; !status && i < json_array_size(results); i++)
    status = read_result(name, i, json_array_get(results, i), workers, records,
                         problem);
  json_decref(json);
  return status ? status : times_pair_at_random(records, problem);
}

/* ---- the file ------------------------------------------------------------ */

/* Speedups are against one worker. */
static int check_baselines(const struct records *records, const char *name,
                           struct problem *problem) {
  if (records->count == 0)
    return problem_usage(problem, "%s: no times", name);
  for (size_t i = 0; i < records->count; i++)
    if (times_next_run(records, records->list[i].workload, 1) == 1)
      return problem_usage(problem,
                           "%s: %s has no time with 1 worker, which the others "
                           "are compared with",
                           name, records->list[i].workload);
  return PROBLEM_NONE;
}

int times_read(const char *path, const char *workers, struct records *records,
               bool *at_random, struct problem *problem) {
  char name[TEXT_SHOWN];
  *records = (struct records){0};
  text_shown(path, name);
  const char *why;
  FILE *file = whole_file_open(path, &why);
  if (!file)
    return problem_usage(problem, "--times %s: %s", name, why);
  int first = getc(file);
  if (first != EOF)
    ungetc(first, file);
  *at_random = true;
  int status = first == '{'
                   ? read_hyperfine(file, name, workers, records, problem)
                   : read_csv(file, name, workers, records, at_random, problem);
  fclose(file);
  if (!status)
    status = check_baselines(records, name, problem);
  if (status)
    records_free(records);
  return status;
}
