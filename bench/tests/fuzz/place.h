/* place.h: where a target's files and words go, and how it says that something
 * is wrong. */
#ifndef CORESWEEP_FUZZ_PLACE_H
#define CORESWEEP_FUZZ_PLACE_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* An empty folder of this process, in memory where the system has a place for
 * that; it is gone when the program ends. */
const char *place_folder(void);

/* FOLDER/NAME; borrowed, until the next but three is asked for. */
const char *place_path(const char *name);

/* The same, of a file that holds these bytes. */
const char *place_file(const char *name, const void *data, size_t size);

/* Takes away what the folder holds. */
void place_clear(void);

/* A stream into memory, for what would go to the terminal. */
FILE *place_print(void);

/* Ends it: fails where a terminal would have got anything but text, its
 * escape sequences above all. */
void place_printed(FILE *out);

/* Says what is wrong, and aborts. */
void fuzz_fail(const char *format, ...)
    __attribute__((noreturn, format(printf, 1, 2)));

#endif
