/* The programs that were typed: with names, and under every combination of
 * their parameters. */
#include "bench/commands/program_options.h"

#include <stdlib.h>
#include <string.h>

static int out_of_memory(struct problem *problem) {
  return problem_failure(problem, "out of memory");
}

static int copy_words(const struct words *from, struct words *to,
                      struct problem *problem) {
  for (size_t i = 0; i < from->count; i++)
    if (words_add(to, from->list[i]) != 0)
      return out_of_memory(problem);
  return PROBLEM_NONE;
}

/* How many values a parameter has; the one at `index` into text. */
static size_t parameter_values(const char *parameter, size_t index, char *text,
                               size_t room) {
  const char *value = strchr(parameter, '=') + 1;
  size_t count = 0;
  for (;; count++) {
    size_t length = strcspn(value, ",");
    if (text && count == index)
      snprintf(text, room, "%.*s=%.*s", (int)strcspn(parameter, "="), parameter,
               (int)length, value);
    if (!value[length])
      return count + 1;
    value += length + 1;
  }
}

/* The words of a command that was typed as one; with --shell, sh cuts them. */
static int read_command(const struct program_options *o, const char *line,
                        const char *option, struct words *command,
                        struct problem *problem) {
  if (!o->protocol.shell)
    return words_split(line, option, command, problem);
  return words_add(command, line) == 0 ? PROBLEM_NONE : out_of_memory(problem);
}

/* One program with the parameters' values that belong to `index`. */
static int add_program(struct program_options *o, const char *name,
                       const struct words *command, size_t index,
                       struct problem *problem) {
  if (o->program_count == PROGRAMS)
    return problem_usage(problem, "more than %d programs in one sweep",
                         PROGRAMS);
  struct program *program = &o->programs[o->program_count++];
  *program = (struct program){.protocol = &o->protocol};
  int status = copy_words(command, &program->command, problem);
  if (!status)
    status = copy_words(&o->environment, &program->environment, problem);
  if (!status && o->serial)
    status = read_command(o, o->serial, "--serial", &program->serial, problem);
  for (size_t i = 0; !status && i < o->parameters.count; i++) {
    char text[256];
    size_t count = parameter_values(o->parameters.list[i], 0, NULL, 0);
    parameter_values(o->parameters.list[i], index % count, text, sizeof text);
    index /= count;
    if (words_add(&program->parameters, text) != 0)
      status = out_of_memory(problem);
  }
  program->name = !status && name ? strdup(name) : NULL;
  return status ? status : program_settle(program, problem);
}

/* Under every combination of the parameters' values. */
static int add_programs(struct program_options *o, const char *name,
                        const struct words *command, struct problem *problem) {
  size_t combinations = 1;
  int status = PROBLEM_NONE;
  for (size_t i = 0; i < o->parameters.count && combinations <= PROGRAMS; i++)
    combinations *= parameter_values(o->parameters.list[i], 0, NULL, 0);
  for (size_t i = 0; !status && i < combinations; i++)
    status = add_program(o, name, command, i, problem);
  return status;
}

/* NAME=COMMAND, or the command alone: it is then called as its file is. */
static int add_named(struct program_options *o, const char *text,
                     struct problem *problem) {
  size_t length = strcspn(text, "= \t/'\"\\");
  bool named = length > 0 && text[length] == '=';
  const char *line = named ? text + length + 1 : text;
  struct words command = {NULL, 0};
  char *name = named ? strndup(text, length) : NULL;
  int status = named && !name ? out_of_memory(problem) : PROBLEM_NONE;
  if (!status)
    status = read_command(o, line, "--program", &command, problem);
  if (!status && command.count == 0)
    status = problem_usage(problem,
                           "--program '%s': want a command, as in "
                           "--program 'new=./new {workers}'",
                           text);
  if (!status)
    status = add_programs(o, name, &command, problem);
  words_free(&command);
  free(name);
  return status;
}

static bool same_words(const struct words *a, const struct words *b) {
  for (size_t i = 0; i < a->count && i < b->count; i++)
    if (strcmp(a->list[i], b->list[i]) != 0)
      return false;
  return a->count == b->count;
}

/* Another program does the same job, and prints the same; another parameter is
 * another job. */
static void find_references(struct program_options *o) {
  for (size_t i = 0; i < o->program_count; i++) {
    size_t first = o->own_reference ? i : 0;
    while (
        !same_words(&o->programs[first].parameters, &o->programs[i].parameters))
      first++;
    o->programs[i].like = &o->programs[first];
  }
}

int program_list_make(struct program_options *o, struct problem *problem) {
  int status = PROBLEM_NONE;
  for (size_t i = 0; !status && i < o->named.count; i++)
    status = add_named(o, o->named.list[i], problem);
  if (!status && (o->command.count > 0 || o->named.count == 0))
    status = add_programs(o, NULL, &o->command, problem);
  for (size_t i = 0; !status && i < o->program_count; i++)
    for (size_t k = 0; k < i; k++)
      if (strcmp(o->programs[i].name, o->programs[k].name) == 0)
        return problem_usage(problem,
                             "two programs are called '%s'; give them "
                             "names, as in --program 'new=./prog'",
                             o->programs[i].name);
  find_references(o);
  return status;
}
