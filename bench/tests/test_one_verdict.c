/* test_one_verdict.c: a point has one verdict, wherever it is told: the
 * sentence, the answer on the terminal and the page, the titles of charts; and
 * the interval beside it never says something else. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "bench/tests/answer_fixture.h"

#include "bench/analyze/analysis.h"
#include "bench/analyze/stats.h"
#include "bench/report/report.h"
#include "bench/report/titles.h"

#include <stdio.h>
#include <string.h>

enum { WORKLOADS = 3, REPORTS = 400, MOST = 40, WORKERS = 8, VERDICTS = 7 };

/* ---- made-up reports ----------------------------------------------------- */

static double uniform(uint64_t *state) {
  *state = *state * 6364136223846793005u + 1442695040888963407u;
  return (double)(*state >> 11) / 9007199254740992.0;
}

/* Speedups on any side of 1 and of the law, narrow and wide, of many trials
 * and of few; some points are spoilt. */
static void make_up(struct result *r, uint64_t *state) {
  static const double sides[] = {0.8, 0.97, 1, 1, 1.03, 1.5};
  static const size_t trials[] = {6, 9, 20, MOST};
  double centre = sides[(size_t)(6 * uniform(state))];
  double spread = uniform(state) < 0.5 ? 0.02 : 0.3, ones[MOST];
  double low = centre * (0.9 + 0.2 * uniform(state));
  size_t n = trials[(size_t)(4 * uniform(state))];
  free(r->program_ratios.values);
  r->program_ratios = (struct numbers){calloc(MOST, sizeof(double)), n};
  assert_non_null(r->program_ratios.values);
  for (size_t i = 0; i < n; i++) {
    ones[i] = 1;
    r->program_ratios.values[i] =
        centre * (1 + spread * (uniform(state) - 0.5));
  }
  r->program_speedup = stats_ratio_interval(r->program_ratios.values, ones, n);
  r->program_law = (struct interval){1.01 * low, low, 1.02 * low};
  r->program_law_residual = (struct interval){0.1, 0.09, 0.11};
  r->program_speedup_p = verdict_p(&r->program_ratios, verdict_nothing_gained);
  r->program_law_p = verdict_p(&r->program_ratios, r->program_law);
  set_text(&r->flags, uniform(state) < 0.1 ? "contended" : "");
}

/* ---- what is told -------------------------------------------------------- */

/* Of the words, none: none is told; exactly those of the verdict are there. */
static void tells(const char *text, const char *const words[VERDICTS],
                  enum verdict verdict) {
  for (size_t v = 0; v < VERDICTS; v++) {
    bool same =
        words[v] && words[verdict] && strcmp(words[v], words[verdict]) == 0;
    if (words[v] && (strstr(text, words[v]) != NULL) != same)
      fail_msg("\"%s\" %s \"%s\"", text,
               same ? "does not hold" : "is not to hold", words[v]);
  }
}

static const char *const
    gain_in_sentence[VERDICTS] = {[VERDICT_FEW] =
                                      "too few trials for a verdict",
                                  [VERDICT_SPOILT] = "is given no verdict",
                                  [VERDICT_BELOW] = "slower than serial",
                                  [VERDICT_ABOVE] = "faster than serial",
                                  [VERDICT_SAME] = "not told apart from serial",
                                  [VERDICT_TOO_WIDE] =
                                      "too wide to tell from serial"},
    *const gain_in_answer[VERDICTS] = {[VERDICT_SPOILT] = "Not judged.",
                                       [VERDICT_BELOW] = "Slower than serial.",
                                       [VERDICT_SAME] =
                                           "Not told apart from serial.",
                                       [VERDICT_TOO_WIDE] =
                                           "Too wide to tell from serial."},
    *const law_in_sentence[VERDICTS] = {[VERDICT_FEW] = ", beside Amdahl's",
                                        [VERDICT_SPOILT] = ", beside Amdahl's",
                                        [VERDICT_BELOW] = ", below Amdahl's",
                                        [VERDICT_ABOVE] = ", above Amdahl's",
                                        [VERDICT_SAME] =
                                            ", not told apart from Amdahl's",
                                        [VERDICT_TOO_WIDE] =
                                            ", too wide to tell from Amdahl's"},
    *const law_in_title[VERDICTS] = {[VERDICT_FEW] = " on 8 workers",
                                     [VERDICT_SPOILT] = " on 8 workers",
                                     [VERDICT_BELOW] = "below Amdahl's",
                                     [VERDICT_ABOVE] = "above Amdahl's",
                                     [VERDICT_SAME] =
                                         "not told apart from Amdahl's",
                                     [VERDICT_TOO_WIDE] =
                                         "too wide to tell from Amdahl's"},
    *const law_in_answer[VERDICTS] = {
        [VERDICT_BELOW] = "Below the law.", [VERDICT_ABOVE] = "Above the law."};

