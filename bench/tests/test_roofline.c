/* test_roofline.c: shares of the roofline and bounds against numbers worked out
 * by hand; what is refused; what the report and the chart make of it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "bench/analyze/flags.h"
#include "bench/analyze/roofline.h"
#include "bench/plan/meters.h"
#include "bench/report/probe.h"
#include "bench/report/report.h"
#include "bench/report/run_page.h"
#include "bench/tests/run_fixture.h"
#include "bench/tests/text_fixture.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { SIZE = 1048576, ROUNDS = 10 };

/* What cube of SIZE items takes: 16 bytes and 2 operations each. */
static const char cube_meter[] = "memory/op=copy";
static const double cube_bytes = 16.0 * SIZE,
                    adds_per_block = 11000; /* vectors */

static char *chart_of(const struct analysis *analysis);

static void near(double value, double expected) {
  if (!(fabs(value - expected) <= 1e-9 * fabs(expected)))
    fail_msg("%.17g, expected %.17g", value, expected);
}

static struct record *add(struct run *run, const char *phase, int64_t round,
                          const char *workload, const char *variant,
                          int64_t workers, int64_t size, double region_s) {
  struct record *r = run_add(run, phase, round ? round : FIELD_NULL, workload,
                             variant, workers);
  r->requested = strdup(variant);
  r->size = size;
  r->region_s = r->region_first_s = r->program_s = region_s;
  r->wall_s = 0.1;
  return r;
}

/* The meters of cube in a round: so many bytes and additions per second. */
static void add_meters(struct run *run, int64_t round, int64_t workers,
                       double bytes_per_s, double adds_per_s) {
  struct meter adds = meter_adds();
  double vector = KERNEL_VECTOR_BYTES / 8;
  add(run, "probe", round, "adds", "omp:static", workers,
      (int64_t)adds.items * workers,
      (double)adds.items * (double)workers * adds_per_block * vector /
          adds_per_s);
  add(run, "probe", round, cube_meter, "omp:static", workers, SIZE / 8,
      cube_bytes / bytes_per_s);
}

/* ---- shares -------------------------------------------------------------- */

static void shares_are_paired_by_round(void **state) {
  struct run *run = *state;
  run_empty(run);
  for (int i = 1; i <= ROUNDS; i++) {
    double slow = i % 2 ? 1 : 3; /* the machine, every second round */
    add_meters(run, i, 1, cube_bytes / slow, 1e9);
    add_meters(run, i, 2, 2 * cube_bytes / slow, 1e9);
    add(run, "round", i, "cube", "serial", 1, SIZE, slow * 1.25);
    /* another size of a worker's part: not this meter */
    add(run, "round", i, "cube", "omp:static", 2, SIZE, slow);
    add(run, "round", i, "latency", "serial", 1, SIZE, 1);
    add(run, "round", i, "spin", "serial", 1, SIZE, 1);
  }
  run_analyse(run, NULL);
  const struct result *r = run_find(run, "cube", "serial", 1);
  near(r->roofline_share.median, 0.8);
  near(r->roofline_share.low, 0.8);
  near(r->roofline_share.high, 0.8);
  assert_string_equal(r->roofline_bound, "memory");
  near(r->operations_per_byte, 0.125);
  near(r->operations_per_s.high, 2 * SIZE / 1.25);
  near(r->roofline_operations_per_s.median, 1e9);
  assert_null(r->refused);
  r = run_find(run, "cube", "omp:static", 2);
  assert_true(isnan(r->roofline_share.median));
  assert_null(r->roofline_bound);
  r = run_find(run, "latency", "serial", 1);
  assert_true(isnan(r->operations_per_s.median));
  assert_true(isnan(run_find(run, "spin", "serial", 1)->roofline_share.median));
}

/* A run of a program that was built for wider vectors made more additions in
 * the same blocks. */
static void additions_are_those_of_the_runs_program(void **state) {
  struct run *run = *state;
  char *text = NULL;
  size_t length;
  run_empty(run);
  for (int i = 1; i <= ROUNDS; i++) {
    add_meters(run, i, 1, cube_bytes, 1e9);
    add(run, "round", i, "cube", "serial", 1, SIZE, 1);
  }
  run->environment.vector_bytes = 4 * KERNEL_VECTOR_BYTES;
  run_analyse(run, &run->environment);
  const struct result *r = run_find(run, "cube", "serial", 1);
  near(r->roofline_operations_per_s.median, 4e9);
  run->environment.vector_bytes = FIELD_NULL;
  run_analyse(run, &run->environment);
  r = run_find(run, "cube", "serial", 1);
  near(r->roofline_operations_per_s.median, 1e9);
  FILE *out = open_memstream(&text, &length);
  assert_non_null(out);
  probe_vectors(32, 0, out); /* not told */
  probe_vectors(32, 32, out);
  probe_vectors(64, 32, out);
  assert_int_equal(ftell(out), 0);
  probe_vectors(16, 32, out);
  fclose(out);
  assert_non_null(strstr(text, "in vectors of 16 bytes, and this machine has "
                               "some of 32:"));
  assert_non_null(strstr(text, "EXTRA=-msve-vector-bits=256"));
  free(text);
}

