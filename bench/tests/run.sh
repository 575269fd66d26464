#!/bin/sh
# Runs the test programs one after the other and adds up what they say.
# usage: run.sh TEST...     (names; $BUILD says where they lie)
set -u
BUILD=${BUILD:-build}
passed=0
failed=0
log=$(mktemp)
trap 'rm -f "$log"' EXIT

# A script tests from outside, a program from inside.
run() {
  case $1 in
  *.sh) sh "bench/tests/$1" ;;
  *) "$BUILD/bench/tests/$1" ;;
  esac
}

for test in "$@"; do
  begin=$(date +%s)
  if run "$test" >"$log" 2>&1; then
    passed=$((passed + 1))
    echo "ok    $test ($(grep -c -E '^\[       OK \]|^ok ' "$log") tests, $(($(date +%s) - begin)) s)"
  else
    failed=$((failed + 1))
    echo "FAIL  $test"
    grep -v -E '^\[ RUN|^\[       OK|^ok ' "$log"
  fi
done
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
