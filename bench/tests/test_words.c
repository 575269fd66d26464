/* test_words.c: every number in its column, by the column's name, and every
 * word for what it says, on results in which no two numbers are equal. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "bench/plan/json_file.h"
#include "bench/report/report.h"
#include "bench/report/titles.h"
#include "bench/tests/distinct_fixture.h"
#include "bench/tests/table_fixture.h"
#include "bench/tests/text_fixture.h"

#include <jansson.h>
#include <unistd.h>

/* ---- files ----------------------------------------------------------------
 */

/* The members of a result under the names that they have in files. */
struct named {
  const char *name;
  const struct interval *interval; /* or */
  const double *real;              /* or */
  const int64_t *integer;          /* or */
  char *const *text;
};

enum { NAMED = 34 };

static size_t name_members(const struct result *r,
                           struct named named[static NAMED]) {
  const struct named all[] = {
      {KEY_WORKLOAD, .text = &r->workload},
      {"kernel", .text = &r->kernel},
      {"variant", .text = &r->variant},
      {KEY_REQUESTED, .text = &r->requested},
      {"label", .text = &r->label},
      {"workers", .integer = &r->workers},
      {"size", .integer = &r->size},
      {"n", .integer = &r->n},
      {"region_s", .interval = &r->region_s},
      {"region_first_s", .interval = &r->region_first_s},
      {"program_s", .interval = &r->program_s},
      {"wall_s", .interval = &r->wall_s},
      {"items_per_s", .interval = &r->items_per_s},
      {"speedup_abs", .interval = &r->speedup_abs},
      {"speedup_slowest", .interval = &r->speedup_slowest},
      {"slowest_cpu", .integer = &r->slowest_cpu},
      {"speedup_rel", .interval = &r->speedup_rel},
      {"program_speedup", .interval = &r->program_speedup},
      {"program_speedup_rel", .interval = &r->program_speedup_rel},
      {"efficiency", .interval = &r->efficiency},
      {"clock_ratio", .interval = &r->clock_ratio},
      {"speedup_clock_adjusted", .interval = &r->speedup_clock_adjusted},
      {"roofline_share", .interval = &r->roofline_share},
      {"roofline_bound", .text = &r->roofline_bound},
      {"operations_per_s", .interval = &r->operations_per_s},
      {"roofline_bytes_per_s", .interval = &r->roofline_bytes_per_s},
      {"roofline_operations_per_s", .interval = &r->roofline_operations_per_s},
      {"blocks_over_textbook", .interval = &r->blocks_over_textbook},
      {"program_amdahl_predicted", .real = &r->program_amdahl_predicted},
      {"program_amdahl_low", .real = &r->program_amdahl_low},
      {"program_amdahl_high", .real = &r->program_amdahl_high},
      {"program_amdahl_residual", .interval = &r->program_amdahl_residual},
      {"workers_seen", .integer = &r->workers_seen},
      {"outliers", .integer = &r->outliers},
  };
  memcpy(named, all, sizeof all);
  return sizeof all / sizeof *all;
}

static void near_to(const char *name, double value, double expected) {
  if (!(fabs(value - expected) <= 1e-8 * fabs(expected)) &&
      !(isnan(value) && isnan(expected)))
    fail_msg("%s: %.12g, expected %.12g", name, value, expected);
}

/* No two of a result's times, ratios and rates may be equal: the tests below
 * could not tell them apart. */
static void no_two_numbers_are_equal(void **state) {
  (void)state;
  for (int i = 1; i < DISTINCT_RESULTS; i++)
    for (int k = 0; k < DISTINCTS; k++)
      for (int m = 0; m < k; m++)
        if (distinct_values[i][k] == distinct_values[i][m])
          fail_msg("result %d: numbers %d and %d are both %g", i, m, k,
                   distinct_values[i][k]);
}

/* The column of that name, in a line of the CSV file; "" for none. */
static void csv_cell(const char *header, const char *row, const char *name,
                     char cell[200]) {
  size_t length = strlen(name);
  *cell = '\0';
  for (;;) {
    size_t in_header = strcspn(header, ",\n");
    size_t in_row =
        *row == '"' ? strcspn(row + 1, "\"") + 2 : strcspn(row, ",\n");
    if (in_header == length && memcmp(header, name, length) == 0) {
      bool quoted = *row == '"';
      snprintf(cell, 200, "%.*s", (int)in_row - 2 * quoted, row + quoted);
      return;
    }
    if (header[in_header] != ',')
      fail_msg("there is no column %s", name);
    header += in_header + 1;
    row += in_row + 1;
  }
}

