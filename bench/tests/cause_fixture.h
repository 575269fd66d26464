/* cause_fixture.h: what is said of losses whose cause is known.  To be included
 * once, after cmocka.h. */
#ifndef CORESWEEP_CAUSE_FIXTURE_H
#define CORESWEEP_CAUSE_FIXTURE_H

#include "bench/tests/breakdown_fixture.h"

static const char work[] = "cube/first=3";

/* On two CPUs. */
static inline const struct result *analysed(struct run *run,
                                            const char *workload,
                                            const char *variant,
                                            int64_t workers) {
  const struct plan_facts plan = {.scaling = "strong", .usable_cpus = 2};
  struct problem problem = {""};
  analysis_free(&run->analysis);
  assert_int_equal(
      analysis_make(&run->records, &plan, NULL, NULL, &run->analysis, &problem),
      0);
  return run_find(run, workload, variant, workers);
}

static inline void is_cause(const struct cause *cause, const char *term,
                            const char *rule, const char *part) {
  if (!cause->rule || strcmp(cause->rule, rule) != 0)
    fail_msg("%s (%s), not %s", cause->rule, cause->sentence, rule);
  assert_string_equal(cause->term, term);
  if (!strstr(cause->sentence, part))
    fail_msg("\"%s\" does not say \"%s\"", cause->sentence, part);
}

static inline void is_evidence(const struct cause *cause, const char *name,
                               double value) {
  for (size_t i = 0; i < cause->evidence_count; i++)
    if (strcmp(cause->evidence[i].name, name) == 0) {
      near_to(cause->evidence[i].value, value);
      return;
    }
  fail_msg("no evidence %s", name);
}

static inline void is_ruled_out(const struct cause *cause, const char *rule) {
  if (!strstr(cause->ruled_out, rule))
    fail_msg("%s is not among \"%s\"", rule, cause->ruled_out);
}

/* Every second record is the variant's. */
static inline struct record *own(struct run *run, size_t i) {
  return &run->list[2 * i + 1];
}

/* The region's cause, of regions that lose that. */
static inline const struct cause *
cause_of(struct run *run, const char *workload, const char *variant,
         const struct lost *l, void (*change)(struct record *r)) {
  run_empty(run);
  lost_regions(run, workload, variant, 2, l, 1);
  for (size_t i = 0; change && i < LOST_ROUNDS; i++)
    change(own(run, i));
  return &analysed(run, workload, variant, 2)->region_cause;
}

#endif
