#include "bench/report/scopes.h"

#include "bench/report/titles.h"

#include <stddef.h>

#define OF_RESULT(member)   offsetof(struct result, member)
#define OF_WORKLOAD(member) offsetof(struct workload_result, member)

const struct scope_about scope_table[SCOPES] = {
    [SCOPE_REGION] = {.shows = "region",
                      .what = "warm region",
                      .capacity = true,
                      .title = title_region,
                      .time_s = OF_RESULT(region_s),
                      .speedup = OF_RESULT(speedup_abs),
                      .ratios = OF_RESULT(region_ratios),
                      .serial_s = OF_WORKLOAD(serial_region_s)},
    [SCOPE_PROGRAM] = {.shows = "program",
                       .what = "whole program",
                       .law = true,
                       .title = title_program,
                       .time_s = OF_RESULT(program_s),
                       .speedup = OF_RESULT(program_speedup),
                       .ratios = OF_RESULT(program_ratios),
                       .serial_s = OF_WORKLOAD(serial_program_s)},
};

static const void *member(const void *object, size_t offset) {
  return (const char *)object + offset;
}

struct interval scope_time_s(enum scope scope, const struct result *result) {
  return *(const struct interval *)member(result, scope_table[scope].time_s);
}

struct interval scope_speedup(enum scope scope, const struct result *result) {
  return *(const struct interval *)member(result, scope_table[scope].speedup);
}

const struct numbers *scope_ratios(enum scope scope,
                                   const struct result *result) {
  return member(result, scope_table[scope].ratios);
}

struct interval scope_serial_s(enum scope scope,
                               const struct workload_result *workload) {
  return *(const struct interval *)member(workload,
                                          scope_table[scope].serial_s);
}
