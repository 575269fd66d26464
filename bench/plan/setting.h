/* setting.h: a kernel under given parameters.
 *
 *   KERNEL[/key=value,...]     cube   spin/serial=0.1 cube/preset=tutorial-5000
 */
#ifndef CORESWEEP_SETTING_H
#define CORESWEEP_SETTING_H

#include "bench/plan/problem.h"
#include "kernels/kernel.h"

enum { SETTING_PARAMS = 12, SETTING_TEXT = 1400 };

struct setting {
  const struct kernel *kernel;
  const struct kernel_preset *preset; /* NULL: none */
  struct param_value values[SETTING_PARAMS];
  char texts[SETTING_PARAMS][1100]; /* what values[k].text points to */
  bool given[SETTING_PARAMS];       /* typed by the user, not preset */
  char name[SETTING_TEXT];          /* canonical: "spin/serial=0.1" */
  char params[SETTING_TEXT];        /* all of them: "serial=0.1,chains=1" */
};

/* Reads a setting; parameters that are not named have the preset's value, or
 * the default.  The setting holds pointers into itself: do not copy it. */
int setting_parse(const char *text, struct setting *setting,
                  struct problem *problem);

/* Sets one parameter from "key=value" ("preset=NAME" included). */
int setting_set(struct setting *setting, const char *assignment,
                struct problem *problem);

/* What one item costs under these parameters. */
struct kernel_shape setting_shape(const struct setting *setting);

/* The number of items where nobody says: the preset's, or the kernel's. */
uint64_t setting_size(const struct setting *setting);

/* Whether the kernel takes these parameters with this size and input, and
 * whether input and output fit in `memory_bytes` (0: not checked). */
int setting_check(const struct setting *setting, uint64_t size,
                  const struct kernel_input *input, double memory_bytes,
                  struct problem *problem);

#endif
