/* pool: worker processes that are kept between regions. */
#include "bench/trial/processes.h"
#include "bench/trial/variants/variant.h"

static int open_team(struct job *job, struct problem *problem) {
  struct processes *team = NULL;
  int status = processes_open(job, PROCESSES_STAY, &team, problem);
  job->team = team;
  return status;
}

static int each(struct job *job, worker_errand *errand, void *context,
                struct problem *problem) {
  return processes_send(job->team, errand, context, problem);
}

static int region(struct job *job, struct problem *problem) {
  return processes_region(job->team, problem);
}

static void close_team(struct job *job) {
  processes_close(job->team);
}

const struct variant variant_pool = {
    .name = "pool",
    .title = "pool of processes",
    .meaning = "worker processes kept between regions",
    .known_as = "multiprocessing.Pool, joblib",
    .schedules = 1U << SCHEDULE_STATIC | 1U << SCHEDULE_DYNAMIC |
                 1U << SCHEDULE_GUIDED | 1U << SCHEDULE_APPLY,
    .transports = true,
    .processes = true,
    .team = true,
    .open = open_team,
    .each = each,
    .region = region,
    .close = close_team,
};
