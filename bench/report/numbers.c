#include "bench/report/numbers.h"

#include "bench/plan/text.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* Digits after the point so that three digits are significant. */
static int decimals(double value) {
  double size = fabs(value);
  if (size >= 99.95)
    return 0;
  if (size >= 9.995)
    return 1;
  return size >= 0.9995 || size < 1e-12 ? 2 : 3;
}

static const char *none(char *text) {
  text_print(text, NUMBER_LENGTH, "-");
  return text;
}

const char *number_plain(double value, char *text) {
  double size = fabs(value);
  if (!isfinite(value))
    return none(text);
  if (size <= 1e-12)
    value = 0; /* of no sign */
  if ((size < 0.0995 && size > 1e-12) || size >= 999.5e6)
    text_print(text, NUMBER_LENGTH, "%.3g", value);
  else
    text_print(text, NUMBER_LENGTH, "%.*f", decimals(value), value);
  return text;
}

/* value in the largest of the units that leaves it at 1 or more. */
static const char *scaled(double value, double smallest,
                          const char *const *prefixes, size_t count,
                          const char *unit, char *text) {
  char digits[NUMBER_LENGTH];
  double scale = smallest;
  size_t k = 0;
  while (k + 1 < count && fabs(value) >= scale * 999.5) {
    scale *= 1000;
    k++;
  }
  text_print(text, NUMBER_LENGTH, "%s %s%s",
             number_plain(value / scale, digits), prefixes[k], unit);
  return text;
}

const char *number_time(double seconds, char *text) {
  static const char *const prefixes[] = {"n", "µ", "m", ""};
  if (!isfinite(seconds))
    return none(text);
  return scaled(seconds, 1e-9, prefixes, 4, "s", text);
}

const char *number_rate(double per_s, const char *items, char *text) {
  static const char *const prefixes[] = {"", "k", "M", "G", "T"};
  char unit[NUMBER_LENGTH / 2];
  if (!isfinite(per_s))
    return none(text);
  text_print(unit, sizeof unit, "%.20s/s", items);
  return scaled(per_s, 1, prefixes, 5, unit, text);
}

const char *number_ratio(double ratio, char *text) {
  char digits[NUMBER_LENGTH - 4];
  if (!isfinite(ratio))
    return none(text);
  text_print(text, NUMBER_LENGTH, "%s×", number_plain(ratio, digits));
  return text;
}

const char *number_percent(double share, char *text) {
  char digits[NUMBER_LENGTH - 4];
  if (!isfinite(share))
    return none(text);
  text_print(text, NUMBER_LENGTH, "%s%%", number_plain(100 * share, digits));
  return text;
}

const char *number_count(uint64_t count, char *text) {
  char bytes[24];
  struct text digits = TEXT_BEGIN(bytes);
  struct text spaced = text_begin(text, NUMBER_LENGTH);
  text_put_number(&digits, count);
  for (size_t i = 0; i < digits.length; i++) {
    text_put(&spaced, " ", i > 0 && (digits.length - i) % 3 == 0);
    text_put(&spaced, &bytes[i], 1);
  }
  return text;
}

/* The power of ten of a number's first digit. */
static int magnitude(double value) {
  return value > 0 ? (int)floor(log10(value)) : 0;
}

/* A number with so many digits after the point; fewer than none: rounded to
 * tens, hundreds, ... */
static const char *fixed(double value, int digits, char *text) {
  double unit = digits < 0 ? pow(10, -digits) : 1;
  text_print(text, NUMBER_LENGTH, "%.*f", digits < 0 ? 0 : digits,
             digits < 0 ? round(value / unit) * unit : value);
  return text;
}

/* Whether both ends stand, printed, on the side of the line that they are on.
 */
static bool keeps_sides(struct interval x, double line, int digits) {
  const double values[] = {x.low, x.high};
  double unit = pow(10, -digits);
  for (int k = 0; k < 2; k++) {
    double printed = round(values[k] / unit) * unit;
    if ((values[k] > line && !(printed > line + unit / 2)) ||
        (values[k] < line && !(printed < line - unit / 2)))
      return false;
  }
  return true;
}

/* Digits after the point for an interval's numbers: one or two of its
 * half-width, so that rounding moves them by a seventh of it at most, and two
 * to three of the median; more where an end would else be printed as the line
 * that it does not reach.  Source: the rule of 354, Particle Data Group, Review
 * of Particle Physics, 2022, sec. 5.3. */
static int interval_digits(struct interval x, double line) {
  enum { LINE_DIGITS = 3 };
  int first = magnitude(fabs(x.median)), digits = 2 - first;
  double half = (x.high - x.low) / 2;
  if (half > 0 && -magnitude(half / 3.55) < digits)
    digits = -magnitude(half / 3.55);
  if (digits < 1 - first)
    digits = 1 - first;
  for (int more = 0; more < LINE_DIGITS && !keeps_sides(x, line, digits);
       more++)
    digits++;
  return digits;
}

/* Whether all of it can be written with that many digits: others are written
 * as number_plain does. */
static bool is_plain(struct interval x) {
  return fabs(x.median) >= 1e-4 && fabs(x.median) < 1e6 && fabs(x.low) < 1e6 &&
         fabs(x.high) < 1e6;
}

/* "1.62× (1.60–1.64)", "44.9% (43.0–46.2%)": the unit behind the median, and
 * behind the ends. */
static const char *interval_text(struct interval x, double line,
                                 const char *unit, const char *end_unit,
                                 char *text) {
  const double values[] = {x.median, x.low, x.high};
  char texts[3][NUMBER_LENGTH];
  int digits = is_plain(x) ? interval_digits(x, line) : 0;
  for (int k = 0; k < 3; k++)
    if (is_plain(x))
      fixed(values[k], digits, texts[k]);
    else
      number_plain(values[k], texts[k]);
  text_print(text, NUMBER_LENGTH, "%s%s (%s–%s%s)", texts[0], unit, texts[1],
             texts[2], end_unit);
  return text;
}

const char *number_ratio_interval(struct interval ratio, char *text) {
  if (!isfinite(ratio.median) || !isfinite(ratio.low) || !isfinite(ratio.high))
    return number_ratio(ratio.median, text);
  return interval_text(ratio, 1, "×", "", text);
}

const char *number_percent_interval(struct interval share, char *text) {
  struct interval percent = {100 * share.median, 100 * share.low,
                             100 * share.high};
  if (!isfinite(share.median) || !isfinite(share.low) || !isfinite(share.high))
    return number_percent(share.median, text);
  return interval_text(percent, 100, "%", "%", text);
}

const char *number_ratio_within(struct interval ratio, char *text) {
  number_ratio_interval(ratio, text);
  text[strcspn(text, " ")] = '\0';
  return text;
}

/* The ends are not shown: there is no side that they have to keep. */
const char *number_percent_within(struct interval share, char *text) {
  struct interval percent = {100 * share.median, 100 * share.low,
                             100 * share.high};
  if (!isfinite(share.median) || !isfinite(share.low) || !isfinite(share.high))
    return number_percent(share.median, text);
  interval_text(percent, (double)NAN, "%", "%", text);
  text[strcspn(text, " ")] = '\0';
  return text;
}

size_t number_columns(const char *text) {
  size_t columns = 0;
  for (; *text; text++)
    columns += ((unsigned char)*text & 0xC0) != 0x80;
  return columns;
}
