/* What the files of an observed run's processes come to, as a record. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "bench/tests/inside_run.h"

#include "bench/sweep/observing.h"
#include "bench/sweep/region_names.h"

#include <unistd.h>

/* ---- files --------------------------------------------------------------- */

static void name_them(const struct region_place *places, size_t count,
                      struct region_name *names) {
  for (size_t i = 0; i < count; i++)
    snprintf(names[i].name, sizeof names[i].name, "%s %d", places[i].module,
             (int)places[i].function);
}

static const struct observed_module module = {.path = "/bin/p"};

/* 2 calls of a team of 2 that take 1 s each, of 4 s: 2.5 of work. */
static const struct observed_region region = {.caller_module = 0,
                                              .offset = 42,
                                              .calls = 2,
                                              .first_ns = 1000000000,
                                              .wall_ns = 2000000000,
                                              .longest_ns = 1000000000,
                                              .team_min = 2,
                                              .team_max = 2,
                                              .team_sum = 4,
                                              .core_ns = 4000000000,
                                              .start_ns = 100000000,
                                              .work_ns = 2500000000,
                                              .dispatch_ns = 200000000,
                                              .lock_ns = 300000000,
                                              .task_ns = 150000000,
                                              .behind_ns = 250000000,
                                              .release_ns = 50000000,
                                              .late_ns = 400000000,
                                              .join_ns = 50000000,
                                              .late_work_ns = 500000000,
                                              .late_start_ns = -100000000,
                                              .uneven_ns = 325000000,
                                              .critical_ns = 70000000};

/* A process whose regions are those, and took 2 s. */
static struct observed process(const struct observed_region *regions,
                               uint32_t count, uint64_t later_ns) {
  struct observed file = {.header = {.modules = 1,
                                     .regions = count,
                                     .runtime = OBSERVED_LIBGOMP,
                                     .flags = OBSERVED_TASKS_UNTOLD |
                                              OBSERVED_LOCKS | OBSERVED_ORDERLY,
                                     .parallel_ns = 2000000000,
                                     .begin_ns = 500000000 + later_ns,
                                     .end_ns = 3500000000 + later_ns},
                          .modules = calloc(1, sizeof module),
                          .regions = calloc(count + 1, sizeof region)};
  file.modules[0] = module;
  for (uint32_t i = 0; i < count; i++) {
    file.regions[i] = regions[i];
    file.regions[i].first_ns += later_ns;
  }
  return file;
}

static char *sum_up(struct observed *files, size_t count, struct record *r) {
  record_clear(r);
  r->program_s = 10;
  char *why = observing_sum(files, count, INT64_C(20000000000), name_them, r);
  for (size_t i = 0; i < count; i++)
    observed_free(&files[i]);
  return why;
}

static void test_files_become_a_record(void **state) {
  struct observed files[1];
  struct record r;
  (void)state;
  files[0] = process(&region, 1, 0);
  assert_null(sum_up(files, 1, &r));
  assert_string_equal(r.inside.regions, "/bin/p_42");
  assert_string_equal(r.inside.untold, "tasks locks");
  assert_near(r.inside.open_s, 2);
  assert_near(r.inside.wall_s.values[0], 2);
  assert_near(r.inside.core_s.values[0], 4);
  assert_near(r.inside.start_s.values[0], 0.1);
  assert_near(r.inside.work_s.values[0], 2.5);
  assert_near(r.inside.dispatch_s.values[0], 0.2);
  assert_near(r.inside.lock_s.values[0], 0.3);
  assert_near(r.inside.task_s.values[0], 0.15);
  assert_near(r.inside.behind_s.values[0], 0.25);
  assert_near(r.inside.release_s.values[0], 0.05);
  assert_near(r.inside.join_s.values[0], 0.05);
  assert_near(r.inside.late_start_s.values[0], -0.1);
  assert_near(r.inside.late_work_s.values[0], 0.5);
  assert_near(r.inside.uneven_s.values[0], 0.325);
  assert_near(r.inside.critical_s.values[0], 0.07);
  assert_int_equal(r.inside.processes, 1);
  record_free(&r);
}

/* One after another they are one; at once they are not told. */
static void test_several_processes(void **state) {
  struct observed files[3];
  struct observed_region other = region;
  struct record r;
  (void)state;
  other.offset = 43;
  const struct observed_region both[] = {region, other};
  files[0] = process(&region, 1, 0);
  files[1] = process(both, 2, 5000000000);
  files[2] = process(&region, 0, 0); /* it ran none, at the same time */
  files[2].header.refusal = OBSERVED_NOT_CALLED;
  assert_null(sum_up(files, 3, &r));
  assert_string_equal(r.inside.regions, "/bin/p_42 /bin/p_43");
  assert_near(r.inside.calls.values[0], 4);
  assert_near(r.inside.calls.values[1], 2);
  assert_near(r.inside.core_s.values[0], 8);
  assert_near(r.inside.open_s, 4);
  assert_int_equal(r.inside.processes, 2);
  record_free(&r);
  files[0] = process(&region, 1, 0);
  files[1] = process(&region, 1, 1000000000);
  char *why = sum_up(files, 2, &r);
  assert_string_equal(why, "several of its processes had regions at the same "
                           "time");
  free(why);
  record_free(&r);
}

