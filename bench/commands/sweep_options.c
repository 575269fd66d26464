#include "bench/commands/sweep_options.h"

#include "bench/commands/command.h"

#include <stdlib.h>
#include <string.h>

enum {
  KEY_KERNELS = 500,
  KEY_VARIANTS,
  KEY_WORKERS,
  KEY_LIKE,
  KEY_ROUNDS,
  KEY_BUDGET,
  KEY_BIND,
  KEY_SEED,
  KEY_OVERSUBSCRIBE,
  KEY_DRY_RUN,
  KEY_QUICK,
  KEY_TIMEOUT,
  KEY_SCALING,
  KEY_REPORT,
  KEY_TOUCH,
  KEY_RESUME,
  KEY_NO_PROBES,
  KEY_TARGET_WIDTH
};

static const struct argp_option options[] = {
    {.name = "kernels",
     .key = KEY_KERNELS,
     .arg = "LIST",
     .doc = "Kernel settings, as in cube,spin/serial=0.1 (rowcount, rangesum, "
            "cube, adler32, latency, spin)"},
    {.name = "variants",
     .key = KEY_VARIANTS,
     .arg = "LIST",
     .doc = "As in omp:static,pool:dynamic,64 (serial,omp:static,pool:static); "
            "serial is always among them"},
    {.name = "workers",
     .key = KEY_WORKERS,
     .arg = "LIST",
     .doc = "Worker counts, as in 1,2,4 or 1..8 (1 to 8, powers of two, the "
            "cores, the hardware threads); 1 is always among them"},
    {.name = "size",
     .key = 'n',
     .arg = "N",
     .doc = "Items, for every kernel (calibrated)"},
    {.name = "like",
     .key = KEY_LIKE,
     .arg = "DIR",
     .doc = "Repeat another run's sizes, settings, variants, seed and worker "
            "counts"},
    {.name = "rounds",
     .key = KEY_ROUNDS,
     .arg = "N",
     .doc = "Exactly N rounds (15, or what the budget leaves)"},
    {.name = "target-width",
     .key = KEY_TARGET_WIDTH,
     .arg = "SHARE",
     .doc = "As many rounds as make every interval of a speedup so narrow, as "
            "in 5% or 0.05: 12, then what their widths ask for"},
    {.name = "budget",
     .key = KEY_BUDGET,
     .arg = "TIME",
     .doc = "Time for all of it, as in 90s or 3m; what does not fit is left "
            "out, and said"},
    {.name = "bind",
     .key = KEY_BIND,
     .arg = "HOW",
     .doc = "spread (one worker per core; the default), close or none"},
    {.name = "out",
     .key = 'o',
     .arg = "DIR",
     .doc = "Folder of the run (a new one under results/)"},
    {.name = "resume",
     .key = KEY_RESUME,
     .arg = "DIR",
     .doc = "Go on with the run in that folder: only what is missing is "
            "measured, on the same machine with the same program"},
    {.name = "seed",
     .key = KEY_SEED,
     .arg = "S",
     .doc = "Seed of the items and of the order (1)"},
    {.name = "no-probes",
     .key = KEY_NO_PROBES,
     .doc = "Leave out each round's probes of the clock and of what the CPUs "
            "deliver together"},
    {.name = "oversubscribe",
     .key = KEY_OVERSUBSCRIBE,
     .doc = "Allow more workers than usable CPUs"},
    {.name = "dry-run",
     .key = KEY_DRY_RUN,
     .doc = "Print what would be measured"},
    {.name = "quick",
     .key = KEY_QUICK,
     .doc = "Six rounds of short regions (2 ms instead of 5 ms)"},
    {.name = "touch",
     .key = KEY_TOUCH,
     .arg = "WHO",
     .doc = "Who touches the results' memory first: workers (default) or "
            "serial"},
    {.name = "report",
     .key = KEY_REPORT,
     .doc = "Then analyze and report it too"},
    {.name = "scaling",
     .key = KEY_SCALING,
     .arg = "HOW",
     .doc = "strong (the same size for all; the default) or weak (the size is "
            "for each worker, and grows with their number)"},
    {.name = "timeout",
     .key = KEY_TIMEOUT,
     .arg = "TIME",
     .doc = "A trial that takes longer has failed (60s)"},
    {0}};

