#include "bench/report/programs.h"

#include "bench/analyze/flags.h"
#include "bench/analyze/outside.h"
#include "bench/plan/text.h"
#include "bench/report/inside.h"
#include "bench/report/numbers.h"
#include "bench/report/report.h"
#include "bench/report/wrap.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static const char *const quantity_names[WORTH_QUANTITIES] = {
    [WORTH_EFFICIENCY] = "efficiency",
    [WORTH_SPEEDUP] = "speedup",
    [WORTH_SAVED] = "saved",
};

const struct report_worth report_worth_usual = {
    .quantity = WORTH_EFFICIENCY, .least = 0.7, .efficiency = (double)NAN};

/* ---- the rule ------------------------------------------------------------ */

/* A number, or a share in percent. */
static bool read_number(const char *text, double *value) {
  char *end;
  *value = strtod(text, &end);
  if (end == text || !(*value > 0) || !isfinite(*value))
    return false;
  if (strcmp(end, "%") == 0)
    *value /= 100;
  return *end == '\0' || strcmp(end, "%") == 0;
}

int report_worth_read(const char *rule, const char *efficiency,
                      struct report_worth *worth, struct problem *problem) {
  *worth = report_worth_usual;
  const char *sign = rule ? strstr(rule, ">=") : NULL;
  size_t q = 0;
  while (sign && q < WORTH_QUANTITIES &&
         (strlen(quantity_names[q]) != (size_t)(sign - rule) ||
          strncmp(quantity_names[q], rule, (size_t)(sign - rule)) != 0))
    q++;
  if (rule &&
      (!sign || q == WORTH_QUANTITIES || !read_number(sign + 2, &worth->least)))
    return problem_usage(problem,
                         "--worth %s: want efficiency, speedup or saved, >= "
                         "and a number, as in 'efficiency>=70%%'",
                         rule);
  worth->quantity = rule ? (enum worth_quantity)q : WORTH_EFFICIENCY;
  if (efficiency &&
      (!read_number(efficiency, &worth->efficiency) || worth->efficiency > 1))
    return problem_usage(problem, "--efficiency %s: want a share, as in 80%%",
                         efficiency);
  return PROBLEM_NONE;
}

static struct interval efficiency_of(const struct result *r) {
  double p = (double)r->workers;
  return (struct interval){r->program_speedup.median / p,
                           r->program_speedup.low / p,
                           r->program_speedup.high / p};
}

/* What the rule looks at. */
static struct interval quantity_of(const struct report_worth *worth,
                                   const struct result *r) {
  struct interval s = r->program_speedup;
  if (worth->quantity == WORTH_EFFICIENCY)
    return efficiency_of(r);
  if (worth->quantity == WORTH_SAVED)
    return (struct interval){1 - 1 / s.median, 1 - 1 / s.low, 1 - 1 / s.high};
  return s;
}

static const char *quantity_text(const struct report_worth *worth, double value,
                                 char *text) {
  return worth->quantity == WORTH_SPEEDUP ? number_ratio(value, text)
                                          : number_percent(value, text);
}

/* ---- the answer ---------------------------------------------------------- */

/* The program itself, parallel where it was run so, with so many workers. */
static const struct result *find(const struct analysis *analysis,
                                 const struct workload_result *workload,
                                 int64_t workers) {
  const struct result *r =
      analysis_find_of(analysis, workload, record_program, workers);
  return r ? r : analysis_find_of(analysis, workload, "serial", workers);
}

/* Why an interval does not tell: three times as many rounds, in tens. */
static void print_open(const struct analysis *analysis,
                       const struct report_worth *worth, FILE *out) {
  char least[NUMBER_LENGTH];
  fprintf(out,
          ": its interval holds %s; more rounds (--rounds %" PRId64
          ") may tell",
          quantity_text(worth, worth->least, least),
          (3 * analysis->run.rounds + 9) / 10 * 10);
}

static void print_verdict(const struct analysis *analysis,
                          const struct report_worth *worth,
                          const struct result *r, const struct said *said) {
  FILE *out = said->answer;
  char least[NUMBER_LENGTH], value[NUMBER_LENGTH], low[NUMBER_LENGTH],
      high[NUMBER_LENGTH];
  struct interval q = quantity_of(worth, r);
  const struct flag_about *spoilt = flags_spoilt(r);
  const char *verdict = spoilt                  ? "not told"
                        : q.low >= worth->least ? "yes"
                        : q.high < worth->least ? "no"
                                                : "not told";
  fprintf(out, "  Worth it (%s of at least %s)? %s: %s",
          quantity_names[worth->quantity],
          quantity_text(worth, worth->least, least), verdict,
          quantity_text(worth, q.median, value));
  if (isfinite(q.low))
    fprintf(out, " (%s–%s)", quantity_text(worth, q.low, low),
            quantity_text(worth, q.high, high));
  else
    fputs(", too few rounds for an interval", out);
  if (!spoilt && q.low < worth->least && q.high >= worth->least)
    print_open(analysis, worth, out);
  fputs(".\n", out);
  if (spoilt && spoilt != &flag_table[FLAG_CONTENDED])
    fprintf(said->act, "  It is flagged %s: %s.\n", spoilt->word,
            spoilt->meaning);
  else if (spoilt)
    fputs("  Others used CPUs that it wanted, too: what is told as idle may be "
          "waiting for one.  Measure again on a quiet machine.\n",
          said->act);
}

