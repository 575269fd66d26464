#include "bench/record/record_check.h"

#include "bench/plan/cpulist.h"
#include "bench/plan/notation.h"
#include "bench/trial/trial.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

bool numbers_are_none(const struct numbers *numbers) {
  return !numbers->values;
}

bool numbers_are_told(const struct numbers *numbers) {
  for (size_t i = 0; i < numbers->count; i++)
    if (isnan(numbers->values[i]))
      return false;
  return true;
}

/* ---- one record ---------------------------------------------------------- */

static bool fits_status(const struct record *r) {
  return record_is_ok(r) == !r->error;
}

/* Only a trial that came to its end has a result. */
static bool has_result(const struct record *r) {
  return strcmp(r->status, "failed") != 0;
}

static bool is_right(const struct record *r) {
  return r->correct == (has_result(r) ? record_is_ok(r) : FIELD_NULL);
}

static bool has_digest(const struct record *r) {
  if (!has_result(r) || !r->digest)
    return !has_result(r) && !r->digest;
  return strspn(r->digest, "0123456789abcdef") == strlen(r->digest);
}

/* What a kernel finds besides its output. */
static bool may_find(const struct record *r) {
  return has_result(r) && !record_is_program(r);
}

static bool has_sum(const struct record *r) {
  return r->sum == FIELD_NULL || may_find(r);
}

static bool has_count(const struct record *r) {
  return (r->count == FIELD_NULL) == (r->sum == FIELD_NULL);
}

/* ---- how it was run ------------------------------------------------------ */

/* As the program writes it: the notation's own way. */
static bool read_variant(const char *text, struct variant_spec *spec) {
  struct problem ignored;
  char again[NOTATION_LENGTH];
  if (notation_parse_variant(text, spec, &ignored) != 0)
    return false;
  notation_format_variant(spec, again);
  return strcmp(text, again) == 0;
}

static bool has_requested(const struct record *r) {
  struct variant_spec ignored;
  return !r->requested || read_variant(r->requested, &ignored);
}

/* What was requested, with a chunk where that leaves it open. */
static bool has_variant(const struct record *r) {
  struct variant_spec was, asked;
  if (!read_variant(r->variant, &was) ||
      !read_variant(record_requested(r), &asked))
    return false;
  return strcmp(was.team, asked.team) == 0 && was.schedule == asked.schedule &&
         was.transport == asked.transport &&
         (asked.chunk == 0 || was.chunk == asked.chunk) &&
         (strcmp(was.team, record_program) != 0 || record_is_program(r));
}

static bool has_cpus(const struct record *r) {
  return numbers_are_told(&r->cpus);
}

static bool has_kernel(const struct record *r) {
  if (record_is_program(r)) /* it has a name of its own */
    return true;
  size_t length = strlen(r->kernel);
  return strncmp(r->workload, r->kernel, length) == 0 &&
         (r->workload[length] == '\0' || r->workload[length] == '/');
}

static bool has_regions(const struct record *r) {
  if (record_is_program(r))
    return numbers_are_none(&r->regions_s);
  return record_is_ok(r) == !numbers_are_none(&r->regions_s);
}

/* Times have nine digits each. */
static bool equals(double a, double b) {
  return fabs(a - b) <= 1e-7 * fabs(b) + 1e-15;
}

/* The lower median of the regions, none of which is unknown. */
static bool is_median(const struct record *r) {
  size_t below = 0, same = 0, count = r->regions_s.count;
  if (record_is_program(r))
    return isnan(r->region_s) ||
           (record_is_ok(r) && r->region_s >= RECORD_TIME_LEAST_S);
  if (count == 0)
    return isnan(r->region_s);
  for (size_t i = 0; i < count; i++) {
    double region_s = r->regions_s.values[i];
    if (isnan(region_s))
      return false;
    same += region_s == r->region_s;
    below += region_s < r->region_s;
  }
  return r->region_s >= RECORD_TIME_LEAST_S && below <= (count - 1) / 2 &&
         below + same > (count - 1) / 2;
}

/* A place among those that share the trial. */
static bool has_place(const struct record *r) {
  return r->shared == FIELD_NULL
             ? r->shared_place == FIELD_NULL
             : r->shared_place >= 1 && r->shared_place <= r->shared &&
                   r->beside;
}

