/* test_overheads.c: what records say of costs, by numbers worked out by hand;
 * the sentences and the chart data. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "bench/report/overheads.h"
#include "bench/tests/costs_fixture.h"
#include "bench/tests/text_fixture.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct fixture {
  struct records records;
  struct overheads overheads;
};

/* Cannot be passed by a NAN. */
static void near(double value, double expected) {
  if (!(fabs(value - expected) <= 1e-9 * fabs(expected)))
    fail_msg("%.17g, expected %.17g", value, expected);
}

/* What add_rounds makes of this: a median of 1.35 times it. */
static void is_interval(const struct overhead *cost, double written) {
  assert_non_null(cost);
  near(cost->value.median, 1.35 * written);
  near(cost->value.low, 1.1 * written);
  near(cost->value.high, 1.6 * written);
}

static const struct overhead *find(const struct overheads *o,
                                   enum overhead_kind kind, const char *variant,
                                   int64_t workers) {
  const struct overhead_key key = {
      .kind = kind, .variant = variant, .workers = workers};
  return overheads_find(o, &key);
}

static const struct sample samples[] = {
    {"overheads-active", "null", "null", "omp:static", 2, 2, 3e-3, 2e-6, 1e-6,
     1.1e6},
    {"overheads", "null", "null", "omp:static", 1, 1, 3e-5, 2e-5, 1e-5, 1e6},
    {"overheads", "null", "null", "omp:static", 2, 2, 3e-4, 2e-5, 5e-5, 1.1e6},
    {"overheads", "null", "null", "pool:static", 1, 1, 4e-4, 2e-6, 5e-7, 1.2e6},
    {"overheads", "null", "null", "pool:static", 2, 2, 6e-4, 9e-5, 6e-5, 1.5e6},
    {"overheads", "null", "null", "fork:static", 1, 1, 1e-6, 6e-4, 5e-4, NONE},
    {"overheads", "null", "null", "fork:static", 2, 2, 1e-6, 9e-4, 8e-4, NONE},
    {"overheads", "null", "null", "pool:apply", 1, 1000, 4e-4, 1e-3, 3e-4,
     NONE},
    {"overheads", "null", "null", "pool:apply@pipe", 1, 1000, 4e-4, 1e-2, 6e-3,
     NONE},
    {"overheads", "null", "null", "omp:dynamic,1", 1, 10000, 3e-5, 2e-3,
     1.01e-3, NONE},
    {"overheads", "null", "null", "omp:dynamic,1", 2, 10000, 3e-4, 2e-3,
     1.05e-3, NONE},
    {"overheads", "block", "bytes=64", "pool:dynamic,1", 1, 100, 4e-4, 2e-4,
     1e-4, NONE},
    {"overheads", "block", "bytes=64", "pool:dynamic,1@pipe", 1, 100, 4e-4,
     2e-4, 1.8e-3, NONE},
    {"overheads", "fault", "fault", "omp:static", 2, 2000, 1, 1, 1.5e-3, NONE},
    {"overheads", "fault", "fault/touch=again", "omp:static", 2, 2000, 1, 1,
     5e-4, NONE},
    {"overheads", "fault", "fault/pages=there", "omp:static", 1, 1000, 1, 1,
     5e-4, NONE},
    {"overheads", "fault", "fault/pages=there,touch=again", "omp:static", 1,
     1000, 1, 1, 3e-4, NONE},
    {"round", "null", "null", "pool:guided", 1, 100, 1, 1, 1, 1},
};

static int set_up(void **state) {
  struct problem problem;
  static struct fixture f;
  f.records = (struct records){.list = calloc(MOST, sizeof(struct record))};
  if (!f.records.list)
    return -1;
  add_rounds(&f.records, samples, sizeof samples / sizeof *samples);
  /* A queue that is now slower, now faster than shm: 6400 bytes in -50, -30,
   * -10, 10, 30, 50 µs more. */
  for (int64_t r = 1; r <= ROUNDS; r++) {
    const double k = 1 + (double)r / 10;
    const struct sample queue = {"overheads",
                                 "block",
                                 "bytes=64",
                                 "pool:dynamic,1@queue",
                                 1,
                                 100,
                                 4e-4,
                                 2e-4,
                                 1e-4 * k + 2e-5 * ((double)r - 3.5),
                                 NONE};
    add_sample(&f.records, &queue, r, 1);
  }
  *state = &f;
  return overheads_make(&f.records, 2, &f.overheads, &problem);
}

