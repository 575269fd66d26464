#include "bench/analyze/inside.h"

#include "bench/analyze/breakdown_fill.h"
#include "bench/analyze/flags.h"
#include "bench/analyze/inside_law.h"
#include "bench/analyze/stats.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Regions of a point that are told of: those with most of the time. */
enum { REGIONS_TOLD = 16 };

/* Regions of several threads overlap where their times add up to so much more
 * than the time with any of them open. */
static const double overlap = 0.01;

/* ---- terms --------------------------------------------------------------- */

static void begin(struct parts *parts) {
  *parts = (struct parts){.total_s = 0};
  for (int term = 0; term < TERMS; term++)
    parts->core_s[term] = (double)NAN;
  for (int phase = 0; phase < PHASES; phase++)
    parts->serial_s[phase] = (double)NAN;
}

/* Adds a region's core-time to the terms; what its parts lack of the sum, as of
 * a call that was going on, is work. */
static void add_region(const struct record_inside *in, size_t k, double workers,
                       double core_s[TERMS]) {
  double start_s = in->start_s.values[k] + in->late_start_s.values[k];
  double dispatch_s = in->dispatch_s.values[k] + in->late_dispatch_s.values[k];
  double locked_s = in->lock_s.values[k] + in->late_lock_s.values[k];
  double tasks_s = in->task_s.values[k] + in->late_task_s.values[k];
  double uneven_s = in->behind_s.values[k] + in->late_work_s.values[k] +
                    in->late_barrier_s.values[k];
  double join_s = in->release_s.values[k] + in->join_s.values[k];
  core_s[TERM_START] += start_s;
  core_s[TERM_DISPATCH] += dispatch_s;
  core_s[TERM_LOCKED] += locked_s;
  core_s[TERM_TASKS] += tasks_s;
  core_s[TERM_IMBALANCE] += uneven_s;
  core_s[TERM_JOIN] += join_s;
  core_s[TERM_FEW] += workers * in->wall_s.values[k] - in->core_s.values[k];
  core_s[TERM_WORK] += in->core_s.values[k] - start_s - dispatch_s - locked_s -
                       tasks_s - uneven_s - join_s;
}

static void begin_regions(double core_s[TERMS]) {
  static const enum term terms[] = {TERM_START, TERM_DISPATCH,  TERM_LOCKED,
                                    TERM_TASKS, TERM_IMBALANCE, TERM_JOIN,
                                    TERM_FEW,   TERM_WORK};
  for (size_t i = 0; i < sizeof terms / sizeof *terms; i++)
    core_s[terms[i]] = 0;
}

/* The observed runs of a round that can be held against each other. */
struct pair {
  const struct record *r, *one;
};

static bool find_pair(const struct scope *scope, int64_t round,
                      struct pair *pair) {
  pair->r = scope->series->observed[round];
  pair->one = scope->one && !scope->apart ? scope->one->observed[round] : NULL;
  return pair->r &&
         (scope->apart || (pair->one && record_inside_within(pair->one, 1))) &&
         record_inside_within(pair->r, (double)pair->r->workers);
}

bool inside_is_apart(const struct scope *scope) {
  const struct series *one = scope->one;
  struct inside_missing largest;
  bool tells = false;
  for (int64_t round = 1; one && round <= one->rounds; round++)
    tells = tells || one->observed[round];
  return !tells ||
         inside_missing_share(one, scope->series, &largest) >= flags_noticed();
}

static bool overlaps(const struct record_inside *in) {
  double sum_s = record_inside_sum(&in->wall_s);
  return !(fabs(sum_s - in->open_s) <= overlap * in->open_s + 1e-6);
}

bool breakdown_inside(const struct scope *scope, int64_t round,
                      struct parts *parts) {
  struct pair pair;
  if (!find_pair(scope, round, &pair) || overlaps(&pair.r->inside))
    return false;
  const struct record_inside *in = &pair.r->inside;
  double workers = (double)pair.r->workers, growth = scope->growth;
  double serial_s = fmax(0, pair.r->program_s - in->open_s);
  double open_s = pair.r->program_s - serial_s;
  /* The best serial program is another one, which is not observed. */
  double useful_s = pair.one && scope->one == scope->serial
                        ? growth * pair.one->program_s
                        : growth * scope->serial->by_round[PROGRAM][round];
  begin(parts);
  begin_regions(parts->core_s);
  for (size_t k = 0; k < in->calls.count; k++)
    add_region(in, k, workers, parts->core_s);
  parts->total_s = workers * pair.r->program_s;
  parts->core_s[TERM_USEFUL] = useful_s;
  parts->core_s[TERM_SERIAL] = (workers - 1) * serial_s;
  parts->core_s[TERM_JOIN] +=
      workers * (open_s - record_inside_sum(&in->wall_s));
  parts->core_s[TERM_WORK] += serial_s - useful_s;
  if (pair.one) {
    double one_open_s =
        growth * fmin(pair.one->inside.open_s, pair.one->program_s);
    parts->core_s[TERM_INFLATED] =
        serial_s - (growth * pair.one->program_s - one_open_s);
    parts->core_s[TERM_WORK] -= parts->core_s[TERM_INFLATED];
  }
  return isfinite(useful_s) && breakdown_adds_up(parts);
}

