/* test_noise.c: what disturbs a trial, as the system counts it: of workers;
 * and real workers that are disturbed on purpose. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "bench/record/from_trial.h"
#include "bench/trial/clock.h"
#include "bench/trial/noise.h"

#include <fcntl.h>
#include <math.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define LENGTH(array) (sizeof(array) / sizeof(array)[0])

static void schedstat_is_read_or_not_told(void **state) {
  static const struct {
    const char *line;
    int64_t delay_ns;
  } lines[] = {
      {"374353958 90271975 103\n", 90271975},
      {"0 0 1\n", 0}, /* it counts, and there was no delay */
      {"5 0 0\n", 0},
      {"0 0 0\n", NOISE_NO_DELAY}, /* it does not count */
      {"12 34\n", NOISE_NO_DELAY},
      {"", NOISE_NO_DELAY},
      {"1 -5 2\n", NOISE_NO_DELAY},
      {"1 x 2\n", NOISE_NO_DELAY},
      {"1 2 3 4\n", NOISE_NO_DELAY},
      {"1 18446744073709551615 3\n", NOISE_NO_DELAY},
  };
  (void)state;
  for (size_t i = 0; i < LENGTH(lines); i++)
    if (noise_read_delay_ns(lines[i].line) != lines[i].delay_ns)
      fail_msg("\"%s\": %lld ns", lines[i].line,
               (long long)noise_read_delay_ns(lines[i].line));
}

static void touch_pages(size_t pages) {
  size_t page = (size_t)sysconf(_SC_PAGESIZE);
  char *memory = mmap(NULL, pages * page, PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  assert_true(memory != MAP_FAILED);
  madvise(memory, pages * page, MADV_NOHUGEPAGE);
  for (size_t i = 0; i < pages; i++)
    ((volatile char *)memory)[i * page] = 1;
  munmap(memory, pages * page);
}

static void a_thread_s_faults_are_counted(void **state) {
  struct worker_noise noise = noise_none();
  (void)state;
  assert_true(noise.run_delay_ns == NOISE_NO_DELAY && noise.switches < 0 &&
              noise.minor_faults < 0 && noise.cpu_begin < 0 &&
              noise.cpu_end < 0);
  noise_begin(&noise, false);
  touch_pages(100);
  noise_end(&noise);
  assert_in_range(noise.minor_faults, 100, 200);
  assert_true(noise.switches >= 0);
  assert_true(noise.cpu_begin >= 0 && noise.cpu_end >= 0);
  assert_true(noise.run_delay_ns == NOISE_NO_DELAY || noise.run_delay_ns >= 0);
  noise_begin(&noise, false);
  noise_end(&noise);
  assert_in_range(noise.minor_faults, 0, 20);
}

/* How many of this process's descriptors lead to the schedstat of a thread. */
static int descriptors_of(pid_t thread) {
  char link[40], target[200], wanted[80];
  int count = 0;
  snprintf(wanted, sizeof wanted, "/task/%d/schedstat", thread);
  for (int fd = 0; fd < 400; fd++) {
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, target, sizeof target - 1);
    target[length > 0 ? length : 0] = '\0';
    count += strstr(target, wanted) != NULL;
  }
  return count;
}

static void a_child_reads_its_own_delay(void **state) {
  struct worker_noise noise;
  int status;
  (void)state;
  noise_begin(&noise, false); /* this process has a descriptor */
  if (noise.run_delay_ns == NOISE_NO_DELAY)
    skip();
  pid_t parent = getpid();
  pid_t child = fork();
  assert_true(child >= 0);
  if (child == 0) {
    noise_begin(&noise, false);
    noise_end(&noise);
    _exit(descriptors_of(getpid()) == 1 && descriptors_of(parent) == 0 ? 0 : 1);
  }
  assert_int_equal(waitpid(child, &status, 0), child);
  assert_int_equal(status, 0);
}

static void *begin_and_end(void *result) {
  struct worker_noise *noise = result;
  noise_begin(noise, false);
  int32_t kept = descriptors_of(gettid());
  noise_end(noise);
  noise->cpu_end = kept;
  return NULL;
}

