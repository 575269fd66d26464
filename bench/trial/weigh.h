/* weigh.h: how much memory a team takes. */
#ifndef CORESWEEP_WEIGH_H
#define CORESWEEP_WEIGH_H

/* Proportional set size of this process and its children in bytes: pages that
 * several share count once in all.  NAN where the system does not tell.
 * Source: proc(5), smaps_rollup and task/TID/children. */
double weigh_team_bytes(void);

#endif
