/* coresweep overheads: what teams, regions, chunks and transports cost. */
#include "bench/report/overheads.h"
#include "bench/commands/command.h"
#include "bench/commands/conclude.h"
#include "bench/commands/measure.h"
#include "bench/plan/counts.h"
#include "bench/plan/settings.h"
#include "bench/report/run_page.h"
#include "bench/report/wrap.h"
#include "bench/sweep/interrupt.h"
#include "bench/sweep/overheads_plan.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { ROUNDS_LEAST = 6 };

struct overheads_options {
  struct measure measure; /* first: see measure_seen */
  const char *workers;
  uint32_t rounds; /* 0: not given */
  bool quick;
};

static const struct option_spec option_list[] = {
    {OPTION_WORKERS_LIST(struct overheads_options),
     .help = OPTION_WORKERS_LIST_HELP "; 1 is always among them"},
    {OPTION_ROUNDS(struct overheads_options, rounds, 1, 10000),
     .help = "Rounds (10; 6 with --quick)"},
    {OPTION_QUICK(struct overheads_options, quick),
     .help = "Six rounds, fewer item sizes"},
    {0}};

/* ---- what is left of it -------------------------------------------------- */

/* The sentences; NULL: no memory.  Owned. */
static char *sentences_of(const struct overheads *overheads) {
  char *text = NULL;
  size_t bytes;
  FILE *out = open_memstream(&text, &bytes);
  if (!out)
    return NULL;
  overheads_sentences(overheads, out);
  (void)fclose(out);
  return text;
}

static int write_page(const struct overheads *overheads,
                      const struct environment *environment, const char *folder,
                      const struct charts *drawn, struct problem *problem) {
  char scripts[RUN_PATH], title[REPORT_LINE] = "";
  char *sentences = sentences_of(overheads);
  overheads_headline(overheads, title);
  size_t length = strlen(title);
  if (length > 0 && title[length - 1] == '.')
    title[length - 1] = '\0';
  const struct plain_page page = {
      .title = *title ? title : "What teams, regions and chunks cost",
      .sentences = sentences,
      .tables = overheads_page_table,
      .of = overheads,
      .environment = environment,
      .charts = drawn,
      .numbers = "overheads.json",
      .folder = folder,
      .scripts = run_scripts(scripts)};
  int status = plain_page_write(&page, problem);
  free(sentences);
  return status;
}

static int draw(const struct overheads *overheads,
                const struct environment *environment, const char *folder,
                struct problem *problem) {
  char charts[RUN_PATH], scripts[RUN_PATH];
  char shown[TEXT_SHOWN], numbers[TEXT_SHOWN];
  struct charts list = {.folder = charts};
  run_path(folder, "charts", charts);
  if (mkdir(charts, 0777) != 0 && errno != EEXIST)
    return problem_failure(problem, "%s could not be created: %s", charts,
                           strerror(errno));
  int status = overheads_chart_data(overheads, environment, &list, problem);
  if (!status)
    status = report_draw(&list, run_scripts(scripts), problem);
  size_t count = list.count;
  if (status <= 0) {
    int written = write_page(overheads, environment, folder,
                             status ? NULL : &list, problem);
    status = written ? written : status;
  }
  charts_free(&list);
  if (status == -1)
    printf("\nNo charts: gnuplot is not installed.  Numbers: "
           "%s/overheads.json\n",
           text_shown(folder, numbers));
  else if (!status)
    printf("\nCharts: %zu in %s (SVG and PNG).  Numbers: "
           "%s/overheads.json\n",
           count, text_shown(charts, shown), text_shown(folder, numbers));
  if (status <= 0)
    printf("Page: %s/%s\n", text_shown(folder, shown), run_page_name);
  return status == -1 ? PROBLEM_NONE : status;
}

