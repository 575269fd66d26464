/* test_records_check.c: a file of records is not believed: that they are a
 * run's, and agree with each other, is checked as it is read, and named. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "bench/tests/record_fixture.h"
#include "bench/tests/text_fixture.h"

#include <unistd.h>

/* Reads a file of these lines, and removes it.  They are released. */
static int read_lines(char *lines[], size_t count, struct records *records,
                      struct problem *problem) {
  char path[] = "/tmp/coresweep-check-XXXXXX";
  FILE *file = fdopen(mkstemp(path), "w");
  assert_non_null(file);
  for (size_t i = 0; i < count; i++) {
    fputs(lines[i], file);
    free(lines[i]);
  }
  fclose(file);
  int status = records_read(path, records, problem);
  unlink(path);
  if (status)
    has(problem->text, path);
  return status;
}

static char *placed(const char *phase, const char *round, int order) {
  char number[20];
  snprintf(number, sizeof number, "%d", order);
  char *first = record_with(record_ok, "phase", phase);
  char *second = record_with(first, "round", round);
  char *third = record_with(second, "order", number);
  free(first);
  free(second);
  return third;
}

/* Two lines; NULL: they are a run's. */
static const struct {
  const char *phases[2], *rounds[2];
  int orders[2];
  const char *why;
} pairs[] = {
    {{"\"round\"", "\"round\""}, {"1", "2"}, {1, 2}, NULL},
    {{"\"pilot\"", "\"pilot\""}, {"null", "null"}, {1, 2}, NULL},
    {{"\"round\"", "\"probe\""}, {"1", "1"}, {1, 5}, NULL},
    {{"\"granularity\"", "\"granularity\""}, {"1", "1"}, {1, 2}, NULL},
    {{"\"round\"", "\"round\""},
     {"1", "1"},
     {1, 2},
     ", line 2: the same trial as in line 1: round 1"},
    {{"\"a\"", "\"a\""}, {"9", "9"}, {1, 2}, "the same trial as in line 1"},
    {{"\"program\"", "\"program\""},
     {"1", "1"},
     {1, 2},
     "the same trial as in line 1"}, /* of a team: serial runs twice */
    {{"\"pilot\"", "\"pilot\""},
     {"null", "null"},
     {2, 2},
     ", line 2: the key \"order\" is 2: want more than 2"},
    {{"\"pilot\"", "\"round\""},
     {"null", "null"},
     {1, 2},
     ", line 2: the key \"round\" is null: want a number"},
    {{"\"pilot\"", "\"round\""},
     {"1", "1"},
     {1, 2},
     ", line 1: the key \"round\" is a number: want null"},
    {{"\"round\"", "null"}, {"1", "2"}, {1, 2}, ", line 2: the key \"phase\""},
};

static void files_hold_a_run(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
    struct records records;
    struct problem problem = {""};
    char *lines[2];
    for (int k = 0; k < 2; k++)
      lines[k] =
          placed(pairs[i].phases[k], pairs[i].rounds[k], pairs[i].orders[k]);
    int status = read_lines(lines, 2, &records, &problem);
    if (!pairs[i].why != !status)
      fail_msg("pair %zu: '%s'", i, problem.text);
    if (pairs[i].why)
      has(problem.text, pairs[i].why);
    records_free(&records);
  }
}

/* Another point of the trial of record_ok: without what is the process's. */
static char *sharer(const char *round, int order, const char *place,
                    const char *key, const char *value) {
  static const char *const once[] = {"wall_s",
                                     "setup_s",
                                     "start_s",
                                     "touch_s",
                                     "touched_by_workers",
                                     "builders",
                                     "placed_nodes",
                                     "region_first_s",
                                     "repeats_s",
                                     "finish_s",
                                     "close_s",
                                     "program_s",
                                     "team_pss_bytes"};
  char *line = placed("\"round\"", round, order);
  for (const struct field *field = record_fields; field->name; field++) {
    if (strncmp(field->name, "program_core_", 13) != 0)
      continue;
    char *next = record_with(line, field->name, "null");
    free(line);
    line = next;
  }
  for (size_t i = 0; i < sizeof once / sizeof *once + 3; i++) {
    size_t more = i - sizeof once / sizeof *once;
    const char *const keys[] = {"shared_place", "requested", key},
                      *const values[] = {place, "\"omp:dynamic,64\"", value};
    char *next = i < sizeof once / sizeof *once
                     ? record_with(line, once[i], "null")
                     : record_with(line, keys[more], values[more]);
    free(line);
    line = next;
  }
  return line;
}

