#!/bin/sh
# Copies of a kernel, from the command line: only where they are asked for; in a
# sweep, gone on with, ended from outside; refused where they answer nothing.
# usage: test_copies.sh    ($CORESWEEP: the program; default build/coresweep)
set -eu
. bench/tests/fixture.sh
cd "$tmp"

# variants RUN: those of its plan.
variants() {
  sed -n '/^ "variants"/,/\]/s/^  "\(.*\)".*/\1/p' "$1/plan.json" | xargs
}

# points: what a dry run prints of them.
points() {
  grep -c '^[a-z]* copies [0-9]*$' out || :
}

run 0 sweep --dry-run --workers 1,2 --oversubscribe
same 'copies that nobody asked for' 0 "$(points)"
run 0 sweep --dry-run --workers 1,2 --oversubscribe --kernels cube --copies
same 'points of copies' 2 "$(points)"
same 'their place, after all others' copies "$(sed -n 's/^cube \([a-z:]*\) .*/\1/p' out | tail -n 1)"
run 0 sweep --dry-run --workers 1,2 --oversubscribe --kernels cube --variants copies,omp:static --copies
same 'points of copies, asked for twice' 2 "$(points)"
run 0 sweep --dry-run --workers 1,2 --oversubscribe --copies --sizes 10,20 -- echo '{size}'
same 'what copies of a program are told' 'echo 10 echo 20' \
  "$(sed -n 's/^echo, copies, 2 workers: //p' out | xargs)"
echo 'ok copies are measured where they are asked for, and once, each at the size of one'

# swept STATUS DIR OPTION...: a sweep of searches, too: each finds its own hit.
swept() {
  wanted=$1
  dir=$2
  shift 2
  run "$wanted" sweep --kernels cube,adler32/mode=first,zeros=1 --size 300 --workers 1,2 --oversubscribe \
    --quick --no-probes --out "$dir" "$@"
}
# of DIR KEY: what copies on two workers have there, each once.
of() {
  grep '"requested":"copies","workers":2,' "$1/trials.jsonl" |
    sed "s/.*\"workload\":\"\([a-z0-9]*\).*\"$2\":\(\[[^]]*\]\|[^,]*\).*/\1 \2/" | sort -u | xargs
}
swept 0 a --copies --rounds 6
same 'variants' 'serial omp:static pool:static copies' "$(variants a)"
same 'records of copies that are right' "$(grep -c '"requested":"copies"' a/trials.jsonl)" \
  "$(grep '"requested":"copies"' a/trials.jsonl | grep -c '"status":"ok",.*"correct":true')"
same 'items' 'adler32 [300,300] cube [300,300]' "$(of a worker_items)"
same 'chunks' 'adler32 [1,1] cube [1,1]' "$(of a worker_chunks)"
same 'size' 'adler32 300 cube 300' "$(of a size)"
for kernel in adler32 cube; do
  same "$kernel: digests" 1 \
    "$(grep "\"kernel\":\"$kernel\"" a/trials.jsonl | sed 's/.*"digest":"\([0-9a-f]*\)".*/\1/' | sort -u | wc -l)"
done
run 0 analyze a
run 0 report --full a
same 'jobs side by side' 2 "$(grep -c '^  As 2 jobs of one worker side by side: [0-9.]*× (.*) the throughput in the region; the whole program: ' out || :)"
grep -q '^Copies: ' out || fail 'a table with copies says what they are'
grep -q '"variant": "copies"' a/prediction.json && fail 'no prediction of copies expected'
run 0 sweep --like a --out b --rounds 1 --no-probes --oversubscribe
same 'variants of a run like it' "$(variants a)" "$(variants b)"
echo 'ok a sweep has them, each with all items and the result of serial, and says what they come to'

# --- ended from outside ------------------------------------------------------

# at_copies: whether the sweep is at a trial ($trial) of two copies.
at_copies() {
  trial=$(children "$sweep")
  trial=${trial%% *}
  [ -n "$trial" ] || return 1
  { tr '\0' ' ' <"/proc/$trial/cmdline"; } 2>/dev/null | grep -q -- '--variant copies ' || return 1
  # shellcheck disable=SC2046 # as many words as there are children
  set -- $(children "$trial")
  [ $# = 2 ]
}

for signal in INT KILL; do
  setsid env --default-signal "$coresweep" sweep --kernels latency/sleep_us=20000 --size 5 --workers 2 --oversubscribe \
    --variants copies --rounds 2 --quick --no-probes --out "$signal" >out 2>err &
  sweep=$!
  eventually at_copies || fail "$signal: a trial of two copies expected"
  if [ "$signal" = INT ]; then kill -s INT -- "-$sweep"; else kill -KILL "$sweep"; fi
  wait "$sweep" 2>/dev/null || :
  none_left "after SIG$signal"
  run 0 sweep --resume "$signal"
  same "SIG$signal: trials of copies in rounds" 4 "$(grep '"phase":"round"' "$signal/trials.jsonl" | grep -c '"requested":"copies"')"
done
echo 'ok a sweep that is ended among them leaves nothing, and goes on'

# --- refused -----------------------------------------------------------------

for command in breakeven granularity; do
  run 2 "$command" --kernels cube --variants copies --out refused
  grep -q '^coresweep [a-z]*: copies: they do not share the work of a region' err ||
    fail "$command: what copies are expected"
done
run 2 trial -k cube -v copies:dynamic
grep -q "copies has no schedule 'dynamic'" err || fail 'a schedule to be refused'
run 2 trial -k cube -v copies@pipe
grep -q 'copies takes no transport' err || fail 'a transport to be refused'
echo 'ok copies are refused where they answer nothing'
