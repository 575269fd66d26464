/* test_counts_sweep.c: worker counts that share a trial, in a sweep: which of a
 * plan's points do, what that costs, in which order they are asked for, what
 * is asked of a run that was stopped, and that a simulated machine gives the
 * same as trials of their own. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "bench/plan/budget.h"
#include "bench/plan/budget_counts.h"
#include "bench/sweep/engine.h"
#include "bench/sweep/replay.h"
#include "bench/sweep/width.h"
#include "bench/tests/simulated_fixture.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* ---- which points ---------------------------------------------------------
 */

static struct plan plan;

static int make_plan(void **state) {
  static const char *const kernels[] = {"spin", "cube", "latency"};
  static const char *const variants[] = {"serial", "omp:static", "pool:static",
                                         "omp:dynamic", "textbook"};
  static const enum plan_turns turns[] = {TURNS_NONE, TURNS_RESIZED, TURNS_ALL,
                                          TURNS_RESIZED, TURNS_SHARED};
  struct problem problem = {""};
  (void)state;
  plan_free(&plan);
  plan = (struct plan){.usable_cpus = 16,
                       .cores = 16,
                       .blocks = PLAN_BLOCKS,
                       .programs = true,
                       .iterations = 3,
                       .rounds = 9,
                       .counts = {1, 2, 4, 8, 16, 32},
                       .waiting = {1, 2, 4, 8, 16, 32},
                       .count_count = 6,
                       .waiting_count = 6};
  for (size_t i = 0; i < sizeof kernels / sizeof *kernels; i++)
    assert_int_equal(plan_add_workload(&plan, kernels[i], &problem), 0);
  for (size_t i = 0; i < sizeof variants / sizeof *variants; i++) {
    assert_int_equal(plan_add_variant(&plan, variants[i], &problem), 0);
    plan.turns[i] = turns[i];
  }
  for (size_t i = 0; i < plan.workload_count; i++) {
    plan.workloads[i].size = 1000;
    plan.workloads[i].region_s = 1;
    plan.workloads[i].repeat = 1;
  }
  return plan_list_points(&plan, &problem);
}

static int drop_plan(void **state) {
  (void)state;
  plan_free(&plan);
  return 0;
}

static bool is_resized(const struct point *point) {
  return strcmp(point->workload->name, "spin") == 0 &&
         strcmp(point->variant.team, "omp") == 0;
}

/* Points of a round that share a trial with another worker count. */
static uint32_t count_shared(void) {
  struct problem problem = {""};
  uint32_t count = 0;
  assert_int_equal(plan_list_points(&plan, &problem), 0);
  for (size_t i = 0; i < plan.point_count; i++)
    count += plan.points[i].counts > 1;
  return count;
}

/* Both schedules at all worker counts that have CPUs of their own are one
 * unit. */
static void counts_share(void **state) {
  uint32_t unit = 0;
  (void)state;
  for (size_t i = 0; i < plan.result_count; i++) {
    const struct point *point = &plan.points[i];
    bool shared = is_resized(point) && point->workers <= 16;
    assert_int_equal(point->counts > 1, shared);
    if (!shared)
      continue;
    unit = unit ? unit : point->unit;
    assert_int_equal(point->unit, unit);
    assert_int_equal(point->sharers, 10);
    assert_int_equal(point->counts, 5);
    assert_int_equal(point->team_workers, 16);
  }
  assert_int_equal(count_shared(), 10);
}

/* Below so many CPUs, where the size grows with the workers, on slower cores,
 * and what no round has. */
static void some_do_not(void **state) {
  struct problem problem = {""};
  (void)state;
  plan.usable_cpus = 15; /* and 16 workers share them */
  assert_int_equal(count_shared(), 0);
  plan.usable_cpus = 16;
  plan.weak = true;
  assert_int_equal(count_shared(), 0);
  plan.weak = false;
  plan.slower_from = 8;
  assert_int_equal(count_shared(), 6);
  plan.slower_from = 0;
  plan.without_ones = true;
  assert_int_equal(count_shared(), 8);
  plan.without_ones = false;
  plan.programs = false;
  assert_int_equal(count_shared(), 0);
  plan.programs = true;
  assert_int_equal(plan_list_points(&plan, &problem), 0);
}

