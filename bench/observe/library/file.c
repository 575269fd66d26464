#include "bench/observe/library/file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include "bench/observe/library/callers.h"
#include "bench/observe/library/module.h"
#include "bench/observe/library/sums.h"

struct layout {
  struct observed_header header;
  struct observed_module modules[OBSERVED_MODULES];
  struct observed_region regions[OBSERVED_REGIONS];
};

enum state { UNASKED, ASKED, MADE, REFUSED };

/* A region's place in the table by its key, the function or the caller. */
enum { KNOWN = 2 * OBSERVED_REGIONS };
struct known {
  _Atomic(const void *) key;
  atomic_uint index;
};

static struct {
  char folder[PATH_MAX];
  atomic_uint state;
  atomic_uint runtime;
  struct layout *file; /* MADE, and after that */
  uint64_t begin_ns, generation;
  enum observed_refusal refusal;
  atomic_bool had_openmp; /* a library that may be gone by the end */
  struct known known[KNOWN];
} process;

/* Around whatever makes the file and its entries. */
static pthread_mutex_t making = PTHREAD_MUTEX_INITIALIZER;

static enum state state(void) {
  return (enum state)atomic_load_explicit(&process.state, memory_order_acquire);
}

static void become(enum state state) {
  atomic_store_explicit(&process.state, state, memory_order_release);
}

/* ---- the file ------------------------------------------------------------ */

/* Nothing that could raise a signal: no file past a limit, none with holes. */
static bool reserve(int file) {
  struct rlimit limit;
  if (getrlimit(RLIMIT_FSIZE, &limit) != 0 ||
      limit.rlim_cur < sizeof(struct layout))
    return false;
  return posix_fallocate(file, 0, sizeof(struct layout)) == 0;
}

/* A new one of that process; -1: none can be had. */
static int create(void) {
  char path[PATH_MAX + 64];
  for (int n = 0; n < 1000; n++) {
    snprintf(path, sizeof path, "%s/%ld.%d", process.folder, (long)getpid(), n);
    int file = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (file >= 0 && !reserve(file)) {
      unlink(path);
      close(file);
      return -1;
    }
    if (file >= 0 || errno != EEXIST)
      return file;
  }
  return -1;
}

static void head(struct observed_header *header) {
  header->header_bytes = sizeof(struct observed_header);
  header->module_bytes = sizeof(struct observed_module);
  header->region_bytes = sizeof(struct observed_region);
  header->module_limit = OBSERVED_MODULES;
  header->region_limit = OBSERVED_REGIONS;
  header->pid = getpid();
  header->parent = getppid();
  header->begin_ns = process.begin_ns;
  header->version = OBSERVED_VERSION;
  memcpy(header->magic, OBSERVED_MAGIC, sizeof header->magic);
}

static bool make(void) {
  int kept = errno, file = create();
  void *mapped = MAP_FAILED;
  if (file >= 0) {
    mapped = mmap(NULL, sizeof(struct layout), PROT_READ | PROT_WRITE,
                  MAP_SHARED, file, 0);
    close(file);
  }
  errno = kept;
  if (mapped == MAP_FAILED)
    return false;
  process.file = mapped;
  head(&process.file->header);
  return true;
}

/* Makes the file where there is none; the first to come does. */
static bool is_made(void) {
  if (state() == MADE)
    return true;
  pthread_mutex_lock(&making);
  if (state() == ASKED)
    become(make() ? MADE : REFUSED);
  pthread_mutex_unlock(&making);
  return state() == MADE;
}

bool file_is_told(enum observed_runtime runtime) {
  unsigned other = OBSERVED_NO_RUNTIME;
  if (state() != MADE && (state() != ASKED || !is_made()))
    return false;
  if (atomic_load_explicit(&process.runtime, memory_order_relaxed) == runtime)
    return true;
  if (!atomic_compare_exchange_strong(&process.runtime, &other, runtime) &&
      other != runtime) {
    process.file->header.refusal = OBSERVED_TWO_RUNTIMES;
    become(REFUSED);
    return false;
  }
  process.file->header.runtime = runtime;
  if (runtime == OBSERVED_LIBOMP)
    file_flag(OBSERVED_CHUNKS_UNTOLD);
  return true;
}

bool file_is_asked(void) {
  return state() != UNASKED;
}

