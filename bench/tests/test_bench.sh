#!/bin/sh
# coresweep bench: its own kernels and variants where nothing is said, results
# in the current folder, hyperfine's times among them, a report in the end.
# usage: test_bench.sh       ($CORESWEEP: the program)
set -eu
. bench/tests/fixture.sh
. bench/tests/fakes.sh
cd "$tmp"

# ---- What it measures -----------------------------------------------------

# workloads, variants: of a dry run, in one line each
workloads() { awk 'NF == 3 && !seen[$1]++ { print $1 }' "$tmp/out" | tr '\n' ' '; }
variants() { awk 'NF == 3 && !seen[$2]++ { print $2 }' "$tmp/out" | tr '\n' ' '; }
run 0 bench --dry-run --workers 1
same workloads 'rowcount rowcount/repeat=1 rangesum rangesum/order=sorted cube cube/repeat=1 adler32 latency spin/serial=0.05 spin/serial=0.25 ' "$(workloads)"
same variants 'serial omp:static omp:dynamic fork:static pool:static pool:dynamic ' "$(variants)"
run 0 bench --dry-run --workers 1 --quick
same 'workloads of --quick' 'rowcount rangesum rangesum/order=sorted cube adler32 latency spin/serial=0.05 spin/serial=0.25 ' "$(workloads)"
run 0 bench --dry-run --workers 1 --kernels cube,spin --variants fork:static
same 'workloads that were asked for' 'cube spin ' "$(workloads)"
same 'variants that were asked for' 'serial fork:static ' "$(variants)"
run 2 bench results
warns 'bench: unexpected argument'
echo 'ok bench measures the usual kernels, or what is asked for'

# ---- Results, and hyperfine -----------------------------------------------

# small STATUS ARGUMENT...: a bench of a moment
small() {
  wanted=$1
  shift
  run "$wanted" bench --kernels spin --variants serial,pool:static,fork:static \
    --sizes "${SIZES:-100}" --rounds 1 --no-probes "$@"
}
fake_gnuplot '<svg></svg>'
rm -f "$bin/hyperfine"
mkdir few
ln -s "$bin/gnuplot" few/
path=$PATH
# shellcheck disable=SC2123 # without hyperfine, whether or not it is there
PATH=$tmp/few
small 0 --workers 1
PATH=$path
folder=$(readlink results/latest)
case $folder in
20[0-9][0-9]-[0-9][0-9]-[0-9][0-9]T*) ;;
*) fail "a folder of today expected, got $folder" ;;
esac
says "Charts  "
says "coresweep report --full results/$folder"
grep -q '"budget_s": 120' results/latest/plan.json || fail 'its budget is 2m'
for file in analysis.json speedups.csv charts/overview.svg; do
  [ -e "results/latest/$file" ] || fail "bench leaves $file"
done
[ ! -e results/latest/hyperfine.json ] || fail 'without hyperfine, none of its times'
small 0 --workers 1 --out results/own --quick
same 'the latest run' own "$(readlink results/latest)"
grep -q '"budget_s": 17' results/own/plan.json || fail 'the budget of --quick is 17s'
small 0 --workers 1 --out elsewhere --budget 40s
same 'a run elsewhere is not the latest of results/' own "$(readlink results/latest)"
grep -q '"budget_s": 40' elsewhere/plan.json || fail 'the budget that was asked for counts'
echo 'ok bench leaves a run in the current folder, the latest, and reports'

fake hyperfine <<'FAKE'
echo "waiting threads: $OMP_WAIT_POLICY" >>"$calls"
echo 'a word on stdout'
echo 'a word on stderr' >&2
while [ "$1" != --export-json ]; do shift; done
out=$2
[ -z "${BREAK:-}" ] || { : >"$out"; exit 1; }
cat >"$out" <<JSON
{"results": [{"command": "spin|serial|1", "median": 0.5, "min": 0.5, "max": 0.5,
  "times": [0.5, 0.5, 0.5, 0.5, 0.5], "exit_codes": [0, 0, 0, 0, 0]}]}
JSON
FAKE
take_calls >/dev/null
unset OMP_WAIT_POLICY || :
cpus=$(nproc)
most=$((cpus < 3 ? cpus : 3))
SIZES=100,200
small 0 --workers "1..$((cpus < 3 ? cpus + 1 : 3))" --oversubscribe --out timed
SIZES=100
! grep -q 'a word on' "$tmp/out" "$tmp/err" || fail 'hyperfine says nothing that is shown'
grep -F 'hyperfine [-N] [--runs] [1] [--style] [none] [--export-json] [timed/hyperfine.json.new] [--command-name] ' "$calls" >"$tmp/call" ||
  fail "hyperfine was called; calls were: $(cat "$calls")"
grep -o '\[--command-name\] \[[^]]*\]' "$tmp/call" | tr -d '[]' | cut -d ' ' -f 2 >"$tmp/named"
both="spin|serial|1 spin|pool:static|$most"
same 'what it times, in turns' "$both $both $both $both $both" "$(tr '\n' ' ' <"$tmp/named" | sed 's/ $//')"
same 'of the sizes, the largest' '     10 --size 200' \
  "$(grep -o -e '--size [0-9]*' "$tmp/call" | sort | uniq -c)"
command=$(sed -n "s/^spin	pool:static	$most	//p" timed/commands.tsv | tail -n 1)
grep -Fq -e "[$command]" "$tmp/call" || fail "the command of commands.tsv, $command, is timed"
called 'waiting threads: passive'
grep -q '"median": 0.5' timed/hyperfine.json || fail "hyperfine's times are kept"
[ ! -e timed/hyperfine.json.new ] || fail 'under one name'
grep -q 'hyperfine' timed/analysis.json || fail "hyperfine's times are in the analysis"
OMP_WAIT_POLICY=active
export OMP_WAIT_POLICY
small 0 --workers 1 --out active
unset OMP_WAIT_POLICY
called 'waiting threads: active'
BREAK=1
export BREAK
small 1 --workers 1 --out broken
unset BREAK
warns 'hyperfine could not time the commands: a word on stderr'
for file in broken/hyperfine.json*; do
  [ ! -e "$file" ] || fail "$file: nothing is left of hyperfine that failed"
done
take_calls >/dev/null
run 0 bench --kernels spin --variants fork:static --size 100 --rounds 1 --no-probes \
  --workers 1 --out only
called 'waiting threads: passive'
run 0 sweep --kernels spin --variants pool:static --size 100 --rounds 1 --no-probes \
  --workers 1 --out swept
same 'calls of hyperfine by sweep' 1 "$(grep -c '^hyperfine' "$calls")"
echo 'ok bench has hyperfine time the commands of the most workers'

run 0 bench --resume timed
says 'Charts  '
echo 'ok bench goes on with a run'

# ---- A program ------------------------------------------------------------

cat >own.sh <<'SH'
#!/bin/sh
exit 0
SH
chmod +x own.sh
run 0 bench --rounds 1 --warmup 0 --workers 1 --out program -- ./own.sh '{workers}'
says 'Charts  '
grep -q -e '"--budget=2m"' program/plan.json || fail "a program's budget is 2m"
run 0 bench --resume program --report
run 0 bench --rounds 1 --warmup 0 --workers 1 --out program2 --budget 9s --program "./own.sh {workers} 'a b'"
grep -q -e 'a b' program2/plan.json || fail 'the program is the one that was given'
echo 'ok bench measures a program'
