/* The process begins, forks, unloads, and ends. */
#include <dlfcn.h>
#include <pthread.h>
#include <stddef.h>

#include "bench/observe/library/file.h"
#include "bench/observe/library/gomp.h"

static void forked(void) {
  team_forked();
  real_forked();
  file_forked();
}

__attribute__((constructor)) static void begin(void) {
  file_begin();
  if (!file_is_asked())
    return;
  pthread_atfork(NULL, NULL, forked);
  file_expect();
}

__attribute__((destructor)) static void end(void) {
  file_end();
}

/* Addresses may be another library's from now on. */
EXPORT int dlclose(void *handle);
int dlclose(void *handle) {
  uintptr_t entry = (uintptr_t)dlsym(RTLD_NEXT, "dlclose");
  int (*real)(void *) =
      (int (*)(void *))entry; /* NOLINT(performance-no-int-to-ptr) */
  file_unloading();
  int result = real(handle);
  real_unloaded();
  file_unloaded();
  return result;
}
