#include "bench/report/wrap.h"

#include "bench/plan/text.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>

size_t wrap_terminal(FILE *out) {
  struct winsize window = {.ws_col = 0};
  const char *columns = getenv("COLUMNS");
  long asked = columns ? strtol(columns, NULL, 10) : 0;
  if (asked > 0 && asked < 10000)
    return (size_t)asked;
  return ioctl(fileno(out), TIOCGWINSZ, &window) == 0 ? window.ws_col : 0;
}

static bool of_page; /* what is printed now */

void wrap_for_page(bool page) {
  of_page = page;
}

size_t wrap_columns(void) {
  if (of_page)
    return WRAP_MOST;
  size_t columns = wrap_terminal(stdout);
  if (columns == 0)
    return WRAP_USUAL;
  if (columns < WRAP_LEAST)
    return WRAP_LEAST;
  return columns < WRAP_MOST ? columns : WRAP_MOST;
}

/* The bytes of the word's first columns, and how many columns those are. */
static size_t part_of(const char *word, size_t length, size_t most,
                      size_t *columns) {
  size_t bytes = 0;
  uint32_t code;
  for (*columns = 0; bytes < length && *columns < most; ++*columns) {
    size_t size = text_character(word + bytes, &code);
    bytes += size ? size : 1;
  }
  return bytes;
}

/* The bytes of a word; a number's groups, "1 000 000", and its unit belong to
 * it, behind one blank. */
static size_t length_of(const char *word) {
  static const char *const units[] = {"ns", "µs",  "ms",  "s",   "CPUs",
                                      "B",  "KiB", "MiB", "GiB", "GB/s"};
  size_t length = strcspn(word, " ");
  const char *number = word + (*word == '('), *next;
  while (word[length] && isdigit((unsigned char)*number) &&
         isdigit((unsigned char)word[length - 1]) &&
         strspn(word + length + 1, "0123456789") == 3)
    length += 1 + strcspn(word + length + 1, " ");
  next = word + length + 1;
  if (word[length] == '\0' || !isdigit((unsigned char)*number))
    return length;
  for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
    size_t unit = strlen(units[i]);
    if (strncmp(next, units[i], unit) == 0 &&
        strchr(" .,;:)", next[unit])) /* or its end */
      return length + 1 + strcspn(next, " ");
  }
  return length;
}

size_t wrap_print(const char *text, size_t indent, size_t most, FILE *out) {
  most = of_page ? 0 : most;
  const size_t all = wrap_columns();
  size_t lines = 0, column = 0, begin = strspn(text, " ");
  text += begin;
  while (*text) {
    size_t length = length_of(text), columns;
    bool goes_on = text[length + strspn(text + length, " ")] != '\0';
    /* What may be the last line has room for " …". */
    size_t room = all - (most && lines >= most && goes_on ? 2 : 0);
    (void)part_of(text, length, all, &columns);
    if (lines > 0 && column + 1 + columns <= room) {
      fprintf(out, " %.*s", (int)length, text);
      column += 1 + columns;
    } else if (most && lines == most) {
      fputs(" …", out);
      break;
    } else {
      begin = lines > 0 ? indent : begin;
      room = all - (most && lines + 1 == most ? 2 : 0);
      length = part_of(text, length, room - begin, &columns);
      fprintf(out, "%s%*s%.*s", lines > 0 ? "\n" : "", (int)begin, "",
              (int)length, text);
      column = begin + columns;
      lines++;
    }
    text += length;
    text += strspn(text, " ");
  }
  if (lines > 0)
    fputc('\n', out);
  return lines;
}

void wrap_lines(const char *text, size_t indent, FILE *out) {
  while (*text) {
    size_t length = strcspn(text, "\n");
    wrap_format(out, indent, 0, "%.*s", (int)length, text);
    text += length + (text[length] == '\n');
  }
}

/* The columns that a line takes. */
static size_t columns_of(const char *line, size_t length) {
  size_t columns, bytes = part_of(line, length, SIZE_MAX, &columns);
  return bytes == length ? columns : SIZE_MAX;
}

static void fold_line(char *line, size_t terminal, FILE *out) {
  size_t words = wrap_columns(), begin = strspn(line, " ");
  bool has_columns = strstr(line + begin, "  ") != NULL;
  size_t most = has_columns || terminal < words ? terminal : words;
  size_t further = begin + 2 < words / 2 ? begin + 2 : 2;
  if (columns_of(line, strlen(line)) <= most)
    fprintf(out, "%s\n", line);
  else
    wrap_print(line, further, 0, out);
}

void wrap_fold(const char *text, FILE *out) {
  size_t terminal = wrap_terminal(stdout);
  if (terminal == 0) {
    fputs(text, out);
    return;
  }
  while (*text) {
    size_t length = strcspn(text, "\n");
    char *line = strndup(text, length);
    if (line)
      fold_line(line, terminal < WRAP_LEAST ? WRAP_LEAST : terminal, out);
    free(line);
    text += length + (text[length] == '\n');
  }
}

size_t wrap_format(FILE *out, size_t indent, size_t most, const char *format,
                   ...) {
  char *text = NULL;
  va_list list;
  va_start(list, format);
  int length = vasprintf(&text, format, list);
  va_end(list);
  if (length < 0)
    return 0;
  size_t lines = wrap_print(text, indent, most, out);
  free(text);
  return lines;
}
