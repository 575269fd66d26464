/* noise.h: what disturbs a measurement, as the system counts it.
 *
 * What a system does not tell is NAN, or a constant below; never 0. */
#ifndef CORESWEEP_NOISE_H
#define CORESWEEP_NOISE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Of one thread, over its share of a region. */
struct worker_noise {
  int64_t run_delay_ns; /* ready to run, but waiting for a CPU */
  int32_t switches;     /* involuntary context switches */
  int32_t minor_faults;
  int32_t cpu_begin, cpu_end; /* where it ran */
};

#define NOISE_NO_DELAY INT64_MIN /* run_delay_ns: not told */
enum { NOISE_NO_COUNT = -1 };    /* the other members: not told, or not asked */

/* Nothing known.  Cannot fail. */
struct worker_noise noise_none(void);

/* Begins and ends the share of the calling thread; the end leaves the
 * differences.  Some microseconds, ten where caches are cold: a read of /proc
 * and getrusage at the end, and at the beginning unless it `slept`.  A thread
 * keeps a descriptor open from its first call on, unless there are many; a
 * forked child opens its own.  Cannot fail.
 * Sources: Linux Documentation/scheduler/sched-stats.rst (schedstat's second
 * field), getrusage(2), sched_getcpu(3). */
void noise_begin(struct worker_noise *noise, bool slept);
void noise_end(struct worker_noise *noise);

/* The thread rests until its next share, without noise_end.  A noise_begin that
 * is told that it `slept` counts from there on, or from the last noise_end,
 * without a look at the counters: a worker that has to wait for a CPU to wake
 * up on is late as well.  Cannot fail. */
void noise_rest(void);

/* As if a process had slept since it was born: the run delay of its whole life
 * counts, the rest from noise_begin on. */
void noise_born(void);

/* The run delay in a line of schedstat, "RUNNING_NS DELAY_NS SLICES", in ns;
 * NOISE_NO_DELAY for anything else, and for three zeros: that is what a kernel
 * writes that does not count. */
int64_t noise_read_delay_ns(const char *line);

/* Of the whole machine since it started, but for throttled_s: of this process's
 * control groups since they were created. */
struct noise_system {
  double throttled_s;   /* see quota_throttled_s */
  double steal_s;       /* taken by the hypervisor, summed over CPUs */
  double busy_s;        /* CPU time of all processes, summed over CPUs */
  double own_s;         /* of this one, and of all that it has waited for */
  double swapped_pages; /* in and out */
  double hot;           /* times that a core was slowed for its heat, summed */
};

/* Where the counters are, and what they were when they were last read.  What
 * this machine has not is not looked for again. */
struct noise_watch {
  const char *root;
  int hot_cpus; /* one past the last that counts how often it was too hot */
  bool limited; /* a quota may throttle: there is one, or it is not told */
  struct noise_system last;
  int64_t last_ns;
};

/* The counters of steal and load move every 10 ms. */
#define NOISE_RECENT_NS INT64_C(5000000)

/* Looks for the counters and reads them: some 0.3 ms.  root: a prefix to every
 * path, "" for the real machine; borrowed.  now_ns: of any clock.  Cannot fail:
 * what is missing is NAN.
 * Sources: proc(5) for /proc/stat and /proc/vmstat; in Linux,
 * arch/x86/kernel/cpu/mce/therm_throt.c for core_throttle_count. */
struct noise_watch noise_watch_begin(const char *root, int64_t now_ns);

/* Reads them again: under 0.1 ms. */
struct noise_system noise_watch_read(struct noise_watch *watch, int64_t now_ns);

/* What they were last, if that is less than NOISE_RECENT_NS ago: the end of a
 * trial is the beginning of the next one.  As noise_watch_read otherwise. */
struct noise_system noise_watch_recent(struct noise_watch *watch,
                                       int64_t now_ns);

/* What was counted between two readings.  A counter that ran backwards, as
 * steal may after a migration, gives NAN.  Cannot fail. */
struct noise_system noise_system_between(const struct noise_system *before,
                                         const struct noise_system *after);

/* CPU time of one CPU since the machine started, in s; NAN: not told. */
struct noise_cpu {
  double busy_s;  /* of all processes */
  double steal_s; /* taken by the hypervisor */
};

/* Reads those of cpus[0..count) into noise[0..count), from the lines of
 * /proc/stat, in ticks.  Cannot fail.  Source: proc(5). */
void noise_read_cpus(const char *root, const int *cpus, size_t count,
                     struct noise_cpu *noise);

#endif
