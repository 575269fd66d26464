/* workload.h: the options that say what is computed, for trial and dump. */
#ifndef CORESWEEP_WORKLOAD_H
#define CORESWEEP_WORKLOAD_H

#include "bench/commands/options.h"
#include "bench/plan/setting.h"
#include "bench/trial/items.h"

enum { WORKLOAD_PARAMS = 32 };

struct workload {
  /* as typed */
  const char *kernel, *input;
  const char *params[WORKLOAD_PARAMS];
  size_t param_count;
  uint64_t seed, size_asked;
  bool size_given;
  /* resolved */
  struct setting setting;
  struct items items;
  uint64_t size;
};

enum { WORKLOAD_SEED = 1 }; /* where nobody says */

/* They set a struct workload. */
extern const struct option_spec workload_option_list[];

/* Resolves and checks what was typed.  0, or the problem; release with
 * workload_free in every case. */
int workload_resolve(struct workload *workload, struct problem *problem);
void workload_free(struct workload *workload);

/* The input for a trial: NULL when the items are drawn from the seed. */
const struct kernel_input *workload_input(const struct workload *workload);

#endif