/* Regions after the first take time, and none take none. */
static bool has_repeats(const struct record *r) {
  if (!record_is_ok(r) || record_is_sharer(r) || r->repeat == FIELD_NULL)
    return isnan(r->repeats_s);
  if (record_is_program(r))
    return false;
  return r->repeat > 1 ? r->repeats_s >= RECORD_TIME_LEAST_S
                       : r->repeats_s == 0;
}

static bool is_sum(const struct record *r) {
  double repeats_s = r->repeat == FIELD_NULL ? 0 : r->repeats_s;
  double sum_s = r->setup_s + r->start_s + r->touch_s + r->region_first_s +
                 repeats_s + r->finish_s + r->close_s;
  if (!record_is_ok(r) || record_is_sharer(r))
    return isnan(r->program_s);
  return r->program_s >= RECORD_TIME_LEAST_S &&
         equals(r->program_s, record_is_program(r) ? r->wall_s : sum_s);
}

/* Of what is read from another process, or from a trial by itself: not told. */
static bool holds_program(const struct record *r) {
  return isnan(r->wall_s) ||
         (record_is_ok(r) && r->wall_s >= r->program_s * (1 - 1e-7));
}

static bool was_seen(const struct record *r) {
  if (record_is_program(r))
    return r->workers_seen == FIELD_NULL;
  return has_result(r) ? r->workers_seen >= 0 && r->workers_seen <= r->workers
                       : r->workers_seen == FIELD_NULL;
}

static bool is_item(const struct record *r) {
  return r->lowest_hit == FIELD_NULL ||
         (r->lowest_hit < r->size && may_find(r));
}

/* "serial" has one worker. */
static bool fits_variant(const struct record *r) {
  return r->workers == 1 || strcmp(record_requested(r), "serial") != 0;
}

/* In ticks; more CPUs than there can be do not fit into a run. */
static bool fits_wall(double cpu_s, const struct record *r) {
  return !(fabs(cpu_s) > (CPULIST_MAX_INDEX + 1) * (r->wall_s + 0.01));
}

/* Known of a program that is ok; see record_wrong_side. */
static bool has_cpu(const struct record *r) {
  return !record_is_program(r) || !record_is_ok(r) ||
         (r->cpu_system_s <= r->cpu_s * (1 + 1e-7) && fits_wall(r->cpu_s, r));
}

static bool has_others(const struct record *r) {
  return isnan(r->others_cpu_s) ||
         (record_is_ok(r) && fits_wall(r->others_cpu_s, r));
}

/* Who built the input, where one was built. */
static bool has_builders(const struct record *r) {
  return r->builders == FIELD_NULL || !isnan(r->setup_s);
}

/* Each is some worker's. */
static bool has_nodes(const struct record *r) {
  return r->placed_nodes == FIELD_NULL ||
         (!isnan(r->setup_s) && r->placed_nodes <= r->workers);
}

/* Who touched pages, where there were any to be touched. */
static bool has_touch(const struct record *r) {
  return r->touched_by_workers == FIELD_NULL || !isnan(r->touch_s);
}

static bool has_beside(const struct record *r) {
  struct variant_spec ignored;
  return !r->beside || read_variant(r->beside, &ignored);
}

/* Each turn is told, and those of the point that count are its regions. */
static bool has_turns(const struct record *r) {
  size_t turns = 0, own = 0;
  if (!r->turns)
    return numbers_are_none(&r->turns_s) && numbers_are_none(&r->turns_cpu) &&
           (!r->beside || !record_is_ok(r));
  if (!r->beside || r->turns[strspn(r->turns, "spSPc|")] != '\0')
    return false;
  for (const char *form = r->turns; *form; form++) {
    if (*form == '|')
      continue;
    if (turns == r->turns_s.count)
      return false;
    double time_s = r->turns_s.values[turns++];
    if (*form == 'P' &&
        (own == r->regions_s.count || !(time_s == r->regions_s.values[own++])))
      return false;
  }
  return turns == r->turns_s.count && turns == r->turns_cpu.count &&
         own == r->regions_s.count;
}

/* One for each worker and turn of clocks. */
static bool has_clocks(const struct record *r) {
  const struct numbers *clocks = &r->turns_clock_hz;
  size_t turns = 0;
  for (const char *form = r->turns; form && *form; form++)
    turns += *form == 'c';
  return turns == 0 ? numbers_are_none(clocks)
                    : numbers_are_told(clocks) &&
                          clocks->count == turns * (size_t)r->workers;
}

