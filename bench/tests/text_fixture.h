/* text_fixture.h: what is written, and what is in it.  To be included after
 * cmocka.h. */
#ifndef CORESWEEP_TEXT_FIXTURE_H
#define CORESWEEP_TEXT_FIXTURE_H

#include "bench/analyze/analysis.h"

#include <stdio.h>
#include <string.h>

/* A stream into *text, which is there once the stream is closed with fclose,
 * and is to be released with free.  One at a time. */
static inline FILE *text_open(char **text) {
  static size_t length;
  *text = NULL;
  FILE *out = open_memstream(text, &length);
  assert_non_null(out);
  return out;
}

/* What is printed of the analysis; to be released with free. */
static inline char *printed(void (*print)(const struct analysis *, FILE *),
                            const struct analysis *analysis) {
  char *text;
  FILE *out = text_open(&text);
  print(analysis, out);
  fclose(out);
  return text;
}

static inline void has(const char *text, const char *part) {
  if (!strstr(text, part))
    fail_msg("'%s' is not in:\n%s", part, text);
}

static inline void has_not(const char *text, const char *part) {
  if (strstr(text, part))
    fail_msg("'%s' is in:\n%s", part, text);
}

#endif
