/* test_environment.c: environment.json from fake machines: what is there is
 * told, what is missing is null. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "bench/plan/quota.h"
#include "bench/record/environment.h"
#include "bench/record/environment_system.h"
#include "bench/tests/tree_fixture.h"

#include <math.h>
#include <unistd.h>

#define LENGTH(array) (sizeof(array) / sizeof(array)[0])

#define CPU   "/sys/devices/system/cpu"
#define DMI   "/sys/class/dmi/id"
#define POWER "/sys/class/power_supply"

enum { FILES = 32 };

/* A tree of files, and what environment.json says of it: pairs of a key and
 * its value as JSON. */
static const struct tree {
  const char *name;
  const char *topology; /* hwloc's synthetic notation */
  const char *files[FILES][2];
  const char *expected[FILES][2];
} trees[] = {
    {"nothing there",
     "pu:1",
     {{"/other", ""}},
     {{"cpu_model", "null"},     {"hypervisor", "null"},
      {"container", "null"},     {"system", "null"},
      {"online_cpus", "null"},   {"smt_control", "null"},
      {"throttled_s", "null"},   {"thermal_throttles", "null"},
      {"memory_bytes", "null"},  {"swap_used_bytes", "null"},
      {"load_1min", "null"},     {"governor", "null"},
      {"turbo", "null"},         {"power_source", "null"},
      {"power_profile", "null"}, {"huge_pages", "null"},
      {"clock_source", "null"},  {"quota_cpus", "null"},
      {"quota_set", "null"},     {"memory_limited", "null"},
      {"core_kinds", "null"},    {"packages", "null"},
      {"seed", "null"},          {"siblings", "[]"},
      {"affinity", "\"0\""},     {"machine", "\"1-CPU machine\""}}},
    {"a bare machine of 4 cores with SMT",
     "l3:2(size=33554432) core:2 pu:2",
     {{"/proc/cpuinfo", "model name\t: Big CPU 9\nflags\t\t: fpu vme\n"},
      {"/proc/sys/kernel/ostype", "Linux\n"},
      {"/proc/sys/kernel/osrelease", "6.1.0-13-amd64\n"},
      {"/proc/meminfo", "MemTotal:       1024 kB\nSwapTotal: 100 kB\n"
                        "SwapFree:  40 kB\n"},
      {"/proc/loadavg", "1.25 0.80 0.70 2/300 4000\n"},
      {DMI "/sys_vendor", "Dell Inc.\n"},
      {DMI "/product_name", "PowerEdge\n"},
      {CPU "/online", "0-5,7\n"},
      {CPU "/smt/control", "on\n"},
      {CPU "/cpu0/cpufreq/scaling_governor", "performance\n"},
      {CPU "/cpu0/thermal_throttle/core_throttle_count", "3\n"},
      {CPU "/cpu2/thermal_throttle/core_throttle_count", "12\n"},
      {CPU "/intel_pstate/no_turbo", "1\n"},
      {"/sys/kernel/mm/transparent_hugepage/enabled",
       "always [madvise] never\n"},
      {"/sys/devices/system/clocksource/clocksource0/current_clocksource",
       "tsc\n"},
      {"/proc/self/cgroup", "0::/a\n"},
      {"/sys/fs/cgroup/a/cpu.stat", "throttled_usec 0\n"},
      {"/sys/fs/cgroup/a/memory.max", "max\n"},
      {"/sys/fs/cgroup/a/cgroup.procs", ""},
      {"/sys/fs/cgroup/cgroup.procs", ""}},
     {{"cpu_model", "\"Big CPU 9\""},
      {"hypervisor", "\"none\""},
      {"quota_set", "false"},
      {"memory_limited", "false"},
      {"system", "\"Linux 6.1.0-13-amd64\""},
      {"memory_bytes", "1048576.0"},
      {"swap_used_bytes", "61440.0"},
      {"load_1min", "1.25"},
      {"online_cpus", "7"},
      {"affinity", "\"0-7\""},
      {"smt", "true"},
      {"smt_control", "\"on\""},
      {"siblings", "[\"0,1\", \"2,3\", \"4,5\", \"6,7\"]"},
      {"siblings_from", "5"},
      {"slower_from", "null"},
      {"numa_from", "null"},
      {"core_kinds", "null"},
      {"kinds", "[]"},
      {"last_caches_bytes", "67108864.0"},
      {"governor", "\"performance\""},
      {"turbo", "false"},
      {"thermal_throttles", "12"},
      {"huge_pages", "\"always [madvise] never\""},
      {"clock_source", "\"tsc\""},
      {"throttled_s", "0.0"},
      {"machine", "\"4-core machine\""}}},
    {"two NUMA nodes, boost of the other driver",
     "numa:2 core:2 pu:1",
     {{CPU "/cpufreq/boost", "1\n"}},
     {{"turbo", "true"},
      {"numa", "[\"0,1\", \"2,3\"]"},
      {"numa_nodes", "2"},
      {"numa_from", "3"},
      {"last_caches_bytes", "null"},
      {"siblings_from", "null"}}},
    {"a laptop on battery",
     "core:2 pu:1",
     {{POWER "/AC/type", "Mains\n"},
      {POWER "/AC/online", "0\n"},
      {POWER "/BAT0/type", "Battery\n"},
      {POWER "/BAT0/status", "Discharging\n"},
      {POWER "/mouse/type", "Battery\n"},
      {POWER "/mouse/scope", "Device\n"},
      {POWER "/mouse/status", "Charging\n"},
      {"/sys/firmware/acpi/platform_profile", "low-power\n"}},
     {{"power_source", "\"battery\""}, {"power_profile", "\"low-power\""}}},
    {"a laptop at the mains",
     "core:2 pu:1",
     {{POWER "/AC/type", "Mains\n"},
      {POWER "/AC/online", "1\n"},
      {POWER "/BAT0/type", "Battery\n"},
      {POWER "/BAT0/status", "Discharging\n"}},
     {{"power_source", "\"mains\""}, {"power_profile", "null"}}},
    {"a desktop with a mouse that has a battery",
     "core:2 pu:1",
     {{POWER "/mouse/type", "Battery\n"},
      {POWER "/mouse/scope", "Device\n"},
      {POWER "/mouse/status", "Discharging\n"}},
     {{"power_source", "null"}}},
    {"WSL2",
     "core:2 pu:2",
     {{"/proc/sys/kernel/osrelease", "5.15.90.1-microsoft-standard-WSL2\n"},
      {"/proc/cpuinfo", "flags : fpu hypervisor lm\n"}},
     {{"hypervisor", "\"WSL2\""}, {"machine", "\"4-vCPU virtual machine\""}}},
    {"v2 quota of an ancestor",
     "core:2 pu:1",
     {{"/proc/self/cgroup", "0::/a/b\n"},
      {"/sys/fs/cgroup/a/b/cpu.max", "max 100000\n"},
      {"/sys/fs/cgroup/a/cpu.max", "150000 100000\n"},
      {"/sys/fs/cgroup/a/cpu.stat", "throttled_usec 2500000\n"}},
     {{"quota_cpus", "1.5"}, {"quota_set", "true"}, {"throttled_s", "2.5"}}},
    {"memory of an ancestor",
     "core:2 pu:1",
     {{"/proc/self/cgroup", "0::/a/b\n"},
      {"/sys/fs/cgroup/a/b/memory.max", "max\n"},
      {"/sys/fs/cgroup/a/memory.max", "4096\n"}},
     {{"memory_limit_bytes", "4096.0"}, {"memory_limited", "true"}}},
    {"a battery that does not say what it does",
     "core:2 pu:1",
     {{POWER "/BAT0/type", "Battery\n"},
      {POWER "/BAT0/status", "Unknown\n"},
      {POWER "/AC/type", "Mains\n"},
      {POWER "/AC/online", "\n"}},
     {{"power_source", "null"}}},
    {"one battery in use, the other full",
     "core:2 pu:1",
     {{POWER "/BAT0/type", "Battery\n"},
      {POWER "/BAT0/status", "Discharging\n"},
      {POWER "/BAT1/type", "Battery\n"},
      {POWER "/BAT1/status", "Full\n"}},
     {{"power_source", "\"battery\""}}},
    {"no text",
     "core:2 pu:1",
     {{"/proc/cpuinfo", "model name : \xff\xfe\nflags :\n"},
      {CPU "/cpu0/cpufreq/scaling_governor", "\x1b[2J\n"},
      {"/proc/meminfo", "MemTotal: 0x10 kB\nSwapTotal: 1 kB\nSwapFree: 2 kB\n"},
      {"/proc/loadavg", "-1.5 2 3\n"},
      {CPU "/cpufreq/boost", "7\n"},
      {CPU "/cpu0/thermal_throttle/core_throttle_count", "5x\n"}},
     {{"cpu_model", "null"},
      {"hypervisor", "null"},
      {"governor", "null"},
      {"memory_bytes", "null"},
      {"swap_used_bytes", "null"},
      {"load_1min", "null"},
      {"turbo", "null"},
      {"thermal_throttles", "null"}}},
    {"v1 quota of its own, in a container",
     "core:2 pu:1",
     {{"/proc/self/cgroup", "4:cpu,cpuacct:/docker/1\n"},
      {"/proc/self/mountinfo", "3 1 0:3 /docker/1 /sys/fs/cgroup/cpu ro - "
                               "cgroup cgroup rw,cpu,cpuacct\n"},
      {"/sys/fs/cgroup/cpu/cpu.cfs_quota_us", "50000\n"},
      {"/sys/fs/cgroup/cpu/cpu.cfs_period_us", "100000\n"},
      {"/sys/fs/cgroup/cpu/cpu.stat", "throttled_time 1000000000\n"},
      {"/.dockerenv", ""}},
     {{"quota_cpus", "0.5"},
      {"throttled_s", "1.0"},
      {"container", "\"docker\""}}},
    {"malformed",
     "core:2 pu:1",
     {{"/proc/meminfo", "MemTotal: many kB\nMemTotals: 3 kB\n"},
      {"/proc/loadavg", "high\n"},
      {CPU "/online", "0-\n"},
      {CPU "/intel_pstate/no_turbo", "\n"},
      {CPU "/cpu0/cpufreq/scaling_governor", ""}},
     {{"memory_bytes", "null"},
      {"load_1min", "null"},
      {"online_cpus", "null"},
      {"turbo", "null"},
      {"governor", "null"}}},
};

