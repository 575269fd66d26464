#!/bin/sh
# Faults that take a sweep, a limit of the system or a mount: a worker killed or
# stopped in a sweep, a sweep that is ended, limits that are hit, traces left.
# test_faults.c has the many kills of single trials.
# usage: test_faults.sh    ($CORESWEEP: the program; default build/coresweep)
set -eu
# A user of nobody else's: limits count all processes of a user.
uid=$((50000 + $$ % 10000))

. bench/tests/fixture.sh
built=$coresweep
coresweep=$tmp/coresweep

# run STATUS COMMAND...: fails unless it exits with STATUS, leaving nothing.
run() {
  wanted=$1
  shift
  status=0
  timeout 60 "$@" >"$tmp/out" 2>"$tmp/err" || status=$?
  same "$*: exit status" "$wanted" "$status"
  [ -z "$(ours)" ] || fail "$*: no process expected, got $(ours)"
}

# said WORDS: what the last command said on stderr.
said() {
  grep -q "$1" "$tmp/err" || fail "'$1' expected on stderr"
}

# with_team DIR: whether the sweep is in its rounds, at a trial ($trial) with
# two processes or more; $victim is the last of them, a worker, or the trial
# where $whole is set.
whole=
with_team() {
  grep -qs '"phase":"round"' "$1/trials.jsonl" || return 1
  trial=$(children "$sweep")
  trial=${trial%% *}
  [ -n "$trial" ] || return 1
  # shellcheck disable=SC2046 # as many words as there are children
  set -- $(children "$trial")
  [ $# -ge 2 ] || return 1
  shift $(($# - 1))
  victim=${whole:+$trial}
  victim=${victim:-$1}
}

# start DIR ROUNDS VARIANT OPTION...: a sweep of it; returns in its rounds, at
# a trial whose workers wait.
start() {
  dir=$1
  rounds=$2
  variant=$3
  shift 3
  # A process group of its own, as a terminal gives it.
  setsid "$coresweep" sweep --kernels latency/sleep_us=6000 --oversubscribe --size 6 --workers 2 \
    --variants "serial,$variant" --rounds "$rounds" --out "$dir" "$@" >out 2>err &
  sweep=$!
  eventually with_team "$dir" || fail "$dir: a trial with a team of processes expected"
}

trial_over() {
  ! kill -0 "$trial" 2>/dev/null
}

# strike SIGNAL DIR: to a worker, and to that of another trial as long as it
# came too late for that trial to fail.
strike() {
  for _ in $(seq 20); do
    kill -s "$1" "$victim" 2>/dev/null || :
    eventually trial_over || fail "$2: the end of the trial expected"
    sleep 0.1
    ! grep -q '"status":"failed"' "$2/trials.jsonl" || return 0
    eventually with_team "$2" || fail "$2: another trial expected"
  done
  fail "$2: a failed trial expected"
}

# finish STATUS: of the sweep.
finish() {
  status=0
  wait "$sweep" || status=$?
  same 'exit status of the sweep' "$1" "$status"
  none_left 'after the sweep'
}

statuses() {
  sed 's/^{"schema":3,.*"status":"\([^"]*\)".*}$/\1/' "$1/trials.jsonl" | sort | uniq -c | awk '{ print $2, $1 }'
}

# Where another user can run it.
chmod 755 "$tmp"
cp "$built" "$coresweep"
cd "$tmp"

start goes-on 8 pool:dynamic@socket
strike KILL goes-on
finish 1
said '1 of [0-9]* trials failed'
same 'records that failed' 'failed 1' "$(statuses goes-on | grep -v '^ok')"
same 'records in all, a failed one like the others' \
  "$(($(wc -l <goes-on/commands.tsv) * 8))" "$(grep -c '"phase":"round"' goes-on/trials.jsonl)"
grep '"status":"failed"' goes-on/trials.jsonl >failed
grep -q '"phase":"\(round\|program\)".*"error":"[^"]*worker [01] was killed by signal 9 (Killed) ' failed ||
  fail "the worker and the signal expected in the record, got $(cat failed)"
echo 'ok a sweep goes on after a trial whose worker was killed'

start stopped 16 fork:dynamic@pipe --timeout 2s
strike STOP stopped
finish 1
same 'records that failed' 'failed 1' "$(statuses stopped | grep -v '^ok')"
said 'worker [01] was not done after'
echo 'ok a worker that stops is named by the sweep as well'

start frozen 16 pool:dynamic --timeout 2s
whole=yes victim=$trial
strike STOP frozen
finish 1
whole=
said 'took longer than the time-out, and was killed'
echo 'ok a trial that cannot even tell is ended by the sweep'

set -- pool:static fork:static@queue pool:apply@socket pool:dynamic@pipe fork:dynamic@socket pool:static@queue
for signal in INT:130 TERM:143 HUP:129; do
  # To the sweep alone, and to all of its processes as a terminal does it.
  for group in '' -; do
    dir=ended-${signal%:*}$group
    start "$dir" 1000 "$1"
    shift
    kill -s "${signal%:*}" -- "$group$sweep"
    finish "${signal#*:}"
    case $(statuses "$dir") in
    'ok '[1-9]*) ;;
    *) fail "$dir: whole and good records alone expected, got $(statuses "$dir")" ;;
    esac
    [ "$(statuses "$dir" | wc -l)" = 1 ] || fail "$dir: good records alone expected, got $(statuses "$dir")"
  done
done
echo 'ok a signal ends a sweep and its teams, and keeps the records'

start killed 1000 pool:static@socket
kill -9 "$sweep"
wait "$sweep" 2>/dev/null || :
none_left 'after SIGKILL of a sweep'
same 'records that are not ok' '' "$(statuses killed | grep -v '^ok ' || :)"
echo 'ok no team outlives a killed sweep'

for transport in shm pipe queue socket; do
  for team in pool:dynamic fork:static pool:apply; do
    status=0
    timeout 60 "$coresweep" trial -k spin -n 512 -v "$team@$transport" -w 256 --oversubscribe \
      --iterations 1 --json >out 2>err || status=$?
    case $status in
    0) grep -q '"status":"ok"' out || fail "$team@$transport: a good record expected, got $(cat out)" ;;
    1) said 'RLIMIT_\|pids control group\|memory' ;;
    *) fail "$team@$transport, 256 workers: exit status 0 or 1 expected, got $status" ;;
    esac
    none_left "$team@$transport, 256 workers"
  done
