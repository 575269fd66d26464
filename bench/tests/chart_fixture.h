/* chart_fixture.h: the data of charts, as it was written.  To be included after
 * cmocka.h. */
#ifndef CORESWEEP_CHART_FIXTURE_H
#define CORESWEEP_CHART_FIXTURE_H

#include "bench/report/report.h"
#include "bench/tests/text_fixture.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { DATA_BYTES = 1 << 16 };

/* The data of the chart of that name (NULL: the first); all of the charts and
 * their folder go.  Owned. */
static inline char *take_chart(struct charts *charts, const char *name,
                               const char *script) {
  char path[300], *text = calloc(1, DATA_BYTES);
  assert_non_null(text);
  for (size_t i = 0; i < charts->count; i++) {
    const struct chart *chart = &charts->list[i];
    snprintf(path, sizeof path, "%s/%s.tsv", charts->folder, chart->name);
    FILE *in = fopen(path, "r");
    assert_non_null(in);
    if (name ? strcmp(chart->name, name) == 0 : i == 0) {
      assert_string_equal(chart->script, script);
      text[fread(text, 1, DATA_BYTES - 1, in)] = '\0';
    }
    fclose(in);
    unlink(path);
  }
  assert_int_equal(rmdir(charts->folder), 0);
  if (!*text)
    fail_msg("there is no chart %s", name ? name : "at all");
  charts_free(charts);
  return text;
}

/* All of the lines, each whole. */
static inline void has_lines(const char *text, const char *const lines[]) {
  char line[400];
  for (; *lines; lines++) {
    snprintf(line, sizeof line, "\n%s\n", *lines);
    has(text, line);
  }
}

#endif