/* A share of 1, more than 0 and less than 1: "5%" or "0.05". */
static double share(struct argp_state *state, const char *option,
                    const char *text) {
  char *end;
  double value = strtod(text, &end);
  if (strcmp(end, "%") == 0)
    value /= 100;
  if (end == text || (*end && strcmp(end, "%") != 0) ||
      !(value > 0 && value < 1))
    argp_error(state, "%s %s: want a share, as in 5%% or 0.05", option, text);
  return value;
}

/* Remembers the first option that cannot be given beside --resume. */
static void remember(struct sweep_options *o, int key) {
  if (o->fixed_option || key == KEY_RESUME || key == KEY_REPORT ||
      key == KEY_TIMEOUT)
    return;
  for (const struct argp_option *option = options; option->name; option++)
    if (option->key == key)
      o->fixed_option = option->name;
}

static error_t parse_flag(struct sweep_options *o, int key) {
  switch (key) {
  case KEY_REPORT:
    o->report = true;
    return 0;
  case KEY_NO_PROBES:
    o->no_probes = true;
    return 0;
  case KEY_OVERSUBSCRIBE:
    o->oversubscribe = true;
    return 0;
  case KEY_DRY_RUN:
    o->dry_run = true;
    return 0;
  case KEY_QUICK:
    o->quick = true;
    return 0;
  default:
    return ARGP_ERR_UNKNOWN;
  }
}

static error_t parse(int key, char *arg, struct argp_state *state) {
  struct sweep_options *o = state->input;
  remember(o, key);
  switch (key) {
  case KEY_KERNELS:
    o->kernels = arg;
    return 0;
  case KEY_VARIANTS:
    o->variants = arg;
    return 0;
  case KEY_WORKERS:
    o->workers = arg;
    return 0;
  case KEY_LIKE:
    o->like = arg;
    return 0;
  case KEY_BIND:
    o->bind = arg;
    return 0;
  case 'n':
    o->size = command_count(state, "--size", arg, 0, INT64_MAX);
    o->size_given = true;
    return 0;
  case 'o':
    snprintf(o->out, sizeof o->out, "%s", arg);
    o->default_out = false;
    return 0;
  case KEY_ROUNDS:
    o->rounds = (uint32_t)command_count(state, "--rounds", arg, 1, 100000);
    return 0;
  case KEY_SEED:
    o->seed = command_count(state, "--seed", arg, 0, INT64_MAX);
    o->seed_given = true;
    return 0;
  case KEY_BUDGET:
    o->budget_s = command_duration(state, "--budget", arg);
    return 0;
  case KEY_TIMEOUT:
    o->timeout_s = command_duration(state, "--timeout", arg);
    return 0;
  case KEY_TOUCH:
    if (strcmp(arg, "workers") != 0 && strcmp(arg, "serial") != 0)
      argp_error(state, "--touch %s: want workers or serial", arg);
    o->serial_touch = strcmp(arg, "serial") == 0;
    o->touch_given = true;
    return 0;
  case KEY_SCALING:
    if (strcmp(arg, "strong") != 0 && strcmp(arg, "weak") != 0)
      argp_error(state, "--scaling %s: want strong or weak", arg);
    o->weak = strcmp(arg, "weak") == 0;
    o->scaling_given = true;
    return 0;
  case KEY_RESUME:
    o->resume = arg;
    return 0;
  case KEY_TARGET_WIDTH:
    o->target_width = share(state, "--target-width", arg);
    return 0;
  case ARGP_KEY_ARG:
    argp_error(state, "unexpected argument '%s'", arg);
    return 0;
  default:
    return parse_flag(o, key);
  }
}

const struct argp sweep_options_argp = {.options = options, .parser = parse};

void sweep_options_init(struct sweep_options *o, const char *program,
                        const char *command) {
  *o = (struct sweep_options){.seed = 1,
                              .timeout_s = 60,
                              .default_out = true,
                              .bind = "spread",
                              .executor = "real",
                              .program = program,
                              .command = command};
}

void sweep_options_parse(int argc, char **argv, struct sweep_options *o) {
  static const struct argp argp = {
      .options = options,
      .parser = parse,
      .doc = "Measures every kernel with every variant at every number of "
             "workers: each trial in a fresh process, in rounds of random "
             "order, every result checked.\vThe run's folder then holds "
             "plan.json, environment.json, trials.jsonl, prediction.json and "
             "commands.tsv; `coresweep analyze DIR` and `coresweep report DIR` "
             "go on from there."};
  sweep_options_init(o, argv[-1], "sweep");
  command_parse(&argp, o->command, argc, argv, o);
}

void sweep_options_free(struct sweep_options *o) {
  plan_free(&o->plan);
  machine_free(&o->machine);
}
