#include "bench/plan/problem.h"

#include <stdarg.h>
#include <stdio.h>

static void put(struct problem *problem, const char *format, va_list list)
    __attribute__((format(printf, 2, 0)));

static void put(struct problem *problem, const char *format, va_list list) {
  vsnprintf(problem->text, sizeof problem->text, format, list);
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
