/* trials.jsonl, as everything that goes on with records reads it. */
#include "bench/analyze/aa.h"
#include "bench/analyze/overheads.h"
#include "bench/analyze/prediction.h"
#include "bench/report/overheads.h"
#include "bench/sweep/finished.h"
#include "bench/tests/fuzz/place.h"
#include "bench/tests/fuzz/show.h"
#include "bench/tests/fuzz/target.h"

#include <stdlib.h>

static void analyze(const struct records *records) {
  struct analysis analysis = {0};
  struct problem problem = {""};
  if (analysis_make(records, NULL, NULL, NULL, &analysis, &problem) == 0)
    show_analysis(&analysis);
  analysis_free(&analysis);
}

static void find_overheads(const struct records *records) {
  struct overheads overheads;
  struct problem problem = {""};
  struct charts charts = {.folder = place_folder()};
  if (overheads_make(records, 2, &overheads, &problem) != 0)
    return;
  FILE *out = place_print();
  overheads_table(&overheads, out);
  overheads_sentences(&overheads, out);
  place_printed(out);
  if (overheads_write(&overheads, place_path("overheads.json"), &problem) != 0)
    fuzz_fail("overheads.json: %s", problem.text);
  if (overheads_chart_data(&overheads, NULL, &charts, &problem) != 0)
    fuzz_fail("charts of overheads: %s", problem.text);
  charts_free(&charts);
  overheads_free(&overheads);
}

/* As `aa` does. */
static void find_differences(const struct records *records) {
  struct aa_times times;
  struct aa_outcome outcome;
  struct problem problem = {""};
  int64_t rounds = 0;
  for (size_t i = 0; i < records->count; i++)
    if (records->list[i].round > rounds)
      rounds = records->list[i].round;
  if (aa_times_make(records, (uint32_t)rounds, &times, &problem) == 0)
    aa_conclude(&times, 3, &outcome, &problem);
  aa_times_free(&times);
}

static void predict(const struct records *records) {
  static const uint32_t workers[] = {1, 2, 4};
  static const struct prediction_counts counts = {workers, 3, false};
  struct problem problem = {""};
  if (prediction_write(records, &counts, place_path("prediction.json"),
                       &problem) != 0)
    fuzz_fail("prediction.json: %s", problem.text);
}

static void go_on(const struct records *records) {
  struct finished finished;
  struct problem problem = {""};
  finished_make(records, &finished, &problem);
  finished_free(&finished);
}

/* What is written of a record can be read, and is the same when written. */
static void write_again(const struct record *record) {
  struct record again;
  struct problem problem = {""};
  char *line = record_format(record);
  if (!line || record_parse(line, &again, &problem) != 0)
    fuzz_fail("a record that was written cannot be read: %s: %s", problem.text,
              line);
  free(line);
  record_free(&again);
}

static bool run(const uint8_t *data, size_t size) {
  struct records records;
  struct problem problem = {""};
  const char *path = place_file("trials.jsonl", data, size);
  if (records_read(path, &records, &problem) != 0)
    return false;
  for (size_t i = 0; i < records.count; i++)
    write_again(&records.list[i]);
  analyze(&records);
  find_overheads(&records);
  find_differences(&records);
  predict(&records);
  go_on(&records);
  records_free(&records);
  return true;
}

const struct fuzz_target fuzz_records = {"records", true, run};
