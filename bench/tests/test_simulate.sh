#!/bin/sh
# Every machine under results/machines, from simulation to charts' data; the
# same seed gives the same bytes; wrong files are refused.
# usage: test_simulate.sh    ($CORESWEEP: the program; default build/coresweep)
set -eu
. bench/tests/fixture.sh
machines=$(realpath results/machines)
cd "$tmp"

# key FILE NAME: a member of environment.json.
key() {
  sed -n "s/^ \"$2\": \(.*[^,]\),*\$/\1/p" "$1"
}

# No gnuplot but where a picture is asked for: drawing is tested elsewhere.
gnuplot=$(command -v gnuplot || :)
mkdir bin
cat >bin/gnuplot <<'FAKE' # the ends of both kinds of pictures
#!/bin/sh
for out; do :; done
printf '<svg></svg>IEND\256B\140\202' >"$out"
FAKE
chmod +x bin/gnuplot
PATH=$tmp/bin:$PATH

count=0
for machine in "$machines"/*.json; do
  name=$(basename "$machine" .json)
  run 0 simulate --machine "$machine" --out "$name" --rounds 6 \
    --variants omp:static
  cpus=$(key "$name/environment.json" usable_cpus)
  grep -q "\"workers\":$cpus," "$name/trials.jsonl" ||
    fail "$name: no trial with all $cpus CPUs"
  ! grep -q '"status":"\(failed\|wrong\)' "$name/trials.jsonl" ||
    fail "$name: a trial failed"
  run 0 analyze "$name"
  run 0 report "$name"
  for data in overview spin-region spin-program spin-serial-0.05-program; do
    [ -s "$name/charts/$data.tsv" ] || fail "$name: no charts/$data.tsv"
  done
  ! grep -q '^# foot: .*· *$' "$name/charts/overview.tsv" ||
    fail "$name: the charts' foot ends with a separator, and no date"
  count=$((count + 1))
done
[ "$count" -ge 5 ] || fail "only $count machines"
echo "ok $count machines, from simulation to charts' data"

key amdahl/environment.json machine | grep -q '"simulated: Amdahl' ||
  fail "environment.json does not say that the machine is simulated"
[ "$(key amdahl/environment.json cpu_model)" = null ] ||
  fail "environment.json names a CPU that is not simulated"
[ "$(key p-and-e/environment.json smt)" = true ] || fail "p-and-e has no SMT"
[ "$(key p-and-e/environment.json cores)" = 16 ] || fail "p-and-e: cores"
[ "$(key two-socket/environment.json numa_nodes)" = 2 ] || fail "two-socket"
echo "ok environment.json"

# speedup RUN COLUMN WORKERS: a number of speedups.csv, of spin.
speedup() {
  awk -F, -v column="$2" -v workers="$3" '
    NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
    $at["workload"] == "spin" && $at["workers"] == workers &&
      $at["variant"] == "omp:static" { print $at[column] }' "$1/speedups.csv"
}
awk -v s="$(speedup amdahl program_speedup 64)" 'BEGIN {
  exit !(s > 14.9 && s < 15.5) }' ||
  fail "amdahl: a program speedup of $(speedup amdahl program_speedup 64)"
awk -v a="$(speedup backwards speedup_abs 32)" \
  -v b="$(speedup backwards speedup_abs 256)" 'BEGIN { exit !(a > 2 * b) }' ||
  fail "backwards does not go backwards"
echo "ok speedups are what the machines are there to show"

run 0 simulate --machine "$machines/noisy-cloud.json" --out a --rounds 6
run 0 simulate --machine "$machines/noisy-cloud.json" --out b --rounds 6
run 0 simulate --machine "$machines/noisy-cloud.json" --out c --rounds 6 --seed 2
for file in trials.jsonl plan.json prediction.json environment.json; do
  cmp -s "a/$file" "b/$file" || fail "two runs differ in $file"
done
! cmp -s a/trials.jsonl c/trials.jsonl || fail "another seed gave the same"
echo "ok the same seed gives the same bytes, another one does not"

run 0 simulate --machine "$machines/backwards.json" --workers 1..256 \
  --kernels spin --variants omp:static --size 25600 --rounds 6 --out all
[ "$(grep -c '"phase":"round"' all/trials.jsonl)" = $((257 * 6)) ] ||
  fail "--workers 1..256: not every count in every round"
echo "ok 1..256 workers"

# Marks that lie over each other would leave nothing but their white rims.
if [ -n "$gnuplot" ]; then
  run 0 analyze all
  run 0 report all
  "$gnuplot" -c "$CORESWEEP_SCRIPTS/lines.gp" all/charts/spin-region.tsv dense.svg
  marks=$(grep -o '<polygon' dense.svg | wc -l)
  if [ "$marks" -lt 30 ] || [ "$marks" -gt 128 ]; then
    fail "$marks marks on a line of 256 worker counts"
  fi
  echo "ok marks of 256 worker counts do not cover each other"
fi

cat >memory.json <<'END'
{"name": "memory", "topology": "core:8 pu:1", "memory_bytes_per_s": 1e10,
 "jitter": 0.002}
END
run 0 simulate --machine memory.json --kernels rowcount --workers 1,8 \
  --variants omp:static --rounds 6 --out memory
grep -q '"region_cause": *"memory"' memory/analysis.json ||
  fail "memory that has an end is not measured, or not named"
echo "ok a machine's memory is measured, and named"

run 0 simulate --keys
sed -n '/^| key /,$p' "$machines/README.md" | cmp -s - out ||
  fail "results/machines/README.md has another table than simulate --keys"
echo "ok every key is in results/machines/README.md"

refused() {
  run 2 simulate --machine "$1" --out refused
  grep -q "$2" err || fail "$1: the message does not say $2"
  [ ! -e refused ] || fail "$1: a folder was made"
}
sed 's/"sigma"/"sigmaa"/' "$machines/backwards.json" >unknown.json
sed 's/"topology"/"no"/' "$machines/backwards.json" >missing.json
refused unknown.json 'unknown.json: there is no key "sigmaa"'
refused missing.json 'the key "topology" is missing'
sed 's/"name": "/&a\\n/' "$machines/backwards.json" >broken.json
refused broken.json 'the key "name" is not a text of .* printable'
refused nothing.json nothing.json
sed 's/"topology": "[^"]*"/"topology": "pack:9 core:99999 pu:2"/' \
  "$machines/backwards.json" >large.json
refused large.json 'the key "topology" is "pack:9 .*want at most 4096 CPUs'
run 2 simulate --out refused
grep -q -- '--machine is missing' err || fail "no --machine: said otherwise"
run 2 simulate --machine "$machines/amdahl.json" --workers 65 --out refused
grep -q 'oversubscribe' err || fail "65 workers on 64 CPUs: said otherwise"
run 2 simulate --machine "$machines/amdahl.json" --dry-run --out refused
echo "ok wrong files and options are refused"

run 0 simulate --machine "$machines/amdahl.json" --rounds 6 --out now --report
cp -r now later
run 0 analyze later
diff -r now later >"$tmp/differ" || fail "what a run concludes to be what its files say later, got $(head -n 5 "$tmp/differ")"
echo 'ok a run concludes what its files say later'
