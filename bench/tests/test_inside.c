/* What observed runs tell of somebody else's OpenMP program: records, the law,
 * the breakdown, regions, and what is said of them; all of it made up. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "bench/tests/inside_fixture.h"

#include "bench/analyze/analysis.h"
#include "bench/analyze/prediction.h"
#include "bench/report/programs.h"
#include "bench/report/report.h"
#include "bench/sweep/observing.h"
#include "bench/sweep/region_names.h"

#include <math.h>
#include <unistd.h>

static struct problem problem;

enum { ROUNDS = 9 };

static void assert_near(double got, double wanted) {
  if (!(fabs(got - wanted) <= 1e-9 * fabs(wanted) + 1e-12))
    fail_msg("%.12g instead of %.12g", got, wanted);
}

/* ---- a program ----------------------------------------------------------- */

/* With one worker 10 s, of them 9 with a region open, 1.5 in critical sections.
 * With four 5 s, of them 3.9: 1.1 are serial.  Each number is another, so that
 * none can be taken for another. */
static const struct inside_made one_regions[] = {
    {.name = "fft.c:42",
     .calls = 3,
     .team = 1,
     .wall = 6,
     .work = 6,
     .critical = 1.5},
    {.name = "sum.c:7", .calls = 1, .team = 1, .wall = 3, .work = 3},
};

/* fft.c: 4 x 2.5 = 10: of them 7.2 of work, and what is not.  sum.c: 1.4 s with
 * a team of two: 2.8, and as much that two others have nothing to do. */
static const struct inside_made four_regions[] = {
    {.name = "fft.c:42",
     .calls = 3,
     .team = 4,
     .wall = 2.5,
     .start = 0.1,
     .work = 7.2,
     .dispatch = 0.2,
     .lock = 0.3,
     .task = 0.15,
     .behind = 0.4,
     .release = 0.05,
     .join = 0.25,
     .late_start = 0.02,
     .late_work = 1.1,
     .late_dispatch = 0.03,
     .late_lock = 0.04,
     .late_task = 0.06,
     .late_barrier = 0.1,
     .uneven = 0.4375},
    {.name = "sum.c:7",
     .calls = 1,
     .team = 2,
     .wall = 1.4,
     .work = 2.7,
     .join = 0.1},
};

static void add_observed(struct records *records, int64_t round) {
  struct record *r;
  inside_add(records, "observed", round, 1, 10, &r);
  inside_fill(r, 9, one_regions, 2);
  inside_add(records, "observed", round, 4, 5, &r);
  inside_fill(r, 3.9, four_regions, 2);
}

/* Timed runs are 2% shorter than those. */
static void add_run(struct records *records, bool pilot) {
  struct record *r;
  *records = (struct records){0};
  inside_add(records, "warmup", 0, 1, 12, &r);
  inside_add(records, "warmup", 0, 4, 6, &r);
  if (pilot) {
    inside_add(records, "pilot", 0, 1, 10, &r);
    inside_fill(r, 9, one_regions, 2);
  }
  for (int64_t round = 1; round <= ROUNDS; round++) {
    inside_add(records, "round", round, 1, 10 / 1.02, &r);
    inside_add(records, "round", round, 4, 5 / 1.02, &r);
    if (pilot)
      add_observed(records, round);
  }
}

static void analyze(const struct records *records, struct analysis *analysis) {
  assert_int_equal(analysis_make(records, NULL, NULL, NULL, analysis, &problem),
                   0);
}

/* ---- records ------------------------------------------------------------- */

static void test_a_record_is_read_as_it_was_written(void **state) {
  struct records records = {0};
  struct record *r, again;
  (void)state;
  inside_add(&records, "observed", 1, 4, 5, &r);
  inside_fill(r, 3.9, four_regions, 2);
  char *line = record_format(r);
  if (record_parse(line, &again, &problem) != 0)
    fail_msg("%s: %s", problem.text, line);
  char *second = record_format(&again);
  assert_string_equal(line, second);
  assert_string_equal(again.inside.regions, "fft.c:42 sum.c:7");
  assert_near(again.inside.late_barrier_s.values[0], 0.1);
  assert_true(record_tells_inside(&again));
  free(second);
  free(line);
  record_free(&again);
  records_free(&records);
}

