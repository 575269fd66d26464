#include "bench/analyze/flags.h"

#include "bench/plan/text.h"
#include "bench/record/record.h"

#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

/* Every threshold.  None but the clock's comes from a source: they are choices,
 * each with its reason. */
static const struct {
  double short_region_s, overhead_share, run_delay_share, clock_ratio,
      steal_warns, steal_spoils, drift_p, most_hz, memory_share, memory_caches,
      matters, others_share, noticed;
  size_t drift_rounds;
  int64_t serial_blocks;
} limits = {
    .short_region_s = 0.001,   /* tens of µs, as teams take, are over 1% */
    .overhead_share = 0.5,     /* what "mostly" means */
    .run_delay_share = 0.02,   /* twice the jitter of a quiet machine, 1% */
    .clock_ratio = 0.98,       /* below what intervals of 15 rounds resolve */
    .steal_warns = 0.01,       /* as large as the differences looked for */
    .steal_spoils = 0.05,      /* larger than most of them */
    .drift_p = 0.05,           /* as of every interval here */
    .drift_rounds = 6,         /* the fewest with an interval */
    .serial_blocks = 9,        /* as trials of a point, for its median */
    .most_hz = 7e9,            /* no processor of 2025 reaches 7 GHz */
    .memory_share = 0.9,       /* less leaves a tenth that is not memory's */
    .memory_caches = 4,        /* then at most a quarter of it lies in caches */
    .matters = 0.05,           /* less changes nobody's decision */
    .others_share = 0.1,       /* of CPUs in use; some ticks of 10 ms */
    .noticed = RECORD_NOTICED, /* of a run's time: f is told to about as much */
};

const struct flag_about flag_table[FLAGS] = {
    [FLAG_REFUSED] = {.word = "refused",
                      .mark = "✗",
                      .meaning =
                          "its times cannot be what they say: see Refused"},
    [FLAG_SHORT] = {.word = "short-region",
                    .mark = "*",
                    .meaning = "the region took under 1 ms",
                    .older = "overhead-dominated"},
    [FLAG_OVERHEAD] =
        {.word = "mostly-overhead",
         .mark = "∅",
         .meaning =
             "an empty region takes more than half as long as the region"},
    [FLAG_IDLE] = {.word = "idle-workers",
                   .mark = "†",
                   .meaning =
                       "in some trial not every worker had something to do"},
    [FLAG_CONTENDED] = {.word = "contended",
                        .mark = "‡",
                        .meaning =
                            "workers waited for a CPU, or others used it"},
    [FLAG_DRIFT] = {.word = "drift",
                    .mark = "~",
                    .meaning = "its region times rise or fall over the rounds"},
    [FLAG_CLOCK_DROP] = {.word = "clock-drop",
                         .mark = "↓",
                         .meaning =
                             "the CPUs' clock was over 2% slower than with one "
                             "worker"},
    [FLAG_THROTTLED] = {.word = "throttled",
                        .mark = "!",
                        .meaning = "in some trial a CPU quota took time away"},
    [FLAG_SWAPPED] = {.word = "swapped",
                      .mark = "$",
                      .meaning = "in some trial the machine swapped"},
    [FLAG_HOT] = {.word = "hot",
                  .mark = "°",
                  .meaning =
                      "in some trial a core was slowed down for its heat"},
    [FLAG_WIDE] = {.word = "wide",
                   .mark = "±",
                   .meaning = "an interval of its speedup reaches over 5% to "
                              "either side",
                   .drawn = true},
    [FLAG_BIMODAL] = {.word = "bimodal",
                      .mark = "¦",
                      .meaning = "its times lie around two values, and between "
                                 "them none does"},
    [FLAG_ABOVE] = {.word = "above-p",
                    .mark = "↑",
                    .meaning = "its speedup is surely above the workers, or "
                               "what their CPUs deliver together"},
    [FLAG_SMT] = {.word = "smt",
                  .mark = "²",
                  .meaning = "some workers share a core (SMT siblings)",
                  .breaks = "SMT siblings"},
    [FLAG_SLOW_CORES] = {.word = "slow-cores",
                         .mark = "§",
                         .meaning =
                             "some workers run on cores of a slower kind",
                         .breaks = "slower cores"},
    [FLAG_NUMA] = {.word = "numa",
                   .mark = "#",
                   .meaning = "the workers span several NUMA nodes",
                   .breaks = "another NUMA node"},
};

size_t flags_drift_rounds(void) {
  return limits.drift_rounds;
}

double flags_memory_share(void) {
  return limits.memory_share;
}

double flags_memory_caches(void) {
  return limits.memory_caches;
}

double flags_matters(void) {
  return limits.matters;
}

double flags_noticed(void) {
  return limits.noticed;
}

int64_t flags_serial_blocks(void) {
  return limits.serial_blocks;
}

double flags_others_share(void) {
  return limits.others_share;
}

double flags_steal_spoils(void) {
  return limits.steal_spoils;
}

double flags_most_hz(void) {
  return limits.most_hz;
}

static bool is_among(const char *flags, const char *word) {
  size_t length = strlen(word);
  for (const char *at = flags; at && *at;) {
    size_t here = strcspn(at, " ");
    if (here == length && memcmp(at, word, length) == 0)
      return true;
    at += here + strspn(at + here, " ");
  }
  return false;
}

bool flag_is_set(const struct result *result, enum flag flag) {
  const struct flag_about *about = &flag_table[flag];
  return is_among(result->flags, about->word) ||
         (about->older && is_among(result->flags, about->older));
}