static double csv_number(const char *header, const char *row,
                         const char *name) {
  char cell[200];
  csv_cell(header, row, name, cell);
  return *cell ? strtod(cell, NULL) : (double)NAN;
}

static void is_csv_interval(const char *header, const char *row,
                            const char *name, struct interval expected) {
  char end[80];
  near_to(name, csv_number(header, row, name), expected.median);
  snprintf(end, sizeof end, "%s_low", name);
  near_to(end, csv_number(header, row, end), expected.low);
  snprintf(end, sizeof end, "%s_high", name);
  near_to(end, csv_number(header, row, end), expected.high);
}

static void csv_columns_hold_what_they_say(void **state) {
  (void)state;
  struct analysis a = distinct_analysis();
  struct problem problem = {""};
  char path[] = "/tmp/test_words.XXXXXX", header[16000], row[16000], cell[200];
  struct named named[NAMED];
  close(mkstemp(path));
  assert_int_equal(report_csv(&a, path, &problem), 0);
  FILE *in = fopen(path, "r");
  assert_true(in && fgets(header, sizeof header, in));
  for (size_t i = 0; i < a.result_count; i++) {
    assert_non_null(fgets(row, sizeof row, in));
    size_t count = name_members(&a.results[i], named);
    for (size_t k = 0; k < count; k++) {
      const struct named *n = &named[k];
      if (n->interval) {
        is_csv_interval(header, row, n->name, *n->interval);
        continue;
      }
      csv_cell(header, row, n->name, cell);
      if (n->text)
        assert_string_equal(cell, *n->text);
      else
        near_to(n->name, csv_number(header, row, n->name),
                n->real ? *n->real : (double)*n->integer);
    }
  }
  assert_null(fgets(row, sizeof row, in));
  fclose(in);
  unlink(path);
  analysis_free(&a);
}

/* What would end a cell, or a line of the file, stands in quotes. */
static void csv_texts_are_quoted(void **state) {
  (void)state;
  struct result r;
  char *text;
  fields_clear(result_fields, &r);
  r.workload = strdup("a,b");
  r.kernel = strdup("so \"called\"");
  FILE *out = text_open(&text);
  fields_csv_row(result_fields, &r, out);
  fclose(out);
  has(text, "\"a,b\",\"so \"\"called\"\"\",,");
  free(text);
  fields_free(result_fields, &r);
}

static void is_json_interval(const json_t *json, const char *name,
                             struct interval expected) {
  const char *const keys[] = {"median", "low", "high"};
  const double ends[] = {expected.median, expected.low, expected.high};
  const json_t *interval = json_object_get(json, name);
  assert_int_equal(json_object_size(interval), 3);
  for (int k = 0; k < 3; k++) {
    const json_t *number = json_object_get(interval, keys[k]);
    near_to(name, json_is_null(number) ? (double)NAN : json_real_value(number),
            ends[k]);
  }
}

static void json_keys_hold_what_they_say(void **state) {
  (void)state;
  struct analysis a = distinct_analysis();
  struct problem problem = {""};
  char path[] = "/tmp/test_words.XXXXXX";
  struct named named[NAMED];
  close(mkstemp(path));
  a.workloads->known_serial_fraction = 0.257;
  assert_int_equal(analysis_write(&a, path, &problem), 0);
  json_t *json = json_load_file(path, 0, NULL);
  json_t *results = json_object_get(json, "results");
  json_t *workload = json_array_get(json_object_get(json, "workloads"), 0);
  assert_int_equal(json_array_size(results), DISTINCT_RESULTS);
  for (size_t i = 0; i < DISTINCT_RESULTS; i++) {
    const json_t *result = json_array_get(results, i);
    size_t count = name_members(&a.results[i], named);
    for (size_t k = 0; k < count; k++) {
      const struct named *n = &named[k];
      const json_t *value = json_object_get(result, n->name);
      if (n->interval)
        is_json_interval(result, n->name, *n->interval);
      else if (n->text)
        assert_string_equal(json_string_value(value), *n->text);
      else
        near_to(n->name, json_number_value(value),
                n->real ? *n->real : (double)*n->integer);
    }
  }
  is_json_interval(workload, "serial_region_s", distinct_interval(0.101));
  is_json_interval(workload, "serial_program_s", distinct_interval(0.211));
  is_json_interval(workload, "serial_fraction", a.workloads->serial_fraction);
  near_to("known_serial_fraction",
          json_number_value(json_object_get(workload, "known_serial_fraction")),
          a.workloads->known_serial_fraction);
  json_decref(json);
  unlink(path);
  analysis_free(&a);
}

