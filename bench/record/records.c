/* Reading all records of a run: some lines at a time, by all threads. */
#include "bench/record/record_check.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum {
  BATCH = 4096, /* lines: some MB, whatever the file's size */
  ALONE = 64,   /* fewer lines than this are not worth a team */
};

/* Lines that are read together.  getline's buffers are used again. */
struct batch {
  struct line {
    char *text;
    size_t room;
  } lines[BATCH];
  size_t count;
};

/* Reads whole lines until the batch is full or the file ends, which may be in
 * the middle of one.  0, or an errno. */
static int fill(FILE *file, struct batch *batch, bool *torn) {
  batch->count = 0;
  while (batch->count < BATCH) {
    struct line *line = &batch->lines[batch->count];
    errno = 0;
    ssize_t length = getline(&line->text, &line->room, file);
    if (length < 0)
      return feof(file) ? 0 : errno;
    if (line->text[length - 1] != '\n') {
      *torn = true;
      return 0;
    }
    batch->count++;
  }
  return 0;
}

/* Appends the batch's records.  The first line that is wrong is the one
 * reported, whichever thread came upon it. */
static int parse(const struct batch *batch, const char *path,
                 struct records *records, struct problem *problem) {
  size_t first_wrong = SIZE_MAX;
  struct problem first;
  struct record *list = reallocarray(
      records->list, records->count + batch->count + 1, sizeof *records->list);
  if (!list)
    return problem_failure(problem, "%s: out of memory", path);
  records->list = list;
  list += records->count;
#pragma omp parallel for schedule(dynamic, 16) if (batch->count >= ALONE)
  for (size_t i = 0; i < batch->count; i++) {
    struct problem reason;
    if (record_parse(batch->lines[i].text, &list[i], &reason) == 0)
      continue;
#pragma omp critical(first_wrong)
    if (i < first_wrong) {
      first_wrong = i;
      first = reason;
    }
  }
  size_t before = records->count;
  records->count += batch->count; /* the wrong ones are cleared */
  if (first_wrong < SIZE_MAX)
    return problem_failure(problem, "%s, line %zu: %s", path,
                           before + first_wrong + 1, first.text);
  return PROBLEM_NONE;
}

static int read_batches(FILE *file, const char *path, struct batch *batch,
                        struct records *records, struct problem *problem) {
  do {
    int error = fill(file, batch, &records->torn);
    if (error)
      return problem_failure(problem, "%s: %s", path, strerror(error));
    int status = parse(batch, path, records, problem);
    if (status)
      return status;
  } while (batch->count == BATCH);
  return PROBLEM_NONE;
}

int records_read(const char *path, struct records *records,
                 struct problem *problem) {
  *records = (struct records){.list = NULL};
  struct batch *batch = calloc(1, sizeof *batch);
  struct stat about;
  if (stat(path, &about) == 0 && !S_ISREG(about.st_mode)) {
    free(batch);
    return problem_failure(problem,
                           "%s: is no file with an end; want a run's "
                           "trials.jsonl",
                           path);
  }
  FILE *file = batch ? fopen(path, "re") : NULL;
  int status = file ? read_batches(file, path, batch, records, problem)
                    : problem_failure(problem, "%s: %s", path, strerror(errno));
  if (file)
    fclose(file);
  for (size_t i = 0; batch && i < BATCH; i++)
    free(batch->lines[i].text);
  free(batch);
  if (!status)
    status = records_check(records, path, problem);
  if (status)
    records_free(records);
  return status;
}

void records_free(struct records *records) {
  for (size_t i = 0; i < records->count; i++)
    record_free(&records->list[i]);
  free(records->list);
  *records = (struct records){.list = NULL};
}

int records_add(struct records *records, const struct record *record,
                struct problem *problem) {
  if (records->count >= records->room) {
    size_t room = 2 * records->count + 64;
    struct record *list = reallocarray(records->list, room, sizeof *list);
    if (!list)
      return problem_failure(problem, "out of memory");
    records->list = list;
    records->room = room;
  }
  records->list[records->count++] = *record;
  return PROBLEM_NONE;
}
