/* checkup.h: what on a machine would spoil a measurement, from facts.
 *
 * Pure: nothing here measures or prints. */
#ifndef CORESWEEP_CHECKUP_H
#define CORESWEEP_CHECKUP_H

#include "bench/record/environment.h"

enum checkup_level {
  CHECKUP_UNKNOWN, /* the machine does not tell */
  CHECKUP_OK,
  CHECKUP_WARN, /* results hold, with this in mind */
  CHECKUP_BAD,  /* would spoil a measurement */
};

enum { CHECKUP_FINDINGS = 16, CHECKUP_TEXT = 200, CHECKUP_ROUNDS = 15 };

/* Two labels on one point, measured in turns. */
struct checkup_aa {
  uint32_t rounds;       /* 0: not measured */
  struct interval ratio; /* A's time over B's; the truth is 1 */
  double difference;     /* see checkup_difference */
  const char *failure;   /* why it was not measured; NULL: it was */
};

/* What is judged.  Pointers are borrowed; NAN: not told. */
struct checkup_facts {
  const struct environment *environment; /* with a look at who else is there */
  struct checkup_aa aa;
};

struct checkup_finding {
  const char *name;
  enum checkup_level level;
  char found[CHECKUP_TEXT];
  const char *means; /* what follows from a warn or bad one */
  const char *mend;  /* what to do then */
};

/* Judges the facts, in a fixed order; returns how many findings there are.
 * Cannot fail. */
size_t checkup_judge(const struct checkup_facts *facts,
                     struct checkup_finding findings[CHECKUP_FINDINGS]);

/* What to do about the finding of that name, as in "load". */
const char *checkup_mend(const char *name);

/* "?", "ok", "warn", "bad". */
const char *checkup_level_name(enum checkup_level level);

/* The highest level of all. */
enum checkup_level checkup_worst(const struct checkup_finding *findings,
                                 size_t count);

/* A relative difference of times that so many rounds would show in four cases
 * of five, at the spread of these n pairs, by an interval of 95% that excludes
 * 1: exp((z(0.975) + z(0.8)) sqrt(pi/2) sigma / sqrt(rounds)) - 1, sigma the
 * median absolute deviation of the log-ratios over z(0.75).  NAN for n < 6.
 * Sources: the median's standard error and the scaled deviation: Huber,
 * Robust Statistics, 1981, sec. 1.1 and 5.1; z: normal quantiles. */
double checkup_difference(const double *above, const double *below, size_t n,
                          uint32_t rounds);

/* Facts and findings as a new JSON object; NULL: no memory. */
json_t *checkup_json(const struct checkup_facts *facts,
                     const struct checkup_finding *findings, size_t count);

#endif
