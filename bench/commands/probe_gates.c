/* How close kernels come to what the machine can do. */
#include "bench/analyze/stats.h"
#include "bench/commands/probe.h"
#include "bench/report/numbers.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SEED = 1, RANGES = 20, CANDIDATES = 20000, ADDS_ITEMS = 2000 };
/* Regions of a trial; those in L2 are a thousand times shorter than others. */
enum { REGIONS = 21, REGIONS_L2 = 401 };
enum { ROW_BYTES = 24, CUBE_BYTES = 16, MIX_BYTES = 384, COPY_BYTES = 128 };

/* What is measured in each round, by a process of its own; in pairs. */
enum measure {
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
  WHOLE,
  MIDSTATE,
  MEASURES
};

struct gates {
  const struct probe_gates_options *options;
  struct probe_config *configs[MEASURES];
  double *zlib_per_s; /* [rounds], candidates; NAN: not measured */
};

/* ---- what to run --------------------------------------------------------- */

static int set(struct gates *gates, int measure, const char *workload,
               uint64_t size, double units, struct problem *problem) {
  struct probe_config *config = calloc(1, sizeof *config);
  if (!config)
    return problem_failure(problem, "out of memory");
  gates->configs[measure] = config;
  int status = probe_config_make(workload, "serial", 1, size,
                                 gates->options->rounds, config, problem);
  config->units = units;
  config->iterations = measure < MIX_MEMORY ? REGIONS_L2 : REGIONS;
  config->shortest = true; /* what the code can do; others' load only adds */
  return status;
}

/* A kernel and its mix over the same bytes, at two levels. */
static int set_streams(struct gates *gates, struct problem *problem) {
  const struct topology *topology = &gates->options->machine->topology;
  int status = PROBLEM_NONE;
  for (int k = 0; k < 2 && !status; k++) {
    int first = k ? MIX_MEMORY : MIX_L2;
    double bytes = memory_set_bytes(topology, k ? CACHE_LEVELS : 1, 1);
    uint64_t mixes = (uint64_t)(bytes > 0 ? bytes : 262144) / MIX_BYTES;
    uint64_t copies = mixes * MIX_BYTES / COPY_BYTES;
    double moved = (double)(mixes * MIX_BYTES);
    status = set(gates, first, "memory/op=mix", mixes, moved, problem);
    if (!status)
      status = set(gates, first + 1, "rowcount", mixes * MIX_BYTES / ROW_BYTES,
                   moved, problem);
    if (!status)
      status = set(gates, first + 2, "memory/op=copy", copies, moved, problem);
    if (!status)
      status = set(gates, first + 3, "cube", copies * COPY_BYTES / CUBE_BYTES,
                   moved, problem);
  }
  return status;
}

/* Elements of the ranges that rangesum draws. */
static double elements(void) {
  double sum = 0;
  for (uint64_t i = 0; i < RANGES; i++)
    sum += (double)kernel_random_below(SEED, i, 1000000);
  return sum;
}

static int set_all(struct gates *gates, struct problem *problem) {
  int status = set_streams(gates, problem);
  if (!status)
    status = set(gates, ADDS, "adds", ADDS_ITEMS, 0, problem);
  if (!status && gates->configs[ADDS])
    gates->configs[ADDS]->units =
        workload_shape(&gates->configs[ADDS]->workload).operations * ADDS_ITEMS;
  if (!status)
    status = set(gates, RANGESUM, "rangesum", RANGES, 2 * elements(), problem);
  if (!status)
    status = set(gates, WHOLE, "adler32/method=whole-message", CANDIDATES,
                 CANDIDATES, problem);
  if (!status)
    status = set(gates, MIDSTATE, "adler32", CANDIDATES, CANDIDATES, problem);
  return status;
}

/* In each round, next to what it is compared with: zlib's candidates per
 * second. */
static int run_zlib(void *context, uint32_t round, struct problem *problem) {
  struct gates *gates = context;
  const char *program = gates->options->zlib;
  char text[200] = "";
  double message_s = (double)NAN;
  gates->zlib_per_s[round] = (double)NAN;
  if (!*program)
    return PROBLEM_NONE;
  FILE *out = popen(program, "r"); /* NOLINT(cert-env33-c): the user's own */
  bool read = out && fgets(text, sizeof text, out);
  int closed = out ? pclose(out) : -1;
  static const char key[] = "{\"message_s\":";
  if (strncmp(text, key, sizeof key - 1) == 0)
    message_s = strtod(text + sizeof key - 1, NULL);
  if (!read || closed != 0 || !(message_s > 0))
    return problem_failure(problem, "--zlib %s: it printed no message_s",
                           program);
  gates->zlib_per_s[round] = 1 / message_s;
  return PROBLEM_NONE;
}

