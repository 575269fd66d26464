#include "bench/analyze/clocks.h"

#include "bench/analyze/flags.h"

#include <math.h>

int64_t clocks_alike(const struct environment *environment) {
  int64_t slower = environment ? environment->slower_from : FIELD_NULL;
  return slower != FIELD_NULL && slower > 1 ? slower - 1 : INT64_MAX;
}

double clocks_of(const struct record *record, int64_t alike, int64_t *refused) {
  const struct numbers *clocks = &record->turns_clock_hz;
  double sum = 0, count = 0;
  for (size_t i = 0; i < clocks->count; i++) {
    if (!(clocks->values[i] <= flags_most_hz())) {
      ++*refused;
      return (double)NAN;
    }
    if ((int64_t)i % record->workers < alike) {
      sum += clocks->values[i];
      count++;
    }
  }
  return count > 0 ? sum / count : (double)NAN;
}
