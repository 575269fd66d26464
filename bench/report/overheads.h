/* overheads.h: what people look at of `coresweep overheads`. */
#ifndef CORESWEEP_REPORT_OVERHEADS_H
#define CORESWEEP_REPORT_OVERHEADS_H

#include "bench/analyze/overheads.h"
#include "bench/record/environment.h"
#include "bench/report/page.h"
#include "bench/report/report.h"

enum { OVERHEAD_LABEL = 64 };

/* The table: a row per cost and execution model, a column per worker count (at
 * most four of them), in µs and MB. */
void overheads_table(const struct overheads *overheads, FILE *out);

/* The same on a page.  of: the overheads. */
void overheads_page_table(struct page *page, const void *of);

/* What a person remembers: only what the intervals allow. */
void overheads_sentences(const struct overheads *overheads, FILE *out);

/* The first that can be said of what a process costs, for titles. */
void overheads_headline(const struct overheads *overheads,
                        char text[static REPORT_LINE]);

/* The same of a transport's speed, with so many workers. */
void overheads_rate_headline(const struct overheads *overheads, int64_t workers,
                             char text[static REPORT_LINE]);

/* The same of memory. */
void overheads_memory_headline(const struct overheads *overheads,
                               char text[static REPORT_LINE]);

/* Writes FOLDER/NAME.tsv for each chart.  environment: may be NULL. */
int overheads_chart_data(const struct overheads *overheads,
                         const struct environment *environment,
                         struct charts *charts, struct problem *problem);

/* What the three share. */

/* The worker counts at which a kind was measured, ascending, into
 * counts[0..capacity); returns how many were written. */
size_t overheads_counts(const struct overheads *overheads,
                        enum overhead_kind kind, int64_t *counts,
                        size_t capacity);

/* The row of a cost within its kind: "omp, threads sleep", "pipe, 64 B". */
void overhead_label(const struct overhead *cost,
                    char text[static OVERHEAD_LABEL]);

/* "64 B", "16 KiB", "4 MiB". */
const char *overhead_bytes(double bytes, char *text);

#endif
