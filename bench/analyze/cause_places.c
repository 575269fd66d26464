/* Losses that begin where workers come to sit on other cores: SMT siblings,
 * slower ones, those of another NUMA node. */
#include "bench/analyze/cause_rules.h"
#include "bench/analyze/flags.h"

#include <math.h>
#include <string.h>

/* In the order in which they are named. */
static const enum flag places[] = {FLAG_SLOW_CORES, FLAG_NUMA, FLAG_SMT};
enum { PLACES = sizeof places / sizeof *places };

/* A bit for each of them. */
static unsigned places_of(const struct result *result) {
  unsigned set = 0;
  for (unsigned i = 0; i < PLACES; i++)
    set |= flag_is_set(result, places[i]) ? 1U << i : 0;
  return set;
}

static const struct interval *share_of(const struct cause_facts *f,
                                       const struct result *r) {
  bool program = f->breakdown == &f->result->breakdown;
  const struct breakdown *b = program ? &r->breakdown : &r->region_breakdown;
  return b->told ? &b->share[f->term] : NULL;
}

/* Of the same variant, the most workers, fewer than the point's, that are
 * without one of these places.  One worker alone loses nothing by any place,
 * and so tells nothing. */
static const struct result *without(const struct cause_facts *f,
                                    unsigned left) {
  const struct result *own = f->result, *best = NULL;
  const struct workload_result *of = analysis_workload_of(f->analysis, own);
  for (size_t i = 0; of && i < f->analysis->result_count; i++) {
    const struct result *r = &f->analysis->results[i];
    if (r->workers < own->workers && r->workers > 1 &&
        (!best || r->workers > best->workers) && result_is_of(r, of) &&
        strcmp(r->requested, own->requested) == 0 && share_of(f, r) &&
        left & ~places_of(r))
      best = r;
  }
  return best;
}

/* Without what the clock explains, which is measured by itself. */
static double but_clock(const struct cause_facts *f, const struct result *r) {
  double share = share_of(f, r)->median, clock = 1 - r->clock_ratio.median;
  bool slows = f->term == TERM_WORK || f->term == TERM_MORE_CPU;
  return fmax(0, slows && clock > 0 ? share - clock : share);
}

/* What is lost beyond what would be if that grew with the workers. */
static double begins_after(const struct cause_facts *f,
                           const struct result *r) {
  double grown = (double)(f->result->workers - 1) / (double)(r->workers - 1);
  return but_clock(f, f->result) - but_clock(f, r) * grown;
}

static void say(const struct cause_facts *f, unsigned named,
                const struct result *r, struct finding *finding) {
  const struct run_facts *run = &f->analysis->run;
  const int64_t from[PLACES] = {run->slower_from, run->numa_from,
                                run->siblings_from};
  const char *before = "";
  for (unsigned i = 0; i < PLACES; i++) {
    if (!(named >> i & 1))
      continue;
    text_add(&finding->text, "%s%s from worker %.0f on", before,
             flag_table[places[i]].breaks, (double)from[i]);
    before = ", ";
    finding_add(finding, flag_table[places[i]].word, "workers",
                (double)from[i]);
  }
  text_add(&finding->text, "; with %.0f workers it was %.0f%%",
           (double)r->workers, 100 * fmax(0, share_of(f, r)->median));
  finding_add(finding, "workers_without", "workers", (double)r->workers);
  finding_add(finding, "share_without", "", share_of(f, r)->median);
}

/* From the place that began last backwards, until what began is half of the
 * loss; a place by which nothing that matters began is not named. */
enum answer cause_other_cores(const struct cause_facts *f,
                              struct finding *finding) {
  unsigned left = places_of(f->result), named = 0;
  const struct result *r = NULL;
  if (!left)
    return RULE_NOT_ASKED;
  for (; left && (r = without(f, left)); left &= places_of(r)) {
    double begun = begins_after(f, r);
    if (!(begun >= flags_matters()))
      continue;
    named |= left & ~places_of(r);
    if (!cause_explains_share(f, begun))
      continue;
    say(f, named, r, finding);
    return RULE_HOLDS;
  }
  return r || !left ? RULE_RULED_OUT : RULE_NOT_TOLD;
}
