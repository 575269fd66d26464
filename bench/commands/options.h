/* options.h: a command's options as a table, and the one parser that reads the
 * command line by it (through argp, for --help and abbreviations).
 *
 * An option is a line: its name, what --help says of it, and one of the macros
 * below, which says what it takes and which member of the command's struct it
 * sets.  What was not given keeps the value that the member had.
 *
 *     static const struct option_spec option_list[] = {
 *         {OPTION_OUT(struct probe_options, out)},
 *         {.name = "repetitions",
 *          .arg = "N",
 *          .help = "Timed regions (1000)",
 *          OPTION_COUNT(struct probe_options, repetitions, 1, 1000000)},
 *         {0}};
 */
#ifndef CORESWEEP_OPTIONS_H
#define CORESWEEP_OPTIONS_H

#include "bench/record/run.h"

#include <argp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Reads an option that is like no other, or an argument, into the command's
 * struct; says what is wrong with options_refuse.  The text is printable; an
 * argument, which may be a path, need not be. */
typedef void option_read(void *input, const char *text,
                         struct argp_state *state);

enum option_kind {
  OPTION_KIND_FLAG,
  OPTION_KIND_TEXT,
  OPTION_KIND_PATH,
  OPTION_KIND_FOLDER,
  OPTION_KIND_COUNT,
  OPTION_KIND_COUNT64,
  OPTION_KIND_TIME,
  OPTION_KIND_EITHER,
  OPTION_KIND_READ
};

struct option_spec {
  const char *name; /* without its dashes; NULL ends the table */
  char letter;      /* as in -o; 0: none */
  const char *arg;  /* for --help, as in "DIR"; NULL: it takes none */
  const char *help;
  /* set by the macros */
  enum option_kind kind;
  size_t member;
  size_t given; /* a bool that says that it was given; 0: none */
  uint64_t low, high;
  const char *words[2];
  const char *const *choices; /* what is usual, for shells; ends with NULL */
  option_read *read;
};

/* A member's offset; does not compile where it is not what `pointer` points
 * to, as nothing else would notice. */
#define OPTION_MEMBER(type, name, pointer)                                     \
  _Generic(&((type *)0)->name, pointer : offsetof(type, name))

/* bool: set to true; takes no argument. */
#define OPTION_FLAG(type, to)                                                  \
  .kind = OPTION_KIND_FLAG, .member = OPTION_MEMBER(type, to, bool *)
/* const char *: printable text as typed, borrowed from the command line. */
#define OPTION_TEXT(type, to)                                                  \
  .kind = OPTION_KIND_TEXT, .member = OPTION_MEMBER(type, to, const char **)
/* The same of a path, which may hold whatever paths may. */
#define OPTION_PATH(type, to)                                                  \
  .kind = OPTION_KIND_PATH, .member = OPTION_MEMBER(type, to, const char **)
/* char[RUN_PATH]: a copy of a path. */
#define OPTION_FOLDER(type, to)                                                \
  .kind = OPTION_KIND_FOLDER,                                                  \
  .member = OPTION_MEMBER(type, to, char(*)[RUN_PATH])
/* uint32_t: a whole number from least to most. */
#define OPTION_COUNT(type, to, least, most)                                    \
  .kind = OPTION_KIND_COUNT, .member = OPTION_MEMBER(type, to, uint32_t *),    \
  .low = (least), .high = (most)
/* uint64_t: a whole number from 0 to 2^63 - 1, as JSON has them. */
#define OPTION_COUNT64(type, to)                                               \
  .kind = OPTION_KIND_COUNT64, .member = OPTION_MEMBER(type, to, uint64_t *),  \
  .high = INT64_MAX
/* double, seconds, more than 0: as in 90s, 3m or 1h. */
#define OPTION_TIME(type, to)                                                  \
  .kind = OPTION_KIND_TIME, .member = OPTION_MEMBER(type, to, double *)
/* bool: whether it is the second of two words, and not the first. */
#define OPTION_EITHER(type, to, first, second)                                 \
  .kind = OPTION_KIND_EITHER, .member = OPTION_MEMBER(type, to, bool *),       \
  .words = {first, second}
/* Whatever the function does with it. */
#define OPTION_READ(function) .kind = OPTION_KIND_READ, .read = function
/* Beside one of the others, a bool: that the option was given.  Not the
 * struct's first member. */
#define OPTION_GIVEN(type, to) .given = OPTION_MEMBER(type, to, bool *)

