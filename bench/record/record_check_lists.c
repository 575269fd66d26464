/* What is known of whom: of each worker, of a kernel's trial, of a program. */
#include "bench/record/record_check.h"

#include <string.h>

struct list {
  const char *key;
  const struct numbers *numbers;
};

enum { LISTS = 14 };

static void list_lists(const struct record *r, struct list lists[LISTS]) {
  const struct list all[LISTS] = {
      {"cpus", &r->cpus},
      {"worker_begin_s", &r->worker_begin_s},
      {"worker_end_s", &r->worker_end_s},
      {"worker_busy_s", &r->worker_busy_s},
      {"worker_cpu_s", &r->worker_cpu_s},
      {"worker_chunks", &r->worker_chunks},
      {"worker_items", &r->worker_items},
      {"worker_cycles", &r->worker_cycles},
      {"worker_instructions", &r->worker_instructions},
      {"worker_run_delay_s", &r->worker_run_delay_s},
      {"worker_switches", &r->worker_switches},
      {"worker_minor_faults", &r->worker_minor_faults},
      {"worker_cpu_begin", &r->worker_cpu_begin},
      {"worker_cpu_end", &r->worker_cpu_end},
  };
  memcpy(lists, all, sizeof all);
}

const char *record_wrong_list(const struct record *r) {
  struct list lists[LISTS];
  list_lists(r, lists);
  for (size_t i = 0; i < LISTS; i++)
    if (!numbers_are_none(lists[i].numbers) &&
        lists[i].numbers->count != (size_t)r->workers)
      return lists[i].key;
  return NULL;
}

const char *record_wrong_side(const struct record *r, const char **of) {
  static const char inside[] = "null but for a kernel's trial that is ok (of a "
                               "shared one, the first)",
                    outside[] = "null but for a program's run that is ok";
  const struct {
    const char *key;
    bool told;
    const char *of;
  } members[] = {
      {"setup_s", !isnan(r->setup_s), inside},
      {"start_s", !isnan(r->start_s), inside},
      {"touch_s", !isnan(r->touch_s), inside},
      {"region_first_s", !isnan(r->region_first_s), inside},
      {"finish_s", !isnan(r->finish_s), inside},
      {"close_s", !isnan(r->close_s), inside},
      {"team_pss_bytes", !isnan(r->team_pss_bytes), inside},
      {"cpu_s", !isnan(r->cpu_s), outside},
      {"cpu_system_s", !isnan(r->cpu_system_s), outside},
      {"peak_bytes", !isnan(r->peak_bytes), outside},
      {"switches", r->switches != FIELD_NULL, outside},
      {"minor_faults", r->minor_faults != FIELD_NULL, outside},
  };
  bool within = record_is_ok(r) && !record_is_program(r);
  const char *own = !record_is_ok(r)      ? NULL
                    : !within             ? outside
                    : record_is_sharer(r) ? NULL
                                          : inside;
  struct list lists[LISTS];
  for (size_t i = 0; i < sizeof members / sizeof *members; i++)
    if (members[i].told && members[i].of != own) {
      *of = members[i].of;
      return members[i].key;
    }
  *of = inside;
  list_lists(r, lists);
  for (size_t i = 1; i < LISTS; i++) /* CPUs are known before it is run */
    if (!numbers_are_none(lists[i].numbers) && !within)
      return lists[i].key;
  return NULL;
}
