/* textbook: regions in the blocks of items that coresweep hands out, beside
 * the plain directive on a kernel's own loop, by one worker and by one per
 * usable CPU (`make rooflines`).
 * usage: textbook [OPTION...]       (--help)
 *
 * Exits with 1 where a limit is missed for sure. */
#include "bench/plan/workload.h"
#include "bench/record/record.h"
#include "bench/tests/perf/gate.h"
#include "bench/tests/perf/setup.h"
#include "bench/trial/memory.h"

#include <inttypes.h>
#include <stdio.h>

/* A process does so many blocks: regions of each form in turns, on the same
 * threads and the same memory. */
enum { ROUNDS = 20, BLOCKS = 16, BLOCKS_FIRST = 3 };

/* A region that takes this long shows 2% as a hundred microseconds, which are
 * far more than starting it costs. */
static const double least_region_s = 5e-3;

static const char *const kernels[] = {"cube", "rowcount", "rangesum", "adler32",
                                      "spin"};
enum { KERNELS = sizeof kernels / sizeof *kernels };

/* A kernel at a worker count gives two measures.  The blocks beside themselves
 * come first: how far equals are from 1 tells whether this machine shows 2%
 * now. */
enum { FORMS = 2, MEASURES = FORMS * KERNELS * 2 };
static const char *const forms[FORMS] = {"omp:static", "textbook"};

static struct measure beside(const struct setup *s, const char *kernel,
                             const char *form, uint32_t workers, uint64_t size,
                             uint32_t blocks) {
  struct measure m =
      setup_trial(s, s->coresweep, kernel, form, workers, size, 0);
  measure_word(&m, "--beside=%s", forms[0]);
  measure_word(&m, "--blocks=%" PRIu32, blocks);
  m.key = "turns_ratio";
  return m;
}

/* Doubles the size until a region of blocks takes as long as it should. */
static int calibrate(const struct setup *s, const char *kernel,
                     uint32_t workers, uint64_t *size,
                     struct problem *problem) {
  struct workload workload;
  int status = workload_parse(kernel, &workload, problem);
  if (status)
    return status;
  struct kernel_shape shape = workload_shape(&workload);
  double item_bytes = shape.input_bytes + (double)shape.output_bytes;
  double most_bytes = memory_available_bytes() / 8;
  for (*size = workload.kernel->size / 64 + 1;; *size *= 2) {
    double region_s = 0;
    struct measure m =
        beside(s, kernel, forms[0], workers, *size, BLOCKS_FIRST);
    m.key = "region_s";
    status = measure_once(&m, &region_s, problem);
    gate_measure_free(&m);
    if (status || region_s >= least_region_s)
      return status;
    if (most_bytes > 0 && 2 * (double)*size * item_bytes > most_bytes)
      return problem_failure(problem,
                             "%s: %" PRIu64 " items take %.2g s, and twice as "
                             "many an eighth of the memory; %.2g s are needed",
                             kernel, *size, region_s, least_region_s);
  }
}

struct comparisons {
  struct measure measures[MEASURES];
  struct gate gates[MEASURES];
  char texts[MEASURES][100];
  size_t count;
};

static void add(struct comparisons *c, const char *kernel, uint32_t workers,
                int form, struct measure measure) {
  size_t at = c->count++;
  if (form == 0)
    snprintf(c->texts[at], sizeof c->texts[at],
             "%s, %" PRIu32 " worker%s: blocks by blocks", kernel, workers,
             workers > 1 ? "s" : "");
  else
    snprintf(c->texts[at], sizeof c->texts[at],
             "  by the time with the plain directive");
  c->measures[at] = measure;
  c->measures[at].joined = c->gates[at].leans = form > 0;
  c->gates[at].above = at;
  c->gates[at].below = GATE_RATIO;
  c->gates[at].least = 0.98;
  c->gates[at].most = 1.02;
  c->gates[at].text = c->texts[at];
}

static int list_comparisons(const struct setup *s, struct comparisons *c,
                            struct problem *problem) {
  const uint32_t counts[] = {1, s->usable_cpus};
  int status = PROBLEM_NONE;
  for (int k = 0; k < KERNELS; k++)
    for (int w = 0; !status && w < (s->usable_cpus > 1 ? 2 : 1); w++) {
      uint64_t size = 0;
      status = calibrate(s, kernels[k], counts[w], &size, problem);
      for (int f = 0; !status && f < FORMS; f++)
        add(c, kernels[k], counts[w], f,
            beside(s, kernels[k], forms[f], counts[w], size, BLOCKS));
    }
  return status;
}

int main(int argc, char **argv) {
  static struct setup setup;
  static struct comparisons c;
  struct problem problem = {""};
  setup_read(argc, argv, ROUNDS, false, &setup);
  int status = list_comparisons(&setup, &c, &problem);
  if (!status)
    status = measure_rounds(c.measures, c.count, setup.rounds, &problem);
  if (status) {
    status = setup_status(&setup, status, &problem);
  } else {
    printf("%s\nTime of a region in blocks by that of another form: medians of "
           "%" PRIu32 " processes with their 95%% intervals,\neach the median "
           "ratio of %d blocks of regions of %.3g ms or more, in turns on the "
           "same threads and memory.\n",
           build_text(), setup.rounds, BLOCKS, 1e3 * least_region_s);
    status = gate_status(
        setup.name, gate_print(c.gates, c.count, c.measures, setup.rounds));
  }
  for (size_t i = 0; i < c.count; i++)
    gate_measure_free(&c.measures[i]);
  return status;
}
