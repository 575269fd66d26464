#include "bench/plan/registry.h"
#include "bench/trial/variants/variant.h"

#include <inttypes.h>
#include <string.h>

const struct variant *registry_find_variant(const char *name) {
  for (size_t i = 0; registry_variants[i]; i++)
    if (strcmp(registry_variants[i]->name, name) == 0)
      return registry_variants[i];
  return NULL;
}

static int unknown_team(const char *team, struct problem *problem) {
  char names[120];
  struct text known = TEXT_BEGIN(names);
  for (size_t i = 0; registry_variants[i]; i++)
    text_add(&known, "%s%s", i ? ", " : "", registry_variants[i]->name);
  return problem_usage(problem, "no team '%s'; known: %s", team, names);
}

int variant_resolve(const struct variant_spec *spec,
                    const struct variant **variant, struct problem *problem) {
  *variant = registry_find_variant(spec->team);
  if (!*variant)
    return unknown_team(spec->team, problem);
  if (!((*variant)->schedules >> spec->schedule & 1)) {
    char names[80];
    struct text has = TEXT_BEGIN(names);
    for (unsigned s = 0; s < SCHEDULE_COUNT; s++)
      if ((*variant)->schedules >> s & 1)
        text_add(&has, "%s%s", has.length > 0 ? ", " : "",
                 notation_schedule_name((enum schedule)s));
    return problem_usage(problem, "%s has no schedule '%s'; it has: %s",
                         spec->team, notation_schedule_name(spec->schedule),
                         names);
  }
  if (spec->transport != TRANSPORT_SHM && !(*variant)->transports)
    return problem_usage(
        problem, "%s takes no transport: its workers share memory", spec->team);
  return PROBLEM_NONE;
}

int variant_takes(const struct variant *variant, const struct kernel *kernel,
                  struct problem *problem) {
  char names[160];
  struct text taken = TEXT_BEGIN(names);
  if (!variant->takes || variant->takes(kernel))
    return PROBLEM_NONE;
  for (size_t i = 0; registry_kernels[i]; i++)
    if (variant->takes(registry_kernels[i]))
      text_add(&taken, "%s%s", taken.length > 0 ? ", " : "",
               registry_kernels[i]->name);
  return problem_usage(problem, "%s cannot run %s; it can run: %s",
                       variant->name, kernel->name, names);
}

void variant_label(const struct variant_spec *spec,
                   char text[static NOTATION_LENGTH]) {
  const struct variant *variant = registry_find_variant(spec->team);
  const char *title = variant ? variant->title : spec->team;
  char chunk[24] = "";
  if (spec->chunk && notation_takes_chunk(spec->schedule))
    text_print(chunk, sizeof chunk, ",%" PRIu64, spec->chunk);
  bool plain = spec->schedule == SCHEDULE_STATIC;
  bool in_place = spec->transport == TRANSPORT_SHM;
  text_print(text, NOTATION_LENGTH, "%s%s%s%s%s%s", title, plain ? "" : ", ",
             plain ? "" : notation_schedule_name(spec->schedule), chunk,
             in_place ? "" : ", by ",
             in_place ? "" : notation_transport_name(spec->transport));
}
