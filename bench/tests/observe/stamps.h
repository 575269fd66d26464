/* stamps.h: the observer's clock, and time that passes, for programs that stamp
 * themselves.  C, and C++ as well. */
#ifndef CORESWEEP_OBSERVE_STAMPS_H
#define CORESWEEP_OBSERVE_STAMPS_H

#include <stdint.h>
#include <time.h>

/* ns of CLOCK_MONOTONIC. */
static inline uint64_t now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

/* Works for so long. */
static inline void spin(int us) {
  uint64_t end = now() + (uint64_t)us * 1000;
  while (now() < end)
    continue;
}

#endif
