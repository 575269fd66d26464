/* variant.h: the contract that an execution model fulfils.
 *
 * One file in bench/trial/variants/ is one execution model;
 * `variants/pool.c` defines `const struct variant variant_pool`, and the build
 * finds it by that name.  A variant opens a team of job->workers workers, lets
 * them touch the output, runs the job on it any number of times, and closes
 * it: each is a phase of its own in the record.  Worker 0 may be the caller. */
#ifndef CORESWEEP_VARIANT_H
#define CORESWEEP_VARIANT_H

#include "bench/plan/problem.h"
#include "bench/trial/job.h"

struct variant {
  const char *name;     /* as typed: the team */
  const char *title;    /* as charts label it */
  const char *meaning;  /* one phrase */
  const char *known_as; /* what people know it as */
  unsigned schedules;   /* bit s: has enum schedule s */
  bool transports;      /* its results may travel, by any transport */
  bool processes;       /* its workers are processes: an output that they write
                           in place is shared, and no OpenMP is used before */
  bool forks;  /* its workers are born in each region: what the caller has
                  touched  since is not theirs */
  bool team;   /* it has workers besides the caller; false: --workers 1 alone */
  bool openmp; /* its workers are OpenMP threads: one open serves all such, and
                  the program settles OpenMP's environment before it runs */
  bool unstamped; /* nobody stamps its workers */
  bool copies;    /* its workers share nothing: each is a process that runs the
                     whole job as `serial`, on input and output of its own.  The
                     trial starts and ends them (copies.h); the functions below
                     are NULL */

  /* Whether it can run this kernel; NULL: any. */
  bool (*takes)(const struct kernel *kernel);

  /* Starts the team and binds it, and nothing else.  0, or the problem with
   * nothing left behind: close is not called then. */
  int (*open)(struct job *job, struct problem *problem);

  /* Lets each worker do the errand once, all of them at once, between regions;
   * the caller waits for all.  Context is as for processes_send.  0, or the
   * problem. */
  int (*each)(struct job *job, worker_errand *errand, void *context,
              struct problem *problem);

  /* Makes the team one of job->workers, between regions: those of before that
   * it still has keep their numbers, and all are bound; NULL: it cannot be
   * done.  0, or the problem. */
  int (*resize)(struct job *job, struct problem *problem);

  /* Does the whole job, from fork to join.  0, or the problem. */
  int (*region)(struct job *job, struct problem *problem);

  /* Ends the team, and waits for its end; also after a failed touch or region,
   * not after a failed open.  Timed, so it must not sleep.  Cannot fail. */
  void (*close)(struct job *job);
};

/* Ends with NULL.  Generated into build/registry.c. */
extern const struct variant *const registry_variants[];

/* The execution model of that name, or NULL. */
const struct variant *registry_find_variant(const char *name);

/* The model that the spec names; checks that it has the schedule and the
 * transport.  0, or the problem. */
int variant_resolve(const struct variant_spec *spec,
                    const struct variant **variant, struct problem *problem);

/* Whether the model can run the kernel: 0, or the problem, which names the
 * kernels that it can. */
int variant_takes(const struct variant *variant, const struct kernel *kernel,
                  struct problem *problem);

/* A chart's label: "pool of processes, dynamic". */
void variant_label(const struct variant_spec *spec,
                   char text[static NOTATION_LENGTH]);

#endif
