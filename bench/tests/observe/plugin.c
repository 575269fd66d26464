/* A library with a region, for programs that open one (lives.c). */
#include <omp.h>

int plugin_run(void);
int plugin_run(void) {
  int sum = 0;
#pragma omp parallel reduction(+ : sum)
  {
#pragma omp critical
    sum += omp_get_thread_num() + 1;
#pragma omp for schedule(dynamic, 1)
    for (int i = 0; i < 4; i++)
      sum += 100;
  }
  return sum; /* with two threads: 403 */
}
