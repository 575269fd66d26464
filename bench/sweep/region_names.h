/* region_names.h: what a parallel region of somebody else's program is called,
 * so that whoever wrote it finds it. */
#ifndef CORESWEEP_REGION_NAMES_H
#define CORESWEEP_REGION_NAMES_H

#include <stddef.h>
#include <stdint.h>

/* Where a name comes from, the best first. */
enum region_name_from {
  REGION_NAME_LINE,     /* "blur.c:42": debug information; of an optimised
                           region without a loop, its first statement's */
  REGION_NAME_FUNCTION, /* "gm_blur": that it was outlined of, by symbols */
  REGION_NAME_CALLER,   /* "gm_blur": the exported function that called,
                           at once or by others that are not exported */
  REGION_NAME_OFFSET,   /* "libgm.so.3+0x1234": module and offset */
};

/* A region as an observer saw it.  Offsets are addresses in the process less
 * what dl_iterate_phdr calls dlpi_addr: those that nm and addr2line show, also
 * of a program that is not position-independent.  All is borrowed. */
struct region_place {
  const char *module; /* its file's path, as /proc/PID/maps has it; "" or NULL:
                         not told */
  const unsigned char *build_id; /* [build_id_bytes] of what was mapped: another
                                    file at that path is not asked */
  size_t build_id_bytes;         /* 0: not told; the first ones will do */
  uint64_t function; /* where the outlined function begins; 0: not told, as by
                        libomp */
  uint64_t caller;   /* the address behind the call that opened the region, in
                        the same module; 0: not told */
  const uint64_t *callers; /* [caller_count]: the same of calls further up */
  size_t caller_count;
};

enum { REGION_NAME_BYTES = 300 };

/* Both are UTF-8 that can be seen; long ones have their middle left out. */
struct region_name {
  enum region_name_from from;
  uint32_t line; /* of REGION_NAME_LINE; else 0 */
  char name[REGION_NAME_BYTES];
  char function[REGION_NAME_BYTES]; /* that holds the region, C++ as it is
                                       written there; empty: not told */
};

/* Names them all: names[i] is that of places[i], and no two places have the
 * same one, unless they are the same.  Debug information may lie in a file of
 * its own, by build-id or debuglink below the usual folders; nothing is fetched
 * from a network, whatever DEBUGINFOD_URLS says.  Files that are broken, gone
 * or not of the kind have regions called by module and offset: they are read in
 * a process apart, which may crash, and is given 20 s.  In the main thread.
 * Cannot fail. */
void region_names_find(const struct region_place *places, size_t count,
                       struct region_name *names);

/* "line", "function", "caller", "offset". */
const char *region_name_from_word(enum region_name_from from);

#endif
