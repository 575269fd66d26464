#include "bench/sweep/program_trial.h"

#include "bench/plan/text.h"
#include "bench/record/from_trial.h"
#include "bench/sweep/interrupt.h"
#include "bench/trial/clock.h"
#include "bench/trial/noise.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <math.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

enum { PARAMS_MOST = 60000 }; /* bytes of a command that a record holds */

/* ---- its command and surroundings ---------------------------------------- */

/* What this program has in its environment, but for what is set: all of it. */
static int add_surroundings(struct words *environment,
                            struct problem *problem) {
  size_t own = environment->count;
  for (char **text = environ; *text; text++) {
    size_t name = strcspn(*text, "=") + 1;
    bool set = false;
    for (size_t i = 0; i < own && !set; i++)
      set = strncmp(environment->list[i], *text, name) == 0;
    if (!set && words_add(environment, *text) != 0)
      return problem_failure(problem, "out of memory");
  }
  return PROBLEM_NONE;
}

/* What one process of it is told: each copy has one worker. */
static uint32_t told_workers(const struct program_trial *trial) {
  return trial->copies ? 1 : trial->request->workers;
}

static int make_command(struct program_trial *trial, struct problem *problem) {
  const struct words *command = &trial->command;
  uint32_t workers = told_workers(trial);
  uint64_t size = trial->request->size;
  int status = program_command(trial->program, trial->serial, workers, size,
                               &trial->command, problem);
  if (!status)
    status = program_environment(trial->program, workers, size,
                                 &trial->environment, problem);
  if (status || !trial->self->protocol->shell)
    return status;
  struct words sh = {NULL, 0}; /* of one line */
  bool made = words_add(&sh, "/bin/sh") == 0 && words_add(&sh, "-c") == 0 &&
              words_add(&sh, command->list[0]) == 0;
  words_free(&trial->command);
  trial->command = sh;
  return made ? PROBLEM_NONE : problem_failure(problem, "out of memory");
}

/* Of what is shown, as much as a record holds: whole characters.  Takes it
 * over. */
static char *cut_short(char *shown) {
  const size_t room = PARAMS_MOST + sizeof "...";
  if (!shown || strlen(shown) <= PARAMS_MOST)
    return shown;
  char *kept = malloc(room);
  if (kept) {
    struct text text = text_begin(kept, PARAMS_MOST + 1);
    text_put(&text, shown, strlen(shown));
    text = text_resume(kept, room);
    text_add(&text, "...");
  }
  free(shown);
  return kept;
}

/* "OMP_NUM_THREADS=2 ... ./prog 2", to be typed. */
static char *typed(const struct program_trial *trial) {
  char *line = NULL, *command = words_quote(&trial->command);
  char *variables = words_quote(&trial->environment);
  if (!command || !variables ||
      asprintf(&line, "%s %s", variables, command) < 0)
    line = NULL;
  free(command);
  free(variables);
  char *shown = cut_short(text_copy_shown(line));
  free(line);
  return shown;
}

static int open_files(struct program_trial *trial, struct problem *problem) {
  const char *path = trial->self->protocol->stdin_path;
  trial->in = open(path ? path : "/dev/null", O_RDONLY | O_CLOEXEC);
  if (trial->in < 0)
    return problem_failure(problem, "--stdin %s: %s", path, strerror(errno));
  uint32_t count = trial->copies ? trial->copies : 1;
  trial->outs = malloc(count * sizeof *trial->outs);
  for (uint32_t k = 0; trial->outs && k < count; k++)
    trial->outs[k] = memfd_create("output", MFD_CLOEXEC);
  trial->err = memfd_create("errors", MFD_CLOEXEC);
  trial->out = trial->outs ? trial->outs[0] : -1;
  return trial->out >= 0 && trial->err >= 0 && trial->outs[count - 1] >= 0
             ? PROBLEM_NONE
             : problem_failure(problem, "no room for an output: %s",
                               strerror(errno));
}

/* ---- running ------------------------------------------------------------- */

int program_run_tree(const struct program_trial *trial, char *const *argv,
                     uint32_t copies, int in, bool confine,
                     struct tree_result *result, struct problem *problem) {
  const struct trial_request *request = trial->request;
  bool bound = confine && request->cpus[0] >= 0;
  const struct tree_request tree = {
      .argv = argv,
      .environment = trial->environment.list,
      .cpus = request->cpus,
      .cpu_count = !bound ? 0
                   : request->workers < request->usable_cpus
                       ? request->workers
                       : request->usable_cpus,
      .copies = copies,
      .outs = trial->outs,
      .in = in,
      .out = trial->out,
      .err = trial->err,
      .output_most_bytes = INT64_C(1048576) * PROGRAM_OUTPUT_MIB,
      .timeout_s = trial->self->protocol->timeout_s,
  };
  int status = tree_run(&tree, result, problem);
  if (!status && interrupt_signal())
    return problem_failure(problem, "interrupted by signal %d (%s)",
                           interrupt_signal(), strsignal(interrupt_signal()));
  return status;
}

