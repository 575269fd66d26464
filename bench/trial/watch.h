/* watch.h: a trial that cannot go on says so, and where it was: killed by a
 * signal of its own doing, or out of time.
 *
 * In the words in which a team of processes tells of its workers, whatever runs
 * them.  Whoever is watched is a process that runs one trial, or writes one
 * dump, and nothing else: what is said goes to stderr and, as a record, to
 * stdout, and the process exits with status 1.  Forked children are not
 * watched: they die of their signals, and their parent tells. */
#ifndef CORESWEEP_WATCH_H
#define CORESWEEP_WATCH_H

#include "bench/trial/job.h"

enum { WATCH_WORDS = 80 };

struct watch_request {
  const char *what; /* what is watched, and its command: "trial"; borrowed */
  double timeout_s; /* of all that is watched; 0: none */
  /* What goes to stdout before and after the message, which needs no escapes
   * in JSON; NULL: nothing does.  Borrowed until watch_end. */
  const char *before, *after;
};

/* Begins and ends it, in the main thread.  Cannot fail: where the system has
 * no timer left, there is no time-out. */
void watch_begin(const struct watch_request *request);
void watch_end(void);

/* In a thread of a team: so that it can tell even when it has used up its
 * stack.  Nothing, where nobody watches.  Cannot fail. */
void watch_thread(void);

/* What is going on from here on, as in "in the set-up", of which team's job.
 * tended: the team looks at the clock itself, and knows more of its workers.
 * Borrowed; NULL job: nothing is.  To be called whether watched or not. */
struct watch_scene {
  const struct job *job;
  const char *team, *place;
  bool tended;
};
void watch_scene(const struct watch_scene *scene);

/* Where a worker is, as it published it: "in chunk [0, 50)", "between chunks"
 * or "before its first chunk".  Async-signal-safe. */
void watch_place(const struct worker_slot *slot, char text[static WATCH_WORDS]);

/* "killed by signal 11 (Segmentation fault)".  Async-signal-safe. */
void watch_signal(int number, char text[static WATCH_WORDS]);

/* "was not done after 60 s (--timeout)". */
void watch_late(double timeout_s, char text[static WATCH_WORDS]);

#endif