void inside_result(const struct series *series, struct result *result) {
  double *observed_s = stats_unknown((size_t)series->rounds + 1);
  if (!observed_s)
    return;
  for (int64_t round = 1; round <= series->rounds; round++)
    if (series->observed[round])
      observed_s[round - 1] = series->observed[round]->program_s;
  result->observed_ratio = stats_ratio_interval(
      observed_s, series->by_round[PROGRAM] + 1, (size_t)series->rounds);
  free(observed_s);
}

/* ---- regions ------------------------------------------------------------- */

/* A region, and the time of all its workers, over all rounds. */
struct candidate {
  const char *name; /* borrowed, of that length */
  size_t length;
  double sum_s;
};

struct candidates {
  struct candidate list[RECORD_INSIDE_MOST];
  size_t count;
};

static void add_candidate(struct candidates *all, const char *name,
                          size_t length, double wall_s) {
  size_t i = 0;
  while (i < all->count && (all->list[i].length != length ||
                            strncmp(all->list[i].name, name, length) != 0))
    i++;
  if (i == RECORD_INSIDE_MOST)
    return;
  if (i == all->count)
    all->list[all->count++] = (struct candidate){name, length, 0};
  all->list[i].sum_s += wall_s;
}

static int compare_candidates(const void *left, const void *right) {
  const struct candidate *a = left, *b = right;
  return (a->sum_s < b->sum_s) - (a->sum_s > b->sum_s);
}

static void find_candidates(const struct series *series,
                            struct candidates *all) {
  for (int64_t round = 1; round <= series->rounds; round++) {
    const struct record *r = series->observed[round];
    const char *name = r ? r->inside.regions : NULL;
    for (size_t k = 0; r && k < r->inside.calls.count; k++) {
      size_t length = strcspn(name, " ");
      add_candidate(all, name, length, r->inside.wall_s.values[k]);
      name += length;
      name += *name == ' ';
    }
  }
  qsort(all->list, all->count, sizeof *all->list, compare_candidates);
}

/* What rounds tell of a region. */
struct told {
  struct parts *parts;                            /* [count] */
  double *wall_s, *one_s, *share, *saved, *calls; /* [rounds]; NAN: none */
  size_t count;
  bool new; /* no run with one worker has it */
};

static bool is_new(const struct scope *scope, const struct candidate *c) {
  const struct series *one = scope->one;
  for (int64_t round = 1; round <= one->rounds; round++) {
    const struct record *r = one->observed[round];
    if (r && record_inside_find(&r->inside, c->name, c->length) <
                 r->inside.calls.count)
      return false;
  }
  return true;
}

/* What it took with one worker in that round; it may have had no call then. */
static double one_worker_s(const struct scope *scope, int64_t round,
                           const struct candidate *c) {
  const struct record *r = scope->one->observed[round];
  size_t at = r ? record_inside_find(&r->inside, c->name, c->length) : 0;
  return !r                           ? (double)NAN
         : at < r->inside.calls.count ? r->inside.wall_s.values[at]
                                      : 0;
}

/* Of one round; it may have had no call then. */
static void take_round(const struct scope *scope, int64_t round,
                       const struct candidate *c, struct told *told,
                       struct inside_region *region) {
  struct pair pair;
  if (!find_pair(scope, round, &pair))
    return;
  const struct record_inside *in = &pair.r->inside;
  size_t k = record_inside_find(in, c->name, c->length);
  if (k == in->calls.count)
    return;
  double workers = (double)pair.r->workers, wall_s = in->wall_s.values[k];
  double one_s =
      told->new ? (double)NAN : scope->growth *one_worker_s(scope, round, c);
  size_t i = (size_t)round - 1;
  told->wall_s[i] = wall_s;
  told->one_s[i] = one_s;
  told->calls[i] = in->calls.values[k];
  told->share[i] = wall_s / pair.r->program_s;
  told->saved[i] = 1 - in->uneven_s.values[k] / pair.r->program_s;
  region->team = (int64_t)fmax((double)region->team, in->team.values[k]);
  struct parts *parts = &told->parts[told->count];
  begin(parts);
  begin_regions(parts->core_s);
  add_region(in, k, workers, parts->core_s);
  parts->total_s = workers * wall_s;
  parts->core_s[TERM_USEFUL] = told->new ? parts->core_s[TERM_WORK] : one_s;
  parts->core_s[TERM_WORK] -= parts->core_s[TERM_USEFUL];
  if (told->new) /* how much longer that is than with one is not known */
    parts->core_s[TERM_WORK] = (double)NAN;
  told->count += breakdown_adds_up(parts);
}

