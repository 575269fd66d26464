/* fork: processes forked for one region.  The parent makes the pages of the
 * result present in open; that each child then maps them anew belongs to the
 * region. */
#include "bench/trial/memory.h"
#include "bench/trial/processes.h"
#include "bench/trial/variants/variant.h"

static int open_nothing(struct job *job, struct problem *problem) {
  (void)problem;
  if (job->touch)
    memory_populate(job->output, 0, job->size * job->output_item_bytes);
  return PROBLEM_NONE;
}

static int region(struct job *job, struct problem *problem) {
  struct processes *team;
  int status = processes_open(job, PROCESSES_LEAVE, &team, problem);
  if (status)
    return status;
  status = processes_region(team, problem);
  processes_close(team);
  return status;
}

static void close_nothing(struct job *job) {
  (void)job;
}

const struct variant variant_fork = {
    .name = "fork",
    .title = "fork per region",
    .meaning = "processes forked for one region",
    .known_as = "multiprocessing.Process",
    .schedules =
        1U << SCHEDULE_STATIC | 1U << SCHEDULE_DYNAMIC | 1U << SCHEDULE_GUIDED,
    .transports = (1U << TRANSPORT_COUNT) - 1,
    .processes = true,
    .team = true,
    .open = open_nothing,
    .region = region,
    .close = close_nothing,
};
