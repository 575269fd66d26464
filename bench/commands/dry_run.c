#include "bench/commands/dry_run.h"

#include "bench/plan/notation.h"

json_t *dry_run_row(const struct point *point, const char *command) {
  char variant[NOTATION_LENGTH];
  notation_format_variant(&point->variant, variant);
  json_t *row = json_pack(
      "{s:s, s:s, s:I, s:o}", "workload", point->workload->name, "variant",
      variant, "workers", (json_int_t)point->workers, "size",
      point->size ? json_integer((json_int_t)point->size) : json_null());
  if (row && command) {
    json_object_set_new(row, "observed", json_boolean(point->observed));
    json_object_set_new(row, "command", json_string(command));
  }
  return row;
}

int dry_run_export(json_t *rows, uint32_t rounds, const struct export_as *as,
                   struct problem *problem) {
  json_t *json =
      json_pack("{s:I, s:O?}", "rounds", (json_int_t)rounds, "points", rows);
  int status = json && rows ? export_rows(json, rows, as, stdout, problem)
                            : problem_failure(problem, "out of memory");
  json_decref(json);
  json_decref(rows);
  return status;
}
