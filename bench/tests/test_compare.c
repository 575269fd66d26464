/* test_compare.c: two runs side by side, against runs made up here. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "bench/report/compare.h"
#include "bench/tests/text_fixture.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* What a made-up run is like; every workload has the same results. */
struct made {
  const char *workloads[3]; /* NULL: no more */
  int64_t size, seed, iterations, most_workers;
  double speed;      /* serial items/s; P workers do P times as much */
  double width;      /* of the trials' times, relative; NAN: no intervals */
  const char *extra; /* a variant that others have not, or NULL */
};

enum { TRIALS = 9 };

static const struct made usual = {
    .workloads = {"cube", "spin"},
    .size = 1000,
    .seed = 1,
    .iterations = 3,
    .most_workers = 2,
    .speed = 3e6,
    .width = 0.01,
};

static struct interval around(double median, double width) {
  return (struct interval){median, median * (1 - width), median * (1 + width)};
}

/* Evenly spread over the width, to either side. */
static void add_times(struct result *r, double time_s, double width) {
  r->region_s = around(time_s, width);
  r->region_times_s.values = malloc(TRIALS * sizeof(double));
  assert_non_null(r->region_times_s.values);
  for (int i = 0; i < TRIALS && isfinite(width); i++)
    r->region_times_s.values[r->region_times_s.count++] =
        time_s * (1 + width * (2.0 * i / (TRIALS - 1) - 1));
}

static void add_result(struct analysis *analysis, const struct made *made,
                       const char *workload, const char *requested,
                       int64_t workers) {
  struct result *r = &analysis->results[analysis->result_count++];
  fields_clear(result_fields, r);
  r->workload = strdup(workload);
  r->kernel = strdup(workload);
  r->variant = strdup(requested);
  r->requested = strdup(requested);
  r->label = strdup(strcmp(requested, "omp:static") == 0 ? "threads (OpenMP)"
                                                         : requested);
  r->workers = workers;
  r->size = made->size;
  r->n = TRIALS;
  add_times(r, (double)made->size / made->speed / (double)workers, made->width);
  r->items_per_s = around(made->speed * (double)workers, made->width);
  r->speedup_abs = around((double)workers, made->width);
  r->oversubscribed = workers > 4;
}

static struct analysis make(struct made made) {
  struct analysis analysis = {.workloads =
                                  calloc(3, sizeof(*analysis.workloads)),
                              .results = calloc(64, sizeof(*analysis.results))};
  assert_non_null(analysis.workloads);
  assert_non_null(analysis.results);
  fields_clear(run_fields, &analysis.run);
  analysis.run.seed = made.seed;
  analysis.run.iterations = made.iterations;
  analysis.run.rounds = TRIALS;
  analysis.run.machine = strdup("test machine");
  analysis.run.build = strdup("test build");
  analysis.run.date = strdup("2026-01-02T03:04:05Z");
  for (size_t s = 0; s < 3 && made.workloads[s]; s++) {
    struct workload_result *workload = &analysis.workloads[s];
    const char *name = made.workloads[s];
    fields_clear(workload_fields, workload);
    workload->workload = strdup(name);
    workload->kernel = strdup(name);
    workload->params = strdup("span=7");
    workload->title = strdup("Cube mapping");
    workload->items = strdup("integers");
    workload->size = made.size;
    workload->waits = 0;
    analysis.workload_count++;
    add_result(&analysis, &made, name, "serial", 1);
    for (int64_t w = 1; w <= made.most_workers; w++)
      add_result(&analysis, &made, name, "omp:static", w);
    if (made.extra)
      add_result(&analysis, &made, name, made.extra, 1);
  }
  return analysis;
}

/* Two runs made up, compared: what was printed, and the charts. */
struct compared {
  struct analysis a, b;
  struct versus versus;
  struct comparison comparison;
  char *text;
  char folder[64];
  struct charts charts;
};

