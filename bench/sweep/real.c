/* The real executor: a process of its own for every trial. */
#include "bench/plan/cpulist.h"
#include "bench/plan/own_file.h"
#include "bench/plan/quota.h"
#include "bench/record/from_trial.h"
#include "bench/sweep/child.h"
#include "bench/sweep/executor.h"
#include "bench/trial/clock.h"
#include "bench/trial/noise.h"

#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { ARGUMENTS = 40 };

void executor_free_arguments(char **arguments) {
  for (size_t i = 0; arguments && arguments[i]; i++)
    free(arguments[i]);
  free(arguments);
}

static char *number_text(uint64_t value) {
  char text[24];
  snprintf(text, sizeof text, "%" PRIu64, value);
  return strdup(text);
}

/* The CPUs, or their nodes; NULL: anywhere. */
static char *list_text(const struct trial_request *order, const int *list) {
  /* All of them: a trial with fewer workers has a CPU left over to spin on. */
  uint32_t count = order->usable_cpus;
  if (!list || list[0] < 0)
    return NULL;
  size_t room = 8 * (size_t)count + 8;
  char *text = malloc(room);
  if (text && cpulist_format(list, count, text, room) < 0) {
    free(text);
    return NULL;
  }
  return text;
}

char **executor_arguments(const struct trial_request *order) {
  char **list = calloc(ARGUMENTS, sizeof *list);
  char variant[NOTATION_LENGTH];
  size_t n = 0;
  if (!list)
    return NULL;
  char *cpus = list_text(order, order->cpus);
  char *nodes = cpus ? list_text(order, order->nodes) : NULL;
  notation_format_variant(&order->variant, variant);
  list[n++] = strdup("trial");
  list[n++] = strdup("--kernel");
  list[n++] = strdup(order->workload->name);
  list[n++] = strdup("--variant");
  list[n++] = strdup(variant);
  list[n++] = strdup("--workers");
  list[n++] = number_text(order->workers);
  list[n++] = strdup("--size");
  list[n++] = number_text(order->size);
  list[n++] = strdup("--seed");
  list[n++] = number_text(order->seed);
  list[n++] = strdup(cpus ? "--cpus" : "--bind");
  list[n++] = cpus ? cpus : strdup("none");
  if (nodes) {
    list[n++] = strdup("--nodes");
    list[n++] = nodes;
  }
  if (order->builders > 1) {
    list[n++] = strdup("--builders");
    list[n++] = number_text(order->builders);
  }
  list[n++] = strdup("--warmups");
  list[n++] = number_text(order->warmups);
  if (order->beside) {
    char beside[NOTATION_LENGTH];
    notation_format_variant(order->beside, beside);
    list[n++] = strdup("--beside");
    list[n++] = strdup(beside);
    list[n++] = strdup("--blocks");
    list[n++] = number_text(order->blocks);
    list[n++] = strdup("--first-cpu");
    list[n++] = number_text(order->first_cpu);
  } else {
    list[n++] = strdup("--iterations");
    list[n++] = number_text(order->iterations);
  }
  if (*order->expect) {
    list[n++] = strdup("--expect");
    list[n++] = strdup(order->expect);
  }
  if (order->serial_touch) {
    list[n++] = strdup("--touch");
    list[n++] = strdup("serial");
  }
  if (order->stampless)
    list[n++] = strdup("--no-stamps");
  if (order->weigh)
    list[n++] = strdup("--weigh");
  if (order->workers > order->usable_cpus)
    list[n++] = strdup("--oversubscribe");
  list[n++] = strdup("--json");
  for (size_t i = 0; i < n; i++)
    if (!list[i]) {
      for (size_t k = 0; k < n; k++)
        free(list[k]);
      free(list);
      return NULL;
    }
  return list;
}

/* A record that says how the trial failed, in the trial's own words if any. */
static void record_failure(const struct trial_request *order, const char *said,
                           const char *why, struct record *record) {
  struct trial_result nothing = {.region_s = (double)NAN};
  struct problem problem;
  size_t length = strcspn(said, "\n");
  if (length)
    problem_failure(&problem, "%s: %.*s", why, (int)length, said);
  else
    problem_failure(&problem, "%s", why);
  record_of_request(order, NULL, record);
  record_of_result(order, &nothing, PROBLEM_FAILURE, &problem, record);
}

