#include "bench/commands/sweep_options.h"

#include "bench/commands/widest.h"
#include "bench/plan/text.h"
#include "bench/trial/memory.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void read_target_width(void *input, const char *text,
                              struct argp_state *state) {
  struct sweep_options *o = input;
  o->request.target_width = widest_read_target(text, state);
}

/* "2/5" */
static void read_shard(void *input, const char *text,
                       struct argp_state *state) {
  struct sweep_request *request = &((struct sweep_options *)input)->request;
  char first[16];
  uint64_t shard = 0, shards = 0;
  size_t length = strcspn(text, "/");
  snprintf(first, sizeof first, "%.*s", (int)length, text);
  if (length >= sizeof first || text[length] != '/' ||
      !notation_parse_count(text + length + 1, PLAN_WORKLOADS, &shards) ||
      !notation_parse_count(first, shards, &shard) || shard == 0)
    options_refuse(state,
                   "--shard %s: want one of how many, as 1/4, 2/4, 3/4 and 4/4",
                   text);
  request->shard = (uint32_t)shard;
  request->shards = (uint32_t)shards;
}

const struct option_spec sweep_option_list[] = {
    {.name = "kernels",
     .arg = "LIST",
     .help = "Workloads, as in cube,spin/serial=0.1 (rowcount, rangesum, "
             "cube, adler32, latency, spin); a text with blanks or commas in "
             "double quotes",
     OPTION_TEXT(struct sweep_options, request.kernels)},
    {.name = "variants",
     .arg = "LIST",
     .help =
         "As in omp:static,pool:dynamic,64 (serial,omp:static,pool:static); "
         "serial is always among them",
     OPTION_TEXT(struct sweep_options, request.variants)},
    {.name = "copies",
     .help = "Also as many serial processes at once: throughput, where there "
             "are as many jobs as cores",
     OPTION_FLAG(struct sweep_options, request.copies)},
    {.name = "workers",
     .arg = "LIST",
     OPTION_TEXT(struct sweep_options, request.workers),
     .help = OPTION_WORKERS_LIST_HELP "; 1 is always among them"},
    {.name = "size",
     .letter = 'n',
     .arg = "N",
     .help = "Items, for every kernel (calibrated)",
     OPTION_COUNT64(struct sweep_options, request.size),
     OPTION_GIVEN(struct sweep_options, request.size_given)},
    {.name = "sizes",
     .arg = "LIST",
     .help = "Several sizes, each measured: as in 1000,2000 or 1k..1M, the "
             "powers of two from 1024 to 1048576; charts then show speedup "
             "against size",
     OPTION_TEXT(struct sweep_options, request.sizes)},
    {.name = "class",
     .arg = "N",
     .help = "Measure what every machine of class N does, so that they can be "
             "compared: fixed sizes and seed, and 1, 2, 4, ... workers; there "
             "is class 1",
     OPTION_COUNT(struct sweep_options, request.class_number, 1, 1)},
    {.name = "like",
     .arg = "DIR",
     .help = "Repeat another run's sizes, workloads, variants, seed, worker "
             "counts and binding",
     OPTION_PATH(struct sweep_options, like)},
    {OPTION_ROUNDS(struct sweep_options, request.rounds, 1, PLAN_ROUNDS_MOST),
     .help = "Exactly N trials of each point (9, then as many as its "
             "width asks for, up to 20)"},
    {OPTION_TARGET_WIDTH(read_target_width),
     .help = "As many trials as make half of every interval of a region's "
             "speedup so narrow, and of programs that are measured by "
             "themselves, as in 5% or 0.05: 9, then what its width asks for"},
    {.name = "budget",
     .arg = "TIME",
     .help = "Time for all of it, as in 90s or 3m; what does not fit is left "
             "out, and said",
     OPTION_TIME(struct sweep_options, measure.budget_s)},
    {.name = "bind",
     .arg = "HOW",
     .help = OPTION_BIND_HELP,
     OPTION_TEXT(struct sweep_options, request.bind),
     OPTION_CHOICES(machine_bind_names)},
    {OPTION_OUT(struct sweep_options, measure.out),
     OPTION_GIVEN(struct sweep_options, measure.out_given)},
    {.name = "shard",
     .arg = "I/N",
     .help = "Of N parts of the workloads the Ith alone, as in 2/4, for arrays "
             "of jobs; `coresweep merge` puts their runs together",
     OPTION_READ(read_shard)},
    {OPTION_RESUME(struct sweep_options, measure.resume)},
    {OPTION_RETRY(struct sweep_options, measure)},
    {OPTION_SEED(struct sweep_options, request.seed), .help = OPTION_SEED_HELP,
     OPTION_GIVEN(struct sweep_options, request.seed_given)},
    {.name = "no-probes",
     .help = "Leave out each round's probes of what the CPUs deliver together, "
             "and those of empty regions before the rounds",
     OPTION_FLAG(struct sweep_options, request.no_probes)},
    {OPTION_OVERSUBSCRIBE(struct sweep_options, request.oversubscribe)},
    {.name = "dry-run",
     .help = "Print what would be measured",
     OPTION_FLAG(struct sweep_options, dry_run)},
    {OPTION_QUICK(struct sweep_options, request.quick),
     .help = "Six rounds of short regions (2 ms instead of 5 ms)"},
    {OPTION_TOUCH(struct sweep_options, request.serial_touch),
     .help = "Who touches the results' memory first: workers (default) or "
             "serial",
     OPTION_GIVEN(struct sweep_options, request.touch_given)},
    {.name = "report",
     .help = "Then draw the charts, too",
     OPTION_FLAG(struct sweep_options, report)},
    {.name = "no-answer",
     .help = "Measure, and conclude nothing",
     OPTION_FLAG(struct sweep_options, no_answer)},
    {.name = "scaling",
     .arg = "HOW",
     .help = "strong (the same size for all; the default) or weak (the size is "
             "for each worker, and grows with their number)",
     OPTION_EITHER(struct sweep_options, request.weak, "strong", "weak"),
     OPTION_GIVEN(struct sweep_options, request.scaling_given)},
    {OPTION_TIMEOUT(struct sweep_options, measure.timeout_s),
     .help = "A trial that takes longer has failed (60s)"},
    OPTIONS_EXPORT(struct sweep_options, measure.as),
    {0}};

