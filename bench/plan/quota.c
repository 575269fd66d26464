#include "bench/plan/quota.h"

#include <errno.h>
#include <limits.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* What is read of every cgroup directory, and how it is put together. */
enum quantity { LIMIT, THROTTLED, QUANTITIES };

typedef double reader(const char *directory);
typedef double combiner(double, double);

/* What tells the two versions of the interface apart. */
struct hierarchy {
  const char *file_system; /* type in mountinfo */
  const char *controller;  /* in v1's lists; "" for v2, which has no list */
  reader *read[QUANTITIES];
  const char *mounts[3]; /* conventional places, for want of mountinfo */
};

/* A hierarchy's mount: which of its directories is seen, and where. */
struct mount {
  char top[PATH_MAX];   /* the cgroup at the mount point, "/" for all */
  char point[PATH_MAX]; /* without root */
};

/* Reads a small file's first line, without its end.  False: there is none. */
static bool read_line(const char *directory, const char *name, char *line,
                      size_t size) {
  char path[PATH_MAX];
  int bytes = snprintf(path, sizeof path, "%s/%s", directory, name);
  if (bytes < 0 || (size_t)bytes >= sizeof path)
    return false;
  FILE *file = fopen(path, "re");
  if (!file)
    return false;
  bool good = fgets(line, (int)size, file) != NULL;
  (void)fclose(file);
  if (good)
    line[strcspn(line, "\n")] = '\0';
  return good;
}

/* A positive whole number that ends at `end`; 0 for anything else. */
static double read_positive(const char *text, char end) {
  char *rest;
  if (*text < '0' || *text > '9')
    return 0;
  errno = 0;
  unsigned long long number = strtoull(text, &rest, 10);
  return errno == 0 && *rest == end ? (double)number : 0;
}

static double ratio(double quota_us, double period_us) {
  return quota_us > 0 && period_us > 0 ? quota_us / period_us
                                       : (double)INFINITY;
}

/* The limits, in CPUs; INFINITY without one. */

/* "max 100000" or "150000 100000": quota and period. */
static double limit_v2(const char *directory) {
  char line[64];
  if (!read_line(directory, "cpu.max", line, sizeof line))
    return (double)INFINITY;
  const char *period = strchr(line, ' ');
  if (!period)
    return (double)INFINITY;
  return ratio(read_positive(line, ' '), read_positive(period + 1, '\0'));
}

/* A quota of -1 is none. */
static double limit_v1(const char *directory) {
  char quota[64];
  char period[64];
  if (!read_line(directory, "cpu.cfs_quota_us", quota, sizeof quota) ||
      !read_line(directory, "cpu.cfs_period_us", period, sizeof period))
    return (double)INFINITY;
  return ratio(read_positive(quota, '\0'), read_positive(period, '\0'));
}

/* A line "KEY NUMBER" of a directory's cpu.stat; NAN without it. */
static double cpu_stat(const char *directory, const char *key) {
  char path[PATH_MAX];
  char line[128];
  size_t length = strlen(key);
  double value = (double)NAN;
  int bytes = snprintf(path, sizeof path, "%s/cpu.stat", directory);
  if (bytes < 0 || (size_t)bytes >= sizeof path)
    return value;
  FILE *file = fopen(path, "re");
  while (file && fgets(line, sizeof line, file)) {
    char *end;
    if (strncmp(line, key, length) != 0 || line[length] != ' ')
      continue;
    if (line[length + 1] < '0' || line[length + 1] > '9')
      continue;
    double number = strtod(line + length + 1, &end);
    if (*end == '\n' || *end == '\0')
      value = number;
  }
  if (file)
    (void)fclose(file);
  return value;
}

static double throttled_v2(const char *directory) {
  return cpu_stat(directory, "throttled_usec") * 1e-6;
}

static double throttled_v1(const char *directory) {
  return cpu_stat(directory, "throttled_time") * 1e-9;
}

static const struct hierarchy hierarchies[] = {
    {"cgroup2",
     "",
     {limit_v2, throttled_v2},
     {"/sys/fs/cgroup", "/sys/fs/cgroup/unified"}},
    {"cgroup",
     "cpu",
     {limit_v1, throttled_v1},
     {"/sys/fs/cgroup/cpu", "/sys/fs/cgroup/cpu,cpuacct",
      "/sys/fs/cgroup/cpuacct,cpu"}},
};

/* The sum of what is known. */
static double add_known(double a, double b) {
  return isnan(a) ? b : isnan(b) ? a : a + b;
}

/* How a quantity is put together: over a cgroup and its ancestors, and over
 * mounts and hierarchies that may show the same cgroup. */
static const struct {
  double nothing;
  combiner *upwards, *across;
} quantities[QUANTITIES] = {
    [LIMIT] = {(double)INFINITY, fmin, fmin},
    [THROTTLED] = {(double)NAN, add_known, fmax},
};

/* Whether a comma-separated list holds the word; the empty word: always. */
static bool list_has(const char *list, const char *word) {
  size_t length = strlen(word);
  if (length == 0)
    return true;
  for (;;) {
    size_t item = strcspn(list, ",");
    if (item == length && strncmp(list, word, length) == 0)
      return true;
    if (list[item] == '\0')
      return false;
    list += item + 1;
  }
}

static FILE *open_below(const char *root, const char *name) {
  char path[PATH_MAX];
  int bytes = snprintf(path, sizeof path, "%s%s", root, name);
  return bytes < 0 || (size_t)bytes >= sizeof path ? NULL : fopen(path, "re");
}

