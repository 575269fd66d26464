/* Rules of losses where workers have nothing to do, or no CPU to do it on. */
#include "bench/analyze/cause_rules.h"
#include "bench/analyze/flags.h"
#include "bench/plan/notation.h"

#include <math.h>
#include <string.h>

/* ---- searches and small work --------------------------------------------- */

/* Where the hit lies in the first worker's share, more workers had nothing to
 * do. */
enum answer cause_early_hit(const struct cause_facts *f,
                            struct finding *finding) {
  double size = (double)f->result->size;
  if (!f->stops_early || isnan(f->hit))
    return RULE_NOT_ASKED;
  bool early = (f->hit + 1) * (double)f->result->workers < size;
  if (!early && f->term != TERM_THROWN)
    return RULE_RULED_OUT;
  text_add(&finding->text,
           "the search ends at item %.0f of %.0f: what lies behind is nobody's "
           "work",
           f->hit, size);
  finding_add(finding, "lowest_hit", "items", f->hit);
  finding_add(finding, "size", "items", size);
  return RULE_HOLDS;
}

/* Whether the team's own start and end are most of what is serial; of a loss in
 * regions, it does not matter. */
static bool is_teams(const struct cause_facts *f) {
  const struct interval *phases = f->breakdown->serial_s;
  double sum_s = 0;
  for (int p = 0; p < PHASES; p++)
    sum_s += phases[p].median;
  return (f->term != TERM_SERIAL && f->term != TERM_INFLATED) ||
         phases[PHASE_START].median + phases[PHASE_CLOSE].median >=
             cause_limits.half * sum_s;
}

enum answer cause_little_work(const struct cause_facts *f,
                              struct finding *finding) {
  double each_s = f->core_s / f->regions / (double)f->result->workers;
  double work_s = cause_one_s(f);
  if (isnan(work_s))
    return RULE_NOT_TOLD;
  if (!flag_is_set(f->result, FLAG_SHORT) || !is_teams(f))
    return RULE_RULED_OUT;
  text_add(&finding->text, "%.0f items are ", (double)f->result->size);
  finding_time(&finding->text, work_s);
  text_add(&finding->text, " of work, too little for ");
  finding_time(&finding->text, each_s);
  text_add(&finding->text, " a worker");
  finding_add(finding, "work_s", "s", work_s);
  finding_add(finding, "lost_s_a_worker", "s", each_s);
  return RULE_HOLDS;
}

enum answer cause_few_items(const struct cause_facts *f,
                            struct finding *finding) {
  if (isnan(f->chunks))
    return RULE_NOT_TOLD;
  if (f->chunks >= (double)f->result->workers)
    return RULE_RULED_OUT;
  text_add(&finding->text, "%.0f chunks for %.0f workers", f->chunks,
           (double)f->result->workers);
  finding_add(finding, "chunks", "", f->chunks);
  return RULE_HOLDS;
}

/* ---- serial phases ------------------------------------------------------- */

enum answer cause_serial_phases(const struct cause_facts *f,
                                struct finding *finding) {
  static const char *const names[PHASES] = {
      [PHASE_SETUP] = "set-up",          [PHASE_START] = "starting the team",
      [PHASE_TOUCH] = "page touching",   [PHASE_FINISH] = "finish",
      [PHASE_CLOSE] = "ending the team",
  };
  const struct interval *phases = f->breakdown->serial_s;
  int largest = 0;
  double sum_s = 0;
  if (isnan(phases[0].median))
    return RULE_NOT_TOLD;
  for (int p = 0; p < PHASES; p++) {
    sum_s += phases[p].median;
    largest = phases[p].median > phases[largest].median ? p : largest;
  }
  text_add(&finding->text, "%s, ", names[largest]);
  finding_part(&finding->text, phases[largest].median, sum_s);
  finding_add(finding, "largest_phase_s", "s", phases[largest].median);
  finding_add(finding, "serial_phases_s", "s", sum_s);
  const struct workload_result *w =
      analysis_workload_of(f->analysis, f->result);
  if (w && isfinite(w->known_serial_fraction)) {
    text_add(&finding->text, "; %.0f%% of the work is serial by its making",
             100 * w->known_serial_fraction);
    finding_add(finding, "known_serial_fraction", "", w->known_serial_fraction);
  }
  return RULE_HOLDS;
}

