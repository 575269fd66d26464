/* coresweep list: the kernels, the execution models, the record's fields. */
#include "bench/analyze/analysis.h"
#include "bench/analyze/analysis_schema.h"
#include "bench/analyze/cause_rules.h"
#include "bench/commands/command.h"
#include "bench/commands/export.h"
#include "bench/plan/registry.h"
#include "bench/record/environment.h"
#include "bench/record/record.h"
#include "bench/trial/variants/variant.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

struct list_options {
  const char *what; /* NULL: kernels and variants */
  struct export_as as;
  bool schema;
};

static const struct option_spec option_list[] = {
    OPTIONS_EXPORT(struct list_options, as),
    {.name = "schema",
     .help = "With fields: as a JSON Schema, of a line of trials.jsonl "
             "(#/$defs/record) and of analysis.json (#/$defs/analysis)",
     OPTION_FLAG(struct list_options, schema)},
    {0}};

static void read_what(void *input, const char *text, struct argp_state *state) {
  struct list_options *o = input;
  if (o->what ||
      (strcmp(text, "kernels") != 0 && strcmp(text, "variants") != 0 &&
       strcmp(text, "fields") != 0 && strcmp(text, "meters") != 0))
    options_refuse(state, "'%s': want kernels, variants, fields or meters",
                   text);
  o->what = text;
}

static void check_schema(void *input, struct argp_state *state) {
  const struct list_options *o = input;
  if (o->schema && (!o->what || strcmp(o->what, "fields") != 0))
    options_refuse(state, "--schema is of fields: want `list fields --schema`");
  if ((o->as.csv || o->as.markdown) && !o->what)
    options_refuse(state,
                   "--%s is of one table: want `list kernels` or `list "
                   "variants`",
                   o->as.csv ? "csv" : "markdown");
  if (export_wanted(&o->as) && o->what && strcmp(o->what, "fields") == 0)
    options_refuse(state, "fields are Markdown, and with --schema JSON");
}

static void print_range(const struct param_spec *p) {
  switch (p->type) {
  case PARAM_INTEGER:
    printf("%" PRId64 " to %" PRId64, p->low, p->high);
    break;
  case PARAM_REAL:
    printf("%g to %g", p->least, p->most);
    break;
  case PARAM_WORD:
    printf("%s", p->words);
    break;
  case PARAM_TEXT:
    printf("text of %" PRId64 " to %" PRId64 " bytes", p->low, p->high);
    break;
  }
}

static void print_kernel(const struct kernel *k) {
  printf("%s: %s; item: %s.  From %s.\n", k->name, k->title, k->item,
         k->source);
  for (const struct param_spec *p = k->params; p && p->name; p++) {
    printf("    %-10s %s (default %s; ", p->name, p->help, p->initial);
    print_range(p);
    puts(")");
  }
  for (const struct kernel_preset *p = k->presets; p && p->name; p++)
    printf("    preset=%s   %s\n", p->name, p->help);
}

static void print_variant(const struct variant *v) {
  printf("%-8s %s (%s); schedules:", v->name, v->meaning, v->known_as);
  for (unsigned s = 0; s < SCHEDULE_COUNT; s++)
    if (v->schedules >> s & 1)
      printf(" %s", notation_schedule_name((enum schedule)s));
  if (v->transports)
    printf("; transports:");
  for (size_t t = 0; v->transports && registry_transport_names[t]; t++)
    printf(" %s", registry_transport_names[t]);
  putchar('\n');
}

