/* test_simulated_causes.c: on a machine that has one thing wrong with it, a
 * sweep as any other names that thing, and the numbers that were put in. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "bench/analyze/cause_rules.h"
#include "bench/tests/simulated_sweep_fixture.h"

enum { ROUNDS = 6, KEYS = 4, NUMBERS = 3 };

/* A plain machine but for these; the sweep; and what must be said of one of its
 * points. */
struct known {
  const char *what;
  const char *topology, *slow_cpus; /* NULL: eight cores, none of them slow */
  struct {
    size_t offset;
    double value;
  } keys[KEYS]; /* without an offset: no more */
  const char *kernels, *variants, *workers;
  uint64_t size; /* 0: as calibrated */
  int64_t of;
  const char *term, *rule, *says;
  struct {
    const char *name;
    double value;
  } numbers[NUMBERS];
  double within; /* of a number, as a share; 0: 1e-5 */
  bool program, beyond, metered, copies;
};

#define KEY(member, value)                                                     \
  { offsetof(struct simulated_machine, member), value }

static const struct known known[] = {
    {"a plain machine", .kernels = "spin", .variants = "omp:static",
     .workers = "1,8", .size = 80000, .of = 8, .rule = "nothing-lost",
     .says = "100% of the cores' time is useful"},
    /* The hit is item 800 of 80000: 801 us, in which all others do as much. */
    {"a search that ends early", .keys = {KEY(hit_share, 0.01)},
     .kernels = "adler32/zeros=5,mode=first", .variants = "omp:static",
     .workers = "1,8", .size = 80000, .of = 8, .term = "thrown",
     .rule = "early-hit", .says = "item 800 of 80000",
     .numbers = {{"lowest_hit", 800}, {"size", 80000}}},
    {"its chunks", .keys = {KEY(hit_share, 0.01)},
     .kernels = "adler32/zeros=5,mode=first", .variants = "omp:dynamic,100",
     .workers = "1,8", .size = 80000, .of = 8, .term = "thrown",
     .rule = "early-hit", .says = "item 800 of 80000",
     .numbers = {{"lowest_hit", 800}}},
    {"more workers than CPUs", .topology = "core:2 pu:1", .kernels = "spin",
     .variants = "omp:static", .workers = "1,8", .size = 80000, .of = 8,
     .beyond = true, .term = "work", .rule = "oversubscribed",
     .says = "8 workers take turns", .numbers = {{"workers", 8}}},
    /* Eight CPUs get six; a quarter of their time is gone. */
    {"a quota", .keys = {KEY(quota_cpus, 6)}, .kernels = "spin",
     .variants = "omp:static", .workers = "1,8", .size = 80000, .of = 8,
     .term = "waiting", .rule = "quota", .says = "25% of the cores' time"},
    /* 4 ms of 14; serial waits as long. */
    {"a neighbour", .keys = {KEY(off_cpu_s, 4e-3)}, .kernels = "spin",
     .variants = "omp:static", .workers = "1,8", .size = 80000, .of = 8,
     .term = "waiting", .rule = "neighbour", .says = "waited for 29% of the",
     .numbers = {{"run_delay_share", 4.0 / 14}}},
    /* 100 us of work; the last of two begins after 20. */
    {"little work", .keys = {KEY(worker_start_s, 2e-5)}, .kernels = "spin",
     .variants = "omp:static", .workers = "1,2", .size = 100, .of = 2,
     .term = "start", .rule = "little-work", .says = "100 items are 100 µs",
     .numbers = {{"work_s", 1e-4}, {"lost_s_a_worker", 2e-5}}},
    {"serial phases", .kernels = "spin/serial=0.5", .variants = "omp:static",
     .workers = "1,8", .size = 80000, .of = 8, .program = true,
     .term = "serial", .rule = "serial-phases", .says = "finish, 80 of 80 ms",
     .numbers = {{"largest_phase_s", 0.08}, {"known_serial_fraction", 0.5}}},
    {"a slow start", .keys = {KEY(start_s, 0.05), KEY(close_s, 0.01)},
     .kernels = "spin", .variants = "omp:static", .workers = "1,8",
     .size = 80000, .of = 1, .program = true, .term = "inflated",
     .rule = "team-start", .says = "the team takes 60 ms",
     .numbers = {{"team_s", 0.06}}},
    {"too few items", .keys = {KEY(spin_item_s, 1e-2)}, .kernels = "spin",
     .variants = "omp:static", .workers = "1,8", .size = 3, .of = 8,
     .term = "few", .rule = "few-items", .says = "3 chunks for 8 workers",
     .numbers = {{"chunks", 3}}},
    /* The last one has a third more than the mean: by one worker's profile, of
     * eighths in which work grows evenly, 7/24. */
    {"unequal work", .keys = {KEY(skew, 1.0 / 3)}, .kernels = "spin",
     .variants = "omp:static omp:dynamic,10", .workers = "1,8", .size = 80000,
     .of = 8, .term = "imbalance", .rule = "unequal-work",
     .says = "dynamic could win 1.29× at most",
     .numbers = {{"region_law", 8 / (31.0 / 24)}}},
    {"and who has none", .keys = {KEY(skew, 1.0 / 3)}, .kernels = "spin",
     .variants = "omp:static omp:dynamic", .workers = "1,8", .size = 80000,
     .of = 8, .term = "imbalance", .rule = "unequal-work",
     .says = "omp:dynamic: 1.33×", .numbers = {{"dynamic_gain", 4.0 / 3}}},
    {"items that cannot be dealt out", .keys = {KEY(spin_item_s, 1e-2)},
     .kernels = "spin", .variants = "omp:static", .workers = "1,8", .size = 9,
     .of = 8, .term = "imbalance", .rule = "uneven-slices",
     .says = "9 items cannot be dealt out evenly to 8",
     .numbers = {{"size", 9}}},
    /* Nine chunks of 10 ms. */
    {"large chunks", .kernels = "spin", .variants = "omp:dynamic,10000",
     .workers = "1,8", .size = 90000, .of = 8, .term = "imbalance",
     .rule = "large-chunks", .says = "there are 9, of 10 ms",
     .numbers = {{"chunks", 9}, {"chunk_s", 0.01}}},
    /* CPU 1 does half of what CPU 0 does: its clock; or something else. */
    {"a slow clock", .topology = "core:2 pu:1", .slow_cpus = "1",
     .keys = {KEY(slow_clock, 0.5)}, .kernels = "spin",
     .variants = "omp:static", .workers = "1,2", .size = 80000, .of = 2,
     .term = "slower", .rule = "slow-clock", .says = "CPU 1 has 50% of the",
     .numbers = {{"cpu", 1}, {"clock_ratio", 0.5}}},
    {"a shared core", .topology = "core:2 pu:1", .slow_cpus = "1",
     .keys = {KEY(slow_clock, 1)}, .kernels = "spin", .variants = "omp:static",
     .workers = "1,2", .size = 80000, .of = 2, .term = "slower",
     .rule = "shared-core", .says = "2.00× as long on CPU 1",
     .numbers = {{"cpu", 1}, {"serial_ratio", 2}, {"clock_ratio", 1}}},
    /* All but the first eight of 8000 chunks have a gap before them. */
    {"small chunks", .keys = {KEY(dispatch_s, 1e-6)}, .kernels = "spin",
     .variants = "omp:dynamic,10", .workers = "1,8", .size = 80000, .of = 8,
     .term = "dispatch", .rule = "small-chunks", .says = "chunks of 10 µs",
     .numbers = {{"chunk_s", 1e-5}, {"dispatch_s_a_chunk", 7992e-6 / 8000}}},
    {"workers that begin late", .keys = {KEY(worker_start_s, 2e-3)},
     .kernels = "spin", .variants = "omp:static", .workers = "1,8",
     .size = 80000, .of = 8, .term = "start", .rule = "team-work",
     .says = "waking or starting a worker takes 14 ms",
     .numbers = {{"lost_s_a_worker", 0.014}}},
    {"a long join", .keys = {KEY(region_fixed_s, 5e-3)}, .kernels = "spin",
     .variants = "omp:static", .workers = "1,8", .size = 80000, .of = 8,
     .term = "join", .rule = "team-work", .says = "a worker waits for 5 ms",
     .numbers = {{"lost_s_a_worker", 0.005}}},
    {"results that travel", .keys = {KEY(send_s, 5e-3)}, .kernels = "spin",
     .variants = "pool:static@pipe", .workers = "1,8", .size = 80000, .of = 8,
     .term = "sending", .rule = "team-work",
     .says = "carrying its results takes a worker 5 ms",
     .numbers = {{"lost_s_a_worker", 0.005}}},
    {"page faults", .keys = {KEY(page_bytes, 4096), KEY(fault_s, 1e-6)},
     .kernels = "cube", .variants = "fork:static", .workers = "1,8",
     .size = 20000000, .of = 8, .term = "work", .rule = "page-faults",
     .says = "39064 page faults in each region",
     .numbers = {{"minor_faults", 39064}, {"fault_s", 1e-6}}},
    {"shared lines", .keys = {KEY(line_cost, 3)},
     .kernels = "counter/update=packed counter/update=padded",
     .variants = "omp:static", .workers = "1,8", .size = 8000000, .of = 8,
     .term = "work", .rule = "false-sharing", .says = "it is 4.00× as fast",
     .numbers = {{"padded_gain", 4}}},
    {"memory", .keys = {KEY(memory_bytes_per_s, 1e10), KEY(jitter, 0.002)},
     .kernels = "rowcount", .variants = "omp:static", .workers = "1,8",
     .size = 80000000, .of = 8, .metered = true, .term = "work",
     .rule = "memory",
     .says = "shared cache or memory: 100% of what the memory",
     .numbers = {{"roofline_share", 1}}, .within = 0.004},
    /* With all of them busy, it is 3/4. */
    {"a falling clock", .keys = {KEY(clock_drop, 0.25)}, .kernels = "spin",
     .variants = "omp:static", .workers = "1,8", .size = 80000, .of = 8,
     .term = "work", .rule = "clock-drop", .says = "the clock is 75% of that",
     .numbers = {{"clock_ratio", 0.75}}},
    /* 1 + 7 x 0.1 times as long, for teams and for copies. */
    {"what all share", .keys = {KEY(sigma, 0.1), KEY(copies_sigma, 0.1)},
     .kernels = "spin", .variants = "omp:static", .copies = true,
     .workers = "1,8", .size = 80000, .of = 8, .term = "work",
     .rule = "shared-machine", .says = "each other down to 59%",
     .numbers = {{"copies_efficiency", 1 / 1.7}}},
    {"what a team shares", .keys = {KEY(sigma, 0.1)}, .kernels = "spin",
     .variants = "omp:static", .copies = true, .workers = "1,8", .size = 80000,
     .of = 8, .term = "work", .rule = "not-explained",
     .says = "ruled out: oversubscribed, clock drop, shared machine"},
    {"SMT siblings", .topology = "core:4 pu:2", .kernels = "spin",
     .variants = "omp:static", .workers = "1,2,4,8", .size = 80000, .of = 8,
     .term = "work", .rule = "other-cores",
     .says = "SMT siblings from worker 5 on; with 4 workers it was 0%",
     .numbers = {{"smt", 5}, {"workers_without", 4}}},
    {"slices that wait for them", .slow_cpus = "4-7", .kernels = "spin",
     .variants = "omp:static omp:dynamic", .workers = "1,4,8", .size = 80000,
     .of = 8, .term = "imbalance", .rule = "other-cores",
     .says = "slower cores from worker 5 on; with 4 workers it was 0%"},
    {"another node", .topology = "pack:2 numa:1 core:4 pu:1",
     .keys = {KEY(numa_cost, 1)}, .kernels = "spin",
     .variants = "omp:dynamic,10", .workers = "1,4,8", .size = 80000, .of = 8,
     .term = "work", .rule = "other-cores",
     .says = "another NUMA node from worker 5 on; with 4 workers it was 0%",
     .numbers = {{"numa", 5}}},
    /* What grew all along did not begin there, nor what the clock explains. */
    {"siblings that are not it", .topology = "core:4 pu:2",
     .keys = {KEY(smt_gain, 1), KEY(sigma, 0.1)}, .kernels = "spin",
     .variants = "omp:static", .workers = "1,4,8", .size = 80000, .of = 8,
     .term = "work", .rule = "not-explained",
     .says = "ruled out: oversubscribed, clock drop, other cores"},
    {"siblings without a count before them", .topology = "core:4 pu:2",
     .kernels = "spin", .variants = "omp:static", .workers = "1,8",
     .size = 80000, .of = 8, .term = "work", .rule = "not-explained",
     .says = "ruled out: oversubscribed, clock drop)"},
    /* Neither is half of it by itself: both are said. */
    {"another node and siblings", .topology = "pack:2 numa:1 core:4 pu:2",
     .keys = {KEY(numa_cost, 0.3)}, .kernels = "spin",
     .variants = "omp:dynamic,10", .workers = "1,4,8,16", .size = 80000,
     .of = 16, .term = "work", .rule = "other-cores",
     .says = "another NUMA node from worker 5 on, SMT siblings from worker 9 "
             "on; with 4 workers it was 0%",
     .numbers = {{"numa", 5}, {"smt", 9}, {"workers_without", 4}}},
};

