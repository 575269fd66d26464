#!/bin/sh
# Every kernel gives the same result however it is run; a trial's record is
# complete; a killed worker or parent is noticed and leaves nothing behind.
# Kernels, variants and transports are those that `coresweep list` knows.
# usage: test_variants.sh [KERNEL...]   ($CORESWEEP: the program; default
#                         build/coresweep)    KERNEL: only these, and no more
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

# The digest of the serial, verified result, or that the kernel refuses so few
# items; kept in a file for each size.
digest() {
  name=$tmp/$(echo "$1" | tr / _).$2
  if [ ! -s "$name" ]; then
    status=0
    "$coresweep" trial -k "$1" -n "$2" --iterations 1 --warmups 0 --json \
      >"$tmp/out" 2>"$tmp/err" || status=$?
    if [ "$status" = 2 ] && [ "$2" -lt 10 ]; then
      echo refused | tee "$name"
      return
    fi
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
    [ "$expected" != refused ] || continue
    for variant in "$@"; do
      trial 0 -k "$kernel" -n "$size" -v "$variant" -w "$workers" \
        --oversubscribe --iterations 1 --warmups 0 --expect "$expected"
      [ "$(field digest)" = "$expected" ] ||
        fail "$kernel, $variant, $workers workers, size $size: digest $expected expected, got $(field digest)"
    done
  done
}

# A line each: the variant, its schedules, its transports.
"$coresweep" list variants | sed -n 's/^\([a-z]*\) .*; schedules: \([^;]*\)/\1|\2/p' |
  sed 's/; transports: shm */|/' >"$tmp/variants"

# Whether a variant runs a kernel with so many workers.
can_run() {
  status=0
  "$coresweep" trial -k "$2" -n 3 -v "$1" -w "$3" --oversubscribe \
    >"$tmp/out" 2>"$tmp/err" || status=$?
  [ "$status" != 2 ] || return 1
  [ "$status" = 0 ] || fail "$1, $2: exit status 0 or 2 expected, got $status"
}

# Those with one worker, those with a team that shares memory, those by whose
# transports results travel; `dynamic` and `tasks` with a chunk, too.
alone=
teams=
carried=
while IFS='|' read -r variant schedules transports; do
  for schedule in $schedules; do
    all=$variant:$schedule
    case $schedule in dynamic | tasks) all="$all $all,3" ;; esac
    if [ "$variant" = textbook ]; then
      textbook=$all # where a kernel has one
    elif can_run "$variant" null 3; then
      teams="$teams $all"
    else
      alone="$alone $all"
    fi
    for transport in $transports; do
      carried="$carried $variant:$schedule@$transport"
    done
  done
done <"$tmp/variants"
for list in "$alone" "$teams" "$carried" "$textbook"; do
  [ -n "$list" ] || fail "every sort of variant expected in the list: $(cat "$tmp/variants")"
done

# A line each: the kernel, what it is called with, the most items.  Every kernel
# by itself, with each of its words but the default, and its presets, but those
# that wait.
"$coresweep" list kernels --json | awk -F '"' '
  function number(line) { gsub(/[^0-9]/, "", line); return line + 0 }
  /^      "name"/ { kernel = $4 }
  /^      "waits"/ { waits = /true/; print kernel, kernel, waits ? 11 : 101 }
  /^      "(params|presets)"/ { part = $2 }
  /^          "name"/ { name = $4 }
  /^          "default"/ { initial = $4 }
  /^          "words"/ {
    n = split($4, words, "|")
    for (i = 1; i <= n; i++) if (words[i] != initial) print kernel, kernel "/" name "=" words[i], waits ? 11 : 101
  }
  part == "presets" && /^          "size"/ && !waits {
    print kernel, kernel "/preset=" name, number($0) < 101 ? number($0) : 101
  }' >"$tmp/workloads"
for sort in / = preset=; do
  grep -q "$sort" "$tmp/workloads" ||
    fail "kernels, words and presets expected: $(cat "$tmp/workloads")"
done

# A kernel by itself: none, one, one fewer than workers, as many, one more, and
# a prime.
checked=0
# shellcheck disable=SC2086 # lists of words
while read -r kernel workload most; do
  case " ${*:-$kernel} " in *" $kernel "*) ;; *) continue ;; esac
  sizes=$most
  [ "$kernel" != "$workload" ] || sizes="0 1 2 3 4 $most"
  plain=
  ! can_run textbook "$kernel" 3 || plain=$textbook
  agree "$workload" 1 "$sizes" $alone
  agree "$workload" 3 "$sizes" $teams $plain
  case $workload in */preset=*) ;; *) agree "$workload" 3 "$most" $carried ;; esac
  echo "ok $workload: every team, schedule and transport agrees with serial"
  checked=$((checked + 1))
done <"$tmp/workloads"
[ "$checked" -gt 0 ] || fail "no kernel is called $*"
[ $# = 0 ] || exit 0

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
  case $key in
  phase | round | order | wall_s | throttled_s | steal_s | others_cpu_s | swapped_pages | thermal_throttles)
    ! grep -q "\"$key\":" "$tmp/out" || fail "$key: only who runs it knows"
    continue
    ;;
  esac
  grep -q "\"$key\":" "$tmp/out" || fail "the record lacks \"$key\", which list fields has"
done <"$tmp/keys"
keys=$(wc -l <"$tmp/keys")
[ "$keys" -ge 30 ] || fail "30 or more keys expected in list fields, got $keys"
for pair in status=ok correct=true kernel=cube workers=2 size=100 seed=1 error=null requested=pool:dynamic; do
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
for variant in serial omp:static pool:static fork:static copies; do
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

# Whether a process has so many workers.
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

for variant in pool:dynamic,1 fork:dynamic,1 pool:static copies; do
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

for variant in pool:dynamic,1 fork:static copies; do
  start "$variant" 3
  kill -9 "$parent"
  wait "$parent" 2>/dev/null || :
  eventually nothing_left || fail "$variant: no worker expected after its parent's death, got: $(ours)"
  echo "ok $variant: no worker outlives its parent"
done
