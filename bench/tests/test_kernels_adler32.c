/* test_kernels_adler32.c: the search for hashes, against zlib and by the
 * decimal digits themselves. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <inttypes.h>
#include <zlib.h>

#include "kernel_fixture.h"

extern const struct kernel kernel_adler32;

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
  static const uint32_t letters[] = {1, 2, 8, 31, 32, 33, 65, 128, 1000, 4096};
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

static void test_adler32_methods_agree(void **unused) {
  static const char *const letters[] = {"1", "31", "32", "33", "128", "4096"};
  static char base[1025];
  (void)unused;
  for (size_t k = 0; k < sizeof letters / sizeof *letters; k++)
    for (size_t length = 0; length <= 1024; length = 4 * length + 15) {
      char one[1200], other[1300];
      for (size_t c = 0; c < length; c++)
        base[c] = (char)(255 - c % 100);
      base[length] = '\0';
      snprintf(one, sizeof one, "base=%s,letters=%s", base, letters[k]);
      snprintf(other, sizeof other, "%s,method=whole-message", one);
      assert_agree(&kernel_adler32, one, other, 70, NULL);
    }
  assert_agree(&kernel_adler32, "zeros=3,mode=first",
               "zeros=3,mode=first,method=whole-message", 9000, NULL);
}

static void test_adler32_refuses(void **unused) {
  static const struct fixture_refusal requests[] = {
      {"", 2, "nonce\n0\n-1\n",
       "adler32: line 3 of the input, nonce=-1: must be 0 or more"},
      {"", 1, "nonce,x\n0,1\n",
       "adler32: the input has 1 rows of 2 columns; needed: size=1 rows of "
       "one, "
       "nonce"},
  };
  (void)unused;
  assert_refusals(&kernel_adler32, requests,
                  sizeof requests / sizeof *requests);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_adler32_of_the_base),
      cmocka_unit_test(test_adler32_agrees_with_zlib),
      cmocka_unit_test(test_adler32_quotes_the_message),
      cmocka_unit_test(test_adler32_hits),
      cmocka_unit_test(test_adler32_digits_of_a_whole_hash),
      cmocka_unit_test(test_adler32_rare_hits),
      cmocka_unit_test(test_adler32_first_is_the_lowest_of_all),
      cmocka_unit_test(test_adler32_methods_agree),
      cmocka_unit_test(test_adler32_refuses),
  };
  return cmocka_run_group_tests_name("kernels: adler32", tests, NULL, NULL);
}
