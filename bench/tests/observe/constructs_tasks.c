/* Tasks. */
#include "constructs.h"

/* What a task waits for is its thread's wait but for bodies of tasks. */
static void tasks(void) {
  uint64_t fork = now();
#pragma omp parallel
  {
    enter();
#pragma omp single nowait
    {
      struct thread *t = self();
      for (int i = 0; i < 6; i++) {
        uint64_t begin = now();
#pragma omp task firstprivate(i)
        {
          uint64_t from = now();
          spin(WORK_US * (1 + i % 2));
          if (self()->end != 0) {
            self()->last = now();
            self()->after += self()->last - from;
          }
        }
        t->dispatch += now() - begin;
      }
#pragma omp taskwait
    }
    leave();
  }
  add(fork, now(), 30);
}

static void taskloop(void) {
  uint64_t fork = now();
#pragma omp parallel
  {
    enter();
#pragma omp single
#pragma omp taskloop
    for (long i = 0; i < 4; i++)
      spin(WORK_US);
    leave();
  }
  add(fork, now(), 12);
}

static void reductions(void) {
  int sum = 0;
  uint64_t fork = now();
#pragma omp parallel reduction(task, + : sum)
  {
    enter();
#pragma omp task in_reduction(+ : sum)
    {
      spin(WORK_US);
      sum += 1;
    }
#pragma omp taskwait
    leave();
  }
  add(fork, now(), 12);
  if (sum != team)
    abort();
}

const struct construct constructs_of_tasks[] = {
    {"tasks", tasks, "ends"},
    {"taskloop", taskloop, "ends"},
    {"reductions", reductions, "ends"},
    {NULL, NULL, NULL},
};
