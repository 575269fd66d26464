/* Critical sections, locks, and turns. */
#include "constructs.h"

static uint64_t let_go_ns;

/* Of whoever took a lock: it waited until the one before let go. */
static void held(uint64_t asked) {
  uint64_t end = now(), before = __atomic_load_n(&let_go_ns, __ATOMIC_RELAXED);
  uint64_t waited = before > asked && before < end ? before - asked : 0;
  __atomic_store_n(&let_go_ns, end, __ATOMIC_RELAXED);
  self()->lock += waited;
  self()->critical += end - asked - waited;
}

static void critical(void) {
  uint64_t fork = now();
#pragma omp parallel
  {
    enter();
    for (int i = 0; i < 2; i++) {
      uint64_t asked = now();
#pragma omp critical
      spin(WORK_US);
      held(asked);
      spin(WORK_US / 2);
    }
    leave();
  }
  add(fork, now(), 8);
}

static void named(void) {
  uint64_t fork = now();
#pragma omp parallel
  {
    enter();
    for (int i = 0; i < 2; i++) {
      uint64_t asked = now();
#pragma omp critical(of_this_name)
      spin(WORK_US);
      held(asked);
      spin(WORK_US / 2);
    }
    leave();
  }
  add(fork, now(), 8);
}

static void lock(void) {
  omp_lock_t one;
  omp_init_lock(&one);
  uint64_t fork = now();
#pragma omp parallel
  {
    enter();
    for (int i = 0; i < 2; i++) {
      uint64_t asked = now();
      omp_set_lock(&one);
      spin(WORK_US);
      omp_unset_lock(&one);
      held(asked);
      spin(WORK_US / 2);
    }
    leave();
  }
  add(fork, now(), 8);
  omp_destroy_lock(&one);
}

static void nest_lock(void) {
  omp_nest_lock_t one;
  omp_init_nest_lock(&one);
  uint64_t fork = now();
#pragma omp parallel
  {
    enter();
    uint64_t asked = now();
    omp_set_nest_lock(&one);
    omp_set_nest_lock(&one);
    spin(WORK_US);
    omp_unset_nest_lock(&one);
    omp_unset_nest_lock(&one);
    held(asked);
    leave();
  }
  add(fork, now(), 8);
  omp_destroy_nest_lock(&one);
}

/* As locks are: it is each one's turn when the one before has had it. */
static void ordered(void) {
  uint64_t fork = now();
#pragma omp parallel
  {
    enter();
#pragma omp for ordered schedule(static, 1)
    for (int i = 0; i < 4; i++) {
      self()->barrier = self()->mark = 0;
      spin(WORK_US / 2);
      uint64_t asked = now();
#pragma omp ordered
      spin(WORK_US);
      held(asked);
      self()->mark = now();
    }
    self()->barrier += now() - self()->mark;
    leave();
  }
  add(fork, now(), 16);
}

const struct construct constructs_of_locks[] = {
    {"critical", critical, "all"}, {"named", named, "all"},
    {"lock", lock, "all"},         {"nest_lock", nest_lock, "all"},
    {"ordered", ordered, "ends"},  {NULL, NULL, NULL},
};
