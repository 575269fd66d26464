/* prediction.h: what is predicted of programs, by Amdahl's law, from the
 * pilot's records alone. */
#ifndef CORESWEEP_PREDICTION_H
#define CORESWEEP_PREDICTION_H

#include "bench/record/record.h"

/* Whether the record is a pilot of that workload and variant (as requested)
 * with one worker, and not of copies, which are no parallel form.  size: in
 * items; 0: the workload has one alone.  Cannot fail. */
bool prediction_is_pilot(const struct record *r, const char *workload,
                         int64_t size, const char *requested);

/* The median of a value of each of the pilot's trials, with a bootstrap
 * interval over those (2000 resamples); all NAN for none, or without memory. */
struct interval prediction_median(const double *values, size_t count);

/* The serial fraction f of a cold one-worker program, with all its regions: the
 * share of setup + start + finish + close in it, and of touch where that is not
 * all workers' at once.  From the pilot's trials of one
 * workload and variant (as requested): the median, with a bootstrap interval
 * over the trials (2000 resamples of the median).  All NAN without such trials.
 * size: in items; 0: the workload has one alone.
 * No record of another phase is looked at. */
struct interval prediction_serial_fraction(const struct records *records,
                                           const char *workload, int64_t size,
                                           const char *requested);

/* Of somebody else's program, in its observed one-worker run: the share of its
 * time with a parallel region open.  What is left is f: a lower bound, since
 * what is serial in a region looks parallel; so the law is an upper one.  NAN
 * where regions had more than one thread for a time that is noticed.  critical:
 * the share in critical sections of regions, of all locks together; NAN: not
 * told.  one_lock: whether it held no second lock, as far as its process tells,
 * and so no two workers do any of that at once; untold: a record's
 * (`inside.untold`), may be NULL. */
double prediction_open_share(const struct record *r);
double prediction_critical_share(const struct record *r);
bool prediction_one_lock(const char *untold);

/* The serial fraction that the workload's kernel is made to have, as a control
 * of the measured one; NAN: it has none, or is not known to this program.  Made
 * for a program of one region: F of that is F / (F + R (1 - F)) of one with R.
 */
double prediction_known_fraction(const char *workload, int64_t repeat);

/* Amdahl's law: 1 / (f + (1 - f) / p), f in 0..1, p >= 1.
 * Source: Amdahl, AFIPS 1967. */
double prediction_speedup(double serial_fraction, double workers);

/* The same where a share of the one-worker run is critical, under one lock: the
 * others work beside who holds it, and so the parallel part takes as long as
 * what is critical, or as its p-th part, whichever is longer:
 * 1 / (f + max(c, (1 - f) / p)), c in 0..1 - f.  NAN: either is not told. */
double prediction_speedup_critical(double serial_fraction, double critical,
                                   double workers);

/* Amdahl's law of a variant's program against the serial one, from the pilot
 * alone: T_serial / (T_1 (f + (1 - f) / p)), T_1 and f of the variant with one
 * worker, medians; with a bootstrap interval over the trials, of which the k-th
 * of both are drawn together.  All NAN without trials of both; size: see
 * prediction_serial_fraction. */
struct interval prediction_program(const struct records *records,
                                   const char *workload, int64_t size,
                                   const char *requested, double workers);

/* For how many workers; the work grows with them under weak scaling. */
struct prediction_counts {
  const uint32_t *workers; /* borrowed */
  size_t count;
  bool weak;
};

/* Writes prediction.json: f, the predicted program speedups and the bounds of
 * the region's (region_law.h), of every workload, size and variant. */
int prediction_write(const struct records *records,
                     const struct prediction_counts *counts, const char *path,
                     struct problem *problem);

#endif
