/* test_doctor.c: what the doctor thinks of fake machines. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "bench/analyze/checkup.h"
#include "bench/analyze/stats.h"
#include "bench/plan/quota.h"
#include "bench/tests/tree_fixture.h"
#include "kernels/kernel.h"

#include <math.h>

#define LENGTH(array) (sizeof(array) / sizeof(array)[0])

#define CPU   "/sys/devices/system/cpu"
#define POWER "/sys/class/power_supply"
#define CLOCK "/sys/devices/system/clocksource/clocksource0/current_clocksource"
#define PAGES "/sys/kernel/mm/transparent_hugepage/enabled"

enum { FILES = 16 };

/* A machine, what was measured on it, and the levels that it gets: pairs of a
 * finding's name and its level, and text in it. */
static const struct patient {
  const char *name;
  const char *topology; /* hwloc's synthetic notation */
  double steal_share, busy_cpus, difference;
  const char *setting[2]; /* a variable of OpenMP's */
  const char *files[FILES][2];
  const char *levels[FILES][3];
  enum checkup_level worst;
} patients[] = {
    {"one that tells nothing",
     "core:8 pu:1",
     (double)NAN,
     (double)NAN,
     0.001,
     {NULL},
     {{"/other", ""}},
     {{"CPUs", "ok", "8 usable"},
      {"quota", "?", "not told"},
      {"steal", "?", "not told"},
      {"load", "?", "not told"},
      {"governor", "?", "not told"},
      {"turbo", "?", "not told"},
      {"SMT", "ok", ""},
      {"topology", "?", "not told"},
      {"huge pages", "?", "not told"},
      {"swap", "?", "not told"},
      {"clock", "?", "not told"},
      {"power", "?", "not told"},
      {"heat", "?", "not told"},
      {"OpenMP", "ok", ""},
      {"A/A", "ok", "0.1%"}},
     CHECKUP_OK},
    {"one as it should be",
     "core:5 pu:1",
     0.01,
     0.1,
     0.02,
     {"OMP_PROC_BIND", "false"},
     {{CPU "/online", "0-4\n"},
      {CPU "/cpu0/cpufreq/scaling_governor", "performance\n"},
      {CPU "/intel_pstate/no_turbo", "1\n"},
      {PAGES, "always [madvise] never\n"},
      {CLOCK, "tsc\n"},
      {"/proc/meminfo",
       "MemTotal: 1000000 kB\nSwapTotal: 5000 kB\nSwapFree: 5000 kB\n"},
      {POWER "/AC/type", "Mains\n"},
      {POWER "/AC/online", "1\n"},
      {"/proc/cpuinfo", "flags : fpu\n"},
      {"/proc/self/cgroup", "0::/\n"},
      {"/sys/fs/cgroup/cgroup.procs", ""},
      {CPU "/cpu0/thermal_throttle/core_throttle_count", "0\n"}},
     {{"CPUs", "ok", "5"},
      {"quota", "ok", "none"},
      {"topology", "ok", "no hypervisor"},
      {"steal", "ok", "1.0%"},
      {"load", "ok", "0.10"},
      {"governor", "ok", "performance"},
      {"turbo", "ok", "off"},
      {"huge pages", "ok", "madvise"},
      {"swap", "ok", "0 MiB"},
      {"clock", "ok", "tsc"},
      {"power", "ok", "mains"},
      {"heat", "ok", "0 times"},
      {"OpenMP", "ok", ""},
      {"A/A", "ok", "2%"}},
     CHECKUP_OK},
    {"one with much to warn of",
     "core:2 pu:2",
     0.02,
     0.3,
     0.03,
     {"OMP_THREAD_LIMIT", "4"},
     {{CPU "/cpu0/cpufreq/scaling_governor", "powersave\n"},
      {CPU "/cpufreq/boost", "1\n"},
      {PAGES, "[always] madvise never\n"},
      {CLOCK, "xen\n"},
      {"/proc/meminfo",
       "MemTotal: 1000000 kB\nSwapTotal: 60000 kB\nSwapFree: 20000 kB\n"},
      {"/proc/cpuinfo", "flags : hypervisor\n"},
      {"/sys/hypervisor/type", "xen\n"},
      {"/proc/self/cgroup", "0::/a\n"},
      {"/sys/fs/cgroup/a/cpu.max", "250000 100000\n"},
      {"/sys/fs/cgroup/a/cpu.stat", "throttled_usec 1250000\n"},
      {"/sys/firmware/acpi/platform_profile", "low-power\n"},
      {CPU "/cpu1/thermal_throttle/core_throttle_count", "7\n"}},
     {{"CPUs", "warn", "2 usable"},
      {"quota", "warn", "2.5 CPUs of 4, throttled for 1.25 s"},
      {"steal", "warn", "2.0%"},
      {"load", "warn", "0.30"},
      {"governor", "warn", "powersave"},
      {"turbo", "warn", "on"},
      {"SMT", "warn", "4 hardware threads on 2 cores"},
      {"topology", "warn", "Xen"},
      {"huge pages", "warn", "always"},
      {"swap", "warn", "39 MiB"},
      {"clock", "warn", "xen"},
      {"power", "warn", "low-power"},
      {"heat", "warn", "7 times"},
      {"OpenMP", "warn", "OMP_THREAD_LIMIT"},
      {"A/A", "warn", "3%"}},
     CHECKUP_WARN},
    {"one on which nothing can be measured",
     "core:2 pu:1",
     0.06,
     0.6,
     0.06,
     {"OMP_PLACES", "cores"},
     {{CLOCK, "acpi_pm\n"},
      {"/proc/meminfo",
       "MemTotal: 1000000 kB\nSwapTotal: 600000 kB\nSwapFree: 20000 kB\n"},
      {"/proc/self/cgroup", "1:cpu:/a\n"},
      {"/sys/fs/cgroup/cpu/a/cpu.cfs_quota_us", "50000\n"},
      {"/sys/fs/cgroup/cpu/a/cpu.cfs_period_us", "100000\n"},
      {POWER "/BAT0/type", "Battery\n"},
      {POWER "/BAT0/status", "Discharging\n"}},
     {{"CPUs", "bad", "1 usable"},
      {"quota", "bad", "0.5 CPUs of 2"},
      {"steal", "bad", "6.0%"},
      {"load", "bad", "0.60"},
      {"swap", "bad", "566 MiB"},
      {"clock", "bad", "acpi_pm"},
      {"power", "bad", "battery"},
      {"OpenMP", "bad", "OMP_PLACES"},
      {"A/A", "bad", "6%"}},
     CHECKUP_BAD},
    {"one that tells nothing of its cores",
     "pu:8",
     (double)NAN,
     (double)NAN,
     0.001,
     {NULL},
     {{PAGES, "always [nonsense] never\n"},
      {"/proc/meminfo", "MemTotal: 0 kB\nSwapTotal: 0 kB\nSwapFree: 0 kB\n"}},
     {{"SMT", "?", "not told"},
      {"huge pages", "?", "not told"},
      {"swap", "?", "not told"}},
     CHECKUP_OK},
    {"WSL2",
     "core:8 pu:1",
     0,
     0,
     0.001,
     {NULL},
     {{"/proc/sys/kernel/osrelease", "5.15.90.1-microsoft-standard-WSL2\n"},
      {CLOCK, "hyperv_clocksource_tsc_page\n"}},
     {{"topology", "warn", "WSL2"}, {"clock", "ok", "hyperv"}},
     CHECKUP_WARN},
};

