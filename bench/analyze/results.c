/* The keys of analysis.json; result_fields are speedups.csv's columns too. */
#include "bench/analyze/results.h"

#include "bench/plan/notation.h"

#include <string.h>

#define AT(member) offsetof(struct result, member)

const struct field result_fields[] = {
    {"workload", FIELD_TEXT, AT(workload), "",
     "kernel with the parameters that differ from the defaults", true},
    {"kernel", FIELD_TEXT, AT(kernel), "", "kernel", true},
    {"variant", FIELD_TEXT, AT(variant), "",
     "execution model, with the chunk that was used", true},
    {"requested", FIELD_TEXT, AT(requested), "", "execution model as asked for",
     true},
    {"label", FIELD_TEXT, AT(label), "", "execution model in words", false},
    {"workers", FIELD_INTEGER, AT(workers), "", "", true},
    {"size", FIELD_INTEGER, AT(size), "items", "", true},
    {"n", FIELD_INTEGER, AT(n), "rounds", "trials behind the numbers", true},
    {"region_s", FIELD_INTERVAL, AT(region_s), "s", "warm region", false},
    {"region_first_s", FIELD_INTERVAL, AT(region_first_s), "s", "cold region",
     false},
    {"program_s", FIELD_INTERVAL, AT(program_s), "s",
     "cold program: setup + start + touch + first region + finish + "
     "close",
     false},
    {"wall_s", FIELD_INTERVAL, AT(wall_s), "s",
     "whole process, from spawn to exit", false},
    {"items_per_s", FIELD_INTERVAL, AT(items_per_s), "items/s", "size / region",
     false},
    {"speedup_abs", FIELD_INTERVAL, AT(speedup_abs), "",
     "region: `serial` over this, paired by round; under weak scaling, of "
     "throughputs",
     false},
    {"speedup_rel", FIELD_INTERVAL, AT(speedup_rel), "",
     "region: the same variant with one worker over this", false},
    {"program_speedup", FIELD_INTERVAL, AT(program_speedup), "",
     "program: `serial` over this, paired by round", false},
    {"program_speedup_rel", FIELD_INTERVAL, AT(program_speedup_rel), "",
     "program: the same variant with one worker over this", false},
    {"efficiency", FIELD_INTERVAL, AT(efficiency), "", "speedup_abs / workers",
     false},
    {"cpu_s", FIELD_INTERVAL, AT(cpu_s), "s",
     "CPU time of a program and all that it started; null: of a kernel", false},
    {"core_s", FIELD_INTERVAL, AT(core_s), "s",
     "workers x program: what a run of a program keeps from others", false},
    {"more_cpu_share", FIELD_INTERVAL, AT(more_cpu_share), "",
     "of core_s, the CPU time beyond that of the baseline, paired by round",
     false},
    {"more_idle_share", FIELD_INTERVAL, AT(more_idle_share), "",
     "of core_s, the idle time beyond that of the baseline", false},
    {"clock_ratio", FIELD_INTERVAL, AT(clock_ratio), "",
     "the CPUs' clock with so many workers over that with one, of cores of the "
     "first one's kind; null: no probes",
     false},
    {"speedup_clock_adjusted", FIELD_INTERVAL, AT(speedup_clock_adjusted), "",
     "speedup_abs, had the clock been that with one worker", false},
    {"roofline_share", FIELD_INTERVAL, AT(roofline_share), "",
     "the least time that the meters of the same round allow for its bytes and "
     "operations, over the region's, paired by round; null: it waits, states "
     "no operations, or a meter did not run",
     false},
    {"roofline_bound", FIELD_TEXT, AT(roofline_bound), "",
     "which takes longer at least: `memory` or `arithmetic`", false},
    {"operations_per_byte", FIELD_REAL, AT(operations_per_byte), "1/byte",
     "stated operations (see operations_per_s) / bytes; null: no bytes", false},
    {"operations_per_s", FIELD_INTERVAL, AT(operations_per_s), "1/s",
     "stated operations / region; those on numbers of n bytes count n/8, as "
     "more of them fit into a vector",
     false},
    {"roofline_bytes_per_s", FIELD_INTERVAL, AT(roofline_bytes_per_s),
     "bytes/s",
     "the memory's meter at as many workers, with the nearest share of reading "
     "and its working set",
     false},
    {"roofline_operations_per_s", FIELD_INTERVAL, AT(roofline_operations_per_s),
     "1/s", "the meter of 64-bit additions at as many workers", false},
    {"refused", FIELD_TEXT, AT(refused), "",
     "why its times cannot be what they say; null: nothing was found", false},
    {"blocks_over_textbook", FIELD_INTERVAL, AT(blocks_over_textbook), "",
     "region of `omp:static` over that of `textbook`, paired by round; null: "
     "another variant, or no `textbook`",
     false},
    {"program_amdahl_predicted", FIELD_REAL, AT(program_amdahl_predicted), "",
     "program_speedup_rel by Amdahl's law, from the pilot alone", false},
    {"program_amdahl_low", FIELD_REAL, AT(program_amdahl_low), "",
     "lower end of its interval", false},
    {"program_amdahl_high", FIELD_REAL, AT(program_amdahl_high), "",
     "upper end", false},
    {"program_amdahl_residual", FIELD_INTERVAL, AT(program_amdahl_residual), "",
     "log(program_speedup_rel / predicted)", false},
    {"workers_seen", FIELD_INTEGER, AT(workers_seen), "",
     "workers that had a chunk, in the trial with the fewest", false},
    {"outliers", FIELD_INTEGER, AT(outliers), "",
     "region times outside 3 interquartile ranges; kept", false},
    {"oversubscribed", FIELD_TRUTH, AT(oversubscribed), "",
     "more workers than usable CPUs", false},
    {"region_ratios", FIELD_REALS, AT(region_ratios), "",
     "the rounds' own ratios behind speedup_abs", false},
    {"program_ratios", FIELD_REALS, AT(program_ratios), "",
     "and behind program_speedup", false},
    {"flags", FIELD_WORDS, AT(flags), "",
     "`refused`: see there; `overhead-dominated`: the region took under 1 ms; "
     "`idle-workers`: some "
     "worker had nothing to do in some trial; `contended`: workers waited for "
     "a CPU for over 2% of workers x region (median); `drift`: the intervals "
     "of the first and second half of at least 12 rounds are disjoint; "
     "`clock-drop`: all of clock_ratio's interval is below 0.98; `throttled`, "
     "`swapped`, `hot`: some trial was; `smt`, `slow-cores`, `numa`: as many "
     "workers "
     "use SMT siblings, slower cores, several NUMA nodes",
     false},
    {NULL, FIELD_TEXT, 0, NULL, NULL, false},
};

