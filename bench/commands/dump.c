/* coresweep dump: a kernel's items as CSV, to be checked by other tools. */
#include "bench/commands/command.h"
#include "bench/commands/options.h"
#include "bench/commands/workload_options.h"
#include "bench/trial/trial.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct dump_options {
  struct workload_options workload;
  bool output, chosen;
  double timeout_s;
};

static const struct option_spec option_list[] = {
    {.name = "what",
     .letter = 'o',
     .arg = "input|output",
     .help = "The items as they are read, or the results",
     OPTION_EITHER(struct dump_options, output, "input", "output"),
     OPTION_GIVEN(struct dump_options, chosen)},
    {OPTION_TIMEOUT(struct dump_options, timeout_s),
     .help = "An --input that takes longer to read has failed (60s)"},
    {0}};

static void check_chosen(void *input, struct argp_state *state) {
  const struct dump_options *o = input;
  if (!o->chosen)
    options_refuse(state, "--what is missing: input or output");
}

static int write_items(const struct trial_request *request,
                       const struct trial_items *items, void *context,
                       struct problem *problem) {
  const struct dump_options *o = context;
  const struct kernel *kernel = request->workload->kernel;
  if (o->output)
    fputs(kernel->csv.output_header, stdout);
  else
    kernel->csv.input_header(items->state, stdout);
  fputc('\n', stdout);
  for (uint64_t i = 0; i < request->size && !ferror(stdout); i++) {
    if (o->output)
      kernel->csv.output_item(items->state, items->output, i, stdout);
    else
      kernel->csv.input_item(items->state, i, stdout);
    fputc('\n', stdout);
  }
  if (fflush(stdout) != 0 || ferror(stdout))
    return problem_failure(problem, "the items could not be written: %s",
                           strerror(errno));
  return PROBLEM_NONE;
}

static int check_has(const struct dump_options *o, struct problem *problem) {
  const struct kernel *kernel = o->workload.workload.kernel;
  bool has = o->output ? kernel->csv.output_header != NULL
                       : kernel->csv.input_header != NULL;
  return has ? PROBLEM_NONE
             : problem_usage(problem, "--what %s: %s has none",
                             o->output ? "output" : "input", kernel->name);
}

int command_dump(int argc, char **argv) {
  static const struct options options = {
      .list = option_list,
      .end = check_chosen,
      .shared = workload_option_list,
      .shared_at = offsetof(struct dump_options, workload),
      .doc = "Writes a kernel's items as CSV: a header line, then one item a "
             "line.  Results are computed and verified before they are "
             "written.\vExample: coresweep dump --kernel cube --size 10 "
             "--what output"};
  static struct dump_options o = {.workload = {.seed = WORKLOAD_OPTIONS_SEED},
                                  .timeout_s = 60};
  static const int anywhere = -1;
  struct problem problem = {""};
  struct trial_result *result = calloc(1, sizeof *result);
  options_parse(&options, "dump", argc, argv, &o);
  int status = result ? workload_options_resolve(&o.workload, "dump",
                                                 o.timeout_s, &problem)
                      : problem_failure(&problem, "out of memory");
  if (!status)
    status = check_has(&o, &problem);
  if (!status) {
    struct trial_request request = {
        .workload = &o.workload.workload,
        .variant = {.team = "serial"},
        .workers = 1,
        .size = o.workload.size,
        .seed = o.workload.seed,
        .input = workload_options_input(&o.workload),
        .cpus = &anywhere,
        .usable_cpus = 1,
    };
    status = trial_run_and_visit(&request, result, write_items, &o, &problem);
    trial_free(result);
  }
  free(result);
  workload_options_free(&o.workload);
  return status ? command_fail("dump", status, &problem) : 0;
}
