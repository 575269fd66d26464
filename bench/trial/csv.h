/* csv.h: comma-separated values as RFC 4180 has them, read and never guessed.
 *
 * Lines end in \n or \r\n, the last one may have no end; a field may stand in
 * quotes, and then holds commas, ends of lines, and quotes, which are doubled.
 * Blanks belong to their field.  A byte order mark of UTF-8 at the start is
 * skipped; control characters, a \r alone and a line without end are refused,
 * each with its line. */
#ifndef CORESWEEP_CSV_H
#define CORESWEEP_CSV_H

#include "bench/plan/problem.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

enum { CSV_LINE_BYTES = 1 << 20 }; /* the longest that a line may be */

struct csv {
  const char *name; /* of the file, in messages; the caller's */
  FILE *file;       /* the caller's */
  char *text;       /* this record's fields, each ended by a zero byte */
  uint32_t fields;  /* in this record; 0 at the end of the file */
  uint64_t line;    /* where this record begins, from 1 */

  size_t bytes;   /* of text */
  uint64_t ended; /* lines before the next byte */
  unsigned char start[3];
  size_t start_taken, start_bytes; /* read ahead, to see a mark */
};

/* Begins to read a file that is open; csv_close(), also after a failure. */
int csv_open(struct csv *csv, FILE *file, const char *name,
             struct problem *problem);

/* The next record, or none: fields is 0 then. */
int csv_next(struct csv *csv, struct problem *problem);

/* Releases the text, and leaves the file open.  Cannot fail. */
void csv_close(struct csv *csv);

#endif
