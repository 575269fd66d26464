/* Entries of libgomp that hand out chunks and sections. */
#include <stddef.h>

#include "bench/observe/library/gomp.h"

typedef unsigned long long ull;

/* Types cannot stand in parentheses. NOLINTBEGIN(bugprone-macro-parentheses) */

/* The first chunk is always timed: the loop is prepared. */
#define FIRST(name, ...)                                                       \
  const struct binding *binding = real_binding(CALLER);                        \
  struct slot *slot = gomp_slot(binding);                                      \
  if (!slot)                                                                   \
    return REAL(binding, name)(__VA_ARGS__);                                   \
  team_chunks_begin(slot);                                                     \
  bool had = REAL(binding, name)(__VA_ARGS__);                                 \
  team_chunk_end(slot, had);                                                   \
  return had

#define NEXT(type, name, ...)                                                  \
  const struct binding *binding = real_binding(CALLER);                        \
  struct slot *slot = gomp_slot(binding);                                      \
  if (!slot)                                                                   \
    return REAL(binding, name)(__VA_ARGS__);                                   \
  bool timed = team_chunk_begin(slot);                                         \
  type had = REAL(binding, name)(__VA_ARGS__);                                 \
  if (timed)                                                                   \
    team_chunk_end(slot, had != 0);                                            \
  else                                                                         \
    team_chunk_skipped(slot, had != 0);                                        \
  return had

#define LOOP_NEXT(name, number)                                                \
  EXPORT bool name(number *from, number *to);                                  \
  bool name(number *from, number *to) {                                        \
    NEXT(bool, name, from, to);                                                \
  }

/* The next chunk of a loop of long and of unsigned long long. */
#define NEXTS(kind)                                                            \
  LOOP_NEXT(GOMP_loop_##kind##_next, long)                                     \
  LOOP_NEXT(GOMP_loop_ull_##kind##_next, ull)

#define WITH_CHUNK(kind)                                                       \
  EXPORT bool GOMP_loop_##kind##_start(long first, long last, long step,       \
                                       long chunk, long *from, long *to);      \
  bool GOMP_loop_##kind##_start(long first, long last, long step, long chunk,  \
                                long *from, long *to) {                        \
    FIRST(GOMP_loop_##kind##_start, first, last, step, chunk, from, to);       \
  }                                                                            \
  EXPORT bool GOMP_loop_ull_##kind##_start(                                    \
      bool up, ull first, ull last, ull step, ull chunk, ull *from, ull *to);  \
  bool GOMP_loop_ull_##kind##_start(bool up, ull first, ull last, ull step,    \
                                    ull chunk, ull *from, ull *to) {           \
    FIRST(GOMP_loop_ull_##kind##_start, up, first, last, step, chunk, from,    \
          to);                                                                 \
  }                                                                            \
  NEXTS(kind)

#define WITHOUT_CHUNK(kind)                                                    \
  EXPORT bool GOMP_loop_##kind##_start(long first, long last, long step,       \
                                       long *from, long *to);                  \
  bool GOMP_loop_##kind##_start(long first, long last, long step, long *from,  \
                                long *to) {                                    \
    FIRST(GOMP_loop_##kind##_start, first, last, step, from, to);              \
  }                                                                            \
  EXPORT bool GOMP_loop_ull_##kind##_start(bool up, ull first, ull last,       \
                                           ull step, ull *from, ull *to);      \
  bool GOMP_loop_ull_##kind##_start(bool up, ull first, ull last, ull step,    \
                                    ull *from, ull *to) {                      \
    FIRST(GOMP_loop_ull_##kind##_start, up, first, last, step, from, to);      \
  }                                                                            \
  NEXTS(kind)

WITH_CHUNK(static)
WITH_CHUNK(dynamic)
WITH_CHUNK(guided)
WITH_CHUNK(ordered_static)
WITH_CHUNK(ordered_dynamic)
WITH_CHUNK(ordered_guided)
WITH_CHUNK(nonmonotonic_dynamic)
WITH_CHUNK(nonmonotonic_guided)
WITHOUT_CHUNK(runtime)
WITHOUT_CHUNK(ordered_runtime)
WITHOUT_CHUNK(nonmonotonic_runtime)
WITHOUT_CHUNK(maybe_nonmonotonic_runtime)

/* Loops with reductions of tasks, or memory of their own (GCC 9 on). */
#define WITH_MEMORY(name)                                                      \
  EXPORT bool GOMP_loop_##name(                                                \
      long first, long last, long step, long schedule, long chunk, long *from, \
      long *to, uintptr_t *reductions, void **memory);                         \
  bool GOMP_loop_##name(long first, long last, long step, long schedule,       \
                        long chunk, long *from, long *to,                      \
                        uintptr_t *reductions, void **memory) {                \
    FIRST(GOMP_loop_##name, first, last, step, schedule, chunk, from, to,      \
          reductions, memory);                                                 \
  }                                                                            \
  EXPORT bool GOMP_loop_ull_##name(                                            \
      bool up, ull first, ull last, ull step, long schedule, ull chunk,        \
      ull *from, ull *to, uintptr_t *reductions, void **memory);               \
  bool GOMP_loop_ull_##name(bool up, ull first, ull last, ull step,            \
                            long schedule, ull chunk, ull *from, ull *to,      \
                            uintptr_t *reductions, void **memory) {            \
    FIRST(GOMP_loop_ull_##name, up, first, last, step, schedule, chunk, from,  \
          to, reductions, memory);                                             \
  }