/* The team's own start and end are no phase of serial's. */
enum answer cause_team_start(const struct cause_facts *f,
                             struct finding *finding) {
  const struct interval *phases = f->breakdown->serial_s;
  double s = phases[PHASE_START].median + phases[PHASE_CLOSE].median;
  if (isnan(s))
    return RULE_NOT_TOLD;
  if (s < cause_limits.half * f->core_s)
    return RULE_RULED_OUT;
  text_add(&finding->text, "starting and ending the team takes ");
  finding_time(&finding->text, s);
  finding_add(finding, "team_s", "s", s);
  return RULE_HOLDS;
}

/* ---- others -------------------------------------------------------------- */

enum answer cause_oversubscribed(const struct cause_facts *f,
                                 struct finding *finding) {
  if (f->result->oversubscribed != 1)
    return RULE_RULED_OUT;
  text_add(&finding->text, "%.0f workers take turns on fewer CPUs",
           (double)f->result->workers);
  finding_add(finding, "workers", "", (double)f->result->workers);
  return RULE_HOLDS;
}

enum answer cause_quota(const struct cause_facts *f, struct finding *finding) {
  if (flag_is_set(f->result, FLAG_THROTTLED))
    text_add(&finding->text, "a CPU quota took time away");
  return cause_answer(flag_is_set(f->result, FLAG_THROTTLED));
}

/* Where it is told what was on no CPU, that is a term of its own, and out of
 * how long work takes. */
static bool is_work_alone(const struct cause_facts *f) {
  return (f->term == TERM_WORK || f->term == TERM_IMBALANCE ||
          f->term == TERM_SLOWER) &&
         isfinite(f->breakdown->share[TERM_WAITING].median);
}

/* Before and after its share a worker's delay is not counted. */
static bool is_long_wait(const struct cause_facts *f) {
  double each_s = f->core_s / f->regions / (double)f->result->workers;
  return (f->term == TERM_START || f->term == TERM_DISPATCH ||
          f->term == TERM_JOIN) &&
         each_s >= cause_limits.turn_s;
}

enum answer cause_neighbour(const struct cause_facts *f,
                            struct finding *finding) {
  /* Of a whole trial, it tells of what waited; of a region's start, where that
   * took as long as somebody's turn on the CPU. */
  bool crowded =
      f->term == TERM_WAITING || f->term == TERM_MORE_IDLE || is_long_wait(f);
  double share =
      crowded ? fmax(f->run_delay_share, f->crowd_share) : f->run_delay_share;
  if (is_work_alone(f))
    return RULE_NOT_ASKED;
  if (isnan(share)) /* neither */
    return RULE_NOT_TOLD;
  if (!(share > cause_limits.waited) || !cause_explains_share(f, share))
    return RULE_RULED_OUT;
  text_add(&finding->text, "others used its CPUs");
  if (f->run_delay_share > cause_limits.waited &&
      cause_explains_share(f, f->run_delay_share))
    text_add(&finding->text,
             ": its workers were ready and waited for %.0f%% of the time",
             100 * fmin(f->run_delay_share, 1)); /* also as regions end */
  else
    text_add(&finding->text, ", %.0f%% of their time", 100 * f->crowd_share);
  if (f->slow_serial > cause_limits.slow_serial)
    text_add(&finding->text, ", most of all on CPU %.0f", f->slow_cpu);
  finding_add(finding, "run_delay_share", "", f->run_delay_share);
  finding_add(finding, "others_share", "", f->crowd_share);
  return RULE_HOLDS;
}

/* ---- the last one -------------------------------------------------------- */

static bool is_static(const char *requested, struct variant_spec *spec) {
  struct problem ignored;
  return notation_parse_variant(requested, spec, &ignored) == 0 &&
         spec->schedule == SCHEDULE_STATIC;
}

