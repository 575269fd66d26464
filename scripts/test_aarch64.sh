#!/bin/sh
# Runs as AArch64 programs, cross-compiled and under qemu-user, the tests of what
# depends on the processor: of the kernels, with two OpenMP threads; of hand-off
# and transports, between threads and between processes.  What they compute, that
# is: qemu on x86 reorders memory no more than x86 does.  What the harness needs
# besides (hwloc, plans, reports) is left out.
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

# Headers of these are the same everywhere, but beside them lie those of this
# machine's own libc: only they are taken.
mkdir -p "$build/include"
for header in cmocka.h zlib.h zconf.h jansson.h jansson_config.h; do
  found=$(find /usr/include -name "$header" | head -1)
  [ -n "$found" ] || {
    echo "test_aarch64.sh: no $header; install libcmocka-dev, zlib1g-dev and libjansson-dev" >&2
    exit 1
  }
  cp "$found" "$build/include/"
done

# Compiles FILE.c to $build/FILE.o.
compile() {
  mkdir -p "$build/$(dirname "$1")"
  "$cc" -std=c17 -D_GNU_SOURCE -O3 -fopenmp -ffunction-sections -fdata-sections \
    -Wall -Wextra -Werror '-DCORESWEEP_VERSION=""' -I. -isystem "$build/include" \
    -c -o "$build/${1%.c}.o" "$1"
}

# What there is, as the build finds it.  Of plan/, all that includes no hwloc;
# the linker takes what is called, and asks for no more.
sh scripts/registry.sh kernels/*.c -- bench/trial/variants/*.c -- \
  bench/trial/transports/*.c >"$build/registry.c"
"$cc" -std=c17 -I. -c -o "$build/registry.o" "$build/registry.c"
objects=$build/registry.o
for source in kernels/*.c bench/trial/*.c bench/trial/*/*.c bench/plan/*.c; do
  ! grep -q '^#include <hwloc' "$source" || continue
  compile "$source"
  objects="$objects $build/${source%.c}.o"
done

failed=0
tests=0
for source in bench/tests/test_kernels_*.c bench/tests/test_threads.c \
  bench/tests/test_transports.c bench/tests/test_vectors.c; do
  test=$(basename "$source" .c)
  compile "$source"
  # shellcheck disable=SC2086 # a list of names
  "$cc" -fopenmp -Wl,--gc-sections -o "$build/$test" "$build/${source%.c}.o" \
    $objects "$libraries/libcmocka.so.0" "$libraries/libz.so.1" \
    "$libraries/libjansson.so.4" -lm
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
# SVE's vectors, as wide as the machine has them; without SVE, NEON's.
for width in 16:sve=off 16:sve128=on 32:sve256=on 64:sve512=on 256:sve2048=on; do
  tests=$((tests + 1))
  if timeout 120 qemu-aarch64 -L "${AARCH64_ROOT:-/}" \
    -cpu "max,${width#*:}$(case $width in *=on) echo ,sve-default-vector-length=-1 ;; esac)" \
    -E LD_LIBRARY_PATH="$libraries:$cross" -E VECTOR_BYTES="${width%:*}" \
    "$build/test_vectors" >"$build/test_vectors.log" 2>&1; then
    echo "ok    test_vectors (${width#*:}, AArch64)"
  else
    failed=$((failed + 1))
    echo "FAIL  test_vectors (${width#*:})"
    cat "$build/test_vectors.log"
  fi
done
echo "$((tests - failed)) passed, $failed failed"
[ "$failed" -eq 0 ]
