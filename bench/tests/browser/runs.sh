#!/bin/sh
# Pages of runs with few and many worker counts and workloads, of programs, of a
# machine without gnuplot, and of a hostile run, each looked at by pages.py.
# usage: runs.sh        ($CORESWEEP: the program; needs Chromium and gnuplot)
# shellcheck disable=SC2154 # of fixture.sh
set -eu
. bench/tests/fixture.sh
PYTHONDONTWRITEBYTECODE=1
export PYTHONDONTWRITEBYTECODE

# simulated NAME MACHINE ARGUMENT...: a run with its page, $tmp/NAME
simulated() {
  name=$1 machine=results/machines/$2.json
  shift 2
  run 0 simulate --machine "$machine" --out "$tmp/$name" "$@"
  run 0 analyze "$tmp/$name"
  run 0 report "$tmp/$name"
  grep -qFx "Page    $tmp/$name/report.html" "$tmp/out" ||
    fail "$name: the page is named"
}

# looked FOLDER...: by pages.py
looked() {
  /usr/bin/python3 bench/tests/browser/pages.py "$@" || fail 'pages as they should be'
}

simulated counts-2 two-vcpus --kernels spin/serial=0.05 --rounds 9
spins=$(for f in 1 2 3 4 5 6 7; do printf 'spin/serial=0.0%s ' $f; done)
simulated workloads-12 two-vcpus --quick --kernels \
  "$spins rowcount rangesum rangesum/order=sorted cube/preset=tutorial-5000 latency"
simulated counts-8 two-socket --kernels cube --rounds 9 \
  --workers 1,2,4,8,12,16,24,32 \
  --variants serial,omp:static,omp:dynamic,fork:static,pool:static,pool:dynamic
simulated counts-64 backwards --kernels spin/serial=0.05 --rounds 6 --workers 1..64 \
  --variants serial,omp:static,pool:static
simulated sizes two-vcpus --kernels spin --sizes 1k..64k --rounds 6

printf 'workers,seconds\n' >"$tmp/times.csv"
for seconds in 1.0 1.01 1.02 0.99 1.03 0.98; do
  for workers in 1 2 4; do echo "$workers,$seconds" | awk -F, '{ print $1 "," $2 / $1 ^ 0.8 }'; done
done >>"$tmp/times.csv"
run 0 report --times "$tmp/times.csv" --out "$tmp/programs"

run 0 overheads --quick --rounds 1 --workers 1 --out "$tmp/overheads"
grep -qFx "Page: $tmp/overheads/report.html" "$tmp/out" || fail 'its page is named'

run 0 aa --sweeps 2 --rounds 6 --out "$tmp/aa"
run 0 probe --rounds 1 --workers 1 --out "$tmp/probe"
run 0 breakeven --quick --rounds 6 --budget 5s --kernels cube --variants omp:static --workers 1 --out "$tmp/breakeven"

looked "$tmp/aa" "$tmp/probe" "$tmp/breakeven"
looked "$tmp/counts-2" "$tmp/workloads-12" "$tmp/counts-8" "$tmp/counts-64" \
  "$tmp/sizes" "$tmp/programs" "$tmp/overheads"
looked --spoilt "$tmp/counts-2"

# ---- runs side by side: twenty workloads, and a class of twenty -----------------

# measured NAME SPIN_ITEM SEED CORES ARGUMENT...: a simulated run, $tmp/NAME
measured() {
  name=$1
  sed "s/\"spin_item_s\": 1.2e-6/\"spin_item_s\": $2/; s/\"seed\": 1\$/\"seed\": $3/; s/core:64/core:$4/" \
    results/machines/amdahl.json >"$tmp/machine.json"
  shift 4
  run 0 simulate --machine "$tmp/machine.json" --no-probes --out "$tmp/$name" "$@"
}
many="rowcount rangesum rangesum/order=sorted cube latency $spins"
for f in 11 12 13 14 15 16 17 18; do many="$many spin/serial=0.$f"; done
measured two-a 1.2e-6 1 64 --kernels "$many" --variants omp:static,pool:static --workers 1,2,4 --size 20000 --rounds 9
measured two-b 1.5e-6 2 64 --kernels "$many" --variants omp:static,pool:static --workers 1,2,4 --size 20000 --rounds 9
run 0 compare "$tmp/two-a" "$tmp/two-b" --out "$tmp/two"
run 0 compare "$tmp/two-a" "$tmp/two-a" --out "$tmp/two-same"
runs=
for i in $(seq 20); do
  measured "laptop$i" 1.$((i * 37 % 10))e-6 "$i" $((i % 6 * 2 + 2)) --class 1 --kernels spin,cube,rowcount \
    --variants omp:static --rounds 6
  runs="$runs $tmp/laptop$i"
done
# shellcheck disable=SC2086 # a list of plain names
run 0 compare $runs --own "$tmp/laptop7" --out "$tmp/class"
looked "$tmp/two" "$tmp/two-same" "$tmp/class"
looked --spoilt "$tmp/two"

# What a folder from somebody else may hold, in every text of it.
markup='</title></style></script><script>pwned=1</script><img src=x onerror=pwned=1>&lt;"'
simulated hostile two-vcpus --quick \
  --kernels 'adler32/base="<script>pwned=1</script>\"><b onclick=pwned=1>"'
MARKUP=$markup /usr/bin/python3 - "$tmp/hostile" <<'TEXT'
import json, os, pathlib, sys
markup = os.environ["MARKUP"]
def spoil(value, key=""):
    if isinstance(value, dict):
        return {k: spoil(v, k) for k, v in value.items()}
    if isinstance(value, list):
        return [spoil(v, key) for v in value]
    if isinstance(value, str) and key in ("title", "items", "machine", "build", "label",
                                          "warnings", "busy", "left_out", "sentence",
                                          "cpu_model", "system", "version"):
        return value + markup
    return value
for name in ("analysis.json", "environment.json"):
    file = pathlib.Path(sys.argv[1], name)
    about = spoil(json.loads(file.read_text()))
    if "run" in about:
        about["run"].update(warnings=markup, busy=markup, left_out=markup)
    file.write_text(json.dumps(about))
TEXT
run 0 report "$tmp/hostile"
[ "$(grep -cF '&lt;script&gt;pwned=1' "$tmp/hostile/report.html")" -gt 9 ] ||
  fail 'the hostile text is shown as what it is'
run 0 compare "$tmp/hostile" "$tmp/hostile" --out "$tmp/hostile-two"
[ "$(grep -cF '&lt;script&gt;pwned=1' "$tmp/hostile-two/compare.html")" -gt 3 ] ||
  fail 'hostile text of runs side by side is shown as what it is'
# Without gnuplot, pictures that were there before are nobody's.
cp -r "$tmp/hostile" "$tmp/no-gnuplot"
for picture in "$tmp"/no-gnuplot/charts/*.svg; do
  echo "<svg viewBox=\"0 0 9 9\"><title>t</title><desc></desc>$markup</svg>" >"$picture"
done
PATH=/nowhere run 0 report "$tmp/no-gnuplot"
! grep -q 'role="img" viewBox="0 0 9 9"' "$tmp/no-gnuplot/report.html" ||
  fail 'only what was drawn now is in the page'
looked "$tmp/hostile" "$tmp/hostile-two" "$tmp/no-gnuplot"
