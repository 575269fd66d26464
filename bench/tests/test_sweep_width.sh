#!/bin/sh
# sweep --target-width: the number of rounds follows from the widths after
# nine of them, and from nothing else; what was decided stays decided.
# usage: test_sweep_width.sh    ($CORESWEEP: the program; default build/coresweep)
# shellcheck disable=SC2016 # what is for awk
set -eu
. bench/tests/fixture.sh
cd "$tmp"

rounds_of() {
  sed -n 's/.*"phase":"round","round":\([0-9]*\),.*/\1/p' "$1/trials.jsonl" | sort -n | uniq -c |
    awk '{ if ($1 != 2 || $2 != NR) bad = 1 } END { print bad ? "odd ones" : NR }'
}

for share in 0 0% 1 100% -5% x '' 5x; do
  run 2 sweep --kernels cube --target-width "$share" --out none
  grep -q -- '--target-width.*want a share' err || fail "--target-width $share: a share to be asked for expected"
done
run 2 sweep --kernels cube --target-width 5% --rounds 20 --out none
grep -q -- '--rounds and --target-width' err || fail 'both options to be named expected'
[ ! -e none ] || fail 'no folder expected'
echo 'ok a width is a share, and no number of rounds'

run 0 sweep --kernels latency --variants serial,omp:static --workers 1 --size 2 --quick --target-width 99% --out base
decided=$(values base/plan.json rounds)
[ "$decided" -ge 9 ] || fail "9 rounds or more expected, got $decided"
same 'rounds that were decided' true "$(values base/plan.json width_decided)"
same 'rounds that were measured' "$decided" "$(rounds_of base)"
same 'rounds that are done' "$decided" "$(values base/plan.json rounds_done)"
grep -q "^$decided rounds: 9 trials a point, then as many as its width asks for: up to $decided\.$" out ||
  fail "the number of rounds and its reason expected, got $(cat out)"
echo 'ok a sweep decides after nine rounds, and does as many'

# Every region takes so long; stamps would not fit into it.
took='function took(s, list, n) {
        match($0, /"regions_s":\[[^]]*\]/)
        list = substr($0, RSTART, RLENGTH)
        n = gsub(/,/, ",", list)
        list = s
        while (n-- > 0) list = list "," s
        sub(/"region_s":[^,]*/, "\"region_s\":" s)
        sub(/"regions_s":\[[^]]*\]/, "\"regions_s\":[" list "]")
        while (match($0, /"worker_[a-z_]*_s":\[[^]]*\]/)) {
          list = substr($0, RSTART, RLENGTH)
          sub(/\[.*/, "null", list)
          $0 = substr($0, 1, RSTART - 1) list substr($0, RSTART + RLENGTH)
        }
        while (match($0, /"core_[a-z_]*":[-+.0-9e]+/)) {
          list = substr($0, RSTART, RLENGTH)
          sub(/:.*/, ":null", list)
          $0 = substr($0, 1, RSTART - 1) list substr($0, RSTART + RLENGTH)
        }
      }'

# known DIR TARGET BUDGET: nine rounds whose intervals are known: serial
# takes 1 s, omp:static 0.5 s in odd and 0.6 s in even rounds.  Its speedup is
# 2 from 1.667 to 2: half of that is 8.33%.
known() {
  mkdir "$1"
  cp base/environment.json "$1"
  sed -e 's/"stage": "done"/"stage": "rounds"/' -e 's/"width_decided": true/"width_decided": false/' \
    -e '/^ "trials": \[/,/\]/d' -e 's/"rounds": [0-9]*/"rounds": 9/' -e 's/"rounds_done": [0-9]*/"rounds_done": 0/' \
    -e "s/\"target_width\": [0-9.]*/\"target_width\": $2/" -e "s/\"budget_s\": [0-9.]*/\"budget_s\": $3/" \
    base/plan.json >"$1/plan.json"
  awk "$took"'
       { phase = $0; sub(/.*"phase":"/, "", phase); sub(/".*/, "", phase)
         round = $0; sub(/.*"round":/, "", round); round += 0 }
       phase == "round" && round > 9 { next }
       phase == "round" { took(/"requested":"serial"/ ? "1.0" : round % 2 ? "0.5" : "0.6") }
       { print }' base/trials.jsonl >"$1/trials.jsonl"
}

known wide 0.06 0.0
run 0 sweep --resume wide
# 9 x (0.0833 / 0.06)^2 = 17.4, up to a step
same 'rounds for 6%' 20 "$(values wide/plan.json rounds)"
same 'rounds for 6%, measured' 20 "$(rounds_of wide)"
known narrow 0.1 0.0
run 0 sweep --resume narrow
same 'rounds for 10%' 9 "$(values narrow/plan.json rounds)"
same 'trials that were missing' 0 "$(sed -n 's/ of .* trials were missing.*//p' out)"
echo 'ok the number of rounds is 9 (w/W)^2, up to a step'

known poor 0.01 0.001
run 0 sweep --resume poor
same 'rounds of a budget that has run out' 9 "$(rounds_of poor)"
grep -q 'intervals as narrow as ±1%: the widest is ±8.33% (latency, omp:static, 1 worker)' poor/plan.json ||
  fail "the width that was reached expected, got $(grep -A 3 left_out poor/plan.json)"
grep -q '^Short of what was planned: no intervals as narrow as ±1%' out || fail "the width that was reached to be said expected, got $(cat out)"
echo 'ok a budget that runs out is said with the width reached'

# Killed after the decision: no other is made, whatever the widths are by then.
mkdir again
cp wide/environment.json again
sed -e 's/"stage": "done"/"stage": "rounds"/' -e 's/"rounds": 20/"rounds": 23/' -e 's/^  20\(,*\)$/  23\1/' -e 's/"left_out": .*/"left_out": []}/;/"left_out"/q' \
  wide/plan.json >again/plan.json
grep -v '"round":1[4-9],\|"round":20,' wide/trials.jsonl | awk "$took"' !/"region_s":null/ { took("1.0") } { print }' >again/trials.jsonl
run 0 sweep --resume again
same 'rounds after the decision' 23 "$(rounds_of again)"
same 'the reason' "$(grep '"rounds_reason"' wide/plan.json)" "$(grep '"rounds_reason"' again/plan.json)"
# And a run that its budget ended stays ended.
mkdir ended
cp again/environment.json ended
sed 's/"rounds": 23/"rounds": 30/' again/plan.json >ended/plan.json
cp again/trials.jsonl ended
run 0 sweep --resume ended
same 'rounds of a run that was ended' 23 "$(rounds_of ended)"
echo 'ok what was decided stays decided'
