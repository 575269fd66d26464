#include "bench/tests/fuzz/target.h"

#include <string.h>

const struct fuzz_target *const fuzz_targets[] = {
    &fuzz_analysis, &fuzz_csv,      &fuzz_machine,
    &fuzz_notation, &fuzz_observed, &fuzz_plan,
    &fuzz_records,  &fuzz_run,      NULL};

const struct fuzz_target *fuzz_find(const char *name) {
  for (size_t i = 0; fuzz_targets[i]; i++)
    if (strcmp(fuzz_targets[i]->name, name) == 0)
      return fuzz_targets[i];
  return NULL;
}
