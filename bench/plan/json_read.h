/* json_read.h: members of JSON objects, each checked as it is read.  What is
 * not as it should be is refused by its key and its value, and with what would
 * be right: files are edited, cut, and made by other programs. */
#ifndef CORESWEEP_JSON_READ_H
#define CORESWEEP_JSON_READ_H

#include "bench/plan/problem.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What a member may be. */
struct limits {
  double least, most;       /* of a number; of a text, its bytes */
  const char *const *words; /* the only texts, NULL at the end; NULL: any */
};

/* Whether a text is within limits and can be printed, and a number: NAN is not.
 * Cannot fail. */
bool limits_hold_text(const struct limits *limits, const char *text);
bool limits_hold(const struct limits *limits, double value);

/* PROBLEM_FAILURE: "the key "KEY" is VALUE: want WANT"; without a value,
 * "... is missing: want WANT".  A long value is cut short. */
int json_refuse(const char *key, const json_t *value, const char *want,
                struct problem *problem);

/* An object that is read member by member.  The first one that is not as it
 * should be makes the status PROBLEM_FAILURE and the problem; what is asked for
 * after that is 0, false, "" or nothing, and changes neither. */
struct json_reader {
  const json_t *object;
  bool lenient;   /* a member that is missing is 0, false, "" or nothing */
  char where[64]; /* in front of keys: "workloads[2]." */
  int status;
  struct problem *problem;
};

struct json_reader json_reader_of(const json_t *object,
                                  struct problem *problem);

/* The member of that index in a list of objects, named KEY[INDEX]; as lenient
 * as the reader. */
struct json_reader json_reader_item(const struct json_reader *reader,
                                    const char *key, size_t index);

/* Refuses a member that is there, for a reason of the caller's own. */
void json_reader_refuse(struct json_reader *reader, const char *key,
                        const char *want);
void json_reader_refuse_at(struct json_reader *reader, const char *key,
                           size_t index, const char *want);

int64_t json_read_integer(struct json_reader *reader, const char *key,
                          int64_t least, int64_t most);
double json_read_real(struct json_reader *reader, const char *key, double least,
                      double most);
/* The same; NAN for null. */
double json_read_real_or_null(struct json_reader *reader, const char *key,
                              double least, double most);
bool json_read_truth(struct json_reader *reader, const char *key);

/* A text of less than `room` bytes without control characters; borrowed. */
const char *json_read_text(struct json_reader *reader, const char *key,
                           size_t room);
/* The same, whatever its characters; NULL for null. */
const char *json_read_text_or_null(struct json_reader *reader, const char *key,
                                   size_t room);
/* The place of the text among the words, of which the last is NULL. */
size_t json_read_word(struct json_reader *reader, const char *key,
                      const char *const *words);

/* How many members the list has, at most `most`. */
size_t json_read_list(struct json_reader *reader, const char *key, size_t most);
/* Members of a list, in place of an object's: list, index. */
int64_t json_read_integer_at(struct json_reader *reader, const char *key,
                             size_t index, int64_t least, int64_t most);
const char *json_read_text_at(struct json_reader *reader, const char *key,
                              size_t index, size_t room);
/* The same of one that need not be printable, as an argument. */
const char *json_read_any_text_at(struct json_reader *reader, const char *key,
                                  size_t index, size_t room);

#endif
