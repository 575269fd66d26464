/* What is put into a page: pictures, and files to save. */
#include "bench/plan/whole_file.h"
#include "bench/report/page.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* ---- pictures ------------------------------------------------------------ */

/* Where a name within a tag begins, that others in the page might have, too. */
static const char *const names[] = {" id='", " id=\"", "href='#", "href=\"#",
                                    "url(#"};

/* The bytes of one of them that stand here; 0: none does. */
static size_t name_at(const char *at, const char *end) {
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    size_t length = strlen(names[i]);
    if ((size_t)(end - at) > length && strncmp(at, names[i], length) == 0)
      return length;
  }
  return 0;
}

/* gnuplot calls a plot by its data, which a browser would show under the
 * pointer: the end of such an element that begins here, or here. */
static const char *skip_plot_name(const char *at, const char *end) {
  static const char *const begins[] = {"<title>$", "<title>gnuplot_plot"};
  static const char close[] = "</title>";
  for (size_t i = 0; i < sizeof begins / sizeof *begins; i++)
    if (strncmp(at, begins[i], strlen(begins[i])) == 0) {
      const char *to = strstr(at, close);
      return to && to < end ? to + strlen(close) : at;
    }
  return at;
}

/* The part of a picture that is shown; height 0: all of it. */
struct plot {
  double top, height;
};

/* The number that stands here, and what is behind it, which is passed. */
static bool read_number(const char **at, const char *behind, double *value) {
  char *end;
  *value = strtod(*at, &end);
  bool found = end != *at && strncmp(end, behind, strlen(behind)) == 0;
  *at = found ? end + strlen(behind) : *at;
  return found;
}

static struct plot find_plot(const char *svg) {
  static const char mark[] = "<g class=\"plot\" data-top=\"";
  const char *at = strstr(svg, mark);
  double top, bottom;
  at = at ? at + strlen(mark) : "";
  if (!read_number(&at, "\" data-bottom=\"", &top) ||
      !read_number(&at, "\"", &bottom))
    return (struct plot){0, 0};
  return top >= 0 && bottom > top && bottom < 1e6
             ? (struct plot){top, bottom - top}
             : (struct plot){0, 0};
}

/* Text that lies outside: the end of its group that begins here, or here. */
static const char *skip_outside(const char *at, const char *end,
                                const struct plot *plot) {
  static const char begin[] = "<g transform=\"translate(", close[] = "</g>";
  double x, y;
  if (plot->height == 0 || strncmp(at, begin, strlen(begin)) != 0)
    return at;
  const char *place = at + strlen(begin);
  if (!read_number(&place, ",", &x) || !read_number(&place, ")", &y) ||
      (y >= plot->top && y <= plot->top + plot->height))
    return at;
  const char *to = strstr(at, close);
  return to && to < end ? to + strlen(close) : at;
}

/* Copies the markup; every id in it, and what refers to it, gets a prefix. */
static void copy_picture(struct page *page, const struct plot *plot,
                         const char *at, const char *end) {
  bool in_tag = false;
  while (at < end) {
    const char *after = in_tag ? at : skip_plot_name(at, end);
    if (!in_tag && after == at)
      after = skip_outside(at, end, plot);
    if (after > at) {
      at = after;
      continue;
    }
    in_tag = *at == '<' || (in_tag && *at != '>');
    size_t name = in_tag ? name_at(at, end) : 0;
    if (name > 0)
      fprintf(page->out, "%.*sp%zu-", (int)name, at, page->pictures);
    else
      fputc(*at, page->out);
    at += name > 0 ? name : 1;
  }
}

/* What stands between the two, from `at` on; false: they are not there. */
static bool find_between(const char *at, const char *before, const char *after,
                         const char **from, size_t *length) {
  const char *begin = strstr(at, before);
  const char *end = begin ? strstr(begin + strlen(before), after) : NULL;
  if (!end)
    return false;
  *from = begin + strlen(before);
  *length = (size_t)(end - *from);
  return true;
}

