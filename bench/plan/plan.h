/* plan.h: what a sweep will run: configurations, sizes, rounds, and what had
 * to be left out to stay within the budget.  plan.json is this. */
#ifndef CORESWEEP_PLAN_H
#define CORESWEEP_PLAN_H

#include "bench/plan/identity.h"
#include "bench/plan/machine.h"
#include "bench/plan/notation.h"
#include "bench/plan/workload.h"

enum {
  PLAN_WORKLOADS = 32,
  PLAN_VARIANTS = 32,
  PLAN_COUNTS = 260, /* 1..256, and what waiting kernels add */
  PLAN_NOTES = 24,
  PLAN_ROUNDS = 15,      /* where nobody says */
  PLAN_ROUNDS_QUICK = 6, /* also the fewest that a budget leaves */
  PLAN_ITERATIONS = 3,   /* timed regions of a trial */
  PLAN_WARMUPS = 1,
  PLAN_ITERATIONS_QUICK = 2, /* the first region has to do as warm-up */
  PLAN_PILOTS = 6,           /* trials of each one-worker configuration */
};

/* How far a run has come: what of its plan hangs on nothing any more. */
enum plan_stage {
  STAGE_REQUESTED, /* sizes are still sought */
  STAGE_SIZED,  /* calibrated and thinned: sizes and configurations are fixed */
  STAGE_ROUNDS, /* after the pilot: so are the rounds and their order */
  STAGE_DONE,   /* nothing is missing */
  STAGE_COUNT
};

/* What a workload's trials are thought to cost, from its calibration. */
struct budget_cost {
  double region_s; /* one serial region at the plan's size */
  double fixed_s;  /* everything of a trial besides its regions */
};

/* A workload in a sweep. */
struct plan_workload {
  struct workload *workload; /* owned */
  uint64_t size;             /* items; 0: to be calibrated */
  bool fixed;                /* size was given, or cannot be calibrated */
  char target[80];           /* "met", or why the target time was not */
  char digest[20];           /* of the verified result; "" before the pilot */
  struct budget_cost cost;   /* as plan.json keeps it; probes: as it is used */
  uint32_t workers; /* of a probe: with so many alone; 0: every count */
  bool meter;       /* a probe that plan_add_meters has added */
  /* Under weak scaling the size grows with the workers: a digest each. */
  struct {
    uint32_t workers;
    char digest[20];
  } grown[PLAN_COUNTS];
};

struct plan_entry {
  uint32_t workload, variant; /* indexes; of a probe: `workload` in `probes` */
  uint32_t workers;
  bool probe;
};

struct plan {
  struct plan_workload workloads[PLAN_WORKLOADS];
  size_t workload_count;
  struct variant_spec variants[PLAN_VARIANTS]; /* as asked; [0] is serial */
  size_t variant_count;
  uint32_t counts[PLAN_COUNTS]; /* worker counts; counts[0] is 1 */
  size_t count_count;
  uint32_t waiting[PLAN_COUNTS]; /* those of kernels that wait */
  size_t waiting_count;
  uint32_t usable_cpus, cores;
  enum bind bind;
  bool serial_touch; /* the main thread touches all of the output first */
  bool weak;         /* weak scaling: `size` is for each worker */
  uint64_t seed;
  double target_s; /* of a region at the most workers */
  double budget_s; /* 0: none */
  uint32_t rounds;
  bool rounds_given; /* exactly so many */
  uint32_t iterations, warmups;
  struct plan_entry *entries; /* owned; see plan_list_entries */
  size_t entry_count;
  /* Trials of every round that are no results: see plan_add_probes.  A probe's
   * size is for each worker. */
  struct plan_workload *probes; /* owned; clock and capacity, then meters */
  size_t probe_count;           /* 0: none */
  bool unprobed; /* by choice: --no-probes, or --like of such a run */
  struct variant_spec probe_variant;
  struct plan_entry *probe_entries; /* owned */
  size_t probe_entry_count;
  double target_width; /* of the widest interval, as a share; 0: not asked */
  double width;        /* the widest when last looked at; NAN: not yet */
  bool width_decided;  /* `rounds` follows from it */
  char rounds_reason[280];
  uint32_t rounds_done; /* known once the stage is STAGE_DONE */
  enum plan_stage stage;
  struct identity identity;
  char notes[PLAN_NOTES][160]; /* what was left out, and why */
  size_t note_count;
};

/* Adds a workload or a variant; the plan begins as {0}. */
int plan_add_workload(struct plan *plan, const char *text,
                      struct problem *problem);
int plan_add_variant(struct plan *plan, const char *text,
                     struct problem *problem);

/* Lists every configuration once: `serial` and each variant at one worker
 * among them.  Call again after a change. */
int plan_list_entries(struct plan *plan, struct problem *problem);

/* Adds the probes: how fast the CPUs' clock goes ("clock") and what they
 * deliver together ("spin/chains=8"), on OpenMP threads, at every worker count
 * that does not share CPUs.  plan_list_entries lists them.  None where the
 * plan has no count but 1. */
int plan_add_probes(struct plan *plan, struct problem *problem);

/* Adds one probe, its size not known yet; *added is the plan's, until the next
 * one is added. */
int plan_add_probe(struct plan *plan, const char *text, uint32_t workers,
                   struct plan_workload **added, struct problem *problem);

/* Releases all probes but the first so many. */
void plan_keep_probes(struct plan *plan, size_t count);

/* A round's trials, probes included: how many, and the one at index i. */
size_t plan_trial_count(const struct plan *plan);
const struct plan_entry *plan_trial(const struct plan *plan, size_t i);

/* What an entry runs, and how. */
const struct plan_workload *plan_entry_workload(const struct plan *plan,
                                                const struct plan_entry *entry);
const struct variant_spec *plan_entry_variant(const struct plan *plan,
                                              const struct plan_entry *entry);

/* The most workers of a workload that do not share CPUs (waiting kernels may:
 * theirs all count). */
uint32_t plan_most_workers(const struct plan *plan, size_t workload);

/* Items of an entry: the workload's size, times its workers if scaling is weak
 * or the entry is a probe. */
uint64_t plan_entry_size(const struct plan *plan,
                         const struct plan_entry *entry);

/* Where the digest of an entry's result is kept; "" until it is known. */
char *plan_entry_digest(struct plan *plan, const struct plan_entry *entry);

/* Remembers one line about what was left out. */
void plan_note(struct plan *plan, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* The same, unless it is noted already. */
void plan_note_once(struct plan *plan, const char *text);

/* Adds an item to the last note where that begins so, else notes it anew:
 * "without omp:dynamic, fork:static". */
void plan_note_more(struct plan *plan, const char *beginning, const char *item);

/* Writes plan.json: order of the rounds included once they are fixed.  The
 * file is replaced as a whole: whoever reads it, after a crash too, finds the
 * old one or the new one. */
int plan_write(const struct plan *plan, const char *path,
               struct problem *problem);

/* Reads sizes, workloads, variants, worker counts, scaling, touch, seed and
 * iterations back, for --like; PROBLEM_USAGE where that cannot be done. */
int plan_read_like(struct plan *plan, const char *path,
                   struct problem *problem);

/* Reads all of a plan back, to go on with its run.  The plan begins as {0}; to
 * be released with plan_free, also after a problem (PROBLEM_USAGE). */
int plan_read(struct plan *plan, const char *path, struct problem *problem);

void plan_free(struct plan *plan);

#endif
