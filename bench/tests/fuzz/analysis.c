/* analysis.json, as `report` and `compare` read it. */
#include "bench/tests/fuzz/place.h"
#include "bench/tests/fuzz/show.h"
#include "bench/tests/fuzz/target.h"

static bool run(const uint8_t *data, size_t size) {
  struct analysis analysis;
  struct problem problem = {""};
  const char *path = place_file("analysis.json", data, size);
  if (analysis_read(path, &analysis, &problem) != 0)
    return false;
  show_analysis(&analysis);
  analysis_free(&analysis);
  return true;
}

const struct fuzz_target fuzz_analysis = {"analysis", true, run};