/* How many descriptors a thread keeps beside so many others. */
static int kept_beside(int taken) {
  struct worker_noise noise;
  pthread_t thread;
  int fds[300];
  for (int i = 0; i < taken; i++)
    assert_true((fds[i] = open("/dev/null", O_RDONLY | O_CLOEXEC)) >= 0);
  assert_int_equal(pthread_create(&thread, NULL, begin_and_end, &noise), 0);
  assert_int_equal(pthread_join(thread, NULL), 0);
  for (int i = 0; i < taken; i++)
    close(fds[i]);
  assert_true(noise.run_delay_ns == NOISE_NO_DELAY || noise.run_delay_ns >= 0);
  return noise.cpu_end;
}

static void large_teams_keep_few_descriptors(void **state) {
  (void)state;
  assert_int_equal(kept_beside(0),
                   access("/proc/thread-self/schedstat", R_OK) ? 0 : 1);
  assert_int_equal(kept_beside(300), 0);
}

static void burn_cpu(int64_t ns) {
  int64_t begin_ns = clock_thread_cpu_ns();
  while (clock_thread_cpu_ns() - begin_ns < ns)
    ;
}

/* Two that want one CPU for 60 ms each, longer than any time slice: each has
 * to wait for the other, and is made to. */
static void sharing_a_cpu_is_seen(void **state) {
  struct worker_noise noise, late, at_work;
  cpu_set_t before, one;
  (void)state;
  assert_int_equal(sched_getaffinity(0, sizeof before, &before), 0);
  CPU_ZERO(&one);
  CPU_SET(sched_getcpu(), &one);
  assert_int_equal(sched_setaffinity(0, sizeof one, &one), 0);
  pid_t child = fork();
  assert_true(child >= 0);
  if (child == 0)
    for (;;)
      burn_cpu(1000000);
  noise_begin(&noise, false);
  burn_cpu(INT64_C(60000000));
  noise_end(&noise);
  /* What it waits for before its share counts for one that slept alone. */
  noise_rest();
  burn_cpu(INT64_C(60000000));
  noise_begin(&late, true);
  noise_end(&late);
  burn_cpu(INT64_C(60000000));
  noise_begin(&at_work, false);
  noise_end(&at_work);
  kill(child, SIGKILL);
  assert_int_equal(waitpid(child, NULL, 0), child);
  assert_int_equal(sched_setaffinity(0, sizeof before, &before), 0);
  assert_true(noise.switches > 0);
  assert_int_equal(noise.cpu_begin, noise.cpu_end);
  if (noise.run_delay_ns == NOISE_NO_DELAY)
    return;
  assert_true(noise.run_delay_ns > 1000000);
  assert_true(late.run_delay_ns > 1000000);
  assert_true(at_work.run_delay_ns < late.run_delay_ns);
}

/* Whether noise is taken in the region after one of this length. */
static bool asked_after(int64_t region_ns, int64_t *cpu_ns) {
  struct worker_slot slots[2] = {
      {.chunks = 1, .begin_ns = 1000, .end_ns = 2000},
      {.chunks = 1, .begin_ns = 1500, .end_ns = 1000 + region_ns}};
  struct job_shared shared = {.cursor = 0};
  struct job job = {.workers = 2, .slots = slots, .shared = &shared};
  job_reset(&job);
  assert_true(slots[0].noise_asked == slots[1].noise_asked);
  worker_enter(&job, 1);
  worker_leave(&job, 1);
  assert_true((slots[1].noise.cpu_end >= 0) == slots[1].noise_asked);
  *cpu_ns = slots[1].cpu_ns;
  return slots[1].noise_asked;
}

