#include "bench/commands/options.h"

#include "bench/plan/notation.h"
#include "bench/plan/text.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Keys of options without a letter: past all letters. */
enum { KEY_FIRST = 256 };

/* An option, and the struct that it sets a member of. */
struct line {
  const struct option_spec *option; /* NULL: a title */
  char *input;
};

/* A command line, while it is read. */
struct reading {
  const struct options *options;
  const char *source; /* where it stands in a file; NULL: it was typed */
  void *input;
  struct argp_option *argp; /* as argp wants them, ended by a zero */
  struct line *lines;       /* what they are made from, one by one */
  size_t count;
};

void options_refuse(struct argp_state *state, const char *format, ...) {
  char raw[TEXT_SHOWN], shown[TEXT_SHOWN];
  va_list list;
  va_start(list, format);
  vsnprintf(raw, sizeof raw, format, list);
  va_end(list);
  const struct reading *reading = state->input;
  if (reading->source) { /* --help of a file would be no help */
    fprintf(stderr, "%s: %s\n", state->argv[0], text_shown(raw, shown));
    exit(argp_err_exit_status);
  }
  argp_error(state, "%s", text_shown(raw, shown));
}

static uint64_t read_count(const struct option_spec *option, const char *text,
                           struct argp_state *state) {
  uint64_t value = 0;
  if (!notation_parse_count(text, option->high, &value) || value < option->low)
    options_refuse(state,
                   "--%s %s: want a whole number from %" PRIu64 " to %" PRIu64,
                   option->name, text, option->low, option->high);
  return value;
}

static double read_time(const struct option_spec *option, const char *text,
                        struct argp_state *state) {
  double seconds = 0;
  if (!notation_parse_duration(text, &seconds))
    options_refuse(state, "--%s %s: want a time, as in 90s, 3m or 1h",
                   option->name, text);
  return seconds;
}

static bool read_either(const struct option_spec *option, const char *text,
                        struct argp_state *state) {
  bool second = strcmp(text, option->words[1]) == 0;
  if (!second && strcmp(text, option->words[0]) != 0)
    options_refuse(state, "--%s %s: want %s or %s", option->name, text,
                   option->words[0], option->words[1]);
  return second;
}

static void set(const struct line *line, const char *text,
                struct argp_state *state) {
  const struct option_spec *option = line->option;
  void *member = line->input + option->member;
  bool path =
      option->kind == OPTION_KIND_PATH || option->kind == OPTION_KIND_FOLDER;
  if (text && !path && !text_is_printable(text))
    options_refuse(state, "--%s %s: want UTF-8 text that can be printed",
                   option->name, text);
  switch (option->kind) {
  case OPTION_KIND_FLAG:
    *(bool *)member = true;
    break;
  case OPTION_KIND_TEXT:
  case OPTION_KIND_PATH:
    *(const char **)member = text;
    break;
  case OPTION_KIND_FOLDER:
    snprintf(member, RUN_PATH, "%s", text);
    break;
  case OPTION_KIND_COUNT:
    *(uint32_t *)member = (uint32_t)read_count(option, text, state);
    break;
  case OPTION_KIND_COUNT64:
    *(uint64_t *)member = read_count(option, text, state);
    break;
  case OPTION_KIND_TIME:
    *(double *)member = read_time(option, text, state);
    break;
  case OPTION_KIND_EITHER:
    *(bool *)member = read_either(option, text, state);
    break;
  case OPTION_KIND_READ:
    option->read(line->input, text, state);
    break;
  }
  if (option->given)
    *(bool *)(void *)(line->input + option->given) = true;
}

static const struct line *find(const struct reading *reading, int key) {
  for (size_t i = 0; i < reading->count; i++)
    if (reading->lines[i].option && reading->argp[i].key == key)
      return &reading->lines[i];
  return NULL;
}

static error_t parse(int key, char *text, struct argp_state *state) {
  const struct reading *reading = state->input;
  const struct options *options = reading->options;
  const struct line *line;
  switch (key) {
  case ARGP_KEY_INIT:
    if (reading->source) /* what is wrong has been said, in one line */
      state->err_stream = NULL;
    return 0;
  case ARGP_KEY_ARG:
    if (!options->argument)
      options_refuse(state, "unexpected argument '%s'", text);
    else
      options->argument(reading->input, text, state);
    return 0;
  case ARGP_KEY_END:
    if (options->end)
      options->end(reading->input, state);
    return 0;
  default:
    line = find(reading, key);
    if (!line)
      return ARGP_ERR_UNKNOWN;
    if (options->seen)
      options->seen(reading->input, line->option);
    set(line, text, state);
    return 0;
  }
}

static size_t length(const struct option_spec *list) {
  size_t count = 0;
  while (list && list[count].name)
    count++;
  return count;
}

static void add(struct reading *reading, const struct option_spec *list,
                char *input) {
  for (size_t i = 0; i < length(list); i++) {
    const struct option_spec *option = &list[i];
    size_t at = reading->count++;
    reading->lines[at] = (struct line){option, input};
    reading->argp[at] = (struct argp_option){
        .name = option->name,
        .key = option->letter ? option->letter : KEY_FIRST + (int)at,
        .arg = option->arg,
        .doc = option->help};
  }
}

static void add_all(struct reading *reading) {
  const struct options *options = reading->options;
  char *input = reading->input;
  add(reading, options->list, input);
  if (options->shared_title) /* begins a group */
    reading->argp[reading->count++].doc = options->shared_title;
  add(reading, options->shared, input + options->shared_at);
}

