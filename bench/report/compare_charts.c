/* The charts of two runs side by side. */
#include "bench/report/chart_file.h"
#include "bench/report/compare.h"
#include "bench/report/numbers.h"

#include <inttypes.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

enum quantity { QUANTITY_ITEMS, QUANTITY_SPEEDUP, QUANTITIES };

static const struct {
  const char *shows;    /* of its charts: see struct chart */
  const char *subtitle; /* what is drawn */
  size_t value;         /* member of struct result */
} quantities[QUANTITIES] = {
    [QUANTITY_ITEMS] = {"items", "Items per second of the warm region",
                        offsetof(struct result, items_per_s)},
    [QUANTITY_SPEEDUP] = {"speedup",
                          "Speedup of the warm region against the same run's "
                          "serial",
                          offsetof(struct result, speedup_abs)},
};

enum { RUNS = 2 };

struct figure {
  const struct comparison *comparison;
  const struct workload_result *workload; /* of A */
  enum quantity quantity;
  unsigned differences; /* of B to A */
  int64_t workers;      /* the most that both have; 0: none but serial */
  bool lines;           /* over the worker counts; else a row per variant */
};

static const struct compare_run *run_of(const struct comparison *comparison,
                                        size_t run) {
  return run == 0 ? &comparison->a : &comparison->b;
}

static const struct analysis *analysis_of(const struct comparison *comparison,
                                          size_t run) {
  return run_of(comparison, run)->analysis;
}

static char letter_of(size_t run) {
  return (char)('A' + run);
}

static struct interval value_of(const struct figure *figure,
                                const struct result *r) {
  const void *value = (const char *)r + quantities[figure->quantity].value;
  return *(const struct interval *)value;
}

/* Whether the figure can show it, at whatever number of workers.  Lines are
 * over the workers, which serial has not. */
static bool in_figure(const struct figure *figure, size_t run,
                      const struct result *r) {
  const struct workload_result *own =
      versus_workload(analysis_of(figure->comparison, run), figure->workload);
  return own && result_is_of(r, own) && isfinite(value_of(figure, r).median) &&
         (!result_is_serial(r) ||
          (figure->quantity == QUANTITY_ITEMS && !figure->lines));
}

static bool shown(const struct figure *figure, size_t run,
                  const struct result *r) {
  return in_figure(figure, run, r) &&
         (figure->lines || r->workers == figure->workers ||
          result_is_serial(r));
}

/* The next result that is shown after result *at of run *run, or NULL; begin
 * with both 0. */
static const struct result *next_shown(const struct figure *figure, size_t *run,
                                       size_t *at) {
  for (; *run < RUNS; ++*run, *at = 0) {
    const struct analysis *analysis = analysis_of(figure->comparison, *run);
    while (*at < analysis->result_count) {
      const struct result *r = &analysis->results[(*at)++];
      if (shown(figure, *run, r))
        return r;
    }
  }
  return NULL;
}

/* A's variants look as they do in its own charts; those of B take the
 * numbers from 10 on, each its own throughout the comparison. */
static int line_style(const struct comparison *comparison, size_t run,
                      const char *requested) {
  int next = 10;
  for (size_t k = 0; k < RUNS; k++) {
    const struct analysis *analysis = analysis_of(comparison, k);
    for (size_t i = 0; i < analysis->result_count; i++) {
      const char *other = analysis->results[i].requested;
      int own = report_style(other, 0);
      bool again = false;
      for (size_t j = 0; j < i && !again; j++)
        again = strcmp(analysis->results[j].requested, other) == 0;
      if (again)
        continue;
      int style = k == 0 && own < 10 ? own : next++;
      if (k == run && strcmp(other, requested) == 0)
        return style;
    }
  }
  return next;
}

/* In rows of variants, colour and shape tell the runs apart. */
static int row_style(size_t run) {
  return run == 0 ? 13 : 14;
}

/* "threads (OpenMP)" → "threads". */
static void short_label(const struct result *r, char *text, size_t capacity) {
  const char *label = r->label ? r->label : r->requested;
  size_t length = strcspn(label, "(,");
  while (length > 0 && label[length - 1] == ' ')
    length--;
  text_print(text, capacity, "%.*s", (int)length, label);
}

/* Titles. */

/* The row that the title speaks of: A's first variant, at the most workers that
 * both have; of items per second, `serial` where there is no other. */
static const struct versus_row *leader_of(const struct figure *figure) {
  const struct versus *versus = figure->comparison->versus;
  const struct versus_row *serial = NULL;
  for (size_t i = 0; i < versus->count; i++) {
    const struct versus_row *row = &versus->rows[i];
    if (row->in_a != figure->workload)
      continue;
    if (result_is_serial(row->a))
      serial = row;
    else if (row->a->workers == figure->workers)
      return row;
  }
  return figure->quantity == QUANTITY_ITEMS ? serial : NULL;
}

