/* vectors.h: how wide the machine's vectors are, and whether this program was
 * built for wider ones.  Those it was built for are KERNEL_VECTOR_BYTES. */
#ifndef CORESWEEP_VECTORS_H
#define CORESWEEP_VECTORS_H

#include "bench/plan/problem.h"

#include <stdbool.h>

/* Bytes of the widest vectors that this process may use; 0: not told.  SVE's
 * are as wide as the machine, or its administrator, makes them.  Cannot fail.
 */
int vectors_machine_bytes(void);

/* What prctl(PR_SVE_GET_VL) told, or -1 with errno: bytes of SVE's vectors;
 * 16, NEON's, where the system has no SVE (EINVAL); 0: not told. */
int vectors_sve_bytes(int told, int error);

/* Whether a program for vectors of `built` bytes works where they have
 * `machine` (0: not told).  fixed: built for that width alone
 * (-msve-vector-bits).  0, or the usage problem. */
int vectors_check(int built, bool fixed, int machine, struct problem *problem);

/* The same of this program, here. */
int vectors_check_here(struct problem *problem);

#endif
