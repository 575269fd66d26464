/* What is true of what was read around timed regions, and after them. */
#include "bench/record/record_check.h"
#include "bench/trial/trial.h"
#include "bench/trial/variants/variant.h"

static bool has_regions(const struct record *r) {
  return r->regions_s.count > 0;
}

static bool has_sent(const struct record *r) {
  struct variant_spec spec;
  struct problem ignored;
  return r->sent_bytes == FIELD_NULL ||
         (has_regions(r) &&
          notation_parse_variant(r->variant, &spec, &ignored) == 0 &&
          spec.transport != TRANSPORT_SHM);
}

/* Read around each region, so a little longer. */
static bool has_parent(const struct record *r) {
  static const double around_s = 1e-3;
  struct variant_spec spec;
  struct problem ignored;
  double most_s = 0;
  if (isnan(r->parent_cpu_s))
    return true;
  if (notation_parse_variant(r->variant, &spec, &ignored) != 0)
    return false;
  const struct variant *variant = registry_find_variant(spec.team);
  for (size_t i = 0; i < r->regions_s.count; i++)
    most_s += 1.1 * r->regions_s.values[i] + around_s;
  return has_regions(r) && variant && variant->processes && !variant->copies &&
         r->parent_cpu_s <= most_s;
}

static bool has_energy(const struct record *r) {
  return isnan(r->energy_j) || has_regions(r);
}

/* Both of a worker, or none. */
static bool has_instructions(const struct record *r) {
  const struct numbers *cycles = &r->worker_cycles,
                       *instructions = &r->worker_instructions;
  if (!cycles->values || !instructions->values)
    return !cycles->values && !instructions->values;
  for (size_t i = 0; i < cycles->count && i < instructions->count; i++)
    if (isnan(cycles->values[i]) != isnan(instructions->values[i]))
      return false;
  return has_regions(r);
}

/* Of one worker's blocks, each known, and no more of them than items. */
static bool has_profile(const struct record *r) {
  const struct numbers *profile = &r->profile_s;
  if (numbers_are_none(profile))
    return true;
  return numbers_are_told(profile) && record_is_ok(r) && !r->beside &&
         r->workers == 1 && notation_names_serial(record_requested(r)) &&
         profile->count > 0 && profile->count <= TRIAL_PROFILE &&
         profile->count <= (uint64_t)r->size;
}

static const struct record_rule rules[] = {
    {"sent_bytes", has_sent, "null but where results travel in regions_s"},
    {"parent_cpu_s", has_parent,
     "of a team of processes, and no more than fits into regions_s; or null"},
    {"energy_j", has_energy, "null without regions_s"},
    {"worker_instructions", has_instructions,
     "known of the workers whose worker_cycles are, in regions_s; or null"},
    {"profile_s", has_profile,
     "the times of 1 to 1024 blocks, at most size, of serial with no form "
     "beside it, of a trial that is ok; or null"},
};

const char *record_wrong_around(const struct record *record,
                                const char **want) {
  return record_wrong_rule(rules, sizeof rules / sizeof *rules, record, want);
}
