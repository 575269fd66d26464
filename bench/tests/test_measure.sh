#!/bin/sh
# What measures besides sweeps is interrupted and gone on with, and ends when
# its budget does: overheads, probe, breakeven, granularity, aa.  Of times
# nothing is looked at; of each trial, that it is there once.
# usage: test_measure.sh    ($CORESWEEP: the program; default build/coresweep)
set -eu
. bench/tests/fixture.sh
cd "$tmp"

# As the fixture's, but no charts are drawn: there is no gnuplot in no PATH.
run() {
  wanted=$1
  shift
  status=0
  PATH='' "$coresweep" "$@" >out 2>err || status=$?
  [ "$status" = "$wanted" ] ||
    fail "coresweep $*: exit status $wanted expected, got $status"
}

# trials DIR: how many there are.
trials() {
  wc -l <"$1/trials.jsonl"
}

# points DIR: "ROUND PHASE WORKLOAD REQUESTED WORKERS SIZE" of each.
points() {
  sed -n 's/.*"phase":"\([^"]*\)","round":\([^,]*\),.*"workload":"\([^"]*\)".*"requested":"\([^"]*\)","workers":\([0-9]*\),.*"size":\([0-9]*\),.*/\2 \1 \3 \4 \5 \6/p' \
    "$1/trials.jsonl"
}

begun() {
  [ -s "$1/trials.jsonl" ] && [ "$(trials "$1")" -ge "$2" ]
}

# check DIR ROUNDS: so many whole rounds, every trial as often in one as in the
# others (a break-even's sizes may be moved, and then be measured twice), all in
# the order in which they were run, nothing missing.
check() {
  same "$1: records" "$(trials "$1")" "$(points "$1" | wc -l)"
  ! grep -v '"status":"ok"' "$1/trials.jsonl" >odd || fail "$1: $(head -n 1 odd)"
  same "$1: places in the order" "$(seq "$(trials "$1")" | tr '\n' ' ')" \
    "$(sed 's/.*"order":\([0-9]*\),.*/\1/' "$1/trials.jsonl" | tr '\n' ' ')"
  same "$1: seeds" 5 "$(sed 's/.*"seed":\([0-9]*\),.*/\1/' "$1/trials.jsonl" | sort -u)"
  points "$1" | sed '/^null /d' >"$1.rounds"
  most=1
  case $command in breakeven | granularity) most=2 ;; esac
  sort "$1.rounds" | uniq -c | awk -v most=$most '{
    point = $3 " " $4 " " $5 " " $6 " " $7
    if ($1 > most || (point in count && count[point] != $1)) print
    count[point] = $1 }' >odd
  same "$1: trials done twice" '' "$(cat odd)"
  same "$1: rounds" "$(seq "$2" | tr '\n' ' ')" "$(cut -d ' ' -f 1 "$1.rounds" | sort -nu | tr '\n' ' ')"
  same "$1: trials in every round" 1 "$(cut -d ' ' -f 1 "$1.rounds" | sort | uniq -c | awk '{ print $1 }' | sort -u | wc -l)"
  cp "$1/trials.jsonl" before
  run 0 "$command" --resume "$1"
  grep -q '^0 of .* trials were missing' out || fail "$1: nothing to be missing expected, got $(head -n 3 out)"
  cmp -s before "$1/trials.jsonl" || fail "$1: nothing to be added expected"
}

# change DIR FROM TO: what was typed, as it stands in plan.json.
change() {
  grep -qF -- "\"$2\"" "$1/plan.json" || fail "$1/plan.json: $2 expected"
  sed -i "s/\"$2\"/\"$3\"/" "$1/plan.json"
}

# stopped COMMAND MANY FEW OPTION...: begun with MANY, which takes far longer
# than to be stopped after two trials; gone on with as if FEW had been typed.
stopped() {
  command=$1
  many=$2
  few=$3
  shift 3
  "$coresweep" "$command" "$@" --seed=5 "$many" --out "$command" >out 2>err &
  pid=$!
  eventually begun "$command" 2 || fail "$command: two trials expected"
  kill -INT "$pid"
  status=0
  wait "$pid" || status=$?
  same "$command: exit status when interrupted" 130 "$status"
  grep -q "^Interrupted.*\`coresweep $command --resume $command\` goes on" out ||
    fail "$command: how to go on expected, got $(cat out)"
  none_left "$command was interrupted"
  cp "$command/trials.jsonl" kept
  change "$command" "$many" "$few"
  run 0 "$command" --resume "$command"
  head -n "$(wc -l <kept)" "$command/trials.jsonl" | cmp -s - kept || fail "$command: what was kept to stay expected"
  missing "$command" "$(($(trials "$command") - $(wc -l <kept)))"
}

# missing DIR COUNT: that so many were is said.
missing() {
  grep -q "^$2 of $(trials "$1") trials were missing" out ||
    fail "$1: $2 of $(trials "$1") missing expected, got $(head -n 3 out)"
}

# torn DIR: without the last five trials, one of them torn; gone on with, all
# are there.
torn() {
  count=$(trials "$1")
  points "$1" | sort >all
  cp "$1/trials.jsonl" whole
  head -n $((count - 5)) whole >"$1/trials.jsonl"
  tail -n 1 whole | head -c 77 >>"$1/trials.jsonl"
  run 0 "$command" --resume "$1"
  grep -q 'its 77 bytes were cut off' err || fail "$1: the torn line to be named expected"
  missing "$1" 5
  points "$1" | sort | cmp -s - all || fail "$1: the trials that were there before expected"
  head -n $((count - 5)) whole >kept
  head -n $((count - 5)) "$1/trials.jsonl" | cmp -s - kept || fail "$1: finished trials to stay expected"
}

