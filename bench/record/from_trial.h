/* from_trial.h: a record of a trial that ran in this process. */
#ifndef CORESWEEP_FROM_TRIAL_H
#define CORESWEEP_FROM_TRIAL_H

#include "bench/record/record.h"
#include "bench/trial/noise.h"
#include "bench/trial/trial.h"

/* What was asked for: everything that a record says of a trial before it has
 * run.  The record is to be released with record_free. */
void record_of_request(const struct trial_request *request,
                       const char *input_path, struct record *record);

/* Adds what was measured; `status` and `problem` are what trial_run gave. */
void record_of_result(const struct trial_request *request,
                      const struct trial_result *result, int status,
                      const struct problem *problem, struct record *record);

/* Adds what the machine counted while the trial ran.  Cannot fail. */
void record_noise(const struct noise_system *before,
                  const struct noise_system *after, struct record *record);

#endif