/* One key of the record with another value, of "inside" where `inside`. */
static void assert_refused(bool inside, const char *key, const char *value,
                           const char *why) {
  struct records records = {0};
  struct record *r, read;
  inside_add(&records, "observed", 1, 4, 5, &r);
  inside_fill(r, 3.9, four_regions, 2);
  char *line = record_format(r);
  json_t *json = json_loads(line, 0, NULL);
  json_object_set_new(inside ? json_object_get(json, "inside") : json, key,
                      json_loads(value, JSON_DECODE_ANY, NULL));
  free(line);
  line = json_dumps(json, JSON_COMPACT);
  problem = (struct problem){""};
  if (record_parse(line, &read, &problem) == 0 || !strstr(problem.text, why))
    fail_msg("%s %s: '%s' instead of '%s'", key, value, problem.text, why);
  json_decref(json);
  free(line);
  records_free(&records);
}

static void test_what_cannot_be_is_refused(void **state) {
  static const struct {
    bool inside;
    const char *key, *value, *why;
  } cases[] = {
      {true, "open_s", "5.5", "inside.open_s\" is 5.5: want at most program_s"},
      {true, "open_s", "-1", "inside: the key \"open_s\" is -1"},
      {true, "open_s", "null", "inside: the key \"open_s\" is null"},
      {true, "processes", "0",
       "\"processes\" is 0: want a whole number from 1"},
      {true, "regions", "[]", "inside.regions\" is []: want 1 to 512"},
      {true, "regions", "[\"a\"]", "want a number for each of inside.regions"},
      {true, "regions", "[\"a b\", \"c\"]", "\"regions\" is [\"a b\",\"c\"]"},
      {true, "calls", "[1]", "inside.calls\" is [1]: want a number for each"},
      {true, "calls", "[1, null]", "want a number for each of"},
      {true, "team", "[0, 1]", "\"team\" is [0,1]"},
      {true, "team", "[3, 2]", "inside.wall_s\" is [2.5,1.4]: want times"},
      {true, "wall_s", "[11, 1.4]", "inside.wall_s"},
      {true, "work_s", "[7.5, 2.7]", "inside.core_s"},
      {true, "late_work_s", "[0.8, 0]", "inside.core_s"},
      {true, "uneven_s", "[2.6, 0]",
       "inside.uneven_s\" is [2.6,0]: want at mo"},
      {true, "critical_s", "[7.4, 0]", "inside.critical_s"},
      {true, "untold", "[\"x\"]", "\"untold\" is [\"x\"]: want tasks, nested"},
      {false, "unobserved", "\"why\"",
       "\"unobserved\" is \"why\": want a text"},
      {false, "observed", "false", "inside"},
      {false, "inside", "null", "\"unobserved\" is null: want a text where"},
      {false, "kernel", "\"cube\"", "\"kernel\""},
  };
  (void)state;
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
    assert_refused(cases[i].inside, cases[i].key, cases[i].value, cases[i].why);
}

static void read_back(const struct records *records, const char *why) {
  char path[] = "/tmp/test_inside.XXXXXX";
  struct records read;
  int fd = mkstemp(path);
  assert_true(fd >= 0);
  for (size_t i = 0; i < records->count; i++)
    assert_int_equal(record_append(fd, path, &records->list[i], &problem), 0);
  close(fd);
  problem = (struct problem){""};
  int status = records_read(path, &read, &problem);
  unlink(path);
  records_free(&read);
  if ((status == 0) != !why || (why && !strstr(problem.text, why)))
    fail_msg("%d: %s", status, problem.text);
}

static void test_no_observed_run_is_taken_for_a_result(void **state) {
  struct records records;
  (void)state;
  add_run(&records, true);
  read_back(&records, NULL);
  struct record *r = &records.list[3]; /* of round 1 */
  free(r->phase);
  r->phase = strdup("observed");
  read_back(&records, "\"observed\" is not true: want true in the phase "
                      "\"observed\"");
  r->observed = 1;
  r->unobserved = strdup("why");
  free(r->phase);
  r->phase = strdup("round");
  read_back(&records, "\"observed\" is true: want null or false in the phase "
                      "\"round\"");
  records_free(&records);
}

/* ---- the law ------------------------------------------------------------- */

