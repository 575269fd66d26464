/* Blocks of items beside the plain directive on a kernel's own loop. */
#include "bench/commands/probe.h"
#include "bench/report/numbers.h"
#include "bench/trial/memory.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>

/* A region that takes this long shows 2% as a hundred microseconds, which are
 * far more than starting it costs. */
static const double least_region_s = 5e-3;

static const char *const kernels[] = {"cube", "rowcount", "rangesum", "adler32",
                                      "spin"};

/* BLOCKS_AGAIN is BLOCKS a second time: how far the ratio of equals is from 1
 * tells what the others are worth. */
enum form { BLOCKS, TEXTBOOK, BLOCKS_AGAIN, FORMS };
static const char *const forms[FORMS] = {"omp:static", "textbook",
                                         "omp:static"};

/* One kernel at one worker count. */
struct comparison {
  const struct probe_gates_options *options;
  const char *kernel;
  uint32_t workers;
  uint64_t size;
};

/* Rounds of some of the forms, next to each other in time.  A trial counts by
 * its shortest region: the question is what the code costs, and others' load
 * only adds. */
static int run_forms(const struct comparison *of, uint32_t rounds, size_t count,
                     struct probe_config made[], struct problem *problem) {
  struct probe_config *configs[FORMS];
  int status = PROBLEM_NONE;
  struct probe_run run = {.machine = of->options->machine,
                          .configs = configs,
                          .count = count,
                          .group = count,
                          .rounds = rounds,
                          .fd = -1};
  for (size_t f = 0; f < count; f++) {
    configs[f] = &made[f];
    if (!status)
      status = probe_config_make(of->kernel, forms[f], of->workers, of->size,
                                 rounds, &made[f], problem);
    made[f].units = 1; /* regions */
    made[f].shortest = true;
  }
  if (!status)
    status = probe_rounds(&run, problem);
  for (size_t f = 0; !status && f < count; f++)
    if (*made[f].error)
      status = problem_failure(problem, "a trial failed or was wrong: %s",
                               made[f].error);
  return status;
}

/* Doubles the size until a region of blocks takes as long as it should, in the
 * faster of two trials. */
static int calibrate(struct comparison *of, struct problem *problem) {
  struct setting setting;
  int status = setting_parse(of->kernel, &setting, problem);
  if (status)
    return status;
  struct kernel_shape shape = setting_shape(&setting);
  double item_bytes = shape.input_bytes + (double)shape.output_bytes;
  double most_bytes = memory_available_bytes() / 8;
  of->size = setting.kernel->size / 64 + 1;
  for (;;) {
    struct probe_config made[1] = {{.per_s = NULL}};
    status = run_forms(of, 2, 1, made, problem);
    double region_s = status ? 0 : 1 / fmax(made[0].per_s[0], made[0].per_s[1]);
    probe_config_free(&made[0]);
    if (status || region_s >= least_region_s)
      return status;
    if (most_bytes > 0 && 2 * (double)of->size * item_bytes > most_bytes)
      return problem_failure(problem,
                             "%s: %" PRIu64 " items take %.2g s, and twice as "
                             "many an eighth of the memory; %.2g s are needed",
                             of->kernel, of->size, region_s, least_region_s);
    of->size *= 2;
  }
}

static int compare(struct comparison *of, struct problem *problem) {
  struct probe_config made[FORMS] = {{.per_s = NULL}};
  const uint32_t rounds = of->options->rounds;
  char text[100];
  int status = calibrate(of, problem);
  if (!status)
    status = run_forms(of, rounds, FORMS, made, problem);
  if (!status) {
    /* The ratio of two times is that of the other two rates. */
    snprintf(text, sizeof text, "%s, %" PRIu32 " worker%s, %" PRIu64 " items",
             of->kernel, of->workers, of->workers > 1 ? "s" : "", of->size);
    probe_print_gate(text, made[TEXTBOOK].per_s, made[BLOCKS].per_s, rounds,
                     0.98, 1.02);
    probe_print_gate("  the blocks beside themselves", made[BLOCKS_AGAIN].per_s,
                     made[BLOCKS].per_s, rounds, 0.98, 1.02);
    fflush(stdout);
  }
  for (int f = 0; f < FORMS; f++)
    probe_config_free(&made[f]);
  return status;
}

int probe_textbook(const struct probe_gates_options *options,
                   struct problem *problem) {
  const uint32_t most = options->machine->usable_cpus;
  int status = PROBLEM_NONE;
  printf("%s\nTime in blocks by time with the plain directive: median ratios "
         "over %" PRIu32 " rounds with their\n95%% intervals, each time from a "
         "process of its own, in regions of %.3g ms or more.\n",
         build_text(), options->rounds, 1e3 * least_region_s);
  for (size_t k = 0; k < sizeof kernels / sizeof *kernels; k++)
    for (uint32_t workers = 1; !status; workers = most) {
      struct comparison of = {
          .options = options, .kernel = kernels[k], .workers = workers};
      status = compare(&of, problem);
      if (workers == most)
        break;
    }
  return status;
}
