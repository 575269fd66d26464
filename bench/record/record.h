/* record.h: what one trial measured, as it stands in trials.jsonl. */
#ifndef CORESWEEP_RECORD_H
#define CORESWEEP_RECORD_H

#include "bench/record/fields.h"

#include <stdio.h>

#define RECORD_SCHEMA_NUMBER 3
enum { RECORD_SCHEMA = RECORD_SCHEMA_NUMBER };

/* No region and no program is shorter: what is computed from times then has
 * limits of its own. */
#define RECORD_TIME_LEAST_S 1e-12

/* Where core-time went, over several regions of a trial: struct sums, in
 * seconds; a member is NAN or FIELD_NULL where it is not told. */
struct record_sums {
  int64_t regions, refused, skipped_items, past_items;
  double region_s, start_s, dispatch_s, send_s, busy_s, off_cpu_s, few_s,
      join_s;
  double late_start_s, late_dispatch_s, late_send_s, late_busy_s,
      late_off_cpu_s;
};

/* What an observer saw inside of somebody else's program: of each region of its
 * source, summed up over calls and threads, one number each. */
enum { RECORD_INSIDE_MOST = 512 };
struct record_inside {
  char
      *regions; /* what they are called, a blank between two; no blank in one */
  struct numbers calls, team, wall_s, uneven_s, critical_s; /* of all calls */
  /* Core-time: the first is the sum of those that follow. */
  struct numbers core_s, start_s, work_s, dispatch_s, lock_s, task_s, behind_s,
      release_s, join_s, late_start_s, late_work_s, late_dispatch_s,
      late_lock_s, late_task_s, late_barrier_s;
  double open_s;                   /* wall time with a region open */
  int64_t processes, calls_nested; /* that had regions */
  char *untold; /* words: what of it could not be told apart */
};

/* The members are explained in record_fields. */
struct record {
  int64_t schema;
  char *status, *error;
  char *phase;
  int64_t round, order;
  char *kernel, *workload, *params, *input;
  char *variant, *requested;
  int64_t workers, oversubscribed;
  struct numbers cpus;
  int64_t size, seed;
  char *digest;
  int64_t correct;
  int64_t repeat;
  double setup_s, start_s, touch_s, region_first_s, region_s, finish_s, close_s;
  double repeats_s, program_s;
  struct numbers profile_s;
  int64_t builders, placed_nodes, touched_by_workers;
  struct numbers regions_s;
  char *beside;
  int64_t shared, shared_place;
  char *turns;
  struct numbers turns_s, turns_cpu, turns_clock_hz;
  double turns_ratio;
  double wall_s;
  double cpu_s, cpu_system_s, peak_bytes; /* of a program */
  int64_t switches, minor_faults;
  int64_t observed;            /* the run was, and so is no result */
  char *unobserved;            /* why nothing is told of its inside */
  struct record_inside inside; /* under a key of its own: see inside_fields */
  int64_t workers_seen;
  double team_pss_bytes;
  int64_t sum, count, lowest_hit;
  struct numbers worker_begin_s, worker_end_s, worker_busy_s, worker_cpu_s;
  struct numbers worker_chunks, worker_items;
  int64_t sent_bytes;
  double parent_cpu_s, energy_j;
  struct numbers worker_cycles, worker_instructions;
  struct numbers worker_run_delay_s, worker_switches, worker_minor_faults;
  struct numbers worker_cpu_begin, worker_cpu_end;
  struct record_sums sums, program_sums;
  double throttled_s, steal_s, others_cpu_s;
  int64_t swapped_pages, thermal_throttles;
  char *build;
  /* The line that the trial wrote, with its end, to be kept as it is; NULL: the
   * record was made here.  Owned; no field. */
  char *said;
};

extern const struct field record_fields[];
extern const struct field inside_fields[];

void record_clear(struct record *record);
void record_free(struct record *record);

/* How many times the work of its size was done: `copies` do it once each.
 * Cannot fail. */
int64_t record_times(const struct record *record);

/* Regions of its program: 1 where it does not say.  Cannot fail. */
int64_t record_repeat(const struct record *record);

/* The variant as requested; as it ran, in records that do not say. */
const char *record_requested(const struct record *record);

/* Whether it shared the trial of another point, which then has the process's
 * times.  Cannot fail. */
bool record_is_sharer(const struct record *record);

/* Whether it is of that phase; of the probes beside a round's trials, which are
 * no results; of a round.  Cannot fail. */
bool record_is_in(const struct record *record, const char *phase);
bool record_is_probe(const struct record *record);
bool record_is_in_round(const struct record *record);

/* Whether the trial went well and its result is right.  Cannot fail. */
bool record_is_ok(const struct record *record);

/* The kernel that records of somebody else's programs name, and their variant;
 * and whether it is one.  Cannot fail. */
extern const char record_program[];
bool record_is_program(const struct record *record);

/* Whether it is an observed run that went well and of whose inside is told.
 * Cannot fail. */
bool record_tells_inside(const struct record *record);

/* The share of a run's time that is noticed: in regions of larger teams than
 * it was told, or that another run lacks (see flags.c). */
#define RECORD_NOTICED 0.01

/* The share of an observed run's time in regions that had a team of more than
 * so many threads; whether it is too little to be noticed; a list's sum.
 * Cannot fail. */
double record_inside_beyond(const struct record *record, double workers);
bool record_inside_within(const struct record *record, double workers);
double record_inside_sum(const struct numbers *numbers);

/* The place of a region by its name, not ended; the count where it is not
 * there. The name at a place, and its length.  Cannot fail. */
size_t record_inside_find(const struct record_inside *inside, const char *name,
                          size_t length);
const char *record_inside_name(const struct record_inside *inside, size_t place,
                               size_t *length);

/* One line of JSON with its end, to be released with free; NULL: no memory. */
char *record_format(const struct record *record);

/* Once it has been appended: the record as whoever reads the file gets it, and
 * without the line that the trial wrote.  Cannot fail. */
void record_settle(struct record *record);

/* The same of what a trial says of itself: without its place in a run. */
char *record_format_trial(const struct record *record);

/* Reads one line; of this schema alone: older ones had other phases.  Returns 0
 * and a record to be released with record_free, or the problem with the record
 * cleared. */
int record_parse(const char *line, struct record *record,
                 struct problem *problem);

/* Bytes of a line: more than the widest team's record has.  What is longer is
 * no line of a record, whole or torn. */
enum { RECORD_LINE_MOST = 1 << 22 };

/* All records of a run. */
struct records {
  struct record *list;
  size_t count;
  bool torn;   /* the last line was incomplete, and left out */
  size_t room; /* records_add: of the list */
};

/* Reads a whole file; of an empty one, no records.  A last line without its end
 * is a crash in mid-write: it is left out, and `torn` says so.  Release with
 * records_free. */
int records_read(const char *path, struct records *records,
                 struct problem *problem);
void records_free(struct records *records);

/* Adds a record at the end, and takes it over.  0; or PROBLEM_FAILURE, no
 * memory, and it is still the caller's. */
int records_add(struct records *records, const struct record *record,
                struct problem *problem);

/* Appends one record to an open file descriptor (opened with O_APPEND), all
 * of it in one write where the system allows.  A line that could only be
 * written in part is taken back. */
int record_append(int fd, const char *path, const struct record *record,
                  struct problem *problem);

/* What the program was built with: "gcc 12.2.0 -O3 -march=native, libgomp". */
const char *build_text(void);
/* The source's revision, or "unknown". */
const char *build_revision(void);

#endif
