/* The file that an observer maps, and what becomes of it: a record, which is
 * written and read.  An input has the head, then the tables without the room
 * that is not in use: of modules first. */
#include "bench/sweep/observing.h"
#include "bench/sweep/region_names.h"
#include "bench/tests/fuzz/place.h"
#include "bench/tests/fuzz/target.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* Names are not made by what is read here. */
static void name_them(const struct region_place *places, size_t count,
                      struct region_name *names) {
  for (size_t i = 0; i < count; i++)
    snprintf(names[i].name, sizeof names[i].name, "r%" PRIu64,
             places[i].function);
}

/* As much of the input as there is, and zeros. */
static void take(const uint8_t **data, size_t *size, void *to, size_t bytes) {
  size_t there = *size < bytes ? *size : bytes;
  memset(to, 0, bytes);
  memcpy(to, *data, there);
  *data += there;
  *size -= there;
}

/* With the room that an observer has.  Owned; NULL: no memory. */
static uint8_t *spread(const uint8_t *data, size_t size, size_t *bytes) {
  struct observed_header h;
  take(&data, &size, &h, sizeof h);
  size_t modules = OBSERVED_MODULES * sizeof(struct observed_module);
  size_t regions = OBSERVED_REGIONS * sizeof(struct observed_region);
  *bytes = sizeof h + modules + regions;
  uint8_t *file = calloc(1, *bytes);
  if (!file)
    return NULL;
  memcpy(file, &h, sizeof h);
  size_t used = h.modules < OBSERVED_MODULES ? h.modules : OBSERVED_MODULES;
  take(&data, &size, file + sizeof h, used * sizeof(struct observed_module));
  take(&data, &size, file + sizeof h + modules, regions);
  return file;
}

static void make_record(const struct observed *file) {
  struct record r, again;
  struct problem problem = {""};
  record_clear(&r);
  r.schema = RECORD_SCHEMA;
  r.status = strdup("ok");
  r.kernel = strdup("program");
  r.workload = strdup("p");
  r.variant = strdup("serial");
  r.workers = r.size = r.correct = r.observed = 1;
  r.digest = strdup("0000000000000001");
  r.program_s = r.wall_s = r.cpu_s = 100;
  r.cpu_system_s = 0;
  r.unobserved = observing_sum(file, 1, INT64_C(100000000000), name_them, &r);
  char *line = record_format(&r);
  if (!line || record_parse(line, &again, &problem) != 0)
    fuzz_fail("its record cannot be read: %s: %.2000s", problem.text, line);
  free(line);
  record_free(&again);
  record_free(&r);
}

static bool run(const uint8_t *data, size_t size) {
  struct observed file;
  size_t bytes = 0;
  uint8_t *whole = spread(data, size, &bytes);
  const char *path = place_file("7.0", whole, bytes);
  free(whole);
  if (observed_read(path, &file) != NULL)
    return false;
  make_record(&file);
  observed_free(&file);
  return true;
}

const struct fuzz_target fuzz_observed = {"observed", false, run};
