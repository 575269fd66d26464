#include "bench/report/terminal.h"

#include "bench/analyze/flags.h"
#include "bench/report/chart_file.h"
#include "bench/report/numbers.h"
#include "bench/report/report.h"
#include "bench/report/scopes.h"
#include "bench/report/wrap.h"

#include <inttypes.h>
#include <langinfo.h>
#include <locale.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
  COLUMNS_LEAST = 50,
  COLUMNS_MOST = 160, /* longer bars are no clearer */
  NAME_COLUMNS = 16,
  COUNT_COLUMNS = 4,
  BAR_LEAST = 16, /* or intervals are told by their bars alone */
  GAPS = 5
};

static bool is_utf8(void) {
  locale_t locale = newlocale(LC_CTYPE_MASK, "", (locale_t)0);
  bool utf8 = locale != (locale_t)0 &&
              strcmp(nl_langinfo_l(CODESET, locale), "UTF-8") == 0;
  if (locale != (locale_t)0)
    freelocale(locale);
  return utf8;
}

struct terminal terminal_of(FILE *out) {
  const char *term = getenv("TERM");
  const char *none = getenv("NO_COLOR");
  size_t columns = wrap_terminal(out);
  struct terminal terminal = {.columns = columns ? columns : WRAP_USUAL,
                              .utf8 = is_utf8()};
  terminal.colour = isatty(fileno(out)) && (!none || !*none) && term && *term &&
                    strcmp(term, "dumb") != 0;
  return terminal;
}

const char *terminal_paint(const struct terminal *terminal,
                           enum terminal_colour colour) {
  static const char *const codes[] = {[TERMINAL_PLAIN] = "\033[0m",
                                      [TERMINAL_GOOD] = "\033[32m",
                                      [TERMINAL_DOUBTFUL] = "\033[33m",
                                      [TERMINAL_BAD] = "\033[31m",
                                      [TERMINAL_FAINT] = "\033[2m"};
  return terminal->colour ? codes[colour] : "";
}

/* ---- bars ---------------------------------------------------------------- */

/* What a column of a bar may show. */
enum glyph {
  NOTHING,
  BAR,
  LOW,
  REACH,
  HIGH,
  MEDIAN,
  HOLLOW, /* a median that is doubtful */
  IDEAL,
  PAST, /* it goes on beyond the last column */
  GLYPHS
};
static const char *const glyphs[2][GLYPHS] = {
    {" ", "#", "[", "-", "]", "o", "O", ":", ">"},
    {" ", "█", "├", "─", "┤", "●", "○", "┊", "▶"}};

struct bars {
  const struct terminal *terminal;
  FILE *out;
  size_t width; /* of a bar */
  double most;  /* the speedup at its last column */
  bool brief;   /* numbers are medians alone */
};

/* The column, from 0, in which a speedup lies. */
static size_t column_of(const struct bars *bars, double speedup) {
  double at = floor(speedup / bars->most * (double)bars->width);
  return at < 0 ? 0 : at >= (double)bars->width ? bars->width - 1 : (size_t)at;
}

static enum glyph glyph_at(const struct bars *bars, struct interval speedup,
                           const struct result *r, size_t column) {
  size_t median = column_of(bars, speedup.median);
  bool known = isfinite(speedup.low) && isfinite(speedup.high);
  size_t low = known ? column_of(bars, speedup.low) : median;
  size_t high = known ? column_of(bars, speedup.high) : median;
  if (column + 1 == bars->width &&
      (known ? speedup.high : speedup.median) > bars->most)
    return PAST;
  if (column == median)
    return report_hollow(r) ? HOLLOW : MEDIAN;
  if (column == low)
    return LOW;
  if (column == high)
    return HIGH;
  if (column > low && column < high)
    return REACH;
  if (column < low)
    return BAR;
  return column == column_of(bars, (double)r->workers) ? IDEAL : NOTHING;
}

