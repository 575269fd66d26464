/* test_look.c: who else uses the CPUs before a run, from fake trees of /proc;
 * and which of several looks is kept. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "bench/record/look.h"
#include "bench/tests/tree_fixture.h"

#include <math.h>
#include <unistd.h>

#define SECOND INT64_C(1000000000)

/* /proc/stat of three CPUs, of which each was busy and stolen for so many
 * hundredths of a second; and of a fourth that is none of the run's. */
static void write_stat(const char *root, const int busy[3],
                       const int stolen[3]) {
  char text[400], line[100];
  int ticks = (int)sysconf(_SC_CLK_TCK) / 100;
  strcpy(text, "cpu  5 5 5 5 5 5 5 5 0 0\n");
  for (int i = 0; i < 3; i++) {
    snprintf(line, sizeof line, "cpu%d %d 0 0 7 0 0 0 %d 0 0\n", i,
             busy[i] * ticks, stolen[i] * ticks);
    strcat(text, line);
  }
  strcat(text, "cpu10 99 99 99 99 99 99 99 99 0 0\nintr 1 2\n");
  tree_write(root, "/proc/stat", text);
}

/* A look of a second at a machine with those CPUs, between two states. */
static struct environment look(const int busy[2][3], const int stolen[2][3],
                               uint32_t usable_cpus, enum bind bind) {
  char root[TREE_ROOT];
  struct environment e;
  struct machine machine = tree_machine("core:3 pu:1");
  machine.usable_cpus = usable_cpus;
  fields_clear(environment_fields, &e);
  tree_create(root);
  tree_write(root, "/proc/self/cgroup", "0::/a\n");
  tree_write(root, "/sys/fs/cgroup/cgroup.procs", "");
  tree_write(root, "/sys/fs/cgroup/a/cpu.stat", "throttled_usec 1000000\n");
  write_stat(root, busy[0], stolen[0]);
  struct look look = look_begin(root, &machine, bind, 5 * SECOND);
  write_stat(root, busy[1], stolen[1]);
  tree_write(root, "/sys/fs/cgroup/a/cpu.stat", "throttled_usec 1250000\n");
  look_end(&look, 6 * SECOND, &e);
  tree_remove(root);
  machine_free(&machine);
  return e;
}

static void near(double value, double expected) {
  if (!(fabs(value - expected) < 1e-9))
    fail_msg("%g, expected %g", value, expected);
}

static void known_times_give_known_shares(void **state) {
  static const int busy[2][3] = {{100, 200, 300}, {197, 200, 325}};
  static const int stolen[2][3] = {{0, 0, 10}, {0, 6, 22}};
  (void)state;
  struct environment e = look(busy, stolen, 3, BIND_CORES);
  near(e.look_s, 1);
  assert_string_equal(e.look_cpus, "0-2");
  assert_int_equal(e.look_shares.count, 3);
  near(e.look_shares.values[0], 0.97);
  near(e.look_shares.values[1], 0);
  near(e.look_shares.values[2], 0.25);
  near(look_busy_cpus(&e), 1.22);
  near(e.look_steal_share, 0.06);
  near(e.look_throttled_s, 0.25);
  fields_free(environment_fields, &e);
}

/* A CPU that the run does not use is nobody's business; unbound, all are. */
static void only_cpus_in_use_are_looked_at(void **state) {
  static const int busy[2][3] = {{0, 0, 0}, {10, 20, 90}};
  static const int stolen[2][3] = {{0, 0, 0}, {0, 0, 0}};
  (void)state;
  struct environment e = look(busy, stolen, 2, BIND_CORES);
  assert_string_equal(e.look_cpus, "0,1");
  near(look_busy_cpus(&e), 0.3);
  fields_free(environment_fields, &e);
  e = look(busy, stolen, 2, BIND_NONE);
  assert_string_equal(e.look_cpus, "0-2");
  near(look_busy_cpus(&e), 1.2);
  fields_free(environment_fields, &e);
}

/* Ticks that fall behind are no second CPU; a clock that runs backwards tells
 * nothing of its CPU, and of the sum. */
static void shares_are_shares(void **state) {
  static const int busy[2][3] = {{0, 100, 0}, {102, 99, 50}};
  static const int stolen[2][3] = {{0, 2, 0}, {0, 1, 0}};
  (void)state;
  struct environment e = look(busy, stolen, 3, BIND_CORES);
  near(e.look_shares.values[0], 1);
  assert_true(isnan(e.look_shares.values[1]));
  near(e.look_shares.values[2], 0.5);
  assert_true(isnan(e.look_steal_share));
  near(look_busy_cpus(&e), 1.5);
  fields_free(environment_fields, &e);
}

