#include "bench/report/probe.h"

#include "bench/plan/caches.h"
#include "bench/plan/json_file.h"
#include "bench/plan/vectors.h"
#include "bench/report/numbers.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

enum { COLUMN = 20, RATE = 4 * NUMBER_LENGTH };
static const double billion = 1e9;

static const char *const op_titles[PROBE_OPS] = {"read", "write", "copy",
                                                 "mix, 5 read:1 written"};

/* What is shown. */
struct shown {
  const struct probe_plan *plan;
  const struct interval *rates; /* [plan->count], per second */
  FILE *out;
};

/* Place of a meter; plan->count: there is none. */
static size_t find(const struct probe_plan *plan, uint32_t workers,
                   const char *kernel, int level, int op) {
  size_t i = 0;
  for (; i < plan->count; i++) {
    const struct probe_meter *m = &plan->meters[i];
    if (m->workers == workers && m->level == level && m->op == op &&
        strcmp(m->workload->kernel->name, kernel) == 0)
      break;
  }
  return i;
}

/* "12.3 (12.1–12.5)" billions; `per` divides it. */
static void rate_text(const struct shown *shown, size_t meter, double per,
                      char text[static RATE]) {
  char median[NUMBER_LENGTH], low[NUMBER_LENGTH], high[NUMBER_LENGTH];
  struct interval r =
      meter < shown->plan->count ? shown->rates[meter] : INTERVAL_NULL;
  per *= billion;
  number_plain(r.median / per, median);
  if (isnan(r.low))
    text_print(text, RATE, "%s", median);
  else
    text_print(text, RATE, "%s (%s–%s)", median, number_plain(r.low / per, low),
               number_plain(r.high / per, high));
}

/* The same in a column. */
static void print_rate(const struct shown *shown, size_t meter, double per) {
  char text[RATE];
  rate_text(shown, meter, per, text);
  size_t columns = number_columns(text);
  fprintf(shown->out, "  %s%*s", text,
          (int)(columns < COLUMN ? COLUMN - columns : 0), "");
}

enum { SET = 32 };
static void set_text(double bytes, char text[static SET]) {
  bool small = bytes < 1048576;
  text_print(text, SET, "%.0f %s", bytes / (small ? 1024 : 1048576),
             small ? "KiB" : "MiB");
}

static void print_level(const struct shown *shown, uint32_t workers,
                        int level) {
  const struct probe_plan *plan = shown->plan;
  size_t read = find(plan, workers, "memory", level, 0);
  char set[SET];
  if (read == plan->count)
    return;
  set_text(plan->meters[read].set_bytes, set);
  fprintf(shown->out, "  %-7s %10s", memory_level_names[level], set);
  for (int op = 0; op < PROBE_OPS; op++)
    print_rate(shown, find(plan, workers, "memory", level, op), 1);
  fputc('\n', shown->out);
}

static void print_workers(const struct shown *shown, uint32_t workers) {
  fprintf(shown->out,
          "\n%" PRIu32 " worker%s: GB/s of all, by what each goes over\n%20s",
          workers, workers == 1 ? "" : "s", "");
  for (int op = 0; op < PROBE_OPS; op++)
    fprintf(shown->out, "  %-*s", COLUMN, op_titles[op]);
  fputc('\n', shown->out);
  for (int level = 0; level < MEMORY_LEVELS; level++)
    print_level(shown, workers, level);
  fputs("  G 64-bit additions/s of all", shown->out);
  print_rate(shown, find(shown->plan, workers, "adds", -1, 0), 1);
  fputs("\n  GHz of each                ", shown->out);
  print_rate(shown, find(shown->plan, workers, "clock", -1, 0), workers);
  fputc('\n', shown->out);
}

void probe_table(const struct probe_plan *plan, const struct interval *rates,
                 FILE *out) {
  const struct shown shown = {plan, rates, out};
  uint32_t before = 0;
  for (size_t i = 0; i < plan->count; i++) {
    if (plan->meters[i].workers != before)
      print_workers(&shown, plan->meters[i].workers);
    before = plan->meters[i].workers;
  }
}

/* ---- on a page ----------------------------------------------------------- */

/* A row a level of those workers. */
static void write_levels(struct page *page, const struct shown *shown,
                         uint32_t workers, const char *const *names) {
  const struct probe_plan *plan = shown->plan;
  char text[RATE], set[SET];
  for (int level = 0; level < MEMORY_LEVELS; level++) {
    size_t read = find(plan, workers, "memory", level, 0);
    if (read == plan->count)
      continue;
    fputs("<tr>", page->out);
    page_element(page, "th scope=\"row\"", memory_level_names[level]);
    set_text(plan->meters[read].set_bytes, set);
    page_cell(page, names[1], NULL, set);
    for (int op = 0; op < PROBE_OPS; op++) {
      rate_text(shown, find(plan, workers, "memory", level, op), 1, text);
      page_cell(page, names[2 + op], NULL, text);
    }
    fputs("</tr>\n", page->out);
  }
}

