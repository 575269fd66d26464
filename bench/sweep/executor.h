/* executor.h: who runs a sweep's trials.  The sweep cannot tell which it is. */
#ifndef CORESWEEP_EXECUTOR_H
#define CORESWEEP_EXECUTOR_H

#include "bench/record/record.h"
#include "bench/trial/noise.h"
#include "bench/trial/trial.h"

struct executor {
  /* Runs the trial and fills the records (to be released with record_free) of
   * its point and of those that share it, [1 + order->also_count] in their
   * order, whose status says whether it went well.  Returns 0; or a problem
   * when no further trial makes sense, interruption among them, with the
   * records cleared. */
  int (*run)(struct executor *self, const struct trial_request *order,
             struct record *records, struct problem *problem);
  /* The clock that its trials take time on, in seconds from any origin: the
   * machine's, or a virtual one. */
  double (*now_s)(struct executor *self);
};

/* Every trial a fresh exec of this very program. */
struct executor_real {
  struct executor base;
  double timeout_s; /* a trial that takes longer is killed, and has failed; of
                       one that several worker counts share, each has that */
  struct noise_watch noise;
  const char *root;    /* a prefix to the system's files, "" */
  double memory_kills; /* as quota_memory_kills had it last */
};

/* Looks for the counters of noise.  Cannot fail. */
void executor_real_init(struct executor_real *executor, double timeout_s);

/* The arguments of the trial's command after the program's name, NULL at the
 * end, to be released with executor_free_arguments; NULL: no memory. */
char **executor_arguments(const struct trial_request *order);
void executor_free_arguments(char **arguments);

#endif
