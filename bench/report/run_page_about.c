/* The end of the page: machine, method, files. */
#include "bench/report/numbers.h"
#include "bench/report/run_page.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- the machine --------------------------------------------------------- */

/* Whole numbers in full, as bytes are. */
static void write_real(struct page *page, double value) {
  const double whole = 1e15; /* up to there they are told apart */
  char number[NUMBER_LENGTH];
  if (value >= 0 && value < whole && floor(value) == value)
    page_text(page, number_count((uint64_t)value, number));
  else
    page_text(page, number_plain(value, number));
}

static void write_scalar(struct page *page, const json_t *value) {
  if (json_is_string(value))
    page_text(page, json_string_value(value));
  else if (json_is_integer(value))
    page_format(page, "%lld", (long long)json_integer_value(value));
  else if (json_is_number(value))
    write_real(page, json_number_value(value));
  else if (json_is_boolean(value))
    page_text(page, json_is_true(value) ? "yes" : "no");
}

static void write_value(struct page *page, const json_t *value) {
  const json_t *each;
  size_t i;
  if (!json_is_array(value))
    write_scalar(page, value);
  json_array_foreach(value, i, each) {
    fputs(i ? ", " : "", page->out);
    write_scalar(page, each);
  }
}

void run_page_machine(struct page *page,
                      const struct environment *environment) {
  json_t *facts =
      environment ? fields_to_json(environment_fields, environment) : NULL;
  fputs("<section aria-labelledby=\"machine\"><h2 id=\"machine\">The "
        "machine</h2>\n",
        page->out);
  if (!facts)
    fputs("<p>The run has no environment.json.</p>\n", page->out);
  else
    fputs("<div class=\"wide\" tabindex=\"0\" role=\"region\" "
          "aria-label=\"The machine\"><table class=\"about\"><tbody>\n",
          page->out);
  for (const struct field *f = environment_fields; facts && f->name; f++) {
    const json_t *value = json_object_get(facts, f->name);
    if (!value || json_is_null(value) ||
        (json_is_array(value) && json_array_size(value) == 0))
      continue;
    fputs("<tr>", page->out);
    page_element(page, "th scope=\"row\"", f->name);
    fputs("<td>", page->out);
    write_value(page, value);
    fprintf(page->out, "%s%s</td>", *f->unit ? " " : "", f->unit);
    page_element(page, "td", f->meaning);
    fputs("</tr>\n", page->out);
  }
  fputs(facts ? "</tbody></table></div></section>\n" : "</section>\n",
        page->out);
  json_decref(facts);
}

/* ---- the method ---------------------------------------------------------- */

static void write_flags(const struct analysis *analysis, FILE *out) {
  uint32_t flags = 0;
  for (size_t i = 0; i < analysis->result_count; i++)
    flags |= report_flags(&analysis->results[i]);
  report_legend(flags, flags, out);
}

/* Whole, as the answers have them cut short. */
static void write_left_out(const struct analysis *analysis, FILE *out) {
  report_rounds_left_out(analysis, out);
  if (analysis->run.left_out)
    fprintf(out, "Left out, to stay within the budget: %s.\n",
            analysis->run.left_out);
}

static void write_method(struct page *page, const struct run_page *run) {
  static void (*const of_kernels[])(const struct analysis *, FILE *) = {
      report_how,   write_left_out,     write_flags,       report_copies_note,
      report_score, report_comparisons, report_cross_check};
  static void (*const of_programs[])(const struct analysis *, FILE *) = {
      report_programs_how, write_left_out, write_flags, report_copies_note};
  bool programs = report_is_of_programs(run->analysis);
  size_t count = programs ? sizeof of_programs / sizeof *of_programs
                          : sizeof of_kernels / sizeof *of_kernels;
  fputs("<section aria-labelledby=\"method\"><h2 id=\"method\">How it was "
        "measured</h2>\n",
        page->out);
  for (size_t i = 0; i < count; i++) {
    char *text =
        run_page_text(programs ? of_programs[i] : of_kernels[i], run->analysis);
    if (text)
      page_lines(page, text);
    free(text);
  }
  fputs("</section>\n", page->out);
}

/* ---- files --------------------------------------------------------------- */

static void write_files(struct page *page, const struct run_page *run) {
  static const struct {
    const char *name, *type, *holds;
  } files[] = {
      {"speedups.csv", "text/csv", "a line a point, for a spreadsheet"},
      {"analysis.json", "application/json",
       "medians, intervals, speedups, predictions, breakdowns"},
      {"environment.json", "application/json", "the machine and the build"},
  };
  fputs("<section aria-labelledby=\"raw\"><h2 id=\"raw\">Raw numbers</h2>\n"
        "<ul class=\"files\">\n",
        page->out);
  for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
    fputs("<li>", page->out);
    if (!page_download(page, run->folder, files[i].name, files[i].type))
      fprintf(page->out, "%s, beside this page", files[i].name);
    fprintf(page->out, ": %s</li>\n", files[i].holds);
  }
  fputs("<li>trials.jsonl, every trial, and plan.json lie beside this page in "
        "the run&#39;s folder</li>\n</ul></section>\n",
        page->out);
}

void run_page_about(struct page *page, const struct run_page *run) {
  run_page_machine(page, run->environment);
  write_method(page, run);
  write_files(page, run);
}
