#include "bench/tests/coverage_verdicts.h"

#include "bench/analyze/prediction.h"
#include "bench/analyze/stats.h"
#include "bench/analyze/verdict.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double false_share = 0.05, found_share = 0.8;

/* ---- a report ------------------------------------------------------------ */

/* What is true, of the workloads in turn. */
static const struct {
  bool lawful[2]; /* one follows the law (or is below it), or gains nothing */
  bool far, uncorrected, certain;
} cases[COVERAGE_CASES] = {
    [CASE_NO_GAIN] = {.lawful = {false, false}},
    [CASE_LAW] = {.lawful = {true, true}},
    [CASE_HALVES] = {.lawful = {false, true}},
    [CASE_FAR] = {.lawful = {false, true}, .far = true},
    [CASE_FAR_MEAN] = {.lawful = {false, true}, .far = true},
    [CASE_FAR_MEDIAN] = {.lawful = {false, true}, .far = true},
    [CASE_UNCORRECTED] = {.lawful = {false, true}, .uncorrected = true},
    [CASE_CERTAIN] = {.lawful = {true, true}, .certain = true},
};

struct report {
  struct analysis analysis;
  struct workload_result workloads[COVERAGE_WORKLOADS];
  struct result results[COVERAGE_WORKLOADS];
  double ratios[COVERAGE_WORKLOADS][COVERAGE_ROUNDS];
  double speedups[COVERAGE_WORKLOADS], law; /* in truth */
  char names[COVERAGE_WORKLOADS][16];
};

/* What its times are divided by for the case to be true. */
static double divisor_of(enum coverage_case of, bool lawful,
                         const struct coverage_long_run *truth,
                         const struct coverage_sweep *sweep) {
  double divisor = lawful ? truth->over_law : truth->speedup;
  double half_width = of == CASE_FAR        ? coverage_sweep_half_width(sweep)
                      : of == CASE_FAR_MEAN ? truth->mean_half_width
                                            : truth->half_width;
  if (!cases[of].far)
    return divisor;
  double far = 4 * half_width;
  return divisor *
         (lawful ? exp(far + coverage_sweep_law_half_width(sweep)) : exp(-far));
}

static void fill_result(const struct coverage_sweep *sweep, double divided_by,
                        const struct coverage_rival *rival, bool certain,
                        struct result *r, double *ratios) {
  static char team[] = "omp:static", flags[] = "";
  double below[COVERAGE_ROUNDS];
  for (uint32_t i = 0; i < sweep->rounds; i++) {
    below[i] = sweep->program_s[COVERAGE_LAST][i] * divided_by;
    ratios[i] = sweep->program_s[0][i] / below[i];
  }
  const struct coverage_trials trials = {
      sweep->rounds, {sweep->serial_s[0], sweep->serial_s[1]}, below};
  *r = (struct result){.requested = team,
                       .flags = flags,
                       .program_law = sweep->law,
                       .program_ratios = {ratios, sweep->rounds}};
  if (certain)
    r->program_law.low = r->program_law.high = r->program_law.median;
  r->program_speedup =
      stats_ratio_interval(sweep->program_s[0], below, sweep->rounds);
  r->program_speedup_p = rival->p(&trials, verdict_nothing_gained);
  r->program_law_p = rival->p(&trials, r->program_law);
}

