#include "bench/record/environment.h"

#include "bench/plan/caches.h"
#include "bench/plan/cpulist.h"
#include "bench/plan/json_file.h"
#include "bench/plan/quota.h"
#include "bench/plan/settings.h"
#include "bench/plan/system_file.h"
#include "bench/plan/vectors.h"
#include "bench/record/environment_check.h"
#include "bench/record/environment_system.h"
#include "bench/record/record.h"
#include "kernels/kernel.h"

#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

static char *machine_kind(const struct environment *e,
                          const char *machine_name) {
  char text[120];
  if (machine_name && *machine_name)
    return strdup(machine_name);
  if (!e->hypervisor || e->cores == FIELD_NULL)
    snprintf(text, sizeof text, "%lld-CPU machine",
             (long long)e->hardware_threads);
  else if (strcmp(e->hypervisor, "none") != 0)
    snprintf(text, sizeof text, "%lld-vCPU virtual machine",
             (long long)e->hardware_threads);
  else
    snprintf(text, sizeof text, "%lld-core machine", (long long)e->cores);
  return strdup(text);
}

static char *utc_date(void) {
  char text[40];
  time_t now = time(NULL);
  struct tm utc;
  gmtime_r(&now, &utc);
  strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &utc);
  return strdup(text);
}

/* NULL: none is set.  Paths are nobody's business. */
static char *settings_of(enum settings_of whose) {
  char *text = settings_text(whose, false);
  if (text && *text)
    return text;
  free(text);
  return NULL;
}

static void set_text(char **text, const char *value) {
  *text = value ? strdup(value) : NULL;
}

static void gather_power(const char *root, const struct topology *topology,
                         struct environment *e) {
  char path[100];
  int first = 0;
  if (topology->cpu_count)
    first = topology->cpus[0].os_index;
  snprintf(path, sizeof path,
           "/sys/devices/system/cpu/cpu%d/cpufreq/scaling_governor", first);
  e->governor = system_line(root, path);
  e->turbo = system_turbo(root);
  e->thermal_throttles = system_thermal_throttles(root);
  e->power_source = system_power_source(root);
  e->power_profile = system_line(root, "/sys/firmware/acpi/platform_profile");
}

/* INFINITY: there is none; NAN: not told. */
static void set_limit(double limit, double *value, int64_t *is_set) {
  *value = isfinite(limit) ? limit : (double)NAN;
  *is_set = isnan(limit) ? FIELD_NULL : isfinite(limit);
}

static void gather_vectors(struct environment *e) {
  int bytes = vectors_machine_bytes();
  e->vector_bytes = KERNEL_VECTOR_BYTES;
  e->machine_vector_bytes = bytes > 0 ? bytes : FIELD_NULL;
}

static void gather_system(const char *root, struct environment *e) {
  struct utsname names;
  e->cpu_model = system_cpu_model(root);
  e->hypervisor = system_hypervisor(root);
  e->container = system_container(root);
  e->system = system_kernel(root);
  if (uname(&names) == 0)
    e->architecture = strdup(names.machine);
  e->online_cpus = system_online_cpus(root);
  e->smt_control = system_line(root, "/sys/devices/system/cpu/smt/control");
  e->throttled_s = quota_throttled_s(root);
  double limit_bytes = quota_memory_bytes(root);
  set_limit(limit_bytes, &e->memory_limit_bytes, &e->memory_limited);
  e->memory_bytes = system_size_bytes(root, "/proc/meminfo", "MemTotal");
  e->swap_used_bytes = system_swap_used_bytes(root);
  e->load_1min = system_number(root, "/proc/loadavg");
  e->huge_pages =
      system_line(root, "/sys/kernel/mm/transparent_hugepage/enabled");
  e->clock_source = system_line(
      root, "/sys/devices/system/clocksource/clocksource0/current_clocksource");
}

void environment_gather_from(const char *root, const struct machine *machine,
                             const char *bind, const char *machine_name,
                             struct environment *environment) {
  struct environment *e = environment;
  fields_clear(environment_fields, e);
  e->schema = ENVIRONMENT_SCHEMA;
  gather_system(root, e);
  gather_power(root, &machine->topology, e);
  gather_vectors(e);
  environment_topology(machine, bind, e);
  e->machine = machine_kind(e, machine_name);
  e->date = utc_date();
  e->version = strdup(CORESWEEP_VERSION);
  e->revision = strdup(build_revision());
  e->build = strdup(build_text());
  e->omp_settings = settings_of(SETTINGS_OPENMP);
  e->library_settings = settings_of(SETTINGS_LIBRARIES);
  set_text(&e->wait_policy, getenv("OMP_WAIT_POLICY"));
  set_text(&e->bind, bind);
}

