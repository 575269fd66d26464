/* A program that is observed, and lives otherwise than most: it forks, is
 * killed, opens and closes libraries, opens regions from several threads.
 *
 * usage: lives HOW [FILE...]
 */
#include <dlfcn.h>
#include <errno.h>
#include <inttypes.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#ifdef _OPENMP
#include <omp.h>
#endif

#include "stamps.h"

static int region(int threads) {
  int sum = 0;
  (void)threads;
#pragma omp parallel num_threads(threads) reduction(+ : sum)
  {
    spin(100);
    sum += 1;
  }
  return sum;
}

static int wait_for(pid_t child) {
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR)
    continue;
  return WIFEXITED(status) ? WEXITSTATUS(status) : 100 + WTERMSIG(status);
}

/* A child with regions of its own, one thread each: teams do not survive. */
static int forks(char **files) {
  (void)files;
  region(1);
  region(1);
  pid_t child = fork();
  if (child == 0) {
    region(1);
    exit(region(1) + region(1));
  }
  region(1);
  return wait_for(child) == 2 ? 0 : 1;
}

/* One that is forked inside of a region, and comes out of it. */
static int forks_inside(char **files) {
  pid_t child = 0;
  (void)files;
#pragma omp parallel num_threads(1)
  child = fork();
  if (child == 0) {
    region(1);
    exit(7);
  }
  return wait_for(child) == 7 ? 0 : 1;
}

static int executes(char **files) {
  region(1);
  execl(files[0], files[0], "leaves", (char *)NULL);
  return 1;
}

static int leaves(char **files) {
  (void)files;
  region(2);
  _exit(5);
}

static int dies(char **files) {
  (void)files;
  region(2);
  region(2);
#pragma omp parallel
  {
    spin(200);
    raise(SIGKILL);
  }
  return 0;
}

static int ends_inside(char **files) {
  (void)files;
  region(2);
#pragma omp parallel num_threads(1)
  exit(6);
  return 0;
}

typedef int (*plugin)(void);

static plugin plugin_of(void *library) {
  uintptr_t run = (uintptr_t)dlsym(library, "plugin_run");
  return (plugin)run; /* NOLINT(performance-no-int-to-ptr) */
}

/* Opens a library, runs it, and closes it, twice. */
static int opens_by(const char *file, int flags) {
  for (int i = 0; i < 2; i++) {
    void *library = dlopen(file, RTLD_NOW | flags);
    if (!library) {
      fprintf(stderr, "%s\n", dlerror());
      return 1;
    }
    plugin run = plugin_of(library);
    int sum = run() + run();
    printf("%d\n", sum);
    dlclose(library);
  }
  return 0;
}

static int opens(char **files) {
  for (; *files; files++)
    if (opens_by(*files, RTLD_LOCAL) != 0)
      return 1;
  return 0;
}

static int opens_deep(char **files) {
  return opens_by(*files, RTLD_DEEPBIND);
}

/* Two libraries at once, in turns. */
static int opens_both(char **files) {
  plugin run[2] = {NULL, NULL};
  int sum = 0;
  for (int i = 0; i < 2; i++) {
    void *library = dlopen(files[i], RTLD_NOW | RTLD_LOCAL);
    if (!library) {
      fprintf(stderr, "%s\n", dlerror());
      return 1;
    }
    run[i] = plugin_of(library);
  }
  for (int i = 0; i < 8; i++)
    sum += run[i % 2]();
  printf("%d\n", sum);
  return 0;
}

/* All at once, and then each in turn. */
static int opens_many(char **files) {
  enum { MOST = 64 };
  plugin run[MOST];
  int count = 0, sum = 0;
  for (; count < MOST && files[count]; count++) {
    void *library = dlopen(files[count], RTLD_NOW | RTLD_LOCAL);
    if (!library) {
      fprintf(stderr, "%s\n", dlerror());
      return 1;
    }
    run[count] = plugin_of(library);
  }
  for (int i = 0; i < count; i++)
    sum += run[i]();
  printf("%d\n", sum);
  return 0;
}

/* Both with regions of their own, the program and what it opens. */
static int opens_another(char **files) {
  int sum = region(2);
  int status = opens_by(*files, RTLD_LOCAL);
  return status != 0 || sum + region(2) != 4;
}

