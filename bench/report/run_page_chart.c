/* Charts on a page: each picture with its title and notes in words, which are
 * read on any screen; what several of them note, and what the page says
 * elsewhere, is not said again. */
#include "bench/plan/text.h"
#include "bench/plan/whole_file.h"
#include "bench/report/run_page.h"

#include <stdlib.h>
#include <string.h>

enum { NOTES = 60 };

/* A chart that is shown.  Texts are parts of `data`. */
struct figure {
  const struct chart *chart;
  char *picture; /* owned */
  char *data;    /* owned: its file; NULL: the words are in the picture */
  const char *title, *subtitle, *notes[NOTES];
  size_t count; /* of notes */
  char foot[REPORT_LINE];
};

/* ---- words --------------------------------------------------------------- */

/* All of the file; NULL: it is not there. */
static char *read_data(const struct charts *charts, const char *name) {
  char path[4096], *text = NULL;
  const char *why;
  size_t room = 0;
  snprintf(path, sizeof path, "%s/%s.tsv", charts->folder, name);
  FILE *in = whole_file_open(path, &why);
  if (in && getdelim(&text, &room, '\0', in) < 0) {
    free(text);
    text = NULL;
  }
  if (in)
    fclose(in);
  return text;
}

/* A text of the line that begins here, "# key: ..."; NULL: of another. */
static const char *value_of(const char *line, const char *key) {
  size_t length = strlen(key);
  return strncmp(line, "# ", 2) == 0 && strncmp(line + 2, key, length) == 0 &&
                 strncmp(line + 2 + length, ": ", 2) == 0
             ? line + length + 4
             : NULL;
}

static bool is_known(const char *part, size_t length,
                     const char *const known[PAGE_KNOWN]) {
  for (size_t i = 0; i < PAGE_KNOWN; i++)
    if (known[i] && strlen(known[i]) == length &&
        strncmp(known[i], part, length) == 0)
      return true;
  return length == 0;
}

/* The parts of the foot that are not known. */
static void read_foot(const char *foot, const char *const known[PAGE_KNOWN],
                      struct figure *figure) {
  static const char between[] = " · ";
  struct text rest = TEXT_BEGIN(figure->foot);
  while (*foot) {
    const char *end = strstr(foot, between);
    size_t length = end ? (size_t)(end - foot) : strlen(foot);
    if (!is_known(foot, length, known))
      text_add(&rest, "%s%.*s", rest.length > 0 ? between : "", (int)length,
               foot);
    foot += length + (end ? strlen(between) : 0);
  }
  if (rest.length > 0 && figure->count < NOTES)
    figure->notes[figure->count++] = figure->foot;
}

static void read_words(const char *const known[PAGE_KNOWN],
                       struct figure *figure) {
  char *line = figure->data, *rest;
  const char *foot = "";
  while (line && *line) {
    rest = strchr(line, '\n');
    if (rest)
      *rest++ = '\0';
    const char *title = value_of(line, "title"), *note = value_of(line, "note"),
               *subtitle = value_of(line, "subtitle"),
               *under = value_of(line, "foot");
    figure->title = title ? title : figure->title;
    figure->subtitle = subtitle ? subtitle : figure->subtitle;
    foot = under ? under : foot;
    if (note && figure->count < NOTES - 1)
      figure->notes[figure->count++] = note;
    line = rest;
  }
  read_foot(foot, known, figure);
}

/* ---- pictures ------------------------------------------------------------ */

/* Draws it into its own text first: only then it is known what it shows. */
static void read_figure(struct page *page, const struct page_figures *figures,
                        const struct chart *chart, struct figure *figure) {
  char path[4096];
  bool bare = false;
  size_t bytes;
  FILE *out = page->out;
  *figure = (struct figure){.chart = chart};
  snprintf(path, sizeof path, "%s/%s.svg", figures->charts->folder,
           chart->name);
  page->out = open_memstream(&figure->picture, &bytes);
  if (page->out) {
    (void)page_picture(page, path, &bare);
    (void)fclose(page->out);
  }
  page->out = out;
  if (bare)
    figure->data = read_data(figures->charts, chart->name);
  if (figure->data)
    read_words(figures->known, figure);
}