static struct interval times(struct interval a, struct interval b) {
  return (struct interval){a.median * b.median, a.low * b.low, a.high * b.high};
}

/* The program's speedup, were the region's workers done at once: its time would
 * be shorter by what that saves, down to what its law leaves; but nothing holds
 * one that is faster than its law already. */
static struct interval if_balanced(const struct result *result,
                                   struct interval left) {
  double most = inside_law_most(result);
  struct interval x =
      times(result->program_speedup,
            (struct interval){1 / left.median, 1 / left.high, 1 / left.low});
  if (!(result->program_speedup.median <= most))
    return x;
  return (struct interval){fmin(x.median, most), fmin(x.low, most),
                           fmin(x.high, most)};
}

static void fill_region(const struct told *told, size_t rounds,
                        const struct result *result,
                        struct inside_region *region) {
  region->trials = (int64_t)told->count;
  region->speedup = stats_ratio_interval(told->one_s, told->wall_s, rounds);
  region->wall_s = stats_median_interval(told->wall_s, rounds);
  region->one_s = stats_median_interval(told->one_s, rounds);
  region->share = stats_median_interval(told->share, rounds);
  region->calls = stats_median_interval(told->calls, rounds).median;
  if (result->workers > 1)
    region->if_balanced =
        if_balanced(result, stats_median_interval(told->saved, rounds));
  breakdown_fill(told->parts, told->count, &region->breakdown);
}

/* 0, or -1: no memory. */
static int name_region(const struct candidate *c, const struct result *result,
                       struct inside_region *region) {
  fields_clear(inside_region_fields, region);
  breakdown_clear(&region->breakdown);
  region->workload = strdup(result->workload);
  region->requested = strdup(result->requested);
  region->region = strndup(c->name, c->length);
  region->workers = result->workers;
  region->size = result->size;
  region->team = 1;
  return region->workload && region->requested && region->region ? 0 : -1;
}

static int add_one(const struct scope *scope, const struct candidate *c,
                   const struct result *result, struct analysis *analysis) {
  size_t rounds = (size_t)scope->series->rounds;
  struct inside_region *list =
      reallocarray(analysis->regions, analysis->region_count + 1, sizeof *list);
  struct told told = {.parts = calloc(rounds + 1, sizeof *told.parts),
                      .wall_s = stats_unknown(rounds),
                      .one_s = stats_unknown(rounds),
                      .share = stats_unknown(rounds),
                      .saved = stats_unknown(rounds),
                      .calls = stats_unknown(rounds),
                      .new = is_new(scope, c)};
  int status = list && told.parts && told.wall_s && told.one_s && told.share &&
                       told.saved && told.calls
                   ? 0
                   : -1;
  if (list)
    analysis->regions = list;
  if (!status) {
    struct inside_region *region = &list[analysis->region_count++];
    status = name_region(c, result, region);
    for (size_t round = 1; round <= rounds; round++)
      take_round(scope, (int64_t)round, c, &told, region);
    fill_region(&told, rounds, result, region);
    if (told.count == 0)
      fields_free(inside_region_fields, &list[--analysis->region_count]);
  }
  free(told.parts);
  free(told.wall_s);
  free(told.one_s);
  free(told.share);
  free(told.saved);
  free(told.calls);
  return status;
}

int inside_regions(const struct series *serial, const struct series *one,
                   const struct series *series, const struct result *result,
                   struct analysis *analysis) {
  struct candidates *all = calloc(1, sizeof *all);
  int status = all ? 0 : -1;
  if (!status && serial && serial != series && !result_is_copies(result)) {
    struct scope scope = {.serial = serial,
                          .series = series,
                          .one = one ? one : serial,
                          .growth = series_growth(serial, series)};
    scope.apart = inside_is_apart(&scope);
    find_candidates(series, all);
    for (size_t i = 0; !status && i < all->count && i < REGIONS_TOLD; i++)
      status = add_one(&scope, &all->list[i], result, analysis);
  }
  free(all);
  return status;
}

bool inside_is_of(const struct inside_region *region,
                  const struct result *result) {
  return region->workers == result->workers && region->size == result->size &&
         strcmp(region->workload, result->workload) == 0 &&
         strcmp(region->requested, result->requested) == 0;
}

bool inside_is_told(const struct result *result) {
  return result->breakdown.told &&
         strcmp(result->kernel, record_program) == 0 &&
         isnan(result->breakdown.share[TERM_MORE_IDLE].median);
}

const struct inside_region *inside_where(const struct analysis *analysis,
                                         const struct result *result,
                                         enum term term, double *part) {
  const struct inside_region *most = NULL;
  double whole_s = result->breakdown.core_s[term].median;
  *part = 0;
  for (size_t i = 0; i < analysis->region_count; i++) {
    const struct inside_region *region = &analysis->regions[i];
    double own = region->breakdown.core_s[term].median / whole_s;
    if (inside_is_of(region, result) && own > *part) {
      *part = own;
      most = region;
    }
  }
  return most;
}
