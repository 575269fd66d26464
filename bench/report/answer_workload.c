/* A workload's lines of the answer. */
#include "bench/analyze/flags.h"
#include "bench/analyze/verdict.h"
#include "bench/plan/text.h"
#include "bench/report/answer.h"
#include "bench/report/numbers.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static const char usual_variant[] = "omp:static";

/* ---- the row ------------------------------------------------------------- */

/* "8 threads", "8 processes"; of somebody else's program "8 workers". */
static const char *workers_text(const struct result *r, char *text,
                                size_t room) {
  static const char *const threads[] = {"omp", "textbook"};
  bool ours = strcmp(r->requested, record_program) != 0;
  const char *noun = ours ? "process" : "worker";
  for (size_t i = 0; i < sizeof threads / sizeof *threads; i++)
    if (strncmp(r->requested, threads[i], strlen(threads[i])) == 0)
      noun = "thread";
  text_print(text, room, "%" PRId64 " %s%s", r->workers, noun,
             r->workers == 1  ? ""
             : noun[0] == 'p' ? "es"
                              : "s");
  return text;
}

/* "33.4 to 19.8 ms": of serial's program, and of this one. */
static void say_times(const struct workload_result *workload,
                      const struct result *r, FILE *out) {
  char serial[NUMBER_LENGTH], own[NUMBER_LENGTH];
  if (!isfinite(workload->serial_program_s.median) ||
      !isfinite(r->program_s.median))
    return;
  number_time(workload->serial_program_s.median, serial);
  number_time(r->program_s.median, own);
  const char *unit = strchr(serial, ' '), *same = strchr(own, ' ');
  size_t shown = unit && same && strcmp(unit, same) == 0
                     ? (size_t)(unit - serial)
                     : strlen(serial);
  fprintf(out, " %.*s to %s.", (int)shown, serial, own);
}

/* Of lost time: whole percents say enough, if not too much. */
static const char *whole_percent(struct interval share, char *text) {
  number_percent_within(share, text);
  if (strchr(text, '.'))
    text_print(text, NUMBER_LENGTH, "%.0f%%", 100 * share.median);
  return text;
}

/* The region's speedup, and its efficiency. */
static void fill_region(const struct result *r, char *cell) {
  char ratio[NUMBER_LENGTH], share[NUMBER_LENGTH];
  if (!isfinite(r->speedup_abs.median))
    text_print(cell, ANSWER_CELL, "-");
  else if (r->workers == 1 || !isfinite(r->efficiency.median))
    text_print(cell, ANSWER_CELL, "%s",
               number_ratio_within(r->speedup_abs, ratio));
  else
    text_print(cell, ANSWER_CELL, "%s %s",
               number_ratio_within(r->speedup_abs, ratio),
               number_percent_within(r->efficiency, share));
}

void answer_fill(const struct analysis *analysis,
                 const struct workload_result *workload,
                 struct answer_row *row) {
  char number[NUMBER_LENGTH], on[40], marks[REPORT_MARKS];
  const struct result *r = verdict_point(analysis, workload);
  *row = (struct answer_row){.workload = workload};
  report_name(workload, row->name);
  if (!r) {
    text_print(row->cells[0], ANSWER_CELL, "serial");
    text_print(row->cells[1], ANSWER_CELL, "-");
    return;
  }
  text_print(row->cells[0], ANSWER_CELL, "%s%s", workers_text(r, on, sizeof on),
             report_marks(report_flags(r), marks));
  text_print(row->cells[1], ANSWER_CELL, "%s",
             number_ratio_interval(r->program_speedup, number));
  text_print(row->cells[2], ANSWER_CELL, "%s",
             workload->no_law ? "no law"
                              : number_ratio_within(r->program_law, number));
  fill_region(r, row->cells[3]);
}

/* ---- the sentence -------------------------------------------------------- */

static const char *const gains[] = {
    [VERDICT_SPOILT] = "Not judged.",
    [VERDICT_BELOW] = "Slower than serial.",
    [VERDICT_SAME] = "Not told apart from serial.",
    [VERDICT_TOO_WIDE] = "Too wide to tell from serial.",
};
static const char *const laws[] = {
    [VERDICT_BELOW] = "Below the law.",
    [VERDICT_ABOVE] = "Above the law.",
};

static void say_one(const char *const *words, size_t count, enum verdict at,
                    FILE *out) {
  if ((size_t)at < count && words[at])
    fprintf(out, " %s", words[at]);
}

static void say_gain(const struct analysis *analysis, const struct result *r,
                     FILE *out) {
  say_one(gains, sizeof gains / sizeof *gains,
          verdict_of(analysis, r, VERDICT_NO_GAIN), out);
}

static void say_law(const struct analysis *analysis, const struct result *r,
                    FILE *out) {
  if (r->workers > 1)
    say_one(laws, sizeof laws / sizeof *laws,
            verdict_of(analysis, r, VERDICT_LAW), out);
}

static const char *words_of(const char *term, size_t *index) {
  for (size_t t = 0; t < TERMS; t++)
    if (term && strcmp(breakdown_terms[t].key, term) == 0) {
      *index = t;
      return breakdown_terms[t].words;
    }
  return NULL;
}

/* A cause's sentence without what stands before it and in the marks: "42% of
 * the cores' time idle while serial: set-up, ...; spoilt: ..." says why behind
 * its first colon; one without a share has its words before it. */