/* Killed inside of a region: it is open up to the end of the run. */
static void test_a_process_that_was_killed(void **state) {
  struct observed files[1];
  struct observed_region torn = region;
  struct record r;
  (void)state;
  torn.sequence = 1;
  torn.work_ns += 900000000; /* a call ahead of its sum */
  torn.critical_ns = 9000000000;
  files[0] = process(&torn, 1, 0);
  files[0].header.open_regions = 1;
  files[0].header.parallel_ns = 2000000000 - 18000000000u; /* modulo 2^64 */
  assert_null(sum_up(files, 1, &r));
  assert_near(r.inside.open_s, 4);
  assert_near(r.inside.core_s.values[0], 4);
  assert_near(r.inside.work_s.values[0], 2.5);
  assert_near(r.inside.critical_s.values[0], 2.5);
  record_free(&r);
}

static void test_why_a_process_tells_nothing(void **state) {
  static const struct {
    uint32_t refusal;
    uint64_t untold;
    const char *why;
  } cases[] = {
      {OBSERVED_TWO_RUNTIMES, 0, "two OpenMP libraries run regions in it"},
      {OBSERVED_NOT_CALLED, 0, "no parallel region came by"},
      {OBSERVED_TOLD, 1, "it has too many threads that open regions"},
  };
  (void)state;
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    struct observed files[1];
    struct record r;
    files[0] = process(&region, 1, 0);
    files[0].header.refusal = cases[i].refusal;
    files[0].header.calls_untold = cases[i].untold;
    char *why = sum_up(files, 1, &r);
    if (!why || strncmp(why, cases[i].why, strlen(cases[i].why)) != 0)
      fail_msg("%zu: %s", i, why ? why : "told");
    assert_true(isnan(r.inside.open_s));
    free(why);
    record_free(&r);
  }
}

/* ---- the folder ---------------------------------------------------------- */

/* The file as the observer maps it: room for all of its tables. */
static void write_file(const char *path, const struct observed *file) {
  struct observed_header h = file->header;
  static const struct observed_module none;
  static const struct observed_region nothing;
  memcpy(h.magic, OBSERVED_MAGIC, sizeof h.magic);
  h.version = OBSERVED_VERSION;
  h.header_bytes = sizeof h;
  h.module_bytes = sizeof none;
  h.region_bytes = sizeof nothing;
  h.module_limit = OBSERVED_MODULES;
  h.region_limit = OBSERVED_REGIONS;
  h.pid = 7;
  FILE *out = fopen(path, "wbe");
  assert_non_null(out);
  fwrite(&h, sizeof h, 1, out);
  for (uint32_t i = 0; i < OBSERVED_MODULES; i++)
    fwrite(i < h.modules ? &file->modules[i] : &none, sizeof none, 1, out);
  for (uint32_t i = 0; i < OBSERVED_REGIONS; i++)
    fwrite(i < h.regions ? &file->regions[i] : &nothing, sizeof nothing, 1,
           out);
  assert_int_equal(fclose(out), 0);
}

/* What a folder with that file comes to; NULL: no file. */
static void collect(const struct observed *file, const char *command,
                    struct record *r) {
  struct observing observing = {.end_ns = INT64_C(20000000000)};
  char path[300];
  snprintf(observing.folder, sizeof observing.folder,
           "/tmp/test_inside.XXXXXX");
  assert_non_null(mkdtemp(observing.folder));
  snprintf(path, sizeof path, "%s/7.0", observing.folder);
  if (file)
    write_file(path, file);
  record_clear(r);
  r->status = strdup("ok");
  r->program_s = 10;
  observing_record(&observing, command, r);
  observing_end(&observing);
  assert_int_equal(access(path, F_OK), -1);
}

static void test_a_folder_is_read_and_gone(void **state) {
  struct observed file = process(&region, 1, 0);
  struct record r;
  (void)state;
  collect(&file, "true", &r);
  if (r.unobserved)
    fail_msg("%s", r.unobserved);
  assert_near(r.inside.core_s.values[0], 4);
  assert_int_equal(r.observed, 1);
  record_free(&r);
  file.regions[0].lock_ns += 1000;
  collect(&file, "true", &r);
  assert_string_equal(r.unobserved,
                      "the file of one of its processes is not to be believed: "
                      "a region's terms do not add up");
  assert_true(isnan(r.inside.open_s));
  record_free(&r);
  collect(NULL, "true", &r);
  assert_non_null(strstr(r.unobserved, "no process of it used an OpenMP"));
  record_free(&r);
  observed_free(&file);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_files_become_a_record),
      cmocka_unit_test(test_several_processes),
      cmocka_unit_test(test_a_process_that_was_killed),
      cmocka_unit_test(test_why_a_process_tells_nothing),
      cmocka_unit_test(test_a_folder_is_read_and_gone),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