static void compare_analyses(struct compared *c) {
  struct problem problem = {""};
  assert_int_equal(versus_make(&c->a, &c->b, false, &c->versus), 0);
  c->comparison = (struct comparison){
      {"it's/r1", "r1", &c->a}, {"some/r2", "r2", &c->b}, &c->versus};
  FILE *out = text_open(&c->text);
  compare_report(&c->comparison, out);
  fclose(out);
  strcpy(c->folder, "/tmp/test_compare.XXXXXX");
  assert_non_null(mkdtemp(c->folder));
  c->charts = (struct charts){.folder = c->folder};
  assert_int_equal(compare_chart_data(&c->comparison, &c->charts, &problem), 0);
}

static void compare(struct made a, struct made b, struct compared *c) {
  c->a = make(a);
  c->b = make(b);
  compare_analyses(c);
}

static void release(struct compared *c) {
  char path[512];
  for (size_t i = 0; i < c->charts.count; i++) {
    snprintf(path, sizeof path, "%s/%s.tsv", c->folder, c->charts.list[i].name);
    assert_int_equal(unlink(path), 0);
  }
  assert_int_equal(rmdir(c->folder), 0);
  versus_free(&c->versus);
  analysis_free(&c->a);
  analysis_free(&c->b);
  charts_free(&c->charts);
  free(c->text);
}

static void a_difference_is_told(void **state) {
  (void)state;
  struct compared c;
  struct made slow = usual;
  slow.speed = 2.5e6;
  compare(usual, slow, &c);
  has(c.text, "A: r1, on test machine, test build, 2026-01-02T03:04, 9 rounds");
  has(c.text, "B: r2, on");
  has(c.text, "\nB beside A at 6 points: 6 slower, 0 faster.\n");
  has(c.text, "\ncube, warm regions\n"
              "  all 3 points together: 20.0% slower (19.1–20.9%)\n"
              "  serial on 1      333 µs  400 µs  20.0% slower (19.1–20.9%)\n"
              "  omp:static on 1  333 µs  400 µs  20.0% slower (19.1–20.9%)\n"
              "  omp:static on 2  167 µs  200 µs  20.0% slower (19.1–20.9%)\n"
              "spin, warm regions\n");
  has_not(c.text, "differ");
  has_not(c.text, "--like");
  has_not(c.text, "Only");
  release(&c);
  compare(slow, usual, &c);
  has(c.text, "0 slower, 6 faster.");
  has(c.text, "  400 µs  333 µs  16.7% faster (16.0–17.3%)\n");
  release(&c);
}

static void a_factor_is_told(void **state) {
  (void)state;
  struct compared c;
  struct made slow = usual;
  slow.speed = 1e6;
  compare(usual, slow, &c);
  has(c.text, "  1.00 ms  slower: 3.00× (2.98–3.02)\n");
  release(&c);
}

/* Within 5%, over it, and none told. */
static void no_difference_is_told(void **state) {
  (void)state;
  struct compared c;
  struct made other = usual;
  other.speed = 3.003e6;
  compare(usual, other, &c);
  has(c.text, "  no difference larger than 0.");
  release(&c);
  struct made wide = usual;
  wide.width = 0.2;
  compare(usual, wide, &c);
  has(c.text, "  too wide to tell (0.");
  release(&c);
  wide.width = (double)NAN;
  compare(usual, wide, &c);
  has(c.text, "  too few trials to tell\n");
  has_not(c.text, "slower (");
  release(&c);
}

/* Whatever it is like. */
static void a_run_with_itself_is_no_difference(void **state) {
  (void)state;
  struct compared c;
  struct made wide = usual;
  wide.width = 0.5;
  compare(wide, wide, &c);
  has(c.text, "0 slower, 0 faster, 6 no difference");
  has(c.text, "  no difference: the same trials\n");
  has_not(c.text, "too");
  release(&c);
}

static void set_share(struct result *r, enum term term, double share) {
  r->region_breakdown.told = true;
  r->region_breakdown.share[term] =
      (struct interval){share, share - 0.005, share + 0.005};
}

