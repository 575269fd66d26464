#include "bench/record/record.h"

#include "bench/plan/notation.h"
#include "bench/record/record_check.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The schema, then what only the one knows who ran the trial, then what the
 * trial itself says. */
enum { FIELDS_OF_RUN = 9 };

/* Significant digits of real numbers: a nanosecond in a second. */
enum { DIGITS = 9 };

void record_clear(struct record *record) {
  fields_clear(record_fields, record);
  fields_clear(inside_fields, &record->inside);
  record->said = NULL;
}

void record_free(struct record *record) {
  fields_free(record_fields, record);
  fields_free(inside_fields, &record->inside);
  free(record->said);
  record->said = NULL;
}

const char *record_requested(const struct record *record) {
  return record->requested ? record->requested : record->variant;
}

bool record_is_sharer(const struct record *record) {
  return record->shared_place > 1;
}

int64_t record_repeat(const struct record *record) {
  return record->repeat == FIELD_NULL ? 1 : record->repeat;
}

int64_t record_times(const struct record *record) {
  return notation_names_copies(record_requested(record)) ? record->workers : 1;
}

bool record_is_in(const struct record *record, const char *phase) {
  return record->phase && strcmp(record->phase, phase) == 0;
}

bool record_is_probe(const struct record *record) {
  return record_is_in(record, "probe");
}

bool record_is_in_round(const struct record *record) {
  return (record_is_in(record, "round") || record_is_in(record, "program")) &&
         record->round > 0;
}

const char record_program[] = "program";

bool record_is_ok(const struct record *record) {
  return record->status && strcmp(record->status, "ok") == 0;
}

bool record_is_program(const struct record *record) {
  return strcmp(record->kernel, record_program) == 0;
}

bool record_tells_inside(const struct record *record) {
  return record->observed == 1 && record_is_ok(record) &&
         isfinite(record->inside.open_s);
}

double record_inside_beyond(const struct record *record, double workers) {
  const struct record_inside *inside = &record->inside;
  double beyond_s = 0;
  for (size_t k = 0; k < inside->team.count; k++)
    if (!(inside->team.values[k] <= workers))
      beyond_s += inside->wall_s.values[k];
  return beyond_s / record->program_s;
}

bool record_inside_within(const struct record *record, double workers) {
  return record_inside_beyond(record, workers) < RECORD_NOTICED;
}

double record_inside_sum(const struct numbers *numbers) {
  double sum = 0;
  for (size_t k = 0; k < numbers->count; k++)
    sum += numbers->values[k];
  return sum;
}

const char *record_inside_name(const struct record_inside *inside, size_t place,
                               size_t *length) {
  const char *name = inside->regions ? inside->regions : "";
  for (size_t k = 0; k < place && *name; k++) {
    name += strcspn(name, " ");
    name += *name == ' ';
  }
  *length = strcspn(name, " ");
  return name;
}

size_t record_inside_find(const struct record_inside *inside, const char *name,
                          size_t length) {
  const char *at = inside->regions ? inside->regions : "";
  for (size_t k = 0; k < inside->calls.count && *at; k++) {
    size_t own = strcspn(at, " ");
    if (own == length && strncmp(at, name, length) == 0)
      return k;
    at += own;
    at += *at == ' ';
  }
  return inside->calls.count;
}

/* How a line begins, whoever writes it. */
#define TEXT_OF(number)   #number
#define SCHEMA_OF(number) "{\"schema\":" TEXT_OF(number) ","
static const char beginning[] = SCHEMA_OF(RECORD_SCHEMA_NUMBER);

static char *text_of(json_t *json) {
  char *text =
      json ? json_dumps(json, JSON_COMPACT | JSON_REAL_PRECISION(DIGITS))
           : NULL;
  json_decref(json);
  return text;
}

static char *joined(const char *first, const char *second, const char *third) {
  char *line = NULL;
  return first && asprintf(&line, "%s%s%s", first, second, third) >= 0 ? line
                                                                       : NULL;
}

