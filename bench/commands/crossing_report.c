/* What breakeven and granularity show. */
#include "bench/commands/crossing_run.h"

#include "bench/commands/command.h"
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
  char path[RUN_PATH], charts_folder[RUN_PATH], scripts[RUN_PATH];
  struct environment environment;
  struct chart *charts;
  size_t count;
  run_path(run->out, "charts", charts_folder);
  if (mkdir(charts_folder, 0777) != 0 && errno != EEXIST)
    return problem_failure(problem, "%s could not be created: %s",
                           charts_folder, strerror(errno));
  int status = environment_read(run_path(run->out, "environment.json", path),
                                &environment, problem);
  if (status)
    return status;
  status = crossing_chart_data(run->cases, run->case_count, &environment,
                               charts_folder, &charts, &count, problem);
  fields_free(environment_fields, &environment);
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
           charts_folder, run->out, run->experiment->name);
  return status == -1 ? PROBLEM_NONE : status;
}

int crossing_run_report(const struct crossing_run *run) {
  char name[40], path[RUN_PATH];
  struct problem problem = {""};
  snprintf(name, sizeof name, "%s.json", run->experiment->name);
  int status = crossing_write(run->cases, run->case_count,
                              run_path(run->out, name, path), &problem);
  if (!status) {
    crossing_table(run->cases, run->case_count, stdout);
    explain(run);
    putchar('\n');
    crossing_sentences(run->cases, run->case_count, stdout);
    status = draw(run, &problem);
  }
  return status ? command_fail(run->experiment->name, status, &problem) : 0;
}
