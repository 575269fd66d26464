/* The table of a record's fields: in the order in which a line has them. */
#include "bench/plan/counts.h"
#include "bench/plan/cpulist.h"
#include "bench/plan/plan.h"
#include "bench/plan/workload.h"
#include "bench/record/record.h"
#include "bench/trial/trial.h"

#define AT(member) offsetof(struct record, member)

/* Sums over regions: of the timed ones, of the program's. */
/* NOLINTBEGIN(bugprone-macro-parentheses): texts are put together */
#define SUMS(key, of, member)                                                  \
  {key "_regions",                                                             \
   FIELD_INTEGER,                                                              \
   AT(member.regions),                                                         \
   "",                                                                         \
   of " whose core-time is in the sums that follow; null: no stamps",          \
   false,                                                                      \
   &limits_count},                                                             \
      {key "_refused",                                                         \
       FIELD_INTEGER,                                                          \
       AT(member.refused),                                                     \
       "",                                                                     \
       "further ones, left out: their stamps contradict each other",           \
       false,                                                                  \
       &limits_count},                                                         \
      {key "_region_s",                                                        \
       FIELD_REAL,                                                             \
       AT(member.region_s),                                                    \
       "s",                                                                    \
       "their time from fork to join; times the workers it is all that "       \
       "follows up to join, and late",                                         \
       false,                                                                  \
       &limits_time_s},                                                        \
      {key "_start_s",                                                         \
       FIELD_REAL,                                                             \
       AT(member.start_s),                                                     \
       "s",                                                                    \
       "core-time from the fork to each worker's first chunk",                 \
       false,                                                                  \
       &limits_core_s},                                                        \
      {key "_dispatch_s",    FIELD_REAL, AT(member.dispatch_s), "s",           \
       "between its chunks", false,      &limits_core_s},                      \
      {key "_send_s",     FIELD_REAL, AT(member.send_s), "s",                  \
       "sending results", false,      &limits_core_s},                         \
      {key "_busy_s",   FIELD_REAL, AT(member.busy_s), "s",                    \
       "inside chunks", false,      &limits_core_s},                           \
      {key "_few_s",                                                           \
       FIELD_REAL,                                                             \
       AT(member.few_s),                                                       \
       "s",                                                                    \
       "of workers for which there was no chunk",                              \
       false,                                                                  \
       &limits_core_s},                                                        \
      {key "_join_s",                                                          \
       FIELD_REAL,                                                             \
       AT(member.join_s),                                                      \
       "s",                                                                    \
       "from when the last one left to the join, of all",                      \
       false,                                                                  \
       &limits_core_s},                                                        \
      {key "_off_cpu_s",                                                       \
       FIELD_REAL,                                                             \
       AT(member.off_cpu_s),                                                   \
       "s",                                                                    \
       "of busy, what was on no CPU; null: not told of all",                   \
       false,                                                                  \
       &limits_core_s},                                                        \
      {key "_late_start_s",                                                    \
       FIELD_REAL,                                                             \
       AT(member.late_start_s),                                                \
       "s",                                                                    \
       "waiting for the last one to leave, as it began later than the others", \
       false,                                                                  \
       &late},                                                                 \
      {key "_late_dispatch_s",                                                 \
       FIELD_REAL,                                                             \
       AT(member.late_dispatch_s),                                             \
       "s",                                                                    \
       "as it waited longer for chunks",                                       \
       false,                                                                  \
       &late},                                                                 \
      {key "_late_send_s",                                                     \
       FIELD_REAL,                                                             \
       AT(member.late_send_s),                                                 \
       "s",                                                                    \
       "as it sent for longer",                                                \
       false,                                                                  \
       &late},                                                                 \
      {key "_late_busy_s",                                                     \
       FIELD_REAL,                                                             \
       AT(member.late_busy_s),                                                 \
       "s",                                                                    \
       "as it was inside chunks for longer",                                   \
       false,                                                                  \
       &late},                                                                 \
      {key "_late_off_cpu_s",                                                  \
       FIELD_REAL,                                                             \
       AT(member.late_off_cpu_s),                                              \
       "s",                                                                    \
       "of that, as it was on no CPU for longer; null: as off_cpu_s",          \
       false,                                                                  \
       &late},                                                                 \
      {key "_skipped_items",                                                   \
       FIELD_INTEGER,                                                          \
       AT(member.skipped_items),                                               \
       "items",                                                                \
       "of chunks past a search's hit, which nobody did",                      \
       false,                                                                  \
       &limits_count},                                                         \
  {                                                                            \
    key "_past_items", FIELD_INTEGER, AT(member.past_items), "items",          \
        "done past the end of the chunk with a search's hit, in vain", false,  \
        &limits_count                                                          \
  }