WITH_MEMORY(start)
WITH_MEMORY(ordered_start)

/* Waits for other iterations are inlined, or take any number of arguments: they
 * are in what is called work. */
#define DOACROSS(name, number, ...)                                            \
  if (observe_self.slot)                                                       \
    team_flag(observe_self.team, OBSERVED_DOACROSS);                           \
  FIRST(name, __VA_ARGS__)
#define DOACROSS_CHUNK(name, number)                                           \
  EXPORT bool name(unsigned count, number *counts, number chunk, number *from, \
                   number *to);                                                \
  bool name(unsigned count, number *counts, number chunk, number *from,        \
            number *to) {                                                      \
    DOACROSS(name, number, count, counts, chunk, from, to);                    \
  }
#define DOACROSS_RUNTIME(name, number)                                         \
  EXPORT bool name(unsigned count, number *counts, number *from, number *to);  \
  bool name(unsigned count, number *counts, number *from, number *to) {        \
    DOACROSS(name, number, count, counts, from, to);                           \
  }
#define DOACROSS_MEMORY(name, number)                                          \
  EXPORT bool name(unsigned count, number *counts, long schedule,              \
                   number chunk, number *from, number *to,                     \
                   uintptr_t *reductions, void **memory);                      \
  bool name(unsigned count, number *counts, long schedule, number chunk,       \
            number *from, number *to, uintptr_t *reductions, void **memory) {  \
    DOACROSS(name, number, count, counts, schedule, chunk, from, to,           \
             reductions, memory);                                              \
  }
DOACROSS_CHUNK(GOMP_loop_doacross_static_start, long)
DOACROSS_CHUNK(GOMP_loop_doacross_dynamic_start, long)
DOACROSS_CHUNK(GOMP_loop_doacross_guided_start, long)
DOACROSS_CHUNK(GOMP_loop_ull_doacross_static_start, ull)
DOACROSS_CHUNK(GOMP_loop_ull_doacross_dynamic_start, ull)
DOACROSS_CHUNK(GOMP_loop_ull_doacross_guided_start, ull)
DOACROSS_RUNTIME(GOMP_loop_doacross_runtime_start, long)
DOACROSS_RUNTIME(GOMP_loop_ull_doacross_runtime_start, ull)
DOACROSS_MEMORY(GOMP_loop_doacross_start, long)
DOACROSS_MEMORY(GOMP_loop_ull_doacross_start, ull)

EXPORT unsigned GOMP_sections_start(unsigned count);
unsigned GOMP_sections_start(unsigned count) {
  const struct binding *binding = real_binding(CALLER);
  struct slot *slot = gomp_slot(binding);
  if (!slot)
    return REAL(binding, GOMP_sections_start)(count);
  team_chunks_begin(slot);
  unsigned section = REAL(binding, GOMP_sections_start)(count);
  team_chunk_end(slot, section != 0);
  return section;
}

EXPORT unsigned GOMP_sections2_start(unsigned count, uintptr_t *reductions,
                                     void **memory);
unsigned GOMP_sections2_start(unsigned count, uintptr_t *reductions,
                              void **memory) {
  const struct binding *binding = real_binding(CALLER);
  struct slot *slot = gomp_slot(binding);
  if (!slot)
    return REAL(binding, GOMP_sections2_start)(count, reductions, memory);
  team_chunks_begin(slot);
  unsigned section =
      REAL(binding, GOMP_sections2_start)(count, reductions, memory);
  team_chunk_end(slot, section != 0);
  return section;
}

EXPORT unsigned GOMP_sections_next(void);
unsigned GOMP_sections_next(void) {
  const struct binding *binding = real_binding(CALLER);
  struct slot *slot = gomp_slot(binding);
  if (!slot)
    return REAL(binding, GOMP_sections_next)();
  bool timed = team_chunk_begin(slot);
  unsigned section = REAL(binding, GOMP_sections_next)();
  if (timed)
    team_chunk_end(slot, section != 0);
  else
    team_chunk_skipped(slot, section != 0);
  return section;
}
/* NOLINTEND(bugprone-macro-parentheses) */