/* Those that share a trial stand in a row, and the first has its times. */
static void sharers_follow_each_other(void **state) {
  static const struct {
    const char *round, *place, *key, *value, *why;
    int order;
  } cases[] = {
      {"1", "2", "seed", "13", NULL, 2},
      {"1", "3", "seed", "13", "line 2: the key \"shared_place\" is 3", 2},
      {"1", "2", "seed", "13", "line 2: the key \"shared_place\" is 2", 3},
      {"2", "2", "seed", "13", "line 2: the key \"shared_place\" is 2", 2},
      {"1", "2", "shared", "2", "line 2: the key \"shared_place\" is 2", 2},
      {"1", "2", "size", "101", "line 2: the key \"shared_place\" is 2", 2},
      {"1", "2", "program_s", "0.5", "line 2: the key \"program_s\" is 0.5", 2},
      {"1", "2", "wall_s", "1.5", "line 2: the key \"wall_s\" is 1.5", 2},
      {"1", "2", "close_s", "0.5", "line 2: the key \"close_s\" is 0.5", 2},
  };
  (void)state;
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    struct records records;
    struct problem problem = {""};
    char *lines[2] = {placed("\"round\"", "1", 1),
                      sharer(cases[i].round, cases[i].order, cases[i].place,
                             cases[i].key, cases[i].value)};
    int status = read_lines(lines, 2, &records, &problem);
    if (!cases[i].why != !status)
      fail_msg("case %zu: '%s'", i, problem.text);
    if (cases[i].why)
      has(problem.text, cases[i].why);
    records_free(&records);
  }
}

/* Two trials of one workload and size, by whatever variant, have one result. */
static void results_agree(void **state) {
  static const char *const cases[][3] = {
      {"digest", "\"063d212c5fec227c\"",
       "line 2: the key \"digest\" is not "
       "that of line 1"},
      {"seed", "14", "the key \"seed\" is not that of line 1"},
      {"params", "\"first=4\"", "the key \"params\" is not that of line 1"},
      {"input", "null", "the key \"input\" is not that of line 1"},
      {"requested", "\"omp:dynamic,64\"", NULL},
  };
  (void)state;
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    struct records records;
    struct problem problem = {""};
    char *other = placed("\"round\"", "2", 2);
    char *lines[2] = {placed("\"round\"", "1", 1),
                      record_with(other, cases[i][0], cases[i][1])};
    free(other);
    int status = read_lines(lines, 2, &records, &problem);
    if (!cases[i][2] != !status)
      fail_msg("%s: '%s'", cases[i][0], problem.text);
    if (cases[i][2])
      has(problem.text, cases[i][2]);
    records_free(&records);
  }
}

/* Ten points, and a round in the thousands: what is made of the file would be
 * a thousand times as large. */
static void rounds_are_in_proportion_to_the_file(void **state) {
  enum { POINTS = 10 };
  (void)state;
  for (int far = 0; far < 2; far++) {
    char *lines[POINTS];
    struct records records;
    struct problem problem = {""};
    for (int i = 0; i < POINTS; i++) {
      char size[20];
      char *line =
          placed("\"round\"", far && i == POINTS - 1 ? "90000" : "1", i + 1);
      snprintf(size, sizeof size, "%d", 100 + i);
      lines[i] = record_with(line, "size", size);
      free(line);
    }
    assert_int_equal(read_lines(lines, POINTS, &records, &problem), far);
    if (far)
      has(problem.text, "the key \"round\" is up to 90000, of 10 points, in 10 "
                        "lines");
    records_free(&records);
  }
}

/* Some points have more rounds than others: each has its own.  But an analysis
 * has a place for every round of every point. */
static void points_have_rounds_of_their_own(void **state) {
  static const int cases[][3] = {{40, 600, 0}, {1000, 3000, 1}};
  (void)state;
  for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
    int points = cases[k][0], count = points + cases[k][1];
    char **lines = calloc((size_t)count, sizeof *lines);
    struct records records;
    struct problem problem = {""};
    assert_non_null(lines);
    for (int i = 0; i < count; i++) {
      char size[20], round[20];
      snprintf(size, sizeof size, "%d", 100 + (i < points ? i : 0));
      snprintf(round, sizeof round, "%d", i < points ? 1 : i - points + 2);
      char *line = placed("\"round\"", round, i + 1);
      lines[i] = record_with(line, "size", size);
      free(line);
    }
    if (read_lines(lines, (size_t)count, &records, &problem) != cases[k][2])
      fail_msg("%d points: '%s'", points, problem.text);
    records_free(&records);
    free(lines);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(files_hold_a_run),
      cmocka_unit_test(sharers_follow_each_other),
      cmocka_unit_test(results_agree),
      cmocka_unit_test(rounds_are_in_proportion_to_the_file),
      cmocka_unit_test(points_have_rounds_of_their_own),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