static void test_the_law_is_of_the_pilot_alone(void **state) {
  struct records records;
  struct analysis analysis;
  (void)state;
  add_run(&records, true);
  for (size_t i = 0; i < records.count; i++)
    if (strcmp(records.list[i].phase, "observed") == 0)
      records.list[i].inside.open_s *= 0.5;
  analyze(&records, &analysis);
  const struct result *four = analysis_find(&analysis, "p", "program", 4);
  assert_near(analysis.workloads[0].serial_fraction.median, 0.1);
  assert_near(analysis.workloads[0].critical_fraction, 0.15);
  assert_near(four->program_law.median, 1 / (0.1 + 0.9 / 4));
  assert_near(four->program_law_critical, 1 / (0.25 + 0.75 / 4));
  assert_true(isnan(four->program_law_residual.median));
  assert_near(four->observed_ratio.median, 1.02);
  analysis_free(&analysis);
  records_free(&records);
}

/* A one-worker run that makes a team of its own tells no law. */
static void test_a_team_of_one_workers_run_has_no_law(void **state) {
  struct records records;
  struct analysis analysis;
  (void)state;
  add_run(&records, true);
  for (size_t i = 0; i < records.count; i++)
    if (records.list[i].inside.team.count && records.list[i].workers == 1)
      records.list[i].inside.team.values[1] = 2;
  analyze(&records, &analysis);
  const struct result *four = analysis_find(&analysis, "p", "program", 4);
  assert_true(isnan(four->program_law.median));
  assert_string_equal(analysis.workloads[0].no_law,
                      "told to use one worker, it made a team of 2");
  assert_true(isfinite(four->breakdown.share[TERM_MORE_IDLE].median));
  assert_int_equal(analysis.region_count, 0);
  analysis_free(&analysis);
  records_free(&records);
}

static void test_prediction_json(void **state) {
  static const uint32_t workers[] = {1, 4};
  static const struct prediction_counts counts = {workers, 2, false};
  struct records records;
  char path[] = "/tmp/test_inside.XXXXXX";
  (void)state;
  add_run(&records, true);
  close(mkstemp(path));
  assert_int_equal(prediction_write(&records, &counts, path, &problem), 0);
  json_t *json = json_load_file(path, 0, NULL);
  unlink(path);
  json_t *one = json_array_get(json_object_get(json, "predictions"), 0);
  json_t *f = json_object_get(one, "serial_fraction");
  json_t *at_most = json_array_get(json_object_get(one, "predicted"), 1);
  json_t *lower =
      json_array_get(json_object_get(one, "predicted_with_critical"), 1);
  assert_near(json_real_value(json_object_get(f, "median")), 0.1);
  assert_near(json_real_value(json_object_get(at_most, "program_speedup")),
              1 / (0.1 + 0.9 / 4));
  assert_near(json_real_value(json_object_get(lower, "program_speedup")),
              1 / (0.25 + 0.75 / 4));
  json_decref(json);
  records_free(&records);
}

/* ---- where it went ------------------------------------------------------- */

static void assert_terms(const struct breakdown *b,
                         const double wanted[TERMS]) {
  double sum = 0;
  for (int t = 0; t < TERMS; t++) {
    double core_s = b->core_s[t].median;
    if (isnan(core_s) != isnan(wanted[t]) ||
        (!isnan(core_s) && fabs(core_s - wanted[t]) > 1e-9))
      fail_msg("%s: %.12g instead of %.12g", breakdown_terms[t].key, core_s,
               wanted[t]);
    sum += isnan(core_s) ? 0 : b->share[t].median;
  }
  assert_near(sum, 1);
}

static void unknown(double wanted[TERMS]) {
  for (int t = 0; t < TERMS; t++)
    wanted[t] = (double)NAN;
}

