/* test_cost_words.c: what is said of overheads, cell by cell and word by word,
 * on costs of which no two are equal. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "bench/report/overheads.h"
#include "bench/tests/costs_fixture.h"
#include "bench/tests/table_fixture.h"
#include "bench/tests/text_fixture.h"

#include <stdlib.h>
#include <unistd.h>

static const struct sample samples[] = {
    {"overheads-active", "null", "null", "omp:static", 2, 2, 3e-3, 3e-6, 1e-6,
     1.2e6},
    {"overheads", "null", "null", "omp:static", 1, 1, 3e-5, 2e-5, 1.1e-5, 1e6},
    {"overheads", "null", "null", "omp:static", 2, 2, 3.3e-4, 6e-5, 5e-5,
     1.3e6},
    {"overheads", "null", "null", "pool:static", 1, 1, 4e-4, 2e-6, 5.2e-7,
     1.4e6},
    {"overheads", "null", "null", "pool:static", 2, 2, 6.6e-4, 9e-5, 6.1e-5,
     2.1e6},
    {"overheads", "null", "null", "fork:static", 1, 1, 1e-6, 6e-4, 4.4e-4,
     NONE},
    {"overheads", "null", "null", "fork:static", 2, 2, 1e-6, 9e-4, 8.2e-4,
     NONE},
    {"overheads", "null", "null", "pool:apply", 1, 1000, 4e-4, 1e-3, 3.1e-4,
     NONE},
    {"overheads", "null", "null", "pool:apply@pipe", 1, 1000, 4e-4, 1e-2,
     6.3e-3, NONE},
    {"overheads", "null", "null", "pool:apply@socket", 1, 1000, 4e-4, 1e-2,
     2.2e-2, NONE},
    {"overheads", "null", "null", "omp:dynamic,1", 1, 10000, 3e-5, 2e-3,
     1.023e-3, NONE},
    {"overheads", "null", "null", "omp:tasks,1", 1, 10000, 3e-5, 2e-3, 7e-3,
     NONE},
    {"overheads", "block", "bytes=64", "pool:dynamic,1", 1, 100, 4e-4, 2e-4,
     1e-4, NONE},
    {"overheads", "block", "bytes=64", "pool:dynamic,1@pipe", 1, 100, 4e-4,
     2e-4, 1.8e-3, NONE},
    {"overheads", "block", "bytes=16384", "pool:dynamic,1", 1, 100, 4e-4, 2e-4,
     2e-4, NONE},
    {"overheads", "block", "bytes=16384", "pool:dynamic,1@pipe", 1, 100, 4e-4,
     2e-4, 5.2e-3, NONE},
};

static struct overheads costs;

static int set_up(void **state) {
  struct problem problem;
  struct records records = {.list = calloc(MOST, sizeof(struct record))};
  if (!records.list)
    return -1;
  add_rounds(&records, samples, sizeof samples / sizeof *samples);
  int failed = overheads_make(&records, 2, &costs, &problem);
  while (records.count > 0)
    record_free(&records.list[--records.count]);
  free(records.list);
  *state = &costs;
  return failed;
}

static int tear_down(void **state) {
  overheads_free(*state);
  return 0;
}

static char *written(void (*write)(const struct overheads *, FILE *),
                     const struct overheads *overheads) {
  char *text;
  FILE *out = text_open(&text);
  write(overheads, out);
  fclose(out);
  return text;
}

static void every_sentence(void **state) {
  char *text = written(overheads_sentences, *state);
  assert_string_equal(
      text,
      "Starting a process and waiting for its end (594 µs) costs as much as "
      "440 (440–440) empty parallel regions of 2 threads that spin.\n"
      "An empty region of 2 threads that sleep in between costs 50 (50–50) "
      "times one of threads that spin: 67.5 µs against 1.35 µs.\n"
      "A pool of 2, which leaves no CPU to spin on, takes 120 (120–120) times "
      "as long for an empty region as a pool of 1.\n"
      "Forking 2 processes for a region costs 13 (13–13) times waking a pool "
      "of 2.\n"
      "A round trip whose result comes back through a pipe costs as much as 20 "
      "(20–20) through shared memory (418 ns, spinning), through a server's "
      "sockets as 71 (71–71).\n"
      "A chunk of schedule(dynamic) costs 137 ns: with less than 13.7 µs of "
      "work in it, it loses over 1%; an OpenMP task costs 6.9 (6.9–6.9) times "
      "that.\n"
      "Memory that each further worker adds: a process 0.945 MB, a thread "
      "0.405 MB.\n"
      "A pipe carries blocks of 64 B at 2.79 MB/s, and blocks of 16 KiB at 243 "
      "MB/s: 87 (87–87) times as fast.\n");
  free(text);
}

/* A line of the table: below which head, and its cells; "": none. */
struct cost_row {
  const char *head, *label, *one, *two;
};