static int tear_down(void **state) {
  struct fixture *f = *state;
  overheads_free(&f->overheads);
  for (size_t i = 0; i < f->records.count; i++)
    record_free(&f->records.list[i]);
  free(f->records.list);
  return 0;
}

static void costs_are_differences(void **state) {
  const struct overheads *o = &((struct fixture *)*state)->overheads;
  assert_int_equal(o->rounds, ROUNDS);
  /* 300 + 20 - 50 = 270 µs; fork has no warm region to take away */
  is_interval(find(o, OVERHEAD_START, "omp:static", 2), 2.7e-4);
  is_interval(find(o, OVERHEAD_START, "fork:static", 1), 6.01e-4);
  is_interval(find(o, OVERHEAD_REGION, "pool:static", 1), 5e-7);
  is_interval(find(o, OVERHEAD_TRIP, "pool:apply@pipe", 1), 6e-6);
  /* (1010 - 10) µs / 10000 */
  is_interval(find(o, OVERHEAD_CHUNK, "omp:dynamic,1", 1), 1e-7);
  is_interval(find(o, OVERHEAD_CHUNK, "omp:dynamic,1", 2), 1e-7);
  is_interval(find(o, OVERHEAD_MEMORY, "pool:static", 2), 1.5e6);
  assert_null(find(o, OVERHEAD_MEMORY, "fork:static", 1));
  is_interval(find(o, OVERHEAD_FAULT, "omp:static", 2), 1e-6);
  is_interval(find(o, OVERHEAD_MAP, "omp:static", 1), 2e-7);
  assert_null(find(o, OVERHEAD_MAP, "omp:static", 2));
  assert_null(find(o, OVERHEAD_CHUNK, "pool:guided", 1));
}

static void policies_and_spinning_are_told_apart(void **state) {
  const struct overheads *o = &((struct fixture *)*state)->overheads;
  struct overhead_key key = {.kind = OVERHEAD_REGION,
                             .variant = "omp:static",
                             .active = true,
                             .workers = 2};
  is_interval(overheads_find(o, &key), 1e-6);
  assert_int_equal(overheads_find(o, &key)->spins, 1);
  key.active = false;
  is_interval(overheads_find(o, &key), 5e-5);
  assert_int_equal(overheads_find(o, &key)->spins, 0);
  assert_int_equal(find(o, OVERHEAD_REGION, "pool:static", 1)->spins, 1);
  assert_int_equal(find(o, OVERHEAD_REGION, "pool:static", 2)->spins, 0);
  assert_true(find(o, OVERHEAD_TRIP, "pool:apply@pipe", 1)->spins ==
              FIELD_NULL);
}

/* 6400 bytes in 1700 µs times 1.1 to 1.6 more than shm. */
static void rates_turn_the_interval_round(void **state) {
  const struct overheads *o = &((struct fixture *)*state)->overheads;
  struct overhead_key key = {.kind = OVERHEAD_RATE,
                             .variant = "pool:dynamic,1@pipe",
                             .workers = 1,
                             .item_bytes = 64};
  const struct overhead *pipe = overheads_find(o, &key);
  assert_non_null(pipe);
  near(pipe->value.median, 6400 / (1.35 * 1.7e-3));
  near(pipe->value.low, 6400 / (1.6 * 1.7e-3));
  near(pipe->value.high, 6400 / (1.1 * 1.7e-3));
  key.variant = "pool:dynamic,1@queue";
  const struct overhead *queue = overheads_find(o, &key);
  assert_non_null(queue);
  assert_true(isnan(queue->value.median));
  near(queue->at_least, 6400 / 5e-5);
}

