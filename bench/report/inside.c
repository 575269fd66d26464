#include "bench/report/inside.h"

#include "bench/analyze/flags.h"
#include "bench/analyze/inside.h"
#include "bench/analyze/inside_law.h"
#include "bench/analyze/prediction.h"
#include "bench/plan/text.h"
#include "bench/report/numbers.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

/* A share of the cores' time that has a word: as in the charts. */
static const double least_named = 0.005;

enum { TERMS_SAID = 3, REGIONS_SAID = 3, NAME_SAID = 40 };

static const char *plural(int64_t count) {
  return count == 1 ? "" : "s";
}

/* ---- the law ------------------------------------------------------------- */

/* Of what f is the share.  A program that has another serial one is beside
 * that. */
static void print_of(const struct result *r, FILE *out) {
  const double same = 1e-6; /* files have nine digits */
  double f = r->program_law_fraction, p = (double)r->workers;
  double beside = r->program_law.median / prediction_speedup(f, p);
  char ratio[NUMBER_LENGTH], share[NUMBER_LENGTH];
  number_percent(f, share);
  if (fabs(beside - 1) <= same)
    fprintf(out, "%s of a run with one is outside of parallel regions", share);
  else
    fprintf(out,
            "%s of its own run with one, which is %s the serial program's "
            "speed, is outside of parallel regions",
            share, number_ratio(beside, ratio));
}

/* The second bound, where it is lower.  Several locks are held at once, and
 * bound nothing. */
static void print_critical(const struct workload_result *workload,
                           const struct result *r, FILE *out) {
  const double same = 1e-6;
  double critical = workload->critical_fraction;
  double bound = prediction_speedup_critical(r->program_law_fraction, critical,
                                             (double)r->workers);
  double alone =
      prediction_speedup(r->program_law_fraction, (double)r->workers);
  char law[NUMBER_LENGTH], share[NUMBER_LENGTH];
  number_percent(critical, share);
  if (!(bound < alone * (1 - same)))
    return;
  if (isfinite(r->program_law_critical))
    fprintf(out, "; at most %s with the %s of it in critical sections",
            number_ratio(r->program_law_critical, law), share);
  else
    fprintf(out, "; %s of it is in critical sections, of several locks", share);
}

/* For more workers than were measured: twice and four times as many. */
static void print_beyond(const struct analysis *analysis,
                         const struct workload_result *workload,
                         const struct result *r, FILE *out) {
  const double near = 0.995, much = 1000;
  int64_t most = analysis_most_workers(analysis, workload);
  char law[NUMBER_LENGTH], more[NUMBER_LENGTH], limit[NUMBER_LENGTH];
  double twice = inside_law_beyond(workload, r, 2.0 * (double)most);
  number_ratio(workload->law_limit, limit);
  if (twice >= near * workload->law_limit) {
    fprintf(out, "  By it never over %s, however many.\n", limit);
    return;
  }
  fprintf(
      out, "  By it at most %s on %" PRId64 ", %s on %" PRId64,
      number_ratio(twice, law), 2 * most,
      number_ratio(inside_law_beyond(workload, r, 4.0 * (double)most), more),
      4 * most);
  if (workload->law_limit < much)
    fprintf(out, ", never over %s, however many", limit);
  fputs(".\n", out);
}

static void print_law(const struct analysis *analysis,
                      const struct workload_result *workload,
                      const struct result *r, FILE *out) {
  char law[NUMBER_LENGTH];
  if (workload->no_law) {
    fprintf(out, "  No law: %s.\n", workload->no_law);
    return;
  }
  if (!isfinite(r->program_law.median))
    return;
  fprintf(out, "  At most %s on %" PRId64 " worker%s by Amdahl's law, as ",
          number_ratio_interval(r->program_law, law), r->workers,
          plural(r->workers));
  print_of(r, out);
  print_critical(workload, r, out);
  fputs(".\n", out);
  if (r->program_speedup.low > r->program_law.high)
    fputs("  It is surely faster than that: more cores bring more cache, or it "
          "does less work there, or other threads than OpenMP's.\n",
          out);
  else
    print_beyond(analysis, workload, r, out);
}

/* ---- where it went ------------------------------------------------------- */

/* Where with one worker it goes another way, it may do other work. */
static const char *words_of(const struct result *r, enum term term) {
  return term == TERM_WORK && isnan(r->breakdown.share[TERM_INFLATED].median)
             ? "more work, or slower, than with one worker"
             : breakdown_terms[term].words;
}

