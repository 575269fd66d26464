/* asked_fixture.h: the record that an executor which is made up gives of what
 * it was asked for: whose it is, and nothing that was measured.  To be included
 * after cmocka.h. */
#ifndef CORESWEEP_ASKED_FIXTURE_H
#define CORESWEEP_ASKED_FIXTURE_H

#include "bench/sweep/executor.h"

#include <string.h>

/* To be released with record_free. */
static inline void asked_record(const struct trial_request *request,
                                const char *status, struct record *record) {
  const struct kernel *kernel = request->workload->kernel;
  char requested[NOTATION_LENGTH];
  record_clear(record);
  notation_format_variant(&request->variant, requested);
  record->status = strdup(status);
  record->kernel = strdup(kernel ? kernel->name : record_program);
  record->workload = strdup(request->workload->name);
  record->variant = strdup(requested);
  record->requested = strdup(requested);
  record->workers = request->workers;
  record->size = (int64_t)request->size;
}

#endif
