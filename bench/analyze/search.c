/* The search for the sizes between which a curve changes its sign. */
#include "bench/analyze/crossing.h"
#include "bench/analyze/stats.h"

#include <math.h>
#include <string.h>

static const double step = 16, narrow = 4;

static int sign_of(double x) {
  return (x > 0) - (x < 0);
}

/* 0: nothing can be built on it. */
static int sign_of_probe(const struct search *search,
                         const struct search_probe *probe) {
  if (probe->decided || !(probe->trusted || search->trusting))
    return probe->decided;
  return probe->median > 0 ? 1 : -1;
}

static bool fell(const struct search *search) {
  struct search_bracket brackets[SEARCH_BRACKETS];
  size_t count = search_brackets(search, brackets);
  for (size_t i = 0; i < count; i++)
    if (!brackets[i].rising)
      return true;
  return false;
}

/* Whether the smallest size is past the crossing already. */
static bool below_at_once(const struct search *search) {
  return search->count > 0 && search->probes[0].decided < 0;
}

/* The probe strictly between two sizes that is nearest to their middle. */
static struct search_probe *probe_between(struct search *search, double low,
                                          double high) {
  struct search_probe *nearest = NULL;
  double middle = sqrt(low * high), distance = (double)INFINITY;
  for (size_t i = 0; i < search->count; i++) {
    struct search_probe *probe = &search->probes[i];
    double off = fabs(log(probe->size / middle));
    if (probe->size > low && probe->size < high && off < distance) {
      nearest = probe;
      distance = off;
    }
  }
  return nearest;
}

/* Halves a bracket.  True: by trying *size; false: it is narrow enough, or
 * was halved by a size tried already (*again). */
static bool halve(struct search *search, const struct search_bracket *bracket,
                  double *size, bool *again) {
  if (bracket->high <= narrow * bracket->low ||
      bracket->high < bracket->low + 2)
    return false;
  struct search_probe *probe =
      probe_between(search, bracket->low, bracket->high);
  if (probe) {
    probe->trusted = true;
    *again = true;
    return false;
  }
  *size = floor(sqrt(bracket->low * bracket->high) + 0.5);
  return *size > bracket->low && *size < bracket->high;
}

static bool scan(const struct search *search, double *size) {
  if (search->count == 0) {
    *size = search->low;
    return true;
  }
  double last = search->probes[search->count - 1].size;
  if (last >= search->high ||
      (search->first_only && (fell(search) || below_at_once(search))))
    return false;
  *size = last * step;
  if (*size * narrow > search->high) /* no short last step */
    *size = search->high;
  return true;
}

bool search_next(struct search *search, double *size) {
  bool again = true;
  if (search->count == SEARCH_PROBES)
    return false;
  if (scan(search, size))
    return true;
  while (again) {
    struct search_bracket brackets[SEARCH_BRACKETS];
    size_t count = search_brackets(search, brackets);
    if (count == 0 && !search->trusting) {
      search->trusting = true;
      count = search_brackets(search, brackets);
    }
    again = false;
    for (size_t i = 0; i < count && !again; i++)
      if (halve(search, &brackets[i], size, &again))
        return true;
  }
  return false;
}

void search_add(struct search *search, double size,
                const double serial_s[static SEARCH_PAIRS],
                const double parallel_s[static SEARCH_PAIRS]) {
  struct search_probe probe = {.size = size};
  double heights[SEARCH_PAIRS];
  int sum = 0;
  for (int i = 0; i < SEARCH_PAIRS; i++) {
    probe.serial_s[i] = serial_s[i];
    probe.parallel_s[i] = parallel_s[i];
    heights[i] = crossing_height(search->question, search->workers, serial_s[i],
                                 parallel_s[i]);
    sum += sign_of(heights[i]);
  }
  stats_sort(heights, SEARCH_PAIRS);
  probe.median = stats_median(heights, SEARCH_PAIRS);
  probe.decided = sum == SEARCH_PAIRS ? 1 : sum == -SEARCH_PAIRS ? -1 : 0;
  /* One inside the range already scanned is a bisection's. */
  size_t place = search->count;
  while (place > 0 && search->probes[place - 1].size > size)
    place--;
  probe.trusted = place < search->count;
  if (search->count == SEARCH_PROBES)
    return;
  memmove(&search->probes[place + 1], &search->probes[place],
          (search->count - place) * sizeof probe);
  search->probes[place] = probe;
  search->count++;
}

size_t search_brackets(const struct search *search,
                       struct search_bracket brackets[static SEARCH_BRACKETS]) {
  const struct search_probe *last = NULL;
  size_t count = 0;
  for (size_t i = 0; i < search->count; i++) {
    const struct search_probe *probe = &search->probes[i];
    int sign = sign_of_probe(search, probe);
    if (sign == 0)
      continue;
    if (last && sign != sign_of_probe(search, last) && count < SEARCH_BRACKETS)
      brackets[count++] =
          (struct search_bracket){last->size, probe->size, sign > 0};
    last = probe;
  }
  return count;
}
