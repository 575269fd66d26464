/* observed: what the observer keeps of teams, with threads that the sanitizer
 * knows: two open regions at the same time, of two threads each.
 * usage: observed FOLDER      (OBSERVED_FOLDER; exits 1 where a sum is wrong)
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "bench/observe/library/file.h"

enum { OPENERS = 2, CALLS = 200, CHUNKS = 10 };

struct opener {
  pthread_barrier_t fork, inside, join;
  pthread_mutex_t lock;
  struct team *team;
  int calls;
};

/* What the runtime would call; each opener has one of its own, and both share
 * the second. */
static void first(void *data) {
  (void)data;
}
static void second(void *data) {
  (void)data;
}

static void work(struct opener *o, uint64_t index) {
  team_enter(o->team, index, 2);
  struct slot *slot = team_slot();
  for (int i = 0; i < CHUNKS; i++) {
    bool timed = team_chunk_begin(slot);
    if (timed)
      team_chunk_end(slot, true);
    else
      team_chunk_skipped(slot, true);
  }
  team_barrier_begin(slot);
  pthread_barrier_wait(&o->inside);
  team_barrier_end(slot);
  uint64_t asked_ns = team_lock_asked();
  pthread_mutex_lock(&o->lock);
  team_lock_had(&o->lock, asked_ns);
  pthread_mutex_unlock(&o->lock);
  team_lock_let_go(slot, &o->lock);
  team_flag(o->team, OBSERVED_TASKS_UNTOLD);
  team_leave();
  pthread_barrier_wait(&o->join);
}

static void *worker(void *context) {
  struct opener *o = context;
  for (int i = 0; i < o->calls; i++) {
    pthread_barrier_wait(&o->fork);
    work(o, 1);
  }
  return NULL;
}

static void *opener(void *context) {
  struct opener *o = context;
  pthread_t thread;
  if (pthread_create(&thread, NULL, worker, o) != 0)
    abort();
  for (int i = 0; i < o->calls; i++) {
    o->team = team_open(OBSERVED_LIBGOMP, i % 2 ? first : second, context);
    if (!o->team)
      abort();
    pthread_barrier_wait(&o->fork);
    work(o, 0);
    team_close(o->team);
  }
  pthread_join(thread, NULL);
  return NULL;
}

static int sums_wrong(const char *path) {
  struct observed observed;
  uint64_t calls = 0, chunks = 0;
  const char *wrong = observed_read(path, &observed);
  if (wrong) {
    printf("%s: %s\n", path, wrong);
    return 1;
  }
  for (uint32_t i = 0; i < observed.header.regions; i++) {
    calls += observed.regions[i].calls;
    chunks += observed.regions[i].chunks;
  }
  observed_free(&observed);
  return calls != (uint64_t)OPENERS * CALLS || chunks != calls * 2 * CHUNKS;
}

int main(int count, char **arguments) {
  static struct opener openers[OPENERS];
  pthread_t threads[OPENERS];
  char path[4096];
  if (count != 2 || setenv(OBSERVED_FOLDER, arguments[1], 1) != 0)
    return 2;
  file_begin();
  for (int i = 0; i < OPENERS; i++) {
    struct opener *o = &openers[i];
    o->calls = CALLS;
    pthread_barrier_init(&o->fork, NULL, 2);
    pthread_barrier_init(&o->inside, NULL, 2);
    pthread_barrier_init(&o->join, NULL, 2);
    pthread_mutex_init(&o->lock, NULL);
    if (pthread_create(&threads[i], NULL, opener, o) != 0)
      return 1;
  }
  for (int i = 0; i < OPENERS; i++)
    pthread_join(threads[i], NULL);
  file_end();
  snprintf(path, sizeof path, "%s/%ld.0", arguments[1], (long)getpid());
  return sums_wrong(path);
}
