/* old_words.h: files of older programs in the words of today. */
#ifndef CORESWEEP_OLD_WORDS_H
#define CORESWEEP_OLD_WORDS_H

#include <jansson.h>

/* From this schema on, plans, records and analyses have the words of today. */
enum { SCHEMA_OF_TODAYS_WORDS = 3 };

/* Renames the keys of a plan.json or analysis.json of an older schema, its own
 * and those of what it lists; files of today stay as they are.  What `bind`
 * says is read by machine_bind_today.  0, or -1: no memory. */
int old_words_read(json_t *file, json_int_t schema);

#endif
