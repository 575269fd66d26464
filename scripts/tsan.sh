#!/bin/sh
# Runs programs that were built with clang's thread sanitizer: those with a race
# must be found, and then no other may have one.  Archer tells the sanitizer
# what LLVM's OpenMP orders, which it does not see by itself.
# usage: tsan.sh TEST...      (names; $BUILD says where they lie)
set -eu
build=${BUILD:-build-tsan}
racy=$build/bench/tests/tsan/racy
seconds=${TEST_LIMIT_S:-600}
found=66 # the status of a program in which the sanitizer found something

log=$(mktemp)
trap 'rm -f "$log"' EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM

library=$(ldd "$racy" | sed -n 's/.*libomp[^ ]* => \([^ ]*\).*/\1/p' | head -1)
archer=$(dirname "$(realpath "${library:-/}")")/libarcher.so
[ -e "$archer" ] || {
  echo "tsan.sh: no libarcher.so beside ${library:-the OpenMP library of $racy}; install libomp-dev" >&2
  exit 1
}
OMP_TOOL_LIBRARIES=$archer
options="ignore_noninstrumented_modules=1 exitcode=$found${TSAN_OPTIONS:+ $TSAN_OPTIONS}"
known=$PWD/bench/tests/tsan/suppressions.txt
export OMP_TOOL_LIBRARIES

# Some threads, on a machine with one CPU too.
run() {
  status=0
  OMP_NUM_THREADS=4 TSAN_OPTIONS="$options" timeout -k 10 "$seconds" "$@" >"$log" 2>&1 || status=$?
}

for race in omp handoff; do
  run "$racy" "$race"
  if [ "$status" != "$found" ] || ! grep -q 'ThreadSanitizer: data race' "$log"; then
    cat "$log"
    echo "tsan.sh: racy $race has a race that was not found: nothing is to be believed" >&2
    exit 1
  fi
  echo "ok    racy $race: found, as it must be"
done

failed=0
# clean PROGRAM WORDS...: no race in it.
clean() {
  begin=$(date +%s)
  words=$*
  program=$build/bench/tests/$1
  shift
  run "$program" "$@"
  if [ "$status" = 0 ] && ! grep -q 'WARNING: ThreadSanitizer' "$log"; then
    echo "ok    $words ($(($(date +%s) - begin)) s)"
    return
  fi
  failed=$((failed + 1))
  echo "FAIL  $words"
  grep -v -E '^\[ RUN|^\[       OK' "$log" || :
}

clean tsan/teams omp:static omp:dynamic omp:guided textbook
for test in "$@"; do
  clean "$test"
done
folder=$(mktemp -d)
clean tsan/observed "$folder"
rm -rf "$folder"
options="$options suppressions=$known"
clean tsan/teams omp:tasks
echo "$failed failed"
[ "$failed" = 0 ]
