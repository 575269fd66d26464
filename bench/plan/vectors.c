#include "bench/plan/vectors.h"

#include "kernels/kernel.h"

#include <errno.h>
#include <sys/prctl.h>

enum { NEON_BYTES = 16, SVE_BYTES_MOST = 256 };

/* Where the C library is older than SVE. */
#ifndef PR_SVE_GET_VL
#define PR_SVE_GET_VL 51
#endif
#ifndef PR_SVE_VL_LEN_MASK
#define PR_SVE_VL_LEN_MASK 0xffff
#endif

/* Source: Linux, Documentation/arch/arm64/sve.rst, section 5. */
int vectors_sve_bytes(int told, int error) {
  int bytes = told & PR_SVE_VL_LEN_MASK; /* flags lie above */
  if (told < 0)
    return error == EINVAL ? NEON_BYTES : 0;
  return bytes >= NEON_BYTES && bytes <= SVE_BYTES_MOST &&
                 bytes % NEON_BYTES == 0
             ? bytes
             : 0;
}

int vectors_machine_bytes(void) {
#if defined __aarch64__
  int told = prctl(PR_SVE_GET_VL);
  return vectors_sve_bytes(told, errno);
#elif defined __x86_64__
  return __builtin_cpu_supports("avx512f") ? 64
         : __builtin_cpu_supports("avx2")  ? 32
                                           : 16;
#else
  return 0;
#endif
}

int vectors_check(int built, bool fixed, int machine, struct problem *problem) {
  if (machine == 0 || (fixed ? built == machine : built <= machine))
    return PROBLEM_NONE;
  return problem_usage(problem,
                       "this program was built for vectors of %d bytes, and "
                       "may use those of %d here: build it on this machine, or "
                       "with make ARCH=",
                       built, machine);
}

int vectors_check_here(struct problem *problem) {
#if defined __ARM_FEATURE_SVE_BITS && __ARM_FEATURE_SVE_BITS > 0
  return vectors_check(__ARM_FEATURE_SVE_BITS / 8, true,
                       vectors_machine_bytes(), problem);
#else
  return vectors_check(KERNEL_VECTOR_BYTES, false, vectors_machine_bytes(),
                       problem);
#endif
}