/* The one part that grew, by name; not one of which that is not sure. */
static void what_changed_is_told(void **state) {
  (void)state;
  struct compared c = {.a = make(usual)};
  struct made slow = usual;
  slow.speed = 2.64e6;
  c.b = make(slow);
  for (size_t i = 0; i < c.a.result_count; i++) {
    breakdown_clear(&c.a.results[i].region_breakdown);
    breakdown_clear(&c.b.results[i].region_breakdown);
  }
  set_share(&c.a.results[2], TERM_USEFUL, 0.97);
  set_share(&c.a.results[2], TERM_IMBALANCE, 0.03);
  set_share(&c.b.results[2], TERM_USEFUL, 0.85);
  set_share(&c.b.results[2], TERM_IMBALANCE, 0.15);
  set_share(&c.a.results[1], TERM_USEFUL, 0.97);
  set_share(&c.b.results[1], TERM_USEFUL, 0.97);
  set_share(&c.a.results[5], TERM_JOIN, 0.03);
  set_share(&c.b.results[5], TERM_JOIN, 0.034);
  compare_analyses(&c);
  has(c.text, "13.6% slower (12.8–14.5%)\n    idle behind the last one grew "
              "from 3.00% to 15.0%\n");
  has(c.text, "\n    the work itself takes longer, in serial, too\n");
  has_not(c.text, "joining");
  release(&c);
}

/* Names are text, and no markup. */
static void markdown_is_for_a_pull_request(void **state) {
  (void)state;
  struct compared c = {.a = make(usual)};
  struct made slow = usual;
  slow.speed = 2.5e6;
  c.b = make(slow);
  c.b.run.machine[4] = '|';
  compare_analyses(&c);
  char *text;
  FILE *out = text_open(&text);
  compare_markdown(&c.comparison, out);
  fclose(out);
  has(text,
      "**B beside A at 6 points: 6 slower, 0 faster.**\n\n- A: r1, on test "
      "machine, test build, 2026-01-02T03:04\n- B: r2, on "
      "test\\|machine, test build");
  has(text, "| cube | omp:static | 2 | 167 µs | 200 µs | 20.0% slower "
            "(19.1–20.9%) |\n");
  has(text, "<details><summary>All points</summary>\n\n| workload |");
  free(text);
  release(&c);
}

static void other_problems_are_not_comparable(void **state) {
  (void)state;
  struct compared c;
  struct made other = usual;
  other.size = 2000000;
  other.seed = 2;
  other.iterations = 1;
  compare(usual, other, &c);
  has(c.text, "6 not comparable.\n");
  has(c.text,
      "cube, spin: not comparable: sizes differ (1 000 in A, 2 000 000 in B); "
      "seeds\n  differ (1 in A, 2 in B); timed regions per trial differ (3 in "
      "A, "
      "1 in B)\n");
  has(c.text, "\n  coresweep sweep --like 'it'\\''s/r1' --out NEW\n");
  has_not(c.text, "on 2");
  release(&c);
}

static void every_difference_has_its_bit(void **state) {
  (void)state;
  struct analysis a = make(usual), b = make(usual);
  struct workload_result *in_a = &a.workloads[0], *in_b = &b.workloads[0];
  char text[COMPARE_TEXT];
  assert_int_equal(versus_differences(&a, &b, in_a, true), 0);
  in_b->repeat = 7;
  assert_int_equal(versus_differences(&a, &b, in_a, false), 0);
  assert_int_equal(versus_differences(&a, &b, in_a, true), VERSUS_REPEAT);
  in_b->params[5] = '8';
  b.run.schema = 2;
  b.run.blocks = 3;
  a.run.scaling = strdup("strong");
  b.run.scaling = strdup("weak");
  unsigned all = versus_differences(&a, &b, in_a, true);
  assert_int_equal(all, VERSUS_SCHEMA | VERSUS_PARAMS | VERSUS_BLOCKS |
                            VERSUS_REPEAT | VERSUS_SCALING);
  struct versus versus = {.a = &a, .b = &b};
  struct versus_row row = {.in_a = in_a, .in_b = in_b, .differences = all};
  assert_string_equal(
      compare_reason(&versus, &row, text),
      "schemas differ (unknown in A, 2 in B); blocks per trial differ (unknown "
      "in A, 3 in B); regions per program differ (unknown in A, 7 in B); "
      "parameters differ (span=7 in A, span=8 in B); scaling differs (strong "
      "in A, weak in B)");
  in_b->workload[0] = 'C';
  assert_int_equal(versus_differences(&a, &b, in_a, true), 0);
  analysis_free(&a);
  analysis_free(&b);
}