static void the_longer_one_is_the_bound(void **state) {
  struct run *run = *state;
  double operations = 2.0 * SIZE;
  run_empty(run);
  for (int i = 1; i <= ROUNDS; i++) {
    add_meters(run, i, 1, 2 * cube_bytes, operations); /* 0.5 s, 1 s */
    add(run, "round", i, "cube", "serial", 1, SIZE, 2);
    add(run, "round", i, "adler32", "serial", 1, SIZE, 1000);
  }
  run_analyse(run, NULL);
  const struct result *r = run_find(run, "cube", "serial", 1);
  near(r->roofline_share.median, 0.5);
  assert_string_equal(r->roofline_bound, "arithmetic");
  /* 13 operations per letter, on 16 bits each */
  r = run_find(run, "adler32", "serial", 1);
  near(r->roofline_share.median, 13.0 * 128 / 4 / 2 / 1000);
  assert_true(isnan(r->operations_per_byte));
}

/* 90% of the meter, with a footprint of four times the last-level caches; not
 * where the meter is none, or arithmetic is the roof. */
static void memory_is_the_limit_only_where_it_is_shown(void **state) {
  struct run *run = *state;
  static const char shared[] = "shared cache or memory";
  static const struct {
    double share, adds_per_s, caches_bytes;
    const char *limit;
  } cases[] = {{0.91, 1e12, 16.0 * SIZE / 4, "memory"},
               {0.91, 1e12, 16.0 * SIZE / 4 + 1, shared},
               {0.91, 1e12, (double)NAN, shared},
               {0.89, 1e12, 1, NULL},
               {1.1, 1e12, 1, NULL},
               {0.95, 1e6, 1, NULL}};
  for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
    run_empty(run);
    for (int i = 1; i <= ROUNDS; i++) {
      add_meters(run, i, 1, cube_bytes, cases[k].adds_per_s);
      add(run, "round", i, "cube", "serial", 1, SIZE, 1 / cases[k].share);
    }
    run->environment.last_caches_bytes = cases[k].caches_bytes;
    run_analyse(run, &run->environment);
    const struct result *r = run_find(run, "cube", "serial", 1);
    if (cases[k].limit)
      assert_string_equal(r->roofline_limit, cases[k].limit);
    else
      assert_null(r->roofline_limit);
  }
  run_analyse(run, NULL);
}

/* rowcount/cols=2 reads 8 bytes and writes 4, which move 16; its meter, a copy,
 * 64 and 64, which move 192: as many bytes a second, and it is not as fast. */
static void lines_that_are_written_are_read_before(void **state) {
  struct run *run = *state;
  static const char few[] = "rowcount/cols=2";
  double bytes = 12.0 * SIZE;
  struct kernel_shape shape = {.input_bytes = 8, .output_bytes = 4};
  struct meter meter, adds = meter_adds();
  assert_true(meter_memory(&shape, SIZE, &meter));
  assert_non_null(strstr(meter.workload, "op=copy"));
  double passes = strtod(strstr(meter.workload, "passes=") + 7, NULL);
  run_empty(run);
  for (int i = 1; i <= ROUNDS; i++) {
    char workload[64];
    snprintf(workload, sizeof workload, "%.*s",
             (int)strcspn(meter.workload, ","), meter.workload);
    add(run, "probe", i, "adds", "omp:static", 1, (int64_t)adds.items, 1e-6);
    add(run, "probe", i, passes > 1 ? meter.workload : workload, "omp:static",
        1, (int64_t)meter.items, (double)meter.items * 128 * passes / bytes);
    add(run, "round", i, few, "serial", 1, SIZE, 1);
  }
  run_analyse(run, NULL);
  near(run_find(run, few, "serial", 1)->roofline_share.median,
       (16.0 / 12) / (192.0 / 128));
}

/* Marked and explained, by what the interval says: surely above, or not told
 * apart. */
