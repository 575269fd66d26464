#include "bench/plan/system_file.h"

#include <ctype.h>
#include <jansson.h>
#include <limits.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

FILE *system_open(const char *root, const char *path) {
  char name[PATH_MAX];
  int bytes = snprintf(name, sizeof name, "%s%s", root, path);
  return bytes < 0 || (size_t)bytes >= sizeof name ? NULL : fopen(name, "re");
}

/* It goes into JSON, and to terminals. */
static bool is_text(const char *bytes, size_t length) {
  for (size_t i = 0; i < length; i++)
    if (((unsigned char)bytes[i] < ' ' && bytes[i] != '\t') || bytes[i] == 0x7f)
      return false;
  json_t *string = json_stringn(bytes, length);
  json_decref(string);
  return string;
}

/* A copy without its end and blanks around it. */
static char *trimmed(const char *line) {
  line += strspn(line, " \t");
  size_t length = strcspn(line, "\n");
  while (length > 0 && isspace((unsigned char)line[length - 1]))
    length--;
  return length && is_text(line, length) ? strndup(line, length) : NULL;
}

char *system_line(const char *root, const char *path) {
  char line[400];
  FILE *file = system_open(root, path);
  char *got = file ? fgets(line, sizeof line, file) : NULL;
  if (file)
    (void)fclose(file);
  return got ? trimmed(got) : NULL;
}

char *system_value(const char *root, const char *path, const char *key) {
  char *line = NULL, *value = NULL;
  size_t capacity = 0, length = strlen(key);
  FILE *file = system_open(root, path);
  while (file && !value && getline(&line, &capacity, file) > 0) {
    char *colon = strchr(line, ':');
    if (colon && strncmp(line, key, length) == 0 &&
        line + length + strspn(line + length, " \t") == colon)
      value = trimmed(colon + 1);
  }
  if (file)
    (void)fclose(file);
  free(line);
  return value;
}

double system_digits(const char *text, const char **end) {
  size_t length = strspn(text, "0123456789");
  *end = text;
  if (length == 0)
    return (double)NAN;
  if (text[length] == '.')
    length += 1 + strspn(text + length + 1, "0123456789");
  *end = text + length;
  return strtod(text, NULL); /* more of "0x1" than of "0" is refused by *end */
}

double system_number(const char *root, const char *path) {
  char *line = system_line(root, path);
  const char *end = line;
  double number = line ? system_digits(line, &end) : (double)NAN;
  bool good = line && (*end == '\0' || isspace((unsigned char)*end));
  free(line);
  return good ? number : (double)NAN;
}

double system_size_bytes(const char *root, const char *path, const char *key) {
  char *text = system_value(root, path, key);
  const char *end = text;
  double kilobytes = text ? system_digits(text, &end) : (double)NAN;
  bool good = text && strcmp(end, " kB") == 0;
  free(text);
  return good ? kilobytes * 1024 : (double)NAN;
}

double system_counter(const char *root, const char *path, const char *key) {
  char line[200];
  const char *end;
  size_t length = strlen(key);
  double value = (double)NAN;
  FILE *file = system_open(root, path);
  while (file && fgets(line, sizeof line, file)) {
    if (strncmp(line, key, length) != 0 || line[length] != ' ')
      continue;
    double number = system_digits(line + length + 1, &end);
    if (*end == '\n' || *end == '\0')
      value = number;
  }
  if (file)
    (void)fclose(file);
  return value;
}
