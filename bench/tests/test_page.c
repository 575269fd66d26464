/* test_page.c: what is written into a page stays text; pictures and files are
 * in it whole. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "bench/report/page.h"
#include "bench/tests/text_fixture.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A page of nothing but what is written to it. */
struct written {
  struct page page;
  char *text;
};

static struct page *begin(struct written *w) {
  *w = (struct written){.text = NULL};
  w->page.out = text_open(&w->text);
  return &w->page;
}

static void ends_as(struct written *w, const char *expected) {
  assert_int_equal(fclose(w->page.out), 0);
  assert_string_equal(w->text, expected);
  free(w->text);
}

static void text_is_never_markup(void **state) {
  (void)state;
  struct written w;
  page_text(begin(&w), "<b a=\"1\" c='2'>&lt;×\xff\x1b");
  ends_as(&w, "&lt;b a=&quot;1&quot; c=&#39;2&#39;&gt;&amp;lt;×"
              "\xef\xbf\xbd\xef\xbf\xbd");
  page_format(begin(&w), "%s is %d%%", "<i>", 5);
  ends_as(&w, "&lt;i&gt; is 5%");
  page_element(begin(&w), "p class=\"x\"", "</p>");
  ends_as(&w, "<p class=\"x\">&lt;/p&gt;</p>");
}

static void lines_become_paragraphs(void **state) {
  (void)state;
  struct written w;
  page_lines(begin(&w), "one <\n\n  under it\ntwo");
  ends_as(&w, "<p>one &lt;</p>\n<p class=\"under\">under it</p>\n<p>two</p>\n");
  page_wrapped(begin(&w), "\none\n  goes on\n\ntwo\n");
  ends_as(&w, "<p>one\ngoes on</p>\n<p>two</p>\n");
  page_wrapped(begin(&w), "");
  ends_as(&w, "");
}

static void dates_are_for_people(void **state) {
  (void)state;
  char text[PAGE_WHEN];
  static const char *const others[] = {"", "2026-13-27T17:22:49Z", "yesterday",
                                       "2026-11-27T17:22:49Z<b>"};
  assert_string_equal(page_when("2026-11-07T07:02:49Z", text),
                      "7 November 2026, 07:02 UTC");
  for (size_t i = 0; i < sizeof others / sizeof *others; i++)
    assert_string_equal(page_when(others[i], text), others[i]);
}

static void what_is_typed_is_code(void **state) {
  (void)state;
  struct written w;
  page_sentence(begin(&w), "Type `ps <a>` or `b`, not ` alone.");
  ends_as(&w, "Type <code>ps &lt;a&gt;</code> or <code>b</code>, not ` alone.");
  page_lines(begin(&w), "  see `x`\n");
  ends_as(&w, "<p class=\"under\">see <code>x</code></p>\n");
  page_wrapped(begin(&w), "see `ps\n  aux`\nor ` alone\n");
  ends_as(&w, "<p>see <code>ps\naux</code></p>\n<p>or ` alone</p>\n");
}

static void tables_say_what_is_a_head(void **state) {
  (void)state;
  struct written w;
  static const char *const heads[] = {"what", "1 <b> worker"};
  struct page *page = begin(&w);
  page_table(page, "All", true, heads, 2);
  page_table_group(page, "in <s>", 2, true);
  page_table_group(page, "in ms", 2, false);
  page_cell(page, heads[1], NULL, "5 (4–6)");
  page_table_end(page);
  ends_as(&w, "<div class=\"wide\" tabindex=\"0\" role=\"region\" "
              "aria-label=\"All\"><table class=\"numbers stack\">\n"
              "<thead><tr><th scope=\"col\">what</th><th scope=\"col\">1 "
              "&lt;b&gt; worker</th></tr></thead>\n<tbody>\n"
              "<tr class=\"group\"><th scope=\"rowgroup\" colspan=\"2\">in "
              "&lt;s&gt;</th></tr>\n</tbody>\n<tbody>"
              "<tr class=\"group\"><th scope=\"rowgroup\" colspan=\"2\">in "
              "ms</th></tr>\n<td data-head=\"1 &lt;b&gt; worker\">5<small> "
              "(4–6)</small></td></tbody></table></div>\n");
}

