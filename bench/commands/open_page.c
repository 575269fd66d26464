#include "bench/commands/open_page.h"

#include "bench/plan/text.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* In a session of its own, so that the end of this one's terminal is not its
 * end.  0, or what errno was. */
static int start(const char *path, pid_t *pid) {
  char program[] = "xdg-open", *file = realpath(path, NULL);
  char *argv[] = {program, file, NULL};
  posix_spawnattr_t how;
  posix_spawn_file_actions_t files;
  int error = file ? posix_spawnattr_init(&how) : errno;
  if (error) {
    free(file);
    return error;
  }
  error = posix_spawn_file_actions_init(&files);
  if (!error) {
    posix_spawnattr_setflags(&how, POSIX_SPAWN_SETSID);
    error = posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null",
                                             O_RDONLY, 0);
    for (int fd = STDOUT_FILENO; !error && fd <= STDERR_FILENO; fd++)
      error = posix_spawn_file_actions_addopen(&files, fd, "/dev/null",
                                               O_WRONLY, 0);
    if (!error)
      error = posix_spawnp(pid, program, &files, &how, argv, environ);
    posix_spawn_file_actions_destroy(&files);
  }
  posix_spawnattr_destroy(&how);
  free(file);
  return error;
}

/* Whether it fails within two seconds; a browser may stay for longer. */
static bool fails(pid_t pid) {
  const struct timespec step = {.tv_nsec = 20000000};
  int status = 0;
  for (int i = 0; i < 100; i++) {
    if (waitpid(pid, &status, WNOHANG) == pid)
      return !WIFEXITED(status) || WEXITSTATUS(status) != 0;
    nanosleep(&step, NULL);
  }
  return false;
}

void open_page(const char *path) {
  char shown[TEXT_SHOWN];
  pid_t pid;
  fflush(stdout);
  int error = start(path, &pid);
  if (error || fails(pid))
    printf("To be opened in a browser by hand: %s (xdg-open: %s)\n",
           text_shown(path, shown),
           error == ENOENT ? "not installed"
           : error         ? strerror(error)
                           : "it found none");
}
