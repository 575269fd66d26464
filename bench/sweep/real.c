/* The real executor: a process of its own for every trial. */
#include "bench/plan/topology.h"
#include "bench/record/from_trial.h"
#include "bench/sweep/executor.h"
#include "bench/sweep/interrupt.h"
#include "bench/trial/clock.h"
#include "bench/trial/limits.h"
#include "bench/trial/noise.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

enum { ARGUMENTS = 32, OUTPUT_BYTES = 1 << 20, POLL_MS = 100 };

/* What a child says on one of its outputs. */
struct capture {
  int fd;
  char *text; /* OUTPUT_BYTES, terminated */
  size_t length;
};

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

static char *cpus_text(const struct trial_order *order) {
  /* All of them: a trial with fewer workers has a CPU left over to spin on. */
  uint32_t count = order->usable_cpus;
  if (order->cpus[0] < 0)
    return NULL;
  size_t room = 8 * (size_t)count + 8;
  char *text = malloc(room);
  if (text && cpulist_format(order->cpus, count, text, room) < 0) {
    free(text);
    return NULL;
  }
  return text;
}

char **executor_arguments(const struct trial_order *order) {
  char **list = calloc(ARGUMENTS, sizeof *list);
  char variant[NOTATION_LENGTH];
  char *cpus = cpus_text(order);
  size_t n = 0;
  if (!list) {
    free(cpus);
    return NULL;
  }
  notation_format_variant(&order->variant, variant);
  list[n++] = strdup("trial");
  list[n++] = strdup("--kernel");
  list[n++] = strdup(order->setting->name);
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
  list[n++] = strdup("--warmups");
  list[n++] = number_text(order->warmups);
  list[n++] = strdup("--iterations");
  list[n++] = number_text(order->iterations);
  if (*order->digest) {
    list[n++] = strdup("--expect");
    list[n++] = strdup(order->digest);
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

/* In the child: becomes the trial, and dies with the sweep. */
static _Noreturn void become_trial(char **arguments, int out, int err,
                                   pid_t parent) {
  char name[] = "coresweep";
  char *argv[ARGUMENTS + 1] = {name};
  for (size_t i = 0; arguments[i]; i++)
    argv[i + 1] = arguments[i];
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() == parent && dup2(out, STDOUT_FILENO) >= 0 &&
      dup2(err, STDERR_FILENO) >= 0)
    execv("/proc/self/exe", argv);
  _exit(127);
}

static void read_some(struct capture *capture) {
  char scrap[4096];
  size_t room = OUTPUT_BYTES - 1 - capture->length;
  char *to = room ? capture->text + capture->length : scrap;
  ssize_t got = read(capture->fd, to, room ? room : sizeof scrap);
  if (got < 0 && (errno == EINTR || errno == EAGAIN))
    return;
  if (got <= 0) {
    close(capture->fd);
    capture->fd = -1;
  } else if (room) {
    capture->length += (size_t)got;
  }
}

/* Reads both outputs to their ends.  They end when the trial and all its
 * workers have.  Kills the trial on time-out or interruption.
 * Returns 0, ETIMEDOUT or EINTR. */
static int watch(pid_t pid, struct capture captures[2], double timeout_s) {
  int64_t end_ns = clock_now_ns() + (int64_t)(timeout_s * 1e9);
  int verdict = 0;
  while (captures[0].fd >= 0 || captures[1].fd >= 0) {
    struct pollfd polls[2] = {{captures[0].fd, POLLIN, 0},
                              {captures[1].fd, POLLIN, 0}};
    poll(polls, 2, POLL_MS);
    for (int i = 0; i < 2; i++)
      if (polls[i].revents)
        read_some(&captures[i]);
    if (!verdict && (interrupt_signal() || clock_now_ns() > end_ns)) {
      verdict = interrupt_signal() ? EINTR : ETIMEDOUT;
      kill(pid, SIGKILL);
    }
  }
  captures[0].text[captures[0].length] = '\0';
  captures[1].text[captures[1].length] = '\0';
  return verdict;
}

/* A record that says how the trial failed, in the trial's own words if any. */
static void record_failure(const struct trial_order *order, const char *said,
                           const char *why, struct record *record) {
  struct trial_request request = {
      .setting = order->setting,
      .variant = order->variant,
      .workers = order->workers,
      .usable_cpus = order->usable_cpus,
      .size = order->size,
      .seed = order->seed,
      .cpus = order->cpus,
  };
  struct trial_result nothing = {.region_s = (double)NAN};
  struct problem problem;
  size_t length = strcspn(said, "\n");
  if (length)
    problem_failure(&problem, "%s: %.*s", why, (int)length, said);
  else
    problem_failure(&problem, "%s", why);
  record_of_request(&request, NULL, record);
  record_of_result(&request, &nothing, PROBLEM_FAILURE, &problem, record);
}

static void fill_record(const struct trial_order *order, int status,
                        int verdict, const struct capture captures[2],
                        struct record *record) {
  struct problem reason;
  char why[100];
  if (verdict == ETIMEDOUT)
    snprintf(why, sizeof why, "took longer than the time-out, and was killed");
  else if (WIFSIGNALED(status))
    snprintf(why, sizeof why, "killed by signal %d (%s)", WTERMSIG(status),
             strsignal(WTERMSIG(status)));
  else if (captures[0].length &&
           record_parse(captures[0].text, record, &reason) == 0)
    return;
  else
    snprintf(why, sizeof why, "exited with status %d", WEXITSTATUS(status));
  record_failure(order, captures[1].text, why, record);
}

static int spawn(char **arguments, struct capture captures[2], pid_t *pid,
                 struct problem *problem) {
  int out[2] = {-1, -1}, err[2] = {-1, -1};
  pid_t parent = getpid();
  bool piped = pipe2(out, O_CLOEXEC) == 0 && pipe2(err, O_CLOEXEC) == 0;
  /* Without the handlers of libraries: in a child, libomp's make it a file that
   * outlives the exec.  Between here and the exec the child calls nothing that
   * is not async-signal-safe. */
  *pid = piped ? _Fork() : -1;
  if (*pid == 0)
    become_trial(arguments, out[1], err[1], parent);
  int error = errno;
  if (out[1] >= 0)
    close(out[1]);
  if (err[1] >= 0)
    close(err[1]);
  captures[0].fd = out[0];
  captures[1].fd = err[0];
  if (*pid > 0)
    return PROBLEM_NONE;
  if (out[0] >= 0)
    close(out[0]);
  if (err[0] >= 0)
    close(err[0]);
  if (piped)
    return limits_fork_problem("a trial", error, problem);
  return problem_failure(problem, "a trial could not be started: %s",
                         strerror(error));
}

/* LLVM's libomp names a file after each process that uses it, and takes it away
 * at the process's exit: one that was killed has none.  libgomp has no such
 * file. */
static void remove_traces(pid_t pid) {
  char path[80];
  snprintf(path, sizeof path, "/dev/shm/__KMP_REGISTERED_LIB_%d_%u", (int)pid,
           (unsigned)getuid());
  unlink(path);
}

/* What the machine counted while the trial ran. */
static void set_noise(const struct noise_system *before,
                      const struct noise_system *after, struct record *record) {
  struct noise_system noise = noise_system_between(before, after);
  record->throttled_s = noise.throttled_s;
  record->steal_s = noise.steal_s;
  if (!isnan(noise.swapped_pages))
    record->swapped_pages = (int64_t)noise.swapped_pages;
  if (!isnan(noise.hot))
    record->thermal_throttles = (int64_t)noise.hot;
}

static int run_captured(const struct executor_real *self,
                        const struct trial_order *order, char **arguments,
                        struct capture captures[2], struct record *record,
                        struct problem *problem) {
  pid_t pid;
  int status = 0;
  struct noise_system before = noise_system_read("");
  int64_t begin_ns = clock_now_ns();
  int spawned = spawn(arguments, captures, &pid, problem);
  if (spawned)
    return spawned;
  int verdict = watch(pid, captures, self->timeout_s);
  while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
    ;
  double wall_s = (double)(clock_now_ns() - begin_ns) * 1e-9;
  struct noise_system after = noise_system_read("");
  if (WIFSIGNALED(status))
    remove_traces(pid);
  if (interrupt_signal())
    return problem_failure(problem, "interrupted by signal %d (%s)",
                           interrupt_signal(), strsignal(interrupt_signal()));
  fill_record(order, status, verdict, captures, record);
  set_noise(&before, &after, record);
  if (strcmp(record->status, "ok") == 0)
    record->wall_s = wall_s;
  return PROBLEM_NONE;
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

static int run(struct executor *self, const struct trial_order *order,
               struct record *record, struct problem *problem) {
  /* `base` is the first member. */
  const struct executor_real *real = (struct executor_real *)(void *)self;
  struct capture captures[2] = {{-1, malloc(OUTPUT_BYTES), 0},
                                {-1, malloc(OUTPUT_BYTES), 0}};
  char **arguments = executor_arguments(order);
  int status = PROBLEM_FAILURE;
  record_clear(record);
  if (arguments && captures[0].text && captures[1].text &&
      add_timeout(arguments, real->timeout_s))
    status = run_captured(real, order, arguments, captures, record, problem);
  else
    problem_failure(problem, "out of memory");
  executor_free_arguments(arguments);
  free(captures[0].text);
  free(captures[1].text);
  return status;
}

static double now_s(struct executor *self) {
  (void)self;
  return (double)clock_now_ns() * 1e-9;
}

void executor_real_init(struct executor_real *executor, double timeout_s) {
  *executor = (struct executor_real){.base = {.run = run, .now_s = now_s},
                                     .timeout_s = timeout_s};
}
