#include "bench/plan/registry.h"
#include "bench/trial/variants/variant.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

const struct variant *registry_find_variant(const char *name) {
  for (size_t i = 0; registry_variants[i]; i++)
    if (strcmp(registry_variants[i]->name, name) == 0)
      return registry_variants[i];
  return NULL;
}

static int unknown_team(const char *team, struct problem *problem) {
  char known[120] = "";
  size_t used = 0;
  for (size_t i = 0; registry_variants[i] && used < sizeof known; i++)
    used += (size_t)snprintf(known + used, sizeof known - used, "%s%s",
                             i ? ", " : "", registry_variants[i]->name);
  return problem_usage(problem, "no team '%s'; known: %s", team, known);
}

int variant_resolve(const struct variant_spec *spec,
                    const struct variant **variant, struct problem *problem) {
  *variant = registry_find_variant(spec->team);
  if (!*variant)
    return unknown_team(spec->team, problem);
  if (!((*variant)->schedules >> spec->schedule & 1)) {
    char has[80] = "";
    size_t used = 0;
    for (unsigned s = 0; s < SCHEDULE_COUNT && used < sizeof has; s++)
      if ((*variant)->schedules >> s & 1)
        used += (size_t)snprintf(has + used, sizeof has - used, "%s%s",
                                 used ? ", " : "",
                                 notation_schedule_name((enum schedule)s));
    return problem_usage(problem, "%s has no schedule '%s'; it has: %s",
                         spec->team, notation_schedule_name(spec->schedule),
                         has);
  }
  if (spec->transport != TRANSPORT_SHM && !(*variant)->transports)
    return problem_usage(
        problem, "%s takes no transport: its workers share memory", spec->team);
  return PROBLEM_NONE;
}

int variant_takes(const struct variant *variant, const struct kernel *kernel,
                  struct problem *problem) {
  char taken[160] = "";
  size_t used = 0;
  if (!variant->takes || variant->takes(kernel))
    return PROBLEM_NONE;
  for (size_t i = 0; registry_kernels[i] && used < sizeof taken; i++)
    if (variant->takes(registry_kernels[i]))
      used += (size_t)snprintf(taken + used, sizeof taken - used, "%s%s",
                               used ? ", " : "", registry_kernels[i]->name);
  return problem_usage(problem, "%s cannot run %s; it can run: %s",
                       variant->name, kernel->name, taken);
}

void variant_label(const struct variant_spec *spec,
                   char text[static NOTATION_LENGTH]) {
  const struct variant *variant = registry_find_variant(spec->team);
  const char *title = variant ? variant->title : spec->team;
  char chunk[24] = "";
  if (spec->chunk && notation_takes_chunk(spec->schedule))
    snprintf(chunk, sizeof chunk, ",%" PRIu64, spec->chunk);
  bool plain = spec->schedule == SCHEDULE_STATIC;
  bool in_place = spec->transport == TRANSPORT_SHM;
  snprintf(text, NOTATION_LENGTH, "%s%s%s%s%s%s", title, plain ? "" : ", ",
           plain ? "" : notation_schedule_name(spec->schedule), chunk,
           in_place ? "" : ", by ",
           in_place ? "" : notation_transport_name(spec->transport));
}