static void write_bytes(struct page *page, const struct shown *shown) {
  enum { BESIDE = 2 };
  const struct probe_plan *plan = shown->plan;
  const char *names[BESIDE + PROBE_OPS] = {"bytes (GB/s of all workers)",
                                           "each goes over"};
  char head[RATE];
  uint32_t before = 0;
  for (int op = 0; op < PROBE_OPS; op++)
    names[BESIDE + op] = op_titles[op];
  page_table(page, "Bytes a second", true, names, BESIDE + PROBE_OPS);
  for (size_t i = 0; i < plan->count; i++) {
    uint32_t workers = plan->meters[i].workers;
    if (workers == before)
      continue;
    text_print(head, sizeof head, "%" PRIu32 " worker%s", workers,
               workers == 1 ? "" : "s");
    page_table_group(page, head, BESIDE + PROBE_OPS, before == 0);
    write_levels(page, shown, workers, names);
    before = workers;
  }
  page_table_end(page);
}

static void write_cycles(struct page *page, const struct shown *shown) {
  static const char *const names[] = {
      "workers", "64-bit additions of all (G/s)", "clock of each (GHz)"};
  const struct probe_plan *plan = shown->plan;
  char text[RATE];
  uint32_t before = 0;
  page_table(page, "Additions and cycles a second", true, names, 3);
  for (size_t i = 0; i < plan->count; i++) {
    uint32_t workers = plan->meters[i].workers;
    if (workers == before)
      continue;
    fprintf(page->out, "<tr><th scope=\"row\">%" PRIu32 "</th>", workers);
    rate_text(shown, find(plan, workers, "adds", -1, 0), 1, text);
    page_cell(page, names[1], NULL, text);
    rate_text(shown, find(plan, workers, "clock", -1, 0), workers, text);
    page_cell(page, names[2], NULL, text);
    fputs("</tr>\n", page->out);
    before = workers;
  }
  page_table_end(page);
}

void probe_page_tables(struct page *page, const void *of) {
  const struct probe_found *found = of;
  const struct shown shown = {found->plan, found->rates, NULL};
  fputs("<p class=\"facts\">Medians with their 95% intervals.</p>\n",
        page->out);
  write_bytes(page, &shown);
  write_cycles(page, &shown);
}

void probe_headline(const struct probe_plan *plan, const struct interval *rates,
                    char text[static REPORT_LINE]) {
  struct text line = text_begin(text, REPORT_LINE);
  char bytes[NUMBER_LENGTH], adds[NUMBER_LENGTH];
  uint32_t most = 0;
  for (size_t i = 0; i < plan->count; i++)
    most = plan->meters[i].workers > most ? plan->meters[i].workers : most;
  size_t read = find(plan, most, "memory", MEMORY_LEVELS - 1, 0);
  size_t add = find(plan, most, "adds", -1, 0);
  if (read == plan->count || add == plan->count)
    return;
  text_add(&line,
           "%" PRIu32 " worker%s read%s %s GB/s from memory, and do%s %s "
           "billion additions a second",
           most, most == 1 ? "" : "s", most == 1 ? "s" : "",
           number_plain(rates[read].median / billion, bytes),
           most == 1 ? "es" : "",
           number_plain(rates[add].median / billion, adds));
}

void probe_vectors(int built, int machine, FILE *out) {
  if (machine > built)
    fprintf(out,
            "\nAdditions were measured in vectors of %d bytes, and this "
            "machine has some of %d:\nbuilt for those (make ARCH=native; SVE's "
            "also need EXTRA=-msve-vector-bits=%d), it may add\nmore.\n",
            built, machine, 8 * machine);
}

static json_t *real_json(double value) {
  return isfinite(value) ? json_real(value) : json_null();
}

static json_t *rate_json(const struct probe_meter *meter,
                         const struct interval *rate) {
  const char *kernel = meter->workload->kernel->name;
  const char *unit = meter->level >= 0             ? "GB/s"
                     : strcmp(kernel, "adds") == 0 ? "G additions/s"
                                                   : "G cycles/s";
  json_t *json = json_pack(
      "{s:s, s:s, s:i, s:s, s:f, s:o, s:o, s:o}", "meter", kernel, "workload",
      meter->workload->name, "workers", (int)meter->workers, "unit", unit,
      "set_bytes", meter->set_bytes, "median",
      real_json(rate->median / billion), "low", real_json(rate->low / billion),
      "high", real_json(rate->high / billion));
  if (meter->level >= 0)
    json_object_set_new(json, "level",
                        json_string(memory_level_names[meter->level]));
  return json;
}

int probe_write(const struct probe_plan *plan, const struct interval *rates,
                uint32_t rounds, const char *path, struct problem *problem) {
  json_t *array = json_array();
  for (size_t i = 0; i < plan->count; i++)
    json_array_append_new(array, rate_json(&plan->meters[i], &rates[i]));
  int machine = vectors_machine_bytes();
  json_t *json = json_pack(
      "{s:i, s:i, s:s, s:i, s:o, s:o}", "schema", RECORD_SCHEMA, "rounds",
      (int)rounds, "build", build_text(), "vector_bytes", KERNEL_VECTOR_BYTES,
      "machine_vector_bytes", machine > 0 ? json_integer(machine) : json_null(),
      "rates", array);
  return json_file_write(json, path, 6, problem);
}
