/* plan.h: what a sweep will run: points, sizes, rounds, and what had to be left
 * out to stay within the budget.  plan.json is this. */
#ifndef CORESWEEP_PLAN_H
#define CORESWEEP_PLAN_H

#include "bench/plan/identity.h"
#include "bench/plan/machine.h"
#include "bench/plan/point.h"

enum {
  PLAN_WORKLOADS = 256, /* each at each of its sizes */
  PLAN_VARIANTS = 32,
  PLAN_PROBES = 4096,
  PLAN_COUNTS = 260, /* 1..256, and what waiting kernels add */
  PLAN_NOTES = 24,
  PLAN_REASON = 280, /* bytes of rounds_reason */
  PLAN_ROUNDS = 9,   /* where nobody says: then see `adaptive` */
  PLAN_ROUNDS_MOST = 100000,
  PLAN_ROUNDS_QUICK = 6, /* also the fewest that a budget leaves */
  PLAN_ITERATIONS = 3,   /* timed regions of a trial, out of blocks */
  PLAN_WARMUPS = 1,
  PLAN_BLOCKS = 2,
  PLAN_BLOCKS_QUICK = 1,
  PLAN_ITERATIONS_QUICK = 2, /* the first region has to do as warm-up */
  PLAN_PILOTS = 6,           /* trials of each one-worker point */
  PLAN_PROFILE = 1024,       /* blocks of a pilot's profile */
};

/* How far a run has come: what of its plan hangs on nothing any more. */
enum plan_stage {
  STAGE_REQUESTED, /* sizes are still sought */
  STAGE_SIZED,     /* calibrated and thinned: sizes and points are fixed */
  STAGE_ROUNDS,    /* after the pilot: so are the rounds and their order */
  STAGE_DONE,      /* nothing is missing */
  STAGE_COUNT
};

/* Which of a variant's trials may have serial regions beside its own. */
enum plan_turns {
  TURNS_NONE,
  TURNS_COMPUTE, /* but those of kernels that move memory */
  TURNS_ALL,
  TURNS_SHARED, /* and on kernels that compute, trials may be shared with others
                   of the team */
  TURNS_RESIZED /* and with its other worker counts, on many CPUs */
};

/* A workload in a sweep, at one size: with --sizes there is one for each of
 * them, in ascending order. */
struct plan_workload {
  struct workload *workload; /* owned */
  uint64_t size;             /* items; 0: to be calibrated */
  bool fixed;                /* size was given, or cannot be calibrated */
  char target[80];           /* "met", or why the target time was not */
  /* What its trials are thought to cost: a serial region at this size, and all
   * besides the regions. */
  double region_s, fixed_s;
  double serial_s; /* of a program, what stays serial; not in plan.json */
  uint32_t repeat; /* regions of its programs; 0: to be settled, see repeat.h */
  bool repeat_sought; /* it was, of this plan's own calibration */
  uint32_t workers;   /* of a probe: with so many alone; 0: every count */
  bool meter;         /* a probe that plan_add_meters has added */
  bool all_counts;    /* see struct plan */
};

