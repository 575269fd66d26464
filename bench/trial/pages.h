/* pages.h: on which NUMA node the pages of a trial's memory belong.
 *
 * A page lies on the node of whoever touches it first.  The set-up is serial:
 * left to itself, all of the input would lie on the first worker's node, and
 * the others would read it from there.  So the system is told beforehand, of
 * every large allocation, where each worker's static slice belongs.  Pages are
 * still made by who touches them, in the phase that does. */
#ifndef CORESWEEP_PAGES_H
#define CORESWEEP_PAGES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct pages {
  const int *nodes; /* [workers], by the kernel's numbers; NULL: pages lie where
                       they are touched.  Borrowed */
  uint32_t workers;
  uint64_t items;       /* which are split over the workers */
  bool placed, refused; /* some allocation was */
};

/* Neighbouring pages for one node; begins as {0}. */
struct page_range {
  size_t begin_bytes, end_bytes; /* from the allocation's begin */
  int node;
  uint32_t parts; /* slices that end in it, or before */
};

/* The pages behind *range, of an allocation of so many bytes that is split as
 * the items are.  A page that two workers have belongs to the first of them.
 * False: there are none. */
bool pages_next(const struct pages *pages, size_t bytes, size_t page_bytes,
                struct page_range *range);

/* Tells the system of an allocation, page-aligned and not touched yet; nothing
 * where a worker has less than a page.  A system that refuses is no failure:
 * pages then lie where they are touched. */
void pages_place(struct pages *pages, void *address, size_t bytes);

/* Over how many nodes they lie: 0 where the system refused, -1 where nothing
 * was to be placed. */
int pages_node_count(const struct pages *pages);

#endif
