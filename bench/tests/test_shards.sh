#!/bin/sh
# Shards of one plan are disjoint, and together they are the plan; merged, they
# are a run as any other.  What does not belong together is refused by name.
# usage: test_shards.sh       ($CORESWEEP: the program)
set -eu
. bench/tests/fixture.sh
machine=$(realpath results/machines/amdahl.json)
cd "$tmp"
warns() { grep -Fq -e "$1" "$tmp/err" || fail "'$1' expected on stderr"; }

# ---- Dealing --------------------------------------------------------------

plan='--kernels cube,cube/repeat=1,spin,rowcount,rangesum --variants omp:static,pool:static --workers 1'
dry() {
  # shellcheck disable=SC2086 # several options
  run 0 sweep --dry-run $plan "$@"
  awk 'NF == 3' "$tmp/out"
}
dry >whole
for shards in 1 2 3 4; do
  : >parts
  for shard in $(seq "$shards"); do
    dry --shard "$shard/$shards" >part
    [ -s part ] || fail "shard $shard/$shards has points"
    cat part >>parts
  done
  sort whole >whole.sorted
  sort parts | diff whole.sorted - >&2 || fail "$shards shards are the whole, each point once"
done
dry --shard 1/4 >part
grep -q '^cube ' part || fail 'the first shard has the first workload'
grep -q '^cube/repeat=1 ' part || fail 'with the one that has the same region'
for wrong in 0/2 3/2 2 2/ /2 1/0 x/2 -1/2 1/2/3; do
  # shellcheck disable=SC2086 # several options
  run 2 sweep --dry-run $plan --shard "$wrong"
  warns "--shard $wrong: want one of how many"
done
# shellcheck disable=SC2086 # several options
run 2 sweep --dry-run $plan --shard 1/5
warns '--shard 1/5: there are 4 workloads to deal out'
echo 'ok shards are disjoint, and their union is the plan'

# ---- Merging --------------------------------------------------------------

# simulated FOLDER ARGUMENT...
simulated() {
  folder=$1
  shift
  run 0 simulate --machine "$machine" --kernels spin,spin/serial=0.05,spin/serial=0.25 \
    --variants omp:static,pool:static --workers 1,2,4 --out "$folder" "$@"
}
simulated whole-run
for shard in 1 2; do simulated "s$shard" --shard "$shard/2"; done
run 0 merge s2 s1 --out merged
grep -q '^spin/serial=0.25 ' "$tmp/out" || fail 'merge ends with the answer'
run 0 merge s1 s2 --out merged-too --csv
cp "$tmp/out" merged.csv
grep -q '^spin/serial=0.25 ' "$tmp/err" || fail 'merge --csv ends with the answer on stderr'
run 0 report merged-too --csv
cmp -s merged.csv "$tmp/out" || fail 'merge --csv prints what report --csv does'
run 2 merge s1 s2 --out none --csv --json
warns 'want one of them'
[ ! -e none ] || fail 'before it merges'
rows() { sed '1d' "$1/speedups.csv" | cut -d , -f 1,4,6,7,8 | sort; }
for run in whole-run merged; do run 0 report "$run"; done
rows whole-run >wanted
rows merged | diff wanted - >&2 || fail 'a merged run has the results of the whole, of as many rounds'
keys() { grep -v -e '"shard' "$1/plan.json" | sed -n 's/^ "\([a-z_]*\)":.*/\1/p'; }
keys whole-run >wanted
[ -s wanted ] || fail 'the keys of the whole'
keys merged | diff wanted - >&2 || fail "a merged run's plan is a plan as any other"
points() { sed -n '/^ "points"/,/^ \]/p' "$1/plan.json"; }
points whole-run >wanted
[ -s wanted ] || fail 'the points of the whole'
points merged | diff wanted - >&2 || fail 'with the points of the whole, in its order'
same 'what is predicted' "$(cat s1/prediction.json s2/prediction.json | grep -v '^ "\|^[{}]\|^ \]' | sed 's/},$/}/' | sort | cksum)" \
  "$(grep -v '^ "\|^[{}]\|^ \]' merged/prediction.json | sed 's/},$/}/' | sort | cksum)"