/* No trial has more points than there may be; the counts of one are
 * neighbours. */
static void units_have_room(void **state) {
  struct problem problem = {""};
  uint32_t units = 0;
  (void)state;
  plan.usable_cpus = 40;
  for (uint32_t i = 0; i < 40; i++)
    plan.counts[i] = i + 1;
  plan.count_count = 40;
  assert_int_equal(plan_list_points(&plan, &problem), 0);
  for (size_t i = 0; i < plan.result_count; i++) {
    const struct point *point = &plan.points[i];
    if (!is_resized(point))
      continue;
    bool most = point->workers > 8;
    assert_int_equal(point->sharers, most ? 64 : 16);
    assert_int_equal(point->counts, most ? 32 : 8);
    assert_int_equal(point->team_workers, most ? 40 : 8);
    units += point->unit == PLAN_WORKLOADS + 1 + i;
  }
  assert_int_equal(units, 2);
}

/* ---- what it costs --------------------------------------------------------
 */

/* Of one serial pair a block: with warm-ups and check 2 + 2 x 2 + 1 regions of
 * a second; each point 2 + 2 x 2 + 1 of its own; and of the whole team the cold
 * one, and one a block where it has grown. */
static void a_shared_trial_costs_one_pair(void **state) {
  double shared_s = 0, alone_s = 0, own_s = 0;
  (void)state;
  for (size_t i = 0; i < plan.result_count; i++) {
    struct point point = plan.points[i];
    if (point.counts < 2)
      continue;
    shared_s += budget_trial_s(&plan, &point);
    own_s += 7 * (point.workers > 1 ? 1.1 : 1) / point.workers;
    point.sharers = point.counts = point.unit = 0;
    alone_s += budget_trial_s(&plan, &point);
  }
  assert_true(fabs(shared_s - (7 + own_s + 3 * 1.1 / 16)) < 0.05);
  assert_true(alone_s > 2.5 * shared_s);
}

/* Processes and kernels that move memory or wait keep one and the most workers;
 * what shares keeps all, read back from the file as well. */
static void a_budget_keeps_what_shares(void **state) {
  char path[] = "/tmp/counts-XXXXXX";
  struct problem problem = {""};
  (void)state;
  assert_true(budget_counts_apart(&plan));
  assert_false(budget_counts_apart(&plan));
  assert_non_null(strstr(plan.notes[0], "one and the most workers alone"));
  assert_int_equal(plan_list_points(&plan, &problem), 0);
  uint32_t kept = 0;
  for (size_t i = 0; i < plan.result_count; i++) {
    const struct point *point = &plan.points[i];
    bool end = point->workers == 1 || point->workers == 32;
    assert_true(end || is_resized(point));
    kept += !end;
  }
  assert_int_equal(kept, 2 * 4);
  int fd = mkstemp(path);
  assert_true(fd >= 0);
  close(fd);
  struct plan *again = calloc(1, sizeof *again);
  plan.stage = STAGE_ROUNDS;
  if (plan_write(&plan, path, &problem) != 0 ||
      plan_read(again, path, &problem) != 0)
    fail_msg("%s", problem.text);
  assert_int_equal(plan_list_points(again, &problem), 0);
  assert_int_equal(again->result_count, plan.result_count);
  assert_true(again->ends_apart && again->all_counts[1] &&
              !again->all_counts[2] && again->workloads[0].all_counts &&
              !again->workloads[1].all_counts);
  plan_free(again);
  free(again);
  unlink(path);
}

/* As many come back as there is room for, and it is said anew. */
static void counts_come_back(void **state) {
  struct problem problem = {""};
  const struct budget_counts all = budget_counts_of(&plan);
  (void)state;
  assert_true(budget_counts_apart(&plan));
  while (budget_fewer_counts(&plan))
    ;
  assert_int_equal(plan.count_count, 2);
  assert_int_equal(plan_list_points(&plan, &problem), 0);
  double few_s = budget_pilot_s(&plan) + 9 * budget_round_s(&plan);
  assert_int_equal(budget_return_counts(&plan, &all, few_s * 1.0001, &problem),
                   0);
  assert_int_equal(plan.count_count, 2);
  assert_int_equal(budget_return_counts(&plan, &all, 1e9, &problem), 0);
  assert_int_equal(plan.count_count, 6);
  assert_string_equal(plan.notes[plan.note_count - 1],
                      "only 6 worker counts, from one to the most");
  assert_int_equal(plan.note_count, 2);
  assert_int_equal(count_shared(), 10);
}

