#include "bench/plan/width.h"

#include <math.h>

uint32_t width_rounds(double widest, double target, uint32_t most) {
  double ratio = widest / target;
  double wanted = ceil(WIDTH_ROUNDS_FIRST * ratio * ratio);
  if (most < WIDTH_ROUNDS_FIRST)
    most = WIDTH_ROUNDS_FIRST;
  if (wanted <= WIDTH_ROUNDS_FIRST)
    return WIDTH_ROUNDS_FIRST;
  return wanted < most ? (uint32_t)wanted : most;
}
