/* zlib_rate.c: how long zlib's adler32() takes for a message of the adler32
 * kernel, to compare the kernel with: `make rooflines`.
 * Prints a JSON object: the shortest time, in seconds per message, of hashing
 * the same messages again and again; each is checked against the kernel. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <zlib.h>

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "bench/tests/kernel_fixture.h"

enum { MESSAGES = 64, MESSAGE_BYTES = 1024, REPETITIONS = 21, TIMES = 40 };

extern const struct kernel kernel_adler32;

struct message {
  unsigned char text[MESSAGE_BYTES];
  uInt length;
  uLong hash;
};

/* From a line `nonce,"message",hash,hit`. */
static void read_message(struct fixture *f, uint64_t item,
                         struct message *message) {
  char *line = fixture_item(f, item, true);
  char *begin = strchr(line, '"') + 1, *end = strrchr(line, '"');
  message->length = (uInt)(end - begin);
  if (message->length > MESSAGE_BYTES)
    abort();
  memcpy(message->text, begin, message->length);
  message->hash = strtoul(end + 2, NULL, 10);
  if (adler32(1, message->text, message->length) != message->hash)
    abort();
  free(line);
}

static int ascending(const void *left, const void *right) {
  const double *a = left, *b = right;
  return (*a > *b) - (*a < *b);
}

int main(void) {
  static struct message messages[MESSAGES];
  static double seconds[REPETITIONS];
  struct fixture f;
  uLong sum = 0;
  fixture_open(&f, &kernel_adler32, "", MESSAGES, NULL);
  for (uint64_t k = 0; k < MESSAGES; k++)
    read_message(&f, k, &messages[k]);
  for (int r = 0; r < REPETITIONS; r++) {
    struct timespec begin, end;
    clock_gettime(CLOCK_MONOTONIC, &begin);
    for (int k = 0; k < TIMES * MESSAGES; k++)
      sum += adler32(1, messages[k % MESSAGES].text,
                     messages[k % MESSAGES].length);
    clock_gettime(CLOCK_MONOTONIC, &end);
    seconds[r] = ((double)(end.tv_sec - begin.tv_sec) +
                  1e-9 * (double)(end.tv_nsec - begin.tv_nsec)) /
                 (TIMES * MESSAGES);
  }
  qsort(seconds, REPETITIONS, sizeof *seconds, ascending);
  printf("{\"message_s\":%.9g,\"sum\":%lu}\n", seconds[0], sum);
  fixture_close(&f);
  return 0;
}
