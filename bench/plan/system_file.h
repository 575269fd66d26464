/* system_file.h: the small files in which the system tells of itself.
 *
 * Every function reads below a root ("" for the real machine) and cannot fail:
 * what is missing, unreadable, empty or not of its form is "not told", NULL or
 * NAN, and never a value.  Texts are the caller's to free. */
#ifndef CORESWEEP_SYSTEM_FILE_H
#define CORESWEEP_SYSTEM_FILE_H

#include <stdio.h>

/* A file below root, closed on exec; NULL when there is none. */
FILE *system_open(const char *root, const char *path);

/* The first line of a file, without its end and blanks around it; NULL for an
 * empty one, and for one that is no text (UTF-8, without control characters).
 */
char *system_line(const char *root, const char *path);

/* The value of the first line "key : value" of a file.  As system_line. */
char *system_value(const char *root, const char *path, const char *key);

/* A decimal number without a sign or an exponent; *end: what follows it.  NAN,
 * with *end at text, for anything else. */
double system_digits(const char *text, const char **end);

/* A file that begins with such a number, which a blank or nothing follows. */
double system_number(const char *root, const char *path);

/* The bytes in the first line "key : NUMBER kB" of a file. */
double system_size_bytes(const char *root, const char *path, const char *key);

/* The number of the last line "key number" of a file. */
double system_counter(const char *root, const char *path, const char *key);

#endif
