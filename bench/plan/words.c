#include "bench/plan/words.h"

#include "bench/plan/text.h"

#include <stdlib.h>
#include <string.h>

int words_add(struct words *words, const char *text) {
  char **list = reallocarray(words->list, words->count + 2, sizeof *list);
  if (!list)
    return -1;
  words->list = list;
  list[words->count] = strdup(text);
  list[words->count + 1] = NULL;
  if (!list[words->count])
    return -1;
  words->count++;
  return 0;
}

void words_free(struct words *words) {
  for (size_t i = 0; i < words->count; i++)
    free(words->list[i]);
  free(words->list);
  *words = (struct words){NULL, 0};
}

/* One word from *text on, moved to `to`, which has room for all of the text.
 * NULL: what is wrong with it is in *wrong. */
static const char *split_one(const char *text, char *to, const char **wrong) {
  char quote = '\0';
  for (; *text && (quote || !strchr(" \t\n", *text)); text++) {
    bool escapes = *text == '\\' && quote != '\'';
    if (*text == quote && quote) {
      quote = '\0';
    } else if (!quote && (*text == '\'' || *text == '"')) {
      quote = *text;
    } else if (escapes && (!quote || (text[1] && strchr("\\\"$`", text[1])))) {
      if (!*++text) {
        *wrong = "ends in a backslash";
        return NULL;
      }
      *to++ = *text;
    } else {
      *to++ = *text;
    }
  }
  *to = '\0';
  *wrong = "has a quote without its end";
  return quote ? NULL : text;
}

int words_split(const char *text, const char *what, struct words *words,
                struct problem *problem) {
  char *word = malloc(strlen(text) + 1);
  const char *rest = text, *wrong = NULL;
  int status = PROBLEM_NONE;
  if (!word)
    return problem_failure(problem, "out of memory");
  while (!status && *(rest += strspn(rest, " \t\n"))) {
    rest = split_one(rest, word, &wrong);
    if (!rest)
      status = problem_usage(problem, "%s %s: %s", what, text, wrong);
    else if (words_add(words, word) != 0)
      status = problem_failure(problem, "out of memory");
  }
  free(word);
  return status;
}

char *words_quote(const struct words *words) {
  size_t room = 1;
  for (size_t i = 0; i < words->count; i++)
    room += 4 * strlen(words->list[i]) + 3; /* every byte a quote */
  char *line = malloc(room);
  if (!line)
    return NULL;
  struct text text = text_begin(line, room);
  for (size_t i = 0; i < words->count; i++) {
    text_put(&text, " ", i > 0);
    text_add_shell(&text, words->list[i]);
  }
  return line;
}
