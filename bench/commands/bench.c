/* coresweep bench: what is worth a look first on any machine: measured,
 * cross-checked, reported.  `make bench` calls it. */
#include "bench/commands/command.h"
#include "bench/commands/program.h"
#include "bench/commands/program_options.h"
#include "bench/commands/sweep_run.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A budget, as typed and in seconds. */
#define BUDGET "2m"
enum { BUDGET_S = 120, QUICK_BUDGET_S = 17 };

static const char all_kernels[] =
    "rowcount,rowcount/repeat=1,rangesum,rangesum/order=sorted,cube,"
    "cube/repeat=1,adler32,latency,spin/serial=0.05,spin/serial=0.25";
/* Without those that have few items in the time of a short region. */
static const char quick_kernels[] =
    "rowcount,rangesum,rangesum/order=sorted,cube,adler32,latency,"
    "spin/serial=0.05,spin/serial=0.25";
static const char all_variants[] =
    "serial,omp:static,omp:dynamic,fork:static,pool:static,pool:dynamic";

/* What is true where nothing was said; another run's, where --like says so. */
static void set_defaults(struct sweep_options *o) {
  struct sweep_request *request = &o->request;
  o->report = o->cross_check = true;
  if (!request->kernels && !o->like)
    request->kernels = request->quick ? quick_kernels : all_kernels;
  if (!request->variants && !o->like)
    request->variants = all_variants;
  if (!(o->measure.budget_s > 0))
    o->measure.budget_s = request->quick ? QUICK_BUDGET_S : BUDGET_S;
}

/* A program of somebody's own: sweep --report --budget 2m, and what was typed,
 * which comes later and so counts.  A run that is gone on with has its own. */
static int bench_program(int argc, char **argv) {
  static char sweep[] = "sweep", report[] = "--report",
              budget[] = "--budget=" BUDGET;
  bool resumes = false;
  for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++)
    resumes = resumes || strncmp(argv[i], "--resume", 8) == 0;
  char **all = calloc((size_t)argc + 3, sizeof *all);
  if (!all) {
    fputs("coresweep bench: out of memory\n", stderr);
    return 1;
  }
  int count = 0;
  all[count++] = sweep;
  all[count++] = report;
  if (!resumes)
    all[count++] = budget;
  memcpy(all + count, argv + 1, (size_t)(argc - 1) * sizeof *all);
  int status = program_sweep(count + argc - 1, all);
  free(all);
  return status;
}

int command_bench(int argc, char **argv) {
  static const struct options options = {
      .list = sweep_option_list,
      .seen = measure_seen,
      .argument = sweep_options_argument,
      .doc =
          "Measures what is worth a look first, in under three minutes, has "
          "hyperfine check it where that is installed, and draws and prints "
          "the report: `sweep --report` with a --budget of 2m, or of 17s with "
          "--quick, and more --kernels and --variants where it is not said "
          "which.\vResults go to results/ in the current folder.  With a "
          "command after --, or --program CMD, it measures that program "
          "instead, with other options: `coresweep sweep --help --`."};
  static struct sweep_options o;
  if (program_options_are(argc, argv))
    return bench_program(argc, argv);
  sweep_options_init(&o, argv[-1], "bench");
  options_parse(&options, "bench", argc, argv, &o);
  set_defaults(&o);
  return sweep_here(&o);
}
