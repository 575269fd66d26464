#!/bin/sh
# Worker counts that share trials, on 16 simulated CPUs: the plan says so, a
# budget keeps more of them than of what shares none, and shards are the whole.
# usage: test_counts.sh    ($CORESWEEP: the program; default build/coresweep)
set -eu
. bench/tests/fixture.sh
sed 's/"topology": "[^"]*"/"topology": "core:16 pu:1"/' results/machines/amdahl.json >"$tmp/machine.json"
cd "$tmp"
grep -q core:16 machine.json || fail 'a machine of 16 CPUs'

# simulated FOLDER ARGUMENT...
simulated() {
  folder=$1
  shift
  run 0 simulate --machine machine.json --kernels spin,spin/serial=0.05 \
    --variants omp:static,omp:dynamic,pool:static --workers 1,2,8,16 --rounds 6 --no-probes --out "$folder" "$@"
}

# points RUN: each point of its rounds, by workload, variant, workers and round.
points() {
  sed -n 's/.*"phase":"round".*"round":\([0-9]*\).*"workload":"\([^"]*\)".*"requested":"\([^"]*\)","workers":\([0-9]*\),.*/\2 \3 \4 \1/p' "$1/trials.jsonl" | sort
}

simulated whole
points whole >points.whole
same 'points and rounds' $((2 * (1 + 3 * 4) * 6)) "$(wc -l <points.whole)"
same 'trials that eight points share' $((2 * 6)) \
  "$(grep -c '"shared":8,"shared_place":1,' whole/trials.jsonl)"
grep '"shared_place":1,' whole/trials.jsonl | grep -v '"workers":16,' &&
  fail 'the most workers first'
same 'points of the plan that share the first trial' 8 "$(grep -c '"trial": 2$' whole/plan.json)"
echo 'ok the plan says which worker counts share a trial'

for shard in 1 2; do simulated "s$shard" --shard "$shard/2"; done
run 0 merge s1 s2 --out merged
points merged | diff points.whole - >&2 || fail 'merged shards are the whole'
listed() { sed -n '/^ "points"/,/^ \]/p' "$1/plan.json"; }
listed whole >listed.whole
same 'points that share a trial' 16 "$(grep -c '"trial": [0-9]' listed.whole)"
listed merged | diff listed.whole - >&2 || fail 'which of them share a trial is told of merged ones, too'
cp s1/plan.json was
awk '/"trial": 2$/ && ++n == 3 { sub(/2$/, "3") } { print }' was >s1/plan.json
run 2 merge s1 s2 --out refused
grep -q '].trial" is 3: want the place of the first' err || fail "a trial that none begins, got $(cat err)"
echo 'ok shards are the whole'

run 0 simulate --machine machine.json --kernels spin,cube --variants omp:static,pool:static \
  --workers 1,2,4,8,16 --budget 30s --out short
grep -q 'one and the most workers alone, but of what shares' short/plan.json ||
  fail "counts that share no trial are left out first, got $(grep -A9 left_out short/plan.json)"
same 'workers of pool:static' '1 16 ' \
  "$(sed -n 's/.*"phase":"round".*"requested":"pool:static","workers":\([0-9]*\),.*/\1/p' short/trials.jsonl | sort -nu | tr '\n' ' ')"
counts=$(sed -n 's/.*"phase":"round".*"workload":"spin".*"requested":"omp:static","workers":\([0-9]*\),.*/\1/p' short/trials.jsonl | sort -u | wc -l)
[ "$counts" -gt 2 ] || fail "more than two worker counts of omp:static expected, got $counts"
run 0 analyze short
run 0 report short
echo 'ok a budget keeps the worker counts that share trials'
