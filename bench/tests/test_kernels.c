/* test_kernels.c: every kernel against known answers, against itself in other
 * chunks, and against its own verify() with results that are wrong. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <inttypes.h>
#include <time.h>
#include <zlib.h>

#include "kernel_fixture.h"

extern const struct kernel kernel_adler32, kernel_cube, kernel_latency,
    kernel_null, kernel_rangesum, kernel_rowcount, kernel_spin;

/* Settings under which a kernel is quick enough to be run many times. */
static const struct setting {
  const struct kernel *kernel;
  const char *params;
} settings[] = {
    {&kernel_adler32, ""},
    {&kernel_adler32, "letters=8,digits=1"},
    {&kernel_adler32, "letters=9,zeros=1,mode=first"},
    {&kernel_cube, ""},
    {&kernel_cube, "first=-500,span=70"},
    {&kernel_latency, "sleep_us=0"},
    {&kernel_null, ""},
    {&kernel_rangesum, "max_end=5000"},
    {&kernel_rangesum, "start=90000,max_end=99999,order=sorted"},
    {&kernel_rowcount, ""},
    {&kernel_rowcount, "cols=13,low=-5,high=1000,min=-2,max=300"},
    {&kernel_rowcount, "cols=5,low=-2147483648,high=2147483647,min=-7"},
    {&kernel_spin, ""},
    {&kernel_spin, "chains=8,serial=0.25"},
};
#define SETTINGS (sizeof settings / sizeof settings[0])

static const uint64_t sizes[] = {0, 1, 2, 7, 64, 997};
#define SIZES (sizeof sizes / sizeof sizes[0])

static void assert_same_total(const struct fixture *f,
                              const struct partial *total) {
  assert_int_equal(f->total.sum, total->sum);
  assert_int_equal(f->total.count, total->count);
  assert_int_equal(f->total.lowest_hit, total->lowest_hit);
}

static void assert_verified(struct fixture *f) {
  if (!fixture_verify(f))
    fail_msg("%s", f->problem.text);
}

static void assert_item(struct fixture *f, uint64_t item, const char *line) {
  char *got = fixture_item(f, item, true);
  assert_string_equal(got, line);
  free(got);
}

/* A refusal, word for word. */
static void assert_refused(const struct kernel *kernel, const char *params,
                           uint64_t size, const char *csv,
                           const char *problem) {
  struct fixture f;
  fixture_request(&f, kernel, params, size, csv);
  assert_false(fixture_check(&f));
  assert_string_equal(f.problem.text, problem);
  fixture_close(&f);
}

static void assert_accepted(const struct kernel *kernel, const char *params,
                            uint64_t size, const char *csv) {
  struct fixture f;
  fixture_request(&f, kernel, params, size, csv);
  if (!fixture_check(&f))
    fail_msg("%s", f.problem.text);
  fixture_close(&f);
}

/* --- what holds for every kernel ----------------------------------------- */

static void test_any_chunks_give_the_same(void **unused) {
  (void)unused;
  for (size_t s = 0; s < SETTINGS; s++)
    for (size_t n = 0; n < SIZES; n++) {
      struct fixture whole, parts;
      const struct kernel *kernel = settings[s].kernel;
      fixture_open(&whole, kernel, settings[s].params, sizes[n], NULL);
      fixture_run(&whole);
      assert_verified(&whole);
      for (uint64_t draw = 0; draw < 5; draw++) {
        fixture_open(&parts, kernel, settings[s].params, sizes[n], NULL);
        fixture_run_chunks(&parts, 1 + draw * 20, 1000 * draw + n);
        assert_verified(&parts);
        assert_same_total(&parts, &whole.total);
        assert_memory_equal(parts.output, whole.output, whole.output_bytes + 1);
        fixture_close(&parts);
      }
      fixture_close(&whole);
    }
}

/* Every single output item matters to verify, in its lowest and highest bit,
 * and so does one item that no worker did. */
