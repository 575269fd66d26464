/* cpulist.h: lists of numbers as text: CPUs ("0,1,4-7"), worker counts. */
#ifndef CORESWEEP_CPULIST_H
#define CORESWEEP_CPULIST_H

#include <stddef.h>

/* How a list of numbers is written; see cpulist_next. */
struct cpulist_syntax {
  const char *what;    /* what one number is: "a CPU number" */
  const char *range;   /* what stands between the ends of a range: "-" */
  const char *example; /* "0,1,4-7" */
  unsigned long min;
  unsigned long max;
};

/* The largest os index that cpulist_parse accepts. */
#define CPULIST_MAX_INDEX 65535

/* In all functions below, message (message_size bytes, or NULL and 0) receives
 * one sentence when the function fails, and is left alone otherwise. */

/* Reads "0,1,4-7" into cpus[0..capacity), caller's array.  Order and
 * duplicates are kept: entry i is worker i's CPU.
 * Returns how many were read (at least 1), -EINVAL with a message that names
 * the wrong item, or -ENOSPC when there are more than capacity. */
int cpulist_parse(const char *text, int *cpus, size_t capacity, char *message,
                  size_t message_size);

/* Writes cpus[0..count) so that cpulist_parse reads back the same sequence;
 * three or more ascending neighbours become a range.  text: size bytes.
 * Returns the length without the final 0, -EINVAL for a negative CPU (an
 * unbound worker has no notation), or -ENOSPC; on failure text is cut short,
 * and terminated when size > 0.  8 bytes per CPU always suffice. */
int cpulist_format(const int *cpus, size_t count, char *text, size_t size);

/* Reads the next item of a list, a number or a range, and moves *cursor past
 * it; *cursor is the text at first, and NULL after the last item.  The one
 * reader of number lists: CPUs here, worker counts in counts.c.
 * range: receives first and last, min <= first <= last <= max.
 * Returns 1, 0 when there are no more items, or -EINVAL with a message. */
int cpulist_next(const char **cursor, const struct cpulist_syntax *syntax,
                 unsigned long range[2], char *message, size_t message_size);

#endif
