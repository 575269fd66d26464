#include "bench/trial/noise.h"

#include "bench/plan/quota.h"

#include <fcntl.h>
#include <limits.h>
#include <math.h>
#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

struct worker_noise noise_none(void) {
  return (struct worker_noise){.run_delay_ns = NOISE_NO_DELAY,
                               .switches = NOISE_NO_COUNT,
                               .minor_faults = NOISE_NO_COUNT,
                               .cpu_begin = NOISE_NO_COUNT,
                               .cpu_end = NOISE_NO_COUNT};
}

int64_t noise_read_delay_ns(const char *line) {
  uint64_t fields[3];
  const char *at = line;
  for (int i = 0; i < 3; i++) {
    char *end;
    at += strspn(at, " ");
    if (*at < '0' || *at > '9')
      return NOISE_NO_DELAY;
    fields[i] = strtoull(at, &end, 10);
    at = end;
  }
  if (strspn(at, " \n") != strlen(at) || fields[1] > INT64_MAX)
    return NOISE_NO_DELAY;
  bool counts = fields[0] != 0 || fields[1] != 0 || fields[2] != 0;
  return counts ? (int64_t)fields[1] : NOISE_NO_DELAY;
}

/* Descriptors from here on are not kept: teams of a thousand threads leave some
 * to the rest of the program. */
enum { KEPT_FDS = 256 };

static int64_t own_delay_ns(void) {
  static _Thread_local int fd = -1;
  static _Thread_local pid_t owner; /* the thread that opened it; 0: none */
  char line[96];
  pid_t self = gettid();
  if (owner != self) { /* the first call, or a child with its parent's */
    if (owner != 0 && fd >= 0)
      close(fd);
    fd = open("/proc/thread-self/schedstat", O_RDONLY | O_CLOEXEC);
    owner = self;
  }
  ssize_t got = fd >= 0 ? pread(fd, line, sizeof line - 1, 0) : -1;
  if (fd >= KEPT_FDS) {
    close(fd);
    fd = -1;
    owner = 0;
  }
  if (got <= 0)
    return NOISE_NO_DELAY;
  line[got] = '\0';
  return noise_read_delay_ns(line);
}

/* What the thread's counters were when it last rested; good for one share. */
struct counters {
  bool has_delay, has_usage;
  int64_t delay_ns; /* or NOISE_NO_DELAY */
  int32_t switches, minor_faults;
};
static _Thread_local struct counters rested;

static void read_usage(struct counters *counters) {
  struct rusage usage = {.ru_nivcsw = 0};
  counters->has_usage = getrusage(RUSAGE_THREAD, &usage) == 0;
  counters->switches = (int32_t)(usage.ru_nivcsw & INT32_MAX);
  counters->minor_faults = (int32_t)(usage.ru_minflt & INT32_MAX);
}

static void read_delay(struct counters *counters) {
  counters->has_delay = true;
  counters->delay_ns = own_delay_ns();
}

void noise_rest(void) {
  read_usage(&rested);
  read_delay(&rested);
}

void noise_born(void) {
  rested = (struct counters){.has_delay = true};
}

void noise_begin(struct worker_noise *noise, bool slept) {
  struct counters before = rested;
  if (!slept)
    before = (struct counters){.has_delay = false};
  rested = (struct counters){.has_delay = false};
  if (!before.has_delay)
    read_delay(&before);
  if (!before.has_usage)
    read_usage(&before);
  *noise = noise_none();
  noise->run_delay_ns = before.delay_ns;
  if (before.has_usage) {
    noise->switches = before.switches;
    noise->minor_faults = before.minor_faults;
  }
  noise->cpu_begin = sched_getcpu();
}

void noise_end(struct worker_noise *noise) {
  noise->cpu_end = sched_getcpu();
  noise_rest();
  if (noise->switches >= 0 && rested.has_usage) {
    noise->switches = (rested.switches - noise->switches) & INT32_MAX;
    noise->minor_faults =
        (rested.minor_faults - noise->minor_faults) & INT32_MAX;
  }
  if (noise->run_delay_ns != NOISE_NO_DELAY &&
      rested.delay_ns != NOISE_NO_DELAY)
    noise->run_delay_ns = rested.delay_ns - noise->run_delay_ns;
  else
    noise->run_delay_ns = NOISE_NO_DELAY;
}