predicted() { sed -n 's/^   "\(workload\|variant\)": //p' "$1/prediction.json"; }
predicted whole-run >wanted
predicted merged | diff wanted - >&2 || fail 'what is predicted stands in the order of the plan'
cut -f 1-3 whole-run/commands.tsv >wanted
cut -f 1-3 merged/commands.tsv | diff wanted - >&2 || fail 'commands stand in the order of the plan'
sort s1/commands.tsv s2/commands.tsv >wanted
sort merged/commands.tsv | diff wanted - >&2 || fail 'commands are those of the shards'
probes() { grep -c '"kernel":"clock"\|"kernel":"memory"\|chains=8' "$1/trials.jsonl" || :; }
same 'probes of the machine' "$(probes s1)" "$(probes merged)"
for run in s1 s2; do
  grep '"phase":"round"' "$run/trials.jsonl" | grep -v 'chains=\|"kernel":"clock"\|"kernel":"memory"\|"kernel":"adds"' |
    sed 's/"order":[0-9]*,//'
done | sort >wanted
grep '"phase":"round"' merged/trials.jsonl | grep -v 'chains=\|"kernel":"clock"\|"kernel":"memory"\|"kernel":"adds"' |
  sed 's/"order":[0-9]*,//' | sort | diff wanted - >&2 || fail 'every trial of a shard is there, once, as it was'
run 0 analyze merged
run 2 merge s1 s2 --out merged
warns 'merged: holds a run already'
echo 'ok merged shards are a run as any other'

# refused WORDS FOLDER...
refused() {
  words=$1
  shift
  run 2 merge "$@" --out none
  warns "$words"
  [ ! -e none ] || fail "nothing is made of what is refused"
}
refused 's1 and s1: both are shard 1/2' s1 s1
refused 's1 and s1: both are shard 1/2' s1 s2 s1
refused 'shard 2/2 is missing' s1
refused 'shard 1/2 is missing' s2
refused 'whole-run: it is no shard of a sweep' whole-run
refused 'merged: it is no shard of a sweep' s1 merged
simulated seed --shard 2/2 --seed 2
refused 's1 and seed: of two sweeps: "seed" differs' s1 seed
simulated rounds --shard 2/2 --rounds 7
refused 'of two sweeps: "rounds_given" differs' s1 rounds
run 0 simulate --machine "$machine" --kernels spin,spin/serial=0.05,spin/serial=0.5 \
  --variants omp:static,pool:static --workers 1,2,4 --out kernels --shard 2/2
refused 's1 and kernels: of two sweeps: "shard_of" differs' s1 kernels
run 0 simulate --machine "$machine" --kernels spin,spin/serial=0.05,spin/serial=0.25 \
  --variants omp:dynamic,pool:static --workers 1,2,4 --out variants --shard 2/2
refused 's1 and variants: of two sweeps: "variants" differs' s1 variants
cp -r s2 other
sed -i 's/\("version": "\)/\1of-another-/' other/plan.json
refused 's1 and other: version differs' s1 other
cp -r s2 early
sed -i 's/"stage": "done"/"stage": "rounds"/' early/plan.json
refused 'early: it is not done' s1 early
cp -r s2 broken
sed -i 's/"shard": 2/"shard": 3/' broken/plan.json
refused 'broken/plan.json' s1 broken
run 2 merge
warns "the shards' folders are missing"
refused 'plan.json' nowhere
echo 'ok what does not belong together is refused by name'

# ---- Here -----------------------------------------------------------------

# Kernels that are held to no limit of the machine.
for shard in 1 2; do
  run 0 sweep --kernels latency,null --variants pool:static --workers 1 --size 20 \
    --rounds 6 --out "here$shard" --shard "$shard/2"
done
run 0 sweep --resume here2
run 0 merge here1 here2 --out here
run 0 report here --csv
same 'results' 'latency pool:static latency serial null pool:static null serial ' \
  "$(sed 1d "$tmp/out" | cut -d , -f 1,4 | tr ',' ' ' | sort | tr '\n' ' ')"
echo 'ok shards of real sweeps'
