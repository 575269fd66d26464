/* test_record_check.c: a record is not believed: every limit, and every
 * dependence between members, is checked as it is read, and named. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "bench/tests/record_fixture.h"
#include "bench/tests/text_fixture.h"

/* Of a good trial; NULL: it is taken out. */
static const struct {
  const char *key, *value, *why;
} wrong[] = {
    {"schema", NULL, "the key \"schema\" is missing"},
    {"schema", "3.0", "\"schema\" is 3.0: want a whole number"},
    {"schema", "null", "\"schema\" is null: want a whole number from 3 to 3"},
    {"phase", "\"rounds\"", "\"phase\" is \"rounds\": want calibration, pilot"},
    {"round", "0", "\"round\" is 0: want a whole number from 1 to 100000"},
    {"round", "2000000000", "\"round\" is 2000000000: want a whole number"},
    {"order", "-1", "\"order\" is -1: want a whole number from 1"},
    {"wall_s", "0.25", "\"wall_s\" is 0.25: want at least program_s"},
    {"wall_s", "-1", "\"wall_s\" is -1: want a number from 0 to 10000000"},
    {"throttled_s", "-0.5", "\"throttled_s\" is -0.5"},
    {"steal_s", "1e308", "\"steal_s\" is 1e308"},
    {"steal_s", "1e30", "\"steal_s\" is 1e30: want a number from 0 to 6.5536e"},
    {"throttled_s", "1e30", "\"throttled_s\" is 1e30"},
    {"team_pss_bytes", "1e20", "\"team_pss_bytes\" is 1e20"},
    {"swapped_pages", "-1", "\"swapped_pages\" is -1"},
    {"thermal_throttles", "0.5", "\"thermal_throttles\" is 0.5"},
    {"builders", "0", "\"builders\" is 0: want a whole number from 1"},
    {"placed_nodes", "-1", "\"placed_nodes\" is -1: want a whole number from"},
    {"placed_nodes", "3", "\"placed_nodes\" is 3: want at most workers"},
    {"status", "\"good\"", "\"status\" is \"good\": want ok, wrong, failed"},
    {"status", "\"wrong\"", "\"error\" is null"},
    {"status", "null", "\"status\" is null"},
    {"error", "\"it broke\"", "\"error\" is \"it broke\": want null for a"},
    {"error", "1", "\"error\" is 1: want a text"},
    {"kernel", "null", "\"kernel\" is null: want a text"},
    {"kernel", "\"cub\"", "\"kernel\" is \"cub\": want the one that its work"},
    {"kernel", "\"spin\"", "\"kernel\" is \"spin\": want the one that its"},
    {"workload", "\"\"", "\"workload\" is \"\": want a text of 1 to 2400"},
    {"workload", "\"cube/\\u001b[2J\"", "\"workload\" is \"cube/\\u001B[2J\""},
    {"workload", "\"cube/\\u009b2J\"", "that can be printed"},
    {"variant", "null", "\"variant\" is null"},
    {"variant", "\"omp\"", "\"variant\" is \"omp\": want the one requested"},
    {"variant", "\"omp:dynamic,65x\"", "want the one requested, as in omp:dyn"},
    {"variant", "\"omp:dynamic,064\"", "\"variant\" is \"omp:dynamic,064\""},
    {"variant", "\"pool:dynamic,64\"", "\"variant\" is \"pool:dynamic,64\""},
    {"variant", "\"omp:guided,64\"", "\"variant\" is \"omp:guided,64\": want"},
    {"variant", "\"omp:dynamic,64@pipe\"", "want the one requested"},
    {"variant", "\"omp:dynamic,64@post\"", "want the one requested"},
    {"requested", "\"omp:dynamic,63\"", "\"variant\" is \"omp:dynamic,64\""},
    {"requested", "\"dynamic\"",
     "\"requested\" is \"dynamic\": want TEAM[:SCH"},
    {"requested", "\"omp:dynamics\"", "\"requested\" is \"omp:dynamics\""},
    {"requested", "\"serial\"", "\"workers\" is 2: want 1 for serial"},
    {"workers", "4611686018427387904", "from 1 to 4096"},
    {"workers", "0", "\"workers\" is 0"},
    {"workers", "1.5", "\"workers\" is 1.5"},
    {"workers", "3", "\"cpus\" is [0,2]: want a number for each of 3 workers"},
    {"oversubscribed", "0", "\"oversubscribed\" is 0: want true or false"},
    {"cpus", "[0]", "\"cpus\" is [0]: want a number for each of 2 workers"},
    {"cpus", "[0,-1]", "\"cpus\" is [0,-1]"},
    {"cpus", "[0,0.5]", "\"cpus\" is [0,0.5]"},
    {"cpus", "[0,null]", "\"cpus\" is [0,null]: want the CPU of each worker"},
    {"cpus", "[0,65536]", "\"cpus\" is [0,65536]"},
    {"size", "-1", "\"size\" is -1"},
    {"seed", "-9223372036854775808", "\"seed\" is -9223372036854775808"},
    {"digest", "\"063D212C5FEC227B\"", "\"digest\" is \"063D212C5FEC227B\""},
    {"digest", "\"063d212c5fec227 \"", "want 16 digits for a trial that is ok"},
    {"digest", "null", "\"digest\" is null: want 16 digits"},
    {"digest", "\"1\"", "\"digest\" is \"1\""},
    {"correct", "false", "\"correct\" is false: want true"},
    {"correct", "null", "\"correct\" is null: want true"},
    {"correct", "1", "\"correct\" is 1: want true or false"},
    {"setup_s", "null", "\"program_s\" is 1.49609375: want setup + start"},
    {"setup_s", "0.0626", "\"program_s\" is 1.49609375: want setup + start"},
    {"start_s", "\"1\"", "\"start_s\" is \"1\": want a number from 0"},
    {"program_s", "null", "\"program_s\" is null: want setup + start"},
    {"repeat", "0", "\"repeat\" is 0: want a whole number from 1 to 1000"},
    {"repeat", "1001", "\"repeat\" is 1001: want a whole number from 1"},
    {"repeat", "1", "\"repeats_s\" is 0.875: want a time, 0 where repeat is 1"},
    {"repeat", "null", "\"repeats_s\" is 0.875: want a time, 0 where"},
    {"repeats_s", "null", "\"repeats_s\" is null: want a time"},
    {"repeats_s", "0", "\"repeats_s\" is 0: want a time"},
    {"repeats_s", "0.8751", "\"program_s\" is 1.49609375: want setup + start"},
    {"region_s", "-1", "\"region_s\" is -1: want a number from 0"},
    {"region_s", "0", "\"region_s\" is 0: want 1e-12 or more"},
    {"region_s", "1e308", "\"region_s\" is 1e308: want a number from 0"},
    {"region_s", "null", "\"region_s\" is null: want 1e-12 or more"},
    {"region_s", "0.4375", "\"region_s\" is 0.4375: want 1e-12 or more, the"},
    {"regions_s", "null", "\"regions_s\" is null: want a list"},
    {"regions_s", "[]", "\"region_s\" is 0.375: want 1e-12 or more, the"},
    {"regions_s", "[0.375,null,0.25]", "\"region_s\" is 0.375"},
    {"regions_s", "1", "\"regions_s\" is 1: want a list of numbers"},
    {"regions_s", "[1,\"2\"]", "\"regions_s\" is [1,\"2\"]: want a list"},
    {"workers_seen", "3", "\"workers_seen\" is 3: want at most workers"},
    {"workers_seen", "null", "\"workers_seen\" is null"},
    {"team_pss_bytes", "-1", "\"team_pss_bytes\" is -1"},
    {"sum", "-1", "\"sum\" is -1"},
    {"count", "-1", "\"count\" is -1"},
    {"count", "null", "\"count\" is null: want a number where sum is one"},
    {"sum", "null", "\"count\" is 15: want a number where sum is one"},
    {"lowest_hit", "100", "\"lowest_hit\" is 100: want less than size"},
    {"sent_bytes", "4096", "\"sent_bytes\" is 4096: want null but where res"},
    {"parent_cpu_s", "0.1", "\"parent_cpu_s\" is 0.1: want of a team of pro"},
    {"energy_j", "-1", "\"energy_j\" is -1: want a number from 0"},
    {"worker_cycles", "[1]", "\"worker_cycles\" is [1]: want a number for e"},
    {"worker_instructions", "[1,2,3]", "\"worker_instructions\" is [1,2,3]"},
    {"worker_instructions", "[-1,null]", "\"worker_instructions\" is [-1,nu"},
    {"worker_instructions", "null", "\"worker_instructions\" is null: want k"},
    {"worker_instructions", "[null,29]", "\"worker_instructions\" is [null,"},
    {"worker_cycles", "null", "\"worker_instructions\" is [29.0,null]: want"},
    {"worker_begin_s", "[0.0]", "\"worker_begin_s\" is [0.0]"},
    {"worker_begin_s", "null", "\"worker_end_s\" is [0.3,0.375]: want from"},
    {"worker_begin_s", "[0.31,0.1]", "\"worker_end_s\" is [0.3,0.375]"},
    {"worker_end_s", "[0.3,0.376]", "\"worker_end_s\" is [0.3,0.376]: want"},
    {"worker_end_s", "[0.3,null]", "\"worker_end_s\" is [0.3,null]"},
    {"worker_busy_s", "[0.3,0.376]", "\"worker_busy_s\" is [0.3,0.376]"},
    {"worker_busy_s", "null", "\"worker_busy_s\" is null: want at most region"},
    {"worker_busy_s", "[0.3,null]", "\"worker_busy_s\" is [0.3,null]"},
    {"worker_cpu_s", "[0.1,0.1,0.1]", "\"worker_cpu_s\" is [0.1,0.1,0.1]"},
    {"beside", "\"x\"", "\"beside\" is \"x\": want TEAM[:SCHEDULE[,CHUNK]]"},
    {"beside", "null", "\"turns\" is \"sp|SPPcS|sSP|\": want the letters"},
    {"turns", "\"sp|SPPcS|sSPx\"", "\"turns\" is"},
    {"turns", "\"sp|SPPcS|sS|\"", "\"turns\" is"},
    {"turns", "\"sp|SPPcS|sSPp\"", "\"turns\" is"},
    {"turns", "\"sp|SPPcS|sPS|\"", "\"turns\" is"},
    {"turns", "\"sp|SPPcS|sSp|\"", "\"turns\" is"},
    {"turns", "\"sp|SPPsS|sSP|\"", "\"turns_clock_hz\" is [900000000.0,8"},
    {"turns", "null", "\"turns\" is null"},
    {"turns_s", "null", "\"turns\" is"},
    {"turns_s", "[0.5,0.25,0.5,0.375,0.4375,2e-4,0.6875,0.75,0.625]",
     "\"turns\" is"},
    {"turns_s", "[0.5,0.25,0.5,0.375,0.4375,2e-4,0.6875,0.75,0.5,0.34375]",
     "\"turns_ratio\" is 1.62228443: want what follows"},
    {"turns_cpu", "[0,null,1]", "\"turns\" is"},
    {"turns_cpu", "[-1,null,1,null,null,null,0,1,0,null]", "\"turns_cpu\" is"},
    {"turns_clock_hz", "null", "\"turns_clock_hz\" is null: want one for each"},
    {"turns_clock_hz", "[900000000.0]",
     "\"turns_clock_hz\" is [900000000.0]: want"},
    {"turns_clock_hz", "[900000000.0,null]",
     "\"turns_clock_hz\" is [900000000.0,null]"},
    {"turns_clock_hz", "[900000000.0,-1]",
     "\"turns_clock_hz\" is [900000000.0,-1]"},
    {"shared", "1", "\"shared\" is 1: want a whole number from 2 to 64"},
    {"shared", "null", "\"shared_place\" is 1: want from 1 to shared"},
    {"shared_place", "null", "\"shared_place\" is null: want from 1 to sha"},
    {"shared_place", "4", "\"shared_place\" is 4: want from 1 to shared"},
    {"shared_place", "2", "\"repeats_s\" is 0.875: want a time, 0 where"},
    {"turns_ratio", "1.6", "\"turns_ratio\" is 1.6: want what follows"},
    {"turns_ratio", "null", "\"turns_ratio\" is null"},
    {"worker_chunks", "[1]", "\"worker_chunks\" is [1]"},
    {"worker_chunks", "null", "\"worker_chunks\" is null: want some where"},
    {"worker_chunks", "[1,null]", "\"worker_chunks\" is [1,null]: want some"},
    {"worker_chunks", "[0,1]", "\"worker_chunks\" is [0,1]: want some where"},
    {"worker_items", "null", "\"worker_chunks\" is ["},
    {"worker_cpu_begin", "null", "\"worker_cpu_end\" is ["},
    {"worker_cpu_end", "null", "\"worker_cpu_end\" is null: want a list wher"},
    {"worker_items", "[60,41]", "\"worker_items\" is [60,41]: want size"},
    {"worker_run_delay_s", "[]", "\"worker_run_delay_s\" is []"},
    {"worker_switches", "[]", "\"worker_switches\" is []"},
    {"worker_minor_faults", "[]", "\"worker_minor_faults\" is []"},
    {"worker_cpu_begin", "[]", "\"worker_cpu_begin\" is []"},
    {"worker_cpu_end", "[0,65536]", "\"worker_cpu_end\" is [0,65536]"},
    {"core_regions", "null", "\"core_regions\" is null: want beside all that"},
    {"core_send_s", "null", "\"core_regions\" is 2: want beside all that beg"},
    {"core_past_items", "null", "\"core_regions\" is 2: want beside all"},
    {"core_late_off_cpu_s", "null", "\"core_regions\" is 2: want beside all"},
    {"core_regions", "3", "\"core_regions\" is 3: want with those refused"},
    {"core_refused", "0", "\"core_regions\" is 2: want with those refused"},
    {"core_region_s", "1.16", "\"core_regions\" is 2: want with those refu"},
    {"core_region_s", "0.750002", "\"core_region_s\" is 0.750002: want times"},
    {"core_busy_s", "1.000003", "\"core_region_s\" is 0.75: want times work"},
    {"core_late_busy_s", "0.046", "\"core_region_s\" is 0.75: want times"},
    {"core_off_cpu_s", "1.01", "\"core_off_cpu_s\" is 1.01: want a part of"},
    {"core_join_s", "-0.125", "\"core_join_s\" is -0.125: want a number"},
    {"program_core_few_s", "null", "\"program_core_regions\" is 4: want bes"},
    {"program_core_regions", "3", "\"program_core_regions\" is 3: want with"},
    {"program_core_region_s", "1.4", "\"program_core_regions\" is 4: want w"},
    {"program_core_start_s", "0.3", "\"program_core_region_s\" is 1.25: wan"},
    {"program_core_off_cpu_s", "1.8", "\"program_core_off_cpu_s\" is 1.8: w"},
    {"build", "{}", "\"build\" is {}: want a text"},
};

