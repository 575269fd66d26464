#include "bench/record/look.h"

#include "bench/plan/cpulist.h"
#include "bench/plan/quota.h"
#include "bench/trial/clock.h"
#include "bench/trial/noise.h"

#include <stdlib.h>
#include <time.h>

static int by_number(const void *a, const void *b) {
  return *(const int *)a - *(const int *)b;
}

static void choose_cpus(const struct machine *machine, enum bind bind,
                        struct look *look) {
  const struct topology *topology = &machine->topology;
  bool bound = bind != BIND_NONE;
  look->count = bound ? machine->usable_cpus : topology->cpu_count;
  look->cpus = calloc(look->count + 1, sizeof *look->cpus);
  look->noise = calloc(look->count + 1, sizeof *look->noise);
  if (!look->cpus || !look->noise)
    look->count = 0;
  if (bound)
    topology_place(topology, bind, (uint32_t)look->count, look->cpus);
  for (size_t i = 0; !bound && i < look->count; i++)
    look->cpus[i] = topology->cpus[i].os_index;
  if (look->count > 0)
    qsort(look->cpus, look->count, sizeof *look->cpus, by_number);
}

struct look look_begin(const char *root, const struct machine *machine,
                       enum bind bind, int64_t now_ns) {
  struct look look = {.root = root, .begin_ns = now_ns};
  choose_cpus(machine, bind, &look);
  noise_read_cpus(root, look.cpus, look.count, look.noise);
  look.throttled_s = quota_throttled_s(root);
  return look;
}

/* Ticks are no finer than 10 ms, and may fall a tick before or behind. */
static double share(double before_s, double after_s, double look_s) {
  double share = (after_s - before_s) / look_s;
  return share >= 0 ? fmin(1, round(1e4 * share) / 1e4) : (double)NAN;
}

static char *cpus_text(const struct look *look) {
  size_t room = 8 * look->count + 8;
  char *text = look->count > 0 ? malloc(room) : NULL;
  if (text && cpulist_format(look->cpus, look->count, text, room) < 0) {
    free(text);
    text = NULL;
  }
  return text;
}

/* The share of each CPU, and of all what the hypervisor took. */
static void fill_shares(const struct look *look, double look_s,
                        struct environment *e) {
  struct noise_cpu *now = calloc(look->count + 1, sizeof *now);
  double *shares = calloc(look->count + 1, sizeof *shares);
  double steal = 0;
  bool told = false;
  if (now && shares)
    noise_read_cpus(look->root, look->cpus, look->count, now);
  for (size_t i = 0; now && shares && i < look->count; i++) {
    shares[i] = share(look->noise[i].busy_s, now[i].busy_s, look_s);
    steal += share(look->noise[i].steal_s, now[i].steal_s, look_s);
    told = told || !isnan(shares[i]);
  }
  free(now);
  if (told)
    e->look_steal_share = steal / (double)look->count;
  if (told)
    e->look_shares = (struct numbers){shares, look->count};
  else
    free(shares);
}

void look_end(struct look *look, int64_t now_ns,
              struct environment *environment) {
  struct environment *e = environment;
  double look_s = (double)(now_ns - look->begin_ns) * 1e-9;
  e->look_cpus = look_s > 0 ? cpus_text(look) : NULL;
  if (e->look_cpus) {
    e->look_s = look_s;
    fill_shares(look, look_s, e);
    double throttled_s = quota_throttled_s(look->root) - look->throttled_s;
    e->look_throttled_s = throttled_s >= 0 ? throttled_s : (double)NAN;
  }
  free(look->cpus);
  free(look->noise);
  *look = (struct look){.cpus = NULL};
}

void look_around(const struct machine *machine, enum bind bind, double look_s,
                 struct environment *environment) {
  struct timespec pause = {.tv_sec = (time_t)look_s};
  pause.tv_nsec = (long)((look_s - (double)pause.tv_sec) * 1e9);
  struct look look = look_begin("", machine, bind, clock_now_ns());
  bool whole = nanosleep(&pause, NULL) == 0;
  look_end(&look, whole ? clock_now_ns() : look.begin_ns, environment);
}

double look_busy_cpus(const struct environment *environment) {
  const struct numbers *shares = &environment->look_shares;
  double sum = (double)NAN;
  for (size_t i = 0; i < shares->count; i++)
    if (!isnan(shares->values[i]))
      sum = (isnan(sum) ? 0 : sum) + shares->values[i];
  return sum;
}

/* CPUs that were not to be had; -1: not told. */
static double taken_cpus(const struct environment *e) {
  double busy = look_busy_cpus(e);
  double stolen = e->look_steal_share * (double)e->look_shares.count;
  return isnan(busy) ? -1 : busy + (isnan(stolen) ? 0 : stolen);
}

bool look_keep_busier(struct environment *kept, struct environment *later) {
  if (!(taken_cpus(later) > taken_cpus(kept)))
    return false;
  free(kept->look_cpus);
  free(kept->look_shares.values);
  kept->look_s = later->look_s;
  kept->look_cpus = later->look_cpus;
  kept->look_shares = later->look_shares;
  kept->look_steal_share = later->look_steal_share;
  kept->look_throttled_s = later->look_throttled_s;
  later->look_cpus = NULL;
  later->look_shares = (struct numbers){NULL, 0};
  return true;
}
