/* program.h: somebody's own program as a workload: a command with {workers} in
 * it, run as it is.
 *
 *   zstd -T{workers} -19 -c data.tar
 *
 * {workers}, {size} and the names of parameters are replaced in every argument
 * and in what is set for it in the environment; other braces are left alone. */
#ifndef CORESWEEP_PROGRAM_H
#define CORESWEEP_PROGRAM_H

#include "bench/plan/words.h"
#include "bench/plan/workload.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* What makes a run of a program right. */
enum program_check {
  PROGRAM_CHECK_EXIT,    /* it ends with status 0 */
  PROGRAM_CHECK_OUTPUT,  /* and prints the bytes that one worker printed */
  PROGRAM_CHECK_NUMBERS, /* the same but for numbers within a tolerance */
  PROGRAM_CHECK_COMMAND, /* and a command that gets its output succeeds */
};

/* Whether runs are observed from inside. */
enum program_observe {
  PROGRAM_OBSERVE_AUTO, /* where it can be done */
  PROGRAM_OBSERVE_YES,  /* and else the run ends */
  PROGRAM_OBSERVE_NO,
};

/* How programs are run, all of them alike.  Borrowed texts. */
struct program_protocol {
  enum program_check check;
  double tolerance;          /* of PROGRAM_CHECK_NUMBERS: of the larger one, */
  double least_tolerance;    /* or, near zero, as a number */
  const char *check_command; /* for sh */
  const char *time_regex;    /* its own time, of its output; NULL: none */
  const char *stdin_path;    /* NULL: /dev/null */
  const char *prepare;       /* for sh, before every run; NULL: nothing */
  bool shell;                /* sh runs the command */
  enum program_observe observe;
  bool confine; /* it may use the CPUs of its workers alone */
  double timeout_s;
};

struct program {
  char *name;               /* as charts have it */
  struct words command;     /* with placeholders */
  struct words serial;      /* the best serial program; none: one worker */
  struct words environment; /* NAME=VALUE, with placeholders */
  struct words parameters;  /* NAME=VALUE: what {NAME} stands for */
  const struct program_protocol *protocol; /* borrowed */
  const struct program *like; /* what that one prints with one worker is what
                                 this one has to; itself: no other; borrowed */
  bool launcher; /* mpirun and the like: places its processes itself */
};

/* Whether the placeholder stands somewhere in its commands or environment. */
bool program_has(const struct program *program, const char *placeholder);

/* The text with its placeholders replaced; owned, NULL: no memory. */
char *program_text(const struct program *program, const char *text,
                   uint32_t workers, uint64_t size);

/* Whether it has {size} in it. */
bool program_takes_size(const struct program *program);

/* The command for so many workers; `serial`: that of the baseline.  Owned. */
int program_command(const struct program *program, bool serial,
                    uint32_t workers, uint64_t size, struct words *command,
                    struct problem *problem);

/* What is set in its environment, NAME=VALUE: the usual variables that tell a
 * program how many threads to use, then its own.  Owned. */
int program_environment(const struct program *program, uint32_t workers,
                        uint64_t size, struct words *environment,
                        struct problem *problem);

/* Whether the command can be run at all: found, executable, its interpreter
 * too.  PROBLEM_USAGE says what is missing, and what to type. */
int program_check_command(const struct words *command, bool shell,
                          struct problem *problem);

/* Writes the files that its commands name, each with a digest: what is found in
 * PATH as the command, and every word that names a file which can be executed,
 * or is a script.  Whether they are what they were when a run began. */
void program_files(const struct program *program, FILE *out);

/* The workload that runs it: of the kernel "program", whose item is a run.
 * It borrows the program. */
int program_workload(const struct program *program, struct workload *workload,
                     struct problem *problem);

/* Names it by its command where it has no name, and finds out what it is. */
int program_settle(struct program *program, struct problem *problem);

void program_free(struct program *program);

#endif
