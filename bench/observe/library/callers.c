#include "bench/observe/library/callers.h"

#include <string.h>
#include <unwind.h>

/* Frames that are passed at most: an OpenMP library's lie in between. */
enum { FRAMES = 32 };

struct walk {
  const struct module *module;
  uint64_t *offsets;
  int count, frames;
};

static _Unwind_Reason_Code step(struct _Unwind_Context *context, void *data) {
  struct walk *walk = data;
  uintptr_t at = (uintptr_t)_Unwind_GetIP(context);
  bool inside = at >= walk->module->begin && at < walk->module->end;
  if (inside)
    walk->offsets[walk->count++] = (uint64_t)at - walk->module->told.base;
  bool ends = (!inside && walk->count > 0) || walk->count == OBSERVED_CALLERS ||
              ++walk->frames == FRAMES;
  return ends ? _URC_END_OF_STACK : _URC_NO_REASON;
}

void callers_find(const struct module *module,
                  uint64_t offsets[static OBSERVED_CALLERS]) {
  struct walk walk = {.module = module, .offsets = offsets};
  memset(offsets, 0, OBSERVED_CALLERS * sizeof *offsets);
  _Unwind_Backtrace(step, &walk);
}
