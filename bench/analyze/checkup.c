#include "bench/analyze/checkup.h"

#include "bench/analyze/stats.h"
#include "bench/plan/text.h"
#include "bench/record/look.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* Where ok ends and warn ends.  Steal: as the report judges a run.  The others
 * are choices. */
static const struct {
  double warn, bad;
} limits[] = {
#define STEAL_SHARE limits[0]
    {0.01, 0.05},
#define BUSY_CPUS limits[1] /* half a CPU: one worker in two loses it */
    {0.1, 0.5},
#define SWAP_SHARE limits[2] /* of the memory; something is always swapped */
    {0.01, 0.10},
#define DIFFERENCE limits[3] /* past 5%, a speedup of 1.9 may be one of 2 */
    {0.02, 0.05},
};

/* An Amdahl fit takes five worker counts, a speedup two. */
enum { CPUS_FOR_FIT = 5, CPUS_FOR_SPEEDUP = 2 };

static enum checkup_level above(double value, double warn, double bad) {
  if (isnan(value))
    return CHECKUP_UNKNOWN;
  return value > bad ? CHECKUP_BAD : value > warn ? CHECKUP_WARN : CHECKUP_OK;
}

__attribute__((format(printf, 2, 3))) static void
say(struct checkup_finding *finding, const char *format, ...) {
  char raw[sizeof finding->found];
  struct text found = TEXT_BEGIN(finding->found);
  va_list arguments;
  va_start(arguments, format);
  /* What the environment holds need not be printable. */
  vsnprintf(raw, sizeof raw, format, arguments);
  text_show(&found, raw);
  va_end(arguments);
}

static void judge_cpus(const struct checkup_facts *facts,
                       struct checkup_finding *f) {
  int64_t cpus = facts->environment->usable_cpus;
  f->level = cpus < CPUS_FOR_SPEEDUP ? CHECKUP_BAD
             : cpus < CPUS_FOR_FIT   ? CHECKUP_WARN
                                     : CHECKUP_OK;
  say(f, "%" PRId64 " usable", cpus);
}

static void judge_quota(const struct checkup_facts *facts,
                        struct checkup_finding *f) {
  const struct environment *e = facts->environment;
  if (e->quota_set == FIELD_NULL)
    return;
  f->level = CHECKUP_OK;
  if (isnan(e->quota_cpus)) {
    say(f, "none");
    return;
  }
  if (e->quota_cpus < (double)e->hardware_threads)
    f->level = e->quota_cpus < 1 ? CHECKUP_BAD : CHECKUP_WARN;
  say(f, "%.3g CPUs of %" PRId64, e->quota_cpus, e->hardware_threads);
  if (e->throttled_s > 0)
    say(f, "%.3g CPUs of %" PRId64 ", throttled for %.3g s so far",
        e->quota_cpus, e->hardware_threads, e->throttled_s);
}

static void judge_steal(const struct checkup_facts *facts,
                        struct checkup_finding *f) {
  const struct environment *e = facts->environment;
  f->level = above(e->look_steal_share, STEAL_SHARE.warn, STEAL_SHARE.bad);
  if (f->level)
    say(f, "%.1f%% in %.2g s", 100 * e->look_steal_share, e->look_s);
}

static void judge_load(const struct checkup_facts *facts,
                       struct checkup_finding *f) {
  const struct environment *e = facts->environment;
  double busy_cpus = look_busy_cpus(e), load = e->load_1min;
  f->level = above(busy_cpus, BUSY_CPUS.warn, BUSY_CPUS.bad);
  if (f->level && isnan(load))
    say(f, "others kept %.2f CPUs busy in %.2g s", busy_cpus, e->look_s);
  else if (f->level)
    say(f, "others kept %.2f CPUs busy in %.2g s; load average %.2f", busy_cpus,
        e->look_s, load);
}

static void judge_governor(const struct checkup_facts *facts,
                           struct checkup_finding *f) {
  const char *governor = facts->environment->governor;
  if (!governor)
    return;
  f->level = strcmp(governor, "performance") == 0 ? CHECKUP_OK : CHECKUP_WARN;
  say(f, "%s", governor);
}

static void judge_turbo(const struct checkup_facts *facts,
                        struct checkup_finding *f) {
  int64_t turbo = facts->environment->turbo;
  if (turbo == FIELD_NULL)
    return;
  f->level = turbo ? CHECKUP_WARN : CHECKUP_OK;
  say(f, turbo ? "on" : "off");
}

