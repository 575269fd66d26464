#include "bench/report/trace.h"

#include <jansson.h>
#include <math.h>

/* Where events go, and how far the caller's track is. */
struct trace {
  json_t *events;
  int64_t now_ns;
};

/* Whole nanoseconds add up; a slice then ends where the next begins. */
static int64_t nanoseconds(double seconds) {
  return isfinite(seconds) && seconds > 0 ? llround(seconds * 1e9) : 0;
}

static json_t *microseconds(int64_t ns) {
  return json_real((double)ns / 1000);
}

/* A track's name, and its place among the others. */
static void add_track(struct trace *trace, int track, const char *name) {
  json_array_append_new(trace->events,
                        json_pack("{s:s, s:s, s:i, s:i, s:{s:s}}", "name",
                                  "thread_name", "ph", "M", "pid", 1, "tid",
                                  track, "args", "name", name));
  json_array_append_new(trace->events,
                        json_pack("{s:s, s:s, s:i, s:i, s:{s:i}}", "name",
                                  "thread_sort_index", "ph", "M", "pid", 1,
                                  "tid", track, "args", "sort_index", track));
}

/* A slice, where it takes any time.  args: may be NULL; taken. */
static void add_slice(struct trace *trace, int track, const char *name,
                      int64_t begin_ns, int64_t end_ns, json_t *args) {
  if (end_ns > begin_ns)
    json_array_append_new(
        trace->events,
        json_pack("{s:s, s:s, s:i, s:i, s:o, s:o, s:O*}", "name", name, "ph",
                  "X", "pid", 1, "tid", track, "ts", microseconds(begin_ns),
                  "dur", microseconds(end_ns - begin_ns), "args", args));
  json_decref(args);
}

static void add_phase(struct trace *trace, const char *name, double seconds) {
  int64_t end_ns = trace->now_ns + nanoseconds(seconds);
  add_slice(trace, 0, name, trace->now_ns, end_ns, NULL);
  trace->now_ns = end_ns;
}

static json_t *about_worker(const struct record *r, size_t worker) {
  const struct numbers *busy = &r->worker_busy_s, *chunks = &r->worker_chunks,
                       *items = &r->worker_items;
  json_t *args = json_object();
  if (worker < busy->count)
    json_object_set_new(args, "busy_us",
                        microseconds(nanoseconds(busy->values[worker])));
  if (worker < chunks->count)
    json_object_set_new(args, "chunks",
                        json_integer((json_int_t)chunks->values[worker]));
  if (worker < items->count)
    json_object_set_new(args, "items",
                        json_integer((json_int_t)items->values[worker]));
  return args;
}

/* In the region that begins now.  Stamps lie within it, but for rounding. */
static void add_workers(struct trace *trace, const struct record *r) {
  int64_t region_ns = nanoseconds(r->region_s);
  size_t workers = r->worker_begin_s.count;
  for (size_t w = 0; w < workers && w < r->worker_end_s.count; w++) {
    int track = (int)w + 1;
    char name[40];
    int64_t end_ns = nanoseconds(r->worker_end_s.values[w]);
    int64_t begin_ns = nanoseconds(r->worker_begin_s.values[w]);
    end_ns = end_ns < region_ns ? end_ns : region_ns;
    begin_ns = begin_ns < end_ns ? begin_ns : end_ns;
    snprintf(name, sizeof name, "worker %zu", w);
    add_track(trace, track, name);
    add_slice(trace, track, "start", trace->now_ns, trace->now_ns + begin_ns,
              NULL);
    add_slice(trace, track, "work", trace->now_ns + begin_ns,
              trace->now_ns + end_ns, about_worker(r, w));
    add_slice(trace, track, "wait for the last", trace->now_ns + end_ns,
              trace->now_ns + region_ns, NULL);
  }
}

int trace_write(FILE *out, const struct record *record) {
  struct trace trace = {.events = json_array()};
  char region[80];
  json_t *all = json_pack("{s:s, s:O}", "displayTimeUnit", "ns", "traceEvents",
                          trace.events);
  add_track(&trace, 0, "caller");
  add_phase(&trace, "set-up", record->setup_s);
  add_phase(&trace, "start the team", record->start_s);
  add_phase(&trace, "touch pages", record->touch_s);
  add_phase(&trace, "first region", record->region_first_s);
  add_phase(&trace, "further regions of the program", record->repeats_s);
  add_workers(&trace, record);
  snprintf(region, sizeof region, "region of %.60s",
           record->requested ? record->requested : record->variant);
  add_phase(&trace, region, record->region_s);
  add_phase(&trace, "finish", record->finish_s);
  add_phase(&trace, "close the team", record->close_s);
  int status = all ? json_dumpf(all, out, JSON_COMPACT) : -1;
  fputc('\n', out);
  json_decref(all);
  json_decref(trace.events);
  return status;
}
