/* fields.h: one table of fields drives writing and reading JSON, the CSV
 * columns, the check of what was read, and the key table of the docs. */
#ifndef CORESWEEP_FIELDS_H
#define CORESWEEP_FIELDS_H

#include "bench/plan/json_read.h"
#include "bench/plan/problem.h"

#include <jansson.h>
#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#define FIELD_NULL INT64_MIN /* an integer or a truth that is not known */

/* A number with its 95% interval; NAN: not known. */
struct interval {
  double median, low, high;
};

#define INTERVAL_NULL ((struct interval){(double)NAN, (double)NAN, (double)NAN})

/* Numbers in a row; owned by the object. */
struct numbers {
  double *values; /* NULL: not known */
  size_t count;
};

enum field_type {
  FIELD_TEXT,     /* char *, owned; NULL: not known */
  FIELD_WORDS,    /* char *, owned: "a b"; a JSON array; NULL or "": none */
  FIELD_INTEGER,  /* int64_t */
  FIELD_TRUTH,    /* int64_t: 0 or 1 */
  FIELD_REAL,     /* double; NAN: not known */
  FIELD_REALS,    /* struct numbers */
  FIELD_INTEGERS, /* struct numbers, holding whole ones */
  FIELD_INTERVAL, /* struct interval; an object with median, low, high */
};

struct field {
  const char *name;
  enum field_type type;
  size_t offset;       /* of the member in its struct */
  const char *unit;    /* "s", "items", or "" */
  const char *meaning; /* one phrase, for the docs */
  bool required;       /* an object without it is refused */
  /* Of its numbers, or of its text, when it is read; NULL: any. */
  const struct limits *limits;
};

/* Limits that several tables have: those of the command line, where it has
 * any, so that a file cannot hold more than a command could have asked for. */
extern const struct limits limits_name;   /* one line, not empty */
extern const struct limits limits_text;   /* whatever was said */
extern const struct limits limits_time_s; /* of a trial, or of its part */
extern const struct limits limits_core_s; /* the same, summed over CPUs */
extern const struct limits limits_count;  /* 0 or more */
extern const struct limits limits_bytes;  /* of memory */
extern const struct limits limits_seed;
extern const struct limits limits_number;  /* 0 or more, not whole */
extern const struct limits limits_workers; /* of a team */
extern const struct limits limits_cpus;    /* numbers of CPUs */
extern const struct limits limits_size;    /* items */
extern const struct limits limits_rounds;  /* how many there may be */

/* Tables end with a NULL name. */

/* Sets every member to "not known".  Cannot fail. */
void fields_clear(const struct field *table, void *object);

/* Releases what the members own, and clears them. */
void fields_free(const struct field *table, void *object);

/* A new JSON object, or NULL when memory is out. */
json_t *fields_to_json(const struct field *table, const void *object);

/* The same of the table's first `count` fields. */
json_t *fields_to_json_part(const struct field *table, size_t count,
                            const void *object);

/* Rounds real numbers to so many significant digits, as a file holds them.
 * Cannot fail. */
void fields_round(const struct field *table, void *object, int digits);

/* Fills a cleared object; keys that the table lacks are ignored, so that
 * newer files stay readable, and null is "not known".  A value of another type
 * or outside of its limits, and an interval whose numbers do not ascend, are
 * refused by key and value.  On failure the object is cleared. */
int fields_from_json(const struct field *table, const json_t *json,
                     void *object, struct problem *problem);

/* A text as a cell of CSV, quoted where it has to be (RFC 4180); NULL: nothing.
 */
void fields_csv_text(const char *text, FILE *out);

/* A CSV line each, or its part, without an end; lists are joined by ';'. */
void fields_csv_header(const struct field *table, FILE *out);
void fields_csv_row(const struct field *table, const void *object, FILE *out);

/* The table as Markdown: name, unit, type, meaning. */
void fields_markdown(const struct field *table, FILE *out);

/* JSON Schema (draft 2020-12) of such an object: what fields_from_json takes;
 * NULL: no memory. */
json_t *fields_schema(const struct field *table);

#endif
