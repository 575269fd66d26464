/* edit_fixture.h: a JSON file with each of its members changed in turn, as an
 * editor, a crash, or somebody who means it would.  To be included after
 * cmocka.h. */
#ifndef CORESWEEP_EDIT_FIXTURE_H
#define CORESWEEP_EDIT_FIXTURE_H

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Who is told of each edit: the whole is as edited, and `what` says how:
 * `results[0].size = -1`. */
typedef void edit_seen(void *context, json_t *whole, const char *what);

struct edits {
  edit_seen *seen;
  void *context;
  json_t *whole;
  size_t count;
};

enum { EDIT_KINDS = 12, EDIT_LONG = 100000 };

/* The value of that kind, or NULL: the member is taken out. */
static inline json_t *edit_value(size_t kind) {
  static char text[EDIT_LONG + 1];
  switch (kind) {
  case 0:
    return json_null();
  case 1:
    return json_true();
  case 2:
    return json_string("no such word");
  case 3:
    return json_integer(-1);
  case 4:
    return json_integer(0);
  case 5:
    return json_real(1e308);
  case 6:
    return json_integer(INT64_C(1) << 62);
  case 7:
    return json_stringn(memset(text, 'x', EDIT_LONG), EDIT_LONG);
  case 8:
    return json_array();
  case 9:
    return json_object();
  case 10:
    return json_string("\x1b[2J'\"\n");
  default:
    return NULL;
  }
}

static inline void edit_tell(struct edits *edits, const char *path,
                             size_t kind) {
  json_t *value = edit_value(kind);
  char *text = value ? json_dumps(value, JSON_ENCODE_ANY) : NULL;
  char what[400];
  snprintf(what, sizeof what, "%.300s = %.40s", path, text ? text : "(none)");
  free(text);
  json_decref(value);
  edits->count++;
  edits->seen(edits->context, edits->whole, what);
}

static inline void edit_all(struct edits *edits, json_t *at, const char *path);

/* Every kind of edit of a member (key; NULL: of the list, at the index), and of
 * its own members. */
static inline void edit_member(struct edits *edits, json_t *of, const char *key,
                               size_t index, const char *path) {
  json_t *kept = key ? json_object_get(of, key) : json_array_get(of, index);
  json_incref(kept);
  for (size_t kind = 0; kind < EDIT_KINDS; kind++) {
    json_t *value = edit_value(kind);
    if (key && value)
      json_object_set_new(of, key, value);
    else if (key)
      json_object_del(of, key);
    else if (value)
      json_array_set_new(of, index, value);
    else
      json_array_remove(of, index);
    edit_tell(edits, path, kind);
    if (!key && !value)
      json_array_insert(of, index, kept);
  }
  if (key)
    json_object_set(of, key, kept);
  else
    json_array_set(of, index, kept);
  edit_all(edits, kept, path);
  json_decref(kept);
}

/* Of lists, the first and the last member. */
static inline void edit_all(struct edits *edits, json_t *at, const char *path) {
  char below[300];
  size_t count = json_array_size(at);
  if (json_is_object(at)) {
    size_t keys = json_object_size(at), k = 0;
    const char **list = calloc(keys + 1, sizeof *list), *key;
    json_t *value;
    assert_non_null(list);
    json_object_foreach(at, key, value) list[k++] = strdup(key);
    for (k = 0; k < keys; k++) {
      snprintf(below, sizeof below, "%.200s%s%.60s", path, *path ? "." : "",
               list[k]);
      edit_member(edits, at, list[k], 0, below);
      free((void *)(uintptr_t)list[k]);
    }
    free(list);
  }
  for (size_t i = 0; i < count;
       i += i + 1 < count && count > 2 ? count - 1 : 1) {
    snprintf(below, sizeof below, "%.200s[%zu]", path, i);
    edit_member(edits, at, NULL, i, below);
  }
}

/* Tells of every edit of the whole, one at a time; returns how many. */
static inline size_t edit_each(json_t *whole, edit_seen *seen, void *context) {
  struct edits edits = {.seen = seen, .context = context, .whole = whole};
  edit_all(&edits, whole, "");
  return edits.count;
}

#endif
