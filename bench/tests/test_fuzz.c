/* test_fuzz.c: what fuzzing begins with, and what it has found: every file of
 * bench/tests/fuzz/corpus/ through its target.  Files called good-... are
 * taken, those called bad-... are refused, and no other names are there.
 * $FUZZ_FILE: that file alone, through the target of its folder's name. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "bench/tests/fuzz/mutate.h"
#include "bench/tests/fuzz/place.h"
#include "bench/tests/fuzz/target.h"

#include <dirent.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char corpus[] = "bench/tests/fuzz/corpus";

enum { FILE_BYTES = 1 << 20, TARGETS = 16 };

static size_t read_file(const char *path, uint8_t bytes[static FILE_BYTES]) {
  FILE *file = fopen(path, "re");
  if (!file)
    fail_msg("%s cannot be read", path);
  size_t size = fread(bytes, 1, FILE_BYTES, file);
  fclose(file);
  return size;
}

static bool run_file(const struct fuzz_target *target, const char *path) {
  static uint8_t bytes[FILE_BYTES];
  size_t size = read_file(path, bytes);
  print_message("%s\n", path); /* before it ends the test */
  fflush(stdout);
  bool taken = target->run(bytes, size);
  place_clear();
  return taken;
}

static int is_visible(const struct dirent *entry) {
  return entry->d_name[0] != '.';
}

static void test_corpus(void **state) {
  const struct fuzz_target *const *at = *state, *target = *at;
  struct dirent **entries = NULL;
  char folder[300], path[600];
  int good = 0, bad = 0;
  snprintf(folder, sizeof folder, "%s/%s", corpus, target->name);
  int count = scandir(folder, &entries, is_visible, alphasort);
  for (int i = 0; i < count; i++) {
    const char *name = entries[i]->d_name;
    snprintf(path, sizeof path, "%s/%s", folder, name);
    bool is_good = strncmp(name, "good-", 5) == 0;
    if (!is_good && strncmp(name, "bad-", 4) != 0)
      fail_msg("%s: its name begins with neither good- nor bad-", path);
    bool taken = run_file(target, path);
    if (taken != is_good)
      fail_msg("%s: was %s", path, taken ? "taken" : "refused");
    good += is_good;
    bad += !is_good;
    free(entries[i]);
  }
  free(entries);
  if (good < 2 || bad < 2)
    fail_msg("%s: %d good files and %d bad ones", folder, good, bad);
}

/* --- one field changed ---------------------------------------------------- */

static const char object[] =
    "{\"a\":1,\"b\":[2.5,3.5,{\"c\":\"text\"}],\"d\":{},\"e\":true}";

enum { ROOM = 8192, SEEDS = 3000 };

/* The objects that come of it, as texts. */
static void test_a_change_is_json_and_small(void **state) {
  char text[ROOM + 1];
  size_t same = 0, nulls = 0, gone = 0, twice = 0, extreme = 0, longer = 0;
  (void)state;
  for (uint64_t seed = 0; seed < SEEDS; seed++) {
    strcpy(text, object);
    size_t size = mutate_json(text, strlen(text), ROOM, seed);
    assert_true(size > 0);
    text[size] = '\0';
    json_t *json = json_loads(text, 0, NULL);
    assert_non_null(json);
    const json_t *a = json_object_get(json, "a");
    same += strcmp(text, object) == 0;
    nulls += json_is_null(a);
    gone += a == NULL;
    extreme += json_integer_value(a) == INT64_MAX;
    twice += json_array_size(json_object_get(json, "b")) == 4;
    longer += size > 1000;
    json_decref(json);
  }
  assert_true(same < SEEDS / 10);
  assert_true(nulls > 0 && gone > 0 && twice > 0 && extreme > 0 && longer > 0);
}

static void test_a_change_of_one_line(void **state) {
  char text[ROOM], line[] = "{\"x\":1}\n{\"x\":2}\n{\"x\":3}\n";
  size_t shorter = 0, more = 0, changed = 0;
  (void)state;
  for (uint64_t seed = 0; seed < SEEDS; seed++) {
    strcpy(text, line);
    size_t size = mutate_json(text, strlen(line), ROOM, seed);
    size_t lines = 0;
    for (size_t i = 0; i < size; i++)
      lines += text[i] == '\n';
    assert_true(size > 0 && lines >= 2 && lines <= 4);
    shorter += lines == 2;
    more += lines == 4;
    bool same = size == strlen(line) && memcmp(text, line, size) == 0;
    changed += lines == 3 && !same;
  }
  assert_true(shorter > 0 && more > 0 && changed > SEEDS / 2);
}

static void test_no_room_and_no_json(void **state) {
  char text[ROOM];
  (void)state;
  for (uint64_t seed = 0; seed < SEEDS; seed++) {
    strcpy(text, object);
    size_t size = mutate_json(text, strlen(object), strlen(object), seed);
    assert_true(size <= strlen(object));
    if (size == 0)
      assert_string_equal(text, object);
  }
  strcpy(text, "no JSON");
  assert_int_equal(mutate_json(text, 0, ROOM, 1), 0);
  assert_int_equal(mutate_json(text, 7, 7, 5), 0);
  assert_string_equal(text, "no JSON");
}

static void test_a_seed_is_a_change(void **state) {
  char first[ROOM + 1], second[ROOM + 1];
  (void)state;
  for (uint64_t seed = 0; seed < 100; seed++) {
    strcpy(first, object);
    strcpy(second, object);
    size_t size = mutate_json(first, strlen(object), ROOM, seed);
    assert_int_equal(mutate_json(second, strlen(object), ROOM, seed), size);
    assert_memory_equal(first, second, size);
  }
}

/* --- one file, for whoever looks into a finding --------------------------- */

static int run_alone(const char *path) {
  char folder[600];
  snprintf(folder, sizeof folder, "%s", path);
  char *slash = strrchr(folder, '/');
  if (slash)
    *slash = '\0';
  const char *name = strrchr(folder, '/');
  const struct fuzz_target *target = fuzz_find(name ? name + 1 : folder);
  if (!target) {
    fprintf(stderr, "%s: its folder has no target's name\n", path);
    return 2;
  }
  puts(run_file(target, path) ? "taken" : "refused");
  return 0;
}

int main(void) {
  struct CMUnitTest tests[TARGETS + 4] = {
      cmocka_unit_test(test_a_change_is_json_and_small),
      cmocka_unit_test(test_a_change_of_one_line),
      cmocka_unit_test(test_no_room_and_no_json),
      cmocka_unit_test(test_a_seed_is_a_change),
  };
  const struct fuzz_target *targets[TARGETS]; /* cmocka takes no const */
  size_t count = 4;
  const char *alone = getenv("FUZZ_FILE");
  if (alone)
    return run_alone(alone);
  for (size_t i = 0; fuzz_targets[i] && i < TARGETS; i++) {
    targets[i] = fuzz_targets[i];
    tests[count++] = (struct CMUnitTest){.name = targets[i]->name,
                                         .test_func = test_corpus,
                                         .initial_state = &targets[i]};
  }
  return _cmocka_run_group_tests("fuzz", tests, count, NULL, NULL);
}