/* What is true to the digits that are printed is believed. */
static void sums_are_rounded(void **state) {
  static const char *const right[][2] = {{"core_busy_s", "1.0000009"},
                                         {"core_region_s", "0.7500009"},
                                         {"core_off_cpu_s", "1.0"},
                                         {"program_core_busy_s", "1.7499985"}};
  (void)state;
  for (size_t i = 0; i < sizeof right / sizeof *right; i++) {
    char *line = record_with(record_ok, right[i][0], right[i][1]);
    struct record record = record_of(line);
    record_free(&record);
    free(line);
  }
}

/* Records from before there were sums have none. */
static void old_records_have_no_sums(void **state) {
  char *line = strdup(record_ok);
  (void)state;
  for (const struct field *field = record_fields; field->name; field++) {
    if (!strstr(field->name, "core_"))
      continue;
    char *next = record_with(line, field->name, NULL);
    free(line);
    line = next;
  }
  assert_null(strstr(line, "core_"));
  struct record record = record_of(line);
  assert_true(record.sums.regions == FIELD_NULL);
  assert_true(isnan(record.program_sums.busy_s));
  record_free(&record);
  free(line);
}

static void refuse(const char *line, const char *why) {
  struct record record;
  struct problem problem = {""};
  if (record_parse(line, &record, &problem) != PROBLEM_FAILURE)
    fail_msg("is accepted: %s", line);
  has(problem.text, why);
  assert_null(strchr(problem.text, '\n'));
  assert_null(record.kernel);
  assert_null(record.regions_s.values);
}

