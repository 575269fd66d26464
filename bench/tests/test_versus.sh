#!/bin/sh
# Two runs compared, and a class, from the command line, on simulated machines.
# usage: test_versus.sh     ($CORESWEEP: the program)
set -eu
. bench/tests/fixture.sh

machines=$(realpath results/machines)
cd "$tmp"
sed 's/"spin_item_s": 1.2e-6/"spin_item_s": 1.5e-6/; s/"seed": 1$/"seed": 2/' \
  "$machines/amdahl.json" >slower.json
sed 's/"seed": 1$/"seed": 3/' "$machines/amdahl.json" >alike.json

measure() {
  "$coresweep" simulate --machine "$1" --kernels spin --variants omp:static \
    --workers 1,4 --size 20000 --rounds 9 --no-probes --out "$2" >out
}
measure "$machines/amdahl.json" a
measure slower.json b
measure alike.json c

# ---- verdicts -----------------------------------------------------------------

run 0 compare a b --out charts
grep -q '^B beside A at 3 points: 3 slower, 0 faster\.$' out ||
  fail "three slower points expected, got $(cat out)"
grep -q '^  omp:static on 4  .* 2[45]\.[0-9]% slower (' out || fail 'a quarter expected'
grep -q '^    the work itself takes longer, in serial, too$' out || fail 'the cause expected'
grep -q '^  all 3 points together: 2[45]\.[0-9]% slower (' out || fail 'all points together expected'
[ -s charts/spin-items.tsv ] || fail 'charts expected'
grep -q '<p class="together">All 3 points together: 2[45]\.[0-9]% slower (' charts/compare.html || fail 'in the page, too'
grep -q '<h1>B beside A at 3 points: 3 slower, 0 faster\.</h1>' charts/compare.html || fail 'a page expected'
same 'slower ones in the page' 4 "$(grep -o '<td data-head="B is" class="slower">2[45]\.[0-9]% slower<' charts/compare.html | wc -l | tr -d ' ')"
grep -Eq '^The page: charts/compare.html; its ([2-9]|[0-9]{2,}) charts lie beside it$' out ||
  grep -q '^No charts' out || fail "charts beside the page expected, got $(tail -n 3 out)"
run 0 compare a c --out charts
grep -q '^B beside A at 3 points: 0 slower, 0 faster, 3 no difference larger' out ||
  fail "no difference expected, got $(cat out)"
run 0 compare a a --out charts
same 'a run with itself' 4 "$(grep -c 'no difference: the same trials$' out)"
echo 'ok what is slower is told, and what is not'

# ---- exit status --------------------------------------------------------------

run 3 compare a b --out charts --fail-if-slower 5%
grep -q 'spin, omp:static on 4: .* slower' err || fail 'what is slower expected'
grep -q 'spin, all 3 points together: .* slower' err || fail 'and all of its points'
run 0 compare a b --out charts --fail-if-slower 30%
run 0 compare b a --out charts --fail-if-slower 0
run 0 compare a c --out charts --fail-if-slower 0
run 3 compare a c --out charts --fail-if-efficiency 150%
grep -q 'efficiency' err || fail 'the efficiency expected'
run 2 compare a c --fail-if-efficiency 1.5
run 2 compare a c --fail-if-slower 5
run 0 compare a c --out charts --fail-if-efficiency 80%
# Its interval's end decides, not its median.
"$coresweep" report --csv c >c.csv
between=$(awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i }
  $at["requested"] == "omp:static" && $at["workers"] == 4 {
    printf "%.9g", ($at["efficiency"] + $at["efficiency_high"]) / 2 }' c.csv)
run 0 compare a c --out charts --fail-if-efficiency "$between"
run 2 compare a c --fail-if-slower much
run 2 compare a c --fail-if-efficiency -1
echo 'ok only what is surely worse fails'

# A run that repeats another one has trials as that one's.
run 0 simulate --machine "$machines/amdahl.json" --kernels spin --workers 1,2 --quick --out quick
run 0 simulate --machine slower.json --like quick --rounds 6 --out again
run 3 compare quick again --out charts --fail-if-slower 5%
! grep -q 'not comparable' out || fail "--like makes it comparable: $(cat out)"
echo 'ok --like is comparable'

# What could not be judged is no success.
for seed in 1 2; do
  run 0 simulate --machine "$machines/amdahl.json" --kernels spin --workers 1,2 --rounds 9 --seed $seed --out seed$seed
done
run 1 compare seed1 seed2 --out charts --fail-if-slower 5%
grep -q 'fail-if-slower: no point could be judged; measure B with' err || fail "why expected, got $(cat err)"
kernels=$(seq -f 'spin/serial=0.%02g' 1 12 | paste -sd, -)
sed 's/"spin_item_s": 1.2e-6/"spin_item_s": 2.4e-6/' "$machines/amdahl.json" >half.json
run 0 simulate --machine "$machines/amdahl.json" --kernels "$kernels" --workers 1,2 --variants omp:static --rounds 6 --out many
run 0 simulate --machine half.json --like many --rounds 6 --out half
run 1 compare many half --out charts --fail-if-slower 5%
grep -q ', 36 too few trials\.$' out || fail "six trials tell nothing among so many: $(cat out)"
echo 'ok what could not be judged is no success'

