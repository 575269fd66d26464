/* memory.h: all memory of a trial, in mappings that are released together. */
#ifndef CORESWEEP_MEMORY_H
#define CORESWEEP_MEMORY_H

#include "kernels/kernel.h"

#include <stdbool.h>
#include <stddef.h>

enum { MEMORY_MAPPINGS = 32 };

/* What a kernel asks for memory: private, for its input, or shared. */
struct memory_allocator {
  struct kernel_allocator base;
  struct memory *memory;
};

struct memory {
  struct memory_allocator input, shared;
  struct {
    void *address;
    size_t bytes;
  } mappings[MEMORY_MAPPINGS];
  size_t count;
};

enum memory_sharing {
  MEMORY_PRIVATE, /* a forked child gets a copy of its own */
  MEMORY_SHARED,  /* a forked child writes what its parent reads */
};

/* Makes the allocator of an empty `memory`.  Cannot fail. */
void memory_init(struct memory *memory);

/* Zeroed, page-aligned bytes (a page for 0 bytes), or NULL. */
void *memory_map(struct memory *memory, size_t bytes,
                 enum memory_sharing sharing);

/* Releases everything. */
void memory_release(struct memory *memory);

/* Makes the pages of address[begin..end) present and writable, without
 * changing what they hold; page-aligned inwards, so that slices of neighbours
 * may be populated at the same time.  Best effort. */
void memory_populate(void *address, size_t begin_bytes, size_t end_bytes);

/* What a program may take without swapping, in bytes; 0 when unknown. */
double memory_available_bytes(void);

#endif
