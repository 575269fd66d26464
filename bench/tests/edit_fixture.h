/* edit_fixture.h: a JSON file with each of its members changed in turn, as an
 * editor, a crash, or somebody who means it would.  To be included after
 * cmocka.h. */
#ifndef CORESWEEP_EDIT_FIXTURE_H
#define CORESWEEP_EDIT_FIXTURE_H

#include "bench/plan/problem.h"

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

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

/* ---- the test ------------------------------------------------------------ */

enum { MEMORY_MOST = 1 << 29, PATH = 100 };

/* Where the files are, and what comes of the edited ones. */
struct bed {
  char folder[60], path[PATH], again[PATH];
  size_t read, refused;
  json_t *lines; /* of a file of records */
};

static inline int begin(void **state) {
  struct bed *bed = calloc(1, sizeof *bed);
  *state = bed;
  if (!bed)
    return -1;
  strcpy(bed->folder, "/tmp/test_edited_files.XXXXXX");
  if (!mkdtemp(bed->folder))
    return -1;
  snprintf(bed->path, PATH, "%s/edited", bed->folder);
  snprintf(bed->again, PATH, "%s/again", bed->folder);
  return 0;
}

static inline int end(void **state) {
  struct bed *bed = *state;
  unlink(bed->path);
  unlink(bed->again);
  json_decref(bed->lines);
  int failed = rmdir(bed->folder);
  free(bed);
  return failed;
}

static inline void write_json(const char *path, const json_t *json) {
  assert_int_equal(json_dump_file(json, path, JSON_INDENT(1)), 0);
}

/* Counts what came of an edit: it was read, or refused as it should be. */
static inline bool was_read(struct bed *bed, int status,
                            const struct problem *problem, const char *what) {
  if (!status) {
    bed->read++;
    return true;
  }
  bed->refused++;
  if (!strstr(problem->text, bed->path) || strchr(problem->text, '\n'))
    fail_msg("%s: '%s' does not name the file in one line", what,
             problem->text);
  return false;
}

static inline void must(int status, const struct problem *problem,
                        const char *what) {
  if (status)
    fail_msg("%s: %s", what, problem->text);
}

/* At least so many edits of each kind: the test looks at what it should. */
static inline void check_counts(const struct bed *bed, size_t edits,
                                size_t least) {
  if (bed->read + bed->refused < edits || bed->read < least ||
      bed->refused < least)
    fail_msg("%zu edits: %zu read, %zu refused", edits, bed->read,
             bed->refused);
}

/* What is made of a number in a file must not ask for more; a sanitizer's own
 * memory is not counted so. */
static inline void limit_memory(void) {
#if !defined __SANITIZE_ADDRESS__ && !defined __SANITIZE_THREAD__
  const struct rlimit limit = {MEMORY_MOST, MEMORY_MOST};
  assert_int_equal(setrlimit(RLIMIT_AS, &limit), 0);
#endif
}

#endif