# ---- the last two -------------------------------------------------------------

mkdir none
(cd none && run 2 compare && grep -q 'results/ holds 0 runs that can be compared' "$tmp/err") || fail 'none to compare'
for made in 1=a 2=b 4=c; do
  mkdir -p results
  cp -r "${made#*=}" "results/2026-0${made%=*}"
done
run 0 compare
head -n 1 out | grep -Fqx 'A is results/2026-02, and B is results/2026-04: the last two runs under' ||
  fail "which were taken expected, got $(head -n 2 out)"
! grep -q '^Passed over' out || fail 'nothing to pass over'
cp -r a results/2026-03
rm results/2026-03/analysis.json results/2026-03/trials.jsonl
cp -r a results/2026-05
echo '{' >results/2026-05/analysis.json
# Of another command, of times from elsewhere, and what is no run.
mkdir results/probe-1 results/times-1 results/notes
echo '{"stage": "done", "command": "probe"}' >results/probe-1/plan.json
: >results/times-1/analysis.json
run 0 compare --json
grep -q '"name": "2026-02"' out || fail 'passed over and exported'
same 'which were taken, and which were not' \
  'Passed over: results/2026-05 cannot be read: results/2026-05/analysis.json, line 2: not JSON: string or '"'}'"' expected near end of file.|Passed over: results/2026-03: not a run: it holds neither analysis.json nor trials.jsonl.|Passed over: 2 runs of other commands.|A is results/2026-02, and B is results/2026-04: the last two runs under results/.' \
  "$(sed -e :a -e '$!N; s/\n  / /; ta' -e 'P; D' err | paste -sd '|' -)"
run 0 compare results/2026-01
grep -q '^A is results/2026-01, and B is results/2026-04: the newest other run under' out || fail "got $(cat out)"
for i in 1 2 3; do cp -r results/2026-03 "results/2026-06-$i"; done
run 0 compare
same 'told one by one' 3 "$(grep -c '^Passed over: results' out)"
grep -qx 'Passed over: 2 more like these.' out || fail "a count of the others, got $(cat out)"
rm -r results/2026-0[356]*
# Another job is no other run of this one; somebody's program is one.
run 0 simulate --machine "$machines/amdahl.json" --kernels cube --variants omp:static \
  --workers 1,4 --rounds 6 --no-probes --out results/2026-07
run 1 compare results/2026-07 results/2026-04 --json
run 2 compare
grep -q '^Passed over: results/2026-04: it has no workload of the other run' out || fail "got $(cat out)"
for i in 8 9; do
  run 0 sweep --workers 1 --rounds 6 --observe no --out results/2026-0$i -- true
done
run 0 compare
grep -q '^A is results/2026-08, and B is results/2026-09' out || fail "got $(cat out)"
rm -r results
echo 'ok which runs were taken is said, and why others were not'

# ---- not comparable -----------------------------------------------------------

for seed in 1 2; do
  run 0 simulate --machine "$machines/amdahl.json" --kernels spin,cube,rowcount --variants omp:static \
    --workers 1,4 --rounds 6 --size 5000 --no-probes --seed $seed --out unlike$seed
done
run 0 compare unlike1 unlike2 --out charts
same 'one row a reason' 'spin, cube, rowcount: not comparable: seeds differ (1 in A, 2 in B)' "$(grep 'not comparable:' out)"
run 0 compare unlike1 unlike2 --markdown
same 'one row a reason, as Markdown' '| spin, cube, rowcount | 9 points | | | | not comparable: seeds differ (1 in A, 2 in B) |' \
  "$(grep 'not comparable:' out)"
run 0 compare unlike1 unlike2 --csv
same 'rows as CSV are points' 9 "$(grep -c ',not comparable,' out)"
echo 'ok what is not comparable for one reason is one row'

# Nothing in common is no success, and no page.
run 0 simulate --machine "$machines/amdahl.json" --kernels cube --variants omp:static \
  --workers 1,4 --rounds 6 --no-probes --out cubes
run 1 compare a cubes --out nothing
# shellcheck disable=SC2016 # backquotes of the message
grep -q 'in common: nothing was compared; measure B with `coresweep sweep --like A`' err || fail "what to do expected, got $(cat err)"
grep -q '^  coresweep sweep --like a --out NEW$' out || fail "the next step expected, got $(cat out)"
[ ! -e nothing ] || fail 'a page of nothing'
run 1 compare a cubes --json
same 'no points' 1 "$(grep -c '"points": \[\]' out)"
run 1 compare a cubes --fail-if-efficiency 10%
echo 'ok nothing in common is no success'