static FILE *open_below(const char *root, const char *name) {
  char path[PATH_MAX];
  int bytes = snprintf(path, sizeof path, "%s%s", root, name);
  return bytes < 0 || (size_t)bytes >= sizeof path ? NULL : fopen(path, "re");
}

/* The first line of /proc/stat: "cpu  user nice system idle iowait irq softirq
 * steal ...", in ticks. */
static void read_stat(const char *root, struct noise_system *system) {
  enum { USER, NICE, SYSTEM, IDLE, IOWAIT, IRQ, SOFTIRQ, STEAL, COLUMNS };
  unsigned long long ticks[COLUMNS];
  char line[400];
  double tick_s = 1.0 / (double)sysconf(_SC_CLK_TCK);
  FILE *file = open_below(root, "/proc/stat");
  char *at = file ? fgets(line, sizeof line, file) : NULL;
  if (file)
    fclose(file);
  if (!at || strncmp(at, "cpu ", 4) != 0)
    return;
  at += 4;
  for (int i = 0; i < COLUMNS; i++) {
    char *end;
    ticks[i] = strtoull(at, &end, 10);
    if (end == at)
      return;
    at = end;
  }
  system->steal_s = (double)ticks[STEAL] * tick_s;
  system->busy_s = (double)(ticks[USER] + ticks[NICE] + ticks[SYSTEM] +
                            ticks[IRQ] + ticks[SOFTIRQ]) *
                   tick_s;
}

static double swapped(const char *root) {
  double in = (double)NAN, out = (double)NAN;
  char line[160];
  FILE *file = open_below(root, "/proc/vmstat");
  while (file && fgets(line, sizeof line, file)) {
    if (strncmp(line, "pswpin ", 7) == 0)
      in = strtod(line + 7, NULL);
    else if (strncmp(line, "pswpout ", 8) == 0)
      out = strtod(line + 8, NULL);
  }
  if (file)
    fclose(file);
  return in + out;
}

/* The throttle counts of all CPUs; NAN: no CPU has one.  CPUs without, at the
 * end or offline, are passed over. */
static double times_too_hot(const char *root) {
  enum { MISSING = 64 };
  double sum = (double)NAN;
  for (int cpu = 0, missing = 0; missing < MISSING; cpu++, missing++) {
    char path[100], line[40], *end = line;
    snprintf(path, sizeof path,
             "/sys/devices/system/cpu/cpu%d/thermal_throttle/"
             "core_throttle_count",
             cpu);
    FILE *file = open_below(root, path);
    if (file && fgets(line, sizeof line, file)) {
      unsigned long long count = strtoull(line, &end, 10);
      if (end > line) {
        sum = (isnan(sum) ? 0 : sum) + (double)count;
        missing = -1;
      }
    }
    if (file)
      fclose(file);
  }
  return sum;
}

struct noise_system noise_system_read(const char *root) {
  struct noise_system system = {.throttled_s = quota_throttled_s(root),
                                .steal_s = (double)NAN,
                                .busy_s = (double)NAN,
                                .swapped_pages = swapped(root),
                                .hot = times_too_hot(root)};
  read_stat(root, &system);
  return system;
}

static double difference(double before, double after) {
  return after >= before ? after - before : (double)NAN;
}

struct noise_system noise_system_between(const struct noise_system *before,
                                         const struct noise_system *after) {
  return (struct noise_system){
      .throttled_s = difference(before->throttled_s, after->throttled_s),
      .steal_s = difference(before->steal_s, after->steal_s),
      .busy_s = difference(before->busy_s, after->busy_s),
      .swapped_pages = difference(before->swapped_pages, after->swapped_pages),
      .hot = difference(before->hot, after->hot),
  };
}
