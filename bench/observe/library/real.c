#include "bench/observe/library/real.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include "bench/observe/library/module.h"
#include "bench/observe/library/team.h"

/* Under the lock; entries of both are not used again, for somebody may be
 * reading one. */
static struct binding bindings[BINDINGS];
static unsigned libraries;
struct range real_ranges[RANGES];
static atomic_uint ranges;
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

/* Where code of one module lies. */
struct place {
  uintptr_t begin, bytes;
};

/* The module of code, as dlopen knows it by name. */
static void *module_of(const void *code, struct place *place) {
  struct module module = {.begin = 0};
  Dl_info info;
  if (!module_at(code, &module))
    return NULL;
  *place = (struct place){module.begin, module.end - module.begin};
  const char *path = module.told.path;
  if (module.told.path_cut)
    path = dladdr(code, &info) ? info.dli_fname : NULL;
  return path ? dlopen(path, RTLD_LAZY | RTLD_NOLOAD) : NULL;
}

/* As the loader looks: what all see comes first, then what the module itself
 * brought. */
static bool bind_module(struct binding *binding, const void *code,
                        struct place *place) {
  if (bind(binding, RTLD_NEXT)) {
    *place = (struct place){0, UINTPTR_MAX};
    return true;
  }
  void *handle = module_of(code, place);
  if (!handle)
    return false;
  bool has = bind(binding, handle);
  dlclose(handle);
  return has;
}

static bool covers(const struct range *range, const void *code) {
  return (uintptr_t)code - atomic_load(&range->begin) <
         atomic_load_explicit(&range->bytes, memory_order_acquire);
}

/* Code that brought none called by a jump, or from here: the thread's own, else
 * one that there is. */
static const struct binding *another(void) {
  static const struct binding none = {.runtime = OBSERVED_NO_RUNTIME};
  const struct thread *self = &observe_self;
  if (self->binding)
    return self->binding;
  for (unsigned i = atomic_load(&ranges); i > 0; i--)
    if (atomic_load(&real_ranges[i - 1].bytes) > 0)
      return real_ranges[i - 1].binding;
  return &none;
}

/* A thread mostly calls from where it called before. */
static const struct binding *known(const void *code) {
  struct thread *self = &observe_self;
  if (self->range && covers(self->range, code))
    return self->range->binding;
  for (unsigned i = 0; i < atomic_load(&ranges); i++)
    if (covers(&real_ranges[i], code)) {
      self->range = &real_ranges[i];
      return real_ranges[i].binding;
    }
  return NULL;
}

static bool is_same(const struct binding *a, const struct binding *b) {
  for (int i = 0; i < REALS; i++)
    if (a->functions[i] != b->functions[i])
      return false;
  return true;
}

/* The same library's that is kept already, or a copy; NULL: no room. */
static const struct binding *library_of(const struct binding *new) {
  for (unsigned i = 0; i < libraries; i++)
    if (!bindings[i].gone && is_same(&bindings[i], new))
      return &bindings[i];
  if (libraries == BINDINGS)
    return NULL;
  bindings[libraries] = *new;
  return &bindings[libraries++];
}

/* The loader is asked before, for it has a lock of its own, which may be held
 * around whoever waits for this one. */
static const struct binding *keep(const struct binding *new,
                                  const struct place *place, const void *code) {
  pthread_mutex_lock(&binding_lock);
  const struct binding *found = known(code);
  unsigned next = atomic_load(&ranges);
  if (!found)
    found = library_of(new);
  if (found && next < RANGES && !known(code)) {
    struct range *range = &real_ranges[next];
    range->binding = found;
    atomic_store(&range->begin, place->begin);
    atomic_store_explicit(&range->bytes, place->bytes, memory_order_release);
    atomic_store(&ranges, next + 1);
  }
  pthread_mutex_unlock(&binding_lock);
  return found;
}

const struct binding *real_find(const void *code) {
  struct binding new = {.gone = false};
  struct place place = {0, 0};
  const struct binding *found = known(code);
  if (found)
    return found;
  if (observe_self.binding && observe_self.slot)
    return observe_self.binding;
  if (bind_module(&new, code, &place))
    found = keep(&new, &place, code);
  return found ? found : another();
}

static bool is_loaded(const struct binding *binding) {
  struct module module = {.begin = 0};
  real_entry *entry = binding->functions[R_GOMP_parallel];
  if (!entry)
    entry = binding->functions[R_omp_get_thread_num];
  return entry && module_at(team_code((uintptr_t)entry), &module);
}

/* Whether a module begins where it did. */
static bool is_there(const struct range *range) {
  struct module module = {.begin = 0};
  uintptr_t begin = atomic_load(&range->begin),
            bytes = atomic_load(&range->bytes);
  return bytes == UINTPTR_MAX ||
         (module_at(team_code(begin), &module) && module.begin == begin &&
          module.end - begin == bytes);
}

void real_unloaded(void) {
  pthread_mutex_lock(&binding_lock);
  for (unsigned i = 0; i < libraries; i++)
    bindings[i].gone = bindings[i].gone || !is_loaded(&bindings[i]);
  for (unsigned i = 0; i < atomic_load(&ranges); i++) {
    struct range *range = &real_ranges[i];
    if (atomic_load(&range->bytes) > 0 &&
        (range->binding->gone || !is_there(range)))
      atomic_store(&range->bytes, 0);
  }
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
