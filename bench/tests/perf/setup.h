/* setup.h: the command line of a program here, and the machine it is on. */
#ifndef CORESWEEP_PERF_SETUP_H
#define CORESWEEP_PERF_SETUP_H

#include "bench/tests/perf/measure.h"

enum { SETUP_PATH = 4096 };

struct setup {
  const char *name;           /* of this program, for messages */
  char coresweep[SETUP_PATH]; /* --coresweep; as it is built next to this */
  const char *stampless;      /* --stampless; NULL: not given */
  uint32_t rounds;            /* --rounds */
  char folder[SETUP_PATH];    /* that this program lies in */
  char cpus[SETUP_PATH]; /* all of the machine, in the order in which workers
                            get them, as --cpus takes them */
  uint32_t usable_cpus;
};

/* Reads the command line, looks at the machine, and has interruptions
 * remembered.  `stampless`: whether that is an option here.  After --help ends
 * the program, and on what is wrong, with 2 (usage) or 1. */
void setup_read(int argc, char **argv, uint32_t rounds, bool stampless,
                struct setup *setup);

/* What the program ends with: `status`, with the problem on stderr unless it
 * is a signal's. */
int setup_status(const struct setup *setup, int status,
                 const struct problem *problem);

/* Begins a command: coresweep's trial of a kernel by a variant, so many items
 * of it, as JSON, on this machine's CPUs.  iterations: 0: not said. */
struct measure setup_trial(const struct setup *setup, const char *program,
                           const char *kernel, const char *variant,
                           uint32_t workers, uint64_t size,
                           uint32_t iterations);

#endif