/* Time with a region open, of two threads that open them.  As the observer has
 * it, but stamped here. */
static uint64_t parallel_ns;
static unsigned open_regions;

static void *opener(void *context) {
  for (int i = 0; i < 50; i++) {
    spin(50 * (1 + i % 3));
    unsigned open = __atomic_fetch_add(&open_regions, 1, __ATOMIC_SEQ_CST);
    uint64_t begin = now();
    if (open == 0)
      __atomic_fetch_sub(&parallel_ns, begin, __ATOMIC_SEQ_CST);
    region(1 + i % 2);
    uint64_t end = now();
    if (__atomic_fetch_sub(&open_regions, 1, __ATOMIC_SEQ_CST) == 1)
      __atomic_fetch_add(&parallel_ns, end, __ATOMIC_SEQ_CST);
  }
  return context;
}

static int pthreads(char **files) {
  pthread_t threads[2];
  (void)files;
  for (int i = 0; i < 2; i++)
    if (pthread_create(&threads[i], NULL, opener, NULL) != 0)
      return 1;
  for (int i = 0; i < 2; i++)
    pthread_join(threads[i], NULL);
  printf("parallel_ns %" PRIu64 "\n", parallel_ns);
  return 0;
}

/* Chunks of next to nothing. */
static int chunks(char **files) {
  volatile int done[100] = {0};
  (void)files;
#pragma omp parallel for schedule(dynamic, 1)
  for (int i = 0; i < 50000; i++)
    done[i % 100] = 1;
  return done[0] != 1;
}

/* More regions at once than there is room for teams. */
static void *one_region(void *barrier) {
#pragma omp parallel num_threads(1)
  pthread_barrier_wait(barrier);
  return NULL;
}

static int crowd(char **files) {
  enum { CROWD = 20 };
  pthread_t threads[CROWD];
  pthread_barrier_t barrier;
  (void)files;
  pthread_barrier_init(&barrier, NULL, CROWD);
  for (int i = 0; i < CROWD; i++)
    if (pthread_create(&threads[i], NULL, one_region, &barrier) != 0)
      return 1;
  for (int i = 0; i < CROWD; i++)
    pthread_join(threads[i], NULL);
  return 0;
}

static int nothing(char **files) {
  (void)files;
  puts("nothing");
  return 3;
}

/* Its memory at most, in KB. */
static int memory(char **files) {
  char line[256];
  (void)files;
  region(2);
  FILE *status = fopen("/proc/self/status", "r");
  while (status && fgets(line, sizeof line, status))
    if (strncmp(line, "VmHWM:", 6) == 0)
      printf("%s", line);
  return status ? fclose(status) : 1;
}

static int files_open(char **files) {
  (void)files;
  region(2);
  printf("%d\n", dup(1));
  return 0;
}

/* No file can be opened any more, as where a sandbox begins. */
static int narrow(char **files) {
  const struct rlimit none = {3, 3};
  (void)files;
  return setrlimit(RLIMIT_NOFILE, &none) != 0 || region(2) != 2;
}

/* Whether the loader leaves out what it is asked to put in front. */
static int secure(char **files) {
  (void)files;
  printf("%lu\n", getauxval(AT_SECURE));
  return region(2);
}

int main(int count, char **arguments) {
  static const struct {
    const char *how;
    int (*live)(char **files);
  } lives[] = {
      {"forks", forks},       {"forks-inside", forks_inside},
      {"executes", executes}, {"leaves", leaves},
      {"dies", dies},         {"ends-inside", ends_inside},
      {"opens", opens},       {"opens-deep", opens_deep},
      {"both", opens_both},   {"another", opens_another},
      {"many", opens_many},   {"pthreads", pthreads},
      {"chunks", chunks},     {"crowd", crowd},
      {"nothing", nothing},   {"memory", memory},
      {"files", files_open},  {"secure", secure},
      {"narrow", narrow},
  };
  for (size_t i = 0; count > 1 && i < sizeof lives / sizeof *lives; i++)
    if (strcmp(arguments[1], lives[i].how) == 0)
      return lives[i].live(arguments + 2);
  return 2;
}
