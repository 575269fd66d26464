/* What a person remembers of what things cost. */
#include "bench/report/numbers.h"
#include "bench/report/overheads.h"

#include <inttypes.h>
#include <string.h>

enum { COUNTS = 64 };

/* The costs that sentences speak of; NULL: not measured. */
struct subjects {
  int64_t most;                             /* workers */
  const struct overhead *process, *fork;    /* forked, one and all */
  const struct overhead *spinning, *asleep; /* omp, at the most */
  const struct overhead *pool_spins, *pool_sleeps;
  const struct overhead *trip, *trip_pipe, *trip_socket;
  const struct overhead *dynamic, *tasks; /* chunks with one worker */
  const struct overhead *threads_1, *threads, *processes_1, *processes;
};

static const struct overhead *find(const struct overheads *o,
                                   enum overhead_kind kind, const char *variant,
                                   int64_t workers) {
  const struct overhead_key key = {
      .kind = kind, .variant = variant, .workers = workers};
  return overheads_find(o, &key);
}

static struct subjects find_subjects(const struct overheads *o) {
  int64_t counts[COUNTS];
  size_t count = overheads_counts(o, OVERHEAD_REGION, counts, COUNTS);
  int64_t most = count > 0 ? counts[count - 1] : 1;
  const struct overhead_key active = {.kind = OVERHEAD_REGION,
                                      .variant = "omp:static",
                                      .active = true,
                                      .workers = most};
  struct subjects s = {
      .most = most,
      .process = find(o, OVERHEAD_REGION, "fork:static", 1),
      .fork = find(o, OVERHEAD_REGION, "fork:static", most),
      .spinning = overheads_find(o, &active),
      .asleep = find(o, OVERHEAD_REGION, "omp:static", most),
      .trip = find(o, OVERHEAD_TRIP, "pool:apply", 1),
      .trip_pipe = find(o, OVERHEAD_TRIP, "pool:apply@pipe", 1),
      .trip_socket = find(o, OVERHEAD_TRIP, "pool:apply@socket", 1),
      .dynamic = find(o, OVERHEAD_CHUNK, "omp:dynamic,1", 1),
      .tasks = find(o, OVERHEAD_CHUNK, "omp:tasks,1", 1),
      .threads_1 = find(o, OVERHEAD_MEMORY, "omp:static", 1),
      .threads = find(o, OVERHEAD_MEMORY, "omp:static", most),
      .processes_1 = find(o, OVERHEAD_MEMORY, "pool:static", 1),
      .processes = find(o, OVERHEAD_MEMORY, "pool:static", most),
  };
  for (size_t i = 0; i < count; i++) {
    const struct overhead *pool =
        find(o, OVERHEAD_REGION, "pool:static", counts[i]);
    if (pool && pool->spins)
      s.pool_spins = pool; /* the largest that spins */
    else if (pool)
      s.pool_sleeps = pool;
  }
  return s;
}

/* Two significant digits: "190", "2.6". */
static const char *rough(double value, char *text) {
  double step = pow(10, floor(log10(value)) - 1);
  value = floor(value / step + 0.5) * step;
  if (value >= 999.5e6)
    return number_plain(value, text);
  text_print(text, NUMBER_LENGTH, value < 9.95 ? "%.1f" : "%.0f", value);
  return text;
}

/* "190 (170–210)". */
static const char *rough_interval(struct interval ratio, char *text) {
  char median[NUMBER_LENGTH], low[NUMBER_LENGTH], high[NUMBER_LENGTH];
  text_print(text, NUMBER_LENGTH, "%s (%s–%s)", rough(ratio.median, median),
             rough(ratio.low, low), rough(ratio.high, high));
  return text;
}

static bool larger(struct interval ratio) {
  return isfinite(ratio.high) && ratio.low > 1;
}

static const char *plural(int64_t count) {
  return count == 1 ? "" : "s";
}

/* ---- each writes one sentence, or leaves the text alone ------------------ */

