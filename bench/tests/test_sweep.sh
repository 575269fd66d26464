#!/bin/sh
# A sweep from end to end, on sizes so small that it takes seconds: what it
# leaves in its folder, and how it ends when it is interrupted.
# usage: test_sweep.sh    ($CORESWEEP: the program; default build/coresweep)
set -eu
. bench/tests/fixture.sh

cd "$tmp"

clean_up() {
  for pid in $(ours); do
    kill -9 "$pid" 2>/dev/null || :
  done
  ! mountpoint -q "$tmp/full" 2>/dev/null || umount "$tmp/full"
  cd /
  rm -rf "$tmp"
}

# Every line is a whole record; prints how many there are.
records() {
  [ -z "$(tail -c 1 "$1")" ] || fail "$1: a complete last line expected"
  ! grep -v '^{"schema":3,.*}$' "$1" >"$tmp/odd" || fail "$1: records alone expected, got $(head -n 1 "$tmp/odd")"
  wc -l <"$1"
}

# points FILE PHASE: "ROUND WORKLOAD REQUESTED WORKERS" of every record.
points() {
  sed -n "s/.*\"phase\":\"$2\",\"round\":\([^,]*\),.*\"workload\":\"\([^\"]*\)\".*\"requested\":\"\([^\"]*\)\",\"workers\":\([0-9]*\),.*/\1 \2 \3 \4/p" "$1"
}

workloads='cube latency/sleep_us=0'
# sweep DIR WORKERS OPTION...
sweep() {
  dir=$1
  workers=$2
  shift 2
  run 0 sweep --kernels "$(echo "$workloads" | tr ' ' ,)" --variants serial,omp:static,pool:static \
    --workers "$workers" --oversubscribe --size 64 --rounds 6 --out "$dir" "$@"
}
# The same without probes: how many of them there are hangs on the machine.
plain() {
  sweep "$@" --no-probes
}

plain two 1,2
same 'records, calibration (2 x 2), pilot (6 x 6) and 6 rounds of 10, and of 12 programs' 172 \
  "$(records two/trials.jsonl)"
same 'records that are not ok' 0 "$(grep -vc '"status":"ok"' two/trials.jsonl)"
same 'results that are not right' 0 "$(grep -vc '"correct":true' two/trials.jsonl)"
for workload in $workloads; do
  for point in 'serial 1' 'omp:static 1' 'omp:static 2' 'pool:static 1' 'pool:static 2'; do
    for round in 1 2 3 4 5 6; do
      echo "$round $workload $point"
    done
  done
done | sort >expected
points two/trials.jsonl round | sort | cmp -s - expected ||
  fail "every point once in every round expected, got $(points two/trials.jsonl round)"
same 'pilots of every one-worker point' 6 \
  "$(points two/trials.jsonl pilot | sort | uniq -c | awk '{ print $1 }' | uniq)"
same 'pilots with more workers' 0 "$(points two/trials.jsonl pilot | grep -vc ' 1$')"
[ "$(points two/trials.jsonl round | grep '^1 ' | cut -d ' ' -f 2-)" != \
  "$(points two/trials.jsonl round | grep '^2 ' | cut -d ' ' -f 2-)" ] ||
  fail 'another order in every round expected'
same 'digests of a workload' 2 "$(sed 's/.*"workload":"\([^"]*\)".*"digest":"\([^"]*\)".*/\1 \2/' two/trials.jsonl | sort -u | wc -l)"
same "the places of the trials" "$(seq 172 | tr '\n' ' ')" \
  "$(sed 's/.*"order":\([0-9]*\),.*/\1/' two/trials.jsonl | tr '\n' ' ')"
echo 'ok every point runs once in every round'

# Each workload's programs in a row, with serial at both ends, and backwards in
# every second round.
points two/trials.jsonl program | sed -n 's/ /-/3p' | cut -d ' ' -f 1,2,3 >programs
row='serial-1 omp:static-1 omp:static-2 pool:static-1 pool:static-2 serial-1'
back='serial-1 pool:static-2 pool:static-1 omp:static-2 omp:static-1 serial-1'
awk -v row="$row" -v back="$back" '
  (NR - 1) % 6 == 0 { workload = $2; line = "" }
  { line = line (line == "" ? "" : " ") $3; wrong += $2 != workload }
  NR % 6 == 0 { wrong += line != ($1 % 2 ? row : back) }
  END { exit NR != 72 || wrong }' programs ||
  fail "programs in a row expected, got $(cat programs)"
