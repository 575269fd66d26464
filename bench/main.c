/* coresweep: the table of subcommands, and the only place that exits. */
#include "bench/commands/command.h"
#include "bench/commands/options.h"
#include "bench/commands/settle.h"
#include "bench/plan/registry.h"
#include "bench/plan/settings.h"
#include "bench/plan/stacks.h"
#include "bench/plan/text.h"
#include "bench/plan/vectors.h"
#include "bench/trial/variants/variant.h"
#include "kernels/kernel.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* By what they answer; what a user needs first stands first. */
static const struct {
  const char *name; /* NULL: a heading */
  int (*run)(int argc, char **argv);
  const char *summary;
} commands[] = {
    {NULL, NULL, "Measure, and look:"},
    {"bench", command_bench, "the usual kernels, cross-checked, and a report"},
    {"sweep", command_sweep,
     "measure: kernels, or a program, with 1, 2, ... workers"},
    {"report", command_report, "a run's answer and its charts; --full: all"},
    {"compare", command_compare, "two or more runs, side by side"},
    {"doctor", command_doctor,
     "what on this machine would spoil a measurement"},
    {"list", command_list, "the kernels and the variants"},
    {"merge", command_merge, "runs of shards of one sweep, to one run"},
    {NULL, NULL, "What does parallelism cost?"},
    {"overheads", command_overheads,
     "what teams, regions, chunks and transports take"},
    {"breakeven", command_breakeven, "the size from which workers beat serial"},
    {"granularity", command_granularity, "the smallest task that pays"},
    {NULL, NULL, "What can this machine do, and can it be trusted?"},
    {"probe", command_probe, "bytes, additions, cycles a second, at most"},
    {"aa", command_aa, "one point compared with itself"},
    {"simulate", command_simulate, "a sweep on a machine from a file"},
    {NULL, NULL, "One step by itself:"},
    {"trial", command_trial, "one point, once, in this process"},
    {"dump", command_dump, "a kernel's items as CSV"},
    {"analyze", command_analyze, "a run's records to conclusions, once more"},
};

static void usage(FILE *out) {
  fputs("Usage: coresweep COMMAND [OPTION...]\n"
        "       coresweep [OPTION OF sweep...] -- PROGRAM [ARGUMENT...]\n"
        "What did another core buy me, and where did the rest go?\n",
        out);
  for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
    if (commands[i].name)
      fprintf(out, "  %-11s %s\n", commands[i].name, commands[i].summary);
    else
      fprintf(out, "\n%s\n", commands[i].summary);
  fputs("\n`coresweep COMMAND --help` explains one; begin with `coresweep "
        "bench`.\nExit status: 0; 1 a result was wrong or a run failed; 2 "
        "usage; 128 + signal.\n",
        out);
}

/* For scripts/manual.sh: heading, TEXT; command, NAME, TEXT; kernel, preset and
 * variant, NAME. */
static void print_table(void) {
  for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
    if (commands[i].name)
      printf("command\t%s\t%s\n", commands[i].name, commands[i].summary);
    else
      printf("heading\t%s\n", commands[i].summary);
  for (size_t i = 0; registry_kernels[i]; i++)
    if (!registry_kernels[i]->meter)
      printf("kernel\t%s\n", registry_kernels[i]->name);
  for (size_t i = 0; registry_kernels[i]; i++)
    for (const struct kernel_preset *p = registry_kernels[i]->presets;
         p && p->name; p++)
      printf("preset\t%s\n", p->name);
  for (size_t i = 0; registry_variants[i]; i++)
    printf("variant\t%s\n", registry_variants[i]->name);
}

/* A command that succeeded, but whose output nobody got, has failed. */
static int flushed(const char *name, int status) {
  int lost = ferror(stdout);
  if (fflush(stdout) == 0 && !lost)
    return status;
  fprintf(stderr, "coresweep %s: its output could not be written: %s\n", name,
          strerror(errno));
  return status ? status : 1;
}

/* coresweep [OPTION...] -- CMD. */
static bool names_program(int argc, char **argv) {
  for (int i = 1; i < argc && argv[1][0] == '-'; i++)
    if (strcmp(argv[i], "--") == 0)
      return true;
  return false;
}

/* The same as sweep --report [OPTION...] -- CMD. */
static int sweep_program(int argc, char **argv) {
  static char sweep[] = "sweep", report[] = "--report";
  char **all = calloc((size_t)argc + 2, sizeof *all);
  if (!all) {
    fputs("coresweep: out of memory\n", stderr);
    return 1;
  }
  all[0] = sweep;
  all[1] = report;
  memcpy(all + 2, argv + 1, (size_t)(argc - 1) * sizeof *all);
  int status = flushed("sweep", command_sweep(argc + 1, all));
  free(all);
  return status;
}

int main(int argc, char **argv) {
  const char *name = argc > 1 ? argv[1] : "";
  struct problem problem;
  settle_process(strcmp(name, "trial") == 0);
  settings_clear();
  if (stacks_check(&problem) || vectors_check_here(&problem)) {
    fprintf(stderr, "coresweep: %s\n", problem.text);
    return 2;
  }
  if (settings_check_openmp(&problem) ||
      registry_check(registry_kernels, registry_kernel_files, &problem)) {
    fprintf(stderr, "coresweep: %s\n", problem.text);
    return 1;
  }
  for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
    if (commands[i].name && strcmp(name, commands[i].name) == 0)
      return flushed(name, commands[i].run(argc - 1, argv + 1));
  if (names_program(argc, argv))
    return sweep_program(argc, argv);
  if (strcmp(name, "--help") == 0 || strcmp(name, "-?") == 0 ||
      strcmp(name, "-h") == 0 || strcmp(name, "help") == 0) {
    usage(stdout);
    return 0;
  }
  if (strcmp(name, "--version") == 0 || strcmp(name, "-V") == 0) {
    puts("coresweep " CORESWEEP_VERSION);
    return 0;
  }
  if (strcmp(name, OPTIONS_TABLE) == 0) {
    print_table();
    return flushed("", 0);
  }
  char shown[TEXT_SHOWN];
  if (*name)
    fprintf(stderr, "coresweep: no command '%s'%s\n", text_shown(name, shown),
            strchr(name, '/')
                ? "; a program of your own stands after --, as in "
                  "coresweep -- ./prog {workers}"
                : "");
  usage(stderr);
  return 2;
}
