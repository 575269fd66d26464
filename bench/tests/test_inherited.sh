#!/bin/sh
# What a process inherits from whoever started it changes nothing: signals that
# are ignored or blocked, descriptors, the umask, a folder that is gone; and a
# trial is stopped, goes on and ends with the program that runs it.
# usage: test_inherited.sh    ($CORESWEEP: the program; default build/coresweep)
# shellcheck disable=SC2154 # of fixture.sh and fakes.sh
set -eu
. bench/tests/fixture.sh
. bench/tests/fakes.sh
cd "$tmp" # nothing may be written where the user is

# sweep OPTION...: one that takes a moment.
sweep() {
  "$coresweep" sweep --kernels cube --size 300 --variants serial --workers 1 \
    --rounds 6 --no-probes "$@"
}

# whole DIR: every line of its trials is a record, and nothing else is there.
whole() {
  [ -s "$1/trials.jsonl" ] || fail "$1: trials expected"
  ! grep -vq '^{"schema":.*}$' "$1/trials.jsonl" || fail "$1: something else than records is in trials.jsonl"
}

# ---- descriptors ----
sweep --out closed0 <&- >out 2>err || fail "stdin closed: exit status 0 expected"
whole closed0
status=0
sweep --out closed1 >&- 2>err || status=$?
same "stdout closed: exit status" 1 "$status"
grep -q 'its output could not be written' err || fail "stdout closed: a word about it expected, got $(cat err)"
whole closed1
sweep --out closed2 >out 2>&- || fail "stderr closed: exit status 0 expected"
whole closed2
status=0
sweep --out closed012 <&- >&- 2>&- || status=$?
same "all closed: exit status" 1 "$status"
whole closed012
echo "ok closed descriptors"

# Children: gnuplot writes down what it finds.
fake gnuplot <<'EOF'
grep -E '^Sig(Ign|Blk)' /proc/self/status >>"$found"
for fd in /proc/self/fd/*; do readlink "$fd" || :; done >>"$found"
for out in "$@"; do :; done
case $out in *.png) printf 'IEND\256B\140\202' ;; *) echo '<svg></svg>' ;; esac >"$out"
EOF
found=$tmp/found
export found
: >found
: >nine
status=0
(
  trap '' PIPE USR1 CHLD
  exec 9<nine
  exec "$coresweep" sweep --kernels latency/sleep_us=2000 --size 4 --variants serial,pool \
    --workers 1,2 --oversubscribe --rounds 6 --no-probes --report --out inherited >out 2>err
) || status=$?
same "signals ignored, a descriptor open: exit status" 0 "$status"
grep -q SigIgn found || fail "gnuplot was to be called"
ignored=$(sed -n 's/^SigIgn:[[:space:]]*//p' found | sort -u)
# What a shell may ignore for itself, 1 to 3 and 20 to 22; the C library's, 32
# and 33.
for mask in $ignored; do
  [ $((0x$mask & ~0x180380007)) = 0 ] || fail "a child ignores $mask"
done
! grep -q "$tmp/nine" found || fail "a child has a descriptor of the caller's"
echo "ok children of an odd caller"

if env --block-signal=ALRM true 2>/dev/null; then
  : >found
  env --block-signal "$coresweep" report inherited >out 2>err || fail "all signals blocked: exit status 0 expected"
  [ "$(sed -n 's/^SigBlk:[[:space:]]*//p' found | sort -u)" = 0000000000000000 ] || fail "a child has signals blocked"
  status=0
  env --block-signal "$coresweep" trial --kernel latency/sleep_us=10000000 --size 9 --timeout 0.2s >out 2>err || status=$?
  same "a time-out with all signals blocked: exit status" 1 "$status"
  echo "ok blocked signals"
fi

# ---- umask, limits, folder, a pipe that closes ----
(
  umask 0777
  sweep --out mask >out 2>err
) || fail "umask 0777: exit status 0 expected, got $(cat err)"
same "umask 0777: what the owner may do" rwx "$(stat -c %A mask | cut -c 2-4)"
whole mask
echo "ok umask"

status=0
(
  ulimit -f 1
  sweep --rounds 60 --out small >out 2>err
) || status=$?
same "a file that may not grow: exit status" 1 "$status"
grep -q 'small/.*: File too large' err || fail "a file that may not grow: its name and why expected, got $(cat err)"
echo "ok a limit of the file size"

mkdir gone
status=0
(
  cd gone
  rmdir ../gone
  sweep --out run >out2 2>"$tmp/err"
) 2>/dev/null || status=$?
[ "$status" = 1 ] || [ "$status" = 2 ] || fail "a folder that is gone: exit status 1 or 2 expected, got $status"
echo "ok a folder that is gone"

"$coresweep" --help | head -n 1 >out 2>err
[ ! -s err ] || fail "a reader that leaves: nothing expected on stderr"
echo "ok a reader that leaves"

# ---- stopped, hung up, gone on ----
# trial_of PID: its child, if it has one.
trial_of() {
  child=$(cat "/proc/$1/task/$1/children" 2>/dev/null) && child=${child%% *} && [ -n "$child" ]
}
state() {
  sed -n 's/^State:[[:space:]]*\(.\).*/\1/p' "/proc/$1/status" 2>/dev/null
}
is_stopped() {
  [ "$(state "$1")" = T ]
}
# One long trial after the other.
long() {
  exec "$coresweep" sweep --kernels latency/sleep_us=300000 --variants serial --workers 1 \
    --size 4 --rounds 6 --no-probes --out "$1"
}
if [ -r "/proc/self/task/$$/children" ]; then
  (long stopped) >out 2>err &
  pid=$!
  eventually trial_of "$pid" || fail "a trial expected"
  kill -TSTP "$pid"
  eventually is_stopped "$pid" || fail "stopped: the program is $(state "$pid")"
  trial_of "$pid" || fail "stopped: its trial is gone"
  is_stopped "$child" || fail "stopped: its trial is $(state "$child")"
  kill -CONT "$pid"
  goes_on() {
    ! is_stopped "$pid" && { ! is_stopped "$child" || [ ! -e "/proc/$child" ]; }
  }
  eventually goes_on || fail "gone on: the program is $(state "$pid"), its trial $(state "$child")"
  kill -TERM "$pid"
  status=0
  wait "$pid" || status=$?
  same "ended: exit status" 143 "$status"
  none_left "after it was stopped, went on, and was ended"
  echo "ok stopped and gone on"

  (trap '' HUP && long hung) >out 2>err &
  pid=$!
  eventually trial_of "$pid" || fail "a trial expected"
  first=$child
  kill -HUP "$pid"
  another() {
    trial_of "$pid" && [ "$child" != "$first" ]
  }
  eventually another || fail "nohup: it goes on with the next trial, expected"
  kill -KILL "$pid"
  wait "$pid" 2>/dev/null || :
  none_left "after it was killed"
  echo "ok hung up, and killed"
fi
