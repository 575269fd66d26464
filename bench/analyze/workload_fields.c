/* The keys of the objects under `workloads` and `models` in analysis.json. */
#include "bench/analyze/results.h"

#include "bench/plan/workload.h"

static const char *const scope_words[] = {"region", "program", NULL};
static const char *const law_names[] = {"amdahl", "cost", "amdahl-cost", "usl",
                                        NULL};
static const struct limits scopes = {.words = scope_words};
static const struct limits laws = {.words = law_names};
static const struct limits shares = {-1e6, 1e6, NULL};
static const struct limits fraction = {0, 1, NULL};
static const struct limits logarithm = {-1000, 1000, NULL};
static const struct limits repeats = {1, WORKLOAD_REPEAT, NULL};
static const struct limits params = {0, 65536, NULL};

#define AT(member) offsetof(struct workload_result, member)

const struct field workload_fields[] = {
    {"workload", FIELD_TEXT, AT(workload), "",
     "kernel with the parameters that differ from the defaults", true,
     &limits_name},
    {"kernel", FIELD_TEXT, AT(kernel), "", "kernel", true, &limits_name},
    {"params", FIELD_TEXT, AT(params), "", "all parameters", false, &params},
    {"title", FIELD_TEXT, AT(title), "", "kernel in words", false,
     &limits_text},
    {"items", FIELD_TEXT, AT(items), "", "what its items are called", false,
     &limits_name},
    {"size", FIELD_INTEGER, AT(size), "items", "", true, &limits_size},
    {"repeat", FIELD_INTEGER, AT(repeat), "",
     "regions of its programs, the first of them cold; null: one, or somebody "
     "else's program",
     false, &repeats},
    {"waits", FIELD_TRUTH, AT(waits), "", "sleeps instead of computing", false,
     NULL},
    {"serial_region_s", FIELD_INTERVAL, AT(serial_region_s), "s",
     "baseline of the region speedups", false, &limits_time_s},
    {"serial_program_s", FIELD_INTERVAL, AT(serial_program_s), "s",
     "baseline of the program speedups", false, &limits_time_s},
    {"serial_fraction", FIELD_INTERVAL, AT(serial_fraction), "",
     "f of the serial program, from the pilot; of somebody else's program, of "
     "all its own observed runs with one worker",
     false, &limits_number},
    {"known_serial_fraction", FIELD_REAL, AT(known_serial_fraction), "",
     "the share of a program's work that the kernel is made to do serially, as "
     "`spin/serial=0.25` for one region; null: it is made to have none",
     false, &fraction},
    {"method_gain", FIELD_INTERVAL, AT(method_gain), "",
     "its serial items/s over those of slower_method, paired by round", false,
     &limits_number},
    {"slower_method", FIELD_TEXT, AT(slower_method), "",
     "the workload that differs in the parameter `method` alone and is slower; "
     "null: none was measured",
     false, &limits_name},
    {"target", FIELD_TEXT, AT(target), "",
     "whether the calibration met its target time", false, &limits_text},
    {"best_workers", FIELD_INTEGER, AT(best_workers), "",
     "the workers with the shortest median time: of a program, or of the "
     "variant "
     "that stands for the workload",
     false, &limits_workers},
    {"enough_workers", FIELD_INTEGER, AT(enough_workers), "",
     "the fewest workers that are not told apart from the best", false,
     &limits_workers},
    {"beside", FIELD_TEXT, AT(beside), "",
     "of a program: the first one of the run, where it is another", false,
     &limits_name},
    {"beside_ratio", FIELD_INTERVAL, AT(beside_ratio), "",
     "its time over this one's, each with the most workers, paired by round",
     false, &limits_number},
    {"critical_fraction", FIELD_REAL, AT(critical_fraction), "",
     "of a program: the share of its observed one-worker runs in critical "
     "sections inside of parallel regions, the median",
     false, &limits_number},
    {"law_limit", FIELD_REAL, AT(law_limit), "",
     "of a program: what its program_speedup is at most with however many "
     "workers, by serial_fraction and, of one lock, critical_fraction; null: "
     "no law",
     false, &limits_number},
    {"unobserved", FIELD_TEXT, AT(unobserved), "",
     "of a program: why the pilot told nothing of its inside; null: a run of "
     "it did, with one worker or a team, or there was none",
     false, &limits_text},
    {"no_law", FIELD_TEXT, AT(no_law), "",
     "why no law follows from observed runs all the same; then neither "
     "serial_fraction nor program_law is told, and prediction.json, written "
     "before the rounds, does not hold",
     false, &limits_text},
    {"untold", FIELD_WORDS, AT(untold), "",
     "what it could not tell apart: see the record's `inside.untold`", false,
     &limits_name},
    {NULL, FIELD_TEXT, 0, NULL, NULL, false, NULL},
};

#undef AT
#define AT(member) offsetof(struct inside_region, member)

