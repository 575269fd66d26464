/* target.h: what is fuzzed: a reader of the program, and all that the program
 * does with what it has read, so that what breaks behind the reader is found as
 * well.  `make fuzz` feeds targets with what libFuzzer thinks of, `make test`
 * with the files of corpus/NAME/. */
#ifndef CORESWEEP_FUZZ_TARGET_H
#define CORESWEEP_FUZZ_TARGET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct fuzz_target {
  const char *name;
  bool json; /* JSON, or a line of it each: fields are changed, not bytes */
  /* Reads the bytes, whatever they are, and goes on with what was read.
   * Returns whether the reader took them.  Ends the program by fuzz_fail, a
   * signal or a sanitizer where something is wrong. */
  bool (*run)(const uint8_t *data, size_t size);
};

extern const struct fuzz_target fuzz_analysis, fuzz_csv, fuzz_machine,
    fuzz_notation, fuzz_observed, fuzz_plan, fuzz_records, fuzz_run;

/* All of them; ends with NULL. */
extern const struct fuzz_target *const fuzz_targets[];

/* NULL: there is none of that name. */
const struct fuzz_target *fuzz_find(const char *name);

#endif
