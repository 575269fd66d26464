/* breakdown_trial.h: where the core-time of one trial went. */
#ifndef CORESWEEP_BREAKDOWN_TRIAL_H
#define CORESWEEP_BREAKDOWN_TRIAL_H

#include "bench/analyze/breakdown.h"
#include "bench/analyze/series.h"

/* A trial's.  NAN: no such term, or not told. */
struct parts {
  double core_s[TERMS], total_s, serial_s[PHASES];
  double late_off_cpu_s; /* of TERM_WAITING, for who waited for a CPU, or 0 */
};

/* The trials of a point, and what they are held against. */
struct scope {
  const struct series *serial, *series; /* borrowed */
  const struct series *one; /* of a program, itself with one worker: `serial`,
                               where that is no other program; NULL: none */
  double growth;            /* items beside those of serial */
  bool cpu;                 /* all trials tell what was on no CPU */
  bool stops_early;         /* a search up to its first hit */
  bool apart; /* of a program: its regions have no like with one worker */
};

/* Fills the parts of a round's trial: of its regions; of its program; of
 * somebody else's program.  false: it has none, or not what is needed for it,
 * or its terms do not add up to p T_p. */
typedef bool breakdown_trial(const struct scope *scope, int64_t round,
                             struct parts *parts);
breakdown_trial breakdown_region, breakdown_program, breakdown_outside;

/* Whether the terms that are known add up to total_s.  Cannot fail. */
bool breakdown_adds_up(const struct parts *parts);

#endif
