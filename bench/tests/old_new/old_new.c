/* old_new.c: runs of the program as it was before schema 3, for comparing its
 * analysis with today's.  No part of coresweep; see compare_old_new.sh.
 *
 *   old_new convert OLD NEW          a run's folder into one of schema 3
 *   old_new compare OLD NEW          two analysis.json: exit status 1 where a
 *       number, a text or a length differs; numbers are compared to nine
 *       digits */
#include <jansson.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PATH = 4096 };

/* ---- what is called otherwise now ---------------------------------------- */

/* Every key that changed.  An old key stays beside its new name: programs pass
 * by what they do not know. */
static const struct {
  const char *old, *today;
} keys[] = {
    {"settings", "workloads"},
    {"setting", "workload"},
    {"asked", "requested"},
    {"configurations", "points"},
    {"probe_configurations", "probe_points"},
    {"open_s", "start_s"}, /* the touch was part of it */
};

/* What records had not: no time of its own. */
static const char *const added_s[] = {"touch_s", "close_s"};

static const struct {
  const char *key, *old, *today;
} words[] = {{"bind", "spread", "cores"}};

/* Not compared: the version of the format, and what other rules than then
 * decide (drift is by another test). */
static const char *const others[] = {"schema", "flags"};

#define LENGTH(array) (sizeof(array) / sizeof *(array))

static bool is_in(const char *word, const char *const *list, size_t count) {
  for (size_t i = 0; i < count; i++)
    if (strcmp(list[i], word) == 0)
      return true;
  return false;
}

static void rename_key(json_t *object, const char *old, const char *today) {
  json_t *value = json_object_get(object, old);
  if (value && !json_object_get(object, today))
    json_object_set(object, today, value);
}

static void rename_word(json_t *object, size_t w) {
  const char *text = json_string_value(json_object_get(object, words[w].key));
  if (text && strcmp(text, words[w].old) == 0)
    json_object_set_new(object, words[w].key, json_string(words[w].today));
}

static void translate_object(json_t *object) {
  for (size_t i = 0; i < LENGTH(keys); i++)
    rename_key(object, keys[i].old, keys[i].today);
  for (size_t i = 0; i < LENGTH(words); i++)
    rename_word(object, i);
}

/* A file's own keys, and those of what it holds and lists. */
static void translate(json_t *file) {
  const char *key;
  json_t *value;
  translate_object(file);
  json_object_foreach(file, key, value) {
    if (json_is_object(value))
      translate_object(value);
    for (size_t i = 0; i < json_array_size(value); i++)
      translate_object(json_array_get(value, i));
  }
}

/* ---- convert ------------------------------------------------------------- */

static const char *path_of(const char *folder, const char *name) {
  static char path[PATH];
  snprintf(path, sizeof path, "%s/%s", folder, name);
  return path;
}

static void die(const char *path, const char *why) {
  fprintf(stderr, "old_new: %s: %s\n", path, why);
  exit(2);
}

static json_t *load(const char *path) {
  json_error_t error;
  json_t *json = json_load_file(path, 0, &error);
  if (!json)
    die(path, error.text);
  return json;
}

static void convert_records(const char *old, const char *new) {
  FILE *in = fopen(path_of(old, "trials.jsonl"), "r");
  if (!in)
    die(path_of(old, "trials.jsonl"), "cannot be read");
  FILE *out = fopen(path_of(new, "trials.jsonl"), "w");
  if (!out)
    die(path_of(new, "trials.jsonl"), "cannot be written");
  char *line = NULL;
  size_t room = 0;
  while (getline(&line, &room, in) > 0) {
    json_t *record = json_loads(line, 0, NULL);
    if (!record)
      die(path_of(old, "trials.jsonl"), "a line is no JSON");
    translate(record);
    json_object_set_new(record, "schema", json_integer(3));
    for (size_t i = 0; i < LENGTH(added_s); i++)
      json_object_set_new(record, added_s[i], json_real(0));
    json_dumpf(record, out, JSON_COMPACT);
    fputc('\n', out);
    json_decref(record);
  }
  free(line);
  fclose(in);
  if (fclose(out) != 0)
    die(path_of(new, "trials.jsonl"), "cannot be written");
}