/* XML's text in a quoted attribute. */
static void write_attribute(struct page *page, const char *text,
                            size_t length) {
  for (size_t i = 0; i < length; i++)
    if (text[i] == '"')
      fputs("&quot;", page->out);
    else if (text[i] == '<' || text[i] == '>')
      fputs(text[i] == '<' ? "&lt;" : "&gt;", page->out);
    else
      fputc(text[i], page->out);
}

/* What of the picture is shown; all of it, where the plot is no part of it. */
static void write_box(struct page *page, const char *box, size_t length,
                      struct plot *plot) {
  double width, height;
  const char *at = strncmp(box, "0 0 ", 4) == 0 ? box + 4 : "";
  if (!read_number(&at, " ", &width) || !read_number(&at, "\"", &height) ||
      plot->top + plot->height > height)
    *plot = (struct plot){0, 0};
  if (plot->height > 0)
    fprintf(page->out, "0 %.1f %g %.1f", plot->top, width, plot->height);
  else
    fprintf(page->out, "%.*s", (int)length, box);
}

static bool write_picture(struct page *page, const char *svg, bool *bare) {
  const char *title, *box, *root, *body, *end = NULL;
  size_t title_length, box_length, root_length;
  if (!find_between(svg, "<svg", ">", &root, &root_length) ||
      !find_between(root, "viewBox=\"", "\"", &box, &box_length) ||
      !find_between(root, "<title>", "</title>", &title, &title_length) ||
      strspn(box, "0123456789. ") != box_length)
    return false;
  /* behind its title and description, which a browser would show */
  body = strstr(title, "</desc>");
  for (const char *at = svg; (at = strstr(at, "</svg>")) != NULL; at++)
    end = at;
  if (!body || !end || end < body)
    return false;
  struct plot plot = find_plot(svg);
  page->pictures++;
  fputs("<svg role=\"img\" viewBox=\"", page->out);
  write_box(page, box, box_length, &plot);
  fputs("\" aria-label=\"", page->out);
  write_attribute(page, title, title_length);
  fputs("\">\n", page->out);
  copy_picture(page, &plot, body + strlen("</desc>"), end);
  *bare = plot.height > 0;
  fputs("</svg>\n", page->out);
  return true;
}

bool page_picture(struct page *page, const char *path, bool *bare) {
  const char *why;
  char *svg = NULL;
  size_t room = 0;
  FILE *in = whole_file_open(path, &why);
  bool written = in && getdelim(&svg, &room, '\0', in) > 0 &&
                 write_picture(page, svg, bare);
  if (in)
    fclose(in);
  free(svg);
  return written;
}

/* ---- files to save ------------------------------------------------------- */

/* Source: RFC 4648, section 4. */
static void write_base64(FILE *in, FILE *out) {
  static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                               "abcdefghijklmnopqrstuvwxyz0123456789+/";
  unsigned char three[3];
  size_t count;
  while ((count = fread(three, 1, sizeof three, in)) > 0) {
    uint32_t bits = 0;
    for (size_t i = 0; i < sizeof three; i++)
      bits = bits << 8 | (i < count ? three[i] : 0);
    for (size_t i = 0; i < 4; i++)
      fputc(i <= count ? digits[bits >> (18 - 6 * i) & 63] : '=', out);
  }
}

bool page_download(struct page *page, const char *folder, const char *name,
                   const char *type) {
  char path[4096];
  const char *why;
  snprintf(path, sizeof path, "%s/%s", folder, name);
  FILE *in = whole_file_open(path, &why);
  struct stat about;
  if (!in || fstat(fileno(in), &about) != 0 || about.st_size > PAGE_FILE_MOST) {
    if (in)
      fclose(in);
    return false;
  }
  fprintf(page->out, "<a download=\"%s\" href=\"data:%s;base64,", name, type);
  write_base64(in, page->out);
  fprintf(page->out, "\">%s</a>", name);
  fclose(in);
  return true;
}
