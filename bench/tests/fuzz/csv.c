/* A kernel's items, as --input reads them: of every kernel that has such. */
#include "bench/plan/registry.h"
#include "bench/tests/fuzz/place.h"
#include "bench/tests/fuzz/target.h"
#include "bench/trial/items.h"
#include "bench/trial/trial.h"

#include <inttypes.h>
#include <string.h>

/* More are read, and not computed; nor longer sums of ranges. */
enum { ROWS = 200, LONGEST = 100000 };

/* Writes the items as `dump` does, and reads them: they are the same. */
static int dump(const struct trial_request *request,
                const struct trial_items *items, void *context,
                struct problem *problem) {
  const struct items *first = context;
  const struct kernel_csv *csv = &request->workload->kernel->csv;
  const char *path = place_path("again.csv");
  struct items again;
  FILE *out = fopen(path, "we");
  if (!out)
    fuzz_fail("%s cannot be written", path);
  csv->input_header(items->state, out);
  fputc('\n', out);
  for (uint64_t i = 0; i < request->size; i++) {
    csv->input_item(items->state, i, out);
    fputc('\n', out);
  }
  fclose(out);
  if (items_read(path, request->workload, &again, problem) != 0)
    fuzz_fail("%s: what dump writes cannot be read: %s",
              request->workload->name, problem->text);
  if (again.input.rows != request->size ||
      (request->size > 0 &&
       (again.input.columns != first->input.columns ||
        memcmp(again.values, first->values,
               request->size * again.input.columns * sizeof(int64_t)) != 0)))
    fuzz_fail("%s: what dump writes is read as something else",
              request->workload->name);
  items_free(&again);
  return PROBLEM_NONE;
}

static bool is_short(const struct kernel *kernel, const struct items *items) {
  const struct kernel_input *input = &items->input;
  if (strcmp(kernel->name, "rangesum") != 0)
    return true;
  for (uint64_t i = 0; i < input->rows * input->columns; i++)
    if (input->values[i] > LONGEST)
      return false;
  return true;
}

/* A trial of them, in this process. */
static void compute(const struct workload *workload, struct items *items) {
  static struct trial_result result; /* large */
  static const int cpus[] = {-1};
  uint64_t rows = items->input.rows;
  struct problem problem = {""};
  struct trial_request request = {.workload = workload,
                                  .variant = {.team = "serial"},
                                  .workers = 1,
                                  .usable_cpus = 1,
                                  .size = rows < ROWS ? rows : ROWS,
                                  .input = &items->input,
                                  .cpus = cpus,
                                  .expect = ""};
  if (workload_check(workload, request.size, &items->input, 0, &problem) != 0 ||
      !is_short(workload->kernel, items))
    return;
  if (trial_run_and_visit(&request, &result, dump, items, &problem) != 0)
    fuzz_fail("%s: %s", workload->name, problem.text);
  trial_free(&result);
}

static bool read(const struct kernel *kernel, const char *path) {
  static struct workload workload;
  struct items items;
  struct problem problem = {""};
  char columns[40];
  if (workload_parse(kernel->name, &workload, &problem) != 0)
    fuzz_fail("%s", problem.text);
  if (items_read(path, &workload, &items, &problem) != 0)
    return false;
  /* A table's own number of columns, where the kernel takes any. */
  snprintf(columns, sizeof columns, "cols=%" PRIu32, items.input.columns);
  if (kernel->params && strcmp(kernel->params[0].name, "cols") == 0 &&
      workload_set(&workload, columns, &problem) != 0) {
    items_free(&items);
    return true;
  }
  compute(&workload, &items);
  items_free(&items);
  return true;
}

static bool run(const uint8_t *data, size_t size) {
  const char *path = place_file("input.csv", data, size);
  bool taken = false;
  for (size_t k = 0; registry_kernels[k]; k++)
    if (registry_kernels[k]->csv.input_header)
      taken = read(registry_kernels[k], path) || taken;
  return taken;
}

const struct fuzz_target fuzz_csv = {"csv", false, run};
