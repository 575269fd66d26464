/* breakdown_json.h: what analysis.json says of losses under a result, beside
 * its fields: `breakdown`, `region_breakdown`, `serial_phases`, `evidence`,
 * `region_evidence`. */
#ifndef CORESWEEP_BREAKDOWN_JSON_H
#define CORESWEEP_BREAKDOWN_JSON_H

#include "bench/analyze/results.h"

/* Keys of serial_phases, by enum serial_phase. */
extern const char *const breakdown_phases[PHASES];

/* Adds them to the result's object; null where nothing is told.  0, or -1: no
 * memory. */
int breakdown_write(const struct result *result, json_t *json);

/* Reads them into a result whose fields are read; what is not there is not
 * told.  PROBLEM_NONE; or a failure, with the key that is not as it should be,
 * and nothing to be released. */
int breakdown_read(const json_t *json, struct result *result,
                   struct problem *problem);

/* The same of the terms alone. */
json_t *breakdown_terms_json(const struct breakdown *breakdown);
int breakdown_terms_read(const json_t *json, const char *key,
                         struct breakdown *breakdown, struct problem *problem);

/* Releases what no field owns.  Cannot fail. */
void breakdown_free(struct result *result);

#endif
