/* The files of an observed run's processes, added up to one record. */
#include "bench/sweep/observing.h"

#include "bench/sweep/region_names.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- whether they can be added up ---------------------------------------- */

/* When a process had regions. */
struct span {
  uint64_t begin_ns, end_ns;
};

static bool has_regions(const struct observed *file) {
  for (uint32_t i = 0; i < file->header.regions; i++)
    if (file->regions[i].calls > 0)
      return true;
  return file->header.open_regions > 0;
}

static struct span span_of(const struct observed *file, uint64_t end_ns) {
  struct span span = {UINT64_MAX, file->header.end_ns};
  for (uint32_t i = 0; i < file->header.regions; i++)
    if (file->regions[i].calls > 0 && file->regions[i].first_ns < span.begin_ns)
      span.begin_ns = file->regions[i].first_ns;
  if (file->header.open_regions > 0)
    span.end_ns = end_ns;
  return span;
}

static char *why_not(const struct observed *files, size_t count,
                     uint64_t end_ns) {
  size_t having = 0;
  for (size_t i = 0; i < count; i++) {
    const struct observed_header *h = &files[i].header;
    /* A process that loaded a library and ran no region, beside one that did,
     * as a shell's helper, has nothing to tell. */
    if (h->refusal != OBSERVED_TOLD && h->refusal != OBSERVED_NOT_CALLED)
      return strdup(observed_why_not(h->refusal));
    if (h->calls_untold > 0)
      return strdup("it has too many threads that open regions, or too large "
                    "teams");
    having += h->refusal == OBSERVED_TOLD && has_regions(&files[i]);
  }
  if (having == 0)
    return strdup(observed_why_not(OBSERVED_NOT_CALLED));
  for (size_t i = 0; i < count; i++)
    for (size_t k = 0; k < i; k++) {
      struct span a = span_of(&files[i], end_ns),
                  b = span_of(&files[k], end_ns);
      if (has_regions(&files[i]) && has_regions(&files[k]) &&
          a.begin_ns < b.end_ns && b.begin_ns < a.end_ns)
        return strdup("several of its processes had regions at the same time");
    }
  return NULL;
}

/* ---- names --------------------------------------------------------------- */

/* The regions of all files, and what they are called. */
struct all {
  const struct observed_region **regions; /* [count] */
  struct region_place *places;
  struct region_name *names;
  size_t count;
};

static struct region_place place_of(const struct observed *file,
                                    const struct observed_region *r) {
  uint32_t at = r->module != OBSERVED_NONE ? r->module : r->caller_module;
  if (at == OBSERVED_NONE)
    return (struct region_place){.module = ""};
  const struct observed_module *module = &file->modules[at];
  return (struct region_place){
      .module = module->path_cut ? "" : module->path,
      .build_id = module->build_id,
      .build_id_bytes = module->build_id_bytes,
      .function = r->module != OBSERVED_NONE ? r->offset : 0,
      .caller = r->caller_module == at ? r->caller_offset : 0,
      .callers = r->callers,
      .caller_count = r->caller_module == at ? OBSERVED_CALLERS : 0,
  };
}

static bool list_regions(const struct observed *files, size_t count,
                         struct all *all) {
  size_t room = 1;
  for (size_t i = 0; i < count; i++)
    room += files[i].header.regions;
  all->regions = calloc(room, sizeof(void *));
  all->places = calloc(room, sizeof *all->places);
  all->names = calloc(room, sizeof *all->names);
  if (!all->regions || !all->places || !all->names)
    return false;
  for (size_t i = 0; i < count; i++)
    for (uint32_t k = 0; k < files[i].header.regions; k++) {
      const struct observed_region *r = &files[i].regions[k];
      if (r->calls == 0)
        continue;
      all->places[all->count] = place_of(&files[i], r);
      all->regions[all->count++] = r;
    }
  return true;
}

