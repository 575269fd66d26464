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
#include <stdio.h>
#include <string.h>

#include "constructs.h"

struct thread threads[THREADS];
int team;

/* Sums over calls, as the observer has them. */
static struct {
  uint64_t core, start, work, dispatch, lock, task, barrier, late, join;
  uint64_t critical, wall, events;
} sums;

void enter(void) {
  struct thread *t = self();
  memset(t, 0, sizeof *t);
  if (omp_get_thread_num() == 0)
    team = omp_get_num_threads();
  t->begin = t->mark = now();
}

void leave(void) {
  self()->end = now();
}

void add(uint64_t fork, uint64_t join, int events) {
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

static const struct construct *find(const char *name) {
  static const struct construct *const all[] = {constructs_of_regions,
                                                constructs_of_loops,
                                                constructs_of_locks,
                                                constructs_of_tasks,
#ifdef OLD_ENTRIES
                                                constructs_of_old,
#endif
                                                NULL};
  for (const struct construct *const *list = all; *list; list++)
    for (const struct construct *c = *list; c->name; c++)
      if (strcmp(c->name, name) == 0)
        return c;
  return NULL;
}

int main(int count, char **arguments) {
  const struct construct *c = count > 1 ? find(arguments[1]) : NULL;
  if (!c)
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
