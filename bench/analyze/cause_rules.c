#include "bench/analyze/cause_rules.h"

#include "bench/analyze/flags.h"
#include "bench/analyze/results.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

const struct cause_limits cause_limits = {
    .half = 0.5,         /* what explains less is not the cause */
    .chunk_costs = 100,  /* then handing out is 1% of the work */
    .waited = 0.02,      /* as of the flag "contended" */
    .fault_s = 1e-6,     /* where the run did not measure what one costs:
                            between bare metal's half and a VM's 1.5 µs */
    .same_last = 0.9,    /* of nine trials one may be another's */
    .more_cpu = 1.1,     /* less is what CPUs differ by */
    .slow_serial = 1.05, /* a difference that matters */
    .slow_clock = 0.98,  /* as of the flag "clock-drop" */
    .turn_s = 5e-5,      /* on a free CPU waking takes less */
    .one_cpu = 1.2,      /* CPUs in use: not even a second one's fifth */
};

void finding_add(struct finding *finding, const char *name, const char *unit,
                 double value) {
  struct cause *cause = finding->cause;
  if (cause->evidence_count == EVIDENCE || !isfinite(value))
    return;
  struct evidence e = {strdup(name), strdup(unit), value};
  if (e.name && e.unit) {
    cause->evidence[cause->evidence_count++] = e;
    return;
  }
  free(e.name);
  free(e.unit);
}

static const struct {
  double from, by;
  const char *unit;
} units[] = {{1, 1, "s"}, {1e-3, 1e3, "ms"}, {1e-6, 1e6, "µs"}, {0, 1e9, "ns"}};

static size_t unit_of(double s) {
  size_t u = 0;
  while (s < units[u].from)
    u++;
  return u;
}

void finding_time(struct text *text, double s) {
  size_t u = unit_of(s);
  text_add(text, "%.3g %s", s * units[u].by, units[u].unit);
}

void finding_part(struct text *text, double part_s, double whole_s) {
  size_t u = unit_of(part_s);
  if (u == unit_of(whole_s))
    text_add(text, "%.3g", part_s * units[u].by);
  else
    finding_time(text, part_s);
  text_add(text, " of ");
  finding_time(text, whole_s);
}

/* ---- the same work takes longer ------------------------------------------ */

static enum answer page_faults(const struct cause_facts *f,
                               struct finding *finding) {
  double measured_s = f->analysis->run.fault_s.median;
  double fault_s = isnan(measured_s) ? cause_limits.fault_s : measured_s;
  if (isnan(f->faults))
    return RULE_NOT_TOLD;
  if (!cause_explains(f, f->faults * fault_s))
    return RULE_RULED_OUT;
  text_add(&finding->text,
           "%.0f page faults in each region, more than serial has: first touch "
           "by its workers",
           f->faults);
  finding_add(finding, "minor_faults", "", f->faults);
  finding_add(finding, "fault_s", "s", fault_s);
  return RULE_HOLDS;
}

/* The same parameters but for the lines that its slots lie in. */
static bool is_padded_twin(const char *packed, const char *other) {
  static const char mine[] = "update=packed", its[] = "update=padded";
  const char *at = packed ? strstr(packed, mine) : NULL;
  size_t before = at ? (size_t)(at - packed) : 0;
  return at && other && strncmp(packed, other, before) == 0 &&
         strncmp(other + before, its, sizeof its - 1) == 0 &&
         strcmp(at + sizeof mine - 1, other + before + sizeof its - 1) == 0;
}

static const struct result *padded_twin(const struct cause_facts *f) {
  const struct result *own = f->result;
  for (size_t i = 0; i < f->analysis->result_count; i++) {
    const struct result *r = &f->analysis->results[i];
    if (r->workers == own->workers &&
        strcmp(r->requested, own->requested) == 0 &&
        strcmp(r->kernel, own->kernel) == 0 &&
        is_padded_twin(own->workload, r->workload))
      return r;
  }
  return NULL;
}

