/* coresweep doctor: what on this machine would spoil a measurement. */
#include "bench/commands/doctor.h"

#include "bench/analyze/aa.h"
#include "bench/analyze/stats.h"
#include "bench/commands/command.h"
#include "bench/commands/export.h"
#include "bench/plan/settings.h"
#include "bench/record/look.h"
#include "bench/report/terminal.h"
#include "bench/report/wrap.h"
#include "bench/sweep/aa_plan.h"
#include "bench/sweep/interrupt.h"

#include <stdio.h>
#include <stdlib.h>

enum { TIMEOUT_S = 60 };

struct doctor_options {
  struct export_as as;
  bool quick;
};

static const struct doctor_effort whole = {
    .rounds = 20, .region_s = 0.005, .look_s = 1};
static const struct doctor_effort quick = {
    .rounds = 10, .region_s = 0.002, .look_s = 0.5};

static const struct option_spec option_list[] = {
    OPTIONS_EXPORT(struct doctor_options, as),
    {OPTION_QUICK(struct doctor_options, quick),
     .help = "Half the rounds of shorter regions, and a shorter look at steal "
             "and load: about a second"},
    {0}};

/* Columns of a finding's level and name, which stand before its words. */
enum { BEFORE = 18 };

/* In lines of the terminal's width, below the first such words; printed: so
 * many columns of the first line are there. */
static void print_words(const char *label, const char *words, size_t printed) {
  char *text = NULL;
  size_t bytes;
  FILE *out = open_memstream(&text, &bytes);
  if (!out)
    return;
  wrap_format(out, BEFORE, 0, "%*s%s%s", BEFORE, "", label, words);
  if (fclose(out) == 0 && bytes > printed)
    fputs(text + printed, stdout);
  else
    putchar('\n'); /* no words */
  free(text);
}

static void print_findings(const struct checkup_finding *findings,
                           size_t count) {
  static const enum terminal_colour colours[] = {
      [CHECKUP_OK] = TERMINAL_GOOD,
      [CHECKUP_UNKNOWN] = TERMINAL_FAINT,
      [CHECKUP_WARN] = TERMINAL_DOUBTFUL,
      [CHECKUP_BAD] = TERMINAL_BAD};
  const struct terminal terminal = terminal_of(stdout);
  for (size_t i = 0; i < count; i++) {
    const struct checkup_finding *f = &findings[i];
    printf("%s%-4s%s  %-10s  ", terminal_paint(&terminal, colours[f->level]),
           checkup_level_name(f->level),
           terminal_paint(&terminal, TERMINAL_PLAIN), f->name);
    print_words("", f->found, BEFORE);
    if (f->level >= CHECKUP_WARN) {
      print_words("", f->means, 0);
      print_words("mend: ", f->mend, 0);
    }
  }
}

static size_t of_level(const struct checkup_finding *findings, size_t count,
                       enum checkup_level level) {
  size_t found = 0;
  for (size_t i = 0; i < count; i++)
    found += findings[i].level == level;
  return found;
}

/* measured: the A/A is. */
static void print_verdict(const struct checkup_finding *findings, size_t count,
                          bool measured) {
  size_t bad = of_level(findings, count, CHECKUP_BAD);
  size_t warn = of_level(findings, count, CHECKUP_WARN);
  if (bad)
    printf("\n%zu bad, %zu warn: measurements here would be spoilt.\n", bad,
           warn);
  else if (warn)
    printf("\n%zu warn: measure, and keep them in mind.\n", warn);
  else if (measured)
    printf("\nNothing found that would spoil a measurement.\n");
  if (!measured)
    printf("\nThe A/A could not be measured: see why above.\n");
}

static int export(const struct doctor_options *o,
                  const struct checkup_facts *facts,
                  const struct checkup_finding *findings, size_t count,
                  struct problem *problem) {
  json_t *json = checkup_json(facts, findings, count);
  int status = export_rows(json, sheet_rows(json), &o->as, stdout, problem);
  json_decref(json);
  return status;
}

