/* probe.h: what `coresweep probe` found, as a table and as JSON. */
#ifndef CORESWEEP_REPORT_PROBE_H
#define CORESWEEP_REPORT_PROBE_H

#include "bench/analyze/rates.h"
#include "bench/report/page.h"
#include "bench/report/report.h"

#include <stdio.h>

/* The table: a worker count after the other.  rates: by meter, per second. */
void probe_table(const struct probe_plan *plan, const struct interval *rates,
                 FILE *out);

/* What was found, for a page. */
struct probe_found {
  const struct probe_plan *plan;
  const struct interval *rates; /* by meter, per second */
};

/* Two tables: bytes, and additions and cycles.  of: a struct probe_found. */
void probe_page_tables(struct page *page, const void *of);

/* "Memory is read at 12.3 GB/s by 2 workers, ..."; "" where none of it was
 * measured.  Of the most workers. */
void probe_headline(const struct probe_plan *plan, const struct interval *rates,
                    char text[static REPORT_LINE]);

/* Says so where the machine has wider vectors, in bytes, than the program was
 * built for; machine: 0: not told. */
void probe_vectors(int built, int machine, FILE *out);

/* Writes the rates, "probe.json".  0, or the problem. */
int probe_write(const struct probe_plan *plan, const struct interval *rates,
                uint32_t rounds, const char *path, struct problem *problem);

#endif
