#!/bin/sh
# What runs the tests: a test that hangs is killed with all that it has started,
# and no test inherits signals as ignored.  And what breaks them: a mutation
# that does not fit is an error.
# usage: test_runner.sh
set -eu
. bench/tests/fixture.sh
mkdir -p "$tmp/bench/tests"

# program NAME: a test, from stdin.
program() {
  { echo '#!/bin/sh'; cat; } >"$tmp/bench/tests/$1"
  chmod +x "$tmp/bench/tests/$1"
}
program good <<'END'
echo 'ok one'
echo 'ok two'
END
program bad <<'END'
echo 'ok one'
echo 'what is wrong'
exit 3
END
program hangs <<'END'
echo 'what it did last'
sleep 1000 &
echo "$!" >"$PIDS"
sleep 1000
END
program listens <<'END'
for signal in HUP INT QUIT TERM PIPE; do
  status=0
  sh -c "kill -s $signal \$\$; sleep 10" || status=$?
  [ "$status" -gt 128 ] || exit 1
done
END

# tests STATUS NAME...
tests() {
  wanted=$1
  shift
  status=0
  BUILD=$tmp PIDS=$tmp/pids sh bench/tests/run.sh "$@" >"$tmp/out" 2>"$tmp/err" || status=$?
  same "exit status of $*" "$wanted" "$status"
}
tests 0 good
grep -q '^ok    good (2 tests, ' "$tmp/out" || fail "two tests expected, got $(cat "$tmp/out")"
tests 1 good bad good
grep -q '^FAIL  bad$' "$tmp/out" || fail 'bad failed: expected'
grep -q '^what is wrong$' "$tmp/out" || fail 'what bad said: expected'
grep -q '^2 passed, 1 failed$' "$tmp/out" || fail "2 passed, 1 failed: expected, got $(cat "$tmp/out")"
echo 'ok tests are counted, and what they say is passed on'

TEST_LIMIT_S=1
export TEST_LIMIT_S
tests 1 hangs good
grep -q '^TIME  hangs: ' "$tmp/out" || fail "hangs is out of time: expected, got $(cat "$tmp/out")"
grep -q '^what it did last$' "$tmp/out" || fail 'what hangs did last: expected'
grep -q '^1 passed, 1 failed$' "$tmp/out" || fail 'the next test: expected to run'
gone() {
  ! kill -0 "$(cat "$tmp/pids")" 2>/dev/null
}
eventually gone || fail 'what hangs has started: expected to be killed'
unset TEST_LIMIT_S
echo 'ok a test that hangs is killed with what it has started'

(
  trap '' HUP INT QUIT TERM PIPE
  tests 0 listens
)
echo 'ok signals that were ignored are not ignored in tests'

printf 'one\ntwo [x]\\n\nthree two\n' >"$tmp/file"
# replaced OLD NEW: what becomes of the file, or "nothing".
replaced() {
  printf '%b' "$1" >"$tmp/old"
  printf '%b' "$2" >"$tmp/new"
  awk -v old="$tmp/old" -v new="$tmp/new" -v path="$tmp/file" \
    -f scripts/replace.awk || echo nothing
}
same 'a text that is not there' nothing "$(replaced four five)"
same 'a text that is there twice' nothing "$(replaced two five)"
same 'a text over two lines' "$(printf 'five\nthree two')" "$(replaced 'one\ntwo [x]\\n' five)"
same 'a text that goes' "$(printf 'one\ntwo [x]\\n\n two')" "$(replaced three '')"
echo 'ok a text is replaced where it is there once'

# refused TEXT WORDS: a list that is no list of mutations.
refused() {
  printf '%b' "$1" >"$tmp/list"
  if awk -v out="$tmp/cut" -f scripts/mutants.awk "$tmp/list" 2>"$tmp/err"; then
    fail "a list was taken: $1"
  fi
  grep -q "$2" "$tmp/err" || fail "$2: expected in the message"
}
whole='mutation a\nmeans b\nfile bench/plan/c.c\n- d\n+ e\ntests f\n'
refused "$whole\n$whole" 'used before'
refused 'mutation a\nmeans b\nfile c\ntests f\n' 'needs'
refused "${whole}what is this\n" 'what is this'
rm -rf "$tmp/cut"
printf '%b' "$whole" >"$tmp/list"
awk -v out="$tmp/cut" -f scripts/mutants.awk "$tmp/list" || fail 'a list was refused'
same 'its room' plan "$(cat "$tmp"/cut/*/room)"
same 'its old text' d "$(cat "$tmp"/cut/*/old)"
echo 'ok lists of mutations that make no sense are refused'
