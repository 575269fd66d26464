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

/* The data of the chart of that name; all of the charts' files go.  Owned. */
static inline char *take_chart(const char *folder, const struct chart *charts,
                               size_t count, const char *name,
                               const char *script) {
  char path[300], *text = calloc(1, DATA_BYTES);
  assert_non_null(text);
  for (size_t i = 0; i < count; i++) {
    snprintf(path, sizeof path, "%s/%s.tsv", folder, charts[i].name);
    FILE *in = fopen(path, "r");
    assert_non_null(in);
    if (strcmp(charts[i].name, name) == 0) {
      assert_string_equal(charts[i].script, script);
      text[fread(text, 1, DATA_BYTES - 1, in)] = '\0';
    }
    fclose(in);
    unlink(path);
  }
  rmdir(folder);
  if (!*text)
    fail_msg("there is no chart %s", name);
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