static int compare_p(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

/* Hochberg's, for those that are not through: the largest k of which the k-th p
 * is at most 5% / (m - k + 1) are.
 * Source: Hochberg, "A sharper Bonferroni procedure for multiple tests of
 * significance", Biometrika 75(4), 1988. */
static double step_up_level(const struct report *report) {
  double p[COVERAGE_WORKLOADS];
  size_t m = COVERAGE_WORKLOADS, k = m;
  for (size_t i = 0; i < m; i++)
    p[i] = fmax(report->results[i].program_speedup_p,
                report->results[i].program_law_p);
  qsort(p, m, sizeof *p, compare_p);
  while (k > 0 && p[k - 1] > false_share / (double)(m - k + 1))
    k--;
  return false_share / (double)(m > k ? m - k : 1);
}

/* As analysis_make leaves it. */
static void fill_report(const struct coverage_scenario *scenario,
                        const struct coverage_long_run *truth,
                        enum coverage_case of,
                        const struct coverage_rival *rival,
                        const struct coverage_sweep *sweeps,
                        struct report *report) {
  struct run_facts *run = &report->analysis.run;
  report->analysis = (struct analysis){.workloads = report->workloads,
                                       .workload_count = COVERAGE_WORKLOADS,
                                       .results = report->results,
                                       .result_count = COVERAGE_WORKLOADS};
  report->law = truth->speedup / truth->over_law;
  for (int i = 0; i < COVERAGE_WORKLOADS; i++) {
    struct result *r = &report->results[i];
    double divided_by =
        divisor_of(of, cases[of].lawful[i % 2], truth, &sweeps[i]);
    fill_result(&sweeps[i], divided_by, rival, cases[of].certain, r,
                report->ratios[i]);
    report->speedups[i] = truth->speedup / divided_by;
    snprintf(report->names[i], sizeof report->names[i], "w%d", i);
    report->workloads[i] =
        (struct workload_result){.workload = report->names[i]};
    r->workload = report->names[i];
    r->workers = scenario->cpus;
  }
  if (verdicts_settle(&report->analysis) != 0)
    abort();
  if (rival->step_up)
    run->verdict_level = step_up_level(report);
  if (cases[of].uncorrected)
    run->verdict_level = false_share;
}

/* -1: below, 0: it is that, 1: above. */
static int side(double speedup, double null) {
  double above = log(speedup / null);
  return (above > 1e-9) - (above < -1e-9);
}

static bool contradicts(enum verdict verdict, int truth) {
  return (verdict == VERDICT_ABOVE && truth <= 0) ||
         (verdict == VERDICT_BELOW && truth >= 0);
}

/* On that side of the null by the printed interval, too; of the report's own
 * test each verdict is. */
static bool is_open(const struct result *r, struct interval null,
                    enum verdict side) {
  return side == VERDICT_BELOW ? r->program_speedup.high < null.low
                               : r->program_speedup.low > null.high;
}

/* One that the printed interval contradicts is none. */
static enum verdict verdict_shown(const struct report *report,
                                  const struct result *r,
                                  enum verdict_null null) {
  enum verdict verdict = verdict_of(&report->analysis, r, null);
  bool differs = verdict == VERDICT_ABOVE || verdict == VERDICT_BELOW;
  struct interval to =
      null == VERDICT_LAW ? r->program_law : verdict_nothing_gained;
  return differs && !is_open(r, to, verdict) ? VERDICT_TOO_WIDE : verdict;
}

static void judge(enum coverage_case of, const struct report *report,
                  struct coverage_verdicts *all) {
  bool wrong = false;
  for (int i = 0; i < COVERAGE_WORKLOADS; i++) {
    const struct result *r = &report->results[i];
    bool lawful = cases[of].lawful[i % 2];
    enum verdict gain = verdict_shown(report, r, VERDICT_NO_GAIN),
                 law = verdict_shown(report, r, VERDICT_LAW);
    wrong = wrong || contradicts(gain, side(report->speedups[i], 1)) ||
            contradicts(law, side(report->speedups[i], report->law));
    all->found[of] += lawful ? law == VERDICT_BELOW : gain == VERDICT_ABOVE;
    all->open[of] += lawful ? is_open(r, r->program_law, VERDICT_BELOW)
                            : is_open(r, verdict_nothing_gained, VERDICT_ABOVE);
  }
  all->wrong[of] += wrong;
}

static bool residual_misses(const struct coverage_sweep *sweep, double over_one,
                            uint32_t workers) {
  double share[PLAN_PILOTS];
  memcpy(share, sweep->share, sizeof share);
  double law = prediction_speedup(coverage_median(share, PLAN_PILOTS), workers);
  struct interval rel = coverage_sweep_speedup(sweep, 1, sweep->rounds);
  return !(rel.low / over_one <= law && law <= rel.high / over_one);
}

static void run_report(struct coverage_bench *bench,
                       const struct coverage_long_run *truth, uint64_t seed,
                       size_t rivals, struct coverage_verdicts *all) {
  const struct coverage_scenario *scenario = coverage_bench_scenario(bench);
  struct coverage_sweep sweeps[COVERAGE_WORKLOADS];
  struct report report;
  size_t misses = 0;
  for (uint64_t i = 0; i < COVERAGE_WORKLOADS; i++) {
    coverage_sweep_run(bench, seed * COVERAGE_WORKLOADS + i, &sweeps[i]);
    misses += residual_misses(&sweeps[i], truth->over_one, scenario->cpus);
  }
  for (size_t rival = 0; rival < rivals; rival++) {
    for (int c = 0; c < COVERAGE_CASES; c++) {
      fill_report(scenario, truth, (enum coverage_case)c,
                  &coverage_rivals[rival], sweeps, &report);
      judge((enum coverage_case)c, &report, &all[rival]);
    }
    all[rival].residual_misses += misses;
    all[rival].reports++;
  }
}

static void add(struct coverage_verdicts *to,
                const struct coverage_verdicts *from) {
  to->reports += from->reports;
  to->residual_misses += from->residual_misses;
  for (int c = 0; c < COVERAGE_CASES; c++) {
    to->wrong[c] += from->wrong[c];
    to->found[c] += from->found[c];
    to->open[c] += from->open[c];
  }
}

void coverage_verdicts_run(const struct coverage_scenario *of,
                           const struct coverage_long_run *truth,
                           size_t reports, uint64_t seed, size_t rivals,
                           struct coverage_verdicts *all) {
  memset(all, 0, rivals * sizeof *all);
#pragma omp parallel
  {
    struct coverage_bench *bench = coverage_bench_new(of);
    struct coverage_verdicts mine[COVERAGE_RIVALS] = {0};
#pragma omp for schedule(static)
    for (size_t i = 0; i < reports; i++)
      run_report(bench, truth, seed + i, rivals, mine);
#pragma omp critical
    for (size_t rival = 0; rival < rivals; rival++)
      add(&all[rival], &mine[rival]);
    coverage_bench_free(bench);
  }
}

double coverage_verdicts_false(const struct coverage_verdicts *verdicts) {
  size_t most = 0;
  for (int c = 0; c <= CASE_HALVES; c++)
    if (verdicts->wrong[c] > most)
      most = verdicts->wrong[c];
  return (double)most / (double)verdicts->reports;
}

double coverage_verdicts_found(const struct coverage_verdicts *verdicts,
                               enum coverage_case far) {
  return (double)verdicts->found[far] /
         (double)(verdicts->reports * COVERAGE_WORKLOADS);
}

bool coverage_verdicts_pass(const struct coverage_scenario *scenario,
                            const struct coverage_verdicts *verdicts) {
  double reports = (double)verdicts->reports;
  for (int c = 0; c < CASE_UNCORRECTED; c++)
    if (!((double)verdicts->wrong[c] <= false_share * reports))
      return false;
  for (int c = CASE_UNCORRECTED; c < COVERAGE_CASES; c++)
    if (!((double)verdicts->wrong[c] > false_share * reports))
      return false;
  return coverage_verdicts_found(verdicts, CASE_FAR_MEAN) >= found_share &&
         (coverage_verdicts_found(verdicts, CASE_FAR) >= found_share ||
          scenario->hard);
}