static void test_verify_rejects_a_wrong_output(void **unused) {
  (void)unused;
  for (size_t s = 0; s < SETTINGS; s++) {
    struct fixture f;
    fixture_open(&f, settings[s].kernel, settings[s].params, 97, NULL);
    fixture_run(&f);
    size_t item_bytes = f.shape.output_bytes;
    for (size_t at = 0; at < f.output_bytes; at++) {
      if (at % item_bytes != 0 && at % item_bytes != item_bytes - 1)
        continue;
      unsigned char right = f.output[at];
      f.output[at] ^= at % item_bytes == 0 ? 0x01 : 0x80;
      assert_false(fixture_verify(&f));
      assert_non_null(strstr(f.problem.text, f.kernel->name));
      assert_non_null(strstr(f.problem.text, "off by"));
      f.output[at] = right;
    }
    assert_verified(&f);
    fixture_close(&f);
  }
}

/* Which fields of the total a kernel uses, and so checks. */
static void test_verify_rejects_a_wrong_total(void **unused) {
  static const struct {
    const struct kernel *kernel;
    const char *params;
    bool sum, count, lowest_hit;
  } used[] = {
      {&kernel_adler32, "", true, true, true},
      {&kernel_adler32, "zeros=1,mode=first", true, true, true},
      {&kernel_null, "", false, true, false},
      {&kernel_rangesum, "", true, false, false},
      {&kernel_rowcount, "", false, true, false},
      {&kernel_spin, "", true, false, false},
      {&kernel_spin, "serial=0.5", true, false, false},
  };
  (void)unused;
  for (size_t k = 0; k < sizeof used / sizeof used[0]; k++) {
    struct fixture f;
    fixture_open(&f, used[k].kernel, used[k].params, 500, NULL);
    fixture_run(&f);
    struct partial right = f.total;
    assert_verified(&f);
    f.total.sum ^= 1;
    assert_int_equal(fixture_verify(&f), !used[k].sum);
    f.total = right;
    f.total.count++;
    assert_int_equal(fixture_verify(&f), !used[k].count);
    f.total = right;
    f.total.lowest_hit = 499;
    assert_int_equal(fixture_verify(&f), !used[k].lowest_hit);
    fixture_close(&f);
  }
}

static char *input_csv(struct fixture *f) {
  size_t bytes = 256 * (f->request.size + 1);
  char *csv = fixture_memory(bytes);
  FILE *out = fixture_write(csv, bytes);
  f->kernel->input_header(f->state, out);
  putc('\n', out);
  for (uint64_t i = 0; i < f->request.size; i++) {
    f->kernel->input_item(f->state, i, out);
    putc('\n', out);
  }
  fclose(out);
  return csv;
}

/* What a kernel writes as its input, it reads again as the same items. */
static void test_a_written_input_is_read_again(void **unused) {
  (void)unused;
  for (size_t s = 0; s < SETTINGS; s++) {
    struct fixture drawn, read;
    const struct kernel *kernel = settings[s].kernel;
    if (!kernel->input_item)
      continue;
    fixture_open(&drawn, kernel, settings[s].params, 101, NULL);
    fixture_run(&drawn);
    char *csv = input_csv(&drawn);
    fixture_open(&read, kernel, settings[s].params, 101, csv);
    fixture_run_chunks(&read, 8, s);
    assert_verified(&read);
    assert_same_total(&read, &drawn.total);
    assert_memory_equal(read.output, drawn.output, drawn.output_bytes + 1);
    free(csv);
    fixture_close(&drawn);
    fixture_close(&read);
  }
}

/* Item i depends on (seed, i) alone: a smaller trial is a part of a larger. */
static void test_items_do_not_depend_on_the_size(void **unused) {
  (void)unused;
  for (size_t s = 0; s < SETTINGS; s++) {
    struct fixture small, large;
    if (strstr(settings[s].params, "order=sorted"))
      continue;
    fixture_open(&small, settings[s].kernel, settings[s].params, 50, NULL);
    fixture_open(&large, settings[s].kernel, settings[s].params, 150, NULL);
    fixture_run(&small);
    fixture_run(&large);
    assert_memory_equal(small.output, large.output, small.output_bytes);
    fixture_close(&small);
    fixture_close(&large);
  }
}

static void test_shape_is_the_shape_of_the_defaults(void **unused) {
  (void)unused;
  for (size_t s = 0; s < SETTINGS; s++) {
    const struct kernel *kernel = settings[s].kernel;
    struct fixture f;
    fixture_request(&f, kernel, "", 1, NULL);
    assert_true(f.shape.operations >= kernel->shape.operations &&
                f.shape.operations <= kernel->shape.operations);
    assert_true(f.shape.input_bytes >= kernel->shape.input_bytes &&
                f.shape.input_bytes <= kernel->shape.input_bytes);
    assert_int_equal(f.shape.output_bytes, kernel->shape.output_bytes);
    assert_int_equal(f.shape.grain, kernel->shape.grain);
    assert_int_equal(f.shape.stops_early, kernel->shape.stops_early);
    assert_true(kernel->shape.grain > 0 && kernel->size > 0);
  }
}

