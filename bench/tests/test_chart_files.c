/* test_chart_files.c: every chart has a file of its own, and charts.json knows
 * whose it is; a file that cannot be written whole leaves the one before. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "bench/report/chart_file.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define LENGTH(array) (sizeof(array) / sizeof *(array))

static int make_folder(void **state) {
  char folder[] = "/tmp/test_chart_files.XXXXXX";
  *state = mkdtemp(folder) ? strdup(folder) : NULL;
  return *state ? 0 : -1;
}

static int remove_folder(void **state) {
  int status = rmdir(*state); /* nothing is left */
  free(*state);
  return status;
}

static void add(struct charts *charts, const char *workload,
                const char *shows) {
  struct chart about = {.workload = workload, .script = "dots.gp"};
  struct problem problem = {""};
  text_print(about.shows, sizeof about.shows, "%s", shows);
  FILE *out = chart_open(charts, &about, &problem);
  assert_non_null(out);
  chart_text(out, "title", workload ? workload : shows);
  assert_int_equal(chart_close(charts, out, PROBLEM_NONE, &problem), 0);
}

static void remove_file(const char *folder, const char *name,
                        const char *ending) {
  char path[400];
  snprintf(path, sizeof path, "%s/%s%s", folder, name, ending);
  assert_int_equal(unlink(path), 0);
}

/* Line by line: of which workload, showing what, in which file. */
static const char *const made[][3] = {
    {NULL, "overview", "overview"},
    {"spin/serial=0.1", "region", "spin-serial-0.1-region"},
    {"adler32/base=a/b", "region", "adler32-base-a-b-region"},
    {"adler32/base=a:b", "region", "adler32-base-a-b-region-2"},
    {"adler32/base=A:b", "region", "adler32-base-A-b-region-3"},
    {"adler32/base=a/b", "program", "adler32-base-a-b-program"},
    {"adler32/base=\"../../x\"", "region", "adler32-base-.-.-x-region"},
    {"adler32/base=ü<&>日本", "region", "adler32-base-region"},
    {"adler32/base=ä", "region", "adler32-base-region-2"},
    {"overview", "", "overview-"},
};

static void names_are_unique_and_safe(void **state) {
  struct charts charts = {.folder = *state};
  for (size_t i = 0; i < LENGTH(made); i++) {
    add(&charts, made[i][0], made[i][1]);
    if (i != 6) /* dots stay, slashes do not */
      assert_string_equal(charts.list[i].name, made[i][2]);
    assert_null(strchr(charts.list[i].name, '/'));
  }
  for (size_t i = 0; i < charts.count; i++)
    remove_file(*state, charts.list[i].name, ".tsv"); /* each has its own */
  charts_free(&charts);
}

static void long_names_have_an_end(void **state) {
  struct charts charts = {.folder = *state};
  char workload[2001];
  memset(workload, 'x', 2000);
  for (int i = 0; i < 12; i++) {
    workload[1999 - i] = '\0';
    add(&charts, workload, "program-sizes");
    assert_true(strlen(charts.list[i].name) < 120);
    remove_file(*state, charts.list[i].name, ".tsv");
  }
  charts_free(&charts);
}

static void the_list_says_whose_they_are(void **state) {
  struct charts charts = {.folder = *state};
  struct problem problem = {""};
  char path[400];
  for (size_t i = 2; i < 4; i++)
    add(&charts, made[i][0], made[i][1]);
  add(&charts, NULL, "overview");
  assert_int_equal(charts_write_list(&charts, &problem), 0);
  snprintf(path, sizeof path, "%s/charts.json", (char *)*state);
  json_t *list = json_load_file(path, 0, NULL);
  assert_int_equal(json_array_size(list), 3);
  for (size_t i = 0; i < 3; i++) {
    const json_t *item = json_array_get(list, i);
    const json_t *workload = json_object_get(item, "workload");
    const char *file = json_string_value(json_object_get(item, "file"));
    assert_string_equal(file, charts.list[i].name);
    if (i < 2)
      assert_string_equal(json_string_value(workload), made[i + 2][0]);
    else
      assert_true(json_is_null(workload));
    assert_string_equal(json_string_value(json_object_get(item, "shows")),
                        i < 2 ? "region" : "overview");
    remove_file(*state, file, ".tsv");
  }
  json_decref(list);
  unlink(path);
  charts_free(&charts);
}

