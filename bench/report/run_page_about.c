/* The end of the page: method, files. */
#include "bench/report/chart_file.h"
#include "bench/report/run_page.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

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

static void write_capacity(const struct analysis *analysis, FILE *out) {
  bool any = false;
  for (size_t i = 0; i < analysis->capacity_count; i++)
    any = any || isfinite(analysis->capacities[i].capacity.median);
  if (any)
    fprintf(out, "%s\n", chart_capacity_note);
}

static void write_method(struct page *page, const struct run_page *run) {
  static void (*const of_kernels[])(const struct analysis *, FILE *) = {
      report_how,         write_left_out,     write_flags,
      write_capacity,     report_copies_note, report_score,
      report_comparisons, report_cross_check};
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
      {"regions.csv", "text/csv", "a line a parallel region that was observed"},
      {"analysis.json", "application/json",
       "medians, intervals, speedups, predictions, breakdowns"},
      {"environment.json", "application/json", "the machine and the build"},
  };
  fputs("<section aria-labelledby=\"raw\"><h2 id=\"raw\">Raw numbers</h2>\n"
        "<ul class=\"files\">\n",
        page->out);
  for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
    if (strcmp(files[i].name, "regions.csv") == 0 &&
        run->analysis->region_count == 0)
      continue;
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
