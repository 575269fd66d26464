/* Somebody else's programs: their commands, outputs, and what is told of them
 * from outside. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "bench/analyze/analysis.h"
#include "bench/plan/program.h"
#include "bench/report/programs.h"
#include "bench/sweep/printed.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static struct problem problem;

static void assert_words(const struct words *words, const char *const *wanted) {
  size_t i = 0;
  for (; wanted[i]; i++) {
    assert_true(i < words->count);
    assert_string_equal(words->list[i], wanted[i]);
  }
  assert_int_equal(words->count, i);
}

static void test_words_are_split_as_sh_does(void **state) {
  static const struct {
    const char *text;
    const char *words[5];
  } cases[] = {
      {"a b\tc", {"a", "b", "c"}},
      {"  'a b' \"c d\" e\\ f ", {"a b", "c d", "e f"}},
      {"'a\\b' \"c\\d\\\"\" ''", {"a\\b", "c\\d\"", ""}},
      {"x'y'\"z\"", {"xyz"}},
      {"./p -j{workers} 'it'\\''s'", {"./p", "-j{workers}", "it's"}},
  };
  (void)state;
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    struct words words = {NULL, 0};
    assert_int_equal(words_split(cases[i].text, "x", &words, &problem), 0);
    assert_words(&words, cases[i].words);
    words_free(&words);
  }
  struct words words = {NULL, 0};
  assert_int_equal(words_split("a 'b", "--serial", &words, &problem), 2);
  assert_string_equal(problem.text,
                      "--serial a 'b: has a quote without its end");
  words_free(&words);
  assert_int_equal(words_split("a \\", "--serial", &words, &problem), 2);
  assert_string_equal(problem.text, "--serial a \\: ends in a backslash");
  words_free(&words);
}

/* What is quoted is split to the same words. */
static void test_quoting_is_undone_by_splitting(void **state) {
  static const char *const texts[] = {"a",    "",     "a b",  "it's", "$HOME",
                                      "`id`", "\"\\", "{x}*", "-a=b", "'",
                                      "a\nb", "#",    "~",    "\\",   NULL};
  struct words words = {NULL, 0}, again = {NULL, 0};
  (void)state;
  for (size_t i = 0; texts[i]; i++)
    assert_int_equal(words_add(&words, texts[i]), 0);
  char *line = words_quote(&words);
  assert_int_equal(words_split(line, "x", &again, &problem), 0);
  assert_words(&again, texts);
  /* And sh sees them so. */
  char *script = NULL;
  char got[400] = "";
  assert_true(asprintf(&script, "printf '%%s|' %s", line) > 0);
  FILE *sh = popen(script, "r");
  size_t length = fread(got, 1, sizeof got - 1, sh);
  pclose(sh);
  got[length] = '\0';
  assert_string_equal(got,
                      "a||a b|it's|$HOME|`id`|\"\\|{x}*|-a=b|'|a\nb|#|~|\\|");
  free(script);
  free(line);
  words_free(&words);
  words_free(&again);
}

static void test_placeholders(void **state) {
  struct program program = {.name = NULL};
  struct words command, environment;
  static const char *const texts[] = {"./p-{opt}",    "-j{workers}",
                                      "{size}{size}", "{print $1}",
                                      "{other}",      "{workers"};
  (void)state;
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
    assert_int_equal(words_add(&program.command, texts[i]), 0);
  assert_int_equal(words_add(&program.parameters, "opt=O2"), 0);
  assert_int_equal(words_add(&program.environment, "N={workers}x"), 0);
  assert_true(program_has(&program, "{workers}"));
  assert_true(program_takes_size(&program));
  assert_int_equal(program_settle(&program, &problem), 0);
  assert_string_equal(program.name, "p-{opt}/opt=O2");
  assert_int_equal(program_command(&program, false, 3, 70, &command, &problem),
                   0);
  assert_words(&command,
               (const char *const[]){"./p-O2", "-j3", "7070", "{print $1}",
                                     "{other}", "{workers", NULL});
  words_free(&command);
  assert_int_equal(program_environment(&program, 3, 70, &environment, &problem),
                   0);
  assert_string_equal(environment.list[0], "OMP_NUM_THREADS=3");
  assert_string_equal(environment.list[environment.count - 1], "N=3x");
  words_free(&environment);
  /* The best serial program is another command. */
  assert_int_equal(words_add(&program.serial, "./one"), 0);
  assert_int_equal(program_command(&program, true, 1, 70, &command, &problem),
                   0);
  assert_words(&command, (const char *const[]){"./one", NULL});
  words_free(&command);
  program_free(&program);
}

