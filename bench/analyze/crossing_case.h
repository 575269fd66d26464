/* crossing_case.h: one workload and variant of `coresweep breakeven` or
 * `granularity`: what was measured, and what follows from it. */
#ifndef CORESWEEP_CROSSING_CASE_H
#define CORESWEEP_CROSSING_CASE_H

#include "bench/analyze/crossing.h"
#include "bench/plan/notation.h"
#include "bench/plan/workload.h"

enum crossing_outcome {
  CROSSING_FOUND,
  CROSSING_ALWAYS,   /* past it from the smallest size on */
  CROSSING_NEVER,    /* not reached up to the largest size */
  CROSSING_UNSETTLED /* not told apart from the line */
};

enum { CROSSINGS = 2 * SEARCH_BRACKETS };

struct crossing_case {
  enum crossing_question question;
  const struct workload *workload; /* borrowed */
  char variant[NOTATION_LENGTH];   /* as requested */
  char label[NOTATION_LENGTH];     /* in words */
  const char *scope;               /* "region", "program" */
  uint32_t workers;
  uint64_t tasks; /* of a region; granularity: sizes are the items of one */
  /* measured */
  struct search search;
  const char *limit; /* why it ends at search.high */
  struct crossing_grid grids[SEARCH_BRACKETS];
  size_t grid_count;
  struct crossing_grid own; /* a preset's own size; count 0: none */
  uint32_t rounds, lost;    /* rounds asked for; lost in some grid */
  /* concluded */
  enum crossing_outcome outcome;
  struct crossing crossings[CROSSINGS]; /* break-even, ascending */
  size_t crossing_count;
  struct crossing_metg metg;
  struct interval own_ratio; /* speedup at the preset's own size */
};

/* Rooms for count sizes and so many rounds, filled with NAN.  False: no
 * memory. */
bool crossing_grid_make(struct crossing_grid *grid, size_t rounds);

/* Takes the rounds out in which a time is missing.  Returns how many. */
uint32_t crossing_grid_complete(struct crossing_grid *grid);

/* Draws the conclusions from what was measured.  Cannot fail. */
void crossing_conclude(struct crossing_case *c, uint64_t seed);

/* The first crossing of that direction, or NULL. */
const struct crossing *crossing_first(const struct crossing_case *c,
                                      bool rising);

/* Without a crossing: the largest size tried that is surely above the line
 * (CROSSING_NEVER; where it is CROSSING_UNSETTLED, before any that is surely
 * past it), or the smallest that is surely past it (CROSSING_ALWAYS).
 * NULL: there is none. */
const struct search_probe *crossing_bound(const struct crossing_case *c);

/* Median serial seconds of one task (granularity; else of everything) in a
 * probe's pairs; NAN for NULL. */
double crossing_task_s(const struct crossing_case *c,
                       const struct search_probe *probe);

/* Writes cases[0..count) as JSON. */
int crossing_write(const struct crossing_case *cases, size_t count,
                   const char *path, struct problem *problem);

void crossing_case_free(struct crossing_case *c);

#endif
