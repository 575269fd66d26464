/* test_records.c: files of records are read whole but for a torn end, in their
 * order, and a line that is wrong is named. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "bench/record/record.h"
#include "bench/record/run.h"
#include "bench/tests/text_fixture.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A trial that failed, as the ORDER-th one. */
#define BEGIN                                                                  \
  "{\"schema\":3,\"phase\":\"pilot\",\"status\":\"failed\",\"error\":\"e\","   \
  "\"kernel\":\"cube\",\"workload\":\"cube\",\"variant\":\"serial\","          \
  "\"workers\":1,\"size\":6,\"order\":"
#define LEAST(order) BEGIN #order

static int open_scratch(char *path) {
  strcpy(path, "/tmp/coresweep-records-XXXXXX");
  int fd = mkstemp(path);
  assert_true(fd >= 0);
  return fd;
}

/* Reads a file of `text`, and removes it. */
static int read_text(const char *text, struct records *records,
                     struct problem *problem) {
  char path[64];
  int fd = open_scratch(path);
  assert_int_equal(write(fd, text, strlen(text)), strlen(text));
  close(fd);
  int status = records_read(path, records, problem);
  unlink(path);
  return status;
}

/* The last is complete but for its end: not known to be. */
static const struct {
  const char *text;
  size_t count;
  bool torn;
} files[] = {
    {"", 0, false},
    {LEAST(1) "}\n" LEAST(2) ",\"seed\":7}\n", 2, false},
    {LEAST(1) "}\n" LEAST(2) ",\"se", 1, true},
    {LEAST(1) "}\n" LEAST(2) "}", 1, true},
};

static void files_are_read_but_for_a_torn_end(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
    struct records records;
    struct problem problem = {""};
    assert_int_equal(read_text(files[i].text, &records, &problem), 0);
    assert_int_equal(records.count, files[i].count);
    assert_int_equal(records.torn, files[i].torn);
    if (records.count == 2)
      assert_int_equal(records.list[1].seed, 7);
    records_free(&records);
    assert_null(records.list);
  }
}

static void broken_lines_are_named(void **state) {
  (void)state;
  struct records records;
  struct problem problem = {""};
  assert_int_equal(read_text(LEAST(1) "}\n" LEAST(2) "\n" LEAST(3) "}\n",
                             &records, &problem),
                   PROBLEM_FAILURE);
  has(problem.text, "/tmp/coresweep-records-");
  has(problem.text, ", line 2: not JSON");
  assert_null(records.list);
  assert_int_equal(records_read("/nowhere", &records, &problem), 1);
  has(problem.text, "/nowhere: No such file");
  assert_int_equal(records_read("/tmp", &records, &problem), PROBLEM_FAILURE);
  has(problem.text, "/tmp: is no file with an end");
}

/* More lines than are read together, by a team of threads: the order stays, a
 * torn last line is left out, and the first wrong line is the one named. */
static void long_files_keep_order_and_name_the_first_error(void **state) {
  (void)state;
  enum { LINES = 10000 };
  char path[64];
  struct problem problem = {""};
  struct records records;
  close(open_scratch(path));
  for (int wrong = 0; wrong < 2; wrong++) {
    FILE *out = fopen(path, "w");
    assert_non_null(out);
    for (int i = 1; i <= LINES; i++)
      if (wrong && (i == 6001 || i == 6002 || i == 8000))
        fputs("{\"schema\":3}\n", out);
      else
        fprintf(out, BEGIN "%d}\n", i);
    fputs("{\"schema\":3,\"sta", out);
    fclose(out);
    int status = records_read(path, &records, &problem);
    assert_int_equal(status, wrong ? PROBLEM_FAILURE : PROBLEM_NONE);
    if (wrong) {
      has(problem.text, "line 6001: ");
      assert_null(records.list);
      continue;
    }
    assert_true(records.torn);
    assert_int_equal(records.count, LINES);
    for (size_t i = 0; i < LINES; i++)
      assert_int_equal(records.list[i].order, i + 1);
    records_free(&records);
  }
  unlink(path);
}

/* ---- what is no file of records ------------------------------------------ */

enum { HUGE_BYTES = 100000000 };

/* A file of that line, then HUGE_BYTES of the byte, which take up no place on
 * the disk where it is 0; closed, to be unlinked. */
static void write_huge(char *path, const char *line, int byte) {
  char bytes[4096];
  int fd = open_scratch(path);
  assert_int_equal(write(fd, line, strlen(line)), strlen(line));
  memset(bytes, byte, sizeof bytes);
  for (size_t i = 0; byte && i < 2 * RECORD_LINE_MOST / sizeof bytes; i++)
    assert_int_equal(write(fd, bytes, sizeof bytes), sizeof bytes);
  if (!byte)
    assert_int_equal(ftruncate(fd, HUGE_BYTES), 0);
  close(fd);
}

/* Whatever the file's size: memory for a line of it, and no more. */
static void endless_lines_are_no_records(void **state) {
  static const struct {
    const char *line, *why;
    int byte;
  } cases[] = {
      {"", ", line 1: is longer than any record: want one line of JSON", '\0'},
      {"", ", line 1: is longer than any record", ' '},
      {"", ", line 1: is longer than any record", '['},
      {LEAST(1) "}\n", ", line 2: is longer than any record", '\0'},
      {"{}\n", ", line 1: the key", '\0'}, /* the first is the one named */
  };
  (void)state;
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    char path[64];
    struct records records;
    struct problem problem = {""};
    off_t cut_bytes;
    write_huge(path, cases[i].line, cases[i].byte);
    assert_int_equal(records_read(path, &records, &problem), PROBLEM_FAILURE);
    has(problem.text, path);
    has(problem.text, cases[i].why);
    assert_null(records.list);
    int fd = open(path, O_RDWR | O_CLOEXEC);
    assert_int_equal(run_cut_torn_line(fd, path, &cut_bytes, &problem),
                     PROBLEM_FAILURE);
    has(problem.text, "more than a crash tears off");
    assert_true(lseek(fd, 0, SEEK_END) > RECORD_LINE_MOST); /* all is there */
    close(fd);
    unlink(path);
  }
}

/* JSON's reader would take the first for its beginning. */
static void lines_are_text(void **state) {
  static const char zero[] = LEAST(1) "}\n" LEAST(2) "}\0else}\n";
  static const char *const blank[] = {"\n", " \t\r\n", "\n" LEAST(1) "}\n"};
  struct records records;
  struct problem problem = {""};
  char path[64];
  (void)state;
  int fd = open_scratch(path);
  assert_int_equal(write(fd, zero, sizeof zero - 1), sizeof zero - 1);
  close(fd);
  assert_int_equal(records_read(path, &records, &problem), PROBLEM_FAILURE);
  unlink(path);
  has(problem.text, ", line 2: has a byte that is 0: want one line of JSON");
  for (size_t i = 0; i < sizeof blank / sizeof *blank; i++) {
    assert_int_equal(read_text(blank[i], &records, &problem), PROBLEM_FAILURE);
    has(problem.text, ", line 1: a blank line: want the record of a trial");
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(files_are_read_but_for_a_torn_end),
      cmocka_unit_test(broken_lines_are_named),
      cmocka_unit_test(long_files_keep_order_and_name_the_first_error),
      cmocka_unit_test(endless_lines_are_no_records),
      cmocka_unit_test(lines_are_text),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