static void test_every_term_of_the_program(void **state) {
  struct records records;
  struct analysis analysis;
  double wanted[TERMS];
  (void)state;
  add_run(&records, true);
  analyze(&records, &analysis);
  const struct result *four = analysis_find(&analysis, "p", "program", 4);
  unknown(wanted);
  wanted[TERM_USEFUL] = 10;
  wanted[TERM_SERIAL] = 3 * 1.1;
  wanted[TERM_INFLATED] = 0.1;
  wanted[TERM_START] = 0.12;
  wanted[TERM_DISPATCH] = 0.23;
  wanted[TERM_LOCKED] = 0.34;
  wanted[TERM_TASKS] = 0.21;
  wanted[TERM_IMBALANCE] = 0.4 + 1.1 + 0.1;
  wanted[TERM_FEW] = 2.8;
  wanted[TERM_JOIN] = 0.05 + 0.25 + 0.1;
  wanted[TERM_WORK] = 7.2 + 2.7 - 9;
  assert_terms(&four->breakdown, wanted);
  assert_int_equal(four->breakdown.trials, ROUNDS);
  /* Of 20 s 3.3 are idle while serial; then 1.6 + 2.8; then the rest. */
  assert_near(four->talp.serialization.median, 16.7 / 20);
  assert_near(four->talp.load_balance.median, 12.3 / 16.7);
  assert_near(four->talp.scheduling.median, 11.0 / 12.3);
  analysis_free(&analysis);
  records_free(&records);
}

static void test_every_term_of_a_region(void **state) {
  struct records records;
  struct analysis analysis;
  double wanted[TERMS];
  (void)state;
  add_run(&records, true);
  analyze(&records, &analysis);
  assert_int_equal(analysis.region_count, 2);
  const struct inside_region *fft = &analysis.regions[0];
  assert_string_equal(fft->region, "fft.c:42");
  assert_int_equal(fft->workers, 4);
  assert_int_equal(fft->team, 4);
  assert_near(fft->calls, 3);
  assert_near(fft->wall_s.median, 2.5);
  assert_near(fft->one_s.median, 6);
  assert_near(fft->speedup.median, 2.4);
  assert_near(fft->share.median, 0.5);
  /* 5 s would be 4.5625 s. */
  assert_near(fft->if_balanced.median, 2 / (4.5625 / 5));
  unknown(wanted);
  wanted[TERM_USEFUL] = 6;
  wanted[TERM_START] = 0.12;
  wanted[TERM_DISPATCH] = 0.23;
  wanted[TERM_LOCKED] = 0.34;
  wanted[TERM_TASKS] = 0.21;
  wanted[TERM_IMBALANCE] = 1.6;
  wanted[TERM_FEW] = 0;
  wanted[TERM_JOIN] = 0.3;
  wanted[TERM_WORK] = 1.2;
  assert_terms(&fft->breakdown, wanted);
  assert_near(analysis.regions[1].breakdown.core_s[TERM_FEW].median, 2.8);
  analysis_free(&analysis);
  records_free(&records);
}

/* What several threads opened at once is no time of one. */
static void test_regions_at_once_are_not_told_as_one(void **state) {
  struct records records;
  struct analysis analysis;
  (void)state;
  add_run(&records, true);
  for (size_t i = 0; i < records.count; i++)
    if (records.list[i].inside.team.count && records.list[i].workers == 4)
      records.list[i].inside.open_s = 3;
  analyze(&records, &analysis);
  const struct result *four = analysis_find(&analysis, "p", "program", 4);
  assert_true(isfinite(four->breakdown.share[TERM_MORE_IDLE].median));
  assert_true(isfinite(four->program_law.median));
  analysis_free(&analysis);
  records_free(&records);
}

static void test_analysis_json_has_regions(void **state) {
  struct records records;
  struct analysis analysis, again;
  char path[] = "/tmp/test_inside.XXXXXX";
  (void)state;
  add_run(&records, true);
  analyze(&records, &analysis);
  close(mkstemp(path));
  assert_int_equal(analysis_write(&analysis, path, &problem), 0);
  if (analysis_read(path, &again, &problem) != 0)
    fail_msg("%s", problem.text);
  assert_int_equal(again.region_count, 2);
  assert_near(again.regions[0].breakdown.share[TERM_IMBALANCE].median,
              1.6 / 10);
  assert_near(again.regions[0].if_balanced.median,
              analysis.regions[0].if_balanced.median);
  assert_near(again.workloads[0].critical_fraction, 0.15);
  unlink(path);
  analysis_free(&again);
  analysis_free(&analysis);
  records_free(&records);
}

/* ---- what is said -------------------------------------------------------- */