static void test_default_size_is_accepted(void **unused) {
  (void)unused;
  for (size_t s = 0; s < SETTINGS; s++)
    assert_accepted(settings[s].kernel, settings[s].params,
                    settings[s].kernel->size, NULL);
}

static void test_an_empty_input(void **unused) {
  (void)unused;
  for (size_t s = 0; s < SETTINGS; s++) {
    struct fixture f;
    if (!settings[s].kernel->input_item)
      continue;
    fixture_open(&f, settings[s].kernel, settings[s].params, 0, "header\n");
    fixture_run(&f);
    assert_verified(&f);
    fixture_close(&f);
  }
}

/* --- known answers -------------------------------------------------------- */

static void assert_preset(const struct kernel *kernel, const char *preset,
                          const char *const *lines, struct partial *total) {
  struct fixture f;
  fixture_open_preset(&f, kernel, preset);
  fixture_run(&f);
  assert_verified(&f);
  for (uint64_t i = 0; lines && lines[i]; i++)
    assert_item(&f, i, lines[i]);
  *total = f.total;
  fixture_close(&f);
}

static void test_rowcount_known(void **unused) {
  static const char *const counts[] = {"3", "2", "3", "4", "4", NULL};
  struct partial total;
  (void)unused;
  assert_preset(&kernel_rowcount, "tutorial-rows", counts, &total);
  assert_int_equal(total.count, 16);
  /* a number of 0..9 is in 4..8 half of the time */
  assert_preset(&kernel_rowcount, "tutorial", NULL, &total);
  assert_in_range(total.count, 497000, 503000);
}

static void test_rangesum_known(void **unused) {
  static const char *const sums[] = {"4525173573611328",
                                     "305855759752003",
                                     "376915103136496",
                                     "3099323876907286",
                                     "15566528834850",
                                     "2728276306701",
                                     "26654100226881",
                                     "4007358828638490",
                                     "3191354287616440",
                                     "933400367456805",
                                     NULL};
  struct partial total;
  (void)unused;
  assert_preset(&kernel_rangesum, "tutorial", sums, &total);
  assert_int_equal(total.sum, UINT64_C(16484330702487280));
}

static void test_cube_known(void **unused) {
  static const char *const six[] = {"1", "8", "27", "64", "125", "216", NULL};
  struct partial total;
  struct fixture f;
  (void)unused;
  assert_preset(&kernel_cube, "tutorial-6", six, &total);
  fixture_open_preset(&f, &kernel_cube, "tutorial-5000");
  fixture_run(&f);
  assert_item(&f, 4999, "124925014999");
  fixture_close(&f);
  fixture_open(&f, &kernel_cube, "", 2, "x\n-2097151\n2097151\n");
  fixture_run(&f);
  assert_verified(&f);
  assert_item(&f, 0, "-9223358842721533951");
  assert_item(&f, 1, "9223358842721533951");
  fixture_close(&f);
}

static void test_latency_known(void **unused) {
  static const char *const squares[] = {"0", "1", "4", "9", NULL};
  struct partial total;
  struct fixture f;
  (void)unused;
  assert_preset(&kernel_latency, "tutorial-0", squares, &total);
  fixture_open(&f, &kernel_latency, "sleep_us=1", 1, "x\n-3037000499\n");
  fixture_run(&f);
  assert_verified(&f);
  assert_item(&f, 0, "9223372030926249001");
  fixture_close(&f);
}

static int64_t monotonic_ns(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * INT64_C(1000000000) + now.tv_nsec;
}

static void test_latency_sleeps_at_least_that_long(void **unused) {
  struct fixture f;
  (void)unused;
  fixture_open(&f, &kernel_latency, "sleep_us=3000", 3, NULL);
  int64_t begin_ns = monotonic_ns();
  fixture_run(&f);
  assert_true(monotonic_ns() - begin_ns >= 9000000);
  fixture_close(&f);
}

