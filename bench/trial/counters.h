/* counters.h: cycles and instructions of threads, as the processor counts them.
 *
 * Many systems have no such counters, or let nobody use them: then there is
 * nothing to read, and it costs nothing. */
#ifndef CORESWEEP_COUNTERS_H
#define CORESWEEP_COUNTERS_H

#include <stdint.h>
#include <sys/types.h>

/* The counters of one thread: descriptors. */
struct counter {
  int cycles, instructions;
};

/* What they read, since they were opened. */
struct counter_reading {
  uint64_t cycles, instructions; /* in user space */
  uint64_t ran_ns;               /* that the thread was on a CPU */
  uint64_t counted_ns;           /* and of that, with the counters on it */
};

/* Who has them: the kernel, or a test in its place. */
struct counters_access {
  /* Opens those of a thread of this process or of a child.  0 or -errno. */
  int (*open)(pid_t thread, struct counter *counter);
  int (*read)(const struct counter *counter, struct counter_reading *counts);
  void (*close)(const struct counter *counter);
};

/* perf_event_open(2), without the kernel's own cycles: so unprivileged users
 * may, where anybody may (perf_event_paranoid 2). */
extern const struct counters_access counters_kernel;

/* Of one worker, over several spans of time; NAN: not told. */
struct worker_counts {
  double cycles, instructions;
};

/* Adds a span.  What was not counted all the time, as the processor has fewer
 * counters than are wanted, is not guessed: it is not told, and the sum is not
 * either.  Cannot fail. */
void counts_add(struct worker_counts *sum, const struct counter_reading *before,
                const struct counter_reading *after);

#endif
