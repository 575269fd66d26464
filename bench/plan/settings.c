#include "bench/plan/settings.h"

#include "bench/plan/stacks.h"
#include "bench/plan/text.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

enum action {
  BINDS,     /* refused, unless it says "false" or "disabled" */
  DESCRIBES, /* refused: another machine */
  CLEARED,
  RECORDED
};

/* The first that fits counts; a '*' at the end fits whatever follows.
 * Sources: the manuals of libgomp ("Environment Variables"), of LLVM's OpenMP
 * runtime and of hwloc ("Environment Variables"); ld.so(8), mallopt(3),
 * argp and getopt in the GNU C library's manual. */
static const struct setting {
  const char *name;
  enum action action;
  enum settings_of whose;
} settings[] = {
    {"OMP_PROC_BIND", BINDS, SETTINGS_OPENMP},
    {"OMP_PLACES", BINDS, SETTINGS_OPENMP},
    {"GOMP_CPU_AFFINITY", BINDS, SETTINGS_OPENMP},
    {"KMP_AFFINITY", BINDS, SETTINGS_OPENMP},
    {"KMP_HW_SUBSET", BINDS, SETTINGS_OPENMP},
    {"KMP_PLACE_THREADS", BINDS, SETTINGS_OPENMP},
    {"OMP_DISPLAY_ENV", CLEARED, SETTINGS_OPENMP},
    {"OMP_DISPLAY_AFFINITY", CLEARED, SETTINGS_OPENMP},
    {"OMP_AFFINITY_FORMAT", CLEARED, SETTINGS_OPENMP},
    {"OMP_TOOL_VERBOSE_INIT", CLEARED, SETTINGS_OPENMP},
    {"GOMP_DEBUG", CLEARED, SETTINGS_OPENMP},
    {"KMP_SETTINGS", CLEARED, SETTINGS_OPENMP},
    {"KMP_VERSION", CLEARED, SETTINGS_OPENMP},
    {"OMP_*", RECORDED, SETTINGS_OPENMP},
    {"GOMP_*", RECORDED, SETTINGS_OPENMP},
    {"ACC_*", RECORDED, SETTINGS_OPENMP}, /* libgomp reads these, too */
    {"KMP_*", RECORDED, SETTINGS_OPENMP},
    {"LIBOMP_*", RECORDED, SETTINGS_OPENMP},
    {"HWLOC_SYNTHETIC", DESCRIBES, SETTINGS_LIBRARIES},
    {"HWLOC_XMLFILE", DESCRIBES, SETTINGS_LIBRARIES},
    {"HWLOC_FSROOT", DESCRIBES, SETTINGS_LIBRARIES},
    {"HWLOC_CPUID_PATH", DESCRIBES, SETTINGS_LIBRARIES},
    {"HWLOC_DUMPED_HWDATA_DIR", DESCRIBES, SETTINGS_LIBRARIES},
    {"HWLOC_THISSYSTEM", DESCRIBES, SETTINGS_LIBRARIES},
    {"HWLOC_COMPONENTS", DESCRIBES, SETTINGS_LIBRARIES},
    {"HWLOC_*", RECORDED, SETTINGS_LIBRARIES},
    {"LD_DEBUG", CLEARED, SETTINGS_LIBRARIES},
    {"LD_SHOW_AUXV", CLEARED, SETTINGS_LIBRARIES},
    {"LD_VERBOSE", CLEARED, SETTINGS_LIBRARIES},
    {"LD_*", RECORDED, SETTINGS_LIBRARIES},
    {"MALLOC_TRACE", CLEARED, SETTINGS_LIBRARIES},
    {"MALLOC_*", RECORDED, SETTINGS_LIBRARIES},
    {"GLIBC_TUNABLES", RECORDED, SETTINGS_LIBRARIES},
    {"POSIXLY_CORRECT", CLEARED, SETTINGS_LIBRARIES},
    {"ARGP_HELP_FMT", CLEARED, SETTINGS_LIBRARIES},
};

/* clearenv leaves no list at all. */
static char **variables(void) {
  static char *none[] = {NULL};
  return environ ? environ : none;
}

/* The row of "NAME=VALUE"; NULL: no library's. */
static const struct setting *find(const char *assignment) {
  size_t length = strcspn(assignment, "=");
  for (size_t i = 0; i < sizeof settings / sizeof *settings; i++) {
    const char *name = settings[i].name;
    size_t common = strcspn(name, "*");
    if (strncmp(assignment, name, common) == 0 &&
        (name[common] == '*' || length == common))
      return &settings[i];
  }
  return NULL;
}