/* By what share of their cores' time the twins' efficiencies differ. */
static enum answer false_sharing(const struct cause_facts *f,
                                 struct finding *finding) {
  const struct result *twin = padded_twin(f);
  if (!twin)
    return strstr(f->result->workload, "update=packed") ? RULE_NOT_TOLD
                                                        : RULE_NOT_ASKED;
  double gain = twin->speedup_abs.median / f->result->speedup_abs.median;
  if (isnan(gain))
    return RULE_NOT_TOLD;
  if (!cause_explains_share(f, twin->efficiency.median -
                                   f->result->efficiency.median))
    return RULE_RULED_OUT;
  text_add(&finding->text,
           "sharing cache lines: with each slot in lines of its own it is "
           "%.2f× as fast",
           gain);
  finding_add(finding, "padded_gain", "", gain);
  return RULE_HOLDS;
}

static enum answer memory(const struct cause_facts *f,
                          struct finding *finding) {
  const struct result *r = f->result;
  if (isnan(r->roofline_share.median))
    return RULE_NOT_TOLD;
  if (!r->roofline_limit)
    return RULE_RULED_OUT;
  text_add(&finding->text, "%s: %.0f%% of what the memory benchmark moves",
           strcmp(r->roofline_limit, "memory") == 0 ? "memory bandwidth"
                                                    : r->roofline_limit,
           100 * r->roofline_share.median);
  finding_add(finding, "roofline_share", "", r->roofline_share.median);
  return RULE_HOLDS;
}

static enum answer clock_drop(const struct cause_facts *f,
                              struct finding *finding) {
  double ratio = f->result->clock_ratio.median;
  if (isnan(ratio))
    return RULE_NOT_TOLD;
  if (!flag_is_set(f->result, FLAG_CLOCK_DROP) ||
      !cause_explains_share(f, 1 - ratio))
    return RULE_RULED_OUT;
  text_add(&finding->text, "the clock is %.0f%% of that of one worker",
           100 * ratio);
  finding_add(finding, "clock_ratio", "", ratio);
  return RULE_HOLDS;
}

/* As many serial processes at once, which share nothing but the machine. */
static enum answer shared_machine(const struct cause_facts *f,
                                  struct finding *finding) {
  const struct result *copies = cause_beside(f, "copies");
  if (!copies || isnan(copies->efficiency.median))
    return RULE_NOT_TOLD;
  if (!(copies->efficiency.high < 1) ||
      !cause_explains_share(f, 1 - copies->efficiency.median))
    return RULE_RULED_OUT;
  text_add(&finding->text,
           "a shared resource (memory, cache, core or clock): as many copies "
           "of serial slow each other down to %.0f%%, too",
           100 * copies->efficiency.median);
  finding_add(finding, "copies_efficiency", "", copies->efficiency.median);
  return RULE_HOLDS;
}

/* ---- from outside -------------------------------------------------------- */

static enum answer one_cpu(const struct cause_facts *f,
                           struct finding *finding) {
  double cpus = f->result->cpu_s.median / f->result->program_s.median;
  if (isnan(cpus))
    return RULE_NOT_TOLD;
  if (!(cpus < cause_limits.one_cpu))
    return RULE_RULED_OUT;
  text_add(&finding->text, "it uses %.2f CPUs, told of %.0f workers", cpus,
           (double)f->result->workers);
  finding_add(finding, "cpus_used", "CPUs", cpus);
  return RULE_HOLDS;
}

/* ---- the table ----------------------------------------------------------- */

#define BIT(term) (1U << (term))

/* In the order in which they are asked: what was done to the run or is in the
 * work itself comes before what a team does about it. */
