#include "bench/commands/sweep_commands.h"

#include "bench/plan/output.h"
#include "bench/plan/text.h"
#include "bench/sweep/child.h"
#include "bench/sweep/interrupt.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static void write_word(FILE *out, const char *before, const char *word) {
  char quoted[4 * RUN_PATH];
  struct text text = TEXT_BEGIN(quoted);
  text_add_shell(&text, word);
  fprintf(out, "%s%s", before, quoted);
}

static void write_command(const struct sweep_options *o, size_t index,
                          FILE *out) {
  struct point point = o->plan.points[index];
  if (o->plan.programs)
    plan_make_program(&o->plan, &point);
  struct trial_request request = engine_request(&o->measure.engine, &point);
  request.expect = engine_digest(&o->measure.engine, &point);
  char **arguments = executor_arguments(&request);
  write_word(out, "", o->program);
  for (size_t k = 0; arguments && arguments[k]; k++)
    write_word(out, " ", arguments[k]);
  executor_free_arguments(arguments);
}

int sweep_commands_write(const struct sweep_options *o,
                         struct problem *problem) {
  char path[RUN_PATH], name[NOTATION_LENGTH];
  struct output output;
  FILE *out = output_open(
      &output, run_path(o->measure.out, "commands.tsv", path), problem);
  if (!out)
    return PROBLEM_FAILURE;
  for (size_t i = 0; i < o->plan.result_count; i++) {
    const struct point *point = &o->plan.points[i];
    notation_format_variant(&point->variant, name);
    fprintf(out, "%s\t%s\t%" PRIu32 "\t", point->workload->name, name,
            point->workers);
    write_command(o, i, out);
    fputc('\n', out);
  }
  return output_close(&output, out, PROBLEM_NONE, problem);
}

/* ---- hyperfine ----------------------------------------------------------- */

/* Each command so often, and all of them before the next time: as the sweep
 * does, so that what a machine does for a second is not one command's alone. */
enum { RUNS = 5, HEAD = 8, WORDS_EACH = 3, ALL_RUNS = RUNS * WORDS_EACH };

static bool is_timed(const struct sweep_options *o, const struct point *point) {
  static const char *const timed[] = {"serial", "omp:static", "pool:static"};
  char name[NOTATION_LENGTH];
  notation_format_variant(&point->variant, name);
  if (point->workers > o->plan.usable_cpus)
    return false;
  for (size_t i = 0; i < sizeof timed / sizeof *timed; i++)
    if (strcmp(name, timed[i]) == 0)
      return true;
  return false;
}

/* Whether the point stands for its workload and variant: none has more workers,
 * and none that has as many comes later. */
static bool stands_for_all(const struct sweep_options *o, size_t index) {
  const struct point *points = o->plan.points, *point = &points[index];
  char name[NOTATION_LENGTH], other[NOTATION_LENGTH];
  if (!is_timed(o, point))
    return false;
  notation_format_variant(&point->variant, name);
  for (size_t i = 0; i < o->plan.result_count; i++) {
    notation_format_variant(&points[i].variant, other);
    if (is_timed(o, &points[i]) && strcmp(name, other) == 0 &&
        strcmp(point->workload->name, points[i].workload->name) == 0 &&
        (points[i].workers > point->workers ||
         (points[i].workers == point->workers && i > index)))
      return false;
  }
  return true;
}

/* "workload|variant|workers" and the command, after --command-name. */
static void add_point(const struct sweep_options *o, size_t index,
                      char **words) {
  static char option[] = "--command-name";
  const struct point *point = &o->plan.points[index];
  char variant[NOTATION_LENGTH];
  size_t length;
  notation_format_variant(&point->variant, variant);
  words[0] = option;
  if (asprintf(&words[1], "%s|%s|%" PRIu32, point->workload->name, variant,
               point->workers) < 0)
    words[1] = NULL;
  FILE *out = open_memstream(&words[2], &length);
  if (!out)
    return;
  write_command(o, index, out);
  fclose(out);
}

/* What came of hyperfine, which was run. */
static int look_at(const struct child *child, const char *new_path,
                   const char *path, struct problem *problem) {
  if (WIFEXITED(child->status) && WEXITSTATUS(child->status) == CHILD_NOT_RUN)
    return PROBLEM_NONE; /* it is not installed */
  if (child->timed_out || !WIFEXITED(child->status) ||
      WEXITSTATUS(child->status) != 0)
    return problem_failure(problem, "hyperfine could not time the commands: %s",
                           child->timed_out ? "it was not done in time"
                           : *child->err    ? child->err
                                            : "it says nothing");
  if (rename(new_path, path) != 0)
    return problem_failure(problem, "%s: %s", path, strerror(errno));
  return PROBLEM_NONE;
}

static int run_hyperfine(const struct sweep_options *o, char **words,
                         size_t commands, struct problem *problem) {
  char path[RUN_PATH], new_path[RUN_PATH];
  char hyperfine[] = "hyperfine", plain[] = "-N", runs[] = "--runs",
       one[] = "1", style[] = "--style", none[] = "none",
       to[] = "--export-json";
  char *const head[HEAD] = {hyperfine, plain, runs, one,
                            style,     none,  to,   new_path};
  struct child child;
  run_path(o->measure.out, "hyperfine.json", path);
  run_path(o->measure.out, "hyperfine.json.new", new_path);
  memcpy(words, head, sizeof head);
  for (size_t i = WORDS_EACH * commands; i < ALL_RUNS * commands; i++)
    words[HEAD + i] = words[HEAD + i - WORDS_EACH * commands];
  int status = child_run(hyperfine, words,
                         o->measure.timeout_s * RUNS * (double)(commands + 1),
                         &child, problem);
  if (!status)
    status = look_at(&child, new_path, path, problem);
  child_free(&child);
  unlink(new_path);
  return interrupt_signal() ? 128 + interrupt_signal() : status;
}

int sweep_commands_time(const struct sweep_options *o,
                        struct problem *problem) {
  size_t most = o->plan.result_count, count = 0;
  char **words = calloc(HEAD + ALL_RUNS * most + 1, sizeof *words);
  int status = words ? PROBLEM_NONE : problem_failure(problem, "out of memory");
  for (size_t i = 0; words && i < most; i++)
    if (stands_for_all(o, i))
      add_point(o, i, words + HEAD + WORDS_EACH * count++);
  for (size_t i = 0; !status && i < count; i++)
    if (!words[HEAD + WORDS_EACH * i + 1] || !words[HEAD + WORDS_EACH * i + 2])
      status = problem_failure(problem, "out of memory");
  if (!status && count > 0)
    status = run_hyperfine(o, words, count, problem);
  for (size_t i = 0; i < count; i++) {
    free(words[HEAD + WORDS_EACH * i + 1]);
    free(words[HEAD + WORDS_EACH * i + 2]);
  }
  free(words);
  return status;
}
