/* The measurements of `coresweep doctor`. */
#include "bench/analyze/aa.h"
#include "bench/analyze/stats.h"
#include "bench/commands/doctor.h"
#include "bench/sweep/aa_plan.h"
#include "bench/trial/noise.h"

#include <time.h>

void doctor_watch(const struct doctor_effort *effort,
                  struct checkup_facts *facts) {
  struct timespec pause = {.tv_sec = (time_t)effort->watched_s};
  pause.tv_nsec = (long)((effort->watched_s - (double)pause.tv_sec) * 1e9);
  double cpus = facts->environment->online_cpus == FIELD_NULL
                    ? (double)NAN
                    : (double)facts->environment->online_cpus;
  struct noise_system before = noise_system_read("");
  nanosleep(&pause, NULL); /* a signal shortens it, and ends the command */
  struct noise_system after = noise_system_read("");
  struct noise_system noise = noise_system_between(&before, &after);
  facts->watched_s = effort->watched_s;
  facts->busy_cpus = noise.busy_s / effort->watched_s;
  facts->steal_share = noise.steal_s / (effort->watched_s * cpus);
}

static int conclude(const struct records *records, uint32_t rounds,
                    struct checkup_aa *aa, struct problem *problem) {
  struct aa_times times;
  int status = aa_times_make(records, rounds, &times, problem);
  if (!status)
    *aa = (struct checkup_aa){
        .rounds = rounds,
        .ratio = stats_ratio_interval(times.time_s[0], times.time_s[1], rounds),
        .difference = checkup_difference(times.time_s[0], times.time_s[1],
                                         rounds, CHECKUP_ROUNDS)};
  aa_times_free(&times);
  return status;
}

int doctor_aa(const struct doctor_effort *effort, struct executor *executor,
              const struct machine *machine, struct checkup_aa *aa,
              struct problem *problem) {
  static struct workload workload;
  static int cpus[TRIAL_WORKERS];
  struct records records = {0};
  struct engine engine = {.executor = executor,
                          .fd = -1,
                          .cpus = cpus,
                          .usable_cpus = machine->usable_cpus,
                          .seed = 1,
                          .records = &records};
  topology_place(&machine->topology, BIND_CORES, TRIAL_WORKERS, cpus);
  int status = workload_parse("spin", &workload, problem);
  struct aa_plan plan =
      aa_plan_make(&workload, effort->region_s, effort->rounds);
  engine_begin(&engine);
  if (!status)
    status = engine_run(&engine, &plan.base, problem);
  if (!status)
    status = conclude(&records, effort->rounds, aa, problem);
  engine_free(&engine);
  records_free(&records);
  return status;
}
