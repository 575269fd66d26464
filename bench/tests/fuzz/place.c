#include "bench/tests/fuzz/place.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FOLDER = 200, PATH = 600, PATHS = 4 };

void fuzz_fail(const char *format, ...) {
  va_list arguments;
  fputs("fuzz: ", stderr);
  va_start(arguments, format);
  vfprintf(stderr, format, arguments);
  va_end(arguments);
  fputc('\n', stderr);
  abort();
}

static void remove_folder(void) {
  place_clear();
  rmdir(place_folder());
}

/* $TMPDIR where it is set: whoever started this may look after it. */
const char *place_folder(void) {
  static char folder[FOLDER];
  if (*folder)
    return folder;
  const char *set = getenv("TMPDIR");
  const char *above = set                             ? set
                      : access("/dev/shm", W_OK) == 0 ? "/dev/shm"
                                                      : "/tmp";
  snprintf(folder, sizeof folder, "%s/coresweep-fuzz-XXXXXX", above);
  if (!mkdtemp(folder))
    fuzz_fail("%s: %s", folder, strerror(errno));
  atexit(remove_folder);
  return folder;
}

const char *place_path(const char *name) {
  static char paths[PATHS][PATH];
  static size_t next;
  char *path = paths[next++ % PATHS];
  snprintf(path, PATH, "%s/%s", place_folder(), name);
  return path;
}

const char *place_file(const char *name, const void *data, size_t size) {
  const char *path = place_path(name);
  FILE *file = fopen(path, "we");
  if (!file || fwrite(data, 1, size, file) != size || fclose(file) != 0)
    fuzz_fail("%s: %s", path, strerror(errno));
  return path;
}

/* Targets make no folders in it. */
void place_clear(void) {
  DIR *folder = opendir(place_folder());
  if (!folder)
    fuzz_fail("%s: %s", place_folder(), strerror(errno));
  for (const struct dirent *entry; (entry = readdir(folder)) != NULL;)
    if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
      unlinkat(dirfd(folder), entry->d_name, 0);
  closedir(folder);
}

/* What has been printed; one stream at a time. */
static char *printed;
static size_t printed_size;

FILE *place_print(void) {
  FILE *out = open_memstream(&printed, &printed_size);
  if (!out)
    fuzz_fail("out of memory");
  return out;
}

/* Of a text in UTF-8: the controls of ASCII but for tab and line feed, and
 * those of Latin-1. */
static const char *find_control(const char *text, size_t size) {
  for (size_t i = 0; i < size; i++) {
    unsigned char c = (unsigned char)text[i];
    bool high = c == 0xc2 && i + 1 < size && (unsigned char)text[i + 1] < 0xa0;
    if (high || c == 0x7f || (c < ' ' && c != '\n' && c != '\t'))
      return text + i;
  }
  return NULL;
}

void place_printed(FILE *out) {
  fclose(out);
  json_t *text = json_stringn(printed, printed_size); /* looks at UTF-8 */
  if (!text)
    fuzz_fail("what was printed is not UTF-8");
  json_decref(text);
  const char *control = find_control(printed, printed_size);
  if (control)
    fuzz_fail("a control character, 0x%02x, was printed: ...%.40s",
              (unsigned)(unsigned char)*control, control + 1);
  free(printed);
  printed = NULL;
}