static void ratios_are_paired(void **state) {
  const struct overheads *o = &((struct fixture *)*state)->overheads;
  struct interval ratio =
      overheads_ratio(find(o, OVERHEAD_TRIP, "pool:apply@pipe", 1),
                      find(o, OVERHEAD_TRIP, "pool:apply", 1));
  near(ratio.median, 20);
  near(ratio.high, 20);
  struct interval slope =
      overheads_slope(find(o, OVERHEAD_MEMORY, "pool:static", 2),
                      find(o, OVERHEAD_MEMORY, "pool:static", 1));
  near(slope.median, 1.35 * 3e5);
  near(slope.low, 1.1 * 3e5);
  assert_true(isnan(overheads_ratio(NULL, NULL).median));
  assert_true(
      isnan(overheads_slope(find(o, OVERHEAD_MEMORY, "pool:static", 1), NULL)
                .median));
}

static char *written(void (*write)(const struct overheads *, FILE *),
                     const struct overheads *o) {
  char *text;
  FILE *out = text_open(&text);
  write(o, out);
  fclose(out);
  return text;
}

static void sentences_say_what_is_sure(void **state) {
  struct overheads *o = &((struct fixture *)*state)->overheads;
  char *text = written(overheads_sentences, o);
  has(text, "Starting a process and waiting for its end (675 µs) costs as "
            "much as 500 (500–500) empty parallel regions of 2 threads that "
            "spin.\n");
  has(text, "costs as much as 20 (20–20) through shared memory (405 ns, "
            "spinning).\n");
  has(text, "A chunk of schedule(dynamic) costs 135 ns: with less than 13.5 "
            "µs of work in it, it loses over 1%.\n");
  has(text, "a process 0.405 MB, a thread 0.135 MB.\n");
  free(text);
}

/* The ratio of one round turns round: its interval now holds 1, and there is
 * nothing to say of it. */
static void sentences_keep_still_without_evidence(void **state) {
  struct fixture *f = *state;
  struct overheads o;
  struct problem problem;
  for (size_t i = 0; i < f->records.count; i++)
    if (f->records.list[i].round == 1 &&
        strcmp(f->records.list[i].requested, "fork:static") == 0)
      f->records.list[i].region_s = 1e-9;
  assert_int_equal(overheads_make(&f->records, 2, &o, &problem), 0);
  char *text = written(overheads_sentences, &o);
  assert_null(strstr(text, "Starting a process"));
  has(text, "A round trip");
  free(text);
  overheads_free(&o);
}

static void failed_trials_are_left_out(void **state) {
  struct fixture *f = *state;
  struct overheads o;
  struct problem problem;
  for (size_t i = 0; i < f->records.count; i++) {
    struct record *r = &f->records.list[i];
    if (r->round != 1 || strcmp(r->requested, "pool:apply") != 0)
      continue;
    free(r->status);
    r->status = strdup("failed");
  }
  assert_int_equal(overheads_make(&f->records, 2, &o, &problem), 0);
  assert_int_equal(o.failed, 1);
  const struct overhead *trip = find(&o, OVERHEAD_TRIP, "pool:apply", 1);
  near(trip->value.median, 1.4 * 3e-7); /* of 1.2 to 1.6 */
  assert_true(isnan(trip->value.low));  /* five samples are too few */
  overheads_free(&o);
}

static void the_table_has_units_and_marks(void **state) {
  const struct overheads *o = &((struct fixture *)*state)->overheads;
  char *text = written(overheads_table, o);
  has(text, "empty region, warm (µs)");
  has(text, "pool, workers spin          0.675 (0.550–0.800)\n");
  has(text, "queue, 64 B                 over 128 *\n");
  has(text, "pool                        1.62 (1.32–1.92)     2.02 "
            "(1.65–2.40)\n");
  has(text, "* too small to measure");
  free(text);
  struct page page = {.out = text_open(&text)};
  overheads_page_table(&page, o);
  fclose(page.out);
  has(text, "colspan=\"3\">empty region, warm (µs)</th></tr>\n");
  has(text, "<tr><th scope=\"row\">pool, workers spin</th><td "
            "data-head=\"1 worker\">0.675<small> (0.550–0.800)</small></td>");
  has(text, "<th scope=\"row\">queue, 64 B</th><td data-head=\"1 worker\">over "
            "128 *</td>");
  has(text, "* too small to measure");
  free(text);
}