typedef void sentence(const struct subjects *s, char text[static REPORT_LINE]);

static void of_process(const struct subjects *s,
                       char text[static REPORT_LINE]) {
  char n[NUMBER_LENGTH], cost[NUMBER_LENGTH];
  struct interval ratio = overheads_ratio(s->process, s->spinning);
  if (s->process && larger(ratio))
    text_print(text, REPORT_LINE,
               "Starting a process and waiting for its end (%s) costs as much "
               "as %s empty parallel regions of %" PRId64
               " thread%s that spin.",
               number_time(s->process->value.median, cost),
               rough_interval(ratio, n), s->most, plural(s->most));
}

static void of_sleep(const struct subjects *s, char text[static REPORT_LINE]) {
  char n[NUMBER_LENGTH], a[NUMBER_LENGTH], b[NUMBER_LENGTH];
  struct interval ratio = overheads_ratio(s->asleep, s->spinning);
  if (s->asleep && s->spinning && s->most > 1 && larger(ratio))
    text_print(text, REPORT_LINE,
               "An empty region of %" PRId64 " threads that sleep in between "
               "costs %s times one of threads that spin: %s against %s.",
               s->most, rough_interval(ratio, n),
               number_time(s->asleep->value.median, a),
               number_time(s->spinning->value.median, b));
}

static void of_pool(const struct subjects *s, char text[static REPORT_LINE]) {
  char n[NUMBER_LENGTH];
  struct interval ratio = overheads_ratio(s->pool_sleeps, s->pool_spins);
  if (s->pool_sleeps && s->pool_spins && larger(ratio))
    text_print(text, REPORT_LINE,
               "A pool of %" PRId64
               ", which leaves no CPU to spin on, takes %s "
               "times as long for an empty region as a pool of %" PRId64 ".",
               s->pool_sleeps->workers, rough_interval(ratio, n),
               s->pool_spins->workers);
}

static void of_fork(const struct subjects *s, char text[static REPORT_LINE]) {
  char n[NUMBER_LENGTH];
  const struct overhead *pool =
      s->pool_sleeps && s->pool_sleeps->workers == s->most ? s->pool_sleeps
                                                           : NULL;
  struct interval ratio = overheads_ratio(s->fork, pool);
  if (larger(ratio))
    text_print(
        text, REPORT_LINE,
        "Forking %" PRId64 " process%s for a region costs %s times waking "
        "a pool of %" PRId64 ".",
        s->most, s->most == 1 ? "" : "es", rough_interval(ratio, n), s->most);
}

static void of_trip(const struct subjects *s, char text[static REPORT_LINE]) {
  char n[NUMBER_LENGTH], m[NUMBER_LENGTH], cost[NUMBER_LENGTH];
  struct interval pipe = overheads_ratio(s->trip_pipe, s->trip);
  struct interval socket = overheads_ratio(s->trip_socket, s->trip);
  if (!s->trip || !larger(pipe))
    return;
  struct text whole = text_begin(text, REPORT_LINE);
  text_add(
      &whole,
      "A round trip whose result comes back through a pipe costs as much as "
      "%s through shared memory (%s%s)",
      rough_interval(pipe, n), number_time(s->trip->value.median, cost),
      s->trip->spins == 1 ? ", spinning" : "");
  if (larger(socket))
    text_add(&whole, ", through a server's sockets as %s",
             rough_interval(socket, m));
  text_add(&whole, ".");
}

static void of_chunk(const struct subjects *s, char text[static REPORT_LINE]) {
  char n[NUMBER_LENGTH], cost[NUMBER_LENGTH], work[NUMBER_LENGTH];
  const struct overhead *dynamic = s->dynamic;
  struct interval ratio = overheads_ratio(s->tasks, dynamic);
  if (!dynamic || !(dynamic->value.low > 0))
    return;
  struct text whole = text_begin(text, REPORT_LINE);
  text_add(
      &whole,
      "A chunk of schedule(dynamic) costs %s: with less than %s of work in it, "
      "it loses over 1%%",
      number_time(dynamic->value.median, cost),
      number_time(100 * dynamic->value.median, work));
  text_add(&whole,
           larger(ratio) ? "; an OpenMP task costs %s times that." : ".",
           larger(ratio) ? rough_interval(ratio, n) : "");
}

