/* The real executor: a process of its own for every trial. */
#include "bench/plan/cpulist.h"
#include "bench/plan/own_file.h"
#include "bench/plan/quota.h"
#include "bench/record/from_trial.h"
#include "bench/sweep/child.h"
#include "bench/sweep/executor.h"
#include "bench/sweep/settling.h"
#include "bench/trial/clock.h"
#include "bench/trial/noise.h"

#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { ARGUMENTS = 40 + 2 * TRIAL_SHARERS };

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

static char *variant_text(const struct variant_spec *variant) {
  char text[NOTATION_LENGTH];
  notation_format_variant(variant, text);
  return strdup(text);
}

/* The point at that place, from 1, of those that share the trial. */
static char *sharer_text(const struct trial_request *order, uint32_t place) {
  char name[NOTATION_LENGTH], text[NOTATION_LENGTH + 12];
  uint32_t workers = trial_workers(order, place);
  if (workers == order->workers)
    return variant_text(&order->also[place - 1]);
  notation_format_variant(&order->also[place - 1], name);
  snprintf(text, sizeof text, "%s/%" PRIu32, name, workers);
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

/* Arguments of a command, one after another. */
struct arguments {
  char **list;
  size_t count;
  bool lacks; /* one of them: no memory */
};

/* Takes the text over; NULL: there was no memory for it. */
static void add(struct arguments *arguments, char *text) {
  if (text)
    arguments->list[arguments->count++] = text;
  arguments->lacks = arguments->lacks || !text;
}

static void add_flag(struct arguments *arguments, const char *name) {
  add(arguments, strdup(name));
}

static void add_option(struct arguments *arguments, const char *name,
                       char *value) {
  add_flag(arguments, name);
  add(arguments, value);
}

static void add_number(struct arguments *arguments, const char *name,
                       uint64_t value) {
  add_option(arguments, name, number_text(value));
}

/* Which CPUs and nodes it has. */
static void add_place(struct arguments *arguments,
                      const struct trial_request *order) {
  char *cpus = list_text(order, order->cpus);
  char *nodes = cpus ? list_text(order, order->nodes) : NULL;
  if (cpus)
    add_option(arguments, "--cpus", cpus);
  else
    add_option(arguments, "--bind", strdup("none"));
  if (nodes)
    add_option(arguments, "--nodes", nodes);
}

/* Who shares it, and its regions. */
static void add_turns(struct arguments *arguments,
                      const struct trial_request *order) {
  add_number(arguments, "--warmups", order->warmups);
  for (uint32_t i = 1; i <= order->also_count; i++)
    add_option(arguments, "--also", sharer_text(order, i));
  if (order->beside) {
    add_option(arguments, "--beside", variant_text(order->beside));
    add_number(arguments, "--blocks", order->blocks);
    add_number(arguments, "--first-cpu", order->first_cpu);
  } else {
    add_number(arguments, "--iterations", order->iterations);
  }
}

char **executor_arguments(const struct trial_request *order) {
  struct arguments all = {.list = calloc(ARGUMENTS, sizeof *all.list)};
  if (!all.list)
    return NULL;
  add_flag(&all, "trial");
  add_option(&all, "--kernel", strdup(order->workload->name));
  add_option(&all, "--variant", variant_text(&order->variant));
  add_number(&all, "--workers", order->workers);
  add_number(&all, "--size", order->size);
  add_number(&all, "--seed", order->seed);
  add_place(&all, order);
  if (order->repeat > 1 || (order->repeat == 1 && order->workload->repeat > 1))
    add_number(&all, "--repeat", order->repeat);
  if (order->builders > 1)
    add_number(&all, "--builders", order->builders);
  add_turns(&all, order);
  if (*order->expect)
    add_option(&all, "--expect", strdup(order->expect));
  if (order->serial_touch)
    add_option(&all, "--touch", strdup("serial"));
  if (order->stampless)
    add_flag(&all, "--no-stamps");
  if (order->weigh)
    add_flag(&all, "--weigh");
  if (order->profile > 0)
    add_number(&all, "--profile", order->profile);
  if (order->workers > order->usable_cpus)
    add_flag(&all, "--oversubscribe");
  add_flag(&all, "--json");
  if (!all.lacks)
    return all.list;
  executor_free_arguments(all.list);
  return NULL;
}

/* A record that says how the trial failed, in the trial's own words if any. */
static void record_failure(const struct trial_request *order, uint32_t place,
                           const char *said, const char *why,
                           struct record *record) {
  const struct trial_request point = trial_request_of(order, place);
  struct trial_result nothing = {.region_s = (double)NAN};
  struct problem problem;
  size_t length = strcspn(said, "\n");
  if (length)
    problem_failure(&problem, "%s: %.*s", why, (int)length, said);
  else
    problem_failure(&problem, "%s", why);
  record_of_request(&point, NULL, record);
  record_of_result(&point, &nothing, PROBLEM_FAILURE, &problem, record);
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

/* What the trial has said: a line for each point, kept as it is; or one alone,
 * of the first, where it could not go on.  Returns how many there are; 0: what
 * is there is none, and the problem. */
static uint32_t read_records(const char *out, uint32_t most,
                             struct record *records, struct problem *problem) {
  uint32_t count = 0;
  int status = PROBLEM_NONE;
  for (; !status && *out && count < most; count += !status) {
    size_t length = most > 1 ? strcspn(out, "\n") + 1 : strlen(out);
    char *line = strndup(out, length);
    status = line ? record_parse(line, &records[count], problem)
                  : problem_failure(problem, "out of memory");
    out += line ? strlen(line) : 0;
    /* One line, as it should be: it is kept as it is. */
    if (!status && strchr(line, '\n') == line + strlen(line) - 1)
      records[count].said = line;
    else
      free(line);
  }
  if (!status && *out)
    status = problem_failure(problem, "more than %u records", most);
  while (status && count > 0)
    record_free(&records[--count]);
  return count;
}

/* Those of all points; false: not all are there. */
static bool take_records(const struct trial_request *order, const char *out,
                         struct record *records, struct problem *problem) {
  uint32_t points = 1 + order->also_count;
  uint32_t count = read_records(out, points, records, problem);
  if (count == points || count == 0)
    return count == points;
  bool ended = count == 1 && !record_is_ok(&records[0]);
  problem_failure(problem, "%u records instead of %u", count, points);
  for (uint32_t i = 1; ended && i < points; i++)
    record_failure(order, i, "", records[0].error, &records[i]);
  while (!ended && count > 0)
    record_free(&records[--count]);
  return ended;
}

static void fill_records(struct executor_real *self,
                         const struct trial_request *order,
                         const struct child *child, struct record *records) {
  struct problem reason = {"out of memory"};
  char why[sizeof reason.text];
  if (child->timed_out)
    snprintf(why, sizeof why, "took longer than the time-out, and was killed");
  else if (WIFSIGNALED(child->status))
    killed(self, WTERMSIG(child->status), why, sizeof why);
  else if (*child->out && take_records(order, child->out, records, &reason))
    return;
  else if (*child->out)
    snprintf(why, sizeof why, "its record is none: %.300s", reason.text);
  else if (WEXITSTATUS(child->status) == CHILD_NOT_RUN && !*child->err) {
    own_file_problem("run", 0, &reason);
    snprintf(why, sizeof why, "%s", reason.text);
  } else
    snprintf(why, sizeof why, "exited with status %d",
             WEXITSTATUS(child->status));
  for (uint32_t i = 0; i <= order->also_count; i++)
    record_failure(order, i, child->err, why, &records[i]);
}

/* Of the whole trial: each worker count that shares it has that of one. */
static double timeout_of(const struct executor_real *self,
                         const struct trial_request *order) {
  uint32_t counts = 1;
  for (uint32_t i = 1; i <= order->also_count; i++)
    counts += trial_workers(order, i) != trial_workers(order, i - 1);
  return counts * self->timeout_s;
}

static int run_child(struct executor_real *self,
                     const struct trial_request *order, char **arguments,
                     struct record *records, struct problem *problem) {
  char name[] = "coresweep";
  char *argv[ARGUMENTS + 1] = {name};
  struct child child;
  for (size_t i = 0; arguments[i]; i++)
    argv[i + 1] = arguments[i];
  settling_run(order);
  struct noise_system before = noise_watch_recent(&self->noise, clock_now_ns());
  int64_t begin_ns = clock_now_ns();
  int status = child_run(NULL, argv, timeout_of(self, order), &child, problem);
  int64_t end_ns = clock_now_ns();
  double wall_s = (double)(end_ns - begin_ns) * 1e-9;
  struct noise_system after = noise_watch_read(&self->noise, end_ns);
  if (!status)
    fill_records(self, order, &child, records);
  for (uint32_t i = 0; !status && i <= order->also_count; i++) {
    record_noise(&before, &after, &records[i]);
    if (i == 0 && record_is_ok(&records[i]))
      records[i].wall_s = wall_s;
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
               struct record *records, struct problem *problem) {
  /* `base` is the first member. */
  struct executor_real *real = (struct executor_real *)(void *)self;
  char **arguments = executor_arguments(order);
  int status = PROBLEM_FAILURE;
  for (uint32_t i = 0; i <= order->also_count; i++)
    record_clear(&records[i]);
  if (arguments && add_timeout(arguments, timeout_of(real, order)))
    status = run_child(real, order, arguments, records, problem);
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
