/* What coresweep itself adds, beside bare loops. */
#include "bench/analyze/stats.h"
#include "bench/commands/ask.h"
#include "bench/commands/overheads.h"
#include "bench/plan/order.h"
#include "bench/report/numbers.h"
#include "bench/sweep/interrupt.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
  WORDS = 20,
  REGIONS = 1000,
  TRIPS = 1000, /* items of apply */
  TRIP_REPETITIONS = 20,
  CHUNKS = 10000,
  CHUNK_REPETITIONS = 50,
  LONG_REGIONS = 100, /* of about 1 ms */
  SEED = 1,
};

static const double long_region_s = 1e-3;

/* What is measured in each round, by a process of its own. */
enum measure {
  APPLY,
  PINGPONG,
  POOL_SPINS,
  BARE_ACTIVE,
  POOL_SLEEPS,
  BARE_PASSIVE,
  OMP_ACTIVE,
  LOOP_ACTIVE,
  OMP_PASSIVE,
  LOOP_PASSIVE,
  LONG_OMP,
  LONG_OMP_STAMPLESS,
  LONG_POOL,
  LONG_POOL_STAMPLESS,
  CHUNKS_OMP,
  CHUNKS_STAMPLESS,
  MEASURES
};

struct command {
  bool bare, active, stampless, wanted;
  const char *what; /* variant, or kind of a bare loop */
  const char *kernel;
  uint32_t workers, iterations;
  bool no_stamps; /* as `overheads` measures empty regions */
  uint64_t size;
  double per; /* its value is the region over this */
};

struct gates {
  const struct gates_options *options;
  char program[RUN_PATH];
  char cpus[RUN_PATH];
  struct command commands[MEASURES];
  double *values[MEASURES]; /* [rounds], in seconds */
};

/* ---- one process -----------------------------------------------------------
 */

/* Words are joined by a character that no path holds. */
#define SEPARATOR "\x1f"

static int run(const struct gates *gates, const struct command *c,
               double *value, struct problem *problem) {
  static char line[3 * RUN_PATH];
  char *words[WORDS] = {NULL}, *rest = line;
  const char *program =
      c->stampless ? gates->options->stampless : gates->program;
  int used = snprintf(
      line, sizeof line,
      "%s" SEPARATOR "%s" SEPARATOR "--json" SEPARATOR "--cpus" SEPARATOR
      "%s" SEPARATOR "--workers" SEPARATOR "%" PRIu32 SEPARATOR,
      program, c->bare ? "bare" : "trial", gates->cpus, c->workers);
  size_t room = sizeof line - (size_t)used;
  if (c->bare)
    snprintf(line + used, room,
             "%s" SEPARATOR "--repetitions" SEPARATOR "%" PRIu32, c->what,
             c->iterations);
  else
    snprintf(line + used, room,
             "--kernel" SEPARATOR "%s" SEPARATOR "--variant" SEPARATOR
             "%s" SEPARATOR "--size" SEPARATOR "%" PRIu64 SEPARATOR
             "--iterations" SEPARATOR "%" PRIu32 "%s",
             c->kernel, c->what, c->size, c->iterations,
             c->no_stamps ? SEPARATOR "--no-stamps" : "");
  for (size_t n = 0; rest && n + 1 < WORDS; n++)
    words[n] = strsep(&rest, SEPARATOR);
  setenv("OMP_WAIT_POLICY", c->active ? "active" : "passive", 1);
  int status =
      ask_number(words, c->bare ? "median_s" : "region_s", value, problem);
  *value /= c->per;
  return status;
}

/* ---- what to run -----------------------------------------------------------
 */

static struct command null_trial(const char *variant, uint32_t workers) {
  return (struct command){.wanted = true,
                          .what = variant,
                          .kernel = "null",
                          .workers = workers,
                          .size = workers,
                          .iterations = REGIONS,
                          .per = 1};
}

static struct command bare_command(const char *kind, uint32_t workers) {
  return (struct command){.wanted = true,
                          .bare = true,
                          .what = kind,
                          .workers = workers,
                          .iterations = REGIONS,
                          .per = 1};
}

/* Per item of so many. */
static void have_items(struct command *c, uint64_t items, uint32_t iterations) {
  c->size = items;
  c->per = (double)items;
  c->iterations = iterations;
}