/* Why the run is none; "" where it is one. */
void program_explain(const struct program_trial *trial,
                     const struct tree_result *result, const char *what,
                     struct problem *problem) {
  char line[PRINTED_LINE];
  printed_last_line(trial->errors.length ? &trial->errors : &trial->output,
                    line);
  const char *said = *line ? ", saying: " : "";
  int number = WIFSIGNALED(result->status) ? WTERMSIG(result->status) : 0;
  *problem = (struct problem){""};
  switch (result->end) {
  case TREE_LATE:
    problem_failure(problem,
                    "%s took longer than %.3g s (--timeout), and was "
                    "ended%s%s",
                    what, trial->self->protocol->timeout_s, said, line);
    return;
  case TREE_FLOODED:
    problem_failure(problem,
                    "%s printed over %d MiB, and was ended; send what "
                    "it prints to a file or to /dev/null",
                    what, PROGRAM_OUTPUT_MIB);
    return;
  case TREE_TERMINAL:
    problem_failure(problem,
                    "%s wants the terminal; give it its input by "
                    "--stdin FILE",
                    what);
    return;
  case TREE_STOPPED:
    problem_failure(problem, "%s was stopped by signal %d (%s), and ended",
                    what, result->error, strsignal(result->error));
    return;
  case TREE_MISSING:
    problem_failure(problem, "%s cannot be run: %s", what,
                    strerror(result->error));
    return;
  case TREE_ASKED:
    problem_failure(problem, "%s was interrupted", what);
    return;
  case TREE_ENDED:
    break;
  }
  if (number)
    problem_failure(problem, "%s was killed by signal %d (%s)%s%s%s", what,
                    number, strsignal(number),
                    number == SIGKILL ? ": out of memory?" : "", said, line);
  else if (WEXITSTATUS(result->status) != 0)
    problem_failure(problem, "%s ended with status %d%s%s", what,
                    WEXITSTATUS(result->status), said, line);
  else if (result->left)
    problem_failure(problem,
                    "%s left processes behind, which were ended: its "
                    "time is not that of its work; keep it in the "
                    "foreground",
                    what);
}

static int prepare(struct program_trial *trial, struct problem *problem) {
  char sh[] = "/bin/sh", c[] = "-c";
  char *line = program_text(trial->program, trial->self->protocol->prepare,
                            told_workers(trial), trial->request->size);
  char *const argv[] = {sh, c, line, NULL};
  struct tree_result result = {.status = 0};
  int status = line ? program_run_tree(trial, argv, 0, trial->in, false,
                                       &result, problem)
                    : problem_failure(problem, "out of memory");
  free(line);
  if (!status)
    status = printed_map(trial->err, &trial->errors, problem);
  if (status)
    return status;
  program_explain(trial, &result, "--prepare", problem);
  printed_unmap(&trial->errors);
  /* What it printed is not the program's. */
  if (ftruncate(trial->out, 0) != 0 || ftruncate(trial->err, 0) != 0 ||
      lseek(trial->out, 0, SEEK_SET) != 0 ||
      lseek(trial->err, 0, SEEK_SET) != 0)
    return problem_failure(problem, "%s", strerror(errno));
  return *problem->text ? PROBLEM_FAILURE : PROBLEM_NONE;
}

/* ---- the trial ----------------------------------------------------------- */

/* The run itself; of an observed one, with the observer in its environment
 * alone. */
static int run_command(struct program_trial *trial, struct problem *problem) {
  bool confine = trial->self->protocol->confine && !trial->program->launcher;
  struct words plain = trial->environment;
  bool observed = trial->request->observed;
  int status = PROBLEM_NONE;
  if (observed)
    status = observing_begin(&trial->observing, &plain, &trial->environment,
                             problem);
  trial->before = noise_watch_read(trial->noise, clock_now_ns());
  if (!status)
    status = program_run_tree(trial, trial->command.list, trial->copies,
                              trial->in, confine, &trial->result, problem);
  trial->after = noise_watch_read(trial->noise, clock_now_ns());
  trial->observing.end_ns = clock_now_ns();
  if (observed) {
    words_free(&trial->environment);
    trial->environment = plain;
  }
  return status;
}

