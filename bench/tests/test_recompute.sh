#!/bin/sh
# Anyone can recompute what a sweep says: speedups of regions and programs with
# their intervals, from trials.jsonl alone, by a script that has nothing of the
# program, are those of analysis.json to nine digits.
# usage: test_recompute.sh    ($CORESWEEP: the program; default build/coresweep)
set -eu
. bench/tests/fixture.sh
here=$PWD
cd "$tmp"

# said KEY RUN: each result's interval, as the script prints them.
said() {
  awk -F '[:,]' -v key="$1" -v kind="$2" '
    function text(t) { gsub(/[ "]/, "", t); return t }
    /^   "workload":/ { workload = text($2) }
    /^   "requested":/ { sub(/^[^:]*: /, ""); sub(/,$/, ""); requested = text($0) }
    /^   "workers":/ { workers = text($2) }
    $0 ~ "^   \"" key "\":" { at = 1; next }
    at && /"median":/ { median = text($2); if (kind == "slowest" && median == "null") at = 0 }
    at && /"low":/ { low = text($2) }
    at && /"high":/ { printf "%s %s %s %s %.9g %s %s\n", workload, requested, workers, kind, median, low == "null" ? low : sprintf("%.9g", low), text($2) == "null" ? "null" : sprintf("%.9g", text($2)); at = 0 }' \
    "$3/analysis.json"
}

# recomputed RUN LEAST: all its points agree, and there are as many.
recomputed() {
  run 0 analyze "$1"
  { said speedup_abs region "$1"; said program_speedup program "$1"; said speedup_slowest slowest "$1"; } | sort >"$1/said"
  awk -f "$here/bench/tests/recompute.awk" "$1/trials.jsonl" | sort >"$1/anew"
  points=$(grep -vc ' serial ' "$1/anew")
  [ "$points" -ge "$2" ] || fail "$1: $2 numbers expected, got $points"
  [ "$(wc -l <"$1/said")" = "$(wc -l <"$1/anew")" ] ||
    fail "$1: as many numbers expected, got $(diff "$1/said" "$1/anew")"
  # The last digit may be another one: records have nine of each time.
  join -j 1 -o 1.2,1.3,1.4,1.5,2.2,2.3,2.4,2.5 \
    "$(keyed "$1/said")" "$(keyed "$1/anew")" | awk -v lines="$(wc -l <"$1/anew")" '
      function apart(a, b) { return a == "null" ? b != "null" : (a - b) ^ 2 > (6e-9 * a) ^ 2 }
      { wrong += apart($1, $5) || apart($2, $6) || apart($3, $7) }
      END { exit wrong || NR != lines }' ||
    fail "$1: the same numbers expected, got $(diff "$1/said" "$1/anew")"
}

# keyed FILE: the same with its first four words as one, sorted by it.
keyed() {
  awk '{ print $1 "|" $2 "|" $3 "|" $4, $5, $6, $7, "." }' "$1" | sort -k 1,1 >"$1.keyed"
  echo "$1.keyed"
}

run 0 sweep --kernels cube,spin/serial=0.25 --size 5000 --rounds 7 --workers 2 \
  --oversubscribe --variants omp:static,pool:dynamic,fork:static --no-probes --out swept
recomputed swept 24
echo 'ok speedups follow from the records, as results/README.md says'

run 0 simulate --machine "$here/results/machines/two-vcpus.json" --rounds 9 \
  --kernels cube,adler32,latency --workers 1,2 --out simulated
recomputed simulated 24
grep -q 'omp:static 2 slowest [0-9.]* [0-9]' simulated/anew || fail "the slowest CPU expected, got $(cat simulated/anew)"
echo 'ok and so do those of a simulated machine'

# Worker counts that share a trial: each record has all that its value is of.
sed 's/"topology": *"[^"]*"/"topology": "core:16 pu:1"/' "$here/results/machines/two-vcpus.json" >sixteen.json
run 0 simulate --machine sixteen.json --rounds 9 --kernels adler32,spin \
  --variants omp:static,omp:dynamic --workers 1,4,16 --no-probes --out shared
grep -q '"workers":4,.*"shared":6,"shared_place":[34],' shared/trials.jsonl ||
  fail 'counts that share trials expected'
recomputed shared 24
echo 'ok and those of worker counts that share trials'