static enum terminal_colour colour_of(enum glyph glyph,
                                      struct interval speedup) {
  if (glyph == IDEAL)
    return TERMINAL_FAINT;
  return speedup.low > 1    ? TERMINAL_GOOD
         : speedup.high < 1 ? TERMINAL_BAD
                            : TERMINAL_PLAIN;
}

static void print_bar(const struct bars *bars, struct interval speedup,
                      const struct result *r) {
  enum terminal_colour now = TERMINAL_PLAIN;
  for (size_t i = 0; i < bars->width; i++) {
    enum glyph glyph = glyph_at(bars, speedup, r, i);
    enum terminal_colour colour =
        glyph == NOTHING ? TERMINAL_PLAIN : colour_of(glyph, speedup);
    if (colour != now)
      fputs(terminal_paint(bars->terminal, TERMINAL_PLAIN), bars->out);
    if (colour != now && colour != TERMINAL_PLAIN)
      fputs(terminal_paint(bars->terminal, colour), bars->out);
    now = colour;
    fputs(glyphs[bars->terminal->utf8][glyph], bars->out);
  }
  if (now != TERMINAL_PLAIN)
    fputs(terminal_paint(bars->terminal, TERMINAL_PLAIN), bars->out);
}

/* As the terminal can show it: "1.9x (1.8-2.0)" in ASCII. */
static void print_text(const struct bars *bars, const char *text) {
  static const char times[] = "×", dash[] = "–";
  for (; *text; text++) {
    unsigned char byte = (unsigned char)*text;
    if (bars->terminal->utf8 || byte < 0x80)
      fputc(byte, bars->out);
    else if (strncmp(text, times, strlen(times)) == 0)
      fputc('x', bars->out);
    else if (strncmp(text, dash, strlen(dash)) == 0)
      fputc('-', bars->out);
    else if ((byte & 0xc0) == 0xc0) /* a character's first byte */
      fputc('?', bars->out);
  }
}

static const char *number_text(const struct bars *bars, struct interval speedup,
                               char *text) {
  return bars->brief ? number_ratio(speedup.median, text)
                     : number_ratio_interval(speedup, text);
}

static void print_row(const struct bars *bars, const struct result *r,
                      struct interval speedup) {
  char number[NUMBER_LENGTH], brief[TEXT_BRIEF];
  text_brief(r->requested, NAME_COLUMNS, brief);
  size_t width = number_columns(brief);
  fputs("  ", bars->out);
  print_text(bars, brief);
  fprintf(bars->out, "%*s %*" PRId64 " ",
          width < NAME_COLUMNS ? (int)(NAME_COLUMNS - width) : 0, "",
          COUNT_COLUMNS, r->workers);
  print_bar(bars, speedup, r);
  fputc(' ', bars->out);
  print_text(bars, number_text(bars, speedup, number));
  fputc('\n', bars->out);
}

/* The scale under the bars: 0, no gain, and the most. */
static void print_scale(const struct bars *bars) {
  char end[NUMBER_LENGTH];
  size_t one = column_of(bars, 1);
  size_t length = (size_t)snprintf(end, sizeof end, "%.0f", bars->most);
  fprintf(bars->out, "%*s0", 2 + NAME_COLUMNS + 1 + COUNT_COLUMNS + 1, "");
  for (size_t i = 1; i < bars->width; i++) {
    if (i == one && bars->most > 1 && i + length + 2 < bars->width)
      fputc('1', bars->out);
    else if (i + length == bars->width) {
      fputs(end, bars->out);
      break;
    } else
      fputc(' ', bars->out);
  }
  fputc('\n', bars->out);
}

static struct interval speedup_of(const struct result *r, enum scope scope) {
  return scope == SCOPE_REGION ? r->speedup_abs : r->program_speedup;
}

static bool has_bar(const struct result *r, enum scope scope) {
  return !result_is_serial(r) && isfinite(speedup_of(r, scope).median);
}

