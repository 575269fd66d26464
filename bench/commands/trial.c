/* coresweep trial: one point, once, in this process. */
#include "bench/commands/command.h"
#include "bench/commands/export.h"
#include "bench/commands/options.h"
#include "bench/commands/placement.h"
#include "bench/commands/trial_print.h"
#include "bench/commands/workload_options.h"
#include "bench/plan/machine.h"
#include "bench/plan/output.h"
#include "bench/plan/plan.h"
#include "bench/plan/settings.h"
#include "bench/record/from_trial.h"
#include "bench/report/trace.h"
#include "bench/trial/openmp_env.h"
#include "bench/trial/variants/variant.h"
#include "bench/trial/watch.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

struct trial_options {
  struct workload_options workload;
  const char *variant, *beside, *trace;
  struct placement_words words;
  struct placement placement;
  struct trial_request request;
  struct variant_spec beside_spec, also_specs[TRIAL_SHARERS];
  uint32_t counts[TRIAL_SHARERS]; /* of the trial's own, and of those */
  bool oversubscribe;
  struct export_as as;
  bool openmp; /* the variant's workers are OpenMP threads */
};

static void read_expect(void *input, const char *text,
                        struct argp_state *state) {
  struct trial_request *request = &((struct trial_options *)input)->request;
  request->expect = text;
  if (strlen(text) != 16 || strspn(text, "0123456789abcdef") != 16)
    options_refuse(
        state, "--expect %s: want the 16 hexadecimal digits of a digest", text);
}

static void read_also(void *input, const char *text, struct argp_state *state) {
  struct trial_options *o = input;
  struct problem problem;
  if (o->request.also_count + 1 == TRIAL_SHARERS)
    options_refuse(state, "--also: at most %d share a trial", TRIAL_SHARERS);
  struct variant_spec *also = &o->also_specs[o->request.also_count++];
  char variant[NOTATION_LENGTH];
  size_t length = strcspn(text, "/");
  uint64_t workers = 0; /* as many as the trial's own */
  bool counted =
      text[length] == '\0' ||
      (notation_parse_count(text + length + 1, TRIAL_WORKERS, &workers) &&
       workers > 0);
  text_print(variant, sizeof variant, "%.*s", (int)length, text);
  if (!counted)
    options_refuse(state, "--also %s: want workers from 1 to %d after the /",
                   text, TRIAL_WORKERS);
  o->counts[o->request.also_count] = (uint32_t)workers;
  if (length >= sizeof variant ||
      notation_parse_variant(variant, also, &problem) != 0)
    options_refuse(state, "--also: %s", problem.text);
}

static const struct option_spec option_list[] = {
    {.name = "variant",
     .letter = 'v',
     .arg = "TEAM[:SCHEDULE[,CHUNK]][@TRANSPORT]",
     .help = "How it is run (serial)",
     OPTION_TEXT(struct trial_options, variant)},
    {.name = "workers",
     .letter = 'w',
     .arg = "P",
     .help = "Workers (1)",
     OPTION_COUNT(struct trial_options, request.workers, 1, TRIAL_WORKERS)},
    {.name = "cpus",
     .arg = "LIST",
     .help = "Bind worker i to the i-th CPU of the list, as in 0,1 or 0-3",
     OPTION_TEXT(struct trial_options, words.cpus)},
    {.name = "nodes",
     .arg = "LIST",
     .help = "The NUMA node of each CPU of --cpus, as in 0,0,1,1: input and "
             "result lie where their workers run (by default where they are "
             "touched; without --cpus, as the machine tells)",
     OPTION_TEXT(struct trial_options, words.nodes)},
    {.name = "builders",
     .arg = "N",
     .help = "Threads that build a large input (1: serial, as a program does)",
     OPTION_COUNT(struct trial_options, request.builders, 1, TRIAL_WORKERS)},
    {.name = "bind",
     .arg = "HOW",
     .help = "Without --cpus: " OPTION_BIND_HELP,
     OPTION_TEXT(struct trial_options, words.bind),
     OPTION_CHOICES(machine_bind_names)},
    {.name = "iterations",
     .arg = "M",
     .help = "Timed regions after the first (5); the trial's value is their "
             "lower median",
     OPTION_COUNT(struct trial_options, request.iterations, 0,
                  TRIAL_ITERATIONS)},
    {.name = "warmups",
     .arg = "M",
     .help = "Regions between the first and the timed ones (1); with --beside, "
             "turns of two and two (1; 4 where memory is moved)",
     OPTION_COUNT(struct trial_options, request.warmups, 0, TRIAL_ITERATIONS)},
    {.name = "repeat",
     .arg = "R",
     .help = "Regions of the program, the first and those right after it (as "
             "the workload says, repeat=R; else 1)",
     OPTION_COUNT(struct trial_options, request.repeat, 1, WORKLOAD_REPEAT)},
    {.name = "expect",
     .arg = "DIGEST",
     .help = "The digest that the result must have; without it, the result is "
             "verified in full",
     OPTION_READ(read_expect)},
    {OPTION_TOUCH(struct trial_options, request.serial_touch),
     .help = "Who touches the result's memory first: workers (default) or "
             "serial"},
    {OPTION_OVERSUBSCRIBE(struct trial_options, oversubscribe)},
    {OPTION_TIMEOUT(struct trial_options, request.timeout_s),
     .help = "A trial that takes longer has failed (60s)"},
    {.name = "no-stamps",
     .help = "Take no stamps of the workers: for regions of a microsecond, "
             "which they would dominate",
     OPTION_FLAG(struct trial_options, request.stampless)},
    {.name = "beside",
     .arg = "VARIANT",
     .help = "Regions in turns with those of this form, on the same memory: "
             "serial, on each CPU in use; or omp:static and textbook, on the "
             "same threads",
     OPTION_TEXT(struct trial_options, beside)},
    {.name = "blocks",
     .arg = "B",
     .help = "Blocks of such turns, instead of --iterations (2; 4 where memory "
             "is moved)",
     OPTION_COUNT(struct trial_options, request.blocks, 1, TRIAL_BLOCKS)},
    {.name = "also",
     .arg = "VARIANT[/WORKERS]",
     .help = "Another schedule of the team, or the team with fewer workers, "
             "which shares the trial: its regions take turns, too, and it "
             "gives a record of its own (several times, the most workers "
             "first; beside serial)",
     OPTION_READ(read_also)},
    {.name = "first-cpu",
     .arg = "W",
     .help = "Serial regions beside others begin on worker W's CPU (0)",
     OPTION_COUNT(struct trial_options, request.first_cpu, 0, TRIAL_WORKERS)},
    {.name = "weigh",
     .help = "Measure the team's memory (PSS), after the regions",
     OPTION_FLAG(struct trial_options, request.weigh)},
    {.name = "profile",
     .arg = "N",
     .help = "Then also time the region in N equal blocks of its items, up to "
             "three times (serial alone): how even its work is",
     OPTION_COUNT(struct trial_options, request.profile, 1, TRIAL_PROFILE)},
    {.name = "trace",
     .arg = "FILE",
     .help = "Also write the trial's phases, and a track for each worker in "
             "the region that counts, for https://ui.perfetto.dev (Chrome's "
             "trace format)",
     OPTION_TEXT(struct trial_options, trace)},
    OPTIONS_EXPORT(struct trial_options, as),
    {0}};

