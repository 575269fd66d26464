/* real.h: the functions of the OpenMP library that the program would have
 * called without the observer, by the module of whoever calls: libraries that
 * are opened for themselves (RTLD_LOCAL) may each have brought one of their
 * own. */
#ifndef CORESWEEP_OBSERVE_REAL_H
#define CORESWEEP_OBSERVE_REAL_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "bench/observe/observed.h"

/* X(name): whatever is called here of an OpenMP library. */
#define REAL_LOOP(X, kind)                                                     \
  X(GOMP_loop_##kind##_start)                                                  \
  X(GOMP_loop_##kind##_next)                                                   \
  X(GOMP_loop_ull_##kind##_start)                                              \
  X(GOMP_loop_ull_##kind##_next)
#define REAL_DOACROSS(X, kind)                                                 \
  X(GOMP_loop_doacross_##kind)                                                 \
  X(GOMP_loop_ull_doacross_##kind)
#define REAL_LOCK(X, kind)                                                     \
  X(omp_set_##kind)                                                            \
  X(omp_unset_##kind)                                                          \
  X(omp_test_##kind)
#define REAL_ALL(X)                                                            \
  X(omp_get_thread_num)                                                        \
  X(omp_get_num_threads)                                                       \
  X(GOMP_parallel)                                                             \
  X(GOMP_parallel_reductions)                                                  \
  X(GOMP_parallel_loop_static)                                                 \
  X(GOMP_parallel_loop_dynamic)                                                \
  X(GOMP_parallel_loop_guided)                                                 \
  X(GOMP_parallel_loop_runtime)                                                \
  X(GOMP_parallel_loop_nonmonotonic_dynamic)                                   \
  X(GOMP_parallel_loop_nonmonotonic_guided)                                    \
  X(GOMP_parallel_loop_nonmonotonic_runtime)                                   \
  X(GOMP_parallel_loop_maybe_nonmonotonic_runtime)                             \
  X(GOMP_parallel_sections)                                                    \
  X(GOMP_parallel_start)                                                       \
  X(GOMP_parallel_loop_static_start)                                           \
  X(GOMP_parallel_loop_dynamic_start)                                          \
  X(GOMP_parallel_loop_guided_start)                                           \
  X(GOMP_parallel_loop_runtime_start)                                          \
  X(GOMP_parallel_sections_start)                                              \
  X(GOMP_parallel_end)                                                         \
  REAL_LOOP(X, static)                                                         \
  REAL_LOOP(X, dynamic)                                                        \
  REAL_LOOP(X, guided)                                                         \
  REAL_LOOP(X, runtime)                                                        \
  REAL_LOOP(X, ordered_static)                                                 \
  REAL_LOOP(X, ordered_dynamic)                                                \
  REAL_LOOP(X, ordered_guided)                                                 \
  REAL_LOOP(X, ordered_runtime)                                                \
  REAL_LOOP(X, nonmonotonic_dynamic)                                           \
  REAL_LOOP(X, nonmonotonic_guided)                                            \
  REAL_LOOP(X, nonmonotonic_runtime)                                           \
  REAL_LOOP(X, maybe_nonmonotonic_runtime)                                     \
  X(GOMP_loop_start)                                                           \
  X(GOMP_loop_ordered_start)                                                   \
  X(GOMP_loop_ull_start)                                                       \
  X(GOMP_loop_ull_ordered_start)                                               \
  REAL_DOACROSS(X, static_start)                                               \
  REAL_DOACROSS(X, dynamic_start)                                              \
  REAL_DOACROSS(X, guided_start)                                               \
  REAL_DOACROSS(X, runtime_start)                                              \
  REAL_DOACROSS(X, start)                                                      \
  X(GOMP_loop_end)                                                             \
  X(GOMP_loop_end_cancel)                                                      \
  X(GOMP_sections_start)                                                       \
  X(GOMP_sections2_start)                                                      \
  X(GOMP_sections_next)                                                        \
  X(GOMP_sections_end)                                                         \
  X(GOMP_sections_end_cancel)                                                  \
  X(GOMP_barrier)                                                              \
  X(GOMP_barrier_cancel)                                                       \
  X(GOMP_single_copy_start)                                                    \
  X(GOMP_single_copy_end)                                                      \
  X(GOMP_workshare_task_reduction_unregister)                                  \
  X(GOMP_critical_start)                                                       \
  X(GOMP_critical_end)                                                         \
  X(GOMP_critical_name_start)                                                  \
  X(GOMP_critical_name_end)                                                    \
  X(GOMP_atomic_start)                                                         \
  X(GOMP_atomic_end)                                                           \
  X(GOMP_ordered_start)                                                        \
  X(GOMP_ordered_end)                                                          \
  REAL_LOCK(X, lock)                                                           \
  REAL_LOCK(X, nest_lock)                                                      \
  REAL_LOCK(X, lock_)                                                          \
  REAL_LOCK(X, nest_lock_)                                                     \
  X(GOMP_task)                                                                 \
  X(GOMP_taskwait)                                                             \
  X(GOMP_taskwait_depend)                                                      \
  X(GOMP_taskyield)                                                            \
  X(GOMP_taskgroup_end)                                                        \
  X(GOMP_taskloop)                                                             \
  X(GOMP_taskloop_ull)

#define REAL_INDEX(name) R_##name,
enum real { REAL_ALL(REAL_INDEX) REALS };

typedef void real_entry(void); /* of any type */

/* An OpenMP library's functions. */
struct binding {
  enum observed_runtime runtime; /* OBSERVED_NO_RUNTIME: there is none */
  bool gone;                     /* it was unloaded */
  real_entry *functions[REALS];  /* NULL: the library lacks it */
};

/* Which of them code between two addresses calls: a module's, of which a
 * program may have hundreds. */
struct range {
  atomic_uintptr_t begin, bytes; /* bytes: 0: none */
  const struct binding *binding;
};

enum { BINDINGS = 32, RANGES = 4096 };
extern struct range real_ranges[RANGES];

/* What code calls that is not in the first range. */
const struct binding *real_find(const void *code);

/* What code at that address calls.  Never NULL. */
static inline const struct binding *real_binding(const void *code) {
  const struct range *first = &real_ranges[0];
  uintptr_t offset = (uintptr_t)code -
                     atomic_load_explicit(&first->begin, memory_order_relaxed);
  if (offset < atomic_load_explicit(&first->bytes, memory_order_acquire))
    return first->binding;
  return real_find(code);
}

/* Something was unloaded: what was bound to it, or called from it, is bound
 * anew. */
void real_unloaded(void);
void real_forked(void);

/* The function, or the process's end where there is none to be called. */
real_entry *real_function(const struct binding *binding, enum real which);

#endif
