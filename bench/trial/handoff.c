#include "bench/trial/handoff.h"

#include "bench/trial/clock.h"

#include <limits.h>
#include <linux/futex.h>
#include <stddef.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static long futex(_Atomic uint32_t *word, int operation, uint32_t value,
                  const struct timespec *timeout) {
  return syscall(SYS_futex, word, operation, value, timeout, NULL, 0);
}

/* Whether the word changed while this spun. */
static bool spin(struct handoff *handoff, uint32_t value) {
  int64_t end_ns = clock_now_ns() + HANDOFF_SPIN_NS;
  do {
    for (int i = 0; i < HANDOFF_LOOKS; i++) {
      if (handoff_read(handoff) != value)
        return true;
      handoff_relax();
    }
  } while (clock_now_ns() < end_ns);
  return false;
}

void handoff_wait(struct handoff *handoff, uint32_t value, bool spins,
                  long slice_ns) {
  const struct timespec slice = {.tv_nsec = slice_ns};
  if (handoff_read(handoff) != value || (spins && spin(handoff, value)))
    return;
  /* The sleeper counts itself, then looks again: whoever changes the word
   * after that look sees the count, or the futex sees the change. */
  atomic_fetch_add(&handoff->sleepers, 1);
  if (atomic_load(&handoff->word) == value)
    futex(&handoff->word, FUTEX_WAIT, value, slice_ns ? &slice : NULL);
  atomic_fetch_sub(&handoff->sleepers, 1);
}

void handoff_wake(struct handoff *handoff) {
  atomic_thread_fence(memory_order_seq_cst);
  if (atomic_load(&handoff->sleepers) > 0)
    futex(&handoff->word, FUTEX_WAKE, INT_MAX, NULL);
}

void handoff_set(struct handoff *handoff, uint32_t value) {
  atomic_store(&handoff->word, value);
  handoff_wake(handoff);
}

void handoff_advance(struct handoff *handoff) {
  atomic_fetch_add(&handoff->word, 1);
  handoff_wake(handoff);
}
