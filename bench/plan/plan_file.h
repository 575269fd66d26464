/* plan_file.h: what the writers and the readers of plan.json share. */
#ifndef CORESWEEP_PLAN_FILE_H
#define CORESWEEP_PLAN_FILE_H

#include "bench/plan/plan.h"

#include <jansson.h>

/* 1 had no stages, probes and identity; 2 had other words: good for --like
 * alone. */
enum { PLAN_SCHEMA = 3 };

/* By enum plan_stage; the last is NULL. */
extern const char *const plan_stage_names[STAGE_COUNT + 1];

/* Reads a file of this schema.  0 and *json, to be released; or
 * PROBLEM_USAGE. */
int plan_file_load(const char *path, json_t **json, struct problem *problem);

#endif