/* ---- what came out ------------------------------------------------------- */

bool probe_print_gate(const char *text, const double *above,
                      const double *below, uint32_t rounds, double least,
                      double most, bool trusted) {
  char limit[NUMBER_LENGTH], bounds[2 * NUMBER_LENGTH] = "";
  struct interval r = stats_ratio_interval(above, below, rounds);
  if (isnan(r.median)) {
    printf("%-54s not measured\n", text);
    return false;
  }
  bool kept = r.median >= least && r.median <= most;
  bool all_kept = r.low >= least && r.high <= most;
  bool sure = trusted && (all_kept || r.low > most || r.high < least);
  if (isinf(most))
    snprintf(limit, sizeof limit, "at least %.3g", least);
  else
    snprintf(limit, sizeof limit, "%.3g to %.3g", least, most);
  if (!isnan(r.low))
    snprintf(bounds, sizeof bounds, " (%.3f–%.3f)", r.low, r.high);
  printf("%-54s %6.3f%s  %-13s %s%s\n", text, r.median, bounds, limit,
         kept ? "PASS" : "MISS", sure ? "" : ", not sure");
  return all_kept;
}

static void print_all(const struct gates *gates) {
  static const struct {
    enum measure above, below;
    const char *text;
  } shares[] = {
      {ROWCOUNT_L2, MIX_L2, "rowcount / read and write 5:1, L2"},
      {ROWCOUNT_MEMORY, MIX_MEMORY, "rowcount / read and write 5:1, memory"},
      {CUBE_L2, COPY_L2, "cube / read and write 1:1, L2"},
      {CUBE_MEMORY, COPY_MEMORY, "cube / read and write 1:1, memory"},
      {RANGESUM, ADDS, "rangesum / vector additions"},
  };
  const double infinite = (double)INFINITY;
  const uint32_t rounds = gates->options->rounds;
  for (size_t i = 0; i < sizeof shares / sizeof *shares; i++)
    probe_print_gate(shares[i].text, gates->configs[shares[i].above]->per_s,
                     gates->configs[shares[i].below]->per_s, rounds, 0.9,
                     infinite, true);
  probe_print_gate("adler32, whole messages / zlib's adler32()",
                   gates->configs[WHOLE]->per_s, gates->zlib_per_s, rounds, 2.5,
                   infinite, true);
  probe_print_gate("adler32, base hashed once / zlib's adler32()",
                   gates->configs[MIDSTATE]->per_s, gates->zlib_per_s, rounds,
                   2.5, infinite, true);
}

static int check(const struct gates *gates, struct problem *problem) {
  for (int m = 0; m < MEASURES; m++)
    if (*gates->configs[m]->error)
      return problem_failure(problem, "a trial failed or was wrong: %s",
                             gates->configs[m]->error);
  return PROBLEM_NONE;
}

int probe_gates(const struct probe_gates_options *options,
                struct problem *problem) {
  struct gates gates = {.options = options,
                        .zlib_per_s = calloc(options->rounds, sizeof(double))};
  struct probe_run run = {.machine = options->machine,
                          .configs = gates.configs,
                          .count = MEASURES,
                          .group = 2, /* a kernel and what it is up to */
                          .rounds = options->rounds,
                          .fd = -1,
                          .each_round = run_zlib,
                          .each_round_at = WHOLE / 2,
                          .context = &gates};
  int status = gates.zlib_per_s ? set_all(&gates, problem)
                                : problem_failure(problem, "out of memory");
  if (!status)
    status = probe_rounds(&run, problem);
  if (!status)
    status = check(&gates, problem);
  if (!status) {
    printf("%s\nMedian ratios over %" PRIu32 " interleaved rounds with their "
           "95%% intervals, each number from a\nprocess of its own, its "
           "shortest of %d regions (in L2: of %d); on one worker.\n",
           build_text(), options->rounds, REGIONS, REGIONS_L2);
    print_all(&gates);
    if (!*options->zlib)
      puts("zlib: `make rooflines` builds what that takes.");
  }
  for (int m = 0; m < MEASURES; m++) {
    if (gates.configs[m])
      probe_config_free(gates.configs[m]);
    free(gates.configs[m]);
  }
  free(gates.zlib_per_s);
  return status;
}
