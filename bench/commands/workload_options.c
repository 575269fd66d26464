#include "bench/commands/workload_options.h"

#include "bench/plan/text.h"
#include "bench/trial/memory.h"
#include "bench/trial/watch.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static void add_param(struct workload_options *workload, const char *text,
                      struct argp_state *state) {
  if (workload->param_count == WORKLOAD_OPTIONS_PARAMS)
    options_refuse(state, "%s: more than %d parameters", text,
                   WORKLOAD_OPTIONS_PARAMS);
  workload->params[workload->param_count++] = text;
}

static void read_param(void *input, const char *text,
                       struct argp_state *state) {
  add_param(input, text, state);
  if (!strchr(text, '='))
    options_refuse(state, "--param %s: want key=value", text);
}

static void read_preset(void *input, const char *text,
                        struct argp_state *state) {
  add_param(input, text, state);
  if (strchr(text, '='))
    options_refuse(state, "--preset %s: want a name", text);
}

const struct option_spec workload_option_list[] = {
    {.name = "kernel",
     .letter = 'k',
     .arg = "K[/k=v,...]",
     .help =
         "What is computed; `coresweep list` shows the kernels; a text with "
         "a blank, a comma or a double quote as a value stands in double "
         "quotes, in which \" is \\\" and \\ is \\\\",
     OPTION_TEXT(struct workload_options, kernel)},
    {.name = "size",
     .letter = 'n',
     .arg = "N",
     .help = "Items",
     OPTION_COUNT64(struct workload_options, size_asked),
     OPTION_GIVEN(struct workload_options, size_given)},
    {.name = "param",
     .arg = "k=v",
     .help = "Set a parameter of the kernel, with quotes as in --kernel; may "
             "be repeated",
     OPTION_READ(read_param)},
    {.name = "preset",
     .arg = "NAME",
     .help = "Use a named workload of the kernel",
     OPTION_READ(read_preset)},
    {.name = "input",
     .arg = "FILE",
     .help = "Take the items from a CSV file, in the format that dump writes",
     OPTION_PATH(struct workload_options, input)},
    {OPTION_SEED(struct workload_options, seed),
     .help = "Seed of the items (1)"},
    {0}};

/* A name without '=' came from --preset. */
static int set_param(struct workload *workload, const char *param,
                     struct problem *problem) {
  char preset[200];
  if (strchr(param, '='))
    return workload_set(workload, param, problem);
  snprintf(preset, sizeof preset, "preset=%s", param);
  return workload_set(workload, preset, problem);
}

/* A kernel speaks of "the input"; the user knows its name. */
static int name_input(const struct workload_options *workload, int status,
                      struct problem *problem) {
  struct problem reason = *problem;
  if (status == PROBLEM_USAGE)
    problem_usage(problem, "--input %s: %s", workload->input, reason.text);
  return status;
}

static int read_items(struct workload_options *workload, const char *what,
                      double timeout_s, struct problem *problem) {
  const struct watch_request watch = {.what = what, .timeout_s = timeout_s};
  const char *input = workload->input;
  char shown[TEXT_SHOWN], place[TEXT_SHOWN + 40];
  if (!input)
    return items_read(NULL, &workload->workload, &workload->items, problem);
  text_print(place, sizeof place, "reading --input %s; does anybody write it?",
             text_shown(input, shown));
  watch_scene(&(struct watch_scene){.place = place});
  watch_begin(&watch);
  int status =
      items_read(input, &workload->workload, &workload->items, problem);
  watch_end();
  watch_scene(&(struct watch_scene){.place = NULL});
  return status;
}

int workload_options_resolve(struct workload_options *workload,
                             const char *what, double timeout_s,
                             struct problem *problem) {
  if (!workload->kernel)
    return problem_usage(problem, "--kernel is missing; `coresweep list` "
                                  "shows the kernels");
  int status = workload_parse(workload->kernel, &workload->workload, problem);
  for (size_t i = 0; !status && i < workload->param_count; i++)
    status = set_param(&workload->workload, workload->params[i], problem);
  if (!status)
    status = read_items(workload, what, timeout_s, problem);
  if (status)
    return status;
  workload->size = workload->items.present ? workload->items.input.rows
                                           : workload_size(&workload->workload);
  if (workload->size_given) {
    uint64_t requested = workload->size_asked;
    if (workload->items.present && requested > workload->size)
      return problem_usage(
          problem, "--size %" PRIu64 ": the input has %" PRIu64 " items",
          requested, workload->size);
    workload->size = requested;
    if (workload->items.present)
      workload->items.input.rows = requested;
  }
  status = workload_check(&workload->workload, workload->size,
                          workload_options_input(workload),
                          0.8 * memory_available_bytes(), problem);
  return status && workload->input ? name_input(workload, status, problem)
                                   : status;
}

const struct kernel_input *
workload_options_input(const struct workload_options *workload) {
  return workload->items.present ? &workload->items.input : NULL;
}

void workload_options_free(struct workload_options *workload) {
  items_free(&workload->items);
}
