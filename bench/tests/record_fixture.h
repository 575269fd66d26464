/* record_fixture.h: lines of trials.jsonl, for tests.  To be included after
 * cmocka.h. */
#ifndef CORESWEEP_RECORD_FIXTURE_H
#define CORESWEEP_RECORD_FIXTURE_H

#include "bench/record/record.h"

#include <stdlib.h>
#include <string.h>

/* A good trial, of which all is known but an error; and a bad one, of which
 * that is.  Both as the program writes them. */
static const char record_ok[] =
    "{\"schema\":3,\"phase\":\"round\",\"round\":7,\"order\":9,\"wall_s\":1.5,"
    "\"throttled_s\":0.125,\"steal_s\":0.25,\"others_cpu_s\":-0.0625,"
    "\"swapped_pages\":11,"
    "\"thermal_throttles\":12,\"status\":\"ok\",\"error\":null,"
    "\"kernel\":\"cube\",\"workload\":\"cube/first=3\","
    "\"params\":\"first=3,span=2000000\",\"input\":\"a \\\"b\\\", ü\\\\ t\","
    "\"variant\":\"omp:dynamic,64\",\"requested\":\"omp:dynamic\","
    "\"workers\":2,\"oversubscribed\":false,\"cpus\":[0,2],\"size\":100,"
    "\"repeat\":4,\"seed\":13,\"digest\":\"063d212c5fec227b\",\"correct\":true,"
    "\"setup_s\":0.0625,\"builders\":26,\"placed_nodes\":2,"
    "\"start_s\":0.03125,\"touch_s\":0.015625,"
    "\"touched_by_workers\":true,"
    "\"region_first_s\":0.5,\"repeats_s\":0.875,\"region_s\":0.375,"
    "\"regions_s\":[0.375,0.4375,0.34375],\"beside\":\"serial\","
    "\"shared\":3,\"shared_place\":1,"
    "\"turns\":\"sp|SPPcS|sSP|\",\"turns_s\":[0.5,0.25,0.5,0.375,0.4375,"
    "0.0002,0.6875,0.75,0.625,0.34375],"
    "\"turns_cpu\":[0,null,1,null,null,null,0,1,0,null],"
    "\"turns_clock_hz\":[900000000.0,875000000.0],"
    "\"turns_ratio\":1.62228443,\"finish_s\":0.0078125,"
    "\"close_s\":0.00390625,\"program_s\":1.49609375,"
    "\"profile_s\":null,\"workers_seen\":1,"
    "\"cpu_s\":null,\"cpu_system_s\":null,"
    "\"peak_bytes\":null,\"switches\":null,"
    "\"minor_faults\":null,\"observed\":null,\"unobserved\":null,"
    "\"team_pss_bytes\":4096.0,\"sum\":14,\"count\":15,"
    "\"lowest_hit\":16,"
    "\"sent_bytes\":null,\"parent_cpu_s\":null,"
    "\"energy_j\":27.5,\"worker_cycles\":[28.0,null],"
    "\"worker_instructions\":[29.0,null],"
    "\"worker_begin_s\":[0.0,0.1],\"worker_end_s\":[0.3,0.375],"
    "\"worker_busy_s\":[0.29,0.26],\"worker_cpu_s\":[0.28,null],"
    "\"worker_chunks\":[17,1],\"worker_items\":[60,40],"
    "\"worker_run_delay_s\":[0.01,0.02],\"worker_switches\":[18,19],"
    "\"worker_minor_faults\":[20,null],\"worker_cpu_begin\":[21,22],"
    "\"worker_cpu_end\":[23,24],"
    "\"core_regions\":2,\"core_refused\":1,\"core_region_s\":0.75,"
    "\"core_start_s\":0.125,\"core_dispatch_s\":0.0625,"
    "\"core_send_s\":0.03125,\"core_busy_s\":1.0,\"core_few_s\":0.0625,"
    "\"core_join_s\":0.125,\"core_off_cpu_s\":0.25,"
    "\"core_late_start_s\":0.0625,\"core_late_dispatch_s\":-0.03125,"
    "\"core_late_send_s\":0.015625,\"core_late_busy_s\":0.046875,"
    "\"core_late_off_cpu_s\":-0.125,\"core_skipped_items\":41,"
    "\"core_past_items\":42,\"program_core_regions\":4,"
    "\"program_core_refused\":0,\"program_core_region_s\":1.25,"
    "\"program_core_start_s\":0.25,\"program_core_dispatch_s\":0.125,"
    "\"program_core_send_s\":0.0625,\"program_core_busy_s\":1.75,"
    "\"program_core_few_s\":0.125,\"program_core_join_s\":0.125,"
    "\"program_core_off_cpu_s\":0.5,\"program_core_late_start_s\":0.03125,"
    "\"program_core_late_dispatch_s\":0.015625,"
    "\"program_core_late_send_s\":-0.015625,"
    "\"program_core_late_busy_s\":0.03125,"
    "\"program_core_late_off_cpu_s\":0.0078125,"
    "\"program_core_skipped_items\":43,\"program_core_past_items\":44,"
    "\"build\":\"gcc\"}\n";