static void members_have_limits_and_agree(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
    char *line = record_with(record_ok, wrong[i].key, wrong[i].value);
    refuse(line, wrong[i].why);
    free(line);
  }
}

/* Of somebody else's program only the outside is known. */
static void programs_are_known_from_outside(void **state) {
  static const char *const cases[][3] = {
      {"program_s", "1.0", "\"program_s\" is 1.0: want setup + start"},
      {"program_s", "null", "\"program_s\" is null"},
      {"region_s", "0", "\"region_s\" is 0: want 1e-12 or more"},
      {"repeat", "2", "\"repeats_s\" is null: want a time, 0 where repeat"},
      {"regions_s", "[1.0]", "\"regions_s\" is [1.0]: want a list"},
      {"workers_seen", "2", "\"workers_seen\" is 2"},
      {"cpu_s", "null", "\"cpu_s\" is null: want that of a program"},
      {"cpu_s", "0.25",
       "\"cpu_s\" is 0.25: want that of a program that is "
       "ok, at least cpu_system_s"},
      {"switches", "-1", "\"switches\" is -1"},
      {"minor_faults", "-1", "\"minor_faults\" is -1"},
      {"others_cpu_s", "-1e6", "\"others_cpu_s\" is -1000000.0: want no more"},
      {"others_cpu_s", "1e6", "\"others_cpu_s\" is 1000000.0: want no more"},
      {"others_cpu_s", "1e30", "\"others_cpu_s\" is 1e30: want a number"},
      {"peak_bytes", "-1", "\"peak_bytes\" is -1"},
      {"cpu_s", "1e9", "and no more than its wall_s has on all CPUs"},
      {"sum", "1", "\"sum\" is 1: want null where there is no kernel's"},
      {"setup_s", "0.5", "\"setup_s\" is 0.5: want null but for a kernel's"},
      {"worker_switches", "[1,1]", "\"worker_switches\" is [1,1]: want null"},
      {"correct", "false", "\"correct\" is false: want true"},
      {"kernel", "\"cube\"", "\"kernel\" is \"cube\": want the one that"},
  };
  (void)state;
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    char *line = record_with(record_foreign, cases[i][0], cases[i][1]);
    refuse(line, cases[i][2]);
    free(line);
  }
  static const char *const outside[] = {"cpu_s", "cpu_system_s", "peak_bytes",
                                        "minor_faults", "switches"};
  for (size_t i = 0; i < sizeof outside / sizeof *outside; i++) {
    char *line = record_with(record_ok, outside[i], "0"), why[100];
    snprintf(why, sizeof why, "\"%s\" is 0: want null but for a program's run",
             outside[i]);
    refuse(line, why);
    free(line);
  }
}

