#include "bench/sweep/settling.h"

#include "bench/trial/job.h"
#include "bench/trial/memory.h"

#include <string.h>

struct settling settling_of(const struct trial_request *request) {
  struct kernel_shape shape = workload_shape(request->workload);
  if (request->iterations > 0 || request->blocks > 0)
    return (struct settling){0, 0};
  return (struct settling){
      .input_bytes = (size_t)((double)request->size * shape.input_bytes),
      .output_bytes = request->size * shape.output_bytes,
  };
}

void settling_run(const struct trial_request *request) {
  const struct settling all = settling_of(request);
  bool copies = strcmp(request->variant.team, "copies") == 0;
  uint32_t programs = copies ? request->workers : 1;
  double bytes = (double)all.input_bytes + (double)all.output_bytes;
  struct worker_place place;
  if (!(bytes > 0) || programs * bytes > memory_available_bytes() / 4)
    return;
  worker_place_keep(&place);
  for (uint32_t w = 0; w < programs; w++)
    if (!request->cpus || request->cpus[w] < 0 ||
        worker_bind(request->cpus[w]) == 0)
      memory_settle(all.input_bytes, all.output_bytes);
  worker_place_return(&place);
}