/* Keys that a trial which failed and a program both leave open. */
#define RECORD_UNTOLD                                                          \
  "\"sent_bytes\":null,\"parent_cpu_s\":null,"                                 \
  "\"energy_j\":null,\"worker_cycles\":null,"                                  \
  "\"worker_instructions\":null,"                                              \
  "\"worker_begin_s\":null,"                                                   \
  "\"worker_end_s\":null,\"worker_busy_s\":null,\"worker_cpu_s\":null,"        \
  "\"worker_chunks\":null,\"worker_items\":null,"                              \
  "\"worker_run_delay_s\":null,\"worker_switches\":null,"                      \
  "\"worker_minor_faults\":null,\"worker_cpu_begin\":null,"                    \
  "\"worker_cpu_end\":null,"                                                   \
  "\"core_regions\":null,\"core_refused\":null,\"core_region_s\":null,"        \
  "\"core_start_s\":null,\"core_dispatch_s\":null,\"core_send_s\":null,"       \
  "\"core_busy_s\":null,\"core_few_s\":null,\"core_join_s\":null,"             \
  "\"core_off_cpu_s\":null,\"core_late_start_s\":null,"                        \
  "\"core_late_dispatch_s\":null,\"core_late_send_s\":null,"                   \
  "\"core_late_busy_s\":null,\"core_late_off_cpu_s\":null,"                    \
  "\"core_skipped_items\":null,\"core_past_items\":null,"                      \
  "\"program_core_regions\":null,\"program_core_refused\":null,"               \
  "\"program_core_region_s\":null,\"program_core_start_s\":null,"              \
  "\"program_core_dispatch_s\":null,\"program_core_send_s\":null,"             \
  "\"program_core_busy_s\":null,\"program_core_few_s\":null,"                  \
  "\"program_core_join_s\":null,\"program_core_off_cpu_s\":null,"              \
  "\"program_core_late_start_s\":null,"                                        \
  "\"program_core_late_dispatch_s\":null,"                                     \
  "\"program_core_late_send_s\":null,\"program_core_late_busy_s\":null,"       \
  "\"program_core_late_off_cpu_s\":null,"                                      \
  "\"program_core_skipped_items\":null,\"program_core_past_items\":null,"

