/* coresweep granularity: the smallest task at which workers are half
 * efficient. */
#include "bench/commands/command.h"
#include "bench/commands/crossing_run.h"

int command_granularity(int argc, char **argv) {
  static const struct crossing_experiment experiment = {
      .name = "granularity",
      .doc =
          "Finds METG(50%), the minimum effective task granularity of Task "
          "Bench: the smallest mean task at which P workers reach half their "
          "ideal speed, for every workload and variant.\vWorkers and "
          "tasks are fixed (32 tasks per worker under dynamic and tasks, whose "
          "chunk is then one task; one slice per worker under static), and the "
          "tasks are shrunk.  Seven sizes around the answer are measured in "
          "rounds of random order; logit(E), E = T_serial/(P T_par), is a line "
          "in ln(size) where the cost of a task does not depend on its size.",
      .question = CROSSING_GRANULARITY,
      .sizes = 7,
      .ratio = 1.4142135623730951,
  };
  static struct crossing_run run = {.experiment = &experiment};
  int status = crossing_run(&run, argc, argv);
  crossing_run_free(&run);
  return status;
}
