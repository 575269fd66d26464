#!/bin/sh
# Sweeps that are killed at random moments and gone on with: no trial is lost,
# none is done twice, and only the run's own program on its own machine goes
# on with it.
# usage: test_resume.sh    ($CORESWEEP: the program; default build/coresweep)
set -eu
. bench/tests/fixture.sh
cd "$tmp"
kills=100

# points FILE PHASE: "ROUND WORKLOAD REQUESTED WORKERS SIZE" of its records.
points() {
  sed -n "s/.*\"phase\":\"$2\",\"round\":\([^,]*\),.*\"workload\":\"\([^\"]*\)\".*\"requested\":\"\([^\"]*\)\",\"workers\":\([0-9]*\),.*\"size\":\([0-9]*\),.*/\1 \2 \3 \4 \5/p" "$1"
}

# whole FILE: its complete lines.
whole() {
  if [ -s "$1" ] && [ -n "$(tail -c 1 "$1")" ]; then sed '$d' "$1"; else cat "$1"; fi
}

# begin_or_go_on DIR OPTION...: as somebody would whose machine has crashed.
begin_or_go_on() {
  dir=$1
  shift
  if [ -e "$dir/plan.json" ]; then
    exec "$coresweep" sweep --resume "$dir"
  fi
  exec "$coresweep" sweep --out "$dir" "$@"
}

# check_whole DIR WORKLOADS POINTS PILOTS: a finished run, as if it had
# never been interrupted: three rounds of so many points a workload, so
# many pilots a workload.
check_whole() {
  trials=$1/trials.jsonl
  workloads=$2
  ! grep -v '^{"schema":3,.*}$' "$trials" >odd || fail "$trials: records alone expected, got $(head -n 1 odd)"
  same "$1: records that are not ok" 0 "$(grep -vc '"status":"ok"' "$trials")"
  same "$1: trials of the rounds" "$((3 * workloads * $3))" "$(points "$trials" round | sort -u | wc -l)"
  same "$1: trials done twice" '' "$(points "$trials" 'round\|probe' | sort | uniq -d)"
  same "$1: rounds without probes" 0 "$(($(points "$trials" probe | wc -l) % 3))"
  same "$1: pilots" "$((workloads * $4))" "$(points "$trials" pilot | wc -l)"
  same "$1: pilots of a kind" 6 "$(points "$trials" pilot | sort | uniq -c | awk '$1 > most { most = $1 } END { print most }')"
  # A size is tried once, and confirmed twice.
  same "$1: calibrations at one size" '' "$(points "$trials" calibration | sort | uniq -c | awk '$1 > 3')"
  same "$1: places in the order" "$(seq "$(wc -l <"$trials")" | tr '\n' ' ')" \
    "$(sed 's/.*"order":\([0-9]*\),.*/\1/' "$trials" | tr '\n' ' ')"
  grep -q '"stage": "done"' "$1/plan.json" || fail "$1/plan.json: to be done expected"
  cp "$trials" before
  run 0 sweep --resume "$1"
  grep -q '^0 of .* trials were missing' out || fail "$1: nothing to be missing expected, got $(cat out)"
  cmp -s before "$trials" || fail "$1: nothing to be added to a finished run expected"
}

# ---- killed at random moments ----------------------------------------------

# case N: the options of the Nth run, and what it then holds: workloads,
# points and pilots of each.
options() {
  case $(($1 % 3)) in
  1) echo '--kernels latency/sleep_us=0,null --variants serial,omp:static,pool:static --size 64' ;;
  2) echo '--kernels spin --variants serial,omp:static' ;;
  0) echo '--kernels cube,rowcount --variants serial,omp:dynamic --scaling weak --size 64' ;;
  esac
}
holds() {
  case $(($1 % 3)) in
  1) echo '2 5 18' ;;
  2) echo '1 3 12' ;;
  0) echo '2 3 13' ;;
  esac
}

