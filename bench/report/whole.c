/* All that stands in the terminal with `report --full`. */
#include "bench/report/answer.h"
#include "bench/report/programs.h"
#include "bench/report/report.h"
#include "bench/report/wrap.h"

#include <inttypes.h>
#include <stdlib.h>

/* Where the cores' time went, of every point of which it is told. */
static void print_losses(const struct analysis *analysis, FILE *out) {
  char name[REPORT_NAME];
  for (size_t i = 0; i < analysis->result_count; i++) {
    const struct result *r = &analysis->results[i];
    const struct workload_result *workload = analysis_workload_of(analysis, r);
    char *text = NULL;
    size_t bytes;
    FILE *loss = workload ? open_memstream(&text, &bytes) : NULL;
    if (loss) {
      answer_loss(r, loss);
      (void)fclose(loss);
    }
    if (text && *text)
      fprintf(out, "%s, %s on %" PRId64 ":%s\n", report_name(workload, name),
              r->requested, r->workers, text);
    free(text);
  }
}

static void print_all(const struct analysis *analysis,
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
  print_losses(analysis, out);
  report_score(analysis, out);
  report_advice(analysis, out);
  report_comparisons(analysis, out);
  fputc('\n', out);
  report_method(analysis, out);
  report_cross_check(analysis, out);
}

void report_whole(const struct analysis *analysis,
                  const struct report_worth *worth, FILE *out) {
  char *text = NULL;
  size_t bytes;
  FILE *all = open_memstream(&text, &bytes);
  if (!all)
    return;
  print_all(analysis, worth, all);
  if (fclose(all) == 0)
    wrap_fold(text, out);
  free(text);
}