static void texts_stay_in_their_lines(void **state) {
  (void)state;
  char *text = NULL;
  size_t bytes;
  FILE *out = open_memstream(&text, &bytes);
  const struct chart_point point = {.row = "a\tb\n",
                                    .label = "c\x1b\xff",
                                    .style = 1,
                                    .value = {1, (double)NAN, (double)NAN}};
  chart_text(out, "title", "a\nb\tc");
  chart_note(out, "%s", "\x07");
  chart_place(out, "mark", 7, "x\ty");
  chart_point(out, &point);
  fclose(out);
  assert_string_equal(text, "# title: a\\nb\\tc\n# note: \\x07\n"
                            "# mark: 7\tx\\ty\n"
                            "point\ta\\tb\\n\tc\\x1b\\xff\t1\t1\t-\t-\n");
  free(text);
}

/* ---- files --------------------------------------------------------------- */

static void holds(const char *path, const char *expected) {
  char text[100] = "";
  FILE *file = fopen(path, "r");
  assert_non_null(file);
  text[fread(text, 1, sizeof text - 1, file)] = '\0';
  fclose(file);
  assert_string_equal(text, expected);
}

static void files_are_replaced_when_they_are_whole(void **state) {
  char path[400];
  struct output output;
  struct problem problem = {""};
  snprintf(path, sizeof path, "%s/file", (char *)*state);
  for (int i = 0; i < 3; i++) {
    FILE *file = output_open(&output, path, &problem);
    assert_non_null(file);
    fprintf(file, "%d", i);
    fflush(file);
    if (i > 0)
      holds(path, "0"); /* until the new one is closed */
    int status = i == 1 ? PROBLEM_FAILURE : PROBLEM_NONE;
    assert_int_equal(output_close(&output, file, status, &problem), status);
    holds(path, i == 2 ? "2" : "0");
  }
  assert_int_equal(unlink(path), 0);
  assert_int_equal(mkdir(path, 0777), 0); /* cannot be replaced by a file */
  FILE *file = output_open(&output, path, &problem);
  assert_non_null(file);
  assert_int_equal(output_close(&output, file, PROBLEM_NONE, &problem),
                   PROBLEM_FAILURE);
  assert_non_null(strstr(problem.text, "/file could not be written: "));
  assert_int_equal(rmdir(path), 0);
  assert_null(output_open(&output, "/no/where", &problem));
  assert_string_equal(problem.text, "/no/where could not be written: No such "
                                    "file or directory");
}

/* ---- a gnuplot that never ends --------------------------------------------
 */

/* First in $PATH: it writes half a picture, and sleeps. */
static void fake_gnuplot(const char *folder, char path[static 400]) {
  char search[4096];
  snprintf(path, 400, "%s/gnuplot", folder);
  FILE *file = fopen(path, "w");
  assert_non_null(file);
  fputs("#!/bin/sh\nfor out; do :; done\necho half >\"$out\"\n"
        "exec sleep 10000\n",
        file);
  fclose(file);
  assert_int_equal(chmod(path, 0755), 0);
  snprintf(search, sizeof search, "%s:%s", folder, getenv("PATH"));
  assert_int_equal(setenv("PATH", search, 1), 0);
}

static void a_drawing_that_hangs_is_ended(void **state) {
  char gnuplot[400], picture[400], *path = strdup(getenv("PATH"));
  struct charts charts = {.folder = *state, .patience_s = 0.2};
  struct problem problem = {""};
  fake_gnuplot(*state, gnuplot);
  snprintf(picture, sizeof picture, "%s/overview.svg", (char *)*state);
  FILE *old = fopen(picture, "w");
  assert_non_null(old);
  fputs("whole", old);
  fclose(old);
  add(&charts, NULL, "overview");
  assert_int_equal(report_draw(&charts, "scripts", &problem), PROBLEM_FAILURE);
  assert_non_null(strstr(problem.text, "overview.svg: it was not done after "
                                       "0.2 s, and was killed; see whether"));
  holds(picture, "whole");
  assert_int_equal(waitpid(-1, NULL, WNOHANG), -1); /* nobody is left */
  assert_int_equal(setenv("PATH", path, 1), 0);
  free(path);
  unlink(picture);
  unlink(gnuplot);
  remove_file(*state, "overview", ".tsv");
  remove_file(*state, "charts", ".json");
  charts_free(&charts); /* and the folder is empty: remove_folder */
}

#define TEST(name)                                                             \
  cmocka_unit_test_setup_teardown(name, make_folder, remove_folder)

int main(void) {
  const struct CMUnitTest tests[] = {
      TEST(names_are_unique_and_safe),
      TEST(long_names_have_an_end),
      TEST(the_list_says_whose_they_are),
      TEST(texts_stay_in_their_lines),
      TEST(files_are_replaced_when_they_are_whole),
      TEST(a_drawing_that_hangs_is_ended),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