static char *answer(const struct records *records) {
  struct analysis analysis;
  struct report_worth worth;
  char *all = NULL;
  size_t bytes;
  analyze(records, &analysis);
  assert_int_equal(report_worth_read(NULL, NULL, &worth, &problem), 0);
  FILE *out = open_memstream(&all, &bytes);
  report_program(&analysis, &analysis.workloads[0], &worth, out);
  fclose(out);
  analysis_free(&analysis);
  char *to = all; /* as one line */
  for (const char *at = all; *at; at++)
    if (*at != '\n')
      *to++ = *at;
    else
      for (*to++ = ' '; at[1] == ' '; at++)
        ;
  *to = '\0';
  return all;
}

static void assert_said(const struct records *records, const char *wanted,
                        bool said) {
  char *all = answer(records);
  if ((strstr(all, wanted) != NULL) != said)
    fail_msg("'%s'%s expected in:\n%s", wanted, said ? "" : " not", all);
  free(all);
}

static void test_the_answer(void **state) {
  struct records records;
  (void)state;
  add_run(&records, true);
  assert_said(&records,
              "At most 3.08× on 4 workers by Amdahl's law, as 10.0% of a run "
              "with one is outside of parallel regions; at most 2.29× with the "
              "15.0% of it in critical sections.",
              true);
  assert_said(&records,
              "Of the cores' time 50.0% is useful; 16.5% idle while serial, "
              "14.0% nothing to do (sum.c:7), 8.00% idle behind the last one "
              "(fft.c:42).",
              true);
  assert_said(&records,
              "Balanced, fft.c:42 would make the program at most 2.19× instead "
              "of 2.00×.",
              true);
  assert_said(&records, "Observed runs, none of them timed here, took 2.00%",
              true);
  assert_said(&records, "Not observed", false);
  assert_said(&records, "surely faster than that", false);
  records_free(&records);
  add_run(&records, false);
  assert_said(&records, "Amdahl's law", false);
  assert_said(&records, "Observed", false);
  records_free(&records);
}

static void test_what_is_not_told_is_said(void **state) {
  struct records records;
  struct record *r;
  (void)state;
  add_run(&records, false);
  inside_add(&records, "pilot", 0, 1, 10, &r);
  r->unobserved = strdup("it is linked statically");
  assert_said(&records, "Not observed: it is linked statically.", true);
  records_free(&records);
  add_run(&records, true);
  free(records.list[2].inside.untold);
  records.list[2].inside.untold = strdup("tasks doacross");
  assert_said(&records,
              "Not told apart from work: bodies of some tasks, waiting in "
              "doacross loops.",
              true);
  records_free(&records);
}

/* Regions take 9 of 10 s, and it is five times as fast. */
static void test_what_beats_the_law_is_said(void **state) {
  struct records records;
  (void)state;
  add_run(&records, true);
  for (size_t i = 0; i < records.count; i++)
    if (records.list[i].workers == 4 &&
        strcmp(records.list[i].phase, "round") == 0)
      records.list[i].program_s = records.list[i].wall_s = 2;
  assert_said(&records, "It is surely faster than that", true);
  records_free(&records);
}

/* The data of a chart of the run, to be released with free. */
static char *chart(const struct records *records, const char *name) {
  struct analysis analysis;
  char folder[] = "/tmp/test_inside.XXXXXX", path[300];
  struct charts charts = {.folder = folder};
  char *text = NULL;
  size_t room = 0;
  assert_non_null(mkdtemp(folder));
  analyze(records, &analysis);
  assert_int_equal(report_chart_data(&analysis, &charts, &problem), 0);
  for (size_t i = 0; i < charts.count; i++) {
    snprintf(path, sizeof path, "%s/%s.tsv", folder, charts.list[i].name);
    FILE *in = fopen(path, "re");
    assert_non_null(in);
    if (strcmp(charts.list[i].name, name) == 0)
      assert_true(getdelim(&text, &room, '\0', in) > 0);
    fclose(in);
    unlink(path);
  }
  assert_int_equal(rmdir(folder), 0);
  charts_free(&charts);
  analysis_free(&analysis);
  assert_non_null(text);
  return text;
}

static void assert_drawn(const char *text, const char *wanted) {
  if (!strstr(text, wanted))
    fail_msg("'%s' expected in:\n%s", wanted, text);
}

