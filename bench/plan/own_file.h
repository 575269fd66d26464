/* own_file.h: the file that this program is. */
#ifndef CORESWEEP_OWN_FILE_H
#define CORESWEEP_OWN_FILE_H

#include "bench/plan/problem.h"

/* A path to open or to run it by: the very file, whatever has become of its
 * name; or, where /proc is not mounted, what it was started by.  Cannot fail,
 * but that there need not be such a file any more. */
const char *own_file(void);

/* The problem that it could not be read or run: why names both ways.
 * error: as errno has it, or 0. */
int own_file_problem(const char *what, int error, struct problem *problem);

#endif
