/* plan_file.h: what plan.json's writer and its reader share. */
#ifndef CORESWEEP_PLAN_FILE_H
#define CORESWEEP_PLAN_FILE_H

#include "bench/plan/plan.h"

/* 1 had no stages, probes and identity, 2 other words: good for --like alone. */
enum { PLAN_SCHEMA = 3, PLAN_SCHEMA_RESUMABLE = 3 };

/* By enum plan_stage. */
extern const char *const plan_stage_names[STAGE_COUNT];

#endif