/* Files that a run may lack. */
static void convert_file(const char *old, const char *new, const char *name,
                         bool numbered) {
  json_t *json = json_load_file(path_of(old, name), 0, NULL);
  if (!json)
    return;
  translate(json);
  if (numbered) {
    json_object_set_new(json, "schema", json_integer(3));
    if (!json_object_get(json, "memory_bytes"))
      json_object_set_new(json, "memory_bytes", json_real(0)); /* not told */
  }
  if (json_dump_file(json, path_of(new, name), JSON_INDENT(1)) != 0)
    die(path_of(new, name), "cannot be written");
  json_decref(json);
}

static int convert(const char *old, const char *new) {
  convert_records(old, new);
  convert_file(old, new, "plan.json", true);
  convert_file(old, new, "environment.json", false);
  convert_file(old, new, "hyperfine.json", false);
  return 0;
}

/* ---- compare ------------------------------------------------------------- */

struct comparison {
  size_t numbers, texts, differences;
  char path[PATH]; /* where it is */
};

static void differ(struct comparison *c, const json_t *old, const json_t *new) {
  char *a = json_dumps(old, JSON_ENCODE_ANY | JSON_COMPACT);
  char *b = json_dumps(new, JSON_ENCODE_ANY | JSON_COMPACT);
  printf("  %s: %.60s, now %.60s\n", c->path, a ? a : "?", b ? b : "?");
  c->differences++;
  free(a);
  free(b);
}

/* Both are written with nine digits: the last one may be rounded either way. */
static bool same_number(double a, double b) {
  double size = fmax(fabs(a), fabs(b));
  return size == 0 || fabs(a - b) <= 1.01 * pow(10, floor(log10(size)) - 8);
}

/* NOLINTBEGIN(misc-no-recursion): as deep as the files, four levels. */
static void compare(struct comparison *c, json_t *old, json_t *new);

/* Of the keys that both have. */
static void compare_objects(struct comparison *c, json_t *old, json_t *new) {
  size_t length = strlen(c->path);
  const char *key;
  json_t *value;
  json_object_foreach(old, key, value) {
    json_t *other = json_object_get(new, key);
    if (!other || is_in(key, others, LENGTH(others)))
      continue;
    snprintf(c->path + length, PATH - length, ".%s", key);
    compare(c, value, other);
  }
  c->path[length] = '\0';
}

static void compare_arrays(struct comparison *c, json_t *old, json_t *new) {
  size_t length = strlen(c->path);
  if (json_array_size(old) != json_array_size(new)) {
    differ(c, old, new);
    return;
  }
  for (size_t i = 0; i < json_array_size(old); i++) {
    snprintf(c->path + length, PATH - length, "[%zu]", i);
    compare(c, json_array_get(old, i), json_array_get(new, i));
  }
  c->path[length] = '\0';
}

static void compare(struct comparison *c, json_t *old, json_t *new) {
  if (json_is_object(old) && json_is_object(new)) {
    compare_objects(c, old, new);
  } else if (json_is_array(old) && json_is_array(new)) {
    compare_arrays(c, old, new);
  } else if (json_is_number(old) && json_is_number(new)) {
    c->numbers++;
    if (!same_number(json_number_value(old), json_number_value(new)))
      differ(c, old, new);
  } else {
    c->texts++;
    if (!json_equal(old, new))
      differ(c, old, new);
  }
}

/* NOLINTEND(misc-no-recursion) */

static int compare_analyses(const char *old_path, const char *new_path) {
  struct comparison c = {.numbers = 0};
  json_t *old = load(old_path), *new = load(new_path);
  translate(old);
  compare(&c, old, new);
  json_decref(old);
  json_decref(new);
  printf("  %zu numbers and %zu others in both, %zu differ\n", c.numbers,
         c.texts, c.differences);
  return c.differences > 0 || c.numbers == 0;
}

int main(int argc, char **argv) {
  if (argc == 4 && strcmp(argv[1], "convert") == 0)
    return convert(argv[2], argv[3]);
  if (argc == 4 && strcmp(argv[1], "compare") == 0)
    return compare_analyses(argv[2], argv[3]);
  fprintf(stderr, "usage: old_new convert OLD NEW | compare OLD NEW\n");
  return 2;
}