static struct printed text(const char *bytes) {
  return (struct printed){bytes, strlen(bytes), NULL};
}

static const struct printed_rule same_bytes = {.whose = "one worker"};
static const struct printed_rule close_numbers = {
    .whose = "old with one worker", .numbers = true, .tolerance = 1e-6};
static const struct printed_rule near_zero = {.whose = "one worker",
                                              .numbers = true,
                                              .tolerance = 1e-6,
                                              .least_tolerance = 1e-12};

static void test_outputs_are_compared(void **state) {
  static const struct {
    const char *wanted, *got;
    const struct printed_rule *rule;
    const char *difference; /* NULL: none */
  } cases[] = {
      {"a\nb\n", "a\nb\n", &same_bytes, NULL},
      {"a\nb\n", "a\nc\n", &same_bytes,
       "that of one worker (4 bytes), first in line 2: 'c' instead of 'b'"},
      {"a\n", "a\nb\n", &same_bytes, "(4 bytes) differs"},
      {"1.0000001", "1.0000002", &same_bytes, "differs"},
      {"x=1.0000001 y=2e3;", "x=1.0000002 y=2.0000001e3;", &close_numbers,
       NULL},
      {"x=1.0", "x=1.1", &close_numbers,
       "that of old with one worker (5 bytes), first in line 1: 'x=1.1' "
       "instead of 'x=1.0'"},
      {"x=1.0", "y=1.0", &close_numbers, "differs"},
      {"-5 0", "-5.0 -0", &close_numbers, NULL},
      {"5", "-5", &close_numbers, "differs"},
      {"nan", "nan", &close_numbers, NULL},
      {"-nan", "-nan", &close_numbers, NULL},
      {"1 nan", "1 1", &close_numbers, "differs"},
      {"-inf", "-inf", &close_numbers, NULL},
      {"-inf", "-5", &close_numbers, "differs"},
      {"1e999", "5", &close_numbers, "differs"},
      {"-1e-17", "3e-18", &near_zero, NULL},
      {"0", "9e-13", &near_zero, NULL},
      {"0", "1.1e-12", &near_zero, "differs"},
      {"1e9", "1000000999", &near_zero, NULL},
      {"1", "1.00001", &near_zero, "differs"},
      {"x=-1e-17", "x=3e-17", &close_numbers,
       "'x=3e-17' instead of 'x=-1e-17'; near zero, --check "
       "numbers:1e-06,1e-16 takes them as alike"},
      {"1\x1b[2J", "2\x1b[2J", &same_bytes, "'2?[2J' instead of '1?[2J'"},
  };
  (void)state;
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    struct printed wanted = text(cases[i].wanted), got = text(cases[i].got);
    problem = (struct problem){""};
    int status = printed_compare(&wanted, &got, cases[i].rule, &problem);
    if (status != (cases[i].difference ? 1 : 0) ||
        (status && !strstr(problem.text, cases[i].difference)))
      fail_msg("%zu: %d, %s", i, status, problem.text);
    if (status && fabs(strtod(cases[i].wanted, NULL)) >= 1)
      assert_null(strstr(problem.text, "near zero"));
  }
}

static void test_its_own_time(void **state) {
  struct printed out = text("start\ntook 0.25 s\ntook 9 s\n");
  struct printed err = text("real 1.5\n"), none = text("");
  (void)state;
  assert_true(printed_time_s("took ([0-9.]+)", &out, &err) == 0.25);
  assert_true(printed_time_s("real ([0-9.]+)", &out, &err) == 1.5);
  assert_true(printed_time_s("[0-9.]+", &out, &err) == 0.25);
  assert_true(isnan(printed_time_s("took ([a-z]+)", &out, &err)));
  assert_true(isnan(printed_time_s("user ([0-9.]+)", &out, &none)));
}

