/* gates: what coresweep itself adds, beside bare loops (`make gates`).
 * usage: gates [OPTION...]       (--help)
 *
 * Exits with 1 where a limit is missed for sure. */
#include "bench/tests/perf/gate.h"
#include "bench/tests/perf/setup.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

enum {
  ROUNDS = 40,
  REGIONS = 1000,
  TRIPS = 1000, /* items of apply */
  TRIP_REPETITIONS = 20,
  CHUNKS = 10000,
  CHUNK_REPETITIONS = 50,
  STAMPED_REGIONS = 1000, /* of about 0.1 ms */
};

static const double stamped_region_s = 1e-4;

/* What is measured in each round; in pairs. */
enum {
  APPLY,
  PINGPONG,
  POOL_SPINS,
  BARE_ACTIVE,
  POOL_SLEEPS,
  BARE_PASSIVE,
  OMP_ACTIVE,
  LOOP_ACTIVE,
  OMP_PASSIVE,
  LOOP_PASSIVE,
  STAMPED_OMP,
  STAMPED_OMP_STAMPLESS,
  STAMPED_POOL,
  STAMPED_POOL_STAMPLESS,
  CHUNKS_OMP,
  CHUNKS_STAMPLESS,
  MEASURES
};

static const struct gate gates[] = {
    {APPLY, PINGPONG, 0, 1.5, "pool:apply, 1 worker / bare futex ping-pong",
     false},
    {POOL_SPINS, BARE_ACTIVE, 0, 1.5,
     "pool:static spinning, CPUs - 1 / bare region, 2 spin", false},
    {POOL_SLEEPS, BARE_PASSIVE, 0, 1.3,
     "pool:static sleeping, CPUs / bare region, they sleep", false},
    {OMP_ACTIVE, LOOP_ACTIVE, 0.8, 1.2,
     "omp:static, 2 threads spin / bare loop", false},
    {OMP_PASSIVE, LOOP_PASSIVE, 0.8, 1.2,
     "omp:static, CPUs threads sleep / bare loop", false},
    {STAMPED_OMP, STAMPED_OMP_STAMPLESS, 0, 1.01,
     "0.1 ms region, omp:static / without stamps", false},
    {STAMPED_POOL, STAMPED_POOL_STAMPLESS, 0, 1.01,
     "0.1 ms region, pool:static / without stamps", false},
};

/* ---- what to run --------------------------------------------------------- */

/* An empty region, without stamps: those would dominate it. */
static struct measure empty(const struct setup *s, const char *variant,
                            uint32_t workers) {
  struct measure m =
      setup_trial(s, s->coresweep, "null", variant, workers, workers, REGIONS);
  measure_word(&m, "--no-stamps");
  return m;
}

/* Seconds per item. */
static struct measure items(const struct setup *s, const char *program,
                            const char *variant, uint64_t size,
                            uint32_t iterations) {
  struct measure m =
      setup_trial(s, program, "null", variant, 1, size, iterations);
  m.per = (double)size;
  return m;
}

static struct measure bare(const struct setup *s, const char *kind,
                           uint32_t workers, uint32_t repetitions) {
  struct measure m = {.key = "median_s"};
  measure_word(&m, "%s/bare", s->folder);
  measure_word(&m, "%s", kind);
  measure_word(&m, "%s", s->cpus);
  measure_word(&m, "%" PRIu32, workers);
  measure_word(&m, "%" PRIu32, repetitions);
  return m;
}

/* One CPU is left to the process that orders the regions. */
static uint32_t fewer(const struct setup *s) {
  return s->usable_cpus > 1 ? s->usable_cpus - 1 : 1;
}

static struct measure stamped_regions(const struct setup *s,
                                      const char *program, const char *variant,
                                      uint64_t size) {
  return setup_trial(s, program, "spin", variant, fewer(s), size,
                     STAMPED_REGIONS);
}

