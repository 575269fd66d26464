#include "bench/commands/ask.h"
#include "bench/plan/counts.h"
#include "bench/plan/cpulist.h"
#include "bench/sweep/child.h"
#include "bench/sweep/interrupt.h"

#include <jansson.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static const double timeout_s = 60;

int ask_here(const struct machine *machine, char program[static RUN_PATH],
             char cpus[static RUN_PATH], struct problem *problem) {
  static int placed[COUNTS_MAX];
  ssize_t length = readlink("/proc/self/exe", program, RUN_PATH - 1);
  program[length > 0 ? length : 0] = '\0';
  topology_place(&machine->topology, BIND_CORES, machine->usable_cpus, placed);
  if (cpulist_format(placed, machine->usable_cpus, cpus, RUN_PATH) < 0)
    return problem_failure(problem, "too many CPUs for one list");
  return PROBLEM_NONE;
}

int ask_number(char **words, const char *key, double *value,
               struct problem *problem) {
  struct child child;
  int status = child_run(words[0], words, timeout_s, &child, problem);
  if (interrupt_signal())
    status = 128 + interrupt_signal();
  else if (!status && child.timed_out)
    status = problem_failure(problem, "%s %s took over %g s", words[0],
                             words[1], timeout_s);
  else if (!status && (!WIFEXITED(child.status) || WEXITSTATUS(child.status)))
    status = problem_failure(problem, "%s %s failed: %.*s", words[0], words[1],
                             (int)strcspn(child.err, "\n"), child.err);
  json_t *json = status ? NULL : json_loads(child.out, 0, NULL);
  const json_t *number = json_object_get(json, key);
  *value = json_number_value(number);
  if (!status && (!json_is_number(number) || !(*value > 0)))
    status = problem_failure(problem, "%s %s printed no %s", words[0], words[1],
                             key);
  json_decref(json);
  child_free(&child);
  return status;
}