same 'CPUs of serial programs' "$(grep '"phase":"round"' two/trials.jsonl | grep '"workers":2' |
  sed 's/.*"cpus":\[\([0-9]*\),\([0-9]*\)\].*/\1 \2/' | tr ' ' '\n' | sort -u | head -n "$(nproc)" | tr '\n' ' ')" \
  "$(grep '"phase":"program"' two/trials.jsonl | grep '"variant":"serial"' |
    sed 's/.*"cpus":\[\([0-9]*\)\].*/\1/' | sort -u | tr '\n' ' ')"
echo 'ok programs run in a row, between two serial ones'

for file in plan.json prediction.json environment.json commands.tsv; do
  [ -s "two/$file" ] || fail "two/$file expected"
done
same 'lines of commands.tsv' 10 "$(wc -l <two/commands.tsv)"
cut -f 4 two/commands.tsv >commands
while read -r command; do
  sh -c "$command" >"$tmp/out" 2>"$tmp/err" || fail "$command: to work by itself expected"
done <commands
! grep -q '"order"' two/plan.json || fail 'no order in the plan expected: it follows from the seed'
plain again 1,2 --seed 1
same 'the order of another run with that seed' "$(points two/trials.jsonl round)" \
  "$(points again/trials.jsonl round)"
run 0 sweep --like two --bind close --rounds 6 --oversubscribe --out like
same 'the points of --like' "$(points two/trials.jsonl round)" \
  "$(points like/trials.jsonl round)"
run 0 sweep --like like --rounds 1 --oversubscribe --out likes
for file in like/plan.json likes/plan.json likes/environment.json; do
  same "the binding in $file" '"close"' "$(values "$file" bind)"
done
echo 'ok the plan, the commands and --like'

# Probes: of the capacity, of additions, and of the memory as the
# kernel uses it, at each count that has CPUs of its own, once a round, among
# the others; and no results.
# A machine that has been busy during its probes refuses results: no matter here.
(sweep probed 1,2) 2>refusal || grep -q 'results are refused' refusal || fail "$(cat refusal)"
counts=$(values probed/plan.json usable_cpus | head -n 1) # the identity has it too
[ "$counts" -le 2 ] || counts=2
for workload in spin/chains=8 adds memory/op=copy,passes=1024; do
  for workers in $(seq "$counts"); do
    for round in 1 2 3 4 5 6; do
      echo "$round $workload omp:static $workers"
    done
  done
done | sort >expected
points probed/trials.jsonl probe | sort | cmp -s - expected ||
  fail "every probe once in every round expected, got $(points probed/trials.jsonl probe)"
points probed/trials.jsonl round | sort >rounds
points two/trials.jsonl round | sort | cmp -s - rounds || fail 'the same rounds beside probes expected'
same 'probes that are not right' 0 "$(grep '"phase":"probe"' probed/trials.jsonl | grep -vc '"correct":true')"
grep '"phase":"probe"' probed/trials.jsonl |
  sed 's/.*"workload":"\([^"]*\)".*"workers":\([0-9]*\),.*"size":\([0-9]*\),.*/\1 \3 \2/' |
  awk '{ if ($2 % $3) print; size[$1] = size[$1] == "" ? $2 / $3 : size[$1]; if (size[$1] != $2 / $3) print }' >odd
same 'probes whose size does not grow with their workers' '' "$(cat odd)"
grep -n '"round":1,' probed/trials.jsonl | grep '"phase":"probe"' | cut -d : -f 1 >places
[ "$(($(tail -n 1 places) - $(head -n 1 places)))" -ge "$(wc -l <places)" ] || fail 'probes among the trials of a round expected'
run 0 analyze probed
same 'results beside probes' 10 "$(values probed/analysis.json workers_seen | wc -l)"
# Of cube alone, where all workers have CPUs: serial, and two variants.
same 'shares of the roofline' "$((1 + 2 * counts))" "$(grep -c '"roofline_bound": "' probed/analysis.json)"
echo 'ok every round has its probes'

# Of each variant but serial on each number of workers, before round 1.
points probed/trials.jsonl round | awk '$3 != "serial" { print "null", $3, $4 }' | sort -u >expected
grep '"phase":"empty"' probed/trials.jsonl |
  sed 's/.*"workload":"\([^"]*\)".*"requested":"\([^"]*\)","workers":\([0-9]*\),.*/\1 \2 \3/' | sort >empties
