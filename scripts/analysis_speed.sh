#!/bin/sh
# What the analysis of a run costs: 10^3 to 10^6 records, their seconds and
# peak memory, and how both grow from one size to the next (10 is linear).
# The records are one real trial's, multiplied; nothing is compared with a
# limit, since machines differ.
#
# usage: analysis_speed.sh CORESWEEP        (in the project's folder)
set -eu

[ $# -eq 1 ] || { echo "usage: analysis_speed.sh CORESWEEP" >&2; exit 2; }
command -v /usr/bin/time >/dev/null ||
  { echo "analysis_speed.sh: GNU time is missing (package time)" >&2; exit 1; }
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
trap 'exit 130' INT TERM

"$1" trial --kernel cube --variant omp:static --workers 2 --oversubscribe \
  --size 2000000 --json >"$folder/record.json"
printf '%10s %8s %8s %8s %8s %13s %13s %13s\n' records seconds 'CPU s' \
  MB 'MB read' 'seconds grew' 'CPU s grew' 'MB grew'
before=
for records in 1000 10000 100000 1000000; do
  awk -v records=$records -f scripts/analysis_records.awk \
    "$folder/record.json" >"$folder/trials.jsonl"
  read_mb=$(wc -c <"$folder/trials.jsonl" | awk '{ printf "%.0f", $1 / 1e6 }')
  # The best of three: others' load only adds.
  best=
  for _ in 1 2 3; do
    now=$(/usr/bin/time -f '%e %M %U %S' "$1" analyze "$folder" 2>&1 >/dev/null)
    best=$(printf '%s\n%s\n' "${best:-$now}" "$now" | sort -g | head -n 1)
  done
  echo "$records $read_mb $best ${before:-0 0 0 0}" | awk '
    function grew(now, before) {
      return before > 0 ? sprintf("%.1f times", now / before) : "-"
    }
    { printf "%10d %8.2f %8.2f %8.0f %8d %13s %13s %13s\n", $1, $3, $5 + $6,
        $4 / 1000, $2, grew($3, $7), grew($5 + $6, $9 + $10), grew($4, $8) }'
  before=$best
done
