/* test_answer.c: the answer fits one screen, whatever was measured; what it
 * says of a workload is no stronger than what is known. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "bench/tests/answer_fixture.h"

static const char sentence[] =
    "equal slices hold unequal work, and that of the last one is the longest – "
    "`omp:dynamic` would win 1.86× of it back at most";

/* ---- its size ------------------------------------------------------------ */

static const char *const names[] = {
    "cube",
    "rangesum/order=sorted,method=formula,start=0,max_end=1000000,",
    "×××××××××××××××××××××××××××××××××××××××××××××××××××",
};

/* Everything that a run can have said about it. */
static void fill_all(struct analysis *a) {
  static const char flags[] = "short-region contended drift clock-drop "
                              "throttled swapped hot smt slow-cores numa";
  set_text(&a->run.busy,
           "A busy machine: others used 88% of CPUs 0,1 before the trials (1 "
           "s), others used 1.3 of 2 CPUs while trials ran.  To mend it: `ps "
           "aux --sort=-%cpu | head` names who it is; end it, or wait.");
  set_text(&a->run.machine, "a machine whose name goes on, and on, and on, and "
                            "on, as that of none should");
  set_text(
      &a->run.warnings,
      "The hypervisor took 12% of the CPUs' time: not comparable. In 9 of "
      "15 rounds a CPU quota took time away. In 9 of 15 rounds the machine "
      "swapped. In 9 of 15 rounds a core was slowed down for its heat.");
  set_text(
      &a->run.left_out,
      "fewer regions in programs than make 80% of them parallel (see "
      "\"repeat\" in plan.json); without pool:dynamic, omp:dynamic, "
      "fork:static; 1 timed region per trial instead of 3, and no warm-up; "
      "only one and the most workers; shorter regions");
  set_text(&a->run.scaling, "weak");
  a->run.rounds_left_out = 2;
  a->checks = calloc(1, sizeof *a->checks);
  assert_non_null(a->checks);
  a->check_count = 1;
  *a->checks =
      (struct cross_check){.workload = strdup(a->workloads[0].workload),
                           .variant = strdup("omp:static"),
                           .workers = judged(a, 0)->workers,
                           .hyperfine_s = 1,
                           .sweep_s = 2,
                           .contradicts = strdup("time")};
  for (size_t w = 0; w < a->workload_count; w++) {
    tell(judged(a, w), "imbalance", TERM_IMBALANCE, "unequal", sentence);
    spoil(a, w, flags);
  }
}

static void it_fits_one_screen(void **state) {
  static const int64_t workers[] = {2, 8, 64};
  (void)state;
  for (size_t n = 0; n < sizeof names / sizeof *names; n++)
    for (size_t w = 0; w < sizeof workers / sizeof *workers; w++)
      for (size_t count = 1; count <= 30; count++)
        for (int all = 0; all < 2; all++) {
          struct analysis a = make(count, names[n], workers[w]);
          if (all)
            fill_all(&a);
          free(answer_of(&a));
          release(&a);
        }
}

/* What does not fit is cut short first, and then left out. */
static void it_says_what_does_not_fit(void **state) {
  (void)state;
  struct analysis a = make(8, "cube", 8);
  for (size_t w = 0; w < 8; w++)
    tell(judged(&a, w), "imbalance", TERM_IMBALANCE, "unequal", sentence);
  char *text = answer_of(&a);
  has(text, "`omp:dynamic` would win 1.86× of it back");
  has_not(text, "…");
  free(text);
  release(&a);
  a = make(14, "cube", 8);
  for (size_t w = 0; w < 14; w++)
    tell(judged(&a, w), "imbalance", TERM_IMBALANCE, "unequal", sentence);
  text = answer_of(&a);
  has_not(text, "back at most");
  has(text, "58% useful; 39%");
  has(text, " …\ncube13");
  free(text);
  release(&a);
  a = make(60, "cube", 8);
  text = answer_of(&a);
  has(text, "cube0 ");
  has(text, " more workloads: `coresweep report --full`.");
  has_not(text, "cube59 ");
  /* None is missed: those that are shown, and those that are not. */
  size_t shown = 0, more = 0;
  for (const char *at = text; (at = strstr(at, "\ncube")); at++)
    shown++;
  for (const char *at = text; (at = strchr(at, '\n')) && more == 0; at++) {
    char *end;
    more = strtoul(at + 1, &end, 10);
    more = strncmp(end, " more workloads", 15) == 0 ? more : 0;
  }
  assert_int_equal(shown + more, 60);
  free(text);
  release(&a);
}

static void names_keep_their_ends(void **state) {
  (void)state;
  struct analysis a = make(2, names[1], 64);
  char *text = answer_of(&a);
  has(text, "\nrangesum/order=");
  has(text, "…0000,0  64 threads");
  has(text, "…0000,1  64 threads");
  free(text);
  release(&a);
}

