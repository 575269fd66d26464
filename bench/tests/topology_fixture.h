/* topology_fixture.h: machines that we have not got, from hwloc's synthetic
 * notation.  For test programs that include cmocka. */
#ifndef CORESWEEP_TESTS_TOPOLOGY_FIXTURE_H
#define CORESWEEP_TESTS_TOPOLOGY_FIXTURE_H

#include "bench/plan/cpulist.h"
#include "bench/plan/topology.h"

#include <stdlib.h>

/* affinity, slow: lists of CPUs; NULL: all of them, none. */
static inline void topology_load(const char *description, const char *affinity,
                                 const char *slow, struct topology *topology) {
  int affine_cpus[64], slow_cpus[64];
  char message[256];
  struct topology_fake fake = {.affinity = affine_cpus, .slow = slow_cpus};
  if (affinity)
    fake.affinity_count =
        (size_t)cpulist_parse(affinity, affine_cpus, 64, NULL, 0);
  if (slow)
    fake.slow_count = (size_t)cpulist_parse(slow, slow_cpus, 64, NULL, 0);
  if (topology_from_synthetic(description, &fake, topology, message,
                              sizeof message) != 0)
    fail_msg("%s", message);
}

#endif
