#include "bench/trial/weigh.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static double pss_bytes(long pid) {
  char path[64], line[256];
  static const char key[] = "Pss:";
  double kilobytes = (double)NAN;
  snprintf(path, sizeof path, "/proc/%ld/smaps_rollup", pid);
  FILE *file = fopen(path, "re");
  while (file && isnan(kilobytes) && fgets(line, sizeof line, file))
    if (strncmp(line, key, sizeof key - 1) == 0)
      kilobytes = strtod(line + sizeof key - 1, NULL);
  if (file)
    fclose(file);
  return kilobytes * 1024;
}

double weigh_team_bytes(void) {
  char path[64], *line = NULL;
  size_t capacity = 0;
  long self = (long)getpid();
  double bytes = pss_bytes(self);
  snprintf(path, sizeof path, "/proc/self/task/%ld/children", self);
  FILE *file = fopen(path, "re");
  if (file && getline(&line, &capacity, file) > 0) {
    char *rest = line, *end;
    for (long pid; (pid = strtol(rest, &end, 10)) > 0 && end != rest;
         rest = end)
      bytes += pss_bytes(pid);
  }
  if (file)
    fclose(file);
  free(line);
  return bytes;
}
