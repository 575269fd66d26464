/* The options' table: what each kind sets, what is refused and how. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "bench/commands/options.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

struct part {
  uint64_t seed;
  bool seed_given;
};

struct sample {
  const char *workers, *last;
  uint32_t rounds;
  double timeout_s;
  bool quick, serial_touch, touch_given;
  char out[RUN_PATH];
  struct part part;
  size_t letters; /* of what --spell was given */
  size_t argument_count;
};

static void read_spell(void *input, const char *text,
                       struct argp_state *state) {
  if (!*text)
    options_refuse(state, "--spell: want letters");
  ((struct sample *)input)->letters += strlen(text);
}

static void read_argument(void *input, const char *text,
                          struct argp_state *state) {
  (void)text, (void)state;
  ((struct sample *)input)->argument_count++;
}

static void check_argument(void *input, struct argp_state *state) {
  if (((struct sample *)input)->argument_count == 0)
    options_refuse(state, "WORD is missing");
}

static void remember(void *input, const struct option_spec *option) {
  ((struct sample *)input)->last = option->name;
}

static const struct option_spec option_list[] = {
    {OPTION_WORKERS_LIST(struct sample), .help = OPTION_WORKERS_LIST_HELP},
    {OPTION_ROUNDS(struct sample, rounds, 6, 10), .help = "Rounds (8)"},
    {OPTION_TIMEOUT(struct sample, timeout_s), .help = "Patience (60s)"},
    {OPTION_QUICK(struct sample, quick), .help = "Less"},
    {OPTION_TOUCH(struct sample, serial_touch), .help = "Who touches it",
     OPTION_GIVEN(struct sample, touch_given)},
    {OPTION_OUT(struct sample, out)},
    {.name = "spell",
     .letter = 's',
     .arg = "WORD",
     .help = "Letters to count",
     OPTION_READ(read_spell)},
    {0}};

static const struct option_spec shared_list[] = {
    {OPTION_SEED(struct part, seed), .help = "Seed (1)",
     OPTION_GIVEN(struct part, seed_given)},
    {0}};

static const struct options plain = {.list = option_list};
static const struct options whole = {
    .list = option_list,
    .doc = "A sample.",
    .arguments = "[WORD...]",
    .argument = read_argument,
    .end = check_argument,
    .seen = remember,
    .shared = shared_list,
    .shared_at = offsetof(struct sample, part),
    .shared_title = "What is drawn:",
};

enum { WORDS = 32, SAID = 8000 };

/* Cuts a line at its spaces, and has it parsed behind the command's name;
 * _ stands for an empty word. */
static void parse(const struct options *options, const char *line,
                  struct sample *sample) {
  char text[400], *argv[WORDS] = {strcpy(text, "sample")};
  int argc = 1;
  snprintf(text + 7, sizeof text - 7, "%s", line);
  for (char *word = strtok(text + 7, " "); word; word = strtok(NULL, " ")) {
    assert_true(argc < WORDS - 1);
    argv[argc++] = strcmp(word, "_") == 0 ? strchr(word, '\0') : word;
  }
  options_parse(options, "sample", argc, argv, sample);
  assert_string_equal(argv[0], "sample");
}

/* The exit status of a process that parses that; what it says. */
static int status_of(const struct options *options, const char *line,
                     char said[static SAID]) {
  int ends[2], status = 0;
  size_t length = 0;
  ssize_t more;
  assert_int_equal(pipe(ends), 0);
  pid_t pid = fork();
  assert_true(pid >= 0);
  if (pid == 0) {
    struct sample sample = {.rounds = 8};
    dup2(ends[1], STDOUT_FILENO);
    dup2(ends[1], STDERR_FILENO);
    parse(options, line, &sample);
    _exit(0);
  }
  close(ends[1]);
  while ((more = read(ends[0], said + length, SAID - 1 - length)) > 0)
    length += (size_t)more;
  said[length] = '\0';
  close(ends[0]);
  assert_int_equal(waitpid(pid, &status, 0), pid);
  assert_true(WIFEXITED(status));
  return WEXITSTATUS(status);
}