/* NOLINTEND(bugprone-macro-parentheses) */

static const char *const phase_words[] = {
    "calibration", "pilot",     "empty",   "round",
    "probe",       "overheads", "program", "overheads-active",
    "granularity", "breakeven", "a",       "b",
    "warmup",      "observed",  NULL};
static const char *const status_words[] = {"ok", "wrong", "failed", NULL};

static const struct limits phases = {.words = phase_words};
static const struct limits statuses = {.words = status_words};
static const struct limits rounds = {1, PLAN_ROUNDS_MOST, NULL};
static const struct limits orders = {1, INT32_MAX, NULL};
static const struct limits params = {0, 65536, NULL};
static const struct limits schemas = {RECORD_SCHEMA, RECORD_SCHEMA, NULL};
static const struct limits digests = {16, 16, NULL};
static const struct limits turns = {1, 65536, NULL};
static const struct limits repeats = {1, WORKLOAD_REPEAT, NULL};
static const struct limits seen = {0, COUNTS_MAX, NULL};
static const struct limits sharers = {2, TRIAL_SHARERS, NULL};
static const struct limits places = {1, TRIAL_SHARERS, NULL};
static const struct limits nodes = {0, COUNTS_MAX, NULL};
/* The last one may have had less of something than the others. */
static const struct limits late = {-1e7 * (CPULIST_MAX_INDEX + 1),
                                   1e7 * (CPULIST_MAX_INDEX + 1), NULL};
static const struct limits others = {-1e7 * (CPULIST_MAX_INDEX + 1),
                                     1e7 * (CPULIST_MAX_INDEX + 1), NULL};

