/* A program whose serial part, imbalance and scheduling are known: it stamps
 * where its threads are idle, as TALP has it.  With LLVM's OpenMP, of which
 * TALP hears by the same callbacks as the observer.
 *
 * usage: talp FILE
 *
 * In a region the second thread has more to do than the first, before a barrier
 * and up to the end, so that it is the last one everywhere; and meanwhile both
 * wait for tasks that somebody else completes: no one's work is missing then,
 * which TALP counts to the scheduling.
 *
 * What is work here sleeps: who needs no CPU is given one at once, on a busy
 * machine too.
 *
 * When observed, FILE gets, in ns of all threads together:
 *   open        wall time with a region open
 *   balance     I_lb: over regions, idle of each less that of who is least idle
 *   scheduling  I_sch: over regions, as long as that one is, of each
 *   events      what was stamped
 */
#include <inttypes.h>
#include <omp.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "stamps.h"

enum { REGIONS = 4, THREADS = 2, WORK_US = 10000, EVENTS = 8 };

/* Of a call, a thread's own. */
static struct thread {
  uint64_t begin, waited, end;
  char room[128];
} threads[THREADS];

static struct { uint64_t open, balance, scheduling, events; } sums;

/* Neither the observer nor TALP asks whether work is on a CPU. */
static void work(int us) {
  usleep((useconds_t)us);
}

/* Tasks that are waited for: each thread's last one. */
static omp_event_handle_t task_events[THREADS];
static int started, team;

/* Completes tasks some time after each thread of a region has its own. */
static void *complete(void *context) {
  for (int region = 1; region <= REGIONS; region++) {
    while (__atomic_load_n(&started, __ATOMIC_ACQUIRE) < region * team)
      usleep(20);
    usleep(WORK_US / 2);
    for (int i = 0; i < team; i++)
      omp_fulfill_event(task_events[i]);
  }
  return context;
}

/* Alone it does not: LLVM 14's library fails then. */
static void wait_for_task(int own) {
  omp_event_handle_t event;
  if (team == 1)
    return;
#pragma omp task detach(event)
  {}
  task_events[own] =
      event; /* cppcheck-suppress uninitvar ; the pragma sets it */
  __atomic_fetch_add(&started, 1, __ATOMIC_RELEASE);
  uint64_t begin = now();
#pragma omp taskwait
  threads[own].waited += now() - begin;
}

static void run(int own) {
  struct thread *t = &threads[own];
  *t = (struct thread){.begin = now()};
  work(WORK_US * (1 + own));
  uint64_t begin = now();
#pragma omp barrier
  t->waited += now() - begin;
  wait_for_task(own);
  work(WORK_US * (1 + own) / 2);
  t->end = now();
}

static void add(uint64_t fork, uint64_t join) {
  uint64_t least = UINT64_MAX, all = 0, size = (uint64_t)team;
  for (int i = 0; i < team; i++) {
    const struct thread *t = &threads[i];
    uint64_t idle = t->begin - fork + t->waited + join - t->end;
    least = idle < least ? idle : least;
    all += idle;
  }
  sums.open += join - fork;
  sums.balance += all - size * least;
  sums.scheduling += size * least;
  sums.events += size * EVENTS;
}

static int tell(const char *path) {
  FILE *out = fopen(path, "w");
  if (!out)
    return 1;
  fprintf(out,
          "open %" PRIu64 "\nbalance %" PRIu64 "\nscheduling %" PRIu64
          "\nevents %" PRIu64 "\n",
          sums.open, sums.balance, sums.scheduling, sums.events);
  return fclose(out) != 0;
}

int main(int count, char **arguments) {
  pthread_t other;
  team = omp_get_max_threads();
  if (count != 2 || team > THREADS ||
      (team > 1 && pthread_create(&other, NULL, complete, NULL) != 0))
    return 2;
    /* The library readies itself for regions in the first one, before it tells
     * a tool of it: not in one that is stamped. */
#pragma omp parallel if (0)
  {}
  for (int region = 0; region < REGIONS; region++) {
    work(WORK_US); /* serial */
    uint64_t fork = now();
#pragma omp parallel num_threads(team)
    run(omp_get_thread_num());
    add(fork, now());
  }
  if (team > 1)
    pthread_join(other, NULL);
  return getenv("CORESWEEP_OBSERVE") ? tell(arguments[1]) : 0;
}