/* No blank in a name: one stands between two of them. */
static void close_blanks(const struct all *all) {
  for (size_t i = 0; i < all->count; i++) {
    char *name = all->names[i].name;
    if (all->places[i].module && !*all->places[i].module)
      snprintf(name, sizeof all->names[i].name, "others");
    for (; *name; name++)
      *name = *name == ' ' ? '_' : *name;
  }
}

/* ---- sums ---------------------------------------------------------------- */

/* What a record may hold, of all that a file says. */
static const double calls_most = 1e12;

/* Where a number of a region goes, in s. */
static void add(struct numbers *numbers, size_t at, double value) {
  numbers->values[at] += value;
}

static double s_of(uint64_t ns) {
  return (double)ns * 1e-9;
}

enum { LATES = 6, OTHERS = 7, NUMBERS = 20 };

/* A process that ended in mid-write has sums of which one is a call ahead of
 * another: what is missing of the whole is work, and none is more than it can
 * be. */
static void settle(struct record_inside *in, size_t k, double late_s) {
  const struct numbers *late[LATES] = {
      &in->late_start_s, &in->late_dispatch_s, &in->late_lock_s,
      &in->late_task_s,  &in->late_barrier_s,  &in->late_work_s};
  const struct numbers *parts[OTHERS] = {
      &in->start_s,  &in->dispatch_s, &in->lock_s, &in->task_s,
      &in->behind_s, &in->release_s,  &in->join_s};
  double sum_s = 0, other_s = 0;
  for (size_t i = 0; i < LATES; i++)
    sum_s += late[i]->values[k];
  in->late_work_s.values[k] += late_s - sum_s;
  for (size_t i = 0; i < OTHERS; i++)
    other_s += parts[i]->values[k];
  double work_s = fmax(0, in->core_s.values[k] - other_s - late_s);
  in->work_s.values[k] = work_s;
  in->core_s.values[k] = work_s + other_s + late_s;
  in->team.values[k] = fmax(1, in->team.values[k]);
  in->wall_s.values[k] = fmin(
      fmax(in->wall_s.values[k], in->core_s.values[k] / in->team.values[k]),
      in->core_s.values[k]);
  in->critical_s.values[k] = fmin(in->critical_s.values[k], work_s);
  in->uneven_s.values[k] = fmin(in->uneven_s.values[k], in->wall_s.values[k]);
}

static void add_region(struct record_inside *in, size_t k, double *late_s,
                       const struct observed_region *r) {
  add(&in->calls, k, fmin((double)r->calls, calls_most));
  in->team.values[k] = fmax(in->team.values[k], (double)r->team_max);
  add(&in->wall_s, k, s_of(r->wall_ns));
  add(&in->core_s, k, s_of(r->core_ns));
  add(&in->start_s, k, s_of(r->start_ns));
  add(&in->work_s, k, s_of(r->work_ns));
  add(&in->dispatch_s, k, s_of(r->dispatch_ns));
  add(&in->lock_s, k, s_of(r->lock_ns));
  add(&in->task_s, k, s_of(r->task_ns));
  add(&in->behind_s, k, s_of(r->behind_ns));
  add(&in->release_s, k, s_of(r->release_ns));
  add(&in->join_s, k, s_of(r->join_ns));
  add(&in->late_start_s, k, (double)r->late_start_ns * 1e-9);
  add(&in->late_work_s, k, (double)r->late_work_ns * 1e-9);
  add(&in->late_dispatch_s, k, (double)r->late_dispatch_ns * 1e-9);
  add(&in->late_lock_s, k, (double)r->late_lock_ns * 1e-9);
  add(&in->late_task_s, k, (double)r->late_task_ns * 1e-9);
  add(&in->late_barrier_s, k, (double)r->late_barrier_ns * 1e-9);
  add(&in->uneven_s, k, s_of(r->uneven_ns));
  add(&in->critical_s, k, s_of(r->critical_ns));
  *late_s += s_of(r->late_ns);
}

