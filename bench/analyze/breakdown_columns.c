/* The shares of a breakdown as columns of speedups.csv. */
#include "bench/analyze/results.h"

#define AT(member) offsetof(struct result, member)

static const struct limits shares = {-1e6, 1e6, NULL};

/* Means of shares, for spreadsheets; with their intervals they stand under
 * `breakdown` and `region_breakdown`. */
#define SHARE(key, scope, offset)                                              \
  {                                                                            \
    key "_share", FIELD_REAL, offset, "",                                      \
        "mean of `share` of that term of `" scope "`", false, &shares          \
  }

const struct field breakdown_columns[] = {
    SHARE("program_useful", "breakdown",
          AT(breakdown.share[TERM_USEFUL].median)),
    SHARE("program_serial", "breakdown",
          AT(breakdown.share[TERM_SERIAL].median)),
    SHARE("program_inflated", "breakdown",
          AT(breakdown.share[TERM_INFLATED].median)),
    SHARE("program_start", "breakdown", AT(breakdown.share[TERM_START].median)),
    SHARE("program_dispatch", "breakdown",
          AT(breakdown.share[TERM_DISPATCH].median)),
    SHARE("program_sending", "breakdown",
          AT(breakdown.share[TERM_SENDING].median)),
    SHARE("program_imbalance", "breakdown",
          AT(breakdown.share[TERM_IMBALANCE].median)),
    SHARE("program_slower", "breakdown",
          AT(breakdown.share[TERM_SLOWER].median)),
    SHARE("program_few", "breakdown", AT(breakdown.share[TERM_FEW].median)),
    SHARE("program_thrown", "breakdown",
          AT(breakdown.share[TERM_THROWN].median)),
    SHARE("program_waiting", "breakdown",
          AT(breakdown.share[TERM_WAITING].median)),
    SHARE("program_join", "breakdown", AT(breakdown.share[TERM_JOIN].median)),
    SHARE("program_work", "breakdown", AT(breakdown.share[TERM_WORK].median)),
    SHARE("program_locked", "breakdown",
          AT(breakdown.share[TERM_LOCKED].median)),
    SHARE("program_tasks", "breakdown", AT(breakdown.share[TERM_TASKS].median)),
    SHARE("program_more_cpu", "breakdown",
          AT(breakdown.share[TERM_MORE_CPU].median)),
    SHARE("program_more_idle", "breakdown",
          AT(breakdown.share[TERM_MORE_IDLE].median)),
    SHARE("region_useful", "region_breakdown",
          AT(region_breakdown.share[TERM_USEFUL].median)),
    SHARE("region_start", "region_breakdown",
          AT(region_breakdown.share[TERM_START].median)),
    SHARE("region_dispatch", "region_breakdown",
          AT(region_breakdown.share[TERM_DISPATCH].median)),
    SHARE("region_sending", "region_breakdown",
          AT(region_breakdown.share[TERM_SENDING].median)),
    SHARE("region_imbalance", "region_breakdown",
          AT(region_breakdown.share[TERM_IMBALANCE].median)),
    SHARE("region_slower", "region_breakdown",
          AT(region_breakdown.share[TERM_SLOWER].median)),
    SHARE("region_few", "region_breakdown",
          AT(region_breakdown.share[TERM_FEW].median)),
    SHARE("region_thrown", "region_breakdown",
          AT(region_breakdown.share[TERM_THROWN].median)),
    SHARE("region_waiting", "region_breakdown",
          AT(region_breakdown.share[TERM_WAITING].median)),
    SHARE("region_join", "region_breakdown",
          AT(region_breakdown.share[TERM_JOIN].median)),
    SHARE("region_work", "region_breakdown",
          AT(region_breakdown.share[TERM_WORK].median)),
    {NULL, FIELD_TEXT, 0, NULL, NULL, false, NULL},
};

#undef AT
#define AT(member) offsetof(struct inside_region, member)

const struct field inside_region_columns[] = {
    SHARE("useful", "breakdown", AT(breakdown.share[TERM_USEFUL].median)),
    SHARE("start", "breakdown", AT(breakdown.share[TERM_START].median)),
    SHARE("dispatch", "breakdown", AT(breakdown.share[TERM_DISPATCH].median)),
    SHARE("imbalance", "breakdown", AT(breakdown.share[TERM_IMBALANCE].median)),
    SHARE("few", "breakdown", AT(breakdown.share[TERM_FEW].median)),
    SHARE("join", "breakdown", AT(breakdown.share[TERM_JOIN].median)),
    SHARE("work", "breakdown", AT(breakdown.share[TERM_WORK].median)),
    SHARE("locked", "breakdown", AT(breakdown.share[TERM_LOCKED].median)),
    SHARE("tasks", "breakdown", AT(breakdown.share[TERM_TASKS].median)),
    {NULL, FIELD_TEXT, 0, NULL, NULL, false, NULL},
};
