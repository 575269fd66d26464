#include "bench/record/fields.h"

#include "bench/plan/counts.h"
#include "bench/plan/cpulist.h"
#include "bench/plan/plan.h"
#include "bench/plan/text.h"
#include "bench/plan/workload.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static const void *member(const struct field *field, const void *object) {
  return (const char *)object + field->offset;
}

static void *member_of(const struct field *field, void *object) {
  return (char *)object + field->offset;
}

void fields_clear(const struct field *table, void *object) {
  for (const struct field *f = table; f->name; f++) {
    void *at = member_of(f, object);
    switch (f->type) {
    case FIELD_TEXT:
    case FIELD_WORDS:
      *(char **)at = NULL;
      break;
    case FIELD_INTEGER:
    case FIELD_TRUTH:
      *(int64_t *)at = FIELD_NULL;
      break;
    case FIELD_REAL:
      *(double *)at = (double)NAN;
      break;
    case FIELD_REALS:
    case FIELD_INTEGERS:
      *(struct numbers *)at = (struct numbers){NULL, 0};
      break;
    case FIELD_INTERVAL:
      *(struct interval *)at = INTERVAL_NULL;
      break;
    }
  }
}

void fields_free(const struct field *table, void *object) {
  for (const struct field *f = table; f->name; f++) {
    void *at = member_of(f, object);
    if (f->type == FIELD_TEXT || f->type == FIELD_WORDS)
      free(*(char **)at);
    if (f->type == FIELD_REALS || f->type == FIELD_INTEGERS)
      free(((struct numbers *)at)->values);
  }
  fields_clear(table, object);
}

/* A path may hold what no JSON can; it is written as it is shown. */
static json_t *text_json(const char *text) {
  char *shown = text_copy_shown(text);
  json_t *json = shown ? json_string(shown) : text ? NULL : json_null();
  free(shown);
  return json;
}

static json_t *real_json(double value) {
  return isfinite(value) ? json_real(value) : json_null();
}

static json_t *words_json(const char *words) {
  json_t *array = json_array();
  while (words && *words) {
    size_t length = strcspn(words, " ");
    json_array_append_new(array, json_stringn(words, length));
    words += length + strspn(words + length, " ");
  }
  return array;
}

static json_t *numbers_json(const struct numbers *numbers, bool whole) {
  if (!numbers->values)
    return json_null();
  json_t *array = json_array();
  for (size_t i = 0; i < numbers->count; i++)
    json_array_append_new(array,
                          whole && isfinite(numbers->values[i])
                              ? json_integer((json_int_t)numbers->values[i])
                              : real_json(numbers->values[i]));
  return array;
}

static json_t *member_json(const struct field *f, const void *at) {
  const struct interval *interval = at;
  switch (f->type) {
  case FIELD_TEXT:
    return text_json(*(char *const *)at);
  case FIELD_WORDS:
    return words_json(*(char *const *)at);
  case FIELD_INTEGER:
    return *(const int64_t *)at == FIELD_NULL
               ? json_null()
               : json_integer(*(const int64_t *)at);
  case FIELD_TRUTH:
    return *(const int64_t *)at == FIELD_NULL
               ? json_null()
               : json_boolean(*(const int64_t *)at != 0);
  case FIELD_REAL:
    return real_json(*(const double *)at);
  case FIELD_REALS:
  case FIELD_INTEGERS:
    return numbers_json(at, f->type == FIELD_INTEGERS);
  case FIELD_INTERVAL:
    return json_pack("{s:o, s:o, s:o}", "median", real_json(interval->median),
                     "low", real_json(interval->low), "high",
                     real_json(interval->high));
  }
  return NULL;
}

json_t *fields_to_json_part(const struct field *table, size_t count,
                            const void *object) {
  json_t *json = json_object();
  for (const struct field *f = table; json && f->name && f < table + count; f++)
    if (json_object_set_new(json, f->name, member_json(f, member(f, object))) !=
        0) {
      json_decref(json);
      return NULL;
    }
  return json;
}

json_t *fields_to_json(const struct field *table, const void *object) {
  size_t count = 0;
  while (table[count].name)
    count++;
  return fields_to_json_part(table, count, object);
}

static double rounded(double value, int digits) {
  char text[40];
  if (!isfinite(value))
    return value;
  snprintf(text, sizeof text, "%.*g", digits, value);
  return strtod(text, NULL);
}

void fields_round(const struct field *table, void *object, int digits) {
  for (const struct field *f = table; f->name; f++) {
    void *at = member_of(f, object);
    struct numbers *numbers = at;
    if (f->type == FIELD_REAL)
      *(double *)at = rounded(*(double *)at, digits);
    for (size_t i = 0; f->type == FIELD_REALS && i < numbers->count; i++)
      numbers->values[i] = rounded(numbers->values[i], digits);
  }
}

/* ---- reading ------------------------------------------------------------- */

const struct limits limits_name = {.least = 1, .most = WORKLOAD_TEXT};
const struct limits limits_text = {.most = 65536};
const struct limits limits_time_s = {0, 1e7, NULL};
const struct limits limits_core_s = {0, 1e7 * (CPULIST_MAX_INDEX + 1), NULL};
const struct limits limits_bytes = {0, 2e19, NULL};
const struct limits limits_seed = {0, (double)INT64_MAX, NULL};
const struct limits limits_count = {0, 1e15, NULL};
const struct limits limits_number = {0, 1e60, NULL}; /* rates: size by time */
const struct limits limits_workers = {1, COUNTS_MAX, NULL};
const struct limits limits_cpus = {0, CPULIST_MAX_INDEX, NULL};
const struct limits limits_size = {0, (double)INT64_MAX, NULL};
const struct limits limits_rounds = {0, PLAN_ROUNDS_MOST, NULL};

