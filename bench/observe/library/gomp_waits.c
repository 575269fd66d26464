/* Entries of libgomp in which a thread waits: barriers, critical sections,
 * locks, one's turn. */
#include <stddef.h>

#include "bench/observe/library/gomp.h"

/* Types cannot stand in parentheses. NOLINTBEGIN(bugprone-macro-parentheses) */

/* ---- barriers ------------------------------------------------------------ */

#define BARRIER(name)                                                          \
  EXPORT void name(void);                                                      \
  void name(void) {                                                            \
    const struct binding *binding = real_binding(CALLER);                      \
    struct slot *slot = gomp_slot(binding);                                    \
    if (slot)                                                                  \
      team_barrier_begin(slot);                                                \
    REAL(binding, name)();                                                     \
    if (slot)                                                                  \
      team_barrier_end(slot);                                                  \
  }

#define BARRIER_WITH(type, name, arguments)                                    \
  const struct binding *binding = real_binding(CALLER);                        \
  struct slot *slot = gomp_slot(binding);                                      \
  if (slot)                                                                    \
    team_barrier_begin(slot);                                                  \
  type result = REAL(binding, name) arguments;                                 \
  if (slot)                                                                    \
    team_barrier_end(slot);                                                    \
  return result

#define BARRIER_CANCEL(name)                                                   \
  EXPORT bool name(void);                                                      \
  bool name(void) {                                                            \
    BARRIER_WITH(bool, name, ());                                              \
  }

BARRIER(GOMP_barrier)
BARRIER(GOMP_loop_end)
BARRIER(GOMP_sections_end)
BARRIER_CANCEL(GOMP_barrier_cancel)
BARRIER_CANCEL(GOMP_loop_end_cancel)
BARRIER_CANCEL(GOMP_sections_end_cancel)

/* Of single with copyprivate: NULL for the one that is to do it, the others
 * wait until it has. */
EXPORT void *GOMP_single_copy_start(void);
void *GOMP_single_copy_start(void) {
  const struct binding *binding = real_binding(CALLER);
  struct slot *slot = gomp_slot(binding);
  if (slot)
    team_single_begin(slot);
  void *copied = REAL(binding, GOMP_single_copy_start)();
  if (slot)
    team_single_end(slot, copied != NULL);
  return copied;
}

EXPORT void GOMP_single_copy_end(void *data);
void GOMP_single_copy_end(void *data) {
  const struct binding *binding = real_binding(CALLER);
  struct slot *slot = gomp_slot(binding);
  if (slot)
    team_barrier_begin(slot);
  REAL(binding, GOMP_single_copy_end)(data);
  if (slot)
    team_barrier_end(slot);
}

EXPORT void GOMP_workshare_task_reduction_unregister(bool cancelled);
void GOMP_workshare_task_reduction_unregister(bool cancelled) {
  const struct binding *binding = real_binding(CALLER);
  struct slot *slot = cancelled ? NULL : gomp_slot(binding);
  if (slot)
    team_barrier_begin(slot);
  REAL(binding, GOMP_workshare_task_reduction_unregister)(cancelled);
  if (slot)
    team_barrier_end(slot);
}

/* ---- critical sections and locks ----------------------------------------- */

static const char unnamed, atomics; /* as keys */

#define TAKE(name, key, arguments)                                             \
  const struct binding *binding = real_binding(CALLER);                        \
  struct slot *slot = gomp_slot(binding);                                      \
  uint64_t asked_ns = slot ? team_lock_asked() : 0;                            \
  REAL(binding, name) arguments;                                               \
  if (slot)                                                                    \
  team_lock_had(key, asked_ns)

#define LET_GO(name, key, arguments)                                           \
  const struct binding *binding = real_binding(CALLER);                        \
  struct slot *slot = gomp_slot(binding);                                      \
  REAL(binding, name) arguments;                                               \
  if (slot)                                                                    \
  team_lock_let_go(slot, key)

#define SECTION(start, end, key)                                               \
  EXPORT void start(void);                                                     \
  void start(void) {                                                           \
    TAKE(start, key, ());                                                      \
  }                                                                            \
  EXPORT void end(void);                                                       \
  void end(void) {                                                             \
    LET_GO(end, key, ());                                                      \
  }

#define LOCK(type, suffix, number)                                             \
  EXPORT void omp_set_##suffix(type lock);                                     \
  void omp_set_##suffix(type lock) {                                           \
    TAKE(omp_set_##suffix, lock, (lock));                                      \
  }                                                                            \
  EXPORT void omp_unset_##suffix(type lock);                                   \
  void omp_unset_##suffix(type lock) {                                         \
    LET_GO(omp_unset_##suffix, lock, (lock));                                  \
  }                                                                            \
  EXPORT number omp_test_##suffix(type lock);                                  \
  number omp_test_##suffix(type lock) {                                        \
    const struct binding *binding = real_binding(CALLER);                      \
    struct slot *slot = gomp_slot(binding);                                    \
    uint64_t asked_ns = slot ? team_lock_asked() : 0;                          \
    number had = REAL(binding, omp_test_##suffix)(lock);                       \
    if (slot && had)                                                           \
      team_lock_had(lock, asked_ns);                                           \
    return had;                                                                \
  }

SECTION(GOMP_critical_start, GOMP_critical_end, &unnamed)
SECTION(GOMP_atomic_start, GOMP_atomic_end, &atomics)
SECTION(GOMP_ordered_start, GOMP_ordered_end, observe_self.team)

/* Locks are only passed on: in C by pointer, and so by reference in Fortran. */
LOCK(void *, lock, int)
LOCK(void *, nest_lock, int)
LOCK(void *, lock_, int32_t)
LOCK(void *, nest_lock_, int32_t)

EXPORT void GOMP_critical_name_start(void **name);
void GOMP_critical_name_start(void **name) {
  TAKE(GOMP_critical_name_start, name, (name));
}

EXPORT void GOMP_critical_name_end(void **name);
void GOMP_critical_name_end(void **name) {
  LET_GO(GOMP_critical_name_end, name, (name));
}
/* NOLINTEND(bugprone-macro-parentheses) */
