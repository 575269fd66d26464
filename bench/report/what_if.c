#include "bench/report/what_if.h"

#include "bench/analyze/flags.h"

const struct what_if_about what_if_table[WHAT_IFS] = {
    [WHAT_IF_BALANCED] = {"if balanced", "were all workers done at once"},
    [WHAT_IF_NO_OVERHEADS] = {"without overheads", "were start, dispatch, "
                                                   "sending and join for "
                                                   "nothing"},
    [WHAT_IF_SHARED] = {"set-up shared", "were set-up shared by all"},
};

struct interval what_if_bound(const struct result *result, enum scope scope,
                              enum what_if what) {
  bool program = scope == SCOPE_PROGRAM;
  switch (what) {
  case WHAT_IF_BALANCED:
    return program ? result->if_balanced : result->region_if_balanced;
  case WHAT_IF_NO_OVERHEADS:
    return program ? result->if_no_overheads : result->region_if_no_overheads;
  default:
    return program ? result->if_setup_shared : INTERVAL_NULL;
  }
}

/* Beside what the same means say that there was, and not beside the median: of
 * skewed times the two differ. */
bool what_if_matters(const struct result *result, enum scope scope,
                     enum what_if what) {
  const struct breakdown *breakdown =
      scope == SCOPE_PROGRAM ? &result->breakdown : &result->region_breakdown;
  double was = breakdown->share[TERM_USEFUL].median * (double)result->workers;
  return !flags_spoilt(result) && what_if_bound(result, scope, what).median >=
                                      was * (1 + flags_matters());
}
