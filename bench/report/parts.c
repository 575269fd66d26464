/* What tables, sentences and charts share. */
#include "bench/analyze/flags.h"
#include "bench/analyze/outside.h"
#include "bench/analyze/stats.h"
#include "bench/plan/sizes.h"
#include "bench/report/numbers.h"
#include "bench/report/programs.h"
#include "bench/report/report.h"

#include <inttypes.h>
#include <string.h>

int report_style(const char *requested, size_t index) {
  /* The order is that of the colours in scripts/theme.gp. */
  static const char *const styles[] = {
      "omp:static",  "pool:static",  "fork:static",
      "omp:dynamic", "pool:dynamic", "fork:dynamic",
      "omp:guided",  "omp:tasks",    "serial"};
  for (size_t i = 0; i < sizeof styles / sizeof *styles; i++)
    if (strcmp(styles[i], requested) == 0)
      return (int)i + 1;
  return 10 + (int)index;
}

const struct result *report_copies(const struct analysis *analysis,
                                   const struct workload_result *workload,
                                   int64_t workers) {
  for (size_t i = 0; i < analysis->result_count; i++) {
    const struct result *r = &analysis->results[i];
    if (r->workers == workers && workload && result_is_of(r, workload) &&
        result_is_copies(r))
      return r;
  }
  return NULL;
}

void report_copies_note(const struct analysis *analysis, FILE *out) {
  for (size_t i = 0; i < analysis->result_count; i++)
    if (result_is_copies(&analysis->results[i])) {
      fputs("Copies: as many jobs of one worker side by side; what stands as "
            "their speedup is\nthroughput.\n",
            out);
      return;
    }
}

const char *report_name(const struct workload_result *workload,
                        char text[static REPORT_NAME]) {
  char size[SIZES_TEXT];
  char brief[TEXT_BRIEF];
  text_brief(workload->workload, 100, brief);
  if (workload->sized)
    text_print(text, REPORT_NAME, "%s at %s", brief,
               sizes_format((uint64_t)workload->size, size));
  else
    text_print(text, REPORT_NAME, "%s", brief);
  return text;
}

uint32_t report_flags(const struct result *result) {
  uint32_t flags = 0;
  for (int f = 0; f < FLAGS; f++)
    if (flag_is_set(result, (enum flag)f))
      flags |= UINT32_C(1) << f;
  return flags;
}

const char *report_marks(uint32_t flags, char text[static REPORT_MARKS]) {
  struct text marks = text_begin(text, REPORT_MARKS);
  for (int f = 0; f < FLAGS; f++)
    if (flags & UINT32_C(1) << f)
      text_add(&marks, "%s%s", marks.length > 0 ? "" : " ", flag_table[f].mark);
  return text;
}

void report_legend(uint32_t shown, uint32_t all, FILE *out) {
  for (int f = 0; f < FLAGS; f++)
    if (all & UINT32_C(1) << f)
      fprintf(out, "%s %s: %s%s\n", flag_table[f].mark, flag_table[f].word,
              flag_table[f].meaning,
              shown & UINT32_C(1) << f
                  ? ""
                  : " (at worker counts that are not in this table)");
}

/* How workers were bound, in a line of facts; bind: NULL where not known. */
static const char *bound(const char *bind) {
  static const char *const texts[][2] = {
      {"cores", " · bound, one worker per core"},
      {"spread", " · bound, packages and nodes in turn"},
      {"close", " · bound, siblings first"},
      {"none", " · not bound"},
  };
  for (size_t i = 0; bind && i < sizeof texts / sizeof *texts; i++)
    if (strcmp(bind, texts[i][0]) == 0)
      return texts[i][1];
  return "";
}

bool report_is_program(const struct workload_result *workload) {
  return workload->kernel && strcmp(workload->kernel, record_program) == 0;
}

const char *report_law_word(const struct workload_result *workload) {
  return report_is_program(workload) ? "at most" : "predicted";
}

const char *report_baseline(const struct analysis *analysis,
                            const struct workload_result *workload) {
  for (size_t s = 0; s < analysis->workload_count; s++) {
    const struct workload_result *of = &analysis->workloads[s];
    bool counts = !workload || of == workload;
    if (counts && (!report_is_program(of) ||
                   analysis_find(analysis, of->workload, record_program, 1)))
      return "serial";
  }
  return "one worker";
}

void report_foot(const struct analysis *analysis,
                 const struct workload_result *workload,
                 char text[static REPORT_LINE]) {
  const struct run_facts *run = &analysis->run;
  char size[NUMBER_LENGTH], items[120] = "", seed[40] = "", date[20] = "";
  if (workload && report_is_program(workload) && workload->size > 1)
    text_print(items, sizeof items, " · {size} %s",
               number_count((uint64_t)workload->size, size));
  else if (workload && !report_is_program(workload))
    text_print(items, sizeof items, " · %s %s%s",
               number_count((uint64_t)workload->size, size), workload->items,
               run->scaling && strcmp(run->scaling, "weak") == 0
                   ? " per worker (weak scaling)"
                   : "");
  if (run->seed != FIELD_NULL)
    text_print(seed, sizeof seed, " · seed %" PRId64, run->seed);
  if (run->date)
    text_print(date, sizeof date, " · %.10s", run->date);
  /* How this program was built and binds is not how that one was. */
  bool ours = !report_is_of_programs(analysis);
  text_print(text, REPORT_LINE, "%s%s%s%s%s%s%s",
             run->machine ? run->machine : "unknown machine",
             run->build && ours ? " · " : "",
             run->build && ours ? run->build : "", ours ? bound(run->bind) : "",
             items, seed, date);
}

int64_t report_fewest_trials(const struct analysis *analysis) {
  int64_t fewest = analysis->run.rounds;
  for (size_t i = 0; i < analysis->result_count; i++)
    if (analysis->results[i].n > 0 && analysis->results[i].n < fewest)
      fewest = analysis->results[i].n;
  return fewest;
}

const char *report_rounds(const struct analysis *analysis,
                          char text[static REPORT_ROUNDS]) {
  const struct run_facts *run = &analysis->run;
  /* Times from elsewhere have neither: what were their rounds is not told. */
  bool rounds = run->build || run->seed != FIELD_NULL;
  int64_t fewest = report_fewest_trials(analysis);
  if (rounds && fewest < run->rounds) {
    snprintf(text, REPORT_ROUNDS, "%" PRId64 " to %" PRId64 " trials", fewest,
             run->rounds);
    return text;
  }
  snprintf(text, REPORT_ROUNDS, "%s%" PRId64 " %s%s", rounds ? "" : "up to ",
           run->rounds, rounds ? "round" : "run", run->rounds == 1 ? "" : "s");
  return text;
}

void report_rounds_left_out(const struct analysis *analysis, FILE *out) {
  int64_t count = analysis->run.rounds_left_out;
  if (count > 0)
    fprintf(out, "%" PRId64 " round%s left out: a trial in %s failed.\n", count,
            count == 1 ? " is" : "s are", count == 1 ? "it" : "them");
}

const char *report_intervals(const struct analysis *analysis) {
  return analysis->run.rounds >= STATS_SAMPLES_MIN
             ? "uncorrected 95% intervals"
             : "too few rounds for intervals";
}
