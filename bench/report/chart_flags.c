/* What flags do to charts: hollow points named under the chart, lines broken,
 * the capacity beside the ideal. */
#include "bench/analyze/flags.h"
#include "bench/report/chart_file.h"

#include <inttypes.h>
#include <string.h>

enum { NAMED = 6 }; /* points that a note names; of more it gives the number */

bool report_hollow(const struct result *result) {
  for (int f = 0; f < FLAGS; f++)
    if (!flag_table[f].breaks && flag_is_set(result, (enum flag)f))
      return true;
  return false;
}

/* "threads (OpenMP), static on 4" */
static void name_point(const struct result *r, bool with_setting, char *text,
                       size_t capacity) {
  snprintf(text, capacity, "%s%s%.60s on %" PRId64,
           with_setting ? r->setting : "", with_setting ? " " : "", r->asked,
           r->workers);
}

static void note_flag(FILE *out, enum flag flag,
                      const struct flagged_points *points) {
  char named[REPORT_LINE] = "", one[160];
  size_t flagged = 0, used = 0;
  for (size_t i = 0; i < points->count; i++) {
    if (!flag_is_set(points->results[i], flag))
      continue;
    flagged++;
    name_point(points->results[i], points->with_setting, one, sizeof one);
    if (flagged <= NAMED && used < sizeof named)
      used += (size_t)snprintf(named + used, sizeof named - used, "%s%s",
                               used ? ", " : "", one);
  }
  if (flagged == 0)
    return;
  if (flagged == points->count && flagged > 1)
    snprintf(named, sizeof named, "all points");
  else if (flagged > NAMED || used >= sizeof named)
    snprintf(named, sizeof named, "%zu of %zu points", flagged, points->count);
  fprintf(out, "# note: %s%s: %s (%s)\n",
          flag_table[flag].breaks ? "" : "hollow, ", flag_table[flag].word,
          flag_table[flag].meaning, named);
}

void chart_flag_notes(FILE *out, const struct flagged_points *points) {
  for (int f = 0; f < FLAGS; f++)
    if (!(points->broken && flag_table[f].breaks))
      note_flag(out, (enum flag)f, points);
}

void chart_breaks(FILE *out, const struct run_facts *run) {
  const int64_t from[] = {run->siblings_from, run->slower_from, run->numa_from};
  for (int f = 0; f < 3; f++)
    if (from[f] != FIELD_NULL && from[f] > 1)
      fprintf(out, "# break: %" PRId64 " %s\n", from[f],
              flag_table[FLAG_SMT + f].breaks);
}

static const char capacity_note[] =
    "capacity: what these CPUs deliver together, all at work on independent "
    "chains of arithmetic, over the first alone";

void chart_capacity_curve(FILE *out, const struct analysis *analysis) {
  size_t points = 0;
  for (size_t i = 0; i < analysis->capacity_count; i++)
    points += isfinite(analysis->capacities[i].capacity.median);
  if (points < 2)
    return;
  chart_text(out, "note", capacity_note);
  for (size_t i = 0; i < analysis->capacity_count; i++) {
    const struct capacity *c = &analysis->capacities[i];
    if (isfinite(c->capacity.median))
      fprintf(out, "law\tcapacity\t-1\t%" PRId64 "\t%.9f\t-\t-\n", c->workers,
              c->capacity.median);
  }
}

void chart_capacity_line(FILE *out, const struct analysis *analysis,
                         int64_t workers) {
  for (size_t i = 0; i < analysis->capacity_count; i++) {
    const struct capacity *c = &analysis->capacities[i];
    if (c->workers != workers || workers < 2 || !isfinite(c->capacity.median))
      continue;
    fprintf(out, "# capacity: %.9f\n", c->capacity.median);
    chart_text(out, "note", capacity_note);
  }
}