const struct field inside_region_fields[] = {
    {"workload", FIELD_TEXT, AT(workload), "", "the program", true,
     &limits_name},
    {"requested", FIELD_TEXT, AT(requested), "", "`program`, or `serial`", true,
     &limits_name},
    {"workers", FIELD_INTEGER, AT(workers), "", "", true, &limits_workers},
    {"size", FIELD_INTEGER, AT(size), "", "", true, &limits_size},
    {"region", FIELD_TEXT, AT(region), "",
     "the parallel region, by file and line where that is known", true,
     &limits_name},
    {"trials", FIELD_INTEGER, AT(trials), "",
     "observed runs behind what follows", true, &limits_rounds},
    {"team", FIELD_INTEGER, AT(team), "", "threads of its largest team", true,
     &limits_workers},
    {"calls", FIELD_REAL, AT(calls), "", "a run, the median", false,
     &limits_number},
    {"wall_s", FIELD_INTERVAL, AT(wall_s), "s",
     "of all its calls in a run, from fork to join", false, &limits_number},
    {"one_s", FIELD_INTERVAL, AT(one_s), "s",
     "the same with one worker; null: no run with one has it", false,
     &limits_number},
    {"share", FIELD_INTERVAL, AT(share), "", "wall_s of the program's time",
     false, &limits_number},
    {"speedup", FIELD_INTERVAL, AT(speedup), "",
     "one_s over wall_s, paired by round", false, &limits_number},
    {"if_balanced", FIELD_INTERVAL, AT(if_balanced), "",
     "program_speedup at most, were its workers done at once; where it keeps "
     "to program_law, no more than that",
     false, &limits_number},
    {NULL, FIELD_TEXT, 0, NULL, NULL, false, NULL},
};

#undef AT
#define AT(member) offsetof(struct model_result, member)

const struct field model_fields[] = {
    {"workload", FIELD_TEXT, AT(workload), "",
     "kernel with the parameters that differ from the defaults", true,
     &limits_name},
    {"requested", FIELD_TEXT, AT(requested), "", "execution model as asked for",
     true, &limits_name},
    {"scope", FIELD_TEXT, AT(scope), "", "`region` or `program`", true,
     &scopes},
    {"size", FIELD_INTEGER, AT(size), "items", "", true, &limits_size},
    {"workers", FIELD_INTEGERS, AT(workers), "",
     "the worker counts that a law was fitted to: those before SMT siblings, "
     "slower cores or another NUMA node, that share no CPUs and no flag "
     "spoils, with 6 trials or more; of the region without `short-region`",
     false, &limits_workers},
    {"law", FIELD_TEXT, AT(law), "",
     "what fits their times, weighted by their own variances, by lack of fit "
     "(F) at 5%: `amdahl` (up to 4 counts a fraction that is apparent alone); "
     "`cost`: each team costs the same, and nothing is serial; from 6 counts "
     "on `amdahl-cost`, both, and `usl`, the Universal Scalability Law, where "
     "kappa's interval is above 0; null: fewer than three counts",
     false, &laws},
    {"lack_p", FIELD_REAL, AT(lack_p), "",
     "how probable so much lack of fit is by chance; below 5%, or with a share "
     "whose interval is below 0, the law does not fit, and nothing follows "
     "from it",
     false, &fraction},
    {"cost_lack_p", FIELD_REAL, AT(cost_lack_p), "",
     "the same of `cost`: at 5% or more beside `amdahl` they are not told "
     "apart",
     false, &fraction},
    {"residuals", FIELD_REALS, AT(residuals), "",
     "log(mean time / the law's), by worker count", false, &logarithm},
    {"one", FIELD_REAL, AT(one), "",
     "the law's time with one worker, over serial's", false, &limits_number},
    {"serial", FIELD_INTERVAL, AT(serial), "",
     "serial fraction of the law, by a bootstrap of rounds with the choice of "
     "the law inside",
     false, &shares},
    {"kappa", FIELD_INTERVAL, AT(kappa), "",
     "what each further worker costs each, as a share of the time with one",
     false, &shares},
    {"cost", FIELD_INTERVAL, AT(cost), "",
     "what any team costs, as a share of the time with one", false, &shares},
    {"best_workers", FIELD_INTEGER, AT(best_workers), "",
     "the workers with the shortest median time", false, &limits_workers},
    {"enough_workers", FIELD_INTEGER, AT(enough_workers), "",
     "the fewest workers that are not told apart from the best, the choice of "
     "the best inside of the bootstrap",
     false, &limits_workers},
    {"half_from", FIELD_INTEGER, AT(half_from), "workers",
     "from which on all of the efficiency's interval is below 50%; null: it "
     "is not",
     false, &limits_workers},
    {"siblings_gain", FIELD_INTERVAL, AT(siblings_gain), "",
     "with SMT siblings (see siblings_from; up to the next such break) over "
     "without, paired by round",
     false, &limits_number},
    {"slower_gain", FIELD_INTERVAL, AT(slower_gain), "",
     "the same of slower cores", false, &limits_number},
    {"numa_gain", FIELD_INTERVAL, AT(numa_gain), "", "and of NUMA nodes", false,
     &limits_number},
    {"law_at_hundred", FIELD_INTERVAL, AT(law_at_hundred), "",
     "a program's speedup on 100 workers by Amdahl's law and the fraction "
     "measured by the pilot: a prediction, of nothing else that may be lost; "
     "null: as many were measured",
     false, &limits_number},
    {NULL, FIELD_TEXT, 0, NULL, NULL, false, NULL},
};