const struct flag_about *flags_spoilt(const struct result *result) {
  static const enum flag spoil[] = {FLAG_REFUSED, FLAG_CONTENDED,
                                    FLAG_THROTTLED, FLAG_SWAPPED};
  for (size_t i = 0; i < sizeof spoil / sizeof *spoil; i++)
    if (flag_is_set(result, spoil[i]))
      return &flag_table[spoil[i]];
  return NULL;
}

static bool reaches(int64_t workers, int64_t from) {
  return from != FIELD_NULL && from > 0 && workers >= from;
}

bool flags_crowded(double others_cpus, double workers, double online_cpus) {
  return others_cpus >
         fmax(0, online_cpus - workers) + limits.others_share * workers;
}

/* Of a program no waiting is known, but what all others used. */
static bool is_crowded(const struct result *r, double online_cpus) {
  double workers = (double)r->workers;
  return flags_crowded(r->others_cpus.median, workers, online_cpus);
}

/* Of what it reaches to each side, as a share, on a logarithmic scale. */
static bool is_wide(struct interval speedup) {
  return log(speedup.high / speedup.low) / 2 > log1p(limits.matters);
}

/* Beyond it is what caches, or a serial program that is another one, give. */
static bool is_above(struct interval speedup, const struct result *r,
                     const struct flag_facts *facts) {
  return speedup.low > (double)r->workers ||
         (r->oversubscribed != 1 && speedup.low > facts->capacity);
}

static bool holds(enum flag flag, const struct result *r,
                  const struct flag_facts *facts) {
  switch (flag) {
  case FLAG_REFUSED:
    return r->refused != NULL;
  case FLAG_SHORT:
    return r->region_s.median < limits.short_region_s;
  case FLAG_OVERHEAD:
    return facts->empty_share.low > limits.overhead_share;
  case FLAG_IDLE:
    return r->workers_seen != FIELD_NULL && r->workers_seen < r->workers;
  case FLAG_CONTENDED:
    return facts->run_delay_share > limits.run_delay_share ||
           is_crowded(r, facts->online_cpus);
  case FLAG_DRIFT:
    return facts->trend_p < limits.drift_p;
  case FLAG_CLOCK_DROP:
    return r->clock_ratio.high < limits.clock_ratio;
  case FLAG_THROTTLED:
    return facts->throttled;
  case FLAG_SWAPPED:
    return facts->swapped;
  case FLAG_HOT:
    return facts->hot;
  case FLAG_WIDE:
    return is_wide(r->speedup_abs) || is_wide(r->program_speedup);
  case FLAG_BIMODAL:
    return facts->bimodal;
  case FLAG_ABOVE:
    return r->workers > 1 && (is_above(r->speedup_abs, r, facts) ||
                              is_above(r->program_speedup, r, facts));
  case FLAG_SMT:
    return reaches(r->workers, facts->siblings_from);
  case FLAG_SLOW_CORES:
    return reaches(r->workers, facts->slower_from);
  case FLAG_NUMA:
    return reaches(r->workers, facts->numa_from);
  case FLAGS:
    break;
  }
  return false;
}

char *flags_of(const struct result *result, const struct flag_facts *facts) {
  char words[256];
  struct text text = TEXT_BEGIN(words);
  for (int f = 0; f < FLAGS; f++)
    if (holds((enum flag)f, result, facts))
      text_add(&text, "%s%s", text.length > 0 ? " " : "", flag_table[f].word);
  return strdup(words);
}

/* ---- the run ---------------------------------------------------------- */

enum { WARNINGS = 1000 };

static void warn(struct text *text, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static void warn(struct text *text, const char *format, ...) {
  va_list list;
  text_put(text, " ", text->length > 0);
  va_start(list, format);
  text_add_list(text, format, list);
  va_end(list);
}

char *run_warnings(const struct run_noise *noise) {
  char bytes[WARNINGS];
  struct text text = TEXT_BEGIN(bytes);
  double steal = noise->steal_share;
  if (2 * noise->throttled_rounds > noise->rounds)
    warn(&text,
         "A CPU quota took time away in %" PRId64 " of %" PRId64
         " rounds: the times are the quota's as much as the program's.",
         noise->throttled_rounds, noise->rounds);
  if (2 * noise->swapped_rounds > noise->rounds)
    warn(&text,
         "The machine swapped in %" PRId64 " of %" PRId64
         " rounds: the times are the disk's as much as the program's.",
         noise->swapped_rounds, noise->rounds);
  if (2 * noise->hot_rounds > noise->rounds)
    warn(&text,
         "Cores were slowed down for their heat in %" PRId64 " of %" PRId64
         " rounds: the times are the cooling's as much as the program's.",
         noise->hot_rounds, noise->rounds);
  if (steal > limits.steal_spoils)
    warn(&text,
         "The hypervisor took %.1f%% of the CPUs' time (steal, over 5%%): this "
         "run is not comparable with others.",
         100 * steal);
  else if (steal > limits.steal_warns)
    warn(&text,
         "The hypervisor took %.1f%% of the CPUs' time (steal, over 1%%): do "
         "not trust differences of that size.",
         100 * steal);
  if (noise->clock_refused > 0)
    warn(&text,
         "%" PRId64 " clock reading%s above 7 GHz: no processor's clock, and "
         "not used.",
         noise->clock_refused, noise->clock_refused == 1 ? " is" : "s are");
  return *bytes ? strdup(bytes) : NULL;
}
