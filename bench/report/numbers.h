/* numbers.h: numbers for people: three significant digits, units everywhere. */
#ifndef CORESWEEP_NUMBERS_H
#define CORESWEEP_NUMBERS_H

#include "bench/record/fields.h"

#include <stddef.h>
#include <stdint.h>

enum { NUMBER_LENGTH = 48 };

/* Each writes into text[NUMBER_LENGTH] and returns it; "-" for NAN. */
const char *number_time(double seconds, char *text); /* 1.28 s, 53.0 µs */
const char *number_ratio(double ratio, char *text);  /* 1.62× */
const char *number_rate(double per_s, const char *items,
                        char *text);                  /* 1.23 Grows/s */
const char *number_plain(double value, char *text);   /* 1.23, 123, 0.0123 */
const char *number_percent(double share, char *text); /* 12.3% */
const char *number_count(uint64_t count, char *text); /* 2 000 000 */
/* "1.62× (1.60–1.64)", or "1.62×" without an interval.  Digits follow from the
 * interval's width: of 2.261 (1.772–3.164) they are "2.3× (1.8–3.2)"; an end
 * that does not reach 1 is not printed as 1. */
const char *number_ratio_interval(struct interval ratio, char *text);
/* The same of shares, and 100%: "44.9% (43.0–46.2%)". */
const char *number_percent_interval(struct interval share, char *text);
/* Their medians alone, with the digits that the intervals allow: "1.62×",
 * "44.9%". */
const char *number_ratio_within(struct interval ratio, char *text);
const char *number_percent_within(struct interval share, char *text);

/* Columns that a UTF-8 text takes in a terminal (no wide characters). */
size_t number_columns(const char *text);

#endif
