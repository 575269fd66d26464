#include "bench/report/page.h"

#include "bench/plan/text.h"
#include "bench/plan/whole_file.h"
#include "bench/report/wrap.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

/* ---- head and end -------------------------------------------------------- */

/* All of a file of the program's own; NULL, with the problem. */
static char *read_part(const char *scripts, const char *name,
                       struct problem *problem) {
  char path[4096], *text = NULL;
  const char *why;
  size_t room = 0;
  snprintf(path, sizeof path, "%s/%s", scripts, name);
  FILE *in = whole_file_open(path, &why);
  if (in && getdelim(&text, &room, '\0', in) < 0) {
    why = feof(in) ? "it is empty" : strerror(errno);
    free(text);
    text = NULL;
  }
  if (in)
    fclose(in);
  if (!text)
    problem_failure(problem,
                    "%s could not be read: %s; set CORESWEEP_SCRIPTS to the "
                    "folder of the scripts",
                    path, why);
  return text;
}

/* What nobody who wrote the run's files can have known. */
static int make_nonce(char nonce[static PAGE_NONCE], struct problem *problem) {
  unsigned char bytes[(PAGE_NONCE - 1) / 2];
  if (getrandom(bytes, sizeof bytes, 0) != sizeof bytes)
    return problem_failure(problem, "getrandom: %s", strerror(errno));
  for (size_t i = 0; i < sizeof bytes; i++)
    snprintf(&nonce[2 * i], 3, "%02x", bytes[i]);
  return PROBLEM_NONE;
}

static void write_head(struct page *page, const char *title) {
  fprintf(page->out,
          "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n"
          "<meta charset=\"utf-8\">\n"
          "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src "
          "'none'; style-src 'unsafe-inline'; script-src 'nonce-%s'; img-src "
          "data:; base-uri 'none'; form-action 'none'\">\n"
          "<meta name=\"viewport\" content=\"width=device-width, "
          "initial-scale=1\">\n"
          "<meta name=\"color-scheme\" content=\"light dark\">\n"
          "<link rel=\"icon\" href=\"data:,\">\n",
          page->nonce);
  page_element(page, "title", title);
  fprintf(page->out, "\n<style>\n%s</style>\n</head>\n<body>\n", page->style);
}

int page_open(struct page *page, const char *path, const char *title,
              const char *scripts, struct problem *problem) {
  *page = (struct page){.pictures = 0};
  int status = make_nonce(page->nonce, problem);
  if (!status)
    page->style = read_part(scripts, "page.css", problem);
  if (page->style)
    page->script = read_part(scripts, "page.js", problem);
  if (page->script)
    page->out = output_open(&page->output, path, problem);
  if (page->out) {
    write_head(page, title);
    wrap_for_page(true);
    return PROBLEM_NONE;
  }
  free(page->style);
  free(page->script);
  return PROBLEM_FAILURE;
}

int page_close(struct page *page, int status, struct problem *problem) {
  wrap_for_page(false);
  fprintf(page->out, "<script nonce=\"%s\">\n%s</script>\n</body>\n</html>\n",
          page->nonce, page->script);
  free(page->style);
  free(page->script);
  return output_close(&page->output, page->out, status, problem);
}

/* ---- text ---------------------------------------------------------------- */

/* The bytes that a character stands for in markup; NULL: itself. */
static const char *escape_of(uint32_t code) {
  switch (code) {
  case '&':
    return "&amp;";
  case '<':
    return "&lt;";
  case '>':
    return "&gt;";
  case '"':
    return "&quot;";
  case '\'':
    return "&#39;";
  default:
    return NULL;
  }
}

void page_text(struct page *page, const char *text) {
  while (*text) {
    uint32_t code;
    size_t size = text_character(text, &code);
    bool odd = !size || (code < ' ' && code != '\n' && code != '\t');
    const char *escape = odd ? "\xef\xbf\xbd" : escape_of(code);
    if (escape)
      fputs(escape, page->out);
    else
      fwrite(text, 1, size, page->out);
    text += size ? size : 1;
  }
}

void page_format(struct page *page, const char *format, ...) {
  char *text = NULL;
  va_list list;
  va_start(list, format);
  int length = vasprintf(&text, format, list);
  va_end(list);
  if (length < 0)
    return;
  page_text(page, text);
  free(text);
}

void page_element(struct page *page, const char *markup, const char *text) {
  fprintf(page->out, "<%s>", markup);
  page_text(page, text);
  fprintf(page->out, "</%.*s>", (int)strcspn(markup, " "), markup);
}

