/* test_resume.c: a sweep that stops after any number of trials and goes on ends
 * up as one that never stopped, on an executor that is made up.  And: records
 * of older programs stay readable. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "bench/sweep/sweep.h"
#include "bench/tests/asked_fixture.h"

#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Takes a time that follows from what is run; stops as if it were killed, and
 * fails, when it is told to.  A trial's number counts from 1. */
struct made_up {
  struct executor base;
  uint32_t run;
  uint32_t stop_after; /* 0: never */
  uint32_t fail_at;    /* 0: never */
  double clock_s;
};

static int run(struct executor *self, const struct trial_request *order,
               struct record *record, struct problem *problem) {
  struct made_up *m = (struct made_up *)(void *)self;
  record_clear(record);
  if (m->stop_after && m->run >= m->stop_after)
    return problem_failure(problem, "stopped");
  m->run++;
  bool fails = m->fail_at == m->run;
  asked_record(order, fails ? "failed" : "ok", record);
  record->schema = RECORD_SCHEMA;
  record->error = fails ? strdup("by order") : NULL;
  if (fails)
    return PROBLEM_NONE;
  assert_true(asprintf(&record->digest, "%016x", (unsigned)order->size) > 0);
  /* The result must be the one that was verified, or verified anew. */
  if (*order->expect)
    assert_string_equal(order->expect, record->digest);
  record->correct = 1;
  record->sum = 0;
  record->count = *order->expect ? 0 : 1; /* seen in the file */
  record->region_s = record->region_first_s =
      1e-6 * (double)order->size / order->workers;
  record->setup_s = record->region_s;
  record->start_s = record->touch_s = record->finish_s = record->close_s = 0;
  record->program_s = record->setup_s + record->region_first_s;
  record->regions_s = (struct numbers){malloc(sizeof(double)), 1};
  assert_non_null(record->regions_s.values);
  *record->regions_s.values = record->region_s;
  record->workers_seen = order->workers;
  record->wall_s = record->region_s * 3 + 0.001;
  m->clock_s += record->wall_s;
  return PROBLEM_NONE;
}

static double now_s(struct executor *self) {
  return ((struct made_up *)(void *)self)->clock_s;
}

struct fixture {
  char path[40];
  bool weak, retry;
  uint32_t bad, fresh, retried; /* of the last sweep */
  char error[sizeof((struct problem *)NULL)->text];
};

static void make_plan(struct plan *plan, bool weak) {
  struct problem problem = {""};
  plan->counts[0] = plan->waiting[0] = 1;
  plan->counts[1] = plan->waiting[1] = 2;
  plan->count_count = plan->waiting_count = 2;
  plan->usable_cpus = plan->cores = 2;
  plan->weak = weak;
  plan->seed = 5;
  plan->target_s = 0.002;
  plan->rounds = 3;
  plan->iterations = 1;
  plan->programs = true;
  assert_int_equal(plan_add_workload(plan, "spin", &problem), 0);
  assert_int_equal(plan_add_workload(plan, "clock", &problem), 0); /* a probe */
  assert_int_equal(plan_add_variant(plan, "serial", &problem), 0);
  assert_int_equal(plan_add_variant(plan, "omp:static", &problem), 0);
  assert_int_equal(plan_add_probes(plan, &problem), 0);
  assert_int_equal(plan_list_points(plan, &problem), 0);
}

/* Begins a sweep, or goes on with the file's.  Whether it came to its end. */
static bool sweep(struct fixture *f, uint32_t stop_after, uint32_t fail_at) {
  static int cpus[2] = {-1, -1};
  struct plan plan = {0};
  struct problem problem = {""};
  struct records records;
  struct finished finished;
  const struct sweep_hooks hooks = {.context = NULL};
  struct made_up executor = {.base = {.run = run, .now_s = now_s},
                             .stop_after = stop_after,
                             .fail_at = fail_at};
  make_plan(&plan, f->weak);
  assert_int_equal(records_read(f->path, &records, &problem), 0);
  assert_int_equal(finished_make(&records, &finished, &problem), 0);
  struct sweep s = sweep_make(&plan, &hooks);
  struct engine e = {.executor = &executor.base,
                     .path = f->path,
                     .fd = open(f->path, O_WRONLY | O_APPEND),
                     .cpus = cpus,
                     .usable_cpus = plan.usable_cpus,
                     .seed = plan.seed,
                     .records = &records,
                     .finished = &finished,
                     .retry = f->retry,
                     .ordered = finished.orders};
  assert_true(e.fd >= 0);
  engine_begin(&e);
  bool ended = engine_run(&e, &s.base, &problem) == 0;
  f->bad = e.bad;
  f->fresh = e.fresh;
  f->retried = e.retried;
  snprintf(f->error, sizeof f->error, "%s", problem.text);
  assert_int_equal(e.fresh, executor.run);
  close(e.fd);
  engine_free(&e);
  sweep_free(&s);
  finished_free(&finished);
  records_free(&records);
  assert_true(plan.rounds_done <= plan.rounds); /* or nothing reads it again */
  plan_free(&plan);
  return ended;
}