static void test_charts_draw_both_bounds(void **state) {
  struct records records;
  struct record *r;
  (void)state;
  add_run(&records, true);
  char *text = chart(&records, "p-program");
  assert_drawn(text, "# law: Amdahl, at most: from an observed one-worker run");
  assert_drawn(text, "# note: with critical sections one after another: at "
                     "most 2.29×");
  free(text);
  text = chart(&records, "p-losses");
  assert_drawn(text, "# term: locked waiting for a lock");
  assert_drawn(text, "\tserial\t0.165");
  free(text);
  for (int64_t round = 1; round <= ROUNDS; round++)
    for (int64_t workers = 2; workers <= 8; workers += 6)
      inside_add(&records, "round", round, workers, 6, &r);
  text = chart(&records, "p-program");
  assert_drawn(text, "law\twith critical sections\t-1\t8\t2.90909091");
  free(text);
  records_free(&records);
}

/* Where a loss lies. */
static void test_the_cause_names_a_region(void **state) {
  struct records records;
  struct analysis analysis;
  (void)state;
  add_run(&records, true);
  analyze(&records, &analysis);
  const struct result *four = analysis_find(&analysis, "p", "program", 4);
  assert_string_equal(four->cause.term, "serial");
  assert_string_equal(four->cause.rule, "where");
  assert_non_null(strstr(four->cause.sentence,
                         "idle while serial: outside of parallel regions"));
  analysis_free(&analysis);
  for (size_t i = 0; i < records.count; i++) /* little is serial */
    if (records.list[i].inside.team.count) {
      records.list[i].program_s = records.list[i].wall_s =
          records.list[i].inside.open_s + 0.1;
    }
  analyze(&records, &analysis);
  four = analysis_find(&analysis, "p", "program", 4);
  assert_string_equal(four->cause.term, "few");
  assert_non_null(strstr(four->cause.sentence, "100% of it in sum.c:7"));
  analysis_free(&analysis);
  records_free(&records);
}

/* ---- files --------------------------------------------------------------- */

static void name_them(const struct region_place *places, size_t count,
                      struct region_name *names) {
  for (size_t i = 0; i < count; i++)
    snprintf(names[i].name, sizeof names[i].name, "%s %d", places[i].module,
             (int)places[i].function);
}

static const struct observed_module module = {.path = "/bin/p"};

/* 2 calls of a team of 2 that take 1 s each, of 4 s: 2.5 of work. */
static const struct observed_region region = {.caller_module = 0,
                                              .offset = 42,
                                              .calls = 2,
                                              .first_ns = 1000000000,
                                              .wall_ns = 2000000000,
                                              .longest_ns = 1000000000,
                                              .team_min = 2,
                                              .team_max = 2,
                                              .team_sum = 4,
                                              .core_ns = 4000000000,
                                              .start_ns = 100000000,
                                              .work_ns = 2500000000,
                                              .dispatch_ns = 200000000,
                                              .lock_ns = 300000000,
                                              .task_ns = 150000000,
                                              .behind_ns = 250000000,
                                              .release_ns = 50000000,
                                              .late_ns = 400000000,
                                              .join_ns = 50000000,
                                              .late_work_ns = 500000000,
                                              .late_start_ns = -100000000,
                                              .uneven_ns = 325000000,
                                              .critical_ns = 70000000};

/* A process whose regions are those, and took 2 s. */
static struct observed process(const struct observed_region *regions,
                               uint32_t count, uint64_t later_ns) {
  struct observed file = {
      .header = {.modules = 1,
                 .regions = count,
                 .runtime = OBSERVED_LIBGOMP,
                 .flags = OBSERVED_TASKS_UNTOLD | OBSERVED_ORDERLY,
                 .parallel_ns = 2000000000,
                 .begin_ns = 500000000 + later_ns,
                 .end_ns = 3500000000 + later_ns},
      .modules = calloc(1, sizeof module),
      .regions = calloc(count + 1, sizeof region)};
  file.modules[0] = module;
  for (uint32_t i = 0; i < count; i++) {
    file.regions[i] = regions[i];
    file.regions[i].first_ns += later_ns;
  }
  return file;
}

static char *sum_up(struct observed *files, size_t count, struct record *r) {
  record_clear(r);
  r->program_s = 10;
  char *why = observing_sum(files, count, INT64_C(20000000000), name_them, r);
  for (size_t i = 0; i < count; i++)
    observed_free(&files[i]);
  return why;
}

