/* A task with a copy of an array that its maker's stack holds, too: with a
 * third one there, 8 MiB are not enough. */
#include <stdio.h>
#include <string.h>

enum { BYTES = 3 << 20 };

int main(void) {
  long sum = 0;
#pragma omp parallel num_threads(1)
  {
    char array[BYTES];
    memset(array, 1, sizeof array);
#pragma omp task firstprivate(array) shared(sum)
    for (int i = 0; i < BYTES; i++)
      sum += array[i];
  }
  printf("%ld\n", sum);
  return sum != BYTES;
}
