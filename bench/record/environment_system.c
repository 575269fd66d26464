#include "bench/record/environment_system.h"

#include "bench/plan/cpulist.h"
#include "bench/plan/system_file.h"
#include "bench/record/fields.h"

#include <dirent.h>
#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

char *system_kernel(const char *root) {
  char text[500];
  char *type = system_line(root, "/proc/sys/kernel/ostype");
  char *release = system_line(root, "/proc/sys/kernel/osrelease");
  snprintf(text, sizeof text, "%s %s", type ? type : "Linux",
           release ? release : "");
  bool known = release;
  free(type);
  free(release);
  return known ? strdup(text) : NULL;
}

char *system_cpu_model(const char *root) {
  return system_value(root, "/proc/cpuinfo", "model name");
}

int64_t system_online_cpus(const char *root) {
  static const struct cpulist_syntax syntax = {.what = "a CPU number",
                                               .range = "-",
                                               .example = "0-7",
                                               .max = CPULIST_MAX_INDEX};
  unsigned long range[2];
  int64_t count = 0;
  int status = 0;
  char *line = system_line(root, "/sys/devices/system/cpu/online");
  const char *cursor = line;
  while (line && (status = cpulist_next(&cursor, &syntax, range, NULL, 0)) > 0)
    count += (int64_t)(range[1] - range[0] + 1);
  free(line);
  return status < 0 || count == 0 ? FIELD_NULL : count;
}

/* Intel's driver says that there is no turbo, the others that there is. */
int64_t system_turbo(const char *root) {
  double none =
      system_number(root, "/sys/devices/system/cpu/intel_pstate/no_turbo");
  double boost = system_number(root, "/sys/devices/system/cpu/cpufreq/boost");
  if (none == 0 || none == 1)
    return none == 0;
  return boost == 0 || boost == 1 ? boost == 1 : FIELD_NULL;
}

int64_t system_thermal_throttles(const char *root) {
  char path[120];
  int64_t highest = FIELD_NULL;
  double count;
  /* CPUs without the counter, at the end or offline, are passed over. */
  for (int cpu = 0, missing = 0; missing < 64; cpu++) {
    snprintf(path, sizeof path,
             "/sys/devices/system/cpu/cpu%d/thermal_throttle/"
             "core_throttle_count",
             cpu);
    count = system_number(root, path);
    missing = isnan(count) ? missing + 1 : 0;
    if (!isnan(count) && (int64_t)count > highest)
      highest = (int64_t)count;
  }
  return highest;
}

double system_swap_used_bytes(const char *root) {
  double used_bytes = system_size_bytes(root, "/proc/meminfo", "SwapTotal") -
                      system_size_bytes(root, "/proc/meminfo", "SwapFree");
  return used_bytes >= 0 ? used_bytes : (double)NAN;
}

/* A file of one power supply. */
static char *supply_line(const char *root, const char *supply,
                         const char *name) {
  char path[PATH_MAX];
  snprintf(path, sizeof path, "/sys/class/power_supply/%s/%s", supply, name);
  return system_line(root, path);
}

static bool supply_says(const char *root, const char *supply, const char *name,
                        const char *wanted) {
  char *line = supply_line(root, supply, name);
  bool says = line && strcmp(line, wanted) == 0;
  free(line);
  return says;
}

/* Source: Linux Documentation/ABI/testing/sysfs-class-power.  A supply of the
 * scope "Device" feeds a mouse or a headset. */
char *system_power_source(const char *root) {
  char path[PATH_MAX];
  bool discharging = false, spared = false, mains = false;
  struct dirent *entry;
  snprintf(path, sizeof path, "%s/sys/class/power_supply", root);
  DIR *directory = opendir(path);
  while (directory && (entry = readdir(directory))) {
    const char *supply = entry->d_name;
    if (*supply == '.' || supply_says(root, supply, "scope", "Device"))
      continue;
    if (supply_says(root, supply, "type", "Battery")) {
      discharging |= supply_says(root, supply, "status", "Discharging");
      spared |= supply_says(root, supply, "status", "Charging") ||
                supply_says(root, supply, "status", "Full") ||
                supply_says(root, supply, "status", "Not charging");
    } else if (supply_says(root, supply, "online", "1")) {
      mains = true;
    }
  }
  if (directory)
    closedir(directory);
  if (discharging && !mains)
    return strdup("battery");
  return mains || spared ? strdup("mains") : NULL;
}

/* ---- who runs this system --------------------------------------------------
 */

/* Beginnings of what the firmware's tables (DMI) say, in the order in which
 * they are tried: clouds before the hypervisors that they use.
 * Sources: systemd, src/basic/virt.c (dmi_vendor_table); the documentation of
 * each cloud on how to recognise its machines. */
