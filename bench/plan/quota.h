/* quota.h: how much CPU time and memory the process's control groups allow it.
 */
#ifndef CORESWEEP_QUOTA_H
#define CORESWEEP_QUOTA_H

#include <stdint.h>

/* The CPU bandwidth that this process's cgroup and all its ancestors that can
 * be seen allow, in CPUs (1.5: 1.5 s of CPU time per second): the minimum over
 * cgroup v2 (cpu.max) and v1 (cpu.cfs_quota_us / cpu.cfs_period_us); INFINITY:
 * there is no limit, or one past what any machine has; NAN: it is not told
 * whether there is one.
 * root: a prefix to every path, "" for the real machine.  Cannot fail.
 * Sources: Linux Documentation/admin-guide/cgroup-v2.rst and
 * scheduler/sched-bwc.rst; cgroups(7); proc(5) for mountinfo. */
double quota_cpus(const char *root);

/* The time for which those cgroups' quotas have kept them from running since
 * they were created, in seconds, summed over CPUs: "throttled_usec" (v2) or
 * "throttled_time" (v1, ns) of cpu.stat.  Added up over the cgroup and its
 * ancestors: one that is stopped does not use up the others' quotas, so hardly
 * ever are two stopped at once.  The higher of v1 and v2.
 * NAN where none of them has such a counter.  root and sources: as above. */
double quota_throttled_s(const char *root);

/* How many workers can run at once: max(1, min(affinity_cpus, floor(quota))).
 * affinity_cpus: CPUs in the affinity mask.  quota: in CPUs, from quota_cpus;
 * NaN counts as unlimited.  Cannot fail. */
uint32_t quota_usable_cpus(uint32_t affinity_cpus, double quota);

/* The memory that those cgroups allow, in bytes: the smallest of memory.max and
 * memory.high (v2) and memory.limit_in_bytes (v1) of all of them.  INFINITY:
 * there is no limit; NAN: not told.  root: as above.  Cannot fail.
 * Source: Linux Documentation/admin-guide/cgroup-v1/memory.rst, cgroup-v2.rst.
 */
double quota_memory_bytes(const char *root);

/* As that, less what is in use in each of them but for pages of files. */
double quota_memory_left_bytes(const char *root);

/* How many processes those cgroups' limits have killed (memory.events,
 * memory.oom_control), in a sum that grows with each.  NAN: not told. */
double quota_memory_kills(const char *root);

#endif