static void test_files_become_a_record(void **state) {
  struct observed files[1];
  struct record r;
  (void)state;
  files[0] = process(&region, 1, 0);
  assert_null(sum_up(files, 1, &r));
  assert_string_equal(r.inside.regions, "/bin/p_42");
  assert_string_equal(r.inside.untold, "tasks");
  assert_near(r.inside.open_s, 2);
  assert_near(r.inside.wall_s.values[0], 2);
  assert_near(r.inside.core_s.values[0], 4);
  assert_near(r.inside.start_s.values[0], 0.1);
  assert_near(r.inside.work_s.values[0], 2.5);
  assert_near(r.inside.dispatch_s.values[0], 0.2);
  assert_near(r.inside.lock_s.values[0], 0.3);
  assert_near(r.inside.task_s.values[0], 0.15);
  assert_near(r.inside.behind_s.values[0], 0.25);
  assert_near(r.inside.release_s.values[0], 0.05);
  assert_near(r.inside.join_s.values[0], 0.05);
  assert_near(r.inside.late_start_s.values[0], -0.1);
  assert_near(r.inside.late_work_s.values[0], 0.5);
  assert_near(r.inside.uneven_s.values[0], 0.325);
  assert_near(r.inside.critical_s.values[0], 0.07);
  assert_int_equal(r.inside.processes, 1);
  record_free(&r);
}

/* One after another they are one; at once they are not told. */
static void test_several_processes(void **state) {
  struct observed files[3];
  struct observed_region other = region;
  struct record r;
  (void)state;
  other.offset = 43;
  const struct observed_region both[] = {region, other};
  files[0] = process(&region, 1, 0);
  files[1] = process(both, 2, 5000000000);
  files[2] = process(&region, 0, 0); /* it ran none, at the same time */
  files[2].header.refusal = OBSERVED_NOT_CALLED;
  assert_null(sum_up(files, 3, &r));
  assert_string_equal(r.inside.regions, "/bin/p_42 /bin/p_43");
  assert_near(r.inside.calls.values[0], 4);
  assert_near(r.inside.calls.values[1], 2);
  assert_near(r.inside.core_s.values[0], 8);
  assert_near(r.inside.open_s, 4);
  assert_int_equal(r.inside.processes, 2);
  record_free(&r);
  files[0] = process(&region, 1, 0);
  files[1] = process(&region, 1, 1000000000);
  char *why = sum_up(files, 2, &r);
  assert_string_equal(why, "several of its processes had regions at the same "
                           "time");
  free(why);
  record_free(&r);
}

/* Killed inside of a region: it is open up to the end of the run. */
static void test_a_process_that_was_killed(void **state) {
  struct observed files[1];
  struct observed_region torn = region;
  struct record r;
  (void)state;
  torn.sequence = 1;
  torn.work_ns += 900000000; /* a call ahead of its sum */
  torn.critical_ns = 9000000000;
  files[0] = process(&torn, 1, 0);
  files[0].header.open_regions = 1;
  files[0].header.parallel_ns = 2000000000 - 18000000000u; /* modulo 2^64 */
  assert_null(sum_up(files, 1, &r));
  assert_near(r.inside.open_s, 4);
  assert_near(r.inside.core_s.values[0], 4);
  assert_near(r.inside.work_s.values[0], 2.5);
  assert_near(r.inside.critical_s.values[0], 2.5);
  record_free(&r);
}

static void test_why_a_process_tells_nothing(void **state) {
  static const struct {
    uint32_t refusal;
    uint64_t untold;
    const char *why;
  } cases[] = {
      {OBSERVED_TWO_RUNTIMES, 0, "two OpenMP libraries run regions in it"},
      {OBSERVED_NOT_CALLED, 0, "no parallel region came by"},
      {OBSERVED_TOLD, 1, "it has too many threads that open regions"},
  };
  (void)state;
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    struct observed files[1];
    struct record r;
    files[0] = process(&region, 1, 0);
    files[0].header.refusal = cases[i].refusal;
    files[0].header.calls_untold = cases[i].untold;
    char *why = sum_up(files, 1, &r);
    if (!why || strncmp(why, cases[i].why, strlen(cases[i].why)) != 0)
      fail_msg("%zu: %s", i, why ? why : "told");
    assert_true(isnan(r.inside.open_s));
    free(why);
    record_free(&r);
  }
}

