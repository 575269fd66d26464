/* kernel.h: the contract that a kernel fulfils.
 *
 * A kernel is a data-parallel computation over `size` items.  One file in
 * kernels/ is one kernel; `kernels/cube.c` defines `const struct kernel
 * kernel_cube`, and the build finds it by that name.  A kernel includes
 * nothing of bench/: it says WHAT is computed, the harness says HOW.  README.md
 * here tells more.
 *
 * The harness owns all memory.  Whatever `create` needs comes from the
 * allocator, is zeroed, and is released after the trial; the output array is
 * the harness's as well (shared between processes, where they share). */
#ifndef CORESWEEP_KERNEL_H
#define CORESWEEP_KERNEL_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#define KERNEL_NO_HIT UINT64_MAX

/* The widest integer vectors that the compiler was told of, in bytes, up to a
 * cache line.  SVE's are as wide as the machine makes them: only
 * -msve-vector-bits= tells the compiler; without it they are NEON's.  What the
 * machine has is read when the program runs (bench/plan/vectors.h). */
#if defined __AVX512F__
#define KERNEL_VECTOR_BYTES 64
#elif defined __AVX2__
#define KERNEL_VECTOR_BYTES 32
#elif defined __ARM_FEATURE_SVE_BITS && __ARM_FEATURE_SVE_BITS >= 512
#define KERNEL_VECTOR_BYTES 64
#elif defined __ARM_FEATURE_SVE_BITS && __ARM_FEATURE_SVE_BITS >= 256
#define KERNEL_VECTOR_BYTES 32
#else
#define KERNEL_VECTOR_BYTES 16
#endif

enum { KERNEL_WORKERS = 4096 }; /* the most that a team has */

enum param_type {
  PARAM_INTEGER, /* decimal; limits in low and high */
  PARAM_REAL,    /* decimal; limits in least and most */
  PARAM_WORD,    /* one of `words` */
  PARAM_TEXT,    /* UTF-8 that can be printed; its length in bytes in
                    low..high */
};

/* One parameter, as `coresweep list` shows it and as the harness parses it.
 * Name, default, help and the limits of its type are required. */
struct param_spec {
  const char *name;
  enum param_type type;
  const char *initial; /* the default, as a user would type it, but for the
                          quotes of a text */
  int64_t low, high;   /* inclusive: the value, or a text's length */
  double least, most;  /* inclusive: a real's value */
  const char *words;   /* "random|sorted" */
  const char *help;    /* a few words, with the unit */
};

/* A parsed value; parameter k of a kernel is params[k]. */
struct param_value {
  int64_t integer;  /* the value, or the index of a word */
  double real;      /* the value of a real */
  const char *text; /* the value as typed; lives as long as the trial */
};

/* Items read from a CSV file: rows x columns integers, row by row. */
struct kernel_input {
  uint64_t rows;
  uint32_t columns;
  const int64_t *values;
  uint64_t first_line; /* of the file: where row 0 is, for messages */
};

/* What one item costs under given parameters. */
struct kernel_shape {
  double input_bytes;     /* read per item */
  size_t output_bytes;    /* of the output array, per item */
  double operations;      /* arithmetic operations (or calls) per item */
  uint64_t grain;         /* items a sensible chunk holds, 1 or more; the
                             harness rounds it up to whole batches */
  uint64_t batch;         /* items that `run` does at a time, as in vectors: a
                             chunk that cuts one costs more; 0: 1 */
  uint32_t operand_bytes; /* of the numbers in those; 0: 8 */
  bool stops_early;       /* a search: how much work there is depends on luck */
  bool whole_input;       /* items depend on each other, as sorted ones do: the
                             input can't be built in parts */
};

/* Why something was refused, or what differed: one line, no full stop.  It
 * names the thing, what was wrong with it, and what would be right. */
struct kernel_problem {
  char text[256];
};

/* What a worker found besides its part of the output array. */
struct partial {
  uint64_t sum;
  uint64_t count;
  uint64_t lowest_hit; /* item index; KERNEL_NO_HIT for none */
};

/* A named workload.  All but `input` and `answer` are required. */
struct kernel_preset {
  const char *name;
  const char *help;
  const char *params; /* "letters=8,digits=1" or "" */
  uint64_t size;      /* items, 1 or more */
  const char *input;  /* CSV as --input takes it; NULL: from the seed */
  /* What is known of its result under seed 1, published or found by a program
   * of its own; every test run compares.  NULL: nothing. */
  const struct kernel_answer *answer;
};

/* A known result. */
struct kernel_answer {
  const char *source;   /* who says so */
  struct partial total; /* after `finish` */
  const char *output;   /* its first items, as `dump` writes them, each with its
                           end of line; NULL: not known */
};

/* Shared by all workers, of whatever kind, during one region.  A search
 * stores a hit here when it is lower than what it holds; `run` looks once per
 * grain, and the harness skips chunks that begin above it.  The harness sets
 * it to KERNEL_NO_HIT before each region. */
struct kernel_control {
  _Atomic uint64_t lowest_hit;
};

/* Gives zeroed memory, aligned to 64 bytes, or NULL.  Never freed by kernels.
 */
struct kernel_allocator {
  void *(*allocate)(struct kernel_allocator *self, size_t bytes);
};

/* What a trial asks of a kernel. */
struct kernel_request {
  const struct param_value *params; /* in the order of kernel.params */
  uint64_t size;                    /* items */
  uint64_t seed;
  const struct kernel_input *input; /* NULL: build the items from the seed */
  struct kernel_control *control;   /* lives as long as the state */
  struct kernel_allocator *allocator;
  struct kernel_allocator *shared; /* memory that all workers share, always */
};

/* Items as CSV: a header line without its end, then items without theirs.
 * Header and item go together; input or output may be left out. */
