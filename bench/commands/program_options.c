#include "bench/commands/program_options.h"

#include "bench/commands/widest.h"
#include "bench/plan/text.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* ---- what is typed ------------------------------------------------------- */

static void must_add(struct words *words, const char *text,
                     struct argp_state *state) {
  if (words_add(words, text) != 0)
    argp_failure(state, 1, ENOMEM, "the command line");
}

/* NAME=..., NAME as in a shell. */
static bool is_assignment(const char *text) {
  size_t name = strspn(text, "abcdefghijklmnopqrstuvwxyz"
                             "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_");
  return name > 0 && (*text < '0' || *text > '9') && text[name] == '=';
}

static void read_named(void *input, const char *text,
                       struct argp_state *state) {
  struct program_options *o = input;
  must_add(&o->named, text, state);
}

static void read_parameter(void *input, const char *text,
                           struct argp_state *state) {
  struct program_options *o = input;
  if (!is_assignment(text) || strstr(text, ",,") || strstr(text, "=,") ||
      text[strlen(text) - 1] == '=' || text[strlen(text) - 1] == ',')
    options_refuse(state, "-L %s: want NAME=a,b,..., as in -L level=1,9", text);
  if (strncmp(text, "workers=", 8) == 0 || strncmp(text, "size=", 5) == 0)
    options_refuse(state, "-L %s: want --workers or --sizes for these", text);
  for (size_t i = 0; i < o->parameters.count; i++)
    if (strncmp(o->parameters.list[i], text, strcspn(text, "=") + 1) == 0)
      options_refuse(state,
                     "-L %s: that name is there already; all its values "
                     "stand in one list",
                     text);
  must_add(&o->parameters, text, state);
}

static void read_environment(void *input, const char *text,
                             struct argp_state *state) {
  struct program_options *o = input;
  if (!is_assignment(text))
    options_refuse(state, "--env %s: want NAME=VALUE", text);
  must_add(&o->environment, text, state);
}

static void read_target_width(void *input, const char *text,
                              struct argp_state *state) {
  struct program_options *o = input;
  o->target_width = widest_read_target(text, state);
}

static void read_command(void *input, const char *text,
                         struct argp_state *state) {
  struct program_options *o = input;
  if (o->command.count == 0 && state->quoted == 0)
    options_refuse(state,
                   "unexpected argument '%s'; a program's command stands "
                   "after --, as in sweep -- ./prog {workers}",
                   text);
  must_add(&o->command, text, state);
}

