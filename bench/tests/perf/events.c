/* events: what somebody's program does that an observer stamps, many times
 * over.
 *
 * usage: events KIND WORKERS REPETITIONS [OBSERVER]
 *
 *   regions   50 us of work on each thread
 *   empty     regions of nothing
 *   chunks    regions of 1000 chunks of next to nothing
 *   sections  regions of 100 critical sections of nothing a thread
 *
 * OBSERVER: the library to run it with; its files go away again.  Prints a JSON
 * object with the lower median of the repetitions.
 */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench/observe/observed.h"
#include "bench/trial/clock.h"

enum { WORK_NS = 50000, CHUNKS = 1000, SECTIONS = 100, MOST = 1000000 };

static void work(void) {
  int64_t end = clock_now_ns() + WORK_NS;
  while (clock_now_ns() < end)
    continue;
}

static void regions(int threads) {
#pragma omp parallel num_threads(threads)
  work();
}

static void empty(int threads) {
#pragma omp parallel num_threads(threads)
  __asm__ volatile("" ::: "memory");
}

static void chunks(int threads) {
#pragma omp parallel for num_threads(threads) schedule(dynamic, 1)
  for (int i = 0; i < CHUNKS; i++)
    __asm__ volatile("" ::: "memory");
}

static void sections(int threads) {
#pragma omp parallel num_threads(threads)
  for (int i = 0; i < SECTIONS; i++) {
#pragma omp critical
    __asm__ volatile("" ::: "memory");
  }
}

static const struct {
  const char *kind;
  void (*run)(int threads);
} kinds[] = {
    {"regions", regions},
    {"empty", empty},
    {"chunks", chunks},
    {"sections", sections},
};

static int ascending(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

static int repeat(const char *kind, int threads, size_t repetitions) {
  static double took_s[MOST];
  size_t k = 0, count = sizeof kinds / sizeof *kinds;
  while (k < count && strcmp(kinds[k].kind, kind) != 0)
    k++;
  if (k == count)
    return 2;
  kinds[k].run(threads);
  for (size_t i = 0; i < repetitions; i++) {
    int64_t begin_ns = clock_now_ns();
    kinds[k].run(threads);
    took_s[i] = (double)(clock_now_ns() - begin_ns) * 1e-9;
  }
  qsort(took_s, repetitions, sizeof *took_s, ascending);
  printf("{\"median_s\": %.9f}\n", took_s[(repetitions - 1) / 2]);
  return 0;
}

/* The same in a child that is observed. */
static int observe(char **arguments, const char *observer) {
  char folder[] = "/tmp/events-XXXXXX", file[sizeof folder + 32];
  int status = 0;
  if (!mkdtemp(folder))
    return 1;
  pid_t child = fork();
  if (child == 0) {
    setenv(OBSERVED_FOLDER, folder, 1);
    setenv("LD_PRELOAD", observer, 1);
    arguments[4] = NULL;
    execv("/proc/self/exe", arguments);
    _exit(1);
  }
  while (waitpid(child, &status, 0) < 0 && errno == EINTR)
    continue;
  snprintf(file, sizeof file, "%s/%ld.0", folder, (long)child);
  bool observed = unlink(file) == 0;
  rmdir(folder);
  return observed && WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}

int main(int count, char **arguments) {
  if (count != 4 && count != 5)
    return 2;
  int threads = (int)strtol(arguments[2], NULL, 10);
  long repetitions = strtol(arguments[3], NULL, 10);
  if (threads < 1 || repetitions < 1 || repetitions > MOST)
    return 2;
  if (count == 5)
    return observe(arguments, arguments[4]);
  return repeat(arguments[1], threads, (size_t)repetitions);
}