#undef AT
#define AT(member) offsetof(struct workload_result, member)

const struct field workload_fields[] = {
    {"workload", FIELD_TEXT, AT(workload), "",
     "kernel with the parameters that differ from the defaults", true},
    {"kernel", FIELD_TEXT, AT(kernel), "", "kernel", true},
    {"params", FIELD_TEXT, AT(params), "", "all parameters", false},
    {"title", FIELD_TEXT, AT(title), "", "kernel in words", false},
    {"items", FIELD_TEXT, AT(items), "", "what its items are called", false},
    {"size", FIELD_INTEGER, AT(size), "items", "", true},
    {"waits", FIELD_TRUTH, AT(waits), "", "sleeps instead of computing", false},
    {"serial_region_s", FIELD_INTERVAL, AT(serial_region_s), "s",
     "baseline of the region speedups", false},
    {"serial_program_s", FIELD_INTERVAL, AT(serial_program_s), "s",
     "baseline of the program speedups", false},
    {"serial_fraction", FIELD_INTERVAL, AT(serial_fraction), "",
     "f of the serial program, from the pilot", false},
    {"method_gain", FIELD_INTERVAL, AT(method_gain), "",
     "its serial items/s over those of slower_method, paired by round", false},
    {"slower_method", FIELD_TEXT, AT(slower_method), "",
     "the workload that differs in the parameter `method` alone and is slower; "
     "null: none was measured",
     false},
    {"target", FIELD_TEXT, AT(target), "",
     "whether the calibration met its target time", false},
    {"best_workers", FIELD_INTEGER, AT(best_workers), "",
     "of a program: the workers with the shortest median time", false},
    {"enough_workers", FIELD_INTEGER, AT(enough_workers), "",
     "the fewest workers whose time is not told apart from that", false},
    {NULL, FIELD_TEXT, 0, NULL, NULL, false},
};

