/* models.h: which law of speedup a variant's trials allow, of how many worker
 * counts; and how many workers are enough.
 * Pure: nothing here measures, prints or keeps state.
 *
 * With T_p the time of p workers, each law is linear:
 *
 *   T_p = b0 / p + b1 (1 - 1/p) + b2 (p - 1) + h [p > 1]
 *
 * Amdahl's has b0 and b1, the Universal Scalability Law b2 as well; a cost that
 * any team has, whatever its size, is h, and no serial share: with it the
 * apparent serial fraction (1/S - 1/p) / (1 - 1/p) falls as h p / (p - 1).
 * Source: Gunther, Guerrilla Capacity Planning, 2007, ch. 4. */
#ifndef CORESWEEP_MODELS_H
#define CORESWEEP_MODELS_H

#include "bench/record/fields.h"

enum law {
  LAW_NONE,   /* too few worker counts, or trials */
  LAW_AMDAHL, /* serial */
  LAW_COST,   /* cost of a team */
  LAW_BOTH,   /* these two */
  LAW_USL,    /* serial, and kappa */
  LAWS
};

/* In analysis.json, and as sentences have it; LAW_NONE: NULL. */
extern const char *const law_words[LAWS], *const law_names[LAWS];

/* Times of a variant, by count and round; borrowed. */
struct model_trials {
  const double *workers; /* [counts], ascending, the first one 1 */
  size_t counts, rounds;
  const double *time; /* [counts * rounds], one count after the other; as a
                         share of the serial one of the same round, or in any
                         unit; NAN: none */
};

/* Worker counts from which on so much may be said. */
enum { MODEL_ONE_PARAMETER = 3, MODEL_FIT = 5, MODEL_CHOICE = 6 };

struct model {
  enum law law;
  size_t counts;      /* that it was fitted to */
  double most;        /* of those */
  double one;         /* T_1 by the law, in the unit of the times */
  double lack_p;      /* of the law: see least_squares.h */
  double cost_lack_p; /* of LAW_COST, for where Amdahl's law fits: both do */
  /* Of T_1, by a bootstrap of rounds with the choice of the law inside: 0 where
   * the law that was chosen has it not. */
  struct interval serial, kappa, cost;
};

/* Chooses a law by its lack of fit at 5%: Amdahl's; the cost of a team where
 * that fits and the former does not; from six counts on the better one of both
 * together and of the USL, the latter only where kappa's interval is above 0.
 * What was chosen may lack fit all the same.  A count with fewer trials than
 * STATS_SAMPLES_MIN is left out; the means of a count are weighted by its own
 * variance.  0, or -1: no memory. */
int model_fit(const struct model_trials *trials, struct model *model);

/* The time by the law, in the unit of the times, whether it fits or not. */
double model_time(const struct model *model, double workers);

/* The speedup by the law over the unit of the times (T / T_p); NAN: none that
 * fits, or for more than twice the workers that it was fitted to. */
double model_speedup(const struct model *model, double workers);

/* Whether the law was not found to lack fit, and none of its shares is surely
 * below 0, where it is an equation and no law. */
bool model_fits(const struct model *model);

/* Whether the cost of a team explains the times as well as a serial part. */
bool model_is_ambiguous(const struct model *model);

/* The workers past which the USL has it slower, NAN: no other law has that, or
 * they are more than it may be told for. */
double model_turn(const struct model *model);

/* Which count has the shortest median time, and which is the smallest that is
 * not told apart from the best: told apart is one that is slower than some
 * other by more than the upper end of what a bootstrap of rounds has in excess
 * of that, the choice of the best inside; with fewer rounds than
 * STATS_SAMPLES_MIN, none.  Counts without a time are left out; false: all are,
 * or no memory.
 * Source: Hsu, "Constrained simultaneous confidence intervals for multiple
 * comparisons with the best", Annals of Statistics 12(3), 1984. */
bool model_best(const struct model_trials *trials, size_t *best,
                size_t *enough);

/* Apparent serial fraction of a speedup on as many cores' worth of capacity
 * (workers, or what they deliver together); its ends change places.
 * Source: Karp & Flatt, "Measuring parallel processor performance", CACM
 * 33(5), 1990. */
struct interval model_apparent(struct interval speedup,
                               struct interval capacity);

#endif
