#include "bench/plan/workload.h"

#include "bench/plan/registry.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static size_t param_count(const struct kernel *kernel) {
  size_t count = 0;
  while (kernel->params && kernel->params[count].name)
    count++;
  return count;
}

static int parse_integer(const char *label, const struct param_spec *spec,
                         struct param_value *value, struct problem *problem) {
  char *end;
  errno = 0;
  long long number = strtoll(value->text, &end, 10);
  bool plain = strchr("0123456789-", value->text[0]) && value->text[0];
  if (!plain || *end || errno || number < spec->low || number > spec->high)
    return problem_usage(
        problem, "%s/%s=%s: want a whole number from %" PRId64 " to %" PRId64,
        label, spec->name, value->text, spec->low, spec->high);
  value->integer = number;
  value->real = (double)number;
  return PROBLEM_NONE;
}

static int parse_real(const char *label, const struct param_spec *spec,
                      struct param_value *value, struct problem *problem) {
  char *end;
  double number = strtod(value->text, &end);
  bool plain = strchr("0123456789-.", value->text[0]) && value->text[0];
  if (!plain || *end || !(number >= spec->least && number <= spec->most))
    return problem_usage(problem, "%s/%s=%s: want a number from %g to %g",
                         label, spec->name, value->text, spec->least,
                         spec->most);
  value->real = number;
  return PROBLEM_NONE;
}

static int parse_word(const char *label, const struct param_spec *spec,
                      struct param_value *value, struct problem *problem) {
  size_t wanted = strlen(value->text);
  int64_t index = 0;
  for (const char *word = spec->words; word; index++) {
    size_t length = strcspn(word, "|");
    if (length == wanted && strncmp(word, value->text, length) == 0) {
      value->integer = index;
      return PROBLEM_NONE;
    }
    word = word[length] ? word + length + 1 : NULL;
  }
  return problem_usage(problem, "%s/%s=%s: want one of %s", label, spec->name,
                       value->text, spec->words);
}

static int parse_text(const char *label, const struct param_spec *spec,
                      struct param_value *value, struct problem *problem) {
  size_t length = strlen(value->text);
  if (strchr(value->text, ',') || (int64_t)length < spec->low ||
      (int64_t)length > spec->high)
    return problem_usage(problem,
                         "%s/%s: %zu bytes; want %" PRId64 " to %" PRId64
                         " without a comma",
                         label, spec->name, length, spec->low, spec->high);
  value->integer = (int64_t)length;
  return PROBLEM_NONE;
}

static int assign(struct workload *workload, size_t k, const char *text,
                  struct problem *problem) {
  static int (*const parsers[])(const char *, const struct param_spec *,
                                struct param_value *, struct problem *) = {
      [PARAM_INTEGER] = parse_integer,
      [PARAM_REAL] = parse_real,
      [PARAM_WORD] = parse_word,
      [PARAM_TEXT] = parse_text,
  };
  const struct param_spec *spec = &workload->kernel->params[k];
  if (strlen(text) >= sizeof workload->texts[k])
    return problem_usage(problem, "%s/%s: %zu bytes are too many",
                         workload->kernel->name, spec->name, strlen(text));
  struct param_value value = {.text = text};
  int status =
      parsers[spec->type](workload->kernel->name, spec, &value, problem);
  if (status)
    return status;
  memmove(workload->texts[k], text, strlen(text) + 1);
  value.text = workload->texts[k];
  workload->values[k] = value;
  return PROBLEM_NONE;
}

/* The index of the parameter that text[0..length) names, or -1. */
static int find_param(const struct kernel *kernel, const char *text,
                      size_t length) {
  for (size_t k = 0; k < param_count(kernel); k++)
    if (strlen(kernel->params[k].name) == length &&
        strncmp(kernel->params[k].name, text, length) == 0)
      return (int)k;
  return -1;
}

/* Assigns "a=1,b=2" to every parameter that `skip_given` leaves free. */
static int assign_list(struct workload *workload, const char *list,
                       bool skip_given, struct problem *problem) {
  char *copy = strdup(list), *rest = copy, *piece;
  int status = copy ? PROBLEM_NONE : problem_failure(problem, "out of memory");
  while (!status && (piece = strsep(&rest, ",")) != NULL) {
    if (!*piece)
      continue;
    size_t name = strcspn(piece, "=");
    int k = find_param(workload->kernel, piece, name);
    if (k < 0 || piece[name] != '=')
      status = problem_usage(problem, "'%.60s' sets no parameter of %s", piece,
                             workload->kernel->name);
    else if (!(skip_given && workload->given[k]))
      status = assign(workload, (size_t)k, piece + name + 1, problem);
  }
  free(copy);
  return status;
}

static int use_preset(struct workload *workload, const char *name,
                      struct problem *problem) {
  const struct kernel *kernel = workload->kernel;
  char known[300] = "none";
  size_t used = 0;
  for (const struct kernel_preset *p = kernel->presets; p && p->name; p++) {
    if (strcmp(p->name, name) == 0) {
      workload->preset = p;
      for (size_t k = 0; k < param_count(kernel); k++)
        if (!workload->given[k])
          (void)assign(workload, k, kernel->params[k].initial, problem);
      return assign_list(workload, p->params, true, problem);
    }
    if (used < sizeof known)
      used += (size_t)snprintf(known + used, sizeof known - used, "%s%s",
                               used ? ", " : "", p->name);
  }
  return problem_usage(problem, "%s/preset=%s: no such preset; known: %s",
                       kernel->name, name, known);
}

