#!/bin/sh
# What drawing a speedup chart of 1 to 256 workers takes, beside a plain gnuplot
# picture of as many points: the two in turns, and the median of their ratios.
# Five times as long is too long; nothing fails by it, since machines differ.
#
# usage: charts_speed.sh CORESWEEP [PAIRS]     (in the project's folder)
set -eu

[ $# -eq 1 ] || [ $# -eq 2 ] ||
  { echo "usage: charts_speed.sh CORESWEEP [PAIRS]" >&2; exit 2; }
coresweep=$1
pairs=${2:-15}
command -v gnuplot >/dev/null ||
  { echo "charts_speed.sh: gnuplot is missing" >&2; exit 1; }
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
trap 'exit 130' INT TERM

# draw SCRIPT DATA PICTURE: its milliseconds, on stdout
draw() {
  begin=$(date +%s%N)
  gnuplot -d -c "scripts/$1.gp" "$2" "$3"
  end=$(date +%s%N)
  echo $(((end - begin) / 1000)) | awk '{ printf "%.1f ", $1 / 1000 }'
}

# compare NAME DATA ENDING
compare() {
  for _ in $(seq "$pairs"); do
    draw plain "$2" "$folder/plain.$3"
    draw lines "$2" "$folder/lines.$3"
    echo
  done | awk '{ print $2 / $1, $1, $2 }' | sort -g | awk -v name="$1" \
    -v points="$(grep -c '^point\|^hollow\|^raw' "$2")" -v ending="$3" '
    { ratio[NR] = $1; plain[NR] = $2; lines[NR] = $3 }
    END {
      at = int((NR + 1) / 2)
      printf "%-22s %6d  %s %8.1f %8.1f %9.2f\n", name, points, ending, \
        plain[at], lines[at], ratio[at]
    }'
}

printf '%-22s %6s %4s %8s %8s %9s\n' 'speedups of a program' points '' \
  'plain ms' 'ours ms' 'times'
for workers in 1..8,16,32,64,128,256 1..256; do
  run=$folder/run
  rm -rf "$run"
  "$coresweep" simulate --machine results/machines/backwards.json \
    --kernels spin --workers "$workers" --no-answer --out "$run" >/dev/null
  "$coresweep" analyze "$run" >/dev/null
  "$coresweep" report "$run" >/dev/null
  for ending in svg png; do
    compare "$workers" "$run/charts/spin-program.tsv" $ending
  done
done