#define OPTIONS struct program_options
static const struct option_spec option_list[] = {
    {.name = "program",
     .arg = "[NAME=]CMD",
     .help = "A program, and what charts call it; several are compared",
     OPTION_READ(read_named)},
    {OPTION_WORKERS_LIST(OPTIONS),
     .help = OPTION_WORKERS_LIST_HELP "; 1 is always among them"},
    {.name = "parameter",
     .letter = 'L',
     .arg = "NAME=a,b",
     .help = "What {NAME} stands for in the command: each in turn",
     OPTION_READ(read_parameter)},
    {.name = "env",
     .arg = "NAME=VALUE",
     .help = "Set that in the program's environment ({workers} is replaced)",
     OPTION_READ(read_environment)},
    {.name = "serial",
     .arg = "CMD",
     .help = "The best serial program, as the baseline (the program with one "
             "worker)",
     OPTION_TEXT(OPTIONS, serial)},
    {.name = "check",
     .arg = "HOW",
     .help = "What a run must do to count: exit (end with status 0; the "
             "default), output (print what the first program, or --serial, "
             "prints with one worker), numbers[:SHARE[,LEAST]] (the same but "
             "for numbers that differ by that share of the larger one, 1e-9, "
             "or, near zero, by LEAST, 0), or a command for sh that gets the "
             "output and succeeds",
     OPTION_TEXT(OPTIONS, check),
     OPTION_CHOICES(program_check_words)},
    {.name = "reference",
     .arg = "WHOSE",
     .help = "Whose output with one worker --check compares with: first (the "
             "default: the first program's; under -L, the first's that has the "
             "same values) or own (each program's)",
     OPTION_EITHER(OPTIONS, own_reference, "first", "own")},
    {.name = "time",
     .arg = "REGEX",
     .help = "Take the program's own seconds from what it prints: the first "
             "(group) of a POSIX extended regular expression",
     OPTION_TEXT(OPTIONS, protocol.time_regex)},
    {.name = "shell",
     .help = "Let sh run the command",
     OPTION_FLAG(OPTIONS, protocol.shell)},
    {.name = "no-confine",
     .help = "Let the program use all usable CPUs, whatever its workers "
             "(mpirun, srun: always)",
     OPTION_FLAG(OPTIONS, no_confine)},
    {.name = "observe",
     .arg = "HOW",
     .help = "Observe what an OpenMP program does inside, in runs beside those "
             "that are timed: auto (where it can be seen; the default), yes "
             "(else nothing is measured) or no",
     OPTION_TEXT(OPTIONS, observe),
     OPTION_CHOICES(program_observe_words)},
    {.name = "copies",
     .help = "Also as many copies with one worker at once: throughput, where "
             "there are as many jobs as cores",
     OPTION_FLAG(OPTIONS, copies)},
    {.name = "stdin",
     .arg = "FILE",
     .help = "What the program reads (nothing)",
     OPTION_TEXT(OPTIONS, protocol.stdin_path)},
    {.name = "prepare",
     .arg = "CMD",
     .help = "A command for sh before every run, not timed",
     OPTION_TEXT(OPTIONS, protocol.prepare)},
    {.name = "warmup",
     .arg = "N",
     .help = "Runs of every point before the rounds, not counted (1; the first "
             "pair is always run)",
     OPTION_COUNT(OPTIONS, warmups, 0, 100)},
    {OPTION_ROUNDS(OPTIONS, rounds, 1, 10000), .help = "Exactly N rounds (9)"},
    {OPTION_TARGET_WIDTH(read_target_width),
     .help = "As many rounds as make half of the interval of each program's "
             "speedup with the most workers so narrow, as in 5% or 0.05: 9, "
             "then what its width asks for"},
    {.name = "sizes",
     .arg = "LIST",
     .help = "What {size} stands for: as in 1000,2000 or 1k..1M",
     OPTION_TEXT(OPTIONS, sizes)},
    {.name = "scaling",
     .arg = "HOW",
     .help = "strong (the default) or weak ({size} grows with the workers)",
     OPTION_EITHER(OPTIONS, weak, "strong", "weak")},
    {OPTION_RETRY(OPTIONS, measure)},
    {OPTION_OVERSUBSCRIBE(OPTIONS, oversubscribe)},
    {.name = "dry-run",
     .help = "Print what would be run",
     OPTION_FLAG(OPTIONS, dry_run)},
    {.name = "report",
     .help = "Then draw the charts, too",
     OPTION_FLAG(OPTIONS, report)},
    {OPTION_WORTH(OPTIONS)},
    {OPTION_EFFICIENCY(OPTIONS)},
    {0}};

static bool begins(const char *text, const char *with) {
  return strncmp(text, with, strlen(with)) == 0;
}

bool program_options_are(int argc, char **argv) {
  for (int i = 1; i < argc; i++) {
    char path[RUN_PATH];
    bool apart = strcmp(argv[i], "--resume") == 0 && i + 1 < argc;
    const char *folder = apart                          ? argv[i + 1]
                         : begins(argv[i], "--resume=") ? argv[i] + 9
                                                        : NULL;
    if (strcmp(argv[i], "--") == 0 || begins(argv[i], "--program"))
      return true;
    if (folder && strlen(folder) + 64 < sizeof path &&
        request_is_of("sweep", run_path(folder, "plan.json", path)))
      return true;
  }
  return false;
}

