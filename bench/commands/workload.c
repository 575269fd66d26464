#include "bench/commands/workload.h"

#include "bench/commands/command.h"
#include "bench/plan/notation.h"
#include "bench/trial/memory.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { KEY_PARAM = 300, KEY_PRESET, KEY_INPUT, KEY_SEED };

static const struct argp_option options[] = {
    {.name = "kernel",
     .key = 'k',
     .arg = "K[/k=v,...]",
     .doc = "What is computed; `coresweep list` shows the kernels"},
    {.name = "size", .key = 'n', .arg = "N", .doc = "Items"},
    {.name = "param",
     .key = KEY_PARAM,
     .arg = "k=v",
     .doc = "Set a parameter of the kernel; may be repeated"},
    {.name = "preset",
     .key = KEY_PRESET,
     .arg = "NAME",
     .doc = "Use a named workload of the kernel"},
    {.name = "input",
     .key = KEY_INPUT,
     .arg = "FILE",
     .doc = "Take the items from a CSV file, in the format that dump writes"},
    {.name = "seed",
     .key = KEY_SEED,
     .arg = "S",
     .doc = "Seed of the items (1)"},
    {0}};

static error_t parse(int key, char *arg, struct argp_state *state) {
  struct workload *workload = state->input;
  switch (key) {
  case ARGP_KEY_INIT:
    workload->seed = WORKLOAD_SEED;
    return 0;
  case 'k':
    workload->kernel = arg;
    return 0;
  case 'n':
    command_count(state, "--size", arg, 0, INT64_MAX);
    workload->size_text = arg;
    return 0;
  case KEY_PARAM:
  case KEY_PRESET:
    if (workload->param_count == WORKLOAD_PARAMS)
      argp_error(state, "%s: more than %d parameters", arg, WORKLOAD_PARAMS);
    if ((key == KEY_PARAM) != (strchr(arg, '=') != NULL))
      argp_error(state,
                 key == KEY_PARAM ? "--param %s: want key=value"
                                  : "--preset %s: want a name",
                 arg);
    workload->params[workload->param_count++] = arg;
    return 0;
  case KEY_INPUT:
    workload->input = arg;
    return 0;
  case KEY_SEED:
    workload->seed = command_count(state, "--seed", arg, 0, INT64_MAX);
    return 0;
  default:
    return ARGP_ERR_UNKNOWN;
  }
}

const struct argp workload_argp = {.options = options, .parser = parse};

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
  if (workload->size_text) {
    uint64_t asked = 0;
    notation_parse_count(workload->size_text, INT64_MAX, &asked);
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
