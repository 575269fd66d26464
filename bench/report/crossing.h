/* crossing.h: break-even sizes and task granularities for people: a table,
 * sentences, charts. */
#ifndef CORESWEEP_REPORT_CROSSING_H
#define CORESWEEP_REPORT_CROSSING_H

#include "bench/analyze/crossing_case.h"
#include "bench/record/environment.h"
#include "bench/report/numbers.h"
#include "bench/report/page.h"
#include "bench/report/report.h"

/* A row per case: kernel, variant, workers, the answer, remarks. */
void crossing_table(const struct crossing_case *cases, size_t count, FILE *out);

/* The same on a page; of: a struct crossing_cases. */
struct crossing_cases {
  const struct crossing_case *list;
  size_t count;
};
void crossing_page_table(struct page *page, const void *of);

/* One plain sentence per case. */
void crossing_sentences(const struct crossing_case *cases, size_t count,
                        FILE *out);

/* Writes FOLDER/NAME.tsv for every workload. */
int crossing_chart_data(const struct crossing_case *cases, size_t count,
                        const struct environment *environment,
                        struct charts *charts, struct problem *problem);

/* Parts shared by them; each writes into text and returns it. */

/* "21 800 integers (19 200–25 100)", "> 4 194 304 integers",
 * "12.3 µs (11.0 µs–13.5 µs)". */
const char *crossing_answer(const struct crossing_case *c,
                            char text[static REPORT_LINE]);

/* The crossing's size with its interval. */
const char *crossing_size_text(const struct crossing_case *c,
                               struct interval size,
                               char text[static REPORT_LINE]);

/* A number of items to three digits, as in "21 800". */
const char *crossing_items(double items, char text[static NUMBER_LENGTH]);

/* "slower than serial", "faster than serial", "not told apart from serial". */
const char *crossing_verdict(struct interval ratio);

#endif
