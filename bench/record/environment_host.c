/* Who runs this system: a hypervisor, Windows, a container. */
#include "bench/record/environment_system.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

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
 * it; where there is no such list, the tables alone decide. */
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
    host = NULL;
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