struct plan {
  struct plan_workload workloads[PLAN_WORKLOADS];
  size_t workload_count;
  struct variant_spec variants[PLAN_VARIANTS]; /* as requested; [0] is serial */
  enum plan_turns turns[PLAN_VARIANTS]; /* see plan_settle_turns in sweep/ */
  size_t variant_count;
  uint32_t counts[PLAN_COUNTS]; /* worker counts; counts[0] is 1 */
  size_t count_count;
  uint32_t waiting[PLAN_COUNTS]; /* those of kernels that wait */
  size_t waiting_count;
  uint32_t usable_cpus, cores;
  enum bind bind;
  uint32_t numa_from; /* so many workers are on several NUMA nodes; 0: never */
  uint32_t slower_from; /* and on a core of a slower kind */
  bool serial_touch;    /* the main thread touches all of the output first */
  bool weak;            /* weak scaling: `size` is for each worker */
  uint64_t seed;
  double target_s;     /* of a region at the most workers */
  double budget_s;     /* 0: none */
  double memory_bytes; /* what was free when it was made; 0: not told */
  uint32_t rounds;
  bool rounds_given;            /* exactly so many */
  uint32_t iterations, warmups; /* of trials that are not in blocks */
  uint32_t blocks;  /* of those that are, on kernels that compute; twice as many
                       where memory is moved; 0: none are */
  bool programs;    /* their times are of trials of their own */
  bool one_profile; /* the first of a point's pilots alone takes one */
  bool without_ones; /* teams of one worker have no rounds, but a pilot */
  /* With ends_apart all have one and the most workers alone, but for variants
   * and workloads of which both have all_counts: these share trials. */
  bool ends_apart, all_counts[PLAN_VARIANTS];
  /* Owned, see plan_list_points: first those that give results, then programs,
   * then probes. */
  struct point *points;
  size_t point_count, result_count, program_count;
  /* Trials of every round that are no results: see plan_add_probes.  A probe's
   * size is for each worker. */
  struct plan_workload *probes; /* owned; clock and capacity, then meters */
  size_t probe_count;           /* 0: none */
  bool unprobed; /* by choice: --no-probes, or --like of such a run */
  struct variant_spec probe_variant;
  bool adaptive; /* after the first rounds each point gets as many trials as its
                    width asks for */
  double target_width; /* half of each interval, as a share; 0: not asked */
  double width;        /* the widest when last looked at; NAN: not yet */
  bool width_decided;  /* `rounds` and `trials` follow from the widths */
  /* Of each point, rounds in which it is measured, the first ones; owned;
   * NULL: all of them. */
  uint32_t *trials;
  size_t trial_count; /* 0, or point_count */
  char rounds_reason[PLAN_REASON];
  uint32_t rounds_done; /* known once the stage is STAGE_DONE */
  enum plan_stage stage;
  struct identity identity;
  /* Of a plan that is a part of another: see plan_shard.h. */
  uint32_t shard, shards; /* from 1; shards 0: it is whole */
  char **units;           /* the whole's workloads with sizes, owned */
  size_t unit_count;
  char notes[PLAN_NOTES][160]; /* what was left out, and why */
  size_t note_count;
};

/* Adds a workload or a variant; the plan begins as {0}.  None may be listed
 * twice. */
int plan_add_workload(struct plan *plan, const char *text,
                      struct problem *problem);
int plan_add_variant(struct plan *plan, const char *text,
                     struct problem *problem);

/* Adds a workload at a size (0: to be calibrated), beside others of it at other
 * sizes. */
int plan_add_workload_at(struct plan *plan, const char *text, uint64_t size,
                         struct problem *problem);

/* Gives every workload these sizes, ascending, in place of those that it has;
 * they are fixed.  `option`: what gave them, for the record. */
int plan_give_sizes(struct plan *plan, const uint64_t *sizes, size_t count,
                    const char *option, struct problem *problem);

/* Blocks of a trial, and turns before them; `blocks`: as in a plan, PLAN_BLOCKS
 * where nobody says.  Alone, memory is warm after three to five regions, in
 * turns after twelve to twenty.  Cannot fail. */
uint32_t plan_blocks(const struct workload *workload, uint32_t blocks);
uint32_t plan_turns(const struct workload *workload, uint32_t blocks);

/* Whether some workload has several sizes: they are an axis, then. */
bool plan_has_sizes(const struct plan *plan);

/* How many workloads there are, each counted once. */
size_t plan_count_workloads(const struct plan *plan);

/* Lists every point of a round once: `serial` and each variant at one worker
 * among them; and where plan->programs, those of each workload once more, as
 * programs, one right after the other, `serial` before and after them.  A
 * workload that differs from one before it in `repeat` alone has programs and
 * no more: its region is known.  Call again after a change. */
int plan_list_points(struct plan *plan, struct problem *problem);

