/* Regions in turns with those of another form, in blocks.
 *
 * A CPU is in one of several states for a fraction of a second, by itself: what
 * is compared has to lie close together, and each form has to meet them all.
 * So a block holds both forms within milliseconds, and `serial` goes round over
 * the CPUs that the team uses.  What was in a cache is what the region before
 * left there: on kernels that move memory the first of a kind does not count.
 */
#include "bench/plan/workload.h"
#include "bench/trial/handoff.h"
#include "bench/trial/trial_run.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* As struct trial_turns has them.  A warm-up turn; a block. */
static const char warm[] = "sspp|", compute[] = "SPPS|", memory[] = "sSpPPsS|";

static const char *block_of(const struct trial_request *request) {
  return workload_moves_memory(request->workload) ? memory : compute;
}

static uint32_t count_own(const char *forms) {
  uint32_t own = 0;
  for (; *forms; forms++)
    own += *forms == 'P';
  return own;
}

uint32_t trial_iterations(const struct trial_request *request) {
  return request->beside ? request->blocks * count_own(block_of(request))
                         : request->iterations;
}

int trial_turns_make(const struct trial_request *request,
                     struct trial_turns *turns) {
  const char *block = block_of(request);
  size_t turn = strlen(warm),
         room = request->warmups * turn + request->blocks * strlen(block) + 1;
  turns->forms = calloc(room, 1);
  turns->times_s = calloc(room, sizeof *turns->times_s);
  turns->cpus = calloc(room, sizeof *turns->cpus);
  if (!turns->forms || !turns->times_s || !turns->cpus)
    return -1;
  char *end = turns->forms;
  for (uint32_t i = 0; i < request->warmups; i++)
    end = stpcpy(end, warm);
  for (uint32_t i = 0; i < request->blocks; i++)
    end = stpcpy(end, block);
  return 0;
}

void trial_turns_free(struct trial_turns *turns) {
  free(turns->forms);
  free(turns->times_s);
  free(turns->cpus);
  *turns = (struct trial_turns){.count = 0};
}

/* ---- the form beside ------------------------------------------------------
 */

static int refuse_pair(const struct trial_request *request,
                       struct problem *problem) {
  char one[NOTATION_LENGTH], other[NOTATION_LENGTH];
  notation_format_variant(request->beside, one);
  notation_format_variant(&request->variant, other);
  return problem_usage(
      problem,
      "--beside %s with --variant %s: give --beside serial, or "
      "two forms that are static and have OpenMP threads, as "
      "omp:static and textbook",
      one, other);
}

int trial_blocks_resolve(struct run *run, struct problem *problem) {
  const struct trial_request *request = run->request;
  const char *policy = getenv("OMP_WAIT_POLICY");
  if (!request->beside)
    return request->blocks > 0
               ? problem_usage(problem,
                               "--blocks needs --beside, the form that "
                               "they are in turns with: --beside "
                               "serial")
               : PROBLEM_NONE;
  int status = variant_resolve(request->beside, &run->beside, problem);
  if (!status)
    status = variant_takes(run->beside, request->workload->kernel, problem);
  if (status)
    return status;
  if (run->variant->copies)
    return problem_usage(problem, "--beside with --variant copies: each copy "
                                  "is a program of its own, beside the others");
  if (run->beside->team && (!run->variant->openmp || !run->beside->openmp ||
                            request->variant.schedule != SCHEDULE_STATIC ||
                            request->beside->schedule != SCHEDULE_STATIC))
    return refuse_pair(request, problem);
  if (request->blocks == 0)
    return problem_usage(problem, "--beside needs --blocks, 1 or more");
  if (trial_iterations(request) > TRIAL_ITERATIONS)
    return problem_usage(problem, "--blocks: want at most %u",
                         TRIAL_ITERATIONS / count_own(block_of(request)));
  if (!run->beside->team && run->variant->openmp && policy &&
      strcasecmp(policy, "active") == 0)
    return problem_usage(problem,
                         "--beside serial with OMP_WAIT_POLICY=active: beside "
                         "threads that spin as they wait, serial is slower; "
                         "unset it");
  return PROBLEM_NONE;
}