#define NOT_GIVEN UINT32_MAX

static int settle_regions(struct trial_options *o, struct problem *problem) {
  struct trial_request *request = &o->request;
  bool beside = request->beside != NULL;
  if (beside && request->iterations != NOT_GIVEN)
    return problem_usage(problem, "--iterations with --beside: its regions lie "
                                  "in blocks; give --blocks instead");
  if (request->iterations == NOT_GIVEN)
    request->iterations = beside ? 0 : 5;
  if (request->warmups == NOT_GIVEN)
    request->warmups =
        beside ? plan_turns(request->workload, PLAN_BLOCKS) : PLAN_WARMUPS;
  if (beside && request->blocks == 0)
    request->blocks = plan_blocks(request->workload, PLAN_BLOCKS);
  return PROBLEM_NONE;
}

static int resolve_variant(struct trial_options *o, struct problem *problem) {
  const struct variant *variant = NULL;
  int status = settings_check(problem);
  if (!status)
    status = notation_parse_variant(o->variant, &o->request.variant, problem);
  if (!status)
    status = variant_resolve(&o->request.variant, &variant, problem);
  if (!status && o->beside) {
    status = notation_parse_variant(o->beside, &o->beside_spec, problem);
    o->request.beside = &o->beside_spec;
  }
  o->request.also = o->also_specs;
  o->request.counts = o->counts;
  o->counts[0] = o->request.workers;
  for (uint32_t i = 1; i <= o->request.also_count; i++)
    if (o->counts[i] == 0)
      o->counts[i] = o->request.workers;
  o->openmp = !status && variant && variant->openmp;
  return status;
}

static int resolve(struct trial_options *o, struct problem *problem) {
  int status = workload_options_resolve(&o->workload, "trial",
                                        o->request.timeout_s, problem);
  if (status)
    return status;
  o->request.workload = &o->workload.workload;
  o->request.size = o->workload.size;
  o->request.seed = o->workload.seed;
  o->request.input = workload_options_input(&o->workload);
  status = placement_choose(&o->words, &o->placement, problem);
  o->request.cpus = o->placement.cpus;
  o->request.usable_cpus = o->placement.usable_cpus;
  o->request.nodes = o->placement.placeable ? o->placement.nodes : NULL;
  if (!status && o->request.cpus[0] >= 0) {
    const char *cpus = o->words.cpus;
    char how[80];
    snprintf(how, sizeof how, "--%s %s", cpus ? "cpus" : "bind",
             cpus ? cpus : o->words.bind);
    status = machine_may_bind(BIND_CORES, how, problem);
  }
  if (!status)
    status = settle_regions(o, problem);
  if (!status && o->openmp)
    status = settings_check_threads(o->request.workers, problem);
  if (status)
    return status;
  return machine_admits(o->request.usable_cpus, o->request.workers,
                        o->oversubscribe || o->request.workload->kernel->waits,
                        problem);
}

