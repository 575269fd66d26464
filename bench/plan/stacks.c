#include "bench/plan/stacks.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>

/* No function has more than 32 KiB (scripts/lint.sh), and as many again go to
 * arguments, libraries and a kernel; a thread's begins with what each thread
 * has of its own, 17 KiB, and calls less. */
enum { KIB = 1024, LEAST = 256 * KIB, LEAST_OF_THREAD = 128 * KIB };

/* RLIMIT_STACK in bytes; 0: none, or not told. */
static uintmax_t own_bytes(void) {
  struct rlimit limit;
  bool told = getrlimit(RLIMIT_STACK, &limit) == 0;
  return told && limit.rlim_cur != RLIM_INFINITY ? limit.rlim_cur : 0;
}

int stacks_check(struct problem *problem) {
  uintmax_t bytes = own_bytes();
  if (bytes == 0 || bytes >= LEAST)
    return PROBLEM_NONE;
  return problem_usage(problem,
                       "RLIMIT_STACK (ulimit -s) is %ju KiB: the stack is too "
                       "small; want %d KiB at least, as after `ulimit -s 8192`",
                       bytes / KIB, LEAST / KIB);
}

/* "512", which is KiB, or "2M"; 0 for what the runtime does not take, and then
 * leaves.  Source: OpenMP 5.2, OMP_STACKSIZE. */
static uintmax_t read_size(const char *text) {
  static const char letters[] = "bkmg";
  char *end;
  text += strspn(text, " \t");
  if (!isdigit((unsigned char)*text))
    return 0;
  errno = 0;
  uintmax_t size = strtoumax(text, &end, 10), unit = KIB;
  end += strspn(end, " \t");
  const char *letter = *end ? strchr(letters, tolower((unsigned char)*end)) : 0;
  if (letter) {
    unit = UINTMAX_C(1) << (10 * (letter - letters));
    end += 1 + strspn(end + 1, " \t");
  }
  return *end || errno || size > UINTMAX_MAX / unit ? 0 : size * unit;
}

/* Whether the system gives so much at once. */
static bool can_be_had(uintmax_t bytes) {
  if (bytes > SIZE_MAX)
    return false;
  void *stack = mmap(NULL, (size_t)bytes, PROT_READ | PROT_WRITE,
                     MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, -1, 0);
  if (stack != MAP_FAILED)
    munmap(stack, (size_t)bytes);
  return stack != MAP_FAILED;
}

int stacks_check_threads(struct problem *problem) {
  static const char *const names[] = {"OMP_STACKSIZE", "OMP_STACKSIZE_ALL",
                                      "GOMP_STACKSIZE"};
  uintmax_t own = own_bytes();
  bool set = false;
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    const char *text = getenv(names[i]);
    uintmax_t bytes = text ? read_size(text) : 0;
    set = set || bytes > 0;
    if (bytes > 0 && (bytes < LEAST_OF_THREAD || !can_be_had(bytes)))
      return problem_usage(problem,
                           "%s=%.40s is set: %s; want %d KiB at least, as in "
                           "%s=2M, or unset it",
                           names[i], text,
                           bytes < LEAST_OF_THREAD
                               ? "too small a stack for OpenMP's threads"
                               : "the system gives no such stack",
                           LEAST_OF_THREAD / KIB, names[i]);
  }
  if (set || own == 0 || can_be_had(own))
    return PROBLEM_NONE;
  return problem_usage(problem,
                       "RLIMIT_STACK (ulimit -s) is %ju KiB: threads would "
                       "have as large a stack each, which the system does not "
                       "give; lower it, as by `ulimit -s 8192`, or set "
                       "OMP_STACKSIZE=2M",
                       own / KIB);
}