/* How many bytes of an argument name options: those before a '=', or before
 * the argument of a letter. */
static size_t names_length(const struct reading *reading,
                           const char *argument) {
  size_t length = argument[0] == '-';
  if (argument[0] != '-' || argument[1] == '-')
    return argument[0] == '-' ? strcspn(argument, "=") : 0;
  while (argument[length]) {
    const struct line *line = find(reading, (unsigned char)argument[length++]);
    if (line && line->option->arg)
      break;
  }
  return length;
}

/* An option that there is not, argp would repeat as it is. */
static bool names_printable(const struct reading *reading, int argc,
                            char **argv) {
  bool printable = true;
  for (int i = 1; printable && i < argc && strcmp(argv[i], "--") != 0; i++) {
    char shown[TEXT_SHOWN];
    char *name = strndup(argv[i], names_length(reading, argv[i]));
    printable = !name || text_is_printable(name);
    if (!printable)
      fprintf(stderr, "%s: unrecognized option '%s'\n", argv[0],
              text_shown(name, shown));
    free(name);
  }
  return printable;
}

static void parse_all(const struct options *options, const char *name,
                      const char *source, int argc, char **argv, void *input) {
  /* Beside the options, a title and the end. */
  size_t most = length(options->list) + length(options->shared) + 2;
  struct reading reading = {.options = options,
                            .source = source,
                            .input = input,
                            .argp = calloc(most, sizeof *reading.argp),
                            .lines = calloc(most, sizeof *reading.lines)};
  char program[TEXT_SHOWN + 64];
  char *own = argv[0];
  error_t error = ENOMEM;
  text_print(program, sizeof program, "coresweep %s%s%s", name,
             source ? ": " : "", source ? source : "");
  argv[0] = program;
  argp_err_exit_status = 2;
  if (reading.argp && reading.lines) {
    add_all(&reading);
    /* Of an empty table, glibc's --help frees too little. */
    const struct argp argp = {.options = reading.count ? reading.argp : NULL,
                              .parser = parse,
                              .args_doc = options->arguments,
                              .doc = options->doc};
    if (!names_printable(&reading, argc, argv))
      exit(argp_err_exit_status);
    error = argp_parse(&argp, argc, argv, source ? ARGP_NO_HELP : 0, NULL,
                       &reading);
  }
  argv[0] = own;
  free(reading.argp);
  free(reading.lines);
  if (error == EINVAL) { /* of a file's; getopt has said what is wrong */
    fprintf(stderr, "`coresweep %s --help` lists the options.\n", name);
    exit(argp_err_exit_status);
  }
  if (error) { /* usage errors have ended the program; this one is memory */
    fprintf(stderr, "%s: the command line could not be read: %s\n", program,
            strerror(error));
    exit(1);
  }
}

/* ---- for the manual and for shells --------------------------------------- */

static const char *const kind_names[] = {
    [OPTION_KIND_FLAG] = "flag",    [OPTION_KIND_TEXT] = "text",
    [OPTION_KIND_PATH] = "path",    [OPTION_KIND_FOLDER] = "path",
    [OPTION_KIND_COUNT] = "number", [OPTION_KIND_COUNT64] = "number",
    [OPTION_KIND_TIME] = "time",    [OPTION_KIND_EITHER] = "words",
    [OPTION_KIND_READ] = "text",
};

/* So few numbers are words. */
enum { NUMBERS_FEW = 8 };

static bool is_of_few(const struct option_spec *o) {
  return o->kind == OPTION_KIND_COUNT && o->high - o->low < NUMBERS_FEW;
}

/* The words that an option takes, between blanks. */
static void print_words(const struct option_spec *o) {
  const char *blank = "";
  if (o->kind == OPTION_KIND_EITHER)
    printf("%s %s", o->words[0], o->words[1]);
  for (uint64_t n = o->low; is_of_few(o) && n <= o->high; n++, blank = " ")
    printf("%s%" PRIu64, blank, n);
  for (size_t k = 0; o->choices && o->choices[k]; k++, blank = " ")
    printf("%s%s", blank, o->choices[k]);
}

static void print_list(const struct option_spec *list) {
  for (size_t i = 0; i < length(list); i++) {
    const struct option_spec *o = &list[i];
    bool words = o->kind == OPTION_KIND_EITHER || is_of_few(o) || o->choices;
    char letter[] = {o->letter, '\0'};
    printf("option\t%s\t%s\t%s\t%s\t", o->name, letter, o->arg ? o->arg : "",
           words ? "words" : kind_names[o->kind]);
    print_words(o);
    printf("\t%s\n", o->help);
  }
}

static void print_options(const struct options *options) {
  int before = (int)strcspn(options->doc, "\v");
  printf("doc\t%.*s\n", before, options->doc);
  if (options->doc[before])
    printf("more\t%s\n", options->doc + before + 1);
  if (options->arguments)
    printf("arguments\t%s\n", options->arguments);
  print_list(options->list);
  if (options->shared_title)
    printf("title\t%s\n", options->shared_title);
  print_list(options->shared);
}

void options_parse(const struct options *options, const char *name, int argc,
                   char **argv, void *input) {
  if (argc > 1 && strcmp(argv[1], OPTIONS_TABLE) == 0) {
    print_options(options);
    exit(fflush(stdout) != 0);
  }
  parse_all(options, name, NULL, argc, argv, input);
}

void options_parse_file(const struct options *options, const char *name,
                        const char *source, int argc, char **argv,
                        void *input) {
  parse_all(options, name, source, argc, argv, input);
}
