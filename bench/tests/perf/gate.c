#include "bench/tests/perf/gate.h"
#include "bench/analyze/stats.h"
#include "bench/report/numbers.h"

#include <err.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct interval ratio_of(const struct gate *gate,
                                const struct measure *measures,
                                uint32_t rounds) {
  double *ones = calloc(rounds, sizeof *ones);
  if (!ones)
    errx(1, "out of memory");
  for (uint32_t r = 0; r < rounds; r++)
    ones[r] = 1;
  struct interval ratio = stats_ratio_interval(
      measures[gate->above].values,
      gate->below == GATE_RATIO ? ones : measures[gate->below].values, rounds);
  free(ones);
  return ratio;
}

static double median_of(const struct measure *measure, uint32_t rounds) {
  double *sorted = calloc(rounds, sizeof *sorted);
  if (!sorted)
    errx(1, "out of memory");
  memcpy(sorted, measure->values, rounds * sizeof *sorted);
  struct interval value = stats_median_interval(sorted, rounds);
  free(sorted);
  return value.median;
}

static void print_times(double above_s, double below_s) {
  char a[NUMBER_LENGTH], b[NUMBER_LENGTH];
  number_time(above_s, a);
  number_time(below_s, b);
  printf("%*s%s / %s%*s", (int)(8 - number_columns(a)), "", a, b,
         (int)(8 - number_columns(b)), "");
}

static void print_limit(const struct gate *gate) {
  char limit[NUMBER_LENGTH];
  if (isinf(gate->most))
    snprintf(limit, sizeof limit, "at least %.3g", gate->least);
  else if (gate->least > 0)
    snprintf(limit, sizeof limit, "%.3g to %.3g", gate->least, gate->most);
  else
    snprintf(limit, sizeof limit, "at most %.3g", gate->most);
  printf("  %-13s", limit);
}

static size_t print_all(const struct gate *gates, size_t count,
                        const struct measure *measures, uint32_t rounds,
                        bool times) {
  size_t missed = 0;
  bool equal = false; /* whether all of the gate before keeps its limit */
  for (size_t i = 0; i < count; i++) {
    const struct gate *gate = &gates[i];
    struct interval r = ratio_of(gate, measures, rounds);
    bool trusted = !gate->leans || equal;
    bool kept = r.median >= gate->least && r.median <= gate->most;
    bool keeps_all = r.low >= gate->least && r.high <= gate->most;
    bool misses_all = r.low > gate->most || r.high < gate->least;
    equal = keeps_all;
    printf("%-54s", gate->text);
    if (isnan(r.median)) {
      puts(" not measured");
      continue;
    }
    if (times)
      print_times(median_of(&measures[gate->above], rounds),
                  median_of(&measures[gate->below], rounds));
    printf(" %6.3f", r.median);
    if (!isnan(r.low))
      printf(" (%.3f–%.3f)", r.low, r.high);
    print_limit(gate);
    printf(" %s%s\n", kept ? "PASS" : "MISS",
           trusted && (keeps_all || misses_all) ? "" : ", not sure");
    missed += trusted && misses_all;
  }
  return missed;
}

size_t gate_print(const struct gate *gates, size_t count,
                  const struct measure *measures, uint32_t rounds) {
  return print_all(gates, count, measures, rounds, false);
}

size_t gate_report(const struct gate *gates, size_t count,
                   const struct measure *measures, uint32_t rounds) {
  printf("Medians over %" PRIu32 " interleaved rounds, each number from a "
         "process of its own; the ratio\nwithin rounds with its 95%% "
         "interval, its limit, and whether it is kept.\n",
         rounds);
  return print_all(gates, count, measures, rounds, true);
}

void gate_event(const struct measure *above, const struct measure *below,
                uint32_t rounds, double events, char text[static GATE_TEXT]) {
  double *cost_s = calloc(rounds, sizeof *cost_s);
  char median[NUMBER_LENGTH], low[NUMBER_LENGTH], high[NUMBER_LENGTH];
  if (!cost_s)
    errx(1, "out of memory");
  for (uint32_t r = 0; r < rounds; r++)
    cost_s[r] = (above->values[r] - below->values[r]) / events;
  struct interval cost = stats_median_interval(cost_s, rounds);
  snprintf(text, GATE_TEXT, "%s (%s to %s)", number_time(cost.median, median),
           number_time(cost.low, low), number_time(cost.high, high));
  free(cost_s);
}

int gate_status(const char *name, size_t missed) {
  fflush(stdout);
  if (missed)
    fprintf(stderr, "%s: %zu limit%s missed for sure\n", name, missed,
            missed > 1 ? "s are" : " is");
  return missed ? 1 : 0;
}
