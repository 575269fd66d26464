/* test_schedules.c: who did what.  A kernel that writes down who called it, on
 * which CPU and for which items, under every variant, schedule and transport
 * there is: what it wrote is what the schedule promises and the result says.
 *
 * All of it holds on any machine, however slow. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "bench/tests/witness_fixture.h"

#include <dirent.h>

/* --- laws ----------------------------------------------------------------- */

/* How many items a call has that begins there. */
static uint64_t items_at(const struct seen *seen, uint64_t begin, size_t call) {
  const struct trial_request *r = &seen->request;
  uint64_t left = r->size - begin, take = CHUNK, p = r->workers;
  if (r->variant.schedule == SCHEDULE_STATIC) {
    uint64_t slices = r->size < p ? r->size : p;
    return r->size * (call + 1) / slices - r->size * call / slices;
  }
  if (r->variant.schedule == SCHEDULE_APPLY)
    return 1;
  /* OpenMP hands out blocks of CHUNK items, several of them at once. */
  if (r->variant.schedule == SCHEDULE_GUIDED && !seen->variant->openmp &&
      left / p > take)
    take = left / p / CHUNK * CHUNK;
  return take < left ? take : left;
}

/* Every item once, in chunks of the length that the schedule says, by workers
 * and on CPUs that were asked for. */
static void assert_region(const struct seen *seen, uint32_t region) {
  static struct call calls[CALLS];
  size_t count = calls_of(seen, region, calls);
  enum schedule schedule = seen->request.variant.schedule;
  uint64_t next = 0;
  for (size_t i = 0; i < count; i++) {
    const struct call *c = &calls[i];
    if (c->begin != next || c->end - c->begin != items_at(seen, next, i))
      fail_msg(SAY "call %zu, items %ju to %ju: %ju items from %ju on expected",
               WHAT(seen, region), i, c->begin, c->end, items_at(seen, next, i),
               next);
    next = c->end;
    uint32_t worker = c->worker;
    if (schedule == SCHEDULE_STATIC || schedule == SCHEDULE_APPLY)
      worker = (uint32_t)(i % seen->request.workers);
    if (c->worker != worker || c->worker >= seen->request.workers)
      fail_msg(SAY "call %zu by worker %u: %u expected", WHAT(seen, region), i,
               c->worker, worker);
    if (c->cpu != cpus[c->worker])
      fail_msg(SAY "worker %u on CPU %d: %d expected", WHAT(seen, region),
               c->worker, c->cpu, cpus[c->worker]);
  }
  if (next != seen->request.size)
    fail_msg(SAY "only %ju items were done", WHAT(seen, region), next);
}

/* Whether what the result says of its workers is what they did in region. */
static bool result_is_of(const struct seen *seen, uint32_t region) {
  static struct call calls[CALLS];
  uint64_t chunks[WORKERS_MOST] = {0}, items[WORKERS_MOST] = {0};
  size_t count = calls_of(seen, region, calls);
  for (size_t i = 0; i < count; i++) {
    chunks[calls[i].worker]++;
    items[calls[i].worker] += calls[i].end - calls[i].begin;
  }
  for (uint32_t w = 0; w < seen->request.workers; w++)
    if (seen->result.workers[w].chunks != chunks[w] ||
        seen->result.workers[w].items != items[w])
      return false;
  return true;
}

/* The result is that of the region whose time it has. */
static void assert_result(const struct seen *seen) {
  bool found = false;
  assert_int_equal(seen->result.iterations, ITERATIONS);
  for (uint32_t i = 0; i < ITERATIONS; i++)
    found = found || (seen->result.regions_s[i] == seen->result.region_s &&
                      result_is_of(seen, 2 + WARMUPS + i));
  if (!found)
    fail_msg("%s, %u workers, %ju items: chunks and items are not those of the "
             "region that was chosen",
             seen->name, seen->request.workers, seen->request.size);
  if (!seen->digest_right || !seen->digest_tells)
    fail_msg("%s: the digest does not hold all words", seen->name);
}

static void assert_trial(const struct variant *variant,
                         struct variant_spec spec, uint32_t workers,
                         uint64_t size) {
  struct seen *seen = run(variant, spec, workers, size);
  /* More where chunks are looked at again, one by one. */
  if (seen->witness.region < REGIONS)
    fail_msg("%s: %u regions expected, got %u", seen->name, REGIONS,
             seen->witness.region);
  for (uint32_t region = 1; region <= REGIONS; region++)
    assert_region(seen, region);
  assert_result(seen);
  trial_free(&seen->result);
}

