#include "bench/record/environment_system.h"

#include "bench/plan/cpulist.h"
#include "bench/record/fields.h"

#include <ctype.h>
#include <dirent.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

FILE *system_open(const char *root, const char *path) {
  char name[PATH_MAX];
  int bytes = snprintf(name, sizeof name, "%s%s", root, path);
  return bytes < 0 || (size_t)bytes >= sizeof name ? NULL : fopen(name, "re");
}

char *system_line(const char *root, const char *path) {
  char line[400];
  FILE *file = system_open(root, path);
  char *got = file ? fgets(line, sizeof line, file) : NULL;
  if (file)
    (void)fclose(file);
  if (!got)
    return NULL;
  got += strspn(got, " \t");
  size_t length = strcspn(got, "\n");
  while (length > 0 && isspace((unsigned char)got[length - 1]))
    length--;
  return length ? strndup(got, length) : NULL;
}

double system_number(const char *root, const char *path) {
  char *line = system_line(root, path);
  char *end = line;
  double number = line ? strtod(line, &end) : (double)NAN;
  if (end == line)
    number = (double)NAN;
  free(line);
  return number;
}

char *system_value(const char *root, const char *path, const char *key) {
  char *line = NULL, *value = NULL;
  size_t capacity = 0, length = strlen(key);
  FILE *file = system_open(root, path);
  while (file && !value && getline(&line, &capacity, file) > 0) {
    char *colon = strchr(line, ':');
    if (!colon || strncmp(line, key, length) != 0 ||
        line + length + strspn(line + length, " \t") != colon)
      continue;
    colon += 1 + strspn(colon + 1, " \t");
    value = strndup(colon, strcspn(colon, "\n"));
  }
  if (file)
    (void)fclose(file);
  free(line);
  return value;
}

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
  if (!isnan(none))
    return none == 0;
  return isnan(boost) ? FIELD_NULL : boost != 0;
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

double system_memory_bytes(const char *root, const char *key) {
  char *text = system_value(root, "/proc/meminfo", key);
  char *end = text;
  double kilobytes = text ? strtod(text, &end) : (double)NAN;
  bool good = text && end != text && strcmp(end, " kB") == 0;
  free(text);
  return good ? kilobytes * 1024 : (double)NAN;
}

double system_swap_used_bytes(const char *root) {
  return system_memory_bytes(root, "SwapTotal") -
         system_memory_bytes(root, "SwapFree");
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
  bool battery = false, discharging = false, mains = false;
  struct dirent *entry;
  snprintf(path, sizeof path, "%s/sys/class/power_supply", root);
  DIR *directory = opendir(path);
  while (directory && (entry = readdir(directory))) {
    const char *supply = entry->d_name;
    if (*supply == '.' || supply_says(root, supply, "scope", "Device"))
      continue;
    if (supply_says(root, supply, "type", "Battery")) {
      battery = true;
      discharging |= supply_says(root, supply, "status", "Discharging");
    } else if (supply_says(root, supply, "online", "1")) {
      mains = true;
    }
  }
  if (directory)
    closedir(directory);
  if (discharging && !mains)
    return strdup("battery");
  return mains || battery ? strdup("mains") : NULL;
}
