/* test_trace.c: a trial's trace, read again: slices of a track follow each
 * other without overlapping, have names, and are as long as the record says.
 * usage: test_trace [FILE]...     without files: on records made up here */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "bench/report/trace.h"
#include "bench/tests/run_fixture.h"

#include <jansson.h>
#include <math.h>

enum { ROOM = 64 };
struct slice {
  int64_t track;
  char name[80];
  double begin_us, length_us;
  const json_t *args;
};

/* A trace, and its slices by track and begin. */
struct trace {
  json_t *json;
  struct slice slices[ROOM];
  size_t slice_count, names;
};

static int earlier(const void *a, const void *b) {
  const struct slice *x = a, *y = b;
  if (x->track != y->track)
    return x->track < y->track ? -1 : 1;
  return (x->begin_us > y->begin_us) - (x->begin_us < y->begin_us);
}

static void add(struct trace *trace, const json_t *event) {
  const char *kind = json_string_value(json_object_get(event, "ph"));
  const char *name = json_string_value(json_object_get(event, "name"));
  const json_t *args = json_object_get(event, "args");
  assert_true(kind && name && *name);
  assert_int_equal(json_integer_value(json_object_get(event, "pid")), 1);
  if (strcmp(kind, "M") == 0) {
    trace->names += strcmp(name, "thread_name") == 0;
    return;
  }
  assert_string_equal(kind, "X");
  assert_true(trace->slice_count < ROOM);
  struct slice *slice = &trace->slices[trace->slice_count++];
  slice->track = json_integer_value(json_object_get(event, "tid"));
  snprintf(slice->name, sizeof slice->name, "%s", name);
  slice->begin_us = json_number_value(json_object_get(event, "ts"));
  slice->length_us = json_number_value(json_object_get(event, "dur"));
  slice->args = args;
  assert_true(slice->begin_us >= 0 && slice->length_us > 0);
}

/* To be released with json_decref(trace.json). */
static struct trace read_trace(FILE *in) {
  struct trace trace = {.json = json_loadf(in, 0, NULL)};
  const json_t *events = json_object_get(trace.json, "traceEvents");
  assert_true(json_array_size(events) > 0);
  for (size_t i = 0; i < json_array_size(events); i++)
    add(&trace, json_array_get(events, i));
  qsort(trace.slices, trace.slice_count, sizeof *trace.slices, earlier);
  for (size_t i = 1; i < trace.slice_count; i++) {
    const struct slice *before = &trace.slices[i - 1], *s = &trace.slices[i];
    if (s->track == before->track &&
        s->begin_us < before->begin_us + before->length_us - 1e-4)
      fail_msg("%s and %s overlap", before->name, s->name);
  }
  return trace;
}

static struct trace trace_of(const struct record *record) {
  FILE *file = tmpfile();
  assert_non_null(file);
  assert_int_equal(trace_write(file, record), 0);
  rewind(file);
  struct trace trace = read_trace(file);
  fclose(file);
  return trace;
}

static const struct slice *slice_of(const struct trace *trace, int64_t track,
                                    const char *name) {
  for (size_t i = 0; i < trace->slice_count; i++)
    if (trace->slices[i].track == track &&
        strcmp(trace->slices[i].name, name) == 0)
      return &trace->slices[i];
  return NULL;
}

static void lasts(const struct trace *trace, int64_t track, const char *name,
                  double begin_us, double length_us) {
  const struct slice *slice = slice_of(trace, track, name);
  if (!slice)
    fail_msg("track %d has no %s", (int)track, name);
  assert_true(slice && fabs(slice->begin_us - begin_us) < 1e-3);
  assert_true(slice && fabs(slice->length_us - length_us) < 1e-3);
}

