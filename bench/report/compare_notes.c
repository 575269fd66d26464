/* What stands around a comparison's table: which runs they are, what only one
 * has, and how they are compared. */
#include "bench/report/compare.h"

#include "bench/report/programs.h"
#include "bench/report/wrap.h"

#include <inttypes.h>
#include <string.h>

/* ---- the runs ------------------------------------------------------------ */

/* Of texts that may not be told. */
static bool text_differs(const char *a, const char *b) {
  return a && b && strcmp(a, b) != 0;
}

const char *compare_build(const struct run_facts *facts) {
  return facts->build ? facts->build : "unknown build";
}

static void print_run(char letter, const struct compare_run *run, FILE *out) {
  const struct run_facts *facts = &run->analysis->run;
  bool ours = !report_is_of_programs(run->analysis); /* of this build, then */
  wrap_format(out, 3, 0, "%c: %s, on %s%s%s, %.16s, %" PRId64 " rounds.",
              letter, run->name,
              facts->machine ? facts->machine : "an unknown machine",
              ours ? ", " : "", ours ? compare_build(facts) : "",
              facts->date ? facts->date : "unknown date", facts->rounds);
  if (facts->busy)
    wrap_format(out, 3, 0, "   %s", facts->busy);
  if (facts->warnings)
    wrap_format(out, 3, 0, "   Beware: %s", facts->warnings);
}

void compare_about(const struct comparison *comparison, FILE *out) {
  const struct run_facts *a = &comparison->a.analysis->run;
  const struct run_facts *b = &comparison->b.analysis->run;
  bool ours = !report_is_of_programs(comparison->a.analysis);
  const char *what[] = {text_differs(a->machine, b->machine) ? " machine" : "",
                        ours && text_differs(a->build, b->build) ? " build"
                                                                 : "",
                        text_differs(a->bind, b->bind) ? " binding" : ""};
  print_run('A', &comparison->a, out);
  print_run('B', &comparison->b, out);
  if (*what[0] || *what[1] || *what[2])
    fprintf(out, "A and B differ in:%s%s%s\n", what[0], what[1], what[2]);
}

/* ---- under the table ----------------------------------------------------- */

/* How to measure again what is not comparable, or has nothing in common. */
static void print_like(const struct comparison *comparison, FILE *out) {
  char word[TEXT_SHOWN], shown[TEXT_SHOWN];
  struct text quoted = TEXT_BEGIN(word);
  if (comparison->versus->count > 0 &&
      compare_count(comparison->versus, VERSUS_NOT_COMPARABLE) == 0)
    return;
  text_add_shell(&quoted, comparison->a.folder);
  fprintf(out,
          "To measure what A did, with B's build and on its machine:\n"
          "  coresweep sweep --like %s --out NEW\n",
          text_shown(word, shown));
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
      const struct workload_result *other = versus_workload(b, workload);
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
    if (!versus_workload(b, &a->workloads[s])) {
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

static void print_method(const struct versus *versus, FILE *out) {
  if (versus->judged > 0)
    wrap_format(
        out, 2, 0,
        "Times are medians; slower and faster are by so much of A's "
        "time, with 95%% intervals of two unpaired samples; verdicts "
        "are corrected for %zu comparison%s (Holm): two fifths of the 5%% "
        "of error are for a point of each workload (parallel, at the most "
        "workers), two for other points, one for all points of each "
        "together.",
        versus->judged + versus->workload_count,
        versus->judged == 1 ? "" : "s");
}

/* Of the marks in the table. */
static void print_legend(const struct versus *versus, FILE *out) {
  uint32_t flags = 0;
  for (size_t i = 0; i < versus->count; i++)
    if (!versus->rows[i].differences)
      flags |=
          report_flags(versus->rows[i].a) | report_flags(versus->rows[i].b);
  report_legend(flags, flags, out);
}

void compare_notes(const struct comparison *comparison, FILE *out) {
  const struct analysis *a = comparison->a.analysis;
  const struct analysis *b = comparison->b.analysis;
  print_legend(comparison->versus, out);
  print_like(comparison, out);
  print_only(a, b, 'A', out);
  print_only(b, a, 'B', out);
  print_method(comparison->versus, out);
}
