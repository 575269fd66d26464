#include "bench/commands/settle.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stddef.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifndef SYS_close_range
#define SYS_close_range 436 /* Linux 5.9, on every architecture */
#endif
#define CLOEXEC (1U << 2) /* CLOSE_RANGE_CLOEXEC, Linux 5.11 */

static void nothing(int signal_number) {
  (void)signal_number;
}

/* Whether a shell ignores it for a reason of its own. */
static bool is_shells(int signal_number) {
  static const int shells[] = {SIGHUP,  SIGINT,  SIGQUIT,
                               SIGTSTP, SIGTTIN, SIGTTOU};
  for (size_t i = 0; i < sizeof shells / sizeof *shells; i++)
    if (shells[i] == signal_number)
      return true;
  return false;
}

static void settle_signals(void) {
  const struct sigaction usual = {.sa_handler = SIG_DFL};
  const struct sigaction pass = {.sa_handler = nothing, .sa_flags = SA_RESTART};
  struct sigaction action;
  sigset_t none;
  for (int i = 1; i <= SIGRTMAX; i++)
    if (sigaction(i, NULL, &action) == 0 && action.sa_handler == SIG_IGN &&
        !is_shells(i))
      sigaction(i, &usual, NULL);
  sigaction(SIGXFSZ, &pass, NULL);
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, NULL);
}

/* Each open takes the lowest number that is free.  What was not open before is
 * of the wrong kind, so that nobody thinks it was read or written. */
static void open_standard(void) {
  for (int fd = 0; fd <= STDERR_FILENO; fd++)
    if (fcntl(fd, F_GETFD) < 0 && errno == EBADF &&
        open("/dev/null", fd ? O_RDONLY : O_WRONLY) < 0)
      (void)open("/", O_RDONLY); /* where there is no /dev */
}

static void close_on_exec(void) {
  enum { FDS = 1024 }; /* as many as a shell gives by itself */
  if (syscall(SYS_close_range, 3U, ~0U, CLOEXEC) == 0)
    return;
  for (int fd = STDERR_FILENO + 1; fd < FDS; fd++) {
    int flags = fcntl(fd, F_GETFD);
    if (flags >= 0)
      fcntl(fd, F_SETFD, flags | FD_CLOEXEC);
  }
}

void settle_process(bool keeps) {
  open_standard();
  if (!keeps)
    close_on_exec();
  settle_signals();
  umask(umask(0) & ~(mode_t)S_IRWXU);
}
