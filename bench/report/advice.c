/* What many worker counts show together. */
#include "bench/analyze/advice.h"
#include "bench/analyze/flags.h"
#include "bench/report/numbers.h"
#include "bench/report/scopes.h"
#include "bench/report/what_if.h"

#include <inttypes.h>
#include <string.h>

/* Worker counts below which there is nothing to choose among. */
enum { COUNTS_LEAST = 3, CLAUSE = 120 };

/* ---- what is spoken of --------------------------------------------------- */

/* A workload's leader, in one scope. */
struct subject {
  const struct analysis *analysis;
  const struct workload_result *workload;
  const struct model_result *model;
  const struct result *best, *enough, *most;
  const struct result *widest; /* the most also where they share CPUs */
  enum scope scope;
  size_t counts;
};

static size_t counts_of(const struct analysis *analysis,
                        const struct workload_result *workload,
                        const char *requested) {
  size_t count = 0;
  for (size_t i = 0; i < analysis->result_count; i++)
    count += result_is_of(&analysis->results[i], workload) &&
             strcmp(analysis->results[i].requested, requested) == 0;
  return count;
}

/* Of somebody's program the baseline is its first point. */
static const struct result *at(const struct subject *subject,
                               const char *requested, int64_t workers) {
  const struct result *r = analysis_find_of(
      subject->analysis, subject->workload, requested, workers);
  return r ? r
           : analysis_find_of(subject->analysis, subject->workload, "serial",
                              workers);
}

/* Of the variant of `most`, with the most workers, if more than CPUs. */
static const struct result *find_widest(const struct subject *subject) {
  const struct result *widest = subject->most;
  for (size_t i = 0; i < subject->analysis->result_count; i++) {
    const struct result *r = &subject->analysis->results[i];
    if (result_is_of(r, subject->workload) && r->workers > widest->workers &&
        strcmp(r->requested, widest->requested) == 0 &&
        isfinite(scope_speedup(subject->scope, r).median))
      widest = r;
  }
  return widest;
}

/* False: it has no model in that scope, or too few trials to choose by. */
static bool find_subject(const struct analysis *analysis,
                         const struct workload_result *workload,
                         enum scope scope, struct subject *subject) {
  int64_t workers = analysis_most_workers(analysis, workload);
  const struct result *leader = analysis_leader(analysis, workload, workers);
  *subject = (struct subject){.analysis = analysis,
                              .workload = workload,
                              .most = leader,
                              .scope = scope};
  if (!leader || leader->workers < 2)
    return false;
  subject->model = analysis_model(analysis, workload, leader->requested,
                                  scope_table[scope].shows);
  if (!subject->model || subject->model->best_workers == FIELD_NULL)
    return false;
  subject->counts = counts_of(analysis, workload, leader->requested);
  subject->widest = find_widest(subject);
  subject->best = at(subject, leader->requested, subject->model->best_workers);
  subject->enough =
      at(subject, leader->requested, subject->model->enough_workers);
  return subject->best && subject->enough &&
         isfinite(scope_speedup(scope, subject->best).low);
}

static const char *ratio_of(const struct subject *subject,
                            const struct result *r,
                            char text[static NUMBER_LENGTH]) {
  return number_ratio_within(scope_speedup(subject->scope, r), text);
}

/* ---- how many workers ---------------------------------------------------- */

/* "best: 11.3x on 32 of 256 workers". */
static void say_best(const struct subject *subject, struct text *text) {
  char best[NUMBER_LENGTH], enough[NUMBER_LENGTH];
  ratio_of(subject, subject->best, best);
  if (subject->enough != subject->best)
    text_add(
        text,
        "enough: %s on %" PRId64 " worker%s, not told apart from the best, "
        "%s on %" PRId64,
        ratio_of(subject, subject->enough, enough), subject->enough->workers,
        subject->enough->workers == 1 ? "" : "s", best, subject->best->workers);
  else if (subject->best == subject->widest)
    text_add(text, "best: %s on %" PRId64 " workers, the most", best,
             subject->best->workers);
  else
    text_add(text, "best%s: %s on %" PRId64 " worker%s",
             flags_spoilt(subject->widest) ? " undisturbed" : "", best,
             subject->best->workers, subject->best->workers == 1 ? "" : "s");
}

/* "; 5.08x on 256", where the best were not the most, which may be spoilt. */
static void say_most(const struct subject *subject, struct text *text) {
  char most[NUMBER_LENGTH];
  const struct flag_about *spoilt = flags_spoilt(subject->widest);
  if (subject->widest->workers > subject->best->workers)
    text_add(text, "; %s on %" PRId64 "%s%s%s",
             ratio_of(subject, subject->widest, most), subject->widest->workers,
             spoilt ? " (" : "", spoilt ? spoilt->word : "", spoilt ? ")" : "");
}

