/* look.h: a look at who else uses the CPUs, before anything is measured on
 * them: load, steal, and what quotas take. */
#ifndef CORESWEEP_LOOK_H
#define CORESWEEP_LOOK_H

#include "bench/record/environment.h"

struct noise_cpu;

/* A look that goes on. */
struct look {
  const char *root;
  int *cpus;               /* [count], owned */
  struct noise_cpu *noise; /* [count], of each as it began; owned */
  size_t count;
  double throttled_s;
  int64_t begin_ns;
};

/* Begins to look at the CPUs that a run with all usable CPUs is bound to; with
 * BIND_NONE, at all that it may run on.  root: a prefix to every path, "" for
 * the real machine; borrowed.  now_ns: of any clock.  Cannot fail. */
struct look look_begin(const char *root, const struct machine *machine,
                       enum bind bind, int64_t now_ns);

/* Ends it, and fills the members look_... of the environment, null so far; what
 * the system does not tell stays so, and all where no time has passed.  This
 * process and its children have used no CPU meanwhile: all that was used,
 * others did.  Cannot fail. */
void look_end(struct look *look, int64_t now_ns,
              struct environment *environment);

/* Both, and sleeps for look_s in between; where a signal ends that, nothing was
 * seen. */
void look_around(const struct machine *machine, enum bind bind, double look_s,
                 struct environment *environment);

/* CPUs that others kept busy, of those that were looked at; NAN: not told. */
double look_busy_cpus(const struct environment *environment);

/* Of two looks before one run the one that saw less left for it is kept: takes
 * `later`'s members look_... over and returns true where that is `later`. */
bool look_keep_busier(struct environment *kept, struct environment *later);

#endif
