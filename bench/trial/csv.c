#include "bench/trial/csv.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* Where in a record the next byte is. */
enum place {
  FIELD_BEGINS,
  IN_PLAIN,
  IN_QUOTES,
  AFTER_QUOTE, /* the end of the field, or the first of two */
  AFTER_RETURN,
  RECORD_ENDED,
};

int csv_open(struct csv *csv, FILE *file, const char *name,
             struct problem *problem) {
  *csv = (struct csv){.name = name, .file = file};
  csv->text = malloc(CSV_LINE_BYTES);
  if (!csv->text)
    return problem_failure(problem, "%s: out of memory", name);
  csv->start_bytes = fread(csv->start, 1, sizeof csv->start, file);
  if (csv->start_bytes == 3 && memcmp(csv->start, "\xef\xbb\xbf", 3) == 0)
    csv->start_taken = 3;
  if (csv->start_bytes >= 2 && (memcmp(csv->start, "\xff\xfe", 2) == 0 ||
                                memcmp(csv->start, "\xfe\xff", 2) == 0))
    return problem_usage(problem, "%s: is UTF-16; save it as UTF-8", name);
  return PROBLEM_NONE;
}

void csv_close(struct csv *csv) {
  free(csv->text);
  csv->text = NULL;
}

static int next_byte(struct csv *csv) {
  if (csv->start_taken < csv->start_bytes)
    return csv->start[csv->start_taken++];
  return getc_unlocked(csv->file);
}

static int refuse(const struct csv *csv, const char *why,
                  struct problem *problem) {
  return problem_usage(problem, "%s, line %" PRIu64 ": %s", csv->name,
                       csv->ended + 1, why);
}

static int refuse_return(const struct csv *csv, struct problem *problem) {
  return refuse(csv,
                "a carriage return (\\r) alone; a line must end in \\n or "
                "\\r\\n",
                problem);
}

static int add(struct csv *csv, char byte, struct problem *problem) {
  if (csv->bytes == CSV_LINE_BYTES)
    return problem_usage(problem,
                         "%s, line %" PRIu64
                         ": longer than %d bytes; a line must be an item",
                         csv->name, csv->line, CSV_LINE_BYTES);
  csv->text[csv->bytes++] = byte;
  return PROBLEM_NONE;
}

static int end_field(struct csv *csv, struct problem *problem) {
  csv->fields++;
  return add(csv, '\0', problem);
}

/* A byte that is part of a field. */
static int take_part(struct csv *csv, enum place *place, int byte,
                     struct problem *problem) {
  bool control = (byte < ' ' && byte != '\t') || byte == 0x7f;
  if (control && !(*place == IN_QUOTES && (byte == '\n' || byte == '\r')))
    return problem_usage(
        problem, "%s, line %" PRIu64 ": the byte 0x%02x; want text in UTF-8",
        csv->name, csv->ended + 1, (unsigned)byte);
  if (*place == AFTER_QUOTE)
    return refuse(csv,
                  "text after a closing quote; want a comma there, and "
                  "quotes inside of a field doubled",
                  problem);
  if (*place == FIELD_BEGINS)
    *place = IN_PLAIN;
  csv->ended += byte == '\n';
  return add(csv, (char)byte, problem);
}

static int take_quote(struct csv *csv, enum place *place,
                      struct problem *problem) {
  switch (*place) {
  case FIELD_BEGINS:
    *place = IN_QUOTES;
    return PROBLEM_NONE;
  case IN_QUOTES:
    *place = AFTER_QUOTE;
    return PROBLEM_NONE;
  case AFTER_QUOTE:
    *place = IN_QUOTES;
    return add(csv, '"', problem);
  default:
    return refuse(csv,
                  "a quote inside of a field; want the whole field in "
                  "quotes, and those in it doubled",
                  problem);
  }
}

/* A byte of the record, in the place that the bytes before it led to. */
static int take(struct csv *csv, enum place *place, int byte,
                struct problem *problem) {
  if (*place == AFTER_RETURN && byte != '\n')
    return refuse_return(csv, problem);
  if (byte == '"')
    return take_quote(csv, place, problem);
  if (*place == IN_QUOTES)
    return take_part(csv, place, byte, problem);
  if (byte == ',') {
    *place = FIELD_BEGINS;
    return end_field(csv, problem);
  }
  if (byte == '\r') {
    *place = AFTER_RETURN;
    return PROBLEM_NONE;
  }
  if (byte == '\n') {
    *place = RECORD_ENDED;
    csv->ended++;
    return end_field(csv, problem);
  }
  return take_part(csv, place, byte, problem);
}

/* What the file's end means in this place. */
static int end_file(struct csv *csv, enum place place,
                    struct problem *problem) {
  if (ferror(csv->file))
    return problem_failure(problem, "%s: %s", csv->name, strerror(errno));
  if (place == AFTER_RETURN)
    return refuse_return(csv, problem);
  if (place == IN_QUOTES)
    return problem_usage(
        problem, "%s, line %" PRIu64 ": a quote is opened and never closed",
        csv->name, csv->line);
  bool nothing = place == FIELD_BEGINS && csv->fields == 0;
  return nothing ? PROBLEM_NONE : end_field(csv, problem);
}

int csv_next(struct csv *csv, struct problem *problem) {
  enum place place = FIELD_BEGINS;
  int status = PROBLEM_NONE, byte = 0;
  csv->bytes = csv->fields = 0;
  csv->line = csv->ended + 1;
  while (!status && place != RECORD_ENDED && (byte = next_byte(csv)) != EOF)
    status = take(csv, &place, byte, problem);
  return byte == EOF ? end_file(csv, place, problem) : status;
}
