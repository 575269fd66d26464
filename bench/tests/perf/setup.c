#include "bench/tests/perf/setup.h"
#include "bench/plan/counts.h"
#include "bench/plan/cpulist.h"
#include "bench/plan/machine.h"
#include "bench/plan/notation.h"
#include "bench/plan/settings.h"
#include "bench/sweep/interrupt.h"

#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { ROUNDS_MOST = 10000, SEED = 1 };

static _Noreturn void refuse(const struct setup *setup, int status,
                             const char *text) {
  fprintf(stderr, "%s: %s\n", setup->name, text);
  exit(status);
}

static void print_help(const struct setup *setup, bool stampless) {
  printf("Usage: %s [OPTION...]\n"
         "  --coresweep PROGRAM  what is measured (%s)\n"
         "  --rounds N           (%" PRIu32 ")\n",
         setup->name, setup->coresweep, setup->rounds);
  if (stampless)
    puts("  --stampless PROGRAM  the same, built with "
         "-DCORESWEEP_NO_STAMPS");
  puts("Exit status: 0; 1 a limit is missed for sure, or something failed; 2 "
       "usage;\n128 + signal.");
}

/* Drops the last `parts` of a path. */
static void drop(char *path, int parts) {
  for (char *slash; parts > 0 && (slash = strrchr(path, '/')); parts--)
    *slash = '\0';
}

/* This is BUILD/bench/tests/perf/NAME, and coresweep BUILD/coresweep. */
static void find_programs(struct setup *setup) {
  static const char name[] = "/coresweep";
  ssize_t length = readlink("/proc/self/exe", setup->folder,
                            sizeof setup->folder - sizeof name);
  setup->folder[length > 0 ? length : 0] = '\0';
  drop(setup->folder, 1);
  char build[sizeof setup->folder];
  snprintf(build, sizeof build, "%s", setup->folder);
  drop(build, 3);
  if (snprintf(setup->coresweep, sizeof setup->coresweep, "%s%s", build,
               name) >= (int)sizeof setup->coresweep)
    setup->coresweep[0] = '\0';
}

static void read_options(int argc, char **argv, bool stampless,
                         struct setup *setup) {
  const struct option list[] = {
      {"coresweep", required_argument, NULL, 'c'},
      {"rounds", required_argument, NULL, 'r'},
      {"help", no_argument, NULL, 'h'},
      {stampless ? "stampless" : NULL, required_argument, NULL, 's'},
      {NULL, 0, NULL, 0}};
  uint64_t rounds;
  for (int key; (key = getopt_long(argc, argv, "", list, NULL)) != -1;) {
    if (key == 'c' && strlen(optarg) < SETUP_PATH)
      snprintf(setup->coresweep, sizeof setup->coresweep, "%s", optarg);
    else if (key == 's')
      setup->stampless = optarg;
    else if (key == 'r' && notation_parse_count(optarg, ROUNDS_MOST, &rounds) &&
             rounds > 0)
      setup->rounds = (uint32_t)rounds;
    else if (key == 'h') {
      print_help(setup, stampless);
      exit(0);
    } else if (key == '?') /* getopt_long has said what it is */
      exit(2);
    else
      refuse(setup, 2,
             key == 'r' ? "--rounds: want a whole number from 1 to "
                          "10000"
                        : "--coresweep: the path is too long");
  }
  if (optind < argc)
    refuse(setup, 2, "takes options only, see --help");
}

void setup_read(int argc, char **argv, uint32_t rounds, bool stampless,
                struct setup *setup) {
  static int placed[COUNTS_MAX];
  struct machine machine;
  struct problem problem = {""};
  *setup =
      (struct setup){.name = program_invocation_short_name, .rounds = rounds};
  find_programs(setup);
  read_options(argc, argv, stampless, setup);
  int status = settings_check(&problem);
  if (!status)
    status = machine_discover(&machine, &problem);
  if (status)
    refuse(setup, status, problem.text);
  setup->usable_cpus = machine.usable_cpus;
  topology_place(&machine.topology, BIND_CORES, machine.usable_cpus, placed);
  machine_free(&machine);
  if (cpulist_format(placed, setup->usable_cpus, setup->cpus,
                     sizeof setup->cpus) < 0)
    refuse(setup, 1, "too many CPUs for one list");
  interrupt_install();
}

int setup_status(const struct setup *setup, int status,
                 const struct problem *problem) {
  fflush(stdout);
  if (interrupt_signal())
    return 128 + interrupt_signal();
  if (status)
    fprintf(stderr, "%s: %s\n", setup->name, problem->text);
  return status;
}

struct measure setup_trial(const struct setup *setup, const char *program,
                           const char *kernel, const char *variant,
                           uint32_t workers, uint64_t size,
                           uint32_t iterations) {
  struct measure m = {.key = "region_s"};
  const char *const words[] = {program,    "trial",  "--json",
                               "--kernel", kernel,   "--variant",
                               variant,    "--cpus", setup->cpus};
  for (size_t i = 0; i < sizeof words / sizeof *words; i++)
    measure_word(&m, "%s", words[i]);
  measure_word(&m, "--workers=%" PRIu32, workers);
  measure_word(&m, "--size=%" PRIu64, size);
  if (iterations > 0)
    measure_word(&m, "--iterations=%" PRIu32, iterations);
  measure_word(&m, "--seed=%d", SEED);
  return m;
}