/* What was found, with "A's" or "B" before it. */
static void find(const struct figure *figure, const struct versus_row *leader,
                 char text[static REPORT_LINE]) {
  char verdict[COMPARE_TEXT], in_a[NUMBER_LENGTH], in_b[NUMBER_LENGTH];
  struct interval a = leader->a->speedup_abs, b = leader->b->speedup_abs;
  if (figure->quantity == QUANTITY_ITEMS) {
    compare_verdict(leader, verdict);
    bool differs = leader->verdict <= VERSUS_FASTER;
    text_print(text, REPORT_LINE, "%s%s", differs ? "B is " : "", verdict);
    return;
  }
  number_ratio(a.median, in_a);
  number_ratio(b.median, in_b);
  if (a.high < b.low || b.high < a.low)
    text_print(text, REPORT_LINE, "A's region reaches %s, B's %s", in_a, in_b);
  else
    text_print(text, REPORT_LINE, "no difference in region speedup shown");
}

static void write_title(FILE *out, const struct figure *figure) {
  char text[2 * REPORT_LINE], found[REPORT_LINE], label[80];
  char brief[TEXT_BRIEF], name[80 + TEXT_BRIEF];
  const struct workload_result *workload = figure->workload;
  const char *params = strchr(workload->workload, '/');
  const struct versus_row *leader = leader_of(figure);
  text_print(name, sizeof name, "%.80s%s%s", workload->title,
             params ? ", " : "",
             params ? text_brief(params + 1, 60, brief) : "");
  if (figure->differences) {
    text_print(text, sizeof text,
               "%s: region speedups that are not directly comparable", name);
  } else if (!leader) {
    text_print(text, sizeof text, "%s: no variant in common", name);
  } else {
    find(figure, leader, found);
    short_label(leader->a, label, sizeof label);
    text_print(text, sizeof text, "%s: %s (%s, %" PRId64 " worker%s)", name,
               found, label, leader->a->workers,
               leader->a->workers == 1 ? "" : "s");
  }
  chart_text(out, "title", text);
}

static void write_texts(FILE *out, const struct figure *figure) {
  char text[2 * REPORT_LINE], foot[REPORT_LINE], reason[COMPARE_TEXT];
  char brief[TEXT_BRIEF];
  const struct comparison *comparison = figure->comparison;
  const struct versus_row *leader = leader_of(figure);
  struct text subtitle = TEXT_BEGIN(text);
  write_title(out, figure);
  text_add(&subtitle, "%s; medians, %s", quantities[figure->quantity].subtitle,
           report_intervals(comparison->a.analysis));
  for (size_t k = 0; k < RUNS; k++)
    text_add(&subtitle, "%s%c is %s", k == 0 ? "; " : ", ", letter_of(k),
             text_brief(run_of(comparison, k)->name, 60, brief));
  chart_text(out, "subtitle", text);
  if (figure->differences && leader)
    chart_note(out, "not comparable: %s",
               compare_reason(comparison->versus, leader, reason));
  for (size_t k = 0; k < RUNS; k++) {
    const struct analysis *analysis = analysis_of(comparison, k);
    report_foot(analysis, versus_workload(analysis, figure->workload), foot);
    text_print(text, sizeof text, "%c: %s", letter_of(k), foot);
    chart_text(out, "foot", text);
  }
}

/* "speedup on 2 workers", "rows per second". */
static void write_axes(FILE *out, const struct figure *figure) {
  char text[160], unit[100];
  bool items = figure->quantity == QUANTITY_ITEMS;
  /* As short as kernels have it: it stands behind every value. */
  char what[TEXT_BRIEF];
  text_brief(figure->workload->items ? figure->workload->items : "items", 16,
             what);
  text_print(unit, sizeof unit, items ? "si:%.60s/s" : "x", what);
  chart_text(out, "unit", unit);
  text_print(unit, sizeof unit, items ? "%.60s per second" : "speedup", what);
  if (figure->lines) {
    chart_text(out, "xlabel", "workers");
    chart_text(out, "ylabel", unit);
    chart_text(out, "ideal", items ? "no" : "yes");
    return;
  }
  text_print(text, sizeof text, "%s on %" PRId64 " worker%s", unit,
             figure->workers, figure->workers == 1 ? "" : "s");
  chart_text(out, "xlabel", figure->workers > 0 ? text : unit);
  if (items)
    return;
  chart_place(out, "reference", 1, "no gain");
  text_print(text, sizeof text, "%" PRId64, figure->workers);
  if (figure->workers > 1)
    chart_text(out, "ideal", text);
}

/* Logarithmic, of items where the values span more than 20 to 1; and a line
 * where the CPUs end, if they do so in all runs alike. */
