/* fork: processes forked for one region.  There is no team before it: the
 * parent touches the pages of the result, and that each child then maps them
 * anew belongs to the region. */
#include "bench/trial/processes.h"
#include "bench/trial/variants/variant.h"

static int open_nothing(struct job *job, struct problem *problem) {
  (void)job;
  (void)problem;
  return PROBLEM_NONE;
}

/* By children of their own: there are none between regions. */
static int each(struct job *job, worker_errand *errand, void *context,
                struct problem *problem) {
  struct processes *team;
  int status = processes_open(job, PROCESSES_STAY, &team, problem);
  if (status)
    return status;
  status = processes_send(team, errand, context, problem);
  processes_close(team);
  return status;
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
    .transports = true,
    .processes = true,
    .forks = true,
    .team = true,
    .open = open_nothing,
    .each = each,
    .region = region,
    .close = close_nothing,
};
