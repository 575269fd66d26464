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
printf '%10s %10s %8s %8s %14s %14s\n' \
  records seconds MB 'MB read' 'time grew by' 'memory grew by'
before=
for records in 1000 10000 100000 1000000; do
  awk -v records=$records -f scripts/analysis_records.awk \
    "$folder/record.json" >"$folder/trials.jsonl"
  read_mb=$(wc -c <"$folder/trials.jsonl" | awk '{ printf "%.0f", $1 / 1e6 }')
  # The best of three: others' load only adds.
  best=
  for _ in 1 2 3; do
    now=$(/usr/bin/time -f '%e %M' "$1" analyze "$folder" 2>&1 >/dev/null)
    best=$(printf '%s\n%s\n' "${best:-$now}" "$now" | sort -g | head -n 1)
  done
  echo "$records $best $read_mb ${before:-- -}" | awk '{
    printf "%10d %10.2f %8.0f %8d %14s %14s\n", $1, $2, $3 / 1000, $4,
      ($5 > 0 ? sprintf("%.1f", $2 / $5) : "-"),
      ($6 > 0 ? sprintf("%.1f", $3 / $6) : "-") }'
  before=$best
done
