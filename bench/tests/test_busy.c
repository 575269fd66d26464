/* test_busy.c: a busy machine is the first line of the report, a quiet one is
 * not spoken of, and what is not told is no quiet machine's 0. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "bench/analyze/busy.h"
#include "bench/plan/text.h"
#include "bench/report/programs.h"
#include "bench/tests/run_fixture.h"

#include <math.h>
#include <unistd.h>

#define LENGTH(array) (sizeof(array) / sizeof(array)[0])

/* A look of a second at two CPUs of so many; NAN: not told. */
static void set_look(struct environment *e, double first, double second,
                     double steal_share, double throttled_s) {
  fields_free(environment_fields, e);
  e->usable_cpus = e->online_cpus = 2;
  e->look_s = 1;
  e->look_cpus = strdup("3,5");
  e->look_shares = numbers_of(2, first);
  e->look_shares.values[1] = second;
  e->look_steal_share = steal_share;
  e->look_throttled_s = throttled_s;
}

/* What is said at, below and above each threshold; NULL: nothing. */
static void a_sentence_names_share_and_cpus(void **state) {
  static const struct {
    double first, second, steal_share, throttled_s, others_cpus;
    const char *said, *mend;
  } cases[] = {
      {0.1, 0.1, 0.05, 0.1, 0.2, NULL, NULL},
      {(double)NAN, (double)NAN, (double)NAN, (double)NAN, (double)NAN, NULL,
       NULL},
      {0.02, 0.97, 0, 0, 0, "others used 97% of CPU 5 before the trials (1 s).",
       "`ps aux"},
      {0.98, 0.12, 0, 0, (double)NAN,
       "others used 55% of CPUs 3,5 before the trials (1 s).", "`ps aux"},
      {(double)NAN, 0.11, 0, 0, 0,
       "others used 11% of CPU 5 before the trials (1 s).", "`ps aux"},
      {0, 0, 0.051, 0, 0,
       "the hypervisor gave 5% of CPUs 3,5 to others before the trials (1 s).",
       "another time or another host"},
      {0, 0, 0, 0.11, 0, "a CPU quota took 0.11 s before the trials (1 s).",
       "start the container without a CPU limit"},
      {0, 0, 0, 0, 0.21, "others used 0.21 of 2 CPUs while trials ran.",
       "`ps aux"},
      {0.5, 0, 0.5, 0, 1,
       "others used 50% of CPU 3 before the trials (1 s), the hypervisor gave "
       "50% of CPUs 3,5 to others before the trials (1 s), others used 1 of 2 "
       "CPUs while trials ran.",
       "`ps aux"},
  };
  struct environment e;
  (void)state;
  fields_clear(environment_fields, &e);
  for (size_t i = 0; i < LENGTH(cases); i++) {
    set_look(&e, cases[i].first, cases[i].second, cases[i].steal_share,
             cases[i].throttled_s);
    char *said = busy_sentence(&e, cases[i].others_cpus);
    if (cases[i].said ? !said || !strstr(said, cases[i].said) ||
                            !strstr(said, cases[i].mend)
                      : said != NULL)
      fail_msg("case %zu: '%s'", i, said ? said : "nothing");
    assert_true(!said || (strncmp(said, "A busy machine: ", 16) == 0 &&
                          !strchr(said, '\n')));
    free(said);
  }
  fields_free(environment_fields, &e);
}

/* They count as far as the CPUs that the run leaves have no room for them. */
static void others_on_free_cpus_disturb_nobody(void **state) {
  struct environment e;
  (void)state;
  fields_clear(environment_fields, &e);
  assert_null(busy_sentence(&e, 2)); /* of nobody knows how many */
  e.usable_cpus = 4;
  e.online_cpus = 10;
  assert_null(busy_sentence(&e, 6.4));
  char *said = busy_sentence(&e, 6.5);
  assert_non_null(said);
  assert_non_null(strstr(said, "others used 6.5 of 10 CPUs while trials ran"));
  free(said);
}

/* More CPUs than there is room to name. */
static void many_cpus_are_counted(void **state) {
  struct environment e;
  char list[400] = "0";
  struct text text = text_resume(list, sizeof list);
  (void)state;
  fields_clear(environment_fields, &e);
  for (int cpu = 2; cpu < 128; cpu += 2)
    text_add(&text, ",%d", cpu);
  e.look_s = 1;
  e.look_cpus = strdup(list);
  e.look_shares = numbers_of(64, 0.5);
  char *said = busy_sentence(&e, (double)NAN);
  assert_non_null(said);
  assert_non_null(strstr(said, "others used 50% of 64 CPUs before"));
  free(said);
  fields_free(environment_fields, &e);
}

