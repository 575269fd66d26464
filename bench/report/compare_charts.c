/* The charts of runs side by side. */
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
  const char *noun;     /* that in a sentence */
  size_t value;         /* member of struct result */
} quantities[QUANTITIES] = {
    [QUANTITY_ITEMS] = {"items", "Items per second of the warm region",
                        "items per second",
                        offsetof(struct result, items_per_s)},
    [QUANTITY_SPEEDUP] = {"speedup",
                          "Speedup of the warm region against the same run's "
                          "serial",
                          "region speedup",
                          offsetof(struct result, speedup_abs)},
};

struct figure {
  const struct comparison *comparison;
  const struct workload_result *workload; /* of A */
  enum quantity quantity;
  uint32_t runs;        /* bit k: run k is in it */
  unsigned differences; /* of any of them to A */
  int64_t workers;      /* the most that all have; 0: none but serial */
  bool lines;           /* over the worker counts; else a row per variant */
};

static bool has_run(const struct figure *figure, size_t run) {
  return figure->runs & UINT32_C(1) << run;
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
  const struct workload_result *own = compare_workload(
      figure->comparison->runs[run].analysis, figure->workload);
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
  for (; *run < figure->comparison->count; ++*run, *at = 0) {
    const struct analysis *analysis = figure->comparison->runs[*run].analysis;
    while (has_run(figure, *run) && *at < analysis->result_count) {
      const struct result *r = &analysis->results[(*at)++];
      if (shown(figure, *run, r))
        return r;
    }
  }
  return NULL;
}

/* A's variants look as they do in its own charts; those of others take the
 * numbers from 10 on, each its own throughout the comparison. */
