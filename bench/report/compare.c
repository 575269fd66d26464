/* Runs side by side in the terminal. */
#include "bench/report/compare.h"

#include "bench/plan/notation.h"
#include "bench/report/numbers.h"
#include "bench/report/programs.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* Two runs of a comparison: A and another. */
struct pair {
  const struct comparison *comparison;
  const struct analysis *a, *b;
  size_t other; /* the index of b */
};

char compare_letter(size_t run) {
  return (char)('A' + run);
}

const struct workload_result *
compare_workload(const struct analysis *analysis,
                 const struct workload_result *workload) {
  const struct workload_result *found = NULL;
  for (size_t s = 0; s < analysis->workload_count; s++) {
    const struct workload_result *other = &analysis->workloads[s];
    if (strcmp(other->workload, workload->workload) != 0)
      continue;
    if (other->size == workload->size)
      return other;
    if (!other->sized && !workload->sized)
      found = other;
  }
  return found;
}

const struct result *compare_find(const struct analysis *other,
                                  const struct workload_result *workload,
                                  const struct result *r) {
  const struct workload_result *beside = compare_workload(other, workload);
  return beside ? analysis_find_of(other, beside, r->requested, r->workers)
                : NULL;
}

unsigned compare_differences(const struct analysis *a, const struct analysis *b,
                             const struct workload_result *in_a) {
  const struct workload_result *in_b = compare_workload(b, in_a);
  unsigned differences = 0;
  if (!in_b)
    return 0;
  if (in_a->size != in_b->size)
    differences |= COMPARE_SIZE;
  if (!notation_same(in_a->params ? in_a->params : "",
                     in_b->params ? in_b->params : ""))
    differences |= COMPARE_PARAMS;
  if (a->run.seed != b->run.seed)
    differences |= COMPARE_SEED;
  if (a->run.iterations != b->run.iterations)
    differences |= COMPARE_ITERATIONS;
  return differences;
}

const char *compare_notice(unsigned differences,
                           char text[static COMPARE_TEXT]) {
  static const char *const names[] = {"sizes", "parameters", "seeds",
                                      "timed regions per trial"};
  struct text notice = text_begin(text, COMPARE_TEXT);
  for (unsigned i = 0; i < sizeof names / sizeof *names; i++)
    if (differences & 1U << i)
      text_add(&notice, "%s%s", notice.length > 0 ? " and " : "", names[i]);
  if (differences)
    text_add(&notice, " differ: speedups are %s",
             differences == COMPARE_ITERATIONS ? "measured differently"
                                               : "of different problems");
  return text;
}

static double over(double b, double a) {
  return b >= a ? b / a : 1 / (a / b);
}

struct interval compare_ratio(struct interval a, struct interval b) {
  if (!(a.median > 0) || !(b.median > 0))
    return INTERVAL_NULL;
  return (struct interval){over(b.median, a.median), over(b.low, a.high),
                           over(b.high, a.low)};
}

bool compare_apart(struct interval a, struct interval b) {
  return a.high < b.low || b.high < a.low;
}

/* Whether all runs of the set have that result; *shared: in one of them the
 * workers share CPUs. */
static bool in_all(const struct comparison *comparison, uint32_t runs,
                   const struct workload_result *workload,
                   const struct result *r, bool *shared) {
  *shared = false;
  for (size_t k = 0; k < comparison->count; k++) {
    if (!(runs & UINT32_C(1) << k))
      continue;
    const struct result *found =
        compare_find(comparison->runs[k].analysis, workload, r);
    if (!found)
      return false;
    *shared = *shared || found->oversubscribed == 1;
  }
  return true;
}

int64_t compare_workers(const struct comparison *comparison, uint32_t runs,
                        const struct workload_result *workload,
                        const char *requested) {
  const struct analysis *base = comparison->runs[0].analysis;
  int64_t own = 0, any = 0;
  for (size_t i = 0; i < base->result_count; i++) {
    const struct result *r = &base->results[i];
    bool same =
        requested ? strcmp(r->requested, requested) == 0 : result_is_serial(r);
    bool wanted = requested ? same : !same;
    bool shared;
    if (!wanted || !result_is_of(r, workload) ||
        !in_all(comparison, runs, workload, r, &shared))
      continue;
    any = r->workers > any ? r->workers : any;
    if (!shared && r->workers > own)
      own = r->workers;
  }
  return own > 0 && workload->waits != 1 ? own : any;
}

