#include "bench/sweep/region_text.h"

#include "bench/plan/text.h"

#include <inttypes.h>
#include <string.h>

/* Of four bytes each, and with an offset or a line they are less than
 * REGION_NAME_BYTES. */
enum { CHARACTERS = 60 };

void region_text(const char *raw, char text[static REGION_NAME_BYTES]) {
  char shown[TEXT_SHOWN], brief[TEXT_BRIEF];
  text_print(text, REGION_NAME_BYTES, "%s",
             text_brief(text_shown(raw, shown), CHARACTERS, brief));
}

static void file_of(const char *path, char text[static REGION_NAME_BYTES]) {
  const char *slash = strrchr(path, '/');
  region_text(slash ? slash + 1 : path, text);
}

void region_text_line(const char *path, uint32_t line,
                      char text[static REGION_NAME_BYTES]) {
  char file[REGION_NAME_BYTES];
  file_of(path, file);
  text_print(text, REGION_NAME_BYTES, "%s:%" PRIu32, file, line);
}

void region_text_offset(const char *path, uint64_t offset,
                        char text[static REGION_NAME_BYTES]) {
  char file[REGION_NAME_BYTES];
  file_of(path ? path : "", file);
  text_print(text, REGION_NAME_BYTES, "%s+0x%" PRIx64, *file ? file : "?",
             offset);
}

void region_text_tell_apart(uint64_t offset,
                            char text[static REGION_NAME_BYTES]) {
  struct text all = text_resume(text, REGION_NAME_BYTES);
  text_add(&all, " at 0x%" PRIx64, offset);
}

bool region_text_is(const char text[static REGION_NAME_BYTES]) {
  return memchr(text, '\0', REGION_NAME_BYTES) && text_is_printable(text);
}
