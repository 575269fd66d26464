/* The measurements of `coresweep doctor`. */
#include "bench/commands/doctor.h"

#include "bench/analyze/stats.h"
#include "bench/plan/order.h"
#include "bench/trial/noise.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
  SEED = 1,
  WARMUPS = 1,
  ITERATIONS = 3,
  LABELS = 2,
  DOUBLINGS = 40,
  CONFIRMATIONS = 3
};

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

/* The trials of one A/A. */
struct pair {
  struct executor *executor;
  struct trial_request order;
  char digest[20]; /* of the first trial, which is verified */
};

static int run_trial(struct pair *pair, double *region_s,
                     struct problem *problem) {
  struct record record;
  pair->order.expect = pair->digest;
  int status =
      pair->executor->run(pair->executor, &pair->order, &record, problem);
  if (status)
    return status;
  *region_s = record.region_s;
  if (strcmp(record.status, "ok") != 0)
    status = problem_failure(problem, "a trial of %s: %s",
                             pair->order.workload->name,
                             record.error ? record.error : record.status);
  else if (!*pair->digest && record.digest)
    snprintf(pair->digest, sizeof pair->digest, "%s", record.digest);
  record_free(&record);
  return status;
}

/* Doubles the size until a region takes long enough, three times out of three:
 * a single one may have been interrupted. */
static int find_size(const struct doctor_effort *effort, struct pair *pair,
                     struct problem *problem) {
  double region_s = 0;
  pair->order.size = 1000;
  for (int i = 0; i < DOUBLINGS; i++) {
    pair->digest[0] = '\0';
    int status = PROBLEM_NONE, confirmed = 0;
    do
      status = run_trial(pair, &region_s, problem);
    while (!status && region_s >= effort->region_s &&
           ++confirmed < CONFIRMATIONS);
    if (status || confirmed == CONFIRMATIONS)
      return status;
    pair->order.size *= 2;
  }
  return problem_failure(
      problem, "%s: a region of %" PRIu64 " items takes %g s",
      pair->order.workload->name, pair->order.size / 2, region_s);
}

static int run_rounds(const struct doctor_effort *effort, struct pair *pair,
                      double *region_s[LABELS], struct problem *problem) {
  uint32_t order[LABELS];
  int status = PROBLEM_NONE;
  for (uint32_t round = 0; !status && round < effort->rounds; round++) {
    order_shuffle(order, LABELS, SEED, round);
    for (int i = 0; !status && i < LABELS; i++)
      status = run_trial(pair, &region_s[order[i]][round], problem);
  }
  return status;
}

int doctor_aa(const struct doctor_effort *effort, struct executor *executor,
              const struct machine *machine, struct checkup_aa *aa,
              struct problem *problem) {
  static struct workload workload;
  int *cpus = calloc(machine->usable_cpus, sizeof *cpus);
  double *region_s[LABELS] = {calloc(effort->rounds, sizeof(double)),
                              calloc(effort->rounds, sizeof(double))};
  struct pair pair = {.executor = executor,
                      .order = {.workload = &workload,
                                .workers = 1,
                                .usable_cpus = machine->usable_cpus,
                                .seed = SEED,
                                .warmups = WARMUPS,
                                .iterations = ITERATIONS,
                                .cpus = cpus}};
  int status = workload_parse("spin", &workload, problem);
  if (!status)
    status = notation_parse_variant("serial", &pair.order.variant, problem);
  if (!status && (!cpus || !region_s[0] || !region_s[1]))
    status = problem_failure(problem, "out of memory");
  if (!status) {
    topology_place(&machine->topology, BIND_CORES, machine->usable_cpus, cpus);
    status = find_size(effort, &pair, problem);
  }
  if (!status)
    status = run_rounds(effort, &pair, region_s, problem);
  if (!status)
    *aa = (struct checkup_aa){
        .rounds = effort->rounds,
        .ratio = stats_ratio_interval(region_s[0], region_s[1], effort->rounds),
        .difference = checkup_difference(region_s[0], region_s[1],
                                         effort->rounds, CHECKUP_ROUNDS)};
  free(cpus);
  free(region_s[0]);
  free(region_s[1]);
  return status;
}
