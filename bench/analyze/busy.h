/* busy.h: who else used the CPUs that a run was measured on. */
#ifndef CORESWEEP_BUSY_H
#define CORESWEEP_BUSY_H

#include "bench/record/environment.h"

/* A sentence: what share of which CPUs others used, the hypervisor gave away or
 * a quota took, in the look before the first trial; what others used of those
 * in use while trials ran (others_cpus: CPUs, on the whole machine; NAN: not
 * told, or not yet); and what to do.  Owned; NULL: the machine was quiet or
 * does not tell, or no memory. */
char *busy_sentence(const struct environment *environment, double others_cpus);

#endif