cmp -s expected empties || fail "an empty region of each team expected, got $(cat empties)"
sed -n 's/.*"phase":"\([a-z]*\)".*/\1/p' probed/trials.jsonl | uniq | head -n 3 | tr '\n' ' ' >phases
same 'phases before the rounds' 'calibration pilot empty ' "$(cat phases)"
same 'empty regions without probes' 0 "$(grep -c '"phase":"empty"' two/trials.jsonl || true)"
grep -q '"region_with_overheads"' probed/prediction.json || fail 'a prediction with overheads expected'
echo 'ok teams have an empty region each before the rounds'

run 0 analyze two
same 'results' 10 "$(values two/analysis.json workers_seen | wc -l)"
same 'rounds' 6 "$(values two/analysis.json rounds)"
same 'trials behind every result' 6 "$(values two/analysis.json n | sort -u)"
# "WORKLOAD VARIANT WORKERS S" as predicted, and as the analysis has it.
awk -F '"' '{ n = $3; gsub(/[:, ]/, "", n) }
  $2 == "workload" { s = $4 } $2 == "variant" { v = $4 } $2 == "workers" { w = n }
  $2 == "program_speedup" { printf "%s %s %d %s\n", s, v, w, n }' two/prediction.json | grep -v 'serial 2' | sort >predicted
awk -F '"' '{ n = $3; gsub(/[:, ]/, "", n) }
  $2 == "workload" { s = $4 } $2 == "requested" { v = $4 } $2 == "workers" { w = n }
  $2 == "program_amdahl_predicted" { printf "%s %s %d %s\n", s, v, w, n }' two/analysis.json | sort >analysed
same 'predictions' 10 "$(wc -l <predicted)"
# As numbers: they are written with different digits.
paste predicted analysed | awk '
  { off = $4 - $8; differs = $1 $2 $3 != $5 $6 $7 || off * off > 1e-12 * $4 * $4 }
  differs { print; wrong = 1 }
  END { exit wrong }' >odd || fail "the predictions of before the rounds expected, got $(cat odd)"
! grep -qi 'nan\|: inf' two/analysis.json two/prediction.json || fail 'no NaN expected in JSON'
cp two/analysis.json first.json
run 0 analyze two
cmp -s first.json two/analysis.json || fail 'the same analysis expected a second time'
grep '"phase":"pilot"\|"phase":"calibration"' two/trials.jsonl >pilot.jsonl
mkdir torn
{ cat two/trials.jsonl && head -n 1 two/trials.jsonl | cut -c 1-100 | tr -d '\n'; } >torn/trials.jsonl
run 0 analyze torn
same 'a torn last record' true "$(values torn/analysis.json torn)"
same 'rounds with a torn last record' 6 "$(values torn/analysis.json rounds)"
echo 'ok the analysis'

# Bars instead of charts where there is no gnuplot.
mkdir bin
status=0
PATH=$tmp/bin "$coresweep" report --full two >out 2>err || status=$?
same 'exit status of report without gnuplot' 0 "$status"
grep -q 'gnuplot is not installed' out || fail 'a word about gnuplot expected'
for word in 'cube' 'latency/sleep_us=0' 'omp:static' 'pool:static'; do
  grep -q "$word" out || fail "report: $word expected in the table"
