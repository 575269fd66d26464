/* What flags do to charts: hollow points named under the chart, lines broken,
 * the capacity beside the ideal. */
#include "bench/analyze/flags.h"
#include "bench/plan/sizes.h"
#include "bench/report/chart_file.h"

#include <inttypes.h>
#include <string.h>

/* Room of a note's list of points; instead of a longer one, how many. */
enum { LONGEST = 121 };

/* What makes a number doubtful.  The others say what it is a number of: a short
 * region, workers with nothing to do, a slower clock or core. */
static const uint32_t doubtful =
    UINT32_C(1) << FLAG_REFUSED | UINT32_C(1) << FLAG_CONTENDED |
    UINT32_C(1) << FLAG_DRIFT | UINT32_C(1) << FLAG_THROTTLED |
    UINT32_C(1) << FLAG_SWAPPED | UINT32_C(1) << FLAG_HOT;

static bool is_doubtful(int flag) {
  return doubtful >> flag & 1;
}

bool report_doubts(enum flag flag) {
  return is_doubtful((int)flag);
}

bool report_hollow(const struct result *result) {
  return report_flags(result) & doubtful;
}

static bool same_line(const struct result *a, const struct result *b) {
  return strcmp(a->workload, b->workload) == 0 &&
         strcmp(a->requested, b->requested) == 0;
}

/* Appends "; omp:static on 4", or ", 4" after a point of the same line; of
 * sizes, "; omp:static at 1k". */
static void name_point(const struct result *r, const struct result *before,
                       const struct flagged_points *points,
                       struct text *named) {
  char at[SIZES_TEXT];
  bool with_workload = points->with_workload;
  if (points->by_size)
    sizes_format((uint64_t)r->size, at);
  else
    text_print(at, sizeof at, "%" PRId64, r->workers);
  if (before && same_line(r, before))
    text_add(named, ", %s", at);
  else
    text_add(named, "%s%s%s%s %s %s", before ? "; " : "",
             with_workload ? r->workload : "", with_workload ? " " : "",
             r->requested, points->by_size ? "at" : "on", at);
}

static void note_flag(FILE *out, enum flag flag,
                      const struct flagged_points *points) {
  char names[LONGEST];
  struct text named = TEXT_BEGIN(names);
  const struct result *before = NULL;
  size_t drawn = 0, flagged = 0;
  for (size_t i = 0; i < points->analysis->result_count; i++) {
    const struct result *r = &points->analysis->results[i];
    drawn += points->drawn[i];
    if (!points->drawn[i] || !flag_is_set(r, flag))
      continue;
    flagged++;
    name_point(r, before, points, &named);
    before = r;
  }
  if (flagged == 0)
    return;
  if (flagged == drawn && flagged > 1)
    text_print(names, sizeof names, "all points");
  else if (named.cut)
    text_print(names, sizeof names, "%zu of %zu points", flagged, drawn);
  const char *look = points->doubtful ? points->doubtful : "hollow";
  bool doubts = is_doubtful(flag);
  chart_note(out, "%s%s%s: %s: %s", doubts ? look : "", doubts ? ", " : "",
             flag_table[flag].word, flag_table[flag].meaning, names);
}

void chart_flag_notes(FILE *out, const struct flagged_points *points) {
  for (int f = 0; f < FLAGS; f++)
    if (!flag_table[f].drawn && !(points->broken && flag_table[f].breaks))
      note_flag(out, (enum flag)f, points);
}

void chart_flag_meanings(FILE *out, uint32_t flags) {
  for (int f = 0; f < FLAGS; f++)
    if (is_doubtful(f) && flags & UINT32_C(1) << f)
      chart_note(out, "hollow, %s: %s", flag_table[f].word,
                 flag_table[f].meaning);
}

void chart_breaks(FILE *out, const struct run_facts *run) {
  const int64_t from[] = {run->siblings_from, run->slower_from, run->numa_from};
  for (int f = 0; f < 3; f++)
    if (from[f] != FIELD_NULL && from[f] > 1)
      fprintf(out, "# break: %" PRId64 " %s\n", from[f],
              flag_table[FLAG_SMT + f].breaks);
}

const char chart_capacity_note[] =
    "capacity: what these CPUs deliver together, all at work on independent "
    "chains of arithmetic, over the first alone";

void chart_capacity_curve(FILE *out, const struct analysis *analysis) {
  size_t points = 0;
  for (size_t i = 0; i < analysis->capacity_count; i++)
    points += isfinite(analysis->capacities[i].capacity.median);
  if (points < 2)
    return;
  chart_elsewhere(out, "%s", chart_capacity_note);
  for (size_t i = 0; i < analysis->capacity_count; i++) {
    const struct capacity *c = &analysis->capacities[i];
    chart_thin_point(out, "capacity", (double)c->workers, c->capacity.median);
  }
}

void chart_capacity_line(FILE *out, const struct analysis *analysis,
                         int64_t workers) {
  for (size_t i = 0; i < analysis->capacity_count; i++) {
    const struct capacity *c = &analysis->capacities[i];
    if (c->workers != workers || workers < 2 || !isfinite(c->capacity.median))
      continue;
    fprintf(out, "# capacity: %.9f\n", c->capacity.median);
    chart_elsewhere(out, "%s", chart_capacity_note);
  }
}