/* What coresweep was built with says nothing of somebody's program. */
static void a_programs_build_is_not_known(void **state) {
  (void)state;
  struct compared c = {.a = make(usual), .b = make(usual)};
  struct analysis *both[] = {&c.a, &c.b};
  for (size_t k = 0; k < 2; k++)
    for (size_t s = 0; s < both[k]->workload_count; s++) {
      free(both[k]->workloads[s].kernel);
      both[k]->workloads[s].kernel = strdup(record_program);
    }
  c.b.run.build[0] = 'T';
  compare_analyses(&c);
  has(c.text, "A: r1, on test machine, 2026-01-02T03:04, 9 rounds.\n");
  has_not(c.text, "build");
  release(&c);
}

/* What is alike before it takes no room from what differs. */
static void parameters_begin_where_they_differ(void **state) {
  static const struct {
    const char *a, *b, *says;
  } cases[] = {
      {"OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 MKL_NUM_THREADS=1 ./lu 100",
       "OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 MKL_NUM_THREADS=1 ./lu 200",
       "parameters differ (… 100 in A, … 200 in B)"},
      {"span=7,first=3", "span=7,first=4",
       "parameters differ (… first=3 in A, … first=4 in B)"},
      {"span=7", "span=7 more",
       "parameters differ (span=7 in A, span=7 more "
       "in B)"},
      {NULL, "span=7", "parameters differ (unknown in A, span=7 in B)"},
      {"/a/very/long/path/in/which/there/is/nothing/of/interest/ääääääääää/b",
       "/a/very/long/path/in/which/there/is/nothing/of/interest/ääääääääää/c",
       "parameters differ (… äääääääää/b in A, … äääääääää/c in B)"},
  };
  (void)state;
  struct analysis a = make(usual), b = make(usual);
  const struct versus versus = {.a = &a, .b = &b};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    char text[COMPARE_TEXT];
    struct workload_result in_a = {.params = (char *)(uintptr_t)cases[i].a},
                           in_b = {.params = (char *)(uintptr_t)cases[i].b};
    const struct versus_row row = {
        .in_a = &in_a, .in_b = &in_b, .differences = VERSUS_PARAMS};
    assert_string_equal(compare_reason(&versus, &row, text), cases[i].says);
  }
  analysis_free(&a);
  analysis_free(&b);
}

/* They are what is compared. */
static void other_machines_are_comparable(void **state) {
  (void)state;
  struct compared c = {.a = make(usual), .b = make(usual)};
  c.b.run.machine[0] = 'T';
  c.b.run.build[0] = 'T';
  compare_analyses(&c);
  has(c.text, "A and B differ in: machine build\n");
  has_not(c.text, "not comparable");
  release(&c);
}

static void what_one_lacks_is_listed(void **state) {
  (void)state;
  struct compared c;
  struct made a = usual, b = usual;
  a.extra = "pool:static";
  b.workloads[1] = "latency";
  b.most_workers = 4;
  compare(a, b, &c);
  has(c.text, "Only in A, workloads: spin\n");
  has(c.text, "Only in A, variants: pool:static\n");
  has(c.text, "Only in B, workloads: latency\n");
  has(c.text, "Only in B, worker counts: 3, 4\n");
  has(c.text, "omp:static on 2");
  has_not(c.text, "omp:static on 4");
  has_not(c.text, "Only in B, variants");
  release(&c);
  b = usual;
  b.workloads[0] = "adler32";
  b.workloads[1] = NULL;
  compare(a, b, &c);
  has(c.text, "A and B have no workload and variant in common.\n");
  has(c.text, "\n  coresweep sweep --like 'it'\\''s/r1' --out NEW\n");
  release(&c);
}