/* A plain loop has a job of its own: one worker, who does it all. */
static int make_serial(struct run *run, struct problem *problem) {
  struct job *job = &run->beside_job;
  *job = run->job;
  job->workers = 1;
  job->schedule = SCHEDULE_STATIC;
  job->transport = TRANSPORT_SHM;
  job->channel = NULL;
  job->team = NULL;
  job->noiseless = true;
  job->slots = memory_map(&run->memory, sizeof *job->slots, MEMORY_PRIVATE);
  run->other = (struct form){run->beside, job, &run->beside_partial};
  return job->slots ? PROBLEM_NONE : problem_failure(problem, "out of memory");
}

int trial_blocks_prepare(struct run *run, struct problem *problem) {
  if (!run->beside)
    return PROBLEM_NONE;
  if (trial_turns_make(run->request, &run->result->turns) != 0)
    return problem_failure(problem, "out of memory");
  if (!run->beside->team)
    return make_serial(run, problem);
  run->other = (struct form){run->beside, &run->job, run->partials};
  return PROBLEM_NONE;
}

/* ---- turns ----------------------------------------------------------------
 */

/* Serial regions are the caller's, on a CPU that the team uses; its workers
 * sleep by then.  Returns the CPU, -1: not bound. */
static int go_round(const struct run *run, uint32_t serials) {
  const struct trial_request *request = run->request;
  int cpu = request->cpus[(request->first_cpu + serials) % request->workers];
  const struct timespec nap = {.tv_nsec = 2L * HANDOFF_SPIN_NS};
  if (run->variant->processes)
    nanosleep(&nap, NULL);
  return cpu >= 0 && worker_bind(cpu) == 0 ? cpu : -1;
}

int trial_blocks(struct run *run, struct problem *problem) {
  struct trial_turns *turns = &run->result->turns;
  bool rounds = !run->beside->team;
  uint32_t serials = 0;
  struct worker_place place;
  int status = PROBLEM_NONE;
  worker_place_keep(&place);
  for (const char *form = turns->forms; !status && *form; form++) {
    bool other = trial_turn_is_beside(*form);
    double *time_s = &turns->times_s[turns->count];
    int64_t begin_ns;
    if (*form == '|')
      continue;
    turns->cpus[turns->count++] =
        other && rounds ? go_round(run, serials++) : -1;
    status = trial_region(run, other ? &run->other : &run->own, MOMENT_WARMUP,
                          time_s, &begin_ns, problem);
    if (other && rounds && !trial_turn_is_beside(form[1]))
      worker_place_return(&place);
    if (*form == 'P')
      trial_keep_region(run, *time_s, begin_ns);
  }
  return status;
}

/* ---- what they say ---------------------------------------------------------
 */

static int compare_values(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

static double median(double *values, uint32_t count) {
  qsort(values, count, sizeof *values, compare_values);
  return count == 0 ? (double)NAN
                    : (values[(count - 1) / 2] + values[count / 2]) / 2;
}

double trial_turns_ratio(const char *forms, const double *times_s) {
  double values[TRIAL_BLOCKS], log_s[2] = {0, 0};
  uint32_t counts[2] = {0, 0}, blocks = 0;
  for (; blocks < TRIAL_BLOCKS; forms++) {
    if (*forms == 'S' || *forms == 'P') {
      log_s[*forms == 'P'] += log(*times_s);
      counts[*forms == 'P']++;
    } else if ((*forms == '|' || !*forms) && counts[0] && counts[1]) {
      values[blocks++] = log_s[0] / counts[0] - log_s[1] / counts[1];
    }
    if (*forms == '|') {
      log_s[0] = log_s[1] = 0;
      counts[0] = counts[1] = 0;
    } else if (!*forms)
      break;
    else
      times_s++;
  }
  return exp(median(values, blocks));
}

/* A region into memory that holds nothing right, and what it comes to. */
static int fresh_region(struct run *run, const struct form *form,
                        struct partial *total, struct problem *problem) {
  const struct job *job = form->job;
  double ignored_s;
  int64_t begin_ns;
  memset(job->output, 0xff, job->size * job->output_item_bytes);
  int status =
      trial_region(run, form, MOMENT_WARMUP, &ignored_s, &begin_ns, problem);
  if (!status)
    *total = trial_combine(run, form);
  return status;
}

int trial_blocks_check(struct run *run, struct problem *problem) {
  struct partial total;
  struct problem reason;
  int status = fresh_region(run, &run->other, &total, problem);
  if (!status && trial_check_output(run, &total, &reason))
    return problem_failure(problem, "%s: %s", run->beside->name, reason.text);
  return status ? status
                : fresh_region(run, &run->own, &run->result->total, problem);
}
