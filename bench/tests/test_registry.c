/* test_registry.c: a kernel's descriptor that lacks something, or makes no
 * sense, is refused by name before anything runs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "bench/plan/registry.h"
#include "bench/plan/workload.h"
#include "bench/tests/accept_fixture.h"

#include <math.h>
#include <string.h>

/* --- a kernel with nothing wrong ------------------------------------------ */

static void *square_create(const struct kernel_request *request) {
  return request->allocator->allocate(request->allocator, 1);
}

static void square_run(const void *state, void *output, uint64_t begin,
                       uint64_t end, struct partial *partial) {
  uint64_t *squares = output;
  (void)state;
  (void)partial;
  for (uint64_t i = begin; i < end; i++)
    squares[i] = i * i;
}

static void square_run_as(const void *state, void *output, uint64_t begin,
                          uint64_t end, struct partial *partial,
                          uint32_t worker) {
  (void)worker;
  square_run(state, output, begin, end, partial);
}

static void square_input_header(const void *state, FILE *out) {
  (void)state;
  fputs("x", out);
}

static void square_input_item(const void *state, uint64_t item, FILE *out) {
  (void)state;
  (void)item;
  fputs("1", out);
}

static void square_output_item(const void *state, const void *output,
                               uint64_t item, FILE *out) {
  (void)output;
  square_input_item(state, item, out);
}

static void no_grain(const struct param_value *params,
                     struct kernel_shape *shape) {
  (void)params;
  shape->grain = 0;
}

static void no_number(const struct param_value *params,
                      struct kernel_shape *shape) {
  (void)params;
  shape->operations = (double)NAN;
}

static double two(const struct param_value *params) {
  (void)params;
  return 2;
}

static double less_than_none(const struct param_value *params) {
  (void)params;
  return -1;
}

static double not_known(const struct param_value *params) {
  (void)params;
  return (double)NAN;
}

static bool few_only(const struct kernel_request *request,
                     struct kernel_problem *problem) {
  snprintf(problem->text, sizeof problem->text, "square: ten at most");
  return request->size <= 10;
}

/* A descriptor and what hangs on it, each in a copy that a test spoils. */
static struct kernel square;
static struct param_spec params[WORKLOAD_PARAMS + 2];
static struct kernel_preset presets[3];
static struct kernel_answer answer;

static void make_square(void) {
  static const struct param_spec good_params[] = {
      {"first", PARAM_INTEGER, "0", -5, 100, .help = "the first"},
      {"part", PARAM_REAL, "0.5", .least = 0, .most = 1, .help = "of all"},
      {"order", PARAM_WORD, "up", .words = "up|down", .help = "of them"},
      {"text", PARAM_TEXT, "", 0, 20, .help = "beside them"},
  };
  answer = (struct kernel_answer){.source = "by hand", .output = "1\n"};
  memset(params, 0, sizeof params);
  memcpy(params, good_params, sizeof good_params);
  memset(presets, 0, sizeof presets);
  presets[0] =
      (struct kernel_preset){"few", "a few",           "first=3,order=down",
                             9,     .input = "x\n1\n", .answer = &answer};
  presets[1] = (struct kernel_preset){"more", "some more", "", .size = 10};
  square = (struct kernel){
      .name = "square",
      .title = "Squares",
      .item = "integer",
      .items = "integers",
      .source = "this test",
      .size = 10,
      .shape = {.output_bytes = 8, .operations = 1, .grain = 1},
      .create = square_create,
      .run = square_run,
      .verify = accept_all,
      .params = params,
      .presets = presets,
      .csv = {square_input_header, square_input_item, "x", square_output_item},
  };
}

/* --- what can be wrong with it -------------------------------------------- */