static void say_half(const struct subject *subject, struct text *text) {
  if (subject->model->half_from != FIELD_NULL)
    text_add(text, "; under 50%% efficiency from %" PRId64 " on",
             subject->model->half_from);
}

/* Whether the law was surely off already where it was measured, by a share that
 * matters. */
static bool law_is_off(const struct subject *subject) {
  struct interval residual = subject->most->program_law_residual;
  double matters = log1p(flags_matters());
  return residual.low > matters || residual.high < -matters;
}

static void say_hundred(const struct subject *subject, struct text *text) {
  char ratio[NUMBER_LENGTH];
  double law = subject->model->law_at_hundred.median;
  if (isfinite(law) && !law_is_off(subject))
    text_add(text, "; 100 cores: %s predicted", number_ratio(law, ratio));
}

int report_advice_line(const struct analysis *analysis,
                       const struct workload_result *workload,
                       char text[static REPORT_LINE]) {
  static void (*const clauses[])(const struct subject *, struct text *) = {
      say_best, say_most, say_half, say_hundred};
  struct subject subject;
  struct text line = text_begin(text, REPORT_LINE);
  if (!find_subject(analysis, workload, SCOPE_PROGRAM, &subject) &&
      !find_subject(analysis, workload, SCOPE_REGION, &subject))
    return 0;
  if (subject.counts < COUNTS_LEAST)
    return 0;
  for (size_t i = 0; i < sizeof clauses / sizeof *clauses; i++) {
    char bytes[CLAUSE];
    struct text clause = text_begin(bytes, sizeof bytes);
    clauses[i](&subject, &clause);
    if (number_columns(text) + number_columns(bytes) <= REPORT_ADVICE)
      text_add(&line, "%s", bytes);
  }
  return (int)number_columns(text);
}

static void say_workers(const struct subject *subject, struct text *text) {
  say_best(subject, text);
  say_most(subject, text);
  say_half(subject, text);
}

const struct result *
report_advice_widest(const struct analysis *analysis,
                     const struct workload_result *workload) {
  char line[REPORT_LINE];
  struct subject subject;
  if (report_advice_line(analysis, workload, line) == 0 ||
      (!find_subject(analysis, workload, SCOPE_PROGRAM, &subject) &&
       !find_subject(analysis, workload, SCOPE_REGION, &subject)))
    return NULL;
  return subject.widest;
}

bool report_advice_words(const struct analysis *analysis,
                         const struct workload_result *workload,
                         enum scope scope, char text[static REPORT_LINE]) {
  struct subject subject;
  struct text line = text_begin(text, REPORT_LINE);
  if (!find_subject(analysis, workload, scope, &subject) ||
      subject.counts < COUNTS_LEAST)
    return false;
  say_workers(&subject, &line);
  return true;
}

double report_law_at_hundred(const struct analysis *analysis,
                             const struct workload_result *workload) {
  struct subject subject;
  bool found = find_subject(analysis, workload, SCOPE_PROGRAM, &subject);
  return found && !law_is_off(&subject) ? subject.model->law_at_hundred.median
                                        : (double)NAN;
}

/* ---- the law ------------------------------------------------------------- */

static void say_share(const char *what, struct interval share, FILE *out) {
  char text[NUMBER_LENGTH];
  fprintf(out, "%s %s", what, number_percent_interval(share, text));
}

static double largest_residual(const struct model_result *model) {
  double most = 0;
  for (size_t i = 0; i < model->residuals.count; i++)
    most = fmax(most, fabs(model->residuals.values[i]));
  return expm1(most);
}

static void say_amdahl(const struct model_result *result,
                       const struct model *model, FILE *out) {
  char text[NUMBER_LENGTH];
  bool law = model->counts >= MODEL_FIT;
  if (law)
    fprintf(out, "Amdahl's law fits %zu counts up to %.0f:", model->counts,
            model->most);
  say_share(law ? " an apparent serial fraction of"
                : "an apparent serial fraction of",
            model->serial, out);
  if (!law)
    fprintf(out, " of %zu counts up to %.0f, too few for a law (off by %s)",
            model->counts, model->most,
            number_percent(largest_residual(result), text));
  if (model_is_ambiguous(model))
    fputs("; a fixed cost of each team explains it as well", out);
}

static void say_usl(const struct model *model, FILE *out) {
  double turn = model_turn(model);
  fprintf(out, "the Universal Scalability Law fits %zu counts up to %.0f:",
          model->counts, model->most);
  say_share(" serial", model->serial, out);
  say_share(", kappa", model->kappa, out);
  if (isfinite(turn))
    fprintf(out, "; it turns at %.0f workers, by the law and not by a trial",
            turn);
}

