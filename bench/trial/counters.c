#include "bench/trial/counters.h"

#include <errno.h>
#include <linux/perf_event.h>
#include <math.h>
#include <sys/syscall.h>
#include <unistd.h>

static int open_event(uint64_t event, pid_t thread, int leader) {
  struct perf_event_attr attributes = {
      .type = PERF_TYPE_HARDWARE,
      .size = sizeof attributes,
      .config = event,
      .read_format = PERF_FORMAT_GROUP | PERF_FORMAT_TOTAL_TIME_ENABLED |
                     PERF_FORMAT_TOTAL_TIME_RUNNING,
      .pinned = leader < 0, /* always counted, or in error */
      .exclude_kernel = 1,
      .exclude_hv = 1,
  };
  long fd = syscall(SYS_perf_event_open, &attributes, thread, -1, leader,
                    (unsigned long)PERF_FLAG_FD_CLOEXEC);
  return fd < 0 ? -errno : (int)fd;
}

static int open_kernel(pid_t thread, struct counter *counter) {
  counter->cycles = open_event(PERF_COUNT_HW_CPU_CYCLES, thread, -1);
  if (counter->cycles < 0)
    return counter->cycles;
  counter->instructions =
      open_event(PERF_COUNT_HW_INSTRUCTIONS, thread, counter->cycles);
  if (counter->instructions >= 0)
    return 0;
  close(counter->cycles);
  return counter->instructions;
}

/* Both at once: they are a group. */
static int read_kernel(const struct counter *counter,
                       struct counter_reading *counts) {
  struct {
    uint64_t count, ran_ns, counted_ns, values[2];
  } group;
  ssize_t got = read(counter->cycles, &group, sizeof group);
  if (got < 0)
    return -errno;
  if (got != sizeof group || group.count != 2)
    return -EIO; /* pinned, and there was no counter for it */
  *counts = (struct counter_reading){group.values[0], group.values[1],
                                     group.ran_ns, group.counted_ns};
  return 0;
}

static void close_kernel(const struct counter *counter) {
  close(counter->instructions);
  close(counter->cycles);
}

const struct counters_access counters_kernel = {open_kernel, read_kernel,
                                                close_kernel};

static double difference(uint64_t before, uint64_t after) {
  return after >= before ? (double)(after - before) : (double)NAN;
}

void counts_add(struct worker_counts *sum, const struct counter_reading *before,
                const struct counter_reading *after) {
  if (after->ran_ns - before->ran_ns !=
      after->counted_ns - before->counted_ns) {
    *sum = (struct worker_counts){(double)NAN, (double)NAN};
    return;
  }
  sum->cycles += difference(before->cycles, after->cycles);
  sum->instructions += difference(before->instructions, after->instructions);
}