static void check_tree(const struct tree *tree) {
  char root[TREE_ROOT];
  struct environment environment;
  struct machine machine = tree_machine(tree->topology);
  tree_fill(root, tree->files, FILES);
  machine.quota_cpus = quota_cpus(root);
  environment_gather_from(root, &machine, "cores", NULL, &environment);
  tree_remove(root);
  machine_free(&machine);
  json_t *json = fields_to_json(environment_fields, &environment);
  fields_free(environment_fields, &environment);
  assert_non_null(json);
  for (size_t i = 0; i < FILES && tree->expected[i][0]; i++) {
    const char *key = tree->expected[i][0];
    const json_t *value = json_object_get(json, key);
    char *text = value ? json_dumps(value, JSON_ENCODE_ANY) : NULL;
    if (!text || strcmp(text, tree->expected[i][1]) != 0)
      fail_msg("%s: %s is %s instead of %s", tree->name, key,
               text ? text : "not there", tree->expected[i][1]);
    free(text);
  }
  json_decref(json);
}

static void what_is_there_is_told(void **state) {
  (void)state;
  for (size_t i = 0; i < LENGTH(trees); i++)
    check_tree(&trees[i]);
}

/* Firmware, the processor's flag, and Xen's file; and who that is. */
static const struct {
  const char *vendor, *product, *tag, *flags, *type, *name;
} hosts[] = {
    {NULL, NULL, NULL, NULL, NULL, NULL},
    {"Acme", "Server", NULL, NULL, NULL, NULL},
    {NULL, NULL, NULL, "fpu", NULL, "none"},
    {NULL, NULL, NULL, "fpu hypervisor", NULL, "unknown"},
    {NULL, NULL, NULL, NULL, "xen", "Xen"},
    {"Amazon EC2", "m5.large", "Amazon EC2", "hypervisor", NULL, "Amazon EC2"},
    {"Amazon EC2", "m5.metal", NULL, "fpu", NULL, "none"},
    {"Amazon EC2", "m6g.large", NULL, NULL, NULL, "Amazon EC2"},
    {"Amazon EC2", "m6g.metal", NULL, NULL, NULL, "none"},
    {"Google", "Google Compute Engine", NULL, "hypervisor", NULL,
     "Google Compute Engine"},
    {"Microsoft Corporation", "Virtual Machine", NULL, "hypervisor", NULL,
     "Hyper-V"},
    {"Microsoft Corporation", "Virtual Machine",
     "7783-7084-3265-9085-8269-3286-77", "hypervisor", NULL, "Azure"},
    {"Microsoft Corporation", "Surface Laptop", NULL, "fpu", NULL, "none"},
    {"VMware, Inc.", "VMware Virtual Platform", NULL, "hypervisor", NULL,
     "VMware"},
    {"innotek GmbH", "VirtualBox", NULL, "hypervisor", NULL, "VirtualBox"},
    {"Xen", "HVM domU", NULL, "hypervisor", "xen", "Xen"},
    {"Red Hat", "KVM", NULL, "hypervisor", NULL, "KVM"},
    {"QEMU", "Standard PC", NULL, "hypervisor", NULL, "QEMU/KVM"},
    {"Dell Inc.", "PowerEdge", NULL, "fpu", NULL, "none"},
    {"Dell Inc.", "PowerEdge", NULL, "hypervisor", NULL, "unknown"},
};

