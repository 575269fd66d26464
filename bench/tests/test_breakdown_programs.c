/* test_breakdown_programs.c: what programs lose comes back in its own term, all
 * adds up, and a file holds it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "bench/analyze/breakdown_json.h"
#include "bench/tests/terms_fixture.h"

#include <stdio.h>
#include <unistd.h>

static void phases(struct record *r, double serial_s, double touch_s) {
  r->setup_s = 0.5 * serial_s;
  r->start_s = 0.25 * serial_s;
  r->touch_s = touch_s;
  r->finish_s = 0.125 * serial_s;
  r->close_s = 0.125 * serial_s;
}

enum { REPEAT = 3 };

/* Adds cold programs, serial's before and after; serial phases of 2 s, and of
 * 3 s besides touching. */
static void add_programs(struct run *run, bool by_workers) {
  struct lost one = {.one_s = all_lost.one_s};
  for (int64_t round = 1; round <= LOST_ROUNDS; round++) {
    for (int k = 0; k < 2; k++) {
      struct record *s = lost_add(run, "program", round, work, "serial", 1);
      s->repeat = REPEAT;
      phases(s, 2, 0.5);
      s->program_s = 2 + 0.5 + REPEAT * one.one_s;
      s->program_sums = lost_sums(&one, REPEAT, 1);
    }
    struct record *r = lost_add(run, "program", round, work, "omp:static", 4);
    r->repeat = REPEAT;
    r->touched_by_workers = by_workers;
    phases(r, 3, 0.25);
    r->program_sums = lost_sums(&all_lost, REPEAT, 4);
    r->program_s = 3 + 0.25 + r->program_sums.region_s;
  }
}

static void program_terms_come_back(void **state) {
  struct run *run = *state;
  run_empty(run);
  add_programs(run, false);
  run_analyse(run, NULL);
  const struct breakdown *b = &run_find(run, work, "omp:static", 4)->breakdown;
  double total_s = 4 * 3.25 + REPEAT * lost_total_s(&all_lost);
  assert_true(b->told);
  is_term(b, TERM_USEFUL, 2.5 + REPEAT * 8, total_s);
  is_term(b, TERM_SERIAL, 3 * 3.25, total_s);
  is_term(b, TERM_INFLATED, 3.25 - 2.5, total_s);
  is_term(b, TERM_START, REPEAT * (0.25 + 0.015625), total_s);
  is_term(b, TERM_DISPATCH, REPEAT * 2.125, total_s);
  is_term(b, TERM_SENDING, REPEAT * 0.03125, total_s);
  is_term(b, TERM_FEW, REPEAT * 0.5, total_s);
  is_term(b, TERM_JOIN, REPEAT * 0.03125, total_s);
  is_term(b, TERM_WAITING, REPEAT * 1.125, total_s);
  is_term(b, TERM_IMBALANCE, REPEAT * 1.5, total_s);
  is_term(b, TERM_WORK, REPEAT, total_s);
  near_to(share_sum(b), 1);
  near_to(b->serial_s[PHASE_SETUP].median, 1.5);
  near_to(b->serial_s[PHASE_START].median, 0.75);
  near_to(b->serial_s[PHASE_TOUCH].median, 0.25);
  near_to(b->serial_s[PHASE_FINISH].median, 0.375);
  near_to(b->serial_s[PHASE_CLOSE].median, 0.375);
}

/* Pages that all workers touch at once are work, which serial has, too. */
static void touching_by_workers_is_work(void **state) {
  struct run *run = *state;
  run_empty(run);
  add_programs(run, true);
  run_analyse(run, NULL);
  const struct breakdown *b = &run_find(run, work, "omp:static", 4)->breakdown;
  double total_s = 4 * 3.25 + REPEAT * lost_total_s(&all_lost);
  is_term(b, TERM_USEFUL, 2.5 + REPEAT * 8, total_s);
  is_term(b, TERM_SERIAL, 3 * 3, total_s);
  is_term(b, TERM_INFLATED, 3 - 2, total_s);
  is_term(b, TERM_WORK, REPEAT + 4 * 0.25 - 0.5, total_s);
  near_to(b->serial_s[PHASE_TOUCH].median, 0);
  near_to(share_sum(b), 1);
}