static bool is_of(const struct page_figures *figures,
                  const struct chart *chart) {
  if (figures->of_all)
    return true;
  return chart->workload && figures->workload
             ? strcmp(chart->workload, figures->workload) == 0
             : !chart->workload && !figures->workload;
}

/* Those that show this; NULL: any. */
static size_t read_shown(struct page *page, const struct page_figures *figures,
                         const char *shows, struct figure *list) {
  size_t count = 0;
  for (size_t i = 0; i < figures->charts->count; i++) {
    const struct chart *chart = &figures->charts->list[i];
    if (is_of(figures, chart) && (!shows || strcmp(chart->shows, shows) == 0))
      read_figure(page, figures, chart, &list[count++]);
  }
  return count;
}

/* ---- together ------------------------------------------------------------ */

/* How many of the charts say so. */
static size_t count_said(const struct figure *list, size_t count,
                         const char *note) {
  size_t said = 0;
  for (size_t i = 0; i < count; i++)
    for (size_t n = 0; n < list[i].count; n++)
      said += strcmp(list[i].notes[n], note) == 0;
  return said;
}

static void write_figure(struct page *page, const struct figure *figure,
                         const struct figure *list, size_t count) {
  fprintf(page->out, "<figure class=\"chart\" data-shows=\"%s\">\n",
          figure->chart->shows);
  if (figure->title || figure->subtitle) {
    fputs("<figcaption>", page->out);
    if (figure->title)
      page_element(page, "h3", figure->title);
    if (figure->subtitle)
      page_element(page, "p", figure->subtitle);
    fputs("</figcaption>\n", page->out);
  }
  fputs(figure->picture ? figure->picture : "", page->out);
  for (size_t n = 0; n < figure->count; n++)
    if (count_said(list, count, figure->notes[n]) == 1)
      page_element(page, "p class=\"note\"", figure->notes[n]);
  fputs("</figure>\n", page->out);
}

/* What more than one of them notes, once. */
static void write_shared(struct page *page, const struct figure *list,
                         size_t count) {
  bool any = false;
  for (size_t i = 0; i < count; i++)
    for (size_t n = 0; n < list[i].count; n++) {
      const char *note = list[i].notes[n];
      if (count_said(list, count, note) < 2 || count_said(list, i, note) > 0)
        continue;
      fputs(any ? "" : "<div class=\"notes\">\n", page->out);
      any = true;
      page_element(page, "p", note);
      fputc('\n', page->out);
    }
  fputs(any ? "</div>\n" : "", page->out);
}

void run_page_figures(struct page *page, const struct page_figures *figures) {
  size_t count = 0;
  struct figure *list = figures->charts && figures->charts->count > 0
                            ? calloc(figures->charts->count, sizeof *list)
                            : NULL;
  if (list && !figures->shows)
    count = read_shown(page, figures, NULL, list);
  for (size_t s = 0; list && figures->shows && s < figures->show_count; s++)
    count += read_shown(page, figures, figures->shows[s], list + count);
  fputs(count > 0 ? "<div class=\"charts\">\n" : "", page->out);
  for (size_t i = 0; i < count; i++)
    write_figure(page, &list[i], list, count);
  fputs(count > 0 ? "</div>\n" : "", page->out);
  write_shared(page, list, count);
  for (size_t i = 0; i < count; i++) {
    free(list[i].picture);
    free(list[i].data);
  }
  free(list);
}

void run_page_known(const char *machine, const char *build, const char *date,
                    struct page_figures *figures) {
  enum { DAY = 10 };
  text_print(figures->day, sizeof figures->day, "%.*s", DAY, date ? date : "");
  figures->known[0] = machine;
  figures->known[1] = build;
  figures->known[2] = figures->day;
}
