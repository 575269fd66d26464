/* workload_options.h: the options that say what is computed, for trial and
 * dump. */
#ifndef CORESWEEP_WORKLOAD_OPTIONS_H
#define CORESWEEP_WORKLOAD_OPTIONS_H

#include "bench/commands/options.h"
#include "bench/plan/workload.h"
#include "bench/trial/items.h"

enum { WORKLOAD_OPTIONS_PARAMS = 32 };

struct workload_options {
  /* as typed */
  const char *kernel, *input;
  const char *params[WORKLOAD_OPTIONS_PARAMS];
  size_t param_count;
  uint64_t seed, size_asked;
  bool size_given;
  /* resolved */
  struct workload workload;
  struct items items;
  uint64_t size;
};

enum { WORKLOAD_OPTIONS_SEED = 1 }; /* where nobody says */

/* They set a struct workload_options. */
extern const struct option_spec workload_option_list[];

/* Resolves and checks what was typed.  what: the command's name.  timeout_s:
 * past it, items that are not read yet end the process, in the words of
 * watch.h: nobody may write them.  0, or the problem; release with
 * workload_options_free in every case. */
int workload_options_resolve(struct workload_options *workload,
                             const char *what, double timeout_s,
                             struct problem *problem);
void workload_options_free(struct workload_options *workload);

/* The input for a trial: NULL when the items are drawn from the seed. */
const struct kernel_input *
workload_options_input(const struct workload_options *workload);

#endif