static void check_finding(const struct patient *patient,
                          const char *const want[3],
                          const struct checkup_finding *findings,
                          size_t count) {
  size_t i = 0;
  while (i < count && strcmp(findings[i].name, want[0]) != 0)
    i++;
  if (i == count)
    fail_msg("%s: no finding '%s'", patient->name, want[0]);
  const char *level = checkup_level_name(findings[i].level);
  if (strcmp(level, want[1]) != 0 || !strstr(findings[i].found, want[2]))
    fail_msg("%s: %s is %s (%s) instead of %s (%s)", patient->name, want[0],
             level, findings[i].found, want[1], want[2]);
  assert_true(*findings[i].means && *findings[i].mend);
}

/* What a look of a second saw. */
static void set_look(struct environment *e, double steal_share,
                     double busy_cpus) {
  e->look_s = 1;
  e->look_steal_share = steal_share;
  e->look_shares = (struct numbers){malloc(sizeof(double)), 1};
  assert_non_null(e->look_shares.values);
  *e->look_shares.values = busy_cpus;
}

static void check_patient(const struct patient *patient) {
  char root[TREE_ROOT];
  struct environment environment;
  struct machine machine = tree_machine(patient->topology);
  struct checkup_finding findings[CHECKUP_FINDINGS];
  tree_fill(root, patient->files, FILES);
  if (patient->setting[0])
    setenv(patient->setting[0], patient->setting[1], 1);
  machine.quota_cpus = quota_cpus(root);
  machine.usable_cpus =
      quota_usable_cpus(machine.topology.cores, machine.quota_cpus);
  environment_gather_from(root, &machine, "cores", NULL, &environment);
  if (patient->setting[0])
    unsetenv(patient->setting[0]);
  tree_remove(root);
  machine_free(&machine);
  set_look(&environment, patient->steal_share, patient->busy_cpus);
  const struct checkup_facts facts = {
      .environment = &environment,
      .aa = {.rounds = 20,
             .ratio = {1, 0.99, 1.01},
             .difference = patient->difference}};
  size_t count = checkup_judge(&facts, findings);
  for (size_t i = 0; i < FILES && patient->levels[i][0]; i++)
    check_finding(patient, patient->levels[i], findings, count);
  if (checkup_worst(findings, count) != patient->worst)
    fail_msg("%s: the worst is %s", patient->name,
             checkup_level_name(checkup_worst(findings, count)));
  json_t *json = checkup_json(&facts, findings, count);
  assert_int_equal(json_array_size(json_object_get(json, "findings")), count);
  assert_string_equal(json_string_value(json_object_get(json, "worst")),
                      checkup_level_name(patient->worst));
  json_decref(json);
  fields_free(environment_fields, &environment);
}

