/* All that stands in the terminal. */
#include "bench/report/programs.h"
#include "bench/report/report.h"

void report_whole(const struct analysis *analysis,
                  const struct report_worth *worth, FILE *out) {
  if (analysis->run.busy)
    fprintf(out, "%s\n\n", analysis->run.busy);
  if (report_is_of_programs(analysis)) {
    report_programs(analysis, worth ? worth : &report_worth_usual, out);
    return;
  }
  report_table(analysis, out);
  report_roofline(analysis, out);
  fputc('\n', out);
  report_sentences(analysis, out);
  report_score(analysis, out);
  report_advice(analysis, out);
  report_comparisons(analysis, out);
  fputc('\n', out);
  report_method(analysis, out);
  report_cross_check(analysis, out);
}
