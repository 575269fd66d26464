/* test_phases.c: the phases of a trial, in order, each what its name says; and
 * a team's end, which waits for nothing but the workers' ends.
 *
 * Only teams of processes run here: OpenMP could not be used before a fork. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench/trial/processes.h"
#include "bench/trial/trial_run.h"
#include "bench/trial/watch.h"

enum { WORKERS = 3, ITEMS = 6000, ITEM_BYTES = 8 };

static struct memory memory;
static struct job job;
static const int anywhere[WORKERS + 1] = {-1, -1, -1, -1};

static void count_items(const void *state, void *output, uint64_t begin,
                        uint64_t end, struct partial *partial) {
  uint64_t *items = output;
  (void)state;
  for (uint64_t i = begin; i < end; i++)
    items[i] = i + 1;
  partial->count += end - begin;
}

static const struct kernel counting = {.name = "counting", .run = count_items};

static int begin_job(void **state) {
  (void)state;
  memory_init(&memory);
  job = (struct job){
      .kernel = &counting,
      .output = memory_map(&memory, ITEMS * ITEM_BYTES, MEMORY_SHARED),
      .output_item_bytes = ITEM_BYTES,
      .size = ITEMS,
      .chunk = 16,
      .workers = WORKERS,
      .caller = gettid(),
      .cpus = anywhere,
      .usable_cpus = 1,
      .slots = memory_map(&memory, WORKERS * sizeof(struct worker_slot),
                          MEMORY_SHARED),
      .shared = memory_map(&memory, sizeof(struct job_shared), MEMORY_SHARED),
  };
  return job.output && job.slots && job.shared ? 0 : -1;
}

static int end_job(void **state) {
  (void)state;
  memory_release(&memory);
  return 0;
}

/* Bytes of the output that are not as they were made. */
static size_t written(void) {
  const unsigned char *bytes = job.output;
  size_t count = 0;
  for (size_t at = 0; at < (size_t)ITEMS * ITEM_BYTES; at++)
    count += bytes[at] != 0;
  return count;
}

static size_t pages(void) {
  size_t page = (size_t)sysconf(_SC_PAGESIZE);
  return (ITEMS * ITEM_BYTES + page - 1) / page;
}

/* How many pages of the output are present. */
static size_t present(void) {
  size_t count = 0;
  unsigned char *list = malloc(pages());
  assert_int_equal(mincore(job.output, ITEMS * ITEM_BYTES, list), 0);
  for (size_t i = 0; i < pages(); i++)
    count += list[i] & 1;
  free(list);
  return count;
}

static struct processes *open_team(void) {
  struct processes *team = NULL;
  struct problem problem = {""};
  if (processes_open(&job, PROCESSES_STAY, &team, &problem) != 0)
    fail_msg("%s", problem.text);
  return team;
}

static void assert_no_children(void) {
  assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
  assert_int_equal(errno, ECHILD);
}

static void touch(void *context, uint32_t worker) {
  worker_touch(context, worker);
}

static void starting_touches_nothing_and_touching_all(void **state) {
  struct problem problem;
  (void)state;
  struct processes *team = open_team();
  assert_int_equal(present(), 0);
  assert_int_equal(processes_send(team, touch, &job, &problem), 0);
  assert_int_equal(present(), pages());
  assert_int_equal(written(), 0);
  for (uint32_t w = 0; w < WORKERS; w++)
    assert_int_equal(job.slots[w].chunks, 0); /* it is no region */
  job_reset(&job);
  assert_int_equal(processes_region(team, &problem), 0);
  for (uint64_t i = 0; i < ITEMS; i++)
    assert_int_equal(((uint64_t *)job.output)[i], i + 1);
  processes_close(team);
  assert_no_children();
}

/* The last child that this process has. */
static pid_t a_child(void) {
  char path[64], text[400] = "";
  snprintf(path, sizeof path, "/proc/self/task/%d/children", gettid());
  FILE *file = fopen(path, "re");
  if (file && !fgets(text, sizeof text, file))
    text[0] = '\0';
  if (file)
    fclose(file);
  return (pid_t)strtol(text, NULL, 10);
}

/* It can't end by itself: it is killed, and the close comes to its end. */
static void a_worker_that_does_not_end_is_killed(void **state) {
  (void)state;
  struct processes *team = open_team();
  pid_t child = a_child();
  if (child > 0)
    assert_int_equal(kill(child, SIGSTOP), 0);
  processes_close(team);
  assert_no_children();
}

/* From here on, whoever sleeps for a time is killed. */
static bool forbid_sleep(void) {
  struct sock_filter program[] = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
#ifdef SYS_nanosleep
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_nanosleep, 2, 0),
#endif
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_clock_nanosleep, 1, 0),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
  };
  struct sock_fprog filter = {sizeof program / sizeof *program, program};
  return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
         prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter) == 0;
}

/* Status, as of waitpid, of a child that does this where sleep is forbidden. */
static int without_sleep(void (*act)(void)) {
  int status;
  pid_t child = fork();
  if (child == 0) {
    if (!forbid_sleep())
      _exit(77);
    act();
    _exit(0);
  }
  assert_int_equal(waitpid(child, &status, 0), child);
  return status;
}

static void sleep_a_little(void) {
  usleep(1);
}

