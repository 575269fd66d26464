/* What is said and drawn of somebody else's program that was observed; all of
 * it made up. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "bench/report/run_page.h"
#include "bench/tests/inside_run.h"

#include "bench/report/programs.h"
#include "bench/report/region_table.h"
#include "bench/report/report.h"

#include <unistd.h>

static struct problem problem;

/* Analyses it, and reads what was written of it, as report does. */
static void analyse_and_read(struct inside_run *run) {
  char path[] = "/tmp/test_inside.XXXXXX";
  inside_analyse(run);
  close(mkstemp(path));
  assert_int_equal(analysis_write(&run->analysis, path, &problem), 0);
  analysis_free(&run->analysis);
  if (analysis_read(path, &run->analysis, &problem) != 0)
    fail_msg("%s", problem.text);
  unlink(path);
}

static char *answer(struct inside_run *run) {
  struct report_worth worth;
  char *all = NULL;
  size_t bytes;
  analyse_and_read(run);
  assert_int_equal(report_worth_read(NULL, NULL, &worth, &problem), 0);
  FILE *out = open_memstream(&all, &bytes);
  report_program(&run->analysis, &run->analysis.workloads[0], &worth, out);
  fclose(out);
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

static void assert_said(struct inside_run *run, const char *wanted, bool said) {
  char *all = answer(run);
  if ((strstr(all, wanted) != NULL) != said)
    fail_msg("'%s'%s expected in:\n%s", wanted, said ? "" : " not", all);
  free(all);
}

static void test_the_answer(void **state) {
  struct inside_run *run = *state;
  assert_said(run,
              "At most 3.08× (3.08–3.08) on 4 workers by Amdahl's law, as "
              "10.0% of a run "
              "with one is outside of parallel regions; at most 2.50× with the "
              "30.0% of it in critical sections.",
              true);
  assert_said(run,
              "Of the cores' time 50.0% is useful; 16.5% idle while serial, "
              "14.0% nothing to do (sum.c:7), 8.00% idle behind the last one "
              "(fft.c:42).",
              true);
  assert_said(run,
              "Balanced, fft.c:42 would make the program at most 2.19× instead "
              "of 2.00×.",
              true);
  assert_said(run, "Observed runs, none of them timed here, took 1.02× (1.02",
              true);
  assert_said(run, "Not observed", false);
  assert_said(run, "surely faster than that", false);
  inside_unobserve(run);
  assert_said(run, "Amdahl's law", false);
  assert_said(run, "Observed", false);
}

/* On a page, by what it is for; written into *text. */
static void write_on_page(const struct inside_run *run, char **text) {
  const struct run_page of = {.analysis = &run->analysis};
  size_t bytes;
  struct page page = {.out = open_memstream(text, &bytes)};
  assert_non_null(page.out);
  run_page_program(&page, &of, &run->analysis.workloads[0]);
  fputs("how:", page.out);
  run_page_program_how(&page, &of, &run->analysis.workloads[0]);
  fclose(page.out);
}

static void test_a_page_has_it_in_parts(void **state) {
  struct inside_run *run = *state;
  char *text = NULL;
  analyse_and_read(run);
  write_on_page(run, &text);
  const char *why = strstr(text, "<h4>Why</h4><ul>\n<li>"),
             *act = strstr(text, "<h4>What to do</h4><ul>\n<li>"),
             *how = strstr(text, "how:<p class=\"under\">");
  assert_true(why && act && how && why < act && act < how);
  assert_int_equal(
      strncmp(text, "<div class=\"answer\">\n<p>4 workers: 2.00× ",
              strlen("<div class=\"answer\">\n<p>4 workers: 2.00× ")),
      0);
  assert_true(strstr(text, "Worth it (efficiency") < why);
  const char *law = strstr(text, "<li>At most 3.08×"),
             *lost =
                 strstr(text, "<li>Of the cores&#39; time 50.0% is useful;"),
             *balanced = strstr(text, "<li>Balanced, fft.c:42 would");
  assert_true(law > why && lost > law && lost < act);
  assert_true(balanced > act && balanced < how);
  assert_true(strstr(text, "Observed runs, none of them timed") > how);
  free(text);
}

static void test_what_is_not_told_is_said(void **state) {
  struct inside_run *run = *state;
  struct record *r;
  inside_unobserve(run);
  inside_add(&run->records, "pilot", 0, 1, 10, &r);
  r->unobserved = strdup("it is linked statically");
  assert_said(run, "Not observed: it is linked statically.", true);
  records_free(&run->records);
  inside_add_run(&run->records, true);
  free(run->records.list[2].inside.untold);
  run->records.list[2].inside.untold = strdup("tasks doacross");
  assert_said(run,
              "Not told apart from work: bodies of some tasks, waiting in "
              "doacross loops.",
              true);
}

/* Regions take 9 of 10 s, and it is five times as fast.  The bound's farther
 * end is no bound. */
static void test_what_beats_the_law_is_said(void **state) {
  struct inside_run *run = *state;
  struct record *r;
  size_t at = 0;
  double k = 0;
  while ((r = inside_next(run, "round", 4, &at)))
    r->program_s = r->wall_s = 2;
  assert_said(run, "It is surely faster than that", true);
  at = 0;
  while ((r = inside_next(run, "observed", 1, &at)))
    r->inside.critical_s.values[0] = 0;
  at = 0;
  while ((r = inside_next(run, "round", 4, &at)))
    r->program_s = r->wall_s = 3.1; /* 3.16 */
  assert_said(run, "It is surely faster than that", true);
  at = 0;
  while ((r = inside_next(run, "observed", 1, &at)))
    r->inside.open_s = 9.4 - 0.1 * k++;
  assert_said(run, "It is surely faster than that", false);
}

/* The data of a chart of the run, to be released with free. */
static char *chart(struct inside_run *run, const char *name) {
  char folder[] = "/tmp/test_inside.XXXXXX", path[300];
  struct charts charts = {.folder = folder};
  char *text = NULL;
  size_t room = 0;
  assert_non_null(mkdtemp(folder));
  inside_analyse(run);
  assert_int_equal(report_chart_data(&run->analysis, &charts, &problem), 0);
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
  assert_non_null(text);
  return text;
}

static void assert_drawn(const char *text, const char *wanted) {
  if (!strstr(text, wanted))
    fail_msg("'%s' expected in:\n%s", wanted, text);
}

/* Of more workers than were measured; and that two counts tell nothing of more
 * is said where nothing else does. */
static void test_more_workers_than_were_measured(void **state) {
  struct inside_run *run = *state;
  struct record *r;
  size_t at = 0;
  assert_said(run,
              " in critical sections. By it never over 2.50×, however "
              "many. Of",
              true);
  assert_said(run, "Two worker counts", false);
  while ((r = inside_next(run, "observed", 1, &at)))
    r->inside.critical_s.values[0] = 0;
  assert_said(run,
              "By it at most 4.71× on 8, 6.40× on 16, never over 10.0×, "
              "however many. Of",
              true);
  at = 0;
  while ((r = inside_next(run, "observed", 1, &at)))
    r->inside.open_s = r->program_s - 0.005;
  assert_said(run, "By it at most 7.97× on 8, 15.9× on 16. Of", true);
  at = 0;
  while ((r = inside_next(run, "round", 4, &at)))
    r->program_s = r->wall_s = 2;
  assert_said(run, "By it", false);
  inside_unobserve(run);
  assert_said(run, "By it", false);
  assert_said(run,
              "Two worker counts cannot be fitted: to tell of more takes "
              "three or more.",
              true);
}

/* The bound with critical sections is 2.5; their share is of one run, which was
 * observed, and has no interval: nothing is surely beyond it. */
static void test_what_beats_the_lower_bound_is_not_sure(void **state) {
  struct inside_run *run = *state;
  struct record *r;
  size_t at = 0;
  while ((r = inside_next(run, "round", 4, &at)))
    r->program_s = r->wall_s = 10 / 1.02 / 2.6;
  assert_said(run, "surely faster", false);
  at = 0;
  r = inside_next(run, "pilot", 1, &at);
  free(r->inside.untold);
  r->inside.untold = strdup("locks");
  assert_said(run,
              "outside of parallel regions; 30.0% of it is in critical "
              "sections, of several locks.",
              true);
  char *text = chart(run, "p-program");
  assert_null(strstr(text, "critical"));
  free(text);
  at = 0;
  while ((r = inside_next(run, "observed", 1, &at)))
    r->inside.critical_s.values[0] = 2.2;
  assert_said(run, "critical", false);
}

static void test_charts_draw_both_bounds(void **state) {
  struct inside_run *run = *state;
  struct record *r;
  char *text = chart(run, "p-program");
  assert_drawn(text, "# law: Amdahl, at most: from observed one-worker runs");
  assert_drawn(text, "# note: with critical sections one after another: at "
                     "most 2.50×");
  free(text);
  text = chart(run, "p-losses");
  assert_drawn(text, "# term: locked waiting for a lock");
  assert_drawn(text, "\tserial\t0.165");
  free(text);
  for (int64_t round = 1; round <= ROUNDS; round++)
    for (int64_t workers = 2; workers <= 8; workers += 6)
      inside_add(&run->records, "round", round, workers, 6, &r);
  text = chart(run, "p-program");
  assert_drawn(text, "law\twith critical sections\t-1\t8\t2.5");
  free(text);
}

/* Beside the other serial program: 8 s are 0.8 of its own with one worker. */
static void test_another_serial_program_is_named(void **state) {
  struct inside_run *run = *state;
  inside_add_another(run);
  assert_said(run,
              "At most 2.46× (2.46–2.46) on 4 workers by Amdahl's law, as "
              "10.0% of its own run with one, which is 0.800× the serial "
              "program's speed, is outside of parallel regions; at most 2.00× "
              "with the 30.0% of it in critical sections.",
              true);
}

/* In sentences, in the table, and on the chart. */
static void test_no_law_is_said_and_none_is_drawn(void **state) {
  struct inside_run *run = *state;
  char *text = NULL;
  size_t bytes;
  inside_make_larger(run, 3);
  assert_said(run,
              "No law: told to use one worker, it made a team of 2 for 30% of "
              "its time.",
              true);
  assert_said(run, "Amdahl's law", false);
  FILE *out = open_memstream(&text, &bytes);
  report_table(&run->analysis, out);
  fclose(out);
  assert_drawn(text, "no law");
  free(text);
  text = chart(run, "p-program");
  assert_null(strstr(text, "# law:"));
  assert_null(strstr(text, "\nlaw\t"));
  assert_null(strstr(text, "at most"));
  free(text);
}

/* Of one worker nothing can be told, and of the team all. */
static void test_a_team_alone_is_told(void **state) {
  struct inside_run *run = *state;
  inside_leave_the_team(run);
  assert_said(run, "No law: with one worker it opens no parallel region.",
              true);
  assert_said(run,
              "Of the cores' time 45.0% is useful; 16.5% idle while serial, "
              "14.0% nothing to do (sum.c:7), 10.0% more work, or slower, "
              "than with one worker.",
              true);
  assert_said(run, "Balanced, fft.c:42 would make the program at most", true);
  assert_said(run, "Observed runs, none of them timed here, took 1.02×", true);
  assert_said(run, "Not observed", false);
  assert_said(run, "Amdahl's law", false);
  char *text = chart(run, "p-losses");
  assert_drawn(text, "\tserial\t0.165");
  assert_null(strstr(text, "\tinflated\t"));
  free(text);
}

/* Of the first region of a team, so many of the seconds of work. */
static void spoil(struct inside_run *run, double by_s, bool locked) {
  size_t at = 0;
  struct record *r;
  while ((r = inside_next(run, "observed", 4, &at))) {
    struct record_inside *in = &r->inside;
    in->work_s.values[0] += in->dispatch_s.values[0] - by_s;
    in->late_work_s.values[0] += in->late_dispatch_s.values[0];
    in->dispatch_s.values[0] = in->late_dispatch_s.values[0] = 0;
    (locked ? &in->lock_s : &in->behind_s)->values[0] += by_s;
  }
}

/* About the largest loss. */
static void test_what_to_do(void **state) {
  struct inside_run *run = *state;
  struct record *r;
  size_t at = 0;
  assert_said(run, "Shorten or split", false); /* 16.5% are serial */
  assert_said(run, "Built with -g", false);
  spoil(run, 4, true);
  assert_said(run,
              "Shorten or split the critical section in fft.c:42, or use a "
              "reduction or atomic.",
              true);
  assert_said(run, "schedule(dynamic)", false);
  spoil(run, -4, true);
  spoil(run, 4, false);
  assert_said(run,
              "If fft.c:42 shares a loop out in equal slices, "
              "schedule(dynamic) may balance it.",
              true);
  assert_said(run, "Shorten or split", false);
  while ((r = inside_next(run, "observed", 4, &at)))
    r->inside.dispatch_s.values[0] += 0.1, r->inside.work_s.values[0] -= 0.1;
  assert_said(run, "schedule(dynamic)", false);
  static const char *const names[] = {"p+0x1f", "fft._omp_fn.0", "a::b"};
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    char all[60];
    snprintf(all, sizeof all, "%s sum.c:7", names[i]);
    for (at = 0; (r = inside_next(run, "observed", 4, &at));) {
      free(r->inside.regions);
      r->inside.regions = strdup(all);
    }
    assert_said(run, "Built with -g, its regions are named by file and line.",
                true);
  }
}