typedef void each_spec(const struct variant *variant, struct variant_spec spec);

/* Calls `each` with every schedule and transport of the variant. */
static void for_specs(const struct variant *variant, each_spec *each) {
  for (int s = 0; s < SCHEDULE_COUNT; s++)
    for (uint32_t t = 0; registry_transport_names[t]; t++)
      if (variant->schedules >> s & 1 &&
          (t == TRANSPORT_SHM || variant->transports))
        each(variant, (struct variant_spec){.schedule = (enum schedule)s,
                                            .transport = t});
}

/* Calls `each` with every variant that can run the witness; copies share no
 * work: test_copies.c.  OpenMP is used in a child: whoever has used it should
 * not fork any more, and here others do. */
static void for_all(each_spec *each) {
  for (size_t v = 0; registry_variants[v]; v++) {
    const struct variant *variant = registry_variants[v];
    if (variant->copies || (variant->takes && !variant->takes(&kernel_witness)))
      continue;
    pid_t child = variant->openmp ? fork() : -1;
    if (child <= 0)
      for_specs(variant, each);
    if (child == 0)
      _exit(0);
    int status = 0;
    if (child > 0)
      assert_int_equal(waitpid(child, &status, 0), child);
    if (status != 0)
      fail_msg("%s: see above (status %x)", variant->name, status);
  }
}

static void assert_sizes(const struct variant *variant,
                         struct variant_spec spec) {
  static const uint64_t sizes[] = {0, 1, 2, 3, 4, 101};
  for (uint32_t workers = 1; workers <= (variant->team ? 3u : 1u); workers++)
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
      assert_trial(variant, spec, workers, sizes[i]);
}

static void test_who_did_what(void **state) {
  (void)state;
  waits_for_another = false;
  for_all(assert_sizes);
}

/* LLVM's libomp may deal out slices under dynamic as well, and has threads that
 * are done steal from others: OpenMP 5.0, 2.9.2, leaves the order free. */
#ifdef __clang__
static const bool steals = true;
#else
static const bool steals = false;
#endif

/* Two workers are at it at the same time.  While one is held up with item 0,
 * the other takes the next chunk under dynamic; under guided it cannot, because
 * the first has taken several. */
static void assert_meeting(const struct variant *variant,
                           struct variant_spec spec) {
  static struct call calls[CALLS];
  if (!variant->team || spec.schedule == SCHEDULE_APPLY)
    return; /* none beside the caller; or never two at once */
  struct seen *seen = run(variant, spec, 2, 100 * CHUNK);
  if (!seen->witness.met)
    fail_msg("%s: two workers at the same time expected", seen->name);
  size_t count = calls_of(seen, 1, calls);
  if (count > 1 && spec.schedule == SCHEDULE_DYNAMIC &&
      !(steals && variant->openmp) && calls[0].worker == calls[1].worker)
    fail_msg("%s: one worker has taken two chunks at once", seen->name);
  if (seen->variant->openmp && spec.schedule == SCHEDULE_GUIDED &&
      calls[0].worker != calls[1].worker)
    fail_msg("%s: the first worker has taken no more than a chunk", seen->name);
  trial_free(&seen->result);
}

static void test_workers_meet(void **state) {
  (void)state;
  waits_for_another = true;
  for_all(assert_meeting);
  waits_for_another = false;
}

static void ignore(int signal_number) {
  (void)signal_number;
}

/* System calls that a signal has interrupted are tried again, on both sides.
 * Parcels of 160 kB: more than a pipe holds. */
static void assert_storm(const struct variant *variant,
                         struct variant_spec spec) {
  if (!variant->processes || spec.schedule == SCHEDULE_APPLY)
    return;
  if (spec.schedule != SCHEDULE_STATIC)
    spec.chunk = 20000;
  storm(2000);
  struct seen *seen = run(variant, spec, 2, 100000);
  storm(0);
  trial_free(&seen->result);
}

static void test_interrupted_again_and_again(void **state) {
  struct sigaction action = {.sa_handler = ignore}; /* no SA_RESTART */
  (void)state;
  sigaction(SIGALRM, &action, NULL);
  storms = true;
  for_all(assert_storm);
  storms = false;
  storm(0);
}

