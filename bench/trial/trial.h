/* trial.h: one run of one point in this process.
 *
 *   setup → start → touch → first region (cold) → further ones of the program
 *         → warm-ups → timed regions → finish → close
 *         → profile → digest, and verify, all untimed
 *
 * A program does its region R times, see trial_repeat: the first and those
 * right after it.  Warm-ups and timed regions are no part of the program. Timed
 * regions may take turns with those of another form, `serial` above all, in
 * blocks: see trial_blocks.c. */
#ifndef CORESWEEP_TRIAL_H
#define CORESWEEP_TRIAL_H

#include "bench/plan/notation.h"
#include "bench/plan/point.h"
#include "bench/plan/problem.h"
#include "bench/plan/workload.h"
#include "bench/trial/counters.h"
#include "bench/trial/sums.h"

#include <math.h>

enum {
  TRIAL_ITERATIONS = 1000,
  TRIAL_BLOCKS = TRIAL_ITERATIONS / 2, /* two of its own count in each */
  TRIAL_WORKERS = 4096,
  TRIAL_SHARERS = POINT_SHARERS,
  TRIAL_CHAIN = 600000,   /* additions in a row: 0.2 ms at 3 GHz */
  TRIAL_CLOCKS = 1 << 17, /* of all blocks and workers: some MB of a record */
  TRIAL_PROFILE = 1024,   /* blocks of a profile at most */
  TRIAL_DIGEST = 17,      /* a digest's 16 hexadecimal digits, and the end */
};

/* The system that a trial asks: this one's, or a test's in its place. */
struct trial_system {
  const char *root; /* a prefix to every path */
  const struct counters_access *counters;
};

/* What is asked of a trial.  Pointers are borrowed. */
struct trial_request {
  const struct workload *workload;
  struct variant_spec variant;
  uint32_t workers;
  uint64_t size; /* items */
  uint64_t seed;
  const struct kernel_input *input; /* NULL: from the seed */
  const int *cpus; /* [max(workers, usable_cpus)]; -1: not bound */
  uint32_t usable_cpus;
  const int *nodes;  /* as cpus: the NUMA node of each, by the kernel's numbers;
                       -1: of no CPU alone.  NULL: all CPUs have one */
  uint32_t builders; /* threads that may build the input; 0 is 1: serial, as
                       the set-up of a program is */
  uint32_t repeat;   /* regions of the program; 0: as the workload says */
  uint32_t warmups;  /* regions; turns of both forms, with `beside` */
  uint32_t iterations; /* timed; may be 0; without `beside` */
  bool serial_touch;   /* the main thread touches the whole output, and pages
                          lie where they are touched */
  bool stampless;      /* no stamps of the workers */
  bool weigh;          /* measure the team's memory, after the regions */
  bool observed;    /* of somebody else's program: with the observer in front */
  uint32_t profile; /* blocks of the region's profile, up to TRIAL_PROFILE; of
                       `serial`, without `beside`, and of no search; 0: none
                     */
  /* Regions in turns with those of this form, on the same memory: `serial`, or
   * one that shares the team (then both are static and have OpenMP threads).
   * NULL: none. */
  const struct variant_spec *beside;
  /* Further points that share the trial, beside `serial`: other schedules of
   * its team of OpenMP threads, or that team with fewer workers, which are then
   * the first of its CPUs.  Each has its turns in every block. */
  const struct variant_spec *also; /* [also_count] */
  uint32_t also_count;             /* below TRIAL_SHARERS */
  /* Workers of the trial's own point, and of those: [1 + also_count], none more
   * than the one before it.  NULL: all have `workers`. */
  const uint32_t *counts;
  uint32_t place;     /* see trial_request_of; 0: the trial's own point */
  uint32_t blocks;    /* of turns with it, instead of iterations; 1 or more */
  uint32_t first_cpu; /* serial regions begin on the CPU of that worker (modulo
                         workers), and go round */
  double timeout_s;   /* of the trial as a whole, where somebody looks: teams of
                         processes do, and see watch.h; 0: none */
  const char *expect; /* the digest that the result must have, of a verified
                         trial; NULL or "": verify in full */
  const struct trial_system *system; /* NULL: this machine's own */
};

/* Regions of the program: 1 where nobody says.  Cannot fail. */
static inline uint32_t trial_repeat(const struct trial_request *request) {
  return request->repeat             ? request->repeat
         : request->workload->repeat ? request->workload->repeat
                                     : 1;
}

