/* energy.h: the energy that the processors took, as they count it (RAPL).
 *
 * It is that of whole packages, with all that runs on them, and moves about
 * every millisecond.  Often there is none, or root alone may read it. */
#ifndef CORESWEEP_ENERGY_H
#define CORESWEEP_ENERGY_H

#include <stdint.h>

enum { ENERGY_PACKAGES = 32 };

/* The packages, and where their counters begin again from 0. */
struct energy {
  const char *root; /* borrowed */
  uint32_t count;
  int zones[ENERGY_PACKAGES]; /* their numbers */
  double range_uj[ENERGY_PACKAGES];
};

/* What the counters of the packages say. */
struct energy_reading {
  double uj[ENERGY_PACKAGES];
};

/* Looks for them below a root ("" for the real machine), none where one of them
 * cannot be read.  Cannot fail.
 * Source: Linux Documentation/power/powercap/powercap.rst. */
struct energy energy_find(const char *root);

/* Reads them all.  Cannot fail: what cannot be read is NAN. */
struct energy_reading energy_read(const struct energy *energy);

/* Joules from one reading to the next, in which no counter began again twice;
 * NAN: not told, or no packages. */
double energy_between_j(const struct energy *energy,
                        const struct energy_reading *before,
                        const struct energy_reading *after);

#endif
