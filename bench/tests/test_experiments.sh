#!/bin/sh
# The experiments on overheads from outside: overheads, bare, breakeven and
# granularity run, check their results, and leave the files that they promise.
# No number is looked at: those depend on the machine.
# usage: test_experiments.sh       ($CORESWEEP: the program)
set -eu

program=${CORESWEEP:-build/coresweep}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

fail() {
  echo "not ok $*"
  [ ! -s "$folder/err" ] || cat "$folder/err"
  exit 1
}

holds() {
  for file in "$@"; do
    [ -s "$folder/$file" ] || fail "$file is there"
  done
}

all_ok() {
  grep -vq '"status":"ok"' "$folder/$1/trials.jsonl" &&
    fail "every trial of $1 is ok"
  return 0
}

"$program" bare pingpong --repetitions 200 --json >"$folder/out" 2>"$folder/err" ||
  fail "bare pingpong runs"
"$program" bare region --repetitions 200 >"$folder/out" 2>"$folder/err" ||
  fail "bare region runs"
echo "ok bare"

"$program" overheads --quick --rounds 6 --workers 1 --out "$folder/o" \
  >"$folder/out" 2>"$folder/err" || fail "overheads runs"
holds o/overheads.json o/trials.jsonl
all_ok o
for words in 'team start-up' 'empty region' 'round trip' 'per chunk' transport memory; do
  grep -q "$words" "$folder/out" || fail "overheads tells of: $words"
done
echo "ok overheads"

"$program" breakeven --quick --rounds 6 --kernels cube/preset=tutorial-5000 \
  --variants pool:static --oversubscribe --out "$folder/b" \
  >"$folder/out" 2>"$folder/err" || fail "breakeven runs"
holds b/breakeven.json b/trials.jsonl
all_ok b
grep -q 'at 5 000' "$folder/out" || fail "breakeven tells of the preset's own size"
echo "ok breakeven"

"$program" granularity --quick --rounds 6 --kernels spin --variants pool:dynamic \
  --oversubscribe --out "$folder/g" >"$folder/out" 2>"$folder/err" ||
  fail "granularity runs"
holds g/granularity.json g/trials.jsonl
all_ok g
echo "ok granularity"

"$program" sweep --scaling weak --rounds 2 --size 50 --kernels spin \
  --variants omp:static --workers 1,2 --oversubscribe --out "$folder/w" \
  >"$folder/out" 2>"$folder/err" || fail "sweep --scaling weak runs"
grep -q '"workers":2,.*"size":100,' "$folder/w/trials.jsonl" ||
  fail "under weak scaling two workers do twice the items"
all_ok w
echo "ok sweep --scaling weak"
