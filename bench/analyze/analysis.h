/* analysis.h: from a run's records to what may be concluded from them.  Pure:
 * nothing here measures or prints. */
#ifndef CORESWEEP_ANALYSIS_H
#define CORESWEEP_ANALYSIS_H

#include "bench/analyze/results.h"
#include "bench/plan/plan.h"
#include "bench/record/environment.h"
#include "bench/record/record.h"

/* Analyses records.  plan, environment and hyperfine (see hyperfine_read) may
 * be NULL.
 * Release with analysis_free. */
int analysis_make(const struct records *records, const struct plan_facts *plan,
                  const struct environment *environment,
                  const json_t *hyperfine, struct analysis *analysis,
                  struct problem *problem);

/* Writes analysis.json, or reads it; older schemas in the words of today. */
int analysis_write(const struct analysis *analysis, const char *path,
                   struct problem *problem);
int analysis_read(const char *path, struct analysis *analysis,
                  struct problem *problem);

void analysis_free(struct analysis *analysis);

#endif
