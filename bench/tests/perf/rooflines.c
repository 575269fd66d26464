/* rooflines: how close kernels come to what the machine can do, and to zlib
 * (`make rooflines`).
 * usage: rooflines [OPTION...]       (--help)
 *
 * Exits with 1 where a limit is missed for sure. */
#include "bench/plan/workload.h"
#include "bench/record/record.h"
#include "bench/tests/perf/gate.h"
#include "bench/tests/perf/setup.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <unistd.h>

enum { ROUNDS = 20, SEED = 1, RANGES = 20, CANDIDATES = 20000 };
enum { ADDS_ITEMS = 2000 };
/* Regions of a trial; those in L2 are a thousand times shorter than others. */
enum { REGIONS = 21, REGIONS_L2 = 401 };
enum { ROW_BYTES = 24, CUBE_BYTES = 16, MIX_BYTES = 384, COPY_BYTES = 128 };

/* What is measured in each round: seconds per byte, addition or candidate; each
 * kernel after what it is up to. */
enum {
  MIX_L2,
  ROWCOUNT_L2,
  COPY_L2,
  CUBE_L2,
  MIX_MEMORY,
  ROWCOUNT_MEMORY,
  COPY_MEMORY,
  CUBE_MEMORY,
  ADDS,
  RANGESUM,
  ZLIB,
  WHOLE,
  MIDSTATE,
  MEASURES
};

/* A share of the meter's rate is the meter's time by the kernel's. */
static const struct gate gates[] = {
    {MIX_L2, ROWCOUNT_L2, 0.9, (double)INFINITY,
     "rowcount / read and write 5:1, L2", false},
    {MIX_MEMORY, ROWCOUNT_MEMORY, 0.9, (double)INFINITY,
     "rowcount / read and write 5:1, memory", false},
    {COPY_L2, CUBE_L2, 0.9, (double)INFINITY, "cube / read and write 1:1, L2",
     false},
    {COPY_MEMORY, CUBE_MEMORY, 0.9, (double)INFINITY,
     "cube / read and write 1:1, memory", false},
    {ADDS, RANGESUM, 0.9, (double)INFINITY, "rangesum / vector additions",
     false},
    {ZLIB, WHOLE, 2.5, (double)INFINITY,
     "adler32, whole messages / zlib's adler32()", false},
    {ZLIB, MIDSTATE, 2.5, (double)INFINITY,
     "adler32, base hashed once / zlib's adler32()", false},
};

static struct measure trial(const struct setup *s, const char *workload,
                            uint64_t size, uint32_t iterations, double units) {
  struct measure m =
      setup_trial(s, s->coresweep, workload, "serial", 1, size, iterations);
  m.key = "regions_s"; /* the shortest: others' load only adds */
  m.per = units;
  return m;
}

/* A kernel and its mix over the same bytes. */
static void list_streams(const struct setup *s, double bytes,
                         uint32_t iterations, struct measure *m) {
  uint64_t mixes = (uint64_t)bytes / MIX_BYTES;
  uint64_t copies = mixes * MIX_BYTES / COPY_BYTES;
  double moved = (double)(mixes * MIX_BYTES);
  m[MIX_L2] = trial(s, "memory/op=mix", mixes, iterations, moved);
  m[ROWCOUNT_L2] =
      trial(s, "rowcount", mixes * MIX_BYTES / ROW_BYTES, iterations, moved);
  m[COPY_L2] = trial(s, "memory/op=copy", copies, iterations, moved);
  m[CUBE_L2] =
      trial(s, "cube", copies * COPY_BYTES / CUBE_BYTES, iterations, moved);
}

/* Half of L2, and four times the last cache; where nobody knows, of a small L2
 * and of 32 MiB. */
static void list_levels(const struct setup *s, struct measure *m) {
  double l2 = (double)sysconf(_SC_LEVEL2_CACHE_SIZE);
  double last = fmax(l2, (double)sysconf(_SC_LEVEL3_CACHE_SIZE));
  list_streams(s, l2 > 0 ? l2 / 2 : 262144, REGIONS_L2, m);
  list_streams(s, 4 * (last > 0 ? last : 33554432), REGIONS, m + MIX_MEMORY);
}

/* Elements of the ranges that rangesum draws. */
static double elements(void) {
  double sum = 0;
  for (uint64_t i = 0; i < RANGES; i++)
    sum += (double)kernel_random_below(SEED, i, 1000000);
  return sum;
}

static int list_measures(const struct setup *s, struct measure *m,
                         struct problem *problem) {
  struct workload adds;
  int status = workload_parse("adds", &adds, problem);
  if (status)
    return status;
  list_levels(s, m);
  m[ADDS] = trial(s, "adds", ADDS_ITEMS, REGIONS,
                  workload_shape(&adds).operations * ADDS_ITEMS);
  m[RANGESUM] = trial(s, "rangesum", RANGES, REGIONS, 2 * elements());
  m[ZLIB] = (struct measure){.key = "message_s"};
  measure_word(&m[ZLIB], "%s/zlib_rate", s->folder);
  m[WHOLE] =
      trial(s, "adler32/method=whole-message", CANDIDATES, REGIONS, CANDIDATES);
  m[MIDSTATE] = trial(s, "adler32", CANDIDATES, REGIONS, CANDIDATES);
  for (int i = 0; i < MEASURES; i++)
    m[i].joined = i > ZLIB || (i < ZLIB && i % 2);
  return PROBLEM_NONE;
}

int main(int argc, char **argv) {
  static struct setup setup;
  static struct measure measures[MEASURES];
  struct problem problem = {""};
  setup_read(argc, argv, ROUNDS, false, &setup);
  int status = list_measures(&setup, measures, &problem);
  if (!status)
    status = measure_rounds(measures, MEASURES, setup.rounds, &problem);
  if (status) {
    status = setup_status(&setup, status, &problem);
  } else {
    printf("%s\nMedian ratios over %" PRIu32 " interleaved rounds with their "
           "95%% intervals, each number from a\nprocess of its own, its "
           "shortest of %d regions (in L2: of %d); on one worker.\n",
           build_text(), setup.rounds, REGIONS, REGIONS_L2);
    status =
        gate_status(setup.name, gate_print(gates, sizeof gates / sizeof *gates,
                                           measures, setup.rounds));
  }
  for (int i = 0; i < MEASURES; i++)
    gate_measure_free(&measures[i]);
  return status;
}
