/* A simulated machine's file, and trials on it. */
#include "bench/sweep/simulated/simulated.h"
#include "bench/tests/fuzz/place.h"
#include "bench/tests/fuzz/target.h"

#include <stdlib.h>
#include <string.h>

enum { WORKERS = 12, ITEMS = 200 };

static void run_trial(struct executor_simulated *executor,
                      const struct machine *cpus, const char *workload,
                      const char *variant) {
  static struct workload parsed; /* large */
  static int placed[WORKERS];
  struct record record, again;
  struct problem problem = {""};
  uint32_t usable = cpus->usable_cpus;
  struct trial_request order = {.workload = &parsed,
                                .workers = usable < WORKERS ? usable : WORKERS,
                                .usable_cpus = usable,
                                .size = ITEMS,
                                .seed = 1,
                                .iterations = 2,
                                .cpus = placed,
                                .expect = ""};
  topology_place(&cpus->topology, BIND_CORES, WORKERS, placed);
  if (workload_parse(workload, &parsed, &problem) != 0 ||
      notation_parse_variant(variant, &order.variant, &problem) != 0)
    fuzz_fail("%s", problem.text);
  if (notation_is_serial(&order.variant))
    order.workers = 1;
  if (executor->base.run(&executor->base, &order, &record, &problem) != 0)
    fuzz_fail("%s, %s: %s", workload, variant, problem.text);
  char *line = record_format(&record);
  if (!line || record_parse(line, &again, &problem) != 0)
    fuzz_fail("its record cannot be read: %s: %s", problem.text, line);
  free(line);
  record_free(&again);
  record_free(&record);
}

static void simulate(const struct simulated_machine *machine) {
  static const char *const workloads[] = {"spin/serial=0.05", "clock",
                                          "latency"};
  static const char *const variants[] = {"serial", "omp:dynamic", "pool:static",
                                         "fork:guided"};
  struct machine cpus;
  struct executor_simulated executor;
  struct problem problem = {""};
  if (simulated_machine_topology(machine, &cpus, &problem) != 0 ||
      executor_simulated_init(&executor, machine, &cpus.topology, 1,
                              &problem) != 0)
    fuzz_fail("a machine that was taken: %s", problem.text);
  for (size_t w = 0; w < sizeof workloads / sizeof *workloads; w++)
    for (size_t v = 0; v < sizeof variants / sizeof *variants; v++)
      run_trial(&executor, &cpus, workloads[w], variants[v]);
  executor_simulated_free(&executor);
  machine_free(&cpus);
}

static bool run(const uint8_t *data, size_t size) {
  struct simulated_machine machine;
  struct problem problem = {""};
  const char *path = place_file("machine.json", data, size);
  if (simulated_machine_read(path, &machine, &problem) != 0)
    return false;
  simulate(&machine);
  return true;
}

const struct fuzz_target fuzz_machine = {"machine", true, run};