done
echo 'ok 256 workers by every transport, or the limit that stops them'

# limited OPTION COMMAND...: under a limit that no privilege lifts.
limited() {
  option=$1
  shift
  if [ "$(id -u)" = 0 ]; then
    prlimit "$option" setpriv --reuid "$uid" --regid "$uid" --clear-groups "$@"
  else
    prlimit "$option" "$@"
  fi
}

# refused LIMIT WORDS VARIANT WORKERS
refused() {
  status=0
  limited "$1" timeout 60 "$coresweep" trial -k latency/sleep_us=5000000 -n "$4" -v "$3" -w "$4" --json \
    >out 2>err || status=$?
  same "$3, $4 workers, $1: exit status" 1 "$status"
  said "$2"
  grep -q "\"status\":\"failed\".*\"error\":\"[^\"]*$2" out || fail "$3: '$2' expected in the record"
  [ -z "$(ours)" ] || fail "$3, $1: no process expected, got $(ours)"
}

if [ "$(id -u)" = 0 ]; then
  # `timeout` is one of them, and the program.
  for variant in pool:static fork:dynamic@pipe pool:static@queue pool:static@socket fork:static@socket pool:apply; do
    refused --nproc=6:6 'worker [4-6] of 8 could not be forked: RLIMIT_NPROC (ulimit -u) is 6' "$variant" 8
  done
  refused --nproc=2:2 'server could not be forked: RLIMIT_NPROC (ulimit -u) is 2' pool:static@socket 8
  mkdir nobody
  chown "$uid" nobody
  status=0
  limited --nproc=1:1 "$coresweep" sweep --kernels cube --variants serial --size 64 --rounds 1 \
    --out nobody/run >out 2>err || status=$?
  same 'exit status of a sweep that cannot fork' 1 "$status"
  said 'a trial could not be forked: RLIMIT_NPROC (ulimit -u) is 1'
  echo 'ok a fork that fails names RLIMIT_NPROC'
else
  echo '(not root: how many processes there are of this user is not known)'
fi

