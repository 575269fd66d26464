/* The keys of a run in analysis.json, and of what its CPUs deliver together. */
#include "bench/analyze/results.h"

static const char *const scaling_words[] = {"strong", "weak", NULL};

static const struct limits scalings = {.words = scaling_words};
static const struct limits fraction = {0, 1, NULL};
static const struct limits cpus = {0, 1e6, NULL};
static const struct limits schemas = {1, 1e6, NULL};

#define AT(member) offsetof(struct capacity, member)

const struct field capacity_fields[] = {
    {"workers", FIELD_INTEGER, AT(workers), "", "", true, &limits_workers},
    {"capacity", FIELD_INTERVAL, AT(capacity), "",
     "what as many CPUs deliver together on `spin/chains=8`, over the first "
     "alone: from the probes, paired by round",
     false, &limits_number},
    {NULL, FIELD_TEXT, 0, NULL, NULL, false, NULL},
};

#undef AT
#define AT(member) offsetof(struct run_facts, member)

const struct field run_fields[] = {
    {"schema", FIELD_INTEGER, AT(schema), "", "version of this format", true,
     &schemas},
    {"rounds", FIELD_INTEGER, AT(rounds), "", "rounds behind the numbers", true,
     &limits_rounds},
    {"rounds_left_out", FIELD_INTEGER, AT(rounds_left_out), "",
     "rounds in which a trial failed or was wrong", false, &limits_rounds},
    {"trials", FIELD_INTEGER, AT(trials), "", "records of all phases", false,
     &limits_count},
    {"trials_s", FIELD_REAL, AT(trials_s), "s",
     "wall time of all of them together", false, &limits_number},
    {"bad_trials", FIELD_INTEGER, AT(bad_trials), "", "of them failed or wrong",
     false, &limits_count},
    {"torn", FIELD_TRUTH, AT(torn), "",
     "the last record was incomplete, and left out", false, NULL},
    {"usable_cpus", FIELD_INTEGER, AT(usable_cpus), "", "", false, &cpus},
    {"seed", FIELD_INTEGER, AT(seed), "", "", false, &limits_seed},
    {"iterations", FIELD_INTEGER, AT(iterations), "",
     "timed regions of a trial", false, &limits_count},
    {"warmups", FIELD_INTEGER, AT(warmups), "",
     "untimed regions of a trial that is not in blocks, after the first", false,
     &limits_count},
    {"blocks", FIELD_INTEGER, AT(blocks), "",
     "in which a trial's regions take turns with serial ones, where a kernel "
     "computes; twice as many where it moves memory; 0: none",
     false, &limits_count},
    {"programs", FIELD_TRUTH, AT(programs), "",
     "program times are of trials of their own", false, NULL},
    {"siblings_from", FIELD_INTEGER, AT(siblings_from), "workers",
     "the fewest that use SMT siblings; null: none do", false, &cpus},
    {"slower_from", FIELD_INTEGER, AT(slower_from), "workers",
     "the fewest that use cores of a slower kind", false, &cpus},
    {"numa_from", FIELD_INTEGER, AT(numa_from), "workers",
     "the fewest that use several NUMA nodes", false, &cpus},
    {"throttled_rounds", FIELD_INTEGER, AT(throttled_rounds), "rounds",
     "in which a CPU quota took time from some trial", false, &limits_rounds},
    {"swapped_rounds", FIELD_INTEGER, AT(swapped_rounds), "rounds",
     "in which the machine swapped during some trial", false, &limits_rounds},
    {"hot_rounds", FIELD_INTEGER, AT(hot_rounds), "rounds",
     "in which a core was slowed down for its heat during some trial", false,
     &limits_rounds},
    {"clock_refused", FIELD_INTEGER, AT(clock_refused), "",
     "clock readings above 7 GHz", false, &limits_count},
    {"steal_share", FIELD_REAL, AT(steal_share), "",
     "what the hypervisor took of the trials' wall time x online CPUs", false,
     &limits_number},
    {"others_cpus", FIELD_REAL, AT(others_cpus), "CPUs",
     "that all else on the machine used while trials ran", false,
     &limits_number},
    {"fault_s", FIELD_INTERVAL, AT(fault_s), "s",
     "what a page fault costs a forked worker that touches a page of the "
     "result "
     "for the first time, where its parent has touched it; null: not measured",
     false, NULL},
    {"busy", FIELD_TEXT, AT(busy), "",
     "who else used the CPUs, before the first trial or while trials ran, and "
     "what to do: the report's first line; null: nobody seen",
     false, &limits_text},
    {"verdicts", FIELD_INTEGER, AT(verdicts), "",
     "m, the verdicts that the run was to give: one a workload and size, of "
     "`omp:static` (else the first parallel variant) at the most workers",
     false, &limits_count},
    {"verdict_level", FIELD_REAL, AT(verdict_level), "",
     "the p up to which Holm's correction gives them, at 5% over all; from 1 + "
     "log2(m / 5%) trials on",
     false, &fraction},
    {"warnings", FIELD_TEXT, AT(warnings), "",
     "sentences on what spoils the run; null: nothing seen", false,
     &limits_text},
    {"scaling", FIELD_TEXT, AT(scaling), "",
     "`strong`, or `weak`: the size grew with the workers", false, &scalings},
    {"machine", FIELD_TEXT, AT(machine), "", "the kind of machine", false,
     &limits_text},
    {"build", FIELD_TEXT, AT(build), "", "compiler, flags, runtime", false,
     &limits_text},
    {"bind", FIELD_TEXT, AT(bind), "", "how workers were bound", false,
     &limits_text},
    {"date", FIELD_TEXT, AT(date), "", "UTC", false, &limits_text},
    {"left_out", FIELD_TEXT, AT(left_out), "",
     "what was left out to stay within the budget", false, &limits_text},
    {NULL, FIELD_TEXT, 0, NULL, NULL, false, NULL},
};
