/* test_analysis.c: from records made in memory to what may be concluded:
 * against numbers worked out by hand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "bench/analyze/prediction.h"
#include "bench/tests/run_fixture.h"
#include "kernels/kernel.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { PILOT = 0 };

static void near(double value, double expected, double tolerance) {
  if (!(fabs(value - expected) <= tolerance))
    fail_msg("%.17g, expected %.17g", value, expected);
}

static void same(struct interval a, struct interval b) {
  assert_memory_equal(&a, &b, sizeof a);
}

/* Adds a good trial; round PILOT: of the pilot.  A program takes four times
 * its region, a quarter of it serial; the process twice its program. */
static struct record *add(struct run *run, int64_t round, const char *variant,
                          int64_t workers, double region_s) {
  bool pilot = round == PILOT;
  struct record *r =
      run_add(run, pilot ? "pilot" : "round", pilot ? FIELD_NULL : round,
              "cube/first=3", variant, workers);
  r->requested = strdup(variant);
  r->oversubscribed = false;
  r->region_s = r->region_first_s = region_s;
  r->program_s = 4 * region_s;
  r->setup_s = 0.5 * region_s;
  r->start_s = 0.125 * region_s;
  r->touch_s = 0.09375 * region_s;
  r->finish_s = 0.25 * region_s;
  r->close_s = 0.03125 * region_s;
  r->wall_s = 8 * region_s;
  return r;
}

static void set(char **text, const char *to) {
  free(*text);
  *text = strdup(to);
}

static void analyse(struct run *run) {
  run_analyse(run, NULL);
}

static const struct result *find(const struct run *run, const char *requested,
                                 int64_t workers) {
  return run_find(run, "cube/first=3", requested, workers);
}

static struct interval fraction(const struct run *run, const char *requested) {
  return prediction_serial_fraction(&run->records, "cube/first=3", 0,
                                    requested);
}

/* Pairs by round: serial and two threads; one thread takes 1.25 of serial.
 * The ratios are 2 4 1/2 4 3 2 8 5 6 7; the medians' ratio is another. */
static const double serial_s[] = {2, 40, 1, 8, 6, 4, 0.8, 50, 0.6, 7};
static const double two_s[] = {1, 10, 2, 2, 2, 2, 0.1, 10, 0.1, 1};

static void fill(struct run *run, int rounds) {
  run_empty(run);
  for (int i = 0; i < 6; i++) {
    add(run, PILOT, "serial", 1, 1 + i);
    add(run, PILOT, "omp:static", 1, 1 + i);
  }
  for (int i = 0; i < rounds; i++) {
    add(run, i + 1, "omp:static", 2, two_s[i]);
    add(run, i + 1, "serial", 1, serial_s[i]);
    add(run, i + 1, "omp:static", 1, 1.25 * serial_s[i]);
  }
}

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

/* Of the workloads of a run, by the kernel's own word. */
static void the_serial_fraction_of_a_control_is_known(void **state) {
  struct run *run = *state;
  static const struct {
    const char *workload;
    double known;
  } cases[] = {{"spin/serial=0.25", 0.25},
               {"spin/serial=0.5,chains=8", 0.5},
               {"spin", (double)NAN},
               {"cube/first=3", (double)NAN},
               {"spin/serial=half", (double)NAN},
               {"no-such-kernel/serial=0.25", (double)NAN}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
    set(&add(run, 1, "serial", 1, 1)->workload, cases[i].workload);
  analyse(run);
  assert_int_equal(run->analysis.workload_count, sizeof cases / sizeof *cases);
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    double known = run->analysis.workloads[i].known_serial_fraction;
    assert_string_equal(run->analysis.workloads[i].workload, cases[i].workload);
    if (isnan(cases[i].known))
      assert_true(isnan(known));
    else
      near(known, cases[i].known, 0);
  }
}

static void the_serial_fraction_is_measured(void **state) {
  struct run *run = *state;
  near(prediction_speedup(0.25, 2), 1.6, 1e-15);
  near(prediction_speedup(0, 16), 16, 1e-12);
  fill(run, 6);
  same(fraction(run, "serial"), (struct interval){0.25, 0.25, 0.25});
  analyse(run);
  same(run->analysis.workloads[0].serial_fraction,
       (struct interval){0.25, 0.25, 0.25});
  const struct result *two = find(run, "omp:static", 2);
  near(two->program_amdahl_predicted, 1.6, 1e-12);
  near(two->program_amdahl_low, 1.6, 1e-12);
  /* it was 1.25 sqrt 6, with one worker over two */
  near(two->program_amdahl_residual.median, log(1.25 * sqrt(6) / 1.6), 1e-12);
  /* Three of six shares are 0.375: half-way, and the ends of both. */
  for (size_t i = 0; i < 6; i += 2)
    run->list[i].setup_s *= 2;
  struct interval f = fraction(run, "serial");
  near(f.median, 0.3125, 1e-12);
  near(f.low, 0.25, 1e-12);
  near(f.high, 0.375, 1e-12);
}

