/* record_check.h: what is true of every record, and of every file of them. */
#ifndef CORESWEEP_RECORD_CHECK_H
#define CORESWEEP_RECORD_CHECK_H

#include "bench/record/record.h"

/* Whether its members agree: a trial that is `ok` has a right result and times,
 * lists have as many numbers as there are workers, and so on.  json: what it
 * was read from, for the message.  0, or PROBLEM_FAILURE. */
int record_check(const struct record *record, const json_t *json,
                 struct problem *problem);

/* Whether it is null; whether none of its numbers is unknown. */
bool numbers_are_none(const struct numbers *numbers);
bool numbers_are_told(const struct numbers *numbers);

/* What a member has to agree with, and what it should be where it does not. */
struct record_rule {
  const char *key;
  bool (*holds)(const struct record *r);
  const char *want;
};

/* The key of the first of so many rules that does not hold, and *want; NULL:
 * all do. */
const char *record_wrong_rule(const struct record_rule *list, size_t count,
                              const struct record *record, const char **want);

/* Of what each worker did: the key of a member that does not fit, and what it
 * should be; NULL.  record_check asks. */
const char *record_wrong_workers(const struct record *record,
                                 const char **want);

/* The same of what was read around timed regions and after them alone.
 * record_check asks. */
const char *record_wrong_around(const struct record *record, const char **want);

/* Lists have a number for each worker: the key of one that has not; NULL.
 * record_check asks. */
const char *record_wrong_list(const struct record *record);

/* What is known only of a kernel's trial, or of a program's run, that is ok:
 * the key of what is known of another, and *of whom it is; NULL.  record_check
 * asks. */
const char *record_wrong_side(const struct record *record, const char **of);

/* The key of a sum of core-time that cannot be true, and what it should be; or
 * NULL.  record_check asks. */
const char *record_wrong_sums(const struct record *record, const char **want);

/* The same of what is told of a program's inside.  record_check asks. */
const char *record_wrong_inside(const struct record *record, const char **want);

/* Whether they are a run's: each has its phase and a place after the one before
 * it, no trial of a round is there twice, and there are as many as that many
 * rounds of so many points take: then what is made of them is in proportion to
 * the file.  0, or PROBLEM_FAILURE naming the line. */
int records_check(const struct records *records, const char *path,
                  struct problem *problem);

#endif
