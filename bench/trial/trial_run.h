/* trial_run.h: what the parts of a trial share. */
#ifndef CORESWEEP_TRIAL_RUN_H
#define CORESWEEP_TRIAL_RUN_H

#include "bench/trial/audit.h"
#include "bench/trial/memory.h"
#include "bench/trial/trial.h"
#include "bench/trial/variants/variant.h"

/* How a region is run. */
struct form {
  const struct variant *variant;
  struct job *job;
  struct partial *partials; /* [job->workers], of its last region */
  struct partial first;     /* of its first one, together */
  bool began;               /* it had that */
};

/* When a region was. */
struct region_times {
  double region_s;
  int64_t begin_ns;         /* of region_s */
  int64_t fork_ns, join_ns; /* right around it */
};

/* What is timed, of one after the other: places of spans. */
enum moment {
  MOMENT_SETUP,
  MOMENT_TOUCH,
  MOMENT_FIRST,  /* the first region */
  MOMENT_WARMUP, /* the last of those regions */
  MOMENT_FINISH,
  MOMENT_REGIONS, /* and those after it: the timed ones, and then those that the
                     program repeats */
};

struct copy;
struct chains;
struct around;
struct meter;

/* Everything that lives during one trial. */
struct run {
  const struct trial_request *request;
  struct trial_result *result;
  const struct variant *variant, *beside;
  struct memory memory;
  struct pages pages;
  struct worker_place unbound; /* where the caller may run, as it began */
  struct kernel_shape shape;
  struct job job, beside_job; /* that of `serial` is another one */
  struct form own, other;
  void *state;
  struct partial *partials; /* [workers], of the last region */
  struct partial beside_partial;
  struct chains *chains; /* see trial_clock_read; NULL: no blocks */
  struct around *around; /* see trial_around_open; NULL: nothing to be read */
  int64_t caller_cpu_ns; /* of the caller in the last region, where that is the
                            parent of processes */
  struct audit audit;    /* of its own form's regions */
  struct meter *meters;  /* [workers], see trial_audit_meet */
  bool metered;          /* they were read: it counts */
  int64_t region_begin_ns[TRIAL_ITERATIONS];
  struct worker_slot *kept; /* [iterations][stride] */
  size_t stride;            /* workers of the point; of all copies */
  struct copy *copy;        /* this is one of several, see copies.h; or NULL */
  /* Points that share the trial: each as one by itself, on the same team, input
   * and output. */
  struct run *also; /* [also_count], of `memory` */
  uint32_t also_count;
  uint32_t team; /* workers that the team of the trial has now */
  struct trial_request request_also; /* its own, where it is one of them */
};

static inline double trial_seconds(int64_t ns) {
  return (double)ns * 1e-9;
}

/* Everything between the request's check and the result's, here and now.  0, or
 * the problem. */
int trial_alone(struct run *run, struct problem *problem);

/* What the job is, of the request; run->shape is known.  Cannot fail. */
void trial_fill_job(struct run *run);

/* The begin of a moment in ns, and its end just now; returns how long it took,
 * in seconds.  Several copies begin together.  Cannot fail. */
int64_t trial_begin(const struct run *run);
double trial_end(const struct run *run, enum moment moment, int64_t begin_ns);

/* No memory for it.  Returns PROBLEM_FAILURE. */
int trial_out_of_memory(const struct trial_request *request,
                        struct problem *problem);

/* From here on this is going on in the trial; tended: see watch.h. */
void trial_enter(const struct run *run, const char *place, bool tended);

/* All regions on the open team: the first, the warm-ups, and the timed ones
 * with those of the form beside; checks each, and combines the last.
 * 0, or the problem. */
int trial_regions(struct run *run, struct problem *problem);

/* One region of a form, timed and checked; its first fixes the result that all
 * others of it have to have.  0, or the problem. */
int trial_region(struct run *run, struct form *form, enum moment moment,
                 struct region_times *times, struct problem *problem);

/* Keeps what the workers did in the timed region that begins the list of those
 * that are not kept yet, and its time.  Cannot fail. */
void trial_keep_region(struct run *run, const struct region_times *times);

/* Checks that the form beside can run in this trial: 0, or the problem; and
 * makes it ready, once the team is open. */
