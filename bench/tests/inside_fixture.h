/* inside_fixture.h: observed runs of a program that is made up, as records.  To
 * be included after cmocka.h. */
#ifndef CORESWEEP_INSIDE_FIXTURE_H
#define CORESWEEP_INSIDE_FIXTURE_H

#include "bench/record/record.h"

#include <stdlib.h>
#include <string.h>

/* A region of one run, in s: wall, then core-time of all workers. */
struct inside_made {
  const char *name;
  double calls, team, wall, start, work, dispatch, lock, task, behind, release,
      join, late_start, late_work, late_dispatch, late_lock, late_task,
      late_barrier, uneven, critical;
};

static inline void inside_put(struct numbers *numbers, size_t count, size_t at,
                              double value) {
  if (!numbers->values) {
    numbers->values = calloc(count, sizeof(double));
    numbers->count = count;
  }
  assert_non_null(numbers->values);
  numbers->values[at] = value;
}

/* Fills what the record tells of its inside; core_s is its sum. */
static inline void inside_fill(struct record *r, double open_s,
                               const struct inside_made *made, size_t count) {
  struct record_inside *in = &r->inside;
  char names[200] = "";
  in->open_s = open_s;
  in->processes = 1;
  in->calls_nested = 0;
  in->untold = strdup("");
  for (size_t k = 0; k < count; k++) {
    const struct inside_made *m = &made[k];
    strcat(names, k ? " " : "");
    strcat(names, m->name);
    inside_put(&in->calls, count, k, m->calls);
    inside_put(&in->team, count, k, m->team);
    inside_put(&in->wall_s, count, k, m->wall);
    inside_put(&in->start_s, count, k, m->start);
    inside_put(&in->work_s, count, k, m->work);
    inside_put(&in->dispatch_s, count, k, m->dispatch);
    inside_put(&in->lock_s, count, k, m->lock);
    inside_put(&in->task_s, count, k, m->task);
    inside_put(&in->behind_s, count, k, m->behind);
    inside_put(&in->release_s, count, k, m->release);
    inside_put(&in->join_s, count, k, m->join);
    inside_put(&in->late_start_s, count, k, m->late_start);
    inside_put(&in->late_work_s, count, k, m->late_work);
    inside_put(&in->late_dispatch_s, count, k, m->late_dispatch);
    inside_put(&in->late_lock_s, count, k, m->late_lock);
    inside_put(&in->late_task_s, count, k, m->late_task);
    inside_put(&in->late_barrier_s, count, k, m->late_barrier);
    inside_put(&in->uneven_s, count, k, m->uneven);
    inside_put(&in->critical_s, count, k, m->critical);
    inside_put(&in->core_s, count, k,
               m->start + m->work + m->dispatch + m->lock + m->task +
                   m->behind + m->release + m->join + m->late_start +
                   m->late_work + m->late_dispatch + m->late_lock +
                   m->late_task + m->late_barrier);
  }
  in->regions = strdup(names);
}

/* A run of the program `p`, in the phase given; round 0: none. */
static inline void inside_add(struct records *records, const char *phase,
                              int64_t round, int64_t workers, double time_s,
                              struct record **added) {
  struct record r;
  struct problem problem;
  record_clear(&r);
  r.schema = RECORD_SCHEMA;
  r.status = strdup("ok");
  r.phase = strdup(phase);
  r.round = round ? round : FIELD_NULL;
  r.order = (int64_t)records->count + 1;
  r.kernel = strdup("program");
  r.workload = strdup("p");
  r.variant = strdup(workers == 1 ? "serial" : "program");
  r.requested = strdup(r.variant);
  r.workers = workers;
  r.oversubscribed = 0;
  r.size = r.seed = 1;
  r.digest = strdup("0000000000000001");
  r.correct = 1;
  r.program_s = r.wall_s = time_s;
  r.cpu_s = time_s;
  r.cpu_system_s = 0;
  r.peak_bytes = 1e6;
  r.switches = r.minor_faults = 1;
  if (strcmp(phase, "pilot") == 0 || strcmp(phase, "observed") == 0)
    r.observed = 1;
  r.build = strdup("test");
  assert_int_equal(records_add(records, &r, &problem), 0);
  *added = &records->list[records->count - 1];
}

#endif
