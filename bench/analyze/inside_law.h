/* inside_law.h: Amdahl's law of somebody else's OpenMP program, from its
 * observed runs: a bound, and where it is none.  Pure.
 *
 * f is the share of its runs with one worker outside of parallel regions, those
 * of the pilot and of the rounds; prediction.json has the pilot's alone.  No
 * law follows from it where observed runs show that this is no serial share:
 *
 * - told to use one worker, it opens no region, and with several it does;
 * - told to use one worker, it made larger teams for a time that is noticed;
 * - with several workers the time outside of regions is surely shorter, by a
 *   share that is noticed: the interval of what it lacks, paired by round,
 *   leaves out 0; but where others used these CPUs, too, that tells nothing;
 * - with several workers a share that is noticed is in regions that the runs
 *   with one do not have, by the median over rounds;
 * - the work grows with the workers: f is of one size.
 *
 * flags_noticed says which share is. */
#ifndef CORESWEEP_INSIDE_LAW_H
#define CORESWEEP_INSIDE_LAW_H

#include "bench/analyze/results.h"
#include "bench/analyze/series.h"

/* Fills what observed runs tell of a workload as a whole: unobserved and untold
 * by the pilot's; critical_fraction, serial_fraction, law_limit, and no_law,
 * and then f is not told.  series: one of it, at that size.  online_cpus: of
 * the machine; NAN: not told.  Cannot fail but for memory, and then less is
 * told. */
void inside_law_workload(const struct records *pilots,
                         const struct series_set *set,
                         const struct series *series, double online_cpus,
                         struct workload_result *workload);

/* The largest region that runs with one worker do not have. */
struct inside_missing {
  const char *name; /* borrowed, of that length; NULL: none */
  size_t length;
  double wall_s; /* of the round where it took most */
};

/* The share of observed runs with several workers in regions that those with
 * one do not have: the median over rounds that have both; NAN: none, or no
 * memory. */
double inside_missing_share(const struct series *one,
                            const struct series *several,
                            struct inside_missing *largest);

/* What the program's speedup over `serial` is at most with so many workers.
 * one: of a program that has another serial one, itself with one worker; NULL:
 * that is `serial`.  Ends are those of f's, and of the ratio of both where they
 * differ.  All NAN: no law. */
struct interval inside_law(const struct workload_result *workload,
                           const struct series *serial,
                           const struct series *one, double workers);

/* Fills program_law, and what belongs to it, of a point of the workload: as a
 * bound, with which nothing is scored. */
void inside_law_result(const struct workload_result *workload,
                       const struct series *serial, const struct series *one,
                       struct result *result);

/* What its bound is with another number of workers, with critical sections
 * where they are of one lock.  NAN: no law. */
double inside_law_beyond(const struct workload_result *workload,
                         const struct result *result, double workers);

/* The most that the bound lets its program_speedup be: the farther end, with
 * critical sections where that is lower.  NAN: no law. */
double inside_law_most(const struct result *result);

#endif
