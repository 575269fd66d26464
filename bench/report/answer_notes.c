/* What stands under the answer's rows. */
#include "bench/analyze/flags.h"
#include "bench/analyze/score.h"
#include "bench/analyze/verdict.h"
#include "bench/plan/text.h"
#include "bench/report/answer.h"
#include "bench/report/numbers.h"
#include "bench/report/wrap.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* What to do about a flag that spoils a point. */
static const char *const advice[FLAGS] = {
    [FLAG_REFUSED] = "`coresweep report --full` says why",
    [FLAG_CONTENDED] = "end what else runs and measure again",
    [FLAG_THROTTLED] = "measure with fewer workers or a larger quota",
    [FLAG_SWAPPED] = "measure a smaller --size",
};

/* ---- marks --------------------------------------------------------------- */

struct points {
  uint32_t shown; /* flags of the judged points, as bits */
  size_t spoilt;  /* others, not shown */
  size_t crowded; /* others, with more workers than CPUs: as was asked */
  size_t few;     /* judged points with too few trials for a verdict */
  size_t fewest;  /* trials of those */
};

/* Flags that spoil, as bits. */
static uint32_t spoiling(void) {
  uint32_t flags = 0;
  for (int f = 0; f < FLAGS; f++)
    flags |= advice[f] ? UINT32_C(1) << f : 0;
  return flags;
}

/* Workers that wait for a CPU where more of them were asked for than there are:
 * what that shows, and nothing that was wrong. */
static bool is_crowded(const struct analysis *analysis,
                       const struct result *r) {
  const struct workload_result *workload = analysis_workload_of(analysis, r);
  return r->oversubscribed == 1 && workload && workload->waits != 1 &&
         flags_spoilt(r) == &flag_table[FLAG_CONTENDED];
}

static struct points look_at_points(const struct analysis *analysis) {
  struct points points = {0};
  for (size_t i = 0; i < analysis->result_count; i++)
    if (is_crowded(analysis, &analysis->results[i])) {
      points.crowded++;
    } else if (flags_spoilt(&analysis->results[i])) {
      points.shown |= report_flags(&analysis->results[i]) & spoiling();
      points.spoilt++;
    }
  for (size_t s = 0; s < analysis->workload_count; s++) {
    const struct workload_result *workload = &analysis->workloads[s];
    const struct result *r = verdict_point(analysis, workload);
    if (!r || !analysis_is_largest(analysis, workload))
      continue;
    const struct result *widest = report_advice_widest(analysis, workload);
    points.crowded -= widest && is_crowded(analysis, widest);
    size_t trials = r->program_ratios.count;
    points.shown |= report_flags(r);
    points.spoilt -= flags_spoilt(r) != NULL;
    if (verdict_of(analysis, r, VERDICT_NO_GAIN) != VERDICT_FEW)
      continue;
    points.fewest =
        points.few++ && points.fewest < trials ? points.fewest : trials;
  }
  return points;
}

/* "‡ not judged: workers waited for a CPU, or others used it; end what else
 * runs and measure again." */
static void write_marks(const struct points *points, FILE *out) {
  for (int f = 0; f < FLAGS; f++)
    if (points->shown & spoiling() & UINT32_C(1) << f)
      fprintf(out, "%s not judged: %s; %s. ", flag_table[f].mark,
              flag_table[f].meaning, advice[f]);
  if (points->spoilt > 0)
    fprintf(out, "%zu point%s not shown here. ", points->spoilt,
            points->spoilt == 1 ? " is spoilt that is"
                                : "s are spoilt that are");
  if (points->crowded > 0)
    fprintf(out,
            "%zu more point%s of more workers than CPUs: `coresweep report "
            "--full`. ",
            points->crowded, points->crowded == 1 ? "" : "s");
  for (int f = 0; f < FLAGS; f++)
    if (points->shown & ~spoiling() & UINT32_C(1) << f)
      fprintf(out, "%s %s. ", flag_table[f].mark, flag_table[f].meaning);
}

static void explain_marks(const struct points *points, FILE *out) {
  char *text = NULL;
  size_t bytes;
  FILE *all = open_memstream(&text, &bytes);
  if (!all)
    return;
  write_marks(points, all);
  if (fclose(all) == 0)
    wrap_print(text, 2, 4, out);
  free(text);
}

/* ---- what was left out --------------------------------------------------- */

