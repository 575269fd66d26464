/* settle.h: what a process inherits from whoever started it, as signals that
 * are ignored or descriptors that are closed, made what this program and its
 * children are written for. */
#ifndef CORESWEEP_SETTLE_H
#define CORESWEEP_SETTLE_H

#include <stdbool.h>

/* To be called first of all in main.  Cannot fail.
 *
 * Signals: none is blocked, none ignored but those by which a shell tells that
 * there is no terminal to be stopped or interrupted by (nohup, `&`).  Past
 * RLIMIT_FSIZE a write fails, as on a full disk.  Handlers are all that is set:
 * they end with an exec, so that children have the defaults.
 * Descriptors: 0, 1 and 2 are open, so that no file comes to lie there; where
 * they were closed, reading and writing fail.  The others are closed on exec:
 * unless `keeps` is true, for a process that replaces itself and starts nobody
 * else.
 * umask: what the program creates it may use itself. */
void settle_process(bool keeps);

#endif
