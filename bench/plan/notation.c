#include "bench/plan/notation.h"

#include "bench/plan/registry.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What cuts a list, beside commas. */
static const char blanks[] = " \t\n";

static const char *const schedule_names[SCHEDULE_COUNT] = {
    [SCHEDULE_STATIC] = "static", [SCHEDULE_DYNAMIC] = "dynamic",
    [SCHEDULE_GUIDED] = "guided", [SCHEDULE_TASKS] = "tasks",
    [SCHEDULE_APPLY] = "apply",
};

bool notation_takes_chunk(enum schedule schedule) {
  return schedule != SCHEDULE_STATIC && schedule != SCHEDULE_APPLY;
}

bool notation_names_serial(const char *variant) {
  return strcmp(variant, "serial") == 0;
}

bool notation_is_serial(const struct variant_spec *spec) {
  return notation_names_serial(spec->team);
}

bool notation_names_copies(const char *variant) {
  return strcmp(variant, "copies") == 0;
}

bool notation_is_copies(const struct variant_spec *spec) {
  return notation_names_copies(spec->team);
}

const char *notation_schedule_name(enum schedule schedule) {
  return schedule_names[schedule];
}

const char *notation_transport_name(uint32_t transport) {
  return registry_transport_names[transport];
}

/* The index of text[0..length) among the names, or count. */
static size_t find_name(const char *const *names, size_t count,
                        const char *text, size_t length) {
  size_t i = 0;
  while (i < count &&
         (strlen(names[i]) != length || strncmp(names[i], text, length) != 0))
    i++;
  return i;
}

static void join_names(const char *const *names, size_t count, char *bytes,
                       size_t room) {
  struct text text = text_begin(bytes, room);
  for (size_t i = 0; i < count; i++)
    text_add(&text, "%s%s", i ? ", " : "", names[i]);
}

int notation_add_list(const char *text, notation_add *add, void *to,
                      struct problem *problem) {
  size_t open = notation_span(text, "=");
  while (text[open] && !strchr(blanks, text[open + 1]))
    open += 1 + notation_span(text + open + 1, "=");
  if (text[open] && text[open + 1])
    return problem_usage(problem,
                         "%.*s: a blank after the '='; an empty text is "
                         "written \"\", and a text with blanks in double "
                         "quotes",
                         (int)open + 1, text);
  char **list = notation_split_list(text);
  int status = PROBLEM_NONE;
  if (!list)
    return problem_failure(problem, "out of memory");
  if (!list[0])
    status = problem_usage(problem, "the list '%s' names nothing", text);
  for (size_t i = 0; !status && list[i]; i++)
    if (!*list[i])
      status = problem_usage(problem,
                             "the list '%s': item %zu of it is empty; want "
                             "nothing but one comma or blanks between two",
                             text, i + 1);
  for (size_t i = 0; !status && list[i]; i++)
    status = add(to, list[i], problem);
  notation_free_list(list);
  return status;
}

bool notation_parse_count(const char *text, uint64_t high, uint64_t *value) {
  uint64_t number = 0;
  if (!*text)
    return false;
  for (; *text; text++) {
    if (!isdigit((unsigned char)*text))
      return false;
    uint64_t digit = (uint64_t)(*text - '0');
    if (number > (high - digit) / 10 || digit > high)
      return false;
    number = number * 10 + digit;
  }
  *value = number;
  return true;
}

bool notation_parse_duration(const char *text, double *seconds) {
  static const struct {
    const char *name;
    double seconds;
  } units[] = {{"", 1}, {"s", 1}, {"ms", 1e-3}, {"m", 60}, {"h", 3600}};
  char *end;
  if (text[strspn(text, "0123456789.")] == 'x' ||
      (!isdigit((unsigned char)*text) && *text != '.'))
    return false;
  double number = strtod(text, &end);
  for (size_t i = 0; i < sizeof units / sizeof *units; i++)
    if (strcmp(end, units[i].name) == 0) {
      *seconds = number * units[i].seconds;
      return *seconds > 0 && *seconds < 1e7;
    }
  return false;
}

static int parse_transport(const char *text, const char *whole,
                           struct variant_spec *spec, struct problem *problem) {
  size_t count = 0;
  while (registry_transport_names[count])
    count++;
  size_t k = find_name(registry_transport_names, count, text, strlen(text));
  char known[80];
  join_names(registry_transport_names, count, known, sizeof known);
  if (k == count)
    return problem_usage(problem, "variant %s: no transport '%s'; known: %s",
                         whole, text, known);
  spec->transport = (uint32_t)k;
  return PROBLEM_NONE;
}

