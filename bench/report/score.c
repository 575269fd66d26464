/* How well programs and regions were predicted: a line each. */
#include "bench/analyze/score.h"
#include "bench/report/numbers.h"
#include "bench/report/report.h"

static void print_score(const struct scores *scores, const char *begin,
                        const char *law, FILE *out) {
  char off[NUMBER_LENGTH], one[NUMBER_LENGTH], ideal[NUMBER_LENGTH];
  if (scores->points == 0)
    return;
  fprintf(out,
          "%s, at %zu point%s: %s is off by %s in the mean, S = 1 by %s, S = "
          "workers by %s; within the measured interval at %zu, %zu and %zu.\n",
          begin, scores->points, scores->points == 1 ? "" : "s", law,
          number_percent(scores->law.off, off),
          number_percent(scores->one.off, one),
          number_percent(scores->ideal.off, ideal), scores->law.held,
          scores->one.held, scores->ideal.held);
}

void report_score(const struct analysis *analysis, FILE *out) {
  const struct scores programs = score_make(analysis),
                      regions = score_regions(analysis),
                      overheads = score_overheads(analysis);
  print_score(&programs, "Predicted before the rounds", "Amdahl's law", out);
  print_score(&regions, "Of regions", "the schedule's bound", out);
  print_score(&overheads, "Probed on several workers before the rounds",
              "that bound with what teams and chunks cost", out);
}
