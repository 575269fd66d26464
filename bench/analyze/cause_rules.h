/* cause_rules.h: why a loss is there: one table of rules. */
#ifndef CORESWEEP_CAUSE_RULES_H
#define CORESWEEP_CAUSE_RULES_H

#include "bench/analyze/cause_facts.h"
#include "bench/plan/text.h"

#include <math.h>

enum answer {
  RULE_HOLDS,
  RULE_RULED_OUT,
  RULE_NOT_TOLD, /* what it looks at was not measured */
  RULE_NOT_ASKED /* it is about something else */
};

/* What a rule that holds says: the end of a sentence, and the numbers that it
 * rests on. */
struct finding {
  struct text text;
  struct cause *cause; /* its evidence alone */
};

/* The first rule of those for a term that holds is the cause. */
struct cause_rule {
  const char *key;
  unsigned terms; /* a bit for each that it explains */
  enum answer (*holds)(const struct cause_facts *facts,
                       struct finding *finding);
  const char *when; /* it holds, for the documentation */
};
extern const struct cause_rule cause_rules[];
extern const size_t cause_rule_count;

/* Every threshold; choices, each with its reason. */
struct cause_limits {
  double half, chunk_costs, waited, fault_s, same_last, more_cpu, slow_serial,
      slow_clock, one_cpu, turn_s;
};
extern const struct cause_limits cause_limits;

static inline enum answer cause_answer(bool holds) {
  return holds ? RULE_HOLDS : RULE_RULED_OUT;
}

/* Whether a loss of that many core-seconds a region is half of it or more. */
static inline bool cause_explains(const struct cause_facts *f, double core_s) {
  return core_s >= cause_limits.half * f->core_s / f->regions;
}

/* Whether a share of the time that all cores need is. */
static inline bool cause_explains_share(const struct cause_facts *f,
                                        double share) {
  return share >= cause_limits.half * f->share;
}

/* Serial's time for a region's work. */
static inline double cause_one_s(const struct cause_facts *f) {
  const struct breakdown *b = &f->result->region_breakdown;
  return b->told ? b->core_s[TERM_USEFUL].median : (double)NAN;
}

/* Adds to the evidence; beyond EVIDENCE, and without memory, it is left out. */
void finding_add(struct finding *finding, const char *name, const char *unit,
                 double value);

/* Appends a time as it is said: "1.5 ms". */
void finding_time(struct text *text, double s);

/* Appends "48.7 of 49.6 ms". */
void finding_part(struct text *text, double part_s, double whole_s);

typedef enum answer cause_rule_holds(const struct cause_facts *facts,
                                     struct finding *finding);
cause_rule_holds cause_early_hit, cause_little_work, cause_few_items,
    cause_serial_phases, cause_team_start, cause_oversubscribed, cause_quota,
    cause_neighbour, cause_unequal_work, cause_uneven_slices,
    cause_large_chunks, cause_slow_clock, cause_shared_core, cause_small_chunks,
    cause_team_work, cause_other_cores;

#endif
