/* region_text.h: regions' names as text that can be seen, and not too long,
 * whatever a file says. */
#ifndef CORESWEEP_REGION_TEXT_H
#define CORESWEEP_REGION_TEXT_H

#include "bench/sweep/region_names.h"

#include <stdbool.h>

/* Each cannot fail. */
void region_text(const char *raw, char text[static REGION_NAME_BYTES]);

/* "blur.c:42": the file without its folder. */
void region_text_line(const char *path, uint32_t line,
                      char text[static REGION_NAME_BYTES]);

/* "libgm.so.3+0x1234"; path may be NULL. */
void region_text_offset(const char *path, uint64_t offset,
                        char text[static REGION_NAME_BYTES]);

/* " at 0x1234" behind it. */
void region_text_tell_apart(uint64_t offset,
                            char text[static REGION_NAME_BYTES]);

/* Whether it is such a text: a string that ends, and can be seen. */
bool region_text_is(const char text[static REGION_NAME_BYTES]);

#endif