# Up to 0.2 s each, mostly less.
awk -v n="$kills" 'BEGIN { srand(11); for (i = 0; i < n; i++) printf "%.4f\n", 0.2 * rand() ^ 2 }' >delays
number=1
: >seen
: >places
while read -r delay; do
  dir=run-$number
  # shellcheck disable=SC2046 # a list of options
  (begin_or_go_on "$dir" --workers 1,2 --oversubscribe --rounds 3 --quick $(options "$number")) >out 2>err &
  sweep=$!
  sleep "$delay"
  kill -9 "$sweep" 2>/dev/null || :
  status=0
  wait "$sweep" 2>/dev/null || status=$?
  case $status in
  0 | 137) ;;
  *) fail "$dir: to be killed or to end well expected, got exit status $status" ;;
  esac
  [ ! -e "$dir/plan.json" ] || same "$dir/plan.json, its end" '}' "$(tail -n 1 "$dir/plan.json")"
  if [ -e "$dir/trials.jsonl" ]; then
    whole "$dir/trials.jsonl" >now
    head -c "$(wc -c <seen)" now | cmp -s - seen || fail "$dir: a finished trial was lost"
    cp now seen
    [ ! -s seen ] || tail -n 1 seen | sed 's/.*"phase":"\([^"]*\)".*/\1/' >>places
  fi
  if grep -qs '"stage": "done"' "$dir/plan.json"; then
    # shellcheck disable=SC2046 # a list of numbers
    check_whole "$dir" $(holds "$number")
    number=$((number + 1))
    : >seen
  fi
done <delays
if [ -e "run-$number" ]; then
  # shellcheck disable=SC2046 # a list of options
  (begin_or_go_on "run-$number" --workers 1,2 --oversubscribe --rounds 3 --quick $(options "$number")) >out 2>err ||
    fail "run-$number: to be finished expected"
  head -c "$(wc -c <seen)" "run-$number/trials.jsonl" | cmp -s - seen || fail "run-$number: a finished trial was lost"
  # shellcheck disable=SC2046 # a list of numbers
  check_whole "run-$number" $(holds "$number")
fi
eventually nothing_left || fail "no process expected, got $(ours)"
echo "($kills kills; the last trial before them: $(sort places | uniq -c | tr -s ' \n' ' '))"
echo "ok $kills kills lose no trial and repeat none"

# ---- what a crash leaves, and what is refused ------------------------------

run 0 sweep --kernels cube --variants serial,omp:static --workers 1,2 --oversubscribe --size 64 --rounds 3 --out base
check_whole base 1 3 12

# One worker count: meters, but no probes of what CPUs deliver together.
run 0 sweep --kernels cube --variants serial --workers 1 --size 64 --rounds 3 --out single
cp single/trials.jsonl before
sed -i '$d' single/trials.jsonl
run 0 sweep --resume single
grep -q '^1 of .* trials were missing' out || fail "single: one to be missing expected, got $(cat out)"
same 'single: trials' "$(wc -l <before)" "$(wc -l <single/trials.jsonl)"
echo 'ok sweeps of one worker count go on'

# half DIR: the run as if it had been killed in the middle.
# half FOLDER [LINES]: as the run was after so many trials.
half() {
  mkdir "$1"
  cp base/environment.json "$1"
  sed 's/"stage": "done"/"stage": "rounds"/; s/"rounds_done": 3/"rounds_done": 0/' base/plan.json >"$1/plan.json"
  head -n "${2:-20}" base/trials.jsonl >"$1/trials.jsonl"
}

half torn
sed -n 21p base/trials.jsonl | head -c 100 >>torn/trials.jsonl
run 0 sweep --resume torn
grep -q 'torn/trials.jsonl.*torn.*100 bytes' err || fail 'the torn line to be said on stderr expected'
head -n 20 base/trials.jsonl >expected
head -n 20 torn/trials.jsonl | cmp -s - expected || fail 'the lines before the torn one expected'
check_whole torn 1 3 12
# A file that is nothing but a torn line.
half first
head -c 50 base/trials.jsonl >first/trials.jsonl
run 0 sweep --resume first
grep -q '50 bytes' err || fail 'the torn line to be said on stderr expected'
echo 'ok a torn last line is cut off, and said'

