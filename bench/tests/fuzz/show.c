#include "bench/tests/fuzz/show.h"

#include "bench/report/answer.h"
#include "bench/report/compare.h"
#include "bench/report/programs.h"
#include "bench/tests/fuzz/place.h"

/* What `report` prints. */
static void print(const struct analysis *analysis) {
  FILE *out = place_print();
  report_answer(analysis, NULL, 0, out);
  report_whole(analysis, NULL, out);
  report_bars(analysis, out);
  place_printed(out);
}

static void write_charts(const struct analysis *analysis) {
  struct problem problem = {""};
  struct charts charts = {.folder = place_folder()};
  if (report_csv(analysis, place_path("speedups.csv"), &problem) != 0)
    fuzz_fail("speedups.csv: %s", problem.text);
  if (report_chart_data(analysis, &charts, &problem) != 0)
    fuzz_fail("charts: %s", problem.text);
  charts_free(&charts);
}

static void compare(const struct analysis *analysis) {
  struct problem problem = {""};
  struct charts charts = {.folder = place_folder()};
  struct versus versus;
  const struct comparison comparison = {
      {"results/a", "a", analysis}, {"results/b", "b", analysis}, &versus};
  if (versus_make(analysis, analysis, false, &versus) != 0)
    fuzz_fail("no memory to compare");
  FILE *out = place_print();
  compare_report(&comparison, out);
  place_printed(out);
  if (compare_chart_data(&comparison, &charts, &problem) != 0)
    fuzz_fail("charts of a comparison: %s", problem.text);
  versus_free(&versus);
  charts_free(&charts);
}

static void read_again(const struct analysis *analysis) {
  struct problem problem = {""};
  struct analysis again;
  const char *path = place_path("again.json");
  if (analysis_write(analysis, path, &problem) != 0 ||
      analysis_read(path, &again, &problem) != 0)
    fuzz_fail("an analysis that was written cannot be read: %s", problem.text);
  if (again.result_count != analysis->result_count ||
      again.workload_count != analysis->workload_count)
    fuzz_fail("an analysis that was read again is another one");
  analysis_free(&again);
}

void show_analysis(const struct analysis *analysis) {
  read_again(analysis);
  if (analysis->result_count == 0 || analysis->run.rounds == 0)
    return; /* `report` and `compare` say that no round was measured yet */
  print(analysis);
  write_charts(analysis);
  compare(analysis);
}
