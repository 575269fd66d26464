#include "bench/trial/noise.h"

#include "bench/plan/quota.h"
#include "bench/plan/system_file.h"

#include <fcntl.h>
#include <limits.h>
#include <math.h>
#include <pthread.h>
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

/* Threads of a team that shrinks end while the process goes on.  The key is
 * made before there are any: pthread_once aborts where futexes are refused. */
static pthread_key_t kept;
static bool closes;

static void close_kept(void *fd) {
  close(*(const int *)fd);
}

static __attribute__((constructor)) void make_kept(void) {
  closes = pthread_key_create(&kept, close_kept) == 0;
}

/* Closes it as the thread ends; NULL: none. */
static void keep_until_end(const int *fd) {
  if (closes)
    pthread_setspecific(kept, fd);
}

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
    keep_until_end(fd >= 0 ? &fd : NULL);
  }
  ssize_t got = fd >= 0 ? pread(fd, line, sizeof line - 1, 0) : -1;
  if (fd >= KEPT_FDS) {
    close(fd);
    fd = -1;
    owner = 0;
    keep_until_end(NULL);
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

/* The times in a line of /proc/stat, after its name: "user nice system idle
 * iowait irq softirq steal ...", in ticks. */
static struct noise_cpu read_times(const char *at) {
  enum { USER, NICE, SYSTEM, IDLE, IOWAIT, IRQ, SOFTIRQ, STEAL, COLUMNS };
  double ticks[COLUMNS];
  double tick_s = 1.0 / (double)sysconf(_SC_CLK_TCK);
  for (int column = 0; column < COLUMNS; column++) {
    const char *end;
    at += strspn(at, " ");
    ticks[column] = system_digits(at, &end);
    if (isnan(ticks[column]) || !strchr(" \n", *end))
      return (struct noise_cpu){(double)NAN, (double)NAN};
    at = end;
  }
  return (struct noise_cpu){.busy_s =
                                (ticks[USER] + ticks[NICE] + ticks[SYSTEM] +
                                 ticks[IRQ] + ticks[SOFTIRQ]) *
                                tick_s,
                            .steal_s = ticks[STEAL] * tick_s};
}

/* The first line is the sum over all CPUs. */
static void read_stat(const char *root, struct noise_system *system) {
  char *line = system_line(root, "/proc/stat");
  bool sum = line && strncmp(line, "cpu ", 4) == 0;
  struct noise_cpu all = read_times(sum ? line + 4 : "");
  free(line);
  system->steal_s = all.steal_s;
  system->busy_s = all.busy_s;
}

void noise_read_cpus(const char *root, const int *cpus, size_t count,
                     struct noise_cpu *noise) {
  char line[400];
  FILE *file = system_open(root, "/proc/stat");
  for (size_t i = 0; i < count; i++)
    noise[i] = (struct noise_cpu){(double)NAN, (double)NAN};
  while (file && fgets(line, sizeof line, file) &&
         strncmp(line, "cpu", 3) == 0) {
    const char *end;
    double cpu = system_digits(line + 3, &end);
    for (size_t i = 0; i < count; i++)
      if (cpus[i] == cpu && *end == ' ')
        noise[i] = read_times(end);
  }
  if (file)
    (void)fclose(file);
}

static double seconds(const struct timeval *time) {
  return (double)time->tv_sec + 1e-6 * (double)time->tv_usec;
}

static double own_cpu_s(void) {
  static const int whose[] = {RUSAGE_SELF, RUSAGE_CHILDREN};
  double sum_s = 0;
  for (int i = 0; i < 2; i++) {
    struct rusage usage;
    if (getrusage(whose[i], &usage) != 0)
      return (double)NAN;
    sum_s += seconds(&usage.ru_utime) + seconds(&usage.ru_stime);
  }
  return sum_s;
}

/* Both in one pass: the kernel makes all of the file for each. */
static double swapped(const char *root) {
  static const char *const keys[] = {"pswpin ", "pswpout "};
  double pages[] = {(double)NAN, (double)NAN};
  char line[160];
  FILE *file = system_open(root, "/proc/vmstat");
  while (file && fgets(line, sizeof line, file))
    for (int i = 0; i < 2; i++) {
      const char *end, *text = line + strlen(keys[i]);
      if (strncmp(line, keys[i], strlen(keys[i])) != 0)
        continue;
      pages[i] = system_digits(text, &end);
      if (*end != '\n' && *end != '\0')
        pages[i] = (double)NAN;
    }
  if (file)
    fclose(file);
  return pages[0] + pages[1];
}

static double times_hot(const char *root, int cpu) {
  char path[100];
  snprintf(path, sizeof path,
           "/sys/devices/system/cpu/cpu%d/thermal_throttle/"
           "core_throttle_count",
           cpu);
  return system_number(root, path);
}

/* One past the last CPU with a throttle count.  CPUs without, at the end or
 * offline, are passed over. */
static int find_hot_cpus(const char *root) {
  enum { MISSING = 64 };
  int cpus = 0;
  for (int cpu = 0; cpu < cpus + MISSING; cpu++)
    if (!isnan(times_hot(root, cpu)))
      cpus = cpu + 1;
  return cpus;
}

/* The throttle counts of the CPUs before `cpus`; NAN: no CPU has one. */
static double times_too_hot(const char *root, int cpus) {
  double sum = (double)NAN;
  for (int cpu = 0; cpu < cpus; cpu++) {
    double count = times_hot(root, cpu);
    if (!isnan(count))
      sum = (isnan(sum) ? 0 : sum) + count;
  }
  return sum;
}

static struct noise_system read_all(const char *root, int hot_cpus) {
  struct noise_system system = {.throttled_s = (double)NAN,
                                .steal_s = (double)NAN,
                                .busy_s = (double)NAN,
                                .own_s = own_cpu_s(),
                                .swapped_pages = swapped(root),
                                .hot = times_too_hot(root, hot_cpus)};
  read_stat(root, &system);
  return system;
}

struct noise_watch noise_watch_begin(const char *root, int64_t now_ns) {
  struct noise_watch watch = {
      .root = root,
      .hot_cpus = find_hot_cpus(root),
      .limited = !isinf(quota_cpus(root)),
  };
  watch.last = read_all(root, watch.hot_cpus);
  watch.last.throttled_s = quota_throttled_s(root);
  watch.last_ns = now_ns;
  return watch;
}

struct noise_system noise_watch_read(struct noise_watch *watch,
                                     int64_t now_ns) {
  double throttled_s = watch->last.throttled_s;
  watch->last = read_all(watch->root, watch->hot_cpus);
  watch->last.throttled_s =
      watch->limited ? quota_throttled_s(watch->root) : throttled_s;
  watch->last_ns = now_ns;
  return watch->last;
}

struct noise_system noise_watch_recent(struct noise_watch *watch,
                                       int64_t now_ns) {
  int64_t age_ns = now_ns - watch->last_ns;
  return age_ns >= 0 && age_ns < NOISE_RECENT_NS
             ? watch->last
             : noise_watch_read(watch, now_ns);
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
      .own_s = difference(before->own_s, after->own_s),
      .swapped_pages = difference(before->swapped_pages, after->swapped_pages),
      .hot = difference(before->hot, after->hot),
  };
}
