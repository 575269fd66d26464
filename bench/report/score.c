/* How well programs were predicted: one line. */
#include "bench/analyze/score.h"
#include "bench/report/numbers.h"
#include "bench/report/report.h"

void report_score(const struct analysis *analysis, FILE *out) {
  const struct scores scores = score_make(analysis);
  char law[NUMBER_LENGTH], one[NUMBER_LENGTH], ideal[NUMBER_LENGTH];
  if (scores.points == 0)
    return;
  fprintf(out,
          "Predicted before the rounds, at %zu point%s: Amdahl's law is off by "
          "%s in the mean, S = 1 by %s, S = workers by %s; within the measured "
          "interval at %zu, %zu and %zu.\n",
          scores.points, scores.points == 1 ? "" : "s",
          number_percent(scores.law.off, law),
          number_percent(scores.one.off, one),
          number_percent(scores.ideal.off, ideal), scores.law.held,
          scores.one.held, scores.ideal.held);
}
