/* breakdown.h: where p T_p went, core-seconds of all p workers together: what
 * was useful (the serial time of the same work), and what was lost, in named
 * terms that add up to all of it.
 *
 * Region scope: the timed regions of a trial.  Program scope: the whole program
 * with its serial phases.  Programs that are not ours are seen from outside. */
#ifndef CORESWEEP_BREAKDOWN_H
#define CORESWEEP_BREAKDOWN_H

#include "bench/record/fields.h"

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
  TERM_LOCKED,    /* from inside: waiting for a critical section or a lock */
  TERM_TASKS,     /* from inside: waiting for tasks */
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

/* The phases that TERM_SERIAL is idle in. */
enum serial_phase {
  PHASE_SETUP,
  PHASE_START, /* the team */
  PHASE_TOUCH, /* pages of the result, by the caller */
  PHASE_FINISH,
  PHASE_CLOSE, /* the team's end */
  PHASES
};

/* Means over the same trials; low and high by a bootstrap of trials, expanded
 * by t.  `median` holds the mean. */
struct breakdown {
  bool told;
  int64_t trials;
  struct interval core_s[TERMS], share[TERMS]; /* NAN: no such term here; a
                                                  share is of p T_p */
  struct interval serial_s[PHASES]; /* what each serial phase takes */
};

/* TALP's efficiencies for OpenMP, of all teams: with T the time of all workers,
 * of which they are idle I_serial outside of regions, I_lb in them for the one
 * that is idle least, and I_sch as long as that one, all of them,
 *
 *   serialization  (T - I_serial) / T
 *   load balance   (T - I_serial - I_lb) / (T - I_serial)
 *   scheduling     (T - I_serial - I_lb - I_sch) / (T - I_serial - I_lb)
 *
 * Here the last one to leave is the one that is idle least, and who has no
 * chunk counts to the load balance.  What is inside chunks is useful, as there,
 * if it is on a CPU or not.
 * Source: DLB user guide, TALP Performance metrics (Barcelona Supercomputing
 * Center, 2024).  DLB's code (perf_metrics.c) splits their product otherwise.
 */
struct talp {
  struct interval serialization, load_balance, scheduling; /* means */
};

/* Nothing is told.  Cannot fail. */
void breakdown_clear(struct breakdown *breakdown);

/* Why the largest loss is there, as far as it was measured.  All owned. */
enum { EVIDENCE = 8 };
struct cause {
  char *term;      /* key of the largest loss; NULL: no breakdown */
  char *rule;      /* key of the rule that held; "not-explained", "not-told", or
                      "nothing-lost" where no loss matters */
  char *sentence;  /* what is said, with numbers: "equal slices hold unequal
                      work: dynamic: 1.86x" */
  char *ruled_out; /* keys of rules that were looked at and did not hold, with
                      a blank between two */
  struct evidence {
    char *name, *unit;
    double value;
  } evidence[EVIDENCE]; /* the numbers it rests on */
  size_t evidence_count;
};

#endif
