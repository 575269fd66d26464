/* memory.h: all memory of a trial, in mappings that are released together. */
#ifndef CORESWEEP_MEMORY_H
#define CORESWEEP_MEMORY_H

#include "bench/trial/pages.h"
#include "kernels/kernel.h"

#include <stdbool.h>
#include <stddef.h>

/* A trial has under 32; each point that shares it has three more. */
enum { MEMORY_MAPPINGS = 32 + 3 * 64 };

/* What a kernel asks for memory: private, for its input, or shared. */
struct memory_allocator {
  struct kernel_allocator base;
  struct memory *memory;
};

struct memory {
  struct memory_allocator input, shared;
  struct pages *pages; /* how input is placed; NULL: not.  Borrowed */
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

/* As memory_map, between two guard bands of a page or more each, which begin
 * where the bytes end; beyond them nothing may be read or written. */
void *memory_map_guarded(struct memory *memory, size_t bytes,
                         enum memory_sharing sharing);

/* Fills the bands around such memory.  Cannot fail. */
void memory_guards_fill(void *address, size_t bytes);

/* How far somebody has written into them since, in bytes from the edge; 0: not
 * at all.  Cannot fail. */
struct memory_breach {
  size_t before_bytes, after_bytes;
};
struct memory_breach memory_guards_check(const void *address, size_t bytes);

/* Releases everything. */
void memory_release(struct memory *memory);

/* Takes as much memory as an input and a result have, in pages of the same
 * sizes, and gives it back: what this CPU gets next is memory that it has had.
 * A virtual machine that reports free pages to its host has to fetch others
 * from there, which takes up to five times as long as the fault does by itself.
 * Best effort. */
void memory_settle(size_t input_bytes, size_t output_bytes);

/* Makes the pages of address[begin..end) present and writable, without
 * changing what they hold; page-aligned inwards, so that slices of neighbours
 * may be populated at the same time.  Best effort. */
void memory_populate(void *address, size_t begin_bytes, size_t end_bytes);

/* What a program may take without swapping, and without its control groups'
 * limits (quota.h), in bytes: at least a page; 0 when neither is told.
 * root: a prefix to every path, "" for the real machine. */
double memory_available_bytes(void);
double memory_available_bytes_from(const char *root);

/* Proportional set size of this process and its children in bytes: pages that
 * several share count once in all.  NAN where the system does not tell.
 * Source: proc(5), smaps_rollup and task/TID/children. */
double weigh_team_bytes(void);

#endif