/* "0.52 MB", or "none that shows" where it may be nothing. */
static const char *memory_text(struct interval bytes, char *text) {
  char number[NUMBER_LENGTH];
  if (bytes.low > 0)
    text_print(text, NUMBER_LENGTH, "%.30s MB",
               number_plain(bytes.median / 1e6, number));
  else
    text_print(text, NUMBER_LENGTH, "none that shows");
  return text;
}

static void of_memory(const struct subjects *s, char text[static REPORT_LINE]) {
  char a[NUMBER_LENGTH], b[NUMBER_LENGTH];
  struct interval process = overheads_slope(s->processes, s->processes_1);
  struct interval thread = overheads_slope(s->threads, s->threads_1);
  if (isfinite(process.low) && isfinite(thread.low))
    text_print(
        text, REPORT_LINE,
        "Memory that each further worker adds: a process %s, a thread %s.",
        memory_text(process, a), memory_text(thread, b));
}

/* Of a pipe with small blocks against large ones. */
static void of_rate(const struct overheads *o, int64_t workers,
                    char text[static REPORT_LINE]) {
  const struct overhead *small = NULL, *fast = NULL;
  char a[NUMBER_LENGTH], b[NUMBER_LENGTH], n[NUMBER_LENGTH], x[NUMBER_LENGTH],
      y[NUMBER_LENGTH];
  for (size_t i = 0; i < o->count; i++) {
    const struct overhead *c = &o->list[i];
    if (c->kind != OVERHEAD_RATE || c->workers != workers ||
        strcmp(notation_transport_name(c->spec.transport), "pipe") != 0 ||
        !isfinite(c->value.low))
      continue;
    small = small ? small : c;
    fast = !fast || c->value.median > fast->value.median ? c : fast;
  }
  struct interval ratio = overheads_ratio(fast, small);
  if (small && fast && larger(ratio))
    text_print(text, REPORT_LINE,
               "A pipe carries blocks of %s at %s, and blocks of %s at %s: %s "
               "times as fast.",
               overhead_bytes(small->item_bytes, x),
               number_rate(small->value.median, "B", a),
               overhead_bytes(fast->item_bytes, y),
               number_rate(fast->value.median, "B", b),
               rough_interval(ratio, n));
}

void overheads_headline(const struct overheads *overheads,
                        char text[static REPORT_LINE]) {
  struct subjects s = find_subjects(overheads);
  *text = '\0';
  of_process(&s, text);
}

void overheads_rate_headline(const struct overheads *overheads, int64_t workers,
                             char text[static REPORT_LINE]) {
  *text = '\0';
  of_rate(overheads, workers, text);
}

void overheads_memory_headline(const struct overheads *overheads,
                               char text[static REPORT_LINE]) {
  struct subjects s = find_subjects(overheads);
  *text = '\0';
  of_memory(&s, text);
}

void overheads_sentences(const struct overheads *overheads, FILE *out) {
  static sentence *const all[] = {of_process, of_sleep, of_pool,  of_fork,
                                  of_trip,    of_chunk, of_memory};
  struct subjects s = find_subjects(overheads);
  char text[REPORT_LINE];
  size_t said = 0;
  for (size_t i = 0; i <= sizeof all / sizeof *all; i++) {
    *text = '\0';
    if (i < sizeof all / sizeof *all)
      all[i](&s, text);
    else
      of_rate(overheads, 1, text);
    said += *text != '\0';
    if (*text)
      fprintf(out, "%s\n", text);
  }
  if (said == 0)
    fputs("These rounds tell no two costs apart.\n", out);
}