static void judge_smt(const struct checkup_facts *facts,
                      struct checkup_finding *f) {
  const struct environment *e = facts->environment;
  if (e->smt == FIELD_NULL)
    return;
  f->level = e->smt == 1 ? CHECKUP_WARN : CHECKUP_OK;
  if (e->smt != 1)
    say(f, "one hardware thread per core in use");
  else
    say(f, "%" PRId64 " hardware threads on %" PRId64 " cores",
        e->hardware_threads, e->cores);
}

static void judge_topology(const struct checkup_facts *facts,
                           struct checkup_finding *f) {
  const char *hypervisor = facts->environment->hypervisor;
  bool none = hypervisor && strcmp(hypervisor, "none") == 0;
  bool hidden = facts->environment->online_cpus == FIELD_NULL;
  const char *about = hidden ? "; /sys tells nothing of its CPUs" : "";
  if (hypervisor && !(none && hidden))
    f->level = none ? CHECKUP_OK : CHECKUP_WARN;
  if (!hypervisor)
    say(f, "not told%s", about);
  else if (none)
    say(f, "no hypervisor%s", about);
  else if (strcmp(hypervisor, "unknown") == 0)
    say(f, "a hypervisor without a name runs this machine%s", about);
  else
    say(f, "%s runs this machine%s", hypervisor, about);
}

/* "always [madvise] never": the one in brackets is chosen. */
static void judge_huge_pages(const struct checkup_facts *facts,
                             struct checkup_finding *f) {
  const char *pages = facts->environment->huge_pages;
  const char *chosen = pages ? strchr(pages, '[') : NULL;
  if (!chosen)
    return;
  static const char *const choices[] = {"always", "madvise", "never"};
  for (size_t i = 0; i < sizeof choices / sizeof *choices; i++) {
    size_t length = strlen(choices[i]);
    if (strncmp(chosen + 1, choices[i], length) != 0 ||
        chosen[1 + length] != ']')
      continue;
    f->level = i == 0 ? CHECKUP_WARN : CHECKUP_OK;
    say(f, "%s", choices[i]);
  }
}

static void judge_swap(const struct checkup_facts *facts,
                       struct checkup_finding *f) {
  const struct environment *e = facts->environment;
  double share =
      e->memory_bytes > 0 ? e->swap_used_bytes / e->memory_bytes : (double)NAN;
  f->level = above(share, SWAP_SHARE.warn, SWAP_SHARE.bad);
  if (f->level)
    say(f, "%.0f MiB in use", e->swap_used_bytes / 0x1p20);
}

/* The fast ones are read without a system call.  Sources: vdso(7); in Linux,
 * the VDSO_CLOCKMODE_* of arch/x86/include/asm/vdso/clocksource.h and of
 * drivers/clocksource/arm_arch_timer.c. */
static void judge_clock(const struct checkup_facts *facts,
                        struct checkup_finding *f) {
  static const char *const fast[] = {"tsc", "kvm-clock", "arch_sys_counter",
                                     "hyperv_clocksource_tsc_page"};
  const char *source = facts->environment->clock_source;
  if (!source)
    return;
  f->level = CHECKUP_BAD;
  for (size_t i = 0; i < sizeof fast / sizeof *fast; i++)
    if (strcmp(source, fast[i]) == 0)
      f->level = CHECKUP_OK;
  if (strcmp(source, "xen") == 0)
    f->level = CHECKUP_WARN;
  say(f, "%s", source);
}

static void judge_power(const struct checkup_facts *facts,
                        struct checkup_finding *f) {
  const struct environment *e = facts->environment;
  bool low = e->power_profile && !strstr(e->power_profile, "balanced") &&
             strcmp(e->power_profile, "performance") != 0;
  bool battery = e->power_source && strcmp(e->power_source, "battery") == 0;
  if (!e->power_source && !e->power_profile)
    return;
  f->level = battery ? CHECKUP_BAD : low ? CHECKUP_WARN : CHECKUP_OK;
  say(f, "%s%s%s%s", e->power_source ? e->power_source : "",
      e->power_source && e->power_profile ? ", " : "",
      e->power_profile ? "profile " : "",
      e->power_profile ? e->power_profile : "");
}

