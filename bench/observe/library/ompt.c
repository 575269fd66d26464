/* LLVM's OpenMP library tells a tool what happens: the callbacks of OpenMP 5.0,
 * chapter 4, of which what is needed is declared here.  Then no wrapper of
 * libgomp's entries tells anything, though the library has them, too. */
#include <dlfcn.h>
#include <stddef.h>
#include <stdlib.h>

#include "bench/observe/library/file.h"
#include "bench/observe/library/gomp.h"

/* OpenMP 5.0, 4.4: types and values that the library and a tool share. */
union ompt_data {
  uint64_t value;
  void *ptr;
};
enum { SCOPE_BEGIN = 1, SCOPE_END = 2 };
enum { TASK_INITIAL = 0x1, TASK_EXPLICIT = 0x4 };
enum { TASK_COMPLETE = 1, TASK_CANCEL = 3, TASK_DETACHED = 4 };
enum { PARALLEL_LEAGUE = 0x40000000 };
enum {
  SYNC_IMPLICIT = 2,
  SYNC_TASKWAIT = 5,
  SYNC_TASKGROUP = 6,
  SYNC_REDUCTION = 7,
  SYNC_IMPLICIT_PARALLEL = 9
};
enum {
  ON_PARALLEL_BEGIN = 3,
  ON_PARALLEL_END = 4,
  ON_TASK_CREATE = 5,
  ON_TASK_SCHEDULE = 6,
  ON_IMPLICIT_TASK = 7,
  ON_MUTEX_RELEASED = 17,
  ON_SYNC_REGION = 23,
  ON_MUTEX_ACQUIRE = 26,
  ON_MUTEX_ACQUIRED = 27
};
enum { SET_ALWAYS = 5 };

typedef void callback(void);
typedef int set_callback(int event, callback *callback);
typedef callback *look_up(const char *entry);
struct ompt_start_tool_result {
  int (*initialize)(look_up *entry, int device, union ompt_data *data);
  void (*finalize)(union ompt_data *data);
  union ompt_data data;
};

/* ---- regions ------------------------------------------------------------- */

static void parallel_begin(union ompt_data *task, const void *frame,
                           union ompt_data *parallel, unsigned requested,
                           int flags, const void *caller) {
  (void)task, (void)frame, (void)requested;
  parallel->ptr = NULL;
  if (flags & PARALLEL_LEAGUE)
    return;
  parallel->ptr = team_open(OBSERVED_LIBOMP, NULL, caller);
}

static void parallel_end(union ompt_data *parallel, union ompt_data *task,
                         int flags, const void *caller) {
  (void)task, (void)flags, (void)caller;
  if (parallel->ptr)
    team_close(parallel->ptr);
}

/* Workers hear of their task's end when they are woken for another; by then the
 * barrier behind the region has told it. */
static void implicit_task(int endpoint, union ompt_data *parallel,
                          union ompt_data *task, unsigned size, unsigned index,
                          int flags) {
  if (flags & TASK_INITIAL)
    return;
  if (endpoint == SCOPE_BEGIN && parallel && parallel->ptr) {
    task->value = 0;
    team_enter(parallel->ptr, index, size);
  } else if (endpoint == SCOPE_BEGIN) {
    struct team *team = observe_self.team;
    struct slot *slot = team_hide();
    if (slot && size > 1)
      team_flag(team, OBSERVED_NESTED);
    task->value = (uint64_t)(uintptr_t)slot | 1;
  } else if (task->value & 1) {
    /* What was kept above. */
    uintptr_t slot = task->value & ~(uint64_t)1;
    team_show((struct slot *)slot); /* NOLINT(performance-no-int-to-ptr) */
  } else if (observe_self.slot && get(&observe_self.slot->at) != AT_END) {
    team_leave();
  }
}

/* ---- waiting ------------------------------------------------------------- */

/* The barrier behind a region: newer libraries say so; in older ones its code
 * is where the region was opened, or none. */
static bool is_last(int kind, const void *caller) {
  return kind == SYNC_IMPLICIT_PARALLEL ||
         (kind == SYNC_IMPLICIT &&
          (!caller || caller == observe_self.team->caller));
}