static const struct cost_row cost_rows[] = {
    {"team start-up, cold (µs)", "omp, threads sleep", "52.7 (42.9–62.4)",
     "459 (374–544)"},
    {"team start-up, cold (µs)", "omp, threads spin", "", "4053 (3302–4803)"},
    {"team start-up, cold (µs)", "pool", "542 (442–642)", "930 (758–1102)"},
    {"team start-up, cold (µs)", "fork", "811 (661–962)", "1216 (991–1442)"},
    {"empty region, warm (µs)", "omp, threads sleep", "14.8 (12.1–17.6)",
     "67.5 (55.0–80.0)"},
    {"empty region, warm (µs)", "omp, threads spin", "", "1.35 (1.10–1.60)"},
    {"empty region, warm (µs)", "pool, workers spin", "0.702 (0.572–0.832)",
     ""},
    {"empty region, warm (µs)", "pool, workers sleep", "", "82.3 (67.1–97.6)"},
    {"empty region, warm (µs)", "fork", "594 (484–704)", "1107 (902–1312)"},
    {"one-item round trip (µs)", "shm, both sides spin", "0.418 (0.341–0.496)",
     ""},
    {"one-item round trip (µs)", "pipe", "8.51 (6.93–10.1)", ""},
    {"one-item round trip (µs)", "socket", "29.7 (24.2–35.2)", ""},
    {"per chunk of a schedule (µs)", "omp:dynamic,1", "0.137 (0.111–0.162)",
     ""},
    {"per chunk of a schedule (µs)", "omp:tasks,1", "0.944 (0.769–1.12)", ""},
    {"through a transport (MB/s)", "pipe, 64 B", "2.79 (2.35–3.42)", ""},
    {"through a transport (MB/s)", "pipe, 16 KiB", "243 (205–298)", ""},
    {"memory of the team (MB)", "omp", "1.35 (1.10–1.60)", "1.75 (1.43–2.08)"},
    {"memory of the team (MB)", "omp, threads spin", "", "1.62 (1.32–1.92)"},
    {"memory of the team (MB)", "pool", "1.89 (1.54–2.24)", "2.83 (2.31–3.36)"},
};

static void every_cell(void **state) {
  char *text = written(overheads_table, *state), label[80];
  for (size_t i = 0; i < sizeof cost_rows / sizeof *cost_rows; i++) {
    const struct cost_row *row = &cost_rows[i];
    const char *head = line_with(text, row->head);
    snprintf(label, sizeof label, "  %s  ", row->label);
    const char *line = line_with(head, label);
    assert_string_equal(cell_under(head, line, row->head), row->label);
    assert_string_equal(cell_under(head, line, "1 worker"), row->one);
    assert_string_equal(cell_under(head, line, "2 workers"), row->two);
  }
  has(text, "Medians with 95% intervals over 6 rounds.");
  free(text);
}

/* The data of a chart, which goes; owned. */
static char *take(const char *folder, const char *name) {
  char path[300], *text = calloc(1, 1 << 14);
  snprintf(path, sizeof path, "%s/%s.tsv", folder, name);
  FILE *in = fopen(path, "r");
  assert_true(in && text);
  text[fread(text, 1, (1 << 14) - 1, in)] = '\0';
  fclose(in);
  unlink(path);
  return text;
}

static void charts_have_their_units(void **state) {
  struct problem problem;
  char folder[] = "/tmp/test_cost_words.XXXXXX";
  struct charts charts = {.folder = folder};
  assert_non_null(mkdtemp(folder));
  assert_int_equal(overheads_chart_data(*state, NULL, &charts, &problem), 0);
  assert_int_equal(charts.count, 3);
  charts_free(&charts);
  char *text = take(folder, "overheads");
  has(text, "\n# xlabel: time (µs)\n# unit: µs\n");
  has(text, "\npoint\tstart: omp, threads sleep, p = 2\tstart: omp, threads "
            "sleep, p = 2\t1\t459\t374\t544\n");
  has(text, "\npoint\tregion: omp, threads spin, p = 2\tregion: omp, threads "
            "spin, p = 2\t1\t1.35\t1.1\t1.6\n");
  has(text, "\npoint\tregion: fork, p = 1\tregion: fork, p = 1\t3\t594\t484\t"
            "704\n");
  has(text, "\t8.505\t6.93\t10.08\npoint\tround trip: socket, p = 1\t");
  free(text);
  text = take(folder, "transports-1");
  has(text, "\n# xlabel: length of an item (KiB)\n# ylabel: bytes per second\n"
            "# scale: log\n# unit: si:B/s\n");
  has(text, "\npoint\tpipe\t11\t16\t242725926\t204800000\t297890909\n");
  free(text);
  text = take(folder, "memory");
  has(text, "# title: Memory that each further worker adds: a process 0.945 "
            "MB, a thread 0.405 MB\n");
  has(text, "\n# xlabel: MB\n");
  has(text, "\npoint\t2 workers\tthreads (OpenMP)\t1\t1.755\t1.43\t2.08\n");
  has(text, "\npoint\t2 workers\tpool of processes\t2\t2.835\t2.31\t3.36\n");
  free(text);
  rmdir(folder);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_sentence),
      cmocka_unit_test(every_cell),
      cmocka_unit_test(charts_have_their_units),
  };
  return cmocka_run_group_tests(tests, set_up, tear_down);
}