#undef KEY

static void describe(const struct known *k) {
  if (k->topology)
    snprintf(bed.description.topology, sizeof bed.description.topology, "%s",
             k->topology);
  if (k->slow_cpus)
    snprintf(bed.description.slow_cpus, sizeof bed.description.slow_cpus, "%s",
             k->slow_cpus);
  for (size_t i = 0; i < KEYS && k->keys[i].offset; i++)
    *(double *)((char *)&bed.description + k->keys[i].offset) =
        k->keys[i].value;
}

static void is_number(const struct cause *c, const char *name, double value,
                      double within) {
  for (size_t i = 0; i < c->evidence_count; i++)
    if (strcmp(c->evidence[i].name, name) == 0) {
      if (!(fabs(c->evidence[i].value / value - 1) < within))
        fail_msg("%s is %.9g, not %.9g: %s", name, c->evidence[i].value, value,
                 c->sentence);
      return;
    }
  fail_msg("no %s among the evidence of \"%s\"", name, c->sentence);
}

static void is_named(void **state) {
  const struct known *k = *(const struct known **)*state;
  swept_begin(NULL);
  describe(k);
  const struct sweep_request request = {.kernels = k->kernels,
                                        .variants = k->variants,
                                        .workers = k->workers,
                                        .size = k->size,
                                        .size_given = k->size > 0,
                                        .seed = 1,
                                        .seed_given = true,
                                        .rounds = ROUNDS,
                                        .oversubscribe = k->beyond,
                                        .copies = k->copies};
  swept_run(&swept, &request, k->metered);
  const char *comma = strchr(k->kernels, ' ');
  char workload[80], variant[80];
  snprintf(workload, sizeof workload, "%.*s",
           (int)(comma ? comma - k->kernels : 79), k->kernels);
  snprintf(variant, sizeof variant, "%.*s", (int)strcspn(k->variants, " "),
           k->variants);
  const struct result *r = swept_result(&swept, workload, variant, k->of);
  const struct cause *c = k->program ? &r->cause : &r->region_cause;
  if (!c->rule || strcmp(c->rule, k->rule) != 0)
    fail_msg("%s (%s: %s)", c->rule, c->term, c->sentence);
  if (k->term)
    assert_string_equal(c->term, k->term);
  if (!strstr(c->sentence, k->says))
    fail_msg("\"%s\" does not say \"%s\"", c->sentence, k->says);
  for (size_t i = 0; i < NUMBERS && k->numbers[i].name; i++)
    is_number(c, k->numbers[i].name, k->numbers[i].value,
              k->within > 0 ? k->within : 1e-5);
  swept_free(&swept);
}

enum { KNOWN = sizeof known / sizeof *known };

/* Of programs that are not ours test_simulated_outside tells. */
static void no_rule_is_left_out(void **state) {
  (void)state;
  for (size_t r = 0; r < cause_rule_count; r++) {
    bool shown = strcmp(cause_rules[r].key, "one-cpu") == 0;
    for (size_t i = 0; i < KNOWN; i++)
      shown = shown || strcmp(cause_rules[r].key, known[i].rule) == 0;
    if (!shown)
      fail_msg("no machine shows \"%s\"", cause_rules[r].key);
  }
}

int main(void) {
  struct CMUnitTest tests[KNOWN + 1] = {cmocka_unit_test(no_rule_is_left_out)};
  const struct known *rows[KNOWN];
  for (size_t i = 0; i < KNOWN; i++) {
    rows[i] = &known[i];
    tests[i + 1] = (struct CMUnitTest){.name = known[i].what,
                                       .test_func = is_named,
                                       .initial_state = &rows[i]};
  }
  return _cmocka_run_group_tests("causes", tests, KNOWN + 1, NULL, NULL);
}
