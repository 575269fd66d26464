#include "bench/plan/quota.h"

#include "bench/plan/cgroup.h"
#include "bench/plan/system_file.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- CPU time ------------------------------------------------------------ */

/* More than any machine has: who writes such a quota means that there is none.
 */
static const double CPUS_MOST = 65536;

static double ratio(double quota_us, double period_us) {
  double cpus =
      quota_us > 0 && period_us > 0 ? quota_us / period_us : (double)NAN;
  return cpus > CPUS_MOST ? (double)INFINITY : cpus;
}

/* A number and nothing else; NAN otherwise. */
static double whole(const char *line) {
  const char *end;
  double number = system_digits(line, &end);
  return *end == '\0' ? number : (double)NAN;
}

/* "max 100000" or "150000 100000": quota and period. */
static double parse_max(const char *line) {
  const char *rest;
  if (strncmp(line, "max ", 4) == 0)
    return whole(line + 4) > 0 ? (double)INFINITY : (double)NAN;
  double quota_us = system_digits(line, &rest);
  return *rest == ' ' ? ratio(quota_us, whole(rest + 1)) : (double)NAN;
}

static double limit_v2(const char *directory) {
  return cgroup_limit(directory, "cpu.max", parse_max);
}

/* A quota of -1 is none. */
static double parse_quota(const char *line) {
  return strcmp(line, "-1") == 0 ? (double)INFINITY : whole(line);
}

static double limit_v1(const char *directory) {
  double quota_us = cgroup_limit(directory, "cpu.cfs_quota_us", parse_quota);
  if (isinf(quota_us))
    return quota_us;
  return ratio(quota_us, cgroup_limit(directory, "cpu.cfs_period_us", whole));
}

static double throttled_v2(const char *directory) {
  return system_counter(directory, "/cpu.stat", "throttled_usec") * 1e-6;
}

static double throttled_v1(const char *directory) {
  return system_counter(directory, "/cpu.stat", "throttled_time") * 1e-9;
}

static const char *const cpu_mounts[] = {"/sys/fs/cgroup/cpu",
                                         "/sys/fs/cgroup/cpu,cpuacct",
                                         "/sys/fs/cgroup/cpuacct,cpu", NULL};

double quota_cpus(const char *root) {
  static const struct cgroup_quantity limit = {
      "cpu", cpu_mounts, limit_v1, limit_v2, cgroup_tightest, cgroup_tightest};
  return cgroup_read(root, &limit);
}

double quota_throttled_s(const char *root) {
  static const struct cgroup_quantity throttled = {
      "cpu", cpu_mounts, throttled_v1, throttled_v2, cgroup_sum, fmax};
  return cgroup_read(root, &throttled);
}

uint32_t quota_usable_cpus(uint32_t affinity_cpus, double quota) {
  uint32_t usable = affinity_cpus;
  if (quota < (double)affinity_cpus)
    usable = (uint32_t)floor(fmax(quota, 1));
  return usable > 0 ? usable : 1;
}

/* ---- memory -------------------------------------------------------------- */

/* Version 1 writes the highest number of pages, in bytes, for none. */
static double parse_bytes(const char *line) {
  double bytes = whole(line);
  return strcmp(line, "max") == 0 || bytes >= 0x1p62 ? (double)INFINITY : bytes;
}

static double memory_v1(const char *directory) {
  return cgroup_limit(directory, "memory.limit_in_bytes", parse_bytes);
}

/* Past `high` the group is slowed down until it is useless for measuring. */
static double memory_v2(const char *directory) {
  return cgroup_tightest(cgroup_limit(directory, "memory.max", parse_bytes),
                         cgroup_limit(directory, "memory.high", parse_bytes));
}

/* What is left of a limit: pages of files are given back when others are
 * wanted.  What is in use counts as nothing where it is not told. */
static double left(const char *directory, double limit, const char *usage,
                   const char *const files[2]) {
  if (!isfinite(limit))
    return limit;
  double used = system_number(directory, usage);
  for (int i = 0; i < 2; i++) {
    double pages = system_counter(directory, "/memory.stat", files[i]);
    if (pages > 0)
      used -= pages;
  }
  return used > 0 ? fmax(limit - used, 0) : limit;
}

static double left_v1(const char *directory) {
  static const char *const files[] = {"total_active_file",
                                      "total_inactive_file"};
  return left(directory, memory_v1(directory), "/memory.usage_in_bytes", files);
}

static double left_v2(const char *directory) {
  static const char *const files[] = {"active_file", "inactive_file"};
  return left(directory, memory_v2(directory), "/memory.current", files);
}

static double kills_v1(const char *directory) {
  return system_counter(directory, "/memory.oom_control", "oom_kill");
}

static double kills_v2(const char *directory) {
  return system_counter(directory, "/memory.events", "oom_kill");
}

static const char *const memory_mounts[] = {"/sys/fs/cgroup/memory", NULL};

double quota_memory_bytes(const char *root) {
  static const struct cgroup_quantity limit = {
      "memory",  memory_mounts,   memory_v1,
      memory_v2, cgroup_tightest, cgroup_tightest};
  return cgroup_read(root, &limit);
}

double quota_memory_left_bytes(const char *root) {
  static const struct cgroup_quantity limit = {
      "memory", memory_mounts,   left_v1,
      left_v2,  cgroup_tightest, cgroup_tightest};
  return cgroup_read(root, &limit);
}

double quota_memory_kills(const char *root) {
  static const struct cgroup_quantity kills = {
      "memory", memory_mounts, kills_v1, kills_v2, cgroup_sum, cgroup_sum};
  return cgroup_read(root, &kills);
}
