#!/bin/sh
# Instructions of a region in blocks (omp:static) by those with the plain
# directive on the kernel's own loop (textbook), by one worker.  Counted by
# valgrind, so no load matters: it tells whether the compiler made the same of
# both, where times cannot.  A ratio outside of 0.98 to 1.02 is a failure.
# usage: textbook_instructions.sh PROGRAM      (`make textbook-instructions`)
#
# valgrind knows no AVX-512: on such a machine build with ARCH=x86-64-v3.
set -eu

[ $# -eq 1 ] || { echo "usage: textbook_instructions.sh PROGRAM" >&2; exit 2; }
log=$(mktemp)
trap 'rm -f "$log"' EXIT
trap 'exit 130' INT TERM
# Set, so that the program need not start itself anew with it.
export OMP_WAIT_POLICY=passive

# instructions PROGRAM KERNEL ITEMS VARIANT ITERATIONS: of the whole trial
instructions() {
  valgrind --tool=callgrind --callgrind-out-file=/dev/null "$1" trial \
    --kernel "$2" --size "$3" --variant "$4" --iterations "$5" --warmups 0 \
    >/dev/null 2>"$log" || :
  counted=$(sed -n 's/.*Collected : *//p' "$log")
  [ -n "$counted" ] || { cat "$log" >&2; return 1; }
  echo "$counted"
}

# What 20 more regions need: without the start, the input and the checks.
regions() {
  more=$(instructions "$1" "$2" "$3" "$4" 21)
  less=$(instructions "$1" "$2" "$3" "$4" 1)
  echo $((more - less))
}

failed=0
while read -r kernel items; do
  blocks=$(regions "$1" "$kernel" "$items" omp:static)
  directive=$(regions "$1" "$kernel" "$items" textbook)
  awk -v kernel="$kernel" -v a="$blocks" -v b="$directive" 'BEGIN {
    kept = a / b >= 0.98 && a / b <= 1.02
    printf "%-10s %11.0f in blocks / %11.0f with the directive: %.4f  %s\n",
      kernel, a / 20, b / 20, a / b, kept ? "PASS" : "MISS"
    exit !kept }' || failed=1
done <<TABLE
cube 400000
rowcount 100000
rangesum 20
adler32 10000
spin 500
TABLE
exit "$failed"
