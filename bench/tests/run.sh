#!/bin/sh
# Runs the test programs one after the other and adds up what they say.
# usage: run.sh TEST...     (names; $BUILD says where they lie)
#   $TEST_LIMIT_S: seconds that a test may take (300); past it the test is
#   killed with all that it has started, and has failed
set -u
BUILD=${BUILD:-build}
TEST_LIMIT_S=${TEST_LIMIT_S:-300}
passed=0
failed=0
running=
log=$(mktemp)
trap 'rm -f "$log"' EXIT
trap '[ -z "$running" ] || kill "$running"; exit 1' HUP INT TERM

# A script tests from outside, a program from inside.  Each is a process group
# of its own, in the background so that this shell hears what ends it; and what
# ends a test by signal must not find it ignored (nohup, or that background).
run() {
  case $1 in
  *.sh) set -- sh "bench/tests/$1" ;;
  *) set -- "$BUILD/bench/tests/$1" ;;
  esac
  env --default-signal timeout -k 10 "$TEST_LIMIT_S" "$@" &
  running=$!
  wait "$running"
  status=$?
  running=
  return "$status"
}

for test in "$@"; do
  begin=$(date +%s)
  run "$test" >"$log" 2>&1
  case $status in
  0)
    passed=$((passed + 1))
    echo "ok    $test ($(grep -c -E '^\[       OK \]|^ok ' "$log") tests, $(($(date +%s) - begin)) s)"
    continue
    ;;
  124 | 137) echo "TIME  $test: killed, not done after $TEST_LIMIT_S s" ;;
  *) echo "FAIL  $test" ;;
  esac
  failed=$((failed + 1))
  grep -v -E '^\[ RUN|^\[       OK|^ok ' "$log"
done
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
