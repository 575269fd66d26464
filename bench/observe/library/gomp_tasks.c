/* Entries of libgomp for tasks.  A plain task is wrapped: the library copies a
 * block that begins with what is said here, and goes on with the task's own.
 * taskloop and detached tasks pass as they are, for the library itself writes
 * to their blocks. */
#include <alloca.h>
#include <string.h>

#include "bench/observe/library/file.h"
#include "bench/observe/library/gomp.h"

/* Bits of flags, as libgomp has them. */
enum { TASK_DETACH = 1 << 13 };

typedef void body(void *);
typedef void copy(void *, void *);

/* Before the task's own block. */
struct wrapped {
  body *body;
  copy *copy;
  void *data; /* its own, not copied yet; NULL: behind this */
  struct team *team;
  uint64_t call;
  uint64_t offset; /* of its own from this */
};

static void run(void *block) {
  struct wrapped w;
  memcpy(&w, block, sizeof w);
  struct thread *self = &observe_self;
  struct slot *slot = self->team == w.team ? self->slot : NULL;
  void *data = w.data ? w.data : (char *)block + w.offset;
  if (!slot || get(&slot->call) != w.call) {
    w.body(data);
    return;
  }
  enum at at = team_task_begin(slot);
  w.body(data);
  team_task_end(slot, at);
}

/* As the library calls it for a task whose block cannot be copied by bytes. */
static void copy_wrapped(void *to, void *from) {
  struct wrapped w;
  memcpy(&w, from, sizeof w);
  w.copy((char *)to + w.offset, w.data);
  w.data = NULL;
  memcpy(to, &w, sizeof w);
}

typedef void task(body *fn, void *data, copy *cpy, long bytes, long align,
                  bool deferred, unsigned flags, void **depend, int priority,
                  void *detach);

/* Makes the block and hands it over; in a function of its own, since the block
 * lives until that returns.  A task's own block is large where its library has
 * it copied, and is not needed here then: a stack may have no room for it. */
static void hand_over(task *real, struct slot *slot, body *fn, void *data,
                      copy *cpy, long bytes, long align, bool deferred,
                      unsigned flags, void **depend, int priority,
                      void *detach) {
  size_t own = bytes > 0 ? (size_t)bytes : 0,
         aligned = _Alignof(struct wrapped);
  if (align > (long)aligned)
    aligned = (size_t)align;
  size_t offset = (sizeof(struct wrapped) + aligned - 1) / aligned * aligned;
  /* cppcheck-suppress allocaCalled */
  char *room = alloca(offset + (cpy ? 0 : own) + aligned);
  char *block = room + (aligned - (uintptr_t)room % aligned) % aligned;
  struct wrapped w = {.body = fn,
                      .copy = cpy,
                      .data = cpy ? data : NULL,
                      .team = observe_self.team,
                      .call = get(&slot->call),
                      .offset = offset};
  memcpy(block, &w, sizeof w);
  if (!cpy && own > 0)
    memcpy(block + offset, data, own);
  team_at(slot, AT_DISPATCH);
  real(run, block, cpy ? copy_wrapped : NULL, (long)(offset + own),
       (long)aligned, deferred, flags, depend, priority, detach);
  team_at(slot, AT_WORK);
}

EXPORT void GOMP_task(body *fn, void *data, copy *cpy, long bytes, long align,
                      bool deferred, unsigned flags, void **depend,
                      int priority, void *detach);
void GOMP_task(body *fn, void *data, copy *cpy, long bytes, long align,
               bool deferred, unsigned flags, void **depend, int priority,
               void *detach) {
  const struct binding *binding = real_binding(CALLER);
  struct slot *slot = gomp_slot(binding);
  task *real = REAL(binding, GOMP_task);
  if (slot && (flags & TASK_DETACH))
    team_flag(observe_self.team, OBSERVED_TASKS_UNTOLD);
  if (!slot || (flags & TASK_DETACH))
    real(fn, data, cpy, bytes, align, deferred, flags, depend, priority,
         detach);
  else
    hand_over(real, slot, fn, data, cpy, bytes, align, deferred, flags, depend,
              priority, detach);
}

/* Types cannot stand in parentheses. NOLINTBEGIN(bugprone-macro-parentheses) */

/* ---- waiting for tasks --------------------------------------------------- */

#define TASK_WAIT(name, parameters, arguments)                                 \
  EXPORT void name parameters;                                                 \
  void name parameters {                                                       \
    const struct binding *binding = real_binding(CALLER);                      \
    struct slot *slot = gomp_slot(binding);                                    \
    if (slot)                                                                  \
      team_at(slot, AT_TASK);                                                  \
    REAL(binding, name) arguments;                                             \
    if (slot)                                                                  \
      team_at(slot, AT_WORK);                                                  \
  }

TASK_WAIT(GOMP_taskwait, (void), ())
TASK_WAIT(GOMP_taskyield, (void), ())
TASK_WAIT(GOMP_taskgroup_end, (void), ())
TASK_WAIT(GOMP_taskwait_depend, (void **depend), (depend))

/* ---- taskloop ------------------------------------------------------------ */

static const struct binding *untold(const void *caller) {
  const struct binding *binding = real_binding(caller);
  if (gomp_slot(binding))
    team_flag(observe_self.team, OBSERVED_TASKS_UNTOLD);
  return binding;
}

#define TASKLOOP(name, number)                                                 \
  EXPORT void name(body *fn, void *data, copy *cpy, long bytes, long align,    \
                   unsigned flags, unsigned long tasks, int priority,          \
                   number first, number last, number step);                    \
  void name(body *fn, void *data, copy *cpy, long bytes, long align,           \
            unsigned flags, unsigned long tasks, int priority, number first,   \
            number last, number step) {                                        \
    REAL(untold(CALLER), name)                                                 \
    (fn, data, cpy, bytes, align, flags, tasks, priority, first, last, step);  \
  }
TASKLOOP(GOMP_taskloop, long)
TASKLOOP(GOMP_taskloop_ull, unsigned long long)
/* NOLINTEND(bugprone-macro-parentheses) */
