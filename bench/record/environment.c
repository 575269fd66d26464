#include "bench/record/environment.h"

#include "bench/record/record.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

#define AT(member) offsetof(struct environment, member)

const struct field environment_fields[] = {
    {"schema", FIELD_INTEGER, AT(schema), "", "version of this format", true},
    {"machine", FIELD_TEXT, AT(machine), "", "the kind of machine", false},
    {"cpu_model", FIELD_TEXT, AT(cpu_model), "", "as the system names it",
     false},
    {"architecture", FIELD_TEXT, AT(architecture), "", "", false},
    {"hypervisor", FIELD_TEXT, AT(hypervisor), "",
     "vendor of the virtual machine, \"unknown\", or null for none seen",
     false},
    {"system", FIELD_TEXT, AT(system), "", "kernel and its release", false},
    {"usable_cpus", FIELD_INTEGER, AT(usable_cpus), "CPUs",
     "max(1, min(affinity mask, floor(quota)))", false},
    {"cores", FIELD_INTEGER, AT(cores), "", "in the affinity mask", false},
    {"hardware_threads", FIELD_INTEGER, AT(hardware_threads), "",
     "in the affinity mask", false},
    {"packages", FIELD_INTEGER, AT(packages), "", "in the affinity mask",
     false},
    {"numa_nodes", FIELD_INTEGER, AT(numa_nodes), "", "in the affinity mask",
     false},
    {"smt", FIELD_TRUTH, AT(smt), "", "cores with several hardware threads",
     false},
    {"online_cpus", FIELD_INTEGER, AT(online_cpus), "",
     "CPUs of the machine that are online", false},
    {"siblings_from", FIELD_INTEGER, AT(siblings_from), "workers",
     "the fewest that use SMT siblings; null: none do", false},
    {"slower_from", FIELD_INTEGER, AT(slower_from), "workers",
     "the fewest that use cores of a slower kind; null: none do", false},
    {"numa_from", FIELD_INTEGER, AT(numa_from), "workers",
     "the fewest that use several NUMA nodes; null: none do", false},
    {"quota_cpus", FIELD_REAL, AT(quota_cpus), "CPUs",
     "CPU quota of the control groups; null: none", false},
    {"memory_bytes", FIELD_REAL, AT(memory_bytes), "bytes", "installed", false},
    {"load_1min", FIELD_REAL, AT(load_1min), "", "load average at the start",
     false},
    {"governor", FIELD_TEXT, AT(governor), "", "of the first CPU", false},
    {"huge_pages", FIELD_TEXT, AT(huge_pages), "",
     "transparent huge pages: the choice in brackets", false},
    {"clock_source", FIELD_TEXT, AT(clock_source), "", "", false},
    {"date", FIELD_TEXT, AT(date), "", "start of the run, UTC", false},
    {"version", FIELD_TEXT, AT(version), "", "of coresweep", false},
    {"revision", FIELD_TEXT, AT(revision), "", "of its source", false},
    {"build", FIELD_TEXT, AT(build), "", "compiler, flags, OpenMP runtime",
     false},
    {"wait_policy", FIELD_TEXT, AT(wait_policy), "", "OMP_WAIT_POLICY", false},
    {"bind", FIELD_TEXT, AT(bind), "", "how workers are bound", false},
    {NULL, FIELD_TEXT, 0, NULL, NULL, false},
};

/* The first line of a file, or NULL. */
static char *first_line(const char *path) {
  char line[256];
  FILE *file = fopen(path, "re");
  char *got = file ? fgets(line, sizeof line, file) : NULL;
  if (file)
    fclose(file);
  if (!got)
    return NULL;
  line[strcspn(line, "\n")] = '\0';
  return *line ? strdup(line) : NULL;
}

