/* test_breakdown.c: what is lost comes back in its own term, of regions and of
 * programs, and all adds up. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "bench/analyze/breakdown_json.h"
#include "bench/tests/breakdown_fixture.h"

#include <stdio.h>
#include <unistd.h>

static const char work[] = "cube/first=3";

/* Of each term another loss: powers of two are exact. */
static const struct lost all_lost = {.one_s = 8,
                                     .start_s = 0.25,
                                     .dispatch_s = 0.125,
                                     .send_s = 0.0625,
                                     .few_s = 0.5,
                                     .join_s = 0.03125,
                                     .off_cpu_s = 0.75,
                                     .work_s = 1,
                                     .late_start_s = 0.015625,
                                     .late_dispatch_s = 2,
                                     .late_send_s = -0.03125,
                                     .late_off_cpu_s = 0.375,
                                     .uneven_s = 1.5};

static double share_sum(const struct breakdown *b) {
  double sum = 0;
  for (int t = 0; t < TERMS; t++)
    sum += isnan(b->share[t].median) ? 0 : b->share[t].median;
  return sum;
}

static void is_term(const struct breakdown *b, enum term term, double core_s,
                    double total_s) {
  near_to(b->core_s[term].median, core_s);
  near_to(b->core_s[term].low, core_s); /* all trials are alike */
  near_to(b->core_s[term].high, core_s);
  near_to(b->share[term].median, core_s / total_s);
}

static void is_untold(const struct breakdown *b, enum term term) {
  assert_true(isnan(b->core_s[term].median));
  assert_true(isnan(b->share[term].median));
}

static void is_lost(const struct breakdown *b, const struct lost *l) {
  double total_s = lost_total_s(l);
  assert_true(b->told);
  is_term(b, TERM_USEFUL, l->one_s, total_s);
  is_term(b, TERM_START, l->start_s + l->late_start_s, total_s);
  is_term(b, TERM_DISPATCH, l->dispatch_s + l->late_dispatch_s, total_s);
  is_term(b, TERM_SENDING, l->send_s + l->late_send_s, total_s);
  is_term(b, TERM_FEW, l->few_s, total_s);
  is_term(b, TERM_JOIN, l->join_s, total_s);
  is_term(b, TERM_WAITING, l->off_cpu_s + l->late_off_cpu_s, total_s);
  is_term(b, TERM_IMBALANCE, l->uneven_s, total_s);
  is_term(b, TERM_WORK, l->work_s, total_s);
  near_to(share_sum(b), 1);
}

static void region_terms_come_back(void **state) {
  struct run *run = *state;
  run_empty(run);
  lost_regions(run, work, "omp:static", 4, &all_lost, 1);
  run_analyse(run, NULL);
  const struct result *r = run_find(run, work, "omp:static", 4);
  is_lost(&r->region_breakdown, &all_lost);
  assert_int_equal(r->region_breakdown.trials, LOST_ROUNDS);
  is_term(&r->region_breakdown, TERM_SLOWER, 0, 1);
  is_untold(&r->region_breakdown, TERM_THROWN); /* no search */
  is_untold(&r->region_breakdown, TERM_SERIAL);
  is_untold(&r->region_breakdown, TERM_MORE_CPU);
  assert_false(r->breakdown.told); /* no program was run */
  assert_false(run_find(run, work, "serial", 1)->region_breakdown.told);
}

/* A credit is one: more cache than serial had. */
static void credits_are_not_clipped(void **state) {
  struct run *run = *state;
  struct lost credit = {.one_s = 8, .work_s = -2, .join_s = 1};
  run_empty(run);
  lost_regions(run, work, "omp:static", 2, &credit, 1);
  run_analyse(run, NULL);
  is_lost(&run_find(run, work, "omp:static", 2)->region_breakdown, &credit);
}

/* Without CPU times, what was on no CPU is longer work, and uneven work. */
static void cpu_times_may_be_untold(void **state) {
  struct run *run = *state;
  run_empty(run);
  lost_regions(run, work, "omp:static", 4, &all_lost, 1);
  run->list[3].sums.off_cpu_s = (double)NAN; /* of one trial alone */
  run->list[3].sums.late_off_cpu_s = (double)NAN;
  run_analyse(run, NULL);
  const struct breakdown *b =
      &run_find(run, work, "omp:static", 4)->region_breakdown;
  double total_s = lost_total_s(&all_lost);
  assert_int_equal(b->trials, LOST_ROUNDS);
  is_untold(b, TERM_WAITING);
  is_term(b, TERM_WORK, all_lost.work_s + all_lost.off_cpu_s, total_s);
  is_term(b, TERM_IMBALANCE, all_lost.uneven_s + all_lost.late_off_cpu_s,
          total_s);
  near_to(share_sum(b), 1);
}