/* clang-format off */
#define SPOIL(name, statement) static void name(void) { statement; }
SPOIL(without_name, square.name = NULL)
SPOIL(with_empty_name, square.name = "")
SPOIL(with_odd_name, square.name = "a/b")
SPOIL(without_title, square.title = NULL)
SPOIL(odd_title, square.title = "Squ\xff res")
SPOIL(without_item, square.item = NULL)
SPOIL(without_items, square.items = NULL)
SPOIL(without_source, square.source = "")
SPOIL(without_size, square.size = 0)
SPOIL(without_grain, square.shape.grain = 0)
SPOIL(without_create, square.create = NULL)
SPOIL(without_run, square.run = NULL)
SPOIL(without_verify, square.verify = NULL)
SPOIL(negative_operations, square.shape.operations = -1)
SPOIL(endless_bytes, square.shape.input_bytes = (double)INFINITY)
SPOIL(without_input_item, square.csv.input_item = NULL)
SPOIL(without_input_header, square.csv.input_header = NULL)
SPOIL(without_output_item, square.csv.output_item = NULL)
SPOIL(without_output_header, square.csv.output_header = NULL)
SPOIL(without_csv, square.csv = (struct kernel_csv){.input_item = NULL})
SPOIL(without_output, square.csv.output_header = NULL; square.csv.output_item = NULL)
SPOIL(reshaped_grain, square.reshape = no_grain)
SPOIL(reshaped_operations, square.reshape = no_number)
SPOIL(serial_twice, square.serial_fraction = two)
SPOIL(serial_less, square.serial_fraction = less_than_none)
SPOIL(default_refused, square.check = few_only; square.size = 11)
SPOIL(preset_refused, square.check = few_only; presets[1].size = 11)
SPOIL(odd_param, params[0].name = "a=b")
SPOIL(param_preset, params[1].name = "preset")
SPOIL(param_twice, params[1].name = "first")
SPOIL(param_type, params[0].type = (enum param_type)7)
SPOIL(param_help, params[0].help = NULL)
SPOIL(param_default, params[0].initial = NULL)
SPOIL(integer_limits, params[0].low = 101)
SPOIL(real_limits, params[1].least = (double)NAN)
SPOIL(no_words, params[2].words = NULL)
SPOIL(empty_word, params[2].words = "up||down")
SPOIL(text_limits, params[3].high = 1100)
SPOIL(integer_default, params[0].initial = "101")
SPOIL(real_default, params[1].initial = "half")
SPOIL(word_default, params[2].initial = "left")
SPOIL(text_default, params[3].low = 1)
SPOIL(odd_preset, presets[0].name = "a few")
SPOIL(preset_twice, presets[1].name = "few")
SPOIL(preset_help, presets[0].help = NULL)
SPOIL(preset_params, presets[0].params = NULL)
SPOIL(preset_size, presets[0].size = 0)
SPOIL(preset_unknown, presets[0].params = "first=3,frist=4")
SPOIL(preset_no_value, presets[0].params = "first")
SPOIL(preset_value, presets[0].params = "first=101")
SPOIL(answer_source, answer.source = NULL)
/* clang-format on */

static void endless_params(void) {
  static char names[WORKLOAD_PARAMS + 2][16];
  for (int k = 0; k < WORKLOAD_PARAMS + 2; k++) {
    snprintf(names[k], sizeof names[k], "p%d", k);
    params[k] = params[0];
    params[k].name = names[k];
  }
}

static const struct {
  void (*spoil)(void);
  const char *problem; /* after "kernel 'square' (x/square.c): " */
} cases[] = {
    {odd_title, "`Squ\\xff res`: want UTF-8 text that can be printed"},
    {without_title, "member `title` is missing: what a chart's title begins "
                    "with"},
    {without_item, "member `item` is missing: what one item is called"},
    {without_items, "member `items` is missing: what many items are called"},
    {without_source, "member `source` is missing: where the workload comes "
                     "from"},
    {without_size, "member `size` is missing: the number of items where nobody "
                   "says"},
    {without_grain, "member `shape.grain` is missing: the number of items that "
                    "a sensible chunk holds"},
    {without_create, "member `create` is missing: it allocates the state"},
    {without_run, "member `run` is missing: it does the items [begin, end)"},
    {without_verify, "member `verify` is missing: it checks the whole result "
                     "by another way than `run`"},
    {negative_operations, "member `shape`: operations is -1: an item has 0 or "
                          "more"},
    {endless_bytes, "member `shape`: input_bytes is inf: an item has 0 or "
                    "more"},
    {without_input_item, "member `csv.input_item` is missing, and there is the "
                         "other: header and item go together"},
    {without_input_header, "member `csv.input_header` is missing, and there is "
                           "the other: header and item go together"},
    {without_output_item, "member `csv.output_item` is missing, and there is "
                          "the other: header and item go together"},
    {without_output_header, "member `csv.output_header` is missing, and there "
                            "is the other: header and item go together"},
    {without_csv, "preset 'few' has an input; member `csv.input_header` is "
                  "missing"},
    {without_output, "preset 'few' knows its output; member `csv.output_item` "
                     "is missing"},
    {reshaped_grain, "its defaults: grain is 0: a chunk holds one item or "
                     "more"},
    {reshaped_operations, "its defaults: operations is nan: an item has 0 or "
                          "more"},
    {serial_twice, "its defaults: serial_fraction is 2: want 0 to 1, or NAN"},
    {serial_less, "its defaults: serial_fraction is -1: want 0 to 1, or NAN"},
    {default_refused, "its defaults: its own `check` refuses them: square: ten "
                      "at most"},
    {preset_refused, "preset 'more': its own `check` refuses them: square: ten "
                     "at most"},
    {odd_param, "parameter 'a=b': its name is not made of letters, digits, '_' "
                "and '-', or it is `preset` or `repeat`"},
    {param_preset, "parameter 'preset': its name is not made of letters, "
                   "digits, '_' and '-', or it is `preset` or `repeat`"},
    {param_twice, "parameter 'first' is there twice"},
    {param_type, "parameter 'first': there is no type 7"},
    {param_help, "parameter 'first': member `help` is missing: a few words on "
                 "what it is, with the unit"},
    {param_default, "parameter 'first': member `initial` is missing: its "
                    "default, as a user would type it"},
    {integer_limits, "parameter 'first': low..high make no sense"},
    {real_limits, "parameter 'part': least..most make no sense"},
    {no_words, "parameter 'order': words make no sense"},
    {empty_word, "parameter 'order': words make no sense"},
    {text_limits, "parameter 'text': low..high, as lengths in bytes, make no "
                  "sense"},
    {integer_default, "its defaults: square/first=101: want a whole number "
                      "from -5 to 100"},
    {real_default, "its defaults: square/part=half: want a number from 0 to "
                   "1"},
    {word_default, "its defaults: square/order=left: want one of up|down"},
    {text_default, "its defaults: square/text: 0 bytes; want 1 to 20"},
    {endless_params, "member `params` has no end: more than 12 parameters, and "
                     "then one whose name is NULL"},
    {odd_preset, "preset 'a few': its name is not made of letters, digits, '_' "
                 "and '-'"},
    {preset_twice, "preset 'few' is there twice"},
    {preset_help, "preset 'few': member `help` is missing: a few words on what "
                  "it is"},
    {preset_params, "preset 'few': member `params` is missing: \"\" where all "
                    "have their defaults"},
    {preset_size, "preset 'few': member `size` is missing: the number of "
                  "items"},
    {preset_unknown, "preset 'few': 'frist=4' sets no parameter of square"},
    {preset_no_value, "preset 'few': 'first' sets no parameter of square"},
    {preset_value, "preset 'few': square/first=101: want a whole number from "
                   "-5 to 100"},
    {answer_source, "preset 'few': member `answer->source` is missing: who "
                    "says so"},
};

