#include "bench/trial/items.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

struct reader {
  const char *name;
  FILE *file;
  char *line;
  size_t line_capacity;
  uint64_t line_number;
  int64_t *values;
  size_t count, capacity;
  uint32_t columns;
  uint64_t rows;
};

/* The next line without its end; false at the end of the file. */
static bool next_line(struct reader *reader) {
  ssize_t length = getline(&reader->line, &reader->line_capacity, reader->file);
  if (length < 0)
    return false;
  while (length > 0 && strchr("\r\n", reader->line[length - 1]))
    reader->line[--length] = '\0';
  reader->line_number++;
  return true;
}

static int append(struct reader *reader, int64_t value,
                  struct problem *problem) {
  if (reader->count == reader->capacity) {
    size_t capacity = reader->capacity ? 2 * reader->capacity : 1024;
    int64_t *values = reallocarray(reader->values, capacity, sizeof *values);
    if (!values)
      return problem_failure(problem, "%s: no memory for its items",
                             reader->name);
    reader->values = values;
    reader->capacity = capacity;
  }
  reader->values[reader->count++] = value;
  return PROBLEM_NONE;
}

static int read_row(struct reader *reader, struct problem *problem) {
  uint32_t columns = 0;
  char *rest = reader->line, *cell;
  while ((cell = strsep(&rest, ",")) != NULL) {
    char *end;
    errno = 0;
    long long value = strtoll(cell, &end, 10);
    if (end == cell || *end || errno)
      return problem_usage(problem,
                           "%s, line %" PRIu64
                           ": '%.40s' is not a whole number of 64 bits",
                           reader->name, reader->line_number, cell);
    int status = append(reader, value, problem);
    if (status)
      return status;
    columns++;
  }
  if (columns != reader->columns)
    return problem_usage(
        problem,
        "%s, line %" PRIu64 ": %" PRIu32 " columns; its header has %" PRIu32,
        reader->name, reader->line_number, columns, reader->columns);
  reader->rows++;
  return PROBLEM_NONE;
}

static int read_all(struct reader *reader, struct problem *problem) {
  bool header = next_line(reader);
  if (ferror(reader->file))
    return problem_failure(problem, "%s: %s", reader->name, strerror(errno));
  if (!header || !*reader->line)
    return problem_usage(problem, "%s: no header line", reader->name);
  if (strspn(reader->line, "0123456789-, ") == strlen(reader->line))
    return problem_usage(problem,
                         "%s: its first line holds numbers; it must be a "
                         "header, as `coresweep dump` writes it",
                         reader->name);
  reader->columns = 1;
  for (const char *c = reader->line; *c; c++)
    reader->columns += *c == ',';
  int status = PROBLEM_NONE;
  while (!status && next_line(reader))
    if (*reader->line)
      status = read_row(reader, problem);
  if (!status && ferror(reader->file))
    status = problem_failure(problem, "%s: %s", reader->name, strerror(errno));
  return status;
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
  struct reader reader = {.name = path ? path : workload->name};
  char *text = path ? NULL : strdup(preset->input);
  if (path)
    reader.file = fopen(path, "re");
  else if (text)
    reader.file = fmemopen(text, strlen(text), "r");
  if (!reader.file) {
    free(text);
    return problem_usage(problem, "--input %s: %s", reader.name,
                         strerror(errno));
  }
  int status = read_all(&reader, problem);
  fclose(reader.file);
  free(text);
  free(reader.line);
  items->input = (struct kernel_input){
      .rows = reader.rows, .columns = reader.columns, .values = reader.values};
  items->values = reader.values;
  items->present = true;
  if (status)
    items_free(items);
  return status;
}

void items_free(struct items *items) {
  free(items->values);
  *items = (struct items){.present = false};
}
