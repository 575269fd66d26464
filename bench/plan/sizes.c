#include "bench/plan/sizes.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static const struct {
  char letter;
  uint64_t items;
} suffixes[] = {{'M', UINT64_C(1) << 20}, {'k', UINT64_C(1) << 10}};
enum { SUFFIXES = sizeof suffixes / sizeof *suffixes };

struct list {
  uint64_t *sizes; /* sorted ascending */
  size_t count;
};

/* Puts a size in its place, once.  False: there is no room. */
static bool add(struct list *list, uint64_t size) {
  size_t at = list->count;
  while (at > 0 && list->sizes[at - 1] >= size)
    at--;
  if (at < list->count && list->sizes[at] == size)
    return true;
  if (list->count == SIZES_MAX)
    return false;
  memmove(&list->sizes[at + 1], &list->sizes[at],
          (list->count - at) * sizeof *list->sizes);
  list->sizes[at] = size;
  list->count++;
  return true;
}

/* Reads the number that text[0..length) is, all of it; false: it is none. */
static bool read_size(const char *text, size_t length, uint64_t *size) {
  uint64_t value = 0, times = 1;
  for (size_t s = 0; s < SUFFIXES && length > 0 && times == 1; s++)
    if (text[length - 1] == suffixes[s].letter) {
      times = suffixes[s].items;
      length--;
    }
  for (size_t i = 0; i < length; i++) {
    if (!isdigit((unsigned char)text[i]) || value > INT64_MAX / 10)
      return false;
    value = 10 * value + (uint64_t)(text[i] - '0');
  }
  *size = value * times;
  return length > 0 && value > 0 && value <= INT64_MAX / times;
}

static int wrong(const char *item, size_t length, const char *reason,
                 struct problem *problem) {
  return problem_usage(problem,
                       "--sizes: '%.*s' %s; want numbers of items, as in "
                       "1000,2000, or a range of powers of two, as in 1k..1M "
                       "(k is 1024, M is 1048576)",
                       (int)(length < 60 ? length : 60), item, reason);
}

/* "1k" or "1k..1M". */
static int read_item(const char *item, size_t length, struct list *list,
                     struct problem *problem) {
  uint64_t first, last;
  const char *dots = memmem(item, length, "..", 2);
  if (length == 0)
    return wrong(item, length, "is empty", problem);
  size_t head = dots ? (size_t)(dots - item) : length;
  if (!read_size(item, head, &first))
    return wrong(item, length, "is no number of items", problem);
  last = first;
  if (dots && !read_size(dots + 2, length - head - 2, &last))
    return wrong(item, length, "is no range", problem);
  if (last < first)
    return wrong(item, length, "begins above its end", problem);
  for (uint64_t size = first; size <= last; size *= 2) {
    if (!add(list, size))
      return problem_usage(problem, "--sizes: more than %d sizes; name fewer",
                           SIZES_MAX);
    if (size > INT64_MAX / 2)
      break;
  }
  return PROBLEM_NONE;
}

int sizes_parse(const char *text, uint64_t sizes[static SIZES_MAX],
                size_t *count, struct problem *problem) {
  struct list list = {sizes, 0};
  int status = PROBLEM_NONE;
  for (const char *item = text; !status && item;) {
    size_t length = strcspn(item, ",");
    status = read_item(item, length, &list, problem);
    item = item[length] ? item + length + 1 : NULL;
  }
  *count = list.count;
  return status;
}

const char *sizes_format(uint64_t size, char text[static SIZES_TEXT]) {
  for (size_t s = 0; s < SUFFIXES; s++)
    if (size > 0 && size % suffixes[s].items == 0) {
      snprintf(text, SIZES_TEXT, "%" PRIu64 "%c", size / suffixes[s].items,
               suffixes[s].letter);
      return text;
    }
  snprintf(text, SIZES_TEXT, "%" PRIu64, size);
  return text;
}