/* What a trial that is not ok cannot have. */
static void failed_trials_have_no_times(void **state) {
  static const char *const cases[][3] = {
      {"error", "null", "\"error\" is null: want null for a trial that is ok"},
      {"status", "\"ok\"", "\"error\" is \"it broke\""},
      {"regions_s", "[1]", "\"regions_s\" is [1]: want a list for a trial"},
      {"region_s", "0.5", "\"region_s\" is 0.5"},
      {"program_s", "0.5", "\"program_s\" is 0.5"},
      {"wall_s", "0.5", "\"wall_s\" is 0.5"},
      {"correct", "true", "\"correct\" is true: want true for a trial that"},
      {"correct", "false", "\"correct\" is false: want true for a trial that"},
      {"digest", "\"063d212c5fec227b\"", "null for one that failed"},
      {"sum", "1", "\"sum\" is 1: want null where there is no kernel's res"},
      {"count", "1", "\"count\" is 1: want a number where sum is one"},
      {"workers_seen", "1", "\"workers_seen\" is 1: want at most workers"},
      {"setup_s", "0.5", "\"setup_s\" is 0.5: want null but for a kernel's"},
      {"start_s", "0.5", "\"start_s\" is 0.5: want null"},
      {"touch_s", "0.5", "\"touch_s\" is 0.5: want null"},
      {"builders", "1", "\"builders\" is 1: want null where setup_s is"},
      {"placed_nodes", "0", "\"placed_nodes\" is 0: want at most workers"},
      {"touched_by_workers", "true",
       "\"touched_by_workers\" is true: want null where touch_s is"},
      {"region_first_s", "0.5", "\"region_first_s\" is 0.5: want null"},
      {"finish_s", "0.5", "\"finish_s\" is 0.5: want null"},
      {"close_s", "0.5", "\"close_s\" is 0.5: want null"},
      {"team_pss_bytes", "1", "\"team_pss_bytes\" is 1: want null"},
      {"cpu_s", "0.5", "\"cpu_s\" is 0.5: want null but for a program's run"},
      {"others_cpu_s", "0.5", "\"others_cpu_s\" is 0.5: want no more than"},
      {"worker_switches", "[1]", "\"worker_switches\" is [1]: want null"},
      {"lowest_hit", "6", "\"lowest_hit\" is 6"},
      {"sent_bytes", "0", "\"sent_bytes\" is 0: want null but where results"},
      {"parent_cpu_s", "0", "\"parent_cpu_s\" is 0: want of a team of proces"},
      {"energy_j", "0", "\"energy_j\" is 0: want null without regions_s"},
  };
  (void)state;
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    char *line = record_with(record_failed, cases[i][0], cases[i][1]);
    refuse(line, cases[i][2]);
    free(line);
  }
}

