#include "bench/record/times_records.h"

#include "bench/plan/counts.h"
#include "bench/plan/notation.h"
#include "bench/plan/order.h"
#include "bench/plan/text.h"

#include <stdlib.h>
#include <string.h>

enum { RUNS = 100000 }; /* as many rounds as a sweep may have */

/* ---- one time ------------------------------------------------------------ */

int64_t times_next_run(const struct records *records, const char *name,
                       int64_t workers) {
  int64_t run = 1;
  for (size_t i = 0; i < records->count; i++)
    if (records->list[i].workers == workers &&
        strcmp(records->list[i].workload, name) == 0)
      run++;
  return run;
}

static bool is_there(const struct records *records, const char *name,
                     int64_t workers, int64_t run) {
  for (size_t i = 0; i < records->count; i++)
    if (records->list[i].round == run && records->list[i].workers == workers &&
        strcmp(records->list[i].workload, name) == 0)
      return true;
  return false;
}

static int add_record(struct records *records, const char *name,
                      int64_t workers, int64_t run, double seconds,
                      struct problem *problem) {
  struct record empty;
  const char *variant = workers == 1 ? "serial" : record_program;
  record_clear(&empty);
  int status = records_add(records, &empty, problem);
  if (status)
    return status;
  struct record *r = &records->list[records->count - 1];
  r->schema = RECORD_SCHEMA;
  r->status = strdup("ok");
  r->phase = strdup("round");
  r->round = run;
  r->order = (int64_t)records->count;
  r->kernel = strdup(record_program);
  r->workload = strdup(name);
  r->variant = strdup(variant);
  r->requested = strdup(variant);
  r->workers = workers;
  r->oversubscribed = 0;
  r->size = 1;
  r->program_s = r->wall_s = seconds;
  bool whole = r->status && r->phase && r->kernel && r->workload &&
               r->variant && r->requested;
  return whole ? PROBLEM_NONE : problem_failure(problem, "out of memory");
}

static int refuse(const struct times_line *line, const char *what,
                  const char *text, const char *want, struct problem *problem) {
  char shown[TEXT_SHOWN];
  return problem_usage(problem, "%s: %s '%.60s': want %s", line->where, what,
                       text_shown(text, shown), want);
}

int times_add(struct records *records, const struct times_line *line,
              struct problem *problem) {
  uint64_t workers, run = 0;
  char *end;
  const char *name = line->name && *line->name ? line->name : "program";
  double seconds = strtod(line->seconds, &end);
  /* Decimal, without blanks or a sign, as other numbers of a CSV. */
  bool decimal = strchr("0123456789.", *line->seconds) && *line->seconds &&
                 !line->seconds[strspn(line->seconds, "0123456789.eE+-")];
  if (!notation_parse_count(line->workers, COUNTS_MAX, &workers) ||
      workers == 0)
    return refuse(line, "workers", line->workers, "a whole number from 1",
                  problem);
  if (!decimal || *end || end == line->seconds || !(seconds > 0) ||
      !(seconds < 1e9))
    return refuse(line, "seconds", line->seconds,
                  "a number above 0 and below 1e9", problem);
  if (line->run && (!notation_parse_count(line->run, RUNS, &run) || run == 0))
    return refuse(line, "run", line->run, "a whole number from 1", problem);
  if (!text_is_printable(name) || strlen(name) > 100)
    return refuse(line, "name", name, "a printable one of at most 100 bytes",
                  problem);
  int64_t number = line->run ? (int64_t)run
                             : times_next_run(records, name, (int64_t)workers);
  if (line->run && is_there(records, name, (int64_t)workers, number))
    return refuse(line, "run", line->run, "each run of a worker count once",
                  problem);
  return add_record(records, name, (int64_t)workers, number, seconds, problem);
}

static int by_time(const void *a, const void *b, void *context) {
  const struct record *list = context;
  double x = list[*(const uint32_t *)a].program_s;
  double y = list[*(const uint32_t *)b].program_s;
  return (x > y) - (x < y);
}

/* Work space of times_pair_at_random: as many as there are records. */
struct pairing {
  uint32_t *same, *order;
  bool *done;
};

/* The records of the first one's name and workers, from `first` on. */
static void pair_group(struct records *records, size_t first,
                       struct pairing *pairing) {
  struct record *list = records->list;
  uint32_t count = 0;
  for (size_t k = first; k < records->count; k++)
    if (list[k].workers == list[first].workers &&
        strcmp(list[k].workload, list[first].workload) == 0) {
      pairing->done[k] = true;
      pairing->order[count] = count;
      pairing->same[count++] = (uint32_t)k;
    }
  qsort_r(pairing->same, count, sizeof *pairing->same, by_time, list);
  order_shuffle(pairing->order, count, 1, (uint64_t)list[first].workers);
  for (uint32_t k = 0; k < count; k++)
    list[pairing->same[k]].round = pairing->order[k] + 1;
}

int times_pair_at_random(struct records *records, struct problem *problem) {
  size_t room = records->count + 1;
  struct pairing pairing = {.same = calloc(room, sizeof(uint32_t)),
                            .order = calloc(room, sizeof(uint32_t)),
                            .done = calloc(room, sizeof(bool))};
  bool made = pairing.same && pairing.order && pairing.done;
  for (size_t i = 0; made && i < records->count; i++)
    if (!pairing.done[i])
      pair_group(records, i, &pairing);
  free(pairing.same);
  free(pairing.order);
  free(pairing.done);
  return made ? PROBLEM_NONE : problem_failure(problem, "out of memory");
}