static void findings_follow_from_the_facts(void **state) {
  (void)state;
  for (size_t i = 0; i < LENGTH(patients); i++)
    check_patient(&patients[i]);
}

/* The last finding, for an A/A as given. */
static struct checkup_finding judge_aa(const struct checkup_aa *aa) {
  struct checkup_finding findings[CHECKUP_FINDINGS];
  struct environment environment;
  fields_clear(environment_fields, &environment);
  const struct checkup_facts facts = {.environment = &environment, .aa = *aa};
  size_t count = checkup_judge(&facts, findings);
  return findings[count - 1];
}

static void an_aa_is_judged_by_what_it_shows(void **state) {
  struct checkup_aa aa = {
      .rounds = 20, .ratio = {0.98, 0.97, 0.99}, .difference = 0.001};
  (void)state;
  struct checkup_finding finding = judge_aa(&aa);
  assert_string_equal(finding.name, "A/A");
  assert_int_equal(finding.level, CHECKUP_WARN);
  assert_string_equal(
      finding.found,
      "the same point twice differed by 2%, surely more than nothing, as one "
      "checkup of 20 says by chance: A/B 0.9800 (0.9700 to 0.9900) in 20 "
      "rounds; 15 rounds would show differences from about 0.1% on");
  aa.ratio.high = 1.0;
  finding = judge_aa(&aa);
  assert_int_equal(finding.level, CHECKUP_OK);
  assert_non_null(strstr(finding.found, "differed by 2%: A/B"));
  aa = (struct checkup_aa){.rounds = 0};
  assert_int_equal(judge_aa(&aa).level, CHECKUP_UNKNOWN);
  aa.failure = "killed by signal 9";
  finding = judge_aa(&aa);
  assert_int_equal(finding.level, CHECKUP_UNKNOWN);
  assert_string_equal(finding.found, "not measured: killed by signal 9");
}