static const char record_failed[] =
    "{\"schema\":3,\"phase\":\"pilot\",\"round\":null,\"order\":1,"
    "\"wall_s\":null,\"throttled_s\":null,\"steal_s\":null,"
    "\"others_cpu_s\":null,"
    "\"swapped_pages\":null,\"thermal_throttles\":null,\"status\":\"failed\","
    "\"error\":\"it broke\",\"kernel\":\"cube\",\"workload\":\"cube\","
    "\"params\":null,\"input\":null,\"variant\":\"serial\",\"requested\":null,"
    "\"workers\":1,\"oversubscribed\":null,\"cpus\":null,\"size\":6,"
    "\"repeat\":null,\"seed\":null,\"digest\":null,\"correct\":null,"
    "\"setup_s\":null,\"builders\":null,\"placed_nodes\":null,"
    "\"start_s\":null,\"touch_s\":null,\"touched_by_workers\":null,"
    "\"region_first_s\":null,\"repeats_s\":null,"
    "\"region_s\":null,\"regions_s\":null,\"beside\":null,\"shared\":null,"
    "\"shared_place\":null,\"turns\":null,"
    "\"turns_s\":null,\"turns_cpu\":null,\"turns_clock_hz\":null,"
    "\"turns_ratio\":null,"
    "\"finish_s\":null,\"close_s\":null,"
    "\"program_s\":null,\"profile_s\":null,\"workers_seen\":null,\"cpu_s\":"
    "null,\"cpu_system_s\":"
    "null,"
    "\"peak_bytes\":null,\"switches\":null,"
    "\"minor_faults\":null,\"observed\":null,\"unobserved\":null,"
    "\"team_pss_bytes\":null,"
    "\"sum\":null,\"count\":null,\"lowest_hit\":null," RECORD_UNTOLD
    "\"build\":null}\n";

/* A run of somebody else's program. */
static const char record_foreign[] =
    "{\"schema\":3,\"phase\":\"warmup\",\"round\":null,\"order\":2,"
    "\"wall_s\":1.25,\"throttled_s\":null,\"steal_s\":null,"
    "\"others_cpu_s\":0.125,"
    "\"swapped_pages\":null,\"thermal_throttles\":null,\"status\":\"ok\","
    "\"error\":null,\"kernel\":\"program\",\"workload\":\"xz\","
    "\"params\":\"xz -T2\",\"input\":null,\"variant\":\"program\","
    "\"requested\":\"program\",\"workers\":2,\"oversubscribed\":false,"
    "\"cpus\":[0,1],\"size\":1,\"repeat\":null,\"seed\":1,\"digest\":"
    "\"063d212c5fec227b\","
    "\"correct\":true,\"setup_s\":null,\"builders\":null,"
    "\"placed_nodes\":null,\"start_s\":null,\"touch_s\":null,"
    "\"touched_by_workers\":null,"
    "\"region_first_s\":null,\"repeats_s\":null,\"region_s\":1.0,"
    "\"regions_s\":null,"
    "\"beside\":null,\"shared\":null,\"shared_place\":null,\"turns\":null,"
    "\"turns_s\":null,\"turns_cpu\":null,\"turns_clock_hz\":null,"
    "\"turns_ratio\":null,\"finish_s\":null,\"close_s\":null,\"program_s\":1."
    "25,\"profile_s\":null,"
    "\"workers_seen\":null,\"cpu_s\":2.25,\"cpu_system_s\":0.5,"
    "\"peak_bytes\":8192.0,\"switches\":3,"
    "\"minor_faults\":4,\"observed\":null,\"unobserved\":null,"
    "\"team_pss_bytes\":null,\"sum\":null,"
    "\"count\":null,\"lowest_hit\":null," RECORD_UNTOLD "\"build\":\"gcc\"}\n";

/* The line with another value (as JSON) of a key, or with a new key; NULL: the
 * line without the key.  To be released with free. */
static inline char *record_with(const char *line, const char *key,
                                const char *value) {
  json_t *json = json_loads(line, 0, NULL);
  assert_non_null(json);
  if (value) {
    json_t *member = json_loads(value, JSON_DECODE_ANY, NULL);
    assert_non_null(member);
    json_object_set_new(json, key, member);
  } else {
    json_object_del(json, key);
  }
  char *text = json_dumps(json, JSON_COMPACT), *whole;
  json_decref(json);
  assert_true(asprintf(&whole, "%s\n", text) > 0);
  free(text);
  return whole;
}

static inline struct record record_of(const char *line) {
  struct record record;
  struct problem problem = {""};
  if (record_parse(line, &record, &problem) != 0)
    fail_msg("%s: %s", problem.text, line);
  return record;
}

#endif