const struct field record_fields[] = {
    {"schema", FIELD_INTEGER, AT(schema), "", "version of this format", true,
     &schemas},
    {"phase", FIELD_TEXT, AT(phase), "",
     "`calibration`, `pilot`, `empty` (regions of nothing, for predictions), "
     "`round`, or `program` (cold, for its program_s "
     "alone); `probe` (a meter of capacity, "
     "additions or memory, in every round; no result); `overheads`, "
     "`overheads-active` (spinning OpenMP threads), `granularity`, "
     "`breakeven`; `a`: an A/A, and of older ones `b`; of somebody else's "
     "program `warmup` (before the rounds), `observed` (with the observer in "
     "front, in a round; no result), and the observed run of the pilot",
     false, &phases},
    {"round", FIELD_INTEGER, AT(round), "", "number of the round, from 1",
     false, &rounds},
    {"order", FIELD_INTEGER, AT(order), "",
     "place in the order in which the trials ran, from 1", false, &orders},
    {"wall_s", FIELD_REAL, AT(wall_s), "s",
     "from spawning the trial's process to its exit", false, &limits_time_s},
    {"throttled_s", FIELD_REAL, AT(throttled_s), "s",
     "time that CPU quotas took from the control group during the trial; null: "
     "not told",
     false, &limits_core_s},
    {"steal_s", FIELD_REAL, AT(steal_s), "s",
     "time that the hypervisor took from all CPUs of the machine during the "
     "trial, in ticks of 10 ms; null: not told",
     false, &limits_core_s},
    {"others_cpu_s", FIELD_REAL, AT(others_cpu_s), "s",
     "CPU time of all else on the machine during the trial: what /proc/stat "
     "counts, to some ticks of 10 ms, less its own; so it may lie below 0; "
     "null: not told",
     false, &others},
    {"swapped_pages", FIELD_INTEGER, AT(swapped_pages), "pages",
     "pages that the machine swapped in or out during the trial; null: not "
     "told",
     false, &limits_count},
    {"thermal_throttles", FIELD_INTEGER, AT(thermal_throttles), "",
     "times that a core was slowed down for its heat during the trial, summed "
     "over the machine's CPUs; null: not told",
     false, &limits_count},
    {"status", FIELD_TEXT, AT(status), "",
     "`ok`, `wrong` (a result was wrong) or `failed` (it broke)", true,
     &statuses},
    {"error", FIELD_TEXT, AT(error), "", "what went wrong; null if nothing",
     false, &limits_text},
    {"kernel", FIELD_TEXT, AT(kernel), "", "name of the kernel", true,
     &limits_name},
    {"workload", FIELD_TEXT, AT(workload), "",
     "kernel with the parameters that differ from the defaults", true,
     &limits_name},
    {"params", FIELD_TEXT, AT(params), "", "all parameters", false, &params},
    {"input", FIELD_TEXT, AT(input), "",
     "CSV file that the items came from; null: drawn from the seed", false,
     &limits_text},
    {"variant", FIELD_TEXT, AT(variant), "",
     "execution model, with the chunk that was used", true, &limits_name},
    {"requested", FIELD_TEXT, AT(requested), "",
     "execution model as it was asked for", false, &limits_name},
    {"workers", FIELD_INTEGER, AT(workers), "", "workers of the team", true,
     &limits_workers},
    {"oversubscribed", FIELD_TRUTH, AT(oversubscribed), "",
     "more workers than usable CPUs", false, NULL},
    {"cpus", FIELD_INTEGERS, AT(cpus), "",
     "CPU of each worker; null: not bound", false, &limits_cpus},
    {"size", FIELD_INTEGER, AT(size), "items",
     "items of the kernel; of `copies`, of each", true, &limits_size},
    {"repeat", FIELD_INTEGER, AT(repeat), "",
     "regions of the program, the first of them cold; null: one, or somebody "
     "else's program",
     false, &repeats},
    {"seed", FIELD_INTEGER, AT(seed), "", "seed of the items", false,
     &limits_seed},
    {"digest", FIELD_TEXT, AT(digest), "", "digest of the result", false,
     &digests},
    {"correct", FIELD_TRUTH, AT(correct), "",
     "the result was checked and is right", false, NULL},
    {"setup_s", FIELD_REAL, AT(setup_s), "s",
     "building the input; serial, unless there are `builders`", false,
     &limits_time_s},
    {"builders", FIELD_INTEGER, AT(builders), "",
     "threads that built the input: 1, as in a program, but in trials whose "
     "regions alone are looked at; null: 1",
     false, &limits_workers},
    {"placed_nodes", FIELD_INTEGER, AT(placed_nodes), "",
     "NUMA nodes over which input and result were laid out, each part where "
     "its worker runs; 0: the system refused it; null: pages lie where they "
     "were touched, as on a machine of one node",
     false, &nodes},
    {"start_s", FIELD_REAL, AT(start_s), "s", "starting the team", false,
     &limits_time_s},
    {"touch_s", FIELD_REAL, AT(touch_s), "s",
     "touching the pages of the result, each by the worker that will write it "
     "(`serial` and `fork`: by the caller)",
     false, &limits_time_s},
    {"touched_by_workers", FIELD_TRUTH, AT(touched_by_workers), "",
     "all workers touched pages at once: no serial part of the program", false,
     NULL},
    {"region_first_s", FIELD_REAL, AT(region_first_s), "s",
     "the first region (cold)", false, &limits_time_s},
    {"repeats_s", FIELD_REAL, AT(repeats_s), "s",
     "the program's regions after the first, together; null: as `repeat`",
     false, &limits_time_s},
    {"region_s", FIELD_REAL, AT(region_s), "s",
     "lower median of the timed regions (warm); each from fork to join, of "
     "`copies` from the begin that all have in common until the last is done",
     false, &limits_time_s},
    {"regions_s", FIELD_REALS, AT(regions_s), "s", "each timed region", false,
     &limits_time_s},
    {"beside", FIELD_TEXT, AT(beside), "",
     "the form whose regions took turns with the timed ones: `serial`, on the "
     "CPUs in use; null: none",
     false, &limits_name},
    {"shared", FIELD_INTEGER, AT(shared), "",
     "points that shared the trial, other schedules of one team, or the team "
     "with fewer workers, the first of its CPUs: records in a row, the most "
     "workers first, with the same regions of `serial` (on the CPUs of the "
     "first); null: it had its own",
     false, &sharers},
    {"shared_place", FIELD_INTEGER, AT(shared_place), "",
     "which of them it is, from 1; of the others than the first, all that is "
     "the process's (wall_s, and setup_s to program_s but for the regions) is "
     "null",
     false, &places},
    {"turns", FIELD_TEXT, AT(turns), "",
     "those turns in the order in which they ran: `s` a region of `beside`, "
     "`p` of the point, a capital where it counts, `c` of clocks; each block "
     "ends with `|` (the first `p` after a shared team has grown does not "
     "count)",
     false, &turns},
    {"turns_s", FIELD_REALS, AT(turns_s), "s",
     "the time of each; those of `P` are regions_s", false, &limits_time_s},
    {"turns_cpu", FIELD_INTEGERS, AT(turns_cpu), "",
     "the CPU of each; null: of a team, or not bound", false, &limits_cpus},
    {"turns_clock_hz", FIELD_REALS, AT(turns_clock_hz), "Hz",
     "of each `c`, the clock of all workers in their order, by a chain of "
     "600,000 additions that wait for each other",
     false, &limits_number},
    {"turns_ratio", FIELD_REAL, AT(turns_ratio), "",
     "the median over the blocks of the mean logarithm of the times of `S` "
     "less "
     "that of `P`, as a ratio: the region's speedup beside `serial`",
     false, &limits_number},
    {"finish_s", FIELD_REAL, AT(finish_s), "s", "combining, serial", false,
     &limits_time_s},
    {"close_s", FIELD_REAL, AT(close_s), "s",
     "ending the team, until its workers are gone", false, &limits_time_s},
    {"program_s", FIELD_REAL, AT(program_s), "s",
     "setup + start + touch + first region + repeats + finish + close", false,
     &limits_time_s},
    {"profile_s", FIELD_REALS, AT(profile_s), "s",
     "one worker's time for each of so many equal blocks of the items, part k "
     "of n from item floor(k size / n) on: the lower median of up to three "
     "passes after the program's end, no further one past 50 ms; null: not "
     "asked",
     false, &limits_time_s},
    {"workers_seen", FIELD_INTEGER, AT(workers_seen), "",
     "workers that had a chunk, in the region with the fewest", false, &seen},
    {"cpu_s", FIELD_REAL, AT(cpu_s), "s",
     "of a program: CPU time of it and all processes that it started, user and "
     "system",
     false, &limits_core_s},
    {"cpu_system_s", FIELD_REAL, AT(cpu_system_s), "s", "of it in the system",
     false, &limits_core_s},
    {"peak_bytes", FIELD_REAL, AT(peak_bytes), "bytes",
     "the most memory that its largest process had", false, &limits_bytes},
    {"switches", FIELD_INTEGER, AT(switches), "",
     "their involuntary context switches, those for each other too", false,
     &limits_count},
    {"minor_faults", FIELD_INTEGER, AT(minor_faults), "",
     "their page faults without a disk", false, &limits_count},
    {"observed", FIELD_TRUTH, AT(observed), "",
     "of a program: the observer stood in front of it; null: a kernel's, or "
     "not asked for",
     false, NULL},
    {"unobserved", FIELD_TEXT, AT(unobserved), "",
     "of an observed run: why nothing is told of its inside; null: it is",
     false, &limits_text},
    {"team_pss_bytes", FIELD_REAL, AT(team_pss_bytes), "bytes",
     "proportional set size of parent and workers; null: not weighed", false,
     &limits_bytes},
    {"sum", FIELD_INTEGER, AT(sum), "",
     "the result's sum, modulo 2^63 (the digest has 64 bits of it)", false,
     &limits_size},
    {"count", FIELD_INTEGER, AT(count), "", "the result's count", false,
     &limits_size},
    {"lowest_hit", FIELD_INTEGER, AT(lowest_hit), "",
     "item of a search's lowest hit; null: no hit, or no search", false,
     &limits_size},
    {"sent_bytes", FIELD_INTEGER, AT(sent_bytes), "bytes",
     "what workers sent to their parent, results and headers, over all timed "
     "regions; null: results are written in place",
     false, &limits_count},
    {"parent_cpu_s", FIELD_REAL, AT(parent_cpu_s), "s",
     "CPU time of the parent of processes during the timed regions, in which "
     "it does no items; null: no such team",
     false, &limits_core_s},
    {"energy_j", FIELD_REAL, AT(energy_j), "J",
     "energy of the processors during the timed regions, of all that ran on "
     "them (RAPL, steps of about 1 ms); null: not told",
     false, &limits_number},
    {"worker_cycles", FIELD_REALS, AT(worker_cycles), "",
     "each worker's cycles in user space over all timed regions, those that it "
     "waits with included; null: the system does not tell, counted only part "
     "of the time, or workers of `fork`",
     false, &limits_number},
    {"worker_instructions", FIELD_REALS, AT(worker_instructions), "",
     "and its instructions", false, &limits_number},
    {"worker_begin_s", FIELD_REALS, AT(worker_begin_s), "s",
     "each worker's first chunk, since the region's begin; this and the next "
     "three are null in trials without stamps (`overheads`)",
     false, &limits_time_s},
    {"worker_end_s", FIELD_REALS, AT(worker_end_s), "s",
     "the end of its last chunk", false, &limits_time_s},
    {"worker_busy_s", FIELD_REALS, AT(worker_busy_s), "s",
     "its time inside chunks", false, &limits_time_s},
    {"worker_cpu_s", FIELD_REALS, AT(worker_cpu_s), "s",
     "its CPU time during the region; null where regions are under 0.1 ms: "
     "asking would take longer",
     false, &limits_time_s},
    {"worker_chunks", FIELD_INTEGERS, AT(worker_chunks), "", "its chunks",
     false, &limits_count},
    {"worker_items", FIELD_INTEGERS, AT(worker_items), "items",
     "its items; all of `size` in each of `copies`", false, &limits_count},
    {"worker_run_delay_s", FIELD_REALS, AT(worker_run_delay_s), "s",
     "its time ready to run but waiting for a CPU, during the region; this and "
     "the next four are null where regions are under 1 ms",
     false, &limits_time_s},
    {"worker_switches", FIELD_INTEGERS, AT(worker_switches), "",
     "its involuntary context switches during the region", false,
     &limits_count},
    {"worker_minor_faults", FIELD_INTEGERS, AT(worker_minor_faults), "",
     "its page faults without a disk, during the region", false, &limits_count},
    {"worker_cpu_begin", FIELD_INTEGERS, AT(worker_cpu_begin), "",
     "the CPU that it ran on as the region began", false, &limits_cpus},
    {"worker_cpu_end", FIELD_INTEGERS, AT(worker_cpu_end), "",
     "and as its share of the region ended", false, &limits_cpus},
    SUMS("core", "timed regions", sums),
    SUMS("program_core", "regions of the program, the first of them cold,",
         program_sums),
    {"build", FIELD_TEXT, AT(build), "",
     "compiler, flags, OpenMP runtime and revision", false, &limits_text},
    {NULL, FIELD_TEXT, 0, NULL, NULL, false, NULL},
};