static void write_line(const char *root, const char *path, const char *line) {
  if (line)
    tree_write(root, path, line);
}

static void hypervisors_have_known_names(void **state) {
  (void)state;
  for (size_t i = 0; i < LENGTH(hosts); i++) {
    char root[TREE_ROOT], cpuinfo[100];
    tree_create(root);
    write_line(root, DMI "/sys_vendor", hosts[i].vendor);
    write_line(root, DMI "/product_name", hosts[i].product);
    write_line(root, DMI "/chassis_asset_tag", hosts[i].tag);
    write_line(root, "/sys/hypervisor/type", hosts[i].type);
    snprintf(cpuinfo, sizeof cpuinfo, "processor : 0\nflags : x %s\n",
             hosts[i].flags ? hosts[i].flags : "");
    if (hosts[i].flags)
      tree_write(root, "/proc/cpuinfo", cpuinfo);
    char *name = system_hypervisor(root);
    tree_remove(root);
    const char *wanted = hosts[i].name ? hosts[i].name : "nobody";
    if (strcmp(name ? name : "nobody", wanted) != 0)
      fail_msg("host %zu: %s instead of %s", i, name ? name : "nobody", wanted);
    free(name);
  }
}

static void settings_of_openmp_are_told_without_paths(void **state) {
  struct environment environment;
  struct machine machine = {.usable_cpus = 1};
  (void)state;
  setenv("OMP_SCHEDULE", "static", 1);
  setenv("GOMP_SPINCOUNT", "5", 1);
  setenv("OMP_TOOL_LIBRARIES", "/home/me/tool.so", 1);
  setenv("KMP_BLOCKTIME", "0", 1);
  environment_gather_from("/nowhere", &machine, "cores", "my machine",
                          &environment);
  const char *settings = environment.omp_settings;
  assert_non_null(strstr(settings, "OMP_SCHEDULE=static"));
  assert_non_null(strstr(settings, "OMP_TOOL_LIBRARIES"));
  assert_non_null(strstr(settings, "GOMP_SPINCOUNT=5 KMP_BLOCKTIME=0 OMP_"));
  assert_null(strchr(settings, '/'));
  assert_string_equal(environment.machine, "my machine");
  fields_free(environment_fields, &environment);
}

