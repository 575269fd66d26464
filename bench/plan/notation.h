/* notation.h: the one notation for variants, lists of specifications, and the
 * quotes of both.
 *
 *   TEAM[:SCHEDULE[,CHUNK]][@TRANSPORT]     omp:dynamic,64   pool:static@shm
 *
 * A parameter's value may stand in double quotes, and has to where it holds a
 * blank, a comma or a double quote: adler32/base="to be, or not".  Between them
 * \" is a quote and \\ a backslash. */
#ifndef CORESWEEP_NOTATION_H
#define CORESWEEP_NOTATION_H

#include "bench/plan/problem.h"
#include "bench/plan/text.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum schedule {
  SCHEDULE_STATIC,  /* one contiguous slice per worker */
  SCHEDULE_DYNAMIC, /* the next chunk to whoever is free */
  SCHEDULE_GUIDED,  /* as dynamic, with shrinking chunks */
  SCHEDULE_TASKS,   /* one task per chunk */
  SCHEDULE_APPLY,   /* one item, one blocking round trip */
  SCHEDULE_COUNT
};

/* Of transports by their numbers: results in place, in memory that all share.
 * The others are what the build found, see registry_transport_names. */
enum { TRANSPORT_SHM = 0 };

enum { NOTATION_LENGTH = 64 };

/* How a kernel is run, but for the number of workers. */
struct variant_spec {
  char team[16];
  enum schedule schedule;
  uint64_t chunk;     /* items; 0: the kernel's grain */
  uint32_t transport; /* its number */
};

/* Whether the schedule deals out chunks of a size that may be given. */
bool notation_takes_chunk(enum schedule schedule);

/* Whether it is the baseline: a plain loop, no team.  Cannot fail. */
bool notation_is_serial(const struct variant_spec *spec);

/* The same of a variant as it was requested, in the notation.  Cannot fail. */
bool notation_names_serial(const char *variant);

/* The same for as many serial processes at once, of a kernel or a program: the
 * work grows with them.  Cannot fail. */
bool notation_is_copies(const struct variant_spec *spec);
bool notation_names_copies(const char *variant);

/* "static", "shm", ...; cannot fail. */
const char *notation_schedule_name(enum schedule schedule);
const char *notation_transport_name(uint32_t transport);

/* Reads TEAM[:SCHEDULE[,CHUNK]][@TRANSPORT].  Whether there is such a team,
 * and whether it has that schedule, is for the teams to say. */
int notation_parse_variant(const char *text, struct variant_spec *spec,
                           struct problem *problem);

/* Writes the shortest text that parses to the same: a transport only where it
 * is not shm, a chunk only where the schedule has one and it is not 0. */
void notation_format_variant(const struct variant_spec *spec,
                             char text[static NOTATION_LENGTH]);

/* How many bytes of the text come before the first of `stops` that is not
 * between double quotes; all, where there is none.  Cannot fail. */
size_t notation_span(const char *text, const char *stops);

/* What the value raw[0..length) says, without its quotes.  `label`: whose value
 * it is, as in "adler32/base".  0; or PROBLEM_USAGE where quotes are missing or
 * not closed, where something is not printable, and where there is no room. */
int notation_unquote(const char *label, const char *raw, size_t length,
                     char *value, size_t room, struct problem *problem);

/* Appends the value as notation_unquote reads it: in quotes where it needs
 * them, or is empty. */
void notation_quote(const char *value, struct text *text);

/* Whether two lists of parameters say the same; in runs from before there were
 * quotes, they stand without.  Cannot fail. */
bool notation_same(const char *a, const char *b);

/* Cuts a list at spaces, and at commas where what follows begins a new
 * specification: a piece that is a number, or a key=value without '/', goes
 * on with the piece before ("omp:dynamic,64,serial", "spin/a=1,b=2,cube").
 * Nothing is cut between double quotes.  Where a comma has nothing before or
 * behind it, there is an empty item.
 * Returns a NULL-terminated array to be released with notation_free_list, or
 * NULL when memory is out. */
char **notation_split_list(const char *text);
void notation_free_list(char **list);

/* Gives each specification of such a list to the function, until one is a
 * problem.  An empty one is, and an '=' before a blank: is the value empty, or
 * the blank? */
typedef int notation_add(void *to, const char *text, struct problem *problem);
int notation_add_list(const char *text, notation_add *add, void *to,
                      struct problem *problem);

/* Reads a whole decimal number of at most `high`.  Returns false for anything
 * else (signs, spaces, nothing). */
bool notation_parse_count(const char *text, uint64_t high, uint64_t *value);

/* Reads "90", "90s", "3m", "1h", "500ms" into seconds; more than 0. */
bool notation_parse_duration(const char *text, double *seconds);

#endif
