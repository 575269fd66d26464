#!/bin/sh
# Size as an axis from end to end: every point at every size, gone on with,
# repeated, and drawn; on a simulated machine, and on sizes so small that it
# takes seconds.
# usage: test_sizes.sh    ($CORESWEEP: the program; default build/coresweep)
set -eu
. bench/tests/fixture.sh
machine=$(realpath results/machines/amdahl.json)
cd "$tmp"

# of FILE PHASE: "VARIANT WORKERS SIZE" of its records.
of() {
  sed -n "s/.*\"phase\":\"$2\",.*\"requested\":\"\([^\"]*\)\",\"workers\":\([0-9]*\),.*\"size\":\([0-9]*\),.*/\1 \2 \3/p" "$1"
}

# ---- what makes no sense ----------------------------------------------------

refused "'5K' is no number of items" sweep --kernels cube --sizes 5K
refused 'one size or several, not both' sweep --kernels cube --sizes 10,20 --size 10
refused '--scaling weak with --sizes' sweep --kernels cube --sizes 10,20 --scaling weak

# ---- measured ---------------------------------------------------------------

set -- --kernels cube --variants omp:static --workers 1,2 --oversubscribe \
  --no-probes --rounds 3
run 0 sweep "$@" --sizes 1k,100..400 --dry-run
same 'points of a dry run' "$(for size in 100 200 400 1024; do
  printf '%s\n' "cube serial 1 $size" "cube omp:static 1 $size" "cube omp:static 2 $size"
done)" "$(grep '^cube' out)"

run 0 sweep "$@" --sizes 100..400 --out real
trials=real/trials.jsonl
same 'records that are not right' 0 "$(grep -vc '"correct":true' $trials)"
same 'every point three times at every size' "$(for size in 100 200 400; do
  for point in 'omp:static 1' 'omp:static 2' 'serial 1'; do echo "3 $point $size"; done
done | sort)" "$(of $trials round | sort | uniq -c | sed 's/^ *//' | sort)"
same 'pilots of every one-worker point' '6' \
  "$(of $trials pilot | sort | uniq -c | awk '{ print $1 }' | sort -u)"
same 'pilots' 36 "$(of $trials pilot | wc -l)"
same 'digests, one of every size' '100 200 400' \
  "$(sed 's/.*"size":\([0-9]*\),.*"digest":"\([^"]*\)".*/\1 \2/' $trials | sort -u | sort -n | cut -d ' ' -f 1 | tr '\n' ' ' | sed 's/ $//')"
same 'sizes that were sought' '' "$(of $trials calibration | sort | uniq -c | awk '$1 != 2 || $3 != 1')"

same "sizes of plan.json's points" '3 100 3 200 3 400' \
  "$(sed -n '/^ "points"/,/^ ]/s/.*"size": \([0-9]*\).*/\1/p' real/plan.json | sort -n | uniq -c | xargs)"

# What is missing of a run is measured, at its size.
cp -r real cut
head -n 60 $trials >cut/trials.jsonl
run 0 sweep --resume cut
same 'gone on with' "$(of $trials round | sort)" "$(of cut/trials.jsonl round | sort)"
cp cut/trials.jsonl before
run 0 sweep --resume cut
cmp -s before cut/trials.jsonl || fail 'nothing to be added to a finished run expected'

# No meters beside several sizes; the probes of the CPUs stay.
if [ "$(nproc)" -gt 1 ]; then
  run 0 sweep --kernels cube --variants omp:static --workers 1,2 --rounds 1 --quick --sizes 64,128 --out probed
  grep -q '^2 sizes; no meters' out || fail "no meters expected, and said, got $(cat out)"
  same 'probes' 'spin/chains=8' "$(grep '"phase":"probe"' probed/trials.jsonl |
    sed 's/.*"workload":"\([^"]*\)".*/\1/' | sort -u | xargs)"
fi

# Another machine does the same again; and is not asked for the impossible.
run 0 sweep --like real --oversubscribe --rounds 1 --no-probes --out like
same 'repeated' "$(of $trials round | sort -u)" "$(of like/trials.jsonl round | sort -u)"
run 0 sweep --like real --sizes 50,60 --oversubscribe --dry-run
same 'repeated at other sizes' '50 60' "$(awk '/^cube serial/ { print $4 }' out | tr '\n' ' ' | sed 's/ $//')"
refused 'weak with a run of several sizes' sweep --like real --scaling weak --dry-run
echo 'ok measured'

# ---- analysed and shown -----------------------------------------------------

run 0 simulate --machine "$machine" --kernels cube --variants omp:static,pool:static \
  --workers 1,4 --sizes 1k..16k --rounds 8 --out sim --report
csv() {
  awk -F , 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
    { print $at["requested"], $at["workers"], $at["size"], $at["n"] }' sim/speedups.csv
}
run 0 report --full sim
same 'a line of speedups.csv for every point at every size' "$(for size in 1024 2048 4096 8192 16384; do
  for point in 'serial 1' 'omp:static 1' 'omp:static 4' 'pool:static 1' 'pool:static 4'; do
    echo "$point $size 8"
  done
done)" "$(csv)"
for size in 1k 2k 4k 8k 16k; do
  same "rows of the table at $size" 1 "$(grep -c "^cube at $size  *serial" out)"
