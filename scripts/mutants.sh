#!/bin/sh
# Breaks a copy of the checkout, one mutation at a time, and counts how many of
# them the tests catch, by room.  See bench/tests/mutants/README.md.
# usage: mutants.sh [WORD...]     (in the project's folder)
#   WORD: a room, or a part of names; without any, all mutations
# Exits 1 when fewer than 90% are caught, or an entry is wrong.
set -eu

TEST_LIMIT_S=${TEST_LIMIT_S:-120}
FAULTS=${FAULTS:-40} # kills in test_faults: a fault that is there shows early
export TEST_LIMIT_S FAULTS BUILD=build CORESWEEP=build/coresweep
top=$PWD
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM
copy=$work/copy
results=$work/results
mkdir "$copy" "$work/list"
: >"$results"
errors=0

error() {
  printf 'error      %s: %s\n' "$1" "$2"
  errors=$((errors + 1))
}

# give_up LOG WORDS: nothing can be said of any mutation.
give_up() {
  cat "$1" >&2
  printf 'mutants.sh: %s\n' "$2" >&2
  exit 1
}

# What is in git or could be, as it is now.
copy_checkout() {
  sh scripts/sources.sh '*' >"$work/files"
  tar -cf - -T "$work/files" | tar -xf - -C "$copy"
}

# The program, and the tests that are named.
build() {
  targets=$CORESWEEP
  for test in "$@"; do
    case $test in
    test_foldable.sh | test_watch.sh) targets="$targets $BUILD/foldable/coresweep" ;;
    test_program.sh) targets="$targets $BUILD/bench/tests/programs/known" ;;
    test_observe*.sh)
      targets="$targets $BUILD/coresweep-observe.so"
      targets="$targets $BUILD/bench/tests/observe/check $BUILD/bench/tests/observe/told"
      ;;
    *.sh) ;;
    *) targets="$targets $BUILD/bench/tests/$test" ;;
    esac
  done
  # shellcheck disable=SC2086 # a list of plain names
  make -s -j"$(nproc)" BUILD="$BUILD" CFLAGS=-O1 ARCH= $targets \
    >"$work/build.log" 2>&1
}

wanted() {
  [ -n "$words" ] || return 0
  for word in $words; do
    [ "$word" != "$(cat "$1/room")" ] || return 0
    case $(cat "$1/name") in *"$word"*) return 0 ;; esac
  done
  return 1
}

# Every test that is named must pass as long as nothing is broken.
try_unbroken() {
  tests=$(for entry in "$work"/list/*; do
    if wanted "$entry"; then tr ' ' '\n' <"$entry/tests"; echo; fi
  done | sed '/^$/d' | sort -u)
  [ -n "$tests" ] || give_up /dev/null "no mutation is called $words"
  for test in $tests; do
    case $test in
    *.sh) file=bench/tests/$test ;;
    *) file=bench/tests/$test.c ;;
    esac
    [ -e "$file" ] || give_up /dev/null "there is no test called $test"
  done
  # shellcheck disable=SC2086
  build $tests || give_up "$work/build.log" 'it does not build'
  # shellcheck disable=SC2086
  sh bench/tests/run.sh $tests >"$work/test.log" 2>&1 ||
    give_up "$work/test.log" 'tests fail without any mutation'
  cp -a "$BUILD" "$work/build"
}

# The file as it was, and what was built of it out of date; but nearly all is
# built of a header, and that is taken from the copy.
restore() {
  case $1 in
  *.h)
    cp -p "$work/whole" "$1"
    rm -rf "$BUILD"
    cp -a "$work/build" "$BUILD"
    ;;
  *) cat "$work/whole" >"$1" ;;
  esac
}

run_test() {
  sh bench/tests/run.sh "$1" >"$work/test.log" 2>&1
}

is_busy() {
  awk -v cpus="$(nproc)" '{ exit !($1 > 2 * cpus) }' /proc/loadavg
}

# The first test that fails; "" when none does.  One that runs out of time on a
# busy machine has another try.
caught_by() {
  for test in $1; do
    if run_test "$test"; then
      continue
    elif ! grep -q '^TIME' "$work/test.log"; then
      echo "$test"
      return
    elif ! is_busy || ! run_test "$test"; then
      ! grep -q '^TIME' "$work/test.log" || test="$test, out of time"
      echo "$test"
      return
    fi
  done
}

try() {
  entry=$1
  name=$(cat "$entry/name") path=$(cat "$entry/path")
  tests=$(cat "$entry/tests") by=
  [ -e "$top/$path" ] || { error "$name" "there is no $path"; return 0; }
  if ! awk -v old="$entry/old" -v new="$entry/new" -v path="$path" \
      -f "$top/scripts/replace.awk" >"$work/broken"; then
    error "$name" "its text is not in $path exactly once"
    return 0
  fi
  cp -p "$path" "$work/whole"
  cat "$work/broken" >"$path"
  # shellcheck disable=SC2086
  if build $tests; then
    by=$(caught_by "$tests")
  else
    case $path in
    *.[ch])
      error "$name" "does not build: $(grep -m 1 -i error "$work/build.log")" ;;
    *) by="the build" ;;
    esac
  fi
  restore "$path"
  [ -n "$by" ] || ! grep -q -i error "$work/build.log" || return 0
  verdict=survived
  [ -z "$by" ] || verdict=caught
  printf '%s\t%s\t%s\t%s\n' "$verdict" "$(cat "$entry/room")" "$name" \
    "$(cat "$entry/survives")" >>"$results"
  printf '%-10s %s%s\n' "$verdict" "$name" "${by:+ (by $by)}"
}

words=$*
awk -v out="$work/list" -f scripts/mutants.awk bench/tests/mutants/*.txt
copy_checkout
cd "$copy"
try_unbroken
for entry in "$work"/list/*; do
  if wanted "$entry"; then try "$entry"; fi
done
awk -v errors="$errors" -f "$top/scripts/mutants_table.awk" "$results"
