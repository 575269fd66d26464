#include "bench/trial/items.h"

#include "bench/trial/csv.h"
#include "bench/trial/limits.h"
#include "bench/trial/memory.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sysinfo.h>

/* What there is of it anywhere, where the system tells nothing. */
static const double MEMORY_LEAST_BYTES = 64e6;

struct reader {
  struct csv csv;
  int64_t *values;
  size_t count, capacity, most;
  uint32_t columns;
  uint64_t rows, first_line;
};

static int append(struct reader *reader, int64_t value,
                  struct problem *problem) {
  if (reader->count == reader->most)
    return problem_usage(problem,
                         "%s, line %" PRIu64
                         ": more than %zu numbers (%.3g MB) do not fit: the "
                         "input may take half of the memory that is left; "
                         "take fewer lines",
                         reader->csv.name, reader->csv.line, reader->most,
                         (double)(reader->most * sizeof(int64_t)) / 1e6);
  if (reader->count == reader->capacity) {
    size_t capacity = reader->capacity ? 2 * reader->capacity : 1024;
    if (capacity > reader->most)
      capacity = reader->most;
    int64_t *values = reallocarray(reader->values, capacity, sizeof *values);
    if (!values)
      return limits_memory_problem(reader->csv.name, problem);
    reader->values = values;
    reader->capacity = capacity;
  }
  reader->values[reader->count++] = value;
  return PROBLEM_NONE;
}

/* The field of a column, for a message: not more than fits there, and nothing
 * that a terminal would not show as it is. */
static const char *shown(const char *field, char text[41]) {
  size_t n = 0;
  for (; n < 40 && field[n]; n++)
    text[n] = field[n] >= ' ' && field[n] < 0x7f ? field[n] : '?';
  text[n] = '\0';
  return text;
}

static int read_number(const struct reader *reader, uint32_t column,
                       const char *field, int64_t *value,
                       struct problem *problem) {
  const char *digits = field + (*field == '-');
  bool whole = *digits && strspn(digits, "0123456789") == strlen(digits);
  errno = 0;
  *value = strtoll(field, NULL, 10);
  if (whole && !errno)
    return PROBLEM_NONE;
  char text[41];
  return problem_usage(
      problem, "%s, line %" PRIu64 ", column %" PRIu32 ": '%s' is not a %s",
      reader->csv.name, reader->csv.line, column, shown(field, text),
      whole ? "whole number of 64 bits"
            : "whole number as 12 or -7, without blanks, '+' or point");
}

static int read_row(struct reader *reader, struct problem *problem) {
  const struct csv *csv = &reader->csv;
  const char *field = csv->text;
  if (csv->fields == 1 && !*field)
    return problem_usage(problem, "%s, line %" PRIu64 ": is empty; take it out",
                         csv->name, csv->line);
  if (csv->fields != reader->columns)
    return problem_usage(problem,
                         "%s, line %" PRIu64 ": %" PRIu32
                         " columns; its header has %" PRIu32,
                         csv->name, csv->line, csv->fields, reader->columns);
  for (uint32_t k = 1; k <= csv->fields; k++, field += strlen(field) + 1) {
    int64_t value;
    int status = read_number(reader, k, field, &value, problem);
    if (!status)
      status = append(reader, value, problem);
    if (status)
      return status;
  }
  reader->rows++;
  return PROBLEM_NONE;
}

/* Names, of which none is a number: the first row would be lost otherwise. */
static int read_header(struct reader *reader, struct problem *problem) {
  struct csv *csv = &reader->csv;
  int status = csv_next(csv, problem);
  if (!status && csv->fields == 0)
    return problem_usage(problem,
                         "%s: is empty; want a header line, as `coresweep "
                         "dump` writes it",
                         csv->name);
  const char *name = csv->text;
  for (uint32_t k = 1; !status && k <= csv->fields; k++) {
    char *end, text[41];
    (void)strtod(name, &end);
    end += strspn(end, " \t");
    if (!*end) /* also where there is nothing */
      return problem_usage(problem,
                           "%s, line %" PRIu64 ", column %" PRIu32
                           ": '%s' is no name; the first line must be a "
                           "header, as `coresweep dump` writes it",
                           csv->name, csv->line, k, shown(name, text));
    name += strlen(name) + 1;
  }
  reader->columns = csv->fields;
  reader->first_line = csv->ended + 1;
  return status;
}

static int read_all(struct reader *reader, struct problem *problem) {
  int status = read_header(reader, problem);
  while (!status) {
    status = csv_next(&reader->csv, problem);
    if (status || reader->csv.fields == 0)
      break;
    status = read_row(reader, problem);
  }
  return status;
}

int items_parse(FILE *file, const char *name, size_t most, struct items *items,
                struct problem *problem) {
  struct reader reader = {.most = most};
  *items = (struct items){.present = false};
  int status = csv_open(&reader.csv, file, name, problem);
  if (!status)
    status = read_all(&reader, problem);
  csv_close(&reader.csv);
  if (status) {
    free(reader.values);
    return status;
  }
  items->input = (struct kernel_input){.rows = reader.rows,
                                       .columns = reader.columns,
                                       .values = reader.values,
                                       .first_line = reader.first_line};
  items->values = reader.values;
  items->present = true;
  return PROBLEM_NONE;
}

/* Half of what is there, or where that is not told, of what is installed: a
 * kernel makes its own of the other. */
static size_t most_values(void) {
  double bytes = memory_available_bytes();
  struct sysinfo system;
  if (!(bytes > 0) && sysinfo(&system) == 0)
    bytes = (double)system.totalram * system.mem_unit;
  return (size_t)(fmax(bytes, MEMORY_LEAST_BYTES) / 2 / sizeof(int64_t));
}

int items_read(const char *path, const struct workload *workload,
               struct items *items, struct problem *problem) {
  const struct kernel_preset *preset = workload->preset;
  *items = (struct items){.present = false};
  if (!path && !(preset && preset->input))
    return PROBLEM_NONE;
  if (!workload->kernel->csv.input_header)
    return problem_usage(problem, "--input %s: %s has no input", path,
                         workload->kernel->name);
  const char *name = path ? path : workload->name;
  char *text = path ? NULL : strdup(preset->input);
  FILE *file = NULL;
  if (path)
    file = fopen(path, "re");
  else if (text)
    file = fmemopen(text, strlen(text), "r");
  if (!file) {
    free(text);
    return problem_usage(problem, "--input %s: %s", name, strerror(errno));
  }
  int status = items_parse(file, name, most_values(), items, problem);
  fclose(file);
  free(text);
  return status;
}

void items_free(struct items *items) {
  free(items->values);
  *items = (struct items){.present = false};
}
