#include "bench/plan/old_words.h"

/* Keys before schema 3, and what they are called now. */
static const struct {
  const char *old, *today;
} words[] = {
    {"settings", "workloads"},
    {"setting", "workload"},
    {"asked", "requested"},
};

static int rename_keys(json_t *object) {
  for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
    json_t *value = json_object_get(object, words[i].old);
    if (!value)
      continue;
    if (json_object_set(object, words[i].today, value) != 0)
      return -1;
    json_object_del(object, words[i].old);
  }
  return 0;
}

static int read_words(json_t *json) {
  const char *key;
  json_t *value;
  int status = json_is_object(json) ? rename_keys(json) : 0;
  for (size_t i = 0; !status && i < json_array_size(json); i++)
    status = read_words(json_array_get(json, i));
  json_object_foreach(json, key, value) if (!status) status = read_words(value);
  return status;
}

int old_words_read(json_t *file, json_int_t schema) {
  return schema < SCHEMA_OF_TODAYS_WORDS ? read_words(file) : 0;
}
