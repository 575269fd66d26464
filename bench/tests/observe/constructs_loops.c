/* Loops, sections, and what waits for all. */
#include "constructs.h"

static void barrier(void) {
  uint64_t fork = now();
#pragma omp parallel
  {
    enter();
    for (int i = 0; i < 2; i++) {
      spin(WORK_US * (1 + (i + omp_get_thread_num()) % 2));
      uint64_t begin = now();
#pragma omp barrier
      self()->barrier += now() - begin;
    }
    leave();
  }
  add(fork, now(), 4);
}

/* The time from one iteration to the next, and after the last, is the
 * runtime's: what it takes until the loop ends is dispatch, and then comes its
 * barrier. */
static void dynamic(void) {
  uint64_t fork = now();
#pragma omp parallel
  {
    enter();
#pragma omp for schedule(dynamic, 1) nowait
    for (int i = 0; i < 16; i++) {
      self()->dispatch += now() - self()->mark;
      spin(WORK_US / 4);
      self()->mark = now();
    }
    self()->dispatch += now() - self()->mark;
    leave();
  }
  add(fork, now(), 36);
}

static void guided(void) {
  uint64_t fork = now();
#pragma omp parallel
  {
    enter();
#pragma omp for schedule(guided, 1)
    for (int i = 0; i < 16; i++) {
      spin(WORK_US / 4);
      self()->mark = now();
    }
    self()->barrier += now() - self()->mark;
    leave();
  }
  add(fork, now(), 36);
}

static void sections(void) {
  uint64_t fork = now();
#pragma omp parallel
  {
    enter();
#pragma omp sections
    {
#pragma omp section
      {
        spin(WORK_US);
        self()->mark = now();
      }
#pragma omp section
      {
        spin(2 * WORK_US);
        self()->mark = now();
      }
#pragma omp section
      {
        spin(3 * WORK_US);
        self()->mark = now();
      }
    }
    self()->barrier += now() - self()->mark;
    leave();
  }
  add(fork, now(), 10);
}

/* Whoever does it works, the others wait. */
static void copied(void) {
  uint64_t fork = now();
#pragma omp parallel
  {
    int got;
    enter();
#pragma omp single copyprivate(got)
    {
      spin(WORK_US);
      got = 1;
      self()->mark = now();
    }
    self()->barrier += now() - self()->mark;
    spin(WORK_US * got);
    leave();
  }
  add(fork, now(), 4);
}

static void doacross(void) {
  uint64_t fork = now();
#pragma omp parallel
  {
    enter();
#pragma omp for ordered(1) schedule(static, 1)
    for (int i = 0; i < 4; i++) {
      spin(WORK_US / 2);
#pragma omp ordered depend(sink : i - 1)
      spin(WORK_US);
#pragma omp ordered depend(source)
      self()->mark = now();
    }
    self()->barrier += now() - self()->mark;
    leave();
  }
  add(fork, now(), 12);
}

const struct construct constructs_of_loops[] = {
    {"barrier", barrier, "all"},
    {"dynamic", dynamic, "all"},
    {"guided", guided, "runtime"},
    {"sections", sections, "runtime"},
    {"copyprivate", copied, "all"},
    {"doacross", doacross, "ends"},
    {NULL, NULL, NULL},
};