#undef AT
#define AT(member) offsetof(struct cross_check, member)

const struct field check_fields[] = {
    {"workload", FIELD_TEXT, AT(workload), "",
     "kernel with the parameters that differ from the defaults", true},
    {"variant", FIELD_TEXT, AT(variant), "", "as asked for", true},
    {"workers", FIELD_INTEGER, AT(workers), "", "", true},
    {"hyperfine_s", FIELD_REAL, AT(hyperfine_s), "s",
     "median wall time by hyperfine", false},
    {"sweep_s", FIELD_REAL, AT(sweep_s), "s",
     "median wall time of the same command in the sweep", false},
    {"hyperfine_speedup", FIELD_REAL, AT(hyperfine_speedup), "",
     "serial over this, by hyperfine", false},
    {"sweep_speedup", FIELD_REAL, AT(sweep_speedup), "",
     "serial over this, by the sweep", false},
    {NULL, FIELD_TEXT, 0, NULL, NULL, false},
};

#undef AT
#define AT(member) offsetof(struct capacity, member)

const struct field capacity_fields[] = {
    {"workers", FIELD_INTEGER, AT(workers), "", "", true},
    {"capacity", FIELD_INTERVAL, AT(capacity), "",
     "what as many CPUs deliver together on `spin/chains=8`, over the first "
     "alone: from the probes, paired by round",
     false},
    {"clock_ratio", FIELD_INTERVAL, AT(clock_ratio), "",
     "their clock over that of the first alone: from `clock` and CPU "
     "times, the mean over workers on cores of the first one's kind; readings "
     "above 7 GHz are not "
     "used",
     false},
    {NULL, FIELD_TEXT, 0, NULL, NULL, false},
};

#undef AT
#define AT(member) offsetof(struct run_facts, member)

const struct field run_fields[] = {
    {"schema", FIELD_INTEGER, AT(schema), "", "version of this format", true},
    {"rounds", FIELD_INTEGER, AT(rounds), "", "rounds behind the numbers",
     false},
    {"rounds_left_out", FIELD_INTEGER, AT(rounds_left_out), "",
     "rounds in which a trial failed or was wrong", false},
    {"trials", FIELD_INTEGER, AT(trials), "", "records of all phases", false},
    {"bad_trials", FIELD_INTEGER, AT(bad_trials), "", "of them failed or wrong",
     false},
    {"torn", FIELD_TRUTH, AT(torn), "",
     "the last record was incomplete, and left out", false},
    {"usable_cpus", FIELD_INTEGER, AT(usable_cpus), "", "", false},
    {"seed", FIELD_INTEGER, AT(seed), "", "", false},
    {"iterations", FIELD_INTEGER, AT(iterations), "",
     "timed regions of a trial", false},
    {"siblings_from", FIELD_INTEGER, AT(siblings_from), "workers",
     "the fewest that use SMT siblings; null: none do", false},
    {"slower_from", FIELD_INTEGER, AT(slower_from), "workers",
     "the fewest that use cores of a slower kind", false},
    {"numa_from", FIELD_INTEGER, AT(numa_from), "workers",
     "the fewest that use several NUMA nodes", false},
    {"throttled_rounds", FIELD_INTEGER, AT(throttled_rounds), "rounds",
     "in which a CPU quota took time from some trial", false},
    {"swapped_rounds", FIELD_INTEGER, AT(swapped_rounds), "rounds",
     "in which the machine swapped during some trial", false},
    {"hot_rounds", FIELD_INTEGER, AT(hot_rounds), "rounds",
     "in which a core was slowed down for its heat during some trial", false},
    {"clock_refused", FIELD_INTEGER, AT(clock_refused), "",
     "clock readings above 7 GHz", false},
    {"steal_share", FIELD_REAL, AT(steal_share), "",
     "what the hypervisor took of the trials' wall time x online CPUs", false},
    {"warnings", FIELD_TEXT, AT(warnings), "",
     "sentences on what spoils the run; null: nothing seen", false},
    {"scaling", FIELD_TEXT, AT(scaling), "",
     "`strong`, or `weak`: the size grew with the workers", false},
    {"machine", FIELD_TEXT, AT(machine), "", "the kind of machine", false},
    {"build", FIELD_TEXT, AT(build), "", "compiler, flags, runtime", false},
    {"bind", FIELD_TEXT, AT(bind), "", "how workers were bound", false},
    {"date", FIELD_TEXT, AT(date), "", "UTC", false},
    {"left_out", FIELD_TEXT, AT(left_out), "",
     "what was left out to stay within the budget", false},
    {NULL, FIELD_TEXT, 0, NULL, NULL, false},
};

