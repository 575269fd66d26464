/* fuzzer.c: what libFuzzer calls.  $CORESWEEP_FUZZ names the target. */
#include "bench/tests/fuzz/mutate.h"
#include "bench/tests/fuzz/place.h"
#include "bench/tests/fuzz/target.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

/* libFuzzer's own, and what it wants of us. */
size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t room);
int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t room,
                               unsigned seed);

/* A reader with the mistake that fuzzing is there for: null where it expects a
 * text.  `make fuzz` fails where that is not found. */
static bool run_planted(const uint8_t *data, size_t size) {
  json_t *json = json_loadb((const char *)data, size, 0, NULL);
  const json_t *results = json_object_get(json, "results");
  bool taken = false;
  for (size_t i = 0; i < json_array_size(results); i++) {
    const json_t *result = json_array_get(results, i);
    if (json_is_number(json_object_get(result, "share")))
      taken = *json_string_value(json_object_get(result, "bound")) != '\0';
  }
  json_decref(json);
  return taken;
}

static const struct fuzz_target planted = {"planted", true, run_planted};

static const struct fuzz_target *target;

int LLVMFuzzerInitialize(int *argc, char ***argv) {
  const char *name = getenv("CORESWEEP_FUZZ");
  (void)argc;
  (void)argv;
  if (name && strcmp(name, planted.name) == 0)
    target = &planted;
  else if (name)
    target = fuzz_find(name);
  if (target)
    return 0;
  fprintf(stderr, "fuzzer: CORESWEEP_FUZZ=%s: no such target; there are:",
          name ? name : "");
  for (size_t i = 0; fuzz_targets[i]; i++)
    fprintf(stderr, " %s", fuzz_targets[i]->name);
  fputc('\n', stderr);
  exit(2);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  target->run(data, size);
  place_clear();
  return 0;
}

/* One in four keeps libFuzzer's own mutations: of the text, of numbers' digits.
 */
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t room,
                               unsigned seed) {
  size_t changed = 0;
  if (target->json && seed % 4 != 0)
    changed = mutate_json((char *)data, size, room, seed);
  return changed > 0 ? changed : LLVMFuzzerMutate(data, size, room);
}