static void sync_region(int kind, int endpoint, union ompt_data *parallel,
                        union ompt_data *task, const void *caller) {
  struct slot *slot = team_slot();
  (void)parallel, (void)task;
  if (!slot || get(&slot->at) == AT_END || kind == SYNC_REDUCTION)
    return;
  bool of_tasks = kind == SYNC_TASKWAIT || kind == SYNC_TASKGROUP;
  if (is_last(kind, caller))
    team_leave();
  else if (of_tasks)
    team_at(slot, endpoint == SCOPE_BEGIN ? AT_TASK : AT_WORK);
  else if (endpoint == SCOPE_BEGIN)
    team_barrier_begin(slot);
  else
    team_barrier_end(slot);
}

/* Nothing is stamped in it. */
static void mutex_acquire(int kind, unsigned hint, unsigned implementation,
                          uint64_t lock, const void *caller) {
  (void)kind, (void)hint, (void)implementation, (void)lock, (void)caller;
  if (team_slot())
    observe_self.asked_ns = team_lock_asked();
}

static const void *key_of(uint64_t lock) {
  return team_code((uintptr_t)lock);
}

static void mutex_acquired(int kind, uint64_t lock, const void *caller) {
  (void)kind, (void)caller;
  if (team_slot())
    team_lock_had(key_of(lock), observe_self.asked_ns);
}

static void mutex_released(int kind, uint64_t lock, const void *caller) {
  (void)kind, (void)caller;
  if (team_slot())
    team_lock_let_go(team_slot(), key_of(lock));
}

/* ---- tasks --------------------------------------------------------------- */

/* Of an explicit task: 2, and what its thread was at before. */
static void task_create(union ompt_data *by, const void *frame,
                        union ompt_data *task, int flags, int dependences,
                        const void *caller) {
  (void)by, (void)frame, (void)dependences, (void)caller;
  task->value = flags & TASK_EXPLICIT ? 2 : 0;
}

static void task_schedule(union ompt_data *prior, int status,
                          union ompt_data *next) {
  struct slot *slot = team_slot();
  bool over = status == TASK_COMPLETE || status == TASK_CANCEL ||
              status == TASK_DETACHED;
  if (!slot)
    return;
  if (over && prior && (prior->value & 2))
    team_task_end(slot, (enum at)(prior->value >> 2));
  else if (!over && next && (next->value & 2))
    next->value = 2 | (uint64_t)team_task_begin(slot) << 2;
}

/* ---- the tool ------------------------------------------------------------ */

static int initialize(look_up *entry, int device, union ompt_data *data) {
  static const struct {
    int event;
    callback *callback;
  } events[] = {
      {ON_PARALLEL_BEGIN, (callback *)parallel_begin},
      {ON_PARALLEL_END, (callback *)parallel_end},
      {ON_IMPLICIT_TASK, (callback *)implicit_task},
      {ON_SYNC_REGION, (callback *)sync_region},
      {ON_MUTEX_ACQUIRE, (callback *)mutex_acquire},
      {ON_MUTEX_ACQUIRED, (callback *)mutex_acquired},
      {ON_MUTEX_RELEASED, (callback *)mutex_released},
      {ON_TASK_CREATE, (callback *)task_create},
      {ON_TASK_SCHEDULE, (callback *)task_schedule},
  };
  set_callback *listen = (set_callback *)entry("ompt_set_callback");
  bool all = listen != NULL;
  (void)device, (void)data;
  for (size_t i = 0; all && i < sizeof events / sizeof *events; i++)
    all = listen(events[i].event, events[i].callback) == SET_ALWAYS;
  if (!all)
    file_refuse(OBSERVED_OLD_TOOL);
  return all;
}

static void finalize(union ompt_data *data) {
  (void)data;
}

/* The library asks once, before its first region.  Whoever has a tool of their
 * own keeps it. */
EXPORT struct ompt_start_tool_result *ompt_start_tool(unsigned version,
                                                      const char *runtime);
struct ompt_start_tool_result *ompt_start_tool(unsigned version,
                                               const char *runtime) {
  static struct ompt_start_tool_result tool = {initialize, finalize, {0}};
  const char *others = getenv("OMP_TOOL_LIBRARIES");
  (void)version, (void)runtime;
  if (!file_is_asked())
    return NULL;
  if (dlsym(RTLD_DEFAULT, "__tsan_init")) {
    file_refuse(OBSERVED_SANITIZER);
    return NULL;
  }
  if (others && *others) {
    file_refuse(OBSERVED_OTHER_TOOL);
    return NULL;
  }
  return &tool;
}
