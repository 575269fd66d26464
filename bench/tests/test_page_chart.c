/* test_page_chart.c: charts on a page have their titles and notes in words, and
 * nothing is said twice. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "bench/report/chart_file.h"
#include "bench/report/run_page.h"
#include "bench/tests/text_fixture.h"

#include <stdlib.h>
#include <unistd.h>

static char folder[] = "/tmp/page_chart.XXXXXX";

static void write_file(const char *name, const char *text) {
  char path[200];
  snprintf(path, sizeof path, "%s/%s", folder, name);
  FILE *out = fopen(path, "w");
  assert_non_null(out);
  fputs(text, out);
  assert_int_equal(fclose(out), 0);
}

static int make_folder(void **state) {
  (void)state;
  assert_non_null(mkdtemp(folder));
  write_file("a.tsv", "# title: A <b>\n# subtitle: what it is\n# note: of a\n"
                      "# note: of both\n# elsewhere: of the run\n"
                      "# foot: box · gcc · 9 rows · 2026-11-27\nrow\t1\n");
  write_file("b.tsv", "# title: B\n# foot: box · gcc · 9 rows · 2026-11-27\n"
                      "# note: of both\nrow\t1\n");
  write_file("c.tsv", "# title: C\n# note: of both\n# foot: box\nrow\t1\n");
  static const char bare[] =
      "<svg viewBox=\"0 0 90 80\"><title>A &lt;b&gt;</title><desc>d</desc>"
      "<g transform=\"translate(14.00,19.9)\" x=\"\"><text>title</text></g>"
      "<g transform=\"translate(14.00,20)\"><text>in</text></g>"
      "<g transform=\"translate(14.00,60.5)\"><text>last</text></g>"
      "<g transform=\"translate(14.00,60.6)\"><text>note</text></g>"
      "<path d=\"M0,70\"/>"
      "<g class=\"plot\" data-top=\"20.0\" data-bottom=\"60.5\"/></svg>";
  write_file("a.svg", bare);
  write_file("b.svg", bare);
  write_file("c.svg", "<svg viewBox=\"0 0 9 9\"><title>C</title><desc>d</desc>"
                      "<g transform=\"translate(1,99)\"><text>all</text></g>"
                      "</svg>");
  return 0;
}

static int remove_folder(void **state) {
  static const char *const names[] = {"a.tsv", "b.tsv", "c.tsv",
                                      "a.svg", "b.svg", "c.svg"};
  char path[200];
  (void)state;
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    snprintf(path, sizeof path, "%s/%s", folder, names[i]);
    assert_int_equal(unlink(path), 0);
  }
  return rmdir(folder);
}

static struct chart list[] = {{"a", "w", "program", "dots.gp"},
                              {"b", "w", "losses", "losses.gp"},
                              {"c", "w", "region", "dots.gp"},
                              {"a", "other", "program", "dots.gp"}};

/* What is written of those that show this, in that order. */
static char *written(const char *const *shows, size_t count) {
  char *text;
  const struct charts charts = {.folder = folder, .list = list, .count = 4};
  struct page_figures figures = {
      .charts = &charts, .workload = "w", .shows = shows, .show_count = count};
  run_page_known("box", NULL, "2026-11-27T17:00:00Z", &figures);
  struct page page = {.out = text_open(&text)};
  run_page_figures(&page, &figures);
  assert_int_equal(fclose(page.out), 0);
  return text;
}

#define PICTURE                                                                \
  "<svg role=\"img\" viewBox=\"0 20.0 90 40.5\" aria-label=\"A "               \
  "&lt;b&gt;\">\n<g transform=\"translate(14.00,20)\"><text>in</text></g><g "  \
  "transform=\"translate(14.00,60.5)\"><text>last</text></g><path "            \
  "d=\"M0,70\"/><g class=\"plot\" data-top=\"20.0\" data-bottom=\"60.5\"/>"    \
  "</svg>\n"

static void titles_and_notes_are_words(void **state) {
  (void)state;
  static const char *const shows[] = {"program"};
  char *text = written(shows, 1);
  assert_string_equal(
      text,
      "<div class=\"charts\">\n"
      "<figure class=\"chart\" data-shows=\"program\">\n"
      "<figcaption><h3>A &lt;b&gt;</h3><p>what it is</p></figcaption>\n" PICTURE
      "<p class=\"note\">of a</p><p class=\"note\">of both</p>"
      "<p class=\"note\">gcc · 9 rows</p></figure>\n</div>\n");
  free(text);
}

static void what_two_of_them_note_stands_once(void **state) {
  (void)state;
  static const char *const shows[] = {"losses", "program"};
  char *text = written(shows, 2);
  assert_string_equal(
      text,
      "<div class=\"charts\">\n"
      "<figure class=\"chart\" data-shows=\"losses\">\n"
      "<figcaption><h3>B</h3></figcaption>\n" PICTURE "</figure>\n"
      "<figure class=\"chart\" data-shows=\"program\">\n"
      "<figcaption><h3>A &lt;b&gt;</h3><p>what it is</p></figcaption>\n" PICTURE
      "<p class=\"note\">of a</p></figure>\n</div>\n"
      "<div class=\"notes\">\n<p>of both</p>\n<p>gcc · 9 rows</p>\n</div>\n");
  free(text);
}

static void a_whole_picture_has_its_own_words(void **state) {
  (void)state;
  static const char *const shows[] = {"region"}, *const none[] = {"lanes"};
  char *text = written(shows, 1);
  assert_string_equal(text,
                      "<div class=\"charts\">\n"
                      "<figure class=\"chart\" data-shows=\"region\">\n"
                      "<svg role=\"img\" viewBox=\"0 0 9 9\" "
                      "aria-label=\"C\">\n<g transform=\"translate(1,99)\">"
                      "<text>all</text></g></svg>\n</figure>\n</div>\n");
  free(text);
  text = written(none, 1);
  assert_string_equal(text, "");
  free(text);
}

static void a_plot_lies_in_its_picture(void **state) {
  (void)state;
  static const char *const bad[] = {"data-top=\"20\" data-bottom=\"80.1\"",
                                    "data-top=\"20\" data-bottom=\"20\"",
                                    "data-top=\"-1\" data-bottom=\"20\"",
                                    "data-top=\"nan\" data-bottom=\"9\"",
                                    "data-top=\"1\" onload=\"no()\""};
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    static const char *const shows[] = {"region"};
    char svg[400];
    snprintf(svg, sizeof svg,
             "<svg viewBox=\"0 0 90 80\"><title>C</title><desc>d</desc>"
             "<g transform=\"translate(1,99)\"><text>all</text></g>"
             "<g class=\"plot\" %s/></svg>",
             bad[i]);
    write_file("c.svg", svg);
    char *text = written(shows, 1);
    has(text, "viewBox=\"0 0 90 80\"");
    has(text, "<text>all</text>");
    has_not(text, "figcaption");
    free(text);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(titles_and_notes_are_words),
      cmocka_unit_test(what_two_of_them_note_stands_once),
      cmocka_unit_test(a_whole_picture_has_its_own_words),
      cmocka_unit_test(a_plot_lies_in_its_picture),
  };
  return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
