/* test_program_page.c: the page of somebody's program calls things as the
 * terminal does: against one worker, at most, baseline; and leaves out what a
 * program has not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "bench/report/run_page.h"
#include "bench/report/titles.h"
#include "bench/tests/distinct_fixture.h"
#include "bench/tests/text_fixture.h"

static void set(char **text, const char *to) {
  free(*text);
  *text = strdup(to);
}

/* Alone on 1, 2 and 4 workers, and as copies. */
static struct analysis of_program(void) {
  struct analysis a = distinct_analysis();
  set(&a.workloads->workload, "./crit");
  set(&a.workloads->kernel, record_program);
  set(&a.workloads->title, "./crit");
  for (size_t i = 0; i < a.result_count; i++) {
    struct result *r = &a.results[i];
    set(&r->workload, "./crit");
    set(&r->kernel, record_program);
    set(&r->label, "./crit");
    if (i > 0)
      set(&r->requested, i < 4 ? record_program : "copies");
    r->program_speedup_rel = INTERVAL_NULL;
    r->region_s = r->speedup_abs = INTERVAL_NULL;
  }
  set(&a.results[1].requested, "serial"); /* the baseline is its first point */
  assert_int_equal(verdicts_settle(&a), 0);
  return a;
}

static char *numbers_of(const struct analysis *a) {
  char *text;
  struct page page = {.out = text_open(&text)};
  const struct run_page run = {.analysis = a};
  run_page_numbers(&page, &run, a->workloads);
  assert_int_equal(fclose(page.out), 0);
  return text;
}

static char *answers_of(const struct analysis *a) {
  char *text;
  struct page page = {.out = text_open(&text)};
  const struct run_page run = {.analysis = a};
  run_page_answers(&page, &run);
  assert_int_equal(fclose(page.out), 0);
  return text;
}

static void columns_are_a_programs(void **state) {
  (void)state;
  struct analysis a = of_program();
  char *text = numbers_of(&a);
  has(text, "<th scope=\"col\">against one worker</th><th "
            "scope=\"col\">at most</th>");
  has(text, "<tr><th scope=\"row\">baseline</th>");
  has_not(text, "serial");
  has_not(text, "predicted");
  free(text);
  analysis_free(&a);
}

static void columns_are_a_kernels(void **state) {
  (void)state;
  struct analysis a = distinct_analysis();
  char *text = numbers_of(&a);
  has(text, "<th scope=\"col\">against serial</th><th "
            "scope=\"col\">predicted</th><th scope=\"col\">against one "
            "worker</th>");
  has(text, "<th scope=\"col\">region against serial</th>");
  has(text, "<tr><th scope=\"row\">serial</th>");
  free(text);
  /* What serial alone has, beside itself, is no column. */
  for (size_t i = 1; i < a.result_count; i++)
    a.results[i].program_speedup_rel = INTERVAL_NULL;
  text = numbers_of(&a);
  has_not(text, ">against one worker<");
  free(text);
  analysis_free(&a);
}

static size_t rows_of(const char *text) {
  size_t rows = 0;
  for (; (text = strstr(text, "<th scope=\"row\">")); text++)
    rows++;
  return rows;
}

/* But one that says why there is no trial. */
static void what_never_ran_is_no_row(void **state) {
  (void)state;
  struct analysis a = distinct_analysis();
  char *text = numbers_of(&a);
  assert_int_equal(rows_of(text), DISTINCT_RESULTS);
  free(text);
  a.results[3].n = 0;
  a.results[2].n = 0; /* with a flag */
  text = numbers_of(&a);
  assert_int_equal(rows_of(text), DISTINCT_RESULTS - 1);
  free(text);
  analysis_free(&a);
}

static void its_law_is_at_most(void **state) {
  (void)state;
  struct analysis a = of_program();
  char *text = answers_of(&a);
  has(text, "whole program against one worker (tick: at most)");
  has(text, ", at most 1.79×\">");
  has(text, "4 workers · at most 1.79×");
  has_not(text, " predicted ");
  free(text);
  set(&a.workloads->no_law, "with one worker it opens no parallel region");
  text = answers_of(&a);
  has(text, "4 workers · no law");
  free(text);
  analysis_free(&a);
  a = distinct_analysis();
  text = answers_of(&a);
  has(text, "(tick: predicted)");
  has(text, "4 threads · predicted 1.79×");
  free(text);
  analysis_free(&a);
}

static void a_title_names_it_once(void **state) {
  char title[REPORT_LINE];
  (void)state;
  struct analysis a = of_program();
  struct breakdown *told = &a.results[3].breakdown;
  breakdown_clear(told);
  told->told = true;
  told->share[TERM_USEFUL] = (struct interval){0.6, 0.59, 0.61};
  told->share[TERM_JOIN] = (struct interval){0.4, 0.39, 0.41};
  title_losses(&a, a.workloads, title);
  assert_string_equal(
      title, "./crit on 4 workers: 40.0% of the cores' time is joining");
  analysis_free(&a);
}

static void coresweeps_build_is_its_own(void **state) {
  char *text;
  struct environment environment;
  (void)state;
  fields_clear(environment_fields, &environment);
  environment.build = strdup("gcc 12.2.0 -O3");
  environment.vector_bytes = 64;
  struct page page = {.out = text_open(&text)};
  run_page_machine(&page, &environment);
  assert_int_equal(fclose(page.out), 0);
  has(text, "<th scope=\"row\">coresweep built with</th><td>gcc 12.2.0");
  has(text, "<th scope=\"row\">vectors that coresweep uses</th><td>64");
  free(text);
  fields_free(environment_fields, &environment);
}

/* The reason stands beside it, also where the page begins with it. */
static void what_is_not_told_has_its_reason(void **state) {
  char *text;
  (void)state;
  struct analysis a = of_program();
  a.workloads->best_workers = a.workloads->enough_workers = 4;
  set(&a.results[3].flags, "contended");
  a.results[3].others_cpus = (struct interval){1.5, 1.4, 1.6};
  set(&a.run.busy, "A busy machine: others used 1.5 of 2 CPUs.");
  struct page page = {.out = text_open(&text)};
  const struct run_page run = {.analysis = &a};
  run_page_program(&page, &run, a.workloads);
  assert_int_equal(fclose(page.out), 0);
  has(text, "? not told: ");
  has(text, "Measure again on a quiet machine.");
  free(text);
  analysis_free(&a);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(columns_are_a_programs),
      cmocka_unit_test(columns_are_a_kernels),
      cmocka_unit_test(what_never_ran_is_no_row),
      cmocka_unit_test(its_law_is_at_most),
      cmocka_unit_test(a_title_names_it_once),
      cmocka_unit_test(coresweeps_build_is_its_own),
      cmocka_unit_test(what_is_not_told_has_its_reason),
  };
  return cmocka_run_group_tests_name("program_page", tests, NULL, NULL);
}
