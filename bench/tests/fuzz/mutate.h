/* mutate.h: JSON with one field changed. */
#ifndef CORESWEEP_FUZZ_MUTATE_H
#define CORESWEEP_FUZZ_MUTATE_H

#include <stddef.h>
#include <stdint.h>

/* Changes one field of the JSON in text[0..size), or of one of its lines where
 * each line is JSON: to null, another type, an extreme or a near number, an odd
 * or a long text, another field's value; or leaves it out, or has it twice.  Of
 * lines, one may be left out or be there twice, too.  The same seed makes the
 * same change.
 * Returns the new size, at most `room`; or 0 with the text as it was: it is no
 * JSON, or there is no room. */
size_t mutate_json(char *text, size_t size, size_t room, uint64_t seed);

#endif
