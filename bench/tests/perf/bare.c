/* bare: loops to compare the execution models with: what the machine and its
 * system take for the same thing, with nothing of a trial in it.
 *
 * usage: bare KIND CPUS WORKERS REPETITIONS
 *
 *   pingpong  a round trip between two processes, through two futex words:
 *             like pool:apply with one worker, but without a pool
 *   region    an empty `omp parallel`
 *   loop      with `omp for schedule(static) nowait` in it, over as many empty
 *             iterations as threads: the very directives of omp:static
 *
 * CPUS, as in 0,1: those that a trial would take; thread i is bound to the
 * i-th.  OMP_WAIT_POLICY says how threads wait.  Prints a JSON object, with the
 * lower median of so many regions, or of the means of a thousand round trips.
 */
#include "bench/analyze/stats.h"
#include "bench/plan/cpulist.h"
#include "bench/plan/notation.h"
#include "bench/plan/problem.h"
#include "bench/plan/topology.h"
#include "bench/trial/clock.h"
#include "bench/trial/handoff.h"
#include "bench/trial/job.h"

#include <errno.h>
#include <inttypes.h>
#include <linux/futex.h>
#include <omp.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
  TRIPS = 1000, /* round trips in a repetition of the ping-pong */
  CPUS_MOST = 1024,
  REPETITIONS_MOST = 1000000,
};

struct request {
  int cpus[CPUS_MOST];
  uint32_t cpu_count, workers, repetitions;
};

/* A word and whether its reader sleeps, in a pair of cache lines. */
struct ball {
  _Alignas(128) _Atomic uint32_t word;
  _Atomic uint32_t sleeps;
};

struct table {
  struct ball ping, pong;
};

enum { STOP = UINT32_MAX >> 1 };

static uint32_t look(struct ball *ball) {
  return atomic_load_explicit(&ball->word, memory_order_acquire);
}

/* Waits until the word is not `value`; sleeps at most as long as `slice`. */
static uint32_t await(struct ball *ball, uint32_t value, bool spins,
                      const struct timespec *slice) {
  uint32_t now = look(ball);
  int64_t end_ns = spins && now == value ? clock_now_ns() + HANDOFF_SPIN_NS : 0;
  while (end_ns && now == value) {
    for (int i = 0; i < HANDOFF_LOOKS && (now = look(ball)) == value; i++)
      handoff_relax();
    if (clock_now_ns() >= end_ns)
      break;
  }
  if (now != value)
    return now;
  atomic_store(&ball->sleeps, 1);
  if (atomic_load(&ball->word) == value)
    syscall(SYS_futex, &ball->word, FUTEX_WAIT, value, slice, NULL, 0);
  atomic_store(&ball->sleeps, 0);
  return look(ball);
}

static void throw_ball(struct ball *ball, uint32_t value) {
  atomic_store(&ball->word, value);
  if (atomic_load(&ball->sleeps))
    syscall(SYS_futex, &ball->word, FUTEX_WAKE, 1, NULL, NULL, 0);
}

static _Noreturn void answer(struct table *table, int cpu, bool spins,
                             pid_t parent) {
  uint32_t seen = 0;
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent || worker_bind(cpu) != 0)
    _exit(1);
  while (seen != STOP) {
    uint32_t now = await(&table->ping, seen, spins, NULL);
    if (now == seen)
      continue;
    seen = now;
    throw_ball(&table->pong, seen);
  }
  _exit(0);
}

/* One round trip; false when the child is gone. */
static bool trip(struct table *table, uint32_t value, bool spins, pid_t *pid) {
  const struct timespec slice = {.tv_nsec = 20000000};
  uint32_t before = look(&table->pong);
  throw_ball(&table->ping, value);
  while (await(&table->pong, before, spins, &slice) != value)
    if (waitpid(*pid, NULL, WNOHANG) != 0) {
      *pid = 0;
      return false;
    }
  return true;
}

static int play(const struct request *request, struct table *table, bool spins,
                pid_t *pid, double *seconds, struct problem *problem) {
  uint32_t value = 0;
  bool alive = true;
  /* One repetition before those that count. */
  for (uint32_t r = 0; alive && r <= request->repetitions; r++) {
    int64_t begin_ns = clock_now_ns();
    for (int i = 0; alive && i < TRIPS; i++)
      alive = trip(table, ++value, spins, pid);
    double each_s = (double)(clock_now_ns() - begin_ns) * 1e-9 / TRIPS;
    if (r > 0)
      seconds[r - 1] = each_s;
  }
  if (alive)
    alive = trip(table, STOP, spins, pid);
  if (alive)
    return PROBLEM_NONE;
  return problem_failure(problem, "the other process ended early "
                                  "(could it not be bound to its CPU?)");
}

/* Two processes and two futex words: the parent on the second CPU asks, its
 * child on the first answers, each spins for HANDOFF_SPIN_NS before it sleeps,
 * where there are two CPUs. */
