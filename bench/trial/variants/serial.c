/* serial: a plain loop, no team.  The baseline of every speedup. */
#include "bench/trial/variants/variant.h"

static int open_nothing(struct job *job, struct problem *problem) {
  (void)job;
  (void)problem;
  return PROBLEM_NONE;
}

static int each(struct job *job, worker_errand *errand, void *context,
                struct problem *problem) {
  (void)job;
  (void)problem;
  errand(context, 0);
  return PROBLEM_NONE;
}

static int region(struct job *job, struct problem *problem) {
  (void)problem;
  worker_enter(job, 0);
  worker_loop(job, 0);
  worker_leave(job, 0);
  return PROBLEM_NONE;
}

static void close_nothing(struct job *job) {
  (void)job;
}

const struct variant variant_serial = {
    .name = "serial",
    .title = "serial",
    .meaning = "a plain loop, no team",
    .known_as = "for, map",
    .schedules =
        1U << SCHEDULE_STATIC | 1U << SCHEDULE_DYNAMIC | 1U << SCHEDULE_GUIDED,
    .open = open_nothing,
    .each = each,
    .region = region,
    .close = close_nothing,
};