/* Serial takes 10 s, one thread 12.5 s of which a quarter is serial: on two,
 * 10 / (12.5 (1/4 + 3/8)) = 1.28, whatever the rounds were. */
static void the_law_is_of_the_speedup_against_serial(void **state) {
  struct run *run = *state;
  for (int i = 1; i <= 6; i++) {
    add(run, PILOT, "serial", 1, 2.5);
    add(run, PILOT, "omp:static", 1, 3.125);
    add(run, i, "serial", 1, 7);
    add(run, i, "omp:static", 1, 9);
    add(run, i, "omp:static", 2, 5);
    add(run, i, "pool:static", 2, 5); /* no pilot */
  }
  analyse(run);
  const struct result *two = find(run, "omp:static", 2);
  near(two->program_law.median, 1.28, 1e-12);
  near(two->program_law.low, 1.28, 1e-12);
  near(two->program_law.high, 1.28, 1e-12);
  near(two->program_law_fraction, 0.25, 0);
  near(find(run, "omp:static", 1)->program_law.median, 0.8, 1e-12);
  near(find(run, "serial", 1)->program_law.median, 1, 1e-12);
  assert_true(isnan(find(run, "pool:static", 2)->program_law.median));
  /* Half of the pilots were twice as slow, serial and thread alike. */
  for (int i = 0; i < 36; i++)
    if (record_is_in(&run->list[i], "pilot") && i < 18)
      run->list[i].program_s *= 2;
  analyse(run);
  two = find(run, "omp:static", 2);
  assert_true(two->program_law.low < two->program_law.median);
  near(two->program_law.high, 10 / (12.5 * (0.125 + 0.875 / 2)), 1e-9);
}

/* Pages that all workers touch at once are no serial part of the program. */
static void touching_together_is_not_serial(void **state) {
  struct run *run = *state;
  for (int together = -1; together < 2; together++) {
    run_empty(run);
    for (int i = 0; i < 6; i++)
      add(run, PILOT, "omp:static", 1, 1 + i)->touched_by_workers =
          together < 0 ? FIELD_NULL : together;
    near(fraction(run, "omp:static").median, together == 1 ? 0.2265625 : 0.25,
         1e-12);
  }
}