/* ---- how many trials ------------------------------------------------------
 */

/* The most workers, of whom the verdict is, get as many as their width asks
 * for, the others of their trials one number of their own; and what one more
 * takes is part of what the trial that they share took. */
static void each_part_has_its_number(void **state) {
  struct problem problem = {""};
  struct record records[200];
  size_t last[200], points[200];
  uint32_t last_points[200];
  double half_widths[200] = {0}, part_s[2] = {0};
  (void)state;
  assert_true(plan.point_count < 200);
  const struct records all = {.list = records, .count = plan.point_count};
  const struct so_far so_far = {.records = &all,
                                .last = last,
                                .last_points = last_points,
                                .last_count = plan.point_count,
                                .last_round = 9,
                                .round_s = 100};
  size_t first = plan.point_count;
  for (size_t i = 0; i < plan.point_count; i++) {
    const struct point *point = &plan.points[i];
    last[i] = points[i] = i;
    last_points[i] = (uint32_t)i;
    record_clear(&records[i]);
    if (point->counts > 1 && point->workers == 16 && first > i)
      first = i;
    if (point->workers == 16 && is_resized(point))
      half_widths[i] = 0.04;
  }
  records[first].wall_s = 1; /* all others took no time */
  double *cost_s = width_costs(&plan, &so_far, points);
  for (size_t i = 0; i < plan.result_count; i++)
    if (plan.points[i].counts > 1)
      part_s[plan.points[i].workers == 16] += cost_s[i];
  assert_true(part_s[0] > 0 && part_s[0] < 100);
  assert_true(part_s[1] > 0 && part_s[1] < part_s[0]);
  assert_true(part_s[0] + part_s[1] > 100);
  assert_int_equal(width_share(&plan, half_widths, cost_s, &so_far, &problem),
                   0);
  for (size_t i = 0; i < plan.result_count; i++)
    if (plan.points[i].counts > 1)
      assert_int_equal(plan_trials(&plan, i),
                       plan.points[i].workers == 16 ? 20 : 9);
  free(cost_s);
}

/* ---- in which order -------------------------------------------------------
 */

/* The most workers first in every round; those of a count take turns. */
static void the_most_workers_come_first(void **state) {
  struct point points[6];
  uint32_t order[4 * 6 + 1], firsts[6] = {0};
  static const uint32_t workers[] = {1, 2, 4, 1, 2, 4};
  (void)state;
  for (size_t i = 0; i < 6; i++)
    points[i] = (struct point){.workers = workers[i],
                               .unit = 7,
                               .sharers = 6,
                               .counts = 3,
                               .team_workers = 4};
  const struct batch batch = {.points = points, .count = 6, .shuffled = true};
  for (uint32_t round = 1; round <= 8; round++) {
    bool there[6] = {false};
    engine_order(&batch, 7, round, order);
    for (size_t i = 0; i < 6; i++) {
      assert_int_equal(points[order[i]].workers, 4 >> i / 2);
      assert_false(there[order[i]]);
      there[order[i]] = true;
      firsts[order[i]] += i % 2 == 0;
    }
  }
  for (size_t i = 0; i < 6; i++)
    assert_int_equal(firsts[i], 4);
}

/* What a trial was asked for. */
struct asked {
  struct executor base;
  uint32_t trials, points[20], workers[20], fewest[20];
};

