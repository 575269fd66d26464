/* racy.c: programs with a race, which `make tsan` must find.
 * usage: racy omp        threads of OpenMP that count without a lock
 *        racy handoff    a value that is written after it was handed on */
#include "bench/trial/handoff.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>

enum { TURNS = 1000 };

static int count_without_a_lock(void) {
  int count = 0;
#pragma omp parallel for num_threads(2) shared(count)
  for (int i = 0; i < TURNS; i++)
    count++; /* the race */
  return count;
}

static struct handoff serve, back;
static int ball;

static void await(struct handoff *handoff, uint32_t value) {
  for (uint32_t seen; (seen = handoff_read(handoff)) != value;)
    handoff_wait(handoff, seen, false, 0);
}

static void *read_balls(void *sum) {
  for (uint32_t turn = 1; turn <= TURNS; turn++) {
    await(&serve, turn);
    *(int *)sum += ball;
    handoff_set(&back, turn);
  }
  return NULL;
}

static int hand_on_too_early(void) {
  int sum = 0;
  pthread_t reader;
  if (pthread_create(&reader, NULL, read_balls, &sum) != 0)
    return -1;
  for (uint32_t turn = 1; turn <= TURNS; turn++) {
    handoff_set(&serve, turn);
    ball = (int)turn; /* the race */
    await(&back, turn);
  }
  pthread_join(reader, NULL);
  return sum;
}

int main(int argc, char **argv) {
  const char *what = argc == 2 ? argv[1] : "";
  if (strcmp(what, "omp") == 0)
    printf("%d\n", count_without_a_lock());
  else if (strcmp(what, "handoff") == 0)
    printf("%d\n", hand_on_too_early());
  else
    return 2;
  return 0;
}