/* Rewrites the canonical name and the list of all parameters. */
static void rename_workload(struct workload *workload) {
  const struct kernel *kernel = workload->kernel;
  size_t used = 0, all = 0;
  const char *join = "/";
  used += (size_t)snprintf(workload->name, sizeof workload->name, "%s",
                           kernel->name);
  if (workload->preset) {
    used +=
        (size_t)snprintf(workload->name + used, sizeof workload->name - used,
                         "/preset=%s", workload->preset->name);
    join = ",";
  }
  workload->params[0] = '\0';
  for (size_t k = 0; k < param_count(kernel); k++) {
    const char *text = workload->values[k].text;
    bool differs =
        workload->given[k] &&
        (workload->preset || strcmp(text, kernel->params[k].initial) != 0);
    if (differs && used < sizeof workload->name) {
      used +=
          (size_t)snprintf(workload->name + used, sizeof workload->name - used,
                           "%s%s=%s", join, kernel->params[k].name, text);
      join = ",";
    }
    if (all < sizeof workload->params)
      all += (size_t)snprintf(workload->params + all,
                              sizeof workload->params - all, "%s%s=%s",
                              k ? "," : "", kernel->params[k].name, text);
  }
}

int workload_set(struct workload *workload, const char *assignment,
                 struct problem *problem) {
  const struct kernel *kernel = workload->kernel;
  size_t name = strcspn(assignment, "=");
  if (assignment[name] != '=')
    return problem_usage(problem, "%s: parameter '%s' is not of the form k=v",
                         kernel->name, assignment);
  if (name == strlen("preset") && strncmp(assignment, "preset", name) == 0) {
    int status = use_preset(workload, assignment + name + 1, problem);
    rename_workload(workload);
    return status;
  }
  int k = find_param(kernel, assignment, name);
  if (k < 0) {
    char known[300] = "none";
    size_t used = 0;
    for (size_t i = 0; i < param_count(kernel) && used < sizeof known; i++)
      used += (size_t)snprintf(known + used, sizeof known - used, "%s%s",
                               i ? ", " : "", kernel->params[i].name);
    return problem_usage(problem, "%s has no parameter '%.*s'; it has: %s",
                         kernel->name, (int)name, assignment, known);
  }
  int status = assign(workload, (size_t)k, assignment + name + 1, problem);
  if (status)
    return status;
  workload->given[k] = true;
  rename_workload(workload);
  return PROBLEM_NONE;
}

static int unknown_kernel(const char *text, size_t length,
                          struct problem *problem) {
  char known[300] = "";
  size_t used = 0;
  for (size_t i = 0; registry_kernels[i] && used < sizeof known; i++)
    if (!registry_kernels[i]->meter)
      used += (size_t)snprintf(known + used, sizeof known - used, "%s%s",
                               used ? ", " : "", registry_kernels[i]->name);
  return problem_usage(problem, "no kernel '%.*s'; known: %s", (int)length,
                       text, known);
}

int workload_begin(struct workload *workload, const struct kernel *kernel,
                   const struct kernel_preset *preset,
                   struct problem *problem) {
  int status = PROBLEM_NONE;
  memset(workload, 0, sizeof *workload);
  workload->kernel = kernel;
  for (size_t k = 0; !status && k < param_count(kernel); k++)
    status = assign(workload, k, kernel->params[k].initial, problem);
  if (!status && preset)
    status = assign_list(workload, preset->params, false, problem);
  workload->preset = preset;
  if (!status)
    rename_workload(workload);
  return status;
}

int workload_parse(const char *text, struct workload *workload,
                   struct problem *problem) {
  size_t length = strcspn(text, "/");
  const struct kernel *kernel = registry_find_kernel(text, length);
  if (!kernel)
    return unknown_kernel(text, length, problem);
  int status = workload_begin(workload, kernel, NULL, problem);
  if (status)
    return status;
  if (!text[length])
    return PROBLEM_NONE;
  if (!text[length + 1])
    return problem_usage(problem, "%s: nothing after the '/'", text);
  char *copy = strdup(text + length + 1);
  char *rest = copy, *piece;
  status = copy ? PROBLEM_NONE : problem_failure(problem, "out of memory");
  while (!status && (piece = strsep(&rest, ",")) != NULL)
    status = workload_set(workload, piece, problem);
  free(copy);
  return status;
}

struct kernel_shape workload_shape(const struct workload *workload) {
  struct kernel_shape shape = workload->kernel->shape;
  if (workload->kernel->reshape)
    workload->kernel->reshape(workload->values, &shape);
  return shape;
}

uint64_t workload_size(const struct workload *workload) {
  return workload->preset ? workload->preset->size : workload->kernel->size;
}

int workload_check(const struct workload *workload, uint64_t size,
                   const struct kernel_input *input, double memory_bytes,
                   struct problem *problem) {
  struct kernel_shape shape = workload_shape(workload);
  double bytes =
      (double)size * (shape.input_bytes + (double)shape.output_bytes);
  if (memory_bytes > 0 && !(bytes <= memory_bytes))
    return problem_usage(problem,
                         "%s --size %" PRIu64 ": needs %.3g MB; at most %.3g "
                         "MB of this machine's memory may be used",
                         workload->name, size, bytes / 1e6, memory_bytes / 1e6);
  struct kernel_request request = {
      .params = workload->values, .size = size, .input = input};
  struct kernel_problem reason = {""};
  if (workload->kernel->check && !workload->kernel->check(&request, &reason))
    return problem_usage(problem, "%s", reason.text);
  return PROBLEM_NONE;
}
