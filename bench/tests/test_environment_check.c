/* test_environment_check.c: environment.json is not believed: every limit, and
 * every dependence between members, is checked as it is read, and named. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "bench/record/environment.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* What a member may be; those that are not named may be anything that can be
 * printed. */
static void members_have_limits_and_agree(void **state) {
  static const char whole[] =
      "{\"schema\": 1, \"usable_cpus\": 2, \"online_cpus\": 8, \"cores\": 2,"
      "\"hardware_threads\": 4, \"packages\": 1, \"numa_nodes\": 2,"
      "\"core_kinds\": 1, \"affinity\": \"0-3\", \"siblings\": [\"0,2\"],"
      "\"numa\": [\"0,1\", \"2,3\"], \"siblings_from\": 3,"
      "\"quota_cpus\": 2.5, \"quota_set\": true, \"memory_limited\": false,"
      "\"look_s\": 1.0, \"look_cpus\": \"0-2\","
      "\"look_shares\": [0.5, null, 1], \"look_steal_share\": 0.25,"
      "\"vector_bytes\": 32, \"machine_vector_bytes\": 64,"
      "\"bind\": \"cores\", \"date\": \"2026-01-31T12:00:00Z\","
      "\"seed\": 9223372036854775807}";
  static const char *const wrong[][3] = {
      {"schema", "2", "\"schema\" is 2: want a whole number from 1 to 1"},
      {"schema", "null", "\"schema\" is null"},
      {"seed", "-1", "\"seed\" is -1: want a whole number from 0"},
      {"seed", "-9223372036854775808", "\"seed\" is -9223372036854775808"},
      {"online_cpus", "0", "\"online_cpus\" is 0: want a whole number from 1"},
      {"online_cpus", "2000000", "from 1 to 1000000"},
      {"hardware_threads", "1", "\"cores\" is 2: want at most hardware_thr"},
      {"usable_cpus", "5", "\"usable_cpus\" is 5: want at most hardware_thr"},
      {"usable_cpus", "0", "\"usable_cpus\" is 0"},
      {"cores", "5", "\"cores\" is 5: want at most hardware_threads"},
      {"packages", "5", "\"packages\" is 5: want at most hardware_threads"},
      {"numa_nodes", "5", "\"numa_nodes\" is 5: want at most hardware_thr"},
      {"core_kinds", "5", "\"core_kinds\" is 5: want at most hardware_thr"},
      {"siblings_from", "1", "\"siblings_from\" is 1: want a whole number"},
      {"quota_cpus", "null", "\"quota_cpus\" is null: want a number where"},
      {"quota_cpus", "0", "\"quota_cpus\" is 0: want a number from 1e-06"},
      {"quota_set", "false", "\"quota_cpus\" is 2.5: want a number where"},
      {"memory_limited", "true", "\"memory_limit_bytes\" is missing: want"},
      {"memory_bytes", "1e308", "\"memory_bytes\" is 1e308"},
      {"throttled_s", "1e30", "\"throttled_s\" is 1e30"},
      {"load_1min", "-1", "\"load_1min\" is -1"},
      {"look_s", "0", "\"look_s\" is 0: want a number from 1e-09 to 3600"},
      {"look_s", "3601", "\"look_s\" is 3601: want a number from"},
      {"look_s", "null", "\"look_cpus\" is \"0-2\": want CPUs where look_s"},
      {"look_cpus", "null", "\"look_cpus\" is null: want CPUs where look_s"},
      {"look_cpus", "\"0-3\"", "\"look_cpus\" is \"0-3\": want CPUs where"},
      {"look_cpus", "\"all\"", "\"look_cpus\" is \"all\": want CPUs where"},
      {"look_shares", "[0.5, 1.5, 1]", "\"look_shares\" is [0.5,1.5,1]: want"},
      {"look_shares", "[-0.5, 0, 1]", "\"look_shares\" is [-0.5,0,1]: want"},
      {"look_shares", "[0.5]", "as many as look_shares has numbers"},
      {"look_steal_share", "1.5", "\"look_steal_share\" is 1.5: want a num"},
      {"look_throttled_s", "-1", "\"look_throttled_s\" is -1: want a number"},
      {"affinity", "\"0-4\"", "\"affinity\" is \"0-4\": want CPUs as in"},
      {"affinity", "\"all\"", "\"affinity\" is \"all\": want CPUs as in"},
      {"siblings", "[\"0,1\", \"x\"]", "\"siblings\" is [\"0,1\",\"x\"]"},
      {"kinds", "[\"0-3\", \"4\"]", "\"kinds\" is [\"0-3\",\"4\"]: want CPU"},
      {"numa", "[\"0-9\"]", "\"numa\" is [\"0-9\"]: want CPUs as in"},
      {"vector_bytes", "0", "\"vector_bytes\" is 0: want a whole number fr"},
      {"vector_bytes", "128", "\"vector_bytes\" is 128: want at most machine"},
      {"machine_vector_bytes", "512", "is 512: want a whole number from 16 to"},
      {"bind", "\"glue\"", "\"bind\" is \"glue\": want cores, spread, close"},
      {"date", "\"today\"", "\"date\" is \"today\": want a time as in"},
      {"date", "\"2026-01-31T12:00:00Z \"", "want a time as in"},
  };
  (void)state;
  for (size_t i = 0; i <= sizeof wrong / sizeof *wrong; i++) {
    bool good = i == sizeof wrong / sizeof *wrong;
    char path[] = "/tmp/coresweep-environment-XXXXXX";
    struct environment environment;
    struct problem problem = {""};
    json_t *json = json_loads(whole, 0, NULL);
    assert_non_null(json);
    if (!good)
      json_object_set_new(json, wrong[i][0],
                          json_loads(wrong[i][1], JSON_DECODE_ANY, NULL));
    int fd = mkstemp(path);
    assert_int_equal(json_dumpfd(json, fd, 0), 0);
    close(fd);
    json_decref(json);
    int status = environment_read(path, &environment, &problem);
    unlink(path);
    if (good ? status != 0 : !strstr(problem.text, wrong[i][2]))
      fail_msg("%s: '%s'", good ? "all" : wrong[i][0], problem.text);
    assert_true(good || (status && strstr(problem.text, path)));
    fields_free(environment_fields, &environment);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(members_have_limits_and_agree),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
