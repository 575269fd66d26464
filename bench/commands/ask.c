#include "bench/commands/ask.h"
#include "bench/sweep/interrupt.h"

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

enum { OUTPUT_BYTES = 1 << 20 };

/* Everything the program prints, or the problem. */
static int output_of(char **words, char *text, struct problem *problem) {
  posix_spawn_file_actions_t actions;
  int ends[2], status = 0;
  size_t length = 0;
  ssize_t got = 0;
  pid_t pid;
  if (pipe2(ends, O_CLOEXEC) != 0)
    return problem_failure(problem, "a pipe: %s", strerror(errno));
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
  int error = posix_spawn(&pid, words[0], &actions, NULL, words, environ);
  posix_spawn_file_actions_destroy(&actions);
  close(ends[1]);
  while (!error && length + 1 < OUTPUT_BYTES &&
         ((got = read(ends[0], text + length, OUTPUT_BYTES - 1 - length)) > 0 ||
          (got < 0 && errno == EINTR)))
    length += got > 0 ? (size_t)got : 0;
  text[length] = '\0';
  close(ends[0]);
  if (error)
    return problem_failure(problem, "%s: %s", words[0], strerror(error));
  while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
    ;
  if (interrupt_signal())
    return problem_failure(problem, "interrupted");
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
    return problem_failure(problem, "%s %s failed", words[0], words[1]);
  return PROBLEM_NONE;
}

int ask_number(char **words, const char *key, double *value,
               struct problem *problem) {
  char *text = malloc(OUTPUT_BYTES);
  if (!text)
    return problem_failure(problem, "out of memory");
  int status = output_of(words, text, problem);
  json_t *json = status ? NULL : json_loads(text, 0, NULL);
  const json_t *number = json_object_get(json, key);
  *value = json_number_value(number);
  if (!status && (!json_is_number(number) || !(*value > 0)))
    status = problem_failure(problem, "%s %s printed no %s", words[0], words[1],
                             key);
  json_decref(json);
  free(text);
  return status;
}
