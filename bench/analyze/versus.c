#include "bench/analyze/versus.h"

#include "bench/analyze/flags.h"
#include "bench/analyze/unpaired.h"
#include "bench/plan/notation.h"
#include "bench/record/record.h"

#include <stdlib.h>
#include <string.h>

static const double false_share = 0.05; /* over a whole comparison */

/* ---- what stands beside what --------------------------------------------- */

const struct workload_result *
versus_workload(const struct analysis *analysis,
                const struct workload_result *workload) {
  const struct workload_result *found = NULL;
  for (size_t s = 0; s < analysis->workload_count; s++) {
    const struct workload_result *other = &analysis->workloads[s];
    if (strcmp(other->workload, workload->workload) != 0)
      continue;
    if (other->size == workload->size)
      return other;
    if (!other->sized && !workload->sized)
      found = other;
  }
  return found;
}

const struct result *versus_find(const struct analysis *other,
                                 const struct workload_result *workload,
                                 const struct result *r) {
  const struct workload_result *beside = versus_workload(other, workload);
  return beside ? analysis_find_of(other, beside, r->requested, r->workers)
                : NULL;
}

/* Of texts that may not be told. */
static bool differ(const char *a, const char *b) {
  return a && b && strcmp(a, b) != 0;
}

unsigned versus_differences(const struct analysis *a, const struct analysis *b,
                            const struct workload_result *in_a, bool program) {
  const struct workload_result *in_b = versus_workload(b, in_a);
  if (!in_b)
    return 0;
  const char *params_a = in_a->params ? in_a->params : "";
  const char *params_b = in_b->params ? in_b->params : "";
  const struct {
    bool holds;
    enum versus_difference difference;
  } list[] = {
      {a->run.schema != b->run.schema, VERSUS_SCHEMA},
      {in_a->size != in_b->size, VERSUS_SIZE},
      {!notation_same(params_a, params_b), VERSUS_PARAMS},
      {a->run.seed != b->run.seed, VERSUS_SEED},
      {a->run.iterations != b->run.iterations, VERSUS_ITERATIONS},
      {a->run.blocks != b->run.blocks, VERSUS_BLOCKS},
      {program && in_a->repeat != in_b->repeat, VERSUS_REPEAT},
      {differ(a->run.scaling, b->run.scaling), VERSUS_SCALING},
  };
  unsigned differences = 0;
  for (size_t i = 0; i < sizeof list / sizeof *list; i++)
    differences |= list[i].holds ? list[i].difference : 0;
  return differences;
}

/* ---- one point ----------------------------------------------------------- */

static bool is_of_program(const struct result *a, const struct result *b) {
  return strcmp(a->kernel, record_program) == 0 ||
         !isfinite(a->region_s.median) || !isfinite(b->region_s.median);
}

/* Of a term, in units of A's time. */
static struct interval part(struct interval share, double whole) {
  return (struct interval){share.median * whole, share.low * whole,
                           share.high * whole};
}

/* What grew or shrank most, and surely. */
static void find_change(struct versus_row *row) {
  if (!row->a || !row->b)
    return; /* a row is of both */
  const struct breakdown *a =
      row->program ? &row->a->breakdown : &row->a->region_breakdown;
  const struct breakdown *b =
      row->program ? &row->b->breakdown : &row->b->region_breakdown;
  double way = row->verdict == VERSUS_SLOWER ? 1 : -1, most = 0;
  for (enum term t = 0; a->told && b->told && t < TERMS; t++) {
    struct interval in_a = part(a->share[t], 1);
    struct interval in_b = part(b->share[t], row->ratio.median);
    double more = way * (in_b.median - in_a.median);
    bool apart = way > 0 ? in_b.low > in_a.high : in_b.high < in_a.low;
    if (!(more > most))
      continue;
    most = more; /* what is not sure must not leave it to what is smaller */
    row->told = apart && (t == TERM_USEFUL ||
                          way * (b->share[t].median - a->share[t].median) > 0);
    row->term = t;
  }
  row->share_a = a->share[row->term];
  row->share_b = b->share[row->term];
}

static int measure(struct versus_row *row) {
  const struct result *a = row->a, *b = row->b;
  const struct numbers *in_a =
      row->program ? &a->program_times_s : &a->region_times_s;
  const struct numbers *in_b =
      row->program ? &b->program_times_s : &b->region_times_s;
  struct unpaired unpaired;
  row->time_a_s = row->program ? a->program_s : a->region_s;
  row->time_b_s = row->program ? b->program_s : b->region_s;
  row->trials = in_a->count < in_b->count ? in_a->count : in_b->count;
  int status = unpaired_ratio(in_a, in_b, &unpaired);
  if (status || row->differences)
    return status;
  row->ratio = unpaired.ratio;
  if (!isfinite(unpaired.ratio.low) || row->spoilt)
    return 0;
  row->p = row->corrected_p = unpaired.p;
  /* What is printed beside it is within it, too. */
  double medians = row->time_b_s.median / row->time_a_s.median;
  row->within = fmax(fmax(row->ratio.high, 1 / row->ratio.low),
                     fmax(medians, 1 / medians)) -
                1;
  return 0;
}

static enum versus_verdict judge(const struct versus *versus,
                                 const struct versus_row *row) {
  if (row->differences)
    return VERSUS_NOT_COMPARABLE;
  if (row->spoilt)
    return VERSUS_SPOILT;
  if (isnan(row->p))
    return VERSUS_FEW;
  if (row->corrected_p <= false_share)
    return row->ratio.median > 1 ? VERSUS_SLOWER : VERSUS_FASTER;
  if (row->within <= flags_matters())
    return VERSUS_SAME;
  return versus->few ? VERSUS_FEW : VERSUS_TOO_WIDE;
}

