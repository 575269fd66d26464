/* A recorded sweep again, byte by byte, and what is not in the recording. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "bench/analyze/analysis.h"
#include "bench/sweep/replay.h"
#include "bench/sweep/sweep.h"
#include "bench/tests/simulated_fixture.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

/* A sweep into memory. */
struct recording {
  int fd;
  char path[64];
  int status;
  struct problem problem;
};

static void make_plan(struct plan *plan, uint32_t most) {
  struct problem problem;
  *plan = (struct plan){.counts = {1, 2, most},
                        .count_count = 3,
                        .waiting = {1, 2, most},
                        .waiting_count = 3,
                        .usable_cpus = 8,
                        .cores = 8,
                        .seed = 3,
                        .target_s = 0.001,
                        .rounds = 7,
                        .iterations = 3,
                        .warmups = 1};
  assert_int_equal(plan_add_workload(plan, "spin", &problem), 0);
  assert_int_equal(plan_add_workload(plan, "spin/serial=0.2", &problem), 0);
  assert_int_equal(plan_add_variant(plan, "serial", &problem), 0);
  assert_int_equal(plan_add_variant(plan, "omp:dynamic", &problem), 0);
  assert_int_equal(plan_list_points(plan, &problem), 0);
}

static void record_sweep(struct executor *executor, uint32_t most,
                         struct recording *recording) {
  static struct plan plan;
  const struct sweep_hooks hooks = {.context = NULL};
  struct records records = {0};
  make_plan(&plan, most);
  recording->fd = memfd_create("trials", MFD_CLOEXEC);
  snprintf(recording->path, sizeof recording->path, "/proc/self/fd/%d",
           recording->fd);
  struct sweep sweep = sweep_make(&plan, &hooks);
  struct engine engine = {.executor = executor,
                          .path = recording->path,
                          .fd = recording->fd,
                          .cpus = bed.cpus,
                          .usable_cpus = plan.usable_cpus,
                          .seed = plan.seed,
                          .records = &records};
  engine_begin(&engine);
  recording->status = engine_run(&engine, &sweep.base, &recording->problem);
  engine_free(&engine);
  sweep_free(&sweep);
  records_free(&records);
  plan_free(&plan);
}

static char *bytes_of(const char *path, size_t *size) {
  struct stat status;
  assert_int_equal(stat(path, &status), 0);
  *size = (size_t)status.st_size;
  char *bytes = malloc(*size + 1);
  FILE *file = fopen(path, "re");
  assert_int_equal(fread(bytes, 1, *size, file), *size);
  fclose(file);
  bytes[*size] = '\0';
  return bytes;
}

static void assert_same_file(const char *left, const char *right) {
  size_t left_size, right_size;
  char *a = bytes_of(left, &left_size), *b = bytes_of(right, &right_size);
  assert_true(left_size > 0);
  assert_int_equal(left_size, right_size);
  assert_memory_equal(a, b, left_size);
  free(a);
  free(b);
}

static void analyse(const char *trials, char path[64]) {
  struct records records;
  struct analysis analysis = {0};
  struct problem problem;
  /* A file with a name: it is replaced as a whole. */
  snprintf(path, 64, "/tmp/test_simulated_replay.XXXXXX");
  close(mkstemp(path));
  assert_int_equal(records_read(trials, &records, &problem), 0);
  assert_int_equal(
      analysis_make(&records, NULL, NULL, NULL, &analysis, &problem), 0);
  assert_int_equal(analysis_write(&analysis, path, &problem), 0);
  analysis_free(&analysis);
  records_free(&records);
}

static int begin(void **state) {
  bed_describe(state);
  bed.description.jitter = 0.02;
  bed.description.drift = 0.02;
  bed.description.region_fixed_s = 1e-5;
  bed_begin(&bed, "spin", 1);
  return 0;
}

static void test_again(void **state) {
  static struct recording first, second;
  struct records records;
  struct executor_replay replay;
  struct problem problem;
  char before[64], after[64];
  (void)state;
  record_sweep(&bed.executor.base, 8, &first);
  assert_int_equal(first.status, 0);
  assert_int_equal(records_read(first.path, &records, &problem), 0);
  assert_int_equal(
      executor_replay_init(&replay, &records, first.path, &problem), 0);
  record_sweep(&replay.base, 8, &second);
  if (second.status)
    fail_msg("%s", second.problem.text);
  assert_same_file(first.path, second.path);
  assert_true(replay.first == records.count); /* every one was used */
  analyse(first.path, before);
  analyse(second.path, after);
  assert_same_file(before, after);
  unlink(before);
  unlink(after);
  executor_replay_free(&replay);
  records_free(&records);
}

static void test_what_is_missing_is_named(void **state) {
  static struct recording first, second;
  struct records records;
  struct executor_replay replay;
  struct problem problem;
  (void)state;
  record_sweep(&bed.executor.base, 8, &first);
  assert_int_equal(records_read(first.path, &records, &problem), 0);
  /* The last trial of one point is not there. */
  size_t last = records.count;
  do
    last--;
  while (records.list[last].workers != 2);
  int64_t round = records.list[last].round;
  records.list[last].workers = 3;
  assert_int_equal(
      executor_replay_init(&replay, &records, "old/trials.jsonl", &problem), 0);
  record_sweep(&replay.base, 8, &second);
  assert_int_equal(second.status, PROBLEM_FAILURE);
  assert_non_null(strstr(second.problem.text, "old/trials.jsonl"));
  assert_non_null(strstr(second.problem.text, records.list[last].workload));
  assert_non_null(strstr(second.problem.text, "omp:dynamic, 2 workers"));
  assert_int_equal(round, 7);
  executor_replay_free(&replay);
  assert_int_equal(
      executor_replay_init(&replay, &records, "old/trials.jsonl", &problem), 0);
  record_sweep(&replay.base, 4, &second); /* was never recorded at all */
  assert_int_equal(second.status, PROBLEM_FAILURE);
  executor_replay_free(&replay);
  records_free(&records);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(test_again, begin, bed_close),
      cmocka_unit_test_setup_teardown(test_what_is_missing_is_named, begin,
                                      bed_close),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
