/* internal.h: what the files of this room share while an analysis is made. */
#ifndef CORESWEEP_ANALYZE_INTERNAL_H
#define CORESWEEP_ANALYZE_INTERNAL_H

#include "bench/analyze/analysis.h"

enum quantity {
  REGION,
  REGION_FIRST,
  PROGRAM,
  WALL,
  RUN_DELAY, /* as a share of p T_p */
  QUANTITIES
};

/* A configuration's values, one per round. */
struct series {
  const struct record *first;          /* its first record, pilot or round */
  const struct record *first_in_round; /* NULL: none */
  double *by_round[QUANTITIES];        /* [rounds + 1]; NAN: none */
  int64_t n, workers_seen;
  size_t variant_first; /* the first series of its workload and variant */
  bool throttled, swapped, hot; /* in some trial */
};

/* What series have in common. */
enum sameness {
  SAME_WORKLOAD,
  SAME_VARIANT, /* and the same workload */
  SAME_CONFIGURATION,
  SAMENESSES
};

/* The first series of each workload, variant or configuration, by its hash. */
struct index {
  size_t *slots; /* number of the series plus 1; 0: free */
  size_t room, used;
};

enum probe_kind { PROBE_CLOCK, PROBE_CAPACITY, PROBES };

/* Rates of the probe trials at one worker count, in items/s; the clock's is
 * the mean over the workers that are alike, the capacity's the sum of all. */
struct probe {
  int64_t workers;
  double *by_round[PROBES]; /* [rounds + 1]; NAN: none */
};

/* A meter's trials at one size and worker count, in bytes/s or additions/s. */
struct meter_series {
  const char *workload; /* borrowed from a record */
  int64_t workers, size;
  double units;     /* of an item */
  double *by_round; /* [rounds + 1]; NAN: none */
};

struct work {
  int64_t rounds;
  bool *bad;                       /* [rounds + 1]: left out */
  bool *throttled, *swapped, *hot; /* [rounds + 1]: some trial was */
  struct probe *probes;            /* by workers */
  size_t probe_count;
  int64_t clock_refused; /* readings that are no clock's */
  int64_t alike; /* so many workers are on cores of the first one's kind */
  struct meter_series *meters;
  size_t meter_count;
  struct series *series;
  size_t count, room;
  struct index indexes[SAMENESSES];
  /* Copies of the records of these phases; they borrow all texts. */
  struct records pilots, calibrations;
};

/* What an index is asked for; the last two as the sameness needs them. */
struct key {
  const char *workload, *requested;
  int64_t workers;
};

/* The number of the first series of that sameness, or SIZE_MAX. */
size_t index_find(const struct work *work, enum sameness sameness,
                  const struct key *key);

/* Enters the series in every index where it is the first of its kind.
 * 0, or -1: no memory. */
int index_add(struct work *work, size_t series);
void index_free(struct work *work);

/* The variant as asked for; as it ran, in records that do not say. */
const char *record_requested(const struct record *record);

/* The series of a configuration, or NULL. */
const struct series *work_find(const struct work *work, const char *workload,
                               const char *requested, int64_t workers);

/* Median and interval over the rounds. */
struct interval series_interval(const struct work *work,
                                const struct series *series,
                                enum quantity quantity);

/* Paired by round: above over below; NULL above: not known. */
struct interval series_ratio(const struct work *work,
                             const struct series *above,
                             const struct series *below,
                             enum quantity quantity);

/* Each round's own ratio, for the points behind the median; owned. */
struct numbers series_ratios(const struct work *work,
                             const struct series *above,
                             const struct series *below,
                             enum quantity quantity);

/* Region times outside Tukey's fences. */
size_t series_outliers(const struct work *work, const struct series *series);

/* Sorts the records of all rounds into series; environment may be NULL.
 * 0, or -1: no memory; to be released with work_free in either case. */
int work_make(const struct records *records,
              const struct environment *environment, struct work *work);
void work_free(struct work *work);

/* Items of the one below over items of the one above: 1 under strong scaling.
 * A speedup is a ratio of throughputs. */
double series_growth(const struct series *above, const struct series *below);

/* Region times of the first and of the second half of the rounds (without the
 * middle one of an odd number); not known for fewer rounds than drift takes. */
void series_halves(const struct work *work, const struct series *series,
                   struct interval *first, struct interval *second);

/* Trials of phase "probe" are no results; a run may have none. */
bool record_is_probe(const struct record *record);

/* NAN for every round, [rounds + 1]; owned; NULL: no memory. */
double *unknown_by_round(int64_t rounds);

/* Takes in a probe.  0, or -1: no memory. */
int probes_add(struct work *work, const struct record *record);
void probes_free(struct work *work);

/* The rate at so many workers over that of one, paired by round. */
struct interval probes_ratio(const struct work *work, enum probe_kind kind,
                             int64_t workers);

/* The region's speedup, had the clock been that of one worker: each round's
 * time below times the same round's clock ratio. */
struct interval probes_adjust(const struct work *work,
                              const struct series *above,
                              const struct series *below);

/* Fills slower_method and method_gain: of two workloads of a kernel that differ
 * in the parameter "method" alone, the faster one gets them.  0, or -1: no
 * memory. */
int methods_compare(const struct work *work, struct workload_result *workload);

/* The region of omp:static over that of the plain directive (textbook) on as
 * many workers; not known for other variants, or without the latter. */
struct interval methods_blocks(const struct work *work,
                               const struct series *blocks);

/* Fills the list of capacities.  0, or -1: no memory. */
int capacity_make(const struct work *work, struct analysis *analysis);

/* Fills the facts of the run; plan and environment may be NULL. */
void run_facts_make(const struct records *records, const struct work *work,
                    const json_t *plan, const struct environment *environment,
                    struct run_facts *run);

/* Sets hyperfine's times beside the sweep's.  0, or -1: no memory. */
int cross_check_make(const struct work *work, const json_t *hyperfine,
                     struct analysis *analysis);

#endif
