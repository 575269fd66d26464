#!/bin/sh
# Whether the program says the same as one from before schema 3 of the old one's
# records, turned into schema 3: of each machine in its results/machines,
# simulated; of a sweep here; and of the runs named.  Every number that both have
# is compared, to nine digits.  What the two measure is not: sweeps measure in
# blocks now, and programs by themselves (`make precision`).
#
# usage: compare_old_new.sh OLD [RUN...]       (in the project's folder)
#   OLD  the old program, as OLD/build/coresweep in its own folder, where its
#        machines lie too
#   RUN  a run of the old program
# $BUILD says where the program lies.  Exits 1 where anything differs.
set -eu

[ $# -ge 1 ] || { echo 'usage: compare_old_new.sh OLD [RUN...]' >&2; exit 2; }
old=$(realpath "$1")
machines=${old%/build/coresweep}/results/machines
shift
build=${BUILD:-build}
new=$(realpath "$build/coresweep")
old_new=$build/bench/tests/old_new/old_new
[ -d "$machines" ] || { echo "compare_old_new.sh: no folder $machines" >&2; exit 2; }
make -s "$old_new"
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
trap 'exit 130' INT TERM
wrong=0

# Analyses an old run by both programs.  converted TITLE RUN
converted() {
  rm -rf "$folder/converted"
  mkdir "$folder/converted"
  "$old_new" convert "$2" "$folder/converted"
  "$new" analyze "$folder/converted" >/dev/null
  echo "$1"
  "$old_new" compare "$2/analysis.json" "$folder/converted/analysis.json" || wrong=1
}

for machine in "$machines"/*.json; do
  name=$(basename "$machine" .json)
  "$old" simulate --machine "$machine" --rounds 13 --seed 3 \
    --out "$folder/old-$name" >/dev/null
  "$old" analyze "$folder/old-$name" >/dev/null
  converted "$name" "$folder/old-$name"
done

"$old" sweep --quick --out "$folder/here" \
  --kernels 'rangesum rangesum/method=closed-form cube spin/serial=0.25' \
  --variants serial,omp:static,omp:dynamic,pool:static,textbook:static >/dev/null
"$old" analyze "$folder/here" >/dev/null
converted 'measured here' "$folder/here"

for run in "$@"; do
  cp -r "$run" "$folder/run"
  "$old" analyze "$folder/run" >/dev/null
  converted "$run" "$folder/run"
  rm -r "$folder/run"
done
[ $wrong -eq 0 ] && echo 'all of them agree' || echo 'there are differences'
exit $wrong
