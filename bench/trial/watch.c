#include "bench/trial/watch.h"

#include "bench/plan/text.h"
#include "bench/trial/openmp_env.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <unistd.h>

enum {
  STACK_BYTES = 16384,
  TEXT = 400,
  GRACES = 5, /* seconds that a team which looks itself has to tell */
};

static const int crashes[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT};
enum { CRASHES = sizeof crashes / sizeof *crashes };

/* A signal's handler has nothing but this. */
static struct {
  pid_t owner; /* 0: nobody is watched */
  struct watch_request request;
  struct watch_scene scene;
  char late[WATCH_WORDS];
  char trace[OPENMP_TRACE]; /* what the OpenMP runtime would leave behind */
  volatile sig_atomic_t graces;
  /* For a thread that has used up its own; ASan wants it aligned. */
  _Alignas(64) char stack[STACK_BYTES];
} watch;

/* ---- words, put together without what a handler may not call ------------- */

static void append(struct text *text, const char *more) {
  text_put(text, more, strlen(more));
}

void watch_place(const struct worker_slot *slot,
                 char text[static WATCH_WORDS]) {
  uint64_t begin = atomic_load(&slot->at_begin);
  uint64_t end = atomic_load(&slot->at_end);
  struct text place = text_begin(text, WATCH_WORDS);
  if (begin == end) {
    append(&place, end == 0 ? "before its first chunk" : "between chunks");
    return;
  }
  append(&place, "in chunk [");
  text_put_number(&place, begin);
  append(&place, ", ");
  text_put_number(&place, end);
  append(&place, ")");
}

/* In the words of strsignal, which a handler may not call. */
static const char *signal_name(int number) {
  static const struct {
    int number;
    const char *name;
  } names[] = {
      {SIGHUP, "Hangup"},
      {SIGINT, "Interrupt"},
      {SIGQUIT, "Quit"},
      {SIGILL, "Illegal instruction"},
      {SIGTRAP, "Trace/breakpoint trap"},
      {SIGABRT, "Aborted"},
      {SIGBUS, "Bus error"},
      {SIGFPE, "Floating point exception"},
      {SIGKILL, "Killed"},
      {SIGUSR1, "User defined signal 1"},
      {SIGSEGV, "Segmentation fault"},
      {SIGUSR2, "User defined signal 2"},
      {SIGPIPE, "Broken pipe"},
      {SIGALRM, "Alarm clock"},
      {SIGTERM, "Terminated"},
      {SIGXCPU, "CPU time limit exceeded"},
      {SIGXFSZ, "File size limit exceeded"},
      {SIGSYS, "Bad system call"},
  };
  for (size_t i = 0; i < sizeof names / sizeof *names; i++)
    if (names[i].number == number)
      return names[i].name;
  return "unknown";
}

void watch_signal(int number, char text[static WATCH_WORDS]) {
  const char *name = signal_name(number);
  struct text how = text_begin(text, WATCH_WORDS);
  append(&how, "killed by signal ");
  text_put_number(&how, (uint64_t)number);
  append(&how, " (");
  append(&how, name);
  append(&how, ")");
}

void watch_late(double timeout_s, char text[static WATCH_WORDS]) {
  text_print(text, WATCH_WORDS, "was not done after %.3g s (--timeout)",
             timeout_s);
}

/* ---- the end --------------------------------------------------------------*/

static void say(int fd, const char *text) {
  size_t left = strlen(text);
  while (left > 0) {
    ssize_t wrote = write(fd, text, left);
    if (wrote <= 0)
      return;
    text += wrote;
    left -= (size_t)wrote;
  }
}

/* Once, whoever comes first. */
static _Noreturn void end_with(const char *message) {
  static atomic_flag told = ATOMIC_FLAG_INIT;
  while (atomic_flag_test_and_set(&told))
    pause();
  say(STDERR_FILENO, "coresweep ");
  say(STDERR_FILENO, watch.request.what);
  say(STDERR_FILENO, ": ");
  say(STDERR_FILENO, message);
  say(STDERR_FILENO, "\n");
  if (watch.request.before) {
    say(STDOUT_FILENO, watch.request.before);
    say(STDOUT_FILENO, message);
    say(STDOUT_FILENO, watch.request.after);
  }
  unlink(watch.trace);
  _exit(1);
}

/* "omp: worker 1 ", or "omp: the trial " where no worker is at it. */
static void append_who(const struct worker_slot *slot, struct text *text) {
  const struct watch_scene *scene = &watch.scene;
  append(text, scene->team ? scene->team : watch.request.what);
  if (!slot) {
    append(text, ": the ");
    append(text, watch.request.what);
    append(text, " ");
    return;
  }
  append(text, ": worker ");
  text_put_number(text, (uint64_t)(slot - scene->job->slots));
  append(text, " ");
}