void analysis_mark_sizes(struct analysis *analysis) {
  for (size_t s = 0; s < analysis->workload_count; s++)
    for (size_t k = 0; k < s; k++) {
      struct workload_result *a = &analysis->workloads[k];
      struct workload_result *b = &analysis->workloads[s];
      if (strcmp(a->workload, b->workload) == 0)
        a->sized = b->sized = true;
    }
}

bool result_is_of(const struct result *result,
                  const struct workload_result *workload) {
  /* Under weak scaling a result's size is not its workload's. */
  return strcmp(result->workload, workload->workload) == 0 &&
         (!workload->sized || result->size == workload->size);
}

const struct workload_result *
analysis_workload_of(const struct analysis *analysis,
                     const struct result *result) {
  for (size_t s = 0; s < analysis->workload_count; s++)
    if (result_is_of(result, &analysis->workloads[s]))
      return &analysis->workloads[s];
  return NULL;
}

bool analysis_is_largest(const struct analysis *analysis,
                         const struct workload_result *workload) {
  for (size_t s = 0; s < analysis->workload_count; s++)
    if (analysis->workloads[s].size > workload->size &&
        strcmp(analysis->workloads[s].workload, workload->workload) == 0)
      return false;
  return true;
}

const struct result *analysis_find(const struct analysis *analysis,
                                   const char *workload, const char *requested,
                                   int64_t workers) {
  for (size_t i = 0; i < analysis->result_count; i++) {
    const struct result *r = &analysis->results[i];
    if (r->workers == workers && strcmp(r->workload, workload) == 0 &&
        strcmp(r->requested, requested) == 0)
      return r;
  }
  return NULL;
}

const struct result *analysis_find_of(const struct analysis *analysis,
                                      const struct workload_result *workload,
                                      const char *requested, int64_t workers) {
  for (size_t i = 0; i < analysis->result_count; i++) {
    const struct result *r = &analysis->results[i];
    if (r->workers == workers && result_is_of(r, workload) &&
        strcmp(r->requested, requested) == 0)
      return r;
  }
  return NULL;
}

bool result_is_serial(const struct result *result) {
  return notation_names_serial(result->requested);
}

int64_t analysis_most_workers(const struct analysis *analysis,
                              const struct workload_result *workload) {
  int64_t most = 1;
  for (size_t i = 0; i < analysis->result_count; i++) {
    const struct result *r = &analysis->results[i];
    bool counts = workload->waits == 1 || r->oversubscribed != 1;
    if (counts && r->workers > most && result_is_of(r, workload))
      most = r->workers;
  }
  return most;
}