static int line_style(const struct comparison *comparison, size_t run,
                      const char *requested) {
  int next = 10;
  for (size_t k = 0; k < comparison->count; k++) {
    const struct analysis *analysis = comparison->runs[k].analysis;
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
  static const int styles[] = {13, 14, 11, 10, 12, 15};
  return styles[run % (sizeof styles / sizeof *styles)];
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

/* The variant that the title speaks of: A's first that all have. */
static const struct result *leader_of(const struct figure *figure) {
  const struct analysis *base = figure->comparison->runs[0].analysis;
  const struct workload_result *workload = figure->workload;
  for (size_t i = 0; i < base->result_count && figure->workers > 0; i++) {
    const struct result *r = &base->results[i];
    bool all = result_is_of(r, workload) && r->workers == figure->workers &&
               !result_is_serial(r);
    for (size_t k = 0; k < figure->comparison->count && all; k++)
      all = !has_run(figure, k) ||
            compare_find(figure->comparison->runs[k].analysis, workload, r);
    if (all)
      return r;
  }
  return figure->quantity == QUANTITY_ITEMS
             ? analysis_find_of(base, workload, "serial", 1)
             : NULL;
}

/* What was found between A and each other run; *apart: how many differ. */
static void find(const struct figure *figure, const struct result *a,
                 char text[static REPORT_LINE], size_t *apart) {
  char number[NUMBER_LENGTH];
  struct text found = text_begin(text, REPORT_LINE);
  bool items = figure->quantity == QUANTITY_ITEMS;
  *apart = 0;
  for (size_t k = 1; k < figure->comparison->count; k++) {
    const struct result *b =
        compare_find(figure->comparison->runs[k].analysis, figure->workload, a);
    if (!has_run(figure, k) || !b || found.cut)
      continue;
    struct interval in_a = value_of(figure, a), in_b = value_of(figure, b);
    bool differ = compare_apart(in_a, in_b);
    const char *comma = found.length > 0 ? ", " : "";
    char letter = compare_letter(k);
    number_ratio(items ? compare_ratio(in_a, in_b).median : in_b.median,
                 number);
    if (!differ)
      text_add(&found, "%s%c shows no difference", comma, letter);
    else if (items)
      text_add(&found, "%s%c does %s the items per second of A", comma, letter,
               number);
    else
      text_add(&found, "%s%c reaches %s", comma, letter, number);
    *apart += differ;
  }
}

static void write_title(FILE *out, const struct figure *figure) {
  char text[2 * REPORT_LINE], found[REPORT_LINE], label[80] = "";
  char brief[TEXT_BRIEF];
  char name[80 + TEXT_BRIEF], with[160] = "", own[NUMBER_LENGTH];
  const struct workload_result *workload = figure->workload;
  const char *params = strchr(workload->workload, '/');
  const struct result *leader = leader_of(figure);
  bool items = figure->quantity == QUANTITY_ITEMS;
  size_t apart = 0;
  text_print(name, sizeof name, "%.80s%s%s", workload->title,
             params ? ", " : "",
             params ? text_brief(params + 1, 60, brief) : "");
  if (leader) {
    short_label(leader, label, sizeof label);
    find(figure, leader, found, &apart);
    text_print(with, sizeof with,
               leader->workers == 1 || figure->workers == 0
                   ? " (%s, %" PRId64 " worker)"
                   : " (%s, %" PRId64 " workers)",
               label, leader->workers);
  }
  if (figure->differences)
    text_print(text, sizeof text,
               "%s: region speedups that are not directly comparable", name);
  else if (!leader)
    text_print(text, sizeof text, "%s: no variant in common", name);
  else if (apart == 0)
    text_print(text, sizeof text, "%s: no difference in %s shown%s", name,
               quantities[figure->quantity].noun, with);
  else if (items)
    text_print(text, sizeof text, "%s: %s%s", name, found, with);
  else
    text_print(text, sizeof text, "%s: A's region reaches %s, %s%s", name,
               number_ratio(leader->speedup_abs.median, own), found, with);
  chart_text(out, "title", text);
}

static void write_texts(FILE *out, const struct figure *figure) {
  char text[2 * REPORT_LINE], foot[REPORT_LINE], notice[COMPARE_TEXT];
  char brief[TEXT_BRIEF];
  const struct comparison *comparison = figure->comparison;
  struct text subtitle = TEXT_BEGIN(text);
  write_title(out, figure);
  text_add(&subtitle, "%s; medians, %s", quantities[figure->quantity].subtitle,
           report_intervals(comparison->runs[0].analysis));
  for (size_t k = 0; k < comparison->count; k++)
    if (has_run(figure, k))
      text_add(&subtitle, "%s%c is %s", k == 0 ? "; " : ", ", compare_letter(k),
               text_brief(comparison->runs[k].name, 60, brief));
  chart_text(out, "subtitle", text);
  for (size_t k = 0; k < comparison->count; k++) {
    if (!has_run(figure, k))
      continue;
    const struct analysis *analysis = comparison->runs[k].analysis;
    const struct workload_result *workload = figure->workload;
    unsigned differences =
        compare_differences(comparison->runs[0].analysis, analysis, workload);
    compare_notice(differences, notice);
    text_print(text, sizeof text, "%c against A: %s", compare_letter(k),
               notice);
    if (differences)
      chart_text(out, "note", text);
    report_foot(analysis, compare_workload(analysis, workload), foot);
    text_print(text, sizeof text, "%c: %s", compare_letter(k), foot);
    chart_text(out, "foot", text);
  }
}

/* "speedup on 2 workers", "rows per second". */
static void write_axes(FILE *out, const struct figure *figure) {
  char text[160], unit[100];
  bool items = figure->quantity == QUANTITY_ITEMS;
  const char *what = figure->workload->items;
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
  int64_t usable = comparison->runs[0].analysis->run.usable_cpus;
  double low = (double)INFINITY, high = 0;
  int64_t fewest = INT64_MAX, most = 0;
  char text[32];
  const struct result *r;
  for (size_t run = 0, at = 0; (r = next_shown(figure, &run, &at));) {
    fewest = r->workers < fewest ? r->workers : fewest;
    most = r->workers > most ? r->workers : most;
    low = fmin(low, value_of(figure, r).median);
    high = fmax(high, value_of(figure, r).median);
    if (comparison->runs[run].analysis->run.usable_cpus != usable)
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
    char letter = compare_letter(run);
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

/* The figure of a workload; false: there is nothing to compare in it. */
static bool plan_figure(const struct comparison *comparison,
                        const struct workload_result *workload,
                        enum quantity quantity, struct figure *figure) {
  const struct analysis *base = comparison->runs[0].analysis;
  size_t run = 0, at = 0;
  *figure = (struct figure){.comparison = comparison,
                            .workload = workload,
                            .quantity = quantity,
                            .runs = 1};
  for (size_t k = 1; k < comparison->count; k++) {
    const struct analysis *other = comparison->runs[k].analysis;
    unsigned differences = compare_differences(base, other, workload);
    if (!compare_workload(other, workload) ||
        (quantity == QUANTITY_ITEMS && differences))
      continue;
    figure->runs |= UINT32_C(1) << k;
    figure->differences |= differences;
  }
  figure->workers = compare_workers(comparison, figure->runs, workload, NULL);
  figure->lines = has_lines(figure);
  return figure->runs != 1 && leader_of(figure) &&
         next_shown(figure, &run, &at);
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
  const struct analysis *base = comparison->runs[0].analysis;
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