static json_t *kernel_json(const struct kernel *k) {
  json_t *params = json_array(), *presets = json_array();
  for (const struct param_spec *p = k->params; p && p->name; p++) {
    json_t *param = json_pack("{s:s, s:s, s:s}", "name", p->name, "default",
                              p->initial, "help", p->help);
    if (p->type == PARAM_INTEGER || p->type == PARAM_TEXT) {
      json_object_set_new(param, "low", json_integer(p->low));
      json_object_set_new(param, "high", json_integer(p->high));
    } else if (p->type == PARAM_REAL) {
      json_object_set_new(param, "low", json_real(p->least));
      json_object_set_new(param, "high", json_real(p->most));
    } else {
      json_object_set_new(param, "words", json_string(p->words));
    }
    json_array_append_new(params, param);
  }
  for (const struct kernel_preset *p = k->presets; p && p->name; p++)
    json_array_append_new(presets,
                          json_pack("{s:s, s:s, s:s, s:I}", "name", p->name,
                                    "help", p->help, "params", p->params,
                                    "size", (json_int_t)p->size));
  return json_pack("{s:s, s:s, s:s, s:s, s:I, s:b, s:b, s:o, s:o}", "name",
                   k->name, "title", k->title, "item", k->item, "source",
                   k->source, "size", (json_int_t)k->size, "waits",
                   (int)k->waits, "meter", (int)k->meter, "params", params,
                   "presets", presets);
}

static json_t *variant_json(const struct variant *v) {
  json_t *schedules = json_array();
  for (unsigned s = 0; s < SCHEDULE_COUNT; s++)
    if (v->schedules >> s & 1)
      json_array_append_new(
          schedules, json_string(notation_schedule_name((enum schedule)s)));
  return json_pack("{s:s, s:s, s:s, s:s, s:b, s:b, s:o}", "name", v->name,
                   "title", v->title, "meaning", v->meaning, "known_as",
                   v->known_as, "processes", (int)v->processes, "copies",
                   (int)v->copies, "schedules", schedules);
}

static int print_lists(const struct export_as *as, bool kernels, bool meters,
                       bool variants, struct problem *problem) {
  json_t *all = json_object();
  if (kernels || meters) {
    json_t *list = json_array();
    for (size_t i = 0; registry_kernels[i]; i++)
      if (as->json || registry_kernels[i]->meter == meters)
        json_array_append_new(list, kernel_json(registry_kernels[i]));
    json_object_set_new(all, "kernels", list);
  }
  if (variants) {
    json_t *list = json_array();
    for (size_t i = 0; registry_variants[i]; i++)
      json_array_append_new(list, variant_json(registry_variants[i]));
    json_object_set_new(all, "variants", list);
  }
  int status = PROBLEM_NONE;
  if (as->json && json_dumpf(all, stdout, JSON_INDENT(2)) == 0)
    putchar('\n');
  else
    status = export_rows(all, sheet_rows(all), as, stdout, problem);
  json_decref(all);
  return status;
}

static json_t *record_schema(void) {
  json_t *schema = fields_schema(record_fields);
  json_object_set_new(json_object_get(schema, "properties"), "inside",
                      json_pack("{s:[o, {s:s}]}", "anyOf",
                                fields_schema(inside_fields), "type", "null"));
  return schema;
}

static void print_schema(void) {
  json_t *schema =
      json_pack("{s:s, s:s, s:{s:o, s:o}, s:[{s:s}, {s:s}]}", "$schema",
                "https://json-schema.org/draft/2020-12/schema", "title",
                "coresweep: a line of trials.jsonl, or analysis.json", "$defs",
                "record", record_schema(), "analysis", analysis_schema(),
                "anyOf", "$ref", "#/$defs/record", "$ref", "#/$defs/analysis");
  char *text = json_dumps(schema, JSON_INDENT(2));
  if (text)
    puts(text);
  free(text);
  json_decref(schema);
}

static void print_terms(void) {
  puts("Each term is an object of `core_s`, core-seconds of all workers "
       "together, and `share`, of workers x time; each of them an object of "
       "`mean`, `low`, `high` (trials drawn anew), and all shares add up to 1. "
       "A term is null where there is none such, or where it is not told. "
       "Beside them stand `serial_phases`, what the serial phases of the "
       "program take (s: `setup`, `start` of the team, `touch` by the caller, "
       "`finish`, `close`), and `evidence`, a list of `name`, `unit`, "
       "`value`.\n");
  puts("| key | meaning |\n|---|---|");
  for (int t = 0; t < TERMS; t++)
    printf("| `%s` | %s |\n", breakdown_terms[t].key,
           breakdown_terms[t].meaning);
}