/* The line of a workload, from its name on; to be released with free. */
static char *line_of(const char *sentences, const char *workload) {
  char start[80];
  snprintf(start, sizeof start, "%s: ", workload);
  const char *at = strstr(sentences, start);
  assert_non_null(at);
  return strndup(at, strcspn(at, "\n"));
}

static void a_point_is_told(const struct analysis *a, size_t workload,
                            const char *sentences) {
  const struct workload_result *w = &a->workloads[workload];
  const struct result *r = verdict_point(a, w);
  enum verdict gain = verdict_of(a, r, VERDICT_NO_GAIN),
               law = verdict_of(a, r, VERDICT_LAW);
  char title[REPORT_LINE], *answer = answer_sentence(a, w),
                           *sentence = line_of(sentences, w->workload);
  assert_true(answer && sentence);
  title_program(a, w, r, title);
  tells(sentence, gain_in_sentence, gain);
  tells(answer, gain_in_answer, gain);
  tells(sentence, law_in_sentence, law);
  tells(title, law_in_title, law);
  tells(answer, law_in_answer, law);
  free(sentence);
  free(answer);
}

/* The number right before such words; 0: they are not there, or it is none. */
static size_t number_before(const char *title, const char *words) {
  const char *at = strstr(title, words);
  if (!at)
    return 0;
  while (at > title && at[-1] >= '0' && at[-1] <= '9')
    at--;
  return (size_t)strtol(at, NULL, 10);
}

/* How many points have each verdict, against a null. */
static void count(const struct analysis *a, enum verdict_null null,
                  size_t counts[VERDICTS]) {
  memset(counts, 0, VERDICTS * sizeof *counts);
  for (size_t i = 0; i < WORKLOADS; i++)
    counts[verdict_of(a, verdict_point(a, &a->workloads[i]), null)]++;
}

static void titles_count_them(const struct analysis *a) {
  char title[REPORT_LINE];
  size_t counts[VERDICTS];
  count(a, VERDICT_NO_GAIN, counts);
  size_t none = counts[VERDICT_FEW] + counts[VERDICT_SPOILT];
  title_overview(a, WORKERS, title);
  assert_int_equal(number_before(title, " of "), counts[VERDICT_ABOVE]);
  assert_int_equal(number_before(title, " slower"), counts[VERDICT_BELOW]);
  assert_int_equal(number_before(title, " not judged"),
                   none < WORKLOADS ? none : 0);
  count(a, VERDICT_LAW, counts);
  title_residuals(a, title);
  size_t first = number_before(title, " of "),
         second = number_before(title, " faster");
  bool slower = strstr(title, "surely slower") != NULL;
  assert_int_equal(slower ? first : 0, counts[VERDICT_BELOW]);
  assert_int_equal(slower ? second : first, counts[VERDICT_ABOVE]);
}

/* ---- the tests ----------------------------------------------------------- */

/* One that differs has its interval on that side. */
static void the_interval_agrees(const struct analysis *a, size_t workload) {
  const struct result *r = verdict_point(a, &a->workloads[workload]);
  for (int null = VERDICT_NO_GAIN; null <= VERDICT_LAW; null++) {
    struct interval to =
        null == VERDICT_LAW ? r->program_law : verdict_nothing_gained;
    enum verdict verdict = verdict_of(a, r, (enum verdict_null)null);
    if (verdict == VERDICT_BELOW)
      assert_true(r->program_speedup.high < to.low);
    if (verdict == VERDICT_ABOVE)
      assert_true(r->program_speedup.low > to.high);
  }
}

static void one_verdict_wherever_it_is_told(void **state) {
  (void)state;
  struct analysis a = make(WORKLOADS, "cube", WORKERS);
  size_t gains[VERDICTS] = {0}, laws[VERDICTS] = {0}, counts[VERDICTS];
  uint64_t seed = 13;
  for (int report = 0; report < REPORTS; report++) {
    for (size_t i = 0; i < WORKLOADS; i++)
      make_up(judged(&a, i), &seed);
    assert_int_equal(verdicts_settle(&a), 0);
    char *sentences;
    FILE *out = text_open(&sentences);
    report_sentences(&a, out);
    fclose(out);
    for (size_t i = 0; i < WORKLOADS; i++) {
      a_point_is_told(&a, i, sentences);
      the_interval_agrees(&a, i);
    }
    titles_count_them(&a);
    free(sentences);
    count(&a, VERDICT_NO_GAIN, counts);
    for (size_t v = 0; v < VERDICTS; v++)
      gains[v] += counts[v];
    count(&a, VERDICT_LAW, counts);
    for (size_t v = 0; v < VERDICTS; v++)
      laws[v] += counts[v];
  }
  for (size_t v = VERDICT_FEW; v < VERDICTS; v++) /* each was there, often */
    assert_true(gains[v] >= 20 && laws[v] >= 20);
  release(&a);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(one_verdict_wherever_it_is_told),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
