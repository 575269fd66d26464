/* crossing.h: the problem size at which a curve crosses a line: where p
 * workers begin to beat serial (break-even), and the smallest task at which
 * they are half efficient (METG(50%)).
 *
 * Pure: nothing here prints, reads a clock or keeps state.  Both questions are
 * put so that the curve is above 0 where the tasks are too small and falls
 * through 0 at the answer; see crossing_height. */
#ifndef CORESWEEP_CROSSING_H
#define CORESWEEP_CROSSING_H

#include "bench/record/fields.h"

#include <stddef.h>
#include <stdint.h>

enum crossing_question {
  CROSSING_BREAKEVEN,  /* T_par(n, p) = T_serial(n) */
  CROSSING_GRANULARITY /* T_serial(n) / (p T_par(n)) = 1/2 */
};

enum { CROSSING_SIZES = 9, CROSSING_RESAMPLES = 2000 };

/* Pairs of times: serial and parallel, of the same size and round. */
struct crossing_grid {
  double sizes[CROSSING_SIZES];  /* ascending, at least 1 */
  double *serial_s, *parallel_s; /* [count * rounds], a size after the other;
                                    NAN: that round was lost */
  size_t count, rounds;
};

/* Where the curve meets 0.  A bound that lies outside the sizes measured is
 * -INFINITY or INFINITY. */
struct crossing {
  struct interval size;
  bool rising; /* the curve rises: past it the workers lose again */
};

/* A result of crossing_metg. */
struct crossing_metg {
  struct interval items;  /* of one task; bounds as in struct crossing */
  struct interval task_s; /* serial time of one task */
  double slope;           /* of logit(E) over ln(size); 1: constant overhead */
};

/* Serial time per parallel time, and efficiency: NAN unless both are positive
 * and finite. */
double crossing_speedup(double serial_s, double parallel_s);

/* The height of the curve for one pair:
 *   break-even   ln(T_par / T_serial)
 *   granularity  -logit(E), E = T_serial / (p T_par); -INFINITY for E >= 1
 * NAN for times that are not positive and finite. */
double crossing_height(enum crossing_question question, uint32_t workers,
                       double serial_s, double parallel_s);

/* `count` sizes around `centre`, each `ratio` times the one before, rounded to
 * whole numbers, all different, and moved (not thinned) to lie within
 * low..high; fewer where that range holds fewer.  Ascending.  Returns how many
 * there are.  count: at most CROSSING_SIZES; ratio > 1; 1 <= low <= high. */
size_t crossing_ladder(double centre, double ratio, size_t count, double low,
                       double high, double sizes[static CROSSING_SIZES]);

/* The least-squares polynomial of degree 1 or 2 through (x[i], y[i]), points
 * that are not finite left out: c[0] + c[1] x + c[2] x^2.
 * Returns false when there are too few distinct points. */
bool crossing_fit(const double *x, const double *y, size_t n, int degree,
                  double c[static 3]);

/* Break-even sizes: the roots, within the sizes measured, of the quadratic in
 * ln n through the medians of ln(T_par / T_serial), each with the 95% interval
 * of `resamples` bootstraps of whole rounds.  A quadratic has at most one root
 * of each direction.  Returns how many there are, ascending: 0, 1 or 2.
 * Cannot fail otherwise. */
size_t crossing_breakeven(const struct crossing_grid *grid, uint64_t seed,
                          size_t resamples, struct crossing found[static 2]);

/* METG(50%): logit(E) through the medians is fitted by a line in ln(size), and
 * solved for 0.  The grid's sizes are items per task, `tasks` the number of
 * them in a region.  A root more than a factor of 2 outside the sizes measured
 * counts as outside (items.median is then infinite).
 * Source: Slaughter et al., "Task Bench", SC'20, sec. 4, which counts p T_par
 * per task: at 50% that is twice the serial time that task_s gives. */
struct crossing_metg crossing_metg(const struct crossing_grid *grid,
                                   uint32_t workers, double tasks,
                                   uint64_t seed, size_t resamples);

/* Whether a slope is near enough to 1 for the line to be believed. */
bool crossing_slope_usual(double slope);

/* The median height at one of the grid's sizes; NAN: none is known. */
double crossing_height_median(enum crossing_question question, uint32_t workers,
                              const struct crossing_grid *grid, size_t size);

/* T_serial / T_par at one of the grid's sizes, with its interval (see
 * stats_ratio_interval). */
struct interval crossing_ratio(const struct crossing_grid *grid, size_t size);

/* ---- The search for brackets ------------------------------------------- */

enum { SEARCH_PAIRS = 5, SEARCH_PROBES = 64, SEARCH_BRACKETS = 4 };

/* A size tried with a few pairs. */
struct search_probe {
  double size;
  double serial_s[SEARCH_PAIRS], parallel_s[SEARCH_PAIRS];
  double median; /* height */
  int decided;   /* the sign that all pairs agree on, or 0 */
  bool trusted;  /* its median's sign is taken where they don't agree */
};

/* Looks for sign changes of the curve between `low` and `high`: first in steps
 * of a factor of 16, on signs that all five pairs agree on (5 heads of 5 coins
 * are rare: what wobbles about 0 has no crossing), then by bisection on the
 * median's sign, until a bracket spans a factor of 4.  Where the agreed signs
 * show no change and the medians' do, these are followed: rounds around it
 * will tell. */
struct search {
  enum crossing_question question;
  uint32_t workers;
  double low, high;
  bool first_only; /* stops at the first fall */
  bool trusting;   /* found nothing on agreed signs: takes the medians' */
  struct search_probe probes[SEARCH_PROBES]; /* ascending sizes */
  size_t count;
};

struct search_bracket {
  double low, high;
  bool rising;
};

/* The next size to try.  False: the search has ended. */
bool search_next(struct search *search, double *size);

/* Tells what came of it. */
void search_add(struct search *search, double size,
                const double serial_s[static SEARCH_PAIRS],
                const double parallel_s[static SEARCH_PAIRS]);

/* The brackets found so far.  Returns how many. */
size_t search_brackets(const struct search *search,
                       struct search_bracket brackets[static SEARCH_BRACKETS]);

#endif
