/* coresweep trial: one point, once, in this process. */
#include "bench/commands/command.h"
#include "bench/commands/options.h"
#include "bench/commands/placement.h"
#include "bench/commands/workload_options.h"
#include "bench/plan/machine.h"
#include "bench/plan/plan.h"
#include "bench/plan/settings.h"
#include "bench/record/from_trial.h"
#include "bench/report/numbers.h"
#include "bench/trial/openmp_env.h"
#include "bench/trial/variants/variant.h"
#include "bench/trial/watch.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

struct trial_options {
  struct workload_options workload;
  const char *variant, *beside, *cpus, *bind;
  struct trial_request request;
  struct variant_spec beside_spec;
  bool oversubscribe, json;
  bool openmp; /* the variant's workers are OpenMP threads */
  int cpu_list[TRIAL_WORKERS];
};

static void read_expect(void *input, const char *text,
                        struct argp_state *state) {
  struct trial_request *request = &((struct trial_options *)input)->request;
  request->expect = text;
  if (strlen(text) != 16 || strspn(text, "0123456789abcdef") != 16)
    options_refuse(
        state, "--expect %s: want the 16 hexadecimal digits of a digest", text);
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
     OPTION_TEXT(struct trial_options, cpus)},
    {.name = "bind",
     .arg = "HOW",
     .help = "Without --cpus: cores (one worker per core, siblings last; the "
             "default), spread (so, and over packages and NUMA nodes in turn), "
             "close (siblings first) or none",
     OPTION_TEXT(struct trial_options, bind)},
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
    {.name = "expect",
     .arg = "DIGEST",
     .help = "The digest that the result must have; without it, the result is "
             "verified in full",
     OPTION_READ(read_expect)},
    {OPTION_TOUCH(struct trial_options, request.serial_touch),
     .help = "Who touches the result's memory first: workers (default) or "
             "serial"},
    {OPTION_OVERSUBSCRIBE(struct trial_options)},
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
    {.name = "first-cpu",
     .arg = "W",
     .help = "Serial regions beside others begin on worker W's CPU (0)",
     OPTION_COUNT(struct trial_options, request.first_cpu, 0, TRIAL_WORKERS)},
    {.name = "weigh",
     .help = "Measure the team's memory (PSS), after the regions",
     OPTION_FLAG(struct trial_options, request.weigh)},
    {OPTION_JSON(struct trial_options)},
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
  o->request.cpus = o->cpu_list;
  status = placement_choose(o->cpus, o->bind, o->cpu_list,
                            &o->request.usable_cpus, problem);
  if (!status && o->cpu_list[0] >= 0) {
    char how[80];
    snprintf(how, sizeof how, "--%s %s", o->cpus ? "cpus" : "bind",
             o->cpus ? o->cpus : o->bind);
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

static void print_time(const char *phase, double seconds, const char *what) {
  char text[NUMBER_LENGTH];
  number_time(seconds, text);
  printf("  %-8s %*s%s   %s\n", phase, (int)(10 - number_columns(text)), "",
         text, what);
}

static void print_workers(const struct trial_request *request,
                          const struct trial_result *result) {
  char begin[NUMBER_LENGTH], busy[NUMBER_LENGTH], cpu[NUMBER_LENGTH],
      items[NUMBER_LENGTH], delay[NUMBER_LENGTH];
  for (uint32_t w = 0;
       result->iterations && !request->stampless && w < request->workers; w++) {
    const struct trial_worker *worker = &result->workers[w];
    bool told = worker->run_delay_s > 0; /* not NAN */
    printf("  worker %-3" PRIu32
           " starts after %s, busy %s (CPU %s%s%s): %s %s "
           "in %" PRIu64 " chunk%s\n",
           w, number_time(worker->begin_s, begin),
           number_time(worker->busy_s, busy), number_time(worker->cpu_s, cpu),
           told ? ", waited for one " : "",
           told ? number_time(worker->run_delay_s, delay) : "",
           number_count(worker->items, items), request->workload->kernel->items,
           worker->chunks, worker->chunks == 1 ? "" : "s");
  }
}

static void print_result(const struct trial_request *request,
                         const struct trial_result *result) {
  const struct partial *total = &result->total;
  printf("  result   sum %" PRIu64 ", count %" PRIu64, total->sum,
         total->count);
  if (total->lowest_hit != KERNEL_NO_HIT)
    printf(", lowest hit %" PRIu64, total->lowest_hit);
  else if (workload_shape(request->workload).stops_early)
    printf(", no hit among %" PRIu64 " %s", request->size,
           request->workload->kernel->items);
  printf("; digest %016" PRIx64 ", %s\n", result->digest,
         trial_verifies(request) ? "verified" : "as expected");
}

static void print_beside(const struct trial_request *request,
                         const struct trial_result *result) {
  char name[NOTATION_LENGTH], ratio[NUMBER_LENGTH];
  notation_format_variant(request->beside, name);
  number_ratio(trial_turns_ratio(result->turns.forms, result->turns.times_s),
               ratio);
  printf("  beside   %s takes %s as long: median of %" PRIu32 " block%s\n",
         name, ratio, request->blocks, request->blocks == 1 ? "" : "s");
}

static void print_human(const struct trial_request *request,
                        const struct trial_result *result) {
  char variant[NOTATION_LENGTH], size[NUMBER_LENGTH], many[80];
  notation_format_variant(&result->variant, variant);
  printf("%s, %s %s, %s, %" PRIu32 " worker%s\n", request->workload->name,
         number_count(request->size, size), request->workload->kernel->items,
         variant, request->workers, request->workers == 1 ? "" : "s");
  print_time("setup", result->setup_s, "building the input, serial");
  print_time("start", result->start_s, "starting the team");
  print_time("touch", result->touch_s, "touching the result's pages");
  print_time("region", result->region_first_s, "the first, cold");
  if (result->iterations) {
    snprintf(many, sizeof many, "warm, lower median of %" PRIu32,
             result->iterations);
    print_time("", result->region_s, many);
  }
  if (request->beside)
    print_beside(request, result);
  print_time("finish", result->finish_s, "combining, serial");
  print_time("close", result->close_s, "ending the team");
  print_time("program", result->program_s,
             "setup + start + touch + first region + finish + close");
  print_workers(request, result);
  print_result(request, result);
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
  if (o->json)
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

static int run_and_print(struct trial_options *o, struct problem *problem) {
  struct trial_result *result = calloc(1, sizeof *result);
  struct record record;
  if (!result)
    return problem_failure(problem, "out of memory");
  int status = run_watched(o, result, problem);
  if (o->json && status != PROBLEM_USAGE) {
    record_of_request(&o->request, o->workload.input, &record);
    record_of_result(&o->request, result, status, problem, &record);
    char *line = record_format_trial(&record);
    if (line)
      fputs(line, stdout);
    else
      status = problem_failure(problem, "out of memory");
    free(line);
    record_free(&record);
  } else if (!status) {
    print_human(&o->request, result);
  }
  if (fflush(stdout) != 0 && !status)
    status = problem_failure(problem, "the result could not be written");
  trial_free(result);
  free(result);
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
                                   .bind = "cores",
                                   .request = {.workers = 1,
                                               .warmups = NOT_GIVEN,
                                               .iterations = NOT_GIVEN,
                                               .timeout_s = 60}};
  struct problem problem = {""};
  options_parse(&options, "trial", argc, argv, &o);
  int status = resolve_variant(&o, &problem);
  if (!status && o.openmp)
    openmp_env_settle(argv - 1); /* before a pipe of items has been read */
  if (!status)
    status = resolve(&o, &problem);
  if (!status)
    status = run_and_print(&o, &problem);
  workload_options_free(&o.workload);
  return status ? command_fail("trial", status, &problem) : 0;
}