static void predictions_know_the_pilot_alone(void **state) {
  struct run *run = *state;
  fill(run, 6);
  struct interval before = fraction(run, "serial");
  /* Anything else may say what it likes. */
  for (size_t i = 12; i < run->records.count; i++)
    run->list[i].setup_s = run->list[i].program_s = 1e6 + (double)i;
  add(run, PILOT, "serial", 2, 1)->setup_s = 3;
  set(&add(run, PILOT, "serial", 1, 1)->status, "failed");
  set(&add(run, PILOT, "serial", 1, 1)->phase, "calibration");
  set(&add(run, PILOT, "serial", 1, 1)->workload, "cube");
  for (size_t i = run->records.count - 4; i < run->records.count; i++)
    run->list[i].setup_s = 3;
  same(fraction(run, "serial"), before);
  for (size_t i = 0; i < 12; i += 2)
    run->list[i].setup_s *= 2; /* the pilot's own */
  near(fraction(run, "serial").median, 0.375, 1e-12);
  near(fraction(run, "omp:static").median, 0.25, 1e-12);
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

static void predictions_are_written_without_nan(void **state) {
  struct run *run = *state;
  char path[] = "/tmp/test_analysis.XXXXXX";
  struct problem problem = {""};
  const uint32_t workers[] = {1, 2};
  close(mkstemp(path));
  fill(run, 1);
  add(run, PILOT, "pool:static", 1, 1); /* too few for an interval */
  assert_int_equal(prediction_write(&run->records, workers, 2, path, &problem),
                   0);
  json_t *json = json_load_file(path, 0, NULL);
  unlink(path);
  const json_t *list = json_object_get(json, "predictions");
  assert_int_equal(json_array_size(list), 3);
  const json_t *last = json_object_get(json_array_get(list, 2), "predicted");
  const json_t *two = json_array_get(last, 1);
  near(json_real_value(json_object_get(two, "program_speedup")), 1.6, 1e-9);
  assert_true(json_is_null(json_object_get(two, "low")));
  json_decref(json);
}

static void hyperfine_stands_beside_the_sweep(void **state) {
  struct run *run = *state;
  struct problem unused;
  fill(run, 6);
  json_t *hyperfine = json_loads(
      "{\"results\": ["
      "{\"command\": \"cube/first=3|omp:static|2\", \"median\": 12.5},"
      "{\"command\": \"cube/first=3|serial|1\", \"median\": 50},"
      "{\"command\": \"sleep 1\", \"median\": 1},"
      "{\"command\": \"cube/first=3|omp:static|4\", \"median\": 10}"
      "]}",
      0, NULL);
  int status = analysis_make(&run->records, NULL, NULL, hyperfine,
                             &run->analysis, &unused);
  json_decref(hyperfine);
  assert_int_equal(status, 0);
  const struct cross_check *checks = run->analysis.checks;
  assert_int_equal(run->analysis.check_count, 3);
  assert_string_equal(checks[0].variant, "omp:static");
  assert_int_equal(checks[0].workers, 2);
  near(checks[0].hyperfine_speedup, 4, 1e-12);
  near(checks[0].sweep_speedup, 2.5, 1e-12); /* of the medians: 40 and 16 */
  assert_true(isnan(checks[2].sweep_s) && isnan(checks[2].sweep_speedup));
}

static const char *contradicted(struct run *run, const char *results,
                                size_t check) {
  struct problem unused;
  char text[600];
  snprintf(text, sizeof text, "{\"results\": [%s]}", results);
  json_t *hyperfine = json_loads(text, 0, NULL);
  assert_non_null(hyperfine);
  analysis_free(&run->analysis);
  int status = analysis_make(&run->records, NULL, NULL, hyperfine,
                             &run->analysis, &unused);
  json_decref(hyperfine);
  assert_int_equal(status, 0);
  return run->analysis.checks[check].contradicts;
}

#define SERIAL(median, least, most)                                            \
  "{\"command\": \"cube/first=3|serial|1\", \"median\": " #median              \
  ", \"min\": " #least ", \"max\": " #most "}"
#define TWO(median, least, most)                                               \
  "{\"command\": \"cube/first=3|omp:static|2\", \"median\": " #median          \
  ", \"min\": " #least ", \"max\": " #most "}"

/* In the sweep serial took 8 s to 8.7 s, two workers half of that. */
static void hyperfine_contradicts_what_it_excludes(void **state) {
  struct run *run = *state;
  for (int i = 1; i <= 8; i++) {
    double serial_region_s = 1 + 0.0125 * (i - 1);
    add(run, i, "serial", 1, serial_region_s);
    add(run, i, "omp:static", 2, serial_region_s / 2);
  }
  assert_null(contradicted(run, SERIAL(8.1, 7, 8.2) "," TWO(4, 3, 4.1), 0));
  assert_null(contradicted(run, SERIAL(8.1, 7, 8.2) "," TWO(4, 3, 4.1), 1));
  /* both a fifth slower: the speedup is as it was */
  static const char slower[] = SERIAL(9.7, 9.6, 9.8) "," TWO(4.9, 4.8, 5);
  assert_string_equal(contradicted(run, slower, 0), "time");
  assert_string_equal(contradicted(run, slower, 1), "time");
  near(run->analysis.checks[1].hyperfine_least_s, 4.8, 0);
  near(run->analysis.checks[1].sweep_low_s, 4, 1e-9);
  near(run->analysis.checks[1].sweep_high_s, 4.35, 1e-9);
  assert_string_equal(
      contradicted(run, SERIAL(7, 6.9, 7.1) "," TWO(3.5, 3.4, 3.6), 1), "time");
  /* one of them */
  static const char one[] = SERIAL(8.1, 8, 8.2) "," TWO(8, 7.9, 8.1);
  assert_null(contradicted(run, one, 0));
  assert_string_equal(contradicted(run, one, 1), "speedup");
  /* no range, no serial: what is not known contradicts nothing */
  assert_null(contradicted(run, TWO(8, null, null), 0));
  assert_string_equal(contradicted(run, TWO(8, 7.9, 8.1), 0), "time");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      IN_RUN(speedups_are_paired_by_round),
      IN_RUN(intervals_are_order_statistics),
      IN_RUN(a_bad_trial_takes_its_round_along),
      IN_RUN(an_interrupted_round_keeps_its_pairs),
      IN_RUN(the_serial_fraction_of_a_control_is_known),
      IN_RUN(the_serial_fraction_is_measured),
      IN_RUN(the_law_is_of_the_speedup_against_serial),
      IN_RUN(touching_together_is_not_serial),
      IN_RUN(predictions_know_the_pilot_alone),
      IN_RUN(scale_or_order_change_no_speedup),
      IN_RUN(short_regions_are_flagged),
      IN_RUN(analyses_come_back_from_their_file),
      IN_RUN(old_analyses_are_read_in_the_words_of_today),
      IN_RUN(predictions_are_written_without_nan),
      IN_RUN(hyperfine_stands_beside_the_sweep),
      IN_RUN(hyperfine_contradicts_what_it_excludes),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