int settings_check_machine(struct problem *problem) {
  for (char **at = variables(); *at; at++) {
    const struct setting *setting = find(*at);
    const char *value = strchr(*at, '=');
    if (setting && setting->action == DESCRIBES && value && value[1])
      return problem_usage(problem,
                           "%.80s is set: hwloc would describe another "
                           "machine than this one, or not all of it; unset it",
                           *at);
  }
  return PROBLEM_NONE;
}

int settings_check(struct problem *problem) {
  int status = settings_check_machine(problem);
  for (char **at = variables(); !status && *at; at++) {
    const struct setting *setting = find(*at);
    const char *value = strchr(*at, '=');
    if (setting && setting->action == BINDS && value && value[1] &&
        strcasecmp(value + 1, "false") != 0 &&
        strcasecmp(value + 1, "disabled") != 0)
      status = problem_usage(problem,
                             "%.80s is set: it binds the process before "
                             "coresweep can; unset it, and use --bind or "
                             "--cpus (for a program of your own: --env)",
                             *at);
  }
  return status;
}

/* The number that a variable is set to; `otherwise` where it is not set, or to
 * something that the runtimes don't take. */
static uintmax_t number_of(const char *name, uintmax_t otherwise) {
  const char *text = getenv(name);
  char *end;
  if (!text)
    return otherwise;
  text += strspn(text, " \t");
  if (*text < '0' || *text > '9')
    return otherwise;
  uintmax_t number = strtoumax(text, &end, 10);
  return end[strspn(end, " \t")] ? otherwise : number;
}

int settings_check_openmp(struct problem *problem) {
#ifdef __clang__ /* which links LLVM's OpenMP: it ends the program there */
  if (access("/proc/cpuinfo", R_OK) != 0)
    return problem_failure(problem,
                           "/proc/cpuinfo cannot be read, and LLVM's OpenMP "
                           "does not run without: mount /proc, or build with "
                           "gcc");
#endif
  (void)problem;
  return PROBLEM_NONE;
}

int settings_check_threads(uint32_t threads, struct problem *problem) {
  static const char *const limits[] = {"OMP_THREAD_LIMIT",
                                       "OMP_THREAD_LIMIT_ALL"};
  static const char *const levels[] = {"OMP_MAX_ACTIVE_LEVELS",
                                       "OMP_MAX_ACTIVE_LEVELS_ALL"};
  for (int i = 0; i < 2; i++) {
    uintmax_t limit = number_of(limits[i], threads);
    if (limit > 0 && limit < threads)
      return problem_usage(problem,
                           "%s=%ju is set: OpenMP gives no more threads than "
                           "that, and %" PRIu32 " are asked for; unset it",
                           limits[i], limit, threads);
    if (threads > 1 && number_of(levels[i], 1) == 0)
      return problem_usage(problem,
                           "%s=0 is set: OpenMP would give every region one "
                           "thread, and %" PRIu32 " are asked for; unset it",
                           levels[i], threads);
  }
  return threads > 1 ? stacks_check_threads(problem) : PROBLEM_NONE;
}

void settings_clear(void) {
  for (size_t i = 0; i < sizeof settings / sizeof *settings; i++)
    if (settings[i].action == CLEARED)
      unsetenv(settings[i].name);
}

static int by_text(const void *a, const void *b) {
  return strcmp(*(char *const *)a, *(char *const *)b);
}

char *settings_text(enum settings_of whose, bool with_paths) {
  size_t count = 0, size = 0;
  char *text = NULL;
  for (char **at = variables(); *at; at++)
    count++;
  char **list = calloc(count + 1, sizeof *list);
  FILE *out = list ? open_memstream(&text, &size) : NULL;
  count = 0;
  for (char **at = variables(); out && *at; at++) {
    const struct setting *setting = find(*at);
    if (setting && setting->whose == whose && setting->action != CLEARED)
      list[count++] = *at;
  }
  if (out)
    qsort(list, count, sizeof *list, by_text);
  for (size_t i = 0; out && i < count; i++) {
    bool whole = with_paths || !strchr(list[i], '/');
    fprintf(out, "%s%.*s", i ? " " : "",
            (int)(whole ? strlen(list[i]) : strcspn(list[i], "=")), list[i]);
  }
  free(list);
  bool closed = out && fclose(out) == 0;
  char *shown = closed ? text_copy_shown(text) : NULL;
  free(text);
  return shown;
}