void sweep_options_init(struct sweep_options *o, const char *program,
                        const char *command) {
  *o = (struct sweep_options){.request = {.seed = 1}, .program = program};
  measure_init(&o->measure, command);
  o->measure.reports = o->measure.retries = true;
}

void sweep_options_argument(void *input, const char *text,
                            struct argp_state *state) {
  (void)input;
  options_refuse(state,
                 "unexpected argument '%s'; a program's command stands after "
                 "--, as in sweep -- ./prog {workers}",
                 text);
}

void sweep_options_parse(int argc, char **argv, struct sweep_options *o) {
  static const struct options options = {
      .list = sweep_option_list,
      .seen = measure_seen,
      .argument = sweep_options_argument,
      .doc = "Measures every kernel with every variant at every number of "
             "workers: each trial in a fresh process, in rounds of random "
             "order, every result checked.\vThe run's folder then holds "
             "plan.json, environment.json, trials.jsonl, prediction.json, "
             "commands.tsv and analysis.json; `coresweep report DIR` goes on "
             "from there.  With a command after --, or --program CMD, it "
             "measures that program instead, with other options: `coresweep "
             "sweep --help --`."};
  sweep_options_init(o, argv[-1], "sweep");
  options_parse(&options, "sweep", argc, argv, o);
}

int sweep_options_read_plan(struct sweep_options *o, const char *path,
                            struct problem *problem) {
  int status = plan_read(&o->plan, path, problem);
  return status ? status
                : plan_settle_turns(&o->plan, &o->measure.machine.topology,
                                    path, problem);
}

/* The plan of a run that is gone on with is the run's own. */
static int resume_plan(struct sweep_options *o, struct problem *problem) {
  char path[RUN_PATH];
  return sweep_options_read_plan(o, run_path(o->measure.out, "plan.json", path),
                                 problem);
}

int sweep_options_resolve(struct sweep_options *o, bool machine_given,
                          struct problem *problem) {
  struct plan *plan = &o->plan;
  int status = PROBLEM_NONE;
  if (!text_is_printable(o->program))
    return problem_usage(problem,
                         "%s: commands.tsv cannot hold this path of the "
                         "program; call it by one that can be printed",
                         o->program);
  if (!machine_given)
    status = machine_discover(&o->measure.machine, problem);
  if (!machine_given) /* a simulated one has no memory */
    o->request.memory_bytes = memory_available_bytes();
  if (!status)
    status = measure_check_resume(&o->measure, problem);
  if (!status && o->measure.resume)
    status = resume_plan(o, problem);
  if (o->like)
    o->request.like = run_path(o->like, "plan.json", o->like_path);
  o->request.budget_s = o->measure.budget_s;
  if (!status && !o->measure.resume)
    status = plan_make(&o->request, &o->measure.machine, plan, problem);
  o->measure.bind = plan->bind;
  o->measure.seed = plan->seed;
  o->measure.budget_s = plan->budget_s;
  return status;
}

void sweep_options_free(struct sweep_options *o) {
  plan_free(&o->plan);
  measure_free(&o->measure);
}