static bool make_lists(struct record_inside *in, size_t count) {
  struct numbers *lists[NUMBERS] = {&in->calls,           &in->team,
                                    &in->wall_s,          &in->uneven_s,
                                    &in->critical_s,      &in->core_s,
                                    &in->start_s,         &in->work_s,
                                    &in->dispatch_s,      &in->lock_s,
                                    &in->task_s,          &in->behind_s,
                                    &in->release_s,       &in->join_s,
                                    &in->late_start_s,    &in->late_work_s,
                                    &in->late_dispatch_s, &in->late_lock_s,
                                    &in->late_task_s,     &in->late_barrier_s};
  bool made = true;
  for (size_t i = 0; i < NUMBERS; i++) {
    *lists[i] = (struct numbers){calloc(count, sizeof(double)), count};
    made = made && lists[i]->values;
  }
  return made;
}

/* The first region of the same name, which all of that name are added to. */
static size_t first_of(const struct all *all, size_t i) {
  size_t first = 0;
  while (strcmp(all->names[first].name, all->names[i].name) != 0)
    first++;
  return first;
}

/* Further ones than a record has room for go into the last. */
static bool sum_regions(const struct all *all, struct record_inside *in) {
  size_t *place = calloc(all->count + 1, sizeof *place), count = 0, bytes;
  double *late_s = calloc(all->count + 1, sizeof *late_s);
  FILE *names = open_memstream(&in->regions, &bytes);
  bool made = place && late_s && names;
  for (size_t i = 0; made && i < all->count; i++) {
    size_t first = first_of(all, i);
    bool more = first == i && count < RECORD_INSIDE_MOST;
    if (more)
      fprintf(names, "%s%s", count ? " " : "", all->names[i].name);
    place[i] = more ? count++ : first < i ? place[first] : count - 1;
  }
  if (names)
    made = fclose(names) == 0 && made;
  made = made && make_lists(in, count);
  for (size_t i = 0; made && i < all->count; i++)
    add_region(in, place[i], &late_s[place[i]], all->regions[i]);
  for (size_t k = 0; made && k < count; k++)
    settle(in, k, late_s[k]);
  free(place);
  free(late_s);
  return made;
}

static void sum_heads(const struct observed *files, size_t count,
                      uint64_t end_ns, struct record *record) {
  static const struct {
    uint32_t flag;
    const char *word;
  } words[] = {{OBSERVED_TASKS_UNTOLD, "tasks"},
               {OBSERVED_NESTED, "nested"},
               {OBSERVED_CHUNKS_UNTOLD, "chunks"},
               {OBSERVED_DOACROSS, "doacross"},
               {OBSERVED_LOCKS, "locks"}};
  struct record_inside *in = &record->inside;
  char untold[60] = "";
  uint32_t flags = 0;
  double open_s = 0;
  in->processes = in->calls_nested = 0;
  for (size_t i = 0; i < count; i++) {
    const struct observed_header *h = &files[i].header;
    if (!has_regions(&files[i]))
      continue;
    in->processes++;
    in->calls_nested += (int64_t)fmin((double)h->calls_nested, calls_most);
    flags |= h->flags;
    open_s += s_of(observed_parallel_ns(h, end_ns));
  }
  for (size_t i = 0; i < sizeof words / sizeof *words; i++)
    if (flags & words[i].flag) {
      strcat(untold, *untold ? " " : "");
      strcat(untold, words[i].word);
    }
  in->untold = strdup(untold);
  in->open_s = fmin(open_s, record->program_s);
}

char *observing_sum(const struct observed *files, size_t count, int64_t end_ns,
                    observing_namer *namer, struct record *record) {
  char *why = why_not(files, count, (uint64_t)end_ns);
  struct all all = {NULL, NULL, NULL, 0};
  if (why)
    return why;
  if (list_regions(files, count, &all)) {
    namer(all.places, all.count, all.names);
    close_blanks(&all);
    if (all.count > 0 && sum_regions(&all, &record->inside))
      sum_heads(files, count, (uint64_t)end_ns, record);
  }
  if (!isfinite(record->inside.open_s))
    why = strdup(all.count ? "there was no memory for it"
                           : "it ended in its first parallel region");
  free(all.regions);
  free(all.places);
  free(all.names);
  return why;
}
