#include "bench/plan/cgroup.h"

#include "bench/plan/system_file.h"

#include <errno.h>
#include <limits.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* What tells the two versions of the interface apart, for a quantity. */
struct hierarchy {
  const char *file_system; /* type in mountinfo */
  const char *controller;  /* in v1's lists; "" for v2, which has no list */
  cgroup_reader *read;
  const char *const *mounts; /* conventional places, for want of mountinfo,
                                and NULL */
  const struct cgroup_quantity *quantity;
};

/* A hierarchy's mount: which of its directories is seen, and where. */
struct mount {
  char top[PATH_MAX];   /* the cgroup at the mount point, "/" for all */
  char point[PATH_MAX]; /* without root */
};

double cgroup_limit(const char *directory, const char *name,
                    double (*parse)(const char *line)) {
  char path[PATH_MAX];
  if (snprintf(path, sizeof path, "/%s", name) >= PATH_MAX)
    return (double)NAN;
  FILE *file = system_open(directory, path);
  if (file) {
    (void)fclose(file);
    char *line = system_line(directory, path);
    double limit = line ? parse(line) : (double)NAN;
    free(line);
    return limit;
  }
  if (errno != ENOENT)
    return (double)NAN;
  /* Every group's directory has this one; an empty /sys/fs/cgroup, as where
   * nothing is mounted on it, has not. */
  file = system_open(directory, "/cgroup.procs");
  if (file)
    (void)fclose(file);
  return file ? (double)INFINITY : (double)NAN;
}

double cgroup_tightest(double a, double b) {
  double lower = fmin(a, b);
  return isinf(lower) && (isnan(a) || isnan(b)) ? (double)NAN : lower;
}

double cgroup_sum(double a, double b) {
  return isnan(a) ? b : isnan(b) ? a : a + b;
}

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

/* The process's place in the hierarchy, from lines "4:cpu,cpuacct:/a/b" (v1)
 * and "0::/a/b" (v2).  False when it is in none. */
static bool own_path(const char *root, const struct hierarchy *hierarchy,
                     char path[PATH_MAX]) {
  FILE *file = system_open(root, "/proc/self/cgroup");
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
  FILE *file = system_open(root, "/proc/self/mountinfo");
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
                           const char *path,
                           const struct hierarchy *hierarchy) {
  char directory[2 * PATH_MAX];
  int top = snprintf(directory, sizeof directory, "%s%s", root, point);
  if (top < 0 || (size_t)top + strlen(path) >= sizeof directory)
    return (double)NAN;
  memcpy(directory + top, path, strlen(path) + 1);
  bool outside =
      strncmp(path, "/..", 3) == 0 && (path[3] == '/' || path[3] == '\0');
  if (outside || access(directory, F_OK) != 0)
    directory[top] = '\0';
  double value = hierarchy->read(directory);
  while (directory[top] != '\0') {
    *strrchr(directory + top, '/') = '\0';
    value = hierarchy->quantity->upwards(value, hierarchy->read(directory));
  }
  return value;
}

/* Without mountinfo: of all conventional mounts that are there. */
static double read_conventional(const char *root, const char *path,
                                const struct hierarchy *hierarchy) {
  bool found = false;
  double value = (double)NAN;
  for (const char *const *mount = hierarchy->mounts; *mount; mount++) {
    char point[PATH_MAX];
    int bytes = snprintf(point, sizeof point, "%s%s", root, *mount);
    if (bytes < 0 || (size_t)bytes >= sizeof point || access(point, F_OK) != 0)
      continue;
    double here = read_upwards(root, *mount, path, hierarchy);
    value = found ? hierarchy->quantity->across(value, here) : here;
    found = true;
  }
  return value;
}

/* Whether the process is in that hierarchy, and what it says then. */
static bool read_hierarchy(const char *root, const struct hierarchy *hierarchy,
                           double *value) {
  char path[PATH_MAX];
  struct mount mount;
  if (!own_path(root, hierarchy, path))
    return false;
  if (find_mount(root, hierarchy, path, &mount)) {
    const char *rest = below(path, mount.top);
    *value = read_upwards(root, mount.point, rest ? rest : "", hierarchy);
  } else {
    *value = read_conventional(root, below(path, "/"), hierarchy);
  }
  return true;
}

double cgroup_read(const char *root, const struct cgroup_quantity *quantity) {
  static const char *const unified[] = {"/sys/fs/cgroup",
                                        "/sys/fs/cgroup/unified", NULL};
  const struct hierarchy v1 = {"cgroup", quantity->controller,
                               quantity->read_v1, quantity->mounts_v1,
                               quantity};
  const struct hierarchy v2 = {"cgroup2", "", quantity->read_v2, unified,
                               quantity};
  double of_v1 = (double)NAN, of_v2 = (double)NAN;
  bool in_v1 = read_hierarchy(root, &v1, &of_v1);
  bool in_v2 = read_hierarchy(root, &v2, &of_v2);
  /* A controller is in one of them: where v1 has it, v2 need not tell. */
  if (!in_v1 || !in_v2 || isnan(of_v2))
    return in_v1 ? of_v1 : of_v2;
  return quantity->across(of_v1, of_v2);
}
