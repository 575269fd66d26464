#!/bin/sh
# The experiments on overheads from outside: overheads, breakeven and
# granularity run, check their results, and leave the files that they promise.
# No number is looked at: those depend on the machine.
# usage: test_experiments.sh       ($CORESWEEP: the program)
set -eu
. bench/tests/fixture.sh

holds() {
  for file in "$@"; do
    [ -s "$tmp/$file" ] || fail "$file is there"
  done
}

all_ok() {
  grep -vq '"status":"ok"' "$tmp/$1/trials.jsonl" &&
    fail "every trial of $1 is ok"
  return 0
}

"$coresweep" overheads --quick --rounds 6 --workers 1 --out "$tmp/o" \
  >"$tmp/out" 2>"$tmp/err" || fail "overheads runs"
holds o/overheads.json o/trials.jsonl
all_ok o
for words in 'team start-up' 'empty region' 'round trip' 'per chunk' transport memory; do
  grep -q "$words" "$tmp/out" || fail "overheads tells of: $words"
done
echo "ok overheads"

"$coresweep" breakeven --quick --rounds 6 --kernels cube/preset=tutorial-5000 \
  --variants pool:static --oversubscribe --out "$tmp/b" \
  >"$tmp/out" 2>"$tmp/err" || fail "breakeven runs"
holds b/breakeven.json b/trials.jsonl
all_ok b
grep -q 'at 5 000' "$tmp/out" || fail "breakeven tells of the preset's own size"
echo "ok breakeven"

"$coresweep" granularity --quick --rounds 6 --kernels spin --variants pool:dynamic \
  --oversubscribe --out "$tmp/g" >"$tmp/out" 2>"$tmp/err" ||
  fail "granularity runs"
holds g/granularity.json g/trials.jsonl
all_ok g
# 32 tasks a worker, each a chunk.
sed -n 's/.*"requested":"pool:dynamic,\([0-9]*\)","workers":\([0-9]*\),.*"size":\([0-9]*\),.*/\1 \2 \3/p' "$tmp/g/trials.jsonl" |
  awk '{ n++; if ($3 != 32 * $1 * $2) { print; odd = 1 } } END { exit !n || odd }' >"$tmp/odd" ||
  fail "32 tasks for each worker expected, got chunks, workers and items: $(cat "$tmp/odd")"
echo "ok granularity"
status=0
"$coresweep" breakeven --kernels adler32/mode=first --out "$tmp/s" \
  >"$tmp/out" 2>"$tmp/err" || status=$?
[ "$status" = 2 ] || fail "breakeven of a search: exit status 2 expected, got $status"
grep -q 'stops at its first hit' "$tmp/err" || fail "breakeven of a search: why not, expected"
echo "ok a search has no break-even"

"$coresweep" sweep --scaling weak --rounds 2 --size 50 --kernels spin \
  --variants omp:static --workers 1,2 --oversubscribe --out "$tmp/w" \
  >"$tmp/out" 2>"$tmp/err" || fail "sweep --scaling weak runs"
grep -q '"workers":2,.*"size":100,' "$tmp/w/trials.jsonl" ||
  fail "under weak scaling two workers do twice the items"
all_ok w
echo "ok sweep --scaling weak"
