/* known.c: a program whose truth is known, and faults that programs have.
 *
 *   known wait|compute WORKERS SERIAL_MS PARALLEL_MS
 *
 * A part that one thread does, then one that the workers share evenly: by
 * sleeping, or by computing for as long a CPU time.  Prints the same for all
 * workers. */
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { WORKERS = 1024 };

struct part {
  int computes;
  double ms;
};

static double thread_ms(void) {
  struct timespec t;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return (double)t.tv_sec * 1e3 + (double)t.tv_nsec * 1e-6;
}

static void *do_part(void *context) {
  const struct part *part = context;
  struct timespec left = {.tv_sec = (time_t)(part->ms / 1000)};
  left.tv_nsec = (long)((part->ms - (double)left.tv_sec * 1e3) * 1e6);
  if (part->computes)
    for (double end_ms = thread_ms() + part->ms; thread_ms() < end_ms;)
      ;
  else
    while (nanosleep(&left, &left) != 0 && errno == EINTR)
      ;
  return NULL;
}

int main(int argc, char **argv) {
  pthread_t threads[WORKERS];
  long workers = argc == 5 ? strtol(argv[2], NULL, 10) : 0, started = 0;
  if (workers < 1 || workers > WORKERS) {
    fputs("known: want wait|compute WORKERS SERIAL_MS PARALLEL_MS\n", stderr);
    return 2;
  }
  int computes = strcmp(argv[1], "compute") == 0;
  struct part serial = {computes, strtod(argv[3], NULL)};
  struct part each = {computes, strtod(argv[4], NULL) / (double)workers};
  do_part(&serial);
  while (started < workers &&
         pthread_create(&threads[started], NULL, do_part, &each) == 0)
    started++;
  for (long w = 0; w < started; w++)
    pthread_join(threads[w], NULL);
  printf("serial %s ms, parallel %s ms\n", argv[3], argv[4]);
  return started == workers ? 0 : 1;
}