/* The same of two of the members, by their keys and values; to be released. */
static char *line_with(const char *const edits[][2], size_t count) {
  char *line = record_with(record_ok, edits[0][0], edits[0][1]);
  for (size_t i = 1; i < count; i++) {
    char *next = record_with(line, edits[i][0], edits[i][1]);
    free(line);
    line = next;
  }
  return line;
}

/* Where results travel, and who has a parent. */
static void teams_of_processes_have_more(void **state) {
  static const struct {
    const char *variant, *parent_cpu_s, *sent_bytes, *why;
  } cases[] = {
      {"\"pool:dynamic,64@pipe\"", "1.27", "4096", NULL},
      {"\"fork:static\"", "0", "null", NULL},
      {"\"pool:dynamic,64@pipe\"", "1.28", "0", "\"parent_cpu_s\" is 1.28"},
      {"\"pool:dynamic,64\"", "1", "0", "\"sent_bytes\" is 0: want null but"},
      {"\"copies\"", "1", "null", "\"parent_cpu_s\" is 1: want of a team"},
      {"\"serial\"", "1", "null", "\"workers\" is 2"},
  };
  (void)state;
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    const char *const edits[][2] = {{"variant", cases[i].variant},
                                    {"requested", cases[i].variant},
                                    {"parent_cpu_s", cases[i].parent_cpu_s},
                                    {"sent_bytes", cases[i].sent_bytes}};
    char *line = line_with(edits, sizeof edits / sizeof *edits);
    if (cases[i].why) {
      refuse(line, cases[i].why);
    } else {
      struct record record = record_of(line);
      record_free(&record);
    }
    free(line);
  }
}

/* What may be unknown, or newer than this program, stays readable. */
static void the_rest_is_read(void **state) {
  static const char *const cases[][2] = {
      {"wall_s", "null"},
      {"steal_s", "null"},
      {"input", NULL},
      {"variant", "\"omp:dynamic,8\""},
      {"cpus", "null"},
      {"lowest_hit", "null"},
      {"worker_cpu_s", "null"},
      {"worker_items", "[0, 0]"},
      {"future", "{\"x\": [1]}"},
      {"round", "null"},
      {"requested", "null"},
  };
  (void)state;
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    char *line = record_with(record_ok, cases[i][0], cases[i][1]);
    struct record record = record_of(line);
    record_free(&record);
    free(line);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(members_have_limits_and_agree),
      cmocka_unit_test(sums_are_rounded),
      cmocka_unit_test(old_records_have_no_sums),
      cmocka_unit_test(programs_are_known_from_outside),
      cmocka_unit_test(failed_trials_have_no_times),
      cmocka_unit_test(teams_of_processes_have_more),
      cmocka_unit_test(the_rest_is_read),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