/* What serial waited for a CPU is in what it took, and no loss. */
static void serials_waiting_is_no_loss(void **state) {
  struct run *run = *state;
  run_empty(run);
  lost_regions(run, work, "omp:static", 4, &all_lost, 1);
  for (size_t i = 0; i < run->records.count; i += 2)
    run->list[i].sums.off_cpu_s = 0.5 * LOST_REGIONS;
  run_analyse(run, NULL);
  const struct breakdown *b =
      &run_find(run, work, "omp:static", 4)->region_breakdown;
  double total_s = lost_total_s(&all_lost);
  is_term(b, TERM_WAITING, 0.75 + 0.375 - 0.5, total_s);
  is_term(b, TERM_WORK, 1 + 0.5, total_s);
  near_to(share_sum(b), 1);
}

/* Scaling all times leaves the shares. */
static void scaled_times_leave_shares(void **state) {
  struct run *run = *state;
  run_empty(run);
  lost_regions(run, work, "omp:static", 4, &all_lost, 1);
  run_analyse(run, NULL);
  const struct breakdown before =
      run_find(run, work, "omp:static", 4)->region_breakdown;
  run_empty(run);
  lost_regions(run, work, "omp:static", 4, &all_lost, 0.001);
  run_analyse(run, NULL);
  const struct breakdown *after =
      &run_find(run, work, "omp:static", 4)->region_breakdown;
  for (int t = 0; t < TERMS; t++) {
    if (isnan(before.share[t].median)) {
      is_untold(after, (enum term)t);
      continue;
    }
    near_to(after->share[t].median, before.share[t].median);
    near_to(after->core_s[t].median, 0.001 * before.core_s[t].median);
  }
}

/* Serial in turns with the team's own regions is what is useful; where its
 * blocks on the CPU of the last one take longer, that one was slower. */
static void turns_tell_who_was_slower(void **state) {
  struct run *run = *state;
  struct lost late = {.one_s = 8, .uneven_s = 1};
  static const double one_s[] = {7.5, 8.5};      /* on CPUs 0 and 1 */
  static const size_t serials[] = {2, 6, 7, 11}; /* places of S */
  run_empty(run);
  lost_regions(run, work, "omp:static", 2, &late, 1);
  for (size_t i = 1; i < run->records.count; i += 2) {
    struct record *r = &run->list[i];
    r->beside = strdup("serial");
    r->turns = strdup("sp|SPPcS|SPPcS|");
    r->turns_s = numbers_of(12, 4.5);
    r->turns_cpu = numbers_of(12, (double)NAN);
    for (size_t k = 0; k < 4; k++) {
      r->turns_s.values[serials[k]] = one_s[k % 2];
      r->turns_cpu.values[serials[k]] = (double)(k % 2);
    }
    r->turns_ratio = 8 / 4.5;
    r->cpus = numbers_of(2, 0);
    r->cpus.values[1] = 1;
    r->worker_busy_s = numbers_of(2, 3.75);
    r->worker_busy_s.values[1] = 4.75;
    r->worker_end_s = numbers_of(2, 3.75);
    r->worker_end_s.values[1] = 4.75;
  }
  run_analyse(run, NULL);
  const struct breakdown *b =
      &run_find(run, work, "omp:static", 2)->region_breakdown;
  /* One is 8.5/7.5 of the other: half a second of 3.75; it was late by 1. */
  is_term(b, TERM_USEFUL, 8, 9);
  is_term(b, TERM_SLOWER, 0.5, 9);
  is_term(b, TERM_IMBALANCE, 0.5, 9);
  near_to(share_sum(b), 1);
}

/* A neighbour on CPU 0 takes half of it: serial, 6 s of work, takes 12 s there
 * and 6 s on the other, and its own trial stays on CPU 0.  The worker there
 * waits for 3 s, and the other one for it. */
