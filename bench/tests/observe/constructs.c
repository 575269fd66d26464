/* A program that is observed: it runs one construct of OpenMP, stamps what it
 * does with the observer's clock, directly beside the observer's own stamps,
 * and prints what the observer should tell, in ns.  C, and C++ as well.
 *
 * usage: constructs NAME [BEFORE]
 *
 * BEFORE: where the observer's file is copied to before the calls that count.
 */
#include <dirent.h>
#include <inttypes.h>
#include <omp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { CALLS = 20, THREADS = 8, WORK_US = 100 };

/* Of a call; a thread's own in cache lines of its own. */
struct thread {
  uint64_t begin, end, lock, task, barrier, dispatch, critical;
  uint64_t mark;        /* the last stamp in a loop */
  uint64_t after, last; /* bodies of tasks past its end, and the last's end */
  char room[128];
};
static struct thread threads[THREADS];
static int team; /* of the call */

/* Sums over calls, as the observer has them. */
static struct {
  uint64_t core, start, work, dispatch, lock, task, barrier, late, join;
  uint64_t critical, wall, events;
} sums;
static uint64_t let_go_ns;

static uint64_t now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static void spin(int us) {
  uint64_t end = now() + (uint64_t)us * 1000;
  while (now() < end)
    continue;
}

static struct thread *self(void) {
  return &threads[omp_get_thread_num()];
}

static void enter(void) {
  struct thread *t = self();
  memset(t, 0, sizeof *t);
  if (omp_get_thread_num() == 0)
    team = omp_get_num_threads();
  t->begin = t->mark = now();
}

static void leave(void) {
  self()->end = now();
}

/* Adds the call that was opened and came back then. */
static void add(uint64_t fork, uint64_t join, int events) {
  uint64_t last = 0;
  for (int i = 0; i < team; i++) {
    last = threads[i].end > last ? threads[i].end : last;
    last = threads[i].last > last ? threads[i].last : last;
  }
  for (int i = 0; i < team; i++) {
    const struct thread *t = &threads[i];
    uint64_t not_work = t->lock + t->task + t->barrier + t->dispatch;
    sums.start += t->begin - fork;
    sums.lock += t->lock;
    sums.task += t->task;
    sums.barrier += t->barrier;
    sums.dispatch += t->dispatch;
    sums.critical += t->critical;
    sums.work += t->end - t->begin - not_work;
    sums.late += last - t->end - t->after;
    sums.join += join - last;
    sums.core += join - fork;
  }
  sums.wall += join - fork;
  sums.events += (uint64_t)(team * (4 + events));
}

/* ---- one construct each -------------------------------------------------- */

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

static const struct construct {
  const char *name;
  void (*run)(void);
  const char *terms; /* that are printed; the others are not known here */
} constructs[] = {
    {"plain", plain, "all"},
    {"barrier", barrier, "all"},
    {"dynamic", dynamic, "all"},
    {"guided", guided, "runtime"},
    {"sections", sections, "runtime"},
    {"copyprivate", copied, "all"},
    {"critical", critical, "all"},
    {"named", named, "all"},
    {"lock", lock, "all"},
    {"nest_lock", nest_lock, "all"},
    {"ordered", ordered, "ends"},
    {"tasks", tasks, "ends"},
    {"taskloop", taskloop, "ends"},
    {"reductions", reductions, "ends"},
    {"nested", nested, "all"},
    {"resized", resized, "all"},
    {"cancelled", cancelled, "begins"},
    {"doacross", doacross, "ends"},
#ifdef __cplusplus
    {"throwing", throwing, "ends"},
#endif
};

/* The observer's file as it is now; a first call has made the region's entry.
 */
static void copy_file(const char *to) {
  const char *folder = getenv("CORESWEEP_OBSERVE");
  DIR *entries = folder ? opendir(folder) : NULL;
  char path[512], bytes[4096];
  size_t got;
  const struct dirent *entry = entries ? readdir(entries) : NULL;
  while (entry && entry->d_name[0] == '.')
    entry = readdir(entries);
  if (!entry)
    exit(3);
  snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
  FILE *from = fopen(path, "rb"), *copy = fopen(to, "wb");
  if (!from || !copy)
    exit(3);
  while ((got = fread(bytes, 1, sizeof bytes, from)) > 0)
    fwrite(bytes, 1, got, copy);
  fclose(from);
  if (fclose(copy) != 0)
    exit(3);
  closedir(entries);
}

int main(int count, char **arguments) {
  const struct construct *c = constructs;
  const struct construct *end = c + sizeof constructs / sizeof *constructs;
  while (c < end && (count < 2 || strcmp(c->name, arguments[1]) != 0))
    c++;
  if (c == end)
    return 2;
  c->run(); /* makes threads, too */
  memset(&sums, 0, sizeof sums);
  if (count > 2)
    copy_file(arguments[2]);
  for (int i = 0; i < CALLS; i++) {
    spin(WORK_US);
    c->run();
  }
#define SAY(term) printf(#term " %" PRIu64 "\n", sums.term)
  SAY(events), SAY(core), SAY(start), SAY(wall);
  if (strcmp(c->terms, "begins") == 0)
    return 0;
  SAY(late), SAY(join);
  if (strcmp(c->terms, "ends") == 0)
    return 0;
  SAY(work), SAY(lock), SAY(task), SAY(critical);
  if (strcmp(c->terms, "all") == 0)
    SAY(barrier), SAY(dispatch);
  else
    printf("runtime %" PRIu64 "\n", sums.barrier + sums.dispatch);
  return 0;
}
