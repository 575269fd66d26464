/* Reading all records of a run: some lines at a time, by all threads. */
#include "bench/record/record_check.h"

#include "bench/plan/whole_file.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum {
  BATCH = 4096,          /* lines */
  BATCH_BYTES = 1 << 24, /* and of them all, whatever the file's size */
  LINE_KEPT = 1 << 12,   /* bytes of a line's buffer that is used again */
  ALONE = 64,            /* fewer lines than this are not worth a team */
};

/* Lines that are read together.  Their buffers are used again. */
struct batch {
  struct line {
    char *text;
    size_t room;
  } lines[BATCH];
  size_t count, bytes;
};

/* Room for one more byte, and the end. */
static bool grow(struct line *line, size_t length) {
  if (length + 2 <= line->room)
    return true;
  size_t room = line->room ? 2 * line->room : LINE_KEPT;
  char *text = realloc(line->text, room);
  if (!text)
    return false;
  line->text = text;
  line->room = room;
  return true;
}

/* Reads a line with its end, or what is there before the end of the file.
 * Returns its length, -1 with errno, or -2 with what is wrong with it. */
static ssize_t read_line(FILE *file, struct line *line, const char **wrong) {
  size_t length = 0;
  bool text = true;
  int byte = 0;
  while (byte != '\n' && (byte = getc_unlocked(file)) != EOF) {
    if (length == RECORD_LINE_MOST) {
      *wrong = "is longer than any record";
      return -2;
    }
    if (!grow(line, length)) {
      errno = ENOMEM;
      return -1;
    }
    text = text && byte;
    line->text[length++] = (char)byte;
  }
  if (ferror(file))
    return -1;
  if (length > 0)
    line->text[length] = '\0';
  if (length > 0 && byte == '\n' && !text) {
    *wrong = "has a byte that is 0";
    return -2;
  }
  return (ssize_t)length;
}

/* Reads whole lines until the batch is full or the file ends, which may be in
 * the middle of one. */
static int fill(FILE *file, struct batch *batch, const char *path,
                struct records *records, struct problem *problem) {
  batch->count = batch->bytes = 0;
  while (batch->count < BATCH && batch->bytes < BATCH_BYTES) {
    struct line *line = &batch->lines[batch->count];
    const char *wrong = NULL;
    ssize_t length = read_line(file, line, &wrong);
    if (wrong)
      return problem_failure(problem,
                             "%s, line %zu: %s: want one line of JSON for each "
                             "trial",
                             path, records->count + batch->count + 1, wrong);
    if (length < 0)
      return problem_failure(problem, "%s: %s", path, strerror(errno));
    if (length == 0)
      break;
    if (line->text[length - 1] != '\n') {
      records->torn = true;
      break;
    }
    batch->count++;
    batch->bytes += (size_t)length;
  }
  return PROBLEM_NONE;
}

/* One long line must not keep its memory for as many others. */
static void keep_small(struct batch *batch) {
  for (size_t i = 0; i < BATCH; i++)
    if (batch->lines[i].room > LINE_KEPT) {
      free(batch->lines[i].text);
      batch->lines[i] = (struct line){NULL, 0};
    }
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
  struct problem reason = {""};
  int status = PROBLEM_NONE, filled = PROBLEM_NONE;
  while (!status && !filled && !records->torn && !feof(file)) {
    filled = fill(file, batch, path, records, &reason);
    status = parse(batch, path, records, problem); /* lines before the fault */
    if (batch->bytes >= BATCH_BYTES)
      keep_small(batch);
  }
  if (!status && filled)
    *problem = reason;
  return status ? status : filled;
}

int records_read(const char *path, struct records *records,
                 struct problem *problem) {
  *records = (struct records){.list = NULL};
  struct batch *batch = calloc(1, sizeof *batch);
  const char *why = "out of memory";
  FILE *file = batch ? whole_file_open(path, &why) : NULL;
  int status = file ? read_batches(file, path, batch, records, problem)
                    : problem_failure(problem, "%s: %s", path, why);
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
