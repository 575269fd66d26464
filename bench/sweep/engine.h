/* engine.h: the one loop over trials.
 *
 * Whatever is measured is a plan: a planner gives a batch of points, the engine
 * runs it (or takes what a run that is gone on with has already), appends
 * every record to the run's trials.jsonl at once, and asks for the next batch,
 * until there is none.  What comes next may hang on what was seen: sizes,
 * widths, brackets.  Progress, the time budget, resuming and interruption are
 * here, for all that measures. */
#ifndef CORESWEEP_ENGINE_H
#define CORESWEEP_ENGINE_H

#include "bench/plan/point.h"
#include "bench/sweep/executor.h"
#include "bench/sweep/finished.h"

/* Points that are measured in rounds, each once a round. */
struct batch {
  const struct point *points; /* the planner's, until it is asked again */
  size_t count;               /* 0: nothing more is to be measured */
  uint32_t rounds;
  uint32_t first_round; /* the number of the first, from 1 */
  bool unnumbered;      /* its rounds are not recorded */
  bool shuffled;        /* its units in random order in every round; else as
                           listed */
  bool needed;          /* a trial that fails ends the run */
  uint32_t least;       /* the budget ends no round up to this number */
  uint32_t wanted;      /* and up to this one it may be passed by a quarter:
                           no verdict comes of fewer */
  double round_s;       /* what a round is thought to take; 0: not known */
  double then_s; /* and what comes after the batch, for the time left; NAN:
                    not known, and so neither is the time left */
};

/* What a planner may know.  Pointers are borrowed. */
struct so_far {
  const struct records *records; /* of the run, in the order of its file */
  const size_t *last;            /* [last_count], which of them the batch before
                                    gave, in the order in which they ran */
  const uint32_t
      *last_points; /* [last_count], which of its points each is of */
  size_t last_count;
  uint32_t last_round; /* the last one that ended; 0: none */
  double round_s;      /* what one of them took; 0: not known */
  bool cut;            /* the budget ended the batch early */
  double elapsed_s;
};

/* The last round that there is: of a run that is gone on with, perhaps a later
 * one than the last that has been asked for.  Cannot fail. */
uint32_t so_far_rounds(const struct so_far *so_far);

/* A plan that is run.  To be embedded as the first member. */
struct planner {
  /* Fills in the next batch: the same for the same records.  0, or the problem
   * that ends the run. */
  int (*next)(struct planner *self, const struct so_far *so_far,
              struct batch *batch, struct problem *problem);
};

/* A plan of one batch. */
struct planner_once {
  struct planner base;
  struct batch batch; /* emptied when it has been given */
};
struct planner_once planner_once(const struct batch *batch);

/* What goes on, for a progress line. */
struct engine_progress {
  const struct point *point;
  uint32_t round, rounds; /* 0: not numbered */
  double share;           /* done, 0..1; NAN: not known yet */
  double left_s;          /* estimated; NAN: not known yet */
};

/* Pointers are borrowed; what is not set begins as 0. */
struct engine {
  struct executor *executor;
  const char *path; /* of trials.jsonl, for messages */
  int fd;           /* of it, open for appending; -1: records are not kept */
  const int *cpus;  /* [max(workers, usable_cpus)]; -1: not bound */
  uint32_t usable_cpus;
  const int *nodes; /* as cpus: see struct trial_request; NULL: one node */
  uint64_t seed;
  bool serial_touch;       /* the main thread touches all of the output first */
  double budget_s;         /* 0: none */
  struct records *records; /* all of the run; the engine adds to them */
  struct finished *finished; /* those of them that may be taken; or NULL */
  bool retry; /* each of their rounds in which a trial failed has another one in
                 its place, after the batch's last: for planners that can take
                 more rounds than they asked for */
  void (*report)(const struct engine_progress *progress); /* may be NULL */
  /* What is done before the first trial that is run here, and counts as none of
   * a round's time; NULL: nothing.  0, or the problem that ends the run. */
  int (*first)(void *context, struct problem *problem);
  void *context; /* of `first` */
  /* what came of it */
  uint32_t ordered; /* trials in the file */
  uint32_t fresh;   /* of them run by this engine */
  uint32_t bad;     /* failed or wrong, and not made up for by `retry` */
  uint32_t failed;  /* of them, not wrong */
  uint32_t old;     /* of them in the run that is gone on with */
  uint32_t retried; /* failed there, and made up for */
  uint32_t cuts;    /* batches that the budget ended early */
  char first_error[400];
  double begin_s; /* by the executor's clock; engine_begin sets it */
  /* its own */
  size_t *verified; /* records whose digests are known */
  size_t verified_count;
  double timed_s; /* rounds of this batch together: */
  uint32_t timed_rounds;
  double taken_s; /* of the round: what trials that were there took */
};

/* Starts its clock.  Cannot fail. */
void engine_begin(struct engine *engine);

/* Since it began, by the executor's clock, and the time of the trials that
 * were there before.  Cannot fail. */
double engine_elapsed_s(const struct engine *engine);

/* Runs the plan to its end.  0, or the problem that ended it; what was
 * measured is kept, and counted.  A trial that fails is recorded and counted
 * in engine->bad, and ends the run where its batch says so. */
int engine_run(struct engine *engine, struct planner *planner,
               struct problem *problem);

/* The points of a round: its units in random order, where that is asked for,
 * and in each of them the points by turns; of those that share a trial the most
 * workers first. order: [4 * count + 1]; its first
 * count are the points' numbers.  Cannot fail. */
void engine_order(const struct batch *batch, uint64_t seed, uint32_t round,
                  uint32_t *order);

/* What is asked of a trial of the point, but for the digest.  Borrowed. */
struct trial_request engine_request(const struct engine *engine,
                                    const struct point *point);

/* The digest that a trial of the point must have; "": it is not known yet.
 * Borrowed from the records. */
const char *engine_digest(const struct engine *engine,
                          const struct point *point);

/* Has the record at that index of engine->records, of the point, be what others
 * must reproduce, where it is ok and the first, or was verified anew.  0, or
 * PROBLEM_FAILURE: no memory. */
int engine_remember_digest(struct engine *engine, const struct point *point,
                           size_t index, struct problem *problem);

/* Releases what is its own, not the records.  Cannot fail. */
void engine_free(struct engine *engine);

#endif
