/* sweep_run.h: one run of a sweep from beginning to end, by any executor. */
#ifndef CORESWEEP_SWEEP_RUN_H
#define CORESWEEP_SWEEP_RUN_H

#include "bench/commands/sweep_options.h"

/* Measures with o->measure's executor (NULL: fresh processes), and reports
 * where that is asked for.  Prints.  Returns the command's exit status. */
int sweep_run(struct sweep_options *o);

/* The same on this machine, once it is known what was asked for; or says what
 * would be measured.  Releases the options.  Returns the exit status. */
int sweep_here(struct sweep_options *o);

#endif