/* ---- the table ------------------------------------------------------------
 */

static void table_cells_stand_under_their_heads(void **state) {
  (void)state;
  static const char *const heads[] = {"variant",         "workers",
                                      "region",          "region speedup",
                                      "program speedup", "Amdahl"};
  static const struct expected_row rows[] = {
      {"serial  ", {"serial", "1", "101 ms", "1", "1", "1"}},
      {"omp:static,250",
       {"omp:static,250", "4", "29.3 ms", "3.23× (3.17–3.33)",
        "1.93× (1.89–1.99)", "1.79×"}},
      {"pool:static",
       {"pool:static", "4", "34.7 ms", "2.91× (2.85–3.00)", "1.17× (1.15–1.21)",
        "1.09×"}},
  };
  struct analysis a = distinct_analysis();
  char *table = printed(report_table, &a);
  rows_are(table, heads, rows, sizeof rows / sizeof *rows);
  assert_string_equal(cell_under(table, line_with(table, "serial  "), "kernel"),
                      "cube/first=7");
  has(table, "medians of 15 to 17 trials, uncorrected 95% intervals.");
  has(table, "\n2 rounds are left out: a trial in them failed.\n");
  has_not(table, "Weak scaling");
  has_not(table, "Refused");
  free(table);
  analysis_free(&a);
}

/* Both the most workers that have CPUs of their own, and the most of all. */
static void the_table_shows_the_most_workers(void **state) {
  (void)state;
  struct analysis a = distinct_analysis();
  a.results[3].oversubscribed = a.results[6].oversubscribed = 1;
  a.run.left_out = strdup("no fork:static");
  a.run.rounds = 6;
  char *table = printed(report_table, &a);
  has(table, " omp:static ²          2 ");
  has(table, " omp:static,250        4 ");
  has_not(table, " omp:static            1 ");
  has(table, "\nThinned, to stay within the budget: no fork:static\n");
  has(table, "medians of 6 rounds, uncorrected 95% intervals.");
  free(table);
  a.run.rounds = 5;
  table = printed(report_table, &a);
  has(table, "medians of 5 rounds, too few rounds for intervals.");
  free(table);
  analysis_free(&a);
}

static void roofline_cells_stand_under_their_heads(void **state) {
  (void)state;
  static const char *const heads[] = {
      "variant", "workers", "reached", "share of the roofline", "roof", "of"};
  static const struct expected_row rows[] = {
      {"serial  ",
       {"serial", "1", "13.6 GB/s", "41.0% (40.2–42.2%)", "3.10 GB/s",
        "memory"}},
      {"omp:static   ",
       {"omp:static", "1", "15.2 GB/s", "43.0% (42.1–44.3%)", "3.30 GB/s",
        "memory"}},
      {"omp:static,250",
       {"omp:static,250", "4", "2.90 Gop/s", "53.0% (51.9–54.6%)", "6.70 Gop/s",
        "arithmetic"}},
  };
  struct analysis a = distinct_analysis();
  free(a.results[3].roofline_bound);
  a.results[3].roofline_bound = strdup("arithmetic");
  char *table = printed(report_roofline, &a);
  rows_are(table + 1, heads, rows, sizeof rows / sizeof *rows);
  has_not(table, "pool:static");
  free(table);
  analysis_free(&a);
}

static void bars_are_as_long_as_the_program_gained(void **state) {
  (void)state;
  struct analysis a = distinct_analysis();
  char *bars = printed(report_bars, &a);
  /* 40 columns are 4 workers: 1 is in column 10, 1.93 are 19, 1.17 are 12. */
  has(bars, "omp:static     #########|#########                      1.93×\n");
  has(bars, "pool:static    #########|##                             1.17×\n");
  has_not(bars, "serial  ");
  free(bars);
  analysis_free(&a);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(no_two_numbers_are_equal),
      cmocka_unit_test(csv_columns_hold_what_they_say),
      cmocka_unit_test(csv_texts_are_quoted),
      cmocka_unit_test(json_keys_hold_what_they_say),
      cmocka_unit_test(table_cells_stand_under_their_heads),
      cmocka_unit_test(the_table_shows_the_most_workers),
      cmocka_unit_test(roofline_cells_stand_under_their_heads),
      cmocka_unit_test(bars_are_as_long_as_the_program_gained),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
