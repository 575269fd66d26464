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

void finding_time(struct text *text, double s) {
  static const struct {
    double from, by;
    const char *unit;
  } units[] = {
      {1, 1, "s"}, {1e-3, 1e3, "ms"}, {1e-6, 1e6, "µs"}, {0, 1e9, "ns"}};
  size_t u = 0;
  while (s < units[u].from)
    u++;
  text_add(text, "%.3g %s", s * units[u].by, units[u].unit);
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
           "%.2fx as fast",
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
     cause_early_hit},
    {"oversubscribed",
     BIT(TERM_START) | BIT(TERM_DISPATCH) | BIT(TERM_IMBALANCE) |
         BIT(TERM_SLOWER) | BIT(TERM_WAITING) | BIT(TERM_JOIN) | BIT(TERM_WORK),
     cause_oversubscribed},
    {"quota",
     BIT(TERM_START) | BIT(TERM_IMBALANCE) | BIT(TERM_WAITING) |
         BIT(TERM_JOIN) | BIT(TERM_MORE_IDLE),
     cause_quota},
    {"neighbour",
     BIT(TERM_START) | BIT(TERM_DISPATCH) | BIT(TERM_IMBALANCE) |
         BIT(TERM_SLOWER) | BIT(TERM_WAITING) | BIT(TERM_JOIN) |
         BIT(TERM_WORK) | BIT(TERM_MORE_IDLE),
     cause_neighbour},
    {"little-work",
     BIT(TERM_SERIAL) | BIT(TERM_INFLATED) | BIT(TERM_START) |
         BIT(TERM_DISPATCH) | BIT(TERM_SENDING) | BIT(TERM_JOIN),
     cause_little_work},
    {"serial-phases", BIT(TERM_SERIAL), cause_serial_phases},
    {"team-start", BIT(TERM_INFLATED), cause_team_start},
    {"few-items", BIT(TERM_FEW), cause_few_items},
    {"uneven-slices", BIT(TERM_IMBALANCE), cause_uneven_slices},
    {"other-cores", BIT(TERM_IMBALANCE) | BIT(TERM_SLOWER), cause_other_cores},
    {"unequal-work", BIT(TERM_IMBALANCE), cause_unequal_work},
    {"large-chunks", BIT(TERM_IMBALANCE), cause_large_chunks},
    {"slow-clock", BIT(TERM_SLOWER), cause_slow_clock},
    {"shared-core", BIT(TERM_SLOWER), cause_shared_core},
    {"small-chunks", BIT(TERM_DISPATCH), cause_small_chunks},
    {"team-work", BIT(TERM_START) | BIT(TERM_SENDING) | BIT(TERM_JOIN),
     cause_team_work},
    {"page-faults", BIT(TERM_WORK), page_faults},
    {"false-sharing", BIT(TERM_WORK), false_sharing},
    {"memory", BIT(TERM_WORK), memory},
    {"clock-drop", BIT(TERM_WORK) | BIT(TERM_MORE_CPU), clock_drop},
    {"other-cores", BIT(TERM_WORK) | BIT(TERM_MORE_CPU), cause_other_cores},
    {"shared-machine", BIT(TERM_WORK) | BIT(TERM_MORE_CPU), shared_machine},
    {"one-cpu", BIT(TERM_MORE_IDLE), one_cpu},
};
const size_t cause_rule_count = sizeof cause_rules / sizeof *cause_rules;