/* Two fifths of the chance of error are for cube's and spin's omp:static on 2,
 * so that each has 16 of 80 shares; the four others have 8, and so has either
 * workload for all of its points.  The same swapped. */
static void a_workloads_own_point_comes_first(void **state) {
  static const struct {
    size_t row;
    double shares;
  } cases[] = {{2, 5}, {0, 10}, {4, 10}};
  (void)state;
  for (int i = 0; i < 6; i++) {
    struct compared c = {.a = make(usual), .b = make(usual)};
    struct analysis *one = i % 2 ? &c.a : &c.b;
    struct numbers *times = &one->results[cases[i / 2].row].region_times_s;
    one->run.build[0] = 'T'; /* not the same trials */
    for (size_t k = 0; k < times->count; k++)
      times->values[k] *= 1.2;
    compare_analyses(&c);
    const struct versus_row *row = &c.versus.rows[cases[i / 2].row];
    assert_int_equal(c.versus.leaders, 2);
    assert_true(c.versus.rows[2].leads && c.versus.rows[5].leads);
    assert_true(row->corrected_p == cases[i / 2].shares * row->p);
    /* Its workload differs then, and is told by its own p. */
    const struct versus_workload *all =
        versus_together(&c.versus, c.versus.rows[cases[i / 2].row].in_a);
    assert_true(all->corrected_p == fmax(row->corrected_p, all->p));
    release(&c);
  }
}

/* Nine points, each turned by one more, have one of each time in each round. */
static void turn_rounds(struct numbers *times, size_t by) {
  double was[TRIALS];
  memcpy(was, times->values, sizeof was);
  for (size_t k = 0; k < TRIALS; k++)
    times->values[k] = was[(k + by) % TRIALS];
}

/* By so little that no point by itself is told among so many. */
static void points_are_told_together(void **state) {
  (void)state;
  struct compared c;
  struct made wide = usual, slow;
  wide.most_workers = 8;
  wide.workloads[1] = NULL;
  slow = wide;
  slow.speed = wide.speed / 1.005;
  c.a = make(wide);
  c.b = make(slow);
  for (size_t i = 0; i < c.a.result_count; i++) {
    turn_rounds(&c.a.results[i].region_times_s, i);
    turn_rounds(&c.b.results[i].region_times_s, i);
  }
  compare_analyses(&c);
  const struct versus_workload *together =
      versus_together(&c.versus, &c.a.workloads[0]);
  assert_int_equal(c.versus.workload_count, 1);
  assert_int_equal(together->points, 9);
  assert_int_equal(together->verdict, VERSUS_SLOWER);
  assert_true(together->ratio.low > 1.003 && together->ratio.low < 1.0051 &&
              together->ratio.high > 1.0049 && together->ratio.high < 1.007);
  assert_true(versus_together_is_slower(together, 0.003));
  assert_false(versus_together_is_slower(together, 0.007));
  has(c.text, "B beside A at 9 points: 0 slower, 0 faster, 9 no difference "
              "larger than 5%; 1\n  workload slower by all points together.");
  has(c.text, "  all 9 points together: 0.500% slower (");
  char *text;
  FILE *out = text_open(&text);
  compare_markdown(&c.comparison, out);
  fclose(out);
  has(text, "| cube | all 9 points together | | | | 0.500% slower (");
  free(text);
  release(&c);
}

/* Where a point is told, nothing is said of what all have in common but that it
 * is told, too. */
static void no_difference_hides_no_point(void **state) {
  (void)state;
  struct made many = usual;
  many.most_workers = 9;
  struct compared c = {.a = make(many), .b = make(many)};
  struct numbers *times = &c.b.results[2].region_times_s;
  c.b.run.build[0] = 'T';
  for (size_t k = 0; k < times->count; k++)
    times->values[k] *= 1.2;
  compare_analyses(&c);
  assert_int_equal(c.versus.rows[2].verdict, VERSUS_SLOWER);
  assert_int_equal(c.versus.workloads[0].verdict, VERSUS_SAME);
  has_not(c.text, "\ncube, warm regions\n  all");
  has(c.text, "spin, warm regions\n  all 10 points together: no difference");
  release(&c);
}

