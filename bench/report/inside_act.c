/* What to do about a program that was observed. */
#include "bench/analyze/flags.h"
#include "bench/analyze/inside.h"
#include "bench/report/inside.h"
#include "bench/report/numbers.h"

#include <math.h>
#include <string.h>

static const struct inside_region *find_uneven(const struct analysis *analysis,
                                               const struct result *r) {
  const struct inside_region *most = NULL;
  for (size_t i = 0; i < analysis->region_count; i++) {
    const struct inside_region *region = &analysis->regions[i];
    if (inside_is_of(region, r) &&
        (!most || region->if_balanced.median > most->if_balanced.median))
      most = region;
  }
  return most;
}

static void print_what_if(const struct analysis *analysis,
                          const struct result *r, FILE *out) {
  const struct inside_region *region = find_uneven(analysis, r);
  char would[NUMBER_LENGTH], is[NUMBER_LENGTH];
  double speedup = r->program_speedup.median;
  if (region && region->if_balanced.median >= speedup * (1 + flags_matters()))
    fprintf(out,
            "  Balanced, %s would make the program at most %s instead of %s.\n",
            region->region, number_ratio(region->if_balanced.median, would),
            number_ratio(speedup, is));
}

/* The largest loss that matters; TERM_USEFUL: none does. */
static enum term find_largest(const struct result *r) {
  const struct interval *shares = r->breakdown.share;
  int largest = TERM_USEFUL;
  for (int t = 0; t < TERMS; t++)
    if (t != TERM_USEFUL && shares[t].median >= flags_matters() &&
        (largest == TERM_USEFUL || shares[t].median > shares[largest].median))
      largest = t;
  return (enum term)largest;
}

/* Where most of it is; of a region that asks for chunks the slices are not
 * equal. */
static void print_largest(const struct analysis *analysis,
                          const struct result *r, FILE *out) {
  const double half = 0.5;
  double part;
  enum term largest = find_largest(r);
  const struct inside_region *region =
      inside_where(analysis, r, largest, &part);
  if (!region || !(part > half))
    return;
  if (largest == TERM_LOCKED)
    fprintf(out,
            "  Shorten or split the critical section in %s, or use a reduction "
            "or atomic.\n",
            region->region);
  if (largest == TERM_IMBALANCE &&
      !(region->breakdown.core_s[TERM_DISPATCH].median > 0))
    fprintf(out,
            "  If %s shares a loop out in equal slices, schedule(dynamic) may "
            "balance it.\n",
            region->region);
}

/* As "fft.c:42" is. */
static bool is_placed(const char *name) {
  const char *line = strrchr(name, ':');
  return line && line[1] && line[1 + strspn(line + 1, "0123456789")] == '\0';
}

/* Of the region with most of its time. */
static void print_unplaced(const struct analysis *analysis,
                           const struct result *r, FILE *out) {
  const struct inside_region *first = NULL;
  for (size_t i = 0; i < analysis->region_count; i++) {
    const struct inside_region *region = &analysis->regions[i];
    if (inside_is_of(region, r) &&
        (!first || region->share.median > first->share.median))
      first = region;
  }
  if (first && !is_placed(first->region))
    fputs("  Built with -g, its regions are named by file and line.\n", out);
}

void inside_act(const struct analysis *analysis, const struct result *judged,
                FILE *out) {
  print_what_if(analysis, judged, out);
  print_largest(analysis, judged, out);
  print_unplaced(analysis, judged, out);
}