/* The same team with chunks for who is free; NULL: it was not run. */
static const struct result *balanced(const struct cause_facts *f,
                                     struct variant_spec spec) {
  char requested[NOTATION_LENGTH];
  spec.schedule = SCHEDULE_DYNAMIC;
  spec.chunk = 0;
  notation_format_variant(&spec, requested);
  return cause_beside(f, requested);
}

static enum answer by_dynamic(const struct cause_facts *f,
                              const struct result *dynamic,
                              struct finding *finding) {
  double gain = f->result->region_s.median / dynamic->region_s.median;
  if (isnan(gain))
    return RULE_NOT_TOLD;
  if (!(gain > 1) || !cause_explains_share(f, 1 - 1 / gain) ||
      !(dynamic->region_s.high < f->result->region_s.low ||
        isnan(f->result->region_s.low)))
    return RULE_RULED_OUT;
  text_add(&finding->text, "equal slices hold unequal work; %s: %.2f×",
           dynamic->requested, gain);
  finding_add(finding, "dynamic_gain", "", gain);
  return RULE_HOLDS;
}

/* The share of all time that workers wait for the one with an item more. */
static double uneven_share(const struct cause_facts *f) {
  double p = (double)f->result->workers, size = (double)f->result->size;
  return 1 - size / p / ceil(size / p);
}

/* By what one worker took for each part of the items: the share that they wait
 * for the slice with the longest work, but for what follows from the number of
 * items alone. */
static enum answer by_profile(const struct cause_facts *f,
                              struct finding *finding) {
  double bound = f->result->region_law.median;
  double gain = f->result->region_law_dynamic_gain;
  double idle = 1 - bound / (double)f->result->workers;
  if (!cause_explains_share(f, idle - uneven_share(f)))
    return RULE_RULED_OUT;
  text_add(&finding->text, "equal slices hold unequal work");
  if (isfinite(gain))
    text_add(&finding->text, "; dynamic could win %.2f× at most", gain);
  finding_add(finding, "region_law", "", bound);
  finding_add(finding, "dynamic_gain_at_most", "", gain);
  return RULE_HOLDS;
}

/* Under a static schedule: with chunks for who is free it is faster; where that
 * was not run, by its profile; and where there is none, the same worker is the
 * last in nearly all trials, and needs more CPU time, and its CPU is not known
 * to be slower. */
enum answer cause_unequal_work(const struct cause_facts *f,
                               struct finding *finding) {
  struct variant_spec spec;
  if (!is_static(f->result->requested, &spec))
    return RULE_NOT_ASKED;
  const struct result *dynamic = balanced(f, spec);
  if (dynamic)
    return by_dynamic(f, dynamic, finding);
  if (isfinite(f->result->region_law.median))
    return by_profile(f, finding);
  if (isnan(f->last_cpu_ratio) || isnan(f->slow_serial))
    return RULE_NOT_TOLD;
  if (f->last_trials < 6 ||
      f->last_count < cause_limits.same_last * f->last_trials ||
      f->last_cpu_ratio < cause_limits.more_cpu)
    return RULE_RULED_OUT;
  text_add(&finding->text,
           "equal slices hold unequal work: worker %.0f, the last one in %.0f "
           "of %.0f trials, needs %.2f× the others' CPU time",
           f->last_worker, f->last_count, f->last_trials, f->last_cpu_ratio);
  finding_add(finding, "last_worker_cpu_ratio", "", f->last_cpu_ratio);
  finding_add(finding, "last_worker_trials", "", f->last_count);
  return RULE_HOLDS;
}

/* Items that cannot be dealt out evenly. */
enum answer cause_uneven_slices(const struct cause_facts *f,
                                struct finding *finding) {
  double p = (double)f->result->workers, size = (double)f->result->size;
  if (f->dynamic)
    return RULE_NOT_ASKED;
  if (!(size > 0) || !cause_explains_share(f, uneven_share(f)))
    return RULE_RULED_OUT;
  text_add(&finding->text, "%.0f items cannot be dealt out evenly to %.0f",
           size, p);
  finding_add(finding, "size", "items", size);
  return RULE_HOLDS;
}