static void print_term(const struct analysis *analysis, const struct result *r,
                       enum term term, FILE *out) {
  const double half = 0.5;
  char share[NUMBER_LENGTH];
  double part;
  const struct inside_region *region = inside_where(analysis, r, term, &part);
  fprintf(out, "%s %s", number_percent_within(r->breakdown.share[term], share),
          words_of(r, term));
  if (region && part > half)
    fprintf(out, " (%s)", region->region);
}

/* The largest losses, the largest first. */
static void print_losses(const struct analysis *analysis,
                         const struct result *r, FILE *out) {
  const struct interval *shares = r->breakdown.share;
  bool said[TERMS] = {[TERM_USEFUL] = true};
  char share[NUMBER_LENGTH];
  fprintf(out, "  Of the cores' time %s is useful",
          number_percent_within(shares[TERM_USEFUL], share));
  for (int k = 0; k < TERMS_SAID; k++) {
    int largest = TERM_USEFUL;
    for (int t = 0; t < TERMS; t++)
      if (!said[t] && shares[t].median >= least_named &&
          (largest == TERM_USEFUL || shares[t].median > shares[largest].median))
        largest = t;
    if (largest == TERM_USEFUL)
      break;
    said[largest] = true;
    fputs(k == 0 ? "; " : ", ", out);
    print_term(analysis, r, (enum term)largest, out);
  }
  fputs(".\n", out);
}

/* The regions with most of its time, the first first. */
static void print_regions(const struct analysis *analysis,
                          const struct result *r, FILE *out) {
  char share[NUMBER_LENGTH], count[NUMBER_LENGTH], brief[TEXT_BRIEF];
  size_t said = 0, others = 0;
  for (size_t i = 0; i < analysis->region_count; i++) {
    const struct inside_region *region = &analysis->regions[i];
    if (!inside_is_of(region, r))
      continue;
    if (said == REGIONS_SAID || !(region->share.median >= least_named)) {
      others++;
      continue;
    }
    fprintf(out, "%s%s %s%s (%s call%s)", said ? ", " : "  Parallel regions: ",
            text_brief(region->region, NAME_SAID, brief),
            number_percent(region->share.median, share),
            said ? "" : " of its time",
            number_count((uint64_t)region->calls, count),
            region->calls == 1 ? "" : "s");
    said++;
  }
  if (said && others)
    fprintf(out, ", and %zu with less", others);
  if (said)
    fputs(".\n", out);
}

/* ---- the rest ------------------------------------------------------------ */

static void print_cost(const struct result *r, FILE *out) {
  char ratio[NUMBER_LENGTH];
  if (isfinite(r->observed_ratio.median))
    fprintf(out,
            "  Observed runs, none of them timed here, took %s the time of "
            "others.\n",
            number_ratio_interval(r->observed_ratio, ratio));
}

static void print_untold(const struct workload_result *workload, FILE *out) {
  static const struct {
    const char *word, *says;
  } all[] = {
      {"tasks", "bodies of some tasks"},
      {"nested", "threads of nested regions"},
      {"chunks", "waiting for chunks"},
      {"doacross", "waiting in doacross loops"},
  };
  size_t said = 0;
  for (size_t i = 0; i < sizeof all / sizeof *all; i++)
    if (workload->untold && strstr(workload->untold, all[i].word))
      fprintf(out, "%s%s",
              said++ ? ", " : "  Not told apart from work: ", all[i].says);
  if (said)
    fputs(".\n", out);
}

void inside_answer(const struct analysis *analysis,
                   const struct workload_result *workload,
                   const struct result *judged, const struct said *said) {
  if (workload->unobserved)
    fprintf(said->how, "  Not observed: %s.\n", workload->unobserved);
  if (judged->workers < 2)
    return;
  print_law(analysis, workload, judged, said->why);
  if (!inside_is_told(judged))
    return;
  print_losses(analysis, judged, said->why);
  print_regions(analysis, judged, said->why);
  inside_act(analysis, judged, said->act);
  print_cost(judged, said->how);
  print_untold(workload, said->how);
}

bool inside_has_team(const struct analysis *analysis, const struct result *r) {
  for (size_t i = 0; i < analysis->region_count; i++)
    if (inside_is_of(&analysis->regions[i], r) && analysis->regions[i].team > 1)
      return true;
  return false;
}