void file_refuse(enum observed_refusal refusal) {
  process.refusal = refusal;
}

uint64_t file_generation(void) {
  return process.generation;
}

/* ---- regions, open and closed -------------------------------------------- */

/* Added before the stamp when one opens, taken off after the stamp when one
 * closes: so time between two of them is never counted twice. */
uint64_t file_open(void) {
  struct observed_header *header = &process.file->header;
  uint32_t open =
      __atomic_fetch_add(&header->open_regions, 1, __ATOMIC_SEQ_CST);
  uint64_t now = now_ns();
  if (open == 0)
    __atomic_fetch_sub(&header->parallel_ns, now, __ATOMIC_RELAXED);
  return now;
}

void file_close(uint64_t join_ns) {
  struct observed_header *header = &process.file->header;
  __atomic_store_n(&header->end_ns, join_ns, __ATOMIC_RELAXED);
  if (__atomic_fetch_sub(&header->open_regions, 1, __ATOMIC_SEQ_CST) == 1)
    __atomic_fetch_add(&header->parallel_ns, join_ns, __ATOMIC_RELAXED);
}

void file_untold(void) {
  if (state() == MADE)
    __atomic_fetch_add(&process.file->header.calls_untold, 1, __ATOMIC_RELAXED);
}

void file_nested(void) {
  if (state() == MADE)
    __atomic_fetch_add(&process.file->header.calls_nested, 1, __ATOMIC_RELAXED);
}

void file_flag(enum observed_flag flag) {
  if (state() != MADE ||
      __atomic_load_n(&process.file->header.flags, __ATOMIC_RELAXED) & flag)
    return; /* told already: no line is taken from others */
  __atomic_fetch_or(&process.file->header.flags, (uint32_t)flag,
                    __ATOMIC_RELAXED);
}

/* ---- the tables ---------------------------------------------------------- */

static bool same_module(const struct observed_module *a,
                        const struct observed_module *b) {
  return a->build_id_bytes == b->build_id_bytes &&
         memcmp(a->build_id, b->build_id, sizeof a->build_id) == 0 &&
         strcmp(a->path, b->path) == 0;
}

/* Its place among the modules, and the offset in it. */
static uint32_t place_of(const void *code, uint64_t *offset) {
  struct observed_header *header = &process.file->header;
  struct observed_module *modules = process.file->modules;
  struct module found = {.begin = 0};
  *offset = 0;
  if (!code || !module_at(code, &found))
    return OBSERVED_NONE;
  uint32_t i = 0;
  while (i < header->modules && !same_module(&modules[i], &found.told))
    i++;
  if (i == OBSERVED_MODULES)
    return OBSERVED_NONE;
  if (i == header->modules) {
    modules[i] = found.told;
    __atomic_store_n(&header->modules, i + 1, __ATOMIC_RELEASE);
  }
  *offset = (uint64_t)(uintptr_t)code - found.told.base;
  return i;
}

/* Whoever called the caller, once a region. */
static void find_callers(const void *caller, struct observed_region *region) {
  struct module module = {.begin = 0};
  if (caller && module_at(caller, &module))
    callers_find(&module, region->callers);
}

/* The last entry is of all that found no room. */
static uint32_t region_of(const struct team *team) {
  struct observed_header *header = &process.file->header;
  struct observed_region *regions = process.file->regions, new = {.calls = 0};
  new.module = place_of(team_code((uintptr_t)team->function), &new.offset);
  new.caller_module = place_of(team->caller, &new.caller_offset);
  bool by_caller = new.module == OBSERVED_NONE;
  uint32_t i = 0, last = OBSERVED_REGIONS - 1;
  for (; i < header->regions && i < last; i++) {
    const struct observed_region *old = &regions[i];
    if (by_caller ? old->module == OBSERVED_NONE &&
                        old->caller_module == new.caller_module &&
                        old->caller_offset == new.caller_offset
                  : old->module == new.module && old->offset == new.offset)
      return i;
  }
  if (i == last && header->regions == OBSERVED_REGIONS)
    return last;
  if (i == last)
    new = (struct observed_region){.module = OBSERVED_NONE,
                                   .caller_module = OBSERVED_NONE};
  else
    find_callers(team->caller, &new);
  regions[i] = new;
  __atomic_store_n(&header->regions, i + 1, __ATOMIC_RELEASE);
  return i;
}

