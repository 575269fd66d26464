/* crossing_plan.h: the plan of `coresweep breakeven` and `granularity`: for
 * every case a search for brackets by pairs of a serial and a parallel trial,
 * then rounds over sizes around what it found.  What comes next follows from
 * the records. */
#ifndef CORESWEEP_CROSSING_PLAN_H
#define CORESWEEP_CROSSING_PLAN_H

#include "bench/analyze/crossing_case.h"
#include "bench/sweep/engine.h"

/* What tells the two experiments apart. */
struct crossing_experiment {
  const char *name; /* of the command, the phase and the JSON file */
  const char *doc;
  enum crossing_question question;
  size_t sizes; /* of a grid */
  double ratio; /* from one of them to the next */
};

/* What is known of a size after its first trial, which was verified. */
struct crossing_rung {
  const struct workload *workload;
  uint64_t items;
  uint32_t iterations; /* short regions are timed more often */
};

/* Pointers are borrowed. */
struct crossing_plan {
  struct planner base; /* crossing_plan_begin sets it */
  const struct crossing_experiment *experiment;
  struct crossing_case *cases;      /* its results */
  const struct variant_spec *specs; /* [case_count] */
  size_t case_count;
  uint32_t usable_cpus, rounds;
  double memory_bytes; /* that were free; 0: not told */
  double trial_s;      /* no size whose trials take longer */
  double
      regions_s; /* timed regions of a trial together, where they are short */
  bool program;  /* the whole of it is compared, not its warm regions */
  bool keeps_rounds; /* the budget takes none of them */
  /* its own; begins as 0 */
  enum { CROSSING_SEARCHES, CROSSING_MEASURES } stage;
  enum { CROSSING_ASKS, CROSSING_VERIFIES, CROSSING_TIMES } step;
  size_t at;      /* the case */
  double spawn_s; /* of a trial at the smallest size: no work, but exec */
  double sizes[CROSSING_SIZES + 1]; /* wanted now; the preset's own last */
  size_t size_count;
  struct search_bracket brackets[SEARCH_BRACKETS];
  size_t bracket_count, bracket;
  struct crossing_grid *grid; /* measured now */
  struct crossing_grid *own;  /* is to be measured yet, beside it or alone */
  bool with_own;              /* it is among the sizes */
  double centre;
  int attempts;
  struct crossing_rung *rungs; /* owned */
  size_t rung_count;
  struct point points[2 * (CROSSING_SIZES + 1)];
};

enum { CROSSING_ROUNDS_LEAST = 6 };

/* Begins the plan, once its members are set.  Cannot fail. */
void crossing_plan_begin(struct crossing_plan *plan);

/* Draws the conclusions of all cases, when the plan has been run. */
void crossing_plan_conclude(struct crossing_plan *plan, uint64_t seed);

void crossing_plan_free(struct crossing_plan *plan);

#endif