const char *page_when(const char *date, char text[static PAGE_WHEN]) {
  static const char *const months[] = {
      "January", "February", "March",     "April",   "May",      "June",
      "July",    "August",   "September", "October", "November", "December"};
  struct tm at = {.tm_year = 0};
  const char *end = strptime(date, "%Y-%m-%dT%H:%M:%SZ", &at);
  if (end && *end == '\0')
    text_print(text, PAGE_WHEN, "%d %s %d, %02d:%02d UTC", at.tm_mday,
               months[at.tm_mon], at.tm_year + 1900, at.tm_hour, at.tm_min);
  else
    text_print(text, PAGE_WHEN, "%s", date);
  return text;
}

/* What stands between two backquotes is code; one alone is a backquote. */
static void write_sentence(struct page *page, const char *text, size_t length) {
  const char *end = text + length;
  while (text < end) {
    const char *from = memchr(text, '`', (size_t)(end - text));
    const char *to =
        from ? memchr(from + 1, '`', (size_t)(end - from - 1)) : NULL;
    const char *stop = to ? from : end;
    page_format(page, "%.*s", (int)(stop - text), text);
    if (to) {
      fputs("<code>", page->out);
      page_format(page, "%.*s", (int)(to - from - 1), from + 1);
      fputs("</code>", page->out);
    }
    text = to ? to + 1 : end;
  }
}

void page_sentence(struct page *page, const char *text) {
  write_sentence(page, text, strlen(text));
}

/* The lines up to the next that begins with no blank, as one paragraph;
 * returns what is behind them. */
static const char *write_paragraph(struct page *page, const char *text) {
  char *words = NULL;
  size_t bytes;
  bool any = false;
  FILE *out = open_memstream(&words, &bytes);
  if (!out)
    return text + strlen(text);
  do {
    size_t length = strcspn(text, "\n"), blanks = strspn(text, " ");
    if (blanks < length)
      fprintf(out, "%s%.*s", any ? "\n" : "", (int)(length - blanks),
              text + blanks);
    any = any || blanks < length;
    text += length + (text[length] == '\n');
  } while (*text == ' ' || *text == '\n');
  if (fclose(out) == 0 && any) {
    fputs("<p>", page->out);
    page_sentence(page, words); /* what is typed may go on in the next line */
    fputs("</p>\n", page->out);
  }
  free(words);
  return text;
}

/* A line's words, without the blanks before them. */
static void write_words(struct page *page, const char *line, size_t length) {
  size_t blanks = strspn(line, " ");
  write_sentence(page, line + blanks, length - blanks);
}

void page_lines(struct page *page, const char *text) {
  for (; *text; text += *text == '\n') {
    size_t length = strcspn(text, "\n");
    if (strspn(text, " ") < length) {
      fputs(*text == ' ' ? "<p class=\"under\">" : "<p>", page->out);
      write_words(page, text, length);
      fputs("</p>\n", page->out);
    }
    text += length;
  }
}

void page_wrapped(struct page *page, const char *text) {
  while (*text)
    text = write_paragraph(page, text);
}

/* ---- tables -------------------------------------------------------------- */

void page_table(struct page *page, const char *name, bool stacked,
                const char *const *heads, size_t count) {
  fputs("<div class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"",
        page->out);
  page_text(page, name);
  fprintf(page->out, "\"><table class=\"numbers%s\">\n<thead><tr>",
          stacked ? " stack" : "");
  for (size_t i = 0; i < count; i++)
    page_element(page, "th scope=\"col\"", heads[i]);
  fputs("</tr></thead>\n<tbody>\n", page->out);
}

void page_table_end(struct page *page) {
  fputs("</tbody></table></div>\n", page->out);
}

void page_table_group(struct page *page, const char *head, size_t columns,
                      bool first) {
  fprintf(page->out,
          "%s<tr class=\"group\"><th scope=\"rowgroup\" colspan=\"%zu\">",
          first ? "" : "</tbody>\n<tbody>", columns);
  page_text(page, head);
  fputs("</th></tr>\n", page->out);
}

void page_cell(struct page *page, const char *head, const char *mark,
               const char *text) {
  bool words = mark && strcmp(mark, "words") == 0;
  const char *interval = words ? NULL : strstr(text, " (");
  fputs("<td", page->out);
  if (head) {
    fputs(" data-head=\"", page->out);
    page_text(page, head);
    fputc('"', page->out);
  }
  if (mark)
    fprintf(page->out, " class=\"%s\"", mark);
  fputc('>', page->out);
  if (interval)
    page_format(page, "%.*s", (int)(interval - text), text);
  else
    page_text(page, text);
  if (interval)
    page_element(page, "small", interval);
  fputs("</td>", page->out);
}

char *page_words(void (*print)(const void *of, FILE *out), const void *of) {
  char *text = NULL;
  size_t bytes;
  FILE *out = open_memstream(&text, &bytes);
  if (!out)
    return NULL;
  print(of, out);
  (void)fclose(out);
  return text;
}