/* Of whole programs, and of regions: they are not one. */
static void kinds_are_apart(void **state) {
  (void)state;
  struct compared c = {.a = make(usual), .b = make(usual)};
  c.b.run.build[0] = 'T';
  struct result *both[] = {&c.a.results[0], &c.b.results[0]};
  for (int k = 0; k < 2; k++) {
    both[k]->region_s = INTERVAL_NULL;
    both[k]->program_s = around(1, 0.01);
    both[k]->program_times_s = both[k]->region_times_s;
    both[k]->region_times_s = (struct numbers){NULL, 0};
  }
  compare_analyses(&c);
  assert_true(c.versus.rows[0].program && c.versus.rows[0].p == 1);
  assert_null(versus_together(&c.versus, &c.a.workloads[0]));
  assert_int_equal(versus_together(&c.versus, &c.a.workloads[1])->points, 3);
  release(&c);
}

/* Then all points share what there is. */
static void serial_alone_is_told(void **state) {
  (void)state;
  struct compared c;
  struct made alone = usual, slow;
  alone.most_workers = 0;
  slow = alone;
  slow.speed = 2.5e6;
  compare(alone, slow, &c);
  assert_int_equal(c.versus.judged, 2);
  assert_int_equal(c.versus.leaders, 0);
  assert_int_equal(c.versus.workload_count, 0);
  assert_int_equal(c.versus.rows[0].verdict, VERSUS_SLOWER);
  assert_int_equal(c.versus.rows[1].verdict, VERSUS_SLOWER);
  release(&c);
}

/* The most workers with a CPU each; then omp:static, or the first by name. */
static void the_own_point_is_parallel(void **state) {
  (void)state;
  struct made many = usual;
  struct compared c;
  many.most_workers = 6; /* of 4 CPUs */
  many.extra = "fork:static";
  compare(many, many, &c);
  for (size_t i = 0; i < c.versus.count; i++)
    assert_true(c.versus.rows[i].leads == (c.versus.rows[i].a->workers == 4));
  assert_int_equal(c.versus.judged, 16);
  has(c.text, "two fifths");
  release(&c);
  many.most_workers = 1;
  compare(many, many, &c);
  assert_int_equal(c.versus.leaders, 2);
  assert_true(c.versus.rows[1].leads && !c.versus.rows[2].leads);
  release(&c);
  many.most_workers = 0;
  compare(many, many, &c);
  assert_true(c.versus.rows[1].leads && !c.versus.rows[0].leads);
  release(&c);
}

/* Only where the interval says so. */
static void thresholds_are_surely_passed(void **state) {
  (void)state;
  struct compared c;
  struct made slow = usual;
  slow.speed = 2.5e6;
  compare(usual, slow, &c);
  const struct versus_row *row = &c.versus.rows[2];
  assert_true(versus_is_slower(row, 0.19));
  assert_false(versus_is_slower(row, 0.195)); /* its lower end is at 19.1% */
  const struct versus_workload *all = &c.versus.workloads[0];
  assert_true(versus_together_is_slower(all, 0.19));
  assert_false(versus_together_is_slower(all, 0.195));
  release(&c);
  compare(slow, usual, &c);
  assert_false(versus_is_slower(&c.versus.rows[2], 0));
  struct result *r = &c.a.results[2];
  r->efficiency = (struct interval){0.75, 0.7, 0.79};
  r->program_speedup = (struct interval){3, 2.8, 3.2};
  r->workers = 4;
  struct interval efficiency;
  assert_true(versus_efficiency(r, false, &efficiency));
  assert_float_equal(efficiency.high, 0.79, 1e-12);
  assert_true(versus_efficiency(r, true, &efficiency)); /* the program's */
  assert_float_equal(efficiency.high, 0.8, 1e-12);
  r->efficiency = INTERVAL_NULL; /* no region */
  assert_true(versus_efficiency(r, false, &efficiency));
  assert_float_equal(efficiency.low, 0.7, 1e-12);
  r->oversubscribed = 1;
  assert_false(versus_efficiency(r, false, &efficiency));
  r->oversubscribed = 0;
  free(r->flags);
  r->flags = strdup("contended");
  assert_false(versus_efficiency(r, false, &efficiency));
  assert_false(versus_efficiency(&c.a.results[0], false, &efficiency));
  release(&c);
}