static void assert_refused(const char *wanted) {
  struct problem problem = {""};
  assert_int_equal(registry_check_kernel(&square, "x/square.c", &problem),
                   PROBLEM_FAILURE);
  assert_string_equal(problem.text, wanted);
}

static void test_what_is_wrong_is_named(void **unused) {
  char wanted[400];
  (void)unused;
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    make_square();
    cases[i].spoil();
    snprintf(wanted, sizeof wanted, "kernel 'square' (x/square.c): %s",
             cases[i].problem);
    assert_refused(wanted);
  }
}

static void test_a_name_is_needed(void **unused) {
  static void (*const spoils[])(void) = {without_name, with_empty_name};
  (void)unused;
  for (int i = 0; i < 2; i++) {
    make_square();
    spoils[i]();
    assert_refused("the kernel of x/square.c: member `name` is missing: what "
                   "is typed for the kernel");
  }
  make_square();
  with_odd_name();
  assert_refused("kernel 'a/b' (x/square.c): member `name` is not made of "
                 "letters, digits, '_' and '-', as it is typed");
}

static void assert_good(void) {
  struct problem problem = {""};
  if (registry_check_kernel(&square, "x/square.c", &problem))
    fail_msg("%s", problem.text);
}

static void test_a_good_one_is_taken(void **unused) {
  (void)unused;
  make_square();
  assert_good();
  square.serial_fraction = not_known;
  assert_good();
  square.run = NULL; /* and another instead */
  square.run_as = square_run_as;
  assert_good();
  square.params = NULL; /* the least that there can be */
  square.presets = NULL;
  square.csv = (struct kernel_csv){.input_item = NULL};
  square.shape = (struct kernel_shape){.grain = 1};
  square.name = "sq-2_X";
  assert_good();
}

static void test_names_are_their_own(void **unused) {
  static const char *const files[] = {"x/square.c", "y/other.c", NULL};
  const struct kernel *kernels[] = {&square, NULL, NULL};
  struct problem problem = {""};
  struct kernel other;
  (void)unused;
  make_square();
  assert_int_equal(registry_check(kernels, files, &problem), PROBLEM_NONE);
  other = square;
  kernels[1] = &other;
  assert_int_equal(registry_check(kernels, files, &problem), PROBLEM_FAILURE);
  assert_string_equal(problem.text, "kernel 'square' (y/other.c): member "
                                    "`name`: the kernel of x/square.c has that "
                                    "name");
  other.name = "other";
  assert_int_equal(registry_check(kernels, files, &problem), PROBLEM_NONE);
  other.verify = NULL;
  assert_int_equal(registry_check(kernels, files, &problem), PROBLEM_FAILURE);
}

static void test_all_that_there_are_are_good(void **unused) {
  struct problem problem = {""};
  size_t count = 0;
  (void)unused;
  if (registry_check(registry_kernels, registry_kernel_files, &problem))
    fail_msg("%s", problem.text);
  while (registry_kernels[count])
    assert_non_null(registry_kernel_files[count++]);
  assert_null(registry_kernel_files[count]);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_what_is_wrong_is_named),
      cmocka_unit_test(test_a_name_is_needed),
      cmocka_unit_test(test_a_good_one_is_taken),
      cmocka_unit_test(test_names_are_their_own),
      cmocka_unit_test(test_all_that_there_are_are_good),
  };
  return cmocka_run_group_tests_name("registry", tests, NULL, NULL);
}
