#include "bench/tests/coverage_verdicts.h"

#include "bench/analyze/prediction.h"
#include "bench/analyze/stats.h"
#include "bench/analyze/verdict.h"
#include "bench/plan/budget.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
  LAST = COVERAGE_POINTS - 1,
  ONES = COVERAGE_POINTS - 1, /* points of one worker: serial, and the team's */
  ROUNDS = WIDTH_ROUNDS_LONG, /* of any scenario at most */
  LONG = 1000,                /* sweeps of them are a long run */
};
static const char *const requested[ONES] = {"serial", "omp:static"};
static const uint64_t long_seed = UINT64_C(1) << 41;
static const double false_share = 0.05, found_share = 0.8, wanted_width = 0.02;

/* ---- one workload -------------------------------------------------------- */

/* What a sweep measured of it. */
struct sweep {
  double program_s[COVERAGE_POINTS][ROUNDS];
  double pilot_s[ONES][PLAN_PILOTS], share[PLAN_PILOTS]; /* serial, of LAST's */
  struct interval law;                                   /* from its pilot */
  uint32_t rounds; /* that its own width asked for */
};

/* See prediction.c. */
static double share_of(const struct record *r) {
  double touch_s = r->touched_by_workers == 1 ? 0 : r->touch_s;
  return (r->setup_s + r->start_s + touch_s + r->finish_s + r->close_s) /
         r->program_s;
}

static void pilot(struct coverage_bench *bench, struct sweep *sweep) {
  struct record list[PLAN_PILOTS * ONES];
  struct records records = {.list = list, .count = 0};
  for (uint32_t i = 0; i < PLAN_PILOTS; i++)
    for (uint32_t point = 0; point < ONES; point++) {
      struct record *record = &list[records.count++];
      coverage_bench_run(bench, point, i, record);
      sweep->pilot_s[point][i] = record->program_s;
      sweep->share[i] = share_of(record); /* the last point's stays */
      free(record->phase);
      record->phase = strdup("pilot");
    }
  uint32_t workers = coverage_bench_scenario(bench)->cpus;
  sweep->law = prediction_program(&records, "spin", 0, requested[1], workers);
  for (size_t i = 0; i < records.count; i++)
    record_free(&list[i]);
}

static struct interval speedup_of(const struct sweep *sweep, int point,
                                  uint32_t rounds) {
  return stats_ratio_interval(sweep->program_s[point], sweep->program_s[LAST],
                              rounds);
}

/* Nine, then once from their width: see widest.c. */
static uint32_t rounds_of(const struct sweep *sweep, uint32_t most) {
  double ratios[WIDTH_ROUNDS_FIRST];
  const struct numbers all = {ratios, WIDTH_ROUNDS_FIRST};
  for (size_t i = 0; i < all.count; i++)
    ratios[i] = sweep->program_s[0][i] / sweep->program_s[LAST][i];
  struct interval first = speedup_of(sweep, 0, WIDTH_ROUNDS_FIRST);
  double half_width = (first.high - first.low) / 2 / first.median;
  return width_rounds(fmax(half_width, verdict_half_width(&all)), wanted_width,
                      most);
}

/* As logarithms: of its speedup's interval, and of its law's to the nearer end.
 */
static double half_width_of(const struct sweep *sweep) {
  struct interval i = speedup_of(sweep, 0, sweep->rounds);
  return log(i.high / i.low) / 2;
}

static double law_half_width_of(const struct sweep *sweep) {
  return log(sweep->law.median / sweep->law.low);
}

/* With all rounds that it may have. */
static void run_sweep(struct coverage_bench *bench, uint64_t seed,
                      struct sweep *sweep) {
  uint32_t most = coverage_bench_scenario(bench)->rounds;
  coverage_bench_restart(bench, seed);
  pilot(bench, sweep);
  for (uint32_t round = 0; round < most; round++) {
    double program_s[COVERAGE_POINTS];
    coverage_bench_programs(bench, round, program_s);
    for (int point = 0; point < COVERAGE_POINTS; point++)
      sweep->program_s[point][round] = program_s[point];
  }
  sweep->rounds = rounds_of(sweep, most);
}

/* ---- the long run -------------------------------------------------------- */

static double median_of(double *values, size_t count) {
  stats_sort(values, count);
  return stats_median(values, count);
}

/* Of many sweeps: ratios by round, one-worker programs and serial shares by
 * pilot, widths by sweep. */