static void list_commands(struct gates *gates) {
  struct command *c = gates->commands;
  uint32_t cpus = gates->options->machine->usable_cpus;
  uint32_t fewer = cpus > 1 ? cpus - 1 : 1;
  c[APPLY] = null_trial("pool:apply", 1);
  have_items(&c[APPLY], TRIPS, TRIP_REPETITIONS);
  c[PINGPONG] = bare_command("pingpong", 1);
  c[PINGPONG].iterations = TRIP_REPETITIONS;
  c[POOL_SPINS] = null_trial("pool:static", fewer);
  c[POOL_SLEEPS] = null_trial("pool:static", cpus);
  c[BARE_ACTIVE] = bare_command("region", 2);
  c[BARE_PASSIVE] = bare_command("region", cpus);
  c[OMP_ACTIVE] = null_trial("omp:static", 2);
  c[LOOP_ACTIVE] = bare_command("loop", 2);
  c[OMP_PASSIVE] = null_trial("omp:static", cpus);
  c[LOOP_PASSIVE] = bare_command("loop", cpus);
  for (int m = 0; m < MEASURES; m++)
    c[m].no_stamps = m == POOL_SPINS || m == POOL_SLEEPS || m == OMP_ACTIVE ||
                     m == OMP_PASSIVE;
  c[BARE_ACTIVE].active = c[LOOP_ACTIVE].active = c[OMP_ACTIVE].active = true;
  c[POOL_SPINS].wanted = c[BARE_ACTIVE].wanted = c[LOOP_ACTIVE].wanted =
      c[OMP_ACTIVE].wanted = cpus > 1;
  c[LONG_OMP] = null_trial("omp:static", fewer);
  c[LONG_POOL] = null_trial("pool:static", fewer);
  c[LONG_OMP].kernel = c[LONG_POOL].kernel = "spin";
  c[LONG_OMP].iterations = c[LONG_POOL].iterations = LONG_REGIONS;
  c[CHUNKS_OMP] = null_trial("omp:dynamic,1", 1);
  have_items(&c[CHUNKS_OMP], CHUNKS, CHUNK_REPETITIONS);
  /* With stamps and without, one after the other in the enum. */
  for (int m = LONG_OMP; m < MEASURES; m += 2) {
    c[m].wanted = *gates->options->stampless != '\0';
    c[m + 1] = c[m];
    c[m + 1].stampless = true;
  }
}

/* Gives the long regions the size that takes 1 ms. */
static int find_size(struct gates *gates, struct problem *problem) {
  struct command *c = &gates->commands[LONG_OMP];
  double value = 0;
  int status = PROBLEM_NONE;
  if (!c->wanted)
    return status;
  for (c->size = 32; !status && value < long_region_s / 2;) {
    c->size *= 2;
    status = run(gates, c, &value, problem);
  }
  /* What disturbs a run makes it longer. */
  for (int again = 0; !status && again < 4; again++) {
    double another = value;
    status = run(gates, c, &another, problem);
    value = another < value ? another : value;
  }
  if (!status)
    c->size = (uint64_t)((double)c->size * long_region_s / value) + 1;
  for (int m = LONG_OMP; m <= LONG_POOL_STAMPLESS; m++)
    gates->commands[m].size = c->size;
  return status;
}

static int measure(struct gates *gates, struct problem *problem) {
  uint32_t order[MEASURES];
  int status = find_size(gates, problem);
  for (uint32_t r = 0; !status && r < gates->options->rounds; r++) {
    order_shuffle(order, MEASURES, SEED, r + 1);
    for (size_t i = 0; !status && i < MEASURES; i++) {
      const struct command *c = &gates->commands[order[i]];
      gates->values[order[i]][r] = (double)NAN;
      if (c->wanted)
        status = run(gates, c, &gates->values[order[i]][r], problem);
    }
    if (isatty(STDERR_FILENO))
      fprintf(stderr, "\r\033[Kround %" PRIu32 " of %" PRIu32, r + 1,
              gates->options->rounds);
  }
  if (isatty(STDERR_FILENO))
    fputs("\r\033[K", stderr);
  return status;
}

/* ---- what came out ---------------------------------------------------------
 */

static struct interval summary(const struct gates *gates, enum measure m) {
  uint32_t rounds = gates->options->rounds;
  double *sorted = calloc(rounds, sizeof *sorted);
  if (!sorted)
    return INTERVAL_NULL;
  memcpy(sorted, gates->values[m], rounds * sizeof *sorted);
  struct interval value = stats_median_interval(sorted, rounds);
  free(sorted);
  return value;
}

