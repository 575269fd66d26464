#include "bench/trial/pages.h"

#include "bench/trial/job.h"

#include <limits.h>
#include <linux/mempolicy.h>
#include <sys/syscall.h>
#include <unistd.h>

enum {
  NODES_MOST = 1024, /* no kernel has more */
  NODE_BITS = CHAR_BIT * sizeof(unsigned long),
};

static uint32_t parts_of(const struct pages *pages) {
  return pages->items < pages->workers ? (uint32_t)pages->items
                                       : pages->workers;
}

/* Where the pages of the slices [0, part) end. */
static size_t edge(const struct pages *pages, size_t bytes, size_t page_bytes,
                   uint32_t part) {
  __extension__ typedef unsigned __int128 wide;
  uint64_t items = job_share(pages->items, part, parts_of(pages));
  size_t end = (size_t)((wide)bytes * items / pages->items);
  return (end + page_bytes - 1) / page_bytes * page_bytes;
}

bool pages_next(const struct pages *pages, size_t bytes, size_t page_bytes,
                struct page_range *range) {
  range->begin_bytes = range->end_bytes;
  for (; range->parts < parts_of(pages); range->parts++) {
    size_t end = edge(pages, bytes, page_bytes, range->parts + 1);
    int node = pages->nodes[range->parts];
    if (end == range->end_bytes) /* all its pages are another's */
      continue;
    if (range->end_bytes > range->begin_bytes && node != range->node)
      break;
    range->node = node;
    range->end_bytes = end;
  }
  return range->end_bytes > range->begin_bytes;
}

/* Preferred, not bound: where a node is full, a page lies elsewhere; bound to
 * it, the process would be killed for want of memory that others have. */
static bool place(char *address, const struct page_range *range) {
  unsigned long mask[NODES_MOST / NODE_BITS] = {0};
  unsigned node = (unsigned)range->node; /* -1: anywhere, is past all */
  if (node >= NODES_MOST)
    return false;
  mask[node / NODE_BITS] = 1UL << node % NODE_BITS;
  return syscall(SYS_mbind, address + range->begin_bytes,
                 range->end_bytes - range->begin_bytes, MPOL_PREFERRED, mask,
                 (unsigned long)NODES_MOST + 1, 0UL) == 0;
}

void pages_place(struct pages *pages, void *address, size_t bytes) {
  size_t page_bytes = (size_t)sysconf(_SC_PAGESIZE);
  struct page_range range = {.parts = 0};
  if (!pages->nodes || bytes < page_bytes * (size_t)parts_of(pages))
    return;
  while (!pages->refused && pages_next(pages, bytes, page_bytes, &range)) {
    pages->placed = true;
    pages->refused = !place(address, &range);
  }
}

int pages_node_count(const struct pages *pages) {
  int count = 0;
  if (!pages->placed || pages->refused)
    return pages->refused ? 0 : -1;
  for (uint32_t w = 0; w < parts_of(pages); w++) {
    uint32_t before = 0;
    while (before < w && pages->nodes[before] != pages->nodes[w])
      before++;
    count += before == w;
  }
  return count;
}
