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

const char *number_ratio_interval(struct interval ratio, char *text) {
  char median[NUMBER_LENGTH], low[NUMBER_LENGTH], high[NUMBER_LENGTH];
  number_ratio(ratio.median, median);
  if (!isfinite(ratio.low) || !isfinite(ratio.high))
    return number_ratio(ratio.median, text);
  text_print(text, NUMBER_LENGTH, "%s (%s–%s)", median,
             number_plain(ratio.low, low), number_plain(ratio.high, high));
  return text;
}

const char *number_percent_interval(struct interval share, char *text) {
  char median[NUMBER_LENGTH], low[NUMBER_LENGTH], high[NUMBER_LENGTH];
  number_percent(share.median, median);
  if (!isfinite(share.low) || !isfinite(share.high))
    return number_percent(share.median, text);
  text_print(text, NUMBER_LENGTH, "%s (%s–%s)", median,
             number_plain(100 * share.low, low),
             number_percent(share.high, high));
  return text;
}

size_t number_columns(const char *text) {
  size_t columns = 0;
  for (; *text; text++)
    columns += ((unsigned char)*text & 0xC0) != 0x80;
  return columns;
}