/* The blocks of its profile: no more than it has items.  Cannot fail. */
static inline uint32_t
trial_profile_blocks(const struct trial_request *request) {
  return request->size < request->profile ? (uint32_t)request->size
                                          : request->profile;
}

/* Whether the kernel's own check of the whole result is asked for.  Cannot
 * fail. */
static inline bool trial_verifies(const struct trial_request *request) {
  return !request->expect || !*request->expect;
}

/* Workers of one of the points that share a trial, 0 its own; and whether they
 * have several such counts.  Cannot fail. */
static inline uint32_t trial_workers(const struct trial_request *request,
                                     uint32_t place) {
  return request->counts ? request->counts[place] : request->workers;
}
static inline bool trial_has_counts(const struct trial_request *request) {
  return trial_workers(request, 0) !=
         trial_workers(request, request->also_count);
}

/* The request of one of the points that share a trial, 0 its own: as of a trial
 * by itself, but that it says so.  Cannot fail. */
static inline struct trial_request
trial_request_of(const struct trial_request *request, uint32_t place) {
  struct trial_request point = *request;
  point.place = place;
  point.workers = trial_workers(request, place);
  if (place > 0)
    point.variant = request->also[place - 1];
  return point;
}

/* What one worker did in the region whose time is the trial's. */
struct trial_worker {
  double begin_s, end_s; /* since the region's begin; 0: had no chunk */
  double busy_s, cpu_s;
  uint64_t chunks, items;
  /* Whole numbers but for the first; NAN: not told, or not asked. */
  double run_delay_s, switches, minor_faults, cpu_begin, cpu_end;
};

/* Regions in turns, in the order in which they ran: 's' of the form beside, 'p'
 * of the trial's own; a capital where it counts.  'c': no region, but a chain
 * of additions that all workers do at once, to read their clocks.  Blocks end
 * with
 * '|', which has no time. */
struct trial_turns {
  char *forms;          /* owned; NULL: none */
  double *times_s;      /* owned */
  int *cpus;            /* owned; -1: of a team, or anywhere */
  uint32_t count;       /* of times_s and cpus */
  double *clocks_hz;    /* owned; of each 'c', of all workers */
  uint32_t clock_count; /* of clocks_hz */
};

/* What is read around the timed regions, and adds up over them; NAN: not told.
 */
struct trial_around {
  struct worker_counts *counts; /* [workers], owned; NULL: not told */
  double energy_j;              /* of the processors, whatever ran on them */
  double parent_cpu_s; /* of the parent of processes, which does no items */
  double sent_bytes;   /* by workers whose results travel */
};

static inline struct trial_around trial_around_none(void) {
  return (struct trial_around){.energy_j = (double)NAN,
                               .parent_cpu_s = (double)NAN,
                               .sent_bytes = (double)NAN};
}

/* What was measured; times in seconds.  The phases of a trial that is shared
 * are its own point's. */
struct trial_result {
  int status; /* of this point, as trial_run gives it; then the problem */
  struct problem problem;
  struct variant_spec variant; /* chunk resolved */
  double setup_s, start_s, touch_s, region_first_s, region_s, finish_s, close_s;
  double repeats_s; /* regions of the program after the first, together */
  bool touched_by_workers; /* all of them at once, then; else by the caller */
  uint32_t builders;       /* threads that built the input; 1: serial */
  int node_count;   /* over so many NUMA nodes input and result were placed, to
                       be where their workers run; 0: the system refused it;
                       -1: nothing was to be placed */
  double program_s; /* see trial_program_s */
  double regions_s[TRIAL_ITERATIONS];
  uint32_t iterations;
  struct trial_turns turns;
  uint32_t workers_seen;        /* the fewest that had a chunk in any region */
  struct trial_worker *workers; /* [request.workers], owned */
  /* Where core-time went in regions_s, and in the regions of the program: the
   * first and its repeats.  No regions: it is not told. */
  struct sums sums, program_sums;
  /* Of equal blocks of the items, part k of so many as job_share cuts them: for
   * each the median of its times in several passes.  Owned; NULL: none. */
  double *profile_s;
  uint32_t profile_count;
  double team_pss_bytes; /* of parent and workers; NAN: not weighed */
  struct trial_around around;
  struct partial total;
  uint64_t digest;
  bool checked; /* it came as far as a result: digest and correct hold */
  bool correct;
};