/* Six rounds on two CPUs, of which others used so much meanwhile. */
static void fill(struct run *run, double others_cpus, bool programs) {
  run_empty(run);
  for (int i = 1; i <= 6; i++)
    for (int workers = 1; workers <= 2; workers++) {
      const char *variant = workers == 1 ? "serial"
                            : programs   ? "program"
                                         : "omp:static";
      struct record *r = run_add(run, "round", i, programs ? "program" : "cube",
                                 variant, workers);
      r->region_s = r->region_first_s = r->program_s = 0.01;
      r->wall_s = 0.1;
      /* Ticks: too much in one trial, too little in the next. */
      r->others_cpu_s = 0.1 * others_cpus + (workers == 1 ? 0.03 : -0.03);
    }
}

/* To be released with free. */
static char *report_of(struct run *run) {
  char *text = NULL;
  size_t length = 0;
  run_analyse(run, &run->environment);
  FILE *out = open_memstream(&text, &length);
  report_whole(&run->analysis, NULL, out);
  assert_int_equal(fclose(out), 0);
  return text;
}

/* Of kernels and of programs alike. */
static void a_busy_machine_is_the_first_line(void **state) {
  struct run *run = *state;
  for (int programs = 0; programs < 2; programs++) {
    static const char first[] =
        "A busy machine: others used 97% of CPU 5 before the trials (1 s).  ";
    static const char later[] =
        "A busy machine: others used 0.5 of 2 CPUs while trials ran.  ";
    fill(run, 0, programs);
    set_look(&run->environment, 0, 0.97, 0, 0);
    char *busy = report_of(run);
    assert_true(fabs(run->analysis.run.others_cpus) < 1e-9);
    set_look(&run->environment, 0.01, 0.02, 0, 0);
    char *quiet = report_of(run);
    assert_null(run->analysis.run.busy);
    /* A neighbour that came after the look. */
    fill(run, 0.5, programs);
    char *late = report_of(run);
    assert_true(fabs(run->analysis.run.others_cpus - 0.5) < 1e-9);
    if (strncmp(busy, first, strlen(first)) != 0 ||
        strncmp(late, later, strlen(later)) != 0 ||
        strstr(quiet, "busy machine"))
      fail_msg("'%.100s', '%.100s', '%.100s'", busy, late, quiet);
    /* And nothing else is different. */
    const char *rest = strstr(busy, "\n\n");
    assert_non_null(rest);
    assert_string_equal(rest + 2, quiet);
    free(busy);
    free(late);
    free(quiet);
  }
  fields_free(environment_fields, &run->environment);
}

/* In ticks, all else may have used less than nothing: what is written is read
 * again. */
static void less_than_nothing_is_read_again(void **state) {
  struct run *run = *state;
  char path[] = "/tmp/coresweep-busy-XXXXXX";
  struct problem problem = {""};
  struct analysis again;
  int fd = mkstemp(path);
  assert_true(fd >= 0);
  close(fd);
  fill(run, -0.5, true);
  run_analyse(run, NULL);
  assert_true(run_find(run, "program", "program", 2)->others_cpus.median < 0);
  assert_int_equal(analysis_write(&run->analysis, path, &problem), 0);
  if (analysis_read(path, &again, &problem) != 0)
    fail_msg("%s", problem.text);
  unlink(path);
  assert_true(again.run.others_cpus == 0);
  analysis_free(&again);
}

/* Of a run of before, or of a simulated machine. */
static void what_was_not_recorded_is_not_told(void **state) {
  struct run *run = *state;
  fill(run, (double)NAN, false);
  fields_free(environment_fields, &run->environment);
  run->environment.usable_cpus = run->environment.online_cpus = 2;
  run_analyse(run, &run->environment);
  assert_null(run->analysis.run.busy);
  assert_true(isnan(run->analysis.run.others_cpus));
  run_analyse(run, NULL);
  assert_null(run->analysis.run.busy);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_sentence_names_share_and_cpus),
      cmocka_unit_test(others_on_free_cpus_disturb_nobody),
      cmocka_unit_test(many_cpus_are_counted),
      IN_RUN(a_busy_machine_is_the_first_line),
      IN_RUN(less_than_nothing_is_read_again),
      IN_RUN(what_was_not_recorded_is_not_told),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