/* The first ends, step by step. */
static void test_spin_known(void **unused) {
  struct fixture f;
  uint64_t sum = 0;
  (void)unused;
  fixture_open(&f, &kernel_spin, "serial=0.5", 10, NULL);
  fixture_run(&f);
  for (uint64_t unit = 0; unit < 20; unit++) {
    uint64_t x = kernel_random(42, unit);
    for (int step = 0; step < 1024; step++)
      x = x * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    sum += x;
    char line[32];
    snprintf(line, sizeof line, "%" PRIu64, x);
    if (unit < 10)
      assert_item(&f, unit, line);
  }
  assert_int_equal(f.total.sum, sum); /* half of the work was serial */
  fixture_close(&f);
}

static int compare_words(const void *left, const void *right) {
  const uint64_t *a = left, *b = right;
  return (*a > *b) - (*a < *b);
}

static void read_inputs(struct fixture *f, uint64_t *values) {
  for (uint64_t i = 0; i < f->request.size; i++) {
    char *line = fixture_item(f, i, false);
    values[i] = strtoull(line, NULL, 10);
    free(line);
  }
}

static void assert_sorted_same(const char *csv) {
  struct fixture random, sorted;
  uint64_t ends[2][500] = {{0}}, size = csv ? 4 : 500;
  bool moved = false;
  fixture_open(&random, &kernel_rangesum, "start=7", size, csv);
  fixture_open(&sorted, &kernel_rangesum, "start=7,order=sorted", size, csv);
  read_inputs(&random, ends[0]);
  read_inputs(&sorted, ends[1]);
  for (uint64_t i = 0; i < size; i++) {
    assert_true(i == 0 || ends[1][i - 1] <= ends[1][i]);
    assert_in_range(ends[1][i], 7, 999999);
    moved |= ends[0][i] != ends[1][i];
  }
  assert_true(moved);
  qsort(ends[0], size, sizeof ends[0][0], compare_words);
  assert_memory_equal(ends[0], ends[1], size * sizeof ends[0][0]);
  fixture_close(&random);
  fixture_close(&sorted);
}

static void test_rangesum_sorts(void **unused) {
  (void)unused;
  assert_sorted_same(NULL);
  assert_sorted_same("end\n9000\n7\n9000\n12\n");
}

/* Ranges around the length of a block, and long ones from high starts. */
static void test_rangesum_lengths(void **unused) {
  struct fixture f;
  (void)unused;
  fixture_open(&f, &kernel_rangesum, "start=1000", 7,
               "end\n1000\n1001\n2023\n2024\n2025\n5096\n100000\n");
  fixture_run(&f);
  assert_verified(&f);
  assert_item(&f, 0, "0");
  assert_item(&f, 1, "1000");
  fixture_close(&f);
  fixture_open(&f, &kernel_rangesum, "start=6074000000", 1, "e\n6074001000\n");
  fixture_run(&f);
  assert_verified(&f);
  assert_item(&f, 0, "6074000499500");
  fixture_close(&f);
}

/* --- Adler-32 ------------------------------------------------------------- */

/* The letters, as the kernel's documentation has them, in plain numbers. */
static void write_letters(uint64_t nonce, uint32_t letters, char *text) {
  uint64_t key = kernel_random(0x636f7265, nonce), k[4];
  for (int w = 0; w < 4; w++)
    k[w] = key >> (16 * w) & 65535;
  for (uint64_t j = 0; j < letters; j++) {
    uint64_t h = (k[0] + j * (k[1] | 1)) % 65536;
    h ^= h / 128;
    h = h * (k[2] | 1) % 65536;
    h ^= h / 512;
    h = (h + k[3]) % 65536;
    text[j] = (char)('a' + h * 26 / 65536);
  }
}

static uint32_t zlib_hash(const char *text, size_t length) {
  return (uint32_t)adler32(1, (const unsigned char *)text, (uInt)length);
}

static void test_adler32_of_the_base(void **unused) {
  (void)unused;
  assert_int_equal(zlib_hash("I miss DSR already", 18), 928581169);
  assert_int_equal(zlib_hash("I miss DSR already!", 19), 1034618450);
}

