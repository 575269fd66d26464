/* test_analysis.c: from records made in memory to what may be concluded:
 * against numbers worked out by hand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "bench/tests/analysis_fixture.h"
#include "kernels/kernel.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static void speedups_are_paired_by_round(void **state) {
  struct run *run = *state;
  fill(run, 6); /* 1/2 2 2 3 4 4: the middle two are 2 and 3 */
  analyse(run);
  const struct result *two = find(run, "omp:static", 2);
  near(two->speedup_abs.median, sqrt(6), 1e-12); /* of the medians: 2.5 */
  near(two->speedup_abs.low, 0.5, 1e-12); /* six: from the least to the most */
  near(two->speedup_abs.high, 4, 1e-12);
  near(two->speedup_rel.median, 1.25 * sqrt(6), 1e-12);
  near(two->program_speedup.median, sqrt(6), 1e-12);
  near(two->efficiency.median, sqrt(6) / 2, 1e-12);
  near(two->region_s.median, 2, 0);
  near(two->items_per_s.low, 100, 1e-9); /* 1000 items in 10 s */
  assert_int_equal(two->n, 6);
  same(find(run, "serial", 1)->speedup_abs, (struct interval){1, 1, 1});
  same(find(run, "omp:static", 1)->speedup_rel, (struct interval){1, 1, 1});
  assert_int_equal(run->analysis.run.rounds, 6);
}

static void intervals_are_order_statistics(void **state) {
  struct run *run = *state;
  analyse(run); /* nothing at all */
  assert_int_equal(run->analysis.result_count + run->analysis.workload_count,
                   0);
  fill(run, 10); /* 1/2 2 2 3 4 4 5 6 7 8: the second and the last but one */
  analyse(run);
  const struct result *two = find(run, "omp:static", 2);
  near(two->speedup_abs.low, 2, 1e-12);
  near(two->speedup_abs.high, 7, 1e-12);
  near(two->region_s.high, 10, 0);
  fill(run, 5);
  analyse(run);
  two = find(run, "omp:static", 2);
  near(two->speedup_abs.median, 3, 1e-12); /* 1/2 2 3 4 4 */
  assert_true(isnan(two->speedup_abs.low) && isnan(two->speedup_abs.high));
}

static void a_bad_trial_takes_its_round_along(void **state) {
  struct run *run = *state;
  for (int b = 0; b < 2; b++) {
    fill(run, 6);
    add(run, 7, "serial", 1, 1000); /* would be seen in every number */
    struct record *failed = add(run, 7, "omp:static", 2, 1);
    set(&failed->status, b ? "failed" : "wrong");
    failed->region_s = (double)NAN;
    add(run, 7, "omp:static", 1, 1000);
    analyse(run);
    const struct result *two = find(run, "omp:static", 2);
    near(two->speedup_abs.median, sqrt(6), 1e-12);
    near(find(run, "serial", 1)->region_s.high, 40, 0);
    assert_int_equal(find(run, "serial", 1)->n, 6);
    assert_int_equal(run->analysis.run.rounds, 6);
    assert_int_equal(run->analysis.run.rounds_left_out, 1);
    assert_int_equal(run->analysis.run.bad_trials, 1);
  }
}

static void an_interrupted_round_keeps_its_pairs(void **state) {
  struct run *run = *state;
  fill(run, 6);
  add(run, 7, "serial", 1, 30);
  add(run, 7, "omp:static", 1, 3); /* and no trial with two */
  analyse(run);
  near(find(run, "omp:static", 1)->speedup_abs.high, 10, 1e-12);
  near(find(run, "omp:static", 2)->speedup_abs.median, sqrt(6), 1e-12);
  assert_int_equal(find(run, "serial", 1)->n, 7);
  assert_int_equal(run->analysis.run.rounds_left_out, 0);
}

/* A run of ten rounds; its analysis, which the run no longer has. */
static struct analysis fill_and_take(struct run *run) {
  fill(run, 10);
  analyse(run);
  struct analysis taken = run->analysis;
  run->analysis = (struct analysis){0};
  return taken;
}

/* Speedups to 1e-12 (or exactly), times as many times as given. */
static void compare(struct run *run, struct analysis *before, double times,
                    double tolerance) {
  assert_int_equal(run->analysis.result_count, before->result_count);
  for (size_t i = 0; i < before->result_count; i++) {
    const struct result *a = &before->results[i];
    const struct result *b = find(run, a->requested, a->workers);
    near(b->region_s.low, times * a->region_s.low, tolerance * times);
    near(b->speedup_abs.median, a->speedup_abs.median, tolerance);
    near(b->speedup_rel.high, a->speedup_rel.high, tolerance);
    near(b->program_amdahl_residual.median, a->program_amdahl_residual.median,
         tolerance);
    assert_int_equal(b->n, a->n);
  }
  analysis_free(before);
}

static void scale_or_order_change_no_speedup(void **state) {
  struct run *run = *state;
  struct analysis before = fill_and_take(run);
  for (size_t i = 0; i < run->records.count; i++)
    for (const struct field *f = record_fields; f->name; f++)
      if (f->type == FIELD_REAL)
        *(double *)(void *)((char *)&run->list[i] + f->offset) *= 1000;
  analyse(run);
  compare(run, &before, 1000, 1e-12);
  before = fill_and_take(run);
  for (size_t i = 0; i < run->records.count; i++)
    if (run->list[i].round > 0) /* 1..10 in another order */
      run->list[i].round = run->list[i].round * 7 % 11;
  for (size_t left = run->records.count; left > 0; left--) {
    struct record *pick = &run->list[kernel_random_below(3, left, left)];
    struct record moved = *pick;
    *pick = run->list[left - 1];
    run->list[left - 1] = moved;
  }
  analyse(run);
  compare(run, &before, 1, 0);
}