/* The process's place in the hierarchy, from lines "4:cpu,cpuacct:/a/b" (v1)
 * and "0::/a/b" (v2).  False when it is in none. */
static bool own_path(const char *root, const struct hierarchy *hierarchy,
                     char path[PATH_MAX]) {
  FILE *file = open_below(root, "/proc/self/cgroup");
  if (!file)
    return false;
  bool found = false;
  char *line = NULL;
  size_t capacity = 0;
  while (!found && getline(&line, &capacity, file) > 0) {
    line[strcspn(line, "\n")] = '\0';
    char *list = strchr(line, ':');
    char *place = list ? strchr(list + 1, ':') : NULL;
    if (!place || place[1] != '/' || strlen(place + 1) >= PATH_MAX)
      continue;
    *place = '\0';
    bool v2 = strcmp(line, "0:") == 0;
    found = v2 == (hierarchy->controller[0] == '\0') &&
            list_has(list + 1, hierarchy->controller);
    if (found)
      memcpy(path, place + 1, strlen(place + 1) + 1);
  }
  free(line);
  (void)fclose(file);
  return found;
}

/* The part of path below top, "" for top itself; NULL when it is elsewhere. */
static const char *below(const char *path, const char *top) {
  size_t length = strcmp(top, "/") == 0 ? 0 : strlen(top);
  if (strncmp(path, top, length) != 0)
    return NULL;
  const char *rest = path + length;
  if (*rest != '\0' && *rest != '/')
    return NULL;
  return strcmp(rest, "/") == 0 ? "" : rest;
}

/* Reads "31 23 0:28 TOP POINT options [tags ...] - TYPE source options". */
static bool read_mount(char *line, const struct hierarchy *hierarchy,
                       struct mount *mount) {
  line[strcspn(line, "\n")] = '\0';
  char *system = strstr(line, " - ");
  if (!system)
    return false;
  *system = '\0';
  char type[32];
  char options[512];
  if (sscanf(system + 3, "%31s %*s %511s", type, options) != 2 ||
      sscanf(line, "%*s %*s %*s %4095s %4095s", mount->top, mount->point) != 2)
    return false;
  return strcmp(type, hierarchy->file_system) == 0 &&
         list_has(options, hierarchy->controller);
}

/* The mount through which path can be seen, or else the first one.  False
 * when mountinfo names none. */
static bool find_mount(const char *root, const struct hierarchy *hierarchy,
                       const char *path, struct mount *mount) {
  FILE *file = open_below(root, "/proc/self/mountinfo");
  if (!file)
    return false;
  bool found = false;
  bool sees_path = false;
  char *line = NULL;
  size_t capacity = 0;
  struct mount candidate;
  while (!sees_path && getline(&line, &capacity, file) > 0) {
    if (!read_mount(line, hierarchy, &candidate))
      continue;
    sees_path = below(path, candidate.top) != NULL;
    if (!found || sees_path)
      *mount = candidate;
    found = true;
  }
  free(line);
  (void)fclose(file);
  return found;
}

/* A quantity from the cgroup `path` below the mount up to the mount itself.
 * A path that is not there (or that leads out of the cgroup namespace) says
 * nothing about directories on its way: then the mount alone counts. */
static double read_upwards(const char *root, const char *point,
                           const char *path, const struct hierarchy *hierarchy,
                           enum quantity quantity) {
  char directory[2 * PATH_MAX];
  reader *read = hierarchy->read[quantity];
  int top = snprintf(directory, sizeof directory, "%s%s", root, point);
  if (top < 0 || (size_t)top + strlen(path) >= sizeof directory)
    return quantities[quantity].nothing;
  memcpy(directory + top, path, strlen(path) + 1);
  bool outside =
      strncmp(path, "/..", 3) == 0 && (path[3] == '/' || path[3] == '\0');
  if (outside || access(directory, F_OK) != 0)
    directory[top] = '\0';
  double value = read(directory);
  while (directory[top] != '\0') {
    *strrchr(directory + top, '/') = '\0';
    value = quantities[quantity].upwards(value, read(directory));
  }
  return value;
}

static double read_hierarchy(const char *root,
                             const struct hierarchy *hierarchy,
                             enum quantity quantity) {
  char path[PATH_MAX];
  struct mount mount;
  double value = quantities[quantity].nothing;
  if (!own_path(root, hierarchy, path))
    return value;
  if (find_mount(root, hierarchy, path, &mount)) {
    const char *rest = below(path, mount.top);
    return read_upwards(root, mount.point, rest ? rest : "", hierarchy,
                        quantity);
  }
  const char *rest = below(path, "/");
  for (size_t i = 0; i < 3 && hierarchy->mounts[i]; i++)
    value = quantities[quantity].across(
        value,
        read_upwards(root, hierarchy->mounts[i], rest, hierarchy, quantity));
  return value;
}

static double read_all(const char *root, enum quantity quantity) {
  double value = quantities[quantity].nothing;
  for (size_t i = 0; i < sizeof hierarchies / sizeof hierarchies[0]; i++)
    value = quantities[quantity].across(
        value, read_hierarchy(root, &hierarchies[i], quantity));
  return value;
}

double quota_cpus(const char *root) {
  return read_all(root, LIMIT);
}

double quota_throttled_s(const char *root) {
  return read_all(root, THROTTLED);
}

uint32_t quota_usable_cpus(uint32_t affinity_cpus, double quota) {
  uint32_t usable = affinity_cpus;
  if (quota < (double)affinity_cpus)
    usable = (uint32_t)floor(fmax(quota, 1));
  return usable > 0 ? usable : 1;
}
