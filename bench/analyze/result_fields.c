/* The keys of a result in analysis.json: the columns of speedups.csv, too. */
#include "bench/analyze/results.h"

#include "bench/plan/counts.h"
#include "bench/plan/notation.h"

#define AT(member) offsetof(struct result, member)

static const char *const bound_words[] = {"memory", "arithmetic", NULL};
static const char *const limit_words[] = {"memory", "shared cache or memory",
                                          NULL};

static const struct limits bounds = {.words = bound_words};
static const struct limits limits_of = {.words = limit_words};
static const struct limits shares = {-1e6, 1e6, NULL};
static const struct limits ticks = {-1e60, 1e60, NULL}; /* a difference's */
static const struct limits logarithm = {-1000, 1000, NULL};
static const struct limits fraction = {0, 1, NULL};
static const struct limits seen = {0, COUNTS_MAX, NULL};

const struct field result_fields[] = {
    {"workload", FIELD_TEXT, AT(workload), "",
     "kernel with the parameters that differ from the defaults", true,
     &limits_name},
    {"kernel", FIELD_TEXT, AT(kernel), "", "kernel", true, &limits_name},
    {"variant", FIELD_TEXT, AT(variant), "",
     "execution model, with the chunk that was used", true, &limits_name},
    {"requested", FIELD_TEXT, AT(requested), "", "execution model as asked for",
     true, &limits_name},
    {"label", FIELD_TEXT, AT(label), "", "execution model in words", true,
     &limits_name},
    {"workers", FIELD_INTEGER, AT(workers), "", "", true, &limits_workers},
    {"size", FIELD_INTEGER, AT(size), "items", "of `copies`, of each", true,
     &limits_size},
    {"n", FIELD_INTEGER, AT(n), "rounds",
     "trials behind the region's numbers, or the program's without a region",
     true, &limits_rounds},
    {"region_s", FIELD_INTERVAL, AT(region_s), "s", "warm region", false,
     &limits_time_s},
    {"serial_region_s", FIELD_INTERVAL, AT(serial_region_s), "s",
     "warm region of `serial` that speedup_abs is beside: in the same trials "
     "where they take turns",
     false, &limits_time_s},
    {"region_first_s", FIELD_INTERVAL, AT(region_first_s), "s", "cold region",
     false, &limits_time_s},
    {"program_s", FIELD_INTERVAL, AT(program_s), "s",
     "cold program: setup + start + touch + its regions + finish + close",
     false, &limits_time_s},
    {"wall_s", FIELD_INTERVAL, AT(wall_s), "s",
     "whole process, from spawn to exit", false, &limits_time_s},
    {"items_per_s", FIELD_INTERVAL, AT(items_per_s), "items/s",
     "size / region; of `copies`, all of theirs", false, &limits_number},
    {"speedup_abs", FIELD_INTERVAL, AT(speedup_abs), "",
     "region: `serial` over this, the trials' turns_ratio, or paired by round "
     "where they have none; under weak scaling, and of `copies`, of "
     "throughputs",
     false, &limits_number},
    {"speedup_slowest", FIELD_INTERVAL, AT(speedup_slowest), "",
     "region: `serial` on the slowest CPU in use over this, by its blocks "
     "alone; null: no "
     "blocks with `serial`, or fewer than 9 on some CPU",
     false, &limits_number},
    {"slowest_cpu", FIELD_INTEGER, AT(slowest_cpu), "", "that CPU", false,
     &limits_cpus},
    {"speedup_rel", FIELD_INTERVAL, AT(speedup_rel), "",
     "region: the same variant with one worker over this", false,
     &limits_number},
    {"program_speedup", FIELD_INTERVAL, AT(program_speedup), "",
     "program: `serial` over this, paired by round; of the phase `program` "
     "where there is one",
     false, &limits_number},
    {"program_speedup_rel", FIELD_INTERVAL, AT(program_speedup_rel), "",
     "program: the same variant with one worker over this", false,
     &limits_number},
    {"efficiency", FIELD_INTERVAL, AT(efficiency), "", "speedup_abs / workers",
     false, &limits_number},
    {"apparent_fraction", FIELD_INTERVAL, AT(apparent_fraction), "",
     "apparent serial fraction of speedup_rel, (1/S - 1/p) / (1 - 1/p) for p "
     "workers: what would be serial were nothing else lost",
     false, &shares},
    {"apparent_fraction_capacity", FIELD_INTERVAL,
     AT(apparent_fraction_capacity), "",
     "the same with p as the `capacity` of so many workers, which their clock "
     "and what they share take from",
     false, &shares},
    {"program_apparent_fraction", FIELD_INTERVAL, AT(program_apparent_fraction),
     "", "the same of program_speedup_rel, beside program_law_fraction", false,
     &shares},
    {"if_balanced", FIELD_INTERVAL, AT(if_balanced), "",
     "program_speedup at most, were all workers done at once", false,
     &limits_number},
    {"if_no_overheads", FIELD_INTERVAL, AT(if_no_overheads), "",
     "at most, were starting, dispatch, sending and join for nothing", false,
     &limits_number},
    {"if_setup_shared", FIELD_INTERVAL, AT(if_setup_shared), "",
     "at most, were set-up shared evenly by all workers", false,
     &limits_number},
    {"region_if_balanced", FIELD_INTERVAL, AT(region_if_balanced), "",
     "as if_balanced, of the region", false, &limits_number},
    {"region_if_no_overheads", FIELD_INTERVAL, AT(region_if_no_overheads), "",
     "as if_no_overheads, of the region", false, &limits_number},
    {"cpu_s", FIELD_INTERVAL, AT(cpu_s), "s",
     "CPU time of a program and all that it started; null: of a kernel", false,
     &limits_number},
    {"core_s", FIELD_INTERVAL, AT(core_s), "s",
     "workers x program: what a run of a program keeps from others", false,
     &limits_number},
    {"more_cpu_share", FIELD_INTERVAL, AT(more_cpu_share), "",
     "of core_s, the CPU time beyond that of the baseline, paired by round",
     false, &shares},
    {"more_idle_share", FIELD_INTERVAL, AT(more_idle_share), "",
     "of core_s, the idle time beyond that of the baseline", false, &shares},
    {"others_cpus", FIELD_INTERVAL, AT(others_cpus), "CPUs",
     "that all else on the machine used meanwhile; below 0 where ticks of 10 "
     "ms took more away than there was",
     false, &ticks},
    {"clock_ratio", FIELD_INTERVAL, AT(clock_ratio), "",
     "the clock of the trials, as their blocks read it, over that of the same "
     "variant with one worker, paired by round; the mean over workers on cores "
     "of the first one's kind; null: no blocks with `serial`, or a reading "
     "above 7 GHz",
     false, &limits_number},
    {"speedup_clock_adjusted", FIELD_INTERVAL, AT(speedup_clock_adjusted), "",
     "speedup_abs, had the clock been that with one worker", false,
     &limits_number},
    {"roofline_share", FIELD_INTERVAL, AT(roofline_share), "",
     "the least time that the meters of the same round allow for its bytes and "
     "operations, over the region's, paired by round; null: it waits, states "
     "no operations, or a meter did not run",
     false, &limits_number},
    {"roofline_bound", FIELD_TEXT, AT(roofline_bound), "",
     "which takes longer at least: `memory` or `arithmetic`", false, &bounds},
    {"operations_per_byte", FIELD_REAL, AT(operations_per_byte), "1/byte",
     "stated operations (see operations_per_s) / bytes; null: no bytes", false,
     &limits_number},
    {"operations_per_s", FIELD_INTERVAL, AT(operations_per_s), "1/s",
     "stated operations / region; those on numbers of n bytes count n/8, as "
     "more of them fit into a vector",
     false, &limits_number},
    {"roofline_limit", FIELD_TEXT, AT(roofline_limit), "",
     "memory: all of the share's interval is 90% or more of what a meter of "
     "memory moves with as many workers and the same footprint (lines that are "
     "written count twice, as they are read before), and the footprint is four "
     "times all last-level caches or more; shared cache or memory: it is "
     "smaller, or they are not told; null: not shown, or the whole interval is "
     "above 100%, where the meter is no limit",
     false, &limits_of},
    {"roofline_bytes_per_s", FIELD_INTERVAL, AT(roofline_bytes_per_s),
     "bytes/s",
     "the memory's meter at as many workers, with the nearest share of reading "
     "and its working set",
     false, &limits_number},
    {"roofline_operations_per_s", FIELD_INTERVAL, AT(roofline_operations_per_s),
     "1/s", "the meter of 64-bit additions at as many workers", false,
     &limits_number},
    {"refused", FIELD_TEXT, AT(refused), "",
     "why its times cannot be what they say; null: nothing was found", false,
     &limits_text},
    {"blocks_over_textbook", FIELD_INTERVAL, AT(blocks_over_textbook), "",
     "region of `omp:static` over that of `textbook`, paired by round; null: "
     "another variant, or no `textbook`",
     false, &limits_number},
    {"program_law", FIELD_INTERVAL, AT(program_law), "",
     "program_speedup by Amdahl's law, from the pilot alone: serial's time "
     "over "
     "that of the variant with one worker, over f + (1 - f) / workers; of "
     "somebody else's program at most, from all its observed runs; null: see "
     "no_law of its workload",
     false, &limits_number},
    {"program_law_residual", FIELD_INTERVAL, AT(program_law_residual), "",
     "log(program_speedup / program_law's median); null of `serial` and "
     "`copies`, as the next two are",
     false, &logarithm},
    {"program_one_residual", FIELD_INTERVAL, AT(program_one_residual), "",
     "the same of who predicts no gain: log(program_speedup)", false,
     &logarithm},
    {"program_ideal_residual", FIELD_INTERVAL, AT(program_ideal_residual), "",
     "and of who predicts all: log(program_speedup / workers)", false,
     &logarithm},
    {"program_law_critical", FIELD_REAL, AT(program_law_critical), "",
     "of somebody else's program, whose program_law is an upper bound: that "
     "bound with critical sections one after another, too (critical_fraction): "
     "1 / (f + max(c, (1 - f) / p)); null: they were of several locks",
     false, &limits_number},
    {"observed_ratio", FIELD_INTERVAL, AT(observed_ratio), "",
     "time of its observed runs over that of the timed ones, paired by round: "
     "what observing costs; null: none was",
     false, &limits_number},
    {"program_law_fraction", FIELD_REAL, AT(program_law_fraction), "",
     "its f: the serial share of the variant's cold one-worker program", false,
     &limits_number},
    {"region_law", FIELD_INTERVAL, AT(region_law), "",
     "speedup_abs at most, from the pilot alone: the region's time over that "
     "of the worker that is the last one under the schedule, by `serial`'s "
     "times for equal blocks (profile_s); nothing else is lost; null of "
     "`serial` and `copies`, and without a profile, as the next four are",
     false, &limits_number},
    {"region_law_overheads", FIELD_INTERVAL, AT(region_law_overheads), "",
     "the same where what an empty region of the variant takes with as many "
     "workers comes on top: from probes with several workers before the rounds "
     "(phase `empty`); and, shared by them, what chunks cost the pilot's one "
     "worker; null: not measured",
     false, &limits_number},
    {"region_law_overheads_residual", FIELD_INTERVAL,
     AT(region_law_overheads_residual), "",
     "log(speedup_abs / region_law_overheads' median)", false, &logarithm},
    {"region_law_residual", FIELD_INTERVAL, AT(region_law_residual), "",
     "log(speedup_abs / region_law's median)", false, &logarithm},
    {"region_law_dynamic_gain", FIELD_REAL, AT(region_law_dynamic_gain), "",
     "what chunks of the kernel's grain for whoever is free could win at most "
     "over the schedule, by the same profile: their bound over region_law",
     false, &limits_number},
    {"program_amdahl_predicted", FIELD_REAL, AT(program_amdahl_predicted), "",
     "program_speedup_rel by Amdahl's law, from the pilot alone; null: of "
     "`copies`, which are no parallel form",
     false, &limits_number},
    {"program_amdahl_low", FIELD_REAL, AT(program_amdahl_low), "",
     "lower end of its interval", false, &limits_number},
    {"program_amdahl_high", FIELD_REAL, AT(program_amdahl_high), "",
     "upper end", false, &limits_number},
    {"program_amdahl_residual", FIELD_INTERVAL, AT(program_amdahl_residual), "",
     "log(program_speedup_rel / predicted)", false, &logarithm},
    {"workers_seen", FIELD_INTEGER, AT(workers_seen), "",
     "workers that had a chunk, in the trial with the fewest", false, &seen},
    {"outliers", FIELD_INTEGER, AT(outliers), "",
     "region times outside 3 interquartile ranges; kept", false,
     &limits_rounds},
    {"oversubscribed", FIELD_TRUTH, AT(oversubscribed), "",
     "more workers than usable CPUs", false, NULL},
    {"region_ratios", FIELD_REALS, AT(region_ratios), "",
     "the trials' or the rounds' own ratios behind speedup_abs", false,
     &limits_number},
    {"program_ratios", FIELD_REALS, AT(program_ratios), "",
     "and behind program_speedup", false, &limits_number},
    {"region_times_s", FIELD_REALS, AT(region_times_s), "s",
     "the trials' own times behind region_s", false, &limits_time_s},
    {"program_times_s", FIELD_REALS, AT(program_times_s), "s",
     "and behind program_s", false, &limits_time_s},
    {"speedup_abs_p", FIELD_REAL, AT(speedup_abs_p), "",
     "how probable trials so far to one side of 1 are where their median is "
     "1: two-sided sign test, exact, of region_ratios; not corrected for the "
     "number of points",
     false, &fraction},
    {"program_speedup_p", FIELD_REAL, AT(program_speedup_p), "",
     "the same of program_ratios: a verdict where it is at most verdict_level, "
     "and its workload's own point",
     false, &fraction},
    {"program_law_p", FIELD_REAL, AT(program_law_p), "",
     "the same beside the nearer end of program_law", false, &fraction},
    {"flags", FIELD_WORDS, AT(flags), "",
     "`refused`: see there; `short-region`: the region took under 1 ms; "
     "`mostly-overhead`: the region of kernel `null`, if it is in the run, of "
     "the same variant and workers took over half as long (all of the "
     "interval); "
     "`idle-workers`: some "
     "worker had nothing to do in some trial; `contended`: workers waited for "
     "a CPU for over 2% of workers x region (median), or others used more than "
     "the CPUs that a program's workers left them, by a tenth of those "
     "(median); `drift`: region times of 6 rounds or more rise or "
     "fall in their order (Mann-Kendall, exact, two-sided p below 5%); "
     "`clock-drop`: all of clock_ratio's interval is below 0.98; `throttled`, "
     "`swapped`, `hot`: some trial was; `wide`: the interval of a speedup "
     "reaches over 5% to either side; `bimodal`: of nine times or more some "
     "lie "
     "around one value and some around another (a quarter on each side of a "
     "gap "
     "of 24/n times what both scatter, and of 5%); `above-p`: all of the "
     "interval of a speedup is above the workers, or their `capacity`; `smt`, "
     "`slow-cores`, `numa`: as many "
     "workers "
     "use SMT siblings, slower cores, several NUMA nodes",
     false, &limits_name},
    {"breakdown_trials", FIELD_INTEGER, AT(breakdown.trials), "trials",
     "behind `breakdown`; null or 0: it is not told", false, &limits_rounds},
    {"region_breakdown_trials", FIELD_INTEGER, AT(region_breakdown.trials),
     "trials", "behind `region_breakdown`", false, &limits_rounds},
    {"talp_serialization_efficiency", FIELD_INTERVAL, AT(talp.serialization),
     "",
     "as TALP has it for OpenMP, of all teams: of workers x program, what is "
     "not idle while serial; a mean over its trials, as the next four are",
     false, &shares},
    {"talp_load_balance", FIELD_INTERVAL, AT(talp.load_balance), "",
     "of that, what is not idle in regions for the last worker to leave", false,
     &shares},
    {"talp_scheduling_efficiency", FIELD_INTERVAL, AT(talp.scheduling), "",
     "of that, what is not idle in regions for anything else: their product is "
     "the share inside chunks and serial phases, useful or not",
     false, &shares},
    {"region_talp_load_balance", FIELD_INTERVAL, AT(region_talp.load_balance),
     "", "as talp_load_balance, of workers x region", false, &shares},
    {"region_talp_scheduling_efficiency", FIELD_INTERVAL,
     AT(region_talp.scheduling), "", "as talp_scheduling_efficiency", false,
     &shares},
    {"cause_term", FIELD_TEXT, AT(cause.term), "",
     "the largest loss of `breakdown`, or of `region_breakdown` where that is "
     "not told; null: neither is",
     false, &limits_name},
    {"cause", FIELD_TEXT, AT(cause.rule), "",
     "why it is there: the rule that held; `where`: of a program that was "
     "observed, the region that has most of it; `not-explained`: none did; "
     "`not-told`: what they look at was not told; `nothing-lost`: it is no "
     "loss that matters",
     false, &limits_name},
    {"cause_sentence", FIELD_TEXT, AT(cause.sentence), "",
     "the same in words, with the numbers it rests on; they stand under "
     "`evidence`, too",
     false, &limits_text},
    {"ruled_out", FIELD_WORDS, AT(cause.ruled_out), "",
     "the rules that were looked at and do not hold", false, &limits_name},
    {"region_cause_term", FIELD_TEXT, AT(region_cause.term), "",
     "the same four of `region_breakdown`, with `region_evidence`; null: not "
     "told",
     false, &limits_name},
    {"region_cause", FIELD_TEXT, AT(region_cause.rule), "", "as `cause`", false,
     &limits_name},
    {"region_cause_sentence", FIELD_TEXT, AT(region_cause.sentence), "",
     "as `cause_sentence`", false, &limits_text},
    {"region_ruled_out", FIELD_WORDS, AT(region_cause.ruled_out), "",
     "as `ruled_out`", false, &limits_name},
    {NULL, FIELD_TEXT, 0, NULL, NULL, false, NULL},
};