/* Without /sys: whoever runs the machine, of its CPUs little is known. */
static void a_hidden_sys_is_told(void **state) {
  char xen[] = "Xen", none[] = "none";
  struct checkup_finding findings[CHECKUP_FINDINGS];
  struct environment environment;
  const struct checkup_facts facts = {.environment = &environment};
  static const char *const found[] = {
      "not told; /sys tells nothing of its CPUs",
      "Xen runs this machine; /sys tells nothing of its CPUs",
      "no hypervisor; /sys tells nothing of its CPUs"};
  (void)state;
  fields_clear(environment_fields, &environment);
  for (size_t i = 0; i < LENGTH(found); i++) {
    environment.hypervisor = i == 1 ? xen : i == 2 ? none : NULL;
    size_t count = checkup_judge(&facts, findings), at = 0;
    while (at < count && strcmp(findings[at].name, "topology") != 0)
      at++;
    assert_true(at < count);
    assert_int_equal(findings[at].level,
                     i == 1 ? CHECKUP_WARN : CHECKUP_UNKNOWN);
    assert_string_equal(findings[at].found, found[i]);
  }
}

/* What a machine does not offer is not 0. */
static void an_unknown_load_average_is_not_said(void **state) {
  struct checkup_finding findings[CHECKUP_FINDINGS];
  struct environment environment;
  (void)state;
  fields_clear(environment_fields, &environment);
  set_look(&environment, (double)NAN, 0.2);
  const struct checkup_facts facts = {.environment = &environment};
  size_t count = checkup_judge(&facts, findings), i = 0;
  while (i < count && strcmp(findings[i].name, "load") != 0)
    i++;
  assert_true(i < count);
  assert_string_equal(findings[i].found, "others kept 0.20 CPUs busy in 1 s");
  fields_free(environment_fields, &environment);
}

static double uniform(uint64_t seed, uint64_t index) {
  return ((double)(kernel_random(seed, index) >> 11) + 0.5) * 0x1p-53;
}

/* A normal deviate.  Source: Box & Muller, 1958. */
static double normal(uint64_t seed, uint64_t index) {
  return sqrt(-2 * log(uniform(seed, 2 * index))) *
         cos(2 * acos(-1.0) * uniform(seed, 2 * index + 1));
}

/* Of many runs of 15 rounds with just that difference, about four in five must
 * show it; without a difference, one in twenty or fewer. */
static void the_smallest_difference_is_shown_as_often_as_said(void **state) {
  enum { RUNS = 2000, SAMPLE = 20001, ROUNDS = CHECKUP_ROUNDS };
  const double sigma = 0.03;
  static double a[SAMPLE], b[SAMPLE];
  int shown = 0, false_alarms = 0;
  (void)state;
  for (int i = 0; i < SAMPLE; i++) {
    a[i] = exp(sigma * normal(1, (uint64_t)i));
    b[i] = 1;
  }
  double difference = checkup_difference(a, b, SAMPLE, ROUNDS);
  for (int run = 0; run < RUNS; run++) {
    for (int i = 0; i < ROUNDS; i++)
      a[i] = exp(sigma * normal(2, (uint64_t)(run * ROUNDS + i)));
    struct interval ratio = stats_ratio_interval(a, b, ROUNDS);
    false_alarms += ratio.low > 1 || ratio.high < 1;
    for (int i = 0; i < ROUNDS; i++)
      a[i] *= 1 + difference;
    shown += stats_ratio_interval(a, b, ROUNDS).low > 1;
  }
  assert_in_range(shown, RUNS * 70 / 100, RUNS * 85 / 100);
  assert_in_range(false_alarms, 1, RUNS * 5 / 100);
}

static void a_difference_takes_six_rounds(void **state) {
  const double one[] = {1, 1, 1, 1, 1, 1};
  const double two[] = {1, 2, 1, 2, 1, 2};
  (void)state;
  assert_true(isnan(checkup_difference(two, one, 5, 15)));
  assert_true(checkup_difference(one, one, 6, 15) == 0);
  /* Deviations of ln 2 / 2 each: exp(2.8016 sqrt(1.5708 / 15) 0.5138) - 1. */
  assert_true(fabs(checkup_difference(two, one, 6, 15) - 0.59335) < 1e-4);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(findings_follow_from_the_facts),
      cmocka_unit_test(an_aa_is_judged_by_what_it_shows),
      cmocka_unit_test(a_hidden_sys_is_told),
      cmocka_unit_test(an_unknown_load_average_is_not_said),
      cmocka_unit_test(the_smallest_difference_is_shown_as_often_as_said),
      cmocka_unit_test(a_difference_takes_six_rounds),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