/* Makes a point of the plan's workloads the program alone: cold, with as many
 * regions as its workload has.  Cannot fail. */
void plan_make_program(const struct plan *plan, struct point *point);

/* The same as a pilot's trial, from 0: those of `serial` have the profile of
 * its region, but for searches.  Cannot fail. */
void plan_make_pilot(const struct plan *plan, uint32_t trial,
                     struct point *point);

/* The workload before that one which has the same region, at the same size or
 * at one that is calibrated for both; NULL: none.  Cannot fail. */
const struct plan_workload *plan_region_of(const struct plan *plan,
                                           size_t workload);

/* Whether a point is the region of another workload, and so of the pilot and of
 * programs alone.  Cannot fail. */
bool plan_is_apart(const struct point *point);

/* Adds the probe of what the CPUs deliver together ("spin/chains=8"), on OpenMP
 * threads, at every worker count that does not share CPUs.  plan_list_points
 * lists them.  None where the plan has no count but 1. */
int plan_add_probes(struct plan *plan, struct problem *problem);

/* Adds one probe, its size not known yet; *added is the plan's, until the next
 * one is added. */
int plan_add_probe(struct plan *plan, const char *text, uint32_t workers,
                   struct plan_workload **added, struct problem *problem);

/* Releases all probes but the first so many. */
void plan_keep_probes(struct plan *plan, size_t count);

/* The workload of a point, or the probe.  NULL: the point is not the plan's. */
const struct plan_workload *plan_find_workload(const struct plan *plan,
                                               const struct point *point);

/* Whether a point is a probe, and no result. */
bool plan_is_probe(const struct plan *plan, const struct point *point);

/* In how many rounds a point is measured.  Cannot fail. */
uint32_t plan_trials(const struct plan *plan, size_t point);

/* The most workers of a workload that do not share CPUs (waiting kernels may:
 * theirs all count). */
uint32_t plan_most_workers(const struct plan *plan, size_t workload);

/* The most copies of a workload that run at once; 1 where none do. */
uint32_t plan_most_copies(const struct plan *plan);

/* Lets those of the points [begin, plan->point_count), all of one workload,
 * that may share a trial do so: point->sharers and counts say which, and are
 * then how many do.  Cannot fail. */
void plan_share_trials(struct plan *plan, size_t begin);

/* Whether the trials of a team that may be resized are shared by its worker
 * counts.  Cannot fail. */
bool plan_shares_counts(const struct plan *plan);

/* Remembers one line about what was left out. */
void plan_note(struct plan *plan, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* The same, unless it is noted already. */
void plan_note_once(struct plan *plan, const char *text);

/* Adds an item to the last note where that begins so, else notes it anew:
 * "without omp:dynamic, fork:static". */
void plan_note_more(struct plan *plan, const char *beginning, const char *item);

/* Writes plan.json.  The file is replaced as a whole: whoever reads it, after a
 * crash too, finds the old one or the new one. */
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

/* What an analysis wants of a plan.  Not known: NULL, 0 (seed: INT64_MIN). */
struct plan_facts {
  json_t *json; /* owned, and checked */
  const char *scaling;
  int64_t usable_cpus, iterations, warmups, blocks, seed;
  bool programs; /* their times are of trials of their own */
};

/* Reads them of a run's plan.json, or nothing where there is no such file: 0.
 * PROBLEM_FAILURE where it is not as it should be, even if the run's kernels
 * are not known here.  Release with plan_facts_free in either case. */
int plan_facts_read(struct plan_facts *facts, const char *path,
                    struct problem *problem);
void plan_facts_free(struct plan_facts *facts);

/* Whether the calibration of a workload met its target time; NULL: not told.
 * Borrowed, as what was left out is: the note of that number, or NULL. */
const char *plan_facts_target(const struct plan_facts *facts,
                              const char *workload);
const char *plan_facts_left_out(const struct plan_facts *facts, size_t i);

#endif