/* A result that differs from region to region, or that verify refuses, fails
 * the trial, whoever ran it. */
static void assert_refused(const struct variant *variant,
                           struct variant_spec spec) {
  struct problem problem = {""};
  wavers = true;
  assert_int_equal(try(variant, spec, 1, 10, &problem), PROBLEM_FAILURE);
  assert_non_null(strstr(problem.text, "two regions"));
  trial_free(&last.result);
  wavers = false;
  lies = true;
  assert_int_equal(try(variant, spec, 1, 10, &problem), PROBLEM_FAILURE);
  assert_non_null(strstr(problem.text, "wrong result"));
  assert_true(last.result.checked && !last.result.correct);
  trial_free(&last.result);
  lies = false;
}

static void test_wrong_results_are_refused(void **state) {
  (void)state;
  for_all(assert_refused);
}

/* Whoever writes a page in the first region has made it before, in the team's
 * start; but for one that it shares with the worker before it. */
static void assert_touched(const struct variant *variant,
                           struct variant_spec spec) {
  if (spec.schedule != SCHEDULE_STATIC)
    return; /* who writes what is not known before */
  for (uint32_t workers = 1; workers <= (variant->team ? 3U : 1U); workers++) {
    struct seen *seen = run(variant, spec, workers, 100000);
    if (seen->witness.absent > workers - 1)
      fail_msg("%s, %u workers: %u pages were made in the first region",
               seen->name, workers, seen->witness.absent);
    trial_free(&seen->result);
  }
}

static void test_pages_are_touched_before(void **state) {
  (void)state;
  for_all(assert_touched);
}

/* A worker that sleeps while another computes has none of its CPU time. */
static void assert_own_cpu_time(const struct variant *variant,
                                struct variant_spec spec) {
  if (!variant->team || spec.schedule != SCHEDULE_STATIC)
    return;
  struct seen *seen = run(variant, spec, 2, 10);
  double burnt_s = seen->result.workers[0].cpu_s;
  double slept_s = seen->result.workers[1].cpu_s;
  if (!(burnt_s >= BURN_NS * 1e-9 && slept_s < burnt_s / 2))
    fail_msg("%s: CPU times of %.9g s and less than half of it expected, got "
             "%.9g s",
             seen->name, burnt_s, slept_s);
  trial_free(&seen->result);
}

static void test_cpu_time_is_the_workers_own(void **state) {
  (void)state;
  one_burns = true;
  for_all(assert_own_cpu_time);
  one_burns = false;
}

/* --- the end ---------------------------------------------------------------
 */

static int count_tasks(void) {
  DIR *tasks = opendir("/proc/self/task");
  int count = 0;
  assert_non_null(tasks);
  for (const struct dirent *entry; (entry = readdir(tasks));)
    count += entry->d_name[0] != '.';
  closedir(tasks);
  return count;
}

/* A thread that has left is seen until the system has taken it away. */
static void assert_gone(const struct variant *variant,
                        struct variant_spec spec) {
  struct seen *seen = run(variant, spec, variant->team ? 3 : 1, 50);
  trial_free(&seen->result);
  for (int i = 0; count_tasks() > 1; i++) {
    if (i == 10000)
      fail_msg("%s: %d threads are left", seen->name, count_tasks() - 1);
    usleep(1000);
  }
  errno = 0;
  assert_true(waitpid(-1, NULL, WNOHANG) < 0 && errno == ECHILD);
}

/* Ending a team is a phase: what ended with the process instead would be in
 * nobody's time. */
static void test_teams_are_gone_when_closed(void **state) {
  (void)state;
  for_all(assert_gone);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_interrupted_again_and_again),
      cmocka_unit_test(test_who_did_what),
      cmocka_unit_test(test_wrong_results_are_refused),
      cmocka_unit_test(test_pages_are_touched_before),
      cmocka_unit_test(test_cpu_time_is_the_workers_own),
      cmocka_unit_test(test_workers_meet),
      cmocka_unit_test(test_teams_are_gone_when_closed),
  };
  assert_int_equal(sched_getaffinity(0, sizeof allowed, &allowed), 0);
  list_cpus();
  return cmocka_run_group_tests_name("schedules", tests, NULL, NULL);
}
