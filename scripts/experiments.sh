#!/bin/sh
# Runs the README's eight experiments one after the other, as they are written
# there, and says how long each took.
# usage: experiments.sh [OUT]     (folder for the runs; a temporary one if none)
set -eu

out=${1:-}
if [ -z "$out" ]; then
  out=$(mktemp -d)
  trap 'rm -rf "$out"' EXIT
fi
program=${BUILD:-build}/coresweep
# shellcheck disable=SC2016 # Markdown's own quotes
sed -n '/^## Eight experiments/,/^## By hand/s/^| \([0-9]\)\. .*| `s \(.*\)` |$/\1 \2/p' \
  README.md | while read -r number arguments; do
  begin=$(date +%s)
  echo "== $number: $arguments"
  # shellcheck disable=SC2086 # several arguments
  "$program" sweep --quick --report --out "$out/$number" $arguments </dev/null
  echo "== $number took $(($(date +%s) - begin)) s"
done
