/* copies.h: a trial as several copies of itself at once, each with all of the
 * work: what a variant with `copies` runs as.
 *
 * Each copy is a process that is forked before there is anything to inherit,
 * and then does what a trial of one worker does, in the same code: it builds
 * its own input, touches its own output, and checks its own result.  All of
 * them begin every phase and every region together, and each such moment takes
 * from there until the last copy is done with it. */
#ifndef CORESWEEP_COPIES_H
#define CORESWEEP_COPIES_H

#include "bench/trial/trial_run.h"

struct copy;

/* Runs the whole trial that way; what it asks for has been checked.  From the
 * main thread alone.  0, or the problem, which names the copy; no process is
 * left behind in either case. */
int copies_run(struct run *run, struct problem *problem);

/* In a copy: waits until all are here. */
void copies_meet(struct copy *copy);

/* In a copy: keeps when a moment began and ended, for the others' sake. */
void copies_keep(struct copy *copy, enum moment moment, int64_t begin_ns,
                 int64_t end_ns);

/* In a copy: its slot, and room for those of its regions, as in struct run. */
struct worker_slot *copies_slot(const struct copy *copy);
struct worker_slot *copies_kept(const struct copy *copy);

#endif
