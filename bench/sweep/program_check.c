/* Whether what a program printed is right. */
#include "bench/sweep/program_trial.h"

#include "bench/plan/output.h"
#include "bench/plan/text.h"
#include "bench/plan/whole_file.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

/* Where the output lies that others must be like. */
static void reference_path(const struct program_trial *trial,
                           char path[static 4096]) {
  size_t index = (size_t)(trial->program->like - trial->self->programs);
  snprintf(path, 4096, "%.3900s/outputs/%zu-%" PRIu64 ".out",
           trial->self->folder, index + 1, trial->request->size);
}

static int keep_reference(const struct program_trial *trial, const char *path,
                          struct problem *problem) {
  char folder[4096];
  struct output output;
  snprintf(folder, sizeof folder, "%.4000s/outputs", trial->self->folder);
  if (mkdir(folder, 0777) != 0 && errno != EEXIST)
    return problem_failure(problem, "%s: %s", folder, strerror(errno));
  FILE *file = output_open(&output, path, problem);
  if (!file)
    return PROBLEM_FAILURE;
  fwrite(trial->output.bytes, 1, trial->output.length, file);
  return output_close(&output, file, PROBLEM_NONE, problem);
}

/* Whose output is wanted, in words. */
static const char *reference_name(const struct program_trial *trial,
                                  char text[static PRINTED_LINE]) {
  const struct program *like = trial->program->like;
  if (like->serial.count > 0)
    return "the serial program (--serial)";
  if (like == trial->program)
    return "one worker";
  text_print(text, PRINTED_LINE, "%.90s with one worker", like->name);
  return text;
}

/* Of one worker's first run: it becomes what others are compared with. */
static int check_output(struct program_trial *trial, struct problem *problem) {
  const struct program_protocol *protocol = trial->self->protocol;
  char path[4096];
  char whose[PRINTED_LINE];
  struct printed wanted;
  const struct printed_rule rule = {
      .whose = reference_name(trial, whose),
      .numbers = protocol->check == PROGRAM_CHECK_NUMBERS,
      .tolerance = protocol->tolerance,
      .least_tolerance = protocol->least_tolerance};
  bool keeps = trial->serial && trial->program->like == trial->program;
  reference_path(trial, path);
  if (access(path, F_OK) != 0 && errno == ENOENT && keeps)
    return keep_reference(trial, path, problem);
  const char *why;
  FILE *file = whole_file_open(path, &why);
  if (!file)
    return problem_failure(problem, "%s: %s", path, why);
  int status = printed_map(fileno(file), &wanted, problem);
  fclose(file);
  if (status)
    return status;
  status = printed_compare(&wanted, &trial->output, &rule, problem);
  printed_unmap(&wanted);
  return status;
}

static int check_by_command(struct program_trial *trial,
                            struct problem *problem) {
  char sh[] = "/bin/sh", c[] = "-c";
  char *line = strdup(trial->self->protocol->check_command);
  char *const argv[] = {sh, c, line, NULL};
  struct tree_result result = {.status = 0};
  struct program_trial check = *trial; /* it prints elsewhere */
  check.out = check.err = memfd_create("check", MFD_CLOEXEC);
  check.output = check.errors = (struct printed){"", 0, NULL};
  int status = PROBLEM_FAILURE;
  if (!line || check.out < 0 || lseek(trial->out, 0, SEEK_SET) != 0)
    problem_failure(problem, "--check could not be run: %s", strerror(errno));
  else
    status =
        program_run_tree(&check, argv, 0, trial->out, false, &result, problem);
  if (!status)
    status = printed_map(check.out, &check.output, problem);
  if (!status) {
    program_explain(&check, &result, "--check's command", problem);
    status = *problem->text ? PROBLEM_FAILURE : PROBLEM_NONE;
  }
  printed_unmap(&check.output);
  if (check.out >= 0)
    close(check.out);
  free(line);
  return status;
}

static int check_one(struct program_trial *trial, struct problem *problem) {
  const struct program_protocol *protocol = trial->self->protocol;
  trial->digest = printed_digest(&trial->output);
  if (protocol->check == PROGRAM_CHECK_OUTPUT ||
      protocol->check == PROGRAM_CHECK_NUMBERS)
    return check_output(trial, problem);
  if (protocol->check == PROGRAM_CHECK_COMMAND)
    return check_by_command(trial, problem);
  return PROBLEM_NONE;
}

int program_check_outputs(struct program_trial *trial,
                          struct problem *problem) {
  const char *regex = trial->self->protocol->time_regex;
  int status = check_one(trial, problem);
  if (!status && regex && !trial->copies) {
    trial->region_s = printed_time_s(regex, &trial->output, &trial->errors);
    if (!isfinite(trial->region_s))
      return problem_failure(
          problem, "--time '%s' finds no number of seconds in what it prints",
          regex);
  }
  /* Each copy's alike. */
  for (uint32_t k = 1; !status && k < trial->copies; k++) {
    printed_unmap(&trial->output);
    trial->out = trial->outs[k];
    status = printed_map(trial->out, &trial->output, problem);
    if (!status)
      status = check_one(trial, problem);
  }
  return status;
}