static void assert_zlib_agrees(const char *base, uint32_t letters) {
  static char params[1200], message[6000], line[FIXTURE_LINE], csv[64];
  size_t length = strlen(base);
  struct fixture f;
  snprintf(params, sizeof params, "base=%s,letters=%" PRIu32, base, letters);
  for (uint64_t draw = 0; draw < 20; draw++) {
    uint64_t nonce = draw < 3 ? draw : kernel_random(7, draw) >> 1;
    snprintf(csv, sizeof csv, "nonce\n%" PRIu64 "\n", nonce);
    memcpy(message, base, length);
    write_letters(nonce, letters, message + length);
    message[length + letters] = '\0';
    uint32_t hash = zlib_hash(message, length + letters);
    snprintf(line, sizeof line, "%" PRIu64 ",\"%s\",%" PRIu32 ",%d", nonce,
             message, hash, hash < 100000000);
    fixture_open(&f, &kernel_adler32, params, 1, csv);
    fixture_run(&f);
    assert_verified(&f);
    assert_item(&f, 0, line);
    assert_int_equal(f.total.sum, hash);
    assert_int_equal(f.total.count, hash < 100000000);
    fixture_close(&f);
  }
}

static void test_adler32_agrees_with_zlib(void **unused) {
  static const uint32_t letters[] = {1, 2, 8, 15, 16, 17, 128, 1000, 4096};
  static char longest[1025];
  (void)unused;
  memset(longest, 'z', sizeof longest - 1);
  for (size_t k = 0; k < sizeof letters / sizeof letters[0]; k++) {
    assert_zlib_agrees("I miss DSR already", letters[k]);
    assert_zlib_agrees("", letters[k]);
    assert_zlib_agrees("gr\xc3\xbc\xc3\x9f", letters[k]);
    assert_zlib_agrees(longest, letters[k]);
  }
}

static void test_adler32_quotes_the_message(void **unused) {
  struct fixture f;
  (void)unused;
  fixture_open(&f, &kernel_adler32, "base=a\"b,letters=1", 1, NULL);
  char *line = fixture_item(&f, 0, true);
  assert_memory_equal(line, "0,\"a\"\"b", 7);
  free(line);
  fixture_close(&f);
}

/* Whether a hit is what it says it is, by the decimal digits themselves. */
static void assert_hits(const char *params, const char *format,
                        const char *prefix) {
  struct fixture f;
  uint64_t hits = 0;
  fixture_open(&f, &kernel_adler32, params, 3000, NULL);
  fixture_run(&f);
  for (uint64_t i = 0; i < 3000; i++) {
    char *line = fixture_item(&f, i, true), digits[16];
    uint32_t hash = (uint32_t)strtoul(strrchr(line, '"') + 2, NULL, 10);
    bool hit = line[strlen(line) - 1] == '1';
    snprintf(digits, sizeof digits, *format == '0' ? "%010" PRIu32 : "%" PRIu32,
             hash);
    assert_int_equal(hit, strncmp(digits, prefix, strlen(prefix)) == 0);
    hits += hit;
    free(line);
  }
  assert_int_equal(f.total.count, hits);
  assert_true(hits > 0);
  fixture_close(&f);
}

static void test_adler32_hits(void **unused) {
  (void)unused;
  assert_hits("zeros=0", "0", "");
  assert_hits("zeros=1", "0", "0");
  assert_hits("zeros=3", "0", "000");
  assert_hits("letters=8,digits=1", "", "1");
  assert_hits("letters=1,base=,digits=6", "", "6"); /* short hashes */
  assert_hits("digits=42", "", "42");
  assert_hits("digits=4,zeros=9", "", "4");
}

/* The number that a hash begins with may be the whole hash. */
static void test_adler32_digits_of_a_whole_hash(void **unused) {
  struct fixture f;
  (void)unused;
  fixture_open(&f, &kernel_adler32, "", 1, NULL);
  fixture_run(&f);
  uint64_t hash = f.total.sum;
  fixture_close(&f);
  for (uint64_t digits = hash - 1; digits <= hash + 1; digits++) {
    char params[64];
    snprintf(params, sizeof params, "digits=%" PRIu64, digits);
    fixture_open(&f, &kernel_adler32, params, 1, NULL);
    fixture_run(&f);
    assert_int_equal(f.total.count, digits == hash);
    fixture_close(&f);
  }
}

/* With 128 random letters the sum b is normal, sd 6307, around 7224 (modulo
 * 65521); five zeros ask for b in {0, 1}: 66 in a million.  Six would ask for
 * a < 10000 too, but a is about 1585 + 128 * 109.5. */
