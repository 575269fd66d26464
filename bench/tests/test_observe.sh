#!/bin/sh
# Programs that stamp themselves, beside their observer: it tells of each
# construct of OpenMP what they do, within 1% and 1 us an event; built by gcc and
# clang, with and without optimisation and debug information.
# usage: test_observe.sh ($BUILD: where the observer lies)
set -eu
. bench/tests/fixture.sh
build=$(realpath "${BUILD:-build}")
observer=$build/coresweep-observe.so
check=$build/bench/tests/observe/check
export OMP_NUM_THREADS=2 OMP_MAX_ACTIVE_LEVELS=2 OMP_CANCELLATION=true
unset OMP_TOOL_LIBRARIES LD_PRELOAD

all='plain barrier dynamic guided sections copyprivate critical named lock
  nest_lock ordered tasks taskloop reductions nested resized cancelled doacross'
few='plain critical tasks'
old='old_plain old_nested old_static old_dynamic old_guided old_runtime
  old_sections'

# observed NAME CONSTRUCT: the program with its observer; 1: they differ.
observed() {
  rm -rf "$tmp/told" "$tmp/before"
  mkdir "$tmp/told"
  CORESWEEP_OBSERVE=$tmp/told LD_PRELOAD=$observer \
    "$tmp/$1" "$2" "$tmp/before" >"$tmp/truth" || fail "$1 $2 runs observed"
  "$check" "$tmp/truth" "$tmp/before" "$tmp/told"/* >"$tmp/differs"
}

# A thread may lose its CPU between the program's stamp and the observer's: what
# differs is asked again, and wrong when it always does.
agrees() {
  for try in $(seq 30); do
    status=0
    observed "$1" "$2" || status=$?
    [ "$status" = 1 ] || break
  done
  [ "$status" = 0 ] || {
    cat "$tmp/differs"
    fail "$1 $2: the observer agrees, at least once in $try times"
  }
}

# built NAME CONSTRUCTS COMPILER FLAG...: of $sources
built() {
  name=$1
  constructs=$2
  shift 2
  command -v "$1" >/dev/null || {
    echo "skipped: $name, for there is no $1"
    return 0
  }
  # shellcheck disable=SC2086 # several files
  "$@" -fopenmp -o "$tmp/$name" $sources 2>"$tmp/said" || {
    cat "$tmp/said"
    fail "$name is built"
  }
  case $name in *stripped) strip "$tmp/$name" ;; esac
  for construct in $constructs; do
    agrees "$name" "$construct"
  done
  echo "ok $name: $(echo "$constructs" | wc -w) constructs agree"
}

here=bench/tests/observe
sources=$here/constructs.c
for kind in regions loops locks tasks; do
  sources="$sources $here/constructs_$kind.c"
done
built gcc "$all" gcc -O2 -g
built clang "$all" clang -O2 -g
built gcc-O0 "$few" gcc -O0
built gcc-O1-exceptions "$few" gcc -O1 -fexceptions
built gcc-O3-stripped "$few" gcc -O3
built g++ "$few throwing" g++ -x c++ -O2
built clang-O0 "$few" clang -O0
built clang++-stripped "$few throwing" clang++ -x c++ -O3
# What compilers before GCC 4.9 called, by name.
sources="$sources $here/constructs_old.c"
built gcc-before-4.9 "$old" gcc -O2 -DOLD_ENTRIES
sources=$here/constructs.f90
built gfortran 'lock critical workshare' gfortran -O2
