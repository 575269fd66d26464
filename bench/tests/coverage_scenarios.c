#include "bench/tests/coverage_verdicts.h"

static const struct coverage_noise
    calm = {.jitter = 0.01, .region_jitter = 0.01},
    drift = {.jitter = 0.005,
             .region_jitter = 0.005,
             .drift = 0.02,
             .drift_correlation = 0.97},
    bursts = {.jitter = 0.01,
              .region_jitter = 0.005,
              .steal_probability = 0.15,
              .steal_share = 0.25},
    all = {.jitter = 0.01,
           .region_jitter = 0.005,
           .drift = 0.02,
           .drift_correlation = 0.97,
           .trend = 2e-4,
           .steal_probability = 0.1,
           .steal_share = 0.25},
    states = {.jitter = 0.005, .region_jitter = 0.01, .state_share = 0.35},
    crowded = {.jitter = 0.005,
               .region_jitter = 0.01,
               .state_share = 0.35,
               .crowded_share = 0.1},
    setup = {.jitter = 0.005, .region_jitter = 0.01, .setup_jitter = 0.05},
    both = {.jitter = 0.005,
            .region_jitter = 0.01,
            .setup_jitter = 0.05,
            .state_share = 0.35};

#define ROW(n, what, c, r, by, as)                                             \
  .name = (n), .noise = (what), .cpus = (c), .rounds = (r), .rule = (by),      \
  .test = (as)
/* At the numbers of trials that a sweep takes. */
#define BLOCKS(name, noise, cpus, test)                                        \
  {ROW(name, noise, cpus, 9, RULE_BLOCKS, test)},                              \
      {ROW(name, noise, cpus, 15, RULE_BLOCKS, test)}, {                       \
    ROW(name, noise, cpus, 20, RULE_BLOCKS, test)                              \
  }
#define SAME(name, noise, cpus, rounds, rule)                                  \
  { ROW(name, noise, cpus, rounds, rule, TEST_FALSE), .same = true }
#define CONTROL(name, noise, cpus, rounds, rule, test)                         \
  { ROW(name, noise, cpus, rounds, rule, test), .control = true }

