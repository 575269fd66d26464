/* printed_fixture.h: the record that `coresweep trial --json` prints, and its
 * members by their keys.  To be included once, after cmocka.h. */
#ifndef CORESWEEP_PRINTED_FIXTURE_H
#define CORESWEEP_PRINTED_FIXTURE_H

#include "bench/tests/program_fixture.h"

#include "bench/plan/notation.h"

#include <sched.h>

/* Numbers are printed with nine digits. */
static const double digits = 1e-7;

/* Keys of what was asked for, and of what was used. */
static const char *const key_asked = "requested", *const key_used = "variant";

enum { BINDING = 4 };

/* What would bind a trial's process before it can. */
static const char *const binding[BINDING] = {
    "OMP_PROC_BIND", "OMP_PLACES", "GOMP_CPU_AFFINITY", "KMP_AFFINITY"};

static inline void unset_binding(void) {
  for (int i = 0; i < BINDING; i++)
    unsetenv(binding[i]);
}

struct printed {
  json_t *json;
  char variant[NOTATION_LENGTH];
  uint32_t workers;
  double wall_s; /* from before its start to after its end */
  bool sleeps;
};

static inline json_t *member(const struct printed *p, const char *key) {
  json_t *value = json_object_get(p->json, key);
  if (!value)
    fail_msg("%s: the record has no key \"%s\"", p->variant, key);
  return value;
}

static inline double number(const struct printed *p, const char *key) {
  json_t *value = member(p, key);
  if (!json_is_number(value))
    fail_msg("%s: \"%s\" is no number", p->variant, key);
  return json_number_value(value);
}

static inline double nth(const struct printed *p, const char *key, size_t i) {
  json_t *value = json_array_get(member(p, key), i);
  if (!json_is_number(value))
    fail_msg("%s, %u workers: \"%s\" has no number %zu", p->variant, p->workers,
             key, i);
  return json_number_value(value);
}

static inline void assert_holds(const struct printed *p, bool holds,
                                const char *what, double left, double right) {
  if (!holds)
    fail_msg("%s, %u workers: %s expected, got %.9g and %.9g", p->variant,
             p->workers, what, left, right);
}

static inline void assert_at_most(const struct printed *p, double less,
                                  double more, const char *what) {
  assert_holds(p, less <= more * (1 + digits), what, less, more);
}

/* The CPUs of this process, from the last to the first, as --cpus takes them:
 * no worker is where it would be anyway. */
static int cpus[CPU_SETSIZE];
static uint32_t cpu_count;

static inline void list_cpus(char *text, size_t room) {
  cpu_set_t allowed;
  struct text list = text_begin(text, room);
  cpu_count = 0;
  assert_int_equal(sched_getaffinity(0, sizeof allowed, &allowed), 0);
  for (int cpu = CPU_SETSIZE - 1; cpu >= 0; cpu--)
    if (CPU_ISSET((size_t)cpu, &allowed)) {
      text_add(&list, "%s%d", cpu_count ? "," : "", cpu);
      cpus[cpu_count++] = cpu;
    }
  assert_false(list.cut);
}

/* Runs a trial of a kernel on these CPUs, and adds `more` to its arguments,
 * from the first to NULL. */
static inline struct printed print_of(const char *kernel, const char *size,
                                      const char *variant, uint32_t workers,
                                      const char *const more[]) {
  char list[6 * CPU_SETSIZE], count[12];
  struct printed p = {.workers = workers};
  list_cpus(list, sizeof list);
  snprintf(p.variant, sizeof p.variant, "%s", variant);
  snprintf(count, sizeof count, "%u", workers);
  const char *arguments[ARGUMENTS] = {
      "coresweep", "trial",     "--kernel",        kernel,      "--size",
      size,        "--variant", variant,           "--workers", count,
      "--cpus",    list,        "--oversubscribe", "--json"};
  for (size_t n = 14, i = 0; more[i]; i++)
    arguments[n++] = more[i];
  struct ending ending;
  int64_t begin_ns = clock_now_ns();
  struct program program = program_start(arguments);
  program_await_end(&program, &ending);
  p.wall_s = (double)(clock_now_ns() - begin_ns) * 1e-9;
  if (!ending.ok)
    fail_msg("%s, %s, %u workers: %s%s", kernel, variant, workers, ending.error,
             ending.err);
  p.json = json_loads(ending.out, 0, NULL);
  assert_non_null(p.json);
  return p;
}

#endif