/* Of somebody else's program: 10 s, of 8 s on a CPU; 7 s on two, 9 of 14. */
static void programs_are_seen_from_outside(void **state) {
  struct run *run = *state;
  run_empty(run);
  for (int64_t round = 1; round <= LOST_ROUNDS; round++)
    for (int64_t workers = 1; workers <= 2; workers++) {
      struct record *r = lost_add(run, "round", round, "xz",
                                  workers == 1 ? "serial" : "program", workers);
      free(r->kernel);
      r->kernel = strdup(record_program);
      r->size = 1;
      r->region_s = r->program_s = r->wall_s = workers == 1 ? 10 : 7;
      r->cpu_s = workers == 1 ? 8 : 9;
    }
  run_analyse(run, NULL);
  const struct result *r = run_find(run, "xz", "program", 2);
  is_term(&r->breakdown, TERM_USEFUL, 10, 14);
  is_term(&r->breakdown, TERM_MORE_CPU, 1, 14);
  is_term(&r->breakdown, TERM_MORE_IDLE, (14 - 9) - (10 - 8), 14);
  is_untold(&r->breakdown, TERM_WORK);
  near_to(share_sum(&r->breakdown), 1);
  assert_false(r->region_breakdown.told);
}

/* ---- files --------------------------------------------------------------- */

static void same_terms(const struct breakdown *a, const struct breakdown *b) {
  assert_int_equal(a->told, b->told);
  for (int t = 0; t < TERMS; t++) {
    if (isnan(a->share[t].median)) {
      is_untold(b, (enum term)t);
      continue;
    }
    near_to(b->core_s[t].median, a->core_s[t].median);
    near_to(b->core_s[t].low, a->core_s[t].low);
    near_to(b->share[t].high, a->share[t].high);
  }
}

static void is_read(const struct run *run, const char *path,
                    struct analysis *again) {
  struct problem problem = {""};
  assert_int_equal(analysis_write(&run->analysis, path, &problem), 0);
  if (analysis_read(path, again, &problem) != 0)
    fail_msg("%s", problem.text);
}

static void files_hold_them(void **state) {
  struct run *run = *state;
  struct analysis again;
  char path[] = "/tmp/breakdown.XXXXXX";
  close(mkstemp(path));
  run_empty(run);
  lost_regions(run, work, "omp:static", 4, &all_lost, 1);
  add_programs(run, false);
  run_analyse(run, NULL);
  is_read(run, path, &again);
  const struct result *a = run_find(run, work, "omp:static", 4);
  const struct result *b = analysis_find(&again, work, "omp:static", 4);
  same_terms(&a->breakdown, &b->breakdown);
  same_terms(&a->region_breakdown, &b->region_breakdown);
  for (int p = 0; p < PHASES; p++)
    near_to(b->breakdown.serial_s[p].median, a->breakdown.serial_s[p].median);
  analysis_free(&again);
  unlink(path);
}

/* What was changed in a file, and what is said then. */
static void refuses(const char *term, const char *part, json_t *value,
                    const char *message) {
  json_t *mean = json_pack("{s:f, s:n, s:n}", "mean", 1.0, "low", "high");
  json_t *json = json_pack("{s:{s:{s:o, s:o}}}", "breakdown", "useful",
                           "core_s", mean, "share", json_deep_copy(mean));
  struct problem problem = {""};
  struct result result;
  fields_clear(result_fields, &result);
  assert_int_equal(breakdown_read(json, &result, &problem), 0);
  assert_true(result.breakdown.told);
  json_t *terms = json_object_get(json, "breakdown");
  json_t *whole = json_object_get(terms, term);
  json_object_set(part ? json_object_get(whole, "share") : terms,
                  part ? part : term, value);
  assert_int_not_equal(breakdown_read(json, &result, &problem), 0);
  if (!strstr(problem.text, message))
    fail_msg("\"%s\" does not say \"%s\"", problem.text, message);
  json_decref(value);
  json_decref(json);
}

static void edited_terms_are_refused(void **state) {
  (void)state;
  refuses("useful", "mean", json_string("1"), "breakdown.useful.share.mean");
  refuses("useful", "low", json_real(2), "at most the mean");
  refuses("useful", "high", json_real(0), "at least the mean");
  refuses("start", NULL, json_integer(1), "breakdown.start.core_s");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      IN_RUN(program_terms_come_back),
      IN_RUN(touching_by_workers_is_work),
      IN_RUN(programs_are_seen_from_outside),
      IN_RUN(files_hold_them),
      cmocka_unit_test(edited_terms_are_refused),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