/* No part of it is told: nothing that matters is in the interval of what they
 * have in common. */
static void judge_together(const struct versus *versus,
                           struct versus_workload *workload) {
  const struct interval *ratio = &workload->ratio;
  if (workload->corrected_p <= false_share)
    workload->verdict = ratio->median > 1 ? VERSUS_SLOWER : VERSUS_FASTER;
  else if (workload->within <= flags_matters())
    workload->verdict = VERSUS_SAME;
  else
    workload->verdict = versus->few ? VERSUS_FEW : VERSUS_TOO_WIDE;
}

/* ---- all of them --------------------------------------------------------- */

static bool may_lead(const struct versus_row *row) {
  return row->a && !isnan(row->p) && !result_is_serial(row->a) &&
         !result_is_copies(row->a);
}

/* In one of the two, and the kernel does more than wait. */
static bool shares_cpus(const struct versus_row *row) {
  return row->in_a->waits != 1 &&
         (row->a->oversubscribed == 1 || row->b->oversubscribed == 1);
}

/* Whether the row stands for their workload rather than the other one: by what
 * is the same when the runs are swapped. */
static bool leads_before(const struct versus_row *row,
                         const struct versus_row *other) {
  static const char usual[] = "omp:static";
  const char *name = row->a->requested, *beside = other->a->requested;
  if (shares_cpus(row) != shares_cpus(other))
    return shares_cpus(other);
  if (row->a->workers != other->a->workers)
    return row->a->workers > other->a->workers;
  if ((strcmp(name, usual) == 0) != (strcmp(beside, usual) == 0))
    return strcmp(name, usual) == 0;
  return strcmp(name, beside) < 0;
}

/* One a workload. */
static void find_leaders(struct versus *versus) {
  for (size_t i = 0; i < versus->count; i++) {
    struct versus_row *row = &versus->rows[i];
    bool leads = may_lead(row);
    for (size_t k = 0; leads && k < versus->count; k++) {
      const struct versus_row *other = &versus->rows[k];
      leads = k == i || other->in_a != row->in_a || !may_lead(other) ||
              !leads_before(other, row);
    }
    row->leads = leads;
    versus->judged += !isnan(row->p);
    versus->leaders += leads;
  }
}

bool versus_is_spoilt(const struct analysis *run, const struct result *r) {
  return flags_spoilt(r) || run->run.steal_share > flags_steal_spoils();
}

static int add_row(struct versus *versus, const struct result *a,
                   bool programs) {
  const struct workload_result *in_a = analysis_workload_of(versus->a, a);
  const struct result *b = in_a ? versus_find(versus->b, in_a, a) : NULL;
  if (!b)
    return 0;
  bool program = programs || is_of_program(a, b);
  struct versus_row *row = &versus->rows[versus->count++];
  *row = (struct versus_row){
      .in_a = in_a,
      .in_b = versus_workload(versus->b, in_a),
      .a = a,
      .b = b,
      .program = program,
      .ratio = INTERVAL_NULL,
      .p = (double)NAN,
      .corrected_p = (double)NAN,
      .within = (double)NAN,
      .spoilt =
          versus_is_spoilt(versus->a, a) || versus_is_spoilt(versus->b, b),
      .differences = versus_differences(versus->a, versus->b, in_a, program)};
  return measure(row);
}

int versus_make(const struct analysis *a, const struct analysis *b,
                bool programs, struct versus *versus) {
  *versus = (struct versus){.a = a, .b = b};
  versus->rows = calloc(a->result_count + 1, sizeof *versus->rows);
  int status = versus->rows ? 0 : -1;
  for (size_t i = 0; !status && i < a->result_count; i++)
    status = add_row(versus, &a->results[i], programs);
  if (!status)
    find_leaders(versus);
  if (!status)
    status = versus_join(versus);
  if (!status)
    status = versus_correct(versus, false_share);
  for (size_t i = 0; !status && i < versus->count; i++) {
    struct versus_row *row = &versus->rows[i];
    row->verdict = judge(versus, row);
    if (row->verdict == VERSUS_SLOWER || row->verdict == VERSUS_FASTER)
      find_change(row);
  }
  for (size_t w = 0; !status && w < versus->workload_count; w++)
    judge_together(versus, &versus->workloads[w]);
  return status;
}

void versus_free(struct versus *versus) {
  free(versus->rows);
  free(versus->workloads);
  *versus = (struct versus){0};
}

bool versus_is_slower(const struct versus_row *row, double share) {
  return row->verdict == VERSUS_SLOWER && row->ratio.low > 1 + share;
}

bool versus_together_is_slower(const struct versus_workload *workload,
                               double share) {
  return workload->verdict == VERSUS_SLOWER && workload->ratio.low > 1 + share;
}

const struct versus_workload *
versus_together(const struct versus *versus,
                const struct workload_result *workload) {
  for (size_t w = 0; w < versus->workload_count; w++)
    if (versus->workloads[w].in_a == workload)
      return &versus->workloads[w];
  return NULL;
}

bool versus_efficiency(const struct result *result, bool programs,
                       struct interval *efficiency) {
  double workers = (double)result->workers;
  *efficiency = result->efficiency;
  if (programs || !isfinite(efficiency->median))
    *efficiency = (struct interval){result->program_speedup.median / workers,
                                    result->program_speedup.low / workers,
                                    result->program_speedup.high / workers};
  return !result_is_serial(result) && !result_is_copies(result) &&
         result->oversubscribed != 1 && !flags_spoilt(result) &&
         isfinite(efficiency->high);
}