static void test_digest_is_of_all_bytes(void **state) {
  struct printed a = text("abc"), b = text("abd"), c = text("ab"),
                 d = {"ab\0", 3, NULL};
  (void)state;
  assert_true(printed_digest(&a) != printed_digest(&b));
  assert_true(printed_digest(&c) != printed_digest(&d));
  assert_true(printed_digest(&a) == printed_digest(&a));
}

/* ---- from outside -------------------------------------------------------- */

enum { ROUNDS = 9 };

static void add_run(struct records *records, int64_t round, const char *variant,
                    int64_t workers, double time_s, double cpu_s) {
  struct record r;
  record_clear(&r);
  r.schema = RECORD_SCHEMA;
  r.status = strdup("ok");
  r.phase = strdup("round");
  r.round = round;
  r.order = (int64_t)records->count + 1;
  r.kernel = strdup("program");
  r.workload = strdup("p");
  r.variant = strdup(variant);
  r.requested = strdup(variant);
  r.workers = workers;
  r.oversubscribed = 0;
  r.size = 1;
  r.seed = 1;
  r.digest = strdup("0000000000000001");
  r.correct = 1;
  r.program_s = r.wall_s = time_s;
  r.cpu_s = cpu_s;
  r.build = strdup("test");
  assert_int_equal(records_add(records, &r, &problem), 0);
}

/* A program of 8 s, one of them waiting for a disk; with four workers 3 s, 8 s
 * of CPU time; with eight 2.99 s.  Two copies in less than that, as none would
 * be: they are not the program. */
static void add_rounds(struct records *records) {
  for (int64_t round = 1; round <= ROUNDS; round++) {
    double noise = 1 + 0.001 * (double)(round - 5);
    add_run(records, round, "serial", 1, 8 * noise, 7 * noise);
    add_run(records, round, "program", 2, 5 * noise, 7 * noise);
    add_run(records, round, "program", 4, 3 * noise, 8 * noise);
    add_run(records, round, "program", 8, (round % 2 ? 2.98 : 3.02) * noise,
            9 * noise);
    add_run(records, round, "copies", 4, 10 * noise, 28 * noise);
    add_run(records, round, "copies", 2, 2.9 * noise, 5 * noise);
  }
}

static void assert_near(double got, double wanted) {
  if (!(fabs(got - wanted) <= 1e-9 * fabs(wanted) + 1e-12))
    fail_msg("%.12g instead of %.12g", got, wanted);
}

static void test_where_the_time_went(void **state) {
  struct records records = {0};
  struct analysis analysis;
  (void)state;
  add_rounds(&records);
  assert_int_equal(
      analysis_make(&records, NULL, NULL, NULL, &analysis, &problem), 0);
  const struct result *four = analysis_find(&analysis, "p", "program", 4);
  assert_near(four->program_speedup.median, 8.0 / 3);
  assert_near(four->core_s.median, 12);
  assert_near(four->cpu_s.median, 8);
  /* 12 - 8 = (8 - 7) + ((12 - 8) - (8 - 7)) */
  assert_near(four->more_cpu_share.median, 1.0 / 12);
  assert_near(four->more_idle_share.median, 3.0 / 12);
  /* Four runs in 10 s beside one in 8 s. */
  const struct result *copies = analysis_find(&analysis, "p", "copies", 4);
  assert_near(copies->program_speedup.median, 3.2);
  assert_near(copies->more_cpu_share.median, 0);
  assert_int_equal(analysis.workloads[0].best_workers, 8);
  assert_int_equal(analysis.workloads[0].enough_workers, 4);
  assert_true(report_is_of_programs(&analysis));
  analysis_free(&analysis);
  records_free(&records);
}

/* What others use counts against a program only where it wanted it too: of 4
 * CPUs two workers leave two, four none. */