/* Two workers; the second begins later and ends with the region. */
static struct record *make(struct run *run) {
  struct record *r = run_add(run, "round", 1, "cube", "omp:static", 2);
  r->setup_s = 0.001;
  r->start_s = 0.0002;
  r->touch_s = 0.0003;
  r->region_first_s = 0.0006;
  r->repeats_s = 0;
  r->region_s = 0.0005;
  r->finish_s = 0.0001;
  r->close_s = 0.00005;
  r->worker_begin_s = numbers_of(2, 0.00001);
  r->worker_begin_s.values[1] = 0.00004;
  r->worker_end_s = numbers_of(2, 0.0004);
  r->worker_end_s.values[1] = 0.0005;
  r->worker_busy_s = numbers_of(2, 0.00035);
  r->worker_chunks = numbers_of(2, 7);
  r->worker_items = numbers_of(2, 500);
  return r;
}

static void phases_follow_each_other(void **state) {
  struct trace trace = trace_of(make(*state));
  lasts(&trace, 0, "set-up", 0, 1000);
  lasts(&trace, 0, "start the team", 1000, 200);
  lasts(&trace, 0, "touch pages", 1200, 300);
  lasts(&trace, 0, "first region", 1500, 600);
  lasts(&trace, 0, "region of omp:static", 2100, 500);
  lasts(&trace, 0, "finish", 2600, 100);
  lasts(&trace, 0, "close the team", 2700, 50);
  assert_null(slice_of(&trace, 0, "further regions of the program"));
  json_decref(trace.json);
}

static void a_workers_slices_are_its_region(void **state) {
  struct trace trace = trace_of(make(*state));
  lasts(&trace, 1, "start", 2100, 10);
  lasts(&trace, 1, "work", 2110, 390);
  lasts(&trace, 1, "wait for the last", 2500, 100);
  lasts(&trace, 2, "start", 2100, 40);
  lasts(&trace, 2, "work", 2140, 460);
  assert_null(slice_of(&trace, 2, "wait for the last"));
  const json_t *args = slice_of(&trace, 2, "work")->args;
  assert_true(fabs(json_number_value(json_object_get(args, "busy_us")) - 350) <
              1e-3);
  assert_int_equal(json_integer_value(json_object_get(args, "chunks")), 7);
  assert_int_equal(json_integer_value(json_object_get(args, "items")), 500);
  assert_int_equal(trace.names, 3);
  json_decref(trace.json);
}

/* Stamps of two clocks: no slice is longer than its region, or negative. */
static void stamps_past_their_region_are_cut(void **state) {
  struct record *r = make(*state);
  r->worker_end_s.values[0] = 0.00050003;
  r->worker_begin_s.values[1] = 0.00050004;
  struct trace trace = trace_of(r);
  lasts(&trace, 1, "work", 2110, 490);
  lasts(&trace, 2, "start", 2100, 500);
  assert_null(slice_of(&trace, 2, "work"));
  json_decref(trace.json);
}

static void without_stamps_there_are_phases(void **state) {
  struct record *r = make(*state);
  free(r->worker_begin_s.values);
  r->worker_begin_s = (struct numbers){NULL, 0};
  struct trace trace = trace_of(r);
  assert_int_equal(trace.names, 1);
  assert_non_null(slice_of(&trace, 0, "finish"));
  json_decref(trace.json);
}

/* Real ones: each worker's slices fill the region. */
static void check_files(char **files) {
  for (; *files; files++) {
    FILE *in = fopen(*files, "r");
    assert_non_null(in);
    struct trace trace = read_trace(in);
    fclose(in);
    double length_us[ROOM] = {0}, region_us = 0;
    for (size_t i = 0; i < trace.slice_count; i++) {
      const struct slice *s = &trace.slices[i];
      length_us[s->track] += s->length_us;
      if (strncmp(s->name, "region of ", 10) == 0)
        region_us = s->length_us;
    }
    for (size_t track = 1; track < trace.names; track++)
      assert_true(fabs(length_us[track] - region_us) < 1e-3);
    printf("%zu tracks\n", trace.names);
    json_decref(trace.json);
  }
}

int main(int argc, char **argv) {
  const struct CMUnitTest tests[] = {
      IN_RUN(phases_follow_each_other),
      IN_RUN(a_workers_slices_are_its_region),
      IN_RUN(stamps_past_their_region_are_cut),
      IN_RUN(without_stamps_there_are_phases),
  };
  if (argc > 1)
    return check_files(argv + 1), 0;
  return cmocka_run_group_tests(tests, NULL, NULL);
}