/* A point of one of the runs that was not its program's alone, or a run whose
 * CPUs were taken away. */
static void what_is_spoilt_is_not_judged(void **state) {
  (void)state;
  struct compared c;
  struct made slow = usual;
  slow.speed = 2.5e6;
  c.a = make(usual);
  c.b = make(slow);
  c.b.results[2].flags = strdup("contended");
  compare_analyses(&c);
  assert_int_equal(c.versus.rows[1].verdict, VERSUS_SLOWER);
  assert_int_equal(c.versus.rows[2].verdict, VERSUS_SPOILT);
  assert_true(isnan(c.versus.rows[2].p));
  assert_false(versus_is_slower(&c.versus.rows[2], 0));
  has(c.text, "not judged: contended in B\n");
  release(&c);
  for (int above = 0; above < 2; above++) {
    c.a = make(usual);
    c.b = make(slow);
    c.a.run.steal_share = above ? 0.051 : 0.049;
    compare_analyses(&c);
    assert_int_equal(c.versus.rows[2].verdict,
                     above ? VERSUS_SPOILT : VERSUS_SLOWER);
    release(&c);
  }
}

/* Eleven of twenty times at 1 and nine at 1.2, or the other way round: most
 * ratios are 1, and the medians 20% apart. */
static void no_difference_is_none_of_the_medians(void **state) {
  (void)state;
  struct compared c;
  c.a = make(usual);
  c.b = make(usual);
  struct result *both[] = {&c.a.results[2], &c.b.results[2]};
  for (int k = 0; k < 2; k++) {
    struct numbers *times = &both[k]->region_times_s;
    free(times->values);
    *times = (struct numbers){calloc(20, sizeof(double)), 20};
    for (int i = 0; i < 20; i++)
      times->values[i] = i < (k ? 9 : 11) ? 1 : 1.2;
    both[k]->region_s = (struct interval){k ? 1.2 : 1, 1, 1.2};
  }
  compare_analyses(&c);
  const struct versus_row *row = &c.versus.rows[2];
  assert_float_equal(row->ratio.high, 1, 0);
  assert_float_equal(row->within, 0.2, 1e-12);
  assert_int_equal(row->verdict, VERSUS_TOO_WIDE);
  release(&c);
}

/* Charts. */

static const struct chart *chart_at(const struct compared *c, size_t i) {
  static const struct chart none = {.name = "", .script = ""};
  return c->charts.list && i < c->charts.count ? &c->charts.list[i] : &none;
}

/* The data of a chart, until the next is asked for. */
static const char *data(const struct compared *compared, const char *name) {
  static char text[1 << 16];
  char path[256];
  snprintf(path, sizeof path, "%s/%s.tsv", compared->folder, name);
  FILE *in = fopen(path, "r");
  assert_non_null(in);
  text[fread(text, 1, sizeof text - 1, in)] = '\0';
  fclose(in);
  return text;
}

static void charts_hold_the_series(void **state) {
  (void)state;
  struct compared c;
  struct made fast = usual;
  fast.speed = 3.75e6;
  compare(usual, fast, &c);
  assert_int_equal(c.charts.count, 4);
  assert_string_equal(chart_at(&c, 0)->name, "cube-items");
  assert_string_equal(chart_at(&c, 1)->name, "spin-items");
  assert_string_equal(chart_at(&c, 2)->name, "cube-speedup");
  assert_string_equal(chart_at(&c, 0)->script, "dots.gp");
  const char *text = data(&c, "cube-items");
  has(text, "# title: Cube mapping: B is 20.0% faster (19.4–20.6%) (threads, 2 "
            "workers)\n");
  has(text, "A is r1, B is r2");
  has(text, "# unit: si:integers/s\n");
  has(text, "point\tthreads (OpenMP)\tA\t13\t6000000\t5940000\t6060000\n");
  has(text, "point\tthreads (OpenMP)\tB\t14\t7500000\t7425000\t7575000\n");
  has(text, "point\tserial (1 worker)\tA\t13\t3000000\t");
  text = data(&c, "cube-speedup");
  has(text, "no difference in region speedup shown (threads, 2 workers)\n");
  has_not(text, "serial (1 worker)");
  release(&c);
}

