#!/bin/sh
# The noise of real trials: a spinner on a worker's CPU is seen in its record,
# and every record of a sweep has what the system tells of the machine.
# usage: test_noise.sh    ($CORESWEEP: the program; default build/coresweep)
set -eu
. bench/tests/fixture.sh
spinner=

clean_up() {
  [ -z "$spinner" ] || kill "$spinner" 2>/dev/null || :
  clean_up_ours
}

cd "$tmp" # nothing may be written where the user is

# value KEY: of the first number of that key in the record.
value() {
  sed -n "s/.*\"$1\":\[\{0,1\}\([^],]*\)[],].*/\1/p" record
}

# Regions of a tenth of a second: far longer than a time slice.  Two that want
# one CPU have to wait for each other.
if command -v taskset >/dev/null; then
  cpu=$(taskset -cp $$ | sed 's/.*: //; s/[^0-9].*//')
  taskset -c "$cpu" sh -c 'while :; do :; done' &
  spinner=$!
  "$coresweep" trial --kernel spin --variant serial --cpus "$cpu" --size 100000 \
    --warmups 0 --iterations 1 --json >record
  kill "$spinner"
  wait "$spinner" 2>/dev/null || true
  spinner=
  [ "$(value worker_switches)" -gt 0 ] || fail "a worker with a spinner beside it: switches expected"
  [ "$(value worker_cpu_begin)" = "$cpu" ] || fail "the worker began on CPU $(value worker_cpu_begin) instead of $cpu"
  [ "$(value worker_cpu_end)" = "$cpu" ] || fail "the worker ended on CPU $(value worker_cpu_end) instead of $cpu"
  if [ "$(cat /proc/thread-self/schedstat 2>/dev/null || echo 0 0 0)" != '0 0 0' ]; then
    awk -v delay="$(value worker_run_delay_s)" -v region="$(value region_s)" \
      'BEGIN { exit !(delay > 0.02 * region) }' ||
      fail "a spinner on the worker's CPU: over 2% of $(value region_s) s of run delay expected, got $(value worker_run_delay_s) s"
  fi
  echo "ok a spinner on a worker's CPU is seen"
fi

"$coresweep" trial --kernel null --variant serial --size 1 --json >record
[ "$(value worker_switches)" = null ] || fail "an empty region has no time for noise, but has $(value worker_switches) switches"
! grep -q throttled_s record || fail "a trial by itself does not watch the machine"
echo "ok short regions have no noise"

"$coresweep" sweep --kernels latency/sleep_us=2000 --variants serial --workers 1 \
  --size 2 --rounds 6 --out run >out
# told KEY PATTERN [OF]: every record (that has OF) has a number there.
told() {
  [ "$(grep -c "\"$1\":$2" run/trials.jsonl)" = "$(grep -c "${3:-.}" run/trials.jsonl)" ] ||
    fail "every record with a number in $1 expected"
}
if awk '/^cpu / { exit !(NF >= 9) }' /proc/stat; then
  told steal_s '[0-9]'
  told others_cpu_s '-\{0,1\}[0-9]'
fi
if grep -q '^pswpin ' /proc/vmstat && grep -q '^pswpout ' /proc/vmstat; then
  told swapped_pages '[0-9]'
fi
told throttled_s '[0-9n]'
told worker_switches '\[[0-9]' '"regions_s":\[[0-9]'
told worker_minor_faults '\[[0-9]' '"regions_s":\[[0-9]'
for key in online_cpus affinity siblings_from system omp_settings; do
  grep -q "^ \"$key\": " run/environment.json || fail "environment.json lacks $key"
done
grep -q '^ "seed": 1' run/environment.json || fail "environment.json lacks the seed of the sweep"
! grep -F "$(uname -n)" run/environment.json || fail "environment.json names the host"
echo "ok every record of a sweep tells"