/* In a file of that name in a folder, both of which end_file removes. */
static char folder[] = "/tmp/page.XXXXXX";
static const char *begin_file(const char *name, const char *bytes) {
  static char path[200];
  strcpy(folder, "/tmp/page.XXXXXX");
  assert_non_null(mkdtemp(folder));
  snprintf(path, sizeof path, "%s/%s", folder, name);
  FILE *out = fopen(path, "w");
  assert_non_null(out);
  fputs(bytes, out);
  assert_int_equal(fclose(out), 0);
  return path;
}
static void end_file(const char *path) {
  assert_int_equal(unlink(path), 0);
  assert_int_equal(rmdir(folder), 0);
}

static const char drawn[] =
    "<?xml version=\"1.0\"?>\n<svg width=\"9\" onload=\"no()\" viewBox=\"0 0 9 "
    "9\">\n<title>A &lt; \"B\"</title>\n<desc>by</desc>\n<g "
    "id=\"a\"><title>$RAW "
    "using 1</title><use xlink:href='#x'/><path fill=\"url(#y)\"/><text> "
    "id='z' "
    "</text><title>8×</title></g>\n</svg>\n\n";

static void pictures_have_ids_of_their_own(void **state) {
  (void)state;
  struct written w;
  const char *path = begin_file("a.svg", drawn);
  struct page *page = begin(&w);
  page->pictures = 4;
  bool bare = true;
  assert_true(page_picture(page, path, &bare));
  assert_false(bare);
  assert_int_equal(page->pictures, 5);
  ends_as(&w, "<svg role=\"img\" viewBox=\"0 0 9 9\" aria-label=\"A &lt; "
              "&quot;B&quot;\">\n\n<g id=\"p5-a\"><use "
              "xlink:href='#p5-x'/><path fill=\"url(#p5-y)\"/><text> id='z' "
              "</text><title>8×</title></g>\n</svg>\n");
  end_file(path);
}

static void what_is_no_picture_is_left_out(void **state) {
  (void)state;
  static const char *const none[] = {
      "", "<svg drawn", "<svg viewBox=\"0 0 9 9\"><title>t</title></svg>",
      "<svg viewBox=\"0 0 9 9\"><title>t</title><desc></desc>",
      ("<svg viewBox=\"0 0 9 9' "
       "onload='x\"><title>t</title><desc></desc></svg>")};
  for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
    struct written w;
    const char *path = begin_file("a.svg", none[i]);
    bool bare;
    assert_false(page_picture(begin(&w), path, &bare));
    ends_as(&w, "");
    end_file(path);
  }
  struct written w;
  bool bare;
  assert_false(page_picture(begin(&w), "/nowhere/a.svg", &bare));
  ends_as(&w, "");
}

static void files_are_in_it_whole(void **state) {
  (void)state;
  /* Source: RFC 4648, section 10. */
  static const char *const known[][2] = {{"", ""},
                                         {"f", "Zg=="},
                                         {"fo", "Zm8="},
                                         {"foo", "Zm9v"},
                                         {"foob", "Zm9vYg=="},
                                         {"fooba", "Zm9vYmE="},
                                         {"\xff\xfe", "//4="}};
  for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
    char expected[200];
    struct written w;
    const char *path = begin_file("a.csv", known[i][0]);
    assert_true(page_download(begin(&w), folder, "a.csv", "text/csv"));
    snprintf(expected, sizeof expected,
             "<a download=\"a.csv\" href=\"data:text/csv;base64,%s\">a.csv</a>",
             known[i][1]);
    ends_as(&w, expected);
    assert_false(page_download(begin(&w), folder, "b.csv", "text/csv"));
    ends_as(&w, "");
    end_file(path);
  }
}

static void large_files_stay_beside_it(void **state) {
  (void)state;
  struct written w;
  const char *path = begin_file("a.csv", "");
  assert_int_equal(truncate(path, PAGE_FILE_MOST + 1), 0);
  assert_false(page_download(begin(&w), folder, "a.csv", "text/csv"));
  ends_as(&w, "");
  end_file(path);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(text_is_never_markup),
      cmocka_unit_test(lines_become_paragraphs),
      cmocka_unit_test(dates_are_for_people),
      cmocka_unit_test(what_is_typed_is_code),
      cmocka_unit_test(tables_say_what_is_a_head),
      cmocka_unit_test(pictures_have_ids_of_their_own),
      cmocka_unit_test(what_is_no_picture_is_left_out),
      cmocka_unit_test(files_are_in_it_whole),
      cmocka_unit_test(large_files_stay_beside_it),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
