/* Regions: teams, what is inside of others, and ways out. */
#include "constructs.h"

static void plain(void) {
  uint64_t fork = now();
#pragma omp parallel
  {
    enter();
    spin(WORK_US * (1 + omp_get_thread_num()));
    leave();
  }
  add(fork, now(), 0);
}

static void nested(void) {
  uint64_t fork = now();
#pragma omp parallel
  {
    enter();
#pragma omp parallel num_threads(2)
    {
      spin(WORK_US);
#pragma omp barrier
#pragma omp critical
      spin(WORK_US / 10);
    }
    leave();
  }
  add(fork, now(), 0);
}

static void resized(void) {
  static int call;
  int size = 1 + call++ % 3; /* NOLINT(clang-analyzer-deadcode.DeadStores) */
  uint64_t fork = now();
#pragma omp parallel num_threads(size)
  {
    enter();
    spin(WORK_US * (1 + omp_get_thread_num()));
    leave();
  }
  add(fork, now(), 0);
}

static void cancelled(void) {
  /* NOLINTNEXTLINE(clang-analyzer-deadcode.DeadStores) */
  uint64_t fork = now();
#pragma omp parallel
  {
    enter();
    spin(WORK_US * (1 + omp_get_thread_num()));
    leave();
#pragma omp cancel parallel
    abort();
  }
  add(fork, now(), 0);
}

#ifdef __cplusplus
static void throwing(void) {
  uint64_t fork = now();
#pragma omp parallel
  {
    enter();
    try {
#pragma omp critical
      spin(WORK_US / 10);
      throw omp_get_thread_num();
    } catch (int who) {
      spin(WORK_US * (1 + who));
    }
    leave();
  }
  add(fork, now(), 0);
}
#endif

const struct construct constructs_of_regions[] = {
    {"plain", plain, "all"},
    {"nested", nested, "all"},
    {"resized", resized, "all"},
    {"cancelled", cancelled, "begins"},
#ifdef __cplusplus
    {"throwing", throwing, "ends"},
#endif
    {NULL, NULL, NULL},
};