static void write_scale(FILE *out, const struct figure *figure) {
  const struct comparison *comparison = figure->comparison;
  int64_t usable = comparison->a.analysis->run.usable_cpus;
  double low = (double)INFINITY, high = 0;
  int64_t fewest = INT64_MAX, most = 0;
  char text[32];
  const struct result *r;
  for (size_t run = 0, at = 0; (r = next_shown(figure, &run, &at));) {
    fewest = r->workers < fewest ? r->workers : fewest;
    most = r->workers > most ? r->workers : most;
    low = fmin(low, value_of(figure, r).median);
    high = fmax(high, value_of(figure, r).median);
    if (analysis_of(comparison, run)->run.usable_cpus != usable)
      usable = FIELD_NULL;
  }
  bool logarithmic = figure->quantity == QUANTITY_ITEMS
                         ? high > 20 * low
                         : chart_is_logarithmic(0, fewest, most);
  chart_text(out, "scale", logarithmic ? "log" : "linear");
  text_print(text, sizeof text, "%" PRId64, usable);
  if (usable != FIELD_NULL)
    chart_text(out, "usable", text);
}

static void write_points(FILE *out, const struct figure *figure) {
  char label[160];
  const struct result *r;
  uint32_t flags = 0;
  for (size_t run = 0, at = 0; (r = next_shown(figure, &run, &at));) {
    const char *variant = result_is_serial(r) ? "serial (1 worker)"
                          : r->label          ? r->label
                                              : r->requested;
    char letter = letter_of(run);
    text_print(label, sizeof label, figure->lines ? "%c %s" : "%c", letter,
               variant);
    struct chart_point point = {
        .row = figure->lines ? NULL : variant,
        .label = label,
        .style = figure->lines
                     ? line_style(figure->comparison, run, r->requested)
                     : row_style(run),
        .x = (double)r->workers,
        .value = value_of(figure, r),
        .flagged = report_hollow(r),
    };
    chart_point(out, &point);
    flags |= report_flags(r);
  }
  chart_flag_meanings(out, flags);
}

/* Three or more worker counts make lines. */
static bool has_lines(const struct figure *figure) {
  int64_t counts[3];
  size_t count = 0;
  struct figure all = *figure;
  const struct result *r;
  all.lines = true;
  for (size_t run = 0, at = 0;
       count < 3 && (r = next_shown(&all, &run, &at));) {
    size_t k = 0;
    while (k < count && counts[k] != r->workers)
      k++;
    if (k == count)
      counts[count++] = r->workers;
  }
  return count > 2;
}

/* The most workers that both have a variant at, but serial.  Counts at which
 * workers share CPUs in neither go first, but for kernels that wait. */
static int64_t most_workers(const struct comparison *comparison,
                            const struct workload_result *workload) {
  int64_t own = 0, any = 0;
  for (size_t i = 0; i < comparison->versus->count; i++) {
    const struct versus_row *row = &comparison->versus->rows[i];
    int64_t workers = row->a->workers;
    bool shared = row->a->oversubscribed == 1 || row->b->oversubscribed == 1;
    if (row->in_a != workload || result_is_serial(row->a))
      continue;
    any = workers > any ? workers : any;
    own = !shared && workers > own ? workers : own;
  }
  return own > 0 && workload->waits != 1 ? own : any;
}

/* The figure of a workload; false: there is nothing to compare in it. */
static bool plan_figure(const struct comparison *comparison,
                        const struct workload_result *workload,
                        enum quantity quantity, struct figure *figure) {
  const struct analysis *a = comparison->a.analysis,
                        *b = comparison->b.analysis;
  size_t run = 0, at = 0;
  *figure =
      (struct figure){.comparison = comparison,
                      .workload = workload,
                      .quantity = quantity,
                      .differences = versus_differences(a, b, workload, false),
                      .workers = most_workers(comparison, workload)};
  if (!versus_workload(b, workload) ||
      (quantity == QUANTITY_ITEMS && figure->differences))
    return false;
  figure->lines = has_lines(figure);
  return leader_of(figure) && next_shown(figure, &run, &at);
}

static int write_figure(const struct figure *figure, struct charts *charts,
                        struct problem *problem) {
  struct chart about = {.workload = figure->workload->workload,
                        .script = figure->lines ? "lines.gp" : "dots.gp"};
  text_print(about.shows, sizeof about.shows, "%s",
             quantities[figure->quantity].shows);
  FILE *out = chart_open(charts, &about, problem);
  if (!out)
    return PROBLEM_FAILURE;
  write_texts(out, figure);
  write_axes(out, figure);
  if (figure->lines)
    write_scale(out, figure);
  write_points(out, figure);
  return chart_close(charts, out, PROBLEM_NONE, problem);
}

int compare_chart_data(const struct comparison *comparison,
                       struct charts *charts, struct problem *problem) {
  const struct analysis *base = comparison->a.analysis;
  int status = PROBLEM_NONE;
  for (enum quantity q = QUANTITY_ITEMS; q < QUANTITIES; q++)
    for (size_t s = 0; !status && s < base->workload_count; s++) {
      struct figure figure;
      if (analysis_is_largest(base, &base->workloads[s]) &&
          plan_figure(comparison, &base->workloads[s], q, &figure))
        status = write_figure(&figure, charts, problem);
    }
  return status;
}