static void live_and_end(void) {
  struct problem problem;
  for (int i = 0; i < 20; i++) {
    struct processes *team = open_team();
    job_reset(&job);
    if (processes_region(team, &problem) != 0)
      _exit(1);
    processes_close(team);
  }
}

static void a_team_ends_without_sleep(void **state) {
  (void)state;
  int status = without_sleep(sleep_a_little);
  if (WIFEXITED(status) && WEXITSTATUS(status) == 77)
    skip();
  assert_true(WIFSIGNALED(status));
  status = without_sleep(live_and_end);
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
    fail_msg("status 0 expected, got %x", status);
}

/* ---- where a worker is ----------------------------------------------------
 */

static char place_in_run[WATCH_WORDS];

static void note_place(const void *state, void *output, uint64_t begin,
                       uint64_t end, struct partial *partial) {
  (void)state;
  (void)output;
  partial->count += end - begin;
  assert_ptr_equal(worker_running(), &job.slots[1]);
  watch_place(worker_running(), place_in_run);
}

static void a_worker_publishes_where_it_is(void **state) {
  static const struct kernel noting = {.name = "noting", .run = note_place};
  char place[WATCH_WORDS];
  (void)state;
  job.kernel = &noting;
  job_reset(&job);
  watch_place(&job.slots[1], place);
  assert_string_equal(place, "before its first chunk");
  worker_run(&job, 1, 0, 5);
  assert_string_equal(place_in_run, "in chunk [0, 5)");
  watch_place(&job.slots[1], place);
  assert_string_equal(place, "between chunks");
  worker_run(&job, 1, 4294967296, 18446744073709551615U - 5);
  assert_string_equal(place_in_run,
                      "in chunk [4294967296, 18446744073709551610)");
  assert_null(worker_running());
  watch_place(&job.slots[0], place);
  assert_string_equal(place, "before its first chunk");
}

static void signals_have_their_names(void **state) {
  char text[WATCH_WORDS];
  (void)state;
  watch_signal(SIGKILL, text);
  assert_string_equal(text, "killed by signal 9 (Killed)");
  watch_signal(1000, text);
  assert_string_equal(text, "killed by signal 1000 (unknown)");
  watch_late(1.5, text);
  assert_string_equal(text, "was not done after 1.5 s (--timeout)");
}

/* ---- the numbers -----------------------------------------------------------
 */

static void every_phase_is_in_the_program_once(void **state) {
  struct trial_result result = {.setup_s = 1,
                                .start_s = 2,
                                .touch_s = 4,
                                .region_first_s = 8,
                                .finish_s = 16,
                                .close_s = 32,
                                .region_s = 64,
                                .program_s = 128};
  (void)state;
  assert_true(trial_program_s(&result) == 63);
}

static void the_median_region_is_the_lower_one(void **state) {
  static const struct {
    double regions_s[6];
    uint32_t count, chosen;
  } cases[] = {
      {{0}, 0, 0},          {{5}, 1, 0},
      {{5, 4}, 2, 1},       {{4, 5}, 2, 0},
      {{3, 1, 2}, 3, 2},    {{4, 1, 3, 2}, 4, 3},
      {{2, 2, 2, 2}, 4, 1}, {{9, 1, 7, 5, 3}, 5, 3},
      {{1, 1, 2}, 3, 1},    {{6, 5, 4, 3, 2, 1}, 6, 3},
  };
  (void)state;
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
    assert_int_equal(trial_median_region(cases[i].regions_s, cases[i].count),
                     cases[i].chosen);
}

static void stamps_count_from_the_regions_begin(void **state) {
  struct worker_slot slot = {.chunks = 3,
                             .items = 40,
                             .cpu_ns = 5000,
                             .begin_ns = 1100,
                             .end_ns = 9000,
                             .busy_ns = 7000,
                             .noise = noise_none()};
  (void)state;
  struct trial_worker worker = trial_worker_of(&slot, 1000);
  assert_true(fabs(worker.begin_s - 100e-9) < 1e-15);
  assert_true(fabs(worker.end_s - 8000e-9) < 1e-15);
  assert_true(fabs(worker.busy_s - 7000e-9) < 1e-15);
  assert_true(fabs(worker.cpu_s - 5000e-9) < 1e-15);
  assert_int_equal(worker.chunks, 3);
  assert_int_equal(worker.items, 40);
  assert_true(isnan(worker.run_delay_s) && isnan(worker.cpu_begin));
  slot.cpu_ns = JOB_CPU_UNTIMED;
  slot.chunks = 0;
  worker = trial_worker_of(&slot, 1000);
  assert_true(isnan(worker.cpu_s));
  assert_true(worker.begin_s == 0 && worker.end_s == 0);
}

int main(void) {
#define ON_A_JOB(test) cmocka_unit_test_setup_teardown(test, begin_job, end_job)
  const struct CMUnitTest tests[] = {
      ON_A_JOB(starting_touches_nothing_and_touching_all),
      ON_A_JOB(a_worker_that_does_not_end_is_killed),
      ON_A_JOB(a_team_ends_without_sleep),
      ON_A_JOB(a_worker_publishes_where_it_is),
      cmocka_unit_test(signals_have_their_names),
      cmocka_unit_test(every_phase_is_in_the_program_once),
      cmocka_unit_test(the_median_region_is_the_lower_one),
      cmocka_unit_test(stamps_count_from_the_regions_begin),
  };
  return cmocka_run_group_tests_name("phases", tests, NULL, NULL);
}
