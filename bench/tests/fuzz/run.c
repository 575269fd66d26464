/* A run's folder, as `analyze` reads it: what lies beside the records, and all
 * of it together.  The input is one object,
 *
 *   {"trials": [...], "plan": ..., "environment": ..., "hyperfine": ...} */
#include "bench/commands/conclude.h"
#include "bench/tests/fuzz/place.h"
#include "bench/tests/fuzz/show.h"
#include "bench/tests/fuzz/target.h"

#include <stdlib.h>
#include <string.h>

static void write_text(const char *name, json_t *value) {
  char *text = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY);
  if (value && !text)
    fuzz_fail("out of memory");
  if (text)
    place_file(name, text, strlen(text));
  free(text);
}

static void write_trials(const json_t *trials) {
  char *lines = NULL;
  size_t size = 0;
  FILE *out = open_memstream(&lines, &size);
  for (size_t i = 0; out && i < json_array_size(trials); i++) {
    json_dumpf(json_array_get(trials, i), out, JSON_COMPACT | JSON_ENCODE_ANY);
    fputc('\n', out);
  }
  if (!out || fclose(out) != 0)
    fuzz_fail("out of memory");
  place_file("trials.jsonl", lines, size);
  free(lines);
}

static bool run(const uint8_t *data, size_t size) {
  struct analysis analysis = {0};
  struct problem problem = {""};
  json_t *folder = json_loadb((const char *)data, size, 0, NULL);
  if (!folder)
    return false;
  write_trials(json_object_get(folder, "trials"));
  write_text("plan.json", json_object_get(folder, "plan"));
  write_text("environment.json", json_object_get(folder, "environment"));
  write_text("hyperfine.json", json_object_get(folder, "hyperfine"));
  json_decref(folder);
  bool taken = run_analyze(place_folder(), NULL, &analysis, &problem) == 0;
  if (taken)
    show_analysis(&analysis);
  analysis_free(&analysis);
  return taken;
}

const struct fuzz_target fuzz_run = {"run", true, run};