static void test_adler32_rare_hits(void **unused) {
  struct fixture f;
  (void)unused;
  fixture_open(&f, &kernel_adler32, "zeros=5", 1000000, NULL);
  fixture_run(&f);
  assert_in_range(f.total.count, 66 - 30, 66 + 30);
  uint64_t lowest = f.total.lowest_hit;
  fixture_close(&f);
  fixture_open(&f, &kernel_adler32, "zeros=6", 1000000, NULL);
  fixture_run(&f);
  assert_int_equal(f.total.count, 0);
  assert_int_equal(f.total.lowest_hit, KERNEL_NO_HIT);
  fixture_close(&f);
  fixture_open_preset(&f, &kernel_adler32, "first-hit");
  fixture_run(&f);
  assert_verified(&f);
  assert_int_equal(f.total.lowest_hit, lowest);
  fixture_close(&f);
}

static void test_adler32_first_is_the_lowest_of_all(void **unused) {
  static const char *const rest[] = {"zeros=0", "zeros=2", "zeros=3", "zeros=4",
                                     "zeros=6"};
  (void)unused;
  for (size_t k = 0; k < 5; k++) {
    char params[64];
    struct fixture all, first;
    fixture_open(&all, &kernel_adler32, rest[k], 20000, NULL);
    fixture_run(&all);
    snprintf(params, sizeof params, "%s,mode=first", rest[k]);
    fixture_open(&first, &kernel_adler32, params, 20000, NULL);
    for (uint64_t draw = 0; draw < 40; draw++) {
      fixture_run_chunks(&first, 1 + draw * 50, draw);
      assert_int_equal(first.total.lowest_hit, all.total.lowest_hit);
      assert_int_equal(first.total.sum, 0);
      assert_int_equal(first.total.count, 0);
      assert_int_equal(first.control.lowest_hit, all.total.lowest_hit);
    }
    assert_verified(&first);
    first.total.lowest_hit ^= 1; /* an item that is not the lowest hit */
    assert_false(fixture_verify(&first));
    fixture_close(&all);
    fixture_close(&first);
  }
}

/* --- refusals ------------------------------------------------------------- */

static void test_cube_refuses(void **unused) {
  (void)unused;
  assert_refused(&kernel_cube, "first=3000000", 6, NULL,
                 "cube/first=3000000: x³ fits int64 only for |x| <= 2097151");
  assert_refused(&kernel_cube, "first=-2097152", 6, NULL,
                 "cube/first=-2097152: x³ fits int64 only for |x| <= 2097151");
  assert_refused(&kernel_cube, "span=3000000", 10000000, NULL,
                 "cube/span=3000000: reaches x = 2999999, and x³ fits int64 "
                 "only for |x| <= 2097151; span=2097152 fits");
  assert_accepted(&kernel_cube, "span=3000000", 2097152, NULL);
  assert_refused(&kernel_cube, "", 2, "x\n1\n-2097152\n",
                 "cube: input row 2, x=-2097152: x³ fits int64 only for |x| "
                 "<= 2097151");
  assert_refused(&kernel_cube, "", 3, "x\n1\n2\n",
                 "cube: the input has 2 rows of 1 columns; needed: size=3 rows "
                 "of one, x");
}

static void test_latency_refuses(void **unused) {
  (void)unused;
  assert_refused(&kernel_latency, "", UINT64_C(4000000000), NULL,
                 "latency: size=4000000000: x² fits int64 only for |x| <= "
                 "3037000499");
  assert_refused(&kernel_latency, "", 1, "x\n3037000500\n",
                 "latency: input row 1, x=3037000500: x² fits int64 only for "
                 "|x| <= 3037000499");
  assert_refused(&kernel_latency, "", 1, "x,y\n1,2\n",
                 "latency: the input has 1 rows of 2 columns; needed: size=1 "
                 "rows of one, x");
}

