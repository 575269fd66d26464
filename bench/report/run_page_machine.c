/* The machine on a page: what people ask first, in words and by groups; then
 * all of environment.json as it stands. */
#include "bench/report/numbers.h"
#include "bench/report/overheads.h"
#include "bench/report/run_page.h"

#include <math.h>
#include <string.h>

/* ---- words --------------------------------------------------------------- */

enum form {
  FORM_PLAIN,
  FORM_BYTES,
  FORM_SHARES, /* in percent */
  FORM_CHOICE, /* of "always [madvise] never", what is in brackets */
  FORM_WHEN
};

struct fact {
  const char *key, *words;
  enum form form;
  bool rare; /* told only where it is not 0 */
};

static const struct fact processor[] = {
    {"cpu_model", "model", FORM_PLAIN, false},
    {"architecture", "architecture", FORM_PLAIN, false},
    {"usable_cpus", "CPUs that may be used", FORM_PLAIN, false},
    {"affinity", "which", FORM_PLAIN, false},
    {"online_cpus", "CPUs of the machine", FORM_PLAIN, false},
    {"cores", "cores", FORM_PLAIN, false},
    {"hardware_threads", "hardware threads", FORM_PLAIN, false},
    {"siblings", "CPUs that share a core", FORM_PLAIN, false},
    {"packages", "sockets", FORM_PLAIN, false},
    {"numa_nodes", "memory nodes (NUMA)", FORM_PLAIN, false},
    {"core_kinds", "kinds of cores", FORM_PLAIN, false},
    {"last_caches_bytes", "last-level caches", FORM_BYTES, false},
    {"machine_vector_bytes", "widest vectors", FORM_BYTES, false},
    {"governor", "clock governor", FORM_PLAIN, false},
    {"turbo", "may exceed its base clock", FORM_PLAIN, false},
    {"thermal_throttles", "times a core was too hot", FORM_PLAIN, true},
    {0}};

static const struct fact around[] = {
    {"machine", "kind of machine", FORM_PLAIN, false},
    {"hypervisor", "hypervisor", FORM_PLAIN, false},
    {"container", "container", FORM_PLAIN, false},
    {"system", "system", FORM_PLAIN, false},
    {"memory_bytes", "memory", FORM_BYTES, false},
    {"memory_limit_bytes", "memory that is allowed", FORM_BYTES, false},
    {"swap_used_bytes", "swapped out at the start", FORM_BYTES, true},
    {"huge_pages", "transparent huge pages", FORM_CHOICE, false},
    {"quota_cpus", "CPU quota", FORM_PLAIN, false},
    {"power_source", "power from", FORM_PLAIN, false},
    {"power_profile", "power profile", FORM_PLAIN, false},
    {0}};

static const struct fact start[] = {
    {"date", "began", FORM_WHEN, false},
    {"load_1min", "load average", FORM_PLAIN, false},
    {"look_shares", "of each CPU, used by others", FORM_SHARES, false},
    {"look_steal_share", "given away by the hypervisor", FORM_SHARES, true},
    {"look_throttled_s", "taken by a quota", FORM_PLAIN, true},
    {"bind", "workers are bound to", FORM_PLAIN, false},
    {"build", "coresweep built with", FORM_PLAIN, false},
    {"vector_bytes", "vectors that coresweep uses", FORM_BYTES, false},
    {"version", "version of coresweep", FORM_PLAIN, false},
    {"omp_settings", "settings of OpenMP", FORM_PLAIN, false},
    {"library_settings", "settings of libraries", FORM_PLAIN, false},
    {"seed", "seed", FORM_PLAIN, false},
    {0}};

static const struct {
  const char *heading;
  const struct fact *facts;
} groups[] = {{"Processor", processor},
              {"System and memory", around},
              {"This run, and how it began", start}};

/* ---- values -------------------------------------------------------------- */

/* Whole numbers in full, as bytes are. */
static void write_real(struct page *page, double value) {
  const double whole = 1e15; /* up to there they are told apart */
  char number[NUMBER_LENGTH];
  if (value >= 0 && value < whole && floor(value) == value)
    page_text(page, number_count((uint64_t)value, number));
  else
    page_text(page, number_plain(value, number));
}

static void write_choice(struct page *page, const char *text) {
  const char *from = strchr(text, '['), *to = from ? strchr(from, ']') : NULL;
  if (to)
    page_format(page, "%.*s", (int)(to - from - 1), from + 1);
  else
    page_text(page, text);
}

