/* Blocks of items beside the plain directive on a kernel's own loop. */
#include "bench/commands/ask.h"
#include "bench/commands/probe.h"
#include "bench/report/numbers.h"
#include "bench/sweep/interrupt.h"
#include "bench/trial/memory.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A region that takes this long shows 2% as a hundred microseconds, which are
 * far more than starting it costs. */
static const double least_region_s = 5e-3;

/* A process does this many pairs: a region of each form, one after the other
 * on the same threads and the same memory. */
#define PAIRS "32" /* an even number: each form is first as often */

static const char *const kernels[] = {"cube", "rowcount", "rangesum", "adler32",
                                      "spin"};

/* The blocks beside themselves: how far equals are from 1 tells what the other
 * ratio is worth. */
enum form { TEXTBOOK, BLOCKS, FORMS };
static const char *const forms[FORMS] = {"textbook", "omp:static"};

/* One kernel at one worker count. */
struct comparison {
  const struct probe_gates_options *options;
  const char *kernel;
  uint32_t workers;
  uint64_t size;
  char program[RUN_PATH], cpus[RUN_PATH];
};

/* What a process of its own says under `key`. */
static int ask(struct comparison *of, enum form form, const char *pairs,
               const char *key, double *value, struct problem *problem) {
  char workers[24], size[24];
  char trial[] = "trial", json[] = "--json", w[] = "--workers", s[] = "--size",
       k[] = "--kernel", v[] = "--variant", blocks[] = "omp:static",
       b[] = "--beside", c[] = "--cpus", i[] = "--iterations";
  char kernel[64], beside[64], iterations[24];
  char *words[] = {of->program, trial, json,   k, kernel,     v,
                   blocks,      b,     beside, c, of->cpus,   w,
                   workers,     s,     size,   i, iterations, NULL};
  snprintf(workers, sizeof workers, "%" PRIu32, of->workers);
  snprintf(size, sizeof size, "%" PRIu64, of->size);
  snprintf(kernel, sizeof kernel, "%s", of->kernel);
  snprintf(beside, sizeof beside, "%s", forms[form]);
  snprintf(iterations, sizeof iterations, "%s", pairs);
  return ask_number(words, key, value, problem);
}

/* Doubles the size until a region of blocks takes as long as it should. */
static int calibrate(struct comparison *of, struct problem *problem) {
  struct workload workload;
  int status = workload_parse(of->kernel, &workload, problem);
  if (status)
    return status;
  struct kernel_shape shape = workload_shape(&workload);
  double item_bytes = shape.input_bytes + (double)shape.output_bytes;
  double most_bytes = memory_available_bytes() / 8;
  of->size = workload.kernel->size / 64 + 1;
  for (;;) {
    double region_s = 0;
    status = ask(of, BLOCKS, "5", "region_s", &region_s, problem);
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

static int measure(struct comparison *of, double *ratios[FORMS],
                   struct problem *problem) {
  const uint32_t rounds = of->options->rounds;
  int status = calibrate(of, problem);
  for (uint32_t r = 0; !status && r < rounds; r++) {
    for (int f = 0; !status && f < FORMS; f++) {
      int form = r % 2 ? f : FORMS - 1 - f; /* in turns */
      status =
          ask(of, (enum form)form, PAIRS, "ratio", &ratios[form][r], problem);
    }
    if (isatty(STDERR_FILENO))
      fprintf(stderr,
              "\r\033[K%s, %" PRIu32 " workers: round %" PRIu32 "/%" PRIu32,
              of->kernel, of->workers, r + 1, rounds);
  }
  if (isatty(STDERR_FILENO))
    fputs("\r\033[K", stderr);
  return status;
}

static int compare(struct comparison *of, struct problem *problem) {
  const uint32_t rounds = of->options->rounds;
  double *values = calloc((FORMS + 1) * (size_t)rounds, sizeof *values);
  double *ratios[FORMS], *ones = values;
  char text[100];
  if (!values)
    return problem_failure(problem, "out of memory");
  for (int f = 0; f < FORMS; f++)
    ratios[f] = values + (size_t)(f + 1) * rounds;
  for (uint32_t r = 0; r < rounds; r++)
    ones[r] = 1;
  int status = measure(of, ratios, problem);
  if (!status) {
    snprintf(text, sizeof text, "%s, %" PRIu32 " worker%s: blocks by blocks",
             of->kernel, of->workers, of->workers > 1 ? "s" : "");
    /* The equals come first: whether this machine shows 2% now. */
    bool equal =
        probe_print_gate(text, ratios[BLOCKS], ones, rounds, 0.98, 1.02, true);
    probe_print_gate("  by the time with the plain directive", ratios[TEXTBOOK],
                     ones, rounds, 0.98, 1.02, equal);
    fflush(stdout);
  }
  free(values);
  return status;
}

int probe_textbook(const struct probe_gates_options *options,
                   struct problem *problem) {
  static struct comparison of;
  const uint32_t most = options->machine->usable_cpus;
  of.options = options;
  interrupt_install();
  int status = ask_here(options->machine, of.program, of.cpus, problem);
  printf(
      "%s\nTime of a region in blocks by that of another form: medians of "
      "%" PRIu32 " processes with their 95%% intervals,\neach the median ratio "
      "of " PAIRS " pairs of regions of %.3g ms or more, on the same threads "
      "and memory.\n",
      build_text(), options->rounds, 1e3 * least_region_s);
  for (size_t k = 0; k < sizeof kernels / sizeof *kernels; k++)
    for (of.workers = 1; !status; of.workers = most) {
      of.kernel = kernels[k];
      status = compare(&of, problem);
      if (of.workers == most)
        break;
    }
  return status;
}