/* The bound's ends, where they lie apart by 5%. */
static void test_charts_draw_the_ends_of_the_bound(void **state) {
  struct inside_run *run = *state;
  struct record *r;
  size_t at = 0;
  double k = 0;
  while ((r = inside_next(run, "observed", 1, &at)))
    r->inside.open_s = 9.4 - 0.1 * k++;
  for (int64_t round = 1; round <= ROUNDS; round++)
    for (int64_t workers = 2; workers <= 8; workers += 6)
      inside_add(&run->records, "round", round, workers, 6, &r);
  char *text = chart(run, "p-program");
  assert_drawn(text, "law\tby f's low end\t-1\t8\t");
  assert_drawn(text, "law\tby f's high end\t-1\t8\t");
  assert_drawn(text, " on 8 workers, with f's interval");
  free(text);
  at = 0;
  while ((r = inside_next(run, "observed", 1, &at)))
    r->inside.open_s = 9;
  text = chart(run, "p-program");
  assert_null(strstr(text, "by f's"));
  free(text);
}

/* A line a region, as text, as CSV and in a sentence. */
static void test_regions_are_listed(void **state) {
  struct inside_run *run = *state;
  struct record *r;
  char path[] = "/tmp/test_inside.XXXXXX", *text = NULL;
  size_t bytes;
  assert_said(run,
              "Parallel regions: fft.c:42 50.0% of its time (3 calls), sum.c:7 "
              "28.0% (1 call).",
              true);
  FILE *out = open_memstream(&text, &bytes);
  region_table(&run->analysis, out);
  fclose(out);
  assert_drawn(text, "parallel region  workers  calls    time  of all   idle  "
                     "waiting  balanced\n");
  assert_drawn(text,
               "\nsum.c:7                4      1  1.40 s   28.0%  50.0%");
  assert_drawn(text,
               "fft.c:42               4      3  2.50 s   50.0%  16.0%    "
               "12.0%  2.19× (2.19–2.19)\n");
  free(text);
  struct inside_region *fft = &run->analysis.regions[0];
  struct interval told = fft->breakdown.share[TERM_IMBALANCE];
  fft->breakdown.share[TERM_IMBALANCE].median = -0.00565;
  out = open_memstream(&text, &bytes);
  region_table(&run->analysis, out);
  fclose(out);
  assert_drawn(text, " 50.0%     0%    12.0% "); /* noise, and no loss */
  free(text);
  fft->breakdown.share[TERM_IMBALANCE].median = -0.03;
  out = open_memstream(&text, &bytes);
  region_table(&run->analysis, out);
  fclose(out);
  assert_drawn(text, " 50.0%  -3.00%    12.0% ");
  free(text);
  fft->breakdown.share[TERM_IMBALANCE] = told;
  close(mkstemp(path));
  assert_int_equal(region_table_csv(&run->analysis, path, &problem), 0);
  size_t room = 0;
  text = NULL;
  FILE *in = fopen(path, "re");
  assert_non_null(in);
  assert_true(getdelim(&text, &room, '\0', in) > 0);
  fclose(in);
  unlink(path);
  assert_drawn(text, "workload,requested,workers,size,region,trials,team,calls,"
                     "wall_s,");
  assert_drawn(text, "\np,program,4,1,fft.c:42,9,4,3,2.5,2.5,2.5,6,");
  assert_drawn(text, ",0.6,0.012,0.023,0.16,");
  assert_drawn(text, ",0.03,0.12,0.034,0.021\n");
  free(text);
  for (int64_t round = 1; round <= ROUNDS; round++) /* the most have none */
    inside_add(&run->records, "round", round, 8, 6, &r);
  inside_analyse(run);
  out = open_memstream(&text, &bytes);
  region_table(&run->analysis, out);
  fclose(out);
  assert_string_equal(text, "");
  free(text);
}