static void test_others_are_told_of(void **state) {
  struct environment environment;
  (void)state;
  fields_clear(environment_fields, &environment);
  environment.online_cpus = 4;
  for (int others = 0; others < 2; others++) {
    struct records records = {0};
    struct analysis analysis;
    struct report_worth worth;
    char *all = NULL;
    size_t bytes;
    add_rounds(&records);
    for (size_t i = 0; i < records.count; i++) {
      struct record *r = &records.list[i];
      r->others_cpu_s = (others ? 1.5 : 0.3) * r->wall_s;
    }
    assert_int_equal(
        analysis_make(&records, NULL, &environment, NULL, &analysis, &problem),
        0);
    const struct result *two = analysis_find(&analysis, "p", "program", 2);
    const struct result *four = analysis_find(&analysis, "p", "program", 4);
    assert_near(four->others_cpus.median, others ? 1.5 : 0.3);
    assert_string_equal(two->flags, "");
    assert_string_equal(four->flags, others ? "contended" : "");
    assert_int_equal(report_worth_read(NULL, NULL, &worth, &problem), 0);
    FILE *out = open_memstream(&all, &bytes);
    report_programs(&analysis, &worth, out);
    fclose(out);
    const char *said[] = {"at least 70.0%)? not told: 66.7%",
                          "Others used CPUs that it wanted, too", "program ‡",
                          "workers waited for a CPU, or others"};
    for (size_t i = 0; i < sizeof said / sizeof *said; i++)
      if ((strstr(all, said[i]) != NULL) != (others == 1))
        fail_msg("%d: '%s' in:\n%s", others, said[i], all);
    free(all);
    analysis_free(&analysis);
    records_free(&records);
  }
  fields_free(environment_fields, &environment);
}

static char *report(const char *rule, const char *efficiency) {
  struct records records = {0};
  struct analysis analysis;
  struct report_worth worth;
  char *all = NULL;
  size_t bytes;
  FILE *out = open_memstream(&all, &bytes);
  add_rounds(&records);
  assert_int_equal(
      analysis_make(&records, NULL, NULL, NULL, &analysis, &problem), 0);
  assert_int_equal(report_worth_read(rule, efficiency, &worth, &problem), 0);
  report_programs(&analysis, &worth, out);
  fclose(out);
  analysis_free(&analysis);
  records_free(&records);
  return all;
}

static void assert_said(const char *rule, const char *efficiency,
                        const char *wanted) {
  char *all = report(rule, efficiency), *to = all;
  for (const char *at = all; *at; at++) /* wherever its lines end */
    if (*at != '\n' || at[1] == '\n')
      *to++ = *at;
    else
      for (*to++ = ' '; at[1] == ' '; at++)
        ;
  *to = '\0';
  if (!strstr(all, wanted))
    fail_msg("'%s' expected in:\n%s", wanted, all);
  free(all);
}

/* As one line. */
static void unwrap(char *all) {
  for (char *at = all; (at = strstr(at, "\n  "));) {
    at[0] = ' ';
    memmove(at + 1, at + 3, strlen(at + 3) + 1);
  }
}

static void assert_not_said(const char *what) {
  char *all = report(NULL, NULL);
  unwrap(all);
  if (strstr(all, what))
    fail_msg("'%s' not expected in:\n%s", what, all);
  free(all);
}

static void test_the_answer(void **state) {
  (void)state;
  assert_said(NULL, NULL,
              "p: 4 workers: 2.67× (2.67–2.67), from 8.00 s to "
              "3.00 s a run; stop there: 8 workers: ");
  assert_said(NULL, NULL, "Worth it (efficiency of at least 70.0%)? no: 66.7%");
  assert_said("efficiency>=66%", NULL, "at least 66.0%)? yes: 66.7%");
  assert_said("speedup>=2.5", NULL, "(speedup of at least 2.50×)? yes: 2.67×");
  assert_not_said("its interval holds");
  assert_said("saved>=0.7", NULL, "(saved of at least 70.0%)? no: 62.5%");
  assert_said(NULL, NULL,
              "Of its 12.0 s of core time a run, beside one worker: 25.0% "
              "more idle, 8.33% more CPU time.");
  /* (1/2.68 - 1/8) / (1 - 1/8) */
  assert_said(NULL, NULL, "On 8 workers it is as if 28.");
  assert_said(NULL, "75%", "An efficiency of 75.0% is kept up to 2 workers.");
  assert_said(NULL, "90%", "is kept up to 1 worker.");
}

