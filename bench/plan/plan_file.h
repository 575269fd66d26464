/* plan_file.h: what plan.json's writer and its reader share. */
#ifndef CORESWEEP_PLAN_FILE_H
#define CORESWEEP_PLAN_FILE_H

#include "bench/plan/plan.h"

/* 1 had no stages, 2 other words: --like reads them, nothing else does. */
enum { PLAN_SCHEMA = 3 };

/* By enum plan_stage. */
extern const char *const plan_stage_names[STAGE_COUNT];

#endif
