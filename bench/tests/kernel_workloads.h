/* kernel_workloads.h: workloads of every kernel that the build found, quick
 * enough to be run many times, so that a new kernel is tested by being there:
 * its defaults, its presets, each of its words, and for each of its numbers and
 * texts some other values that it takes.  To be included after
 * kernel_fixture.h.
 */
#ifndef CORESWEEP_KERNEL_WORKLOADS_H
#define CORESWEEP_KERNEL_WORKLOADS_H

#include <inttypes.h>
#include <math.h>

extern const struct kernel *const registry_kernels[];

/* The largest number of items, and what a workload may take with them. */
#define WORKLOADS_ITEMS      997
#define WORKLOADS_OPERATIONS 1.5e7
#define WORKLOADS_BYTES      4e6
#define WORKLOADS_WAITS      5 /* items of a kernel that sleeps */

struct kernel_workload {
  const struct kernel *kernel;
  char params[1400];
  uint64_t most; /* items that are quick enough, 3 or more */
};

typedef void workload_test(const struct kernel_workload *workload);

static inline uint64_t smaller(uint64_t a, uint64_t b) {
  return a < b ? a : b;
}

/* Whether the kernel takes the parameters, and three items are quick. */
static inline bool workload_is_fit(struct kernel_workload *w) {
  struct fixture f;
  fixture_request(&f, w->kernel, w->params, WORKLOADS_ITEMS, NULL);
  double most = w->kernel->waits ? WORKLOADS_WAITS : WORKLOADS_ITEMS;
  most = fmin(most, WORKLOADS_OPERATIONS / (f.shape.operations + 1));
  most = fmin(most, WORKLOADS_BYTES / ((double)f.shape.output_bytes + 1));
  f.request.size = w->most = (uint64_t)most;
  bool fit = most >= 3 && fixture_check(&f);
  fixture_close(&f);
  return fit;
}

/* Whether so many items are taken: a kernel may need more than none. */
static inline bool workload_takes(const struct kernel_workload *w,
                                  uint64_t size) {
  struct fixture f;
  fixture_request(&f, w->kernel, w->params, size, NULL);
  bool takes = fixture_check(&f);
  fixture_close(&f);
  return takes;
}

static inline uint64_t workload_visit(const struct kernel *kernel,
                                      const char *params,
                                      workload_test *visit) {
  struct kernel_workload w = {.kernel = kernel};
  snprintf(w.params, sizeof w.params, "%s", params);
  if (!workload_is_fit(&w))
    return 0;
  if (visit) {
    fprintf(stderr, "  %s/%s\n", kernel->name, w.params); /* if it fails */
    visit(&w);
  }
  return 1;
}

/* Each word of a|b|c but the default. */
static inline uint64_t workload_words(const struct kernel *kernel,
                                      const struct param_spec *spec,
                                      workload_test *visit) {
  uint64_t count = 0;
  char params[1400];
  const char *word = spec->words;
  for (size_t length; *word; word += length + (word[length] == '|')) {
    length = strcspn(word, "|");
    if (length == strlen(spec->initial) &&
        strncmp(word, spec->initial, length) == 0)
      continue;
    snprintf(params, sizeof params, "%s=%.*s", spec->name, (int)length, word);
    count += workload_visit(kernel, params, visit);
  }
  return count;
}

static inline uint64_t workload_integers(const struct kernel *kernel,
                                         const struct param_spec *spec,
                                         workload_test *visit) {
  int64_t initial = strtoll(spec->initial, NULL, 10);
  const int64_t values[] = {spec->low, 0,  1,           2,          3,
                            13,        24, initial / 3, initial - 1};
  uint64_t count = 0;
  char params[100];
  for (size_t k = 0; k < sizeof values / sizeof *values; k++) {
    if (values[k] < spec->low || values[k] > spec->high ||
        values[k] == initial || (k > 0 && values[k] == spec->low))
      continue;
    snprintf(params, sizeof params, "%s=%" PRId64, spec->name, values[k]);
    count += workload_visit(kernel, params, visit);
  }
  return count;
}

/* The least, and a quarter of the way to the most. */
static inline uint64_t workload_reals(const struct kernel *kernel,
                                      const struct param_spec *spec,
                                      workload_test *visit) {
  uint64_t count = 0;
  char params[100];
  for (int k = 0; k < 2; k++) {
    double value = spec->least + k * 0.25 * (spec->most - spec->least);
    snprintf(params, sizeof params, "%s=%g", spec->name, value);
    count += workload_visit(kernel, params, visit);
  }
  return count;
}

static inline uint64_t workload_texts(const struct kernel *kernel,
                                      const struct param_spec *spec,
                                      workload_test *visit) {
  static const char *const texts[] = {"", "a", "a\"b", "gr\xc3\xbc\xc3\x9f"};
  uint64_t count = 0;
  char params[100];
  for (size_t k = 0; k < sizeof texts / sizeof *texts; k++) {
    int64_t length = (int64_t)strlen(texts[k]);
    if (length < spec->low || length > spec->high)
      continue;
    snprintf(params, sizeof params, "%s=%s", spec->name, texts[k]);
    count += workload_visit(kernel, params, visit);
  }
  return count;
}

/* All workloads of a kernel; NULL: none is visited.  Returns how many there
 * are.  A preset of a kernel that waits may take seconds: only those with a
 * known answer are run at all, by the test of the answers. */
static inline uint64_t workloads_of(const struct kernel *kernel,
                                    workload_test *visit) {
  static uint64_t (*const others[])(
      const struct kernel *, const struct param_spec *, workload_test *) = {
      [PARAM_INTEGER] = workload_integers,
      [PARAM_REAL] = workload_reals,
      [PARAM_WORD] = workload_words,
      [PARAM_TEXT] = workload_texts,
  };
  uint64_t count = workload_visit(kernel, "", visit);
  for (const struct kernel_preset *p = kernel->presets;
       p && p->name && !kernel->waits; p++)
    count += workload_visit(kernel, p->params, visit);
  for (const struct param_spec *p = kernel->params; p && p->name; p++)
    count += others[p->type](kernel, p, visit);
  return count;
}

/* All workloads of all kernels. */
static inline void workloads_visit(workload_test *visit) {
  uint64_t count = 0;
  for (size_t k = 0; registry_kernels[k]; k++)
    count += workloads_of(registry_kernels[k], visit);
  assert_true(count > 0);
}

#endif
