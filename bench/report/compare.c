/* Two runs side by side in the terminal. */
#include "bench/report/compare.h"

#include "bench/analyze/flags.h"
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

/* What is shown of a text that differs, in columns; of those, so many before
 * the difference where the word that differs is long. */
enum { SHOWN = 60, BEFORE = 20 };

/* Where the first word begins in which two texts differ; of a long word, a
 * little before the difference. */
static size_t first_difference(const char *a, const char *b) {
  size_t at = 0, word = 0;
  for (; a[at] && a[at] == b[at]; at++)
    if (a[at] == ' ' || a[at] == ',')
      word = at + 1;
  if (at - word <= SHOWN - BEFORE)
    return word;
  for (at -= BEFORE; ((unsigned char)a[at] & 0xc0) == 0x80; at++)
    ; /* no part of a character */
  return at;
}

/* "what (this in A, that in B)", from where they differ. */
static void add_texts(struct text *text, const char *what, const char *a,
                      const char *b) {
  const char *in_a = or_unknown(a), *in_b = or_unknown(b);
  size_t from = first_difference(in_a, in_b);
  const char *before = from > 0 ? "… " : "";
  text_add(text, "%s%s (%s%.*s in A, %s%.*s in B)",
           text->length > 0 ? "; " : "", what, before, SHOWN, in_a + from,
           before, SHOWN, in_b + from);
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
    add_texts(&reason, "parameters differ", row->in_a->params,
              row->in_b->params);
  if (row->differences & VERSUS_SCALING)
    add_texts(&reason, "scaling differs", a->scaling, b->scaling);
  return text;
}

char *compare_alike(const struct versus *versus, const struct versus_row *row,
                    size_t *points) {
  char reason[COMPARE_TEXT], other[COMPARE_TEXT], name[REPORT_NAME];
  char *names = NULL;
  size_t bytes;
  const struct workload_result *last = NULL;
  FILE *out = open_memstream(&names, &bytes);
  *points = 0;
  compare_reason(versus, row, reason);
  for (size_t i = 0; out && i < versus->count; i++) {
    const struct versus_row *alike = &versus->rows[i];
    if (!alike->differences ||
        strcmp(compare_reason(versus, alike, other), reason) != 0)
      continue;
    if (*points == 0 && alike != row)
      break; /* told before */
    if (alike->in_a != last)
      fprintf(out, "%s%s", last ? ", " : "", report_name(alike->in_a, name));
    last = alike->in_a;
    ++*points;
  }
  if (out && (fclose(out) != 0 || *points == 0)) {
    free(names);
    names = NULL;
  }
  return names;
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

/* ": contended in B"; of stolen time the head of its run tells. */
static void add_spoilt(const struct versus_row *row, struct text *text) {
  const struct flag_about *in_a = flags_spoilt(row->a),
                          *in_b = flags_spoilt(row->b);
  if (in_a && in_b && in_a == in_b)
    text_add(text, ": %s in both", in_a->word);
  else if (in_a || in_b)
    text_add(text, ": %s in %s", (in_b ? in_b : in_a)->word, in_b ? "B" : "A");
  else
    text_add(text, ": steal");
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
  case VERSUS_SPOILT:
    text_add(&verdict, "not judged");
    add_spoilt(row, &verdict);
    break;
  case VERSUS_NOT_COMPARABLE:
  case VERSUS_VERDICTS: /* none is */
    text_add(&verdict, "not comparable");
    break;
  }
  return text;
}

static bool is_told(enum versus_verdict verdict) {
  return verdict == VERSUS_SLOWER || verdict == VERSUS_FASTER;
}

static bool tells_point(const struct versus *versus,
                        const struct versus_workload *workload) {
  bool tells = false;
  for (size_t i = 0; i < versus->count; i++)
    tells = tells || (versus->rows[i].in_a == workload->in_a &&
                      is_told(versus->rows[i].verdict));
  return tells;
}

const char *compare_together(const struct versus *versus,
                             const struct versus_workload *workload,
                             char text[static COMPARE_TEXT]) {
  const struct versus_row as_one = {.verdict = workload->verdict,
                                    .ratio = workload->ratio,
                                    .within = workload->within};
  *text = '\0';
  if (is_told(workload->verdict) ||
      (workload->verdict == VERSUS_SAME && !tells_point(versus, workload)))
    compare_verdict(&as_one, text);
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

/* A workload's name, above its points; of what is not comparable, all that are
 * so for the same reason. */
static void print_name(const struct versus *versus,
                       const struct versus_row *row, FILE *out) {
  char name[REPORT_NAME], reason[COMPARE_TEXT];
  size_t points;
  char *names = row->differences ? compare_alike(versus, row, &points) : NULL;
  if (names)
    wrap_format(out, 2, 0, "%s: not comparable: %s", names,
                compare_reason(versus, row, reason));
  else if (!row->differences)
    wrap_format(out, 2, 0, "%s, %s", report_name(row->in_a, name),
                row->program ? "whole programs" : "warm regions");
  free(names);
}

/* Under the name. */
static void print_together(const struct versus *versus,
                           const struct workload_result *workload, FILE *out) {
  const struct versus_workload *together = versus_together(versus, workload);
  char text[COMPARE_TEXT];
  if (together && *compare_together(versus, together, text))
    wrap_format(out, 4, 0, "  all %zu points together: %s", together->points,
                text);
}

static void print_table(const struct comparison *comparison, FILE *out) {
  const struct versus *versus = comparison->versus;
  struct line *lines = calloc(versus->count + 1, sizeof *lines);
  struct columns columns = {.right = {false, true, true}};
  char change[COMPARE_TEXT];
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
    if (i == 0 || row->in_a != before->in_a)
      print_together(versus, row->in_a, out);
    print_line(&columns, &lines[i], out);
    if (*compare_change(row, change))
      wrap_format(out, 4, 0, "    %s", change);
  }
  free(lines);
}

/* ---- around it ----------------------------------------------------------- */

size_t compare_count(const struct versus *versus, enum versus_verdict of) {
  size_t count = 0;
  for (size_t i = 0; i < versus->count; i++)
    count += versus->rows[i].verdict == of;
  return count;
}

/* Of workloads of which no point is told, but all together are. */
static void add_together(const struct versus *versus, struct text *text) {
  size_t count[VERSUS_VERDICTS] = {0};
  for (size_t w = 0; w < versus->workload_count; w++)
    if (!tells_point(versus, &versus->workloads[w]))
      count[versus->workloads[w].verdict]++;
  for (enum versus_verdict v = VERSUS_SLOWER; v <= VERSUS_FASTER; v++)
    if (count[v] > 0)
      text_add(text, "; %zu workload%s %s by all points together", count[v],
               count[v] == 1 ? "" : "s", versus_words[v]);
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
    size_t count = compare_count(versus, v);
    if (count == 0 && v > VERSUS_FASTER)
      continue;
    text_add(&text, "%s%zu %s%s", comma, count, versus_words[v],
             v == VERSUS_SAME ? " larger than 5%" : "");
    comma = ", ";
  }
  add_together(versus, &text);
  text_add(&text, ".");
}

void compare_report(const struct comparison *comparison, FILE *out) {
  char summary[COMPARE_TEXT];
  compare_about(comparison, out);
  fputc('\n', out);
  compare_summary(comparison->versus, summary);
  wrap_format(out, 2, 0, "%s", summary);
  fputc('\n', out);
  print_table(comparison, out);
  compare_notes(comparison, out);
}
