#include "bench/plan/identity.h"

#include "bench/plan/cpulist.h"
#include "bench/plan/own_file.h"
#include "bench/plan/settings.h"
#include "bench/plan/text.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *const names[IDENTITY_FACTS] = {
    [IDENTITY_PROGRAM] = "program",
    [IDENTITY_VERSION] = "version",
    [IDENTITY_EXECUTOR] = "executor",
    [IDENTITY_CPU_MODEL] = "cpu_model",
    [IDENTITY_SYSTEM] = "system",
    [IDENTITY_USABLE_CPUS] = "usable_cpus",
    [IDENTITY_AFFINITY] = "affinity",
    [IDENTITY_OPENMP] = "openmp_settings",
    [IDENTITY_COMMANDS] = "command_files",
    [IDENTITY_LIBRARIES] = "library_settings",
};

/* As plan.json can hold it. */
static char *copy(const char *text) {
  return text_copy_shown(text);
}

/* Source: FNV-1a, 64 bits; RFC 9923. */
void identity_digest(const char *path, char text[static 24]) {
  unsigned char bytes[1 << 13];
  uint64_t digest = UINT64_C(0xcbf29ce484222325);
  size_t got;
  FILE *file = fopen(path, "re");
  *text = '\0';
  if (!file)
    return;
  while ((got = fread(bytes, 1, sizeof bytes, file)) > 0)
    for (size_t i = 0; i < got; i++)
      digest = (digest ^ bytes[i]) * UINT64_C(0x100000001b3);
  if (!ferror(file))
    snprintf(text, 24, "%016" PRIx64, digest);
  fclose(file);
}

/* Of this program's file; NULL with errno. */
static char *program_digest(void) {
  char text[24];
  identity_digest(own_file(), text);
  return *text ? strdup(text) : NULL;
}

static char *affinity_text(const struct topology *topology) {
  size_t room = 8 * (size_t)topology->cpu_count + 8;
  int *cpus = calloc(topology->cpu_count + 1, sizeof *cpus);
  char *text = malloc(room);
  for (uint32_t i = 0; cpus && i < topology->cpu_count; i++)
    cpus[i] = topology->cpus[i].os_index;
  if (text &&
      (!cpus || cpulist_format(cpus, topology->cpu_count, text, room) < 0)) {
    free(text);
    text = NULL;
  }
  free(cpus);
  return text;
}

int identity_gather(const struct identity_source *source,
                    struct identity *identity, struct problem *problem) {
  char number[24];
  snprintf(number, sizeof number, "%" PRIu32, source->machine->usable_cpus);
  errno = 0;
  *identity = (struct identity){
      .values = {
          [IDENTITY_PROGRAM] = program_digest(),
          [IDENTITY_VERSION] = copy(CORESWEEP_VERSION),
          [IDENTITY_EXECUTOR] = copy(source->executor),
          [IDENTITY_CPU_MODEL] = copy(source->cpu_model),
          [IDENTITY_SYSTEM] = copy(source->system),
          [IDENTITY_USABLE_CPUS] = copy(number),
          [IDENTITY_AFFINITY] = affinity_text(&source->machine->topology),
          [IDENTITY_COMMANDS] = copy(source->commands),
          [IDENTITY_LIBRARIES] = settings_text(SETTINGS_LIBRARIES, true),
          [IDENTITY_OPENMP] = settings_text(SETTINGS_OPENMP, true),
      }};
  if (identity->values[IDENTITY_PROGRAM] && identity->values[IDENTITY_OPENMP])
    return PROBLEM_NONE;
  identity_free(identity);
  return own_file_problem("read", errno, problem);
}

void identity_free(struct identity *identity) {
  for (size_t i = 0; i < IDENTITY_FACTS; i++)
    free(identity->values[i]);
  *identity = (struct identity){0};
}

int identity_compare(const struct identity *then, const struct identity *here,
                     struct problem *problem) {
  for (size_t i = 0; i < IDENTITY_FACTS; i++) {
    const char *old = then->values[i], *new = here->values[i];
    if ((!old && !new) || (old && new &&strcmp(old, new) == 0))
      continue;
    return problem_usage(problem,
                         "%s differs: '%s' in plan.json, '%s' here; a run goes "
                         "on with the program, the machine and the workloads "
                         "that it began with",
                         names[i], old ? old : "not known",
                         new ? new : "not known");
  }
  return PROBLEM_NONE;
}

int identity_compare_kind(const struct identity *one,
                          const struct identity *other,
                          struct problem *problem) {
  for (size_t i = 0; i < IDENTITY_FACTS; i++) {
    const char *a = one->values[i], *b = other->values[i];
    if (i == IDENTITY_AFFINITY || (!a && !b) || (a && b && strcmp(a, b) == 0))
      continue;
    return problem_usage(problem, "%s differs: '%s' and '%s'", names[i],
                         a ? a : "not known", b ? b : "not known");
  }
  return PROBLEM_NONE;
}

json_t *identity_json(const struct identity *identity) {
  json_t *json = json_object();
  for (size_t i = 0; i < IDENTITY_FACTS; i++)
    json_object_set_new(json, names[i],
                        identity->values[i] ? json_string(identity->values[i])
                                            : json_null());
  return json;
}

void identity_read(struct json_reader *reader, struct identity *identity) {
  enum { FACT_ROOM = 65536 };
  const json_t *json = json_object_get(reader->object, "identity");
  struct json_reader facts = *reader;
  if (!reader->status && !json_is_object(json))
    json_reader_refuse(reader, "identity", "an object");
  if (reader->status)
    return;
  facts.object = json;
  snprintf(facts.where, sizeof facts.where, "identity.");
  for (size_t i = 0; i < IDENTITY_FACTS; i++)
    if (json_object_get(json, names[i])) /* an older program knew fewer */
      identity->values[i] =
          copy(json_read_text_or_null(&facts, names[i], FACT_ROOM));
  reader->status = facts.status;
}