/* No look at the counters while the region is timed. */
static void the_caller_s_noise_ends_after_the_region(void **state) {
  struct worker_slot slots[1] = {
      {.chunks = 1, .begin_ns = 1, .end_ns = 2000000}};
  struct job_shared shared = {.cursor = 0};
  struct job job = {
      .workers = 1, .slots = slots, .shared = &shared, .caller = gettid()};
  (void)state;
  job_reset(&job);
  assert_true(slots[0].noise_asked);
  char *pages = mmap(NULL, 1 << 20, PROT_READ | PROT_WRITE,
                     MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  assert_true(pages != MAP_FAILED);
  assert_int_equal(madvise(pages, 1 << 20, MADV_NOHUGEPAGE), 0);
  worker_enter(&job, 0);
  worker_leave(&job, 0);
  assert_true(slots[0].noise.cpu_end < 0);
  for (int i = 0; i < 100; i++)
    pages[i * 4096] = 1;
  job_settle();
  assert_true(slots[0].noise.cpu_end >= 0);
  assert_true(slots[0].noise.minor_faults >= 100);
  struct worker_noise noise = slots[0].noise;
  job_settle();
  assert_memory_equal(&noise, &slots[0].noise, sizeof noise);
  munmap(pages, 1 << 20);
}

static void noise_is_taken_from_1_ms_on(void **state) {
  int64_t cpu_ns;
  (void)state;
  assert_false(asked_after(50000, &cpu_ns));
  assert_true(cpu_ns == JOB_CPU_UNTIMED);
  assert_false(asked_after(999999, &cpu_ns));
  assert_true(cpu_ns > 0);
  assert_true(asked_after(1000000, &cpu_ns));
  assert_true(cpu_ns > 0);
}

/* Of two workers, one was told everything, the other nothing but its CPU. */
static void records_hold_what_was_told(void **state) {
  struct trial_worker workers[2] = {{.run_delay_s = 0.25,
                                     .switches = 3,
                                     .minor_faults = (double)NAN,
                                     .cpu_begin = 0,
                                     .cpu_end = 1},
                                    {.run_delay_s = (double)NAN,
                                     .switches = (double)NAN,
                                     .minor_faults = (double)NAN,
                                     .cpu_begin = 5,
                                     .cpu_end = 5}};
  static struct trial_result result = {.iterations = 1, .checked = true};
  static struct workload workload;
  struct problem problem;
  struct record record;
  const int cpus[] = {-1, -1};
  (void)state;
  assert_int_equal(workload_parse("null", &workload, &problem), 0);
  const struct trial_request request = {
      .workload = &workload, .workers = 2, .usable_cpus = 2, .cpus = cpus};
  result.workers = workers;
  record_of_request(&request, NULL, &record);
  record_of_result(&request, &result, 0, &problem, &record);
  assert_int_equal(record.worker_run_delay_s.count, 2);
  assert_true(record.worker_run_delay_s.values[0] == 0.25);
  assert_true(isnan(record.worker_run_delay_s.values[1]));
  assert_true(record.worker_switches.values[0] == 3);
  assert_null(record.worker_minor_faults.values);
  assert_true(record.worker_cpu_begin.values[1] == 5);
  assert_true(record.worker_cpu_end.values[0] == 1);
  assert_true(isnan(record.throttled_s) && isnan(record.steal_s));
  assert_true(record.swapped_pages == FIELD_NULL);
  record_free(&record);
}

/* Sleeping for 3 ms an item, whatever the machine: there is time for noise in
 * every region after the first, in every kind of team. */
static void every_team_tells(void **state) {
  static const char *const teams[] = {"serial", "omp:static", "fork:static",
                                      "pool:static"};
  const char *program = getenv("CORESWEEP");
  (void)state;
  for (size_t i = 0; i < LENGTH(teams); i++) {
    char command[400], line[20000] = "";
    struct record record;
    struct problem problem;
    int workers = i == 0 ? 1 : 2;
    snprintf(command, sizeof command,
             "%s trial --kernel latency/sleep_us=3000 --variant %s "
             "--workers %d --size 2 --oversubscribe --iterations 1 --json",
             program ? program : "build/coresweep", teams[i], workers);
    FILE *pipe = popen(command, "r");
    assert_non_null(pipe);
    assert_non_null(fgets(line, sizeof line, pipe));
    assert_int_equal(pclose(pipe), 0);
    assert_int_equal(record_parse(line, &record, &problem), 0);
    const struct numbers told[] = {
        record.worker_switches, record.worker_minor_faults,
        record.worker_cpu_begin, record.worker_cpu_end};
    for (size_t n = 0; n < LENGTH(told); n++) {
      if (told[n].count != (size_t)workers)
        fail_msg("%s: list %zu has %zu numbers", teams[i], n, told[n].count);
      for (size_t w = 0; w < told[n].count; w++)
        assert_true(told[n].values[w] >= 0);
    }
    record_free(&record);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(schedstat_is_read_or_not_told),
      cmocka_unit_test(a_thread_s_faults_are_counted),
      cmocka_unit_test(a_child_reads_its_own_delay),
      cmocka_unit_test(large_teams_keep_few_descriptors),
      cmocka_unit_test(sharing_a_cpu_is_seen),
      cmocka_unit_test(the_caller_s_noise_ends_after_the_region),
      cmocka_unit_test(noise_is_taken_from_1_ms_on),
      cmocka_unit_test(records_hold_what_was_told),
      cmocka_unit_test(every_team_tells),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
