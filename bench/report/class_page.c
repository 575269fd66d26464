/* A class as a page. */
#include "bench/report/run_page.h"
#include "bench/report/side_page.h"

#include <stdlib.h>

static const char *const workload_heads[CLASS_CELLS] = {
    "workload",   "one CPU", "your place", "all CPUs",
    "your place", "speedup", "your place"};
enum { RUN_CELLS = 5 };
static const char *const run_heads[RUN_CELLS] = {"run", "CPUs", "one CPU",
                                                 "all CPUs", "speedup"};

/* lines: with a head of their own, for the terminal; owned here; NULL: no
 * table. */
static void write_table(struct page *page, const char *name,
                        const char *const *heads, struct class_line *lines,
                        size_t count, size_t cells) {
  if (lines)
    page_table(page, name, true, heads, cells);
  for (size_t i = 1; lines && i < count; i++) {
    fputs(lines[i].own ? "<tr class=\"own\"><th scope=\"row\">"
                       : "<tr><th scope=\"row\">",
          page->out);
    page_text(page, lines[i].cells[0]);
    fputs(lines[i].own ? " (yours)</th>" : "</th>", page->out);
    for (size_t c = 1; c < cells; c++)
      page_cell(page, heads[c], NULL, lines[i].cells[c]);
    fputs("</tr>\n", page->out);
  }
  if (lines)
    page_table_end(page);
  free(lines);
}

static void write_head(struct page *page, const struct class *class,
                       const char *const *names) {
  const struct run_facts *own = &class->runs[class->own]->run;
  fputs("<p class=\"facts\">", page->out);
  page_format(page, "Yours: %s, on %s, %s, %.16s", names[class->own],
              own->machine ? own->machine : "an unknown machine",
              own->build ? own->build : "unknown build",
              own->date ? own->date : "unknown date");
  fputs("</p>\n<nav aria-label=\"Parts of this page\"><ul>\n"
        "<li><a href=\"#workloads\">the workloads</a></li>\n"
        "<li><a href=\"#runs\">the runs</a></li>\n"
        "<li><a href=\"#method\">what the numbers are</a></li>\n"
        "</ul></nav>\n</header>\n",
        page->out);
}

static void write_charts(struct page *page, const struct charts *charts) {
  const struct page_figures figures = {.charts = charts, .of_all = true};
  fputs("<section aria-labelledby=\"charts\"><h2 id=\"charts\">A dot a "
        "run</h2>\n",
        page->out);
  run_page_figures(page, &figures);
  fputs("</section>\n", page->out);
}

static void print_notes(const void *of, FILE *out) {
  class_notes(of, out);
}

int class_page_write(const struct class *class, const char *const *names,
                     const struct side_page *side, struct problem *problem) {
  char heading[REPORT_LINE];
  size_t count;
  struct page page;
  class_headline(class, heading);
  int status = side_page_open(&page, side, heading, problem);
  if (status)
    return status;
  write_head(&page, class, names);
  fputs("<main>\n", page.out);
  write_charts(&page, side->charts);
  fputs("<section aria-labelledby=\"workloads\"><h2 id=\"workloads\">The "
        "workloads</h2>\n<p class=\"facts\">Medians of all runs, and your "
        "place among them.</p>\n",
        page.out);
  struct class_line *lines = class_workload_lines(class, &count);
  write_table(&page, "The workloads", workload_heads, lines, count,
              CLASS_CELLS);
  fputs("</section>\n<section aria-labelledby=\"runs\"><h2 id=\"runs\">The "
        "runs</h2>\n<p class=\"facts\">Speeds are by the median of all "
        "runs.</p>\n",
        page.out);
  lines = class_run_lines(class, names, &count);
  write_table(&page, "The runs", run_heads, lines, count, RUN_CELLS);
  fputs("</section>\n", page.out);
  side_page_words(&page, "method", "What the numbers are",
                  page_words(print_notes, class));
  side_page_raw(&page, side);
  fputs("</main>\n", page.out);
  return page_close(&page, PROBLEM_NONE, problem);
}
