/* builders.h: threads that build a trial's input together, and are gone then.
 *
 * For trials whose regions alone count: the set-up of a program is serial, and
 * measured as such. */
#ifndef CORESWEEP_BUILDERS_H
#define CORESWEEP_BUILDERS_H

#include "kernels/kernel.h"

/* How many threads are worth their while for an input of so many bytes: at most
 * `most`, 1 or more. */
uint32_t builders_count(double bytes, uint32_t most);

/* Builds all items in the state that `create` gave for the same request: bit
 * for bit what one `fill` of all gives, for any count, 1 or more.  The caller
 * is one of them; the others run where it may run, and leave nothing behind
 * that a fork would copy.  Not for shape.whole_input.  Returns how many there
 * were: where the system gives no thread, the caller does its part. */
uint32_t builders_fill(const struct kernel *kernel, void *state,
                       const struct kernel_request *request, uint32_t count);

#endif
