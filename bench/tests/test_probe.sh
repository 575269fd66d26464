#!/bin/sh
# `coresweep probe` leaves records and numbers behind, and explains what it
# refuses; the textbook form gives what the blocks give.
# usage: test_probe.sh    ($CORESWEEP: the program; default build/coresweep)
set -eu
. bench/tests/fixture.sh

# refused STATUS TEXT ARGUMENT...
refused() {
  wanted=$1
  text=$2
  shift 2
  run "$wanted" "$@"
  grep -q -e "$text" "$tmp/err" || fail "$*: no '$text' in: $(cat "$tmp/err")"
}

# field NAME: its value in the record of the last trial.
field() {
  sed -n "s/.*\"$1\":\(\"[^\"]*\"\|\[[^]]*\]\|[^,]*\).*/\1/p" "$tmp/record"
}

for kernel in adler32 adler32/zeros=3,mode=first cube rangesum/max_end=9000 \
  rangesum/method=closed-form rowcount rowcount/cols=3 spin/serial=0.2; do
  "$coresweep" trial -k $kernel -n 1003 --iterations 1 --json >"$tmp/record"
  digest=$(field digest | tr -d '"')
  for workers in 1 2 3; do
    "$coresweep" trial -k $kernel -v textbook -w $workers -n 1003 \
      --iterations 2 --oversubscribe --expect "$digest" --json >"$tmp/record" ||
      fail "$kernel, textbook, $workers workers: not what serial gives"
    items=$(field worker_items | tr -d '[]' | tr , '\n' | awk '{n += $1} END {print n}')
    [ "$items" = 1003 ] || fail "$kernel: $workers workers did $items items"
  done
done
echo 'ok textbook gives what serial gives'

refused 2 'textbook cannot run latency; it can run: .*cube' trial -k latency -v textbook
refused 2 "textbook has no schedule 'dynamic'" trial -k cube -v textbook:dynamic
echo 'ok textbook refuses what has no plain loop'

# Threads that wait wait in the same way, or two forms are not compared.
passive() {
  grep -qsz '^OMP_WAIT_POLICY=passive$' "/proc/$pid/environ"
}
unset OMP_WAIT_POLICY
for variant in omp:static textbook; do
  "$coresweep" trial -k spin -n 20000000 -v $variant >"$tmp/out" 2>"$tmp/err" &
  pid=$!
  eventually passive || fail "$variant: OMP_WAIT_POLICY=passive expected"
  kill -9 $pid
  wait $pid 2>/dev/null || :
done
echo 'ok threads of textbook sleep where those of omp do'

"$coresweep" trial -k cube -n 1003 -v omp:static --beside textbook -w 2 \
  --oversubscribe --blocks 7 >"$tmp/out"
grep -q "^  beside   textbook:static takes [0-9.]*× as long: median of 7 blocks$" "$tmp/out" ||
  fail "--beside: a ratio expected, got: $(cat "$tmp/out")"
"$coresweep" trial -k cube -n 1003 -v omp:static --beside textbook -w 2 \
  --oversubscribe --blocks 2 --json >"$tmp/out"
grep -q '"beside":"textbook:static","shared":null,"shared_place":null,"turns":"sspp|sspp|sspp|sspp|sSpPPcsS|sSpPPcsS|"' "$tmp/out" ||
  fail "--beside --json: a record with its turns expected, got: $(cat "$tmp/out")"
refused 2 'beside textbook:static with --variant serial: give --beside serial' trial -k cube --beside textbook
refused 2 'beside omp:dynamic with --variant omp:dynamic,1: .* two forms that are static' trial \
  -k cube -v omp:dynamic,1 --beside omp:dynamic
refused 2 'textbook cannot run latency' trial -k latency \
  -v omp:static --beside textbook
refused 2 'iterations with --beside' trial -k cube -n 9 -v omp:static \
  --beside textbook --iterations 0 --json
echo 'ok --beside compares two forms on the same threads and memory'

"$coresweep" probe --workers 1 --rounds 1 --out "$tmp/run" >"$tmp/table"
grep -q '"phase":"probe"' "$tmp/run/trials.jsonl" || fail 'no records of phase probe'
! grep -v '"status":"ok"' "$tmp/run/trials.jsonl" >&2 || fail 'a trial went wrong'
same "workers of probe --workers 1" 1 "$(sed "s/.*\"workers\":\([0-9]*\),.*/\1/" "$tmp/run/trials.jsonl" | sort -u)"
for word in '"meter": "adds"' '"meter": "clock"' '"level": "memory"' '"workers": 1'; do
  grep -q -e "$word" "$tmp/run/probe.json" || fail "no $word in probe.json"
done
for word in memory read write copy mix GHz additions; do
  grep -q -w -e "$word" "$tmp/table" || fail "no $word in the table"
done
[ -s "$tmp/run/environment.json" ] || fail 'no environment.json'
read=$(sed -n 's/^  memory  *[0-9]* [KM]iB  *\([0-9.]*\) .*/\1/p; s/^  memory  *[0-9]* [KM]iB  *\([0-9.]*\)$/\1/p' "$tmp/table" | head -n 1)
grep -q "<h1>1 worker reads $read GB/s from memory, and does [0-9.]* billion additions a second</h1>" \
  "$tmp/run/report.html" || fail "a page that says $read GB/s expected, got: $(grep '<h1>' "$tmp/run/report.html")"
grep -q "<tr><th scope=\"row\">memory</th><td data-head=\"each goes over\">[0-9]* [KM]iB</td><td data-head=\"read\">$read<" \
  "$tmp/run/report.html" || fail "a table on its page with $read GB/s expected"
same 'its tables' 2 "$(grep -c '<table class="numbers' "$tmp/run/report.html")"
echo 'ok probe leaves records, numbers and a table'

# Whatever ends it, nothing that it started outlives it: not even a stopped
# process, which does not end by itself.
stopped() {
  for child in $(ours); do
    [ "$child" = "$pid" ] || ! kill -STOP "$child" 2>/dev/null || return 0
  done
  return 1
}
for signal in TERM KILL; do
  "$coresweep" probe --workers 1 --rounds 2 --out "$tmp/ended-$signal" \
    >"$tmp/out" 2>"$tmp/err" &
  pid=$!
  eventually stopped || fail "probe: a process that measures expected"
  kill -$signal $pid
  status=0
  wait $pid 2>/dev/null || status=$?
  [ $signal = KILL ] || same "probe after SIGTERM: exit status" 143 $status
  none_left "probe after SIG$signal"
done
echo 'ok probes that are ended leave nothing'

refused 2 'holds a run already' probe --workers 1 --out "$tmp/run"
refused 2 'this machine lets the program use' probe --workers 4096 --out "$tmp/other"
refused 2 "rounds" probe --rounds 0 --out "$tmp/other"
[ ! -e "$tmp/other" ] || fail 'a refused probe left a folder behind'
echo 'ok probe refuses'
