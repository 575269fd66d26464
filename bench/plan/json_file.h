/* json_file.h: JSON into a file, and out of it. */
#ifndef CORESWEEP_JSON_FILE_H
#define CORESWEEP_JSON_FILE_H

#include "bench/plan/problem.h"

#include <jansson.h>

/* Writes and releases it; NULL, for want of memory, is a failure too.  The file
 * is replaced as a whole: whoever reads it, after a crash too, finds the old
 * one or the new one.
 * digits: significant digits of real numbers; 0: as many as tell any two apart.
 * Returns 0, or the failure that names the path. */
int json_file_write(json_t *json, const char *path, unsigned digits,
                    struct problem *problem);

/* Reads a whole file, in which no object may have a key twice.  0 and *json, to
 * be released; or PROBLEM_FAILURE, naming the path, and NULL. */
int json_file_read(const char *path, json_t **json, struct problem *problem);

/* The same of a file that may be missing: then it is 0 and NULL. */
int json_file_read_if_any(const char *path, json_t **json,
                          struct problem *problem);

#endif