/* The table. */

/* Of a region; of somebody else's program, which has none of ours, as a whole.
 */
static struct interval speedup_of(const struct pair *pair,
                                  const struct result *r) {
  return report_is_of_programs(pair->a) ? r->program_speedup : r->speedup_abs;
}

static void fill_row(const struct pair *pair,
                     const struct workload_result *workload,
                     const struct result *a, const struct result *b,
                     struct table_row *row) {
  char name[REPORT_NAME], number[NUMBER_LENGTH], marks[REPORT_MARKS];
  bool serial = result_is_serial(a);
  bool withheld = compare_differences(pair->a, pair->b, workload) != 0;
  struct interval rate_a = withheld ? INTERVAL_NULL : a->items_per_s;
  struct interval rate_b = withheld ? INTERVAL_NULL : b->items_per_s;
  char brief[TEXT_BRIEF];
  row->workload = workload->workload;
  text_print(row->cells[0], TABLE_CELL, "%s",
             text_brief(report_name(workload, name), 60, brief));
  text_print(row->cells[1], TABLE_CELL, "%.60s on %" PRId64 "%s",
             strcmp(a->variant, b->variant) == 0 ? a->variant : a->requested,
             a->workers,
             report_marks(report_flags(a) | report_flags(b), marks));
  text_print(row->cells[2], TABLE_CELL, "%s",
             number_rate(rate_a.median, "", number));
  text_print(row->cells[3], TABLE_CELL, "%s",
             number_rate(rate_b.median, "", number));
  text_print(row->cells[4], TABLE_CELL, "%s",
             serial ? "1" : number_ratio_interval(speedup_of(pair, a), number));
  text_print(row->cells[5], TABLE_CELL, "%s",
             serial ? "1" : number_ratio_interval(speedup_of(pair, b), number));
  text_print(row->cells[6], TABLE_CELL, "%s",
             number_ratio_interval(compare_ratio(rate_a, rate_b), number));
}

static void print_table(const struct pair *pair, FILE *out) {
  char letter = compare_letter(pair->other);
  struct table_row *rows = calloc(pair->a->result_count + 1, sizeof *rows);
  size_t count = 1;
  uint32_t flags = 0;
  bool programs = report_is_of_programs(pair->a);
  if (!rows)
    return;
  rows[0] = (struct table_row){.cells = {"kernel", "variant on workers",
                                         "items/s A", "items/s ", "", "", ""}};
  text_print(rows[0].cells[3], TABLE_CELL, "items/s %c", letter);
  text_print(rows[0].cells[4], TABLE_CELL, "%sspeedup A",
             programs ? "" : "region ");
  text_print(rows[0].cells[5], TABLE_CELL, "%sspeedup %c",
             programs ? "" : "region ", letter);
  text_print(rows[0].cells[6], TABLE_CELL, "%c/A", letter);
  for (size_t i = 0; i < pair->a->result_count; i++) {
    const struct result *a = &pair->a->results[i];
    const struct workload_result *workload = analysis_workload_of(pair->a, a);
    const struct result *b =
        workload ? compare_find(pair->b, workload, a) : NULL;
    uint32_t both = UINT32_C(1) | UINT32_C(1) << pair->other;
    if (!b || a->workers != compare_workers(pair->comparison, both, workload,
                                            a->requested))
      continue;
    fill_row(pair, workload, a, b, &rows[count++]);
    flags |= report_flags(a) | report_flags(b);
  }
  if (count > 1)
    table_print(rows, count, out);
  else
    fprintf(out, "A and %c have no workload and variant in common.\n", letter);
  free(rows);
  if (count > 1 && programs)
    fprintf(
        out,
        "items/s: runs of the program a second, medians.  %c/A: items/s in "
        "%c over A, between\nthe ends of both intervals.  Speedups: against "
        "the same run's baseline (%s).\n",
        letter, letter, report_intervals(pair->a));
  else if (count > 1)
    fprintf(out,
            "items/s: of the warm region, medians.  %c/A: items/s in %c over "
            "A, between the ends of\nboth intervals.  Region speedups: against "
            "the same run's serial (%s); at the\nmost workers that both "
            "have.\n",
            letter, letter, report_intervals(pair->a));
  report_legend(flags, flags, out);
}

