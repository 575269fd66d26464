/* What is true of what each worker of a trial did. */
#include "bench/record/record_check.h"

#include "bench/plan/notation.h"

/* Begins before it ends, and ends within the region. */
static bool lies_within(const struct record *r) {
  const struct numbers *begin = &r->worker_begin_s, *end = &r->worker_end_s;
  for (size_t i = 0; i < end->count; i++)
    if (!(end->values[i] <= r->region_s * (1 + 1e-7)) ||
        (i < begin->count && !(begin->values[i] <= end->values[i])))
      return false;
  return numbers_are_none(begin) == numbers_are_none(end);
}

static bool is_busy_within(const struct record *r) {
  for (size_t i = 0; i < r->worker_busy_s.count; i++)
    if (!(r->worker_busy_s.values[i] <= r->region_s * (1 + 1e-7)))
      return false;
  return numbers_are_none(&r->worker_busy_s) ==
         numbers_are_none(&r->worker_begin_s);
}

static bool has_stamps(const struct record *r) {
  return numbers_are_none(&r->worker_cpu_s) ||
         !numbers_are_none(&r->worker_begin_s);
}

/* Who has items had chunks. */
static bool has_chunks(const struct record *r) {
  const struct numbers *chunks = &r->worker_chunks, *items = &r->worker_items;
  for (size_t i = 0; i < chunks->count && i < items->count; i++)
    if (chunks->values[i] == 0 && items->values[i] > 0)
      return false;
  return numbers_are_told(chunks) &&
         numbers_are_none(chunks) == numbers_are_none(items) &&
         (!numbers_are_none(chunks) || numbers_are_none(&r->worker_begin_s));
}

static bool has_cpu_end(const struct record *r) {
  return numbers_are_none(&r->worker_cpu_begin) ==
         numbers_are_none(&r->worker_cpu_end);
}

/* Together; each of copies by itself. */
static bool sums_to_size(const struct record *r) {
  bool apart = notation_names_copies(record_requested(r));
  double sum = 0;
  for (size_t i = 0; i < r->worker_items.count; i++) {
    sum = r->worker_items.values[i] + (apart ? 0 : sum);
    if (!(sum <= (double)r->size))
      return false;
  }
  return true;
}

static const struct record_rule rules[] = {
    {"worker_end_s", lies_within,
     "from worker_begin_s on, and within region_s"},
    {"worker_busy_s", is_busy_within, "at most region_s, beside worker_end_s"},
    {"worker_cpu_s", has_stamps, "null without worker_begin_s"},
    {"worker_items", sums_to_size, "size together (of copies each), or less"},
    {"worker_chunks", has_chunks, "some where there are worker_items"},
    {"worker_cpu_end", has_cpu_end, "a list where worker_cpu_begin is one"},
};

const char *record_wrong_workers(const struct record *record,
                                 const char **want) {
  return record_wrong_rule(rules, sizeof rules / sizeof *rules, record, want);
}