static void shares_past_the_roof_are_marked(void **state) {
  struct run *run = *state;
  run_empty(run);
  for (int i = 1; i <= ROUNDS; i++) {
    add_meters(run, i, 1, cube_bytes, 1e9);
    add(run, "round", i, "cube", "serial", 1, SIZE, i % 2 ? 1.25 : 0.8);
    add(run, "round", i, "cube", "omp:static", 1, SIZE, 1 / 1.1);
    add(run, "round", i, "spin", "serial", 1, 100, 1);
  }
  run_analyse(run, NULL);
  assert_int_equal(roofline_place(run_find(run, "cube", "serial", 1)),
                   ROOFLINE_AROUND);
  assert_int_equal(roofline_place(run_find(run, "cube", "omp:static", 1)),
                   ROOFLINE_ABOVE);
  assert_int_equal(roofline_place(run_find(run, "spin", "serial", 1)),
                   ROOFLINE_BELOW);
  char *text = printed(report_roofline, &run->analysis);
  has(text, "(80–125%) ^ ");
  has(text, "110% (110–110%) ^^ ");
  has(text, "\n^  the interval reaches past 100%: not told apart from the roof "
            "(1 of 2)\n^^  all of the interval is past 100%: the meter is no "
            "roof for that kernel (1 of 2)\n");
  free(text);
  text = chart_of(&run->analysis);
  has(text, "# note: not told apart from the roof: cube on 1\n");
  free(text);
}

/* ---- refusals ------------------------------------------------------------ */

static bool refused_at(struct run *run, int rounds, double share) {
  run_empty(run);
  for (int i = 1; i <= rounds; i++) {
    add_meters(run, i, 1, cube_bytes, 1e12);
    add(run, "round", i, "cube", "serial", 1, SIZE, 1 / share);
  }
  run_analyse(run, NULL);
  const struct result *r = run_find(run, "cube", "serial", 1);
  assert_int_equal(flag_is_set(r, FLAG_REFUSED), r->refused != NULL);
  return r->refused;
}

static void faster_than_the_machine_is_refused(void **state) {
  assert_true(refused_at(*state, ROUNDS, 1.3));
  assert_non_null(strstr(run_find(*state, "cube", "serial", 1)->refused,
                         "cube, 1 worker:"));
  assert_false(refused_at(*state, ROUNDS, 1.2));
  assert_false(refused_at(*state, 5, 90)); /* no interval */
  assert_true(refused_at(*state, 5, 110));
}

static void one_honest_round_is_enough_doubt(void **state) {
  struct run *run = *state;
  run_empty(run);
  for (int i = 1; i <= 6; i++) {
    add_meters(run, i, 1, cube_bytes, 1e12);
    add(run, "round", i, "cube", "serial", 1, SIZE, i == 3 ? 1 : 0.1);
  }
  run_analyse(run, NULL);
  assert_null(run_find(run, "cube", "serial", 1)->refused);
}

/* Calibrated at these sizes in these times. */
static bool refused_after(struct run *run, const char *workload,
                          const int64_t sizes[3], const double region_s[3]) {
  run_empty(run);
  for (int k = 0; k < 3; k++)
    add(run, "calibration", 0, workload, "serial", 1, sizes[k], region_s[k]);
  add(run, "round", 1, workload, "serial", 1, sizes[2], region_s[2]);
  run_analyse(run, NULL);
  return run_find(run, workload, "serial", 1)->refused;
}

static void time_has_to_grow_with_the_size(void **state) {
  static const int64_t sizes[] = {1000, 2000, 16000}, near_by[] = {1, 2, 7};
  static const double folded[] = {1e-7, 2e-7, 1.1e-7};
  static const double honest[] = {1e-6, 2e-6, 1.6e-5};
  static const double burst[] = {1.5e-5, 2e-6, 1.6e-5};
  assert_true(refused_after(*state, "cube", sizes, folded));
  assert_non_null(
      strstr(run_find(*state, "cube", "serial", 1)->refused, "1000 items"));
  assert_false(refused_after(*state, "cube", sizes, honest));
  assert_false(refused_after(*state, "cube", sizes, burst));
  assert_false(refused_after(*state, "cube", near_by, folded));
  assert_false(refused_after(*state, "latency", sizes, folded));
}

/* ---- other ways of doing it ---------------------------------------------- */