struct long_run {
  double ratios[ONES][LONG * ROUNDS], pilot_s[ONES][LONG * PLAN_PILOTS],
      shares[LONG * PLAN_PILOTS], widths[LONG], rounds[LONG];
};

static void keep(const struct sweep *sweep, size_t number, size_t rounds,
                 struct long_run *all) {
  for (int point = 0; point < ONES; point++) {
    for (size_t round = 0; round < rounds; round++)
      all->ratios[point][number * rounds + round] =
          sweep->program_s[point][round] / sweep->program_s[LAST][round];
    memcpy(&all->pilot_s[point][number * PLAN_PILOTS], sweep->pilot_s[point],
           sizeof sweep->pilot_s[point]);
  }
  memcpy(&all->shares[number * PLAN_PILOTS], sweep->share, sizeof sweep->share);
  all->widths[number] = half_width_of(sweep);
  all->rounds[number] = sweep->rounds;
}

struct coverage_long_run
coverage_verdicts_truth(const struct coverage_scenario *scenario) {
  struct long_run *all = malloc(sizeof *all);
#pragma omp parallel
  {
    struct coverage_bench *bench = coverage_bench_new(scenario);
    struct sweep sweep;
#pragma omp for schedule(static)
    for (size_t s = 0; s < LONG; s++) {
      run_sweep(bench, long_seed + s, &sweep);
      keep(&sweep, s, scenario->rounds, all);
    }
    coverage_bench_free(bench);
  }
  size_t pilots = (size_t)LONG * PLAN_PILOTS,
         rounds = (size_t)LONG * scenario->rounds;
  double s = prediction_speedup(median_of(all->shares, pilots), scenario->cpus);
  double law = s * median_of(all->pilot_s[0], pilots) /
               median_of(all->pilot_s[1], pilots);
  struct coverage_long_run truth = {.speedup =
                                        median_of(all->ratios[0], rounds)};
  truth.over_law = truth.speedup / law;
  truth.over_one = median_of(all->ratios[1], rounds) / s;
  truth.half_width = median_of(all->widths, LONG);
  truth.rounds = median_of(all->rounds, LONG);
  free(all);
  return truth;
}

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
    [CASE_UNCORRECTED] = {.lawful = {false, true}, .uncorrected = true},
    [CASE_CERTAIN] = {.lawful = {true, true}, .certain = true},
};

struct report {
  struct analysis analysis;
  struct workload_result workloads[COVERAGE_WORKLOADS];
  struct result results[COVERAGE_WORKLOADS];
  double ratios[COVERAGE_WORKLOADS][ROUNDS];
  double speedups[COVERAGE_WORKLOADS], law; /* in truth */
  char names[COVERAGE_WORKLOADS][16];
};

static void fill_result(const struct sweep *sweep, double divided_by,
                        struct result *r, double *ratios) {
  static char team[] = "omp:static", flags[] = "";
  double below[ROUNDS];
  for (uint32_t i = 0; i < sweep->rounds; i++) {
    below[i] = sweep->program_s[LAST][i] * divided_by;
    ratios[i] = sweep->program_s[0][i] / below[i];
  }
  *r = (struct result){.requested = team,
                       .flags = flags,
                       .program_law = sweep->law,
                       .program_ratios = {ratios, sweep->rounds}};
  r->program_speedup =
      stats_ratio_interval(sweep->program_s[0], below, sweep->rounds);
}

