#!/bin/sh
# A kernel that the compiler has emptied is refused by a sweep, by what it
# states against the machine's meters, and by a time that does not grow.
# usage: test_foldable.sh      ($BUILD: the folder that `make tests` built)
set -eu
program=$(realpath "${BUILD:-build}/foldable/coresweep")
. bench/tests/fixture.sh
coresweep=$program
cd "$tmp"

# swept STATUS NAME ARGUMENTS...
swept() {
  wanted=$1
  name=$2
  shift 2
  got=0
  "$coresweep" sweep --quick --variants serial,omp:static --workers 1 \
    --out "$name" "$@" >"$name.out" 2>"$tmp/err" || got=$?
  same "$name: exit status" "$wanted" "$got"
}

# Faster than the machine: in every round, so that there is an interval.
swept 1 faster --kernels foldable --rounds 6 --report
grep -q 'refused; the first: foldable, .* where this machine needs' err ||
  fail 'faster: kernel and numbers expected'
"$coresweep" report --full faster >faster.out
grep -q '^foldable *serial ✗' faster.out || fail 'faster: no mark in the table'
grep -q '^Refused: foldable, ' faster.out || fail 'faster: no reason under the table'
grep -q '"refused": "foldable, ' faster/analysis.json || fail 'faster: nothing in analysis.json'
echo 'ok a kernel that is faster than the machine is refused'

# Without meters: its time stays put while its size doubles.
swept 1 same --kernels foldable --rounds 1 --no-probes
grep -q 'refused; the first: foldable, .* items on, twice the items multiply the time by' err ||
  fail 'same: kernel and numbers expected'
echo 'ok a kernel whose time stays put is refused'

# Too few rounds for an interval, and a size that was not sought.
swept 1 few --kernels foldable --rounds 2 --size 1000000000
grep -q 'refused; the first: foldable, .* where this machine needs' err ||
  fail 'few: kernel and numbers expected'
echo 'ok nor do few rounds or a given size hide it'

# An honest kernel beside it is not: only the other one's results are.
swept 1 beside --kernels foldable,cube --rounds 1 --no-probes
grep -q '2 of 4 results are refused' err || fail 'beside: both results of one refused expected'
echo 'ok other kernels are not'

for variants in 'omp:static textbook' 'textbook omp:static'; do
  got=0
  # shellcheck disable=SC2086 # two words
  set -- $variants
  "$coresweep" trial -k forgetful -v "$1" --beside "$2" >out 2>err || got=$?
  same "forgetful, $variants: exit status" 1 "$got"
  grep -q 'wrong result.*: forgetful: a number is missing' err ||
    fail "forgetful, $variants: what is wrong expected"
done
got=0
"$coresweep" trial -k forgetful -n 1001 -v omp:static -w 2 --oversubscribe \
  --beside serial >out 2>err || got=$?
same 'forgetful serial: exit status' 1 "$got"
grep -q 'trial: serial: wrong result: forgetful: a number is missing' err ||
  fail "forgetful serial: whose result is wrong expected, got: $(cat err)"
echo 'ok a form that does nothing is found beside one that works'

swept 0 honest --kernels cube --rounds 1
echo 'ok nothing is refused where all is honest'
