#!/bin/sh
# Times a run's commands once more with hyperfine, as an independent check of
# the sweep's own wall times: serial, omp:static and pool:static, five runs
# each, at the most workers that do not share CPUs, and of several sizes the
# last, which is the largest.
# usage: hyperfine.sh DIR     (reads DIR/commands.tsv, writes DIR/hyperfine.json)
set -eu

if [ $# -ne 1 ] || [ ! -r "$1/commands.tsv" ]; then
  echo "usage: hyperfine.sh DIR, where DIR holds commands.tsv" >&2
  exit 2
fi
folder=$1
list=$(mktemp)
trap 'rm -f "$list" "$folder/hyperfine.json.new"' EXIT

# As the sweep ran them: waiting threads sleep.
OMP_WAIT_POLICY=${OMP_WAIT_POLICY:-passive}
export OMP_WAIT_POLICY

awk -F '\t' '
  $2 != "serial" && $2 != "omp:static" && $2 != "pool:static" { next }
  $4 ~ / --oversubscribe / { next }
  { key = $1 "|" $2
    if (!(key in most)) order[++n] = key
    if ($3 + 0 >= most[key] + 0) { most[key] = $3; command[key] = $4 } }
  END { for (i = 1; i <= n; i++)
          printf "%s|%s\t%s\n", order[i], most[order[i]], command[order[i]] }
' "$folder/commands.tsv" >"$list"

set --
tab=$(printf '\t')
while IFS=$tab read -r name command; do
  set -- "$@" --command-name "$name" "$command"
done <"$list"
if [ $# -eq 0 ]; then
  exit 0
fi
hyperfine -N --runs 5 --style none --export-json "$folder/hyperfine.json.new" "$@" \
  >/dev/null 2>"$list" || { cat "$list" >&2; exit 1; }
mv "$folder/hyperfine.json.new" "$folder/hyperfine.json"
