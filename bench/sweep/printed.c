#include "bench/sweep/printed.h"

#include "bench/plan/text.h"
#include "bench/trial/trial_run.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <regex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>

int printed_map(int fd, struct printed *output, struct problem *problem) {
  struct stat about;
  *output = (struct printed){"", 0, NULL};
  if (fstat(fd, &about) != 0)
    return problem_failure(problem, "an output cannot be read: %s",
                           strerror(errno));
  if (about.st_size == 0)
    return PROBLEM_NONE;
  void *at = mmap(NULL, (size_t)about.st_size, PROT_READ, MAP_SHARED, fd, 0);
  if (at == MAP_FAILED)
    return problem_failure(problem, "an output cannot be read: %s",
                           strerror(errno));
  *output = (struct printed){at, (size_t)about.st_size, at};
  return PROBLEM_NONE;
}

void printed_unmap(struct printed *output) {
  if (output->mapped)
    munmap(output->mapped, output->length);
  *output = (struct printed){"", 0, NULL};
}

uint64_t printed_digest(const struct printed *output) {
  const uint64_t length = output->length;
  return trial_digest_part(output->bytes, 1, 0, output->length) +
         trial_digest_part(&length, sizeof length, UINT32_MAX,
                           UINT32_MAX + 1ull);
}

/* Control characters and what is not ASCII as '?'. */
static void print_into(char *to, size_t room, const char *from, size_t length) {
  size_t n = length < room - 1 ? length : room - 1;
  for (size_t i = 0; i < n; i++)
    to[i] =
        isprint((unsigned char)from[i]) && !(from[i] & 0x80) ? from[i] : '?';
  to[n] = '\0';
}

void printed_last_line(const struct printed *output,
                       char text[static PRINTED_LINE]) {
  const char *bytes = output->bytes;
  size_t end = output->length;
  while (end > 0 && isspace((unsigned char)bytes[end - 1]))
    end--;
  size_t begin = end;
  while (begin > 0 && bytes[begin - 1] != '\n' && bytes[begin - 1] != '\r')
    begin--;
  print_into(text, PRINTED_LINE, bytes + begin, end - begin);
}

/* ---- comparing ----------------------------------------------------------- */

/* The line that a byte is in, from its beginning on. */
static void line_at(const struct printed *output, size_t at,
                    char text[static 60], uint64_t *number) {
  size_t begin = 0, end;
  *number = 1;
  for (size_t i = 0; i < at && i < output->length; i++)
    if (output->bytes[i] == '\n') {
      ++*number;
      begin = i + 1;
    }
  for (end = begin; end < output->length && output->bytes[end] != '\n'; end++)
    ;
  print_into(text, 60, output->bytes + begin, end - begin);
}

static int differ(const struct printed *wanted, size_t wanted_at,
                  const struct printed *got, size_t got_at,
                  const struct printed_rule *rule, struct problem *problem) {
  char a[60], b[60];
  uint64_t line, other;
  line_at(got, got_at, b, &line);
  line_at(wanted, wanted_at, a, &other);
  return problem_failure(problem,
                         "its output (%zu bytes) differs from that of %s (%zu "
                         "bytes), first in line %" PRIu64
                         ": '%s' instead of '%s'",
                         got->length, rule->whose, wanted->length, line, b, a);
}

/* A finite number at the place, and how long it is; 0: none begins there. */
static size_t number_at(const struct printed *output, size_t at,
                        double *value) {
  char text[64];
  size_t n = 0;
  while (n + 1 < sizeof text && at + n < output->length &&
         (isalnum((unsigned char)output->bytes[at + n]) ||
          strchr("+-.", output->bytes[at + n])) &&
         output->bytes[at + n])
    n++;
  memcpy(text, output->bytes + at, n);
  text[n] = '\0';
  char *end = text;
  if (n > 0 && (isdigit((unsigned char)text[0]) || strchr("+-.", text[0])))
    *value = strtod(text, &end);
  return isfinite(*value) ? (size_t)(end - text) : 0;
}

static bool are_close(double a, double b, const struct printed_rule *rule) {
  double larger = fmax(fabs(a), fabs(b));
  return fabs(a - b) <= fmax(rule->tolerance * larger, rule->least_tolerance);
}

/* Of numbers near zero, which no share makes alike: what to type. */
static void hint(double a, double b, const struct printed_rule *rule,
                 struct problem *problem) {
  const double near_zero = 1e-9;
  struct text text = text_resume(problem->text, sizeof problem->text);
  if (fmax(fabs(a), fabs(b)) < near_zero)
    text_add(&text, "; near zero, --check numbers:%g,%.0e takes them as alike",
             rule->tolerance, pow(10, ceil(log10(fabs(a - b)))));
}

int printed_compare(const struct printed *wanted, const struct printed *got,
                    const struct printed_rule *rule, struct problem *problem) {
  size_t i = 0, k = 0;
  while (i < wanted->length || k < got->length) {
    double a = 0, b = 0;
    size_t a_length = rule->numbers ? number_at(wanted, i, &a) : 0;
    size_t b_length = rule->numbers ? number_at(got, k, &b) : 0;
    bool numbers = a_length > 0 && b_length > 0;
    if (numbers && are_close(a, b, rule)) {
      i += a_length;
      k += b_length;
    } else if (a_length == 0 && b_length == 0 && i < wanted->length &&
               k < got->length && wanted->bytes[i] == got->bytes[k]) {
      i++;
      k++;
    } else {
      differ(wanted, i, got, k, rule, problem);
      if (numbers)
        hint(a, b, rule, problem);
      return PROBLEM_FAILURE;
    }
  }
  return PROBLEM_NONE;
}

/* ---- its own time -------------------------------------------------------- */

static double find_time(const regex_t *regex, const struct printed *output) {
  regmatch_t found[2] = {{.rm_eo = (regoff_t)output->length}};
  char number[64];
  if (output->length > INT32_MAX ||
      regexec(regex, output->bytes, 2, found, REG_STARTEND) != 0)
    return (double)NAN;
  regmatch_t *match = regex->re_nsub > 0 ? &found[1] : &found[0];
  size_t length = (size_t)(match->rm_eo - match->rm_so);
  if (match->rm_so < 0 || length >= sizeof number)
    return (double)NAN;
  memcpy(number, output->bytes + match->rm_so, length);
  number[length] = '\0';
  char *end;
  double seconds = strtod(number, &end);
  return end > number && seconds > 0 ? seconds : (double)NAN;
}

double printed_time_s(const char *text, const struct printed *out,
                      const struct printed *err) {
  regex_t regex;
  if (regcomp(&regex, text, REG_EXTENDED | REG_NEWLINE) != 0)
    return (double)NAN;
  double seconds = find_time(&regex, out);
  if (!isfinite(seconds))
    seconds = find_time(&regex, err);
  regfree(&regex);
  return seconds;
}
