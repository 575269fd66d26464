/* flags.h: what makes a number doubtful, or another question than its
 * neighbours': the words on results, their marks and their meaning. */
#ifndef CORESWEEP_FLAGS_H
#define CORESWEEP_FLAGS_H

#include "bench/analyze/results.h"

enum flag {
  FLAG_REFUSED,
  FLAG_SHORT,
  FLAG_OVERHEAD,
  FLAG_IDLE,
  FLAG_CONTENDED,
  FLAG_DRIFT,
  FLAG_CLOCK_DROP,
  FLAG_THROTTLED,
  FLAG_SWAPPED,
  FLAG_HOT,
  FLAG_WIDE,
  FLAG_BIMODAL,
  FLAG_ABOVE,
  FLAG_SMT, /* these three: lines are broken where they begin */
  FLAG_SLOW_CORES,
  FLAG_NUMA,
  FLAGS
};

struct flag_about {
  const char *word;    /* in analysis.json */
  const char *mark;    /* in the terminal, one column each */
  const char *meaning; /* for legends */
  const char *breaks;  /* beside the break of lines; NULL: breaks none */
  const char *older;   /* its word in analyses of before; NULL: the same */
  bool drawn;          /* charts show it without a word */
};

extern const struct flag_about flag_table[FLAGS];

/* Whether the result has that flag.  Cannot fail. */
bool flag_is_set(const struct result *result, enum flag flag);

/* The flag that forbids a verdict on the result, since what it measured was not
 * its program alone: FLAG_REFUSED, FLAG_CONTENDED, FLAG_THROTTLED or
 * FLAG_SWAPPED; NULL: none of them.  Cannot fail. */
const struct flag_about *flags_spoilt(const struct result *result);

/* What flags look at, beyond the result itself; NAN, FIELD_NULL and
 * INTERVAL_NULL are not known, and flag nothing. */
struct flag_facts {
  double run_delay_share;       /* of p T_p, median over rounds */
  struct interval empty_share;  /* the empty region's of its region */
  double trend_p;               /* of the region times by round */
  bool bimodal;                 /* its times lie around two values */
  bool throttled, swapped, hot; /* in some trial */
  double capacity;              /* at most, of so many workers' CPUs, in CPUs */
  double online_cpus;           /* of the machine */
  int64_t siblings_from, slower_from, numa_from; /* workers */
};

/* The words of all flags that hold, one blank between; owned; NULL: no
 * memory. */
char *flags_of(const struct result *result, const struct flag_facts *facts);

/* What can be said of the run as a whole. */
struct run_noise {
  double steal_share; /* of the CPUs' time */
  int64_t rounds, throttled_rounds, swapped_rounds, hot_rounds, clock_refused;
};

/* Sentences, one blank between; owned; NULL: nothing to say, or no memory. */
char *run_warnings(const struct run_noise *noise);

/* Rounds that a series needs before it is asked for a drift. */
size_t flags_drift_rounds(void);

/* A share of the memory's roof above which memory may be called the limit, and
 * how many times all last-level caches the footprint must be for that. */
double flags_memory_share(void);
double flags_memory_caches(void);

/* A difference of a speedup that matters, as a share of it. */
double flags_matters(void);

/* Whether all others used more of the CPUs than a program with so many workers
 * left them, by a tenth of its own.  NAN: not told, and then not. */
bool flags_crowded(double others_cpus, double workers, double online_cpus);

/* A share of an observed run's time that withdraws a law where it is elsewhere
 * with several workers than with one. */
double flags_noticed(void);

/* Blocks with serial on a CPU that it needs to be called slower than others. */
int64_t flags_serial_blocks(void);

/* The share of CPUs in use above which what others use of them, or quotas take,
 * is said first of all; and that of the hypervisor. */
double flags_others_share(void);
double flags_steal_spoils(void);

/* A clock reading above this is no clock: the chain was folded. */
double flags_most_hz(void);

#endif