struct kernel_csv {
  void (*input_header)(const void *state, FILE *out);
  void (*input_item)(const void *state, uint64_t item, FILE *out);
  const char *output_header;
  void (*output_item)(const void *state, const void *output, uint64_t item,
                      FILE *out);
};

/* The descriptor.  It is checked when the program starts: where a required
 * member is missing or makes no sense, the program names it and ends. */
struct kernel {
  /* --- required ---------------------------------------------------------- */

  const char *name;   /* as typed: letters, digits, '_', '-'; its own alone */
  const char *title;  /* as a chart's title begins: "Cube mapping" */
  const char *item;   /* what one item is: "row" */
  const char *items;  /* and many: "rows" */
  const char *source; /* where the workload comes from */
  struct kernel_shape shape; /* under default parameters; grain is required */
  uint64_t size;             /* items where nobody says, 1 or more */

  /* Allocates the state for all `size` items, and prepares what is small;
   * everything, where `fill` is NULL.  A pure function of the request.  Returns
   * the state, or NULL when the allocator gave nothing. */
  void *(*create)(const struct kernel_request *request);

  /* Does the items [begin, end): writes output items begin..end-1 and adds to
   * *partial.  Reads nothing that another worker writes but the control. */
  void (*run)(const void *state, void *output, uint64_t begin, uint64_t end,
              struct partial *partial);

  /* Checks the whole result by another way than `run` found it.  Returns true,
   * or false with what differed: kernel, place, and by how much. */
  bool (*verify)(const void *state, const void *output,
                 const struct partial *total, struct kernel_problem *problem);

  /* --- left out by most kernels, 0 or NULL ------------------------------- */

  const struct param_spec *params;     /* ends with a NULL name */
  const struct kernel_preset *presets; /* ends with a NULL name */

  /* The shape under these parameters; NULL: always `shape`. */
  void (*reshape)(const struct param_value *params, struct kernel_shape *shape);

  /* The share of a serial program's work that the kernel leaves to `finish`
   * under these parameters, in 0..1, for kernels that are made to have one: it
   * is a control of the measured one.  NAN: none is made.  NULL: never. */
  double (*serial_fraction)(const struct param_value *params);

  /* Whether these parameters, this size and this input go together and every
   * result fits.  Cheap: it builds nothing and ignores allocator and control.
   * The harness has checked each value against its spec by then.
   * Returns true, or false with the problem.  NULL: they always do. */
  bool (*check)(const struct kernel_request *request,
                struct kernel_problem *problem);

  /* Builds the input items [begin, end) in the state that `create` gave for
   * the same request, and touches no other item: item i depends on (seed, i)
   * alone, or on row i of the input, so any part can be built by anyone, in
   * any order, and several parts at once.  create and one fill of all are the
   * serial set-up, timed as such; workers without common memory build what
   * they work on.  Where shape.whole_input, it is only called for all.  NULL:
   * `create` did it. */
  void (*fill)(void *state, const struct kernel_request *request,
               uint64_t begin, uint64_t end);

  /* Instead of `run`, where the point is what workers share: it is told which
   * worker it is, in [0, KERNEL_WORKERS). */
  void (*run_as)(const void *state, void *output, uint64_t begin, uint64_t end,
                 struct partial *partial, uint32_t worker);

  /* Makes what workers share ready for a region; untimed.  NULL: nothing. */
  void (*reset)(void *state);

  /* Combines; serial, timed.  NULL: the harness adds the partials up with
   * partial_combine. */
  void (*finish)(const void *state, void *output,
                 const struct partial *partials, uint32_t workers,
                 struct partial *total);

  /* All `size` items by the plain directive on the kernel's own loop, as a
   * student would write it: `omp parallel for schedule(static)`, with a
   * reduction into *total where one is needed.  Gives what `run` gives.  It is
   * the control of the execution models; only `textbook` uses it. */
  void (*textbook)(const void *state, void *output, uint64_t size,
                   struct partial *total);

  struct kernel_csv csv; /* what `dump` writes and --input reads */
  bool waits;            /* sleeps instead of computing */
  bool meter; /* measures the machine, for `probe`: left out where kernels are
                 named */
};

/* The random word i of a seed: splitmix64's output function over a counter,
 * so that any item can be drawn by itself.
 * Source: Steele, Lea, Flood, "Fast splittable pseudorandom number
 * generators", OOPSLA 2014 (mix64variant13 over a Weyl sequence). */
static inline uint64_t kernel_random(uint64_t seed, uint64_t i) {
  uint64_t z = seed + (i + 1) * UINT64_C(0x9E3779B97F4A7C15);
  z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
  z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
  return z ^ (z >> 31);
}

/* A random integer in [0, bound), bound >= 1.
 * Source: Lemire, "Fast random integer generation in an interval", ACM TOMACS
 * 29(1), 2019, without its rejection step: the bias is below bound / 2^64. */
static inline uint64_t kernel_random_below(uint64_t seed, uint64_t i,
                                           uint64_t bound) {
  __extension__ typedef unsigned __int128 wide;
  return (uint64_t)(((wide)kernel_random(seed, i) * bound) >> 64);
}

/* Adds up the partials of all workers: sums and counts (modulo 2^64), and the
 * lowest of the hits.  Cannot fail. */
static inline struct partial partial_combine(const struct partial *partials,
                                             uint32_t workers) {
  struct partial total = {.lowest_hit = KERNEL_NO_HIT};
  for (uint32_t w = 0; w < workers; w++) {
    total.sum += partials[w].sum;
    total.count += partials[w].count;
    if (partials[w].lowest_hit < total.lowest_hit)
      total.lowest_hit = partials[w].lowest_hit;
  }
  return total;
}

#endif
