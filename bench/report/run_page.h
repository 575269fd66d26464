/* run_page.h: report.html, all of a run on one page: first the answers, then
 * each workload, then what it was measured on and how. */
#ifndef CORESWEEP_RUN_PAGE_H
#define CORESWEEP_RUN_PAGE_H

#include "bench/record/environment.h"
#include "bench/report/page.h"
#include "bench/report/programs.h"
#include "bench/report/report.h"

/* What it is of.  All of it is borrowed. */
struct run_page {
  const struct analysis *analysis;
  const struct environment *environment; /* NULL: not known */
  const struct charts *charts;           /* as they were drawn; NULL: none */
  const struct report_worth *worth;      /* of programs; NULL: the usual one */
  const char *folder;  /* of the run: its numbers are put into the page */
  const char *scripts; /* page.css and page.js */
};

enum { RUN_PAGE_NAME = 16 };
extern const char run_page_name[RUN_PAGE_NAME]; /* "report.html" */

/* Writes FOLDER/report.html.  0, or the problem. */
int run_page_write(const struct run_page *run, struct problem *problem);

/* A run that is no sweep: what it says, its charts, its table.  All of it is
 * borrowed. */
struct plain_page {
  const char *title;
  const char *sentences, *table; /* as the terminal has them; NULL: none */
  const struct environment *environment; /* NULL: not known */
  const struct charts *charts;           /* as they were drawn; NULL: none */
  const char *numbers; /* its own file in the folder: "overheads.json" */
  const char *folder, *scripts;
};
int plain_page_write(const struct plain_page *run, struct problem *problem);

/* ---- its parts ----------------------------------------------------------- */

/* A line a workload: its speedup, where it lies between 1 and the workers, and
 * where the cores' time went. */
void run_page_answers(struct page *page, const struct run_page *run);

/* The charts of that workload (NULL: of several), those that show such things
 * ("program", ...) or, for NULL, all that no other call names. */
size_t run_page_charts(struct page *page, const struct run_page *run,
                       const char *workload, const char *shows);

/* A section for the workload: sentences, charts, numbers. */
void run_page_workload(struct page *page, const struct run_page *run,
                       const struct workload_result *workload, size_t number);

/* Its results, a row each, with both baselines in seconds. */
void run_page_numbers(struct page *page, const struct run_page *run,
                      const struct workload_result *workload);

/* A picture of the charts' folder. */
bool run_page_chart(struct page *page, const struct charts *charts,
                    const struct chart *chart);

/* A section with all that is known of the machine (NULL: nothing). */
void run_page_machine(struct page *page, const struct environment *environment);

/* A box that scrolls where its text is too wide; name: for who listens. */
void run_page_table(struct page *page, const char *name, const char *text);

/* The machine, the method, the files. */
void run_page_about(struct page *page, const struct run_page *run);

/* What a function of a run prints, to be released with free; NULL: no
 * memory. */
char *run_page_text(void (*write)(const struct analysis *, FILE *),
                    const struct analysis *analysis);

#endif
