#!/bin/sh
# A pipe that nobody writes, in place of any file that a command reads: it is
# told, and nobody waits for it.
# usage: test_pipes.sh    ($CORESWEEP: the program; default build/coresweep)
set -eu
. bench/tests/fixture.sh
two_vcpus=$(realpath results/machines/two-vcpus.json)
cd "$tmp"
mkfifo pipe

# refused STATUS WORDS ARGUMENT...: the program, which ends by itself.
refused() {
  wanted=$1
  words=$2
  shift 2
  status=0
  timeout 100 "$coresweep" "$@" >"$tmp/out" 2>"$tmp/err" </dev/null || status=$?
  [ "$status" = "$wanted" ] ||
    fail "coresweep $*: exit status $wanted expected, got $status"
  grep -qF -- "$words" "$tmp/err" || fail "coresweep $*: '$words' expected"
}
endless='is no file with an end'

# From a pipe items may come, if somebody writes them in time.
for command in trial dump; do
  what=
  [ "$command" = trial ] || what='--what input'
  # shellcheck disable=SC2086 # options
  refused 1 "coresweep $command: $command: the $command was not done after 0.2 s (--timeout), reading --input pipe; does anybody write it?" \
    "$command" -k cube --input pipe --timeout 0.2s $what
  [ ! -s out ] || fail "$command: nothing on stdout expected"
done
printf 'x\n1\n' >pipe &
run 0 dump -k cube --input pipe --what input --timeout 100s
wait
echo 'ok items'

refused 2 "--times pipe: $endless" report --times pipe --out times
refused 2 "--times /dev/zero: $endless" report --times /dev/zero --out times
refused 2 "pipe: $endless" simulate --machine pipe --out machine
refused 2 "pipe: $endless" aa --machine pipe
mkfifo executable
chmod +x executable
refused 2 './executable is a pipe or a device, no command' sweep --out none -- ./executable
refused 2 './executable is a pipe or a device, no command' \
  sweep --out none --serial ./executable -- true '{workers}'
[ ! -e none ] || fail 'no folder of a run that never began'
echo 'ok times, machines and programs'

# ---- the files of a run ----------------------------------------------------

run 0 simulate --machine "$two_vcpus" --out run --rounds 6 --variants omp:static
# Measured, so that it can be gone on with.
run 0 sweep --kernels cube --variants serial --workers 1 --size 100 --rounds 2 \
  --no-probes --out swept
for name in plan environment hyperfine analysis; do
  rm -rf edited
  cp -r run edited
  rm -f "edited/$name.json"
  mkfifo "edited/$name.json"
  if [ "$name" = analysis ]; then
    refused 1 "edited/$name.json: $endless" report edited
  else
    refused 1 "edited/$name.json: $endless" analyze edited
  fi
done
refused 2 "edited/analysis.json: $endless" compare run edited
rm -rf edited
cp -r run edited
rm edited/trials.jsonl
mkfifo edited/trials.jsonl
refused 1 "edited/trials.jsonl: $endless" analyze edited
echo 'ok a folder whose files are pipes is analyzed by nobody'

for name in plan.json trials.jsonl; do
  rm -rf edited
  cp -r swept edited
  rm "edited/$name"
  mkfifo "edited/$name"
  refused "$([ "$name" = plan.json ] && echo 2 || echo 1)" "edited/$name: $endless" \
    sweep --resume edited
  [ "$name" != plan.json ] || refused 2 "edited/$name: $endless" sweep --like edited --dry-run
done
mkdir begun
mkfifo begun/trials.jsonl
refused 1 "begun/trials.jsonl: $endless" sweep --kernels cube --variants serial \
  --workers 1 --size 100 --rounds 2 --no-probes --out begun
echo 'ok nor gone on with'

# What an output must be like lies in the run's folder, too.
run 0 sweep --workers 1,2 --oversubscribe --rounds 2 --warmup 0 --check output \
  --out program -- echo same
sed '$d' program/trials.jsonl >fewer
mv fewer program/trials.jsonl
sed -i 's/"stage": "done"/"stage": "rounds"/' program/plan.json
rm program/outputs/*.out
mkfifo program/outputs/1-1.out
refused 1 "program/outputs/1-1.out: $endless" sweep --resume program
echo 'ok nor are outputs held against one'

# Where a crash may have left what it was writing.
mkfifo run/analysis.json.new run/speedups.csv.new
run 0 analyze run
run 0 report run
[ -f run/analysis.json ] || fail 'analysis.json is a file'
echo 'ok nor is one written to'
