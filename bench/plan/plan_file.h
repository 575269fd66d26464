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

/* ---- the one reader ------------------------------------------------------ */

#define PLAN_SECONDS_MOST 1e7

enum { POINTS_MOST = 1 << 24 };

enum plan_reading {
  READ_TO_GO_ON, /* its probes have to be this program's, too */
  READ_TO_REPEAT,
  READ_TO_ANALYSE, /* workloads that this program has not are taken by their
                      names, for nothing but their names */
};

/* Reads all of a sweep's plan; of an older schema than today's what is common
 * to all.  0, or the problem by key, value and limit; the plan is to be
 * released with plan_free in either case. */
int plan_read_json(struct plan *plan, json_t *json, enum plan_reading reading,
                   struct problem *problem);

/* Parts of it, in this order: what stands in the lists of that name.  The
 * reader's status says whether all is well. */
void plan_read_workloads(struct plan *plan, struct json_reader *reader,
                         bool strangers);
void plan_read_variants(struct plan *plan, struct json_reader *reader);
void plan_read_probes(struct plan *plan, struct json_reader *reader,
                      bool strangers);

/* Whether strangers wait: told by the workers of their points.  Cannot fail. */
void plan_settle_strangers(struct plan *plan, const struct json_reader *reader);

/* Whether the file's points are those that the plan lists. */
void plan_check_points(const struct plan *plan, struct json_reader *reader);

/* Which of the listed points share a trial: not the plan's to say, but the
 * machine's that it ran on. */
void plan_read_shared(struct plan *plan, struct json_reader *reader);

/* Whether its probes of clock and capacity are this program's. */
void plan_check_own_probes(const struct plan *plan, struct json_reader *reader);

#endif
