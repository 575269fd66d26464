#include "bench/plan/json_read.h"

#include "bench/plan/text.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { VALUE_SHOWN = 48 }; /* bytes of a value that a message quotes */

bool limits_hold_text(const struct limits *limits, const char *text) {
  double length = (double)strlen(text);
  if (!text_is_printable(text))
    return false;
  if (!limits)
    return true;
  if (!limits->words)
    return length >= limits->least && length <= limits->most;
  for (size_t i = 0; limits->words[i]; i++)
    if (strcmp(text, limits->words[i]) == 0)
      return true;
  return false;
}

bool limits_hold(const struct limits *limits, double value) {
  return !limits || (value >= limits->least && value <= limits->most);
}

int json_refuse(const char *key, const json_t *value, const char *want,
                struct problem *problem) {
  char *text =
      value ? json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT |
                                    JSON_ENSURE_ASCII | JSON_REAL_PRECISION(9))
            : NULL;
  size_t length = text ? strlen(text) : 0;
  size_t shown = length > VALUE_SHOWN ? VALUE_SHOWN : length;
  if (value)
    problem_failure(problem, "the key \"%.100s\" is %.*s%s: want %.250s", key,
                    (int)shown, text ? text : "", shown < length ? "..." : "",
                    want);
  else
    problem_failure(problem, "the key \"%.100s\" is missing: want %.250s", key,
                    want);
  free(text);
  return PROBLEM_FAILURE;
}

struct json_reader json_reader_of(const json_t *object,
                                  struct problem *problem) {
  struct json_reader reader = {.object = object, .problem = problem};
  if (!json_is_object(object))
    reader.status = problem_failure(problem, "not a JSON object");
  return reader;
}

/* The member, or of a list that member. */
static const json_t *at(const struct json_reader *reader, const char *key,
                        const size_t *index) {
  const json_t *value = json_object_get(reader->object, key);
  return index ? json_array_get(value, *index) : value;
}

static void refuse(struct json_reader *reader, const char *key,
                   const size_t *index, const char *want) {
  char name[200], place[32] = "";
  if (reader->status)
    return;
  if (index)
    snprintf(place, sizeof place, "[%zu]", *index);
  snprintf(name, sizeof name, "%s%s%s", reader->where, key, place);
  reader->status =
      json_refuse(name, at(reader, key, index), want, reader->problem);
}

void json_reader_refuse(struct json_reader *reader, const char *key,
                        const char *want) {
  refuse(reader, key, NULL, want);
}

void json_reader_refuse_at(struct json_reader *reader, const char *key,
                           size_t index, const char *want) {
  refuse(reader, key, &index, want);
}

struct json_reader json_reader_item(const struct json_reader *reader,
                                    const char *key, size_t index) {
  struct json_reader item = *reader;
  snprintf(item.where, sizeof item.where, "%.40s[%zu].", key, index);
  item.object = at(reader, key, &index);
  if (!json_is_object(item.object)) {
    struct json_reader list = *reader;
    refuse(&list, key, &index, "an object");
    item.status = list.status;
  }
  return item;
}

/* Whether there is something to be read. */
static bool is_there(const struct json_reader *reader, const char *key) {
  return !reader->status &&
         !(reader->lenient && !json_object_get(reader->object, key));
}

static int64_t integer(struct json_reader *reader, const char *key,
                       const size_t *index, int64_t least, int64_t most) {
  const json_t *value = at(reader, key, index);
  char want[100];
  if (!is_there(reader, key))
    return 0;
  if (json_is_integer(value) && json_integer_value(value) >= least &&
      json_integer_value(value) <= most)
    return json_integer_value(value);
  snprintf(want, sizeof want, "a whole number from %" PRId64 " to %" PRId64,
           least, most);
  refuse(reader, key, index, want);
  return 0;
}

int64_t json_read_integer(struct json_reader *reader, const char *key,
                          int64_t least, int64_t most) {
  return integer(reader, key, NULL, least, most);
}

int64_t json_read_integer_at(struct json_reader *reader, const char *key,
                             size_t index, int64_t least, int64_t most) {
  return integer(reader, key, &index, least, most);
}

static double real(struct json_reader *reader, const char *key, double least,
                   double most, bool or_null) {
  const json_t *value = json_object_get(reader->object, key);
  char want[100];
  if (!is_there(reader, key))
    return or_null ? (double)NAN : 0;
  if (or_null && json_is_null(value))
    return (double)NAN;
  if (json_is_number(value) && json_number_value(value) >= least &&
      json_number_value(value) <= most)
    return json_number_value(value) + 0.0; /* no zero below 0 */
  snprintf(want, sizeof want, "a number from %g to %g%s", least, most,
           or_null ? ", or null" : "");
  refuse(reader, key, NULL, want);
  return or_null ? (double)NAN : 0;
}

double json_read_real(struct json_reader *reader, const char *key, double least,
                      double most) {
  return real(reader, key, least, most, false);
}

double json_read_real_or_null(struct json_reader *reader, const char *key,
                              double least, double most) {
  return real(reader, key, least, most, true);
}

bool json_read_truth(struct json_reader *reader, const char *key) {
  const json_t *value = json_object_get(reader->object, key);
  if (is_there(reader, key) && !json_is_boolean(value))
    refuse(reader, key, NULL, "true or false");
  return json_is_true(value);
}

static const char *text(struct json_reader *reader, const char *key,
                        const size_t *index, size_t room, bool any) {
  const char *value = json_string_value(at(reader, key, index));
  char want[100];
  if (!is_there(reader, key))
    return "";
  if (value && strlen(value) < room && (any || text_is_printable(value)))
    return value;
  snprintf(want, sizeof want, "a text of less than %zu bytes%s", room,
           any ? "" : " that can be printed");
  refuse(reader, key, index, want);
  return "";
}

const char *json_read_text(struct json_reader *reader, const char *key,
                           size_t room) {
  return text(reader, key, NULL, room, false);
}

const char *json_read_text_or_null(struct json_reader *reader, const char *key,
                                   size_t room) {
  if (json_is_null(json_object_get(reader->object, key)))
    return NULL;
  return text(reader, key, NULL, room, true);
}

const char *json_read_text_at(struct json_reader *reader, const char *key,
                              size_t index, size_t room) {
  return text(reader, key, &index, room, false);
}

const char *json_read_any_text_at(struct json_reader *reader, const char *key,
                                  size_t index, size_t room) {
  return text(reader, key, &index, room, true);
}

size_t json_read_word(struct json_reader *reader, const char *key,
                      const char *const *words) {
  const char *value = json_string_value(json_object_get(reader->object, key));
  char bytes[200];
  struct text want = TEXT_BEGIN(bytes);
  text_add(&want, "one of ");
  if (!is_there(reader, key))
    return 0;
  for (size_t i = 0; words[i]; i++) {
    if (value && strcmp(value, words[i]) == 0)
      return i;
    text_add(&want, "%s%s", i ? ", " : "", words[i]);
  }
  refuse(reader, key, NULL, bytes);
  return 0;
}

size_t json_read_list(struct json_reader *reader, const char *key,
                      size_t most) {
  const json_t *value = json_object_get(reader->object, key);
  char want[100];
  if (!is_there(reader, key))
    return 0;
  if (json_is_array(value) && json_array_size(value) <= most)
    return json_array_size(value);
  snprintf(want, sizeof want, "a list of at most %zu", most);
  refuse(reader, key, NULL, want);
  return 0;
}