/* As analysis_make leaves it. */
static void fill_report(const struct coverage_scenario *scenario,
                        const struct coverage_long_run *truth,
                        enum coverage_case of, const struct sweep *sweeps,
                        struct report *report) {
  report->analysis = (struct analysis){.workloads = report->workloads,
                                       .workload_count = COVERAGE_WORKLOADS,
                                       .results = report->results,
                                       .result_count = COVERAGE_WORKLOADS};
  report->law = truth->speedup / truth->over_law;
  for (int i = 0; i < COVERAGE_WORKLOADS; i++) {
    struct result *r = &report->results[i];
    bool lawful = cases[of].lawful[i % 2];
    double divided_by = lawful ? truth->over_law : truth->speedup;
    double far = 4 * half_width_of(&sweeps[i]);
    if (cases[of].far)
      divided_by *= exp(lawful ? far + law_half_width_of(&sweeps[i]) : -far);
    fill_result(&sweeps[i], divided_by, r, report->ratios[i]);
    report->speedups[i] = truth->speedup / divided_by;
    snprintf(report->names[i], sizeof report->names[i], "w%d", i);
    report->workloads[i] =
        (struct workload_result){.workload = report->names[i]};
    r->workload = report->names[i];
    r->workers = scenario->cpus;
    if (cases[of].certain)
      r->program_law.low = r->program_law.high = r->program_law.median;
    r->program_speedup_p =
        verdict_p(&r->program_ratios, verdict_nothing_gained);
    r->program_law_p = verdict_p(&r->program_ratios, r->program_law);
  }
  if (verdicts_settle(&report->analysis) != 0)
    abort();
  if (cases[of].uncorrected)
    report->analysis.run.verdict_level = false_share;
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

static void judge(enum coverage_case of, const struct report *report,
                  struct coverage_verdicts *all) {
  bool wrong = false;
  for (int i = 0; i < COVERAGE_WORKLOADS; i++) {
    const struct result *r = &report->results[i];
    bool lawful = cases[of].lawful[i % 2];
    enum verdict gain = verdict_of(&report->analysis, r, VERDICT_NO_GAIN),
                 law = verdict_of(&report->analysis, r, VERDICT_LAW);
    wrong = wrong || contradicts(gain, side(report->speedups[i], 1)) ||
            contradicts(law, side(report->speedups[i], report->law));
    all->found[of] += lawful ? law == VERDICT_BELOW : gain == VERDICT_ABOVE;
  }
  all->wrong[of] += wrong;
}

static bool residual_misses(const struct sweep *sweep, double over_one,
                            uint32_t workers) {
  double share[PLAN_PILOTS];
  memcpy(share, sweep->share, sizeof share);
  double law = prediction_speedup(median_of(share, PLAN_PILOTS), workers);
  struct interval rel = speedup_of(sweep, 1, sweep->rounds);
  return !(rel.low / over_one <= law && law <= rel.high / over_one);
}

static void run_report(struct coverage_bench *bench,
                       const struct coverage_long_run *truth, uint64_t seed,
                       struct coverage_verdicts *all) {
  const struct coverage_scenario *scenario = coverage_bench_scenario(bench);
  struct sweep sweeps[COVERAGE_WORKLOADS];
  struct report report;
  for (uint64_t i = 0; i < COVERAGE_WORKLOADS; i++) {
    run_sweep(bench, seed * COVERAGE_WORKLOADS + i, &sweeps[i]);
    all->residual_misses +=
        residual_misses(&sweeps[i], truth->over_one, scenario->cpus);
  }
  for (int c = 0; c < COVERAGE_CASES; c++) {
    fill_report(scenario, truth, (enum coverage_case)c, sweeps, &report);
    judge((enum coverage_case)c, &report, all);
  }
  all->reports++;
}

static void add(struct coverage_verdicts *to,
                const struct coverage_verdicts *from) {
  to->reports += from->reports;
  to->residual_misses += from->residual_misses;
  for (int c = 0; c < COVERAGE_CASES; c++) {
    to->wrong[c] += from->wrong[c];
    to->found[c] += from->found[c];
  }
}

struct coverage_verdicts
coverage_verdicts_run(const struct coverage_scenario *of,
                      const struct coverage_long_run *truth, size_t reports,
                      uint64_t seed) {
  struct coverage_verdicts all = {0};
#pragma omp parallel
  {
    struct coverage_bench *bench = coverage_bench_new(of);
    struct coverage_verdicts mine = {0};
#pragma omp for schedule(static)
    for (size_t i = 0; i < reports; i++)
      run_report(bench, truth, seed + i, &mine);
#pragma omp critical
    add(&all, &mine);
    coverage_bench_free(bench);
  }
  return all;
}

bool coverage_verdicts_pass(const struct coverage_scenario *scenario,
                            const struct coverage_verdicts *verdicts) {
  double reports = (double)verdicts->reports;
  for (int c = 0; c < CASE_UNCORRECTED; c++)
    if (!((double)verdicts->wrong[c] <= false_share * reports))
      return false;
  bool found = (double)verdicts->found[CASE_FAR] >=
               found_share * reports * COVERAGE_WORKLOADS;
  for (int c = CASE_UNCORRECTED; c < COVERAGE_CASES; c++)
    if (!((double)verdicts->wrong[c] > false_share * reports))
      return false;
  return found || scenario->hard;
}