/* Appends the note without what it says in parentheses. */
static void add_note(struct text *line, const char *note, size_t length) {
  size_t depth = 0;
  for (size_t i = 0; i < length; i++) {
    bool opens = note[i] == '(' || strncmp(&note[i], " (", 2) == 0;
    if (opens && depth == 0)
      depth = 1;
    if (depth == 0)
      text_put(line, &note[i], 1);
    else if (note[i] == ')')
      depth = 0;
  }
}

/* As many notes as stand in two lines, and how many more there are. */
static void print_left_out(const char *notes, FILE *out) {
  const size_t room = 2 * wrap_columns() - 34; /* ends of lines, "3 more" */
  char bytes[4 * (2 * WRAP_MOST - 34)];
  struct text line = TEXT_BEGIN(bytes);
  size_t more = 0, shown = 0;
  text_add(&line, "Left out, to stay within the budget: ");
  while (*notes) {
    size_t length = strcspn(notes, ";"), before = line.length;
    text_add(&line, "%s", shown ? "; " : "");
    add_note(&line, notes, length);
    if (line.cut || number_columns(bytes) > room) {
      line.length = before;
      line.bytes[before] = '\0';
      line.cut = false;
      more++;
    } else {
      shown++;
    }
    notes += length + (notes[length] == ';');
    notes += strspn(notes, " ");
  }
  if (more > 0)
    text_add(&line,
             shown ? "; %zu more in plan.json" : "%zu things, in plan.json",
             more);
  wrap_format(out, 2, 2, "%s.", bytes);
}

/* ---- the rest ------------------------------------------------------------ */

static void print_score(const struct analysis *analysis, FILE *out) {
  const struct scores scores = score_make(analysis);
  if (scores.points > 0)
    wrap_format(out, 2, 0,
                "The law was right for %zu of %zu points (no gain: %zu, ideal: "
                "%zu).",
                scores.law.held, scores.points, scores.one.held,
                scores.ideal.held);
}

static void print_contradictions(const struct analysis *analysis, FILE *out) {
  const struct cross_check *first = NULL;
  size_t contradicted = 0;
  char brief[TEXT_BRIEF];
  for (size_t i = 0; i < analysis->check_count; i++)
    if (analysis->checks[i].contradicts) {
      first = first ? first : &analysis->checks[i];
      contradicted++;
    }
  if (first)
    wrap_format(out, 2, 2,
                "hyperfine contradicts %zu of %zu times: %s, %s on %" PRId64
                "%s: do not rely on %s.",
                contradicted, analysis->check_count,
                text_brief(first->workload, 24, brief), first->variant,
                first->workers, contradicted > 1 ? " and others" : "",
                contradicted > 1 ? "them" : "it");
}

static void print_kinds(const struct analysis *analysis, FILE *out) {
  const struct run_facts *run = &analysis->run;
  if (run->scaling && strcmp(run->scaling, "weak") == 0)
    fputs("Weak scaling: the size grows with the workers; speedups are of "
          "items a second.\n",
          out);
  for (size_t s = 0; s < analysis->workload_count; s++)
    if (analysis->workloads[s].sized) {
      fputs("The largest sizes alone: `coresweep report --full` has all.\n",
            out);
      return;
    }
}

static void write_notes(const struct analysis *analysis, bool beware,
                        FILE *out) {
  const struct run_facts *run = &analysis->run;
  bool ours = !report_is_of_programs(analysis);
  const struct points points = look_at_points(analysis);
  fputc('\n', out);
  if (ours)
    explain_marks(&points, out);
  if (ours && points.few > 0)
    fprintf(out,
            "No verdict%s: %zu trial%s, and %" PRId64 " verdict%s %" PRId64
            ".\n",
            points.few == 1 ? "" : "s", points.fewest,
            points.fewest == 1 ? "" : "s", run->verdicts,
            run->verdicts == 1 ? " needs" : "s need",
            verdict_trials(run->verdicts));
  if (beware && run->warnings)
    wrap_format(out, 2, 4, "Beware: %s", run->warnings);
  report_rounds_left_out(analysis, out);
  if (run->left_out)
    print_left_out(run->left_out, out);
  if (ours)
    print_kinds(analysis, out);
  print_score(analysis, out);
  print_contradictions(analysis, out);
}

void answer_notes(const struct analysis *analysis, FILE *out) {
  write_notes(analysis, true, out);
}

void answer_notes_else(const struct analysis *analysis, FILE *out) {
  write_notes(analysis, false, out);
}