static void assert_refused(const char *line, const char *message) {
  char said[SAID], first[400];
  int status = status_of(&plain, line, said);
  said[strcspn(said, "\n")] = '\0';
  snprintf(first, sizeof first, "coresweep sample: %s", message);
  assert_string_equal(said, first);
  assert_int_equal(status, 2);
}

static void test_nothing_given(void **state) {
  struct sample sample = {.rounds = 8, .timeout_s = 60, .out = "before"};
  (void)state;
  parse(&whole, "word", &sample);
  assert_null(sample.workers);
  assert_null(sample.last);
  assert_int_equal(sample.rounds, 8);
  assert_true(sample.timeout_s == 60);
  assert_false(sample.quick || sample.serial_touch || sample.touch_given ||
               sample.part.seed_given);
  assert_string_equal(sample.out, "before");
}

static void test_every_kind(void **state) {
  struct sample sample = {.rounds = 8};
  (void)state;
  parse(&whole,
        "--workers=1..8 --rounds 6 --timeout 3m --quick --touch serial one "
        "-o folder -s abc --spell de two --seed 9223372036854775807",
        &sample);
  assert_non_null(sample.workers);
  assert_int_equal(sample.rounds, 6);
  assert_true(sample.timeout_s == 180);
  assert_true(sample.quick && sample.serial_touch && sample.touch_given);
  assert_string_equal(sample.out, "folder");
  assert_int_equal(sample.letters, 5);
  assert_int_equal(sample.argument_count, 2);
  assert_true(sample.part.seed == INT64_MAX && sample.part.seed_given);
  assert_string_equal(sample.last, "seed");
}

/* The first of two words is given, too; the last of two options counts. */
static void test_words(void **state) {
  struct sample sample = {.rounds = 8};
  (void)state;
  parse(&plain, "--touch workers --rounds 7 --rounds 10", &sample);
  assert_true(sample.touch_given && !sample.serial_touch);
  assert_int_equal(sample.rounds, 10);
  parse(&plain, "--touch serial --touch workers", &sample);
  assert_false(sample.serial_touch);
}

static void test_refusals(void **state) {
  static const char *const counts[] = {"5", "11", "-6", "6x", "4294967302"};
  char line[40], message[120];
  (void)state;
  for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
    snprintf(line, sizeof line, "--rounds %s", counts[i]);
    snprintf(message, sizeof message, "%s: want a whole number from 6 to 10",
             line);
    assert_refused(line, message);
  }
  assert_refused("--rounds _", "--rounds : want a whole number from 6 to 10");
  assert_refused("--timeout 0", "--timeout 0: want a time, as in 90s, 3m or "
                                "1h");
  assert_refused("--touch nobody", "--touch nobody: want workers or serial");
  assert_refused("--touch _", "--touch : want workers or serial");
  assert_refused("--spell _", "--spell: want letters");
  assert_refused("--quick stray", "unexpected argument 'stray'");
}

static void test_end(void **state) {
  char said[SAID];
  (void)state;
  assert_int_equal(status_of(&whole, "--seed 1 word", said), 0);
  assert_string_equal(said, "");
  assert_int_equal(status_of(&whole, "--seed 1", said), 2);
  assert_non_null(strstr(said, "coresweep sample: WORD is missing\n"));
  assert_int_equal(status_of(&whole, "--seed x word", said), 2);
  assert_non_null(strstr(said, "--seed x: want a whole number from 0 to "
                               "9223372036854775807"));
}

static void test_help(void **state) {
  char said[SAID];
  (void)state;
  assert_int_equal(status_of(&whole, "--help", said), 0);
  assert_non_null(strstr(said, "Usage: coresweep sample [OPTION...] "
                               "[WORD...]\nA sample.\n"));
  assert_non_null(strstr(said, "  -o, --out=DIR              Folder of the "
                               "run (a new one under results/)\n"));
  const char *title = strstr(said, " What is drawn:\n");
  assert_non_null(title);
  assert_non_null(strstr(title, "      --seed=S               Seed (1)\n"));
  assert_null(strstr(title, "--out"));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_nothing_given), cmocka_unit_test(test_every_kind),
      cmocka_unit_test(test_words),         cmocka_unit_test(test_refusals),
      cmocka_unit_test(test_end),           cmocka_unit_test(test_help),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
