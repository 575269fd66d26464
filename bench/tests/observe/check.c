/* Compares what a program said of itself (constructs.c) with what its observer
 * tells: each within 1% and 1 us an event.
 *
 * usage: check TRUTH BEFORE AFTER
 *
 * The observer's file, before and after the calls that the truth is of.  Exits
 * 1 with what differs, 3 where one of them says nothing.
 */
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/observe/observed.h"

enum { CALLS = 20 };

/* The region that was called so often in between. */
static bool find(const struct observed *before, const struct observed *after,
                 struct observed_region *were, struct observed_region *are) {
  for (uint32_t i = 0; i < before->header.regions; i++) {
    *were = before->regions[i];
    *are = after->regions[i];
    if (are->calls == were->calls + CALLS)
      return true;
  }
  return false;
}

static bool told(const struct observed_region *r, const char *term,
                 uint64_t *ns) {
  const struct {
    const char *term;
    uint64_t ns;
  } terms[] = {
      {"core", r->core_ns},
      {"wall", r->wall_ns},
      {"start", r->start_ns},
      {"work", r->work_ns},
      {"dispatch", r->dispatch_ns},
      {"lock", r->lock_ns},
      {"task", r->task_ns},
      {"barrier", r->behind_ns + r->release_ns},
      {"runtime", r->behind_ns + r->release_ns + r->dispatch_ns},
      {"late", r->late_ns},
      {"join", r->join_ns},
      {"critical", r->critical_ns},
  };
  for (size_t i = 0; i < sizeof terms / sizeof *terms; i++)
    if (strcmp(term, terms[i].term) == 0) {
      *ns = terms[i].ns;
      return true;
    }
  return false;
}

static int compare(const struct observed_region *were,
                   const struct observed_region *are, FILE *truth) {
  char line[80], *number;
  uint64_t old, said, events = 0;
  int differ = 0, lines = 0;
  while (fgets(line, sizeof line, truth) && (number = strchr(line, ' '))) {
    const char *term = line;
    uint64_t ns = strtoull(number, NULL, 10);
    *number = '\0';
    lines++;
    if (strcmp(term, "events") == 0) {
      events = ns;
      continue;
    }
    if (!told(are, term, &said) || !told(were, term, &old))
      return 3;
    said -= old;
    double most = 0.01 * (double)ns + 1000 * (double)events;
    double by = (double)said - (double)ns;
    if (by > most || by < -most) {
      printf("%s: %.1f us, and %.1f us were told\n", term, (double)ns / 1e3,
             (double)said / 1e3);
      differ = 1;
    }
  }
  return lines > 3 ? differ : 3;
}

int main(int count, char **arguments) {
  struct observed files[2];
  struct observed_region were, are;
  if (count != 4)
    return 2;
  for (int i = 0; i < 2; i++) {
    const char *wrong = observed_read(arguments[2 + i], &files[i]);
    if (wrong) {
      printf("%s: %s\n", arguments[2 + i], wrong);
      return 3;
    }
  }
  FILE *truth = fopen(arguments[1], "r");
  if (!truth || files[1].header.refusal != OBSERVED_TOLD ||
      !find(&files[0], &files[1], &were, &are)) {
    printf("no region was called %d times\n", CALLS);
    return 3;
  }
  int differ = compare(&were, &are, truth);
  fclose(truth);
  observed_free(&files[0]);
  observed_free(&files[1]);
  return differ;
}
