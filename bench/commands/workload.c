#include "bench/commands/workload.h"

#include "bench/trial/memory.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static void add_param(struct workload *workload, const char *text,
                      struct argp_state *state) {
  if (workload->param_count == WORKLOAD_PARAMS)
    argp_error(state, "%s: more than %d parameters", text, WORKLOAD_PARAMS);
  workload->params[workload->param_count++] = text;
}

static void read_param(void *input, const char *text,
                       struct argp_state *state) {
  add_param(input, text, state);
  if (!strchr(text, '='))
    argp_error(state, "--param %s: want key=value", text);
}

static void read_preset(void *input, const char *text,
                        struct argp_state *state) {
  add_param(input, text, state);
  if (strchr(text, '='))
    argp_error(state, "--preset %s: want a name", text);
}

const struct option_spec workload_option_list[] = {
    {.name = "kernel",
     .letter = 'k',
     .arg = "K[/k=v,...]",
     .help = "What is computed; `coresweep list` shows the kernels",
     OPTION_TEXT(struct workload, kernel)},
    {.name = "size",
     .letter = 'n',
     .arg = "N",
     .help = "Items",
     OPTION_COUNT64(struct workload, size_asked),
     OPTION_GIVEN(struct workload, size_given)},
    {.name = "param",
     .arg = "k=v",
     .help = "Set a parameter of the kernel; may be repeated",
     OPTION_READ(read_param)},
    {.name = "preset",
     .arg = "NAME",
     .help = "Use a named workload of the kernel",
     OPTION_READ(read_preset)},
    {.name = "input",
     .arg = "FILE",
     .help = "Take the items from a CSV file, in the format that dump writes",
     OPTION_TEXT(struct workload, input)},
    {OPTION_SEED(struct workload), .help = "Seed of the items (1)"},
    {0}};

/* A name without '=' came from --preset. */
static int set_param(struct setting *setting, const char *param,
                     struct problem *problem) {
  char preset[200];
  if (strchr(param, '='))
    return setting_set(setting, param, problem);
  snprintf(preset, sizeof preset, "preset=%s", param);
  return setting_set(setting, preset, problem);
}

int workload_resolve(struct workload *workload, struct problem *problem) {
  if (!workload->kernel)
    return problem_usage(problem, "--kernel is missing; `coresweep list` "
                                  "shows the kernels");
  int status = setting_parse(workload->kernel, &workload->setting, problem);
  for (size_t i = 0; !status && i < workload->param_count; i++)
    status = set_param(&workload->setting, workload->params[i], problem);
  if (!status)
    status = items_read(workload->input, &workload->setting, &workload->items,
                        problem);
  if (status)
    return status;
  workload->size = workload->items.present ? workload->items.input.rows
                                           : setting_size(&workload->setting);
  if (workload->size_given) {
    uint64_t asked = workload->size_asked;
    if (workload->items.present && asked > workload->size)
      return problem_usage(
          problem, "--size %" PRIu64 ": the input has %" PRIu64 " items", asked,
          workload->size);
    workload->size = asked;
    if (workload->items.present)
      workload->items.input.rows = asked;
  }
  return setting_check(&workload->setting, workload->size,
                       workload_input(workload), 0.8 * memory_available_bytes(),
                       problem);
}

const struct kernel_input *workload_input(const struct workload *workload) {
  return workload->items.present ? &workload->items.input : NULL;
}

void workload_free(struct workload *workload) {
  items_free(&workload->items);
}
