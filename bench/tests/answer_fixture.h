/* answer_fixture.h: analyses made up in memory, and the answer of them.  To be
 * included once, after cmocka.h. */
#ifndef CORESWEEP_ANSWER_FIXTURE_H
#define CORESWEEP_ANSWER_FIXTURE_H

#include "bench/analyze/verdict.h"
#include "bench/report/answer.h"
#include "bench/report/numbers.h"
#include "bench/report/wrap.h"
#include "bench/tests/text_fixture.h"

#include <math.h>
#include <stdlib.h>

enum { TRIALS = 20, BELOW = 3 };

static inline void set_text(char **text, const char *to) {
  free(*text);
  *text = strdup(to);
}

/* All trials of one ratio, or of ratios about 1. */
static inline void set_ratios(struct result *r, double speedup, bool same) {
  r->program_ratios.values = calloc(TRIALS, sizeof(double));
  assert_non_null(r->program_ratios.values);
  r->program_ratios.count = TRIALS;
  for (size_t i = 0; i < TRIALS; i++)
    r->program_ratios.values[i] = same ? (i % 2 ? 1.01 : 0.99) : speedup;
  r->program_speedup =
      same ? (struct interval){1, 0.99, 1.01}
           : (struct interval){speedup, 0.99 * speedup, 1.01 * speedup};
  r->program_speedup_p = verdict_p(&r->program_ratios, verdict_nothing_gained);
  r->program_law_p = verdict_p(&r->program_ratios, r->program_law);
}

static inline struct result *add(struct analysis *a, const char *workload,
                                 const char *variant, int64_t workers,
                                 double speedup) {
  struct result *r = &a->results[a->result_count++];
  fields_clear(result_fields, r);
  r->workload = strdup(workload);
  r->kernel = strdup("cube");
  r->variant = strdup(variant);
  r->requested = strdup(variant);
  r->label = strdup(variant);
  r->workers = workers;
  r->size = 1000;
  r->n = TRIALS;
  r->oversubscribed = 0;
  r->program_law = (struct interval){speedup, speedup, speedup};
  r->speedup_abs = (struct interval){speedup, 0.99 * speedup, 1.01 * speedup};
  double p = (double)workers;
  r->efficiency =
      (struct interval){speedup / p, 0.99 * speedup / p, 1.01 * speedup / p};
  set_ratios(r, speedup, speedup == 1);
  r->flags = strdup("");
  return r;
}

/* So many workloads of names as long as they get, each with serial and
 * omp:static at one and at so many workers.  To be released. */
static inline struct analysis make(size_t workloads, const char *name,
                                   int64_t workers) {
  struct analysis a = {0};
  fields_clear(run_fields, &a.run);
  a.run.rounds = TRIALS;
  a.run.usable_cpus = workers;
  a.run.trials_s = 148;
  set_text(&a.run.machine, "8-core desktop");
  set_text(&a.run.build, "gcc 14.2.0 -O3 -march=native, libgomp");
  a.workloads = calloc(workloads, sizeof *a.workloads);
  a.results = calloc(4 * workloads, sizeof *a.results);
  assert_true(a.workloads && a.results);
  for (size_t i = 0; i < workloads; i++) {
    struct workload_result *w = &a.workloads[a.workload_count++];
    char text[400];
    text_print(text, sizeof text, "%s%zu", name, i);
    fields_clear(workload_fields, w);
    w->workload = strdup(text);
    w->kernel = strdup("cube");
    w->title = strdup("Cube");
    w->items = strdup("integers");
    w->size = 1000;
    w->waits = 0;
    add(&a, text, "serial", 1, 1);
    add(&a, text, "omp:static", 1, 1);
    add(&a, text, "omp:static", workers, 0.9 * (double)workers);
  }
  assert_int_equal(verdicts_settle(&a), 0);
  return a;
}

/* The judged result of a workload. */
static inline struct result *judged(struct analysis *a, size_t workload) {
  struct result *r = &a->results[3 * workload + 2];
  assert_ptr_equal(verdict_point(a, &a->workloads[workload]), r);
  return r;
}

static inline void spoil(struct analysis *a, size_t workload,
                         const char *flags) {
  set_text(&judged(a, workload)->flags, flags);
  assert_int_equal(verdicts_settle(a), 0);
}

static inline void tell(struct result *r, const char *term, size_t index,
                        const char *rule, const char *sentence) {
  r->breakdown.told = true;
  for (size_t t = 0; t < TERMS; t++)
    r->breakdown.share[t] = (struct interval){0, 0, 0};
  r->breakdown.share[TERM_USEFUL] = (struct interval){0.58, 0.571, 0.589};
  if (index != TERM_USEFUL)
    r->breakdown.share[index] = (struct interval){0.39, 0.381, 0.399};
  set_text(&r->cause.term, term);
  set_text(&r->cause.rule, rule);
  if (sentence)
    set_text(&r->cause.sentence, sentence);
}

static inline void release(struct analysis *a) {
  for (size_t i = 0; i < a->result_count; i++) {
    struct cause *cause = &a->results[i].cause;
    free(cause->term);
    free(cause->rule);
    free(cause->sentence);
    *cause = (struct cause){0};
  }
  analysis_free(a);
}

/* Checked for its size; to be released with free. */
static inline char *answer_of(const struct analysis *a) {
  char *text;
  size_t lines = 0;
  FILE *out = text_open(&text);
  report_answer(a, NULL, BELOW, out);
  fclose(out);
  for (const char *at = text; *at; lines++) {
    char line[1000];
    size_t length = strcspn(at, "\n");
    assert_true(length < sizeof line);
    snprintf(line, sizeof line, "%.*s", (int)length, at);
    if (number_columns(line) > WRAP_USUAL)
      fail_msg("a line of %zu columns: %s", number_columns(line), line);
    at += length + 1;
  }
  if (lines > ANSWER_LINES - BELOW)
    fail_msg("%zu lines:\n%s", lines, text);
  return text;
}

#endif