static char *text_of(const char *path) {
  FILE *file = fopen(path, "r");
  char *text = NULL;
  size_t length = 0;
  assert_non_null(file);
  if (getdelim(&text, &length, '\0', file) < 0)
    text[0] = '\0';
  fclose(file);
  return text;
}

static uint32_t lines(const char *text) {
  uint32_t count = 0;
  for (; *text; text++)
    count += *text == '\n';
  return count;
}

static int begin(void **state) {
  struct fixture *f = calloc(1, sizeof *f);
  *state = f;
  if (!f)
    return -1;
  strcpy(f->path, "/tmp/test_resume.XXXXXX");
  int fd = mkstemp(f->path);
  return fd < 0 ? -1 : close(fd);
}

static int end(void **state) {
  struct fixture *f = *state;
  unlink(f->path);
  free(f);
  return 0;
}

/* The file of a sweep that never stopped; to be released with free. */
static char *uninterrupted(struct fixture *f, uint32_t *trials) {
  assert_int_equal(truncate(f->path, 0), 0);
  assert_true(sweep(f, 0, 0));
  *trials = f->fresh;
  char *text = text_of(f->path);
  assert_int_equal(lines(text), *trials);
  return text;
}

/* The lines of a phase and a setting whose trial was asked to verify in full,
 * as `run` above notes it. */
static uint32_t verified(const char *text, const char *phase,
                         const char *setting) {
  uint32_t count = 0;
  char wanted_phase[40], wanted_setting[40];
  snprintf(wanted_phase, sizeof wanted_phase, "\"phase\":\"%s\"", phase);
  snprintf(wanted_setting, sizeof wanted_setting, "\"%s\",\"params\"", setting);
  for (const char *end; (end = strchr(text, '\n')); text = end + 1) {
    char *line = strndup(text, (size_t)(end - text));
    assert_non_null(line);
    count += strstr(line, wanted_phase) && strstr(line, wanted_setting) &&
             strstr(line, "\"count\":1,");
    free(line);
  }
  return count;
}

/* Once in the pilot for each setting, and never in the rounds. */
static void the_pilot_verifies_once(void **state) {
  struct fixture *f = *state;
  uint32_t trials;
  f->weak = false;
  char *text = uninterrupted(f, &trials);
  assert_int_equal(verified(text, "pilot", "spin"), 1);
  assert_int_equal(verified(text, "pilot", "clock"), 1);
  assert_int_equal(verified(text, "round", "spin"), 0);
  assert_int_equal(verified(text, "round", "clock"), 0);
  assert_true(verified(text, "calibration", "spin") >= 1);
  free(text);
}

/* Stopped after every so many trials: each one, each second, ... all. */
static void stops_leave_no_trace(struct fixture *f, bool weak) {
  uint32_t trials;
  f->weak = weak;
  char *whole = uninterrupted(f, &trials);
  assert_true(trials > 60);
  for (uint32_t step = 1; step <= trials; step++) {
    assert_int_equal(truncate(f->path, 0), 0);
    uint32_t fresh = 0, lives = 1;
    for (; !sweep(f, step, 0); lives++)
      fresh += f->fresh;
    /* A sweep that has all of its trials does not ask for another. */
    assert_int_equal(lives, (trials + step - 1) / step);
    assert_int_equal(fresh + f->fresh, trials);
    char *text = text_of(f->path);
    assert_string_equal(text, whole);
    free(text);
  }
  free(whole);
}

static void strong_sweeps_go_on(void **state) {
  stops_leave_no_trace(*state, false);
}