/* ---- the folder ---------------------------------------------------------- */

/* The file as the observer maps it: room for all of its tables. */
static void write_file(const char *path, const struct observed *file) {
  struct observed_header h = file->header;
  static const struct observed_module none;
  static const struct observed_region nothing;
  memcpy(h.magic, OBSERVED_MAGIC, sizeof h.magic);
  h.version = OBSERVED_VERSION;
  h.header_bytes = sizeof h;
  h.module_bytes = sizeof none;
  h.region_bytes = sizeof nothing;
  h.module_limit = OBSERVED_MODULES;
  h.region_limit = OBSERVED_REGIONS;
  h.pid = 7;
  FILE *out = fopen(path, "wbe");
  assert_non_null(out);
  fwrite(&h, sizeof h, 1, out);
  for (uint32_t i = 0; i < OBSERVED_MODULES; i++)
    fwrite(i < h.modules ? &file->modules[i] : &none, sizeof none, 1, out);
  for (uint32_t i = 0; i < OBSERVED_REGIONS; i++)
    fwrite(i < h.regions ? &file->regions[i] : &nothing, sizeof nothing, 1,
           out);
  assert_int_equal(fclose(out), 0);
}

/* What a folder with that file comes to; NULL: no file. */
static void collect(const struct observed *file, const char *command,
                    struct record *r) {
  struct observing observing = {.end_ns = INT64_C(20000000000)};
  char path[300];
  snprintf(observing.folder, sizeof observing.folder,
           "/tmp/test_inside.XXXXXX");
  assert_non_null(mkdtemp(observing.folder));
  snprintf(path, sizeof path, "%s/7.0", observing.folder);
  if (file)
    write_file(path, file);
  record_clear(r);
  r->status = strdup("ok");
  r->program_s = 10;
  observing_record(&observing, command, r);
  observing_end(&observing);
  assert_int_equal(access(path, F_OK), -1);
}

static void test_a_folder_is_read_and_gone(void **state) {
  struct observed file = process(&region, 1, 0);
  struct record r;
  (void)state;
  collect(&file, "true", &r);
  if (r.unobserved)
    fail_msg("%s", r.unobserved);
  assert_near(r.inside.core_s.values[0], 4);
  assert_int_equal(r.observed, 1);
  record_free(&r);
  file.regions[0].lock_ns += 1000;
  collect(&file, "true", &r);
  assert_string_equal(r.unobserved,
                      "the file of one of its processes is not to be believed: "
                      "a region's terms do not add up");
  assert_true(isnan(r.inside.open_s));
  record_free(&r);
  collect(NULL, "true", &r);
  assert_non_null(strstr(r.unobserved, "no process of it used an OpenMP"));
  record_free(&r);
  observed_free(&file);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_a_record_is_read_as_it_was_written),
      cmocka_unit_test(test_what_cannot_be_is_refused),
      cmocka_unit_test(test_no_observed_run_is_taken_for_a_result),
      cmocka_unit_test(test_the_law_is_of_the_pilot_alone),
      cmocka_unit_test(test_a_team_of_one_workers_run_has_no_law),
      cmocka_unit_test(test_prediction_json),
      cmocka_unit_test(test_every_term_of_the_program),
      cmocka_unit_test(test_every_term_of_a_region),
      cmocka_unit_test(test_regions_at_once_are_not_told_as_one),
      cmocka_unit_test(test_analysis_json_has_regions),
      cmocka_unit_test(test_the_answer),
      cmocka_unit_test(test_what_is_not_told_is_said),
      cmocka_unit_test(test_what_beats_the_law_is_said),
      cmocka_unit_test(test_charts_draw_both_bounds),
      cmocka_unit_test(test_the_cause_names_a_region),
      cmocka_unit_test(test_files_become_a_record),
      cmocka_unit_test(test_several_processes),
      cmocka_unit_test(test_a_process_that_was_killed),
      cmocka_unit_test(test_why_a_process_tells_nothing),
      cmocka_unit_test(test_a_folder_is_read_and_gone),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