static uint32_t find(const struct team *team) {
  const void *key =
      team->function ? team_code((uintptr_t)team->function) : team->caller;
  uint64_t hash = (uint64_t)(uintptr_t)key * 0x9e3779b97f4a7c15u;
  uint64_t at = hash >> 32;
  for (uint64_t i = 0; i < KNOWN; i++) {
    struct known *known = &process.known[(at + i) % KNOWN];
    const void *old = atomic_load_explicit(&known->key, memory_order_acquire);
    if (old == key)
      return atomic_load_explicit(&known->index, memory_order_relaxed);
    if (old)
      continue;
    pthread_mutex_lock(&making);
    uint32_t index = region_of(team);
    if (!atomic_load_explicit(&known->key, memory_order_relaxed)) {
      atomic_store_explicit(&known->index, index, memory_order_relaxed);
      atomic_store_explicit(&known->key, key, memory_order_release);
    }
    pthread_mutex_unlock(&making);
    return index;
  }
  return OBSERVED_REGIONS - 1;
}

/* Its sequence is odd meanwhile, and so a lock: short, and without a stamp. */
static void add_to(struct observed_region *region,
                   const struct observed_region *call) {
  uint32_t old = __atomic_load_n(&region->sequence, __ATOMIC_RELAXED);
  for (int tries = 0; tries < 1000000; tries++) {
    uint32_t even = old & ~1u;
    if (__atomic_compare_exchange_n(&region->sequence, &even, even + 1, 0,
                                    __ATOMIC_ACQUIRE, __ATOMIC_RELAXED)) {
      call_sums_add(region, call);
      __atomic_store_n(&region->sequence, even + 2, __ATOMIC_RELEASE);
      return;
    }
    old = even;
  }
  file_untold();
}

void file_add(struct team *team, uint64_t join_ns) {
  struct observed_header *header = &process.file->header;
  struct observed_region sums;
  uint32_t threads = (uint32_t)get(&team->size);
  uint32_t most = __atomic_load_n(&header->team_max, __ATOMIC_RELAXED);
  while (threads > most &&
         !__atomic_compare_exchange_n(&header->team_max, &most, threads, 1,
                                      __ATOMIC_RELAXED, __ATOMIC_RELAXED))
    continue;
  if (call_sums(team, join_ns, &sums))
    add_to(&process.file->regions[find(team)], &sums);
  else
    file_untold();
}

/* ---- beginning and end --------------------------------------------------- */

static void forget(void) {
  for (size_t i = 0; i < KNOWN; i++)
    atomic_store_explicit(&process.known[i].key, NULL, memory_order_relaxed);
}

void file_unloading(void) {
  if (!atomic_load_explicit(&process.had_openmp, memory_order_relaxed))
    atomic_store(&process.had_openmp, module_openmp() > 0);
}

void file_unloaded(void) {
  pthread_mutex_lock(&making);
  forget();
  pthread_mutex_unlock(&making);
}

void file_begin(void) {
  const char *folder = getenv(OBSERVED_FOLDER);
  process.begin_ns = now_ns();
  if (state() != UNASKED || !folder || folder[0] != '/' ||
      strlen(folder) >= sizeof process.folder)
    return;
  strcpy(process.folder, folder);
  become(ASKED);
}

void file_expect(void) {
  if (state() == ASKED && module_openmp() > 0)
    is_made();
}

void file_end(void) {
  file_unloading();
  if (atomic_load(&process.runtime) == OBSERVED_NO_RUNTIME &&
      atomic_load(&process.had_openmp) && is_made())
    process.file->header.refusal = process.refusal != OBSERVED_TOLD
                                       ? process.refusal
                                       : OBSERVED_NOT_CALLED;
  if (!process.file)
    return;
  process.file->header.end_ns = now_ns();
  __atomic_fetch_or(&process.file->header.flags, OBSERVED_ORDERLY,
                    __ATOMIC_RELAXED);
}

void file_forked(void) {
  pthread_mutex_init(&making, NULL);
  if (process.file)
    munmap(process.file, sizeof(struct layout));
  process.file = NULL;
  process.generation++;
  process.begin_ns = now_ns();
  atomic_store(&process.runtime, OBSERVED_NO_RUNTIME);
  forget();
  if (state() != UNASKED)
    become(ASKED);
}