static void short_regions_are_flagged(void **state) {
  struct run *run = *state;
  for (int i = 1; i <= 6; i++) {
    add(run, i, "serial", 1, 0.001);
    add(run, i, "omp:static", 2, 0.000999)->workers_seen = i == 3 ? 1 : 2;
    add(run, i, "pool:static", 4, 0.002)->workers_seen = 3;
  }
  analyse(run);
  assert_string_equal(find(run, "serial", 1)->flags, "");
  assert_string_equal(find(run, "omp:static", 2)->flags,
                      "short-region idle-workers");
  assert_string_equal(find(run, "pool:static", 4)->flags, "idle-workers");
  /* none with one worker */
  assert_true(isnan(find(run, "pool:static", 4)->speedup_rel.median));
}

static char *read_text(const char *path) {
  static char text[2][1 << 16]; /* the last two that were read */
  static int turn;
  char *to = text[turn ^= 1];
  FILE *file = fopen(path, "r");
  assert_non_null(file);
  to[fread(to, 1, sizeof text[0] - 1, file)] = '\0';
  fclose(file);
  return to;
}

/* One more point that no round has, so that much is not known. */
static void analyses_come_back_from_their_file(void **state) {
  struct run *run = *state;
  char path[] = "/tmp/test_analysis.XXXXXX";
  struct problem problem = {""};
  struct analysis again;
  close(mkstemp(path));
  fill(run, 6);
  add(run, PILOT, "pool:static", 1, 1);
  analyse(run);
  assert_int_equal(analysis_write(&run->analysis, path, &problem), 0);
  const char *text = read_text(path);
  assert_true(!strcasestr(text, "nan") && !strcasestr(text, "inf"));
  if (analysis_read(path, &again, &problem) != 0)
    fail_msg("%s", problem.text);
  assert_true(isnan(again.results[3].speedup_abs.median));
  near(again.results[2].speedup_abs.median, sqrt(6), 1e-8);
  assert_int_equal(analysis_write(&again, path, &problem), 0);
  assert_string_equal(read_text(path), text);
  analysis_free(&again);
  unlink(path);
}

/* Before schema 3, "spread" filled one package after the other. */
static void old_analyses_are_read_in_the_words_of_today(void **state) {
  static const struct {
    int64_t schema;
    const char *written, *read;
  } cases[] = {
      {1, "spread", "cores"},
      {2, "spread", "cores"},
      {3, "spread", "spread"},
      {2, "close", "close"},
  };
  struct run *run = *state;
  char path[] = "/tmp/test_analysis.XXXXXX";
  struct problem problem = {""};
  close(mkstemp(path));
  fill(run, 6);
  analyse(run);
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    struct analysis again;
    run->analysis.run.schema = cases[i].schema;
    free(run->analysis.run.bind);
    run->analysis.run.bind = strdup(cases[i].written);
    assert_int_equal(analysis_write(&run->analysis, path, &problem), 0);
    assert_int_equal(analysis_read(path, &again, &problem), 0);
    assert_string_equal(again.run.bind, cases[i].read);
    analysis_free(&again);
  }
  unlink(path);
}
/* A probe of one worker, of so many pages. */
static void add_pages(struct run *run, int64_t round, const char *workload,
                      int64_t workers, double region_s) {
  struct record *r =
      run_add(run, "probe", round, workload, "omp:static", workers);
  r->requested = strdup("omp:static");
  r->region_s = region_s;
  r->size = 1000;
}

/* In round i a first touch takes i us more than another, which takes 1 us; what
 * several threads take, and new pages, are other costs. */
static void what_faults_cost(void **state) {
  struct run *run = *state;
  fill(run, 7);
  analyse(run);
  assert_true(isnan(run->analysis.run.fault_s.median));
  fill(run, 7);
  for (int round = 1; round <= 7; round++) {
    add_pages(run, round, "fault/pages=there", 1, 1e-3 * (round + 1));
    add_pages(run, round, "fault/pages=there,touch=again", 1, 1e-3);
    add_pages(run, round, "fault/pages=there", 2, 1);
    add_pages(run, round, "fault", 1, 2);
    add_pages(run, round, "fault/touch=again", 1, 1e-3);
  }
  analyse(run);
  near(run->analysis.run.fault_s.median, 4e-6, 1e-12);
  near(run->analysis.run.fault_s.low, 1e-6, 1e-12);
  near(run->analysis.run.fault_s.high, 7e-6, 1e-12);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      IN_RUN(speedups_are_paired_by_round),
      IN_RUN(intervals_are_order_statistics),
      IN_RUN(a_bad_trial_takes_its_round_along),
      IN_RUN(an_interrupted_round_keeps_its_pairs),
      IN_RUN(scale_or_order_change_no_speedup),
      IN_RUN(short_regions_are_flagged),
      IN_RUN(what_faults_cost),
      IN_RUN(analyses_come_back_from_their_file),
      IN_RUN(old_analyses_are_read_in_the_words_of_today),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
