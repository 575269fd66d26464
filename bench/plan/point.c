#include "bench/plan/point.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

bool point_is_serial(const struct point *point) {
  return notation_is_serial(&point->variant);
}

void point_make_cold(struct point *point) {
  point->warmups = point->iterations = point->blocks = 0;
  point->unit = point->sharers = 0;
  point->counts = point->team_workers = 0;
  point->beside = NULL;
  point->region_alone = false;
}

const char *point_text(const struct point *point,
                       char text[static POINT_TEXT]) {
  char variant[NOTATION_LENGTH], brief[TEXT_BRIEF];
  notation_format_variant(&point->variant, variant);
  text_print(text, POINT_TEXT, "%s, %s, %" PRIu32 " worker%s",
             text_brief(point->workload->name, 100, brief), variant,
             point->workers, point->workers == 1 ? "" : "s");
  return text;
}
