#include "bench/report/aa_chart.h"

#include "bench/report/chart_file.h"

#include <inttypes.h>

void aa_headline(const struct aa_outcome *outcome,
                 char text[static REPORT_LINE]) {
  text_print(text, REPORT_LINE,
             "serial beside itself: 1 is within the interval of %" PRIu32
             " of %" PRIu32,
             outcome->sweeps - outcome->found, outcome->sweeps);
}

static void write_texts(FILE *out, const struct aa_outcome *outcome,
                        const struct environment *e) {
  char text[REPORT_LINE];
  aa_headline(outcome, text);
  chart_text(out, "title", text);
  text_print(text, sizeof text,
             "Time of serial over that of serial in blocks beside it; a row a "
             "sweep of %" PRIu32 " trials, its median and interval",
             outcome->trials);
  chart_text(out, "subtitle", text);
  text_print(text, sizeof text, "%s · %s · %.10s",
             e && e->machine ? e->machine : "unknown machine",
             e && e->build ? e->build : "unknown build",
             e && e->date ? e->date : "");
  chart_text(out, "foot", text);
  chart_text(out, "xlabel", "time over time");
  chart_place(out, "reference", 1, "no difference");
  chart_text(out, "unit", "none");
  if (outcome->sweeps > AA_ROWS)
    chart_note(out, "the first %d of %" PRIu32 " sweeps are drawn", AA_ROWS,
               outcome->sweeps);
}

int aa_chart_data(const struct aa_outcome *outcome,
                  const struct interval *intervals,
                  const struct environment *environment, struct charts *charts,
                  struct problem *problem) {
  static const struct chart about = {.shows = "sweeps", .script = "dots.gp"};
  char row[NUMBER_LENGTH];
  FILE *out = chart_open(charts, &about, problem);
  if (!out)
    return PROBLEM_FAILURE;
  write_texts(out, outcome, environment);
  for (uint32_t s = 0; s < outcome->sweeps && s < AA_ROWS; s++) {
    bool excludes = intervals[s].low > 1 || intervals[s].high < 1;
    text_print(row, sizeof row, "sweep %" PRIu32, s + 1);
    const struct chart_point point = {.row = row,
                                      .label = excludes ? "1 is outside"
                                                        : "1 is within",
                                      .style = excludes ? 2 : 1,
                                      .value = intervals[s]};
    chart_point(out, &point);
  }
  return chart_close(charts, out, PROBLEM_NONE, problem);
}
