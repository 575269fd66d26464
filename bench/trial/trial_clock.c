/* The clock of a trial's own time.
 *
 * In each block every worker does a short chain of additions that wait for each
 * other, all of them at once, right after regions of the team: as many CPUs are
 * at work as in those, and a clock that follows within a millisecond is still
 * what it was.  The chain is the kernel `clock`, which says why it is a clock.
 */
#include "bench/plan/registry.h"
#include "bench/trial/clock.h"
#include "bench/trial/trial_run.h"

#include <inttypes.h>
#include <string.h>

/* A worker's last one, in cache lines of its own. */
struct chain {
  _Alignas(128) struct partial total;
  int64_t busy_ns, cpu_ns;
};

/* Shared by all workers. */
struct chains {
  const struct kernel *kernel;
  const void *state;
  uint64_t items; /* TRIAL_CHAIN additions */
  struct chain list[];
};

int trial_clock_prepare(struct run *run) {
  static const char name[] = "clock";
  const struct kernel *kernel = registry_find_kernel(name, strlen(name));
  const struct kernel_request wanted = {
      .size = (uint64_t)(TRIAL_CHAIN / kernel->shape.operations),
      .seed = run->request->seed,
      .allocator = &run->memory.input.base};
  size_t bytes = run->request->workers * sizeof(struct chain);
  struct chains *chains =
      memory_map(&run->memory, sizeof *chains + bytes, MEMORY_SHARED);
  if (!chains)
    return -1;
  chains->kernel = kernel;
  chains->items = wanted.size;
  chains->state = kernel->create(&wanted);
  run->chains = chains;
  return chains->state ? 0 : -1;
}

static void do_chain(void *context, uint32_t worker) {
  struct chains *chains = context;
  struct chain *own = &chains->list[worker];
  own->total = (struct partial){.lowest_hit = KERNEL_NO_HIT};
  int64_t cpu_ns = clock_thread_cpu_ns(), begin_ns = clock_now_ns();
  chains->kernel->run(chains->state, NULL, 0, chains->items, &own->total);
  own->busy_ns = clock_now_ns() - begin_ns;
  own->cpu_ns = clock_thread_cpu_ns() - cpu_ns;
}

/* A clock does not slow down while its worker waits for a CPU. */
static double clock_hz(const struct chain *chain) {
  int64_t ns = chain->cpu_ns > 0 && chain->cpu_ns < chain->busy_ns
                   ? chain->cpu_ns
                   : chain->busy_ns;
  return TRIAL_CHAIN / trial_seconds(ns);
}

int trial_clock_read(struct run *run, struct problem *problem) {
  struct chains *chains = run->chains;
  struct trial_turns *turns = &run->result->turns;
  struct kernel_problem wrong = {""};
  int status = run->variant->each(&run->job, do_chain, chains, problem);
  for (uint32_t w = 0; !status && w < run->request->workers; w++) {
    const struct chain *chain = &chains->list[w];
    if (!chains->kernel->verify(chains->state, NULL, &chain->total, &wrong))
      return problem_failure(problem, "worker %" PRIu32 ": %s", w, wrong.text);
    turns->clocks_hz[turns->clock_count++] = clock_hz(chain);
  }
  return status;
}
