#include "bench/commands/measure_folder.h"

#include "bench/plan/text.h"

#include <stdio.h>

/* ---- a plan that follows from a command line ----------------------------- */

static int write_request(void *context, struct identity *identity,
                         const char *path, struct problem *problem) {
  struct request *request = &((struct measure *)context)->request;
  request->identity = *identity;
  *identity = (struct identity){0};
  return request_write(request, path, problem);
}

static int read_request(void *context, const char *path,
                        const struct identity **then, struct problem *problem) {
  struct measure *measure = context;
  (void)path; /* measure_parse has read it */
  (void)problem;
  *then = &measure->request.identity;
  return PROBLEM_NONE;
}

/* ---- new, or gone on with ------------------------------------------------ */

static int begin_run(struct measure *measure, const struct measure_plan *plan,
                     struct identity *identity, struct problem *problem) {
  char path[RUN_PATH];
  int status = run_refuse(measure->out, problem); /* again: it is locked now */
  if (!status)
    status = environment_write(&measure->environment,
                               run_path(measure->out, "environment.json", path),
                               problem);
  if (!status)
    status = plan->write(plan->context, identity,
                         run_path(measure->out, "plan.json", path), problem);
  return status;
}

static int continue_run(struct measure *measure,
                        const struct measure_plan *plan,
                        const struct identity *identity,
                        struct problem *problem) {
  char path[RUN_PATH];
  struct problem reason = {""};
  const struct identity *then;
  off_t cut_bytes = 0;
  char shown[TEXT_SHOWN];
  int status = plan->read(
      plan->context, run_path(measure->out, "plan.json", path), &then, problem);
  if (!status && identity_compare(then, identity, &reason) != 0)
    status =
        problem_usage(problem, "--resume %s: %s", measure->out, reason.text);
  if (!status)
    status = run_cut_torn_line(measure->engine.fd, measure->trials, &cut_bytes,
                               problem);
  if (!status && cut_bytes > 0)
    fprintf(stderr,
            "coresweep: %s: its last line was torn by a crash; its %lld bytes "
            "were cut off, and that trial is run again\n",
            text_shown(measure->trials, shown), (long long)cut_bytes);
  if (!status)
    status = records_read(measure->trials, &measure->records, problem);
  if (!status)
    status = finished_make(&measure->records, &measure->finished, problem);
  measure->engine.finished = &measure->finished;
  measure->engine.ordered = measure->finished.orders;
  return status;
}

int measure_open_folder(struct measure *measure,
                        const struct measure_plan *plan,
                        struct problem *problem) {
  const struct measure_plan by_request = {measure, write_request, read_request};
  struct identity identity = {0};
  const struct identity_source source = {.machine = &measure->machine,
                                         .executor = measure->executor_name,
                                         .commands = measure->commands,
                                         .cpu_model =
                                             measure->environment.cpu_model,
                                         .system = measure->environment.system};
  int status = PROBLEM_NONE;
  measure->by_request = !plan;
  if (!plan)
    plan = &by_request;
  if (!measure->resume)
    status = run_make_folder(measure->out, problem);
  if (!status && !measure->resume)
    status = run_refuse(measure->out, problem);
  if (!status)
    status = run_open_trials(measure->out, &measure->engine.fd, problem);
  if (!status)
    status = identity_gather(&source, &identity, problem);
  if (!status)
    status = measure->resume ? continue_run(measure, plan, &identity, problem)
                             : begin_run(measure, plan, &identity, problem);
  if (!status && measure->resume)
    status = measure_know_look(measure, problem);
  identity_free(&identity);
  return status;
}