static void test_rangesum_refuses(void **unused) {
  (void)unused;
  assert_refused(&kernel_rangesum, "start=500,max_end=500", 1, NULL,
                 "rangesum/max_end=500: must be above start=500");
  assert_refused(&kernel_rangesum, "max_end=6000000000", 2, NULL,
                 "rangesum/max_end=6000000000: with size=2 the total may pass "
                 "2^64 - 1; at most 1 ranges fit");
  assert_accepted(&kernel_rangesum, "max_end=6074001000", 1, NULL);
  assert_refused(&kernel_rangesum, "start=20", 2, "end\n30\n19\n",
                 "rangesum: input row 2, end=19: ends go from start=20 to "
                 "6074001000");
  assert_refused(&kernel_rangesum, "", 1, "end\n-1\n",
                 "rangesum: input row 1, end=-1: ends go from start=0 to "
                 "6074001000");
  assert_refused(&kernel_rangesum, "", 2, "end\n6000000000\n2000000000\n",
                 "rangesum: input row 2, end=2000000000: the total passes "
                 "2^64 - 1; size=1 fits");
}

static void test_rowcount_refuses(void **unused) {
  (void)unused;
  assert_refused(&kernel_rowcount, "min=9", 1, NULL,
                 "rowcount/min=9: must not be above max=8");
  assert_refused(&kernel_rowcount, "low=10", 1, NULL,
                 "rowcount/low=10: must not be above high=9");
  assert_refused(&kernel_rowcount, "", 1, "a,b,c,d\n1,2,3,4\n",
                 "rowcount/cols=5: the input has 4 columns; add cols=4");
  assert_refused(&kernel_rowcount, "cols=2", 2, "a,b\n1,2\n3,2147483648\n",
                 "rowcount: input row 2: 2147483648 is outside of int32, "
                 "-2147483648 to 2147483647");
  assert_refused(&kernel_rowcount, "cols=2", 2, "a,b\n1,2\n",
                 "rowcount: size=2: the input has 1 rows; ask for no more");
}

static void test_others_refuse(void **unused) {
  (void)unused;
  assert_refused(&kernel_adler32, "", 2, "nonce\n0\n-1\n",
                 "adler32: input row 2, nonce=-1: must be 0 or more");
  assert_refused(&kernel_adler32, "", 1, "nonce,x\n0,1\n",
                 "adler32: the input has 1 rows of 2 columns; needed: size=1 "
                 "rows of one, nonce");
  assert_refused(&kernel_spin, "chains=8", 1, "start\n0\n",
                 "spin/chains=8: the input has 1 rows of 1 columns; needed: "
                 "size=1 rows of one start per chain");
  assert_refused(&kernel_spin, "serial=0.99", UINT64_C(1) << 53, NULL,
                 "spin/serial=0.99: with size=9007199254740992 the serial part "
                 "exceeds 9007199254740992 units; use a smaller size");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_any_chunks_give_the_same),
      cmocka_unit_test(test_verify_rejects_a_wrong_output),
      cmocka_unit_test(test_verify_rejects_a_wrong_total),
      cmocka_unit_test(test_a_written_input_is_read_again),
      cmocka_unit_test(test_items_do_not_depend_on_the_size),
      cmocka_unit_test(test_shape_is_the_shape_of_the_defaults),
      cmocka_unit_test(test_default_size_is_accepted),
      cmocka_unit_test(test_an_empty_input),
      cmocka_unit_test(test_rowcount_known),
      cmocka_unit_test(test_rangesum_known),
      cmocka_unit_test(test_cube_known),
      cmocka_unit_test(test_latency_known),
      cmocka_unit_test(test_latency_sleeps_at_least_that_long),
      cmocka_unit_test(test_spin_known),
      cmocka_unit_test(test_rangesum_sorts),
      cmocka_unit_test(test_rangesum_lengths),
      cmocka_unit_test(test_adler32_of_the_base),
      cmocka_unit_test(test_adler32_agrees_with_zlib),
      cmocka_unit_test(test_adler32_quotes_the_message),
      cmocka_unit_test(test_adler32_hits),
      cmocka_unit_test(test_adler32_digits_of_a_whole_hash),
      cmocka_unit_test(test_adler32_rare_hits),
      cmocka_unit_test(test_adler32_first_is_the_lowest_of_all),
      cmocka_unit_test(test_cube_refuses),
      cmocka_unit_test(test_latency_refuses),
      cmocka_unit_test(test_rangesum_refuses),
      cmocka_unit_test(test_rowcount_refuses),
      cmocka_unit_test(test_others_refuse),
  };
  return cmocka_run_group_tests_name("kernels", tests, NULL, NULL);
}