static int report(const struct overheads_options *o, struct problem *problem) {
  char path[RUN_PATH];
  struct overheads overheads;
  const struct measure *measure = &o->measure;
  const char *folder = measure->out;
  int status = overheads_make(&measure->records, measure->machine.usable_cpus,
                              &overheads, problem);
  if (status)
    return status;
  char *said = sentences_of(&overheads);
  overheads_table(&overheads, stdout);
  putchar('\n');
  wrap_lines(said ? said : "", 2, stdout);
  free(said);
  fflush(stdout);
  status = overheads_write(&overheads, run_path(folder, "overheads.json", path),
                           problem);
  if (!status)
    status = draw(&overheads, &measure->environment, folder, problem);
  if (!status)
    status = measure_export(measure, problem);
  overheads_free(&overheads);
  return status;
}

/* ---- the run ------------------------------------------------------------- */

static int choose_counts(const struct overheads_options *o,
                         uint32_t counts[static COUNTS_MAX], size_t *count,
                         struct problem *problem) {
  const struct machine *machine = &o->measure.machine;
  int status = machine_counts(machine, o->workers, counts + 1, COUNTS_MAX - 1,
                              count, problem);
  if (status)
    return status;
  counts[0] = 1; /* what the others are compared with */
  if (counts[1] == 1)
    memmove(counts, counts + 1, *count * sizeof *counts);
  else
    ++*count;
  if (o->quick && !o->workers)
    *count = counts_thin(machine->topology.cores, counts, *count);
  return PROBLEM_NONE;
}

static int measure_plan(struct overheads_options *o,
                        struct overheads_plan *plan, struct problem *problem) {
  static uint32_t counts[COUNTS_MAX];
  struct overheads_scope scope = {.counts = counts, .quick = o->quick};
  uint32_t rounds = o->quick ? OVERHEADS_ROUNDS_QUICK : OVERHEADS_ROUNDS;
  int status = measure_of_plan(
      &o->measure, choose_counts(o, counts, &scope.count_count, problem),
      problem);
  if (!status)
    status = overheads_plan_make(&scope, plan, problem);
  const struct batch batch = {.points = plan->points,
                              .count = plan->count,
                              .rounds = o->rounds ? o->rounds : rounds,
                              .first_round = 1,
                              .least = o->rounds ? 0 : ROUNDS_LEAST,
                              .shuffled = true};
  struct planner_once planner = planner_once(&batch);
  for (size_t i = 0; !status && i < plan->count; i++)
    measure_threads(&o->measure, &plan->points[i].variant,
                    plan->points[i].workers);
  if (!status)
    status = measure_start(&o->measure, "overheads-", NULL, problem);
  if (!status)
    status = measure_run(&o->measure, &planner.base, problem);
  return measure_end(&o->measure, status, problem);
}

static int run(struct overheads_options *o, struct problem *problem) {
  struct overheads_plan plan = {0};
  int status = settings_check(problem);
  if (!status)
    status = machine_discover(&o->measure.machine, problem);
  if (!status)
    status = measure_plan(o, &plan, problem);
  if (!status)
    putchar('\n');
  if (!status)
    status = report(o, problem);
  if (!status)
    status = measure_verdict(&o->measure, false, problem);
  overheads_plan_free(&plan);
  return status;
}

int command_overheads(int argc, char **argv) {
  static const struct options options = {
      .list = option_list,
      .seen = measure_seen,
      .shared = measure_option_list,
      .shared_at = offsetof(struct overheads_options, measure),
      .doc = "Measures what teams, regions, chunks and transports cost here: "
             "start-up, empty regions, round trips, chunks of dynamic "
             "schedules, bytes per second, memory.  Every trial in a fresh "
             "process, in rounds of random order.\vThe run's folder then "
             "holds environment.json, trials.jsonl, overheads.json, charts/ "
             "and report.html, a page with all of it."};
  static struct overheads_options o;
  struct problem problem = {""};
  measure_init(&o.measure, "overheads");
  int status = measure_parse(&o.measure, &options, argc, argv, &problem);
  if (!status)
    status = run(&o, &problem);
  measure_free(&o.measure);
  if (status && interrupt_signal())
    return 128 + interrupt_signal();
  return status ? command_fail("overheads", status, &problem) : 0;
}