/* NAN where no block has both forms, or a time is 0. */
static bool has_ratio(const struct record *r) {
  if (!r->turns)
    return isnan(r->turns_ratio);
  double ratio = trial_turns_ratio(r->turns, r->turns_s.values);
  return isfinite(ratio) ? fabs(r->turns_ratio - ratio) <= 1e-6 * ratio
                         : isnan(r->turns_ratio);
}

static const char variant_form[] =
    "TEAM[:SCHEDULE[,CHUNK]][@TRANSPORT], as in omp:dynamic,64";

static const struct record_rule rules[] = {
    {"error", fits_status, "null for a trial that is ok, else what went wrong"},
    {"correct", is_right,
     "true for a trial that is ok, false for a wrong one, null for one that "
     "failed"},
    {"digest", has_digest,
     "16 digits for a trial that is ok or wrong, null for one that failed"},
    {"sum", has_sum, "null where there is no kernel's result"},
    {"count", has_count, "a number where sum is one, else null"},
    {"kernel", has_kernel, "the one that its workload begins with"},
    {"workers", fits_variant, "1 for serial"},
    {"requested", has_requested, variant_form},
    {"variant", has_variant,
     "the one requested, as in omp:dynamic,64; with the chunk that was used"},
    {"cpus", has_cpus, "the CPU of each worker, or null"},
    {"regions_s", has_regions, "a list for a trial that is ok, else null"},
    {"region_s", is_median,
     "1e-12 or more, the lower median of regions_s; null without any"},
    {"beside", has_beside, variant_form},
    {"turns", has_turns,
     "the letters s, p, S, P, c and |, one with a time in turns_s and a CPU "
     "in turns_cpu for each but |, where P are regions_s; null without "
     "beside"},
    {"turns_clock_hz", has_clocks,
     "one for each of the workers for each c in turns; null without any"},
    {"turns_ratio", has_ratio, "what follows from turns and turns_s"},
    {"shared_place", has_place,
     "from 1 to shared, in turns with serial; null where shared is"},
    {"repeats_s", has_repeats,
     "a time, 0 where repeat is 1; null where that is null, the trial is not "
     "ok, and from place 2 on"},
    {"program_s", is_sum,
     "setup + start + touch + first region + repeats + finish + close of a "
     "trial that is ok (wall_s of somebody else's program), else null; so from "
     "place 2 on"},
    {"builders", has_builders, "null where setup_s is"},
    {"placed_nodes", has_nodes, "at most workers; null where setup_s is"},
    {"touched_by_workers", has_touch, "null where touch_s is"},
    {"others_cpu_s", has_others, "no more than fits into wall_s, or null"},
    {"cpu_s", has_cpu,
     "that of a program that is ok, at least cpu_system_s, "
     "and no more than its wall_s has on all CPUs"},
    {"wall_s", holds_program,
     "at least program_s; null for one that is not ok"},
    {"workers_seen", was_seen,
     "at most workers, and known where a kernel has a result"},
    {"lowest_hit", is_item, "less than size, of a kernel's result, or null"},
};

/* The value of a key, or of "inside.key". */
static const json_t *value_at(const json_t *json, const char *key) {
  static const char inside[] = "inside.";
  if (strncmp(key, inside, sizeof inside - 1) != 0)
    return json_object_get(json, key);
  return json_object_get(json_object_get(json, "inside"),
                         key + sizeof inside - 1);
}

const char *record_wrong_rule(const struct record_rule *list, size_t count,
                              const struct record *record, const char **want) {
  for (size_t i = 0; i < count; i++)
    if (!list[i].holds(record)) {
      *want = list[i].want;
      return list[i].key;
    }
  return NULL;
}

static const char *wrong_result(const struct record *record,
                                const char **want) {
  return record_wrong_rule(rules, sizeof rules / sizeof *rules, record, want);
}

int record_check(const struct record *record, const json_t *json,
                 struct problem *problem) {
  static const char *(*const checks[])(const struct record *, const char **) = {
      wrong_result,      record_wrong_workers, record_wrong_around,
      record_wrong_side, record_wrong_sums,    record_wrong_inside};
  char many[80];
  const char *want = many;
  const char *key = record_wrong_list(record);
  snprintf(many, sizeof many, "a number for each of %" PRId64 " workers",
           record->workers);
  for (size_t i = 0; !key && i < sizeof checks / sizeof *checks; i++)
    key = checks[i](record, &want);
  return key ? json_refuse(key, value_at(json, key), want, problem)
             : PROBLEM_NONE;
}
