#include "bench/sweep/region_names.h"

#include "bench/sweep/child.h"
#include "bench/sweep/region_debug.h"
#include "bench/sweep/region_text.h"
#include "bench/trial/clock.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static const int64_t most_ns = INT64_C(20000000000);

/* What both processes see of a place. */
struct entry {
  bool begun; /* its module is being read, or has been */
  bool named;
  struct region_name name;
};

struct reading {
  const struct region_place *places;
  struct entry *entries; /* [count] */
  size_t count;
};

static const char *module_of(const struct region_place *place) {
  return place->module ? place->module : "";
}

/* What regions are told apart by. */
static uint64_t offset_of(const struct region_place *place) {
  return place->function ? place->function : place->caller;
}

static bool same_module(const struct region_place *a,
                        const struct region_place *b) {
  return strcmp(module_of(a), module_of(b)) == 0 &&
         a->build_id_bytes == b->build_id_bytes &&
         (a->build_id_bytes == 0 ||
          memcmp(a->build_id, b->build_id, a->build_id_bytes) == 0);
}

/* ---- in a process apart -------------------------------------------------- */

/* Nothing of it is seen, and nobody is asked over a network. */
static void settle(void) {
  const struct rlimit none = {0, 0};
  sigset_t empty;
  for (int number = 1; number < NSIG; number++)
    signal(number, SIG_DFL);
  sigemptyset(&empty);
  sigprocmask(SIG_SETMASK, &empty, NULL);
  setpgid(0, 0);
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  setrlimit(RLIMIT_CORE, &none);
  int nowhere = open("/dev/null", O_RDWR | O_CLOEXEC);
  for (int fd = 0; nowhere >= 0 && fd <= STDERR_FILENO; fd++)
    dup2(nowhere, fd);
  unsetenv("DEBUGINFOD_URLS");
}

static void name_module(const struct reading *reading, size_t first) {
  const struct region_place *place = &reading->places[first];
  for (size_t i = first; i < reading->count; i++)
    if (same_module(place, &reading->places[i]))
      reading->entries[i].begun = true;
  struct region_debug *debug = region_debug_open(place, NULL);
  for (size_t i = first; debug && i < reading->count; i++) {
    struct region_name name = {.from = REGION_NAME_OFFSET};
    if (!same_module(place, &reading->places[i]) ||
        !region_debug_name(debug, &reading->places[i], &name))
      continue;
    reading->entries[i].name = name;
    reading->entries[i].named = true;
  }
  if (debug)
    region_debug_close(debug);
}

static _Noreturn void name_modules(const struct reading *reading) {
  settle();
  for (size_t i = 0; i < reading->count; i++)
    if (!reading->entries[i].begun)
      name_module(reading, i);
  _exit(0);
}

/* ---- in this one --------------------------------------------------------- */

/* A module that ends the process has no names; the others are read by another
 * process. */
static void read_modules(const struct reading *reading) {
  int64_t end_ns = clock_now_ns() + most_ns;
  for (size_t i = 0; i < reading->count; i++) {
    int status = 0;
    pid_t pid = reading->entries[i].begun ? 0 : child_fork();
    if (pid == 0 && !reading->entries[i].begun)
      name_modules(reading);
    if (pid < 0 || (pid > 0 && child_await(pid, end_ns, &status) != 0))
      return;
  }
}

/* What it left may be anything. */
static void take(const struct entry *entry, struct region_name *name) {
  if (entry->named && (unsigned)entry->name.from < REGION_NAME_OFFSET &&
      region_text_is(entry->name.name) && region_text_is(entry->name.function))
    *name = entry->name;
}

static bool are_one(const struct region_place *a,
                    const struct region_place *b) {
  return same_module(a, b) && offset_of(a) == offset_of(b);
}

/* Several regions may lie in one line: of a macro, or of a template. */
static void tell_apart(const struct region_place *places, size_t count,
                       struct region_name *names) {
  bool *twice = count ? calloc(count, sizeof *twice) : NULL;
  for (size_t i = 0; twice && i < count; i++)
    for (size_t k = 0; k < i; k++)
      if (!are_one(&places[i], &places[k]) &&
          strcmp(names[i].name, names[k].name) == 0)
        twice[i] = twice[k] = true;
  for (size_t i = 0; twice && i < count; i++)
    if (twice[i])
      region_text_tell_apart(offset_of(&places[i]), names[i].name);
  free(twice);
}

void region_names_find(const struct region_place *places, size_t count,
                       struct region_name *names) {
  size_t bytes = (count ? count : 1) * sizeof(struct entry);
  struct entry *entries = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
                               MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  for (size_t i = 0; i < count; i++) {
    names[i] = (struct region_name){.from = REGION_NAME_OFFSET};
    region_text_offset(places[i].module, offset_of(&places[i]), names[i].name);
  }
  if (entries != MAP_FAILED) {
    read_modules(&(struct reading){places, entries, count});
    for (size_t i = 0; i < count; i++)
      take(&entries[i], &names[i]);
    munmap(entries, bytes);
  }
  tell_apart(places, count, names);
}

const char *region_name_from_word(enum region_name_from from) {
  static const char *const words[] = {
      [REGION_NAME_LINE] = "line",
      [REGION_NAME_FUNCTION] = "function",
      [REGION_NAME_CALLER] = "caller",
      [REGION_NAME_OFFSET] = "offset",
  };
  return words[from];
}
