#include "bench/record/line.h"

#include <stdlib.h>
#include <string.h>

/* What is left of the line. */
struct cursor {
  const char *at, *end;
};

static bool take(struct cursor *c, char expected) {
  if (c->at == c->end || *c->at != expected)
    return false;
  c->at++;
  return true;
}

static bool take_word(struct cursor *c, const char *word, size_t length) {
  if ((size_t)(c->end - c->at) < length || memcmp(c->at, word, length) != 0)
    return false;
  c->at += length;
  return true;
}

static bool take_null(struct cursor *c) {
  return take_word(c, "null", 4);
}

/* A plain string: its bytes without the quotes. */
static bool take_string(struct cursor *c, const char **text, size_t *length) {
  if (!take(c, '"'))
    return false;
  *text = c->at;
  while (c->at < c->end && *c->at >= ' ' && *c->at < 0x7f && *c->at != '"' &&
         *c->at != '\\')
    c->at++;
  *length = (size_t)(c->at - *text);
  return take(c, '"');
}

/* ---- numbers ---------------------------------------------------------- */

enum { DIGITS = 15, POWERS = 22 };

/* (-1)^negative * mantissa * 10^exponent */
struct decimal {
  int64_t mantissa; /* below 10^DIGITS */
  int exponent;
  bool negative, whole; /* whole: without a point or an exponent */
};

/* Appends digits to the mantissa; returns how many, or -1: too many. */
static int take_digits(struct cursor *c, struct decimal *d) {
  const char *begin = c->at;
  while (c->at < c->end && *c->at >= '0' && *c->at <= '9') {
    d->mantissa = 10 * d->mantissa + (*c->at - '0');
    if (d->mantissa >= INT64_C(1000000000000000))
      return -1;
    c->at++;
  }
  return (int)(c->at - begin);
}

static bool take_exponent(struct cursor *c, struct decimal *d) {
  struct decimal power = {0, 0, false, true};
  power.negative = take(c, '-');
  if (!power.negative)
    take(c, '+');
  int digits = take_digits(c, &power);
  if (digits < 1 || digits > 3)
    return false;
  d->exponent += (int)(power.negative ? -power.mantissa : power.mantissa);
  return true;
}

static bool take_decimal(struct cursor *c, struct decimal *d) {
  *d = (struct decimal){0, 0, false, true};
  d->negative = take(c, '-');
  bool zero = c->at < c->end && *c->at == '0';
  int digits = take_digits(c, d);
  if (digits < 1 || (zero && digits > 1))
    return false;
  if (take(c, '.')) {
    d->whole = false;
    digits = take_digits(c, d);
    if (digits < 1)
      return false;
    d->exponent = -digits;
  }
  if (take(c, 'e') || take(c, 'E')) {
    d->whole = false;
    return take_exponent(c, d);
  }
  return true;
}

/* Up to 2^63 - 1: sums have that many digits. */
static bool take_integer(struct cursor *c, int64_t *value) {
  bool negative = take(c, '-'), fits = true;
  const char *begin = c->at;
  int64_t size = 0;
  while (c->at < c->end && *c->at >= '0' && *c->at <= '9')
    fits = !__builtin_mul_overflow(size, 10, &size) &&
           !__builtin_add_overflow(size, *c->at++ - '0', &size) && fits;
  if (!fits || c->at == begin || (*begin == '0' && c->at > begin + 1))
    return false;
  *value = negative ? -size : size;
  return true; /* a point or an exponent ends the member, and is refused */
}

/* Correctly rounded: mantissa and power of ten are exact in a double, so that
 * one operation rounds once.  Other numbers are refused.
 * Source: Clinger, How to read floating point numbers accurately, PLDI 1990. */
static bool take_real(struct cursor *c, double *value) {
  static const double powers[POWERS + 1] = {
      1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
      1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
  struct decimal d;
  if (!take_decimal(c, &d) || d.exponent < -POWERS || d.exponent > POWERS)
    return false;
  double size = d.exponent < 0 ? (double)d.mantissa / powers[-d.exponent]
                               : (double)d.mantissa * powers[d.exponent];
  *value = d.negative && !(d.whole && d.mantissa == 0) ? -size : size;
  return true;
}

static bool take_numbers(struct cursor *c, struct numbers *numbers) {
  if (!take(c, '['))
    return false;
  size_t room = 1;
  for (const char *at = c->at; at < c->end && *at != ']'; at++)
    room += *at == ',';
  numbers->values = malloc(room * sizeof *numbers->values);
  if (!numbers->values)
    return false;
  if (take(c, ']'))
    return true;
  do {
    double *value = &numbers->values[numbers->count++];
    *value = (double)NAN;
    if (!take_null(c) && !take_real(c, value))
      return false;
  } while (take(c, ','));
  return take(c, ']');
}

/* ---- members ---------------------------------------------------------- */

static bool take_text(struct cursor *c, char **text) {
  const char *begin;
  size_t length;
  if (!take_string(c, &begin, &length))
    return false;
  *text = strndup(begin, length);
  return *text;
}

static bool take_member(struct cursor *c, const struct field *f, void *at) {
  switch (f->type) {
  case FIELD_TEXT:
    return take_text(c, at);
  case FIELD_INTEGER:
    return take_integer(c, at);
  case FIELD_TRUTH:
    *(int64_t *)at = take_word(c, "true", 4);
    return *(int64_t *)at || take_word(c, "false", 5);
  case FIELD_REAL:
    return take_real(c, at);
  case FIELD_REALS:
  case FIELD_INTEGERS:
    return take_numbers(c, at);
  case FIELD_WORDS:
  case FIELD_INTERVAL:
    break;
  }
  return false;
}

/* The field of the next key, not before `from`; NULL: none, or a required one
 * is passed over. */
static const struct field *take_key(struct cursor *c,
                                    const struct field *from) {
  const char *key;
  size_t length;
  if (!take_string(c, &key, &length) || !take(c, ':'))
    return NULL;
  for (; from->name; from++) {
    if (strncmp(from->name, key, length) == 0 && from->name[length] == '\0')
      return from;
    if (from->required)
      return NULL;
  }
  return NULL;
}

static bool take_object(struct cursor *c, const struct field *table,
                        void *object) {
  const struct field *next = table;
  if (!take(c, '{'))
    return false;
  do {
    const struct field *f = take_key(c, next);
    if (!f)
      return false;
    bool null = take_null(c);
    if ((null && f->required) ||
        (!null && !take_member(c, f, (char *)object + f->offset)))
      return false;
    next = f + 1;
  } while (take(c, ','));
  for (; next->name; next++)
    if (next->required)
      return false;
  return take(c, '}') && c->at == c->end;
}

bool line_read(const struct field *table, const char *line, const char *end,
               void *object) {
  struct cursor cursor = {line, end};
  fields_clear(table, object);
  if (take_object(&cursor, table, object))
    return true;
  fields_free(table, object);
  return false;
}