void environment_gather(const struct machine *machine, const char *bind,
                        const char *machine_name,
                        struct environment *environment) {
  environment_gather_from("", machine, bind, machine_name, environment);
}

int environment_write(const struct environment *environment, const char *path,
                      struct problem *problem) {
  json_t *json = fields_to_json(environment_fields, environment);
  return json_file_write(json, path, 0, problem);
}

int environment_read(const char *path, struct environment *environment,
                     struct problem *problem) {
  json_t *json;
  struct problem reason;
  fields_clear(environment_fields, environment);
  int status = json_file_read(path, &json, problem);
  if (status)
    return status;
  status = fields_from_json(environment_fields, json, environment, &reason);
  if (!status)
    status = environment_check(environment, json, &reason);
  if (status)
    fields_free(environment_fields, environment);
  json_decref(json);
  return status ? problem_failure(problem, "%s: %s", path, reason.text)
                : PROBLEM_NONE;
}

/* ---- the CPUs --------------------------------------------------------------
 */

/* The number of the group that a CPU belongs to. */
typedef int group_of(const struct cpu *cpu);

static int all_of(const struct cpu *cpu) {
  (void)cpu;
  return 0;
}

static int core_of(const struct cpu *cpu) {
  return cpu->core;
}

static int kind_of(const struct cpu *cpu) {
  return cpu->kind;
}

static int numa_of(const struct cpu *cpu) {
  return cpu->numa;
}

static int by_number(const void *a, const void *b) {
  return *(const int *)a - *(const int *)b;
}

/* The CPUs of the group, ascending, as "0-3,8"; NULL when they are fewer than
 * `fewest`. */
static char *group_text(const struct topology *topology, group_of *of,
                        int group, size_t fewest) {
  size_t count = 0, room = 8 * (size_t)topology->cpu_count + 8;
  int *cpus = calloc(topology->cpu_count + 1, sizeof *cpus);
  char *text = malloc(room);
  for (uint32_t i = 0; cpus && i < topology->cpu_count; i++)
    if (of(&topology->cpus[i]) == group)
      cpus[count++] = topology->cpus[i].os_index;
  if (cpus)
    qsort(cpus, count, sizeof *cpus, by_number);
  if (!cpus || !text || count < fewest ||
      cpulist_format(cpus, count, text, room) < 0) {
    free(text);
    text = NULL;
  }
  free(cpus);
  return text;
}

/* A word per group, ascending by the group's number. */
static char *groups_text(const struct topology *topology, group_of *of,
                         size_t fewest) {
  char *text = NULL;
  size_t size = 0;
  int next = -1;
  FILE *out = open_memstream(&text, &size);
  for (int group = INT32_MIN; out && next != INT32_MAX; group = next) {
    char *word = group_text(topology, of, group, fewest);
    if (word)
      fprintf(out, "%s%s", ftell(out) > 0 ? " " : "", word);
    free(word);
    next = INT32_MAX;
    for (uint32_t i = 0; i < topology->cpu_count; i++) {
      int other = of(&topology->cpus[i]);
      next = other > group && other < next ? other : next;
    }
  }
  if (out)
    (void)fclose(out);
  return text;
}

static int64_t step(uint32_t from) {
  return from ? (int64_t)from : FIELD_NULL;
}

void environment_topology(const struct machine *machine, const char *bind,
                          struct environment *environment) {
  struct environment *e = environment;
  const struct topology *topology = &machine->topology;
  struct problem problem;
  enum bind how;
  e->usable_cpus = machine->usable_cpus;
  set_limit(machine->quota_cpus, &e->quota_cpus, &e->quota_set);
  e->hardware_threads = topology->cpu_count;
  if (topology->cores_told) {
    e->cores = topology->cores;
    e->smt = topology->smt;
  }
  if (topology->packages_told)
    e->packages = topology->packages;
  if (topology->numa_told)
    e->numa_nodes = topology->numa_nodes;
  if (topology->kinds_told)
    e->core_kinds = topology->kinds;
  e->affinity = group_text(topology, all_of, 0, 1);
  e->siblings = groups_text(topology, core_of, 2);
  if (topology->kinds_told)
    e->kinds = groups_text(topology, kind_of, 1);
  if (topology->numa_told)
    e->numa = groups_text(topology, numa_of, 1);
  double caches = last_caches_bytes(topology);
  e->last_caches_bytes = caches > 0 ? caches : (double)NAN;
  if (!bind || machine_parse_bind(bind, &how, &problem) != 0)
    return;
  struct placement_steps steps = topology_steps(topology, how);
  e->siblings_from = step(steps.siblings_from);
  e->slower_from = step(steps.slower_from);
  e->numa_from = step(steps.numa_from);
}
