#include "bench/analyze/busy.h"

#include "bench/analyze/checkup.h"
#include "bench/analyze/flags.h"
#include "bench/plan/cpulist.h"
#include "bench/plan/text.h"
#include "bench/record/look.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { SENTENCE = 1000, LIST = 100 };

/* What was seen, one clause after the other, and what to do about the first. */
struct seen {
  struct text text;
  const char *mend;
};

__attribute__((format(printf, 3, 4))) static void
add(struct seen *seen, const char *finding, const char *format, ...) {
  va_list list;
  text_put(&seen->text, ", ", seen->text.length > 0 ? 2 : 0);
  va_start(list, format);
  text_add_list(&seen->text, format, list);
  va_end(list);
  seen->mend = seen->mend ? seen->mend : checkup_mend(finding);
}

/* "CPU 1", "CPUs 0-3", or "5 CPUs" where they are too many to be named. */
static void name_cpus(const int *cpus, size_t count, char name[static LIST]) {
  char list[LIST - 8];
  if (cpulist_format(cpus, count, list, sizeof list) < 0)
    text_print(name, LIST, "%zu CPUs", count);
  else
    text_print(name, LIST, "CPU%s %s", count == 1 ? "" : "s", list);
}

/* Those of which others used too much, and how much of them. */
static void add_busy(const struct environment *e, const int *cpus,
                     struct seen *seen) {
  const struct numbers *shares = &e->look_shares;
  int *busy = calloc(shares->count + 1, sizeof *busy);
  double sum = 0;
  size_t count = 0;
  char name[LIST];
  for (size_t i = 0; busy && i < shares->count; i++)
    if (shares->values[i] > flags_others_share()) {
      sum += shares->values[i];
      busy[count++] = cpus[i];
    }
  if (count > 0) {
    name_cpus(busy, count, name);
    add(seen, "load", "others used %.0f%% of %s before the trials (%.2g s)",
        100 * sum / (double)count, name, e->look_s);
  }
  free(busy);
}

static void add_look(const struct environment *e, struct seen *seen) {
  int *cpus = calloc(CPULIST_MAX_INDEX + 1, sizeof *cpus);
  int count =
      cpus && e->look_cpus
          ? cpulist_parse(e->look_cpus, cpus, CPULIST_MAX_INDEX + 1, NULL, 0)
          : 0;
  char name[LIST];
  if (count > 0 && (size_t)count == e->look_shares.count)
    add_busy(e, cpus, seen);
  if (count > 0)
    name_cpus(cpus, (size_t)count, name);
  if (count > 0 && e->look_steal_share > flags_steal_spoils())
    add(seen, "steal",
        "the hypervisor gave %.0f%% of %s to others before the trials (%.2g s)",
        100 * e->look_steal_share, name, e->look_s);
  if (count > 0 && e->look_throttled_s > flags_others_share() * e->look_s)
    add(seen, "quota", "a CPU quota took %.2g s before the trials (%.2g s)",
        e->look_throttled_s, e->look_s);
  free(cpus);
}

/* What they used of the CPUs in use, as far as the others had no room for it;
 * so of one CPU of many it says nothing, but not what is not so. */
static void add_others(const struct environment *e, double others_cpus,
                       struct seen *seen) {
  double used = (double)e->usable_cpus;
  double room = (double)e->online_cpus - used;
  if (e->usable_cpus == FIELD_NULL || e->online_cpus == FIELD_NULL)
    return;
  if (others_cpus > fmax(0, room) + flags_others_share() * used)
    add(seen, "load", "others used %.2g of %" PRId64 " CPUs while trials ran",
        others_cpus, e->online_cpus);
}

char *busy_sentence(const struct environment *environment, double others_cpus) {
  char bytes[SENTENCE], sentence[2 * SENTENCE];
  struct seen seen = {.text = TEXT_BEGIN(bytes)};
  add_look(environment, &seen);
  add_others(environment, others_cpus, &seen);
  if (!seen.mend)
    return NULL;
  text_print(sentence, sizeof sentence, "A busy machine: %s.  To mend it: %s.",
             bytes, seen.mend);
  return strdup(sentence);
}
