/* What is typed: workloads, variants, lists of them, sizes, worker counts,
 * CPUs, numbers, times.  Every parser gets the same text; what one takes and
 * writes, it reads again as the same. */
#include "bench/plan/counts.h"
#include "bench/plan/cpulist.h"
#include "bench/plan/machine.h"
#include "bench/plan/plan.h"
#include "bench/plan/sizes.h"
#include "bench/tests/fuzz/place.h"
#include "bench/tests/fuzz/target.h"
#include "bench/trial/variants/variant.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { CPUS = 4096, TEXT = 16 * CPUS };

static bool read_variant(const char *text) {
  struct variant_spec spec, again;
  const struct variant *variant;
  struct problem problem = {""};
  char name[NOTATION_LENGTH], name_again[NOTATION_LENGTH];
  notation_names_serial(text);
  if (notation_parse_variant(text, &spec, &problem) != 0)
    return false;
  notation_format_variant(&spec, name);
  if (notation_parse_variant(name, &again, &problem) != 0)
    fuzz_fail("variant '%s', written '%s': %s", text, name, problem.text);
  notation_format_variant(&again, name_again);
  if (strcmp(name, name_again) != 0)
    fuzz_fail("variant '%s' is read again as '%s'", name, name_again);
  return variant_resolve(&spec, &variant, &problem) == 0;
}

static bool read_workload(const char *text) {
  static struct workload workload, again; /* large */
  struct problem problem = {""};
  if (workload_parse(text, &workload, &problem) != 0)
    return false;
  if (workload_parse(workload.name, &again, &problem) != 0)
    fuzz_fail("workload '%s', named '%s': %s", text, workload.name,
              problem.text);
  if (strcmp(workload.name, again.name) != 0 ||
      strcmp(workload.params, again.params) != 0)
    fuzz_fail("workload '%s' is read again as '%s'", workload.name, again.name);
  struct kernel_shape shape = workload_shape(&workload);
  if (shape.grain == 0)
    fuzz_fail("workload '%s' has no grain", workload.name);
  workload_check(&workload, workload_size(&workload), NULL, 1e9, &problem);
  return true;
}

static int add_workload(void *to, const char *text, struct problem *problem) {
  return plan_add_workload(to, text, problem);
}

static int add_variant(void *to, const char *text, struct problem *problem) {
  return plan_add_variant(to, text, problem);
}

static bool all_resolve(struct plan *plan) {
  const struct variant *variant;
  struct problem problem = {""};
  for (size_t i = 0; i < plan->variant_count; i++)
    if (variant_resolve(&plan->variants[i], &variant, &problem) != 0)
      return false;
  return true;
}

/* As --kernels and --variants. */
static bool read_lists(const char *text) {
  static struct plan plan; /* large */
  struct problem problem = {""};
  plan = (struct plan){.counts = {1, 2}, .count_count = 2, .usable_cpus = 2};
  bool taken = notation_add_list(text, add_workload, &plan, &problem) == 0;
  if (notation_add_list(text, add_variant, &plan, &problem) == 0)
    taken = taken || all_resolve(&plan);
  plan_free(&plan);
  return taken;
}

static bool read_cpus(const char *text) {
  static int cpus[CPUS], again[CPUS];
  static char written[TEXT];
  char message[300] = "";
  int count = cpulist_parse(text, cpus, CPUS, message, sizeof message);
  if (count < 0)
    return false;
  if (cpulist_format(cpus, (size_t)count, written, TEXT) < 0 ||
      cpulist_parse(written, again, CPUS, message, sizeof message) != count ||
      memcmp(cpus, again, (size_t)count * sizeof *cpus) != 0)
    fuzz_fail("CPUs '%s' are read again as '%s': %s", text, written, message);
  return true;
}

static bool read_counts(const char *text) {
  static uint32_t counts[COUNTS_MAX];
  char message[300] = "";
  int count = counts_parse(text, counts, COUNTS_MAX, message, sizeof message);
  for (int i = 0; i < count; i++)
    if (counts[i] < 1 || counts[i] > COUNTS_MAX ||
        (i > 0 && counts[i] <= counts[i - 1]))
      fuzz_fail("worker counts '%s': the list is not sorted", text);
  return count > 0;
}

static bool read_sizes(const char *text) {
  uint64_t sizes[SIZES_MAX], again[SIZES_MAX];
  size_t count = 0, count_again = 0;
  struct problem problem = {""};
  char one[SIZES_TEXT];
  if (sizes_parse(text, sizes, &count, &problem) != 0)
    return false;
  for (size_t i = 0; i < count; i++)
    if (sizes_parse(sizes_format(sizes[i], one), again, &count_again,
                    &problem) != 0 ||
        count_again != 1 || again[0] != sizes[i])
      fuzz_fail("size %" PRIu64 " is written '%s'", sizes[i], one);
  return true;
}

static bool read_numbers(const char *text) {
  uint64_t count;
  double seconds;
  bool taken = notation_parse_count(text, INT64_MAX, &count);
  if (taken && count > INT64_MAX)
    fuzz_fail("number '%s' is past its limit", text);
  if (notation_parse_duration(text, &seconds)) {
    if (!(seconds > 0 && isfinite(seconds)))
      fuzz_fail("time '%s' is %g s", text, seconds);
    taken = true;
  }
  return taken;
}

static bool read_bind(const char *text) {
  enum bind bind;
  struct problem problem = {""};
  return machine_parse_bind(text, &bind, &problem) == 0;
}

static bool run(const uint8_t *data, size_t size) {
  static bool (*const readers[])(const char *) = {
      read_variant, read_workload, read_lists,   read_cpus,
      read_counts,  read_sizes,    read_numbers, read_bind};
  bool taken = false;
  char *text = malloc(size + 1); /* of its own: the end is watched */
  if (!text)
    fuzz_fail("out of memory");
  memcpy(text, data, size);
  text[size] = '\0';
  text[strcspn(text, "\n")] = '\0'; /* as files end */
  for (size_t i = 0; i < sizeof readers / sizeof *readers; i++)
    taken = readers[i](text) || taken;
  free(text);
  return taken;
}

const struct fuzz_target fuzz_notation = {"notation", false, run};
