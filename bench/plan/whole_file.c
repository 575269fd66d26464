#include "bench/plan/whole_file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

FILE *whole_file_open(const char *path, const char **why) {
  struct stat about;
  /* Of a file that has an end O_NONBLOCK changes nothing. */
  int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
  FILE *file = NULL;
  if (fd >= 0 && fstat(fd, &about) == 0 && !S_ISREG(about.st_mode))
    *why = "is no file with an end";
  else if (fd < 0 || !(file = fdopen(fd, "r")))
    *why = strerror(errno);
  if (fd >= 0 && !file)
    close(fd);
  return file;
}
