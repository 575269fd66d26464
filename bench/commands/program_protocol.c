/* How somebody else's programs are run, and what makes a run right. */
#include "bench/commands/program_options.h"

#include <errno.h>
#include <math.h>
#include <regex.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* SHARE[,LEAST], neither below 0. */
static bool read_tolerances(const char *text,
                            struct program_protocol *protocol) {
  char *end;
  protocol->tolerance = strtod(text, &end);
  bool read = end > text && *text != ',';
  if (*end == ',') {
    text = end + 1;
    protocol->least_tolerance = strtod(text, &end);
    read = read && end > text;
  }
  return read && !*end && protocol->tolerance >= 0 && protocol->tolerance < 1 &&
         protocol->least_tolerance >= 0 && isfinite(protocol->least_tolerance);
}

const char *const program_observe_words[] = {[PROGRAM_OBSERVE_AUTO] = "auto",
                                             [PROGRAM_OBSERVE_YES] = "yes",
                                             [PROGRAM_OBSERVE_NO] = "no",
                                             [PROGRAM_OBSERVE_NO + 1] = NULL};

/* Anything else is a command. */
const char *const program_check_words[] = {[PROGRAM_CHECK_EXIT] = "exit",
                                           [PROGRAM_CHECK_OUTPUT] = "output",
                                           [PROGRAM_CHECK_NUMBERS] = "numbers",
                                           [PROGRAM_CHECK_COMMAND] = NULL};

/* numbers[:SHARE[,LEAST]]; 0: it is another word. */
static size_t names_check(const char *text, enum program_check check) {
  size_t length = strlen(program_check_words[check]);
  bool same = strncmp(text, program_check_words[check], length) == 0;
  bool more = check == PROGRAM_CHECK_NUMBERS && text[length] == ':';
  return same && (text[length] == '\0' || more) ? length : 0;
}

static int read_check(struct program_options *o, struct problem *problem) {
  struct program_protocol *protocol = &o->protocol;
  const char *text = o->check ? o->check : "exit";
  size_t check = 0, length = 0;
  protocol->tolerance = 1e-9;
  while (program_check_words[check] &&
         (length = names_check(text, (enum program_check)check)) == 0)
    check++;
  protocol->check = (enum program_check)check;
  if (!program_check_words[check])
    protocol->check_command = text;
  else if (text[length] == ':' && !read_tolerances(text + length + 1, protocol))
    return problem_usage(problem,
                         "--check %s: want a share from 0 to below 1, and "
                         "after a comma what numbers near zero may differ "
                         "by, as in numbers:1e-6 or numbers:1e-6,1e-12",
                         text);
  bool compares = protocol->check == PROGRAM_CHECK_OUTPUT ||
                  protocol->check == PROGRAM_CHECK_NUMBERS;
  if (o->own_reference && !compares)
    return problem_usage(problem, "--reference own: want --check output or "
                                  "numbers, which compare outputs");
  if (compares && o->weak)
    return problem_usage(problem,
                         "--check %s with --scaling weak: no run with "
                         "one worker has as large a size to compare "
                         "with; use a command",
                         text);
  return PROBLEM_NONE;
}

static int read_observe(struct program_options *o, struct problem *problem) {
  for (size_t i = 0; o->observe && program_observe_words[i]; i++)
    if (strcmp(o->observe, program_observe_words[i]) == 0) {
      o->protocol.observe = (enum program_observe)i;
      return PROBLEM_NONE;
    }
  return o->observe
             ? problem_usage(problem, "--observe %s: want auto, yes or no",
                             o->observe)
             : PROBLEM_NONE;
}

int program_protocol_read(struct program_options *o, struct problem *problem) {
  const struct program_protocol *protocol = &o->protocol;
  regex_t regex;
  int status = read_check(o, problem);
  if (!status)
    status = read_observe(o, problem);
  o->protocol.confine = !o->no_confine;
  o->protocol.timeout_s = o->measure.timeout_s;
  struct stat about;
  if (!status && protocol->stdin_path &&
      (access(protocol->stdin_path, R_OK) != 0 ||
       stat(protocol->stdin_path, &about) != 0))
    return problem_usage(problem, "--stdin %s: %s", protocol->stdin_path,
                         strerror(errno));
  if (!status && protocol->stdin_path && !S_ISREG(about.st_mode))
    return problem_usage(problem,
                         "--stdin %s: want a file, which every run can read "
                         "from its beginning",
                         protocol->stdin_path);
  if (status || !protocol->time_regex)
    return status;
  int wrong = regcomp(&regex, protocol->time_regex, REG_EXTENDED);
  if (wrong) {
    char why[100];
    regerror(wrong, &regex, why, sizeof why);
    return problem_usage(problem, "--time '%s': %s", protocol->time_regex, why);
  }
  regfree(&regex);
  return PROBLEM_NONE;
}
