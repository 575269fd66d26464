/* An observer's file: the bytes are its head, then regions; its modules have no
 * names.  What was read becomes a record, which is written and read. */
#include "bench/sweep/observing.h"
#include "bench/sweep/region_names.h"
#include "bench/tests/fuzz/place.h"
#include "bench/tests/fuzz/target.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void lay_out(const char *path, const uint8_t *data, size_t size) {
  static const struct observed_module modules[OBSERVED_MODULES];
  size_t head = sizeof(struct observed_header);
  FILE *file = fopen(path, "we");
  if (!file)
    fuzz_fail("%s cannot be written", path);
  fwrite(data, 1, size < head ? size : head, file);
  if (size >= head) {
    fwrite(modules, sizeof modules, 1, file);
    fwrite(data + head, 1, size - head, file);
  }
  fclose(file);
}

/* Names are not made by what is read here. */
static void name_them(const struct region_place *places, size_t count,
                      struct region_name *names) {
  for (size_t i = 0; i < count; i++)
    snprintf(names[i].name, sizeof names[i].name, "r%" PRIu64,
             places[i].function);
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
  struct observed observed;
  const char *path = place_path("observed");
  lay_out(path, data, size);
  if (observed_read(path, &observed))
    return false;
  const struct observed_header *h = &observed.header;
  for (uint32_t i = 0; i < h->regions; i++) {
    const struct observed_region *r = &observed.regions[i];
    if (r->module != OBSERVED_NONE && r->module >= h->modules)
      fuzz_fail("a region of module %u, of %u", (unsigned)r->module,
                (unsigned)h->modules);
  }
  if (strlen(observed_why_not(h->refusal)) == 0)
    fuzz_fail("no words for refusal %u", (unsigned)h->refusal);
  make_record(&observed);
  observed_free(&observed);
  return true;
}

const struct fuzz_target fuzz_observed = {.name = "observed", .run = run};
