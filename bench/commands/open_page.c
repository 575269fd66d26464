#include "bench/commands/open_page.h"

#include "bench/plan/text.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* In a session of its own, so that the end of this one's terminal is not its
 * end.  0, or what errno was. */
static int start(const char *path) {
  char program[] = "xdg-open", *file = realpath(path, NULL);
  char *argv[] = {program, file, NULL};
  posix_spawnattr_t how;
  posix_spawn_file_actions_t files;
  pid_t pid;
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
    if (!error)
      error = posix_spawnp(&pid, program, &files, &how, argv, environ);
    posix_spawn_file_actions_destroy(&files);
  }
  posix_spawnattr_destroy(&how);
  free(file);
  return error;
}

void open_page(const char *path) {
  char shown[TEXT_SHOWN];
  fflush(stdout);
  int error = start(path);
  if (error)
    printf("To be opened in a browser by hand: %s (xdg-open: %s)\n",
           text_shown(path, shown),
           error == ENOENT ? "not installed" : strerror(error));
}