static void print_detail(const char *what, int64_t a, int64_t b,
                         const char *separator, char letter, FILE *out) {
  char in_a[NUMBER_LENGTH], in_b[NUMBER_LENGTH];
  fprintf(out, "%s%s %s in A, %s in %c", separator, what,
          a < 0 ? "unknown" : number_count((uint64_t)a, in_a),
          b < 0 ? "unknown" : number_count((uint64_t)b, in_b), letter);
}

static void print_difference(const struct pair *pair,
                             const struct workload_result *a,
                             const struct workload_result *b,
                             unsigned differences, FILE *out) {
  char notice[COMPARE_TEXT], name[REPORT_NAME];
  char letter = compare_letter(pair->other);
  const char *separator = " (";
  fprintf(out, "%s: %s", report_name(a, name),
          compare_notice(differences, notice));
  if (differences & COMPARE_SIZE) {
    print_detail("size", a->size, b->size, separator, letter, out);
    separator = "; ";
  }
  if (differences & COMPARE_PARAMS) {
    fprintf(out, "%s%s in A, %s in %c", separator,
            a->params ? a->params : "unknown",
            b->params ? b->params : "unknown", letter);
    separator = "; ";
  }
  if (differences & COMPARE_SEED) {
    print_detail("seed", pair->a->run.seed, pair->b->run.seed, separator,
                 letter, out);
    separator = "; ";
  }
  if (differences & COMPARE_ITERATIONS)
    print_detail("timed regions", pair->a->run.iterations,
                 pair->b->run.iterations, separator, letter, out);
  fputs(")\n", out);
}

static void print_differences(const struct pair *pair, FILE *out) {
  bool any = false;
  char word[TEXT_SHOWN], shown[TEXT_SHOWN];
  struct text quoted = TEXT_BEGIN(word);
  for (size_t s = 0; s < pair->a->workload_count; s++) {
    const struct workload_result *a = &pair->a->workloads[s];
    const struct workload_result *b = compare_workload(pair->b, a);
    unsigned differences = compare_differences(pair->a, pair->b, a);
    if (differences)
      print_difference(pair, a, b, differences, out);
    any = any || differences;
  }
  if (!any)
    return;
  fprintf(out,
          "Items per second are withheld (-) there.  To measure what A did, "
          "with %c's build and on its machine:\n  coresweep sweep --like ",
          compare_letter(pair->other));
  text_add_shell(&quoted, pair->comparison->runs[0].folder);
  fprintf(out, "%s --out NEW\n", text_shown(word, shown));
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
      const struct workload_result *other = compare_workload(b, workload);
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
    if (!compare_workload(b, &a->workloads[s])) {
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

static bool differ(const char *a, const char *b) {
  return a && b && strcmp(a, b) != 0;
}

static void print_runs(const struct comparison *comparison, FILE *out) {
  const struct run_facts *a = &comparison->runs[0].analysis->run;
  for (size_t k = 0; k < comparison->count; k++) {
    const struct run_facts *run = &comparison->runs[k].analysis->run;
    fprintf(out, "%c: %s, on %s, %s, %.16s, %" PRId64 " rounds\n",
            compare_letter(k), comparison->runs[k].name,
            run->machine ? run->machine : "an unknown machine",
            run->build ? run->build : "unknown build",
            run->date ? run->date : "unknown date", run->rounds);
    if (run->warnings)
      fprintf(out, "   Beware: %s\n", run->warnings);
  }
  for (size_t k = 1; k < comparison->count; k++) {
    const struct run_facts *b = &comparison->runs[k].analysis->run;
    const char *what[] = {differ(a->machine, b->machine) ? " machine" : "",
                          differ(a->build, b->build) ? " build" : "",
                          differ(a->bind, b->bind) ? " binding" : ""};
    if (*what[0] || *what[1] || *what[2])
      fprintf(out, "A and %c differ in:%s%s%s\n", compare_letter(k), what[0],
              what[1], what[2]);
  }
}

void compare_report(const struct comparison *comparison, FILE *out) {
  print_runs(comparison, out);
  for (size_t k = 1; k < comparison->count; k++) {
    struct pair pair = {comparison, comparison->runs[0].analysis,
                        comparison->runs[k].analysis, k};
    fputc('\n', out);
    print_table(&pair, out);
    print_differences(&pair, out);
    print_only(pair.a, pair.b, 'A', out);
    print_only(pair.b, pair.a, compare_letter(k), out);
  }
}