static void methods_and_forms_are_compared(void **state) {
  static const char loop[] = "rangesum",
                    formula[] = "rangesum/method=closed-form";
  struct run *run = *state;
  run_empty(run);
  for (int i = 1; i <= ROUNDS; i++) {
    add(run, "round", i, loop, "serial", 1, 10, i)->params =
        strdup("start=0,method=loop");
    add(run, "round", i, formula, "serial", 1, 1000, i)->params =
        strdup("start=0,method=closed-form");
    add(run, "round", i, "rangesum/start=1", "serial", 1, 10, 9)->params =
        strdup("start=1,method=loop");
    add(run, "round", i, loop, "omp:static", 2, 10, 3.0 * i);
    add(run, "round", i, loop, "textbook:static", 2, 10, 2.0 * i);
  }
  run_analyse(run, NULL);
  const struct workload_result *s = run->analysis.workloads;
  assert_string_equal(s[1].workload, formula);
  assert_string_equal(s[1].slower_method, loop);
  near(s[1].method_gain.median, 100);
  near(s[1].method_gain.low, 100);
  assert_null(s[0].slower_method);
  assert_null(s[2].slower_method);
  near(run_find(run, loop, "omp:static", 2)->blocks_over_textbook.median, 1.5);
  assert_true(
      isnan(run_find(run, loop, "serial", 1)->blocks_over_textbook.median));
}

/* ---- the report ---------------------------------------------------------- */

static char *chart_of(const struct analysis *analysis) {
  char folder[] = "/tmp/test_roofline.XXXXXX", path[300];
  struct problem problem = {""};
  struct charts charts = {.folder = folder};
  assert_non_null(mkdtemp(folder));
  assert_int_equal(report_roofline_chart(analysis, &charts, &problem), 0);
  assert_string_equal(charts.list[0].script, "roofline.gp");
  snprintf(path, sizeof path, "%s/%s.tsv", folder, charts.list[0].name);
  FILE *in = fopen(path, "r");
  char *text = calloc(1, 1 << 14);
  assert_true(in && text);
  fread(text, 1, (1 << 14) - 1, in);
  fclose(in);
  unlink(path);
  rmdir(folder);
  charts_free(&charts);
  return text;
}

static void the_report_shows_shares_and_roofs(void **state) {
  struct run *run = *state;
  run_empty(run);
  run_analyse(run, NULL);
  char *text = printed(report_roofline, &run->analysis);
  assert_string_equal(text, ""); /* no meters */
  free(text);
  assert_false(report_has_roofline(&run->analysis));
  for (int i = 1; i <= ROUNDS; i++) {
    add_meters(run, i, 1, 2e10, 1e11);
    add(run, "round", i, "cube", "serial", 1, SIZE, cube_bytes / 1.8e10);
    add(run, "round", i, "cube", "omp:static", 1, SIZE, cube_bytes / 1.9e10);
    add(run, "round", i, "adler32", "serial", 1, SIZE, 1);
  }
  run_analyse(run, NULL);
  assert_true(report_has_roofline(&run->analysis));
  text = printed(report_roofline, &run->analysis);
  has(text, "18.0 GB/s  90.0% (90.0–90.0%)");
  free(text);
  struct page page = {.out = text_open(&text)};
  run_page_roofline(&page, &run->analysis);
  fclose(page.out);
  has(text, "<tr><th scope=\"row\">cube</th><td "
            "data-head=\"variant\">serial</td>");
  has(text, "<td data-head=\"reached\">18.0 GB/s</td><td data-head=\"share of "
            "the roofline\">90.0%<small> (90.0–90.0%)</small></td>");
  free(text);
  text = printed(report_roofline, &run->analysis);
  has(text, "436 Mop/s  0.436%");
  free(text);
  text = printed(report_comparisons, &run->analysis);
  has(text,
      "cube: shared cache or memory is the limit with 1 worker: omp:static "
      "moves 95.0% (95.0–95.0%) of what the meter does.\n");
  free(text);
  text = chart_of(&run->analysis);
  has(text, "1 of 2 kernels surely reach over 80%");
  has(text, "flat\t1 worker\t9\t1.000000e+11\t-\t-\t-\n");
  has(text, "slope\tcopy 16 MiB\t9\t2.000000e+10\t-\t-\t-\n");
  has(text, "point\tcube\t9\t1.250000e-01\t2.250000e+09\t");
  has(text, "\tadler32\t9\t-\t");
  free(text);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(shares_are_paired_by_round),
      cmocka_unit_test(additions_are_those_of_the_runs_program),
      cmocka_unit_test(the_longer_one_is_the_bound),
      cmocka_unit_test(memory_is_the_limit_only_where_it_is_shown),
      cmocka_unit_test(lines_that_are_written_are_read_before),
      cmocka_unit_test(shares_past_the_roof_are_marked),
      cmocka_unit_test(faster_than_the_machine_is_refused),
      cmocka_unit_test(one_honest_round_is_enough_doubt),
      cmocka_unit_test(time_has_to_grow_with_the_size),
      cmocka_unit_test(methods_and_forms_are_compared),
      cmocka_unit_test(the_report_shows_shares_and_roofs),
  };
  return cmocka_run_group_tests(tests, run_open, run_close);
}
