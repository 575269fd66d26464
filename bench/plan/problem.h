/* problem.h: an error on its way up to main.
 *
 * A function that can fail returns the exit status that its failure means:
 * 0 for none, PROBLEM_FAILURE or PROBLEM_USAGE; the problem holds one line
 * that names the thing, what was wrong with it, and what would be right. */
#ifndef CORESWEEP_PROBLEM_H
#define CORESWEEP_PROBLEM_H

enum {
  PROBLEM_NONE = 0,
  PROBLEM_FAILURE = 1, /* something ran and failed, or a result was wrong */
  PROBLEM_USAGE = 2,   /* what was asked for makes no sense here */
};

struct problem {
  char text[600];
};

/* Writes the text, as printf does, and returns PROBLEM_USAGE. */
int problem_usage(struct problem *problem, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Writes the text, as printf does, and returns PROBLEM_FAILURE. */
int problem_failure(struct problem *problem, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
