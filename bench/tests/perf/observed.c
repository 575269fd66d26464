/* observed: what the observer told of a program's run, as numbers for a script
 * and with the names of the regions that took longest.
 * usage: observed FOLDER       (that was $CORESWEEP_OBSERVE; it is not changed)
 *
 * Of the process that was longest in regions one line of tab-separated values:
 *   processes  its and all others' files
 *   wall       seconds from the library's start to its end; "-": not told
 *   outside    of these, without a region open
 *   regions    of the source
 *   calls      of all regions
 *   team       the largest of a region that takes 1% of the wall time or more
 *   critical   seconds of a lock held
 *   untold     what is not told, in words, or "-"
 *   keys       of all regions: module and offset, with a | behind each
 *   large      the same of those that take 1% of the wall time or more
 *   region     the longest, with its share of all regions' time
 * and then a line for each region, with a blank in front.  Nothing for a
 * folder without files.  Exits with 1 where a file cannot be read. */
#include "bench/observe/observed.h"
#include "bench/plan/text.h"
#include "bench/sweep/region_names.h"
#include "bench/sweep/region_text.h"

#include <dirent.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SHOWN = 8 };

/* Of the wall time: a region that matters. */
static const double large = 0.01;

static int longer(const void *a, const void *b) {
  const struct observed_region *x = a, *y = b;
  return (x->wall_ns < y->wall_ns) - (x->wall_ns > y->wall_ns);
}

static struct region_place place_of(const struct observed *observed,
                                    const struct observed_region *region) {
  bool function = region->module < observed->header.modules;
  uint32_t number = function ? region->module : region->caller_module;
  struct region_place place = {0};
  if (number >= observed->header.modules)
    return place;
  const struct observed_module *module = &observed->modules[number];
  place.module = module->path;
  place.build_id = module->build_id;
  place.build_id_bytes = module->build_id_bytes;
  place.function = function ? region->offset : 0;
  if (region->caller_module == number) {
    place.caller = region->caller_offset;
    place.callers = region->callers;
    place.caller_count = OBSERVED_CALLERS;
  }
  return place;
}

static void print_untold(const struct observed_header *h) {
  static const char *const words[] = {"bodies of some tasks", "nested regions",
                                      "chunks", "waits of doacross loops"};
  bool any = h->refusal || h->calls_untold || !(h->flags & OBSERVED_ORDERLY);
  if (h->refusal)
    printf("all: %s; ", observed_why_not(h->refusal));
  if (h->calls_untold)
    printf("%" PRIu64 " calls of regions; ", h->calls_untold);
  if (!(h->flags & OBSERVED_ORDERLY))
    printf("its own end; ");
  for (size_t i = 0; i < sizeof words / sizeof *words; i++)
    if (h->flags & 1u << i) {
      printf("%s; ", words[i]);
      any = true;
    }
  printf(any ? "\t" : "-\t");
}

static void print_keys(const struct observed *observed, double least_ns) {
  char key[REGION_NAME_BYTES];
  for (uint32_t i = 0; i < observed->header.regions; i++) {
    const struct observed_region *r = &observed->regions[i];
    struct region_place place = place_of(observed, r);
    region_text_offset(place.module,
                       place.function ? place.function : place.caller, key);
    if ((double)r->wall_ns >= least_ns)
      printf("%s|", key);
  }
  printf("\t");
}

static double percent(uint64_t part_ns, double of_ns) {
  return 100 * (double)part_ns / of_ns;
}

/* The first line begins where the longest's name belongs. */
static void print_regions(const struct observed *observed) {
  const struct observed_header *h = &observed->header;
  static struct region_place places[OBSERVED_REGIONS];
  static struct region_name names[OBSERVED_REGIONS];
  double all_ns = 0;
  for (uint32_t i = 0; i < h->regions; i++) {
    places[i] = place_of(observed, &observed->regions[i]);
    all_ns += (double)observed->regions[i].wall_ns;
  }
  region_names_find(places, h->regions, names);
  for (uint32_t i = 0; i < h->regions && i < SHOWN; i++) {
    const struct observed_region *r = &observed->regions[i];
    double core_ns = (double)r->core_ns;
    printf("%s%s (%.0f%%)\n", i ? " " : "", names[i].name,
           percent(r->wall_ns, all_ns));
    printf("   by %s%s%s: %" PRIu64 " calls, %.3f ms, at most %" PRIu32
           " threads; core-time: work %.1f%%, start %.1f%%, dispatch %.1f%%, "
           "lock %.1f%%, task %.1f%%, behind %.1f%%, late %.1f%%\n",
           region_name_from_word(names[i].from),
           *names[i].function ? ", in " : "", names[i].function, r->calls,
           (double)r->wall_ns * 1e-6, r->team_max, percent(r->work_ns, core_ns),
           percent(r->start_ns, core_ns), percent(r->dispatch_ns, core_ns),
           percent(r->lock_ns, core_ns), percent(r->task_ns, core_ns),
           percent(r->behind_ns, core_ns), percent(r->late_ns, core_ns));
  }
  if (h->regions == 0)
    printf("-\n");
}

static void print(struct observed *observed, int processes) {
  const struct observed_header *h = &observed->header;
  double wall_s = (double)(h->end_ns - h->begin_ns) * 1e-9, critical_s = 0;
  double open_s = (double)observed_parallel_ns(h, h->end_ns) * 1e-9;
  uint64_t calls = h->calls_untold;
  uint32_t team = 0;
  for (uint32_t i = 0; i < h->regions; i++) {
    const struct observed_region *r = &observed->regions[i];
    calls += r->calls;
    critical_s += (double)r->critical_ns * 1e-9;
    if (r->team_max > team && (double)r->wall_ns >= large * 1e9 * wall_s)
      team = r->team_max;
  }
  if (h->end_ns)
    printf("%d\t%.6f\t%.6f\t", processes, wall_s, wall_s - open_s);
  else
    printf("%d\t-\t-\t", processes);
  printf("%" PRIu32 "\t%" PRIu64 "\t%" PRIu32 "\t%.6f\t", h->regions, calls,
         team, critical_s);
  print_untold(h);
  qsort(observed->regions, h->regions, sizeof *observed->regions, longer);
  print_keys(observed, 0);
  print_keys(observed, large * 1e9 * wall_s);
  print_regions(observed);
}

/* Keeps in *most the one that was longer in regions. */
static int take(const char *path, struct observed *most, int processes) {
  struct observed one;
  const char *wrong = observed_read(path, &one);
  if (wrong) {
    fprintf(stderr, "%s: %s\n", path, wrong);
    return 1;
  }
  if (processes > 0 && one.header.parallel_ns <= most->header.parallel_ns) {
    observed_free(&one);
  } else {
    if (processes > 0)
      observed_free(most);
    *most = one;
  }
  return 0;
}

int main(int argc, char **argv) {
  struct observed most = {0};
  struct dirent *entry;
  int processes = 0, status = 0;
  DIR *folder = argc == 2 ? opendir(argv[1]) : NULL;
  if (!folder) {
    fprintf(stderr, "usage: observed FOLDER\n");
    return 2;
  }
  while (status == 0 && (entry = readdir(folder))) {
    char path[4096];
    if (entry->d_name[0] == '.' ||
        !text_print(path, sizeof path, "%s/%s", argv[1], entry->d_name))
      continue;
    status = take(path, &most, processes);
    processes += status == 0;
  }
  closedir(folder);
  if (status == 0 && processes > 0)
    print(&most, processes);
  if (processes > 0)
    observed_free(&most);
  return status;
}