static void write_number(struct page *page, double value, enum form form) {
  char text[NUMBER_LENGTH];
  if (form == FORM_BYTES)
    page_text(page, overhead_bytes(value, text));
  else if (form == FORM_SHARES)
    page_text(page, number_percent(value, text));
  else
    write_real(page, value);
}

static void write_scalar(struct page *page, const json_t *value,
                         enum form form) {
  char when[PAGE_WHEN];
  if (json_is_string(value) && form == FORM_CHOICE)
    write_choice(page, json_string_value(value));
  else if (json_is_string(value) && form == FORM_WHEN)
    page_text(page, page_when(json_string_value(value), when));
  else if (json_is_string(value))
    page_text(page, json_string_value(value));
  else if (json_is_number(value))
    write_number(page, json_number_value(value), form);
  else if (json_is_boolean(value))
    page_text(page, json_is_true(value) ? "yes" : "no");
}

static void write_value(struct page *page, const json_t *value,
                        enum form form) {
  const json_t *each;
  size_t i;
  if (!json_is_array(value))
    write_scalar(page, value, form);
  json_array_foreach(value, i, each) {
    fputs(i ? ", " : "", page->out);
    write_scalar(page, each, form);
  }
}

static bool is_told(const json_t *value) {
  return value && !json_is_null(value) &&
         !(json_is_array(value) && json_array_size(value) == 0);
}

/* ---- tables -------------------------------------------------------------- */

static const char *unit_of(const struct fact *fact) {
  for (const struct field *f = environment_fields; f->name; f++)
    if (strcmp(f->name, fact->key) == 0)
      return fact->form == FORM_PLAIN && strcmp(f->unit, "CPUs") != 0 ? f->unit
                                                                      : "";
  return "";
}

static void write_fact(struct page *page, const struct fact *fact,
                       const json_t *value) {
  if (!is_told(value) || (fact->rare && json_number_value(value) == 0))
    return;
  fputs("<tr>", page->out);
  page_element(page, "th scope=\"row\"", fact->words);
  fputs("<td>", page->out);
  write_value(page, value, fact->form);
  const char *unit = unit_of(fact);
  fprintf(page->out, "%s%s</td></tr>\n", *unit ? " " : "", unit);
}

static void write_groups(struct page *page, const json_t *facts) {
  fputs("<div class=\"groups\">\n", page->out);
  for (size_t g = 0; g < sizeof groups / sizeof *groups; g++) {
    fputs("<div>", page->out);
    page_element(page, "h3", groups[g].heading);
    fprintf(page->out, "<table class=\"facts-of\" aria-label=\"%s\"><tbody>\n",
            groups[g].heading);
    for (const struct fact *fact = groups[g].facts; fact->key; fact++)
      write_fact(page, fact, json_object_get(facts, fact->key));
    fputs("</tbody></table></div>\n", page->out);
  }
  fputs("</div>\n", page->out);
}

/* All keys, with what they mean. */
static void write_raw(struct page *page, const json_t *facts) {
  fputs("<details><summary>All that environment.json says</summary>\n"
        "<table class=\"about\" aria-label=\"All of environment.json\">"
        "<thead><tr><th scope=\"col\">key</th><th scope=\"col\">value</th>"
        "<th scope=\"col\">what it means</th></tr></thead>\n<tbody>\n",
        page->out);
  for (const struct field *f = environment_fields; f->name; f++) {
    const json_t *value = json_object_get(facts, f->name);
    if (!is_told(value))
      continue;
    fputs("<tr>", page->out);
    page_element(page, "th scope=\"row\"", f->name);
    fputs("<td>", page->out);
    write_value(page, value, FORM_PLAIN);
    fprintf(page->out, "%s%s</td>", *f->unit ? " " : "", f->unit);
    page_element(page, "td", f->meaning);
    fputs("</tr>\n", page->out);
  }
  fputs("</tbody></table></details>\n", page->out);
}

void run_page_machine(struct page *page,
                      const struct environment *environment) {
  json_t *facts =
      environment ? fields_to_json(environment_fields, environment) : NULL;
  fputs("<section aria-labelledby=\"machine\"><h2 id=\"machine\">The "
        "machine</h2>\n",
        page->out);
  if (facts) {
    write_groups(page, facts);
    write_raw(page, facts);
  } else {
    fputs("<p>The run has no environment.json.</p>\n", page->out);
  }
  fputs("</section>\n", page->out);
  json_decref(facts);
}
