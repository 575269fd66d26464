/* test_simulated_terms.c: sweeps on machines of which it is known what every
 * nanosecond went to: each term of the breakdown is that, of regions and of
 * programs, of threads and of processes, up to 256 workers. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "bench/tests/simulated_sweep_fixture.h"

enum { MOST = 256, ITEMS = 128000, REPEAT = 3, ITEM_NS = 1000, ROUNDS = 1 };

/* What is injected, in ns; primes, so that no two sums are alike. */
enum {
  START_NS = 2003,
  SEND_NS = 3011,
  OFF_NS = 11003,
  JOIN_NS = 7001,
  FORK_NS = 2011,
  OPEN_NS = 50021,
  OPEN_EACH_NS = 1009,
  CLOSE_NS = 30011
};
/* Not round: what ends in half a nanosecond is rounded either way. */
static const double skew = 0.0503717, sigma = 0.00101371, set_up = 0.05,
                    finish = 0.1;

/* A team as the terms feel it. */
struct team {
  const char *variant;
  bool sends, forks, pools; /* in each region; as it starts */
};

/* ---- what must be -------------------------------------------------------- */

/* In ns; of one region, and of all of the program. */
struct terms {
  int64_t of[TERMS], total;
};

/* Of worker w: its share of the items, and how long it takes. */
static int64_t work_ns(int64_t w, int64_t p) {
  int64_t items = ITEMS * (w + 1) / p - ITEMS * w / p;
  double lean = p < 2 ? 0 : 2.0 * (double)w / (double)(p - 1) - 1;
  return llround((double)(items * ITEM_NS) * (1 + sigma * (double)(p - 1)) *
                 (1 + skew * lean));
}

/* By their definitions: what the last one to leave had more of than the others
 * is what those waited for, each. */
static struct terms region_terms(const struct team *team, int64_t p) {
  struct terms t = {.total = 0};
  int64_t each_ns = START_NS + (team->forks ? FORK_NS : 0);
  int64_t send_ns = team->sends ? SEND_NS : 0;
  int64_t last = 0, last_ns = 0, busy_ns = 0, others_ns = 0;
  for (int64_t w = 0; w < p; w++) {
    int64_t leave_ns = w * each_ns + work_ns(w, p) + OFF_NS + send_ns;
    busy_ns += work_ns(w, p);
    if (leave_ns < last_ns)
      continue;
    last_ns = leave_ns;
    last = w;
  }
  for (int64_t w = 0; w < p; w++) {
    t.of[TERM_START] += w * each_ns + (last - w) * each_ns;
    t.of[TERM_SENDING] += send_ns;
    others_ns += w == last ? 0 : work_ns(last, p) - work_ns(w, p);
  }
  t.of[TERM_USEFUL] = ITEMS * (int64_t)ITEM_NS + OFF_NS;
  t.of[TERM_IMBALANCE] = others_ns;
  t.of[TERM_WAITING] = (p - 1) * OFF_NS;
  t.of[TERM_WORK] = busy_ns - ITEMS * (int64_t)ITEM_NS;
  t.of[TERM_JOIN] = p * JOIN_NS;
  t.total = p * (last_ns + JOIN_NS);
  return t;
}

static int64_t share_ns(double share) {
  return llround(share / (1 - share) * ITEMS * ITEM_NS);
}

static struct terms program_terms(const struct team *team, int64_t p) {
  struct terms t = region_terms(team, p);
  int64_t open_ns = OPEN_NS + p * (OPEN_EACH_NS + (team->pools ? FORK_NS : 0));
  int64_t close_ns = team->forks ? 0 : CLOSE_NS;
  int64_t one_ns = share_ns(set_up) + share_ns(finish);
  for (int i = 0; i < TERMS; i++)
    t.of[i] *= REPEAT;
  t.of[TERM_USEFUL] += one_ns;
  t.of[TERM_SERIAL] = (p - 1) * (one_ns + open_ns + close_ns);
  t.of[TERM_INFLATED] = open_ns + close_ns;
  t.total = t.total * REPEAT + p * (one_ns + open_ns + close_ns);
  return t;
}

/* How long workers of a region are idle, as TALP tells it: beyond the one that
 * is idle least; and all of them as long as that one. */
struct idle {
  int64_t balance_ns, scheduling_ns;
};

static struct idle idle_in_region(int64_t region_ns, int64_t p) {
  int64_t least_ns = INT64_MAX, all_ns = 0;
  for (int64_t w = 0; w < p; w++) {
    int64_t idle_ns = region_ns - work_ns(w, p) - OFF_NS;
    all_ns += idle_ns;
    least_ns = idle_ns < least_ns ? idle_ns : least_ns;
  }
  return (struct idle){all_ns - p * least_ns, p * least_ns};
}

