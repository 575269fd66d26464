/* copies: as many serial processes at once, each with all of the work for
 * itself.  No parallel form: what it has is throughput. */
#include "bench/trial/variants/variant.h"

static int open_nothing(struct job *job, struct problem *problem) {
  (void)job;
  (void)problem;
  return PROBLEM_NONE;
}

/* As serial's, in each of them. */
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

const struct variant variant_copies = {
    .name = "copies",
    .title = "copies (throughput)",
    .meaning = "as many serial processes at once, each with all of the work",
    .known_as = "p jobs",
    .schedules = 1U << SCHEDULE_STATIC,
    .processes = true,
    .team = true,
    .copies = true,
    .open = open_nothing,
    .region = region,
    .close = close_nothing,
};
