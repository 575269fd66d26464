#include "bench/sweep/interrupt.h"

#include <signal.h>
#include <stddef.h>

static volatile sig_atomic_t seen;

static void remember(int signal_number) {
  seen = signal_number;
}

void interrupt_install(void) {
  static const int signals[] = {SIGINT, SIGTERM, SIGHUP};
  struct sigaction action = {.sa_handler = remember}; /* no SA_RESTART */
  for (size_t i = 0; i < sizeof signals / sizeof *signals; i++)
    sigaction(signals[i], &action, NULL);
  signal(SIGPIPE, SIG_IGN);
}

int interrupt_signal(void) {
  return seen;
}
