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
has '1000 sweeps of 15 rounds'
has ' of 1000, [0-9.]*% (95% interval [0-9.]*% to [0-9.]*%); 3.5% are expected'
has '^No more than the 5%'
mv out first
run 0 aa --machine "$cloud" --sweeps 1000
cmp -s out first || fail "the same machine and seed gave another outcome"
run 0 aa --machine "$cloud" --sweeps 1000 --seed 2
! cmp -s out first || fail "another seed gave the same outcome"
echo "ok simulated: 1000 sweeps, the same every time"

rate=$(sed -n 's/^Differences.* of 1000, \([0-9.]*\)%.*/\1/p' first)
awk -v rate="$rate" 'BEGIN { exit !(rate > 0.5 && rate < 7.1) }' ||
  fail "a rate of $rate%, which is not 5% or less within 3 standard errors"
echo "ok the rate is at most 5%, within 3 standard errors"

run 0 aa --sweeps 2 --rounds 6
has 'compared with itself: 2 sweeps of 6 rounds'
has 'of 2, '
has 'nothing is concluded'
echo "ok real trials"

run 2 aa --rounds 5
grep -q -- '--rounds 5' err || fail "--rounds 5: the message does not name it"
run 2 aa --machine nothing.json
grep -q 'nothing.json' err || fail "nothing.json is not named"
run 2 aa surplus
echo "ok wrong options are refused"
