#include "bench/analyze/models.h"

#include "bench/analyze/least_squares.h"
#include "bench/analyze/stats.h"

#include <stdlib.h>
#include <string.h>

enum { RESAMPLES = 2000, SEED = 1993 };

/* Below this a fit is said to lack fit. */
static const double lack_level = 0.05;

/* The least deviation of a trial, as a share: simulated ones may have none. */
static const double least_deviation = 1e-4;

const char *const law_words[LAWS] = {[LAW_AMDAHL] = "amdahl",
                                     [LAW_COST] = "cost",
                                     [LAW_BOTH] = "amdahl-cost",
                                     [LAW_USL] = "usl"};

const char *const law_names[LAWS] = {
    [LAW_AMDAHL] = "Amdahl's law",
    [LAW_COST] = "a fixed cost of a team",
    [LAW_BOTH] = "Amdahl's law with a fixed cost of a team",
    [LAW_USL] = "the Universal Scalability Law"};

/* ---- the laws ------------------------------------------------------------ */

enum term { ONE, SERIAL, KAPPA, COST, TERMS };

/* Which terms a law has; `count` of them. */
static const struct {
  enum term term[LEAST_SQUARES_TERMS];
  size_t count;
} law_terms[LAWS] = {[LAW_AMDAHL] = {{ONE, SERIAL}, 2},
                     [LAW_COST] = {{ONE, COST}, 2},
                     [LAW_BOTH] = {{ONE, SERIAL, COST}, 3},
                     [LAW_USL] = {{ONE, SERIAL, KAPPA}, 3}};

static double term_at(enum term term, double p) {
  switch (term) {
  case ONE:
    return 1 / p;
  case SERIAL:
    return 1 - 1 / p;
  case KAPPA:
    return p - 1;
  case COST:
    return p > 1;
  case TERMS:
    break;
  }
  return 0;
}

/* ---- the means of some rounds -------------------------------------------- */

/* What is fitted to, and the counts that it is of; with room for all. */
struct means {
  struct fitted_mean *mean; /* [counts], owned */
  double *workers;          /* [counts], owned */
  size_t count;
};

static struct fitted_mean mean_of(const double *time, const size_t *chosen,
                                  size_t rounds) {
  struct fitted_mean mean = {.mean = 0};
  double squares = 0;
  for (size_t i = 0; i < rounds; i++) {
    double x = time[chosen[i]];
    if (!isfinite(x))
      continue;
    double before = mean.mean;
    mean.mean += (x - before) / (double)++mean.samples;
    squares += (x - before) * (x - mean.mean);
  }
  mean.variance = fmax(squares / ((double)mean.samples - 1),
                       pow(least_deviation * mean.mean, 2));
  return mean;
}

static void take_means(const struct model_trials *trials, const size_t *chosen,
                       size_t least, struct means *means) {
  means->count = 0;
  for (size_t i = 0; i < trials->counts; i++) {
    const double *time = trials->time + i * trials->rounds;
    struct fitted_mean mean = mean_of(time, chosen, trials->rounds);
    if (mean.samples < least || !(mean.mean > 0))
      continue;
    means->workers[means->count] = trials->workers[i];
    means->mean[means->count++] = mean;
  }
}

/* ---- the choice ---------------------------------------------------------- */

/* Coefficients by term, of T_1. */
struct choice {
  enum law law;
  double one, share[TERMS], lack_p[LAWS];
};

static double fit_law(struct means *means, enum law law,
                      struct least_squares *fit) {
  for (size_t i = 0; i < means->count; i++)
    for (size_t k = 0; k < law_terms[law].count; k++)
      means->mean[i].term[k] =
          term_at(law_terms[law].term[k], means->workers[i]);
  return least_squares_fit(means->mean, means->count, law_terms[law].count, fit)
             ? fit->lack_p
             : (double)NAN;
}

static enum law better(const struct least_squares fits[LAWS], enum law a,
                       enum law b) {
  return fits[b].off < fits[a].off ? b : a;
}

static struct choice choose(struct means *means, bool may_be_usl) {
  struct least_squares fits[LAWS];
  struct choice choice = {.law = LAW_NONE};
  if (means->count < MODEL_ONE_PARAMETER || !(means->workers[0] <= 1))
    return choice;
  for (int law = LAW_AMDAHL; law < LAWS; law++)
    choice.lack_p[law] = fit_law(means, (enum law)law, &fits[law]);
  if (choice.lack_p[LAW_AMDAHL] >= lack_level)
    choice.law = LAW_AMDAHL;
  else if (choice.lack_p[LAW_COST] >= lack_level)
    choice.law = LAW_COST;
  else if (means->count < MODEL_CHOICE)
    choice.law = better(fits, LAW_AMDAHL, LAW_COST);
  else
    choice.law = may_be_usl ? better(fits, LAW_BOTH, LAW_USL) : LAW_BOTH;
  const struct least_squares *fit = &fits[choice.law];
  choice.one = fit->coefficient[0];
  for (size_t k = 1; k < law_terms[choice.law].count; k++)
    choice.share[law_terms[choice.law].term[k]] =
        fit->coefficient[k] / choice.one;
  return choice;
}