done
same 'bars' 4 "$(grep -c '^  [a-z].*|.*×$' out)"
same 'lines of speedups.csv' 11 "$(wc -l <two/speedups.csv)"
same 'columns of speedups.csv' 1 "$(sed 's/"[^"]*"//g' two/speedups.csv | awk -F , '{ print NF }' | sort -u | wc -l)"
[ -z "$(ls two/charts/*.svg two/charts/*.png 2>/dev/null)" ] || fail 'no pictures expected without gnuplot'
echo 'ok a report without gnuplot'

if command -v gnuplot >/dev/null; then
  plain four 1,2,3,4
  run 0 analyze four
  for dir in two four; do
    run 0 report "$dir"
    for chart in overview cube-region cube-program latency-sleep_us-0-region latency-sleep_us-0-program; do
      for ending in tsv svg png; do
        [ -s "$dir/charts/$chart.$ending" ] || fail "$dir/charts/$chart.$ending expected"
      done
      grep -q '</svg>' "$dir/charts/$chart.svg" || fail "$dir/charts/$chart.svg: a whole picture expected"
      same "$chart.png, its first bytes" PNG "$(head -c 4 "$dir/charts/$chart.png" | tail -c 3)"
      for label in 'threads (OpenMP)' 'pool of processes'; do
        for ending in tsv svg; do
          grep -qF "$label" "$dir/charts/$chart.$ending" || fail "$dir/charts/$chart.$ending: '$label' expected"
        done
      done
    done
    grep -q 'latency/sleep_us=0' "$dir/charts/overview.svg" || fail "$dir/charts/overview.svg: every workload expected"
  done
  echo 'ok the charts'
else
  echo '(gnuplot is not installed: no charts drawn)'
fi

# start DIR: a sweep that would go on for hours; waits for its second round.
in_rounds() {
  grep -qs '"phase":"round","round":2,' "$1/trials.jsonl"
}
start() {
  "$coresweep" sweep --kernels latency/sleep_us=1000 --variants serial,omp:static,pool:dynamic,1 --workers 1,2 \
    --size 20 --rounds 100000 --oversubscribe --out "$1" >out 2>err &
  sweep=$!
  eventually in_rounds "$1" || fail "$1: a second round expected"
}

for signal in INT:130 TERM:143 HUP:129; do
  dir=stopped-${signal%:*}
  start "$dir"
  kill -s "${signal%:*}" "$sweep"
  status=0
  wait "$sweep" || status=$?
  same "SIG${signal%:*}: exit status" "${signal#*:}" "$status"
  [ "$(records "$dir/trials.jsonl")" -gt 20 ] || fail "$dir: the pilot's records expected"
  same "$dir: records that are not ok" 0 "$(grep -vc '"status":"ok"' "$dir/trials.jsonl")"
  grep -q "Interrupted.*$dir" out || fail "$dir: where the measurements are kept expected on stdout"
  grep -q '^latency  *2 threads ' out || fail "$dir: an answer of what there is expected"
  eventually nothing_left || fail "$dir: no process expected, got $(ours)"
  run 0 analyze "$dir"
done
echo 'ok an interrupted sweep keeps and reports what it has'

start killed
kill -9 "$sweep"
wait "$sweep" 2>/dev/null || :
eventually nothing_left || fail "after SIGKILL: no process expected, got $(ours)"
run 0 analyze killed
same 'records that are not ok' 0 "$(grep -vc '"status":"ok"' killed/trials.jsonl)"
# And one whose trial would go on for minutes.
two_run() {
  [ "$(ours | wc -l)" -ge 2 ]
}
"$coresweep" sweep --kernels latency/sleep_us=10000000 --variants serial --size 100 --rounds 1 --out long >out 2>err &
sweep=$!
eventually two_run || fail "a sweep and its trial expected, got $(ours)"
kill -9 "$sweep"
wait "$sweep" 2>/dev/null || :
eventually nothing_left || fail "after SIGKILL: no trial expected, got $(ours)"
echo 'ok no trial outlives a killed sweep'

status=0
"$coresweep" sweep --kernels latency/sleep_us=1000000 --variants serial --size 1000 --rounds 1 --timeout 200ms --out late >out 2>err || status=$?
same 'exit status of a sweep with a trial that takes too long' 1 "$status"
# Told by the trial itself, or, where the machine is too busy for that, by who waits for it.
grep -qE 'was not done after .*--timeout|took longer than the time-out' err || fail "the time-out expected in the message"
same 'the record of a trial that takes too long' failed "$(sed 's/.*"status":"\([^"]*\)".*/\1/' late/trials.jsonl)"
eventually nothing_left || fail "after the time-out: no process expected, got $(ours)"
echo 'ok a trial that takes too long has failed'

mkdir full
if mount -t tmpfs -o size=64k none full 2>/dev/null; then
  status=0
  "$coresweep" sweep --kernels cube --variants serial,omp:static --workers 1,2 --oversubscribe --size 64 \
    --rounds 1000 --out full/run >out 2>err || status=$?
  same 'exit status of a sweep whose disk is full' 1 "$status"
  grep -q 'full/run/.*No space left' err || fail "the file and 'No space left' expected in the message"
  [ "$(records full/run/trials.jsonl)" -ge 10 ] || fail 'the records from before expected'
  umount full
  echo 'ok a full disk ends the sweep, with its records whole'
else
  echo '(no tmpfs can be mounted: a full disk was not tried)'
fi

# Interrupted at the first trial of the first round, nothing can be compared.
if command -v gnuplot >/dev/null; then
  mkdir begun
  sed '/"round":1,/q' two/trials.jsonl >begun/trials.jsonl
  run 0 analyze begun
  run 0 report begun
  echo 'ok a report of a round that has hardly begun'
fi