half broken
sed -i '3s/.*/{"schema":3,/' broken/trials.jsonl
run 1 sweep --resume broken
grep -q 'broken/trials.jsonl, line 3' err || fail 'the broken line to be named expected'
same 'lines of a broken file' 20 "$(wc -l <broken/trials.jsonl)"
refused 'nowhere/plan.json' sweep --resume nowhere
[ ! -e nowhere ] || fail 'no folder expected'
half old
sed -i 's/"schema": 3/"schema": 2/' old/plan.json
refused 'old/plan.json: its schema is 2: an older coresweep' sweep --resume old
echo 'ok what cannot be read is refused'

half other
cp "$coresweep" another
echo >>another
status=0
./another sweep --resume other >out 2>err || status=$?
same 'exit status of another program' 2 "$status"
grep -q 'other: program differs:' err || fail 'the program to be named expected'
for fact in cpu_model system affinity version executor; do
  half "other-$fact"
  sed -i "s/^  \"$fact\": .*,/  \"$fact\": \"elsewhere\",/" "other-$fact/plan.json"
  refused "$fact differs: 'elsewhere' in plan.json, '" sweep --resume "other-$fact"
  same "$fact: lines" 20 "$(wc -l <"other-$fact/trials.jsonl")"
done
status=0
OMP_STACKSIZE=3M "$coresweep" sweep --resume other >out 2>err || status=$?
same 'exit status with other OpenMP settings' 2 "$status"
grep -q "openmp_settings differs: .*'OMP_STACKSIZE=3M" err || fail 'the settings to be named expected'
run 0 sweep --resume other
echo 'ok another program, machine or OpenMP setting is refused by name'

# changed FACT SCRIPT [LINES]: a plan.json that somebody changed is refused.
changed() {
  rm -rf changed
  half changed "${3:-20}"
  sed -i "$2" changed/plan.json
  refused "$1 is not that of plan.json" sweep --resume changed
  same "lines of a changed plan's run" "${3:-20}" "$(wc -l <changed/trials.jsonl)"
}
changed 'its seed' 's/"seed": 1,/"seed": 2,/'
all=$(wc -l <base/trials.jsonl)
changed 'its number of iterations' 's/"iterations": 3,/"iterations": 5,/' "$all"
changed 'its number of iterations' 's/"blocks": 2,/"blocks": 1,/' "$all"
changed 'its point' '/"probe_points"/,$!s/"omp:static"/"omp:dynamic"/'
changed 'its size' 's/"size": 64,/"size": 65,/'
changed "its workers' CPUs" 's/"bind": "cores"/"bind": "none"/'
rm -rf changed
half changed
sed -i '/"probe_points"/,$!s/"omp:static"/"team:static"/' changed/plan.json
for option in --resume --like; do
  refused "changed/plan.json: the key \"variants\": no team 'team'; known: " \
    sweep $option changed
done
echo 'ok a plan.json that was changed is refused, and what differs is named'

half beside
for option in --kernels=cube --variants=serial --workers=1 --size=64 --rounds=3 --budget=9s --seed=1 --bind=none \
  --out=x --like=base --target-width=5% --scaling=weak --touch=serial --quick --oversubscribe --no-probes --dry-run; do
  refused "${option%=*}: a run is gone on with as it was begun" sweep --resume beside "$option"
done
refused '--out base: holds a run already' sweep --kernels cube --out base
run 0 sweep --resume beside --timeout 50s
echo 'ok options that the plan fixes are refused'

"$coresweep" sweep --kernels latency/sleep_us=10000000 --variants serial --size 100 --rounds 1 --out busy >long 2>&1 &
sweep=$!
planned() {
  [ -e busy/plan.json ]
}
eventually planned || fail 'a plan expected'
refused 'busy: another coresweep is measuring into it' sweep --resume busy
kill -9 "$sweep"
wait "$sweep" 2>/dev/null || :
eventually nothing_left || fail "no process expected, got $(ours)"
echo 'ok two cannot go on with one run'