static void append_place(const struct worker_slot *slot, struct text *text) {
  char place[WATCH_WORDS];
  if (slot) {
    watch_place(slot, place);
    append(text, place);
  } else {
    append(text, watch.scene.place ? watch.scene.place : "at its start");
  }
}

static void on_crash(int number) {
  char message[TEXT], how[WATCH_WORDS];
  struct text text = TEXT_BEGIN(message);
  const struct worker_slot *slot = worker_running();
  if (watch.owner != getpid()) { /* a child: its parent will tell */
    signal(number, SIG_DFL);
    raise(number);
    return;
  }
  append_who(slot, &text);
  watch_signal(number, how);
  append(&text, "was ");
  append(&text, how);
  append(&text, " ");
  append_place(slot, &text);
  end_with(message);
}

/* The first worker that is in a chunk; NULL: none is. */
static const struct worker_slot *busy_worker(void) {
  const struct job *job = watch.scene.job;
  for (uint32_t w = 0; job && job->slots && w < job->workers; w++)
    if (atomic_load(&job->slots[w].at_begin) <
        atomic_load(&job->slots[w].at_end))
      return &job->slots[w];
  return NULL;
}

static void on_time(int number) {
  char message[TEXT];
  struct text text = TEXT_BEGIN(message);
  const struct worker_slot *slot = busy_worker();
  (void)number;
  if (watch.owner != getpid())
    return;
  if (watch.scene.tended && watch.graces > 0) {
    watch.graces--;
    alarm(1);
    return;
  }
  append_who(slot, &text);
  append(&text, watch.late);
  append(&text, ", ");
  append_place(slot, &text);
  end_with(message);
}

/* A kernel has called exit. */
static void on_exit_called(void) {
  char message[TEXT];
  struct text text = TEXT_BEGIN(message);
  const struct worker_slot *slot = worker_running();
  if (watch.owner != getpid())
    return;
  append_who(slot, &text);
  append(&text, "ended the program ");
  append_place(slot, &text);
  end_with(message);
}

/* ---- beginning and ending ------------------------------------------------ */

static void handle(int number, void (*handler)(int)) {
  struct sigaction action = {.sa_handler = handler,
                             .sa_flags = SA_ONSTACK | SA_RESTART};
  sigset_t set;
  sigaction(number, &action, NULL);
  sigemptyset(&set);
  sigaddset(&set, number); /* it may have been inherited as blocked */
  sigprocmask(SIG_UNBLOCK, &set, NULL);
}

void watch_begin(const struct watch_request *request) {
  stack_t stack = {.ss_sp = watch.stack, .ss_size = sizeof watch.stack};
  struct itimerval time = {.it_value = {
                               .tv_sec = (time_t)request->timeout_s,
                           }};
  time.it_value.tv_usec =
      (suseconds_t)((request->timeout_s - (double)time.it_value.tv_sec) * 1e6);
  if (request->timeout_s > 0 && time.it_value.tv_sec == 0 &&
      time.it_value.tv_usec == 0)
    time.it_value.tv_usec = 1; /* 0 would be never */
  watch.request = *request;
  watch.graces = GRACES;
  watch_late(request->timeout_s, watch.late);
  openmp_env_trace(getpid(), watch.trace);
  watch.owner = getpid();
  sigaltstack(&stack, NULL);
  (void)atexit(on_exit_called); /* where there is no room it is not told */
  for (int i = 0; i < CRASHES; i++)
    handle(crashes[i], on_crash);
  if (request->timeout_s > 0) {
    handle(SIGALRM, on_time);
    setitimer(ITIMER_REAL, &time, NULL);
  }
}

void watch_thread(void) {
  static _Thread_local _Alignas(64) char own[STACK_BYTES];
  const stack_t stack = {.ss_sp = own, .ss_size = sizeof own};
  stack_t now;
  if (watch.owner != getpid() || gettid() == watch.owner)
    return; /* the main thread has its */
  /* Who has given it one (a sanitizer does) takes that away in its end. */
  if (sigaltstack(NULL, &now) == 0 && (now.ss_flags & SS_DISABLE))
    sigaltstack(&stack, NULL);
}

void watch_end(void) {
  const struct itimerval never = {{0, 0}, {0, 0}};
  if (watch.request.timeout_s > 0) {
    setitimer(ITIMER_REAL, &never, NULL);
    signal(SIGALRM, SIG_DFL);
  }
  for (int i = 0; i < CRASHES; i++)
    signal(crashes[i], SIG_DFL);
  sigaltstack(&(stack_t){.ss_flags = SS_DISABLE}, NULL);
  watch.owner = 0;
}

void watch_scene(const struct watch_scene *scene) {
  watch.scene = *scene;
}