done
grep -q '^Each size beside serial at that size' out || fail 'the table to say against what'
for words in 'reach .* (warm region)' 'lose at all 5 sizes, .* (whole program)'; do
  grep -q "^Cube mapping, 4 workers: threads $words\.\$" out ||
    fail "a sentence over the sizes expected, got $(cat out)"
done
for scope in region program; do
  chart=sim/charts/cube-$scope-sizes.tsv
  same "points over the sizes, $scope" "$(for series in 'pool of processes' 'threads (OpenMP)'; do
    printf '%s\n' "$series 1024" "$series 2048" "$series 4096" "$series 8192" "$series 16384"
  done)" "$(awk -F '\t' '$1 == "point" || $1 == "hollow" { print $2, $4 }' "$chart" | LC_ALL=C sort -k 1,1 -s)"
  grep -q '^# reference: 1	no gain$' "$chart" || fail "$chart: a line at no gain expected"
  grep -q '^# ideal: 4	ideal 4×$' "$chart" || fail "$chart: a line at the ideal expected"
done
same 'points of the law, in charts of programs alone' '0 5' \
  "$(grep -c '^law' sim/charts/cube-region-sizes.tsv) $(grep -c '^law' sim/charts/cube-program-sizes.tsv)"
# The charts over workers are of the largest size.
grep -q '^# foot: .*16 384 integers' sim/charts/cube-region.tsv || fail 'the largest size over workers expected'
same 'rows of the overview' 2 "$(grep -c '^[ph]o' sim/charts/overview.tsv)"
same 'sizes of the prediction' '1024 1024 1024 2048 2048 2048' \
  "$(sed -n 's/^ *"size": \([0-9]*\),*$/\1/p' sim/prediction.json | sort -n | head -n 6 | tr '\n' ' ' | sed 's/ $//')"
echo 'ok analysed'

# ---- compared ---------------------------------------------------------------

run 0 simulate --machine "$machine" --kernels cube --variants omp:static \
  --workers 1,4 --sizes 4096 --rounds 7 --out one
run 0 compare sim one --out both
same 'sizes in common' 2 "$(grep -c '^cube at 4k, warm regions\|^  omp:static on 4' out)"
grep -q '^Only in A, workloads: cube at 1k, cube at 2k, cube at 8k, cube at 16k$' out ||
  fail "sizes that one has alone expected, got $(cat out)"
! grep -q 'not comparable' out || fail 'the same size to be comparable'
echo 'ok compared'