/* Runs a trial.  results: [1 + also_count], of its own point and of those that
 * share it.  Returns 0; PROBLEM_FAILURE when something broke or a result is
 * wrong (then its `correct` is false and the problem says what differed);
 * PROBLEM_USAGE when the request makes no sense.  One point may fail without
 * the others.  Each result is to be released with trial_free in every case. */
int trial_run(const struct trial_request *request, struct trial_result *results,
              struct problem *problem);

void trial_free(struct trial_result *result);

/* ---- what the numbers of a trial mean, wherever they come from ---- */

/* The phases of a program, with all its regions.  Cannot fail. */
double trial_program_s(const struct trial_result *result);

/* The region whose time is the trial's: the lower median of regions_s[0..count)
 * in seconds, the first of equal ones in their order.  0 for none. */
uint32_t trial_median_region(const double *regions_s, uint32_t count);

/* Timed regions of the trial's own: its iterations, or those that count in its
 * blocks.  Cannot fail. */
uint32_t trial_iterations(const struct trial_request *request);

/* Lists the turns that a point takes in a trial, shared or not, with room for
 * their times: `count` is 0.  request: the point's, see trial_request_of.
 * 0, or -1: no memory; to be released with trial_turns_free in both cases. */
int trial_turns_make(const struct trial_request *request,
                     struct trial_turns *turns);
void trial_turns_free(struct trial_turns *turns);

/* A turn of a trial, or the end of a block. */
struct trial_turn {
  char form; /* as in struct trial_turns */
  /* Whose it is, by their places: a point's own, or of the form beside and then
   * of all points next to which it stands. */
  uint32_t first, points;
};

/* Goes through a trial's turns in their order: two points have theirs between
 * two of the form beside, and in every second block the points come backwards.
 * Where they have several worker counts all stand between one pair, from the
 * most workers to the fewest in every block, and backwards are those of each
 * count: so the team grows once a block, and the first region after that does
 * not count.
 * Ends where `take` returns other than 0, and returns that. */
typedef int trial_take_turn(void *context, const struct trial_turn *turn);
int trial_turns_go(const struct trial_request *request, trial_take_turn *take,
                   void *context);

/* Whether a turn is of the form beside.  Cannot fail. */
static inline bool trial_turn_is_beside(char form) {
  return form == 's' || form == 'S';
}

/* What the blocks say: the median over them of the mean logarithm of the other
 * form's times that count less that of the trial's own, as a ratio; the speedup
 * of a trial beside `serial`.  NAN: no block has both, or a time is 0.  forms
 * and times_s as in struct trial_turns. */
double trial_turns_ratio(const char *forms, const double *times_s);

/* 0; or the problem that the region took no time: the clock is too coarse for
 * so few items. */
int trial_check_region(const struct trial_result *result,
                       struct problem *problem);

/* What a worker's stamps say, of a region that began then.  Cannot fail. */
struct trial_worker trial_worker_of(const struct worker_slot *slot,
                                    int64_t region_begin_ns);

/* What a block of a profile took, of its passes: their lower median.  Sorts
 * them.  passes: 1 or more.  Cannot fail. */
int64_t trial_profile_ns(int64_t *pass_ns, uint32_t passes);

/* ---- a trial that keeps its items, to be looked at one by one ---- */

struct trial_items {
  const void *state, *output;
};

/* Called with the items after the checks; returns a status like trial_run. */
typedef int trial_visit(const struct trial_request *request,
                        const struct trial_items *items, void *context,
                        struct problem *problem);

/* As trial_run, and calls `visit` before everything is released. */
int trial_run_and_visit(const struct trial_request *request,
                        struct trial_result *results, trial_visit *visit,
                        void *context, struct problem *problem);

/* ---- the digest of a result ----
 *
 * digest = sum of mix(index, word) modulo 2^64 over the 64-bit words of the
 * output, read as little-endian, and of the total.  Each item begins a word,
 * and its last one is padded with zeros: word k of item i has the index
 * i * (words of an item) + k; sum, count and lowest hit have the last three
 * indices of 2^64.  So parts can be digested where they lie, in any order, and
 * added up; results/README.md has it in Python. */

/* What the items [begin, end) add to the digest; `slice` holds their bytes, on
 * any alignment. */
uint64_t trial_digest_part(const void *slice, size_t item_bytes, uint64_t begin,
                           uint64_t end);

/* What the total adds. */
uint64_t trial_digest_total(const struct partial *total);

#endif