void record_settle(struct record *record) {
  free(record->said);
  record->said = NULL;
  fields_round(record_fields, record, DIGITS);
  fields_round(inside_fields, &record->inside, DIGITS);
}

char *record_format(const struct record *record) {
  json_t *json = fields_to_json(record_fields, record);
  bool told = isfinite(record->inside.open_s);
  if (told && json_object_set_new(
                  json, "inside",
                  fields_to_json(inside_fields, &record->inside)) != 0) {
    json_decref(json);
    return NULL;
  }
  char *text = text_of(json);
  char *line = joined(text, "\n", "");
  free(text);
  return line;
}

char *record_format_trial(const struct record *record) {
  char *text =
      text_of(fields_to_json(record_fields + 1 + FIELDS_OF_RUN, record));
  char *line = text ? joined(beginning, text + 1, "\n") : NULL;
  free(text);
  return line;
}

/* As the trial wrote it, and what is known of its run put in. */
static char *format_around(const struct record *record, const char *said) {
  char *text =
      text_of(fields_to_json_part(record_fields + 1, FIELDS_OF_RUN, record));
  size_t length = text ? strlen(text) : 0;
  char *line = NULL;
  if (length > 0) {
    text[length - 1] = ','; /* in place of its end */
    line = joined(beginning, text + 1, said + strlen(beginning));
  }
  free(text);
  return line;
}

static int check_schema(const json_t *json, struct problem *problem) {
  const json_t *value = json_object_get(json, "schema");
  long long schema = json_integer_value(value);
  if (!json_is_integer(value) || schema == RECORD_SCHEMA)
    return PROBLEM_NONE; /* the fields say what is missing */
  if (schema > RECORD_SCHEMA)
    return problem_failure(problem, "its schema is %lld; this program reads %d",
                           schema, RECORD_SCHEMA);
  return problem_failure(problem,
                         "was written by an older coresweep (schema %lld); "
                         "`report` still shows its analysis.json",
                         schema);
}

static int read_inside(const json_t *json, struct record *record,
                       struct problem *problem) {
  const json_t *inside = json_object_get(json, "inside");
  struct problem reason;
  if (!inside || json_is_null(inside))
    return PROBLEM_NONE;
  if (fields_from_json(inside_fields, inside, &record->inside, &reason) == 0)
    return PROBLEM_NONE;
  return problem_failure(problem, "inside: %s", reason.text);
}

int record_parse(const char *line, struct record *record,
                 struct problem *problem) {
  json_error_t error;
  record_clear(record);
  if (!line[strspn(line, " \t\r\n")])
    return problem_failure(problem, "a blank line: want the record of a trial");
  json_t *json = json_loads(line, JSON_REJECT_DUPLICATES, &error);
  if (!json)
    return problem_failure(problem, "not JSON: %s", error.text);
  int status = check_schema(json, problem);
  if (!status)
    status = fields_from_json(record_fields, json, record, problem);
  if (!status)
    status = read_inside(json, record, problem);
  if (!status)
    status = record_check(record, json, problem);
  if (status)
    record_free(record);
  json_decref(json);
  return status;
}

int record_append(int fd, const char *path, const struct record *record,
                  struct problem *problem) {
  const char *said = record->said;
  bool fits = said && strncmp(said, beginning, strlen(beginning)) == 0;
  char *line = fits ? format_around(record, said) : record_format(record);
  if (!line)
    return problem_failure(problem, "%s: out of memory", path);
  off_t before = lseek(fd, 0, SEEK_END);
  size_t length = strlen(line), done = 0;
  while (done < length) {
    ssize_t wrote = write(fd, line + done, length - done);
    if (wrote < 0 && errno == EINTR)
      continue;
    if (wrote <= 0)
      break;
    done += (size_t)wrote;
  }
  int error = errno;
  free(line);
  if (done == length)
    return PROBLEM_NONE;
  if (done > 0 && before >= 0 && ftruncate(fd, before) != 0)
    error = errno;
  return problem_failure(problem, "%s: a record could not be written: %s", path,
                         strerror(error));
}