int trial_blocks_resolve(struct run *run, struct problem *problem);
int trial_blocks_prepare(struct run *run, struct problem *problem);

/* The same of one of the points that share a trial, in its result.  0, also
 * where the point has failed, now or before, and others have not; or the
 * problem.  *ran: whether it did well. */
int trial_point_region(struct run *run, struct run *point, enum moment moment,
                       struct region_times *times, bool *ran,
                       struct problem *problem);

/* Gives the team the point's workers, where it has more or fewer; those that
 * are new tell who they are.  0, or the problem, which is the trial's. */
int trial_team(struct run *run, struct run *point, struct problem *problem);

/* Warm-up turns, then blocks.  0, or the problem. */
int trial_blocks(struct run *run, struct problem *problem);

/* Makes ready what follows, before the team is opened.  0, or -1: no memory. */
int trial_clock_prepare(struct run *run);

/* Lets all workers do the same short chain of additions at once, and appends
 * what each one's clock was to the turns.  0, or the problem. */
int trial_clock_read(struct run *run, struct problem *problem);

/* Finds out what can be read around timed regions, before the team is opened;
 * 0, or -1: no memory.  Makes it ready, once the program has had its regions:
 * 0, or the problem; and ends it. */
int trial_around_prepare(struct run *run);
int trial_around_open(struct run *run, struct problem *problem);
void trial_around_close(struct run *run);

/* The same of those workers of the point's that were born since: from that
 * number on.  0, or the problem. */
int trial_around_meet(struct run *run, struct run *point, uint32_t first,
                      struct problem *problem);

/* A timed region of that point is next, of those that share the trial; NULL:
 * something else is.  Whatever is read is read at the ends of a row of a
 * point's.  Cannot fail. */
void trial_around_next(struct run *run, struct run *point);

/* Adds up what the point's workers left behind in a timed region, and the
 * caller.  Cannot fail. */
void trial_around_keep(struct run *point);
/* Makes ready what follows, before the team is opened.  0, or -1: no memory. */
int trial_audit_prepare(struct run *run);

/* Lets the workers of a team that stays tell where their CPU clocks are.  From
 * here on these are read: those of threads around each region, those of
 * processes as the team meets and parts.  What shares a trial has the same
 * threads, and is looked at with its first point; where some of them are new,
 * those of that point tell again.  0, or the problem. */
int trial_audit_meet(struct run *run, struct problem *problem);
void trial_audit_part(struct run *run);

/* Around a region, where nothing is timed: looks whether its stamps can be
 * true, if it is of the trial's own form.  Cannot fail. */
void trial_audit_begin(struct run *run, const struct form *form);
void trial_audit_end(struct run *run, const struct form *form,
                     const struct region_times *times);

/* Whether all of them were, but for a few: 0, or the problem. */
int trial_audit_conclude(const struct run *run, struct problem *problem);

/* Whether the profile that is asked for can be taken: 0, or the problem.  Takes
 * it, where one is, after the program's end; the output is as it was, and the
 * result has to be.  0, or the problem. */
int trial_profile_resolve(const struct run *run, struct problem *problem);
int trial_profile_take(struct run *run, struct problem *problem);

/* All forms write to one output: each has to be right on its own.  Points that
 * share the trial are done with then.  The trial's own form comes last, and is
 * checked with the result.  0, or the problem. */
int trial_blocks_check(struct run *run, struct problem *problem);

/* Whether the output and a total are right, by the expected digest or by the
 * kernel's own check.  0, or the problem. */
int trial_check_output(const struct run *run, const struct partial *total,
                       struct problem *problem);

/* What the partials of a form's last region come to; untimed.  Cannot fail. */
struct partial trial_combine(const struct run *run, const struct form *form);

/* The timed region whose time is the trial's, the lower median, and what its
 * workers did.  Cannot fail. */
void trial_choose_region(struct run *run);

/* Chooses it, and checks it and the result.  0, or the problem. */
int trial_conclude(struct run *run, struct problem *problem);

/* Checks the result of the last region: what it wrote around the output, its
 * digest, and where the trial verifies, the kernel's own check and what chunks
 * write besides their own.  The output is as it was, if all is well.  0, or the
 * problem, and result->correct false. */
int trial_check(struct run *run, struct problem *problem);

#endif
