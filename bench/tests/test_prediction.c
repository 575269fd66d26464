/* test_prediction.c: the serial fraction and Amdahl's law, from the pilot's
 * records alone: against numbers worked out by hand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "bench/analyze/score.h"
#include "bench/tests/analysis_fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* Of the workloads of a run, by the kernel's own word. */
static void the_serial_fraction_of_a_control_is_known(void **state) {
  struct run *run = *state;
  static const struct {
    const char *workload;
    double known;
  } cases[] = {{"spin/serial=0.25", 0.25},
               {"spin/serial=0.5,chains=8", 0.5},
               {"spin/serial=0.5,repeat=4", 0.2},
               {"spin", (double)NAN},
               {"cube/first=3", (double)NAN},
               {"spin/serial=half", (double)NAN},
               {"no-such-kernel/serial=0.25", (double)NAN}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
    set(&add(run, 1, "serial", 1, 1)->workload, cases[i].workload);
  run->list[2].repeat = 4; /* the trial's own, whatever its name is */
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

/* A speedup of 1.1 to 1.6 on two workers, of 3.3 to 4.8 on four; between 1.3
 * and 1.4 in the middle, of the logarithms. */
#define MIDDLE sqrt(1.3 * 1.4)

static void fill_scored(struct run *run) {
  run_empty(run);
  for (int i = 1; i <= 6; i++) {
    double serial = 6 + i, times = 1 + 0.1 * i;
    add(run, PILOT, "serial", 1, 2.5);
    add(run, PILOT, "omp:static", 1, 3.125);
    add(run, i, "serial", 1, serial);
    add(run, i, "omp:static", 2, serial / times);
    add(run, i, "omp:static", 4, serial / times / 3);
    add(run, i, "pool:static", 2, serial); /* no pilot: not predicted */
    add(run, i, "copies", 2, serial);
  }
  analyse(run);
}

static void is_log(struct interval residual, double by, double times) {
  near(residual.median, log(MIDDLE * times / by), 1e-9);
  near(residual.low, log(1.1 * times / by), 1e-9);
  near(residual.high, log(1.6 * times / by), 1e-9);
}

/* The law says 1.28 on two and 10 / (12.5 (1/4 + 3/16)) on four. */
static void predictions_are_scored(void **state) {
  struct run *run = *state;
  const double law[] = {1.28, 10 / (12.5 * 0.4375)};
  fill_scored(run);
  is_log(find(run, "omp:static", 2)->program_law_residual, law[0], 1);
  is_log(find(run, "omp:static", 2)->program_one_residual, 1, 1);
  is_log(find(run, "omp:static", 2)->program_ideal_residual, 2, 1);
  is_log(find(run, "omp:static", 4)->program_law_residual, law[1], 3);
  is_log(find(run, "omp:static", 4)->program_ideal_residual, 4, 3);
  const struct result *none[] = {find(run, "serial", 1), find(run, "copies", 2),
                                 find(run, "pool:static", 2)};
  for (size_t i = 0; i < 3; i++)
    assert_true(isnan(none[i]->program_law_residual.median) &&
                isnan(none[i]->program_one_residual.median) &&
                isnan(none[i]->program_ideal_residual.median));
  struct scores scores = score_make(&run->analysis);
  assert_int_equal(scores.points, 2);
  near(scores.law.off, MIDDLE * sqrt(3 / law[0] / law[1]) - 1, 1e-9);
  near(scores.one.off, MIDDLE * sqrt(3) - 1, 1e-9);
  near(scores.ideal.off, sqrt(2 * 3.0 / 4) - 1, 1e-9);
  assert_int_equal(scores.law.held, 1);
  assert_int_equal(scores.one.held, 0);
  assert_int_equal(scores.ideal.held, 1);
}

/* No point is scored that is given no verdict, or shares CPUs. */
static void only_what_is_judged_is_scored(void **state) {
  struct run *run = *state;
  static const char *const spoils[] = {"contended", "throttled", ""};
  for (size_t i = 0; i < 3; i++) {
    fill_scored(run);
    struct analysis *a = &run->analysis;
    for (size_t k = 0; k < a->result_count; k++)
      if (a->results[k].workers == 4) {
        set(&a->results[k].flags, spoils[i]);
        a->results[k].oversubscribed = !*spoils[i];
      }
    assert_int_equal(score_make(a).points, 1);
    near(score_make(a).law.off, MIDDLE / 1.28 - 1, 1e-9);
    a->workloads[0].waits = 1; /* its workers may share them */
    assert_int_equal(score_make(a).points, *spoils[i] ? 1 : 2);
    struct analysis none = *a;
    none.result_count = 0;
    assert_int_equal(score_make(&none).points, 0);
  }
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

static void predictions_are_written_without_nan(void **state) {
  struct run *run = *state;
  char path[] = "/tmp/test_analysis.XXXXXX";
  struct problem problem = {""};
  const uint32_t workers[] = {1, 2};
  const struct prediction_counts counts = {workers, 2, false};
  close(mkstemp(path));
  fill(run, 1);
  add(run, PILOT, "pool:static", 1, 1); /* too few for an interval */
  assert_int_equal(prediction_write(&run->records, &counts, path, &problem), 0);
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
int main(void) {
  const struct CMUnitTest tests[] = {
      IN_RUN(the_serial_fraction_of_a_control_is_known),
      IN_RUN(the_serial_fraction_is_measured),
      IN_RUN(the_law_is_of_the_speedup_against_serial),
      IN_RUN(predictions_are_scored),
      IN_RUN(only_what_is_judged_is_scored),
      IN_RUN(touching_together_is_not_serial),
      IN_RUN(predictions_know_the_pilot_alone),
      IN_RUN(predictions_are_written_without_nan),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