static void judge_heat(const struct checkup_facts *facts,
                       struct checkup_finding *f) {
  int64_t count = facts->environment->thermal_throttles;
  if (count == FIELD_NULL)
    return;
  f->level = count > 0 ? CHECKUP_WARN : CHECKUP_OK;
  say(f, "too hot %" PRId64 " times since the system started", count);
}

/* Whether the settings, words "NAME=VALUE", give the variable a value that is
 * not "false" or "disabled". */
static bool sets(const char *settings, const char *name) {
  size_t length = strlen(name);
  for (const char *at = settings; at; at = strchr(at, ' ')) {
    at += *at == ' ';
    if (strncmp(at, name, length) != 0 || at[length] != '=')
      continue;
    const char *value = at + length + 1;
    size_t end = strcspn(value, " ");
    return end > 0 && !(end == 5 && strncasecmp(value, "false", end) == 0) &&
           !(end == 8 && strncasecmp(value, "disabled", end) == 0);
  }
  return false;
}

/* The first group is what `coresweep trial` refuses: settings.c. */
static void judge_openmp(const struct checkup_facts *facts,
                         struct checkup_finding *f) {
  static const struct {
    const char *name;
    enum checkup_level level;
  } variables[] = {
      {"OMP_PROC_BIND", CHECKUP_BAD},     {"OMP_PLACES", CHECKUP_BAD},
      {"GOMP_CPU_AFFINITY", CHECKUP_BAD}, {"KMP_AFFINITY", CHECKUP_BAD},
      {"KMP_HW_SUBSET", CHECKUP_BAD},     {"KMP_PLACE_THREADS", CHECKUP_BAD},
      {"OMP_THREAD_LIMIT", CHECKUP_WARN}, {"OMP_DYNAMIC", CHECKUP_WARN},
      {"OMP_NUM_THREADS", CHECKUP_OK},
  };
  const char *settings = facts->environment->omp_settings;
  f->level = CHECKUP_OK;
  say(f, "%s", settings ? settings : "no settings");
  for (size_t i = 0; i < sizeof variables / sizeof *variables; i++)
    if (variables[i].level > f->level && sets(settings, variables[i].name)) {
      f->level = variables[i].level;
      say(f, "%s is set", variables[i].name);
    }
}

static void judge_aa(const struct checkup_facts *facts,
                     struct checkup_finding *f) {
  const struct checkup_aa *aa = &facts->aa;
  if (aa->failure) {
    say(f, "not measured: %s", aa->failure);
    return;
  }
  if (aa->rounds == 0 || isnan(aa->ratio.low) || isnan(aa->difference))
    return;
  bool differs = aa->ratio.low > 1 || aa->ratio.high < 1;
  f->level = above(aa->difference, DIFFERENCE.warn, DIFFERENCE.bad);
  if (differs && f->level == CHECKUP_OK)
    f->level = CHECKUP_WARN; /* chance gives that in one case of 20 */
  say(f,
      "the same point twice differed by %.2g%%%s: A/B %.4f (%.4f to %.4f) in "
      "%" PRIu32
      " rounds; %d rounds would show differences from about %.3g%% on",
      100 * fabs(aa->ratio.median - 1),
      differs ? ", surely more than nothing, as one checkup of 20 says by "
                "chance"
              : "",
      aa->ratio.median, aa->ratio.low, aa->ratio.high, aa->rounds,
      CHECKUP_ROUNDS, 100 * aa->difference);
}