/* What would be right: "a whole number from 1 to 4096"; "ok, wrong, failed". */
static void describe(const struct field *f, struct text *text) {
  static const char *const names[] = {
      [FIELD_TEXT] = "a text",
      [FIELD_WORDS] = "a list of words",
      [FIELD_INTEGER] = "a whole number",
      [FIELD_TRUTH] = "true or false",
      [FIELD_REAL] = "a number",
      [FIELD_REALS] = "a list of numbers",
      [FIELD_INTEGERS] = "a list of whole numbers",
      [FIELD_INTERVAL] = "low <= median <= high",
  };
  const struct limits *limits = f->limits;
  bool text_limits = f->type == FIELD_TEXT || f->type == FIELD_WORDS;
  if (!limits || !limits->words || f->type == FIELD_TRUTH)
    text_add(text, "%s", names[f->type]);
  if (!limits || f->type == FIELD_TRUTH)
    return;
  for (size_t i = 0; limits->words && limits->words[i]; i++)
    text_add(text, "%s%s", i ? ", " : "", limits->words[i]);
  if (!limits->words && text_limits)
    text_add(text, " of %g to %g bytes that can be printed", limits->least,
             limits->most);
  else if (!limits->words)
    text_add(text, " from %.10g to %.10g", limits->least, limits->most);
}

static bool read_text(const json_t *json, const struct limits *limits,
                      char **text) {
  if (!json_is_string(json) ||
      !limits_hold_text(limits, json_string_value(json)))
    return false;
  *text = strdup(json_string_value(json));
  return *text;
}

static bool read_words(const json_t *json, const struct limits *limits,
                       char **text) {
  size_t capacity = 1;
  for (size_t i = 0; i < json_array_size(json); i++) {
    const json_t *word = json_array_get(json, i);
    if (!json_is_string(word) ||
        !limits_hold_text(limits, json_string_value(word)) ||
        strchr(json_string_value(word), ' ')) /* that stands between words */
      return false;
    capacity += json_string_length(word) + 1;
  }
  char *words = calloc(1, capacity);
  struct text all = {words, capacity, 0, false};
  for (size_t i = 0; words && i < json_array_size(json); i++)
    text_add(&all, "%s%s", i ? " " : "",
             json_string_value(json_array_get(json, i)));
  *text = words;
  return words && json_is_array(json);
}

/* A number within limits, or null.  There is no zero below 0. */
static bool read_real(const json_t *json, const struct limits *limits,
                      double *value) {
  *value = (double)NAN;
  if (json_is_null(json))
    return true;
  *value = json_number_value(json) + 0.0;
  return json_is_number(json) && limits_hold(limits, *value);
}

static bool read_numbers(const json_t *json, const struct field *f,
                         struct numbers *numbers) {
  size_t count = json_array_size(json);
  if (!json_is_array(json))
    return false;
  numbers->values = malloc((count ? count : 1) * sizeof *numbers->values);
  if (!numbers->values)
    return false;
  numbers->count = count;
  for (size_t i = 0; i < count; i++) {
    const json_t *value = json_array_get(json, i);
    if (!read_real(value, f->limits, &numbers->values[i]) ||
        (f->type == FIELD_INTEGERS && json_is_real(value)))
      return false;
  }
  return true;
}

/* Those that are known ascend, and there are no bounds of nothing. */
static bool ascends(const struct interval *i) {
  return (isnan(i->low) || i->low <= i->median) &&
         (isnan(i->high) || i->median <= i->high);
}

static bool read_interval(const json_t *json, const struct limits *limits,
                          struct interval *interval) {
  static const char *const keys[] = {"median", "low", "high"};
  double *const members[] = {&interval->median, &interval->low,
                             &interval->high};
  if (!json_is_object(json))
    return false;
  for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
    const json_t *value = json_object_get(json, keys[i]);
    if (value && !read_real(value, limits, members[i]))
      return false;
  }
  return ascends(interval);
}

/* Fills one member from a value that is not null; false: it may not be so. */
static bool read_member(const struct field *f, const json_t *json, void *at) {
  switch (f->type) {
  case FIELD_TEXT:
    return read_text(json, f->limits, at);
  case FIELD_WORDS:
    return read_words(json, f->limits, at);
  case FIELD_INTEGER:
    if (json_is_integer(json))
      *(int64_t *)at = json_integer_value(json);
    return json_is_integer(json) &&
           limits_hold(f->limits, (double)json_integer_value(json));
  case FIELD_TRUTH:
    *(int64_t *)at = json_is_true(json);
    return json_is_boolean(json);
  case FIELD_REAL:
    return read_real(json, f->limits, at);
  case FIELD_REALS:
  case FIELD_INTEGERS:
    return read_numbers(json, f, at);
  case FIELD_INTERVAL:
    return read_interval(json, f->limits, at);
  }
  return false;
}

int fields_from_json(const struct field *table, const json_t *json,
                     void *object, struct problem *problem) {
  char bytes[250];
  struct text want = TEXT_BEGIN(bytes);
  fields_clear(table, object);
  if (!json_is_object(json))
    return problem_failure(problem, "not a JSON object");
  for (const struct field *f = table; f->name; f++) {
    const json_t *value = json_object_get(json, f->name);
    bool nothing = !value || json_is_null(value);
    if (nothing ? !f->required : read_member(f, value, member_of(f, object)))
      continue;
    fields_free(table, object);
    describe(f, &want);
    return json_refuse(f->name, value, bytes, problem);
  }
  return PROBLEM_NONE;
}
