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

/* The items of a list, if it is one. */
static int rename_in_items(json_t *list) {
  int status = 0;
  for (size_t i = 0; !status && i < json_array_size(list); i++)
    status = rename_keys(json_array_get(list, i));
  return status;
}

int old_words_read(json_t *file, json_int_t schema) {
  const char *key;
  json_t *value;
  if (schema >= SCHEMA_OF_TODAYS_WORDS)
    return 0;
  int status = rename_keys(file);
  json_object_foreach(file, key, value) {
    if (!status)
      status = rename_in_items(value);
  }
  return status;
}
