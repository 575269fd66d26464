/* Which digest a trial's result must have. */
#include "bench/sweep/engine.h"

#include <stdlib.h>
#include <string.h>

/* A result is verified in full once for every workload and size; that trial's
 * digest is what the others must have. */
static size_t *find_verified(const struct engine *engine,
                             const struct point *point) {
  for (size_t i = 0; i < engine->verified_count; i++) {
    const struct record *r = &engine->records->list[engine->verified[i]];
    if (r->size == (int64_t)point->size &&
        strcmp(r->workload, point->workload->name) == 0)
      return &engine->verified[i];
  }
  return NULL;
}

const char *engine_digest(const struct engine *engine,
                          const struct point *point) {
  const size_t *known = find_verified(engine, point);
  return known ? engine->records->list[*known].digest : "";
}

int engine_remember_digest(struct engine *engine, const struct point *point,
                           size_t index, struct problem *problem) {
  size_t *known = find_verified(engine, point);
  const struct record *record = &engine->records->list[index];
  if (!record_is_ok(record) || !record->digest)
    return PROBLEM_NONE;
  if (known) {
    if (point->verify)
      *known = index;
    return PROBLEM_NONE;
  }
  size_t *grown =
      reallocarray(engine->verified, engine->verified_count + 1, sizeof *grown);
  if (!grown)
    return problem_failure(problem, "out of memory");
  engine->verified = grown;
  grown[engine->verified_count++] = index;
  return PROBLEM_NONE;
}
