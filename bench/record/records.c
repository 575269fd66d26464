/* Reading all records of a run: in blocks, the lines of a block in parallel. */
#include "bench/record/record.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
  BLOCK = 8 << 20, /* bytes; more where one line is longer */
  ALONE = 256,     /* fewer lines than this are not worth a team */
};

/* A block of the file. */
struct block {
  char *text;
  size_t used, room;
  char **lines; /* the complete ones, each ended by a '\0' */
  size_t line_count, line_room;
  bool last; /* of the file */
};

/* Fills the block behind what is in it.  0, or -1 with errno. */
static int fill(int fd, struct block *block) {
  if (block->room - block->used < BLOCK) {
    size_t room = 2 * block->room + BLOCK;
    char *text = realloc(block->text, room);
    if (!text)
      return -1;
    block->text = text;
    block->room = room;
  }
  while (block->used < block->room && !block->last) {
    ssize_t got =
        read(fd, block->text + block->used, block->room - block->used);
    if (got < 0 && errno == EINTR)
      continue;
    if (got < 0)
      return -1;
    block->last = got == 0;
    block->used += (size_t)got;
  }
  return 0;
}

/* Finds the complete lines; *rest: where the incomplete one begins. */
static int cut(struct block *block, size_t *rest) {
  char *at = block->text, *end = block->text + block->used, *newline;
  block->line_count = 0;
  while ((newline = memchr(at, '\n', (size_t)(end - at)))) {
    if (block->line_count == block->line_room) {
      size_t room = 2 * block->line_room + 1024;
      char **lines = reallocarray(block->lines, room, sizeof *lines);
      if (!lines)
        return -1;
      block->lines = lines;
      block->line_room = room;
    }
    block->lines[block->line_count++] = at;
    *newline = '\0';
    at = newline + 1;
  }
  *rest = (size_t)(at - block->text);
  return 0;
}

/* Appends the block's records.  The first line that is wrong is the one
 * reported, whichever thread came upon it. */
static int parse_block(const struct block *block, const char *path,
                       size_t lines_before, struct records *records,
                       struct problem *problem) {
  size_t first_wrong = SIZE_MAX;
  struct problem first;
  struct record *list =
      reallocarray(records->list, records->count + block->line_count + 1,
                   sizeof *records->list);
  if (!list)
    return problem_failure(problem, "%s: out of memory", path);
  records->list = list;
  list += records->count;
#pragma omp parallel for schedule(dynamic, 64) if (block->line_count >= ALONE)
  for (size_t i = 0; i < block->line_count; i++) {
    struct problem reason;
    if (record_parse(block->lines[i], &list[i], &reason) == 0)
      continue;
#pragma omp critical(first_wrong)
    if (i < first_wrong) {
      first_wrong = i;
      first = reason;
    }
  }
  records->count += block->line_count; /* the wrong ones are cleared */
  if (first_wrong < SIZE_MAX)
    return problem_failure(problem, "%s, line %zu: %s", path,
                           lines_before + first_wrong + 1, first.text);
  return PROBLEM_NONE;
}

static int read_blocks(int fd, const char *path, struct block *block,
                       struct records *records, struct problem *problem) {
  size_t rest = 0, lines = 0;
  while (!block->last) {
    if (fill(fd, block) != 0 || cut(block, &rest) != 0)
      return problem_failure(problem, "%s: %s", path, strerror(errno));
    int status = parse_block(block, path, lines, records, problem);
    if (status)
      return status;
    lines += block->line_count;
    block->used -= rest;
    memmove(block->text, block->text + rest, block->used);
  }
  records->torn = block->used > 0;
  return PROBLEM_NONE;
}

int records_read(const char *path, struct records *records,
                 struct problem *problem) {
  struct block block = {0};
  *records = (struct records){.list = NULL};
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0)
    return problem_failure(problem, "%s: %s", path, strerror(errno));
  int status = read_blocks(fd, path, &block, records, problem);
  close(fd);
  free(block.text);
  free(block.lines);
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
