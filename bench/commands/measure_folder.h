/* measure_folder.h: the folder of a run that is measured: begun, or gone on
 * with by the same program on the same machine. */
#ifndef CORESWEEP_MEASURE_FOLDER_H
#define CORESWEEP_MEASURE_FOLDER_H

#include "bench/commands/measure.h"

/* Creates or opens it, and locks it; writes environment.json and plan.json, or
 * reads what is there and gives the engine its trials.  plan: as measure_start
 * has it.  0, or the problem. */
int measure_open_folder(struct measure *measure,
                        const struct measure_plan *plan,
                        struct problem *problem);

#endif