/* "12.0% more idle", "3.0% less CPU time", "no more idle": under half a percent
 * is none. */
static void put_share(double share, const char *what, struct text *text) {
  char number[NUMBER_LENGTH];
  if (fabs(share) < 0.005)
    text_add(text, "no more %s", what);
  else
    text_add(text, "%s %s %s", number_percent(fabs(share), number),
             share > 0 ? "more" : "less", what);
}

static void print_losses(const struct result *r, FILE *out) {
  char core[NUMBER_LENGTH], bytes[200];
  struct text text = TEXT_BEGIN(bytes);
  double idle = r->more_idle_share.median, cpu = r->more_cpu_share.median;
  if (!isfinite(idle) || !isfinite(cpu))
    return;
  put_share(fmax(idle, cpu), idle > cpu ? "idle" : "CPU time", &text);
  text_add(&text, ", ");
  put_share(fmin(idle, cpu), idle > cpu ? "CPU time" : "idle", &text);
  fprintf(out, "  Of its %s of core time a run, beside one worker: %s.\n",
          number_time(r->core_s.median, core), bytes);
}

/* How many worker counts were measured. */
static size_t count_counts(const struct analysis *analysis,
                           const struct workload_result *workload) {
  size_t counts = 0;
  for (size_t i = 0; i < analysis->result_count; i++)
    counts += &analysis->results[i] ==
              find(analysis, workload, analysis->results[i].workers);
  return counts;
}

/* Karp and Flatt's, "Measuring parallel processor performance", CACM 33(5),
 * 1990; of weak scaling it says nothing. */
static void print_fraction(const struct analysis *analysis,
                           const struct workload_result *workload,
                           const struct result *r, const struct said *said) {
  char low[NUMBER_LENGTH], high[NUMBER_LENGTH];
  struct interval s = r->program_speedup;
  double p = (double)r->workers;
  if (r->size != workload->size || !isfinite(s.low))
    return;
  if (count_counts(analysis, workload) < 3) {
    if (!isfinite(r->program_law.median)) /* else that tells of more */
      fputs("  Two worker counts cannot be fitted: to tell of more takes three "
            "or more.\n",
            said->how);
    return;
  }
  fprintf(said->why,
          "  On %" PRId64 " workers it is as if %s to %s of it were serial "
          "(Karp–Flatt), whatever the cause.\n",
          r->workers,
          number_percent(fmax(0, (1 / s.high - 1 / p) / (1 - 1 / p)), low),
          number_percent(fmax(0, (1 / s.low - 1 / p) / (1 - 1 / p)), high));
}

/* The most workers whose efficiency is at least that, by the interval's end. */
static void print_kept(const struct analysis *analysis,
                       const struct workload_result *workload,
                       const struct report_worth *worth, FILE *out) {
  char share[NUMBER_LENGTH];
  int64_t most = 1;
  if (!isfinite(worth->efficiency))
    return;
  for (size_t i = 0; i < analysis->result_count; i++) {
    const struct result *r = &analysis->results[i];
    if (r == find(analysis, workload, r->workers) && r->workers > most &&
        efficiency_of(r).low >= worth->efficiency)
      most = r->workers;
  }
  fprintf(out, "  An efficiency of %s is kept up to %" PRId64 " worker%s.\n",
          number_percent(worth->efficiency, share), most, most == 1 ? "" : "s");
}

/* Side by side: as many jobs as workers, of one worker each. */
static void print_copies(const struct analysis *analysis,
                         const struct workload_result *workload, FILE *out) {
  char gain[NUMBER_LENGTH];
  int64_t most = analysis_most_workers(analysis, workload);
  const struct result *copies = report_copies(analysis, workload, most);
  if (copies && isfinite(copies->program_speedup.median))
    fprintf(out,
            "  As %" PRId64 " jobs of one worker side by side: %s the "
            "throughput.\n",
            most, number_ratio_interval(copies->program_speedup, gain));
}

/* It uses one CPU, whatever it is told: as much CPU time as time, no gain. */
static bool is_deaf(const struct analysis *analysis, const struct result *r) {
  if (inside_has_team(analysis, r)) /* others had its CPUs */
    return false;
  return r->cpu_s.median < 1.1 * r->program_s.median &&
         r->cpu_s.median > 0.9 * r->program_s.median &&
         r->program_speedup.high < 1.2;
}

