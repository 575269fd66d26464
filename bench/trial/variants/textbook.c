/* textbook: the plain OpenMP directive on the kernel's own loop, as a student
 * would write it, with none of coresweep between the two.  The control that
 * shows what the blocks and stamps of omp:static cost. */
#include "bench/trial/clock.h"
#include "bench/trial/variants/variant.h"

extern const struct variant variant_omp; /* whose threads these are */

static bool takes(const struct kernel *kernel) {
  return kernel->textbook;
}

static int open_team(struct job *job, struct problem *problem) {
  return variant_omp.open(job, problem);
}

static int each(struct job *job, worker_errand *errand, void *context,
                struct problem *problem) {
  return variant_omp.each(job, errand, context, problem);
}

/* Nobody stamps the single worker: each is noted with the equal share that the
 * directive gives it, from the region's begin to its end. */
static int region(struct job *job, struct problem *problem) {
  uint64_t blocks = job_blocks(job), begin, end;
  (void)problem;
  int64_t begin_ns = clock_now_ns();
  job->kernel->textbook(job->state, job->output, job->size,
                        &job->slots[0].partial);
  int64_t end_ns = clock_now_ns();
  for (uint64_t w = 0; w < job->workers; w++) {
    struct worker_slot *slot = &job->slots[w];
    slot->cpu_ns = JOB_CPU_UNTIMED;
    if (w >= blocks)
      continue;
    job_block(job, w, &begin, &end);
    slot->items = end - begin;
    slot->chunks = 1;
    slot->begin_ns = begin_ns;
    slot->end_ns = end_ns;
    slot->busy_ns = end_ns - begin_ns;
  }
  return PROBLEM_NONE;
}

static void close_team(struct job *job) {
  variant_omp.close(job);
}

const struct variant variant_textbook = {
    .name = "textbook",
    .title = "plain omp parallel for",
    .meaning = "the OpenMP directive on the kernel's own loop, as a control",
    .known_as = "#pragma omp parallel for",
    .schedules = 1U << SCHEDULE_STATIC,
    .team = true,
    .openmp = true,
    .unstamped = true,
    .takes = takes,
    .open = open_team,
    .each = each,
    .region = region,
    .close = close_team,
};