/* The record of a trial that could not go on, as it is to be printed around
 * what went wrong.  Returns the line, cut in two, to be released with free, or
 * NULL: no memory. */
static char *record_around(const struct trial_options *o, char **after) {
  static const struct trial_result nothing = {.checked = false};
  static const char cut[] = "\"error\":\"@";
  struct problem problem = {"@"};
  struct record record;
  record_of_request(&o->request, o->workload.input, &record);
  record_of_result(&o->request, &nothing, PROBLEM_FAILURE, &problem, &record);
  char *line = record_format_trial(&record);
  char *at = line ? strstr(line, cut) : NULL;
  record_free(&record);
  if (!at)
    return line;
  at += sizeof cut - 2;
  *at = '\0';
  *after = at + 1;
  return line;
}

/* Watched: if it cannot go on, this does not return. */
static int run_watched(const struct trial_options *o,
                       struct trial_result *result, struct problem *problem) {
  struct watch_request watch = {.what = "trial",
                                .timeout_s = o->request.timeout_s};
  char *before = NULL, *after = NULL;
  if (o->as.json)
    before = record_around(o, &after);
  if (before && after) {
    watch.before = before;
    watch.after = after;
  }
  watch_begin(&watch);
  int status = trial_run(&o->request, result, problem);
  watch_end();
  free(before);
  return status;
}

/* One for each point.  0, or the problem; to be released with records_free in
 * either case. */
static int make_records(const struct trial_options *o,
                        const struct trial_result *results,
                        struct records *records, struct problem *problem) {
  int status = PROBLEM_NONE;
  for (uint32_t i = 0; !status && i <= o->request.also_count; i++) {
    const struct trial_request point = trial_request_of(&o->request, i);
    struct record record;
    record_of_request(&point, o->workload.input, &record);
    record_of_result(&point, &results[i], results[i].status,
                     &results[i].problem, &record);
    status = records_add(records, &record, problem);
    if (status)
      record_free(&record);
  }
  return status;
}

static int print_records(const struct trial_options *o,
                         const struct trial_result *results,
                         struct problem *problem) {
  struct records records = {0};
  int status = make_records(o, results, &records, problem);
  if (!status)
    status = export_trials(&records, &o->as, stdout, problem);
  records_free(&records);
  return status;
}

/* Of the trial's own point. */
static int write_trace(const struct trial_options *o,
                       const struct trial_result *result,
                       struct problem *problem) {
  struct output output;
  FILE *out = output_open(&output, o->trace, problem);
  if (!out)
    return PROBLEM_FAILURE;
  struct record record;
  record_of_request(&o->request, o->workload.input, &record);
  record_of_result(&o->request, result, result->status, &result->problem,
                   &record);
  int status = trace_write(out, &record);
  record_free(&record);
  if (status)
    status = problem_failure(problem, "out of memory");
  return output_close(&output, out, status, problem);
}

static int run_and_print(struct trial_options *o, struct problem *problem) {
  uint32_t points = 1 + o->request.also_count;
  struct trial_result *results = calloc(points, sizeof *results);
  if (!results)
    return problem_failure(problem, "out of memory");
  int status = run_watched(o, results, problem);
  if (export_wanted(&o->as) && status != PROBLEM_USAGE) {
    struct problem unprinted;
    int printed = print_records(o, results, status ? &unprinted : problem);
    status = status ? status : printed;
  } else if (!status) {
    trial_print(&o->request, results);
  }
  if (o->trace && !status)
    status = write_trace(o, &results[0], problem);
  if (fflush(stdout) != 0 && !status)
    status = problem_failure(problem, "the result could not be written");
  for (uint32_t i = 0; i < points; i++)
    trial_free(&results[i]);
  free(results);
  return status;
}

int command_trial(int argc, char **argv) {
  static const struct options options = {
      .list = option_list,
      .shared = workload_option_list,
      .shared_at = offsetof(struct trial_options, workload),
      .doc = "Measures one point once and prints where its time went.\v"
             "Example: coresweep trial --kernel cube --variant omp:static "
             "--workers 2"};
  static struct trial_options o = {.workload = {.seed = WORKLOAD_OPTIONS_SEED},
                                   .variant = "serial",
                                   .words = {.bind = "cores"},
                                   .request = {.workers = 1,
                                               .builders = 1,
                                               .warmups = NOT_GIVEN,
                                               .iterations = NOT_GIVEN,
                                               .timeout_s = 60}};
  struct problem problem = {""};
  options_parse(&options, "trial", argc, argv, &o);
  int status = export_check(&o.as, &problem);
  if (!status)
    status = resolve_variant(&o, &problem);
  if (!status && o.openmp)
    openmp_env_settle(argv - 1); /* before a pipe of items has been read */
  if (!status)
    status = resolve(&o, &problem);
  if (!status)
    status = run_and_print(&o, &problem);
  workload_options_free(&o.workload);
  return status ? command_fail("trial", status, &problem) : 0;
}
