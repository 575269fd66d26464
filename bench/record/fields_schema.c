/* fields_schema.c: what a table holds, for other programs that read it. */
#include "bench/record/fields.h"

#include <string.h>

/* A type, and null where it may be so. */
static json_t *of_type(const char *type, bool or_null) {
  return or_null ? json_pack("{s:[s, s]}", "type", type, "null")
                 : json_pack("{s:s}", "type", type);
}

static void add_limits(const struct limits *limits, bool or_null,
                       json_t *schema) {
  if (!limits)
    return;
  if (!limits->words) {
    json_object_set_new(schema, "minimum", json_real(limits->least));
    json_object_set_new(schema, "maximum", json_real(limits->most));
    return;
  }
  json_t *words = json_array();
  for (size_t i = 0; limits->words[i]; i++)
    json_array_append_new(words, json_string(limits->words[i]));
  if (or_null)
    json_array_append_new(words, json_null());
  json_object_set_new(schema, "enum", words);
}

/* Limits of texts count bytes, those of a schema characters: no more. */
static json_t *text_schema(const struct limits *limits, bool or_null) {
  json_t *schema = of_type("string", or_null);
  if (limits && limits->words)
    add_limits(limits, or_null, schema);
  else if (limits)
    json_object_set_new(schema, "maxLength",
                        json_integer((json_int_t)limits->most));
  return schema;
}

static json_t *number_schema(const char *type, const struct limits *limits,
                             bool or_null) {
  json_t *schema = of_type(type, or_null);
  add_limits(limits, or_null, schema);
  return schema;
}

static json_t *list_schema(json_t *items, bool or_null) {
  json_t *schema = of_type("array", or_null);
  json_object_set_new(schema, "items", items);
  return schema;
}

static json_t *interval_schema(const struct limits *limits, bool or_null) {
  static const char *const keys[] = {"median", "low", "high"};
  json_t *schema = of_type("object", or_null), *members = json_object();
  for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
    json_object_set_new(members, keys[i],
                        number_schema("number", limits, true));
  json_object_set_new(schema, "properties", members);
  return schema;
}

static json_t *field_schema(const struct field *f) {
  bool or_null = !f->required;
  switch (f->type) {
  case FIELD_TEXT:
    return text_schema(f->limits, or_null);
  case FIELD_WORDS:
    return list_schema(text_schema(f->limits, false), or_null);
  case FIELD_INTEGER:
    return number_schema("integer", f->limits, or_null);
  case FIELD_TRUTH:
    return of_type("boolean", or_null);
  case FIELD_REAL:
    return number_schema("number", f->limits, or_null);
  case FIELD_REALS:
    return list_schema(number_schema("number", f->limits, true), or_null);
  case FIELD_INTEGERS:
    return list_schema(number_schema("integer", f->limits, true), or_null);
  case FIELD_INTERVAL:
    return interval_schema(f->limits, or_null);
  }
  return NULL;
}

json_t *fields_schema(const struct field *table) {
  json_t *members = json_object(), *required = json_array();
  for (const struct field *f = table; f->name; f++) {
    json_t *schema = field_schema(f);
    if (*f->meaning)
      json_object_set_new(schema, "description", json_string(f->meaning));
    if (*f->unit)
      json_object_set_new(schema, "unit", json_string(f->unit));
    json_object_set_new(members, f->name, schema);
    if (f->required)
      json_array_append_new(required, json_string(f->name));
  }
  return json_pack("{s:s, s:o, s:o}", "type", "object", "properties", members,
                   "required", required);
}