static void print_scope(struct bars *bars, const struct analysis *analysis,
                        const struct workload_result *workload,
                        enum scope scope) {
  char name[REPORT_NAME], brief[TEXT_BRIEF];
  bool any = false;
  for (size_t i = 0; i < analysis->result_count; i++) {
    const struct result *r = &analysis->results[i];
    if (!result_is_of(r, workload) || !has_bar(r, scope))
      continue;
    if (!any) {
      fputs("\n", bars->out);
      print_text(bars, text_brief(report_name(workload, name), 40, brief));
      fprintf(bars->out, ": %s\n",
              scope == SCOPE_REGION ? "warm region" : "whole program");
    }
    any = true;
    print_row(bars, r, speedup_of(r, scope));
  }
  if (any)
    print_scale(bars);
}

/* The columns of the longest number. */
static size_t number_width(const struct bars *bars,
                           const struct analysis *analysis) {
  char number[NUMBER_LENGTH];
  size_t most = 0;
  for (size_t i = 0; i < analysis->result_count; i++)
    for (enum scope scope = 0; scope < SCOPES; scope++) {
      const struct result *r = &analysis->results[i];
      size_t width =
          has_bar(r, scope)
              ? number_columns(number_text(bars, speedup_of(r, scope), number))
              : 0;
      most = width > most ? width : most;
    }
  return most;
}

/* The bars get what names and numbers leave. */
static void settle_width(struct bars *bars, const struct analysis *analysis) {
  size_t columns = bars->terminal->columns;
  columns = columns < COLUMNS_LEAST  ? COLUMNS_LEAST
            : columns > COLUMNS_MOST ? COLUMNS_MOST
                                     : columns;
  columns -= NAME_COLUMNS + COUNT_COLUMNS + GAPS;
  size_t numbers = number_width(bars, analysis);
  if (numbers + BAR_LEAST > columns) {
    bars->brief = true;
    numbers = number_width(bars, analysis);
  }
  bars->width = columns - numbers;
}

/* Why medians are hollow, if some are. */
static void explain_hollow(const struct bars *bars,
                           const struct analysis *analysis) {
  const char *glyph = glyphs[bars->terminal->utf8][HOLLOW];
  for (int f = 0; f < FLAGS; f++) {
    bool any = false;
    for (size_t i = 0; i < analysis->result_count; i++)
      any = any || (!result_is_serial(&analysis->results[i]) &&
                    flag_is_set(&analysis->results[i], (enum flag)f));
    if (any && report_doubts((enum flag)f))
      wrap_format(bars->out, 2, 0, "%s %s: %s", glyph, flag_table[f].word,
                  flag_table[f].meaning);
  }
}

void terminal_speedups(const struct analysis *analysis,
                       const struct terminal *terminal, FILE *out) {
  struct bars bars = {.terminal = terminal, .out = out};
  const char *const *glyph = glyphs[terminal->utf8];
  fprintf(out,
          "Speedup against %s\n%s median, %s%s%s 95%% interval, %s ideal\n",
          report_baseline(analysis, NULL), glyph[MEDIAN], glyph[LOW],
          glyph[REACH], glyph[HIGH], glyph[IDEAL]);
  explain_hollow(&bars, analysis);
  settle_width(&bars, analysis);
  for (size_t s = 0; s < analysis->workload_count; s++) {
    const struct workload_result *workload = &analysis->workloads[s];
    bars.most = 1;
    for (size_t i = 0; i < analysis->result_count; i++)
      if (result_is_of(&analysis->results[i], workload))
        bars.most = fmax(bars.most, (double)analysis->results[i].workers);
    bars.most *= 1 + 1.0 / (double)bars.width; /* the ideal's own column */
    print_scope(&bars, analysis, workload, SCOPE_PROGRAM);
    print_scope(&bars, analysis, workload, SCOPE_REGION);
  }
}
