#!/bin/sh
# Every kernel gives the same result however it is run; a trial's record is
# complete; a killed worker or parent is noticed and leaves nothing behind.
# usage: test_variants.sh    ($CORESWEEP: the program; default build/coresweep)
#
# From outside, because OpenMP cannot be used in children of a process that has
# used it: every trial is a process of its own.
set -eu
. bench/tests/fixture.sh

# trial STATUS ARGUMENT...: runs it; fails unless it exits with STATUS.
trial() {
  wanted=$1
  shift
  run "$wanted" trial "$@" --json
}

# The digest of the serial, verified result; kept in a file for each size.
digest() {
  name=$tmp/$(echo "$1" | tr / _).$2
  if [ ! -s "$name" ]; then
    trial 0 -k "$1" -n "$2" --iterations 1 --warmups 0
    [ "$(field status) $(field correct)" = 'ok true' ] ||
      fail "$1, size $2: 'ok true' expected, got '$(field status) $(field correct)'"
    field digest >"$name"
  fi
  cat "$name"
}

# agree KERNEL WORKERS SIZES VARIANT...
agree() {
  kernel=$1
  workers=$2
  sizes=$3
  shift 3
  for size in $sizes; do
    expected=$(digest "$kernel" "$size")
    for variant in "$@"; do
      trial 0 -k "$kernel" -n "$size" -v "$variant" -w "$workers" \
        --oversubscribe --iterations 1 --warmups 0 --expect "$expected"
      [ "$(field digest)" = "$expected" ] ||
        fail "$kernel, $variant, $workers workers, size $size: digest $expected expected, got $(field digest)"
    done
  done
}

alone='serial serial:dynamic serial:guided'
teams='omp:static omp:dynamic omp:dynamic,3 omp:guided omp:tasks omp:tasks,3
fork:static fork:dynamic fork:guided
pool:static pool:dynamic pool:dynamic,3 pool:guided pool:apply'
carried='pool:static@pipe pool:dynamic,3@queue pool:static@socket
fork:static@pipe fork:dynamic@queue fork:guided@socket
pool:apply@pipe pool:apply@queue pool:apply@socket'
kernels='rowcount rangesum rangesum/order=sorted cube adler32
adler32/mode=first,zeros=1 latency/sleep_us=0 spin spin/serial=0.25 null
block/bytes=64 counter counter/update=packed counter/update=padded
counter/update=atomic counter/update=lock'

# shellcheck disable=SC2086 # lists of words
for kernel in $kernels; do
  agree "$kernel" 1 '0 101' $alone
  agree "$kernel" 3 '0 4 101' $teams
  agree "$kernel" 3 101 $carried
  echo "ok $kernel: every team, schedule and transport agrees with serial"
done

# shellcheck disable=SC2086
for kernel in rowcount adler32/mode=first,zeros=1; do
  agree "$kernel" 1 '0 1 2 101' $teams
  agree "$kernel" 2 '0 1 2 3 101' $teams
  agree "$kernel" 3 '1 2 3' $teams
  echo "ok $kernel: with one and two workers, and with no more items than workers"
done

# shellcheck disable=SC2086
for kernel in block/bytes=64 counter/update=packed; do
  agree "$kernel" 1 '0 101' $carried
  agree "$kernel" 3 '0 2' $carried
  echo "ok $kernel: by every transport with one worker, and with few items"
done

# Five blocks of 1 MiB: a pipe holds 64 KiB, the queue 1 MiB.
# shellcheck disable=SC2086
agree block/bytes=1048576 2 5 $carried
echo 'ok results larger than what carries them arrive whole'

digest adler32/mode=first,zeros=1 101 >"$tmp/digest"
trial 0 -k adler32/mode=first,zeros=1 -n 101
case $(field lowest_hit) in
'' | null) fail "adler32/mode=first: a hit among the 101 expected, got none" ;;
esac
echo 'ok the search above has a hit to find'

for team in omp fork pool; do
  for size in 0 1 2 3 101; do
    seen=$((size < 3 ? size : 3))
    trial 0 -k cube -v "$team:static" -w 3 -n "$size" --oversubscribe
    [ "$(field workers_seen)" = "$seen" ] ||
      fail "$team:static, size $size: workers_seen $seen expected, got $(field workers_seen)"
  done
done
echo 'ok under static every worker that can have a chunk has one'