static int pingpong(const struct request *request, double *seconds,
                    struct problem *problem) {
  bool spins = request->cpu_count > 1;
  pid_t self = getpid();
  struct table *table = mmap(NULL, sizeof *table, PROT_READ | PROT_WRITE,
                             MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (table == MAP_FAILED)
    return problem_failure(problem, "out of memory");
  pid_t pid = fork();
  if (pid == 0)
    answer(table, request->cpus[0], spins, self);
  int status = PROBLEM_NONE;
  if (pid < 0)
    status = problem_failure(problem, "no second process: %s", strerror(errno));
  int error = spins ? worker_bind(request->cpus[1]) : 0;
  if (!status && error)
    status = problem_failure(problem, "cannot be bound to CPU %d: %s",
                             request->cpus[1], strerror(-error));
  if (!status)
    status = play(request, table, spins, &pid, seconds, problem);
  if (status && pid > 0)
    kill(pid, SIGKILL);
  while (pid > 0 && waitpid(pid, NULL, 0) < 0 && errno == EINTR)
    ;
  munmap(table, sizeof *table);
  return status;
}

static int64_t one_region(uint32_t workers) {
  (void)workers;
  int64_t begin_ns = clock_now_ns();
#pragma omp parallel
  { __asm__ volatile(""); /* so that it is not left out */ }
  return clock_now_ns() - begin_ns;
}

/* Read by every thread, as omp's number of blocks is. */
static int64_t blocks;

static int64_t one_loop(uint32_t workers) {
  blocks = workers;
  int64_t begin_ns = clock_now_ns();
#pragma omp parallel
  {
#pragma omp for schedule(static) nowait
    for (int64_t block = 0; block < blocks; block++)
      __asm__ volatile("");
  }
  return clock_now_ns() - begin_ns;
}

static int repeat(const struct request *request,
                  int64_t (*once)(uint32_t workers), double *seconds,
                  struct problem *problem) {
  uint32_t started = 0, workers = request->workers;
  int error = 0;
  omp_set_dynamic(0);
  omp_set_num_threads((int)workers);
#pragma omp parallel reduction(+ : started) reduction(min : error)
  {
    started += 1;
    error = worker_bind(request->cpus[omp_get_thread_num()]);
  }
  if (error || started != workers)
    return problem_failure(problem, "%u of %u threads: %s", started, workers,
                           error ? strerror(-error) : "too few");
  for (uint32_t r = 0; r < request->repetitions / 10; r++)
    once(workers);
  for (uint32_t r = 0; r < request->repetitions; r++)
    seconds[r] = (double)once(workers) * 1e-9;
  return PROBLEM_NONE;
}

static int region(const struct request *request, double *seconds,
                  struct problem *problem) {
  return repeat(request, one_region, seconds, problem);
}

/* The loop asks for the number of threads, in a cache line that the region's
 * start has just written: on two CPUs that shows. */
static int loop(const struct request *request, double *seconds,
                struct problem *problem) {
  return repeat(request, one_loop, seconds, problem);
}

/* ---- the command line ---------------------------------------------------- */

static const struct kind {
  const char *name;
  int (*run)(const struct request *request, double *seconds,
             struct problem *problem);
} kinds[] = {{"pingpong", pingpong}, {"region", region}, {"loop", loop}};

static int read_count(const char *name, const char *text, uint32_t most,
                      uint32_t *count, struct problem *problem) {
  uint64_t value = 0;
  if (!notation_parse_count(text, most, &value) || value < 1)
    return problem_usage(problem, "%s %s: want a whole number from 1 to %u",
                         name, text, most);
  *count = (uint32_t)value;
  return PROBLEM_NONE;
}

static const struct kind *find_kind(const char *name) {
  for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
    if (strcmp(kinds[i].name, name) == 0)
      return &kinds[i];
  return NULL;
}

/* From CPUS WORKERS REPETITIONS. */
static int read_request(char **words, struct request *request,
                        struct problem *problem) {
  char message[200];
  int listed = cpulist_parse(words[0], request->cpus, CPUS_MOST, message,
                             sizeof message);
  if (listed <= 0)
    return problem_usage(problem, "CPUs %s: %s", words[0], message);
  request->cpu_count = (uint32_t)listed;
  int status = read_count("WORKERS", words[1], request->cpu_count,
                          &request->workers, problem);
  if (!status)
    status = read_count("REPETITIONS", words[2], REPETITIONS_MOST,
                        &request->repetitions, problem);
  return status;
}

static int run(const struct kind *kind, const struct request *request,
               struct problem *problem) {
  double *seconds = calloc(request->repetitions, sizeof *seconds);
  if (!seconds)
    return problem_failure(problem, "out of memory");
  int status = kind->run(request, seconds, problem);
  stats_sort(seconds, request->repetitions);
  if (!status)
    printf("{\"kind\":\"%s\",\"workers\":%" PRIu32 ",\"repetitions\":%" PRIu32
           ",\"median_s\":%.9g}\n",
           kind->name, request->workers, request->repetitions,
           stats_lower_median(seconds, request->repetitions));
  free(seconds);
  return status;
}

int main(int argc, char **argv) {
  static struct request request;
  struct problem problem = {""};
  const struct kind *kind = argc == 5 ? find_kind(argv[1]) : NULL;
  if (!kind) {
    fputs("usage: bare pingpong|region|loop CPUS WORKERS REPETITIONS\n",
          stderr);
    return PROBLEM_USAGE;
  }
  int status = read_request(argv + 2, &request, &problem);
  if (!status)
    status = run(kind, &request, &problem);
  if (status)
    fprintf(stderr, "bare %s: %s\n", kind->name, problem.text);
  return status;
}