/* ---- the bootstrap ------------------------------------------------------- */

struct draws {
  size_t *chosen;       /* [rounds] */
  double *share[TERMS]; /* [RESAMPLES] */
  struct means means;
};

static int draws_make(const struct model_trials *trials, struct draws *draws) {
  *draws = (struct draws){
      .chosen = calloc(trials->rounds + 1, sizeof *draws->chosen),
      .means.mean = calloc(trials->counts + 1, sizeof *draws->means.mean),
      .means.workers = stats_unknown(trials->counts)};
  bool made = draws->chosen && draws->means.mean && draws->means.workers;
  for (int t = 0; t < TERMS; t++) {
    draws->share[t] = stats_unknown(RESAMPLES);
    made = made && draws->share[t];
  }
  return made ? 0 : -1;
}

static void draws_free(struct draws *draws) {
  free(draws->chosen);
  free(draws->means.mean);
  free(draws->means.workers);
  for (int t = 0; t < TERMS; t++)
    free(draws->share[t]);
}

/* Draws whose choice needs more than two trials of a count, and has them not,
 * tell nothing. */
static void draw_all(const struct model_trials *trials, bool may_be_usl,
                     struct draws *draws) {
  for (size_t b = 0; b < RESAMPLES; b++) {
    stats_draw(SEED, b, trials->rounds, draws->chosen);
    take_means(trials, draws->chosen, 2, &draws->means);
    const struct choice choice = choose(&draws->means, may_be_usl);
    for (int t = 0; t < TERMS; t++)
      draws->share[t][b] =
          choice.law == LAW_NONE ? (double)NAN : choice.share[t];
  }
}

static struct choice choose_of_all(const struct model_trials *trials,
                                   bool may_be_usl, struct draws *draws) {
  for (size_t i = 0; i < trials->rounds; i++)
    draws->chosen[i] = i;
  take_means(trials, draws->chosen, STATS_SAMPLES_MIN, &draws->means);
  return choose(&draws->means, may_be_usl);
}

static struct interval share_of(const struct model_trials *trials,
                                const struct choice *choice, enum term term,
                                struct draws *draws) {
  struct interval share = {choice->share[term], (double)NAN, (double)NAN};
  stats_percentiles(draws->share[term], RESAMPLES, trials->rounds, &share);
  return share;
}

static void fit_once(const struct model_trials *trials, bool may_be_usl,
                     struct draws *draws, struct model *model) {
  const struct choice choice = choose_of_all(trials, may_be_usl, draws);
  model->law = choice.law;
  model->counts = draws->means.count;
  if (choice.law == LAW_NONE)
    return;
  model->most = draws->means.workers[model->counts - 1];
  model->one = choice.one;
  model->lack_p = choice.lack_p[choice.law];
  model->cost_lack_p = choice.lack_p[LAW_COST];
  draw_all(trials, may_be_usl, draws);
  model->serial = share_of(trials, &choice, SERIAL, draws);
  model->kappa = share_of(trials, &choice, KAPPA, draws);
  model->cost = share_of(trials, &choice, COST, draws);
}

int model_fit(const struct model_trials *trials, struct model *model) {
  struct draws draws;
  *model = (struct model){.law = LAW_NONE,
                          .one = (double)NAN,
                          .lack_p = (double)NAN,
                          .cost_lack_p = (double)NAN,
                          .serial = INTERVAL_NULL,
                          .kappa = INTERVAL_NULL,
                          .cost = INTERVAL_NULL};
  int status = draws_make(trials, &draws);
  if (!status)
    fit_once(trials, true, &draws, model);
  if (!status && model->law == LAW_USL && !(model->kappa.low > 0))
    fit_once(trials, false, &draws, model);
  draws_free(&draws);
  return status;
}

/* ---- what follows -------------------------------------------------------- */

bool model_fits(const struct model *model) {
  bool below =
      model->serial.high < 0 || model->kappa.high < 0 || model->cost.high < 0;
  return model->law != LAW_NONE && model->lack_p >= lack_level && !below;
}

bool model_is_ambiguous(const struct model *model) {
  return model->law == LAW_AMDAHL && model->cost_lack_p >= lack_level;
}

double model_time(const struct model *model, double workers) {
  return model->one * (term_at(ONE, workers) +
                       model->serial.median * term_at(SERIAL, workers) +
                       model->kappa.median * term_at(KAPPA, workers) +
                       model->cost.median * term_at(COST, workers));
}

double model_speedup(const struct model *model, double workers) {
  return model_fits(model) && workers <= 2 * model->most
             ? 1 / model_time(model, workers)
             : (double)NAN;
}

