/* breakdown.h: where p T_p went, core-seconds of all p workers together: what
 * was useful (the serial time of the same work), and what was lost, in named
 * terms that add up to all of it.
 *
 * Region scope: the timed regions of a trial.  Program scope: the whole program
 * with its serial phases.  Programs that are not ours are seen from outside.
 * Pure; sources in ../shared METHOD section 2 are in results/README.md. */
#ifndef CORESWEEP_BREAKDOWN_H
#define CORESWEEP_BREAKDOWN_H

#include "bench/analyze/series.h"

enum term {
  TERM_USEFUL,    /* what serial takes for the same */
  TERM_SERIAL,    /* idle while one worker is at a serial phase */
  TERM_INFLATED,  /* serial phases that take longer than serial's own */
  TERM_START,     /* until the first chunk begins */
  TERM_DISPATCH,  /* waiting for the next chunk */
  TERM_SENDING,   /* sending results */
  TERM_IMBALANCE, /* waiting for the last one, which had more to do */
  TERM_SLOWER,    /* waiting for the last one, which was slower */
  TERM_FEW,       /* nothing to do for a worker */
  TERM_THROWN,    /* items past a search's hit */
  TERM_WAITING,   /* waiting for a CPU */
  TERM_JOIN,      /* after the last one has left */
  TERM_WORK,      /* the same work took longer than in serial */
  TERM_MORE_CPU,  /* from outside: more CPU time */
  TERM_MORE_IDLE, /* from outside: more time without */
  TERMS
};

/* A row a term: its key in files, and what it means. */
struct term_about {
  const char *key, *meaning;
  const char *words; /* as a sentence has it: "idle while serial" */
};
extern const struct term_about breakdown_terms[TERMS];

/* Means over the same trials; low and high by a bootstrap of trials, expanded
 * by t.  `median` holds the mean. */
struct breakdown {
  bool told;
  int64_t trials;
  struct interval core_s[TERMS], share[TERMS]; /* NAN: no such term here; a
                                                  share is of p T_p */
};

#endif
