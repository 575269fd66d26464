/* workload.h: a kernel under given parameters.
 *
 *   KERNEL[/key=value,...]     cube   spin/serial=0.1 cube/preset=tutorial-5000
 *
 * Every kernel takes repeat=R besides its own parameters: its program does the
 * region R times, the first of them cold.
 *
 * Values stand in double quotes where they need them: see notation.h. */
#ifndef CORESWEEP_WORKLOAD_H
#define CORESWEEP_WORKLOAD_H

#include "bench/plan/problem.h"
#include "kernels/kernel.h"

enum {
  WORKLOAD_PARAMS = 12,
  WORKLOAD_VALUE = 1100, /* bytes of one value */
  WORKLOAD_TEXT = 2400,  /* of a name: one value, all of it to be escaped */
  WORKLOAD_REPEAT = 1000 /* the most regions of a program */
};

struct program;

struct workload {
  const struct kernel *kernel;
  const struct kernel_preset *preset; /* NULL: none */
  struct param_value values[WORKLOAD_PARAMS];
  char texts[WORKLOAD_PARAMS]
            [WORKLOAD_VALUE];    /* what values[k].text points to */
  bool given[WORKLOAD_PARAMS];   /* typed by the user, not preset */
  uint32_t repeat;               /* of the region in a program; 0: not said */
  char name[WORKLOAD_TEXT];      /* canonical: "spin/serial=0.1"; read again, it
                                    is the same workload under the same name */
  char params[WORKLOAD_TEXT];    /* all of the kernel's own:
                                    "serial=0.1,chains=1" */
  const struct program *program; /* borrowed; NULL: a kernel */
};

/* Reads a workload, printable UTF-8; parameters that are not named have the
 * preset's value, or the default.  The workload holds pointers into itself: do
 * not copy it. */
int workload_parse(const char *text, struct workload *workload,
                   struct problem *problem);

/* The kernel's defaults, and over them what a preset of it says (NULL: none),
 * which may name no parameter that the kernel lacks.  0, or the problem. */
int workload_begin(struct workload *workload, const struct kernel *kernel,
                   const struct kernel_preset *preset, struct problem *problem);

/* Sets one parameter from "key=value" ("preset=NAME" included). */
int workload_set(struct workload *workload, const char *assignment,
                 struct problem *problem);

/* Whether two workloads differ in `repeat` at most, by their names.  Cannot
 * fail. */
bool workload_same_region(const struct workload *a, const struct workload *b);

/* What one item costs under these parameters.  The grain holds whole batches,
 * and the batch is 1 or more. */
struct kernel_shape workload_shape(const struct workload *workload);

/* Whether it reads and writes a byte or more for every operation: what it takes
 * is what its memory takes, and what is in a cache counts. */
bool workload_moves_memory(const struct workload *workload);

/* The number of items where nobody says: the preset's, or the kernel's. */
uint64_t workload_size(const struct workload *workload);

/* Whether the kernel takes these parameters with this size and input, and
 * whether input and output fit in `memory_bytes` (0: not checked). */
int workload_check(const struct workload *workload, uint64_t size,
                   const struct kernel_input *input, double memory_bytes,
                   struct problem *problem);

#endif
