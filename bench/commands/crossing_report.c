/* What breakeven and granularity show. */
#include "bench/commands/crossing_run.h"

#include "bench/commands/conclude.h"
#include "bench/report/crossing.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static void explain(const struct crossing_run *run) {
  if (run->experiment->question == CROSSING_GRANULARITY)
    puts("METG(50%): the serial time of the smallest task at which the workers "
         "reach half\ntheir ideal speed, in the warm region; with 95% "
         "intervals.");
  else
    printf("The smallest size at which %s with that many workers takes no "
           "longer than serial;\nwith 95%% intervals.\n",
           run->program ? "the whole program" : "the warm region");
}

static int draw(const struct crossing_run *run, struct problem *problem) {
  char charts_folder[RUN_PATH], scripts[RUN_PATH];
  struct chart *charts;
  size_t count;
  run_path(run->measure.out, "charts", charts_folder);
  if (mkdir(charts_folder, 0777) != 0 && errno != EEXIST)
    return problem_failure(problem, "%s could not be created: %s",
                           charts_folder, strerror(errno));
  int status = crossing_chart_data(run->cases, run->case_count,
                                   &run->measure.environment, charts_folder,
                                   &charts, &count, problem);
  if (status)
    return status;
  status =
      report_draw(charts, count, charts_folder, run_scripts(scripts), problem);
  free(charts);
  if (status == -1)
    printf("\nNo charts: gnuplot is not installed.  Their data: %s/*.tsv\n",
           charts_folder);
  else if (!status)
    printf("\nCharts: %zu in %s (SVG and PNG).  Numbers: %s/%s.json\n", count,
           charts_folder, run->measure.out, run->experiment->name);
  return status == -1 ? PROBLEM_NONE : status;
}

int crossing_run_report(const struct crossing_run *run,
                        struct problem *problem) {
  char name[40], path[RUN_PATH];
  snprintf(name, sizeof name, "%s.json", run->experiment->name);
  int status = crossing_write(run->cases, run->case_count,
                              run_path(run->measure.out, name, path), problem);
  if (status)
    return status;
  putchar('\n');
  crossing_table(run->cases, run->case_count, stdout);
  explain(run);
  putchar('\n');
  crossing_sentences(run->cases, run->case_count, stdout);
  return draw(run, problem);
}
