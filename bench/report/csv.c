/* speedups.csv: a line per result, columns as result_fields says. */
#include "bench/report/report.h"

#include <errno.h>
#include <string.h>

int report_csv(const struct analysis *analysis, const char *path,
               struct problem *problem) {
  FILE *out = fopen(path, "we");
  if (!out)
    return problem_failure(problem, "%s: %s", path, strerror(errno));
  fields_csv_header(result_fields, out);
  for (size_t i = 0; i < analysis->result_count; i++)
    fields_csv_row(result_fields, &analysis->results[i], out);
  int failed = ferror(out);
  failed = fclose(out) != 0 || failed;
  if (failed)
    return problem_failure(problem, "%s could not be written: %s", path,
                           strerror(errno));
  return PROBLEM_NONE;
}