/* This machine's own, written and read back. */
static void the_file_is_read_back_as_it_was(void **state) {
  char root[TREE_ROOT], path[TREE_ROOT + 20];
  struct environment written, read;
  struct machine machine;
  struct problem problem;
  (void)state;
  tree_create(root);
  snprintf(path, sizeof path, "%s/environment.json", root);
  assert_int_equal(machine_discover(&machine, &problem), 0);
  environment_gather(&machine, "cores", NULL, &written);
  written.seed = 7;
  assert_int_equal(environment_write(&written, path, &problem), 0);
  assert_int_equal(environment_read(path, &read, &problem), 0);
  tree_remove(root);
  json_t *a = fields_to_json(environment_fields, &written);
  json_t *b = fields_to_json(environment_fields, &read);
  assert_true(json_equal(a, b));
  assert_true(read.seed == 7);
  assert_non_null(read.system);
  assert_true(read.online_cpus >= read.usable_cpus);
  json_decref(a);
  json_decref(b);
  fields_free(environment_fields, &written);
  fields_free(environment_fields, &read);
  machine_free(&machine);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(what_is_there_is_told),
      cmocka_unit_test(hypervisors_have_known_names),
      cmocka_unit_test(settings_of_openmp_are_told_without_paths),
      cmocka_unit_test(the_file_is_read_back_as_it_was),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
