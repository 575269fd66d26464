/* strays.h: processes that a child has left behind. */
#ifndef CORESWEEP_STRAYS_H
#define CORESWEEP_STRAYS_H

#include <stddef.h>
#include <sys/types.h>

enum { STRAYS_KIN = 64 };

/* Whose children they are meanwhile, and which ones were there before: an exec
 * keeps those of whoever it replaced, as a shell's `tee`. */
struct strays {
  int was_reaper;
  size_t kin_count; /* past STRAYS_KIN: they cannot be told apart */
  pid_t kin[STRAYS_KIN];
};

/* From here on what descends from this process, and has lost its parent, is
 * this process's child.  Called in the main thread, as is strays_end.  Cannot
 * fail. */
void strays_begin(struct strays *strays);

/* Kills and reaps all children that were not there at strays_begin.  Cannot
 * fail: where the system does not list children they stay. */
void strays_end(const struct strays *strays);

#endif
