#!/bin/sh
# Runs of older programs: report and compare show their own analyses, --like
# repeats them, and what would have to read their records says why not.
# usage: test_old_runs.sh     (in the top folder; $CORESWEEP is the program)
set -eu
. bench/tests/fixture.sh
cp -r bench/tests/golden/old-run-1 bench/tests/golden/old-run-2 "$tmp"
cd "$tmp"

# No gnuplot: drawing is tested elsewhere.
mkdir bin
cat >bin/gnuplot <<'FAKE' # the ends of both kinds of pictures
#!/bin/sh
for out; do :; done
printf '<svg></svg>IEND\256B\140\202' >"$out"
FAKE
chmod +x bin/gnuplot
PATH=$tmp/bin:$PATH

# run STATUS ARGUMENTS...
run() {
  expected=$1 status=0
  shift
  "$coresweep" "$@" >out 2>err || status=$?
  [ "$status" -eq "$expected" ] || fail "$*: exit status $status"
}

for old in old-run-1 old-run-2; do
  cp "$old/analysis.json" before
  run 0 report --full "$old"
  cmp -s before "$old/analysis.json" || fail "$old: its analysis was changed"
  grep -q 'pool:static' out || fail "$old: a table expected"
  [ "$(wc -l <"$old/speedups.csv")" -eq 11 ] || fail "$old: 10 results expected"
  # The same number in both: program_s of the first result.
  number=$(sed -n '/"results"/,$s/^ *"median": \(.*\),$/\1/p' before | sed -n 3p)
  awk -F , -v number="$number" '
    NR == 1 { for (i = 1; i <= NF; i++) if ($i == "program_s") column = i }
    NR == 2 { exit !($column + 0 == number + 0 && number > 0) }
  ' "$old/speedups.csv" || fail "$old: program_s of $number expected"
done
echo 'ok report shows an old analysis'

run 0 compare old-run-1 old-run-2 --out charts
grep -q 'latency/sleep_us=0' out || fail 'compare: both workloads expected'
echo 'ok compare sets old runs side by side'

for old in old-run-1 old-run-2; do
  run 1 analyze "$old"
  grep -q "$old/trials.jsonl.* was written by an older coresweep (schema 1); .report. still shows its analysis.json" err ||
    fail "analyze: $old to be refused by name"
  run 2 sweep --resume "$old"
  grep -q "$old/plan.json: its schema is [12]: an older coresweep" err ||
    fail "--resume: $old to be refused by name"
  [ "$(wc -l <"$old/trials.jsonl")" -eq 12 ] || fail "$old: its records were changed"
done
echo 'ok what needs their records refuses them by name'

for old in old-run-1 old-run-2; do
  run 0 sweep --like "$old" --dry-run --oversubscribe
  grep -q 'latency/sleep_us=0' out || fail "--like $old: its workloads expected"
done
echo 'ok --like repeats them'