/* Whether the point may gain what matters, for all that was seen. */
static bool may_gain(const struct result *r) {
  return r->workers > 1 &&
         (r->program_speedup.high > 1 + flags_matters() || flags_spoilt(r));
}

static void print_one(const struct result *best, const struct result *most,
                      const char *from, FILE *out) {
  const struct result *open = may_gain(best)   ? best
                              : may_gain(most) ? most
                                               : NULL;
  char ratio[NUMBER_LENGTH];
  if (open) {
    fprintf(out,
            "not told whether more than one worker pays: %" PRId64
            " workers %s",
            open->workers, number_ratio_interval(open->program_speedup, ratio));
    return;
  }
  fprintf(out, "one worker is enough: %s a run", from);
  if (most->workers > 1)
    fprintf(out, "; %" PRId64 " workers: %s", most->workers,
            number_ratio_interval(most->program_speedup, ratio));
}

static void print_several(const struct result *best,
                          const struct result *enough, const char *from,
                          FILE *out) {
  char ratio[NUMBER_LENGTH], to[NUMBER_LENGTH];
  fprintf(out, "%" PRId64 " workers: %s, from %s to %s a run", enough->workers,
          number_ratio_interval(enough->program_speedup, ratio), from,
          number_time(enough->program_s.median, to));
  if (best->workers > enough->workers)
    fprintf(out, "; stop there: %" PRId64 " workers: %s, not told apart",
            best->workers, number_ratio_interval(best->program_speedup, ratio));
}

/* Whether more workers pay, in one sentence; of a program without any time
 * NULL, and that. */
static const struct result *write_answer(const struct analysis *analysis,
                                         const struct workload_result *workload,
                                         FILE *out) {
  char from[NUMBER_LENGTH], ratio[NUMBER_LENGTH];
  const struct result *best = find(analysis, workload, workload->best_workers);
  const struct result *enough =
      find(analysis, workload, workload->enough_workers);
  const struct result *most =
      find(analysis, workload, analysis_most_workers(analysis, workload));
  if (!best || !enough || !most || !isfinite(best->program_s.median)) {
    fputs("no round was measured yet.\n", out);
    return NULL;
  }
  number_time(workload->serial_program_s.median, from);
  if (most->workers > 1 && !isfinite(most->program_speedup.low))
    fprintf(out, "too few rounds to tell: %" PRId64 " workers: %s",
            most->workers, number_ratio_within(most->program_speedup, ratio));
  else if (enough->workers == 1)
    print_one(best, most, from, out);
  else
    print_several(best, enough, from, out);
  fprintf(out, "%s.\n",
          most->size != workload->size ? ", of work that grows with them" : "");
  return enough->workers > 1 ? enough : most;
}

void report_program_said(const struct analysis *analysis,
                         const struct workload_result *workload,
                         const struct report_worth *worth,
                         const struct said *said) {
  char ratio[NUMBER_LENGTH];
  const struct result *judged = write_answer(analysis, workload, said->answer);
  const struct result *most =
      find(analysis, workload, analysis_most_workers(analysis, workload));
  if (!judged)
    return;
  if (judged->workers > 1) {
    print_verdict(analysis, worth, judged, said);
    print_losses(judged, said->why);
    if (isfinite(judged->speedup_abs.median))
      fprintf(said->answer, "  By its own time: %s.\n",
              number_ratio_interval(judged->speedup_abs, ratio));
    print_fraction(analysis, workload, most, said);
  }
  inside_answer(analysis, workload, judged, said);
  if (workload->beside && isfinite(workload->beside_ratio.median))
    fprintf(said->act, "  Beside %s, each with the most workers: %s as fast.\n",
            workload->beside,
            number_ratio_interval(workload->beside_ratio, ratio));
  print_copies(analysis, workload, said->act);
  print_kept(analysis, workload, worth, said->answer);
  if (most->workers > 1 && is_deaf(analysis, most))
    fprintf(
        said->act,
        "  It uses one CPU, whatever it is told: if the number of workers "
        "is an option of its own, it is to be written as in -j{workers}.\n");
}

void report_program(const struct analysis *analysis,
                    const struct workload_result *workload,
                    const struct report_worth *worth, FILE *out) {
  char *text = NULL, name[REPORT_NAME];
  size_t bytes;
  FILE *whole = open_memstream(&text, &bytes);
  const struct said said = {whole, whole, whole, whole};
  if (!whole)
    return;
  fprintf(whole, "%s: ", report_name(workload, name));
  report_program_said(analysis, workload, worth, &said);
  if (fclose(whole) == 0)
    wrap_lines(text, 2, out);
  free(text);
}