/* Who waits for the last chunk of somebody else waits for one at most. */
enum answer cause_large_chunks(const struct cause_facts *f,
                               struct finding *finding) {
  double p = (double)f->result->workers;
  double chunk_s = cause_one_s(f) / f->chunks;
  if (!f->dynamic)
    return RULE_NOT_ASKED;
  if (isnan(chunk_s))
    return RULE_NOT_TOLD;
  if (!cause_explains(f, (p - 1) * chunk_s / 2))
    return RULE_RULED_OUT;
  text_add(&finding->text, "the last chunk: there are %.0f, of ", f->chunks);
  finding_time(&finding->text, chunk_s);
  finding_add(finding, "chunks", "", f->chunks);
  finding_add(finding, "chunk_s", "s", chunk_s);
  return RULE_HOLDS;
}

enum answer cause_slow_clock(const struct cause_facts *f,
                             struct finding *finding) {
  if (isnan(f->slow_clock))
    return RULE_NOT_TOLD;
  if (!(f->slow_clock < cause_limits.slow_clock))
    return RULE_RULED_OUT;
  text_add(&finding->text, "CPU %.0f has %.0f%% of the others' clock",
           f->slow_cpu, 100 * f->slow_clock);
  finding_add(finding, "cpu", "", f->slow_cpu);
  finding_add(finding, "clock_ratio", "", f->slow_clock);
  return RULE_HOLDS;
}

enum answer cause_shared_core(const struct cause_facts *f,
                              struct finding *finding) {
  if (isnan(f->slow_serial))
    return RULE_NOT_TOLD;
  if (!(f->slow_serial > cause_limits.slow_serial))
    return RULE_RULED_OUT;
  text_add(&finding->text,
           "serial takes %.2f× as long on CPU %.0f as on the others, and not "
           "for its clock: its core is shared",
           f->slow_serial, f->slow_cpu);
  finding_add(finding, "cpu", "", f->slow_cpu);
  finding_add(finding, "serial_ratio", "", f->slow_serial);
  finding_add(finding, "clock_ratio", "", f->slow_clock);
  return RULE_HOLDS;
}

/* ---- the team's own work ------------------------------------------------- */

enum answer cause_small_chunks(const struct cause_facts *f,
                               struct finding *finding) {
  double cost_s = f->core_s / f->regions / f->chunks;
  double chunk_s = cause_one_s(f) / f->chunks;
  if (isnan(chunk_s))
    return RULE_NOT_TOLD;
  if (!(chunk_s < cause_limits.chunk_costs * cost_s))
    return RULE_RULED_OUT;
  text_add(&finding->text, "chunks of ");
  finding_time(&finding->text, chunk_s);
  text_add(&finding->text, " are too small for ");
  finding_time(&finding->text, cost_s);
  text_add(&finding->text, " that each costs; %.2g items a chunk would do",
           (double)f->result->size / f->chunks * cause_limits.chunk_costs *
               cost_s / chunk_s);
  finding_add(finding, "chunk_s", "s", chunk_s);
  finding_add(finding, "dispatch_s_a_chunk", "s", cost_s);
  return RULE_HOLDS;
}

/* Measured from fork to first chunk, and from the last one to join. */
enum answer cause_team_work(const struct cause_facts *f,
                            struct finding *finding) {
  static const char *const words[TERMS] = {
      [TERM_START] = "waking or starting a worker takes ",
      [TERM_JOIN] = "after the last one a worker waits for ",
      [TERM_SENDING] = "carrying its results takes a worker "};
  double each_s = f->core_s / f->regions / (double)f->result->workers;
  text_add(&finding->text, "%s", words[f->term]);
  finding_time(&finding->text, each_s);
  text_add(&finding->text, " in each region");
  finding_add(finding, "lost_s_a_worker", "s", each_s);
  return RULE_HOLDS;
}
