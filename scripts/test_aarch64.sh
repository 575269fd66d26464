#!/bin/sh
# Runs the kernels' tests as AArch64 programs: cross-compiled, under qemu-user,
# with two OpenMP threads.  The kernels and nothing else: what the harness needs
# besides (hwloc, jansson) does not depend on the processor.
# usage: test_aarch64.sh      ($AARCH64_CC; $BUILD: BUILD-aarch64 is written to)
#
# scripts/deps.sh aarch64 installs what it needs, or names it.  Loader and C
# library both come from libc6:arm64: those of the cross-compiler's package may
# be another build, and with one's loader and the other's library a program
# hangs where it creates its first thread.
set -eu
cc=${AARCH64_CC:-aarch64-linux-gnu-gcc}
build=${BUILD:-build}-aarch64
libraries=${AARCH64_LIBRARIES:-/usr/lib/aarch64-linux-gnu}
cross=${AARCH64_CROSS:-/usr/aarch64-linux-gnu/lib} # libgomp

# Headers of cmocka and zlib are the same everywhere, but beside them lie those
# of this machine's own libc: only the two are taken.
mkdir -p "$build/include"
for header in cmocka.h zlib.h zconf.h; do
  found=$(find /usr/include -name "$header" | head -1)
  [ -n "$found" ] || {
    echo "test_aarch64.sh: no $header; install libcmocka-dev and zlib1g-dev" >&2
    exit 1
  }
  cp "$found" "$build/include/"
done

# The kernels that there are, as the build finds them.
sh scripts/registry.sh kernels/*.c -- >"$build/registry.c"

failed=0
tests=0
for source in bench/tests/test_kernels_*.c; do
  test=$(basename "$source" .c)
  # What a test needs of the harness besides kernels, it names itself.
  also=$(sed -n 's|^#include "\(bench/[a-z/]*\)\.h".*|\1.c|p' "$source" |
    while read -r file; do [ ! -e "$file" ] || echo "$file"; done)
  # shellcheck disable=SC2086 # a list of names
  "$cc" -std=c17 -D_GNU_SOURCE -O3 -fopenmp -Wall -Wextra -Werror -I. \
    -isystem "$build/include" -o "$build/$test" "$source" "$build/registry.c" \
    kernels/*.c $also \
    "$libraries/libcmocka.so.0" "$libraries/libz.so.1" -lm
  tests=$((tests + 1))
  if timeout 120 qemu-aarch64 -L "${AARCH64_ROOT:-/}" \
    -E LD_LIBRARY_PATH="$libraries:$cross" -E OMP_NUM_THREADS=2 \
    "$build/$test" >"$build/$test.log" 2>&1; then
    echo "ok    $test ($(grep -c '^\[       OK \]' "$build/$test.log") tests, AArch64)"
  else
    failed=$((failed + 1))
    echo "FAIL  $test"
    grep -v -E '^\[ RUN|^\[       OK' "$build/$test.log"
  fi
done
echo "$((tests - failed)) passed, $failed failed"
[ "$failed" -eq 0 ]
