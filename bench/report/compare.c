/* Two runs side by side in the terminal. */
#include "bench/report/compare.h"

#include "bench/report/columns.h"
#include "bench/report/numbers.h"
#include "bench/report/wrap.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* ---- words --------------------------------------------------------------- */

/* From there on a difference is a factor, and no percentage. */
static const double factor_from = 2;

static void add_count(struct text *text, const char *what, int64_t a,
                      int64_t b) {
  char in_a[NUMBER_LENGTH], in_b[NUMBER_LENGTH];
  text_add(text, "%s%s (%s in A, %s in B)", text->length > 0 ? "; " : "", what,
           a < 0 ? "unknown" : number_count((uint64_t)a, in_a),
           b < 0 ? "unknown" : number_count((uint64_t)b, in_b));
}

static const char *or_unknown(const char *text) {
  return text ? text : "unknown";
}

const char *compare_reason(const struct versus *versus,
                           const struct versus_row *row,
                           char text[static COMPARE_TEXT]) {
  struct text reason = text_begin(text, COMPARE_TEXT);
  const struct run_facts *a = &versus->a->run, *b = &versus->b->run;
  const struct {
    unsigned difference;
    const char *what;
    int64_t a, b;
  } counts[] = {
      {VERSUS_SCHEMA, "schemas differ", a->schema, b->schema},
      {VERSUS_SIZE, "sizes differ", row->in_a->size, row->in_b->size},
      {VERSUS_SEED, "seeds differ", a->seed, b->seed},
      {VERSUS_ITERATIONS, "timed regions per trial differ", a->iterations,
       b->iterations},
      {VERSUS_BLOCKS, "blocks per trial differ", a->blocks, b->blocks},
      {VERSUS_REPEAT, "regions per program differ", row->in_a->repeat,
       row->in_b->repeat},
  };
  for (size_t i = 0; i < sizeof counts / sizeof *counts; i++)
    if (row->differences & counts[i].difference)
      add_count(&reason, counts[i].what, counts[i].a, counts[i].b);
  if (row->differences & VERSUS_PARAMS)
    text_add(&reason, "%sparameters differ (%.60s in A, %.60s in B)",
             reason.length > 0 ? "; " : "", or_unknown(row->in_a->params),
             or_unknown(row->in_b->params));
  if (row->differences & VERSUS_SCALING)
    text_add(&reason, "%sscaling differs (%s in A, %s in B)",
             reason.length > 0 ? "; " : "", or_unknown(a->scaling),
             or_unknown(b->scaling));
  return text;
}

/* "12% slower (9.1-15%)"; of a factor "slower: 2.1x (1.9-2.4)". */
static void add_difference(struct text *text, struct interval ratio) {
  char number[NUMBER_LENGTH];
  const char *word = ratio.median > 1 ? "slower" : "faster";
  struct interval more = {ratio.median - 1, ratio.low - 1, ratio.high - 1};
  if (ratio.median < 1)
    more = (struct interval){1 - ratio.median, 1 - ratio.high, 1 - ratio.low};
  if (ratio.median >= factor_from || ratio.median <= 1 / factor_from) {
    text_add(text, "%s: %s", word, number_ratio_interval(ratio, number));
    return;
  }
  number_percent_interval(more, number);
  size_t median = strcspn(number, " ");
  text_add(text, "%.*s %s%s", (int)median, number, word, number + median);
}

const char *compare_verdict(const struct versus_row *row,
                            char text[static COMPARE_TEXT]) {
  struct text verdict = text_begin(text, COMPARE_TEXT);
  char number[NUMBER_LENGTH], end[NUMBER_LENGTH];
  switch (row->verdict) {
  case VERSUS_SLOWER:
  case VERSUS_FASTER:
    add_difference(&verdict, row->ratio);
    break;
  case VERSUS_SAME:
    if (row->within > 0)
      text_add(&verdict, "no difference larger than %s",
               number_percent(row->within, number));
    else
      text_add(&verdict, "no difference: the same trials");
    break;
  case VERSUS_TOO_WIDE:
    text_add(&verdict, "too wide to tell (%s–%s)",
             number_plain(row->ratio.low, number),
             number_ratio(row->ratio.high, end));
    break;
  case VERSUS_FEW:
    text_add(&verdict, "too few trials to tell");
    break;
  case VERSUS_NOT_COMPARABLE:
  case VERSUS_VERDICTS: /* none is */
    text_add(&verdict, "not comparable");
    break;
  }
  return text;
}

const char *compare_change(const struct versus_row *row,
                           char text[static COMPARE_TEXT]) {
  struct text change = text_begin(text, COMPARE_TEXT);
  char from[NUMBER_LENGTH], to[NUMBER_LENGTH];
  bool slower = row->verdict == VERSUS_SLOWER;
  if (!row->told)
    return text;
  if (row->term == TERM_USEFUL) {
    text_add(&change, "the work itself takes %s, in serial, too",
             slower ? "longer" : "less");
    return text;
  }
  text_add(&change, "%s %s from %s to %s", breakdown_terms[row->term].words,
           slower ? "grew" : "shrank",
           number_percent(row->share_a.median, from),
           number_percent(row->share_b.median, to));
  return text;
}

