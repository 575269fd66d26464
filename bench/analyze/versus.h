/* versus.h: two runs, A and B, point by point: what B took over what A took,
 * and what may be said of it.
 *
 * Times are of warm regions where both runs have them, or of whole programs.
 * The runs share no rounds, so their trials are two unpaired samples
 * (unpaired.h).  Every point that both have and that is comparable is judged,
 * and where a workload has several, these together; Holm's correction holds the
 * chance of any false difference at 5%.  Two fifths of that are for the points
 * that stand for their workloads, one each, fixed before anything is measured;
 * two for all others, and one for the workloads.
 * Another machine, compiler or library is what is compared; another problem is
 * not comparable.
 * Pure: nothing here measures, prints or keeps state. */
#ifndef CORESWEEP_VERSUS_H
#define CORESWEEP_VERSUS_H

#include "bench/analyze/results.h"

#include <jansson.h>

/* What makes the times of a workload in two runs those of different problems,
 * or measured differently: bits of a mask. */
enum versus_difference {
  VERSUS_SCHEMA = 1,
  VERSUS_SIZE = 2,
  VERSUS_PARAMS = 4,
  VERSUS_SEED = 8,
  VERSUS_ITERATIONS = 16, /* timed regions in a trial */
  VERSUS_BLOCKS = 32,     /* a trial's turns with serial */
  VERSUS_REPEAT = 64,     /* regions of a program; of those alone */
  VERSUS_SCALING = 128,
};

enum versus_verdict {
  VERSUS_SLOWER, /* B is */
  VERSUS_FASTER,
  VERSUS_SAME,     /* no difference that matters is in the interval */
  VERSUS_TOO_WIDE, /* one is, and so is none */
  VERSUS_FEW,      /* too few trials: there is no interval, or none so far apart
                      that it would be told among so many points */
  VERSUS_SPOILT, /* what was measured was not the program alone: see flags.h */
  VERSUS_NOT_COMPARABLE,
  VERSUS_VERDICTS
};

/* "slower", "no difference", ... */
extern const char *const versus_words[VERSUS_VERDICTS];

struct versus_row {
  const struct workload_result *in_a, *in_b; /* borrowed, as what follows */
  const struct result *a, *b;
  size_t trials; /* of the one that has fewer */
  bool program;  /* times are of programs, not of regions */
  bool leads; /* it stands for its workload: parallel, at the most workers that
                 both have a CPU for; omp:static, else the first by name */
  struct interval time_a_s, time_b_s;
  struct interval ratio; /* b over a */
  double p, corrected_p; /* by Holm; NAN: not judged */
  enum versus_verdict verdict;
  unsigned differences; /* enum versus_difference */
  bool spoilt;   /* a flag of one of the two, or steal, forbids a verdict */
  double within; /* no difference is larger, as a share; NAN: not known */
  /* Which part of the workers' time changed most, the way that the whole did,
   * where their intervals are apart. */
  bool told;
  enum term term;
  struct interval share_a, share_b; /* of it, of all */
};

/* What the points of a workload that are judged have in common, of at least
 * two. */
struct versus_workload {
  const struct workload_result *in_a; /* borrowed */
  size_t points;
  struct interval ratio; /* b over a, of each of them: see unpaired_together */
  double p, corrected_p; /* that none differs; by Holm, with those of points */
  enum versus_verdict verdict; /* VERSUS_SLOWER to VERSUS_FEW */
  double within;               /* what they have in common is no larger */
};

struct versus {
  const struct analysis *a, *b; /* borrowed */
  struct versus_row *rows;      /* as the results of A; owned */
  size_t count, judged;
  size_t leaders;                    /* of the judged, that lead */
  struct versus_workload *workloads; /* in the order of A; owned */
  size_t workload_count;             /* of those with several judged points */
  bool few; /* no point of theirs could be told from its other */
};

/* programs: whole programs are judged, also where there are regions.
 * 0, or -1: no memory; to be released with versus_free in either case. */
int versus_make(const struct analysis *a, const struct analysis *b,
                bool programs, struct versus *versus);
void versus_free(struct versus *versus);

/* Parts of versus_make.  versus_join lists the workloads with several points
 * that are judged, and the one ratio of those of each; versus_correct corrects
 * the p of points and workloads for how many there are, and says whether there
 * are too few trials for any to be told (few); level: of all together, above 0.
 * 0, or -1: no memory. */
int versus_join(struct versus *versus);
int versus_correct(struct versus *versus, double level);

/* What another run's workload is compared with: the one of that name and size;
 * where both runs have one size of it alone, whatever that is; or NULL. */
const struct workload_result *
versus_workload(const struct analysis *analysis,
                const struct workload_result *workload);

/* Another run's result beside one of that workload, or NULL. */
const struct result *versus_find(const struct analysis *other,
                                 const struct workload_result *workload,
                                 const struct result *r);

/* Whether something else than what it ran made the point what it is: others on
 * its CPUs, a quota, a host that took time away. */
bool versus_is_spoilt(const struct analysis *run, const struct result *r);

/* The mask of differences in a workload of a that both have; 0: comparable. */
unsigned versus_differences(const struct analysis *a, const struct analysis *b,
                            const struct workload_result *in_a, bool program);

/* All of it as an object, the runs by their names; owned.  NULL: no memory. */
json_t *versus_json(const struct versus *versus, const char *name_a,
                    const char *name_b);

/* Whether B is surely slower by more than that share (0: at all). */
bool versus_is_slower(const struct versus_row *row, double share);

/* The same of a workload's points together. */
bool versus_together_is_slower(const struct versus_workload *workload,
                               double share);

/* A workload's points together; NULL: fewer than two are judged. */
const struct versus_workload *
versus_together(const struct versus *versus,
                const struct workload_result *workload);

/* A result's efficiency: the program's, if that is asked for or it has no
 * region.  false: there is none that counts: of serial, of copies, where
 * workers share CPUs, or where the point is spoilt. */
bool versus_efficiency(const struct result *result, bool programs,
                       struct interval *efficiency);

#endif