for variant in pool:static@pipe fork:dynamic@pipe pool:apply@socket fork:static@socket; do
  refused --nofile=40:40 '64 workers need more file descriptors than RLIMIT_NOFILE allows (40)' "$variant" 64
done
# One less than a team and its server need: the second set of pairs fails.
refused --nofile=132:132 'RLIMIT_NOFILE allows (132)' pool:static@socket 64
echo 'ok pipes and sockets that fail name RLIMIT_NOFILE'

# mapped KIB VARIANT: whether a trial works in that much address space.  Where
# the program does not come to its main, how it ends is the loader's.
mapped() {
  status=0
  prlimit "--as=$(($1 * 1024))" "$coresweep" --version >/dev/null 2>err || return 1
  timeout 60 prlimit "--as=$(($1 * 1024))" "$coresweep" trial -k spin -n 64 -v "$2" -w 2 --cpus 0 \
    --oversubscribe >out 2>err || status=$?
  case $status in
  0) return 0 ;;
  1 | 127) [ -s err ] || fail "$2 in $1 KiB: a message expected" ;;
  *) fail "$2 in $1 KiB: exit status 0, 1 or 127 (not loaded) expected, got $status" ;;
  esac
  [ -z "$(ours)" ] || fail "$2 in $1 KiB: no process expected, got $(ours)"
  return 1
}

if grep -q __asan_init "$coresweep"; then
  echo '(address sanitizer: no limit of the address space tried)'
else
  for variant in pool:static@queue fork:dynamic pool:apply@socket; do
    low=1024
    high=4194304
    while [ $((high - low)) -gt 64 ]; do
      middle=$(((low + high) / 2))
      if mapped $middle "$variant"; then high=$middle; else low=$middle; fi
    done
    # Down from where it works: each mapping in its turn is the one that fails.
    : >all
    for step in 1 2 3 4 5 6 8 10 12 16 20 24 32; do
      ! mapped $((high - 64 * step)) "$variant" || continue
      cat err >>all
    done
    grep -q 'memory' all || fail "$variant: out of memory expected, got $(cat all)"
    case $variant in
    *@queue) grep -q 'no memory for the queue: RLIMIT_AS (ulimit -v) is [0-9]* KiB' all ||
      fail "$variant: RLIMIT_AS expected, got $(cat all)" ;;
    esac
  done
  echo 'ok memory that cannot be mapped is an error, and leaves nothing'
fi

# In empty folders and a network of its own: what is there is the program's.
cat >traces.sh <<'EOF'
set -eu
mount -t tmpfs none /dev/shm
mount -t tmpfs none /tmp
cd /
for variant in pool:static@shm fork:static@pipe pool:static@queue pool:static@socket fork:static@socket; do
  /proc/self/fd/9 trial -k latency/sleep_us=10000000 -n 100 -v "$variant" -w 2 >/dev/null &
  program=$!
  for _ in $(seq 1000); do
    workers=$(cat "/proc/$program/task/$program/children")
    case $workers in *' '*' '*) break ;; esac
    sleep 0.01
  done
  sleep 0.02
  if awk 'NR > 1 && NF > 7 { found = 1 } END { exit !found }' /proc/net/unix; then
    echo "$variant: a socket with a name: $(cat /proc/net/unix)"
  fi
  kill -9 "$program"
  wait "$program" 2>/dev/null || :
  for _ in $(seq 1000); do
    left=
    for pid in $workers; do
      # Who reaps it, and when, is not the program's to say.
      ! grep -qs '^State:.[^ZX]' "/proc/$pid/status" || left="$left $pid"
    done
    [ -n "$left" ] || break
    sleep 0.01
  done
  [ -z "$left" ] || echo "$variant: left: $left"
  for file in $(ls -A /dev/shm /tmp | grep -v '^/.*:$'); do
    echo "$variant: a file: $file"
  done
  [ "$(wc -l </proc/net/unix)" = 1 ] || echo "$variant: a socket: $(cat /proc/net/unix)"
done
echo done
EOF
if unshare -m -n true 2>/dev/null; then
  unshare -m -n sh traces.sh 9<"$coresweep" >out 2>err || fail "traces.sh: $(cat out)"
  same 'what a killed trial leaves' 'done' "$(cat out)"
  echo 'ok a killed trial leaves no file, shared memory or socket'
else
  echo '(no namespaces: files that a killed trial may leave were not looked for)'
fi