/* *wrong: it ran, but its result is wrong. */
static int run_and_check(struct program_trial *trial, bool *failed, bool *wrong,
                         struct problem *reason, struct problem *problem) {
  const struct program_protocol *protocol = trial->self->protocol;
  int status = PROBLEM_NONE;
  *failed = *wrong = false;
  if (protocol->prepare && prepare(trial, reason) != 0) {
    *failed = true;
    return interrupt_signal() ? (*problem = *reason, PROBLEM_FAILURE)
                              : PROBLEM_NONE;
  }
  status = run_command(trial, problem);
  if (!status)
    status = printed_map(trial->out, &trial->output, problem);
  if (!status)
    status = printed_map(trial->err, &trial->errors, problem);
  if (status)
    return status;
  program_explain(trial, &trial->result, "it", reason);
  *failed = *reason->text != '\0';
  if (!*failed)
    *wrong = program_check_outputs(trial, reason) != 0;
  if (interrupt_signal()) {
    *problem = *reason;
    return PROBLEM_FAILURE;
  }
  return PROBLEM_NONE;
}

static void fill_record(const struct program_trial *trial, bool failed,
                        bool wrong, const struct problem *reason,
                        struct record *record) {
  char digest[20];
  record_of_request(trial->request, NULL, record);
  record->repeat = FIELD_NULL; /* what it does, and how often, is its own */
  free(record->params);
  record->params = typed(trial);
  record->status = strdup(failed ? "failed" : wrong ? "wrong" : "ok");
  if (failed || wrong)
    record->error = strdup(reason->text);
  if (!trial->self->protocol->confine || trial->program->launcher) {
    free(record->cpus.values);
    record->cpus = (struct numbers){NULL, 0};
  }
  if (failed)
    return;
  record->correct = !wrong;
  snprintf(digest, sizeof digest, "%016" PRIx64, trial->digest);
  record->digest = strdup(digest);
  if (wrong)
    return; /* a wrong result has no times */
  record->program_s = record->wall_s = trial->result.wall_s;
  record->region_s = trial->region_s;
  record->cpu_s = trial->result.cpu_s;
  record->cpu_system_s = trial->result.cpu_system_s;
  record->peak_bytes = trial->result.peak_bytes;
  record->switches = trial->result.switches;
  record->minor_faults = trial->result.minor_faults;
}

static void close_trial(struct program_trial *trial) {
  observing_end(&trial->observing);
  printed_unmap(&trial->output);
  printed_unmap(&trial->errors);
  const int fds[] = {trial->in, trial->err};
  uint32_t count = trial->copies ? trial->copies : 1;
  for (size_t i = 0; i < sizeof fds / sizeof *fds; i++)
    if (fds[i] >= 0)
      close(fds[i]);
  for (uint32_t k = 0; trial->outs && k < count; k++)
    if (trial->outs[k] >= 0)
      close(trial->outs[k]);
  free(trial->outs);
  words_free(&trial->command);
  words_free(&trial->environment);
}

static int run(struct executor *self, const struct trial_request *request,
               struct record *record, struct problem *problem) {
  struct program_trial trial = {
      .self = (struct executor_program *)(void *)self, /* its first member */
      .noise = &((struct executor_program *)(void *)self)->noise,
      .request = request,
      .program = request->workload->program,
      .serial = notation_is_serial(&request->variant),
      .copies = notation_is_copies(&request->variant) ? request->workers : 0,
      .in = -1,
      .out = -1,
      .err = -1,
      .output = {"", 0, NULL},
      .errors = {"", 0, NULL},
      .region_s = (double)NAN,
  };
  struct problem reason = {""};
  bool failed = false, wrong = false;
  record_clear(record);
  int status = make_command(&trial, problem);
  size_t own = trial.environment.count;
  if (!status)
    status = add_surroundings(&trial.environment, problem);
  if (!status)
    status = open_files(&trial, problem);
  if (!status)
    status = run_and_check(&trial, &failed, &wrong, &reason, problem);
  if (!status) {
    while (trial.environment.count > own) /* what was set for it alone */
      free(trial.environment.list[--trial.environment.count]);
    trial.environment.list[own] = NULL;
    fill_record(&trial, failed, wrong, &reason, record);
    if (request->observed)
      observing_record(&trial.observing, trial.command.list[0], record);
    if (trial.result.wall_s > 0)
      record_noise(&trial.before, &trial.after, record);
  }
  close_trial(&trial);
  return status;
}

static double now_s(struct executor *self) {
  (void)self;
  return (double)clock_now_ns() * 1e-9;
}

void executor_program_init(struct executor_program *executor,
                           const struct program *programs, size_t count,
                           const struct program_protocol *protocol,
                           const char *folder) {
  int64_t now = clock_now_ns();
  *executor = (struct executor_program){.base = {.run = run, .now_s = now_s},
                                        .programs = programs,
                                        .count = count,
                                        .protocol = protocol,
                                        .noise = noise_watch_begin("", now),
                                        .folder = folder};
}