/* 0 or 1 as the findings are, or a problem. */
static int examine(const struct doctor_options *o,
                   const struct machine *machine, struct problem *problem) {
  const struct doctor_effort *effort = o->quick ? &quick : &whole;
  struct checkup_finding findings[CHECKUP_FINDINGS];
  struct environment environment;
  struct executor_real executor;
  struct problem aa_problem = {""};
  const char *name;
  int status = command_machine_name(&name, problem);
  if (status)
    return command_fail("doctor", status, problem);
  environment_gather(machine, "cores", name, &environment);
  struct checkup_facts facts = {.environment = &environment};
  executor_real_init(&executor, TIMEOUT_S);
  look_around(machine, BIND_CORES, effort->look_s, &environment);
  status = settings_check(&aa_problem);
  if (!status)
    status = doctor_aa(effort, &executor.base, machine, &facts.aa, &aa_problem);
  facts.aa.failure = status ? aa_problem.text : NULL;
  if (interrupt_signal()) {
    fields_free(environment_fields, &environment);
    return 128 + interrupt_signal();
  }
  size_t count = checkup_judge(&facts, findings);
  status = PROBLEM_NONE;
  if (export_wanted(&o->as)) {
    status = export(o, &facts, findings, count, problem);
  } else {
    print_findings(findings, count);
    print_verdict(findings, count, !facts.aa.failure);
  }
  if (status)
    command_fail("doctor", status, problem);
  else if (checkup_worst(findings, count) == CHECKUP_BAD || facts.aa.failure)
    status = PROBLEM_FAILURE;
  fields_free(environment_fields, &environment);
  return status;
}

int command_doctor(int argc, char **argv) {
  static const struct options options = {
      .list = option_list,
      .doc =
          "Says what on this machine would spoil a measurement now, and how "
          "to mend it: a line each, with ok, warn (results hold, with this in "
          "mind), bad (it would spoil them) or ? (the machine does not tell). "
          " Then measures one point under two names, A and B, and "
          "says how small a difference this machine can show."
          "\vExit status: 0 nothing is bad; 1 something is, or could not be "
          "measured; 2 usage.  With --json, \"worst\" is ok, warn or bad, and "
          "each finding has its level."};
  static struct doctor_options o;
  static struct machine machine;
  struct problem problem = {""};
  options_parse(&options, "doctor", argc, argv, &o);
  interrupt_install();
  int status = export_check(&o.as, &problem);
  if (!status)
    status = machine_discover(&machine, &problem);
  if (status)
    return command_fail("doctor", status, &problem);
  status = examine(&o, &machine, &problem);
  machine_free(&machine);
  return status;
}

static int conclude(const struct records *records, uint32_t rounds,
                    struct checkup_aa *aa, struct problem *problem) {
  struct aa_times times;
  int status = aa_times_make(records, rounds, &times, problem);
  if (!status)
    *aa = (struct checkup_aa){
        .rounds = rounds,
        .ratio = stats_ratio_interval(times.time_s[0], times.time_s[1], rounds),
        .difference = checkup_difference(times.time_s[0], times.time_s[1],
                                         rounds, CHECKUP_ROUNDS)};
  aa_times_free(&times);
  return status;
}

int doctor_aa(const struct doctor_effort *effort, struct executor *executor,
              const struct machine *machine, struct checkup_aa *aa,
              struct problem *problem) {
  static struct workload workload;
  static int cpus[TRIAL_WORKERS];
  struct records records = {0};
  struct engine engine = {.executor = executor,
                          .fd = -1,
                          .cpus = cpus,
                          .usable_cpus = machine->usable_cpus,
                          .seed = 1,
                          .records = &records};
  topology_place(&machine->topology, BIND_CORES, TRIAL_WORKERS, cpus);
  int status = workload_parse("spin", &workload, problem);
  struct aa_plan plan =
      aa_plan_make(&workload, effort->region_s, effort->rounds);
  engine_begin(&engine);
  if (!status)
    status = engine_run(&engine, &plan.base, problem);
  if (!status)
    status = conclude(&records, effort->rounds, aa, problem);
  engine_free(&engine);
  records_free(&records);
  return status;
}
