#!/bin/sh
# A program that takes the CPU of a worker for itself, for real: the points
# measured meanwhile are flagged "contended", wherever they are shown.
# usage: test_contended.sh    ($CORESWEEP: the program; default build/coresweep)
set -eu
. bench/tests/fixture.sh
spinner=

clean_up() {
  [ -z "$spinner" ] || kill -9 "$spinner" 2>/dev/null || :
  clean_up_ours
}

if [ "$(cat /proc/thread-self/schedstat 2>/dev/null || echo 0 0 0)" = '0 0 0' ]; then
  echo '(the system tells no run delay: not tried)'
  exit 0
fi

cpu=$(sed -n 's/^Cpus_allowed_list:[^0-9]*\([0-9]*\).*/\1/p' /proc/self/status)
taskset -c "$cpu" sh -c 'while :; do :; done' &
spinner=$!

# Regions so long that no scheduler lets a worker have its CPU to itself for all
# of one.
taskset -c "$cpu" "$coresweep" sweep --kernels spin --variants serial --size 40000 --rounds 6 --quick \
  --no-probes --report --out "$tmp/run" >"$tmp/out" 2>"$tmp/err" || fail "a sweep beside a spinner: exit status $?"
kill -9 "$spinner"
spinner=

grep -A 400 '"results"' "$tmp/run/analysis.json" | grep -q '"contended"' ||
  fail "'contended' expected among the flags, got $(grep -A 3 '"flags"' "$tmp/run/analysis.json")"
echo 'ok a CPU that is shared with another program flags the point'
grep -q 'waited for a CPU' "$tmp/out" || fail "'waited for a CPU' expected in the marks' legend, got $(cat "$tmp/out")"
echo 'ok and the answer says so in words'