# ---- other forms --------------------------------------------------------------

run 0 compare a b --json
same 'verdicts as JSON' 4 "$(grep -c '"verdict": "slower"' out)"
grep -q '"term": "useful"' out || fail 'the cause as JSON expected'
median() {
  "$coresweep" compare "$1" "$2" --json | sed -n '/"ratio"/,/}/s/.*"median": \([^,]*\).*/\1/p'
}
median a b >there
median b a >back
same 'ratios' 4 "$(grep -c . there)"
paste there back | awk '{ if ($1 * $2 < 1 - 1e-8 || $1 * $2 > 1 + 1e-8) exit 1 }' ||
  fail "swapped runs to be inverted, got $(paste there back)"
run 0 compare a b --markdown
grep -q '^\*\*B beside A at 3 points: 3 slower, 0 faster\.\*\*$' out || fail 'a summary in Markdown expected'
same 'rows of Markdown' 8 "$(grep -c '^| spin | .* slower (' out)"
run 0 compare a b --csv
same 'rows of CSV' 4 "$(wc -l <out | tr -d ' ')"
same 'verdicts as CSV' 3 "$(grep -c ',slower,' out)"
same 'own points' 1 "$(sed 1d out | cut -d , -f 6 | grep -c 1)"
run 0 compare a b --out charts
run 0 compare a b --json
{ cat charts/compare.json; echo; } | cmp -s - out || fail 'compare.json is what --json prints'
run 2 compare a b --json --csv
grep -q 'want one of them' err || fail 'one form alone'
run 0 compare a b --programs --json
same 'programs' 3 "$(grep -c '"of": "program"' out)"
echo 'ok JSON and Markdown'

# An analysis of before has no times; its records do.
sed -i '/"region_times_s": \[/,/\]/d; /"program_times_s": \[/,/\]/d' a/analysis.json
! grep -q region_times_s a/analysis.json || fail 'the times to be gone'
run 0 compare a b --json
same 'verdicts of records' 4 "$(grep -c '"verdict": "slower"' out)"
echo 'ok older analyses are made anew'

# ---- a class ------------------------------------------------------------------

for i in 1 2 10; do
  sed "s/core:64/core:$((i * 3))/; s/\"seed\": 1\$/\"seed\": $i/" "$machines/amdahl.json" >m.json
  run 0 simulate --machine m.json --class 1 --kernels spin,cube --variants omp:static \
    --rounds 6 --no-probes --out "laptop$i"
done
same 'sizes' '10000 10000000' \
  "$(sed -n 's/^ *"size": \([0-9]*\),*$/\1/p' laptop2/plan.json | sort -nu | tr '\n' ' ' | sed 's/ $//')"
same 'worker counts' '1 2 4 8 16' \
  "$(sed -n 's/^ *"workers": \([0-9]*\),*$/\1/p' laptop10/plan.json | sort -nu | grep -v '^0$' | tr '\n' ' ' | sed 's/ $//')"
run 0 compare laptop10 laptop2 laptop1 --own laptop2 --out class
same 'rows' '  laptop1 > laptop2   laptop10 ' \
  "$(sed -n 's/^\([> ] laptop[0-9]*\) .*/\1/p' out | tr '\n' ' ')"
! grep -q 'not comparable' out || fail "runs of a class to be comparable, got $(cat out)"
[ -s class/class-speedup.tsv ] || fail 'a chart of the class expected'
[ "$(grep -c '<tr class="own"><th scope="row">laptop2 (yours)</th>' class/compare.html)" = 1 ] ||
  fail "one's own run in the page expected"
same 'runs that are own' 1 "$(grep -c '<tr class="own">' class/compare.html)"
run 0 compare laptop10 laptop2 laptop1 --own laptop2 --csv
same 'rows of a class' 7 "$(wc -l <out | tr -d ' ')"
same 'runs of a class' 'laptop10,0,30 laptop2,1,6 laptop1,0,3 ' "$(grep ',spin,' out | cut -d , -f 1-3 | tr '\n' ' ')"
run 0 compare laptop10 laptop2 laptop1 --own laptop2 --json
{ cat class/compare.json; echo; } | cmp -s - out || fail 'compare.json of a class is what --json prints'
same 'own place' 2 "$(sed -n '/"workload": "spin"/,/"speedup"/s/.*"own_place": \([0-9]*\).*/\1/p' out | sed -n 2p)"
run 0 compare laptop10 laptop2 laptop1 --own laptop2 --markdown
grep -q '^| \*\*laptop2\*\* | 6 | ' out || fail "one's own run in Markdown expected"
run 2 compare laptop1 laptop2 laptop10 --own a
run 2 compare laptop1 laptop2 laptop10 --fail-if-slower 5%
run 2 simulate --machine m.json --class 1 --size 5 --out none
run 2 simulate --machine m.json --class 2 --out none
echo 'ok a class is fixed, and compared'
