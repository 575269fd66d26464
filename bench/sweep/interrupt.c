#include "bench/sweep/interrupt.h"

#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>

static volatile sig_atomic_t seen;
static volatile sig_atomic_t held; /* a process group; 0: none */

static void remember(int signal_number) {
  seen = signal_number;
}

static void nothing(int signal_number) {
  (void)signal_number;
}

/* The group has no terminal to be stopped by. */
static void stop_both(int signal_number) {
  int error = errno;
  (void)signal_number;
  if (held)
    kill(-held, SIGSTOP);
  raise(SIGSTOP);
  if (held)
    kill(-held, SIGCONT);
  errno = error;
}

static bool is_ignored(int signal_number) {
  struct sigaction action;
  return sigaction(signal_number, NULL, &action) == 0 &&
         action.sa_handler == SIG_IGN;
}

void interrupt_remember(void) {
  static const int signals[] = {SIGINT, SIGTERM, SIGHUP};
  struct sigaction action = {.sa_handler = remember}; /* no SA_RESTART */
  for (size_t i = 0; i < sizeof signals / sizeof *signals; i++)
    if (signals[i] != SIGHUP || !is_ignored(SIGHUP)) /* nohup */
      sigaction(signals[i], &action, NULL);
}

void interrupt_install(void) {
  struct sigaction pass = {.sa_handler = nothing, .sa_flags = SA_RESTART};
  struct sigaction stop = {.sa_handler = stop_both, .sa_flags = SA_RESTART};
  interrupt_remember();
  if (!is_ignored(SIGTSTP)) /* a shell without job control */
    sigaction(SIGTSTP, &stop, NULL);
  /* A handler, since to ignore it is what children would inherit. */
  sigaction(SIGPIPE, &pass, NULL);
}

int interrupt_signal(void) {
  return seen;
}

void interrupt_hold(pid_t group) {
  held = group;
}
