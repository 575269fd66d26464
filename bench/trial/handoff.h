/* handoff.h: waiting for a word in shared memory to change, and changing it.
 *
 * A waiter spins for a while where it may, and then sleeps on a futex.  The
 * one who changes the word makes no system call while nobody sleeps. */
#ifndef CORESWEEP_HANDOFF_H
#define CORESWEEP_HANDOFF_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

/* A word that is waited for, in a pair of cache lines of its own. */
struct handoff {
  _Alignas(128) _Atomic uint32_t word;
  _Atomic uint32_t sleepers;
};

enum {
  HANDOFF_SPIN_NS = 50000, /* how long to spin before sleeping, where one may */
  HANDOFF_LOOKS = 64,      /* at the word between looks at the clock */
};

/* Waits until the word is not `value`, or for about slice_ns (0: for ever; it
 * may also return early).  spins: whether a CPU is left over to spin on. */
void handoff_wait(struct handoff *handoff, uint32_t value, bool spins,
                  long slice_ns);

/* Wakes those that sleep; to be called after every change. */
void handoff_wake(struct handoff *handoff);

/* Sets the word, or adds to it, and wakes. */
void handoff_set(struct handoff *handoff, uint32_t value);
void handoff_advance(struct handoff *handoff);

/* The word, with everything that was written before it was set. */
static inline uint32_t handoff_read(struct handoff *handoff) {
  return atomic_load_explicit(&handoff->word, memory_order_acquire);
}

/* Between two looks: leaves the core to its other hardware thread. */
static inline void handoff_relax(void) {
#if defined __x86_64__ || defined __i386__
  __builtin_ia32_pause();
#elif defined __aarch64__
  __asm__ volatile("yield");
#endif
}

#endif
