/* coresweep breakeven: from which size on p workers beat serial. */
#include "bench/commands/command.h"
#include "bench/commands/crossing_run.h"

int command_breakeven(int argc, char **argv) {
  static const struct crossing_experiment experiment = {
      .name = "breakeven",
      .doc =
          "Finds the size at which P workers begin to beat serial, for every "
          "workload and variant.\vFive pairs of trials a size bracket "
          "it; then nine sizes around it are measured in rounds of random "
          "order, a quadratic in ln(size) goes through the medians of "
          "ln(T_par/T_serial), and its root is the answer, with a 95% interval "
          "from bootstrapped rounds.  A preset's own size is measured and "
          "marked.  Example: coresweep breakeven --kernels "
          "cube/preset=tutorial-5000 --variants pool:static --scope program",
      .question = CROSSING_BREAKEVEN,
      .sizes = 9,
      .ratio = 1.4142135623730951, /* nine of them span a factor of 16 */
  };
  static struct crossing_run run = {.experiment = &experiment};
  int status = crossing_run(&run, argc, argv);
  crossing_run_free(&run);
  return status;
}