/* Words after -- are no option, which measure_parse would refuse. */
static int refuse_resume(int argc, char **argv, struct problem *problem) {
  bool resumes = false;
  for (int i = 1; i < argc; i++) {
    resumes = resumes || begins(argv[i], "--resume");
    if (resumes && strcmp(argv[i], "--") == 0)
      return problem_usage(problem, "--resume: a run is gone on with as it was "
                                    "begun; no command can be given beside it");
    if (strcmp(argv[i], "--") == 0)
      break;
  }
  return PROBLEM_NONE;
}

int program_options_parse(int argc, char **argv, struct program_options *o,
                          struct problem *problem) {
  static const struct options options = {
      .list = option_list,
      .seen = measure_seen,
      .shared = measure_option_list,
      .shared_at = offsetof(OPTIONS, measure),
      .arguments = "-- CMD {workers}",
      .argument = read_command,
      .doc = "Runs somebody else's program, as it is, with 1, 2, ... workers, "
             "and says what they bought: {workers} in the command is replaced, "
             "and the usual variables (OMP_NUM_THREADS and others) are set.\v"
             "The run's folder then holds plan.json, environment.json and "
             "trials.jsonl; `coresweep analyze DIR` and `coresweep report DIR` "
             "go on from there."};
  *o = (struct program_options){.warmups = 1};
  measure_init(&o->measure, "sweep");
  o->measure.timeout_s = 600;
  o->measure.reports = o->measure.retries = true;
  int status = refuse_resume(argc, argv, problem);
  if (!status)
    status = measure_parse(&o->measure, &options, argc, argv, problem);
  if (status)
    return status;
  status = report_worth_read(o->worth, o->efficiency, &o->rule, problem);
  if (!status)
    status = program_protocol_read(o, problem);
  if (!status)
    status = program_list_make(o, problem);
  return measure_of_plan(&o->measure, status, problem);
}

/* ---- beside the machine -------------------------------------------------- */

static int choose_counts(struct program_options *o, struct problem *problem) {
  const struct machine *machine = &o->measure.machine;
  uint32_t *counts = o->counts;
  char message[200];
  if (!o->workers) {
    o->count_count = counts_default(&machine->topology, machine->usable_cpus,
                                    counts, COUNTS_MAX);
    return PROBLEM_NONE;
  }
  int count =
      counts_parse(o->workers, counts, COUNTS_MAX - 1, message, sizeof message);
  if (count < 0)
    return problem_usage(problem, "--workers %s: %s", o->workers, message);
  o->count_count = (size_t)count;
  if (counts[0] != 1) {
    memmove(counts + 1, counts, o->count_count++ * sizeof *counts);
    counts[0] = 1;
  }
  return machine_admits(machine->usable_cpus, counts[o->count_count - 1],
                        o->oversubscribe, problem);
}

/* A parameter that is not used would only give two names to one program. */
static int check_parameters(const struct program *program,
                            struct problem *problem) {
  for (size_t i = 0; i < program->parameters.count; i++) {
    const char *name = program->parameters.list[i];
    int length = (int)strcspn(name, "=");
    char placeholder[260];
    text_print(placeholder, sizeof placeholder, "{%.*s}", length, name);
    if (!program_has(program, placeholder))
      return problem_usage(problem, "-L %.*s: there is no %s in the command",
                           length, name, placeholder);
  }
  return PROBLEM_NONE;
}

/* A placeholder that stands for nothing, in place of {workers}. */
static int check_placeholders(const struct program *program,
                              struct problem *problem) {
  static const char *const meant[] = {
      "{worker}", "{threads}", "{thread}", "{nthreads}", "{num_threads}",
      "{jobs}",   "{cores}",   "{cpus}",   "{procs}",    "{n}"};
  for (size_t i = 0; i < sizeof meant / sizeof *meant; i++) {
    bool given = false; /* by -L */
    for (size_t k = 0; k < program->parameters.count; k++)
      given = given || strncmp(program->parameters.list[k], meant[i] + 1,
                               strlen(meant[i]) - 2) == 0;
    if (!given && program_has(program, meant[i]) &&
        !program_has(program, "{workers}"))
      return problem_usage(problem,
                           "%s: %s stands for nothing; the number of workers "
                           "is {workers}",
                           program->name, meant[i]);
  }
  return PROBLEM_NONE;
}

