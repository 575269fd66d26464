/* observe_cost: what the observer adds to a program (`make observe-cost`).
 * usage: observe_cost [OPTION...]       (--help)
 *
 * Exits with 1 where a limit is missed for sure. */
#include "bench/tests/perf/gate.h"
#include "bench/tests/perf/setup.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

enum { ROUNDS = 30 };

/* In pairs: observed, and not. */
enum {
  REGIONS_1,
  REGIONS_1_BARE,
  REGIONS_2,
  REGIONS_2_BARE,
  EMPTY_1,
  EMPTY_1_BARE,
  CHUNKS_1,
  CHUNKS_1_BARE,
  SECTIONS_1,
  SECTIONS_1_BARE,
  MEASURES
};

static const struct gate gates[] = {
    {REGIONS_1, REGIONS_1_BARE, 0, 1.01,
     "50 us region, 1 thread, observed / not", false},
    {REGIONS_2, REGIONS_2_BARE, 0, 1.01,
     "50 us region, 2 threads spin, observed / not", false},
};

/* What one event costs, from a pair of one thread. */
static const struct event {
  size_t observed;
  double events;
  const char *what;
} events[] = {
    {EMPTY_1, 1, "region of one thread, with its sums"},
    {CHUNKS_1, 1000, "chunk of next to nothing, one in 16 timed"},
    {SECTIONS_1, 100, "critical section"},
};

/* ---- what to run --------------------------------------------------------- */

static void list(const struct setup *s, struct measure *m, const char *kind,
                 int threads, int repetitions) {
  for (int i = 0; i < 2; i++) {
    m[i] = (struct measure){.key = "median_s", .spins = true, .joined = i};
    measure_word(&m[i], "%s/events", s->folder);
    measure_word(&m[i], "%s", kind);
    measure_word(&m[i], "%d", threads);
    measure_word(&m[i], "%d", repetitions);
  }
  measure_word(&m[0], "%s-observe.so", s->coresweep);
}

static void list_measures(const struct setup *s, struct measure *m) {
  list(s, &m[REGIONS_1], "regions", 1, 1000);
  list(s, &m[EMPTY_1], "empty", 1, 5000);
  list(s, &m[CHUNKS_1], "chunks", 1, 500);
  list(s, &m[SECTIONS_1], "sections", 1, 500);
  if (s->usable_cpus > 1)
    list(s, &m[REGIONS_2], "regions", 2, 500);
}

/* ---- what came out ------------------------------------------------------- */

static void print_event(const struct event *event, const struct measure *m,
                        uint32_t rounds) {
  const struct measure *observed = &m[event->observed];
  char cost[GATE_TEXT];
  gate_event(observed, observed + 1, rounds, event->events, cost);
  printf("%s per %s\n", cost, event->what);
}

static int report(const struct setup *s, const struct measure *m) {
  size_t missed =
      gate_report(gates, sizeof gates / sizeof *gates, m, s->rounds);
  puts("The observer takes:");
  for (size_t i = 0; i < sizeof events / sizeof *events; i++)
    print_event(&events[i], m, s->rounds);
  return gate_status(s->name, missed);
}

int main(int argc, char **argv) {
  static struct setup setup;
  static struct measure measures[MEASURES];
  struct problem problem = {""};
  setup_read(argc, argv, ROUNDS, false, &setup);
  list_measures(&setup, measures);
  int status = measure_rounds(measures, MEASURES, setup.rounds, &problem);
  status = status ? setup_status(&setup, status, &problem)
                  : report(&setup, measures);
  for (int i = 0; i < MEASURES; i++)
    gate_measure_free(&measures[i]);
  return status;
}
