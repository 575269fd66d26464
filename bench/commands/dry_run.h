/* dry_run.h: what would be measured, for other programs: --dry-run with --json,
 * --csv or --markdown. */
#ifndef CORESWEEP_COMMANDS_DRY_RUN_H
#define CORESWEEP_COMMANDS_DRY_RUN_H

#include "bench/commands/export.h"
#include "bench/plan/point.h"

/* A point as a row, to be added to a list; command: what would be run, NULL
 * where that is this program.  Its size is null where it is not known yet.
 * NULL: no memory. */
json_t *dry_run_row(const struct point *point, const char *command);

/* Prints the rows, and in JSON the most rounds of them; takes them over.  0, or
 * the problem. */
int dry_run_export(json_t *rows, uint32_t rounds, const struct export_as *as,
                   struct problem *problem);

#endif