static int ask(struct executor *self, const struct trial_request *request,
               struct record *records, struct problem *problem) {
  struct asked *asked = (struct asked *)(void *)self;
  uint32_t n = asked->trials++;
  (void)problem;
  assert_true(n < 20);
  asked->points[n] = 1 + request->also_count;
  asked->workers[n] = request->workers;
  asked->fewest[n] = trial_workers(request, request->also_count);
  assert_true(request->first_cpu < request->workers);
  for (uint32_t i = 0; i <= request->also_count; i++) {
    const struct trial_request point = trial_request_of(request, i);
    char name[NOTATION_LENGTH];
    record_clear(&records[i]);
    notation_format_variant(&point.variant, name);
    records[i].status = strdup("ok");
    records[i].digest = strdup("0123456789abcdef");
    records[i].workload = strdup("spin");
    records[i].requested = strdup(name);
    records[i].variant = strdup(name);
    records[i].workers = point.workers;
    records[i].size = (int64_t)point.size;
    records[i].region_s = 1;
  }
  return 0;
}

static double no_time(struct executor *self) {
  (void)self;
  return 0;
}

/* A run that was stopped has the first few records of a shared trial: those
 * that are missing run together, on a team as large as they need. */
static void the_rest_of_a_trial_runs_together(void **state) {
  static const uint32_t workers[] = {8, 4, 4, 1},
                        need[] = {8, 4, 4, 1}; /* with so many there */
  static const int nowhere[] = {-1};
  struct workload spin;
  struct point points[4];
  struct problem problem = {""};
  (void)state;
  assert_int_equal(workload_parse("spin", &spin, &problem), 0);
  for (size_t i = 0; i < 4; i++)
    points[i] = (struct point){.workload = &spin,
                               .variant = {.team = "omp",
                                           .chunk = i % 2,
                                           .schedule = SCHEDULE_DYNAMIC},
                               .workers = workers[i],
                               .size = 9,
                               .phase = "round",
                               .unit = 7,
                               .sharers = 4,
                               .counts = 3,
                               .team_workers = 8};
  for (uint32_t there = 0; there < 4; there++) {
    struct records records = {.count = 0};
    struct finished finished;
    struct asked asked = {.base = {.run = ask, .now_s = no_time}};
    struct engine engine = {.executor = &asked.base,
                            .fd = -1,
                            .cpus = nowhere,
                            .usable_cpus = 8,
                            .records = &records};
    for (uint32_t i = 0; i < there; i++) {
      struct trial_request one = engine_request(&engine, &points[i]);
      struct record r;
      assert_int_equal(ask(&asked.base, &one, &r, &problem), 0);
      r.phase = strdup("round");
      r.round = 1;
      r.order = 1 + i;
      assert_int_equal(records_add(&records, &r, &problem), 0);
    }
    asked.trials = 0;
    assert_int_equal(finished_make(&records, &finished, &problem), 0);
    engine.finished = &finished;
    engine.ordered = finished.orders;
    const struct batch batch = {
        .points = points, .count = 4, .rounds = 1, .first_round = 1};
    struct planner_once once = planner_once(&batch);
    engine_begin(&engine);
    if (engine_run(&engine, &once.base, &problem) != 0)
      fail_msg("%s", problem.text);
    assert_int_equal(asked.trials, 1);
    assert_int_equal(asked.points[0], 4 - there);
    assert_int_equal(asked.workers[0], need[there]);
    assert_int_equal(asked.fewest[0], 1);
    assert_int_equal(records.count, 4);
    engine.finished = NULL;
    finished_free(&finished);
    engine_free(&engine);
    records_free(&records);
  }
}

/* ---- what it gives --------------------------------------------------------
 */

enum { COUNTS = 5, BOTH = 2 * COUNTS, MOST = 64 };
static struct variant_spec serial, also[BOTH];
static uint32_t counts[BOTH];

/* Two schedules, each on all of the CPUs, a half, a quarter, two and one. */
static struct trial_request order_of(uint32_t cpus) {
  struct problem problem;
  struct trial_request order =
      bed_order(&bed, "omp:static", cpus, (uint64_t)cpus * 4000);
  assert_int_equal(notation_parse_variant("serial", &serial, &problem), 0);
  for (uint32_t i = 0; i < BOTH; i++) {
    const char *name = i % 2 ? "omp:dynamic,50" : "omp:static";
    uint32_t part = i / 2;
    counts[i] = part < 3 ? cpus >> part : 5 - part;
    if (i > 0)
      assert_int_equal(notation_parse_variant(name, &also[i - 1], &problem), 0);
  }
  order.beside = &serial;
  order.blocks = 2;
  order.warmups = 1;
  order.iterations = 0;
  order.also = also;
  order.also_count = BOTH - 1;
  order.counts = counts;
  return order;
}

