/* run.h: a run's folder, new or gone on with, and held by one process at a
 * time. */
#ifndef CORESWEEP_RUN_H
#define CORESWEEP_RUN_H

#include "bench/plan/problem.h"

#include <sys/types.h>

enum { RUN_PATH = 4096 };

/* DIR/NAME. */
const char *run_path(const char *folder, const char *name,
                     char path[static RUN_PATH]);

/* Names a new folder after the time, in UTC: results/PREFIX2026-01-31T12-00-00.
 * Does not create it. */
void run_name_folder(const char *prefix, char folder[static RUN_PATH]);

/* Creates the folder, parents included, whatever it holds. */
int run_make_folder(const char *folder, struct problem *problem);

/* PROBLEM_USAGE when the folder holds a run: a plan, or at least trials. */
int run_refuse(const char *folder, struct problem *problem);

/* Opens the folder's trials.jsonl for appending, and locks it until it is
 * closed or the process ends.  0 and *fd; or PROBLEM_USAGE when another process
 * holds it, PROBLEM_FAILURE otherwise, with *fd closed. */
int run_open_trials(const char *folder, int *fd, struct problem *problem);

/* Takes away what a crash left of a last line: its trial is run again.
 * *cut_bytes: how much.  fd: the file `path`, as run_open_trials opened it. */
int run_cut_torn_line(int fd, const char *path, off_t *cut_bytes,
                      struct problem *problem);

/* Copies a file; what is not there is not copied.  0, or the problem. */
int run_copy_file(const char *from, const char *to, struct problem *problem);

/* Points results/latest to a run under results/. */
void run_set_latest(const char *folder);

#endif