static void many_worker_counts_make_lines(void **state) {
  (void)state;
  struct compared c;
  struct made three = usual;
  three.most_workers = 3;
  compare(three, three, &c);
  assert_string_equal(chart_at(&c, 0)->script, "lines.gp");
  const char *text = data(&c, "cube-items");
  has(text, ": no difference: the same trials (threads, 3 workers)\n");
  has(text, "point\tA threads (OpenMP)\t1\t3\t9000000\t");
  has(text, "point\tB threads (OpenMP)\t11\t3\t9000000\t");
  has(text, "# scale: linear\n");
  has_not(text, "serial\t");
  text = data(&c, "cube-speedup");
  has(text, "# ideal: yes\n");
  has(text, "point\tB threads (OpenMP)\t11\t2\t2\t1.98\t2.02\n");
  release(&c);
}

/* Counts at which workers share CPUs come last. */
static void titles_are_of_own_cpus(void **state) {
  (void)state;
  struct compared c;
  struct made six = usual;
  six.most_workers = 6;
  compare(six, six, &c);
  has(data(&c, "cube-items"), "(threads, 4 workers)\n");
  release(&c);
}

static void charts_claim_nothing_without_intervals(void **state) {
  (void)state;
  struct compared c;
  struct made a = usual, b = usual;
  b.speed = 9e6;
  a.width = b.width = (double)NAN;
  compare(a, b, &c);
  const char *text = data(&c, "cube-items");
  has(text, ": too few trials to tell (threads");
  has(text, "\t6000000\t-\t-\n");
  release(&c);
}

static void other_sizes_share_no_chart_of_items(void **state) {
  (void)state;
  struct compared c;
  struct made other = usual;
  other.size = 5;
  compare(usual, other, &c);
  assert_int_equal(c.charts.count, 2);
  assert_string_equal(chart_at(&c, 0)->name, "cube-speedup");
  const char *text = data(&c, "cube-speedup");
  has(text, "# title: Cube mapping: region speedups that are not directly "
            "comparable\n");
  has(text, "# note: not comparable: sizes differ (1 000 in A, 5 in B)\n");
  release(&c);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_difference_is_told),
      cmocka_unit_test(a_factor_is_told),
      cmocka_unit_test(no_difference_is_told),
      cmocka_unit_test(a_run_with_itself_is_no_difference),
      cmocka_unit_test(what_changed_is_told),
      cmocka_unit_test(markdown_is_for_a_pull_request),
      cmocka_unit_test(other_problems_are_not_comparable),
      cmocka_unit_test(every_difference_has_its_bit),
      cmocka_unit_test(a_programs_build_is_not_known),
      cmocka_unit_test(parameters_begin_where_they_differ),
      cmocka_unit_test(other_machines_are_comparable),
      cmocka_unit_test(what_one_lacks_is_listed),
      cmocka_unit_test(a_workloads_own_point_comes_first),
      cmocka_unit_test(points_are_told_together),
      cmocka_unit_test(no_difference_hides_no_point),
      cmocka_unit_test(kinds_are_apart),
      cmocka_unit_test(serial_alone_is_told),
      cmocka_unit_test(the_own_point_is_parallel),
      cmocka_unit_test(thresholds_are_surely_passed),
      cmocka_unit_test(what_is_spoilt_is_not_judged),
      cmocka_unit_test(no_difference_is_none_of_the_medians),
      cmocka_unit_test(charts_hold_the_series),
      cmocka_unit_test(many_worker_counts_make_lines),
      cmocka_unit_test(titles_are_of_own_cpus),
      cmocka_unit_test(charts_claim_nothing_without_intervals),
      cmocka_unit_test(other_sizes_share_no_chart_of_items),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