static void run_order(struct executor *executor,
                      const struct trial_request *order,
                      struct record *records) {
  struct problem problem = {""};
  if (executor->run(executor, order, records, &problem) != 0)
    fail_msg("%s", problem.text);
  for (uint32_t i = 0; i <= order->also_count; i++)
    assert_string_equal(records[i].status, "ok");
}

/* The order of one of its points, by itself. */
static struct trial_request alone_of(const struct trial_request *order,
                                     uint32_t place) {
  struct trial_request one = trial_request_of(order, place);
  one.also_count = one.place = 0;
  one.counts = NULL;
  return one;
}

static uint32_t count_form(const char *turns, char form) {
  uint32_t count = 0;
  for (; *turns; turns++)
    count += *turns == form;
  return count;
}

static void begin_quiet(uint32_t cpus) {
  snprintf(bed.description.topology, sizeof bed.description.topology,
           "core:%u pu:1", cpus);
  bed.description.region_fixed_s = 1e-4;
  bed.description.dispatch_s = 1e-6;
  bed.description.start_per_worker_s = 1e-3;
  bed.description.sigma = 0.01;
  bed.description.clock_drop = 0.2;
  bed_begin(&bed, "spin", 1);
}

/* Without noise: the times, stamps and speedups of trials of their own, in the
 * time of one trial, with one pair of serial's a block. */
static void simulated_on(uint32_t cpus) {
  struct record records[BOTH], alone;
  double apart_s = 0;
  uint32_t serials = 0;
  begin_quiet(cpus);
  const struct trial_request order = order_of(cpus);
  run_order(&bed.executor.base, &order, records);
  assert_int_equal(bed.executor.now_ns, llround(records[0].wall_s * 1e9));
  for (uint32_t i = 0; i < BOTH; i++) {
    const struct trial_request one = alone_of(&order, i);
    const struct record *r = &records[i];
    run_order(&bed.executor.base, &one, &alone);
    assert_int_equal(r->workers, counts[i]);
    assert_int_equal(r->cpus.count, counts[i]);
    assert_true(r->region_s == alone.region_s);
    assert_true(fabs(r->turns_ratio / alone.turns_ratio - 1) < 1e-12);
    assert_int_equal(r->workers_seen, alone.workers_seen);
    assert_int_equal(r->worker_items.count, counts[i]);
    for (uint32_t w = 0; w < counts[i]; w++)
      assert_true(r->worker_busy_s.values[w] == alone.worker_busy_s.values[w]);
    for (size_t c = 0; c < r->turns_clock_hz.count; c++)
      assert_true(r->turns_clock_hz.values[c] ==
                  alone.turns_clock_hz.values[c]);
    assert_int_equal(r->turns_clock_hz.count, 2 * counts[i]);
    assert_int_equal(count_form(r->turns, 'S'), 4);
    assert_int_equal(count_form(r->turns, 'P'), 4);
    assert_int_equal(count_form(r->turns, 'p'), i < 2 ? 3 : 2);
    assert_true(r->turns_s.values[4] == records[0].turns_s.values[4]);
    serials += count_form(alone.turns, 'S') + count_form(alone.turns, 's');
    apart_s += alone.wall_s;
    record_free(&alone);
  }
  assert_int_equal(serials, BOTH * 6); /* and six together */
  assert_true(records[0].wall_s < 0.5 * apart_s);
  for (uint32_t i = 0; i < BOTH; i++)
    record_free(&records[i]);
}

static void sixteen_simulated_cpus(void **state) {
  (void)state;
  simulated_on(16);
}

static void sixty_four_simulated_cpus(void **state) {
  (void)state;
  simulated_on(64);
}

/* The region right after a growth is a cold one there, too, and is in the
 * record; the next is not. */
static void growth_shows(void **state) {
  struct record records[BOTH];
  (void)state;
  begin_quiet(16);
  const struct trial_request order = order_of(16);
  run_order(&bed.executor.base, &order, records);
  assert_string_equal(records[0].turns, "sspp|SpPPcS|SPPcS|");
  assert_string_equal(records[1].turns, "sspp|SPPcS|SpPPcS|");
  assert_true(fabs(records[0].turns_s.values[5] - records[0].turns_s.values[6] -
                   1e-3) < 1e-9);
  assert_true(records[0].turns_s.values[6] == records[0].turns_s.values[7]);
  for (uint32_t i = 0; i < BOTH; i++)
    record_free(&records[i]);
}

