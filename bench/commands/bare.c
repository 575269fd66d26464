/* coresweep bare: what the system itself takes, to compare with. */
#include "bench/trial/bare.h"
#include "bench/analyze/stats.h"
#include "bench/commands/command.h"
#include "bench/commands/options.h"
#include "bench/commands/placement.h"
#include "bench/plan/machine.h"
#include "bench/report/numbers.h"
#include "bench/trial/openmp_env.h"
#include "bench/trial/trial.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { REPETITIONS = 1000, REPETITIONS_MOST = 1000000 };

static const struct kind {
  const char *name;
  int (*run)(const struct bare_request *request, double *seconds,
             struct problem *problem);
  uint32_t repetitions; /* where nobody says */
  bool openmp;
  const char *what;
} kinds[] = {
    {"pingpong", bare_pingpong, 20, false,
     "a round trip between two processes, through two futex words"},
    {"region", bare_region, REPETITIONS, true,
     "an empty `#pragma omp parallel`"},
    {"loop", bare_loop, REPETITIONS, true,
     "an empty `omp for schedule(static) nowait` in an `omp parallel`"},
};

struct bare_options {
  const struct kind *kind;
  const char *cpus;
  bool json;
  struct bare_request request; /* zeros: not given */
  int cpu_list[TRIAL_WORKERS];
};

static const struct option_spec option_list[] = {
    {.name = "cpus",
     .arg = "LIST",
     .help = "Bind to these CPUs, as in 0,1 (those that a trial would take)",
     OPTION_TEXT(struct bare_options, cpus)},
    {.name = "workers",
     .letter = 'w',
     .arg = "P",
     .help = "Threads of the region (one per usable CPU)",
     OPTION_COUNT(struct bare_options, request.workers, 1, TRIAL_WORKERS - 1)},
    {.name = "repetitions",
     .arg = "N",
     .help = "Timed regions (1000), or thousands of round trips (20); the "
             "value is their lower median",
     OPTION_COUNT(struct bare_options, request.repetitions, 1,
                  REPETITIONS_MOST)},
    {OPTION_JSON(struct bare_options)},
    {0}};

static const struct kind *find_kind(const char *name) {
  for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
    if (strcmp(kinds[i].name, name) == 0)
      return &kinds[i];
  return NULL;
}

static void read_kind(void *input, const char *text, struct argp_state *state) {
  struct bare_options *o = input;
  if (o->kind)
    argp_error(state, "unexpected argument '%s'", text);
  o->kind = find_kind(text);
  if (!o->kind)
    argp_error(state, "no kind '%s': want pingpong, region or loop", text);
}

static void check_kind(void *input, struct argp_state *state) {
  const struct bare_options *o = input;
  if (!o->kind)
    argp_error(state, "KIND is missing: want pingpong, region or loop");
}

static void print(const struct bare_options *o, double median_s) {
  char text[NUMBER_LENGTH];
  if (o->json)
    printf("{\"kind\":\"%s\",\"workers\":%" PRIu32 ",\"repetitions\":%" PRIu32
           ",\"median_s\":%.9g}\n",
           o->kind->name, o->request.workers, o->request.repetitions, median_s);
  else
    printf("%s: %s (lower median of %" PRIu32 ")\n", o->kind->what,
           number_time(median_s, text), o->request.repetitions);
}

static int run(struct bare_options *o, struct problem *problem) {
  double *seconds = calloc(o->request.repetitions, sizeof *seconds);
  if (!seconds)
    return problem_failure(problem, "out of memory");
  int status = o->kind->run(&o->request, seconds, problem);
  if (!status) {
    stats_sort(seconds, o->request.repetitions);
    print(o, stats_lower_median(seconds, o->request.repetitions));
  }
  free(seconds);
  return status;
}

int command_bare(int argc, char **argv) {
  static const struct options options = {
      .list = option_list,
      .arguments = "KIND",
      .argument = read_kind,
      .end = check_kind,
      .doc = "Times a bare loop, to compare the execution models with: "
             "pingpong (two processes and two futex words; compare pool:apply "
             "on one worker), region (an empty `#pragma omp parallel`; compare "
             "pool on the null kernel) or loop (with an `omp for` over as many "
             "empty iterations as threads in it, the directives of omp:static; "
             "compare omp on the null kernel).\vOMP_WAIT_POLICY says "
             "how the region's threads wait (passive)."};
  static struct bare_options o = {.request.cpus = o.cpu_list};
  struct problem problem = {""};
  options_parse(&options, "bare", argc, argv, &o);
  int status = openmp_env_check(&problem);
  if (!status)
    status = placement_choose(o.cpus, "cores", o.cpu_list,
                              &o.request.usable_cpus, &problem);
  if (!o.request.repetitions)
    o.request.repetitions = o.kind->repetitions;
  if (!o.request.workers)
    o.request.workers = o.kind->openmp ? o.request.usable_cpus : 1;
  if (!status)
    status = machine_admits(o.request.usable_cpus, o.request.workers, false,
                            &problem);
  if (!status && o.kind->openmp)
    openmp_env_settle(argv - 1);
  if (!status)
    status = run(&o, &problem);
  return status ? command_fail("bare", status, &problem) : 0;
}