static const struct gate {
  enum measure above, below;
  double least, most; /* of the ratio */
  const char *text;
} gates_table[] = {
    {APPLY, PINGPONG, 0, 1.5, "pool:apply, 1 worker / bare futex ping-pong"},
    {POOL_SPINS, BARE_ACTIVE, 0, 1.5,
     "pool:static spinning, CPUs - 1 / bare region, 2 spin"},
    {POOL_SLEEPS, BARE_PASSIVE, 0, 1.3,
     "pool:static sleeping, CPUs / bare region, they sleep"},
    {OMP_ACTIVE, LOOP_ACTIVE, 0.8, 1.2,
     "omp:static, 2 threads spin / bare loop"},
    {OMP_PASSIVE, LOOP_PASSIVE, 0.8, 1.2,
     "omp:static, CPUs threads sleep / bare loop"},
    {LONG_OMP, LONG_OMP_STAMPLESS, 0, 1.01,
     "1 ms region, omp:static / without stamps"},
    {LONG_POOL, LONG_POOL_STAMPLESS, 0, 1.01,
     "1 ms region, pool:static / without stamps"},
};

static void print_gate(const struct gates *gates, const struct gate *gate) {
  char a[NUMBER_LENGTH], b[NUMBER_LENGTH], limit[NUMBER_LENGTH];
  if (!gates->commands[gate->above].wanted ||
      !gates->commands[gate->below].wanted) {
    printf("%-53s not measured\n", gate->text);
    return;
  }
  struct interval r =
      stats_ratio_interval(gates->values[gate->above],
                           gates->values[gate->below], gates->options->rounds);
  bool kept = r.median >= gate->least && r.median <= gate->most;
  bool sure = (r.low >= gate->least && r.high <= gate->most) ||
              r.low > gate->most || r.high < gate->least;
  number_time(summary(gates, gate->above).median, a);
  number_time(summary(gates, gate->below).median, b);
  if (gate->least > 0)
    snprintf(limit, sizeof limit, "%.3g to %.3g", gate->least, gate->most);
  else
    snprintf(limit, sizeof limit, "at most %.3g", gate->most);
  printf("%-53s %*s%s / %s%*s %6.3f (%.3f–%.3f)  %-12s %s%s\n", gate->text,
         (int)(8 - number_columns(a)), "", a, b, (int)(8 - number_columns(b)),
         "", r.median, r.low, r.high, limit, kept ? "PASS" : "MISS",
         sure ? "" : ", not sure");
}

static void print_chunks(const struct gates *gates) {
  uint32_t rounds = gates->options->rounds;
  double *steps = calloc(rounds, sizeof *steps);
  char median[NUMBER_LENGTH], low[NUMBER_LENGTH], high[NUMBER_LENGTH];
  for (uint32_t r = 0; steps && r < rounds; r++)
    steps[r] =
        gates->values[CHUNKS_OMP][r] - gates->values[CHUNKS_STAMPLESS][r];
  if (steps && gates->commands[CHUNKS_OMP].wanted) {
    struct interval cost = stats_median_interval(steps, rounds);
    printf("Stamps cost %s (%s to %s) per chunk under dynamic schedules.\n",
           number_time(cost.median, median), number_time(cost.low, low),
           number_time(cost.high, high));
  }
  free(steps);
}

static int prepare(struct gates *gates, struct problem *problem) {
  int status =
      ask_here(gates->options->machine, gates->program, gates->cpus, problem);
  if (status)
    return status;
  for (int m = 0; m < MEASURES; m++) {
    gates->values[m] = calloc(gates->options->rounds, sizeof(double));
    if (!gates->values[m])
      return problem_failure(problem, "out of memory");
  }
  return PROBLEM_NONE;
}

int overheads_gates(const struct gates_options *options,
                    struct problem *problem) {
  static struct gates gates;
  gates.options = options;
  interrupt_install();
  int status = prepare(&gates, problem);
  list_commands(&gates);
  if (!status)
    status = measure(&gates, problem);
  if (!status) {
    printf("Medians over %" PRIu32 " interleaved rounds, each number from a "
           "process of its own; the ratio\nwithin rounds with its 95%% "
           "interval, its limit, and whether it is kept.\n",
           options->rounds);
    for (size_t i = 0; i < sizeof gates_table / sizeof *gates_table; i++)
      print_gate(&gates, &gates_table[i]);
    print_chunks(&gates);
    if (!*options->stampless)
      puts("What stamps cost: `make gates` builds what that takes.");
  }
  for (int m = 0; m < MEASURES; m++)
    free(gates.values[m]);
  return status;
}
