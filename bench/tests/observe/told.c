/* Prints what an observer tells of a process, for scripts: a word and a number
 * a line, sums over all regions.
 *
 * usage: told FILE         (exits 1 with what is wrong with it)
 */
#include <inttypes.h>
#include <stdio.h>

#include "bench/observe/observed.h"

static void say(const char *word, uint64_t number) {
  printf("%s %" PRIu64 "\n", word, number);
}

static void say_regions(const struct observed *observed) {
  uint64_t calls = 0, locks = 0, tasks = 0, chunks = 0, timed = 0, named = 0;
  for (uint32_t i = 0; i < observed->header.regions; i++) {
    const struct observed_region *r = &observed->regions[i];
    calls += r->calls;
    locks += r->locks;
    tasks += r->tasks;
    chunks += r->chunks;
    timed += r->chunks_timed;
    named += r->module != OBSERVED_NONE || r->caller_module != OBSERVED_NONE;
  }
  say("regions", observed->header.regions);
  say("named", named);
  say("calls", calls);
  say("locks", locks);
  say("tasks", tasks);
  say("chunks", chunks);
  say("timed", timed);
}

int main(int count, char **arguments) {
  struct observed observed;
  const char *wrong =
      count == 2 ? observed_read(arguments[1], &observed) : "one file, please";
  if (wrong) {
    printf("%s\n", wrong);
    return 1;
  }
  const struct observed_header *h = &observed.header;
  say("pid", (uint64_t)h->pid);
  say("runtime", h->runtime);
  say("refusal", h->refusal);
  say("orderly", (h->flags & OBSERVED_ORDERLY) != 0);
  say("tasks_untold", (h->flags & OBSERVED_TASKS_UNTOLD) != 0);
  say("nested", h->calls_nested);
  say("doacross", (h->flags & OBSERVED_DOACROSS) != 0);
  say("team", h->team_max);
  say("open", h->open_regions);
  say("untold", h->calls_untold);
  say("modules", h->modules);
  say("wall_ns", h->end_ns - h->begin_ns);
  say("parallel_ns", observed_parallel_ns(h, h->end_ns));
  say_regions(&observed);
  observed_free(&observed);
  return 0;
}
