/* Who else uses the CPUs, before anything is measured on them. */
#include "bench/record/look.h"
#include "bench/analyze/busy.h"
#include "bench/commands/measure.h"
#include "bench/plan/system_file.h"
#include "bench/record/run.h"
#include "bench/report/wrap.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* A second; or $CORESWEEP_LOOK, for tests that start many runs; 0: not at all.
 */
static double asked_s(void) {
  const char *end = "", *text = getenv("CORESWEEP_LOOK");
  double look_s = text ? system_digits(text, &end) : (double)NAN;
  return isnan(look_s) || *end != '\0' || look_s > 3600 ? 1 : look_s;
}

static void say(const struct environment *seen) {
  char *sentence = busy_sentence(seen, (double)NAN);
  if (sentence) {
    measure_clear_progress();
    wrap_print(sentence, 0, 0, stdout);
    fflush(stdout);
  }
  free(sentence);
}

int measure_know_look(struct measure *measure, struct problem *problem) {
  struct environment kept;
  char path[RUN_PATH];
  run_path(measure->out, "environment.json", path);
  if (access(path, F_OK) != 0)
    return PROBLEM_NONE;
  int status = environment_read(path, &kept, problem);
  if (!status)
    look_keep_busier(&measure->environment, &kept);
  fields_free(environment_fields, &kept);
  return status;
}

int measure_look(void *context, struct problem *problem) {
  struct measure *measure = context;
  struct environment seen, kept;
  char path[RUN_PATH];
  double look_s = asked_s();
  run_path(measure->out, "environment.json", path);
  if (!(look_s > 0) || access(path, F_OK) != 0)
    return PROBLEM_NONE;
  fields_clear(environment_fields, &seen);
  look_around(&measure->machine, measure->bind, look_s, &seen);
  int status = environment_read(path, &kept, problem);
  if (!status)
    say(&seen);
  if (!status && look_keep_busier(&kept, &seen))
    status = environment_write(&kept, path, problem);
  if (!status)
    look_keep_busier(&measure->environment, &kept);
  fields_free(environment_fields, &kept);
  fields_free(environment_fields, &seen);
  return status;
}
