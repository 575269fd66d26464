/* The data of the charts of what things cost. */
#include "bench/report/chart_file.h"
#include "bench/report/numbers.h"
#include "bench/report/overheads.h"

#include <inttypes.h>
#include <string.h>

enum { COUNTS = 64 };

/* A sentence as a title: without its full stop. */
static void write_title(FILE *out, char *sentence, const char *otherwise) {
  size_t length = strlen(sentence);
  if (length > 0 && sentence[length - 1] == '.')
    sentence[length - 1] = '\0';
  chart_text(out, "title", *sentence ? sentence : otherwise);
}

/* For axes in micro- or megaunits. */
static struct interval scaled(struct interval value, double factor) {
  return (struct interval){value.median * factor, value.low * factor,
                           value.high * factor};
}

struct view {
  const struct overheads *overheads;
  const struct environment *environment; /* may be NULL */
  struct charts *charts;
};

static void write_foot(FILE *out, const struct view *view, const char *what) {
  const struct environment *e = view->environment;
  char text[REPORT_LINE];
  text_print(text, sizeof text, "%s · %s%s · %.10s",
             e && e->machine ? e->machine : "unknown machine",
             e && e->build ? e->build : "unknown build", what,
             e && e->date ? e->date : "");
  chart_text(out, "foot", text);
}

static void write_subtitle(FILE *out, const struct view *view,
                           const char *what) {
  char text[REPORT_LINE + 80];
  text_print(text, sizeof text,
             "%s; medians and 95%% intervals over %" PRIu32 " rounds", what,
             view->overheads->rounds);
  chart_text(out, "subtitle", text);
}

/* ---- times, a row each ----------------------------------------------------
 */

/* Start-up and regions at the most workers, and of a pool that spins; trips;
 * chunks of one worker. */
static bool in_times(const struct overheads *o, const struct overhead *c,
                     int64_t most) {
  if (c->kind == OVERHEAD_CHUNK)
    return c->workers == 1;
  if (c->kind == OVERHEAD_START)
    return c->workers == most && !(c->policy && c->spins);
  if (c->kind == OVERHEAD_REGION)
    return c->workers == most ||
           (strcmp(c->spec.team, "pool") == 0 && c->spins &&
            c->workers == (int64_t)o->usable_cpus - 1) ||
           (strcmp(c->spec.team, "fork") == 0 && c->workers == 1);
  return c->kind == OVERHEAD_TRIP;
}

static int team_style(const struct overhead *c) {
  char requested[NOTATION_LENGTH];
  struct variant_spec spec = c->spec;
  spec.chunk = 0;
  if (spec.schedule == SCHEDULE_APPLY)
    return 10 + (int)spec.transport;
  notation_format_variant(&spec, requested);
  return report_style(requested, 0);
}

static int times_chart(const struct view *view, struct problem *problem) {
  static const struct chart about = {.shows = "overheads", .script = "dots.gp"};
  static const char *const names[OVERHEAD_KINDS] = {
      [OVERHEAD_START] = "start",
      [OVERHEAD_REGION] = "region",
      [OVERHEAD_TRIP] = "round trip",
      [OVERHEAD_CHUNK] = "chunk"};
  const struct overheads *o = view->overheads;
  int64_t counts[COUNTS];
  size_t count = overheads_counts(o, OVERHEAD_REGION, counts, COUNTS);
  int64_t most = count > 0 ? counts[count - 1] : 1;
  char text[REPORT_LINE], label[OVERHEAD_LABEL], row[2 * OVERHEAD_LABEL];
  FILE *out = chart_open(view->charts, &about, problem);
  if (!out)
    return PROBLEM_FAILURE;
  overheads_headline(o, text);
  write_title(out, text, "What parallelism costs here");
  write_subtitle(out, view, "Time of one, p: workers");
  write_foot(out, view, " · bound, one worker per core");
  chart_text(out, "xlabel", "time (µs)");
  chart_text(out, "unit", "µs");
  for (size_t i = 0; i < o->count; i++) {
    const struct overhead *c = &o->list[i];
    if (!in_times(o, c, most))
      continue;
    overhead_label(c, label);
    text_print(row, sizeof row, "%s: %s, p = %" PRId64, names[c->kind], label,
               c->workers);
    const struct chart_point point = {.row = row,
                                      .label = row,
                                      .style = team_style(c),
                                      .value = scaled(c->value, 1e6)};
    chart_point(out, &point);
  }
  return chart_close(view->charts, out, PROBLEM_NONE, problem);
}

/* ---- bytes per second -----------------------------------------------------
 */

