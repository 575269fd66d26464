/* trial_print.h: a trial, as a person reads it. */
#ifndef CORESWEEP_COMMANDS_TRIAL_PRINT_H
#define CORESWEEP_COMMANDS_TRIAL_PRINT_H

#include "bench/trial/trial.h"

/* To stdout: phases, regions, workers, the result.  results: one for each point
 * that shared the trial.  Cannot fail. */
void trial_print(const struct trial_request *request,
                 const struct trial_result *results);

#endif