static void serial_in_turns_waits_on_one_cpu(void **state) {
  struct run *run = *state;
  struct lost l = {.one_s = 6, .off_cpu_s = 3, .late_off_cpu_s = 3};
  static const size_t serials[] = {2, 6, 7, 11};
  run_empty(run);
  lost_regions(run, work, "omp:static", 2, &l, 1);
  for (size_t i = 0; i < run->records.count; i++) {
    struct record *r = &run->list[i];
    if (i % 2 == 0) {
      r->region_s = 12;
      for (size_t k = 0; k < r->regions_s.count; k++)
        r->regions_s.values[k] = 12;
      r->sums.region_s = r->sums.busy_s = 12.0 * LOST_REGIONS;
      r->sums.off_cpu_s = 6.0 * LOST_REGIONS;
      continue;
    }
    r->beside = strdup("serial");
    r->turns = strdup("sp|SPPcS|SPPcS|");
    r->turns_s = numbers_of(12, 6);
    r->turns_cpu = numbers_of(12, (double)NAN);
    for (size_t k = 0; k < 4; k++) {
      r->turns_s.values[serials[k]] = k % 2 ? 6 : 12;
      r->turns_cpu.values[serials[k]] = (double)(k % 2);
    }
    r->turns_ratio = 1.5;
  }
  run_analyse(run, NULL);
  const struct breakdown *b =
      &run_find(run, work, "omp:static", 2)->region_breakdown;
  is_term(b, TERM_USEFUL, 9, 12);
  is_term(b, TERM_WAITING, 3, 12);
  is_term(b, TERM_WORK, 0, 12);
  near_to(share_sum(b), 1);
}

/* Items past the hit are out of what took longer, as far as that goes. */
static void items_past_a_hit_are_thrown_away(void **state) {
  static const char search[] = "adler32/mode=first,zeros=5";
  struct run *run = *state;
  struct lost past = {.one_s = 4, .work_s = 3, .skipped_items = 600};
  run_empty(run);
  lost_regions(run, search, "omp:dynamic", 2, &past, 1);
  for (size_t i = 0; i < run->records.count; i++)
    run->list[i].lowest_hit = 199; /* of 400 done, 200 were needed */
  run_analyse(run, NULL);
  const struct breakdown *b =
      &run_find(run, search, "omp:dynamic", 2)->region_breakdown;
  is_term(b, TERM_THROWN, 3, 7); /* 200 / 200 x 4 s would be more */
  is_term(b, TERM_WORK, 0, 7);
  for (size_t i = 0; i < run->records.count; i++)
    run->list[i].lowest_hit = 319; /* 80 / 320 x 4 s */
  run_analyse(run, NULL);
  b = &run_find(run, search, "omp:dynamic", 2)->region_breakdown;
  is_term(b, TERM_THROWN, 1, 7);
  is_term(b, TERM_WORK, 2, 7);
  near_to(share_sum(b), 1);
}

/* Who counts all hits throws none away. */
static void counting_throws_nothing_away(void **state) {
  static const char all[] = "adler32/zeros=5";
  struct run *run = *state;
  struct lost longer = {.one_s = 4, .work_s = 3};
  run_empty(run);
  lost_regions(run, all, "omp:dynamic", 2, &longer, 1);
  for (size_t i = 0; i < run->records.count; i++)
    run->list[i].lowest_hit = 319;
  run_analyse(run, NULL);
  is_untold(&run_find(run, all, "omp:dynamic", 2)->region_breakdown,
            TERM_THROWN);
}

/* Sums that contradict themselves, and runs of before there were any. */
static void what_does_not_add_up_is_untold(void **state) {
  struct run *run = *state;
  run_empty(run);
  lost_regions(run, work, "omp:static", 4, &all_lost, 1);
  for (size_t i = 1; i < run->records.count; i += 2)
    run->list[i].sums.join_s += 1;
  run_analyse(run, NULL);
  assert_false(run_find(run, work, "omp:static", 4)->region_breakdown.told);
  for (size_t i = 1; i < run->records.count; i += 2)
    run->list[i].sums.regions = FIELD_NULL;
  run_analyse(run, NULL);
  assert_false(run_find(run, work, "omp:static", 4)->region_breakdown.told);
}

/* ---- programs ------------------------------------------------------------ */

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
      IN_RUN(region_terms_come_back),
      IN_RUN(credits_are_not_clipped),
      IN_RUN(cpu_times_may_be_untold),
      IN_RUN(serials_waiting_is_no_loss),
      IN_RUN(scaled_times_leave_shares),
      IN_RUN(turns_tell_who_was_slower),
      IN_RUN(serial_in_turns_waits_on_one_cpu),
      IN_RUN(items_past_a_hit_are_thrown_away),
      IN_RUN(counting_throws_nothing_away),
      IN_RUN(what_does_not_add_up_is_untold),
      IN_RUN(program_terms_come_back),
      IN_RUN(touching_by_workers_is_work),
      IN_RUN(programs_are_seen_from_outside),
      IN_RUN(files_hold_them),
      cmocka_unit_test(edited_terms_are_refused),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
