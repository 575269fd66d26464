/* Which kernels there are, and whether their descriptors can be worked with. */
#include "bench/plan/registry.h"

#include "bench/plan/text.h"
#include "bench/plan/workload.h"

#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* Whose descriptor is looked at, and where to say what is wrong with it. */
struct subject {
  const struct kernel *kernel;
  const char *file;
  struct problem *problem;
};

const struct kernel *registry_find_kernel(const char *name, size_t length) {
  for (size_t i = 0; registry_kernels[i]; i++)
    if (strlen(registry_kernels[i]->name) == length &&
        strncmp(registry_kernels[i]->name, name, length) == 0)
      return registry_kernels[i];
  return NULL;
}

static int refuse(const struct subject *s, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static int refuse(const struct subject *s, const char *format, ...) {
  char text[sizeof s->problem->text];
  const char *name = s->kernel->name;
  va_list list;
  va_start(list, format);
  vsnprintf(text, sizeof text, format, list);
  va_end(list);
  if (!name || !*name)
    return problem_failure(s->problem, "the kernel of %.200s: %s", s->file,
                           text);
  return problem_failure(s->problem, "kernel '%.60s' (%.200s): %s", name,
                         s->file, text);
}

static bool given(const char *text) {
  return text && *text;
}

/* As kernels, parameters and presets are called in the notation. */
static bool is_name(const char *text) {
  return given(text) && text[strspn(text, "abcdefghijklmnopqrstuvwxyz"
                                          "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                          "0123456789_-")] == '\0';
}

static int check_required(const struct subject *s) {
  const struct kernel *k = s->kernel;
  const struct {
    bool there;
    const char *member, *what;
  } required[] = {
      {given(k->name), "name", "what is typed for the kernel"},
      {given(k->title), "title", "what a chart's title begins with"},
      {given(k->item), "item", "what one item is called"},
      {given(k->items), "items", "what many items are called"},
      {given(k->source), "source", "where the workload comes from"},
      {k->size > 0, "size", "the number of items where nobody says"},
      {k->shape.grain > 0, "shape.grain",
       "the number of items that a sensible chunk holds"},
      {k->create, "create", "it allocates the state"},
      {k->run || k->run_as, "run", "it does the items [begin, end)"},
      {k->verify, "verify",
       "it checks the whole result by another way than `run`"},
  };
  for (size_t i = 0; i < sizeof required / sizeof *required; i++)
    if (!required[i].there)
      return refuse(s, "member `%s` is missing: %s", required[i].member,
                    required[i].what);
  const char *const shown[] = {k->title, k->item, k->items, k->source};
  for (size_t i = 0; i < sizeof shown / sizeof *shown; i++)
    if (!text_is_printable(shown[i]))
      return refuse(s, "`%s`: want UTF-8 text that can be printed", shown[i]);
  if (!is_name(k->name))
    return refuse(s, "member `name` is not made of letters, digits, '_' and "
                     "'-', as it is typed");
  return PROBLEM_NONE;
}

static int check_shape(const struct subject *s,
                       const struct kernel_shape *shape, const char *of) {
  if (shape->grain == 0)
    return refuse(s, "%sgrain is 0: a chunk holds one item or more", of);
  if (!(shape->operations >= 0) || isinf(shape->operations))
    return refuse(s, "%soperations is %g: an item has 0 or more", of,
                  shape->operations);
  if (!(shape->input_bytes >= 0) || isinf(shape->input_bytes))
    return refuse(s, "%sinput_bytes is %g: an item has 0 or more", of,
                  shape->input_bytes);
  return PROBLEM_NONE;
}

static int check_csv(const struct subject *s) {
  const struct kernel_csv *csv = &s->kernel->csv;
  if (!csv->input_header != !csv->input_item)
    return refuse(s,
                  "member `csv.%s` is missing, and there is the other: "
                  "header and item go together",
                  csv->input_header ? "input_item" : "input_header");
  if (!csv->output_header != !csv->output_item)
    return refuse(s,
                  "member `csv.%s` is missing, and there is the other: "
                  "header and item go together",
                  csv->output_header ? "output_item" : "output_header");
  return PROBLEM_NONE;
}

/* Whether "a|b|c" has no empty word. */
static bool are_words(const char *words) {
  return given(words) && *words != '|' && !strstr(words, "||") &&
         words[strlen(words) - 1] != '|';
}

static bool has_limits(const struct param_spec *spec) {
  switch (spec->type) {
  case PARAM_INTEGER:
    return spec->low <= spec->high;
  case PARAM_REAL:
    return spec->least <= spec->most;
  case PARAM_WORD:
    return are_words(spec->words);
  case PARAM_TEXT:
    return spec->low >= 0 && spec->low <= spec->high &&
           spec->high < WORKLOAD_VALUE;
  }
  return false;
}

static int check_param(const struct subject *s, const struct param_spec *spec) {
  static const char *const limits[] = {[PARAM_INTEGER] = "low..high",
                                       [PARAM_REAL] = "least..most",
                                       [PARAM_WORD] = "words",
                                       [PARAM_TEXT] =
                                           "low..high, as lengths in bytes,"};
  if (!is_name(spec->name) || strcmp(spec->name, "preset") == 0 ||
      strcmp(spec->name, "repeat") == 0)
    return refuse(s,
                  "parameter '%.60s': its name is not made of letters, "
                  "digits, '_' and '-', or it is `preset` or `repeat`",
                  spec->name);
  if ((size_t)spec->type >= sizeof limits / sizeof *limits)
    return refuse(s, "parameter '%.60s': there is no type %d", spec->name,
                  (int)spec->type);
  if (!given(spec->help))
    return refuse(s,
                  "parameter '%.60s': member `help` is missing: a few words "
                  "on what it is, with the unit",
                  spec->name);
  if (!spec->initial)
    return refuse(s,
                  "parameter '%.60s': member `initial` is missing: its "
                  "default, as a user would type it",
                  spec->name);
  if (!has_limits(spec))
    return refuse(s, "parameter '%.60s': %s make no sense", spec->name,
                  limits[spec->type]);
  for (const struct param_spec *p = s->kernel->params; p < spec; p++)
    if (strcmp(p->name, spec->name) == 0)
      return refuse(s, "parameter '%.60s' is there twice", spec->name);
  return PROBLEM_NONE;
}

static int check_params(const struct subject *s) {
  const struct param_spec *specs = s->kernel->params;
  for (size_t k = 0; specs && specs[k].name; k++) {
    if (k == WORKLOAD_PARAMS)
      return refuse(s,
                    "member `params` has no end: more than %d parameters, "
                    "and then one whose name is NULL",
                    WORKLOAD_PARAMS);
    int status = check_param(s, &specs[k]);
    if (status)
      return status;
  }
  return PROBLEM_NONE;
}

static int check_preset(const struct subject *s,
                        const struct kernel_preset *preset) {
  const struct kernel_csv *csv = &s->kernel->csv;
  const struct kernel_answer *answer = preset->answer;
  const struct {
    bool there;
    const char *member, *what;
  } required[] = {
      {given(preset->help), "help", "a few words on what it is"},
      {preset->params, "params", "\"\" where all have their defaults"},
      {preset->size > 0, "size", "the number of items"},
      {!answer || given(answer->source), "answer->source", "who says so"},
  };
  if (!is_name(preset->name))
    return refuse(s,
                  "preset '%.60s': its name is not made of letters, digits, "
                  "'_' and '-'",
                  preset->name);
  for (size_t i = 0; i < sizeof required / sizeof *required; i++)
    if (!required[i].there)
      return refuse(s, "preset '%.60s': member `%s` is missing: %s",
                    preset->name, required[i].member, required[i].what);
  if (preset->input && !csv->input_header)
    return refuse(s,
                  "preset '%.60s' has an input; member `csv.input_header` "
                  "is missing",
                  preset->name);
  if (answer && answer->output && !csv->output_item)
    return refuse(s,
                  "preset '%.60s' knows its output; member "
                  "`csv.output_item` is missing",
                  preset->name);
  for (const struct kernel_preset *p = s->kernel->presets; p < preset; p++)
    if (strcmp(p->name, preset->name) == 0)
      return refuse(s, "preset '%.60s' is there twice", preset->name);
  return PROBLEM_NONE;
}

/* The defaults, or a preset: its parameters, its shape, and whether the kernel
 * takes it. */
static int check_workload(const struct subject *s,
                          const struct kernel_preset *preset) {
  struct workload workload;
  struct problem reason = {""};
  struct kernel_problem why = {""};
  char of[100];
  if (preset)
    snprintf(of, sizeof of, "preset '%.60s': ", preset->name);
  else
    snprintf(of, sizeof of, "its defaults: ");
  if (workload_begin(&workload, s->kernel, preset, &reason))
    return refuse(s, "%s%s", of, reason.text);
  struct kernel_shape shape = workload_shape(&workload);
  struct kernel_request request = {.params = workload.values,
                                   .size = workload_size(&workload)};
  bool takes = (preset && preset->input) || !s->kernel->check ||
               s->kernel->check(&request, &why);
  if (!takes)
    return refuse(s, "%sits own `check` refuses them: %s", of, why.text);
  double serial = s->kernel->serial_fraction
                      ? s->kernel->serial_fraction(workload.values)
                      : (double)NAN;
  if (serial < 0 || serial > 1)
    return refuse(s, "%sserial_fraction is %g: want 0 to 1, or NAN", of,
                  serial);
  return check_shape(s, &shape, of);
}

int registry_check_kernel(const struct kernel *kernel, const char *file,
                          struct problem *problem) {
  const struct subject s = {kernel, file, problem};
  int status = check_required(&s);
  if (!status)
    status = check_shape(&s, &kernel->shape, "member `shape`: ");
  if (!status)
    status = check_csv(&s);
  if (!status)
    status = check_params(&s);
  if (!status)
    status = check_workload(&s, NULL);
  for (const struct kernel_preset *p = kernel->presets; !status && p && p->name;
       p++) {
    status = check_preset(&s, p);
    if (!status)
      status = check_workload(&s, p);
  }
  return status;
}

int registry_check(const struct kernel *const *kernels,
                   const char *const *files, struct problem *problem) {
  for (size_t i = 0; kernels[i]; i++) {
    const struct subject s = {kernels[i], files[i], problem};
    int status = registry_check_kernel(kernels[i], files[i], problem);
    if (status)
      return status;
    for (size_t k = 0; k < i; k++)
      if (strcmp(kernels[i]->name, kernels[k]->name) == 0)
        return refuse(&s, "member `name`: the kernel of %.200s has that name",
                      files[k]);
  }
  return PROBLEM_NONE;
}
