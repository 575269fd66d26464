#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/observe/observed.h"

/* What a region's terms may miss of their sum, where a process ended while it
 * wrote them. */
static const double torn_share = 0.01;

const char *observed_why_not(uint32_t refusal) {
  static const char *const words[OBSERVED_REFUSALS] = {
      [OBSERVED_TOLD] = "nothing is in the way",
      [OBSERVED_TWO_RUNTIMES] = "two OpenMP libraries run regions in it",
      [OBSERVED_NOT_CALLED] =
          "no parallel region came by: RTLD_DEEPBIND, or none ran",
      [OBSERVED_OTHER_TOOL] = "OMP_TOOL_LIBRARIES names another tool",
      [OBSERVED_SANITIZER] = "it is built with the thread sanitizer",
      [OBSERVED_OLD_TOOL] = "its OpenMP library tells a tool too little",
  };
  return words[refusal < OBSERVED_REFUSALS ? refusal : 0];
}

uint64_t observed_parallel_ns(const struct observed_header *header,
                              uint64_t end_ns) {
  return header->parallel_ns + (header->open_regions > 0 ? end_ns : 0);
}

/* ---- checks -------------------------------------------------------------- */

static const char *check_header(const struct observed_header *h) {
  if (memcmp(h->magic, OBSERVED_MAGIC, sizeof h->magic) != 0)
    return "it is no file of an observer";
  if (h->version != OBSERVED_VERSION ||
      h->header_bytes != sizeof(struct observed_header) ||
      h->module_bytes != sizeof(struct observed_module) ||
      h->region_bytes != sizeof(struct observed_region))
    return "it is of another version of the observer";
  if (h->module_limit != OBSERVED_MODULES ||
      h->region_limit != OBSERVED_REGIONS || h->modules > OBSERVED_MODULES ||
      h->regions > OBSERVED_REGIONS)
    return "its tables have another size";
  if (h->runtime >= OBSERVED_RUNTIMES || h->refusal >= OBSERVED_REFUSALS ||
      (h->flags & ~(uint32_t)OBSERVED_FLAGS) || h->pid <= 0)
    return "its head holds what cannot be";
  if (h->end_ns != 0 && h->end_ns < h->begin_ns)
    return "it ends before it begins";
  if (h->open_regions == 0 && h->end_ns != 0 &&
      h->parallel_ns > h->end_ns - h->begin_ns)
    return "its regions take longer than the process";
  return NULL;
}

static const char *check_module(const struct observed_module *module) {
  if (!memchr(module->path, '\0', sizeof module->path))
    return "a module's path has no end";
  if (module->build_id_bytes > OBSERVED_BUILD_ID || module->path_cut > 1)
    return "a module holds what cannot be";
  return NULL;
}

/* Sums of uint64_t that a file holds may be anything: as double none runs over.
 */
static double terms_ns(const struct observed_region *r) {
  return (double)r->start_ns + (double)r->work_ns + (double)r->dispatch_ns +
         (double)r->lock_ns + (double)r->task_ns + (double)r->behind_ns +
         (double)r->release_ns + (double)r->late_ns + (double)r->join_ns;
}

static double late_terms_ns(const struct observed_region *r) {
  return (double)r->late_start_ns + (double)r->late_work_ns +
         (double)r->late_dispatch_ns + (double)r->late_lock_ns +
         (double)r->late_task_ns + (double)r->late_barrier_ns;
}

static bool is_near(double a, double b, double most) {
  double between = a > b ? a - b : b - a;
  return between <= most;
}

static bool adds_up(const struct observed_region *r) {
  double core_ns = (double)r->core_ns, share = 1e-9;
  if (r->sequence & 1) {
    share = torn_share;
    core_ns += (double)r->longest_ns * (double)r->team_max;
  }
  double most = share * core_ns + (r->sequence & 1 ? core_ns : 0) + 1;
  return is_near(terms_ns(r), (double)r->core_ns, most) &&
         is_near(late_terms_ns(r), (double)r->late_ns, most);
}

/* What no program does within thirty years. */
static bool is_huge(const struct observed_region *r) {
  static const uint64_t most = 1000000000000000, most_ns = 1000000000000000000;
  const uint64_t counts[] = {r->calls, r->chunks, r->barriers, r->locks,
                             r->team_sum};
  for (size_t i = 0; i < sizeof counts / sizeof *counts; i++)
    if (counts[i] > most)
      return true;
  return r->team_max > OBSERVED_THREADS || r->wall_ns > most_ns ||
         r->core_ns > most_ns;
}

static const char *check_region(const struct observed_region *r,
                                uint32_t modules) {
  bool odd = r->sequence & 1;
  if ((r->module >= modules && r->module != OBSERVED_NONE) ||
      (r->caller_module >= modules && r->caller_module != OBSERVED_NONE))
    return "a region is of a module that is not there";
  if (r->flags & ~(uint32_t)OBSERVED_FLAGS)
    return "a region has flags that there are none of";
  if (is_huge(r) || (r->calls > 0 && r->team_max < 1))
    return "a region's numbers are out of limits";
  if (odd)
    return adds_up(r) ? NULL : "a region's terms do not add up";
  if (r->calls == 0)
    return NULL;
  if (r->team_min < 1 || r->team_min > r->team_max || r->team_sum < r->calls ||
      r->longest_ns > r->wall_ns || r->wall_ns > r->core_ns ||
      r->chunks_timed > r->chunks || r->contended > r->locks ||
      r->critical_ns > r->work_ns || r->most_work_ns > r->work_ns)
    return "a region's numbers contradict each other";
  return adds_up(r) ? NULL : "a region's terms do not add up";
}

static const char *check(const struct observed *observed) {
  const struct observed_header *h = &observed->header;
  const char *wrong = NULL;
  for (uint32_t i = 0; !wrong && i < h->modules; i++)
    wrong = check_module(&observed->modules[i]);
  for (uint32_t i = 0; !wrong && i < h->regions; i++)
    wrong = check_region(&observed->regions[i], h->modules);
  return wrong;
}

/* ---- reading ------------------------------------------------------------- */

static const char *read_table(FILE *file, void **table, size_t count,
                              size_t limit, size_t bytes) {
  *table = calloc(count ? count : 1, bytes);
  if (!*table)
    return "there is no memory for it";
  if (fread(*table, bytes, count, file) != count ||
      fseek(file, (long)((limit - count) * bytes), SEEK_CUR) != 0)
    return "it is cut off";
  return NULL;
}

static const char *read_file(FILE *file, struct observed *observed) {
  struct observed_header *h = &observed->header;
  if (fread(h, sizeof *h, 1, file) != 1)
    return "it is cut off";
  const char *wrong = check_header(h);
  if (!wrong)
    wrong = read_table(file, (void **)&observed->modules, h->modules,
                       OBSERVED_MODULES, sizeof *observed->modules);
  if (!wrong)
    wrong = read_table(file, (void **)&observed->regions, h->regions,
                       OBSERVED_REGIONS, sizeof *observed->regions);
  return wrong ? wrong : check(observed);
}

const char *observed_read(const char *path, struct observed *observed) {
  *observed = (struct observed){.modules = NULL};
  FILE *file = fopen(path, "rb");
  if (!file)
    return "it cannot be read";
  const char *wrong = read_file(file, observed);
  fclose(file);
  if (wrong)
    observed_free(observed);
  return wrong;
}

void observed_free(struct observed *observed) {
  free(observed->modules);
  free(observed->regions);
  observed->modules = NULL;
  observed->regions = NULL;
}
