#include "bench/plan/problem.h"

#include "bench/plan/text.h"

#include <stdarg.h>
#include <stdio.h>

static void put(struct problem *problem, const char *format, va_list list)
    __attribute__((format(printf, 2, 0)));

/* Whatever a name, a path or a file's text holds, none of it controls the
 * terminal that it comes to. */
static void put(struct problem *problem, const char *format, va_list list) {
  char raw[2 * sizeof problem->text];
  struct text text = TEXT_BEGIN(problem->text);
  vsnprintf(raw, sizeof raw, format, list);
  text_show(&text, raw);
}

int problem_usage(struct problem *problem, const char *format, ...) {
  va_list list;
  va_start(list, format);
  put(problem, format, list);
  va_end(list);
  return PROBLEM_USAGE;
}

int problem_failure(struct problem *problem, const char *format, ...) {
  va_list list;
  va_start(list, format);
  put(problem, format, list);
  va_end(list);
  return PROBLEM_FAILURE;
}