const struct cause_rule cause_rules[] = {
    {"early-hit",
     BIT(TERM_SERIAL) | BIT(TERM_INFLATED) | BIT(TERM_START) |
         BIT(TERM_DISPATCH) | BIT(TERM_SENDING) | BIT(TERM_IMBALANCE) |
         BIT(TERM_SLOWER) | BIT(TERM_FEW) | BIT(TERM_THROWN) | BIT(TERM_JOIN) |
         BIT(TERM_WORK),
     cause_early_hit,
     "the first hit of a search that ends there lies in the first worker's "
     "share; or the loss is what was done past it"},
    {"oversubscribed",
     BIT(TERM_START) | BIT(TERM_DISPATCH) | BIT(TERM_IMBALANCE) |
         BIT(TERM_SLOWER) | BIT(TERM_WAITING) | BIT(TERM_JOIN) | BIT(TERM_WORK),
     cause_oversubscribed, "more workers than usable CPUs"},
    {"quota",
     BIT(TERM_START) | BIT(TERM_IMBALANCE) | BIT(TERM_WAITING) |
         BIT(TERM_JOIN) | BIT(TERM_MORE_IDLE),
     cause_quota, "a CPU quota took time away in some trial"},
    {"neighbour",
     BIT(TERM_START) | BIT(TERM_DISPATCH) | BIT(TERM_IMBALANCE) |
         BIT(TERM_SLOWER) | BIT(TERM_WAITING) | BIT(TERM_JOIN) |
         BIT(TERM_WORK) | BIT(TERM_MORE_IDLE),
     cause_neighbour,
     "workers were ready and waited for a CPU for over 2% of the time, or "
     "others used their CPUs, and that is half of the loss"},
    {"little-work",
     BIT(TERM_SERIAL) | BIT(TERM_INFLATED) | BIT(TERM_START) |
         BIT(TERM_DISPATCH) | BIT(TERM_SENDING) | BIT(TERM_JOIN),
     cause_little_work,
     "the region takes under 1 ms; of what is lost in serial phases, the "
     "team's own start and end are half"},
    {"serial-phases", BIT(TERM_SERIAL), cause_serial_phases,
     "always: which phase is the largest"},
    {"team-start", BIT(TERM_INFLATED), cause_team_start,
     "the team's own start and end are half of it"},
    {"few-items", BIT(TERM_FEW), cause_few_items, "fewer chunks than workers"},
    {"uneven-slices", BIT(TERM_IMBALANCE), cause_uneven_slices,
     "the items cannot be dealt out evenly, and that is half of it"},
    {"other-cores", BIT(TERM_IMBALANCE) | BIT(TERM_SLOWER), cause_other_cores,
     "half of it began where SMT siblings, slower cores or another NUMA node "
     "do: beyond what the greatest count without them lost, grown with the "
     "workers, and without what the clock explains"},
    {"unequal-work", BIT(TERM_IMBALANCE), cause_unequal_work,
     "of equal slices: the same team with chunks for who is free (`dynamic`) "
     "is faster by half of the loss; where that was not run, by the pilot's "
     "profile they take as unequal times as half of it; and without one, the "
     "same worker is the last in nine of ten trials and needs 10% more CPU "
     "time"},
    {"large-chunks", BIT(TERM_IMBALANCE), cause_large_chunks,
     "waiting for half a chunk, each but the last, is half of it"},
    {"slow-clock", BIT(TERM_SLOWER), cause_slow_clock,
     "the CPU on which `serial` takes the longest has a clock 2% slower than "
     "the others"},
    {"shared-core", BIT(TERM_SLOWER), cause_shared_core,
     "`serial` takes 5% longer there, and not for its clock"},
    {"small-chunks", BIT(TERM_DISPATCH), cause_small_chunks,
     "a chunk's work is below 100 times what handing it out costs"},
    {"team-work", BIT(TERM_START) | BIT(TERM_SENDING) | BIT(TERM_JOIN),
     cause_team_work, "always: what it is for each worker"},
    {"page-faults", BIT(TERM_WORK), page_faults,
     "page faults beyond those of `serial`, at what the run measured of one (1 "
     "µs where it did not), are half of it"},
    {"false-sharing", BIT(TERM_WORK), false_sharing,
     "the twin of `update=packed` with lines of its own does not lose half of "
     "it"},
    {"memory", BIT(TERM_WORK), memory, "see `roofline_limit`"},
    {"clock-drop", BIT(TERM_WORK) | BIT(TERM_MORE_CPU), clock_drop,
     "the flag is set, and the clock's loss is half of it"},
    {"other-cores", BIT(TERM_WORK) | BIT(TERM_MORE_CPU), cause_other_cores,
     "the same"},
    {"shared-machine", BIT(TERM_WORK) | BIT(TERM_MORE_CPU), shared_machine,
     "as many `copies` lose half of it"},
    {"one-cpu", BIT(TERM_MORE_IDLE), one_cpu,
     "a program uses fewer than 1.2 CPUs"},
};
const size_t cause_rule_count = sizeof cause_rules / sizeof *cause_rules;