/* On a busy machine two threads have one CPU's time; the team was seen. */
static void test_a_team_is_not_deaf(void **state) {
  static const char words[] = "It uses one CPU, whatever it is told";
  struct inside_run *run = *state;
  for (int observed = 1; observed >= 0; observed--) {
    struct record *r;
    size_t at = 0;
    if (!observed)
      inside_unobserve(run);
    while ((r = inside_next(run, "round", 4, &at)))
      r->program_s = r->wall_s = r->cpu_s = 9.8;
    assert_said(run, words, !observed);
  }
}

/* Where a loss lies that the one-worker run cannot tell of. */
static void test_the_cause_without_one_worker(void **state) {
  struct inside_run *run = *state;
  struct record *r;
  size_t at = 0;
  inside_leave_the_team(run);
  while ((r = inside_next(run, "round", 1, &at)))
    r->program_s = r->wall_s = 3;
  inside_analyse(run);
  const struct result *four = inside_point(run);
  assert_string_equal(four->cause.term, "work");
  assert_non_null(strstr(four->cause.sentence,
                         "in which of its parts is not told by runs with one "
                         "worker, which have other regions or none"));
}

/* Where a loss lies. */
static void test_the_cause_names_a_region(void **state) {
  struct inside_run *run = *state;
  inside_analyse(run);
  const struct result *four = inside_point(run);
  assert_string_equal(four->cause.term, "serial");
  assert_string_equal(four->cause.rule, "where");
  assert_non_null(strstr(four->cause.sentence,
                         "idle while serial: outside of parallel regions"));
  for (size_t i = 0; i < run->records.count; i++) /* little is serial */
    if (run->records.list[i].inside.team.count) {
      run->records.list[i].program_s = run->records.list[i].wall_s =
          run->records.list[i].inside.open_s + 0.1;
    }
  inside_analyse(run);
  four = inside_point(run);
  assert_string_equal(four->cause.term, "few");
  assert_non_null(strstr(four->cause.sentence, "100% of it in sum.c:7"));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      IN_INSIDE(test_the_answer),
      IN_INSIDE(test_a_page_has_it_in_parts),
      IN_INSIDE(test_what_is_not_told_is_said),
      IN_INSIDE(test_what_beats_the_law_is_said),
      IN_INSIDE(test_more_workers_than_were_measured),
      IN_INSIDE(test_what_beats_the_lower_bound_is_not_sure),
      IN_INSIDE(test_charts_draw_both_bounds),
      IN_INSIDE(test_another_serial_program_is_named),
      IN_INSIDE(test_no_law_is_said_and_none_is_drawn),
      IN_INSIDE(test_a_team_alone_is_told),
      IN_INSIDE(test_what_to_do),
      IN_INSIDE(test_charts_draw_the_ends_of_the_bound),
      IN_INSIDE(test_regions_are_listed),
      IN_INSIDE(test_a_team_is_not_deaf),
      IN_INSIDE(test_the_cause_without_one_worker),
      IN_INSIDE(test_the_cause_names_a_region),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
