#!/bin/sh
# What a budget buys, on a simulated machine whose workers are in each other's
# way: every round takes longer than the pilot promised.  And what every trial
# of a plan is told to do.
# usage: test_budget.sh    ($CORESWEEP: the program; default build/coresweep)
set -eu
. bench/tests/fixture.sh
cd "$tmp"

cat >slow.json <<'END'
{
 "name": "workers in each other's way",
 "topology": "pack:1 core:4 pu:1",
 "spin_item_s": 1e-6,
 "sigma": 0.9,
 "seed": 3
}
END

# look RUN: "ROUNDS SECONDS SECONDS-OF-ROUNDS", from its records.
look() {
  sed 's/.*"phase":"\([a-z]*\)","round":\([a-z0-9]*\),.*"wall_s":\([^,]*\),.*/\1 \2 \3/' \
    "$1/trials.jsonl" | awk '
      { all += $3 }
      $2 != "null" { rounds = $2 > rounds ? $2 : rounds; in_rounds += $3 }
      END { print rounds, all, in_rounds }'
}

# The clock ends a run before the budget does, and not before it has to; six
# rounds are always done, for nine it may be passed by a quarter, and those after
# the ninth are of wide points alone.
late=0
some=0
sed 's/core:4/core:8/; s/0\.9/0.99/' slow.json >slower.json
for budget in 0.7 0.9 1.1 1.15 1.2 1.25 1.4 2 4 6 8 10 12 14 16 18 20 25 30; do
  run 0 simulate --machine slower.json --kernels spin --variants omp:static \
    --workers 1,4,8 --budget "${budget}s" --out "run-$budget"
  # shellcheck disable=SC2046 # three numbers
  set -- $(look "run-$budget")
  awk -v budget="$budget" -v rounds="$1" -v all="$2" -v in_rounds="$3" 'BEGIN {
    exit !(rounds >= 6 && rounds <= 20 && (rounds == 6 || all <= (rounds <= 9 ? 1.25 : 1) * budget) &&
           (rounds >= 9 || all + 2 * in_rounds / rounds > budget)) }' ||
    fail "--budget ${budget}s: $1 rounds took $2 s, with what was before them"
  ! grep -q 'the budget ran out after' out || late=$((late + 1))
  [ "$1" -le 6 ] || [ "$1" -ge 9 ] || some=$((some + 1))
done
[ "$late" -gt 0 ] || fail 'no run was ended by its clock'
[ "$some" -gt 0 ] || fail 'no run was ended between 6 and 9 rounds'
run 0 simulate --machine slow.json --kernels spin --variants omp:static \
  --workers 1,4 --rounds 9 --budget 1s --out given
[ "$(look given | cut -d ' ' -f 1)" = 9 ] || fail '--rounds 9: nine rounds expected, whatever the budget'
echo 'ok the budget ends a run between rounds, and not too early'

# Rounds of few points are as long as those are: there is time for them where
# there is none for a round of all.
cloud=$OLDPWD/results/machines/noisy-cloud.json
run 0 simulate --machine "$cloud" --budget 70s --workers 1,2,4 --kernels spin,cube \
  --variants omp:static,omp:dynamic,pool:static --out few
same 'rounds of few points' 20 "$(sed -n 's/.*"rounds_done": \([0-9]*\).*/\1/p' few/plan.json)"
echo 'ok rounds of few points fit where a round of all does not'

# What is left out first says least: a pool's second schedule, then fork.
sed 's/"sigma".*/"jitter": 0.05,/' slow.json >noisy.json
run 0 simulate --machine noisy.json --kernels spin,spin/serial=0.2 \
  --variants omp:static,fork:static,pool:static,pool:dynamic --budget 4s \
  --out thinned
same 'the variants that are left' 'serial omp:static pool:static' \
  "$(sed -n '/^ "variants"/,/\]/s/^  "\(.*\)".*/\1/p' thinned/plan.json | tr '\n' ' ' | sed 's/ $//')"
echo 'ok what says least is left out first'

# A prediction lies in its interval, and knows that the pilot was noisy.
awk -F '[:,]' '
  /"program_speedup"/ { s = $2 } /"low"/ { low = $2 }
  /"high"/ && s != "" { n++; wide += low + 0 < $2 + 0; if (low + 0 > s + 0 || s + 0 > $2 + 0) wrong++; s = "" }
  END { exit !(n > 10 && wide > 2 && !wrong) }' thinned/prediction.json ||
  fail "predictions within their intervals expected, got $(cat thinned/prediction.json)"
echo 'ok predictions lie within their intervals'

# A size is taken for good when it met the target three times; doubling past it
# is taken back.
for item_us in 1 1.3 1.7; do
  sed "/sigma/d; s/1e-6/${item_us}e-6/" slow.json >sized.json
  run 0 simulate --machine sized.json --kernels spin --variants omp:static \
    --workers 1,4 --rounds 6 --no-probes --out "sized-$item_us"
  sed -n 's/.*"phase":"calibration".*"size":\([0-9]*\),.*"region_s":\([^,]*\),.*/\1 \2/p' \
    "sized-$item_us/trials.jsonl" | awk '
      { tried[$1]++; size = $1; region_s = $2 }
      END { for (s in tried) most = tried[s] > most ? tried[s] : most
        exit !(most >= 3 && tried[size] >= 2 && region_s >= 0.02 && region_s <= 0.0301) }' ||
    fail "items of $item_us us: four times 5 ms of serial region expected, seen three times"
done
echo 'ok sizes are those that were looked for, confirmed'