/* What killed it, as far as that is known: memory is what the system kills
 * for, and it counts whom. */
static void killed(struct executor_real *self, int number, char *why,
                   size_t room) {
  double kills = quota_memory_kills(self->root);
  bool memory = number == SIGKILL && !(kills <= self->memory_kills);
  snprintf(why, room, "killed by signal %d (%s)%s%s", number, strsignal(number),
           memory ? ": out of memory" : "",
           memory && !(kills > self->memory_kills) ? "?" : "");
  self->memory_kills = kills;
}

static void fill_record(struct executor_real *self,
                        const struct trial_request *order,
                        const struct child *child, struct record *record) {
  struct problem reason;
  char why[sizeof reason.text];
  if (child->timed_out)
    snprintf(why, sizeof why, "took longer than the time-out, and was killed");
  else if (WIFSIGNALED(child->status))
    killed(self, WTERMSIG(child->status), why, sizeof why);
  else if (*child->out && record_parse(child->out, record, &reason) == 0) {
    /* One line, as it should be: it is kept as it is. */
    if (strchr(child->out, '\n') == child->out + strlen(child->out) - 1)
      record->said = strdup(child->out);
    return;
  } else if (*child->out)
    snprintf(why, sizeof why, "its record is none: %.300s", reason.text);
  else if (WEXITSTATUS(child->status) == CHILD_NOT_RUN && !*child->err) {
    own_file_problem("run", 0, &reason);
    snprintf(why, sizeof why, "%s", reason.text);
  } else
    snprintf(why, sizeof why, "exited with status %d",
             WEXITSTATUS(child->status));
  record_failure(order, child->err, why, record);
}

static int run_child(struct executor_real *self,
                     const struct trial_request *order, char **arguments,
                     struct record *record, struct problem *problem) {
  char name[] = "coresweep";
  char *argv[ARGUMENTS + 1] = {name};
  struct child child;
  for (size_t i = 0; arguments[i]; i++)
    argv[i + 1] = arguments[i];
  struct noise_system before = noise_watch_recent(&self->noise, clock_now_ns());
  int64_t begin_ns = clock_now_ns();
  int status = child_run(NULL, argv, self->timeout_s, &child, problem);
  int64_t end_ns = clock_now_ns();
  double wall_s = (double)(end_ns - begin_ns) * 1e-9;
  struct noise_system after = noise_watch_read(&self->noise, end_ns);
  if (!status) {
    fill_record(self, order, &child, record);
    record_noise(&before, &after, record);
    if (record_is_ok(record))
      record->wall_s = wall_s;
  }
  child_free(&child);
  return status;
}

/* A trial's own time-out comes first, because it names the worker. */
static bool add_timeout(char **arguments, double timeout_s) {
  size_t n = 0;
  char text[40];
  while (arguments[n])
    n++;
  snprintf(text, sizeof text, "%.9fs", 0.9 * timeout_s);
  arguments[n] = strdup("--timeout");
  if (arguments[n])
    arguments[n + 1] = strdup(text);
  return arguments[n] && arguments[n + 1];
}

static int run(struct executor *self, const struct trial_request *order,
               struct record *record, struct problem *problem) {
  /* `base` is the first member. */
  struct executor_real *real = (struct executor_real *)(void *)self;
  char **arguments = executor_arguments(order);
  int status = PROBLEM_FAILURE;
  record_clear(record);
  if (arguments && add_timeout(arguments, real->timeout_s))
    status = run_child(real, order, arguments, record, problem);
  else
    problem_failure(problem, "out of memory");
  executor_free_arguments(arguments);
  return status;
}

static double now_s(struct executor *self) {
  (void)self;
  return (double)clock_now_ns() * 1e-9;
}

void executor_real_init(struct executor_real *executor, double timeout_s) {
  int64_t now = clock_now_ns();
  *executor = (struct executor_real){.base = {.run = run, .now_s = now_s},
                                     .timeout_s = timeout_s,
                                     .noise = noise_watch_begin("", now),
                                     .root = "",
                                     .memory_kills = quota_memory_kills("")};
}
