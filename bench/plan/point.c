#include "bench/plan/point.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

bool point_is_serial(const struct point *point) {
  return notation_is_serial(&point->variant);
}

const char *point_text(const struct point *point,
                       char text[static POINT_TEXT]) {
  char variant[NOTATION_LENGTH];
  notation_format_variant(&point->variant, variant);
  snprintf(text, POINT_TEXT, "%.100s, %s, %" PRIu32 " worker%s",
           point->workload->name, variant, point->workers,
           point->workers == 1 ? "" : "s");
  return text;
}
