/* An observer's file: the bytes are its head, then regions; its modules have no
 * names. */
#include "bench/observe/observed.h"
#include "bench/tests/fuzz/place.h"
#include "bench/tests/fuzz/target.h"

#include <stdio.h>
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
  observed_free(&observed);
  return true;
}

const struct fuzz_target fuzz_observed = {.name = "observed", .run = run};