static int parse_schedule(const char *text, size_t length, const char *whole,
                          struct variant_spec *spec, struct problem *problem) {
  size_t name = strcspn(text, ",");
  if (name > length)
    name = length;
  size_t k = find_name(schedule_names, SCHEDULE_COUNT, text, name);
  char known[80];
  join_names(schedule_names, SCHEDULE_COUNT, known, sizeof known);
  if (k == SCHEDULE_COUNT)
    return problem_usage(problem, "variant %s: no schedule '%.*s'; known: %s",
                         whole, (int)name, text, known);
  spec->schedule = (enum schedule)k;
  if (name == length)
    return PROBLEM_NONE;
  if (!notation_takes_chunk(spec->schedule))
    return problem_usage(problem, "variant %s: %s takes no chunk", whole,
                         schedule_names[k]);
  char chunk[24] = "";
  int digits = snprintf(chunk, sizeof chunk, "%.*s", (int)(length - name - 1),
                        text + name + 1);
  if (digits >= (int)sizeof chunk ||
      !notation_parse_count(chunk, INT64_MAX, &spec->chunk) || spec->chunk == 0)
    return problem_usage(problem,
                         "variant %s: chunk '%s' is not a whole number of "
                         "items from 1 on",
                         whole, chunk);
  return PROBLEM_NONE;
}

int notation_parse_variant(const char *text, struct variant_spec *spec,
                           struct problem *problem) {
  *spec = (struct variant_spec){.schedule = SCHEDULE_STATIC};
  size_t team = strspn(text, "abcdefghijklmnopqrstuvwxyz"
                             "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-");
  bool ends = !text[team] || strchr(":@", text[team]);
  if (team == 0 || team >= sizeof spec->team || !ends)
    return problem_usage(
        problem,
        "variant '%s': not of the form TEAM[:SCHEDULE[,CHUNK]][@TRANSPORT]",
        text);
  memcpy(spec->team, text, team);
  const char *at = strchr(text, '@');
  if (at) {
    int status = parse_transport(at + 1, text, spec, problem);
    if (status)
      return status;
  }
  if (text[team] != ':')
    return PROBLEM_NONE;
  const char *begin = text + team + 1;
  size_t length = at ? (size_t)(at - begin) : strlen(begin);
  return parse_schedule(begin, length, text, spec, problem);
}

void notation_format_variant(const struct variant_spec *spec,
                             char text[static NOTATION_LENGTH]) {
  char chunk[24] = "";
  bool plain =
      (notation_is_serial(spec) || strcmp(spec->team, "program") == 0 ||
       notation_is_copies(spec)) &&
      spec->schedule == SCHEDULE_STATIC;
  if (spec->chunk && notation_takes_chunk(spec->schedule))
    snprintf(chunk, sizeof chunk, ",%" PRIu64, spec->chunk);
  snprintf(text, NOTATION_LENGTH, "%s%s%s%s%s%s", spec->team, plain ? "" : ":",
           plain ? "" : schedule_names[spec->schedule], chunk,
           spec->transport == TRANSPORT_SHM ? "" : "@",
           spec->transport == TRANSPORT_SHM
               ? ""
               : notation_transport_name(spec->transport));
}

/* Whether text[0..length) goes on with the specification before it. */
static bool continues(const char *text, size_t length) {
  bool number = length > 0;
  bool equals = false, slash = false, at = false;
  for (size_t i = 0; i < length; i++) {
    at = at || (i > 0 && text[i] == '@'); /* a chunk's transport follows */
    number = number && (at || isdigit((unsigned char)text[i]));
    equals = equals || text[i] == '=';
    slash = slash || (text[i] == '/' && !equals);
  }
  return number || (equals && !slash);
}

char **notation_split_list(const char *text) {
  static const char ends[] = ", \t\n";
  char **list = calloc(strlen(text) + 2, sizeof *list);
  size_t count = 0;
  text += strspn(text, blanks);
  bool more = *text;
  while (list && more) {
    size_t length = notation_span(text, ends);
    while (length > 0 && text[length] == ',' &&
           continues(text + length + 1, notation_span(text + length + 1, ends)))
      length += 1 + notation_span(text + length + 1, ends);
    list[count] = strndup(text, length);
    if (!list[count++]) {
      notation_free_list(list);
      return NULL;
    }
    text += length;
    text += strspn(text, blanks);
    more = *text;
    if (*text == ',')
      text += 1 + strspn(text + 1, blanks);
  }
  return list;
}

void notation_free_list(char **list) {
  for (size_t i = 0; list && list[i]; i++)
    free(list[i]);
  free(list);
}