static const struct host {
  const char *file, *begins, *name;
} hosts[] = {
    {"sys_vendor", "Amazon EC2", "Amazon EC2"},
    {"product_name", "Google Compute Engine", "Google Compute Engine"},
    {"sys_vendor", "Alibaba Cloud", "Alibaba Cloud"},
    {"sys_vendor", "DigitalOcean", "DigitalOcean"},
    {"sys_vendor", "Hetzner", "Hetzner Cloud"},
    {"product_name", "OpenStack", "OpenStack"},
    /* every machine in Azure has this one */
    {"chassis_asset_tag", "7783-7084-3265-9085-8269-3286-77", "Azure"},
    {"product_name", "KVM", "KVM"},
    {"product_name", "VirtualBox", "VirtualBox"},
    {"product_name", "VMware", "VMware"},
    {"sys_vendor", "VMware", "VMware"},
    {"sys_vendor", "innotek GmbH", "VirtualBox"},
    {"sys_vendor", "Xen", "Xen"},
    {"sys_vendor", "Parallels", "Parallels"},
    {"sys_vendor", "BHYVE", "bhyve"},
    {"product_name", "Apple Virtualization", "Apple Virtualization"},
    {"sys_vendor", "QEMU", "QEMU/KVM"},
    {"bios_vendor", "Bochs", "Bochs"},
};

static const char *dmi_host(const char *root) {
  char path[100];
  const char *name = NULL;
  for (size_t i = 0; !name && i < sizeof hosts / sizeof *hosts; i++) {
    snprintf(path, sizeof path, "/sys/class/dmi/id/%s", hosts[i].file);
    char *line = system_line(root, path);
    if (line && strncmp(line, hosts[i].begins, strlen(hosts[i].begins)) == 0)
      name = hosts[i].name;
    free(line);
  }
  /* Microsoft also makes laptops. */
  char *vendor = system_line(root, "/sys/class/dmi/id/sys_vendor");
  char *product = system_line(root, "/sys/class/dmi/id/product_name");
  if (!name && vendor && product && strstr(vendor, "Microsoft") &&
      strstr(product, "Virtual Machine"))
    name = "Hyper-V";
  free(vendor);
  free(product);
  return name;
}

/* Windows' own Linux: "5.15.90.1-microsoft-standard-WSL2", and of the first
 * version, which has no Linux kernel, "4.4.0-19041-Microsoft". */
static const char *windows_host(const char *root) {
  char *release = system_line(root, "/proc/sys/kernel/osrelease");
  const char *name = NULL;
  if (release && (strstr(release, "microsoft") || strstr(release, "WSL2")))
    name = "WSL2";
  else if (release && strstr(release, "Microsoft"))
    name = "WSL1";
  free(release);
  return name;
}

/* Whether the processor says that a hypervisor runs it.  x86 has a flag for
 * it; where there is no such list, the tables alone decide, and they tell of
 * nobody by not naming those that are known here: that is no answer. */
static bool says_hypervisor(const char *root, bool *has_flags) {
  char *flags = system_value(root, "/proc/cpuinfo", "flags");
  *has_flags = flags;
  bool found = flags && strstr(flags, "hypervisor");
  free(flags);
  return found;
}

/* Amazon's bare machines are "m6g.metal" and the like. */
static bool is_metal(const char *root) {
  char *product = system_line(root, "/sys/class/dmi/id/product_name");
  bool metal = product && strstr(product, ".metal");
  free(product);
  return metal;
}

char *system_hypervisor(const char *root) {
  const char *windows = windows_host(root);
  const char *host = dmi_host(root);
  char *type = system_line(root, "/sys/hypervisor/type");
  bool has_flags, flagged = says_hypervisor(root, &has_flags);
  bool known = windows || type || flagged;
  if (windows)
    host = windows;
  else if (!host && type)
    host = strcmp(type, "xen") == 0 ? "Xen" : type;
  else if (!host && flagged)
    host = "unknown";
  /* A cloud's bare machine has the cloud's name in its tables as well. */
  if (!known && (has_flags || is_metal(root)))
    host = "none";
  char *name = host ? strdup(host) : NULL;
  free(type);
  return name;
}

static bool exists(const char *root, const char *path) {
  FILE *file = system_open(root, path);
  if (!file)
    return false;
  (void)fclose(file);
  return true;
}

/* Sources: systemd's "Container Interface" (/run/systemd/container);
 * podman-run(1) (/run/.containerenv); Docker leaves /.dockerenv. */
char *system_container(const char *root) {
  char *name = system_line(root, "/run/systemd/container");
  if (!name && exists(root, "/run/.containerenv"))
    name = strdup("podman");
  if (!name && exists(root, "/.dockerenv"))
    name = strdup("docker");
  return name;
}
