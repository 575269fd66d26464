/* plan_shard.h: a plan in parts, for arrays of jobs: workloads are dealt out to
 * them, and what is one region stays together.  The parts are disjoint, and
 * together they are the plan. */
#ifndef CORESWEEP_PLAN_SHARD_H
#define CORESWEEP_PLAN_SHARD_H

#include "bench/plan/json_read.h"
#include "bench/plan/plan.h"

/* Keeps part `shard` (from 1) of `shards` of a whole plan, and remembers what
 * the whole is; its points are to be listed anew.  0; or PROBLEM_USAGE where
 * there would be parts of nothing. */
int plan_take_shard(struct plan *plan, uint32_t shard, uint32_t shards,
                    struct problem *problem);

/* Makes the whole of its parts, which stand in their order, all of them: the
 * first takes over the workloads of the others, and is no shard any more.
 * names: what the parts are called in messages.  0; or PROBLEM_USAGE, naming
 * the part that is no such part, or of another plan, and what differs. */
int plan_join(struct plan *const *parts, const char *const *names, size_t count,
              struct problem *problem);

/* What plan.json has of it.  plan_shard_json: 0, or -1: no memory. */
int plan_shard_json(const struct plan *plan, json_t *json);
void plan_shard_read(struct plan *plan, struct json_reader *reader);

void plan_free_units(struct plan *plan);

#endif