static char *file_text(const char *folder, const char *name) {
  char path[256];
  char *text = NULL;
  size_t capacity = 0;
  snprintf(path, sizeof path, "%s/%s", folder, name);
  FILE *file = fopen(path, "re");
  if (!file || getdelim(&text, &capacity, '\0', file) < 0)
    fail_msg("%s is missing or empty", path);
  fclose(file);
  unlink(path);
  return text;
}

static void charts_hold_the_costs(void **state) {
  const struct overheads *o = &((struct fixture *)*state)->overheads;
  struct problem problem;
  char folder[] = "/tmp/test_overheads.XXXXXX";
  struct charts charts = {.folder = folder};
  assert_non_null(mkdtemp(folder));
  assert_int_equal(overheads_chart_data(o, NULL, &charts, &problem), 0);
  assert_int_equal(charts.count, 3);
  charts_free(&charts);
  char *text = file_text(folder, "overheads.tsv");
  has(text, "# title: Starting a process and waiting for its end (675 µs) "
            "costs as much as 500 (500–500) empty parallel regions of 2 "
            "threads that spin\n");
  has(text, "point\tregion: pool, workers spin, p = 1\tregion: pool, workers "
            "spin, p = 1\t2\t0.675\t0.55\t0.8\n");
  free(text);
  text = file_text(folder, "transports-1.tsv");
  has(text, "point\tpipe\t11\t0.0625\t2788671.02\t2352941.18\t3422459.89\n");
  has(text, "# note: queue, 64 B: too small to measure\n");
  free(text);
  text = file_text(folder, "memory.tsv");
  has(text, "point\t2 workers\tpool of processes\t2\t2.025\t1.65\t2.4\n");
  free(text);
  rmdir(folder);
}

static void the_file_reads_back(void **state) {
  const struct overheads *o = &((struct fixture *)*state)->overheads;
  struct problem problem;
  char path[] = "/tmp/test_overheads.XXXXXX";
  int fd = mkstemp(path);
  assert_true(fd >= 0);
  close(fd);
  assert_int_equal(overheads_write(o, path, &problem), 0);
  json_t *json = json_load_file(path, 0, NULL);
  unlink(path);
  assert_non_null(json);
  const json_t *costs = json_object_get(json, "costs");
  assert_int_equal(json_array_size(costs), o->count);
  for (size_t i = 0; i < o->count; i++) {
    struct overhead read;
    fields_clear(overhead_fields, &read);
    assert_int_equal(fields_from_json(overhead_fields, json_array_get(costs, i),
                                      &read, &problem),
                     0);
    assert_string_equal(read.variant, o->list[i].variant);
    assert_int_equal(read.by_round.count, ROUNDS);
    fields_free(overhead_fields, &read);
  }
  json_decref(json);
  assert_int_equal(overheads_write(o, "/no/where", &problem), PROBLEM_FAILURE);
}

static void nothing_measured_is_no_crash(void **state) {
  (void)state;
  struct records none = {.list = NULL};
  struct overheads o;
  struct problem problem;
  struct charts charts = {.folder = "/nowhere"};
  assert_int_equal(overheads_make(&none, 4, &o, &problem), 0);
  char *text = written(overheads_sentences, &o);
  has(text, "tell no two costs apart");
  free(text);
  free(written(overheads_table, &o));
  assert_int_equal(overheads_chart_data(&o, NULL, &charts, &problem), 0);
  assert_int_equal(charts.count, 0);
  overheads_free(&o);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void) {
  const struct CMUnitTest tests[] = {
      TEST(costs_are_differences),
      TEST(policies_and_spinning_are_told_apart),
      TEST(rates_turn_the_interval_round),
      TEST(ratios_are_paired),
      TEST(sentences_say_what_is_sure),
      TEST(sentences_keep_still_without_evidence),
      TEST(failed_trials_are_left_out),
      TEST(the_table_has_units_and_marks),
      TEST(charts_hold_the_costs),
      TEST(the_file_reads_back),
      cmocka_unit_test(nothing_measured_is_no_crash),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