"$coresweep" list fields >"$tmp/fields"
trial 0 -k cube -v pool:dynamic,5 -w 2 -n 100 --oversubscribe --iterations 3
[ "$(wc -l <"$tmp/out")" = 1 ] || fail "one line of JSON expected, got: $(cat "$tmp/out")"
awk -F '`' '/^###/ { part++ } part == 1 && /^\| `/ { print $2 }' "$tmp/fields" >"$tmp/keys"
while read -r key; do
  grep -q "\"$key\":" "$tmp/out" || fail "the record lacks \"$key\", which list fields has"
done <"$tmp/keys"
keys=$(wc -l <"$tmp/keys")
[ "$keys" -ge 30 ] || fail "30 or more keys expected in list fields, got $keys"
for pair in status=ok correct=true kernel=cube workers=2 size=100 seed=1 phase=trial error=null requested=pool:dynamic; do
  [ "$(field "${pair%%=*}")" = "${pair#*=}" ] ||
    fail "$pair expected, got $(field "${pair%%=*}")"
done
for list in regions_s:3 worker_begin_s:2 worker_end_s:2 worker_busy_s:2 worker_cpu_s:2 worker_chunks:2 worker_items:2; do
  length=$(sed -n "s/.*\"${list%:*}\":\[\([^]]*\)\].*/\1/p" "$tmp/out" | tr ',' '\n' | wc -l)
  [ "$length" = "${list#*:}" ] || fail "${list%:*}: ${list#*:} numbers expected, got $length"
done
items=$(sed -n 's/.*"worker_items":\[\([0-9,]*\)\].*/\1/p' "$tmp/out")
[ "$((${items%,*} + ${items#*,}))" = 100 ] || fail "worker_items: a sum of 100 expected, got $items"
echo 'ok a record has every key of list fields'

right=$(digest cube 50)
for variant in serial omp:static pool:static fork:static; do
  trial 1 -k cube -v "$variant" -n 50 --expect 0123456789abcdef
  [ "$(field status) $(field correct)" = 'wrong false' ] ||
    fail "$variant: 'wrong false' expected, got '$(field status) $(field correct)'"
  grep -q "$right .*0123456789abcdef" "$tmp/err" || fail "$variant: both digests expected in the message"
  [ "$(field region_s)" = null ] || fail "$variant: no time expected of a wrong result, got $(field region_s)"
done
echo 'ok a wrong digest is an error, and has no times'

nothing_left() {
  [ -z "$(ours)" ]
}
eventually nothing_left || fail "no process of the program expected, got: $(ours)"
echo 'ok no process is left behind'

# The children of a process: the workers.
children() {
  cat "/proc/$1/task/$1/children" 2>/dev/null || pgrep -P "$1" || :
}

has_children() {
  # shellcheck disable=SC2046 # as many words as there are children
  set -- "$2" $(children "$1")
  [ $# -gt "$1" ]
}

# start TEAM WORKERS: a trial that would go on for minutes; $parent is its pid.
start() {
  "$coresweep" trial -k latency/sleep_us=10000000 -v "$1" -w "$2" -n 100 \
    --iterations 0 --warmups 0 --oversubscribe --json >"$tmp/out" 2>"$tmp/err" &
  parent=$!
  eventually has_children "$parent" "$2" || fail "$1: $2 children expected, got: $(children "$parent")"
}

for variant in pool:dynamic,1 fork:dynamic,1 pool:static; do
  start "$variant" 2
  # Shared memory without a name: nothing that could be left in /dev/shm.
  ! grep -s /dev/shm "/proc/$parent/maps" >"$tmp/maps" ||
    fail "$variant: nothing of /dev/shm expected in use, got: $(cat "$tmp/maps")"
  victim=$(children "$parent")
  victim=${victim%% *}
  kill -9 "$victim"
  status=0
  wait "$parent" || status=$?
  [ "$status" = 1 ] || fail "$variant: worker killed: exit status 1 expected, got $status"
  [ "$(field status)" = failed ] || fail "$variant: status failed expected, got $(field status)"
  for word in 'worker [01] ' 'signal 9'; do
    grep -q "\"error\":\"[^\"]*$word" "$tmp/out" || fail "$variant: '$word' expected in the error, got: $(field error)"
    grep -q "$word" "$tmp/err" || fail "$variant: '$word' expected on stderr"
  done
  eventually nothing_left || fail "$variant: no process expected after the failure, got: $(ours)"
  echo "ok $variant: a killed worker fails the trial, by name"
done

for variant in pool:dynamic,1 fork:static; do
  start "$variant" 3
  kill -9 "$parent"
  wait "$parent" 2>/dev/null || :
  eventually nothing_left || fail "$variant: no worker expected after its parent's death, got: $(ours)"
  echo "ok $variant: no worker outlives its parent"
done