/* ---- what is ------------------------------------------------------------- */

static void is_share(const struct interval *i, int64_t part_ns,
                     int64_t whole_ns) {
  double share = (double)part_ns / (double)whole_ns;
  if (!(fabs(i->median / share - 1) < 2e-8))
    fail_msg("%.12g, not %.12g", i->median, share);
}

static void is_talp(const struct result *r, const struct terms *region,
                    const struct terms *program) {
  struct idle idle = idle_in_region(region->total / r->workers, r->workers);
  int64_t left = region->total - idle.balance_ns;
  is_share(&r->region_talp.load_balance, left, region->total);
  is_share(&r->region_talp.scheduling, left - idle.scheduling_ns, left);
  int64_t parallel = program->total - program->of[TERM_SERIAL];
  left = parallel - REPEAT * idle.balance_ns;
  is_share(&r->talp.serialization, parallel, program->total);
  is_share(&r->talp.load_balance, left, parallel);
  is_share(&r->talp.scheduling, left - REPEAT * idle.scheduling_ns, left);
}

static void is_breakdown(const struct breakdown *b, const struct terms *t,
                         const char *what, int64_t p) {
  int64_t sum = 0;
  assert_true(b->told);
  for (int i = 0; i < TERMS; i++) {
    double core_s = b->core_s[i].median;
    if (isnan(core_s)) {
      assert_int_equal(t->of[i], 0);
      continue;
    }
    if (llabs(ns(core_s) - t->of[i]) > 1)
      fail_msg("%s, %d workers: %s is %lld ns, not %lld", what, (int)p,
               breakdown_terms[i].key, (long long)ns(core_s),
               (long long)t->of[i]);
    sum += t->of[i];
    /* Records have nine digits of a time, and p of those are the total. */
    if (fabs(b->share[i].median * (double)t->total - (double)t->of[i]) >
        1 + 5e-9 * (double)t->total)
      fail_msg("%s, %d workers: the share of %s is %.12g", what, (int)p,
               breakdown_terms[i].key, b->share[i].median);
  }
  assert_int_equal(sum, t->total);
}

static void sweep(const char *kernel, const char *variants, const char *workers,
                  uint64_t size) {
  const struct sweep_request request = {.kernels = kernel,
                                        .variants = variants,
                                        .workers = workers,
                                        .size = size,
                                        .size_given = true,
                                        .seed = 1,
                                        .seed_given = true,
                                        .rounds = ROUNDS};
  swept_run(&swept, &request, false);
}

static const struct result *of_any(const char *requested, int64_t workers) {
  for (size_t i = 0; i < swept.analysis.result_count; i++) {
    const struct result *r = &swept.analysis.results[i];
    if (r->workers == workers && strcmp(r->requested, requested) == 0)
      return r;
  }
  fail_msg("no result of %s with %d workers", requested, (int)workers);
  return NULL;
}

static double s(int64_t of_ns) {
  return (double)of_ns * 1e-9;
}

static void describe_all(void) {
  struct simulated_machine *m = &bed.description;
  strcpy(m->topology, "core:256 pu:1");
  m->worker_start_s = s(START_NS);
  m->send_s = s(SEND_NS);
  m->off_cpu_s = s(OFF_NS);
  m->region_fixed_s = s(JOIN_NS);
  m->fork_s = s(FORK_NS);
  m->start_s = s(OPEN_NS);
  m->start_per_worker_s = s(OPEN_EACH_NS);
  m->close_s = s(CLOSE_NS);
  m->serial_share = set_up;
  m->skew = skew;
  m->sigma = sigma;
}

/* All terms at once, of every kind of team, at every count. */
static void every_term_is_what_was_injected(void **state) {
  static const struct team teams[] = {
      {"omp:static", false, false, false},
      {"pool:static", false, false, true},
      {"pool:static@pipe", true, false, true},
      {"fork:static", false, true, false},
  };
  (void)state;
  describe_all();
  sweep("spin/serial=0.1,repeat=3",
        "omp:static pool:static pool:static@pipe fork:static", "1..256", ITEMS);
  for (size_t i = 0; i < sizeof teams / sizeof *teams; i++)
    for (int64_t p = 1; p <= MOST; p++) {
      const struct result *r = of_any(teams[i].variant, p);
      const struct terms region = region_terms(&teams[i], p),
                         program = program_terms(&teams[i], p);
      is_breakdown(&r->region_breakdown, &region, teams[i].variant, p);
      is_breakdown(&r->breakdown, &program, teams[i].variant, p);
      is_talp(r, &region, &program);
      assert_int_equal(ns(r->breakdown.serial_s[PHASE_SETUP].median),
                       share_ns(set_up));
      assert_int_equal(ns(r->breakdown.serial_s[PHASE_FINISH].median),
                       share_ns(finish));
    }
}

