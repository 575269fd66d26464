/* coresweep probe: what the machine can do at most: bytes, additions, cycles a
 * second, per worker count. */
#include "bench/report/probe.h"
#include "bench/commands/command.h"
#include "bench/commands/conclude.h"
#include "bench/commands/measure.h"
#include "bench/plan/counts.h"
#include "bench/plan/settings.h"
#include "bench/plan/text.h"
#include "bench/plan/vectors.h"
#include "bench/report/run_page.h"
#include "bench/sweep/interrupt.h"
#include "bench/sweep/probe_plan.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

enum { ROUNDS_LEAST = 6 };

struct probe_options {
  struct measure measure; /* first: see measure_seen */
  const char *workers;
  uint32_t rounds;
  bool rounds_given;
};

static const struct option_spec option_list[] = {
    {OPTION_WORKERS_LIST(struct probe_options),
     .help = OPTION_WORKERS_LIST_HELP},
    {OPTION_ROUNDS(struct probe_options, rounds, 1, 10000),
     OPTION_GIVEN(struct probe_options, rounds_given), .help = "Rounds (10)"},
    {0}};

static void print_vectors(const void *of, FILE *out) {
  (void)of;
  probe_vectors(KERNEL_VECTOR_BYTES, vectors_machine_bytes(), out);
}

static int write_page(const struct measure *measure,
                      const struct probe_found *found,
                      struct problem *problem) {
  char scripts[RUN_PATH], shown[TEXT_SHOWN], title[REPORT_LINE];
  char *vectors = page_words(print_vectors, found);
  probe_headline(found->plan, found->rates, title);
  const struct plain_page page = {
      .title = *title ? title : "What this machine can do at most",
      .sentences = vectors,
      .tables = probe_page_tables,
      .of = found,
      .environment = &measure->environment,
      .numbers = "probe.json",
      .folder = measure->out,
      .scripts = run_scripts(scripts)};
  int status = plain_page_write(&page, problem);
  free(vectors);
  if (!status)
    printf("\nPage: %s/%s\n", text_shown(measure->out, shown), run_page_name);
  return status;
}

static int report(const struct probe_options *o, const struct probe_plan *plan,
                  uint32_t rounds, struct problem *problem) {
  char path[RUN_PATH];
  const struct measure *measure = &o->measure;
  struct interval *rates = malloc((plan->count + 1) * sizeof *rates);
  if (!rates)
    return problem_failure(problem, "out of memory");
  int status = rates_make(plan, &measure->records, rates, problem);
  if (!status) {
    printf("Medians of %" PRIu32 " rounds with their 95%% intervals.\n",
           rounds);
    probe_table(plan, rates, stdout);
    probe_vectors(KERNEL_VECTOR_BYTES, vectors_machine_bytes(), stdout);
    status = probe_write(plan, rates, rounds,
                         run_path(measure->out, "probe.json", path), problem);
    const struct probe_found found = {plan, rates};
    if (!status)
      status = write_page(measure, &found, problem);
    if (!status)
      status = measure_export(measure, problem);
  }
  free(rates);
  return status;
}

/* The rounds that there are: a budget may have ended them. */
static uint32_t rounds_of(const struct records *records) {
  int64_t rounds = 0;
  for (size_t i = 0; i < records->count; i++)
    rounds = records->list[i].round > rounds ? records->list[i].round : rounds;
  return (uint32_t)rounds;
}

static int run(struct probe_options *o, struct probe_plan *plan,
               struct problem *problem) {
  static uint32_t counts[COUNTS_MAX];
  size_t count = 0;
  struct measure *measure = &o->measure;
  int status = settings_check(problem);
  if (!status)
    status = machine_discover(&measure->machine, problem);
  if (!status)
    status =
        measure_of_plan(measure,
                        machine_counts(&measure->machine, o->workers, counts,
                                       COUNTS_MAX, &count, problem),
                        problem);
  if (!status)
    status = probe_plan_make(&measure->machine, counts, count, plan, problem);
  const struct batch batch = {.points = plan->points,
                              .count = plan->count,
                              .rounds = o->rounds,
                              .first_round = 1,
                              .least = o->rounds_given ? 0 : ROUNDS_LEAST,
                              .shuffled = true};
  struct planner_once planner = planner_once(&batch);
  for (size_t i = 0; !status && i < plan->count; i++)
    measure_threads(measure, &plan->points[i].variant, plan->points[i].workers);
  if (!status)
    status = measure_start(measure, "probe-", NULL, problem);
  if (!status)
    status = measure_run(measure, &planner.base, problem);
  status = measure_end(measure, status, problem);
  if (!status)
    status = report(o, plan, rounds_of(&measure->records), problem);
  return status ? status : measure_verdict(measure, false, problem);
}

int command_probe(int argc, char **argv) {
  static const struct options options = {
      .list = option_list,
      .seen = measure_seen,
      .shared = measure_option_list,
      .shared_at = offsetof(struct probe_options, measure),
      .doc = "Measures what the machine can do at most, per worker count: "
             "bytes read, written, copied, and read and written 5:1, in each "
             "cache and in memory; 64-bit additions with the vectors that the "
             "compiler was told of; cycles.  Every trial in a fresh process, "
             "in rounds of random order.\vThe run's folder then holds "
             "environment.json, trials.jsonl, probe.json and report.html."};
  static struct probe_options o = {.rounds = PROBE_ROUNDS};
  struct probe_plan plan = {0};
  struct problem problem = {""};
  measure_init(&o.measure, "probe");
  int status = measure_parse(&o.measure, &options, argc, argv, &problem);
  if (!status)
    status = run(&o, &plan, &problem);
  probe_plan_free(&plan);
  measure_free(&o.measure);
  if (status && interrupt_signal())
    return 128 + interrupt_signal();
  return status ? command_fail("probe", status, &problem) : 0;
}