static void print_rules(void) {
  puts("The first rule for the largest loss that holds is its `cause`.\n");
  puts("| rule | of the terms | holds where |\n|---|---|---|");
  for (size_t i = 0; i < cause_rule_count; i++) {
    printf("| `%s` |", cause_rules[i].key);
    for (int t = 0; t < TERMS; t++)
      if (cause_rules[i].terms >> t & 1)
        printf(" `%s`", breakdown_terms[t].key);
    printf(" | %s |\n", cause_rules[i].when);
  }
}

static void print_fields(void) {
  puts("### A record: a line of trials.jsonl\n");
  fields_markdown(record_fields, stdout);
  puts("\n### What a program does inside: `inside` of a record\n");
  puts(
      "Of an observed run of somebody else's program that told of its parallel "
      "regions; else it is null, or not there.\n");
  fields_markdown(inside_fields, stdout);
  puts("\n### A result: an object under `results` in analysis.json, a line of "
       "speedups.csv\n");
  fields_markdown(result_fields, stdout);
  puts("\n### Where core-time went: objects `breakdown` and `region_breakdown` "
       "of a result\n");
  print_terms();
  puts("\n### Why: `cause` and `region_cause` of a result\n");
  print_rules();
  puts("\n### Means of the terms, further columns of speedups.csv\n");
  fields_markdown(breakdown_columns, stdout);
  puts("\n### What a variant's worker counts show: an object under `models` in "
       "analysis.json\n");
  fields_markdown(model_fields, stdout);
  puts("\n### Parallel regions of somebody else's program: an object under "
       "`regions` in analysis.json\n");
  puts("Beside these stands `breakdown`, as of a result, of its workers x "
       "wall_s.  Of each point the 16 regions with most of its time.  "
       "regions.csv has a\nline of each, and behind these keys means of the "
       "terms:\n");
  fields_markdown(inside_region_fields, stdout);
  fields_markdown(inside_region_columns, stdout);
  puts("\n### The environment: environment.json\n");
  fields_markdown(environment_fields, stdout);
  puts("\n### What the CPUs deliver: an object under `capacity` in "
       "analysis.json\n");
  fields_markdown(capacity_fields, stdout);
  puts("\n### The run: `run` in analysis.json\n");
  fields_markdown(run_fields, stdout);
}

int command_list(int argc, char **argv) {
  static const struct options options = {
      .list = option_list,
      .argument = read_what,
      .end = check_schema,
      .arguments = "[kernels|variants|fields|meters]",
      .doc = "Lists what can be computed, how it can be run, and (as Markdown) "
             "the keys of the files that a run consists of.  Meters are the "
             "kernels that measure the machine, for `probe`."};
  static struct list_options o;
  struct problem problem = {""};
  int status;
  options_parse(&options, "list", argc, argv, &o);
  if (o.what && strcmp(o.what, "fields") == 0) {
    if (o.schema)
      print_schema();
    else
      print_fields();
    return 0;
  }
  bool kernels = !o.what || strcmp(o.what, "kernels") == 0;
  bool meters = o.what && strcmp(o.what, "meters") == 0;
  bool variants = !o.what || strcmp(o.what, "variants") == 0;
  status = export_check(&o.as, &problem);
  if (!status && export_wanted(&o.as))
    status = print_lists(&o.as, kernels, meters, variants, &problem);
  if (status)
    return command_fail("list", status, &problem);
  if (export_wanted(&o.as))
    return 0;
  for (size_t i = 0; (kernels || meters) && registry_kernels[i]; i++)
    if (registry_kernels[i]->meter == meters)
      print_kernel(registry_kernels[i]);
  if (kernels && variants)
    putchar('\n');
  for (size_t i = 0; variants && registry_variants[i]; i++)
    print_variant(registry_variants[i]);
  return 0;
}
