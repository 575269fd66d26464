/* teams.c: every kernel on teams of OpenMP's threads, each trial in a process
 * of its own: once a team was ended by omp_pause_resource_all, LLVM's library
 * tells Archer of no thread that it makes anew, and all of those are false
 * races. usage: teams VARIANT...      ("omp:static"; exits 1 where a trial
 * fails) */
#include "bench/plan/registry.h"
#include "bench/trial/trial.h"
#include "bench/trial/variants/variant.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

enum { WORKERS = 4, ITEMS = 200 };

static int run(const struct workload *workload, const char *text,
               uint32_t workers) {
  static struct trial_result result; /* large */
  static const int cpus[WORKERS] = {-1, -1, -1, -1};
  struct problem problem = {""};
  struct trial_request request = {.workload = workload,
                                  .workers = workers,
                                  .size = ITEMS,
                                  .seed = 1,
                                  .cpus = cpus,
                                  .usable_cpus = 1,
                                  .warmups = 1,
                                  .iterations = 3,
                                  .expect = ""};
  const struct variant *variant;
  int status = notation_parse_variant(text, &request.variant, &problem);
  if (!status)
    status = variant_resolve(&request.variant, &variant, &problem);
  if (!status && variant_takes(variant, workload->kernel, &problem) != 0)
    return 0;
  if (!status)
    status = trial_run(&request, &result, &problem);
  if (status)
    printf("%s, %s, %" PRIu32 " workers: %s\n", workload->name, text, workers,
           problem.text);
  trial_free(&result);
  return status;
}

/* The same in a child, forked before there is any OpenMP thread. */
static int run_apart(const struct workload *workload, const char *text,
                     uint32_t workers) {
  int status = 1;
  pid_t child = fork();
  if (child == 0)
    exit(run(workload, text, workers)); /* or what the sanitizer makes of it */
  if (child < 0 || waitpid(child, &status, 0) != child || !WIFEXITED(status))
    return 1;
  return WEXITSTATUS(status);
}

int main(int argc, char **argv) {
  static struct workload workload; /* large */
  struct problem problem = {""};
  int status = 0;
  for (size_t k = 0; registry_kernels[k]; k++) {
    if (workload_parse(registry_kernels[k]->name, &workload, &problem) != 0) {
      printf("%s\n", problem.text);
      return 1;
    }
    for (int v = 1; v < argc; v++)
      for (uint32_t workers = 1; workers <= WORKERS; workers++)
        if (run_apart(&workload, argv[v], workers) != 0)
          status = 1;
  }
  return status;
}
