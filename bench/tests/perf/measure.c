#include "bench/tests/perf/measure.h"
#include "bench/plan/order.h"
#include "bench/plan/text.h"
#include "bench/sweep/child.h"
#include "bench/sweep/interrupt.h"

#include <err.h>
#include <inttypes.h>
#include <jansson.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { SEED = 1 };

static const double timeout_s = 60;

/* ---- a command ----------------------------------------------------------- */

/* Grows with the words: nothing is cut short. */
static void append(struct measure *measure, char *word) {
  size_t room = measure->count + 2;
  char **grown = reallocarray(measure->words, room, sizeof *grown);
  if (!grown || !word)
    errx(1, "out of memory");
  measure->words = grown;
  grown[measure->count++] = word;
  grown[measure->count] = NULL;
}

void measure_word(struct measure *measure, const char *format, ...) {
  char *word = NULL;
  va_list arguments;
  va_start(arguments, format);
  if (vasprintf(&word, format, arguments) < 0)
    word = NULL;
  va_end(arguments);
  append(measure, word);
}

void gate_measure_free(struct measure *measure) {
  for (size_t i = 0; i < measure->count; i++)
    free(measure->words[i]);
  free(measure->words);
  free(measure->values);
  *measure = (struct measure){.words = NULL};
}

/* As it could be typed, for messages: may be cut short. */
static const char *command(const struct measure *measure, char text[300]) {
  struct text words = text_begin(text, 300);
  for (size_t i = 0; i < measure->count; i++)
    text_add(&words, "%s%s", i ? " " : "", measure->words[i]);
  return text;
}

/* The number under a key, or the least of several; NAN: there is none. */
static double number_of(const json_t *json) {
  double least = json_is_number(json) ? json_number_value(json) : (double)NAN;
  for (size_t i = 0; i < json_array_size(json); i++)
    least = fmin(least, json_number_value(json_array_get(json, i)));
  return least;
}

static int read_output(struct measure *measure, const char *text, double *value,
                       struct problem *problem) {
  char words[300];
  json_t *json = json_loads(text, 0, NULL);
  const char *digest = json_string_value(json_object_get(json, "digest"));
  *value = number_of(json_object_get(json, measure->key)) /
           (measure->per > 0 ? measure->per : 1);
  if (digest && !*measure->digest) {
    snprintf(measure->digest, sizeof measure->digest, "%s", digest);
    measure_word(measure, "--expect");
    measure_word(measure, "%s", digest);
  }
  json_decref(json);
  return *value > 0 ? PROBLEM_NONE
                    : problem_failure(problem, "%s printed no %s",
                                      command(measure, words), measure->key);
}

int measure_once(struct measure *measure, double *value,
                 struct problem *problem) {
  struct child child;
  char words[300];
  setenv("OMP_WAIT_POLICY", measure->spins ? "active" : "passive", 1);
  int status =
      child_run(measure->words[0], measure->words, timeout_s, &child, problem);
  if (interrupt_signal())
    status = 128 + interrupt_signal();
  else if (!status && child.timed_out)
    status = problem_failure(problem, "%s took over %g s",
                             command(measure, words), timeout_s);
  else if (!status && (!WIFEXITED(child.status) || WEXITSTATUS(child.status)))
    status =
        problem_failure(problem, "%s failed: %.*s", command(measure, words),
                        (int)strcspn(child.err, "\n"), child.err);
  if (!status)
    status = read_output(measure, child.out, value, problem);
  child_free(&child);
  return status;
}

/* ---- rounds -------------------------------------------------------------- */

/* Where the measures that are joined to list[begin] end. */
static size_t group_end(const struct measure *list, size_t count,
                        size_t begin) {
  size_t end = begin + 1;
  while (end < count && list[end].joined)
    end++;
  return end;
}

/* The order of a round, to order[0..count); `scratch` has room for three times
 * as many. */
static void order_round(const struct measure *list, size_t count,
                        uint32_t round, uint32_t *order, uint32_t *scratch) {
  uint32_t *begins = scratch, *groups = begins + count,
           *members = groups + count;
  size_t group_count = 0, at = 0;
  for (size_t i = 0; i < count; i = group_end(list, count, i))
    begins[group_count++] = (uint32_t)i;
  order_shuffle(groups, group_count, SEED, round);
  for (size_t g = 0; g < group_count; g++) {
    uint32_t begin = begins[groups[g]];
    size_t length = group_end(list, count, begin) - begin;
    order_shuffle(members, length, SEED + 1 + begin, round);
    for (size_t m = 0; m < length; m++)
      order[at++] = begin + members[m];
  }
}

static void show_progress(uint32_t round, uint32_t rounds, size_t done,
                          size_t count) {
  if (isatty(STDERR_FILENO))
    fprintf(stderr, "\r\033[Kround %" PRIu32 "/%" PRIu32 ", process %zu/%zu",
            round, rounds, done, count);
}

static int run_rounds(struct measure *list, size_t count, uint32_t rounds,
                      uint32_t *order, struct problem *problem) {
  int status = PROBLEM_NONE;
  for (uint32_t r = 0; !status && r < rounds; r++) {
    order_round(list, count, r + 1, order, order + count);
    for (size_t i = 0; !status && i < count; i++) {
      struct measure *measure = &list[order[i]];
      show_progress(r + 1, rounds, i + 1, count);
      measure->values[r] = (double)NAN;
      if (measure->count)
        status = measure_once(measure, &measure->values[r], problem);
    }
  }
  if (isatty(STDERR_FILENO))
    fputs("\r\033[K", stderr);
  return status;
}

int measure_rounds(struct measure *list, size_t count, uint32_t rounds,
                   struct problem *problem) {
  uint32_t *order = calloc(4 * count, sizeof *order);
  bool room = order;
  for (size_t i = 0; i < count; i++) {
    list[i].values = calloc(rounds, sizeof *list[i].values);
    room = room && list[i].values;
  }
  int status = room ? run_rounds(list, count, rounds, order, problem)
                    : problem_failure(problem, "out of memory");
  free(order);
  return status;
}
