/* settling.h: memory for a cold program, before it begins.
 *
 * A virtual machine may report free pages to its host, which takes them away;
 * the next who gets them waits for the host, for up to five times as long as
 * the fault takes by itself.  Pages that were used a moment ago stay with the
 * CPU that gave them back.  Nearly all that a sweep runs begins on its first
 * CPU: a program of `serial` on another one would be the only one that pays
 * (seen on a 2-vCPU cloud VM: a set-up of 150 ms instead of 40). */
#ifndef CORESWEEP_SETTLING_H
#define CORESWEEP_SETTLING_H

#include "bench/trial/trial.h"

/* What a cold program's input and result take; 0 of what is no such one, as it
 * has timed regions besides. */
struct settling {
  size_t input_bytes, output_bytes;
};
struct settling settling_of(const struct trial_request *request);

/* Takes as much, and gives it back, on the CPU where the program will begin; of
 * copies on each of theirs.  Where this process may run stays as it was.  Best
 * effort: nothing of what would be over a quarter of the memory that is left.
 */
void settling_run(const struct trial_request *request);

#endif