/* Where each CPU is slow by itself at times: at every count the mean of the
 * speedups' logarithms is that of trials of their own, to 3.5 standard errors
 * of their difference, and no farther off than 4%. */
static void there_is_no_bias(void **state) {
  enum { TRIALS = 150 };
  double sums[2][BOTH] = {{0}}, squares[2][BOTH] = {{0}};
  struct record records[BOTH];
  (void)state;
  bed.description.state_share = 0.35;
  bed.description.jitter = bed.description.region_jitter = 0.005;
  begin_quiet(16);
  struct trial_request order = order_of(16);
  for (uint32_t trial = 0; trial < TRIALS; trial++) {
    order.first_cpu = trial % 16;
    run_order(&bed.executor.base, &order, records);
    for (uint32_t i = 0; i < BOTH; i++) {
      struct trial_request one = alone_of(&order, i);
      struct record alone;
      one.first_cpu = trial % counts[i];
      run_order(&bed.executor.base, &one, &alone);
      const double values[] = {log(records[i].turns_ratio),
                               log(alone.turns_ratio)};
      for (size_t k = 0; k < 2; k++) {
        sums[k][i] += values[k];
        squares[k][i] += values[k] * values[k];
      }
      record_free(&alone);
      record_free(&records[i]);
    }
  }
  for (uint32_t i = 0; i < BOTH; i++) {
    double mean[2], variance = 0;
    for (size_t k = 0; k < 2; k++) {
      mean[k] = sums[k][i] / TRIALS;
      variance += (squares[k][i] / TRIALS - mean[k] * mean[k]) / TRIALS;
    }
    double apart = fabs(mean[0] - mean[1]);
    if (!(apart < 3.5 * sqrt(variance)) || !(apart < 0.04))
      fail_msg("%u workers: %g and %g, standard error %g", counts[i], mean[0],
               mean[1], sqrt(variance));
  }
}

/* Recorded together, or one by one. */
static void a_replay_gives_what_was(void **state) {
  struct record list[BOTH], again[BOTH];
  struct records records = {.list = list, .count = BOTH};
  struct executor_replay replay;
  struct problem problem = {""};
  (void)state;
  begin_quiet(16);
  const struct trial_request order = order_of(16);
  run_order(&bed.executor.base, &order, list);
  assert_int_equal(executor_replay_init(&replay, &records, "a", &problem), 0);
  run_order(&replay.base, &order, again);
  assert_true(fabs(replay.base.now_s(&replay.base) - list[0].wall_s) < 1e-9);
  for (uint32_t i = 0; i < BOTH; i++) {
    assert_int_equal(again[i].workers, counts[i]);
    assert_true(again[i].turns_ratio == list[i].turns_ratio);
    record_free(&again[i]);
    record_free(&list[i]);
  }
  executor_replay_free(&replay);
}

#define OF_PLAN(test)                                                          \
  cmocka_unit_test_setup_teardown(test, make_plan, drop_plan)

int main(void) {
  const struct CMUnitTest tests[] = {
      OF_PLAN(counts_share),
      OF_PLAN(some_do_not),
      OF_PLAN(units_have_room),
      OF_PLAN(a_shared_trial_costs_one_pair),
      OF_PLAN(a_budget_keeps_what_shares),
      OF_PLAN(counts_come_back),
      OF_PLAN(each_part_has_its_number),
      cmocka_unit_test(the_most_workers_come_first),
      cmocka_unit_test(the_rest_of_a_trial_runs_together),
      ON_MACHINE(sixteen_simulated_cpus),
      ON_MACHINE(sixty_four_simulated_cpus),
      ON_MACHINE(growth_shows),
      ON_MACHINE(there_is_no_bias),
      ON_MACHINE(a_replay_gives_what_was),
  };
  return cmocka_run_group_tests_name("worker counts in a sweep", tests, NULL,
                                     NULL);
}
