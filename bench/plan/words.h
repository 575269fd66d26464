/* words.h: lists of texts, as commands and environments are. */
#ifndef CORESWEEP_WORDS_H
#define CORESWEEP_WORDS_H

#include "bench/plan/problem.h"

#include <stddef.h>

/* A list of texts, NULL at its end; owned. */
struct words {
  char **list;
  size_t count;
};

/* Adds a copy.  0, or -1: no memory. */
int words_add(struct words *words, const char *text);
void words_free(struct words *words);

/* Splits as sh does, by blanks, '...', "..." and backslashes, and expands
 * nothing.  `what` is named in messages. */
int words_split(const char *text, const char *what, struct words *words,
                struct problem *problem);

/* As it is to be typed in sh; owned, NULL: no memory. */
char *words_quote(const struct words *words);

#endif