/* Where a name is cut, what tells it apart from the others stays. */
static void names_keep_what_tells_them_apart(void **state) {
  (void)state;
  setenv("COLUMNS", "60", 1);
  struct analysis a = make(2, "counter/update=packed-n", 8);
  char *text = answer_of(&a);
  has(text, "\ncounter/u…packed-n0  8 threads");
  has(text, "\ncounter/u…packed-n1  8 threads");
  free(text);
  release(&a);
  a = make(1, "adler32/preset=first-hit", 8);
  text = answer_of(&a);
  has(text, "\nadler32/…first-hit0  8 threads");
  free(text);
  release(&a);
  a = make(2, "counter/update=a-word-that-is-too-long-", 8);
  text = answer_of(&a);
  has(text, "\ncounter/update…ng-0  8 threads");
  free(text);
  release(&a);
  unsetenv("COLUMNS");
}

/* ---- what it says -------------------------------------------------------- */

static void a_row_has_its_numbers(void **state) {
  (void)state;
  struct analysis a = make(1, "cube", 8);
  judged(&a, 0)->program_law = (struct interval){7.9, 7.85, 7.95};
  char *text = answer_of(&a);
  has(text, "8-core desktop, gcc 14.2.0 -O3 -march=native, libgomp: 148 s, "
            "20 rounds");
  has(text, "cube0  8 threads  7.20× (7.13–7.27)      7.90×   7.20× 90.0%");
  has_not(text, "useful"); /* it is not told */
  free(text);
  set_text(&judged(&a, 0)->requested, "pool:static");
  text = answer_of(&a);
  has(text, "cube0  8 processes  ");
  has(text, "\n  As pool:static.");
  free(text);
  release(&a);
}

static void losses_and_their_causes(void **state) {
  (void)state;
  struct analysis a = make(1, "cube", 8);
  struct result *r = judged(&a, 0);
  char *text;
  tell(r, "serial", TERM_SERIAL, "set-up", "set-up, 18.2 of 24.1 ms");
  text = answer_of(&a);
  has(text,
      "\n  58% useful; 39% idle while serial: set-up, 18.2 of 24.1 ms.\n");
  free(text);
  /* What stands before it already, and in the marks. */
  set_text(&r->cause.sentence,
           "39% of the cores' time idle while serial: set-up: 18.2 of 24.1 ms; "
           "spoilt: workers waited for a CPU");
  text = answer_of(&a);
  has(text,
      "\n  58% useful; 39% idle while serial: set-up: 18.2 of 24.1 ms.\n");
  free(text);
  set_text(&r->cause.rule, "not-told");
  set_text(&r->cause.sentence,
           "too wide to tell what is lost: 58% of the cores' time is useful");
  text = answer_of(&a);
  has(text, "\n  58% useful; too wide to tell what is lost.\n");
  free(text);
  set_text(&r->cause.rule, "nothing-lost");
  set_text(&r->cause.sentence,
           "nothing much is lost: 58% of the cores' time is useful");
  text = answer_of(&a);
  has(text, "\n  58% useful; nothing much is lost.\n");
  free(text);
  /* Of the region, where the program's is not told; and neither. */
  r->region_breakdown = r->breakdown;
  r->breakdown.told = false;
  text = answer_of(&a);
  has(text, "58% of the region is useful");
  free(text);
  r->region_breakdown.told = false;
  text = answer_of(&a);
  has_not(text, "useful");
  has_not(text, "nothing much is lost");
  has(text, "7.20×");
  free(text);
  release(&a);
}

static void verdicts_in_words(void **state) {
  (void)state;
  struct analysis a = make(1, "cube", 8);
  struct result *r = judged(&a, 0);
  free(r->program_ratios.values);
  set_ratios(r, 0.5, false);
  char *text = answer_of(&a);
  has(text, "Slower than serial. Below the law.");
  free(text);
  free(r->program_ratios.values);
  set_ratios(r, 1, true);
  text = answer_of(&a);
  has(text, "Not told apart from serial.");
  free(text);
  r->program_ratios.count = 6;
  text = answer_of(&a);
  has(text, "\nNo verdict: 6 trials, and 1 verdict needs 7.\n");
  has_not(text, "told apart");
  free(text);
  release(&a);
}

/* It says by what, and what to do; also of points that are not shown. */
static void what_is_spoilt_is_not_judged(void **state) {
  (void)state;
  struct analysis a = make(2, "cube", 8);
  spoil(&a, 0, "contended");
  char *text = answer_of(&a);
  has(text, "cube0  8 threads ‡");
  has(text, "\n  Not judged.\n");
  has(text, "‡ not judged: workers waited for a CPU, or others used it; end "
            "what else runs\n  and measure again.");
  has_not(text, "not shown here");
  free(text);
  set_text(&a.results[1].flags, "throttled");
  text = answer_of(&a);
  has(text, "! not judged: in some trial a CPU quota took time away;\n"
            "  measure with fewer workers or a larger quota. "
            "1 point is spoilt that is not\n  shown here.\n");
  free(text);
  release(&a);
}