static void list_bare(const struct setup *s, struct measure *m) {
  uint32_t cpus = s->usable_cpus;
  m[APPLY] = items(s, s->coresweep, "pool:apply", TRIPS, TRIP_REPETITIONS);
  m[PINGPONG] = bare(s, "pingpong", 1, TRIP_REPETITIONS);
  m[POOL_SLEEPS] = empty(s, "pool:static", cpus);
  m[BARE_PASSIVE] = bare(s, "region", cpus, REGIONS);
  m[OMP_PASSIVE] = empty(s, "omp:static", cpus);
  m[LOOP_PASSIVE] = bare(s, "loop", cpus, REGIONS);
  if (cpus < 2)
    return;
  m[POOL_SPINS] = empty(s, "pool:static", fewer(s));
  m[BARE_ACTIVE] = bare(s, "region", 2, REGIONS);
  m[OMP_ACTIVE] = empty(s, "omp:static", 2);
  m[LOOP_ACTIVE] = bare(s, "loop", 2, REGIONS);
  m[BARE_ACTIVE].spins = m[OMP_ACTIVE].spins = m[LOOP_ACTIVE].spins = true;
}

/* With stamps and without. */
static void list_stamps(const struct setup *s, uint64_t size,
                        struct measure *m) {
  const char *programs[] = {s->coresweep, s->stampless};
  for (int k = 0; k < 2; k++) {
    m[STAMPED_OMP + k] = stamped_regions(s, programs[k], "omp:static", size);
    m[STAMPED_POOL + k] = stamped_regions(s, programs[k], "pool:static", size);
    m[CHUNKS_OMP + k] =
        items(s, programs[k], "omp:dynamic,1", CHUNKS, CHUNK_REPETITIONS);
  }
}

/* Seconds of such a region of so many items: what disturbs a run makes it
 * longer, so the least of some runs. */
static int time_stamped(const struct setup *s, uint64_t size, int runs,
                        double *least_s, struct problem *problem) {
  struct measure m = stamped_regions(s, s->coresweep, "omp:static", size);
  int status = PROBLEM_NONE;
  for (int i = 0; !status && i < runs; i++) {
    double took_s = 0;
    status = measure_once(&m, &took_s, problem);
    *least_s = i == 0 || took_s < *least_s ? took_s : *least_s;
  }
  gate_measure_free(&m);
  return status;
}

/* The size that takes 0.1 ms. */
static int find_size(const struct setup *s, uint64_t *size,
                     struct problem *problem) {
  double took_s = 0;
  int status = PROBLEM_NONE;
  for (*size = 32; !status && took_s < stamped_region_s / 2;) {
    *size *= 2;
    status = time_stamped(s, *size, 1, &took_s, problem);
  }
  if (!status)
    status = time_stamped(s, *size, 5, &took_s, problem);
  if (!status)
    *size = (uint64_t)((double)*size * stamped_region_s / took_s) + 1;
  return status;
}

static int list_measures(const struct setup *s, struct measure *m,
                         struct problem *problem) {
  uint64_t size = 0;
  int status = s->stampless ? find_size(s, &size, problem) : PROBLEM_NONE;
  list_bare(s, m);
  if (s->stampless && !status)
    list_stamps(s, size, m);
  for (int i = 0; i < MEASURES; i++)
    m[i].joined = i % 2;
  return status;
}

/* ---- what came out ------------------------------------------------------- */

static void print_chunks(const struct measure *m, uint32_t rounds) {
  char cost[GATE_TEXT];
  gate_event(&m[CHUNKS_OMP], &m[CHUNKS_STAMPLESS], rounds, 1, cost);
  printf("Stamps cost %s per chunk under dynamic schedules.\n", cost);
}

static int report(const struct setup *s, const struct measure *m) {
  size_t missed =
      gate_report(gates, sizeof gates / sizeof *gates, m, s->rounds);
  if (s->stampless)
    print_chunks(m, s->rounds);
  else
    puts("What stamps cost: `make gates` builds what that takes.");
  return gate_status(s->name, missed);
}

int main(int argc, char **argv) {
  static struct setup setup;
  static struct measure measures[MEASURES];
  struct problem problem = {""};
  setup_read(argc, argv, ROUNDS, true, &setup);
  int status = list_measures(&setup, measures, &problem);
  if (!status)
    status = measure_rounds(measures, MEASURES, setup.rounds, &problem);
  status = status ? setup_status(&setup, status, &problem)
                  : report(&setup, measures);
  for (int i = 0; i < MEASURES; i++)
    gate_measure_free(&measures[i]);
  return status;
}