/* ---- the table ----------------------------------------------------------- */

enum { CELLS = 4 };

struct line {
  char cells[CELLS][COMPARE_TEXT];
};

static void fill_line(const struct versus_row *row, struct line *line) {
  char marks[REPORT_MARKS];
  bool alike = strcmp(row->a->variant, row->b->variant) == 0;
  text_print(line->cells[0], COMPARE_TEXT, "  %.60s on %" PRId64 "%s",
             alike ? row->a->variant : row->a->requested, row->a->workers,
             report_marks(report_flags(row->a) | report_flags(row->b), marks));
  number_time(row->time_a_s.median, line->cells[1]);
  number_time(row->time_b_s.median, line->cells[2]);
  compare_verdict(row, line->cells[3]);
}

static void print_line(const struct columns *columns, const struct line *line,
                       FILE *out) {
  const char *texts[CELLS];
  for (size_t c = 0; c < CELLS; c++)
    texts[c] = line->cells[c];
  columns_print(columns, texts, CELLS, out);
}

/* A workload's name, above its points. */
static void print_name(const struct versus *versus,
                       const struct versus_row *row, FILE *out) {
  char name[REPORT_NAME], reason[COMPARE_TEXT];
  report_name(row->in_a, name);
  if (row->differences)
    wrap_format(out, 2, 0, "%s: not comparable: %s", name,
                compare_reason(versus, row, reason));
  else
    wrap_format(out, 2, 0, "%s, %s", name,
                row->program ? "whole programs" : "warm regions");
}

static void print_table(const struct comparison *comparison, FILE *out) {
  const struct versus *versus = comparison->versus;
  struct line *lines = calloc(versus->count + 1, sizeof *lines);
  struct columns columns = {.right = {false, true, true}};
  char change[COMPARE_TEXT];
  uint32_t flags = 0;
  if (!lines)
    return;
  for (size_t i = 0; i < versus->count; i++) {
    fill_line(&versus->rows[i], &lines[i]);
    for (size_t c = 0; !versus->rows[i].differences && c < CELLS; c++)
      columns_fit(&columns, c, lines[i].cells[c]);
  }
  for (size_t i = 0; i < versus->count; i++) {
    const struct versus_row *row = &versus->rows[i], *before = row - 1;
    if (i == 0 || row->in_a != before->in_a || row->program != before->program)
      print_name(versus, row, out);
    if (row->differences)
      continue;
    print_line(&columns, &lines[i], out);
    flags |= report_flags(row->a) | report_flags(row->b);
    if (*compare_change(row, change))
      wrap_format(out, 4, 0, "    %s", change);
  }
  free(lines);
  report_legend(flags, flags, out);
}

/* ---- around it ----------------------------------------------------------- */

static size_t count_of(const struct versus *versus, enum versus_verdict of) {
  size_t count = 0;
  for (size_t i = 0; i < versus->count; i++)
    count += versus->rows[i].verdict == of;
  return count;
}

void compare_summary(const struct versus *versus,
                     char words[static COMPARE_TEXT]) {
  struct text text = text_begin(words, COMPARE_TEXT);
  const char *comma = "";
  if (versus->count == 0) {
    text_add(&text, "A and B have no workload and variant in common.");
    return;
  }
  text_add(&text, "B beside A at %zu point%s: ", versus->count,
           versus->count == 1 ? "" : "s");
  for (enum versus_verdict v = 0; v < VERSUS_VERDICTS; v++) {
    size_t count = count_of(versus, v);
    if (count == 0 && v > VERSUS_FASTER)
      continue;
    text_add(&text, "%s%zu %s%s", comma, count, versus_words[v],
             v == VERSUS_SAME ? " larger than 5%" : "");
    comma = ", ";
  }
  text_add(&text, ".");
}

/* How to measure again what is not comparable. */
static void print_like(const struct comparison *comparison, FILE *out) {
  char word[TEXT_SHOWN], shown[TEXT_SHOWN];
  struct text quoted = TEXT_BEGIN(word);
  if (count_of(comparison->versus, VERSUS_NOT_COMPARABLE) == 0)
    return;
  text_add_shell(&quoted, comparison->a.folder);
  fprintf(out,
          "To measure what A did, with B's build and on its machine:\n"
          "  coresweep sweep --like %s --out NEW\n",
          text_shown(word, shown));
}

enum key { KEY_VARIANT, KEY_WORKERS };

static bool same_key(const struct result *x, const struct result *r,
                     enum key key) {
  if (key == KEY_VARIANT)
    return strcmp(x->requested, r->requested) == 0;
  return x->workers == r->workers && !result_is_serial(x);
}

/* Whether the workload has a result with the variant, or the workers, of r. */
static bool has_key(const struct analysis *analysis,
                    const struct workload_result *workload,
                    const struct result *r, enum key key) {
  for (size_t i = 0; i < analysis->result_count; i++)
    if (result_is_of(&analysis->results[i], workload) &&
        same_key(&analysis->results[i], r, key))
      return true;
  return false;
}