/* The second program is twice as fast as the first. */
static void test_one_beside_another(void **state) {
  struct records records = {0};
  struct analysis analysis;
  (void)state;
  add_rounds(&records);
  for (int64_t round = 1; round <= ROUNDS; round++)
    for (int64_t workers = 1; workers <= 8; workers *= 8) {
      add_run(&records, round, workers == 1 ? "serial" : "program", workers,
              workers == 1 ? 4 : 1.5, 4);
      struct record *added = &records.list[records.count - 1];
      free(added->workload);
      added->workload = strdup("q");
    }
  assert_int_equal(
      analysis_make(&records, NULL, NULL, NULL, &analysis, &problem), 0);
  assert_int_equal(analysis.workload_count, 2);
  assert_null(analysis.workloads[0].beside);
  assert_string_equal(analysis.workloads[1].beside, "p");
  assert_true(fabs(analysis.workloads[1].beside_ratio.median - 2) < 0.02);
  analysis_free(&analysis);
  records_free(&records);
}

/* With two workers as much CPU time as time: one CPU was used. */
static void test_one_that_does_not_listen(void **state) {
  struct records records = {0};
  struct analysis analysis;
  struct report_worth worth;
  char *all = NULL;
  size_t bytes;
  (void)state;
  for (int64_t round = 1; round <= ROUNDS; round++) {
    double noise = 1 + 0.001 * (double)(round - 5);
    add_run(&records, round, "serial", 1, 8 * noise, 8 * noise);
    add_run(&records, round, "program", 2, 8 / noise, 7.9 * noise);
  }
  assert_int_equal(
      analysis_make(&records, NULL, NULL, NULL, &analysis, &problem), 0);
  /* By the interval's end: it is 49.7% to 50.3%. */
  assert_int_equal(
      report_worth_read("efficiency>=49.9%", NULL, &worth, &problem), 0);
  FILE *out = open_memstream(&all, &bytes);
  report_programs(&analysis, &worth, out);
  fclose(out);
  assert_non_null(strstr(all, "at least 49.9%)? not told: 50.0%"));
  unwrap(all);
  assert_non_null(strstr(all, ": its interval holds 49.9%; more rounds "));
  assert_non_null(strstr(all, "--rounds 30) may"));
  assert_non_null(strstr(all, "p: one worker is enough: 8.00 s a run"));
  assert_non_null(strstr(all, "It uses one CPU, whatever it is told"));
  free(all);
  all = report(NULL, NULL);
  assert_null(strstr(all, "whatever it is told"));
  free(all);
  analysis_free(&analysis);
  records_free(&records);
}

static void test_rules_that_are_none(void **state) {
  static const char *const rules[] = {"",
                                      "efficiency",
                                      "efficiency>70",
                                      "speed>=2",
                                      "speedup>=",
                                      "speedup>=x",
                                      "saved>=0",
                                      "saved>=-1",
                                      "speedup>=2%x",
                                      "speedup>=nan"};
  struct report_worth worth;
  (void)state;
  for (size_t i = 0; i < sizeof rules / sizeof *rules; i++)
    assert_int_equal(report_worth_read(rules[i], NULL, &worth, &problem), 2);
  assert_int_equal(report_worth_read(NULL, "110%", &worth, &problem), 2);
  assert_int_equal(report_worth_read(NULL, "80", &worth, &problem), 2);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_words_are_split_as_sh_does),
      cmocka_unit_test(test_quoting_is_undone_by_splitting),
      cmocka_unit_test(test_placeholders),
      cmocka_unit_test(test_outputs_are_compared),
      cmocka_unit_test(test_its_own_time),
      cmocka_unit_test(test_digest_is_of_all_bytes),
      cmocka_unit_test(test_where_the_time_went),
      cmocka_unit_test(test_others_are_told_of),
      cmocka_unit_test(test_the_answer),
      cmocka_unit_test(test_one_beside_another),
      cmocka_unit_test(test_one_that_does_not_listen),
      cmocka_unit_test(test_rules_that_are_none),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