/* Beside one of the others: the words that it takes, or the usual ones of them,
 * in the list by which it is read; ended by NULL. */
#define OPTION_CHOICES(list) .choices = (list)

/* What several commands have; `to`: the member, where it is not of the same
 * name.  Where they say different things of it, `.help` stands beside the
 * macro. */
#define OPTION_WORKERS_LIST(type)                                              \
  .name = "workers", .arg = "LIST", OPTION_TEXT(type, workers)
#define OPTION_WORKERS_LIST_HELP                                               \
  "Worker counts, as in 1,2,4 or 1..8 (1 to 8, powers of two, the cores, the " \
  "hardware threads)"
#define OPTION_ROUNDS(type, to, least, most)                                   \
  .name = "rounds", .arg = "N", OPTION_COUNT(type, to, least, most)
#define OPTION_BIND_HELP                                                       \
  "cores (one worker per core, siblings last; the default), spread (so, and "  \
  "over packages and NUMA nodes in turn), close (siblings first) or none"
#define OPTION_OUT(type, to)                                                   \
  .name = "out", .letter = 'o', .arg = "DIR",                                  \
  .help = "Folder of the run (a new one under results/)",                      \
  OPTION_FOLDER(type, to)
#define OPTION_SEED(type, to)                                                  \
  .name = "seed", .arg = "S", OPTION_COUNT64(type, to)
#define OPTION_TIMEOUT(type, to)                                               \
  .name = "timeout", .arg = "TIME", OPTION_TIME(type, to)
#define OPTION_TOUCH(type, to)                                                 \
  .name = "touch", .arg = "WHO", OPTION_EITHER(type, to, "workers", "serial")
#define OPTION_WORTH(type)                                                     \
  .name = "worth", .arg = "RULE",                                              \
  .help = "When more workers are worth it: efficiency, speedup or saved >= a " \
          "share or number (efficiency>=70%)",                                 \
  OPTION_TEXT(type, worth)
#define OPTION_EFFICIENCY(type)                                                \
  .name = "efficiency", .arg = "SHARE",                                        \
  .help = "Say the most workers that keep that efficiency, as in 80%",         \
  OPTION_TEXT(type, efficiency)
#define OPTION_OVERSUBSCRIBE(type, to)                                         \
  .name = "oversubscribe", .help = "Allow more workers than usable CPUs",      \
  OPTION_FLAG(type, to)
#define OPTION_QUICK(type, to) .name = "quick", OPTION_FLAG(type, to)

/* Told first, of a command or of the whole program, in no --help: prints what
 * stands in it as lines of fields between tabs, for scripts/manual.sh.  Of a
 * command: doc and more, TEXT; arguments, WORDS; title, TEXT; option, NAME,
 * LETTER, ARGUMENT, KIND (flag, text, path, number, time, words), WORDS, TEXT.
 * Words: all that it may be, or the usual ones.
 */
#define OPTIONS_TABLE "--options-table"

/* A command line. */
struct options {
  const struct option_spec *list;
  const char *doc;       /* for --help; what follows a \v stands at its end */
  const char *arguments; /* for --help, as in "[DIR...]"; NULL: takes none */
  option_read *argument; /* called with each of them; NULL: takes none */
  /* Called in the end, to say what is missing; may be NULL. */
  void (*end)(void *input, struct argp_state *state);
  /* Called before an option is read; may be NULL. */
  void (*seen)(void *input, const struct option_spec *option);
  /* Options that are shared with other commands, and set members of the struct
   * at that offset in this command's; NULL: none. */
  const struct option_spec *shared;
  size_t shared_at;
  const char *shared_title; /* for --help; NULL: they stand among the others */
};

/* Reads the command line of `coresweep NAME` into the command's struct, which
 * holds what is true where nothing is said.  argv[0] is NAME.  Exits by itself
 * after --help, --usage and OPTIONS_TABLE, and with status 2 on what is wrong.
 */
void options_parse(const struct options *options, const char *name, int argc,
                   char **argv, void *input);

/* The same of a command line that a file holds: `source`, printable, says where
 * it stands, in front of what is wrong with it.  Knows no --help. */
void options_parse_file(const struct options *options, const char *name,
                        const char *source, int argc, char **argv, void *input);

/* Says what is wrong with the command line, as printf does, what is not
 * printable as \xff, and exits with usage. */
void options_refuse(struct argp_state *state, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
