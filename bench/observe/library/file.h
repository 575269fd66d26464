/* file.h: the file that a process tells by (observed.h): made when it
 * begins with an OpenMP library, or at its first region; mapped, and true at
 * every moment.  A forked child begins anew. */
#ifndef CORESWEEP_OBSERVE_FILE_H
#define CORESWEEP_OBSERVE_FILE_H

#include "bench/observe/library/team.h"

/* Whether a region of that library is told; makes the file where there is none.
 * False, and for ever, where it cannot be, or another library ran regions. */
bool file_is_told(enum observed_runtime runtime);

/* Whether anything was asked for: OBSERVED_FOLDER is set. */
bool file_is_asked(void);

/* Why not, if nothing else comes by until the process ends. */
void file_refuse(enum observed_refusal refusal);

/* A region is opened, or closed at that stamp.  file_open returns its stamp. */
uint64_t file_open(void);
void file_close(uint64_t join_ns);

/* Adds the sums of a team's call. */
void file_add(struct team *team, uint64_t join_ns);

/* Counts a region that is not told, or nested; flags of the process. */
void file_untold(void);
void file_nested(void);
void file_flag(enum observed_flag flag);

/* Another in every child. */
uint64_t file_generation(void);

/* Code may be about to leave the process: the end has to know of it. */
void file_unloading(void);

/* Code may have left the process: what is known by address is asked anew. */
void file_unloaded(void);

/* The process begins, ends, or is a child.  Cannot fail. */
void file_begin(void);

/* Makes the file at once where an OpenMP library is loaded already: later the
 * process may have no right to, or no room.  Cannot fail. */
void file_expect(void);
void file_end(void);
void file_forked(void);

#endif
