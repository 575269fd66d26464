/* copies: as many serial processes at once, each with all of the work for
 * itself.  No parallel form: what it has is throughput.  Each of them runs as
 * `serial` does: see copies.h. */
#include "bench/trial/variants/variant.h"

const struct variant variant_copies = {
    .name = "copies",
    .title = "copies (throughput)",
    .meaning = "as many serial processes at once, each with all of the work",
    .known_as = "p jobs",
    .schedules = 1U << SCHEDULE_STATIC,
    .processes = true,
    .team = true,
    .copies = true,
};
