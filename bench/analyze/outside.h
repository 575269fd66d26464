/* outside.h: what can be told of a program from outside: where the time of its
 * cores went, and how many of them are enough. */
#ifndef CORESWEEP_OUTSIDE_H
#define CORESWEEP_OUTSIDE_H

#include "bench/analyze/results.h"
#include "bench/analyze/series.h"

/* Fills cpu_s, core_s, others_cpus and the two shares.  With C the CPU time,
 *
 *   p T_p - T_1 = (C_p - C_1)  +  ((p T_p - C_p) - (T_1 - C_1)):
 *
 * more CPU time, and more idle time; what was idle with the baseline already is
 * no loss of the cores'.  Of a kernel they stay unknown.  serial: NULL: there
 * is no baseline.  Cannot fail. */
void outside_result(const struct series *serial, const struct series *series,
                    struct result *result);

/* Fills best_workers, enough_workers, beside and beside_ratio from the programs
 * at the workload and size of `series`, the baseline among them. */
void outside_workload(const struct series_set *set, const struct series *series,
                      struct workload_result *workload);

#endif
