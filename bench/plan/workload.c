#include "bench/plan/workload.h"

#include "bench/plan/notation.h"
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
  if ((int64_t)length < spec->low || (int64_t)length > spec->high)
    return problem_usage(problem,
                         "%s/%s: %zu bytes; want %" PRId64 " to %" PRId64,
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

/* The same of a value as it is typed: in quotes, where it needs them. */
static int assign_typed(struct workload *workload, size_t k, const char *raw,
                        size_t length, struct problem *problem) {
  char label[120], value[WORKLOAD_VALUE];
  text_print(label, sizeof label, "%s/%s", workload->kernel->name,
             workload->kernel->params[k].name);
  int status =
      notation_unquote(label, raw, length, value, sizeof value, problem);
  return status ? status : assign(workload, k, value, problem);
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
  int status = PROBLEM_NONE;
  for (size_t length; !status && *list; list += length + (list[length] != 0)) {
    length = notation_span(list, ",");
    if (length == 0)
      continue;
    size_t name = strcspn(list, "=");
    int k = find_param(workload->kernel, list, name);
    if (k < 0 || name >= length)
      status = problem_usage(problem, "'%.*s' sets no parameter of %s",
                             length > 60 ? 60 : (int)length, list,
                             workload->kernel->name);
    else if (!(skip_given && workload->given[k]))
      status = assign_typed(workload, (size_t)k, list + name + 1,
                            length - name - 1, problem);
  }
  return status;
}

/* Appends one of several names. */
static void list_name(struct text *list, const char *name) {
  text_add(list, "%s%s", list->length > 0 ? ", " : "", name);
}

static int use_preset(struct workload *workload, const char *name,
                      struct problem *problem) {
  const struct kernel *kernel = workload->kernel;
  char names[300];
  struct text known = TEXT_BEGIN(names);
  for (const struct kernel_preset *p = kernel->presets; p && p->name; p++) {
    if (strcmp(p->name, name) == 0) {
      workload->preset = p;
      for (size_t k = 0; k < param_count(kernel); k++)
        if (!workload->given[k])
          (void)assign(workload, k, kernel->params[k].initial, problem);
      return assign_list(workload, p->params, true, problem);
    }
    list_name(&known, p->name);
  }
  return problem_usage(problem, "%s/preset=%s: no such preset; known: %s",
                       kernel->name, name, *names ? names : "none");
}

static void add_param(struct text *text, const char *join, const char *name,
                      const char *value) {
  text_add(text, "%s%s=", join, name);
  notation_quote(value, text);
}

static int set_repeat(struct workload *workload, const char *raw, size_t length,
                      struct problem *problem) {
  char label[120], value[WORKLOAD_VALUE];
  uint64_t repeat;
  text_print(label, sizeof label, "%s/repeat", workload->kernel->name);
  int status =
      notation_unquote(label, raw, length, value, sizeof value, problem);
  if (status)
    return status;
  if (!notation_parse_count(value, WORKLOAD_REPEAT, &repeat) || repeat == 0)
    return problem_usage(problem, "%s=%s: want a whole number from 1 to %d",
                         label, value, WORKLOAD_REPEAT);
  workload->repeat = (uint32_t)repeat;
  return PROBLEM_NONE;
}

/* Rewrites the canonical name and the list of all parameters. */
static int rename_workload(struct workload *workload, struct problem *problem) {
  const struct kernel *kernel = workload->kernel;
  struct text name = TEXT_BEGIN(workload->name);
  struct text params = TEXT_BEGIN(workload->params);
  const char *join = "/";
  text_add(&name, "%s", kernel->name);
  if (workload->preset) {
    text_add(&name, "/preset=%s", workload->preset->name);
    join = ",";
  }
  for (size_t k = 0; k < param_count(kernel); k++) {
    const char *text = workload->values[k].text;
    bool differs =
        workload->given[k] &&
        (workload->preset || strcmp(text, kernel->params[k].initial) != 0);
    if (differs) {
      add_param(&name, join, kernel->params[k].name, text);
      join = ",";
    }
    add_param(&params, k ? "," : "", kernel->params[k].name, text);
  }
  if (workload->repeat > 0)
    text_add(&name, "%srepeat=%" PRIu32, join, workload->repeat);
  if (name.cut || params.cut)
    return problem_usage(problem,
                         "%s: its parameters are longer than %d bytes together",
                         kernel->name, WORKLOAD_TEXT - 1);
  return PROBLEM_NONE;
}

/* Sets one parameter from text[0..length), "key=value". */
static int set_param(struct workload *workload, const char *text, size_t length,
                     struct problem *problem) {
  const struct kernel *kernel = workload->kernel;
  size_t name = strcspn(text, "=");
  if (name >= length)
    return problem_usage(problem, "%s: parameter '%.*s' is not of the form k=v",
                         kernel->name, (int)length, text);
  const char *raw = text + name + 1;
  size_t raw_length = length - name - 1;
  if (name == strlen("preset") && strncmp(text, "preset", name) == 0) {
    char preset[200];
    int status = notation_unquote("preset", raw, raw_length, preset,
                                  sizeof preset, problem);
    return status ? status : use_preset(workload, preset, problem);
  }
  if (name == strlen("repeat") && strncmp(text, "repeat", name) == 0)
    return set_repeat(workload, raw, raw_length, problem);
  int k = find_param(kernel, text, name);
  if (k < 0) {
    char names[300];
    struct text known = TEXT_BEGIN(names);
    for (size_t i = 0; i < param_count(kernel); i++)
      list_name(&known, kernel->params[i].name);
    list_name(&known, "repeat");
    return problem_usage(problem, "%s has no parameter '%.*s'; it has: %s",
                         kernel->name, (int)name, text, names);
  }
  int status = assign_typed(workload, (size_t)k, raw, raw_length, problem);
  workload->given[k] = workload->given[k] || !status;
  return status;
}

int workload_set(struct workload *workload, const char *assignment,
                 struct problem *problem) {
  int status = set_param(workload, assignment, strlen(assignment), problem);
  return status ? status : rename_workload(workload, problem);
}

/* A path that was typed for a kernel: what would work instead. */
static int no_kernel_but_a_path(const char *text, const char *known,
                                struct problem *problem) {
  size_t length = strlen(text);
  bool source = length > 2 && strcmp(text + length - 2, ".c") == 0;
  char names[300];
  struct text file = TEXT_BEGIN(names);
  text_add_shell(&file, source ? text : "/path/name.c");
  return problem_usage(
      problem,
      "'%.200s' is the path of a file, and what is measured is a kernel, "
      "KERNEL[/key=value,...]; known: %s; a kernel of your own becomes one by "
      "`make EXTRA_KERNELS=%s`, see kernels/README.md",
      text, known, names);
}

static int unknown_kernel(const char *text, size_t length,
                          struct problem *problem) {
  char names[300];
  struct text known = TEXT_BEGIN(names);
  bool path = (length == 0 && *text) || *text == '.' || *text == '~' ||
              (text[length] == '/' && !strchr(text, '=')) ||
              (length > 2 && strncmp(text + length - 2, ".c", 2) == 0);
  for (size_t i = 0; registry_kernels[i]; i++)
    if (!registry_kernels[i]->meter)
      list_name(&known, registry_kernels[i]->name);
  if (path)
    return no_kernel_but_a_path(text, names, problem);
  return problem_usage(problem, "no kernel '%.*s'; known: %s", (int)length,
                       text, names);
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
  return status ? status : rename_workload(workload, problem);
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
  for (text += length + 1;; text += length + 1) {
    length = notation_span(text, ",");
    status = set_param(workload, text, length, problem);
    if (status || !text[length])
      break;
  }
  return status ? status : rename_workload(workload, problem);
}

/* How long a name is without its repeat, which comes last. */
static size_t region_name(const char *name) {
  static const char key[] = "repeat=";
  size_t length = strlen(name), at = length;
  while (at > 0 && strchr("0123456789", name[at - 1]))
    at--;
  if (at == length || at < sizeof key ||
      strncmp(name + at - (sizeof key - 1), key, sizeof key - 1) != 0)
    return length;
  at -= sizeof key;
  return name[at] == '/' || name[at] == ',' ? at : length;
}

bool workload_same_region(const struct workload *a, const struct workload *b) {
  size_t length = region_name(a->name);
  return length == region_name(b->name) &&
         strncmp(a->name, b->name, length) == 0;
}

struct kernel_shape workload_shape(const struct workload *workload) {
  struct kernel_shape shape = workload->kernel->shape;
  if (workload->kernel->reshape)
    workload->kernel->reshape(workload->values, &shape);
  if (shape.batch == 0)
    shape.batch = 1;
  uint64_t over = shape.grain % shape.batch;
  if (over > 0 && shape.grain <= UINT64_MAX - shape.batch)
    shape.grain += shape.batch - over;
  return shape;
}

bool workload_moves_memory(const struct workload *workload) {
  struct kernel_shape shape = workload_shape(workload);
  double bytes = shape.input_bytes + (double)shape.output_bytes;
  return bytes > 0 && bytes >= shape.operations;
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