/* No /proc/stat: the look is told, and that it saw nothing; 0 never. */
static void what_is_not_told_is_null(void **state) {
  struct environment e;
  struct machine machine = tree_machine("core:2 pu:1");
  (void)state;
  machine.usable_cpus = 2;
  fields_clear(environment_fields, &e);
  struct look look = look_begin("/nowhere", &machine, BIND_CORES, 0);
  look_end(&look, SECOND, &e);
  near(e.look_s, 1);
  assert_string_equal(e.look_cpus, "0,1");
  assert_null(e.look_shares.values);
  assert_true(isnan(e.look_steal_share) && isnan(e.look_throttled_s));
  assert_true(isnan(look_busy_cpus(&e)));
  fields_free(environment_fields, &e);
  /* A look that was interrupted is none. */
  look = look_begin("/nowhere", &machine, BIND_CORES, SECOND);
  look_end(&look, SECOND, &e);
  assert_true(isnan(e.look_s) && !e.look_cpus);
  fields_free(environment_fields, &e);
  machine_free(&machine);
}

/* What was seen is read again as it was written. */
static void looks_are_kept_in_a_file(void **state) {
  static const int busy[2][3] = {{0, 0, 0}, {33, 0, 99}};
  static const int stolen[2][3] = {{0, 0, 0}, {3, 0, 0}};
  char path[] = "/tmp/coresweep-look-XXXXXX";
  struct environment e = look(busy, stolen, 3, BIND_CORES), read;
  struct problem problem = {""};
  (void)state;
  e.schema = ENVIRONMENT_SCHEMA;
  close(mkstemp(path));
  assert_int_equal(environment_write(&e, path, &problem), 0);
  assert_int_equal(environment_read(path, &read, &problem), 0);
  unlink(path);
  assert_string_equal(read.look_cpus, "0-2");
  assert_true(read.look_s == e.look_s && read.look_shares.count == 3 &&
              read.look_shares.values[2] == e.look_shares.values[2] &&
              read.look_steal_share == e.look_steal_share &&
              read.look_throttled_s == e.look_throttled_s);
  fields_free(environment_fields, &read);
  fields_free(environment_fields, &e);
}

/* Of two looks the one that left less for the run: what others used and what
 * the hypervisor took count alike, and any look is more than none. */
static void the_busier_look_is_kept(void **state) {
  static const int none[2][3] = {{0, 0, 0}, {0, 0, 0}};
  static const int some[2][3] = {{0, 0, 0}, {20, 20, 0}};
  static const int more[2][3] = {{0, 0, 0}, {0, 50, 0}};
  struct environment kept;
  (void)state;
  fields_clear(environment_fields, &kept);
  struct environment quiet = look(none, none, 3, BIND_CORES);
  assert_true(look_keep_busier(&kept, &quiet));
  struct environment stolen = look(none, some, 3, BIND_CORES);
  assert_true(look_keep_busier(&kept, &stolen));
  near(kept.look_steal_share, 0.4 / 3);
  struct environment busy = look(more, none, 3, BIND_CORES);
  assert_true(look_keep_busier(&kept, &busy));
  near(look_busy_cpus(&kept), 0.5);
  struct environment later = look(some, none, 3, BIND_CORES), nothing;
  assert_false(look_keep_busier(&kept, &later));
  fields_clear(environment_fields, &nothing);
  assert_false(look_keep_busier(&kept, &nothing));
  near(look_busy_cpus(&kept), 0.5);
  near(look_busy_cpus(&later), 0.4);
  fields_free(environment_fields, &quiet);
  fields_free(environment_fields, &stolen);
  fields_free(environment_fields, &busy);
  fields_free(environment_fields, &later);
  fields_free(environment_fields, &kept);
}

/* On this machine, whatever goes on there: a look takes its time, and says at
 * which CPUs it was. */
static void a_real_look_takes_its_time(void **state) {
  struct machine machine;
  struct problem problem = {""};
  struct environment e;
  (void)state;
  fields_clear(environment_fields, &e);
  assert_int_equal(machine_discover(&machine, &problem), 0);
  look_around(&machine, BIND_CORES, 0.05, &e);
  machine_free(&machine);
  assert_true(e.look_s >= 0.05);
  assert_non_null(e.look_cpus);
  fields_free(environment_fields, &e);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(known_times_give_known_shares),
      cmocka_unit_test(only_cpus_in_use_are_looked_at),
      cmocka_unit_test(shares_are_shares),
      cmocka_unit_test(what_is_not_told_is_null),
      cmocka_unit_test(looks_are_kept_in_a_file),
      cmocka_unit_test(the_busier_look_is_kept),
      cmocka_unit_test(a_real_look_takes_its_time),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