/* The value of a "key : value" line of /proc/cpuinfo, or NULL. */
static char *cpuinfo(const char *key) {
  char *line = NULL, *value = NULL;
  size_t capacity = 0, length = strlen(key);
  FILE *file = fopen("/proc/cpuinfo", "re");
  while (file && !value && getline(&line, &capacity, file) > 0) {
    const char *colon = strchr(line, ':');
    if (strncmp(line, key, length) != 0 || !colon)
      continue;
    colon += 1 + strspn(colon + 1, " ");
    value = strndup(colon, strcspn(colon, "\n"));
  }
  if (file)
    fclose(file);
  free(line);
  return value;
}

/* The hypervisor's vendor: from the firmware's tables where they are readable;
 * the "hypervisor" flag of x86 says only that there is one. */
static char *find_hypervisor(void) {
  char *flags = cpuinfo("flags");
  bool flagged = flags && strstr(flags, " hypervisor");
  free(flags);
  char *vendor = first_line("/sys/class/dmi/id/sys_vendor");
  char *type = first_line("/sys/hypervisor/type");
  if (type) {
    free(vendor);
    return type;
  }
  if (!flagged) {
    free(vendor);
    return NULL;
  }
  return vendor ? vendor : strdup("unknown");
}

static char *machine_kind(const struct environment *e,
                          const char *machine_name) {
  char text[120];
  if (machine_name && *machine_name)
    return strdup(machine_name);
  if (e->hypervisor)
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

void environment_gather(const struct machine *machine, const char *bind,
                        const char *machine_name,
                        struct environment *environment) {
  struct environment *e = environment;
  const struct topology *topology = &machine->topology;
  struct utsname names;
  double load;
  char system[200];
  fields_clear(environment_fields, e);
  e->schema = 1;
  e->cpu_model = cpuinfo("model name");
  e->hypervisor = find_hypervisor();
  if (uname(&names) == 0) {
    snprintf(system, sizeof system, "%s %s", names.sysname, names.release);
    e->system = strdup(system);
    e->architecture = strdup(names.machine);
  }
  e->usable_cpus = machine->usable_cpus;
  e->cores = topology->cores;
  e->hardware_threads = topology->cpu_count;
  e->packages = topology->packages;
  e->numa_nodes = topology->numa_nodes;
  e->smt = topology->smt;
  e->quota_cpus =
      isfinite(machine->quota_cpus) ? machine->quota_cpus : (double)NAN;
  e->memory_bytes =
      (double)sysconf(_SC_PHYS_PAGES) * (double)sysconf(_SC_PAGESIZE);
  if (getloadavg(&load, 1) == 1)
    e->load_1min = load;
  e->governor =
      first_line("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor");
  e->huge_pages = first_line("/sys/kernel/mm/transparent_hugepage/enabled");
  e->clock_source = first_line(
      "/sys/devices/system/clocksource/clocksource0/current_clocksource");
  e->machine = machine_kind(e, machine_name);
  e->date = utc_date();
  e->version = strdup(CORESWEEP_VERSION);
  e->revision = strdup(build_revision());
  e->build = strdup(build_text());
  const char *policy = getenv("OMP_WAIT_POLICY");
  e->wait_policy = policy ? strdup(policy) : NULL;
  e->bind = strdup(bind);
}

int environment_write(const struct environment *environment, const char *path,
                      struct problem *problem) {
  json_t *json = fields_to_json(environment_fields, environment);
  int failed = !json || json_dump_file(json, path, JSON_INDENT(1)) != 0;
  json_decref(json);
  return failed ? problem_failure(problem, "%s could not be written: %s", path,
                                  strerror(errno))
                : PROBLEM_NONE;
}

int environment_read(const char *path, struct environment *environment,
                     struct problem *problem) {
  json_error_t error;
  json_t *json = json_load_file(path, 0, &error);
  fields_clear(environment_fields, environment);
  if (!json)
    return problem_failure(problem, "%s: %s", path, error.text);
  struct problem reason;
  int status = fields_from_json(environment_fields, json, environment, &reason);
  json_decref(json);
  return status ? problem_failure(problem, "%s: %s", path, reason.text)
                : PROBLEM_NONE;
}