# repeat DIR ROUNDS: makes that many of the first, as if they had been measured.
repeat() {
  grep -v '"round":\([2-9]\|1[0-9]\),' "$1/trials.jsonl" >repeated
  for round in $(seq 2 "$2"); do
    grep '"round":1,' "$1/trials.jsonl" | sed "s/\"round\":1,/\"round\":$round,/"
  done >>repeated
  awk '{ sub(/"order":[0-9]*,/, "\"order\":" NR ","); print }' repeated >"$1/trials.jsonl"
}

# budget DIR GIVEN ROUNDS: where a budget stands instead of GIVEN, and is gone,
# the rounds that are there are all, though more were wanted.
budget() {
  change "$1" "$2" --budget=1ms
  check "$1" "$3"
}

# least DIR ROUNDS: but so many are always done.
least() {
  grep -v "\"round\":$2," "$1/trials.jsonl" >fewer
  cp fewer "$1/trials.jsonl"
  run 0 "$command" --resume "$1"
  missing "$1" "$(($(trials "$1") - $(wc -l <fewer)))"
  check "$1" "$2"
}

stopped overheads --rounds=9999 --rounds=1 --workers=1
torn overheads
repeat overheads 6
budget overheads --rounds=1 6
echo 'ok overheads go on, and end with their budget'

stopped probe --rounds=9999 --rounds=1 --workers=1
torn probe
repeat probe 6
budget probe --rounds=1 6
echo 'ok a probe goes on, and ends with its budget'

# Searches, whose trials are in no round: at each size five pairs, and a serial
# trial before them.
searched() {
  points "$1" | grep '^null ' | sort | uniq -c |
    awk '$5 == "serial" ? $1 != 1 && $1 != 6 : $1 != 5' >odd
  same "$1: trials of its searches" '' "$(cat odd)"
}
stopped breakeven --rounds=100 --rounds=6 --quick --kernels=cube/preset=tutorial-5000 --variants=omp:static --workers=2 --oversubscribe
searched breakeven
# On a busy machine two workers may not win at any size: then there are no rounds.
if grep -q '"round":1,' breakeven/trials.jsonl; then
  torn breakeven
  searched breakeven
  budget breakeven --rounds=6 6
fi
echo 'ok a break-even goes on, and ends with its budget'

# Where no task is too small, or all are, there are no rounds.
stopped granularity --rounds=100 --rounds=6 --quick --kernels=spin --variants=omp:dynamic --workers=2 --oversubscribe
searched granularity
if grep -q '"round":1,' granularity/trials.jsonl; then
  torn granularity
  searched granularity
  budget granularity --rounds=6 6
fi
echo 'ok a granularity goes on, and ends with its budget'

stopped aa --sweeps=1000 --sweeps=2 --rounds=6
check aa 12
torn aa
same 'aa: forms of each trial' 'serial' "$(sed -n 's/.*"phase":"a",.*"beside":"\([a-z]*\)".*"turns":"[sp|]*SPP[^P]*S.*/\1/p' aa/trials.jsonl | sort -u)"
budget aa --rounds=6 12
least aa 12
run 0 aa --resume aa
grep -q ': 2 sweeps of 6 trials' out || fail "aa: the sweeps that there are expected, got $(cat out)"
echo 'ok an A/A goes on, and ends with its budget'

for option in --rounds=3 --workers=1 --budget=9s --seed=1 --out=x --quick; do
  refused "${option%=*}: a run is gone on with as it was begun" overheads --resume overheads "$option"
done
refused 'it is a run of ' probe --resume overheads
refused 'it is a run of ' breakeven --resume aa
refused '--out probe: holds a run already' probe --out probe --workers 1 --rounds 1
refused 'nowhere/plan.json' granularity --resume nowhere
[ ! -e nowhere ] || fail 'no folder expected'
cp "$coresweep" another
echo >>another
status=0
./another aa --resume aa >out 2>err || status=$?
same 'exit status of another program' 2 "$status"
grep -q 'aa: program differs:' err || fail 'the program to be named expected'
none_left 'in the end'

# edited COMMAND ARGUMENT WORDS: plan.json with an argument more, and one line
# that names it, the file, and its key; after it at most where to look.
edited() {
  cp -r "$1" edited
  sed -i "0,/^ \],\$/s//,\"$2\" ],/" edited/plan.json
  refused "coresweep $1: edited/plan.json: the key \"arguments\": $3" "$1" --resume edited
  same "$1: lines on stderr" '' "$(tail -n +2 err | grep -vF "\`coresweep $1 --help\`")"
  cmp -s "$1/trials.jsonl" edited/trials.jsonl || fail "$1 $2: nothing to be measured expected"
  rm -r edited
}
for command in overheads probe breakeven granularity aa; do
  edited $command --nonsense=1 "unrecognized option '--nonsense=1'"
  edited $command --help "unrecognized option '--help'"
  edited $command stray "unexpected argument 'stray'"
  edited $command --seed=x '--seed x: want a whole number from 0 to '
done
edited aa --rounds=5 '--rounds 5: want a whole number from 6 to '
edited probe --workers=0 '--workers 0: "0" is out of range'
edited overheads --workers=4096 '--workers 4096: this machine lets the program use '
edited breakeven --kernels=nosuch "no kernel 'nosuch'"
edited granularity --variants=serial 'serial: it is what the others are compared with'
edited granularity --scope=program '--scope: tasks are parts of a region'
echo 'ok a command line of plan.json that was changed is refused by file and key'
echo 'ok what would mix two runs is refused'