static void print_why(const struct cause *cause, FILE *out) {
  const char *all = cause->sentence, *colon = strstr(all, ": ");
  bool share = *all >= '0' && *all <= '9';
  const char *why = share && colon ? colon + 2 : all;
  const char *spoilt = strstr(why, "; spoilt: ");
  size_t length = spoilt ? (size_t)(spoilt - why) : strlen(why);
  if (length > 0 && why[length - 1] == '.')
    length--;
  fprintf(out, "%.*s.", (int)length, why);
}

/* Before the colon, of those without a share. */
static void print_no_loss(const struct cause *cause, FILE *out) {
  static const char usual[] = "nothing much is lost";
  const char *words = cause->sentence ? cause->sentence : usual;
  fprintf(out, "; %.*s.", (int)strcspn(words, ":"), words);
}

void answer_loss(const struct result *result, FILE *out) {
  const struct cause *cause = &result->cause;
  bool program = result->breakdown.told;
  const struct breakdown *told =
      program ? &result->breakdown : &result->region_breakdown;
  char useful[NUMBER_LENGTH], lost[NUMBER_LENGTH];
  size_t term = 0;
  if (!told->told || !isfinite(told->share[TERM_USEFUL].median))
    return;
  fprintf(out, " %s%s useful", whole_percent(told->share[TERM_USEFUL], useful),
          program ? "" : " of the region is");
  const char *words = words_of(cause->term, &term);
  bool none =
      cause->rule &&
      (strcmp(cause->rule, "nothing-lost") == 0 ||
       (cause->sentence && strncmp(cause->sentence, "too wide", 8) == 0));
  if (none) {
    print_no_loss(cause, out);
  } else if (!words || !isfinite(told->share[term].median)) {
    fputs(".", out);
  } else {
    fprintf(out, "; %s %s: ", whole_percent(told->share[term], lost), words);
    if (cause->sentence)
      print_why(cause, out);
    else
      fputs("not explained.", out);
  }
}

/* The point that surely does better than the judged one, and of those the one
 * that does most; NULL: none.  Its interval begins where that one's ends, so
 * that being the best of many by chance is not enough. */
static const struct result *better_than(const struct analysis *analysis,
                                        const struct workload_result *workload,
                                        const struct result *judged) {
  const struct result *best = NULL;
  for (size_t i = 0; i < analysis->result_count; i++) {
    const struct result *r = &analysis->results[i];
    if (!result_is_of(r, workload) || result_is_serial(r) ||
        result_is_copies(r) || flags_spoilt(r) ||
        (r->oversubscribed == 1 && workload->waits != 1) ||
        !(r->program_speedup.low > judged->program_speedup.high) ||
        (best && r->program_speedup.median <= best->program_speedup.median))
      continue;
    best = r;
  }
  return best;
}

static void say_better(const struct analysis *analysis,
                       const struct workload_result *workload,
                       const struct result *judged, FILE *out) {
  const struct result *r = better_than(analysis, workload, judged);
  char ratio[NUMBER_LENGTH], on[40];
  if (!r)
    return;
  fprintf(out, " More on %s", workers_text(r, on, sizeof on));
  if (strcmp(r->requested, judged->requested) != 0)
    fprintf(out, ", %s", r->requested);
  fprintf(out, ": %s.", number_ratio_interval(r->program_speedup, ratio));
}

/* What several worker counts show together; else what does better than the
 * judged point. */
static void say_counts(const struct analysis *analysis,
                       const struct workload_result *workload,
                       const struct result *judged, FILE *out) {
  char line[REPORT_LINE];
  if (report_advice_line(analysis, workload, line) > 0)
    fprintf(out, " %c%s.", toupper((unsigned char)line[0]), line + 1);
  else
    say_better(analysis, workload, judged, out);
}

static void say_copies(const struct analysis *analysis,
                       const struct workload_result *workload, FILE *out) {
  char ratio[NUMBER_LENGTH];
  int64_t workers = analysis_most_workers(analysis, workload);
  const struct result *r = report_copies(analysis, workload, workers);
  if (r && isfinite(r->program_speedup.median))
    fprintf(out, " As %" PRId64 " job%s side by side: %s the throughput.",
            workers, workers == 1 ? "" : "s",
            number_ratio_interval(r->program_speedup, ratio));
}

static void write_sentence(const struct analysis *analysis,
                           const struct workload_result *workload, FILE *out) {
  const struct result *r = verdict_point(analysis, workload);
  if (!r)
    fputs(" Nothing parallel was measured.", out);
  if (r && strcmp(r->requested, usual_variant) != 0)
    fprintf(out, " As %s.", r->requested);
  if (r && !isfinite(r->program_speedup.median))
    fputs(r->program_ratios.values
              ? " No round has both it and serial yet."
              : " Its speedup is not told: analyze the run anew.",
          out);
  if (r) {
    say_times(workload, r, out);
    say_gain(analysis, r, out);
    answer_loss(r, out);
    say_law(analysis, r, out); /* which the row tells, if this is cut off */
    say_counts(analysis, workload, r, out);
  }
  say_copies(analysis, workload, out);
}

char *answer_sentence(const struct analysis *analysis,
                      const struct workload_result *workload) {
  char *text = NULL;
  size_t bytes;
  FILE *out = open_memstream(&text, &bytes);
  if (!out)
    return NULL;
  write_sentence(analysis, workload, out);
  (void)fclose(out);
  if (text && *text == ' ')
    memmove(text, text + 1, strlen(text));
  return text;
}
