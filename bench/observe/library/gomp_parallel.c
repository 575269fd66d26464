/* Entries of libgomp that open a region: the outlined function is called by a
 * function here, on each thread. */
#include <stddef.h>

#include "bench/observe/library/file.h"
#include "bench/observe/library/gomp.h"

typedef void outlined(void *);

int omp_get_thread_num(void);
int omp_get_num_threads(void);

/* A call of an entry: the function and data that the library is given. */
struct call {
  outlined *given;
  void *given_data;
  struct team *team; /* NULL: not told */
  const struct binding *binding;
  /* Of a region that is not told: */
  outlined *function;
  void *data;
};

static void run_told(void *argument) {
  struct team *team = argument;
  const struct binding *binding = team->binding;
  unsigned index = (unsigned)REAL(binding, omp_get_thread_num)();
  unsigned size =
      index == 0 ? (unsigned)REAL(binding, omp_get_num_threads)() : 0;
  outlined *function = team->function;
  void *data = team->data;
  observe_self.binding = binding;
  team_enter(team, index, size);
  function(data);
  team_leave();
}

static void run_hidden(void *argument) {
  const struct call *call = argument;
  const struct binding *own = call->binding;
  const void *before = observe_self.binding;
  struct team *team = observe_self.team;
  struct slot *slot = team_hide();
  if (slot && team && (unsigned)REAL(own, omp_get_num_threads)() > 1)
    team_flag(team, OBSERVED_NESTED);
  observe_self.binding = own;
  call->function(call->data);
  observe_self.binding = before;
  team_show(slot);
}

static void begin(struct call *call, outlined *function, void *data,
                  const void *caller) {
  const struct binding *binding = real_binding(team_code((uintptr_t)function));
  *call = (struct call){.given = function,
                        .given_data = data,
                        .binding = binding,
                        .function = function,
                        .data = data};
  if (binding->runtime != OBSERVED_LIBGOMP || !file_is_asked())
    return;
  call->team = team_open(OBSERVED_LIBGOMP, function, caller);
  call->given = call->team ? run_told : run_hidden;
  call->given_data = call->team ? (void *)call->team : call;
  if (!call->team)
    return;
  call->team->binding = binding;
  call->team->data = data;
}

/* The library reads where reductions are from the data's first word. */
struct reduced {
  void *reductions;
  const struct call *call;
};

static void run_reduced(void *argument) {
  const struct call *call = ((const struct reduced *)argument)->call;
  call->given(call->given_data);
}

static void end(struct call *call) {
  if (call->team)
    team_close(call->team);
}

/* An entry with parameters fn, data, threads and more, which the real one is
 * given as call.given, call.given_data, threads and more. */
#define ENTRY(name, before, after, parameters, ...)                            \
  EXPORT void name parameters;                                                 \
  void name parameters {                                                       \
    struct call call;                                                          \
    before(&call, fn, data, CALLER);                                           \
    REAL(call.binding, name)(call.given, call.given_data, __VA_ARGS__);        \
    after(&call);                                                              \
  }
#define LOOP                                                                   \
  outlined *fn, void *data, unsigned threads, long first, long last, long step
#define WITH_CHUNK(name)                                                       \
  ENTRY(name, begin, end, (LOOP, long chunk, unsigned flags), threads, first,  \
        last, step, chunk, flags)
#define WITHOUT_CHUNK(name)                                                    \
  ENTRY(name, begin, end, (LOOP, unsigned flags), threads, first, last, step,  \
        flags)

ENTRY(GOMP_parallel, begin, end,
      (outlined * fn, void *data, unsigned threads, unsigned flags), threads,
      flags)
ENTRY(GOMP_parallel_sections, begin, end,
      (outlined * fn, void *data, unsigned threads, unsigned count,
       unsigned flags),
      threads, count, flags)
WITH_CHUNK(GOMP_parallel_loop_static)
WITH_CHUNK(GOMP_parallel_loop_dynamic)
WITH_CHUNK(GOMP_parallel_loop_guided)
WITH_CHUNK(GOMP_parallel_loop_nonmonotonic_dynamic)
WITH_CHUNK(GOMP_parallel_loop_nonmonotonic_guided)
WITHOUT_CHUNK(GOMP_parallel_loop_runtime)
WITHOUT_CHUNK(GOMP_parallel_loop_nonmonotonic_runtime)
WITHOUT_CHUNK(GOMP_parallel_loop_maybe_nonmonotonic_runtime)

EXPORT unsigned GOMP_parallel_reductions(outlined *fn, void *data,
                                         unsigned threads, unsigned flags);
unsigned GOMP_parallel_reductions(outlined *fn, void *data, unsigned threads,
                                  unsigned flags) {
  struct call call;
  begin(&call, fn, data, CALLER);
  struct reduced reduced = {.reductions = *(void **)data, .call = &call};
  unsigned result = REAL(call.binding, GOMP_parallel_reductions)(
      run_reduced, &reduced, threads, flags);
  end(&call);
  return result;
}

/* ---- what compilers before GCC 4.9 called ---------------------------------
 */

/* The opener runs the function itself, between two calls.  A nested region of
 * that kind passes as it is. */
static void start(struct call *call, outlined *fn, void *data,
                  const void *caller) {
  begin(call, fn, data, caller);
  if (!call->team && call->given != fn) {
    observe_self.started++;
    call->given = fn;
    call->given_data = data;
  }
}

static void started(const struct call *call) {
  if (!call->team)
    return;
  call->team->started = true;
  const struct binding *binding = call->binding;
  observe_self.binding = binding;
  team_enter(call->team, 0, (unsigned)REAL(binding, omp_get_num_threads)());
}

#define START_CHUNK(name)                                                      \
  ENTRY(name, start, started, (LOOP, long chunk), threads, first, last, step,  \
        chunk)

ENTRY(GOMP_parallel_start, start, started,
      (outlined * fn, void *data, unsigned threads), threads)
ENTRY(GOMP_parallel_sections_start, start, started,
      (outlined * fn, void *data, unsigned threads, unsigned count), threads,
      count)
START_CHUNK(GOMP_parallel_loop_static_start)
START_CHUNK(GOMP_parallel_loop_dynamic_start)
START_CHUNK(GOMP_parallel_loop_guided_start)
ENTRY(GOMP_parallel_loop_runtime_start, start, started, (LOOP), threads, first,
      last, step)

EXPORT void GOMP_parallel_end(void);
void GOMP_parallel_end(void) {
  const struct binding *binding = real_binding(CALLER);
  struct team *team = observe_self.team;
  bool told = observe_self.started == 0 && team && team->started;
  if (told)
    team_leave();
  else if (observe_self.started > 0)
    observe_self.started--;
  REAL(binding, GOMP_parallel_end)();
  if (told)
    team_close(team);
}
