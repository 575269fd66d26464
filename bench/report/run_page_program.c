/* A program's answer on the page: whether more workers pay, why, and what to
 * do; how it was looked at stands in its own part. */
#include "bench/report/run_page.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

enum { PARTS = 4 };

/* What is said of it, by part. */
struct parts {
  char *text[PARTS]; /* owned: answer, why, act, how */
  size_t bytes[PARTS];
};

static bool read_parts(const struct run_page *run,
                       const struct workload_result *workload,
                       struct parts *parts) {
  FILE *out[PARTS];
  bool open = true;
  *parts = (struct parts){.text = {NULL}};
  for (int i = 0; i < PARTS; i++) {
    out[i] = open_memstream(&parts->text[i], &parts->bytes[i]);
    open = open && out[i];
  }
  const struct said said = {out[0], out[1], out[2], out[3]};
  if (open)
    report_program_said(run->analysis, workload,
                        run->worth ? run->worth : &report_worth_usual, &said);
  for (int i = 0; i < PARTS; i++)
    if (out[i])
      (void)fclose(out[i]);
  return open;
}

static void free_parts(struct parts *parts) {
  for (int i = 0; i < PARTS; i++)
    free(parts->text[i]);
}

/* "name: it pays." began with the name, which stands beside it. */
static void begin_sentence(char *text) {
  if (*text)
    *text = (char)toupper((unsigned char)*text);
}

static void write_part(struct page *page, const char *heading,
                       const char *text) {
  if (!*text)
    return;
  page_element(page, "h4", heading);
  fputs("<ul>\n", page->out);
  for (; *text; text += *text == '\n') {
    size_t length = strcspn(text, "\n"), blanks = strspn(text, " ");
    fputs("<li>", page->out);
    page_format(page, "%.*s", (int)(length - blanks), text + blanks);
    fputs("</li>\n", page->out);
    text += length;
  }
  fputs("</ul>\n", page->out);
}

void run_page_program(struct page *page, const struct run_page *run,
                      const struct workload_result *workload) {
  struct parts parts;
  if (read_parts(run, workload, &parts)) {
    begin_sentence(parts.text[0]);
    fputs("<div class=\"answer\">\n", page->out);
    page_lines(page, parts.text[0]);
    fputs("</div>\n", page->out);
    write_part(page, "Why", parts.text[1]);
    write_part(page, "What to do", parts.text[2]);
  }
  free_parts(&parts);
}

void run_page_program_how(struct page *page, const struct run_page *run,
                          const struct workload_result *workload) {
  struct parts parts;
  if (read_parts(run, workload, &parts))
    page_lines(page, parts.text[3]);
  free_parts(&parts);
}