const struct coverage_scenario coverage_scenarios[] = {
    BLOCKS("independent noise", &calm, 8, TEST_EXACT),
    BLOCKS("drift", &drift, 8, TEST_RANGE),
    BLOCKS("steal bursts", &bursts, 8, TEST_RANGE),
    BLOCKS("drift, trend and bursts", &all, 8, TEST_RANGE),
    BLOCKS("CPU states", &states, 8, TEST_RANGE),
    BLOCKS("CPU states", &states, 2, TEST_RANGE),
    BLOCKS("CPU states, crowded", &crowded, 8, TEST_RANGE),
    BLOCKS("CPU states, crowded", &crowded, 2, TEST_RANGE),
    SAME("A/A, independent noise", &calm, 8, 9, RULE_BLOCKS),
    SAME("A/A, drift, trend and bursts", &all, 8, 9, RULE_BLOCKS),
    SAME("A/A, CPU states, crowded", &crowded, 2, 9, RULE_BLOCKS),
    {ROW("independent noise", &calm, 8, 10, RULE_ROUNDS, TEST_EXACT)},
    {ROW("independent noise", &calm, 8, 15, RULE_ROUNDS, TEST_EXACT)},
    {ROW("independent noise", &calm, 8, 20, RULE_ROUNDS, TEST_EXACT)},
    {ROW("drift", &drift, 8, 15, RULE_ROUNDS, TEST_RANGE)},
    {ROW("steal bursts", &bursts, 8, 15, RULE_ROUNDS, TEST_RANGE)},
    {ROW("drift, trend and bursts", &all, 8, 15, RULE_ROUNDS, TEST_RANGE)},
    {ROW("drift, trend and bursts", &all, 8, 20, RULE_ROUNDS, TEST_RANGE)},
    {ROW("CPU states", &states, 8, 15, RULE_ROUNDS, TEST_RANGE)},
    {ROW("CPU states", &states, 2, 9, RULE_ROUNDS, TEST_RANGE)},
    {ROW("CPU states", &states, 2, 15, RULE_ROUNDS, TEST_RANGE)},
    {ROW("CPU states, crowded", &crowded, 2, 15, RULE_ROUNDS, TEST_RANGE)},
    {ROW("width rule, independent noise", &calm, 8, 60, RULE_WIDTH,
         TEST_RANGE)},
    SAME("A/A, independent noise", &calm, 8, 15, RULE_ROUNDS),
    SAME("A/A, drift, trend and bursts", &all, 8, 15, RULE_ROUNDS),
    SAME("A/A, CPU states, crowded", &crowded, 2, 15, RULE_ROUNDS),
    SAME("A/A, width rule", &calm, 8, 60, RULE_WIDTH),
    {ROW("independent noise", &calm, 8, 15, RULE_PROGRAM, TEST_EXACT)},
    {ROW("CPU states, set-up noise", &both, 8, 9, RULE_PROGRAM, TEST_RANGE)},
    {ROW("CPU states, set-up noise", &both, 8, 15, RULE_PROGRAM, TEST_RANGE)},
    {ROW("CPU states, set-up noise", &both, 2, 9, RULE_PROGRAM, TEST_RANGE)},
    {ROW("CPU states, set-up noise", &both, 2, 15, RULE_PROGRAM, TEST_RANGE)},
    CONTROL("blocks taken as samples, CPU states", &states, 2, 15,
            RULE_EACH_BLOCK, TEST_RANGE),
    {ROW("trials of a point close together, CPU states", &states, 8, 15,
         RULE_ROUNDS, TEST_RANGE),
     .close = true, .control = true},
    {ROW("trials of a point close together, crowded", &crowded, 8, 20,
         RULE_BLOCKS, TEST_RANGE),
     .close = true, .control = true},
    CONTROL("one point after the other, drift", &drift, 8, 20, RULE_SEQUENTIAL,
            TEST_RANGE),
    CONTROL("iterations taken as samples", &calm, 8, 15, RULE_ITERATIONS,
            TEST_RANGE),
    CONTROL("BCa bootstrap of the median", &calm, 8, 15, RULE_BCA, TEST_EXACT),
    {ROW("A/A, stopping when 1 is excluded", &calm, 8, 30, RULE_PEEK,
         TEST_FALSE),
     .same = true, .control = true},
};
const size_t coverage_scenario_count =
    sizeof coverage_scenarios / sizeof *coverage_scenarios;

#define LAW(name, noise, cpus, rounds)                                         \
  { ROW(name, noise, cpus, rounds, RULE_LAW, TEST_FALSE) }
#define BOTH(name, noise) LAW(name, noise, 2, 20), LAW(name, noise, 8, 20)

/* Do programs gain, or miss the law, or did the CPUs only look so? */
const struct coverage_scenario coverage_laws[] = {
    BOTH("independent noise", &calm),
    BOTH("set-up noise", &setup),
    BOTH("drift", &drift),
    /* Five or six of 20 rounds have a serial program that is hit, and a verdict
     * lets three be on the other side: where the interval's own half-width is
     * small, four of them are less than what a burst does. */
    {ROW("steal bursts", &bursts, 2, 20, RULE_LAW, TEST_FALSE), .hard = true},
    LAW("steal bursts", &bursts, 8, 20),
    LAW("steal bursts, more time", &bursts, 2, 40),
    LAW("steal bursts, more time", &bursts, 8, 40),
    BOTH("drift, trend and bursts", &all),
    BOTH("CPU states", &states),
    BOTH("CPU states, crowded", &crowded),
    BOTH("CPU states, set-up noise", &both),
};
const size_t coverage_law_count = sizeof coverage_laws / sizeof *coverage_laws;