# told OPTION: what follows it in every command, a line for each different one.
told() {
  awk -v option="$1" '{ said = "nothing"
    for (i = 1; i < NF; i++) if ($i == option) said = $(i + 1)
    print said }' run/commands.tsv | sort -u
}

# Cheaper than to be told would be to verify each result anew, and not to warm
# up.
run 0 sweep --kernels cube,spin --variants omp:static --workers 1 --size 64 \
  --rounds 1 --seed 5 --no-probes --timeout 20s --out run
same 'lines of commands.tsv' 4 "$(wc -l <run/commands.tsv)"
# turns FOLDER [PATTERN]: those that its trials took.
turns() {
  grep "${2:-.}" "$1/trials.jsonl" | grep -o '"turns":[^,]*' | sort -u | tr '\n' ' '
}
same 'turns of trials, more where memory is moved' \
  '"turns":"sspp|SPPcS|SPPcS|" "turns":"sspp|sspp|sspp|sspp|sSpPPcsS|sSpPPcsS|sSpPPcsS|sSpPPcsS|" "turns":null ' \
  "$(turns run)"
same 'regions of commands, which are of cold programs' '0' "$(told --iterations)"
same 'warm-ups of commands' '0' "$(told --warmups)"
same 'its seed' 5 "$(told --seed)"
same 'its size' 64 "$(told --size)"
OMP_WAIT_POLICY=active "$coresweep" sweep --kernels spin --variants omp:static,pool:static \
  --workers 1 --size 64 --rounds 1 --no-probes --out spinning >/dev/null
same 'turns of threads that spin' '"turns":null ' "$(turns spinning '"omp:static"')"
same 'turns of processes beside them' '"turns":"sspp|SPPcS|SPPcS|" "turns":null ' \
  "$(turns spinning '"pool:static"')"
digests() {
  sed 's/.*"digest":"\([^"]*\)".*/\1/' run/trials.jsonl | sort -u
}
same 'the digests that trials are told to reproduce' "$(digests)" "$(told --expect)"
mv run full
run 0 sweep --kernels cube --variants omp:static --workers 1 --size 64 --quick \
  --rounds 1 --no-probes --out run
same 'warm-ups of a trial with --quick' '0 2 ' \
  "$(told --warmups | tr '\n' ' ')"
same 'blocks of a trial with --quick' '2 nothing ' \
  "$(told --blocks | tr '\n' ' ')"
run 0 simulate --machine slow.json --kernels spin --variants omp:static \
  --workers 1,4 --rounds 6 --seed 9 --out one
run 0 simulate --machine slow.json --kernels spin --variants omp:static \
  --workers 1,4 --rounds 6 --seed 9 --quick --out two
awk -v one="$(look one | cut -d ' ' -f 3)" -v two="$(look two | cut -d ' ' -f 3)" \
  'BEGIN { exit !(one > 2 * two) }' || fail '--quick: rounds of less than half the time expected'
echo 'ok trials are told to warm up, how often, and what must come out'

# What is given beside --like is heard, the rest is the other run's.
scaling() {
  sed -n 's/^ "scaling": "\(.*\)",$/\1/p' "$1/plan.json"
}
run 0 simulate --machine slow.json --kernels spin --variants omp:static \
  --workers 1,2 --size 500 --rounds 6 --seed 4 --out strong
run 0 simulate --machine slow.json --like strong --rounds 6 --out same
run 0 simulate --machine slow.json --like strong --scaling weak --seed 5 \
  --rounds 6 --out weak
same 'the scaling of --like' strong "$(scaling same)"
same 'the scaling of --like with --scaling weak' weak "$(scaling weak)"
same 'the trials of --like' "$(cat strong/trials.jsonl)" "$(cat same/trials.jsonl)"
same 'sizes of two workers under weak scaling' 1000 \
  "$(sed -n 's/.*"phase":"round".*"workers":2,.*"size":\([0-9]*\),.*/\1/p' weak/trials.jsonl | sort -u)"
same 'seeds with --seed 5' 5 "$(sed 's/.*"seed":\([0-9]*\),.*/\1/' weak/trials.jsonl | sort -u)"
echo 'ok a run is repeated, with what is given beside it'

# Without --out a run is named by its date, and is the latest one.
for seed in 1 2; do
  run 0 simulate --machine slow.json --kernels spin --variants omp:static \
    --workers 1,2 --size 500 --rounds 6 --seed "$seed"
  eval "run_$seed"='$(sed -n "s/^.* trials in .* s, in results.\(.*\)\.$/\1/p" out)'
  folder=$(sed -n 's/^.* trials in .* s, in \(results.*\)\.$/\1/p' out)
  [ -s "$folder/trials.jsonl" ] || fail "a run in results/ expected, got $(cat out)"
  same 'the latest run' "$(basename "$folder")" "$(readlink results/latest)"
  sleep 1.1 # names are dates of seconds
done
echo 'ok results/latest points to the newest run'

# Without folders, the last two sweeps are compared: A is the older one.  What
# other commands leave behind there comes later by its name.
mkdir -p results/overheads-2026-01-01T00-00-00
: >results/overheads-2026-01-01T00-00-00/trials.jsonl
run 0 compare
# shellcheck disable=SC2154 # both are set above
awk -v a="$run_1" -v b="$run_2" '
  index($0, a) && !at_a { at_a = NR "." 1000 + index($0, a) }
  index($0, b) && !at_b { at_b = NR "." 1000 + index($0, b) }
  END { exit !(at_a && at_b && at_a < at_b) }' out ||
  fail "$run_1 before $run_2 expected, got $(head -n 5 out)"
echo 'ok the older run is A'
