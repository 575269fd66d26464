/* Whether a record's sums of core-time can be true. */
#include "bench/record/record_check.h"

/* The sums of one kind, and what they have to agree with. */
struct side {
  const char *regions_key, *region_key, *off_cpu_key;
  const struct record_sums *sums;
  bool may;        /* it can have any */
  int64_t regions; /* that there were */
  double all_s;    /* they took, together */
};

/* All of them, or none; what was not on a CPU may be unknown all the same. */
static bool are_together(const struct record_sums *s) {
  bool told = s->regions != FIELD_NULL;
  const double reals[] = {s->region_s,    s->start_s,      s->dispatch_s,
                          s->send_s,      s->busy_s,       s->few_s,
                          s->join_s,      s->late_start_s, s->late_dispatch_s,
                          s->late_send_s, s->late_busy_s};
  const int64_t integers[] = {s->refused, s->skipped_items, s->past_items};
  for (size_t i = 0; i < sizeof reals / sizeof *reals; i++)
    if (isnan(reals[i]) == told)
      return false;
  for (size_t i = 0; i < sizeof integers / sizeof *integers; i++)
    if ((integers[i] != FIELD_NULL) != told)
      return false;
  return (told || isnan(s->off_cpu_s)) &&
         isnan(s->off_cpu_s) == isnan(s->late_off_cpu_s);
}

/* All core-time, each of it once. */
static bool add_up(const struct record_sums *s, int64_t workers) {
  double all_s = s->region_s * (double)workers;
  double parts_s = s->start_s + s->dispatch_s + s->send_s + s->busy_s +
                   s->few_s + s->join_s + s->late_start_s + s->late_dispatch_s +
                   s->late_send_s + s->late_busy_s;
  return fabs(all_s - parts_s) <= 1e-6 * all_s + 1e-6;
}

/* All regions that there were; forks and joins lie within their times. */
static bool fit_regions(const struct side *side) {
  const struct record_sums *s = side->sums;
  return s->regions > 0 && s->regions + s->refused == side->regions &&
         s->region_s <= side->all_s * (1 + 1e-7) + 1e-9;
}

static const char *wrong_key(const struct side *side, int64_t workers,
                             const char **want) {
  const struct record_sums *s = side->sums;
  *want = "beside all that begins like it, of a stamped trial that is ok; "
          "else null";
  if (!are_together(s) || (s->regions != FIELD_NULL && !side->may))
    return side->regions_key;
  if (s->regions == FIELD_NULL)
    return NULL;
  *want = "with those refused, as many as there were, in no more time than "
          "they took";
  if (!fit_regions(side))
    return side->regions_key;
  *want =
      "times workers, the sum of start, dispatch, send, busy, few, join and "
      "late (but for late_off_cpu, which is of late_busy)";
  if (!add_up(s, workers))
    return side->region_key;
  *want = "a part of busy, or null";
  return isnan(s->off_cpu_s) || s->off_cpu_s <= s->busy_s * (1 + 1e-7) + 1e-9
             ? NULL
             : side->off_cpu_key;
}

static double total(const struct numbers *numbers) {
  double sum = 0;
  for (size_t i = 0; i < numbers->count; i++)
    sum += numbers->values[i];
  return sum;
}

const char *record_wrong_sums(const struct record *r, const char **want) {
  const struct side timed = {
      .regions_key = "core_regions",
      .region_key = "core_region_s",
      .off_cpu_key = "core_off_cpu_s",
      .sums = &r->sums,
      .may = r->worker_begin_s.values,
      .regions = (int64_t)r->regions_s.count,
      .all_s = total(&r->regions_s),
  };
  const struct side program = {
      .regions_key = "program_core_regions",
      .region_key = "program_core_region_s",
      .off_cpu_key = "program_core_off_cpu_s",
      .sums = &r->program_sums,
      .may = !isnan(r->region_first_s),
      .regions = record_repeat(r),
      .all_s = r->region_first_s + (isnan(r->repeats_s) ? 0 : r->repeats_s),
  };
  const char *key = wrong_key(&timed, r->workers, want);
  return key ? key : wrong_key(&program, r->workers, want);
}
