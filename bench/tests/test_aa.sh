#!/bin/sh
# coresweep aa: on a simulated machine the same every time, and a short real
# one, of which only the form is looked at.
# usage: test_aa.sh    ($CORESWEEP: the program; default build/coresweep)
set -eu
. bench/tests/fixture.sh
machines=$(realpath results/machines)
cd "$tmp"

has() {
  grep -q -- "$1" out || fail "not said: $1"
}

cloud=$machines/noisy-cloud.json
run 0 aa --machine "$cloud" --sweeps 1000
has '^simulated: noisy cloud'
has 'serial in blocks with serial, regions of .*: 1000 sweeps of 9 trials'
has '^1 is within the interval of 9[0-9]* of 1000\.  Differences .* [0-9.]*% (95% interval [0-9.]*% to [0-9.]*%); 3.9% are expected'
has '^Enough: at least 936 of 1000 have to hold it'
mv out first
run 0 aa --machine "$cloud" --sweeps 1000
cmp -s out first || fail "the same machine and seed gave another outcome"
run 0 aa --machine "$cloud" --sweeps 1000 --json
same 'sweeps as JSON' ' "sweeps": 1000,' "$(grep '"sweeps"' out)"
same 'differences as JSON' "$((1000 - $(sed -n 's/^1 is within the interval of \([0-9]*\) .*/\1/p' first)))" \
  "$(sed -n 's/^ "found": \([0-9]*\),$/\1/p' out)"
grep -q '^Enough: ' err || fail 'with --json, all else is on stderr'
run 2 aa --machine "$cloud" --json --csv
run 0 aa --machine "$cloud" --sweeps 1000 --seed 2
! cmp -s out first || fail "another seed gave the same outcome"
echo "ok simulated: 1000 sweeps, the same every time"

rate=$(sed -n 's/.*not there: \([0-9.]*\)%.*/\1/p' first)
awk -v rate="$rate" 'BEGIN { exit !(rate > 0.5 && rate < 7.1) }' ||
  fail "a rate of $rate%, which is not 5% or less within 3 standard errors"
echo "ok the rate is at most 5%, within 3 standard errors"

run 0 aa --sweeps 2 --rounds 6
has ': 2 sweeps of 6 trials, one to each in turn'
has '^1 is within the interval of [0-2] of 2\.'
has 'nothing is concluded'
run 0 aa --sweeps 2 --rounds 6 --out kept --csv
same 'rows of aa' 2 "$(wc -l <out | tr -d ' ')"
same 'its sweeps and trials' 'sweeps,trials 2,6' "$(cut -d , -f 2,3 out | tr '\n' ' ' | sed 's/ $//')"
grep -q ': 2 sweeps of 6 trials' err || fail 'with --csv, all else is on stderr'
mv out aa.csv
run 0 report kept --csv
cmp -s out aa.csv || fail 'report --csv knows a run of aa'
run 0 report kept --json
cmp -s out kept/aa.json || fail 'and its JSON'
found=$(sed -n 's/^ "found": \([0-9]*\),$/\1/p' kept/aa.json)
grep -q "<h1>serial beside itself: 1 is within the interval of $((2 - found)) of 2</h1>" kept/report.html ||
  fail 'a page with its outcome expected'
same 'sweeps that are drawn' 2 "$(grep -c '^point' kept/charts/sweeps.tsv)"
same 'those that exclude 1' "$found" "$(grep -c '^point.*1 is outside' kept/charts/sweeps.tsv || :)"
! command -v gnuplot >/dev/null || grep -q '<figcaption><h3>serial beside itself: ' kept/report.html ||
  fail 'the sweeps are drawn on its page'
echo "ok real trials"

run 2 aa --rounds 5
grep -q -- '--rounds 5' err || fail "--rounds 5: the message does not name it"
run 2 aa --machine nothing.json
grep -q 'nothing.json' err || fail "nothing.json is not named"
run 2 aa surplus
echo "ok wrong options are refused"