/* A gap before each chunk but a worker's first. */
static void gaps_are_dispatch(void **state) {
  enum { CHUNKS = 512, GAP_NS = 1013 };
  (void)state;
  strcpy(bed.description.topology, "core:256 pu:1");
  bed.description.dispatch_s = s(GAP_NS);
  sweep("spin/repeat=3", "omp:dynamic,250 pool:dynamic,250",
        "1,2,4,8,16,32,64,128,256", ITEMS);
  for (int64_t p = 1; p <= MOST; p *= 2)
    for (int v = 0; v < 2; v++) {
      const char *variant = v ? "pool:dynamic,250" : "omp:dynamic,250";
      const struct result *r = of_any(variant, p);
      const int64_t work = ITEMS * (int64_t)ITEM_NS,
                    gaps = (CHUNKS - p) * GAP_NS;
      struct terms t = {.of = {[TERM_USEFUL] = work, [TERM_DISPATCH] = gaps},
                        .total = work + gaps};
      is_breakdown(&r->region_breakdown, &t, variant, p);
      t.of[TERM_USEFUL] *= REPEAT;
      t.of[TERM_DISPATCH] *= REPEAT;
      t.total *= REPEAT;
      is_breakdown(&r->breakdown, &t, variant, p);
    }
}

/* Three items of 10 ms. */
static void workers_without_items_have_few(void **state) {
  const int64_t each = 10000000;
  (void)state;
  strcpy(bed.description.topology, "core:256 pu:1");
  bed.description.spin_item_s = s(each);
  sweep("spin", "omp:static", "1,3..256", 3);
  for (int64_t p = 3; p <= MOST; p++) {
    const struct terms t = {
        .of = {[TERM_USEFUL] = 3 * each, [TERM_FEW] = (p - 3) * each},
        .total = p * each};
    is_breakdown(&of_any("omp:static", p)->region_breakdown, &t, "few", p);
  }
}

/* The last CPU does half of what each of the others does. */
static void slow_cpus_are_slower(void **state) {
  (void)state;
  strcpy(bed.description.topology, "core:2 pu:1");
  strcpy(bed.description.slow_cpus, "1");
  sweep("spin", "omp:static", "1,2", ITEMS);
  const int64_t half = ITEMS / 2 * (int64_t)ITEM_NS;
  /* Serial takes as long on the one as on the other, in turns: 1.5 of them. */
  const struct terms t = {
      .of = {[TERM_USEFUL] = 3 * half, [TERM_SLOWER] = half},
      .total = 4 * half};
  is_breakdown(&of_any("omp:static", 2)->region_breakdown, &t, "slower", 2);
}

/* One item in a hundred: all others do as many, in whole grains. */
static void items_past_a_hit_are_thrown(void **state) {
  enum { FIND = ITEMS / 400 };
  (void)state;
  strcpy(bed.description.topology, "core:256 pu:1");
  bed.description.spin_item_s = 2048e-9 / 13 / 128; /* of adler32: 1 ns */
  bed.description.hit_share = 1.0 / 400;
  sweep("adler32/mode=first", "omp:static", "1..256", ITEMS);
  struct kernel_shape shape = workload_shape(swept.plan.workloads[0].workload);
  const int64_t grain = (int64_t)shape.grain, needed = FIND + 1;
  for (int64_t p = 2; p <= MOST; p++) {
    int64_t done = 0, most = 0;
    for (int64_t w = 0; w < p; w++) {
      int64_t items = ITEMS * (w + 1) / p - ITEMS * w / p;
      int64_t whole = (needed + grain - 1) / grain * grain;
      int64_t own = w == 0 ? needed : whole < items ? whole : items;
      done += own;
      most = own > most ? own : most;
    }
    struct terms t = {.of = {[TERM_USEFUL] = needed,
                             [TERM_THROWN] = done - needed,
                             [TERM_IMBALANCE] = p * most - done},
                      .total = p * most};
    is_breakdown(&of_any("omp:static", p)->region_breakdown, &t, "thrown", p);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      ON_SWEEP(every_term_is_what_was_injected), ON_SWEEP(gaps_are_dispatch),
      ON_SWEEP(workers_without_items_have_few),  ON_SWEEP(slow_cpus_are_slower),
      ON_SWEEP(items_past_a_hit_are_thrown),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