/* Only what surely is: its interval begins where the judged one ends. */
static void more_on_fewer(void **state) {
  (void)state;
  struct analysis a = make(1, "cube", 64);
  struct result *r = judged(&a, 0);
  free(r->program_ratios.values);
  set_ratios(r, 10.8, false);
  struct result *better = add(&a, "cube0", "omp:static", 40, 11.0);
  char *text = answer_of(&a);
  has_not(text, "More on");
  free(text);
  better->program_speedup = (struct interval){11.4, 11.3, 11.5};
  text = answer_of(&a);
  has(text, "More on 40 threads: 11.4× (11.3–11.5).");
  free(text);
  set_text(&better->requested, "omp:dynamic");
  text = answer_of(&a);
  has(text, "More on 40 threads, omp:dynamic: 11.4× (11.3–11.5).");
  free(text);
  set_text(&better->flags, "contended");
  text = answer_of(&a);
  has_not(text, "More on");
  free(text);
  release(&a);
}

static void notes_are_short(void **state) {
  (void)state;
  struct analysis a = make(1, "cube", 8);
  fill_all(&a);
  char *text = answer_of(&a);
  has(text, "\nLeft out, to stay within the budget: fewer regions in programs "
            "than make 80% of\n  them parallel; only one and the most workers; "
            "3 more in "
            "plan.json.\n");
  has(text, "\nhyperfine contradicts 1 of 1 times: cube0, omp:static on 8: do "
            "not rely on it.\n");
  has(text, "\n2 rounds are left out: a trial in them failed.\n");
  has(text, "\nWeak scaling: ");
  free(text);
  free(a.run.left_out);
  a.run.left_out = strdup("without pool:dynamic");
  text = answer_of(&a);
  has(text, "\nLeft out, to stay within the budget: without pool:dynamic.\n");
  free(text);
  release(&a);
}

static void programs_alone(void **state) {
  (void)state;
  for (size_t count = 1; count <= 30; count += 29) {
    struct analysis a = make(count, "a-program-with-a-rather-long-name-", 64);
    for (size_t i = 0; i < a.result_count; i++) {
      struct result *r = &a.results[i];
      set_text(&r->kernel, "program");
      if (!result_is_serial(r)) {
        set_text(&r->variant, "program");
        set_text(&r->requested, "program");
      }
      r->program_s = (struct interval){1, 0.99, 1.01};
      r->others_cpus = (struct interval){3, 3, 3};
      r->more_idle_share = r->more_cpu_share = (struct interval){0.1, 0.1, 0.1};
      r->core_s = r->cpu_s = r->program_s;
    }
    for (size_t w = 0; w < count; w++) {
      set_text(&a.workloads[w].kernel, "program");
      a.workloads[w].best_workers = a.workloads[w].enough_workers = 64;
      a.workloads[w].serial_program_s = (struct interval){1, 0.99, 1.01};
    }
    spoil(&a, 0, "contended");
    char *text = answer_of(&a);
    has(text, "a-program-with-a-rather-long-name-0: 64 workers: 57.6×");
    if (count == 1)
      has(text, "Worth it");
    free(text);
    release(&a);
  }
}

/* ---- lines --------------------------------------------------------------- */

static const char *wrapped(const char *text, size_t indent, size_t most,
                           size_t lines) {
  static char bytes[2000];
  FILE *out = fmemopen(bytes, sizeof bytes, "w");
  assert_non_null(out);
  assert_int_equal(wrap_print(text, indent, most, out), lines);
  fclose(out);
  return bytes;
}

static void paragraphs_are_wrapped(void **state) {
  (void)state;
  const size_t first = 144; /* bytes of 16 words and blanks */
  char words[400] = "", expected[400];
  for (int i = 0; i < 30; i++)
    strcat(words, i ? " ××××" : "××××"); /* 16 in 79 columns */
  assert_string_equal(wrapped("", 2, 0, 0), "");
  assert_string_equal(wrapped("  a  b ", 4, 0, 1), "  a b\n");
  const char *text = wrapped(words, 2, 0, 2);
  assert_int_equal(strcspn(text, "\n"), first - 1);
  assert_memory_equal(text + first, "  ××××", 10);
  text = wrapped(words, 2, 1, 1);
  assert_string_equal(text + strlen(text) - strlen("×××× …\n"), "×××× …\n");
  char *line = strdup(text);
  line[strlen(line) - 1] = '\0';
  assert_true(number_columns(line) <= WRAP_USUAL);
  free(line);
  /* A word longer than a line. */
  memset(words, 'x', 100);
  words[100] = '\0';
  snprintf(expected, sizeof expected, "%.80s\n  %.20s\n", words, words);
  assert_string_equal(wrapped(words, 2, 0, 2), expected);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(it_fits_one_screen),
      cmocka_unit_test(it_says_what_does_not_fit),
      cmocka_unit_test(names_keep_their_ends),
      cmocka_unit_test(names_keep_what_tells_them_apart),
      cmocka_unit_test(a_row_has_its_numbers),
      cmocka_unit_test(losses_and_their_causes),
      cmocka_unit_test(verdicts_in_words),
      cmocka_unit_test(what_is_spoilt_is_not_judged),
      cmocka_unit_test(more_on_fewer),
      cmocka_unit_test(notes_are_short),
      cmocka_unit_test(programs_alone),
      cmocka_unit_test(paragraphs_are_wrapped),
  };
  return cmocka_run_group_tests_name("answer", tests, NULL, NULL);
}
