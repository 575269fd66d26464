/* Double quotes around parameters' values. */
#include "bench/plan/notation.h"

#include <string.h>

/* What a value may hold in quotes only. */
static const char needs[] = " ,\"";

size_t notation_span(const char *text, const char *stops) {
  bool quoted = false;
  size_t i = 0;
  for (; text[i] && (quoted || !strchr(stops, text[i])); i++) {
    if (quoted && text[i] == '\\' && text[i + 1])
      i++;
    else if (text[i] == '"')
      quoted = !quoted;
  }
  return i;
}

/* Between quotes: the value up to the one that ends it; *used: how much of
 * `raw` that was.  NULL, or what is wrong. */
static const char *read_quoted(const char *raw, size_t length,
                               struct text *value, size_t *used) {
  size_t i = 1;
  for (; i < length && raw[i] != '"'; i++) {
    bool escape = raw[i] == '\\';
    if (escape && (i + 1 == length || !strchr("\"\\", raw[i + 1])))
      return "between quotes, a \\ comes before a \" or a \\ only";
    i += escape;
    text_put(value, &raw[i], 1);
  }
  *used = i + 1;
  return i < length ? NULL : "a quote is not closed";
}

int notation_unquote(const char *label, const char *raw, size_t length,
                     char *value, size_t room, struct problem *problem) {
  struct text text = text_begin(value, room);
  const char *wrong = NULL;
  size_t used = length;
  if (length > 0 && raw[0] == '"')
    wrong = read_quoted(raw, length, &text, &used);
  else
    text_put(&text, raw, length);
  if (!wrong && used < length)
    wrong = "nothing may follow a quoted text but a comma";
  if (!wrong && raw[0] != '"' && strpbrk(value, needs))
    wrong = "a text with a blank, a comma or a double quote stands in double "
            "quotes, and in them \" is \\\" and \\ is \\\\";
  if (!wrong && !text_is_printable(value))
    wrong = "want UTF-8 text that can be printed";
  if (wrong)
    return problem_usage(problem, "%s=%.*s: %s", label,
                         length > 200 ? 200 : (int)length, raw, wrong);
  if (text.cut)
    return problem_usage(problem, "%s: %zu bytes are too many; at most %zu",
                         label, length, room - 1);
  return PROBLEM_NONE;
}

void notation_quote(const char *value, struct text *text) {
  size_t length = strlen(value);
  /* An '=' at its end would stand before a blank, in a list. */
  if (length > 0 && value[length - 1] != '=' && !strpbrk(value, needs)) {
    text_put(text, value, length);
    return;
  }
  text_put(text, "\"", 1);
  while (*value) {
    size_t run = strcspn(value, "\"\\");
    text_put(text, value, run);
    value += run;
    if (*value) {
      const char escaped[] = {'\\', *value++};
      text_put(text, escaped, sizeof escaped);
    }
  }
  text_put(text, "\"", 1);
}

/* The next byte of what it says; moves past it, and past quotes. */
static char next_said(const char **at) {
  while (**at == '"')
    ++*at;
  if (**at == '\\' && ((*at)[1] == '"' || (*at)[1] == '\\'))
    ++*at;
  char said = **at;
  *at += said != '\0';
  return said;
}

bool notation_same(const char *a, const char *b) {
  char in_a, in_b;
  do {
    in_a = next_said(&a);
    in_b = next_said(&b);
  } while (in_a && in_a == in_b);
  return in_a == in_b;
}