/* Names the workloads of both in which only `a` has the key of r; just the key
 * when it is all in which `a` has it.  Says whether there was any. */
static bool print_key(const struct analysis *a, const struct analysis *b,
                      const struct result *r, enum key key,
                      const char *separator, FILE *out) {
  char name[REPORT_NAME];
  size_t have = 0, missing = 0;
  for (int pass = 0; pass < 2; pass++) {
    size_t named = 0;
    for (size_t s = 0; s < a->workload_count; s++) {
      const struct workload_result *workload = &a->workloads[s];
      const struct workload_result *other = versus_workload(b, workload);
      if (!other || !has_key(a, workload, r, key))
        continue;
      bool only = !has_key(b, other, r, key);
      if (pass == 0) {
        have++;
        missing += only;
      } else if (only) {
        fprintf(out, "%s%s", named++ > 0 ? ", " : " (",
                report_name(workload, name));
      }
    }
    if (pass == 0 && missing == 0)
      return false;
    if (pass == 0 && key == KEY_VARIANT)
      fprintf(out, "%s%s", separator, r->requested);
    else if (pass == 0)
      fprintf(out, "%s%" PRId64, separator, r->workers);
    if (pass == 0 && missing == have)
      return true;
  }
  fputc(')', out);
  return true;
}

static void print_only(const struct analysis *a, const struct analysis *b,
                       char letter, FILE *out) {
  static const char *const names[] = {
      [KEY_VARIANT] = "variants", [KEY_WORKERS] = "worker counts"};
  char head[64], name[REPORT_NAME];
  bool any = false;
  for (size_t s = 0; s < a->workload_count; s++)
    if (!versus_workload(b, &a->workloads[s])) {
      text_print(head, sizeof head, "Only in %c, workloads: ", letter);
      fprintf(out, "%s%s", any ? ", " : head,
              report_name(&a->workloads[s], name));
      any = true;
    }
  fputs(any ? "\n" : "", out);
  for (enum key key = KEY_VARIANT; key <= KEY_WORKERS; key++) {
    any = false;
    text_print(head, sizeof head, "Only in %c, %s: ", letter, names[key]);
    for (size_t i = 0; i < a->result_count; i++) {
      bool known = key == KEY_WORKERS && result_is_serial(&a->results[i]);
      for (size_t k = 0; k < i && !known; k++)
        known = same_key(&a->results[k], &a->results[i], key);
      if (!known)
        any =
            print_key(a, b, &a->results[i], key, any ? ", " : head, out) || any;
    }
    fputs(any ? "\n" : "", out);
  }
}

static void print_run(char letter, const struct compare_run *run, FILE *out) {
  const struct run_facts *facts = &run->analysis->run;
  wrap_format(out, 3, 0, "%c: %s, on %s, %s, %.16s, %" PRId64 " rounds", letter,
              run->name, facts->machine ? facts->machine : "an unknown machine",
              facts->build ? facts->build : "unknown build",
              facts->date ? facts->date : "unknown date", facts->rounds);
  if (facts->warnings)
    wrap_format(out, 3, 0, "   Beware: %s", facts->warnings);
}

static bool differ(const char *a, const char *b) {
  return a && b && strcmp(a, b) != 0;
}

static void print_runs(const struct comparison *comparison, FILE *out) {
  const struct run_facts *a = &comparison->a.analysis->run;
  const struct run_facts *b = &comparison->b.analysis->run;
  const char *what[] = {differ(a->machine, b->machine) ? " machine" : "",
                        differ(a->build, b->build) ? " build" : "",
                        differ(a->bind, b->bind) ? " binding" : ""};
  print_run('A', &comparison->a, out);
  print_run('B', &comparison->b, out);
  if (*what[0] || *what[1] || *what[2])
    fprintf(out, "A and B differ in:%s%s%s\n", what[0], what[1], what[2]);
}

static void print_method(const struct versus *versus, FILE *out) {
  if (versus->judged > 0)
    wrap_format(
        out, 0, 0,
        "Times are medians; slower and faster are by so much of A's "
        "time, with 95%% intervals of two unpaired samples; verdicts "
        "are corrected for %zu comparison%s (Holm), and half of the 5%% "
        "of error is for a point of each workload: parallel, at the "
        "most workers.",
        versus->judged, versus->judged == 1 ? "" : "s");
}

void compare_report(const struct comparison *comparison, FILE *out) {
  const struct analysis *a = comparison->a.analysis;
  const struct analysis *b = comparison->b.analysis;
  char summary[COMPARE_TEXT];
  print_runs(comparison, out);
  fputc('\n', out);
  compare_summary(comparison->versus, summary);
  wrap_format(out, 2, 0, "%s", summary);
  fputc('\n', out);
  print_table(comparison, out);
  print_like(comparison, out);
  print_only(a, b, 'A', out);
  print_only(b, a, 'B', out);
  print_method(comparison->versus, out);
}
