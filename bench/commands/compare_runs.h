/* compare_runs.h: the runs that are compared: found, read and named. */
#ifndef CORESWEEP_COMPARE_RUNS_H
#define CORESWEEP_COMPARE_RUNS_H

#include "bench/record/run.h"
#include "bench/report/compare.h"

/* To be zeroed before runs_open. */
struct opened_runs {
  struct compare_run runs[COMPARE_RUNS];
  struct analysis analyses[COMPARE_RUNS];
  char *names[COMPARE_RUNS];
  size_t count;
};

/* Completes folders[0..*count), none or one, to two with the newest runs under
 * results/, the older one first; found holds their names.  Says which those
 * are, and of newer ones why they are not.  0, or the problem. */
int runs_choose(const char **folders, size_t *count, char found[2][RUN_PATH],
                FILE *said, struct problem *problem);

/* Reads or makes their analyses.  folders are borrowed.  0, or the problem; to
 * be released with runs_close in either case. */
int runs_open(const char *const *folders, size_t count,
              struct opened_runs *opened, struct problem *problem);
void runs_close(struct opened_runs *opened);

/* Whether two paths are one folder. */
bool runs_are_same(const char *folder, const char *other);

#endif
