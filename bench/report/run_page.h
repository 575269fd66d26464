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
  const char *sentences; /* as the terminal has them; NULL: none */
  /* Writes its tables; NULL: it has none. */
  void (*tables)(struct page *page, const void *of);
  const void *of;
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

/* Some of a run's charts. */
enum { PAGE_KNOWN = 3 };
struct page_figures {
  const struct charts *charts; /* as they were drawn; NULL: none */
  bool of_all;                 /* of any workload */
  const char *workload;        /* else: whose; NULL: of several */
  const char *const *shows;    /* "program", ..., in this order; NULL: any */
  size_t show_count;
  const char *known[PAGE_KNOWN]; /* of a foot, what the page has said */
  char day[16];
};

/* That it has said these: machine, build, date; NULL: not known. */
void run_page_known(const char *machine, const char *build, const char *date,
                    struct page_figures *figures);

/* Pictures with their titles and notes in words; a note of several of them
 * once, below all.  Nothing where there are none. */
void run_page_figures(struct page *page, const struct page_figures *figures);

/* What is said of a program: the answer, why, what to do; and how it was looked
 * at. */
void run_page_program(struct page *page, const struct run_page *run,
                      const struct workload_result *workload);
void run_page_program_how(struct page *page, const struct run_page *run,
                          const struct workload_result *workload);

/* The charts of that workload (NULL: of several) that show such things, as
 * run_page_figures writes them. */
void run_page_charts(struct page *page, const struct run_page *run,
                     const char *workload, const char *const *shows,
                     size_t count);

/* A section for the workload: sentences, charts, numbers. */
void run_page_workload(struct page *page, const struct run_page *run,
                       const struct workload_result *workload, size_t number);

/* Its results, a row each, with both baselines in seconds. */
void run_page_numbers(struct page *page, const struct run_page *run,
                      const struct workload_result *workload);

/* A section with all that is known of the machine (NULL: nothing). */
void run_page_machine(struct page *page, const struct environment *environment);

/* The table of a program's parallel regions, and what its columns mean; nothing
 * where none is told. */
void run_page_regions(struct page *page, const struct analysis *analysis,
                      const struct workload_result *workload);

/* The table of rooflines, as report_roofline has it. */
void run_page_roofline(struct page *page, const struct analysis *analysis);

/* The machine, the method, the files. */
void run_page_about(struct page *page, const struct run_page *run);

/* What a function of a run prints, to be released with free; NULL: no
 * memory. */
char *run_page_text(void (*write)(const struct analysis *, FILE *),
                    const struct analysis *analysis);

#endif