static int rates_chart(const struct view *view, int64_t workers,
                       struct problem *problem) {
  const struct overheads *o = view->overheads;
  char text[REPORT_LINE];
  struct chart about = {.script = "lines.gp"};
  text_print(about.shows, sizeof about.shows, "transports-%" PRId64, workers);
  FILE *out = chart_open(view->charts, &about, problem);
  if (!out)
    return PROBLEM_FAILURE;
  overheads_rate_headline(o, workers, text);
  write_title(out, text, "Bytes per second of each transport");
  text_print(text, sizeof text,
             "Results of %" PRId64 " worker%s, each item a message: bytes over "
             "the time that it takes more than shm, against the item's length",
             workers, workers == 1 ? "" : "s");
  write_subtitle(out, view, text);
  write_foot(out, view, "");
  chart_text(out, "xlabel", "length of an item (KiB)");
  chart_text(out, "ylabel", "bytes per second");
  chart_text(out, "scale", "log");
  chart_text(out, "unit", "si:B/s");
  for (size_t i = 0; i < o->count; i++) {
    const struct overhead *c = &o->list[i];
    if (c->kind != OVERHEAD_RATE || c->workers != workers)
      continue;
    const struct chart_point point = {
        .label = notation_transport_name(c->spec.transport),
        .style = 10 + (int)c->spec.transport,
        .x = c->item_bytes / 1024,
        .value = c->value};
    chart_point(out, &point);
    if (!isfinite(c->value.median)) {
      char bytes[NUMBER_LENGTH];
      text_print(text, sizeof text, "%s, %s: too small to measure",
                 notation_transport_name(c->spec.transport),
                 overhead_bytes(c->item_bytes, bytes));
      chart_text(out, "note", text);
    }
  }
  return chart_close(view->charts, out, PROBLEM_NONE, problem);
}

static bool has_rates(const struct overheads *o, int64_t workers) {
  for (size_t i = 0; i < o->count; i++)
    if (o->list[i].kind == OVERHEAD_RATE && o->list[i].workers == workers &&
        isfinite(o->list[i].value.median))
      return true;
  return false;
}

/* ---- memory ---------------------------------------------------------------
 */

static int memory_chart(const struct view *view, size_t count,
                        struct problem *problem) {
  const struct overheads *o = view->overheads;
  bool lines = count >= 3;
  char text[REPORT_LINE], row[OVERHEAD_LABEL];
  const struct chart about = {.shows = "memory",
                              .script = lines ? "lines.gp" : "dots.gp"};
  FILE *out = chart_open(view->charts, &about, problem);
  if (!out)
    return PROBLEM_FAILURE;
  overheads_memory_headline(o, text);
  write_title(out, text, "Memory of a team");
  write_subtitle(out, view,
                 "Proportional set size of the whole team, the program's own "
                 "memory included");
  write_foot(out, view, "");
  chart_text(out, "xlabel", lines ? "workers" : "MB");
  chart_text(out, "ylabel", "MB");
  chart_text(out, "unit", "MB");
  for (size_t i = 0; i < o->count; i++) {
    const struct overhead *c = &o->list[i];
    if (c->kind != OVERHEAD_MEMORY || (c->policy && c->spins))
      continue;
    text_print(row, sizeof row, "%" PRId64 " worker%s", c->workers,
               c->workers == 1 ? "" : "s");
    const struct chart_point point = {.row = lines ? NULL : row,
                                      .label = strcmp(c->spec.team, "omp") == 0
                                                   ? "threads (OpenMP)"
                                                   : "pool of processes",
                                      .style = team_style(c),
                                      .x = (double)c->workers,
                                      .value = scaled(c->value, 1e-6)};
    chart_point(out, &point);
  }
  return chart_close(view->charts, out, PROBLEM_NONE, problem);
}

int overheads_chart_data(const struct overheads *overheads,
                         const struct environment *environment,
                         struct charts *charts, struct problem *problem) {
  const struct view view = {overheads, environment, charts};
  int64_t counts[COUNTS];
  int status = PROBLEM_NONE;
  if (overheads_counts(overheads, OVERHEAD_REGION, counts, COUNTS) > 0)
    status = times_chart(&view, problem);
  size_t rates = overheads_counts(overheads, OVERHEAD_RATE, counts, COUNTS);
  for (size_t i = 0; !status && i < rates; i++)
    if ((i == 0 || i + 1 == rates) && has_rates(overheads, counts[i]))
      status = rates_chart(&view, counts[i], problem);
  size_t weighed = overheads_counts(overheads, OVERHEAD_MEMORY, counts, COUNTS);
  if (!status && weighed > 0)
    status = memory_chart(&view, weighed, problem);
  return status;
}
