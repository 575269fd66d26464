/* coverage_unpaired.h: how often intervals of two unpaired samples hold the
 * ratio of their medians.  Of whole runs: coverage_pairs.h. */
#ifndef CORESWEEP_COVERAGE_UNPAIRED_H
#define CORESWEEP_COVERAGE_UNPAIRED_H

#include "bench/tests/coverage.h"

/* Ways to an interval. */
enum unpaired_way {
  WAY_RANKS,     /* that of unpaired.h */
  WAY_ENDS,      /* between the ends of both medians' 95% intervals */
  WAY_SPREAD,    /* of medians: a standard error by order statistics, normal */
  WAY_BOOTSTRAP, /* of the ratio of medians, percentiles expanded by t */
  UNPAIRED_WAYS
};

/* What a sample is drawn from. */
struct unpaired_source {
  enum { DRAW_NORMAL, DRAW_LOGNORMAL, DRAW_SIMULATED } draw;
  double sigma;         /* of the first two: of the logarithm */
  const char *scenario; /* of the third: one of coverage_scenarios, in blocks */
  uint32_t cpus;
};

struct unpaired_row {
  const char *name; /* "unlike: ..." where the two are not the same */
  struct unpaired_source a, b;
};

extern const struct unpaired_row unpaired_rows[];
extern const size_t unpaired_row_count;

/* Numbers of trials that each of the rows is asked for. */
enum { UNPAIRED_SIZES = 4, UNPAIRED_MOST = 20 };
extern const size_t unpaired_sizes[UNPAIRED_SIZES][2];

struct unpaired_outcome {
  double coverage[UNPAIRED_SIZES][UNPAIRED_WAYS];
  double width[UNPAIRED_SIZES][UNPAIRED_WAYS]; /* median of high / low - 1 */
};

/* In parallel with OpenMP; depends on row and number alone. */
struct unpaired_outcome unpaired_study(const struct unpaired_row *row,
                                       size_t pairs);

#endif
