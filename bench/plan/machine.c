#include "bench/plan/machine.h"

#include "bench/plan/counts.h"
#include "bench/plan/quota.h"
#include "bench/plan/settings.h"

#include <inttypes.h>
#include <string.h>

int machine_discover(struct machine *machine, struct problem *problem) {
  char message[200] = "";
  *machine = (struct machine){.usable_cpus = 1};
  int status = settings_check_machine(problem);
  if (status)
    return status;
  if (topology_discover(&machine->topology, message, sizeof message) < 0)
    return problem_failure(problem, "this machine's CPUs: %s", message);
  machine->quota_cpus = quota_cpus("");
  machine->usable_cpus =
      quota_usable_cpus(machine->topology.cpu_count, machine->quota_cpus);
  return PROBLEM_NONE;
}

void machine_free(struct machine *machine) {
  topology_free(&machine->topology);
}

int machine_may_bind(enum bind bind, const char *how, struct problem *problem) {
  int error = bind == BIND_NONE ? 0 : topology_may_bind();
  if (!error)
    return PROBLEM_NONE;
  return problem_usage(problem,
                       "%s: workers cannot be bound, since sched_setaffinity "
                       "is refused: %s; use --bind none, which `sweep` and "
                       "`trial` have",
                       how, strerror(-error));
}

int machine_admits(uint32_t usable_cpus, uint32_t workers, bool beyond,
                   struct problem *problem) {
  if (workers <= usable_cpus || beyond)
    return PROBLEM_NONE;
  return problem_usage(problem,
                       "--workers %" PRIu32 ": this machine lets the program "
                       "use %" PRIu32 " CPU%s; add --oversubscribe to go past "
                       "%s",
                       workers, usable_cpus, usable_cpus == 1 ? "" : "s",
                       usable_cpus == 1 ? "it" : "them");
}

const char *const machine_bind_names[] = {[BIND_CORES] = "cores",
                                          [BIND_SPREAD] = "spread",
                                          [BIND_CLOSE] = "close",
                                          [BIND_NONE] = "none",
                                          [BIND_NONE + 1] = NULL};

const char *machine_bind_name(enum bind bind) {
  return machine_bind_names[bind];
}

int machine_parse_bind(const char *text, enum bind *bind,
                       struct problem *problem) {
  for (size_t i = 0; machine_bind_names[i]; i++)
    if (strcmp(text, machine_bind_names[i]) == 0) {
      *bind = (enum bind)i;
      return PROBLEM_NONE;
    }
  return problem_usage(problem, "--bind %s: want cores, spread, close or none",
                       text);
}

const char *machine_bind_today(const char *bind, int64_t schema) {
  return schema < 3 && strcmp(bind, "spread") == 0 ? "cores" : bind;
}

int machine_counts(const struct machine *machine, const char *list,
                   uint32_t *counts, size_t capacity, size_t *count,
                   struct problem *problem) {
  char message[200];
  uint32_t usable = machine->usable_cpus;
  if (!list) {
    *count = counts_default(&machine->topology, usable, counts, capacity);
    return PROBLEM_NONE;
  }
  int listed = counts_parse(list, counts, capacity, message, sizeof message);
  if (listed < 0)
    return problem_usage(problem, "--workers %s: %s", list, message);
  *count = (size_t)listed;
  if (counts[*count - 1] <= usable)
    return PROBLEM_NONE;
  return problem_usage(problem,
                       "--workers %s: this machine lets the program use "
                       "%" PRIu32 " CPU%s; ask for no more workers",
                       list, usable, usable == 1 ? "" : "s");
}
