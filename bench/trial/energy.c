#include "bench/trial/energy.h"

#include "bench/plan/system_file.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum { PATH = 80 };

static const char *path_of(int zone, const char *file, char path[PATH]) {
  snprintf(path, PATH, "/sys/class/powercap/intel-rapl:%d/%s", zone, file);
  return path;
}

static double number_of(const char *root, int zone, const char *file) {
  char path[PATH];
  return system_number(root, path_of(zone, file, path));
}

struct energy energy_find(const char *root) {
  static const char package[] = "package-";
  struct energy energy = {.root = root};
  char path[PATH], *name;
  for (int zone = 0; energy.count < ENERGY_PACKAGES &&
                     (name = system_line(root, path_of(zone, "name", path)));
       zone++) {
    /* Others, as psys, are the whole machine's, and hold the packages. */
    if (strncmp(name, package, strlen(package)) == 0) {
      energy.zones[energy.count] = zone;
      energy.range_uj[energy.count++] =
          number_of(root, zone, "max_energy_range_uj");
    }
    free(name);
  }
  struct energy_reading now = energy_read(&energy);
  for (uint32_t i = 0; i < energy.count; i++)
    if (isnan(now.uj[i]) || isnan(energy.range_uj[i]))
      energy.count = 0;
  return energy;
}

struct energy_reading energy_read(const struct energy *energy) {
  struct energy_reading reading = {{0}};
  for (uint32_t i = 0; i < energy->count; i++)
    reading.uj[i] = number_of(energy->root, energy->zones[i], "energy_uj");
  return reading;
}

double energy_between_j(const struct energy *energy,
                        const struct energy_reading *before,
                        const struct energy_reading *after) {
  double sum_uj = energy->count > 0 ? 0 : (double)NAN;
  for (uint32_t i = 0; i < energy->count; i++) {
    double uj = after->uj[i] - before->uj[i];
    sum_uj += uj < 0 ? uj + energy->range_uj[i] : uj;
  }
  return 1e-6 * sum_uj;
}