static int check_program(const struct program_options *o,
                         const struct program *program,
                         struct problem *problem) {
  struct words command;
  int status = program_command(program, false, 1, 1, &command, problem);
  if (!status)
    status = program_check_command(&command, o->protocol.shell, problem);
  words_free(&command);
  if (!status)
    status = check_parameters(program, problem);
  if (!status)
    status = check_placeholders(program, problem);
  if (!status && o->protocol.shell && program->command.count > 1)
    status =
        problem_usage(problem, "--shell: want the line for sh as one word, "
                               "as in --shell -- 'a | b'");
  if (!status && program->serial.count > 0)
    status =
        program_check_command(&program->serial, o->protocol.shell, problem);
  if (!status && o->size_count > 0 && !program_takes_size(program))
    status = problem_usage(problem, "--sizes: there is no {size} in %s",
                           program->name);
  if (!status && o->size_count == 0 && program_takes_size(program))
    status = problem_usage(problem,
                           "%s: {size} stands for nothing; want "
                           "--sizes N",
                           program->name);
  if (!status && o->weak && o->size_count > 1)
    status =
        problem_usage(problem, "--scaling weak with several --sizes: under "
                               "weak scaling the size follows from the "
                               "workers; give one");
  if (!status && o->weak && o->size_count == 0)
    status = problem_usage(problem, "--scaling weak: want --sizes N and {size} "
                                    "in the command");
  return status;
}

/* Whether there is an interval to be narrower. */
static int check_width(const struct program_options *o,
                       struct problem *problem) {
  if (!(o->target_width > 0))
    return PROBLEM_NONE;
  if (o->rounds > 0)
    return problem_usage(problem, "--rounds and --target-width: the number of "
                                  "rounds follows from either, not from both");
  if (o->counts[o->count_count - 1] == 1 && !o->serial)
    return problem_usage(problem, "--target-width with one worker alone: there "
                                  "is no speedup; want --workers 1,N");
  return PROBLEM_NONE;
}

/* So that a run is gone on with by the same programs alone. */
static int name_files(struct program_options *o, struct problem *problem) {
  size_t bytes;
  FILE *out = open_memstream(&o->measure.commands, &bytes);
  for (size_t i = 0; out && i < o->program_count; i++)
    program_files(&o->programs[i], out);
  return out && fclose(out) == 0 ? PROBLEM_NONE
                                 : problem_failure(problem, "out of memory");
}

int program_options_resolve(struct program_options *o,
                            struct problem *problem) {
  int status = choose_counts(o, problem);
  if (!status && !o->no_confine && topology_may_bind() != 0)
    status =
        problem_usage(problem,
                      "programs cannot be confined to the CPUs of their "
                      "workers, since sched_setaffinity is refused: %s; use "
                      "--no-confine",
                      strerror(-topology_may_bind()));
  if (!status)
    status = check_width(o, problem);
  if (!status && o->sizes)
    status = sizes_parse(o->sizes, o->size_list, &o->size_count, problem);
  for (size_t i = 0; !status && i < o->program_count; i++)
    status = check_program(o, &o->programs[i], problem);
  if (!status)
    status = name_files(o, problem);
  return measure_of_plan(&o->measure, status, problem);
}

void program_options_free(struct program_options *o) {
  for (size_t i = 0; i < o->program_count; i++)
    program_free(&o->programs[i]);
  words_free(&o->named);
  words_free(&o->parameters);
  words_free(&o->environment);
  words_free(&o->command);
  measure_free(&o->measure);
}
