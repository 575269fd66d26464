/* identity.h: what must be the same for a run to be gone on with: the program
 * and the machine, as names with values. */
#ifndef CORESWEEP_IDENTITY_H
#define CORESWEEP_IDENTITY_H

#include "bench/plan/json_read.h"
#include "bench/plan/machine.h"
#include "bench/plan/problem.h"

#include <jansson.h>

enum identity_fact {
  IDENTITY_PROGRAM, /* a digest of its file */
  IDENTITY_VERSION,
  IDENTITY_EXECUTOR, /* who runs the trials: "real", or a made-up machine */
  IDENTITY_CPU_MODEL,
  IDENTITY_SYSTEM, /* kernel and its release */
  IDENTITY_USABLE_CPUS,
  IDENTITY_AFFINITY,  /* the CPUs of the affinity mask, "0-3" */
  IDENTITY_OPENMP,    /* OMP_*, GOMP_* and KMP_* settings, as in settings.h */
  IDENTITY_COMMANDS,  /* the files of somebody else's programs, with digests */
  IDENTITY_LIBRARIES, /* HWLOC_*, LD_* and MALLOC_* settings */
  IDENTITY_FACTS
};

struct identity {
  char *values[IDENTITY_FACTS]; /* owned; NULL: not known */
};

/* What the caller knows of the machine already; NULL: not known. */
struct identity_source {
  const struct machine *machine;
  const char *executor, *cpu_model, *system, *commands;
};

/* A digest of the file, as hexadecimal digits; "": it cannot be read. */
void identity_digest(const char *path, char text[static 24]);

/* Looks at the program and at the environment's workloads.  Release with
 * identity_free.  0, or PROBLEM_FAILURE. */
int identity_gather(const struct identity_source *source,
                    struct identity *identity, struct problem *problem);
void identity_free(struct identity *identity);

/* 0 when `here` is what `then` was; PROBLEM_USAGE, with the name of the first
 * fact that differs and both its values. */
int identity_compare(const struct identity *then, const struct identity *here,
                     struct problem *problem);

/* The same of two runs on machines of one kind, which need not have given them
 * CPUs of the same numbers. */
int identity_compare_kind(const struct identity *one,
                          const struct identity *other,
                          struct problem *problem);

/* As an object of texts and nulls; and back, from the reader's member
 * "identity", to be released with identity_free. */
json_t *identity_json(const struct identity *identity);
void identity_read(struct json_reader *reader, struct identity *identity);

#endif
