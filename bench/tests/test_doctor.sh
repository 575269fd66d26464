#!/bin/sh
# coresweep doctor: its lines, its JSON and its exit status agree, whatever this
# machine is like; what OpenMP's settings would spoil is named.
# usage: test_doctor.sh    ($CORESWEEP: the program; default build/coresweep)
set -eu
. bench/tests/fixture.sh
cd "$tmp" # nothing may be written where the user is

# doctor ARGUMENT...: $status, out and err.
doctor() {
  status=0
  "$coresweep" doctor "$@" >"$tmp/out" 2>"$tmp/err" || status=$?
}

# 1 when the findings say that something is bad.
expected() {
  if grep -q "$1" "$tmp/out"; then echo 1; else echo 0; fi
}

names='CPUs quota steal load governor turbo SMT topology huge.pages swap clock
power heat OpenMP A/A'

doctor --quick
[ "$status" = "$(expected '^bad ')" ] || fail "exit status $status does not follow from the lines"
for name in $names; do
  grep -Eq "^(\?|ok|warn|bad) +$name  " "$tmp/out" || fail "no line of $name"
done
[ "$(grep -Ec '^(\?|ok|warn|bad) ' "$tmp/out")" = 15 ] || fail "15 lines expected"
[ "$(grep -Ec '^ +mend: ' "$tmp/out")" = "$(grep -Ec '^(warn|bad) ' "$tmp/out")" ] ||
  fail "every warn and bad line needs a way to mend it, and no other"
[ "$(wc -L <"$tmp/out")" -le 80 ] || fail "lines of at most 80 columns expected"
tr -s '\n ' ' ' <"$tmp/out" |
  grep -Eq 'the same point twice differed by [0-9.e+-]+%[^:]*: A/B [0-9.]+ \([0-9.]+ to [0-9.]+\) in 10 rounds.*about [0-9.e+-]+%' ||
  fail "the A/A lacks its ratio, its interval or its smallest difference"
echo "ok lines"

doctor --quick --json
[ "$status" = "$(expected '"worst": "bad"')" ] || fail "exit status $status does not follow from the JSON"
[ "$(expected '"level": "bad"')" = "$status" ] || fail "the worst is not that of the findings"
[ "$(grep -c '"level": ' "$tmp/out")" = 15 ] || fail "15 findings expected"
[ "$(grep -Ec '"rounds": 10,|"smallest_difference": [0-9]|"steal_share": |"busy_cpus": ' "$tmp/out")" = 4 ] ||
  fail "the measured facts are missing"
[ ! -s "$tmp/err" ] || fail "nothing expected on stderr"
echo "ok json"

# The runtime binds the process before main: no trial can be measured.
status=0
OMP_PROC_BIND=true "$coresweep" doctor --quick >"$tmp/out" 2>"$tmp/err" || status=$?
[ "$status" = 1 ] || fail "OMP_PROC_BIND=true: exit status 1 expected, got $status"
grep -q '^bad   OpenMP      OMP_PROC_BIND is set' "$tmp/out" || fail "OMP_PROC_BIND is not named"
grep -q '^?     A/A         not measured: OMP_PROC_BIND' "$tmp/out" || fail "why there is no A/A is not said"
grep -q '^The A/A could not be measured' "$tmp/out" || fail "the verdict does not say so"
echo "ok a workload that binds"

# One CPU is too few, on every machine.
if command -v taskset >/dev/null; then
  cpu=$(taskset -cp $$ | sed 's/.*: //; s/[^0-9].*//')
  status=0
  taskset -c "$cpu" "$coresweep" doctor --quick >"$tmp/out" 2>"$tmp/err" || status=$?
  [ "$status" = 1 ] || fail "one CPU: exit status 1 expected, got $status"
  grep -q '^bad   CPUs        1 usable' "$tmp/out" || fail "one CPU is not called too few"
  echo "ok too few CPUs"
fi

doctor --rounds 3
[ "$status" = 2 ] || fail "an unknown option: exit status 2 expected, got $status"
doctor now
[ "$status" = 2 ] || fail "an argument: exit status 2 expected, got $status"
grep -q "unexpected argument 'now'" "$tmp/err" || fail "the argument is not named"
doctor --help
[ "$status" = 0 ] || fail "--help: exit status 0 expected, got $status"
grep -q 'Exit status: 0' "$tmp/out" || fail "--help does not explain the exit status"
echo "ok usage"

[ "$(find "$tmp" -type f | wc -l)" = 2 ] || fail "files were left behind"
echo "ok nothing is written"
