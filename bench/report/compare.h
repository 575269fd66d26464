/* compare.h: runs side by side.  The first is the base and is called A, the
 * others B, C, ... in this order.  Nothing here prints but to the stream that
 * it is given. */
#ifndef CORESWEEP_COMPARE_H
#define CORESWEEP_COMPARE_H

#include "bench/report/report.h"

enum { COMPARE_RUNS = 26, COMPARE_TEXT = 200 };

struct compare_run {
  const char *folder; /* as the user wrote it, for commands to copy */
  const char *name;   /* for headings and charts */
  const struct analysis *analysis;
};

struct comparison {
  const struct compare_run *runs;
  size_t count; /* 2 .. COMPARE_RUNS */
};

/* What makes the times of a workload in two runs those of different problems,
 * or measured differently: bits of a mask. */
enum compare_difference {
  COMPARE_SIZE = 1,
  COMPARE_PARAMS = 2,
  COMPARE_SEED = 4,
  COMPARE_ITERATIONS = 8,
};

/* 'A' for 0. */
char compare_letter(size_t run);

/* What another run's workload is compared with: the one of that name and size;
 * where both runs have one size of it alone, whatever that is; or NULL. */
const struct workload_result *
compare_workload(const struct analysis *analysis,
                 const struct workload_result *workload);

/* Another run's result beside one of that workload, or NULL. */
const struct result *compare_find(const struct analysis *other,
                                  const struct workload_result *workload,
                                  const struct result *r);

/* The mask of differences in a workload of a that both have; 0: comparable. */
unsigned compare_differences(const struct analysis *a, const struct analysis *b,
                             const struct workload_result *in_a);

/* "sizes differ: speedups are of different problems"; "" for 0. */
const char *compare_notice(unsigned differences,
                           char text[static COMPARE_TEXT]);

/* b / a, with the widest interval that the ends of theirs allow: the two are
 * of different runs, and not paired.  Swapping a and b inverts whichever of
 * the results are at least 1, exactly.  INTERVAL_NULL when either is not
 * known. */
struct interval compare_ratio(struct interval a, struct interval b);

/* Both have an interval, and the two do not overlap. */
bool compare_apart(struct interval a, struct interval b);

/* The most workers at which every run of the set has a result of the variant
 * (`requested`; NULL: of the same variant, whichever but serial) in the
 * workload of A.  Counts at which workers share CPUs in none of them go first,
 * but for kernels that wait.  `runs`: bit k is run k; it holds A.  0: none. */
int64_t compare_workers(const struct comparison *comparison, uint32_t runs,
                        const struct workload_result *workload,
                        const char *requested);

/* Prints which runs these are; then for each further run a table beside A (at
 * most seven columns), what differs, what only one has, and the command that
 * would make them comparable. */
void compare_report(const struct comparison *comparison, FILE *out);

/* Writes FOLDER/NAME.tsv: for each workload of A that another run has, items
 * per second against workers (where comparable) and then the region speedups
 * overlaid. */
int compare_chart_data(const struct comparison *comparison,
                       struct charts *charts, struct problem *problem);

#endif