/* Of one worker count, or none that was undisturbed, there is nothing to say.
 */
static void say_no_law(const struct model *model, bool predicted, FILE *out) {
  if (model->counts == 2 && predicted) /* that tells of more */
    return;
  if (model->counts == 2)
    fputs(
        "  Two worker counts cannot be fitted: to tell of more takes three or "
        "more.\n",
        out);
  else if (model->counts > 2)
    fprintf(out,
            "  Over the workers: no law can be told from %zu counts: one "
            "worker has to be among them, undisturbed, and trials enough.\n",
            model->counts);
}

static void say_law(const struct model_result *result, FILE *out) {
  const struct model model = advice_model(result);
  if (model.law == LAW_NONE) {
    say_no_law(&model, isfinite(result->law_at_hundred.median), out);
    return;
  }
  fputs("  Over the workers: ", out);
  if (!model_fits(&model))
    fprintf(out, "no law fits %zu counts up to %.0f", model.counts, model.most);
  else if (model.law == LAW_AMDAHL)
    say_amdahl(result, &model, out);
  else if (model.law == LAW_USL)
    say_usl(&model, out);
  else {
    fprintf(out, "%s fits %zu counts up to %.0f:", law_names[model.law],
            model.counts, model.most);
    if (model.law == LAW_BOTH)
      say_share(" serial", model.serial, out);
    say_share(model.law == LAW_BOTH ? ", cost" : "", model.cost, out);
  }
  fputs(".\n", out);
}

/* ---- all of it ----------------------------------------------------------- */

static void say_gains(const struct subject *subject, FILE *out) {
  const struct run_facts *run = &subject->analysis->run;
  const struct model_result *m = subject->model;
  const struct {
    enum flag flag;
    int64_t from;
    struct interval gain;
  } breaks[] = {{FLAG_SMT, run->siblings_from, m->siblings_gain},
                {FLAG_SLOW_CORES, run->slower_from, m->slower_gain},
                {FLAG_NUMA, run->numa_from, m->numa_gain}};
  for (size_t i = 0; i < sizeof breaks / sizeof *breaks; i++) {
    char ratio[NUMBER_LENGTH];
    if (isfinite(breaks[i].gain.median))
      fprintf(out, "  From %" PRId64 " workers on %s: they bring %s.\n",
              breaks[i].from, flag_table[breaks[i].flag].breaks,
              number_ratio_interval(breaks[i].gain, ratio));
  }
}

static void say_bounds(const struct subject *subject, FILE *out) {
  const struct result *r = subject->most;
  for (int w = 0; w < WHAT_IFS; w++) {
    char ratio[NUMBER_LENGTH];
    if (what_if_matters(r, subject->scope, (enum what_if)w))
      fprintf(out, "  At most %s on %" PRId64 " workers, %s.\n",
              number_ratio_interval(
                  what_if_bound(r, subject->scope, (enum what_if)w), ratio),
              r->workers, what_if_table[w].words);
  }
}

static void say_hundred_cores(const struct subject *subject, FILE *out) {
  const struct result *most = subject->most;
  char ratio[NUMBER_LENGTH], law[NUMBER_LENGTH];
  if (!isfinite(subject->model->law_at_hundred.median))
    return;
  fprintf(out,
          "  A hundred cores? By Amdahl's law and the measured fraction %s, a "
          "prediction",
          number_ratio_interval(subject->model->law_at_hundred, ratio));
  if (law_is_off(subject))
    fprintf(out, "; on %" PRId64 " it had %s for what was %s", most->workers,
            number_ratio_within(most->program_law, law),
            number_ratio_within(most->program_speedup, ratio));
  fputs(".\n", out);
}

static void say_subject(const struct subject *subject, FILE *out) {
  char line[REPORT_LINE], name[REPORT_NAME];
  struct text text = text_begin(line, sizeof line);
  say_workers(subject, &text);
  fprintf(out, "%s, %s, %s: %s.\n", report_name(subject->workload, name),
          subject->most->requested, scope_table[subject->scope].what, line);
  say_law(subject->model, out);
  say_gains(subject, out);
  say_bounds(subject, out);
  say_hundred_cores(subject, out);
}

void report_workload_advice(const struct analysis *analysis,
                            const struct workload_result *workload, FILE *out) {
  for (int scope = 0; scope < SCOPES; scope++) {
    struct subject subject;
    if (find_subject(analysis, workload, (enum scope)scope, &subject))
      say_subject(&subject, out);
  }
}

void report_advice(const struct analysis *analysis, FILE *out) {
  for (size_t s = 0; s < analysis->workload_count; s++)
    report_workload_advice(analysis, &analysis->workloads[s], out);
}