static void weak_sweeps_go_on(void **state) {
  stops_leave_no_trace(*state, true);
}

/* Calibration and pilot try a failed trial again, once; both stay recorded. */
static void failures_before_the_rounds_are_tried_again(void **state) {
  struct fixture *f = *state;
  uint32_t trials;
  char *whole = uninterrupted(f, &trials);
  uint32_t rounds_begin = 0;
  char *round = strstr(whole, "\"round\":1,");
  for (const char *c = whole; c < round; c++)
    rounds_begin += *c == '\n';
  free(whole);
  for (uint32_t at = 1; at <= rounds_begin; at++) {
    assert_int_equal(truncate(f->path, 0), 0);
    assert_false(sweep(f, 0, at));
    assert_int_equal(f->fresh, at);
    assert_non_null(strstr(f->error, "by order"));
    assert_true(sweep(f, 0, 0));
    assert_int_equal(f->bad, 0);
    assert_int_equal(f->fresh, trials - at + 1);
  }
}

/* A round's failed trial is its result: it stays, and is counted again. */
static void failures_in_rounds_stay(void **state) {
  struct fixture *f = *state;
  uint32_t trials;
  free(uninterrupted(f, &trials));
  for (uint32_t before = 5; before <= 20; before += 5) {
    assert_int_equal(truncate(f->path, 0), 0);
    assert_true(sweep(f, 0, trials - before));
    assert_int_equal(f->bad, 1);
    assert_true(sweep(f, 0, 0));
    assert_int_equal(f->fresh, 0);
    assert_int_equal(f->bad, 1);
  }
}

/* Unless it is asked for: then another round stands in for its own, once, and
 * what failed stays recorded. */
static void failures_in_rounds_are_made_up_for(void **state) {
  struct fixture *f = *state;
  uint32_t trials;
  char *whole = uninterrupted(f, &trials);
  uint32_t in_round = 0;
  for (const char *at = whole; (at = strstr(at, "\"round\":3,")); at++)
    in_round++;
  free(whole);
  for (uint32_t before = 0; before < 3 * in_round; before++) {
    assert_int_equal(truncate(f->path, 0), 0);
    assert_true(sweep(f, 0, trials - before));
    assert_int_equal(f->bad, 1);
    f->retry = true;
    assert_true(sweep(f, 0, 0));
    assert_int_equal(f->fresh, in_round);
    assert_int_equal(f->bad, 0);
    assert_int_equal(f->retried, 1);
    char *text = text_of(f->path);
    assert_int_equal(lines(text), trials + in_round);
    assert_non_null(strstr(text, "by order"));
    assert_non_null(strstr(text, "\"round\":4,"));
    free(text);
    assert_true(sweep(f, 0, 0));
    assert_int_equal(f->fresh, 0);
    assert_int_equal(f->bad, 0);
    f->retry = false;
    assert_true(sweep(f, 0, 0));
    assert_int_equal(f->fresh, 0);
    assert_int_equal(f->bad, 1);
  }
}

/* What was used before counts. */
static void time_goes_on(void **state) {
  struct fixture *f = *state;
  struct problem problem = {""};
  struct records records;
  struct finished finished;
  struct made_up executor = {.base = {.run = run, .now_s = now_s},
                             .clock_s = 1000};
  uint32_t trials;
  double sum_s = 0;
  free(uninterrupted(f, &trials));
  assert_int_equal(records_read(f->path, &records, &problem), 0);
  for (size_t i = 0; i < records.count; i++)
    sum_s += records.list[i].wall_s;
  assert_int_equal(finished_make(&records, &finished, &problem), 0);
  struct engine e = {
      .executor = &executor.base, .begin_s = 990, .finished = &finished};
  assert_true(fabs(engine_elapsed_s(&e) - (sum_s + 10)) < 1e-9);
  e.finished = NULL;
  assert_true(engine_elapsed_s(&e) == 10);
  finished_free(&finished);
  records_free(&records);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void) {
  const struct CMUnitTest tests[] = {
      TEST(the_pilot_verifies_once),
      TEST(strong_sweeps_go_on),
      TEST(weak_sweeps_go_on),
      TEST(failures_before_the_rounds_are_tried_again),
      TEST(failures_in_rounds_stay),
      TEST(failures_in_rounds_are_made_up_for),
      TEST(time_goes_on),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
