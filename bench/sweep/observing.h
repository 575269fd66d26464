/* observing.h: an observed run of somebody else's program: the observer's
 * library in front of it, and what of its processes' files goes into the run's
 * record. */
#ifndef CORESWEEP_OBSERVING_H
#define CORESWEEP_OBSERVING_H

#include "bench/observe/observed.h"
#include "bench/plan/words.h"
#include "bench/record/record.h"

#include <stdbool.h>

enum { OBSERVING_PATH = 4096 };

/* While one goes on; begins as 0. */
struct observing {
  char folder[256]; /* of the files; "": there is none */
  int64_t end_ns;   /* the run was over by then */
};

/* Whether there is a library to put in front: the one beside this program.
 * path: where it is to lie. */
bool observing_library(char path[static OBSERVING_PATH]);

/* Makes the folder, and *observed of what the program has in its environment:
 * owned.  0, or the problem, and *observed is empty. */
int observing_begin(struct observing *observing, const struct words *plain,
                    struct words *observed, struct problem *problem);

/* Removes the folder, and what is in it.  Cannot fail. */
void observing_end(struct observing *observing);

/* Fills what the record tells of its inside, or why it tells nothing: of a run
 * whose status, error and time are filled in.  command: the first word.  Cannot
 * fail but for memory, and then nothing is told. */
void observing_record(const struct observing *observing, const char *command,
                      struct record *record);

/* The same of the files of processes that were read, [count] of them: those of
 * processes that had regions, which ran one after another, are added up.  NULL,
 * and the record tells of them; or why it tells nothing (owned).  region_name:
 * names regions as region_names_find does.  end_ns: the run was over by then.
 */
struct region_place;
struct region_name;
typedef void observing_namer(const struct region_place *places, size_t count,
                             struct region_name *names);
char *observing_sum(const struct observed *files, size_t count, int64_t end_ns,
                    observing_namer *namer, struct record *record);

#endif