double model_turn(const struct model *model) {
  double turn = sqrt((1 - model->serial.median) / model->kappa.median);
  return model->law == LAW_USL && model_fits(model) && turn <= 2 * model->most
             ? turn
             : (double)NAN;
}

static double apparent(double speedup, double capacity) {
  return capacity > 1 && speedup > 0
             ? (1 / speedup - 1 / capacity) / (1 - 1 / capacity)
             : (double)NAN;
}

/* Below a speedup of 1 more capacity is less of a fraction, above it more. */
struct interval model_apparent(struct interval speedup,
                               struct interval capacity) {
  if (!(capacity.low > 1))
    return INTERVAL_NULL;
  return (struct interval){apparent(speedup.median, capacity.median),
                           fmin(apparent(speedup.high, capacity.low),
                                apparent(speedup.high, capacity.high)),
                           fmax(apparent(speedup.low, capacity.low),
                                apparent(speedup.low, capacity.high))};
}

/* ---- how many are enough ------------------------------------------------- */

/* Median logarithms of the times by count: of all rounds, and how far draws are
 * off those. */
struct medians {
  double *all;     /* [counts] */
  double *off;     /* [RESAMPLES * counts] */
  double *scratch; /* [rounds] or [RESAMPLES], the more of them */
  size_t *chosen;  /* [rounds] */
  bool *likely;    /* [counts]: some draw has it as its best */
};

static double median_log(const struct model_trials *trials, size_t count,
                         const struct medians *medians) {
  size_t n = 0;
  for (size_t i = 0; i < trials->rounds; i++) {
    double x = trials->time[count * trials->rounds + medians->chosen[i]];
    if (isfinite(x) && x > 0)
      medians->scratch[n++] = log(x);
  }
  stats_sort(medians->scratch, n);
  return stats_median(medians->scratch, n);
}

static void take_medians(const struct model_trials *trials,
                         const struct medians *medians, double *to) {
  for (size_t i = 0; i < trials->counts; i++)
    to[i] = median_log(trials, i, medians);
}

static size_t least_of(const double *x, size_t n) {
  size_t least = n;
  for (size_t i = 0; i < n; i++)
    if (isfinite(x[i]) && (least == n || x[i] < x[least]))
      least = i;
  return least;
}

/* By how much a count is slower than one of those that may be the best, with a
 * draw's deviations taken away. */
static double excess(const struct medians *medians, size_t counts, size_t s,
                     const double *off) {
  double most = (double)NAN;
  for (size_t k = 0; k < counts; k++)
    if (k != s && medians->likely[k] && isfinite(off[k]))
      most = fmax(most, off[s] - off[k]);
  return most;
}

static bool told_apart(const struct model_trials *trials,
                       const struct medians *medians, size_t best, size_t s) {
  size_t n = trials->counts;
  for (size_t b = 0; b < RESAMPLES; b++)
    medians->scratch[b] = excess(medians, n, s, medians->off + b * n);
  struct interval by = INTERVAL_NULL;
  stats_percentiles(medians->scratch, RESAMPLES, trials->rounds, &by);
  return medians->all[s] - medians->all[best] > by.high;
}

static void draw_medians(const struct model_trials *trials,
                         const struct medians *medians, size_t best) {
  size_t n = trials->counts;
  for (size_t b = 0; b < RESAMPLES; b++) {
    double *off = medians->off + b * n;
    stats_draw(SEED, b, trials->rounds, medians->chosen);
    take_medians(trials, medians, off);
    size_t winner = least_of(off, n);
    if (winner < n)
      medians->likely[winner] = true;
    for (size_t i = 0; i < n; i++)
      off[i] -= medians->all[i];
  }
  medians->likely[best] = true;
}

bool model_best(const struct model_trials *trials, size_t *best,
                size_t *enough) {
  size_t n = trials->counts, rounds = trials->rounds;
  struct medians medians = {
      stats_unknown(n), stats_unknown(RESAMPLES * (n + 1)),
      stats_unknown(rounds > RESAMPLES ? rounds : RESAMPLES),
      calloc(rounds + 1, sizeof(size_t)), calloc(n + 1, sizeof(bool))};
  bool made = medians.all && medians.off && medians.scratch && medians.chosen &&
              medians.likely;
  for (size_t i = 0; made && i < rounds; i++)
    medians.chosen[i] = i;
  if (made)
    take_medians(trials, &medians, medians.all);
  *best = made ? least_of(medians.all, n) : n;
  *enough = *best;
  bool found = *best < n;
  if (found && rounds >= STATS_SAMPLES_MIN)
    draw_medians(trials, &medians, *best);
  for (size_t s = *best; found && s-- > 0;)
    if (isfinite(medians.all[s]) &&
        (rounds < STATS_SAMPLES_MIN || !told_apart(trials, &medians, *best, s)))
      *enough = s;
  free(medians.all);
  free(medians.off);
  free(medians.scratch);
  free(medians.chosen);
  free(medians.likely);
  return found;
}
