/* series.h: what each point (workload, size, variant, workers) took, round by
 * round, and the medians and ratios that follow.
 * Pure: nothing here measures, prints or keeps state. */
#ifndef CORESWEEP_SERIES_H
#define CORESWEEP_SERIES_H

#include "bench/analyze/rounds.h"

enum quantity {
  REGION,
  BESIDE, /* serial region beside it, for as many items: in turns with its own,
             or of the same round; NAN: no serial */
  REGION_FIRST,
  PROGRAM,
  WALL,
  CLOCK,     /* of its trials, see clocks.h */
  RUN_DELAY, /* as a share of p T_p */
  CPU_TIME,  /* of a program, all its processes together */
  OTHERS,    /* CPUs that others used meanwhile, of a program */
  QUANTITIES
};

/* A point's values, one per round.  Records are borrowed. */
struct series {
  const struct record *first; /* its first record, pilot or round */
  const struct record *last;  /* its last one in a round; NULL: none */
  int64_t size;               /* in items; 0: its workload has no other one */
  /* The first record of its workload at that size, and of its variant there. */
  const struct record *workload_first, *variant_first;
  int64_t rounds;
  double *by_round[QUANTITIES]; /* [rounds + 1]; NAN: none */
  const struct record **trials; /* [rounds + 1], the region's; NULL: none */
  /* [2 (rounds + 1)]: a round's cold program, and serial's second one. */
  const struct record **cold;
  const struct record **observed; /* [rounds + 1], of a program, with what it
                                     does inside; NULL: none */
  int64_t n, workers_seen; /* of trials of the region, or else of the program */
  int64_t programs, programs_seen; /* of the latter */
  bool throttled, swapped, hot;    /* in some trial */
};

/* All series of a run. */
struct series_set {
  struct series *list; /* in the order in which they first ran */
  size_t *sorted;      /* their numbers by workload, size, variant, workers */
  size_t count, room;
  int64_t alike;         /* see clocks_alike */
  int64_t clock_refused; /* readings that are no clock's */
};

/* Sorts the records of pilot and rounds into series; only rounds that count
 * give values, the pilot fixes the order.  alike: see clocks_alike.  0, or -1:
 * no memory; to be released with series_free in either case. */
int series_make(const struct records *records, const struct rounds *rounds,
                int64_t alike, struct series_set *set);
void series_free(struct series_set *set);

/* The series of a point (the variant as requested), or NULL; where the
 * workload has several sizes, that of the largest. */
const struct series *series_find(const struct series_set *set,
                                 const char *workload, const char *requested,
                                 int64_t workers);

/* The same, of the workload and the size of another series. */
const struct series *series_beside(const struct series_set *set,
                                   const struct series *other,
                                   const char *requested, int64_t workers);

/* A record that stands for all: of a round, or of the pilot where no round has
 * counted. */
const struct record *series_record(const struct series *series);

/* Median and interval over the rounds. */
struct interval series_interval(const struct series *series,
                                enum quantity quantity);

/* Paired by round: above over below; NULL above: not known. */
struct interval series_ratio(const struct series *above,
                             const struct series *below,
                             enum quantity quantity);

/* The region's speedup: serial's beside it by its own. */
struct interval series_speedup(const struct series *series);

/* The same by that of another one, round by round: of the variant with one
 * worker (NULL: not known). */
struct interval series_relative(const struct series *one,
                                const struct series *series);

/* The clock over that of the variant with one worker (NULL: not known), paired
 * by round; and the region's speedup, had each trial's clock been that of the
 * one with one worker. */
struct interval series_clock_ratio(const struct series *one,
                                   const struct series *series);
struct interval series_clock_adjusted(const struct series *one,
                                      const struct series *series);

/* Each round's own speedup, as in series_ratios. */
struct numbers series_speedups(const struct series *series);

/* Each round's own ratio, for the points behind the median; owned. */
struct numbers series_ratios(const struct series *above,
                             const struct series *below,
                             enum quantity quantity);

/* Each round's own value; owned. */
struct numbers series_times(const struct series *series,
                            enum quantity quantity);

/* Items of the one below over items of the one above: 1 under strong scaling.
 * A speedup is a ratio of throughputs. */
double series_growth(const struct series *above, const struct series *below);

/* Whether its region's times, else its program's, lie around two values; see
 * stats_is_bimodal.  false also where memory is out. */
bool series_is_bimodal(const struct series *series);

/* Region times outside Tukey's fences. */
size_t series_outliers(const struct series *series);

/* How probable a trend as that of its region times, in the order of the rounds,
 * is by chance: see trend_p; not known for fewer rounds than `least`. */
double series_trend_p(const struct series *series, size_t least);

#endif
