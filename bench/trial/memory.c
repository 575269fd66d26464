#include "bench/trial/memory.h"

#include "bench/plan/quota.h"
#include "bench/plan/system_file.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#ifndef MADV_POPULATE_WRITE
#define MADV_POPULATE_WRITE 23 /* Linux 5.14 */
#endif

enum { HUGE_FROM = 4 << 20 };

/* `base` is the first member of its allocator. */
static struct memory *memory_of(struct kernel_allocator *self) {
  return ((struct memory_allocator *)(void *)self)->memory;
}

static void *allocate_input(struct kernel_allocator *self, size_t bytes) {
  void *address = memory_map(memory_of(self), bytes, MEMORY_PRIVATE);
  /* Fewer page faults in the set-up.  Only for input: results keep the usual
   * pages, so that threads and processes write to pages of the same size. */
  if (address && bytes >= HUGE_FROM)
    madvise(address, bytes, MADV_HUGEPAGE);
  if (address && memory_of(self)->pages)
    pages_place(memory_of(self)->pages, address, bytes);
  return address;
}

static void *allocate_shared(struct kernel_allocator *self, size_t bytes) {
  return memory_map(memory_of(self), bytes, MEMORY_SHARED);
}

void memory_init(struct memory *memory) {
  *memory = (struct memory){
      .input = {.base = {.allocate = allocate_input}, .memory = memory},
      .shared = {.base = {.allocate = allocate_shared}, .memory = memory}};
}

void *memory_map(struct memory *memory, size_t bytes,
                 enum memory_sharing sharing) {
  if (memory->count == MEMORY_MAPPINGS)
    return NULL;
  if (bytes == 0)
    bytes = 1;
  int flags = sharing == MEMORY_SHARED ? MAP_SHARED : MAP_PRIVATE;
  void *address = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
                       flags | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (address == MAP_FAILED)
    return NULL;
  memory->mappings[memory->count].address = address;
  memory->mappings[memory->count++].bytes = bytes;
  return address;
}

static size_t page_bytes(void) {
  return (size_t)sysconf(_SC_PAGESIZE);
}

/* From the end of so many bytes to that of the band behind them. */
static size_t band_bytes(size_t bytes) {
  size_t page = page_bytes();
  return (bytes + page - 1) / page * page - bytes + page;
}

/* A page that is closed, the band, the bytes, the band, a page that is closed.
 */
void *memory_map_guarded(struct memory *memory, size_t bytes,
                         enum memory_sharing sharing) {
  size_t page = page_bytes(), behind = band_bytes(bytes);
  char *all = memory_map(memory, page + page + bytes + behind + page, sharing);
  if (!all || mprotect(all, page, PROT_NONE) != 0 ||
      mprotect(all + page + page + bytes + behind, page, PROT_NONE) != 0)
    return NULL;
  return all + page + page;
}

/* No byte of it is 0 or 0xff, and no two neighbours are alike. */
static unsigned char guard_byte(size_t at) {
  return (unsigned char)(0x51 + at % 83);
}

void memory_guards_fill(void *address, size_t bytes) {
  unsigned char *begin = address, *end = begin + bytes;
  size_t before = page_bytes(), after = band_bytes(bytes);
  for (size_t i = 0; i < before; i++)
    begin[-1 - (ptrdiff_t)i] = guard_byte(i);
  for (size_t i = 0; i < after; i++)
    end[i] = guard_byte(i);
}

struct memory_breach memory_guards_check(const void *address, size_t bytes) {
  const unsigned char *begin = address, *end = begin + bytes;
  size_t before = page_bytes(), after = band_bytes(bytes);
  while (before > 0 && begin[-(ptrdiff_t)before] == guard_byte(before - 1))
    before--;
  while (after > 0 && end[after - 1] == guard_byte(after - 1))
    after--;
  return (struct memory_breach){before, after};
}

void memory_release(struct memory *memory) {
  while (memory->count > 0) {
    memory->count--;
    munmap(memory->mappings[memory->count].address,
           memory->mappings[memory->count].bytes);
  }
}

void memory_populate(void *address, size_t begin_bytes, size_t end_bytes) {
  size_t page = (size_t)sysconf(_SC_PAGESIZE);
  size_t begin = (begin_bytes + page - 1) / page * page;
  size_t end = (end_bytes + page - 1) / page * page;
  if (begin_bytes == 0)
    begin = 0;
  if (begin >= end)
    return;
  char *first = (char *)address + begin;
  if (madvise(first, end - begin, MADV_POPULATE_WRITE) == 0)
    return;
  /* An older kernel: write each page by hand, with what it holds. */
  for (volatile char *p = first; p < first + (end - begin); p += page)
    __atomic_fetch_or(p, 0, __ATOMIC_RELAXED);
}

void memory_settle(size_t input_bytes, size_t output_bytes) {
  struct memory memory;
  memory_init(&memory);
  void *input =
      input_bytes > 0 ? allocate_input(&memory.input.base, input_bytes) : NULL;
  void *output = output_bytes > 0
                     ? memory_map(&memory, output_bytes, MEMORY_PRIVATE)
                     : NULL;
  if (input)
    memory_populate(input, 0, input_bytes);
  if (output)
    memory_populate(output, 0, output_bytes);
  memory_release(&memory);
}

double memory_available_bytes(void) {
  return memory_available_bytes_from("");
}

double memory_available_bytes_from(const char *root) {
  double here = system_size_bytes(root, "/proc/meminfo", "MemAvailable");
  double bytes = fmin(here, quota_memory_left_bytes(root));
  /* Nothing left is not the same as not told. */
  return isfinite(bytes) ? fmax(bytes, (double)sysconf(_SC_PAGESIZE)) : 0;
}

static double pss_bytes(long pid) {
  char path[64];
  snprintf(path, sizeof path, "/proc/%ld/smaps_rollup", pid);
  return system_size_bytes("", path, "Pss");
}

double weigh_team_bytes(void) {
  char path[64], *line = NULL;
  size_t capacity = 0;
  long self = (long)getpid();
  double bytes = pss_bytes(self);
  snprintf(path, sizeof path, "/proc/self/task/%ld/children", self);
  FILE *file = fopen(path, "re");
  if (file && getline(&line, &capacity, file) > 0) {
    char *rest = line, *end;
    for (long pid; (pid = strtol(rest, &end, 10)) > 0 && end != rest;
         rest = end)
      bytes += pss_bytes(pid);
  }
  if (file)
    fclose(file);
  free(line);
  return bytes;
}
