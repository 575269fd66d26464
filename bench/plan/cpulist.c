#include "bench/plan/cpulist.h"

#include "bench/plan/text.h"

#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

/* Writes the message and returns error. */
__attribute__((format(printf, 4, 5))) static int
fail(char *message, size_t message_size, int error, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  if (message && message_size > 0)
    (void)vsnprintf(message, message_size, format, arguments);
  va_end(arguments);
  return error;
}

/* Reads digits; false when there are none.  Stops counting past max. */
static bool read_number(const char **cursor, unsigned long max,
                        unsigned long *number) {
  const char *start = *cursor;
  *number = 0;
  for (; **cursor >= '0' && **cursor <= '9'; (*cursor)++)
    if (*number <= max)
      *number = *number * 10 + (unsigned long)(**cursor - '0');
  return *cursor > start;
}

int cpulist_next(const char **cursor, const struct cpulist_syntax *syntax,
                 unsigned long range[2], char *message, size_t message_size) {
  if (!*cursor)
    return 0;
  const char *item = *cursor;
  const char *end = item + strcspn(item, ",");
  int shown = end - item < 40 ? (int)(end - item) : 40;
  const char *at = item;
  bool good = read_number(&at, syntax->max, &range[0]);
  range[1] = range[0];
  if (good && strncmp(at, syntax->range, strlen(syntax->range)) == 0) {
    at += strlen(syntax->range);
    good = read_number(&at, syntax->max, &range[1]);
  }
  if (end == item)
    return fail(message, message_size, -EINVAL,
                "an item of it is empty: write numbers, as in %s",
                syntax->example);
  if (!good || at != end)
    return fail(message, message_size, -EINVAL,
                "\"%.*s\" is not %s: write numbers from %lu to %lu, as in %s",
                shown, item, syntax->what, syntax->min, syntax->max,
                syntax->example);
  for (int i = 0; i < 2; i++)
    if (range[i] < syntax->min || range[i] > syntax->max)
      return fail(message, message_size, -EINVAL,
                  "\"%.*s\" is out of range: %s lies between %lu and %lu",
                  shown, item, syntax->what, syntax->min, syntax->max);
  if (range[0] > range[1])
    return fail(message, message_size, -EINVAL,
                "\"%.*s\" runs backwards: write %lu%s%lu", shown, item,
                range[1], syntax->range, range[0]);
  *cursor = *end ? end + 1 : NULL;
  return 1;
}

int cpulist_parse(const char *text, int *cpus, size_t capacity, char *message,
                  size_t message_size) {
  static const struct cpulist_syntax syntax = {.what = "a CPU number",
                                               .range = "-",
                                               .example = "0,1,4-7",
                                               .min = 0,
                                               .max = CPULIST_MAX_INDEX};
  const char *cursor = text;
  unsigned long range[2];
  size_t count = 0;
  int item;
  while ((item = cpulist_next(&cursor, &syntax, range, message, message_size)) >
         0) {
    if (range[1] - range[0] >= capacity - count)
      return fail(message, message_size, -ENOSPC,
                  "the list names too many CPUs: there is room for %zu",
                  capacity);
    for (unsigned long i = range[0]; i <= range[1]; i++)
      cpus[count++] = (int)i;
  }
  return item < 0 ? item : (int)count;
}

int cpulist_format(const int *cpus, size_t count, char *text, size_t size) {
  if (size == 0)
    return -ENOSPC;
  struct text list = text_begin(text, size);
  for (size_t i = 0, last; i < count; i = last + 1) {
    if (cpus[i] < 0)
      return -EINVAL;
    for (last = i; last + 1 < count && cpus[last + 1] - 1 == cpus[last];)
      last++;
    if (last < i + 2)
      last = i;
    text_add(&list, "%s%d", i > 0 ? "," : "", cpus[i]);
    if (last > i)
      text_add(&list, "-%d", cpus[last]);
  }
  return list.cut ? -ENOSPC : (int)list.length;
}
