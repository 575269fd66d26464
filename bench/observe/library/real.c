#include "bench/observe/library/real.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include "bench/observe/library/module.h"
#include "bench/observe/library/team.h"

struct binding real_bindings[BINDINGS];
static atomic_uint bound;
static pthread_mutex_t binding_lock = PTHREAD_MUTEX_INITIALIZER;

#define REAL_NAME(name) #name,
static const char *const names[REALS] = {REAL_ALL(REAL_NAME)};

/* A library that has both is LLVM's, with libgomp's entries. */
static enum observed_runtime runtime_of(void *handle, const void *entry) {
  struct module of_entry = {.begin = 0}, of_fork = {.begin = 0};
  const void *fork_call = dlsym(handle, "__kmpc_fork_call");
  bool llvm = fork_call && module_at(entry, &of_entry) &&
              module_at(fork_call, &of_fork) && of_entry.begin == of_fork.begin;
  return llvm ? OBSERVED_LIBOMP : OBSERVED_LIBGOMP;
}

static bool bind(struct binding *binding, void *handle) {
  const void *entry = dlsym(handle, "GOMP_parallel");
  if (!entry)
    entry = dlsym(handle, "omp_get_thread_num");
  if (!entry)
    return false;
  binding->runtime = runtime_of(handle, entry);
  for (int i = 0; i < REALS; i++) {
    uintptr_t function = (uintptr_t)dlsym(handle, names[i]);
    /* NOLINTNEXTLINE(performance-no-int-to-ptr) */
    binding->functions[i] = (real_entry *)function;
  }
  return true;
}

/* As the loader looks: what all see comes first, then what the module itself
 * brought. */
static bool bind_module(struct binding *binding, const void *code) {
  struct module module = {.begin = 0};
  if (bind(binding, RTLD_NEXT)) {
    binding->bytes = UINTPTR_MAX;
    return true;
  }
  if (!module_at(code, &module) || module.told.path_cut)
    return false;
  void *handle = dlopen(module.told.path, RTLD_LAZY | RTLD_NOLOAD);
  if (!handle)
    return false;
  bool has = bind(binding, handle);
  dlclose(handle);
  binding->begin = module.begin;
  binding->bytes = module.end - module.begin;
  return has;
}

static bool covers(const struct binding *binding, const void *code) {
  return (uintptr_t)code - atomic_load(&binding->begin) <
         atomic_load_explicit(&binding->bytes, memory_order_acquire);
}

/* Code that brought none called by a jump, or from here: the thread's own, else
 * one that there is. */
static const struct binding *another(void) {
  static const struct binding none = {.runtime = OBSERVED_NO_RUNTIME};
  const struct thread *self = &observe_self;
  if (self->binding)
    return self->binding;
  for (unsigned i = atomic_load(&bound); i > 0; i--)
    if (atomic_load(&real_bindings[i - 1].bytes) > 0)
      return &real_bindings[i - 1];
  return &none;
}

static const struct binding *known(const void *code) {
  for (unsigned i = 0; i < atomic_load(&bound); i++)
    if (covers(&real_bindings[i], code))
      return &real_bindings[i];
  return NULL;
}

/* The loader is asked before, for it has a lock of its own, which may be held
 * around whoever waits for this one. */
static const struct binding *keep(const struct binding *new, const void *code) {
  pthread_mutex_lock(&binding_lock);
  const struct binding *found = known(code);
  unsigned next = atomic_load(&bound);
  if (!found && next < BINDINGS) {
    struct binding *binding = &real_bindings[next];
    binding->runtime = new->runtime;
    for (int i = 0; i < REALS; i++)
      binding->functions[i] = new->functions[i];
    atomic_store(&binding->begin, new->begin);
    atomic_store_explicit(&binding->bytes, new->bytes, memory_order_release);
    atomic_store(&bound, next + 1);
    found = binding;
  }
  pthread_mutex_unlock(&binding_lock);
  return found;
}

const struct binding *real_find(const void *code) {
  struct binding new = {.begin = 0};
  const struct binding *found = known(code);
  if (found)
    return found;
  if (observe_self.binding && observe_self.slot)
    return observe_self.binding;
  if (bind_module(&new, code))
    found = keep(&new, code);
  return found ? found : another();
}

static bool is_loaded(const struct binding *binding) {
  struct module module = {.begin = 0};
  real_entry *entry = binding->functions[R_GOMP_parallel];
  if (!entry)
    entry = binding->functions[R_omp_get_thread_num];
  return entry && module_at(team_code((uintptr_t)entry), &module);
}

/* Entries are not used again: somebody may be reading one. */
void real_unloaded(void) {
  pthread_mutex_lock(&binding_lock);
  for (unsigned i = 0; i < atomic_load(&bound); i++)
    if (!is_loaded(&real_bindings[i]))
      atomic_store(&real_bindings[i].bytes, 0);
  pthread_mutex_unlock(&binding_lock);
}

void real_forked(void) {
  pthread_mutex_init(&binding_lock, NULL);
}

real_entry *real_function(const struct binding *binding, enum real which) {
  real_entry *function = binding->functions[which];
  if (!function) {
    fprintf(stderr, "coresweep-observe: no %s in this program\n", names[which]);
    abort();
  }
  return function;
}