static const struct {
  const char *name;
  void (*judge)(const struct checkup_facts *facts, struct checkup_finding *f);
  const char *means, *mend;
} checks[] = {
    {"CPUs", judge_cpus,
     "a speedup takes 2 CPUs, a fitted model 5 worker counts",
     "`taskset -cp $$` shows the affinity mask; give the container or the "
     "virtual machine more CPUs"},
    {"quota", judge_quota,
     "past the quota all workers are stopped at once, for up to 0.1 s",
     "start the container without a CPU limit (docker: no --cpus; systemd: no "
     "CPUQuota=)"},
    {"steal", judge_steal, "the hypervisor gives these CPUs to others as well",
     "another time or another host; dedicated CPUs, where a cloud has them"},
    {"load", judge_load, "workers wait for their CPU: results are too slow",
     "`ps aux --sort=-%cpu | head` names who it is; end it, or wait"},
    {"governor", judge_governor, "the clock rises only after some load",
     "sudo cpupower frequency-set -g performance"},
    {"turbo", judge_turbo,
     "one busy core may clock higher than all together: speedups look smaller",
     "echo 1 | sudo tee /sys/devices/system/cpu/intel_pstate/no_turbo, or "
     "echo 0 | sudo tee /sys/devices/system/cpu/cpufreq/boost"},
    {"SMT", judge_smt,
     "two workers may share a core; coresweep uses these CPUs last and breaks "
     "the line there",
     "echo off | sudo tee /sys/devices/system/cpu/smt/control"},
    {"topology", judge_topology,
     "cores, siblings and core kinds may be invented, and binding is to "
     "virtual CPUs",
     "mount /sys where it is hidden; else nothing from inside: compare only "
     "with runs on the same kind of machine"},
    {"huge pages", judge_huge_pages,
     "whether memory gets them depends on what ran before",
     "echo madvise | sudo tee /sys/kernel/mm/transparent_hugepage/enabled"},
    {"swap", judge_swap, "memory was short: pages may have to be read back",
     "free memory, then sudo swapoff -a && sudo swapon -a"},
    {"clock", judge_clock, "a stamp is a system call of about 1 us",
     "echo tsc | sudo tee "
     "/sys/devices/system/clocksource/clocksource0/current_clocksource, where "
     "available_clocksource has it"},
    {"power", judge_power, "the clock is kept low to save energy",
     "plug it in; powerprofilesctl set performance"},
    {"heat", judge_heat, "the clock was lowered to cool the processor",
     "let it cool down between runs; more air"},
    {"OpenMP", judge_openmp,
     "the runtime binds the process, or changes the number of threads, before "
     "coresweep can",
     "unset that variable, and use --bind or --cpus"},
    {"A/A", judge_aa,
     "the same point, measured twice, may differ by more than what is looked "
     "for",
     "mend what is named above; or more rounds: `coresweep sweep --rounds "
     "30`"},
};

size_t checkup_judge(const struct checkup_facts *facts,
                     struct checkup_finding findings[CHECKUP_FINDINGS]) {
  size_t count = sizeof checks / sizeof *checks;
  _Static_assert(sizeof checks / sizeof *checks <= CHECKUP_FINDINGS,
                 "room for all findings");
  for (size_t i = 0; i < count; i++) {
    findings[i] = (struct checkup_finding){.name = checks[i].name,
                                           .level = CHECKUP_UNKNOWN,
                                           .found = "not told",
                                           .means = checks[i].means,
                                           .mend = checks[i].mend};
    checks[i].judge(facts, &findings[i]);
  }
  return count;
}

const char *checkup_mend(const char *name) {
  size_t i = 0;
  while (strcmp(checks[i].name, name) != 0)
    i++;
  return checks[i].mend;
}

const char *checkup_level_name(enum checkup_level level) {
  static const char *const names[] = {[CHECKUP_UNKNOWN] = "?",
                                      [CHECKUP_OK] = "ok",
                                      [CHECKUP_WARN] = "warn",
                                      [CHECKUP_BAD] = "bad"};
  return names[level];
}

enum checkup_level checkup_worst(const struct checkup_finding *findings,
                                 size_t count) {
  enum checkup_level worst = CHECKUP_UNKNOWN;
  for (size_t i = 0; i < count; i++)
    worst = findings[i].level > worst ? findings[i].level : worst;
  return worst;
}

double checkup_difference(const double *above, const double *below, size_t n,
                          uint32_t rounds) {
  const double z975 = 1.959964, z80 = 0.841621, z75 = 0.674490;
  const double half_pi = 1.570796;
  double *x = calloc(n + 1, sizeof *x);
  double difference = (double)NAN;
  if (x && n >= STATS_SAMPLES_MIN) {
    for (size_t i = 0; i < n; i++)
      x[i] = log(above[i] / below[i]);
    stats_sort(x, n);
    double median = stats_median(x, n);
    for (size_t i = 0; i < n; i++)
      x[i] = fabs(x[i] - median);
    stats_sort(x, n);
    double sigma = stats_median(x, n) / z75;
    difference = expm1((z975 + z80) * sqrt(half_pi / rounds) * sigma);
  }
  free(x);
  return difference;
}
